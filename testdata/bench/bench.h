/* What the kinds of benchmark input share. */
#ifndef TESTDATA_BENCH_BENCH_H
#define TESTDATA_BENCH_BENCH_H

#include "testdata/text/text.h"

/* One MIME message with LF line ends, number and size by the seed. */
void mail_message(struct random *random, uint64_t number, struct text *out);
/* The same with a From_ line before it, quoted as mboxrd, a blank line after.
 */
void mail_mbox_record(struct random *random, uint64_t number, struct text *out);

/*
 * One record of the unified audit log as JSON, without a line end.  Every tenth
 * is a copy of a recent one, as exports have them.
 */
struct audit {
	struct random random;
	uint64_t number;
	uint64_t seconds; /* of the record in hand, since 1970 */
	struct text recent[64];
};

void audit_record(struct audit *audit, struct text *out);
/* A row of the Purview portal's CSV; audit_csv_header() comes first. */
void audit_csv_header(struct text *out);
void audit_csv_row(struct audit *audit, struct text *out);
void audit_free(struct audit *audit);

#endif
