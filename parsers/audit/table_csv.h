/* Audit tables in CSV that hold no AuditData: the columns say which form
 * their rows have.  One plan and one run for all of them. */
#ifndef PARSERS_AUDIT_TABLE_CSV_H
#define PARSERS_AUDIT_TABLE_CSV_H

#include "parsers/parser.h"

unsigned table_csv_probe(struct bytes head, const char *format);
enum outcome table_csv_plan(const struct input *input, struct sink *sink);
enum outcome table_csv_run(const struct input *input, struct bytes spec,
    struct sink *sink);

#endif
