/* What an unreadable record still tells, by scanning for its keys. */
#include "parsers/audit/ual.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

/* The string after "key":" (quotes doubled or escaped as the case may be),
 * or after key=" in XML. */
static struct bytes
value_of(struct bytes text, const char *key)
{
	struct bytes rest = text;
	size_t at;

	while ((at = bytes_find(rest, bytes_cstr(key))) != SIZE_MAX) {
		size_t i = at + strlen(key), from;

		bool attribute = i < rest.n && rest.p[i] == '=' && at > 0 &&
				 rest.p[at - 1] == ' ';

		while (i < rest.n && (rest.p[i] == '"' || rest.p[i] == ':' ||
		                         rest.p[i] == '=' ||
		                         rest.p[i] == '\\' ||
		                         rest.p[i] == ' '))
			i++;
		from = i;
		while (i < rest.n && rest.p[i] != '"' && rest.p[i] != '\\' &&
		       rest.p[i] != ',')
			i++;
		if (i > from && at > 0 &&
		    (rest.p[at - 1] == '"' || attribute))
			return bytes_slice(rest, from, i);
		rest = bytes_skip(rest, at + 1);
	}
	return BYTES_NONE;
}

void
ual_salvage(struct bytes text, struct bytes locator, struct sink *sink,
    bool truncated)
{
	struct record_problem problem;
	struct arena arena;
	struct bytes id, operation, time;

	arena_init(&arena);
	text = text_repair_utf8(&arena, text);
	id = value_of(text, "Id");
	operation = value_of(text, "Operation");
	time = value_of(text, "CreationTime");
	if (time.n == 0)
		time = value_of(text, "LastAccessed");
	record_clear(RECORD_KIND_PROBLEM, &problem);
	problem.locator = locator;
	problem.kind = bytes_cstr(problem_kind_name(
	    truncated ? PROBLEM_TRUNCATED : PROBLEM_DAMAGED));
	problem.severity = bytes_cstr(severity_name(OUTCOME_ITEM_LOST));
	problem.items_lost = 1;
	problem.time_us = utc_from_iso(time);
	problem.mailbox = value_of(text, "MailboxGuid");
	if (problem.mailbox.n == 0)
		problem.mailbox = value_of(text, "MailboxOwnerUPN");
	problem.detail = arena_printf(&arena,
	    "audit record cannot be read (%s); still legible: Id '%.*s', "
	    "Operation '%.*s', CreationTime '%.*s'",
	    truncated ? "it is cut" : "its JSON is damaged",
	    (int)(id.n < 64 ? id.n : 64), (const char *)id.p,
	    (int)(operation.n < 64 ? operation.n : 64),
	    (const char *)operation.p, (int)(time.n < 64 ? time.n : 64),
	    (const char *)time.p);
	/* The cuts may have parted a character. */
	problem.detail = text_repair_utf8(&arena, problem.detail);
	sink_record(sink, RECORD_KIND_PROBLEM, &problem);
	arena_release(&arena);
}

bool
ual_say_too_long(struct bytes text, struct bytes locator, struct sink *sink)
{
	if (text.n <= LIMIT_RECORD_BYTES)
		return false;
	sink_problem(sink, locator, PROBLEM_LIMIT_SIZE, OUTCOME_ITEM_LOST, 1,
	    "a record of %zu bytes; more than %zu are not read", text.n,
	    LIMIT_RECORD_BYTES);
	return true;
}
