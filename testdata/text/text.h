/*
 * Made-up mail: words, people and letters from a seed, the same everywhere.
 * Used by the generators of stores, mail folders and mailboxes.
 */
#ifndef TESTDATA_TEXT_H
#define TESTDATA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

uint64_t random_next(struct random *random);
/* 0 to n - 1. */
unsigned random_below(struct random *random, unsigned n);
/* True once in n. */
bool random_one_in(struct random *random, unsigned n);
/* Between low and high, small ones far more often (log-uniform). */
uint64_t random_size(struct random *random, uint64_t low, uint64_t high);

struct text {
	char *p; /* NUL after n bytes, once anything was added */
	size_t n, room;
};

void text_reset(struct text *text);
void text_free(struct text *text);
void text_add(struct text *text, const void *p, size_t n);
void text_put(struct text *text, const char *s);
void text_format(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum language { ENGLISH, GERMAN, FRENCH, SPANISH, POLISH, LANGUAGES };

/* Mostly English. */
enum language random_language(struct random *random);

struct correspondent {
	const char *first, *last; /* ASCII */
	const char *domain, *company, *title;
	unsigned number; /* of this person among all */
};

/* The same number is the same person. */
struct correspondent correspondent(unsigned number);
/* first.last@domain. */
void correspondent_address(
    const struct correspondent *person, struct text *out);

void sentence(struct random *random, enum language language, struct text *out);
void paragraph(struct random *random, enum language language, unsigned width,
    struct text *out);
void subject_line(
    struct random *random, enum language language, struct text *out);

/* Message-ID of the nth made-up message, in every format the same. */
void letter_message_id(uint64_t number, struct text *out);
/* A GUID that belongs to a kind of thing and a number. */
void made_up_guid(uint64_t kind, uint64_t number, struct text *out);

/* What a letter may say of a person, with valid check digits; one line. */
void personal_line(struct random *random, struct text *out);
/* A staff or customer table in CSV. */
void personal_table(struct random *random, unsigned rows, struct text *out);

struct letter {
	enum language language;
	struct correspondent from, to;
	unsigned paragraphs;
	bool personal;	 /* has a personal line */
	unsigned quoted; /* paragraphs of an earlier letter below */
};

/* Shape by the seed: mostly short, one in 40 with personal data. */
struct letter letter_shape(struct random *random);
void letter_text(
    struct random *random, const struct letter *letter, struct text *out);
/* The text as HTML with the usual furniture. */
void letter_html(const char *text, struct text *out);

#endif
