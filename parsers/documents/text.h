/*
 * Text of documents, as flow text and table rows for the sink.  Each takes
 * decoded UTF-8 and says where in it every piece stands.
 */
#ifndef PARSERS_DOCUMENTS_TEXT_H
#define PARSERS_DOCUMENTS_TEXT_H

#include "parsers/parser.h"

struct text_target {
	struct sink *sink;
	int64_t idx;       /* message within the item */
	struct bytes part; /* contract 7 */
};

/* As it stands. */
void plain_text_say(const struct text_target *target, struct bytes text);

/* RFC 3676: soft line breaks joined, with a map back. */
void flowed_text_say(const struct text_target *target, struct arena *arena,
    struct bytes text, bool delsp);

/* Inline elements join, blocks, cells and <br> separate; tables are rows
 * `PART/table=N`; comments, script, style and display:none are hidden flows. */
void html_text_say(const struct text_target *target, struct arena *arena,
    struct bytes html);

/* Rows of the part, `PART/row=17/col=2` in findings. */
void csv_text_say(const struct text_target *target, struct arena *arena,
    struct bytes text);

/* Is it likely a table: two rows or more that split alike? */
bool csv_text_fits(struct bytes text);

#endif
