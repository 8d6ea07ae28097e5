/* Logs whose columns a #Fields line names, which may come again with other
 * columns: IIS (W3C, blanks between), Exchange (CSV).  CosmosQueue holds
 * unified audit records in its column Data (container L). */
#ifndef PARSERS_AUDIT_FIELDS_LOG_H
#define PARSERS_AUDIT_FIELDS_LOG_H

#include "parsers/parser.h"

unsigned fields_log_probe(struct bytes head, const char *format);
enum outcome fields_log_plan(const struct input *input, struct sink *sink);
enum outcome fields_log_run(const struct input *input, struct bytes spec,
    struct sink *sink);

#endif
