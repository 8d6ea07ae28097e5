/* Logs of a record a line: units of whole lines, 64 lines an item. */
#ifndef PARSERS_AUDIT_LINE_LOG_H
#define PARSERS_AUDIT_LINE_LOG_H

#include "parsers/audit/ual.h"

/* Is this line of the kind whose last place each unit must know (#Fields:)?
 * NULL: there is none. */
typedef bool line_log_is_head(struct bytes line);

enum outcome line_log_plan(const struct input *input, struct sink *sink,
    line_log_is_head *is_head);

struct line_log {
	struct ual *ual;
	struct sink *sink;
	struct arena arena; /* one line */
	struct bytes head;  /* the last head line before the unit; absent */
	void *context;
	bool is_utf16;
};

/* One line without its break; how many events it said. */
typedef unsigned line_log_say(struct line_log *log, struct bytes line,
    const struct ual_place *place);

enum outcome line_log_run(const struct input *input, struct bytes spec,
    struct sink *sink, line_log_say *say, void *context);

#endif
