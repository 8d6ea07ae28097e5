/*
 * The case written out: CASE/reports/{index.html, *.html, csv/, jsonl/} and
 * CASE/manifest.sha256, from the case alone.  Everything appears by rename:
 * the folder `reports` is made beside the old one and takes its place whole.
 */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include <stdio.h>

#include "forensics/case/case.h"
#include "reports/draft.h"

struct mask;
struct language;

struct report_options {
	bool unmask;
	struct mask *mask;
	struct draft draft;
	struct bytes zone;        /* times beside UTC: its name; may be absent */
	struct language *words;      /* the report's language */
	const char *folder;       /* where the tables go: a new folder */
	uint8_t value_key[32];    /* K of contract 7, value_hash */
};

/* `exchange`: formats of exchange/exchange.h, or NULL.  0, or 2 when the incident file asks for a language that is not there. */
int report_write(struct case_file *file, bool unmask,
    const char *value_key_file, const char *exchange);

/* The chain of reasons for M-, E-, F-, P-, X-, S- and recorded session ids,
 * on `out`.  False with a message on stderr when the case has no such id. */
bool explain_print(struct case_file *file, struct bytes id, FILE *out);

/* The few numbers `analyze` ends with. */
void headline_print(struct case_file *file, FILE *out);

#endif
