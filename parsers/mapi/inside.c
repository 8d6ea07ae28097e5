#include "parsers/mapi/inside.h"

#include "parsers/base/limits.h"
#include "parsers/mapi/mapi_private.h"
#include "parsers/mapi/msg.h"
#include "parsers/mapi/tnef.h"

bool
mapi_inside_say(struct message_run *run, int64_t idx, struct bytes part,
    struct bytes locator, struct bytes content, int64_t *embedded_idx)
{
	struct mapi_run inner = { .mail = run };
	struct mapi_message *message;
	bool tnef = tnef_is(content), opened;

	*embedded_idx = RECORD_NONE;
	if (!tnef && !msg_is(content))
		return false;
	if (run->depth >= LIMIT_PST_DEPTH) {
		sink_problem(run->sink, locator, PROBLEM_LIMIT_DEPTH,
		    OUTCOME_ITEM_LOST, 1, "messages nest deeper than %d",
		    LIMIT_PST_DEPTH);
		return false;
	}
	message = arena_alloc(run->arena, sizeof *message);
	message->locator = locator;
	message->state = BYTES_LIT("embedded");
	run->depth++;
	opened = tnef ? tnef_open(run->sink, run->arena, content, message)
		      : msg_open(run->sink, run->arena, content, message);
	if (opened && tnef) {
		inner.prefix = arena_printf(run->arena, "%.*s/", (int)part.n,
		    (const char *)part.p);
		mapi_parts_of(&inner, message, idx);
	} else if (opened)
		*embedded_idx = mapi_say(&inner, mapi_load(&inner, message),
		    idx);
	run->depth--;
	return opened;
}
