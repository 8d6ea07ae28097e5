/* Audit records in JSON files of any layout: the plan and the run that all
 * JSON formats here share; which form a record has is seen record by
 * record, so that mixed files are read whole. */
#ifndef PARSERS_AUDIT_JSON_LOG_H
#define PARSERS_AUDIT_JSON_LOG_H

#include "parsers/parser.h"

/* The bid for the format of that name; "ual" is the unified log. */
unsigned json_log_probe(struct bytes head, const char *format);
enum outcome json_log_plan(const struct input *input, struct sink *sink);
enum outcome json_log_run(const struct input *input, struct bytes spec,
    struct sink *sink);

#endif
