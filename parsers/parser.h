/*
 * The contract between a format and the worker that runs it.
 *
 * A parser is one const struct: probe + plan + run, listed in registry.c.
 * It reads an input, says records to a sink, and knows nothing of files,
 * the network, the case or other formats' internals.
 *
 * Item protocol.  A run goes through the items of its unit in a fixed order
 * that depends on the evidence alone.  For each:
 *
 *	if (sink_item_begin(sink, locator)) {
 *		... sink_record(...), sink_text(...), sink_row(...)
 *		sink_item_end(sink);
 *	}
 *
 * begin returns false for items done in an earlier life of the worker or
 * lost by it: skip them at the least cost.  Whatever happens between begin
 * and end (crash, hang, memory) costs this item alone.  Audit parsers may
 * open one item for a block of records (sink_item_begin per 64 lines, say);
 * then a crash costs the block and sink_item_size() tells how many.
 */
#ifndef PARSERS_PARSER_H
#define PARSERS_PARSER_H

#include "parsers/base/arena.h"
#include "parsers/record.h"

/* Evidence: a read-only descriptor, pread only, or memory, or a stream. */
struct input {
	int fd;              /* -1: memory */
	struct bytes memory;
	uint64_t size;
	struct bytes name;   /* last path component, for messages only */
	/* When set, bytes come from here: cheap in ascending order, dear on a
	 * step back (a member of an archive is unpacked again). */
	int64_t (*read)(const struct input *, uint64_t offset, void *p,
	    size_t n);
	void *stream;
	unsigned depth;      /* archives around it */
	/* A file without a name, to write to from that place on; 0: none. */
	int scratch;
	uint64_t scratch_at;
	/* In a zip: the bytes of another member by its path there, in the arena;
	 * absent with *why.  NULL: elsewhere. */
	struct bytes (*beside)(const struct input *, struct arena *,
	    struct bytes path, const char **why);
	void *archive;
};

/* Up to n bytes at offset; less only at the end of file. -1: I/O error. */
int64_t input_read(const struct input *input, uint64_t offset, void *p,
    size_t n);

/* Exactly [from, to) into the arena, or absent on error or past the end. */
struct bytes input_slice(const struct input *input, struct arena *arena,
    uint64_t from, uint64_t to);

struct sink;

/* One cell of a table row (HTML, CSV, later sheets). */
struct text_cell {
	struct bytes text;
	struct bytes column; /* letter or number for the locator, "B" or "2" */
};

/*
 * What a sink does.  Workers send frames and scan text; tests collect.
 * Flow text is a run of paragraphs separated by blank lines ("\n\n"); lines
 * inside a paragraph are kept.  `map` gives for ascending text offsets the
 * offset in the part's decoded text; NULL: they are the same.
 */
struct text_map {
	size_t text, part;
};

struct text_flow {
	int64_t idx;           /* message within the item */
	struct bytes part;     /* contract 7: "1", "2.1", "headers/Subject" */
	struct bytes text;     /* UTF-8 */
	const struct text_map *map;
	size_t map_count;
	bool hidden;
	bool body;             /* set by sink_text: the message's own text */
	/* Set by sink_text, from sink_half: which multipart/alternative this
	 * is half of, and which half.  What both say is one finding. */
	struct bytes alternative;
	unsigned half;
};

struct text_row {
	int64_t idx;
	struct bytes part;     /* of the table: "2/table=1", "2" for CSV */
	unsigned table, row;   /* from 1 */
	const struct text_cell *cells;
	size_t count;
	bool header;           /* known to be one (th); else row 1 decides */
	bool hidden, body;
	struct bytes alternative; /* as of a flow */
	unsigned half;
};

struct sink_ops {
	bool (*item_begin)(struct sink *, struct bytes locator);
	void (*item_size)(struct sink *, uint64_t records);
	void (*item_end)(struct sink *);
	void (*record)(struct sink *, enum record_kind, const void *record);
	void (*text)(struct sink *, const struct text_flow *);
	void (*row)(struct sink *, const struct text_row *);
	/* May be NULL: of no interest. */
	void (*headers)(struct sink *, int64_t idx, struct bytes text);
};

struct sink {
	const struct sink_ops *ops;
	struct arena item;  /* reset at each item's begin; parsers may use it */
	struct bytes alternative; /* sink_half */
	unsigned half;
	bool body;                /* sink_body */
	bool contents;            /* RECORD_CONTENTs are wanted */
};

bool sink_item_begin(struct sink *sink, struct bytes locator);
/* How many records the item in hand stands for, when not one. */
void sink_item_size(struct sink *sink, uint64_t records);
void sink_item_end(struct sink *sink);
void sink_record(struct sink *sink, enum record_kind kind, const void *record);
void sink_text(struct sink *sink, const struct text_flow *flow);
/* What is said from now on is half `half` of the multipart/alternative of
 * that number; absent: of none.  It must live until it is changed. */
void sink_half(struct sink *sink, struct bytes alternative, unsigned half);
void sink_row(struct sink *sink, const struct text_row *row);
/* What is said from now on is the message's own text, or again what hangs on
 * it.  Returns what held before. */
bool sink_body(struct sink *sink, bool body);
/* The message's header block as it was written, UTF-8; for readers alone, it
 * is not scanned. */
void sink_headers(struct sink *sink, int64_t idx, struct bytes text);

/* RECORD_CONTENTs of all the bytes, when somebody wants them. */
void sink_content(struct sink *sink, int64_t idx, const char *role,
    struct bytes part, struct bytes content);

/* A problem row; detail is printf text, "what, where, section of the spec". */
void sink_problem(struct sink *sink, struct bytes locator,
    enum problem_kind kind, enum outcome severity, int64_t items_lost,
    const char *format, ...) __attribute__((format(printf, 6, 7)));

struct parser {
	const char *name;  /* sources.csv: kind, e.g. pst, mbox, ual_csv */
	const char *title; /* for inspect: "Outlook store (PST)" */
	bool audit;        /* holds events, else messages */
	bool no_mail;      /* nor messages: a picture, a list of files */

	/* Bits of certainty that `head` (first 64 KiB at most) begins this
	 * format; 0 = not mine.  Two equal highest bids refuse the file. */
	unsigned (*probe)(struct bytes head, uint64_t size);

	/* Say RECORD_SOURCE_INFO, RECORD_FOLDERs and the RECORD_UNITs to the
	 * sink (and source problems).  NULL: one unit, the whole input. */
	enum outcome (*plan)(const struct input *input, struct sink *sink);

	/* Read one unit.  SOURCE_LOST: the rest of the unit is lost. */
	enum outcome (*run)(const struct input *input, struct bytes spec,
	    struct sink *sink);
};

/* NULL-terminated, in registry.c. */
extern const struct parser *const parsers[];

const struct parser *parser_named(struct bytes name);

/* The highest bidder; NULL with *tie set when two bid alike, NULL without
 * when nobody knows it. */
const struct parser *parser_for(struct bytes head, uint64_t size, bool *tie);

#endif
