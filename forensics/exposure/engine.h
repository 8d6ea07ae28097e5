/*
 * The steps of a scan, each a file: words.c and tokens.c locate, level.c
 * judges, overlap.c chooses, link.c says whose it is, scan.c reports.
 *
 * A block is a piece of text that is scanned at once: a flow, or many table
 * rows with "\n\n" between their cells, so that a cell is a paragraph.
 */
#ifndef FORENSICS_EXPOSURE_ENGINE_H
#define FORENSICS_EXPOSURE_ENGINE_H

#include "forensics/exposure/normal.h"
#include "forensics/exposure/words.h"
#include "parsers/parser.h"

enum level { LEVEL_NONE, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH };

struct candidate {
	const struct detector *detector; /* NULL: a secret, by `kind` */
	struct bytes element;
	size_t from, to;      /* in the block's text */
	size_t cell;	      /* rows: index, else 0 */
	size_t distance;      /* to the nearest keyword */
	size_t before, after; /* the same on each side, else SIZE_MAX */
	bool keyed;	      /* nothing without a keyword */
	bool keyword;	      /* one stands near */
	bool negative;	      /* a negative word stands nearer */
	bool sample;	      /* published */
	bool joined;	      /* follows one of its kind: "1, 2 and 3" */
	bool generic;	      /* a secret of no family */
	bool dropped;
	enum level level;
	struct bytes written;	 /* where it is not the text at its place */
	struct bytes normalized; /* and all below: in the item's arena */
	struct bytes class, kind, masked, account, system, expires;
	struct bytes group, name;
	const char *link;
	size_t limit; /* secrets: bytes kept when masked */
};

struct candidates {
	struct candidate *list;
	size_t count, room;
};

struct cell {		     /* of a block of rows */
	size_t from, to;     /* in the block's text */
	unsigned row;	     /* index in the block */
	struct bytes column; /* as the sink names it */
	struct bytes person; /* whose column it is */
	struct sets sets;    /* said by its header and its row's label */
};

struct row {
	size_t first, count; /* cells */
	unsigned table, number;
	struct bytes part;    /* of the table */
	struct bytes name;    /* the person of the row, when it says */
	unsigned block;	      /* or of the row that named it, else 0 */
	struct bytes address; /* joined from its columns */
	size_t address_cell;
	bool hidden;
};

struct block {
	int64_t idx;
	struct bytes part;
	struct bytes alternative; /* struct text_flow */
	unsigned half;
	struct bytes original; /* as the sink gave it */
	const struct text_map *map;
	size_t map_count;
	bool hidden;
	struct normal normal;
	struct bytes text; /* normal.text */

	struct row *rows; /* count 0: running text */
	size_t row_count, row_room;
	struct cell *cells;
	size_t cell_count, cell_room;
};

struct engine {
	const struct rules *rules;
	struct words_scanner *words;
	struct arena *arena; /* of what is found in the block in hand */
	struct candidates found;
	const struct word_hits *hits;
	struct sets wanted; /* detectors that a keyword or header names */
	unsigned year;	    /* now: a birth date is not after it */
	const struct detector *card, *iban, *dob, *email, *phone, *address,
	    *bank_account, *aba, *mrz, *crypto, *swift, *term;
};

/* A new candidate, cleared; the pointer is valid until the next. */
struct candidate *candidate_add(struct engine *engine,
    const struct detector *detector, size_t from, size_t to);

/* Locating; each adds candidates. */
void tokens_find(struct engine *engine, struct block *block);
void emails_find(struct engine *engine, struct block *block);
void phones_find(struct engine *engine, struct block *block);
void dates_find(struct engine *engine, struct block *block);
void addresses_find(struct engine *engine, struct block *block);
void secrets_find(struct engine *engine, struct block *block);
void passwords_find(struct engine *engine, struct block *block);
/* seeds.c */
void seeds_find(struct engine *engine, struct block *block);
void words_values_find(struct engine *engine, struct block *block);

/* address.c: a shape that ends an address; looks for its beginning. */
void address_try(
    struct engine *engine, struct bytes text, size_t from, size_t to);

/* names.c.  A name is a range of a text. */
struct span {
	size_t from, to;
};
/* The last name of a person that ends in [low, high), salutations aside. */
bool name_before(const struct engine *engine, struct bytes text, size_t low,
    size_t high, struct span *name);
/* The whole text is one, as cells and values of labels are; "Last, First"
 * too. */
bool name_is_whole(const struct engine *engine, struct bytes text);

/* rows.c: addresses that stand in several columns; whose a row's are. */
void rows_addresses(struct engine *engine, struct block *block);
void rows_link(struct engine *engine, struct block *block);

/* Keywords, negative words, levels; candidates sorted by place. */
void levels_set(struct engine *engine, struct block *block);
void overlaps_drop(struct engine *engine, struct block *block);
void links_set(struct engine *engine, struct block *block);

bool is_ascii(struct bytes text);
/* Lower case, without accents. */
struct bytes fold_plain(struct arena *arena, struct bytes text);
/* A list of words, "a b c"; hashed when first asked. */
enum { WORD_LIST_SLOTS = 512, WORD_LIST_LONGEST = 24 };
struct word_list {
	const char *words;
	bool ready;
	uint16_t slots[WORD_LIST_SLOTS];
};
/* In any case. */
bool is_listed_word(struct bytes word, struct word_list *list);

/* Letters and digits of a value, upper case. */
struct bytes value_compact(struct arena *arena, struct bytes value);
/* For value_hash and merging, by detector. */
struct bytes value_normalize(
    struct engine *engine, const struct candidate *c, struct bytes written);
/* Contract 7, Masking. */
struct bytes value_mask(
    struct arena *arena, const struct candidate *c, struct bytes written);

/* [from, to) of the paragraph around `at`: blank lines bound it. */
struct bytes paragraph_around(struct bytes text, size_t at, size_t *from);

/* Byte classes. */
static inline bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool
is_alpha(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

static inline bool
is_alnum(uint8_t c)
{
	return is_digit(c) || is_alpha(c);
}

static inline bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* A date written in `text`; *used is its length.  Month names of several
 * languages; day or month first as the numbers allow, else as the separator
 * says ('/' month, '.' and '-' day). */
struct date {
	unsigned year, month, day;
};
bool date_read(struct bytes text, struct date *date, size_t *used);

#endif
