/* A sink that says everything one place further out: locators of a member
 * become locators below its archive. */
#ifndef PARSERS_CONTAINERS_MEMBER_SINK_H
#define PARSERS_CONTAINERS_MEMBER_SINK_H

#include "parsers/base/buffer.h"
#include "parsers/parser.h"

struct member_sink {
	struct sink sink;      /* hand this to the member's parser */
	struct sink *outer;
	struct bytes prefix;   /* "member=mail/a.eml" */
	struct bytes path;     /* in the archive; empty: all there is in it */
	struct bytes kind;     /* of mail: its parser; absent: no mail itself */
	struct arena scratch;  /* of one record */
	struct buffer specs;   /* of units: length-prefixed */
	size_t units;
};

void member_sink_init(struct member_sink *sink, struct sink *outer,
    struct bytes prefix);
/* Say that it holds mail, read by the parser of that name. */
void member_sink_is_mail(struct member_sink *sink, const char *kind);
void member_sink_release(struct member_sink *sink);

/* The next spec from *at; false at the end. */
bool member_sink_spec(const struct member_sink *sink, size_t *at,
    struct bytes *spec);

#endif
