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
	struct bytes folder_id;    /* of mail that names no folder; or absent */
	struct bytes folder_path;  /* of a folder without one (mbox) */
	struct arena scratch;  /* of one record */
	bool planning;         /* units are kept, not said */
	struct buffer specs;   /* of units: length-prefixed */
	size_t units;
	bool lost;             /* a problem said that something is lost */
};

void member_sink_init(struct member_sink *sink, struct sink *outer,
    struct bytes prefix);
void member_sink_release(struct member_sink *sink);

/* The next spec from *at; false at the end. */
bool member_sink_spec(const struct member_sink *sink, size_t *at,
    struct bytes *spec);

#endif
