#include "parsers/mapi/found.h"

#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/base/utc.h"
#include "parsers/mail/message.h"
#include "parsers/mapi/property.h"
#include "parsers/mapi/rule.h"

enum { ST_ENABLED = 1, ST_ERROR = 2, ST_ONLY_WHEN_OOF = 4 };

/* Actions and condition of a rule message: as Exchange keeps them, as a rule
 * table does, and extended. */
static const struct {
	uint16_t actions, condition;
	bool extended;
} blobs[] = {
	{ 0x65EF, 0x65F0, false },
	{ 0x6680, 0x6679, false },
	{ 0x0E99, 0x0E9A, true },
};

struct found {
	struct sink *sink;
	struct arena *arena;
	const struct mapi_message *message;
	struct mapi_text text;
	struct rule_parameters said;
	struct record_event event;
};

static void
add(struct found *f, const char *name, struct bytes value)
{
	if (value.n > 0)
		rule_parameter_add(&f->said, name, value);
}

/* Binary, whatever type a store gives it (PtypRestriction, PtypRuleAction). */
static struct bytes
blob_of(const struct found *f, uint16_t id)
{
	const struct mapi_property *p = mapi_find(&f->message->bag, id);

	return p == NULL ? BYTES_NONE : p->value;
}

static struct bytes
string_of(struct found *f, uint16_t first, uint16_t second)
{
	struct bytes s = mapi_string(&f->text, &f->message->bag, first);

	return s.n > 0 ? s : mapi_string(&f->text, &f->message->bag, second);
}

static void
say_cut(struct found *f, const char *what)
{
	sink_problem(f->sink, f->message->locator, PROBLEM_DAMAGED,
	    OUTCOME_PARTIAL, 0, "the %s of this rule found in the mailbox "
	    "cannot be read to their end ([MS-OXORULE] 2.2.5, [MS-OXCDATA] "
	    "2.12)", what);
}

/* ---- kinds */

static bool
rule_read(struct found *f)
{
	const struct mapi_bag *bag = &f->message->bag;
	int64_t state = mapi_number(bag, 0x65E9,
	    mapi_number(bag, 0x6677, ST_ENABLED));
	bool any = false;

	f->event.object_id = string_of(f, 0x65EC, 0x6682);
	add(f, "Name", f->event.object_id);
	add(f, "Enabled", state & ST_ENABLED ? BYTES_LIT("True")
					     : BYTES_LIT("False"));
	add(f, "RuleProvider", string_of(f, 0x65EB, 0x6681));
	if (state & ST_ONLY_WHEN_OOF)
		add(f, "OnlyWhenOutOfOffice", BYTES_LIT("True"));
	if (state & ST_ERROR)
		add(f, "InError", BYTES_LIT("True"));
	for (size_t i = 0; i < sizeof blobs / sizeof blobs[0]; i++) {
		struct bytes actions = blob_of(f, blobs[i].actions),
			     condition = blob_of(f, blobs[i].condition);

		any |= actions.n > 0;
		if (actions.n > 0 && !rule_actions_read(&f->said, actions,
		                         blobs[i].extended))
			say_cut(f, "actions");
		if (condition.n > 0 && !rule_condition_read(&f->said,
		                           condition, blobs[i].extended))
			say_cut(f, "conditions");
	}
	if (!any)
		add(f, "Note", BYTES_LIT("the mailbox keeps no actions for "
					 "it"));
	return true;
}

/* Outlook's own list: a stream of its own, whose texts are shown. */
static bool
organizer_read(struct found *f)
{
	struct bytes stream = blob_of(f, 0x6802), list = BYTES_NONE;
	size_t run = 0;

	for (size_t i = 0; i <= stream.n;) {
		if (i + 2 <= stream.n && stream.p[i] >= ' ' &&
		    stream.p[i] <= '~' && stream.p[i + 1] == 0) {
			run += 2;
			i += 2;
			continue;
		}
		if (run >= 8)
			list = rule_list_add(f->arena, list,
			    text_from_utf16le(f->arena, bytes_slice(stream,
			        i - run, i)));
		i = run > 0 ? i : i + 1;
		run = 0;
	}
	add(f, "Bytes", arena_printf(f->arena, "%zu", stream.n));
	add(f, "Texts", list);
	add(f, "Note", BYTES_LIT("Outlook's own list of rules, not evaluated: "
				 "rules that run in Outlook alone stand only "
				 "here"));
	return true;
}

/* Every mailbox has this item; most have no delegates. */
static bool
delegates_read(struct found *f)
{
	const struct mapi_property *p = mapi_find(&f->message->bag, 0x6844);
	struct bytes list = BYTES_NONE;
	struct bytes *names;
	size_t count = 0;

	names = p == NULL ? NULL : mapi_strings(&f->text, p, &count);
	for (size_t i = 0; i < count; i++)
		list = rule_list_add(f->arena, list, names[i]);
	f->event.object_id = list;
	add(f, "Delegates", list);
	p = mapi_find(&f->message->bag, 0x6845);
	names = p == NULL ? NULL : mapi_binaries(&f->text, p, &count);
	for (size_t i = 0; p != NULL && i < count; i++) {
		struct mapi_entry entry;

		if (mapi_entry_parse(&f->text, names[i], &entry))
			add(f, "DelegateAddress", entry.address);
	}
	if (mapi_number(&f->message->bag, 0x6842, 0))
		add(f, "CopyOfMeetings", BYTES_LIT("True"));
	return list.n > 0 || count > 0;
}

static bool
reply_read(struct found *f)
{
	struct bytes body = mapi_string(&f->text, &f->message->bag, PR_BODY);

	f->event.object_id = mapi_string(&f->text, &f->message->bag,
	    PR_SUBJECT);
	add(f, "Subject", f->event.object_id);
	add(f, "Text", text_repair_utf8(f->arena, bytes_slice(body, 0, 256)));
	return true;
}

static bool
form_read(struct found *f)
{
	f->event.object_id = string_of(f, PR_DISPLAY_NAME, PR_SUBJECT);
	add(f, "Name", f->event.object_id);
	add(f, "Form", mapi_string(&f->text, &f->message->bag, 0x6800));
	return true;
}

static const struct {
	const char *class; /* beginning of the message class */
	const char *operation;
	bool (*read)(struct found *f); /* false: says nothing */
} kinds[] = {
	{ "IPM.Rule.", "InboxRuleInMailbox", rule_read },
	{ "IPM.ExtendedRule.", "InboxRuleInMailbox", rule_read },
	{ "IPM.RuleOrganizer", "OutlookRulesInMailbox", organizer_read },
	{ "IPM.Microsoft.ScheduleData.FreeBusy", "DelegatesInMailbox",
	    delegates_read },
	{ "IPM.Note.Rules.", "AutomaticReplyInMailbox", reply_read },
	{ "IPM.Microsoft.FolderDesign.FormsDescription", "FormInMailbox",
	    form_read },
};

/* ---- the record */

static struct bytes
parameters_json(const struct found *f)
{
	struct buffer json = BUFFER_EMPTY;
	struct bytes kept, pair[2];

	buffer_add_byte(&json, '[');
	for (size_t i = 0; i < f->said.count; i++) {
		pair[0] = bytes_cstr(f->said.list[i].name);
		pair[1] = f->said.list[i].value;
		if (i > 0)
			buffer_add_byte(&json, ',');
		buffer_add_bytes(&json, json_array(f->arena, pair, 2));
	}
	buffer_add_byte(&json, ']');
	kept = arena_dup(f->arena, buffer_bytes(&json));
	buffer_release(&json);
	return kept;
}

static bool
is_deleted(const struct found *f)
{
	return bytes_eq(f->message->state, BYTES_LIT("recovered"));
}

static struct bytes
detail_text(const struct found *f)
{
	struct buffer text = BUFFER_EMPTY;
	struct bytes kept;
	int64_t changed = f->event.until_us;

	buffer_add_cstr(&text, is_deleted(f)
	    ? "found in the mailbox's free space: it was deleted or changed"
	    : "found in the mailbox");
	for (size_t i = 0; i < f->said.count; i++)
		buffer_printf(&text, "%s%s=%.*s", i ? ", " : ": ",
		    f->said.list[i].name, (int)f->said.list[i].value.n,
		    (const char *)f->said.list[i].value.p);
	if (changed != UTC_NONE)
		buffer_printf(&text, "; last changed %.*s",
		    (int)utc_text(f->arena, changed).n,
		    (const char *)utc_text(f->arena, changed).p);
	kept = arena_dup(f->arena, buffer_bytes(&text));
	buffer_release(&text);
	return kept;
}

static void
say(struct found *f, const char *operation)
{
	struct record_event *e = &f->event;
	const struct mapi_bag *bag = &f->message->bag;

	e->idx = 0;
	e->locator = f->message->locator;
	e->operation = bytes_cstr(operation);
	/* Not in force any more. */
	if (is_deleted(f))
		e->succeeded = BYTES_LIT("no");
	e->time_us = mapi_time(bag, 0x3007);
	e->until_us = mapi_time(bag, 0x3008);
	if (e->time_us == UTC_NONE)
		e->time_us = e->until_us;
	e->parameters = parameters_json(f);
	e->detail = detail_text(f);
	sink_record(f->sink, RECORD_KIND_EVENT, e);
}

bool
mapi_found_say(struct sink *sink, const struct mapi_message *message)
{
	struct found f = { .sink = sink, .arena = &sink->item,
		.message = message };
	struct bytes class;

	f.text = mapi_text_for(f.arena, message);
	f.said.arena = f.arena;
	record_clear(RECORD_KIND_EVENT, &f.event);
	class = mapi_string(&f.text, &message->bag, PR_MESSAGE_CLASS);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (!bytes_starts_nocase(class, bytes_cstr(kinds[i].class)))
			continue;
		if (!kinds[i].read(&f))
			return false;
		say(&f, kinds[i].operation);
		return true;
	}
	return false;
}
