/*
 * The detectors' tables, compiled once per process: shapes, keywords, signal
 * words, sample values, and one hyperscan database of every word.
 */
#ifndef FORENSICS_EXPOSURE_RULES_H
#define FORENSICS_EXPOSURE_RULES_H

#include "forensics/exposure/validators.h"
#include "parsers/base/arena.h"

enum {
	DETECTORS_MOST = 96,
	SETS_MOST = 128, /* detectors, then signals */
	SHAPE_MOST = 42, /* characters of the longest shape */
};

enum strength {
	STRENGTH_NONE,
	STRENGTH_WRITTEN,
	STRENGTH_WEAK,
	STRENGTH_STRONG
};

enum method {
	METHOD_SHAPE,
	METHOD_IBAN,
	METHOD_WORD,
	METHOD_MRZ,
	METHOD_DOB,
	METHOD_TERM,
	METHOD_CRYPTO,
	METHOD_EMAIL,
	METHOD_PHONE,
	METHOD_ADDRESS,
	METHOD_SECRET,
	METHODS
};

struct detector {
	struct bytes name, element;
	enum method method;
	enum strength strength;
	bool bind;
	bool contact; /* e-mail, phone, address: for linking */
	validator *validate;
	unsigned index;
};

/* Sets of detectors and signals. */
struct sets {
	uint64_t word[SETS_MOST / 64];
};

static inline bool
sets_has(const struct sets *s, unsigned i)
{
	return s->word[i / 64] >> (i % 64) & 1;
}

static inline void
sets_add(struct sets *s, unsigned i)
{
	s->word[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline void
sets_join(struct sets *s, const struct sets *more)
{
	for (unsigned i = 0; i < SETS_MOST / 64; i++)
		s->word[i] |= more->word[i];
}

static inline bool
sets_meet(const struct sets *a, const struct sets *b)
{
	uint64_t any = 0;

	for (unsigned i = 0; i < SETS_MOST / 64; i++)
		any |= a->word[i] & b->word[i];
	return any != 0;
}

/* Signal words (tables/signal_words.csv), in the order of signal_names. */
enum signal {
	SIGNAL_NEGATIVE = DETECTORS_MOST,
	SIGNAL_BANK,
	SIGNAL_CARD_CODE,
	SIGNAL_CLOSING,
	SIGNAL_NAME,
	SIGNAL_FIRST,
	SIGNAL_LAST,
	SIGNAL_MIDDLE,
	SIGNAL_STREET,
	SIGNAL_CITY,
	SIGNAL_STATE,
	SIGNAL_ZIP,
	SIGNAL_COUNTRY,
	SIGNAL_PASSWORD,
	SIGNAL_PIN,
	SIGNAL_ACCOUNT, /* labels of an account's name */
	SIGNAL_ARCHIVE,
	SIGNAL_KEY,    /* "api key" */
	SIGNAL_SEED,   /* "recovery phrase" */
	SIGNAL_SYSTEM, /* "VPN", "Salesforce" */
	SIGNAL_SYSTEM_LABEL, /* "server:", "payroll portal" */
	SIGNAL_TERM,   /* tables/medical_terms.csv */
	SIGNAL_MRZ,    /* "P<" */
	SIGNAL_SECRET, /* triggers of secrets.csv */
	SIGNAL_END,
};

struct word {		   /* one text that hyperscan looks for */
	struct bytes text; /* as in the table, folded to lower case */
	struct sets sets;
	bool brief;		   /* up to four letters: capitals or a label */
	bool open_start, open_end; /* no word boundary: "ss#", CJK, prefixes */
	bool exact;		   /* letters as written: prefixes of secrets */
	uint16_t secret, secrets;  /* rows of secrets.csv it stands for */
};

/* What hyperscan is given: a plain run of a word, which several words may
 * share, or a brief word with what makes it count ("SIN", "sin:"). */
struct fragment {
	struct bytes text;
	uint16_t word;
	uint16_t end; /* of the fragment, from the word's begin */
	bool exact;   /* letters as written */
	bool whole;   /* holds the word: nothing else to compare */
};

struct fragments {
	struct fragment *list; /* equal texts together */
	size_t count;
	struct hs_database *database; /* of texts, by index of their first */
};

struct shape_entry {
	uint64_t hash;
	struct sets free, keyed;
};

/* Texts by hash: open addressing, a quarter full. */
struct text_set {
	struct bytes *slots;
	size_t room; /* power of two */
};

struct rules {
	struct arena arena;
	struct detector detectors[DETECTORS_MOST];
	size_t detector_count;
	struct sets methods[METHODS]; /* detectors by method */

	struct word *words;
	size_t word_count, word_room;

	struct shape_entry *shapes; /* open addressing, power of two */
	size_t shape_room, shape_count;

	struct text_set samples, given_names, not_names;

	struct bytes *seeds; /* BIP 39, in order */
	size_t seed_count;

	struct secret_rule *secrets;
	size_t secret_count;

	struct fragments running; /* for text */
	struct fragments labels;  /* for headers: brief words in any case */
};

/* The tables in force; a broken --rules file ends the process with words. */
const struct rules *rules_load(void);

const struct detector *rules_detector(
    const struct rules *rules, const char *name);

/* FNV-1a, one byte a step: signatures are hashed as they grow. */
#define SHAPE_HASH_BEGIN UINT64_C(14695981039346656037)
static inline uint64_t
shape_hash(uint64_t hash, uint8_t c)
{
	return (hash ^ c) * UINT64_C(1099511628211);
}

const struct shape_entry *rules_shape(const struct rules *rules, uint64_t hash);
bool rules_is_sample(const struct rules *rules, struct bytes compact);
/* Folded to lower case, without accents. */
bool rules_is_given_name(const struct rules *rules, struct bytes word);
bool rules_is_not_name(const struct rules *rules, struct bytes word);

/* words.c: a word of a set; the same text twice is one word of both. */
struct word *keyword_add(struct rules *rules, struct bytes text, unsigned set);
/* Letters as written, no word boundaries: a secret's prefix. */
struct word *keyword_add_exact(
    struct rules *rules, struct bytes text, unsigned set);
void keywords_compile(struct rules *rules);

/* secrets.c */
void secrets_load(struct rules *rules);

/* shapes.c: expand the table's `shapes` into entries. */
void shapes_add(
    struct rules *rules, struct bytes list, unsigned detector, bool keyed);

#endif
