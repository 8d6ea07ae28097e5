#include "forensics/access/incident.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include "forensics/access/incident_json.h"
#include "forensics/access/incident_lists.h"
#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/outcome.h"
#include "parsers/base/utc.h"

struct reader {
	struct incident *incident;
	yaml_document_t document;
	const char *path;
	bool failed;
};

int64_t
incident_to_end(int64_t to_us)
{
	/* Comparisons take the whole second. */
	return to_us == UTC_NONE ? UTC_NONE : to_us + UTC_SECOND - 1;
}

__attribute__((format(printf, 3, 4))) static void
fail_line(struct reader *r, int line, const char *format, ...)
{
	va_list arguments;

	if (r->failed)
		return;
	r->failed = true;
	fprintf(stderr, "postmortem: %s:%d: ", r->path, line);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

static int
line_of(const yaml_node_t *node)
{
	return (int)node->start_mark.line + 1;
}

#define fail(r, node, ...) fail_line(r, line_of(node), __VA_ARGS__)

static struct bytes
scalar(struct reader *r, const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE) {
		fail(r, node, "a plain value is expected here");
		return BYTES_LIT("");
	}
	return arena_dup(&r->incident->arena,
	    bytes_of(node->data.scalar.value, node->data.scalar.length));
}

static struct bytes
lower(struct reader *r, struct bytes text)
{
	uint8_t *out = arena_raw(&r->incident->arena, text.n);

	for (size_t i = 0; i < text.n; i++)
		out[i] = byte_lower(text.p[i]);
	return bytes_of(out, text.n);
}

/* A bare date is its first second, or its last where it ends a span. */
static int64_t
time_of(struct reader *r, const yaml_node_t *node, bool end)
{
	struct bytes text = scalar(r, node);
	bool bare = false, zone;
	int64_t us = utc_from_iso_detail(text, &bare, &zone);

	if (us == UTC_NONE)
		fail(r, node, "'%.*s' is no date or time (YYYY-MM-DD or "
			      "YYYY-MM-DDTHH:MM:SSZ)",
		    (int)text.n, (const char *)text.p);
	return bare && end && us != UTC_NONE ? us + UTC_DAY - UTC_SECOND : us;
}

/* ---- walking */

struct key_action {
	const char *name;
	void (*take)(struct reader *, const yaml_node_t *value, void *into);
};

/* Each key of a mapping through its action; unknown and repeated keys are
 * errors. */
static void
take_mapping(struct reader *r, const yaml_node_t *node,
    const struct key_action *actions, void *into)
{
	yaml_node_pair_t *pair;
	uint64_t seen = 0;

	if (node->type != YAML_MAPPING_NODE) {
		fail(r, node, "keys with values are expected here");
		return;
	}
	for (pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top && !r->failed; pair++) {
		const yaml_node_t *key = yaml_document_get_node(&r->document,
		    pair->key);
		struct bytes name = scalar(r, key);
		unsigned i = 0;

		while (actions[i].name != NULL &&
		       !bytes_eq(name, bytes_cstr(actions[i].name)))
			i++;
		if (actions[i].name == NULL) {
			fail(r, key, "unknown key '%.*s'", (int)name.n,
			    (const char *)name.p);
			return;
		}
		if (seen >> i & 1) {
			fail(r, key, "key '%s' stands twice", actions[i].name);
			return;
		}
		seen |= UINT64_C(1) << i;
		actions[i].take(r,
		    yaml_document_get_node(&r->document, pair->value), into);
	}
}

/* Each element of a sequence; a scalar stands for a list of one. */
static size_t
take_list(struct reader *r, const yaml_node_t *node,
    void (*take)(struct reader *, const yaml_node_t *, void *), void *into)
{
	yaml_node_item_t *item;
	size_t count = 0;

	if (node->type == YAML_SCALAR_NODE) {
		if (node->data.scalar.length > 0)
			take(r, node, into);
		return 1;
	}
	if (node->type != YAML_SEQUENCE_NODE) {
		fail(r, node, "a list is expected here");
		return 0;
	}
	for (item = node->data.sequence.items.start;
	     item < node->data.sequence.items.top && !r->failed; item++) {
		take(r, yaml_document_get_node(&r->document, *item), into);
		count++;
	}
	return count;
}

static size_t
list_length(const yaml_node_t *node)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return 1;
	return (size_t)(node->data.sequence.items.top -
			node->data.sequence.items.start);
}

static void
take_text(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	scalar(r, value);
}

static void
take_texts(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	take_list(r, value, take_text, NULL);
}

static void
take_time(struct reader *r, const yaml_node_t *value, void *into)
{
	int64_t us = time_of(r, value, false);

	if (into != NULL)
		*(int64_t *)into = us;
}

/* ---- sections */

static void
take_examiner(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "name", take_text },
		{ "organization", take_text }, { NULL, NULL } };

	take_mapping(r, value, keys, into);
}

static void
take_organization(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "name", take_text },
		{ "domains", take_texts }, { "jurisdiction", take_text },
		{ "sector", take_texts }, { NULL, NULL } };

	take_mapping(r, value, keys, into);
}

/* A language is a table of words (reports/language.h). */
static void
take_language(struct reader *r, const yaml_node_t *value, void *into)
{
	struct bytes language = scalar(r, value);
	char table[64];

	(void)into;
	if (r->failed)
		return;
	snprintf(table, sizeof table, "%.*s.words",
	    (int)(language.n > 32 ? 32 : language.n),
	    (const char *)language.p);
	if (!bytes_present(table_content(table)))
		fail(r, value,
		    "no words in the language '%.*s': give a folder with %s "
		    "by --rules", (int)language.n, (const char *)language.p,
		    table);
}

static void
take_report(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "language", take_language },
		{ NULL, NULL } };

	take_mapping(r, value, keys, into);
}

static void
take_from(struct reader *r, const yaml_node_t *value, void *into)
{
	((int64_t *)into)[0] = time_of(r, value, false);
}

static void
take_to(struct reader *r, const yaml_node_t *value, void *into)
{
	((int64_t *)into)[1] = time_of(r, value, true);
}

static void
take_window(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "from", take_from },
		{ "to", take_to }, { NULL, NULL } };
	int64_t span[2] = { UTC_NONE, UTC_NONE };

	(void)into;
	take_mapping(r, value, keys, span);
	if (span[0] != UTC_NONE && span[1] != UTC_NONE && span[0] > span[1])
		fail(r, value, "the window ends before it begins");
	r->incident->from_us = span[0];
	r->incident->to_us = span[1];
}

static void
take_baseline(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	r->incident->baseline_until_us = time_of(r, value, true);
}

/* mailboxes */

static void
entry_address(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct mailbox_entry *)into)->address = lower(r, scalar(r, value));
}

static void
entry_guid(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct mailbox_entry *)into)->guid = lower(r, scalar(r, value));
}

static void
entry_name(struct reader *r, const yaml_node_t *value, void *into)
{
	struct mailbox_entry *entry = into;

	entry->names[entry->name_count++] = scalar(r, value);
}

static void
entry_names(struct reader *r, const yaml_node_t *value, void *into)
{
	struct mailbox_entry *entry = into;

	entry->names = arena_array(&r->incident->arena, list_length(value) + 1,
	    sizeof *entry->names);
	take_list(r, value, entry_name, entry);
}

static void
entry_glob(struct reader *r, const yaml_node_t *value, void *into)
{
	struct mailbox_entry *entry = into;

	entry->globs[entry->glob_count].line = line_of(value);
	entry->globs[entry->glob_count++].pattern = scalar(r, value);
}

static void
entry_evidence(struct reader *r, const yaml_node_t *value, void *into)
{
	struct mailbox_entry *entry = into;

	entry->globs = arena_array(&r->incident->arena, list_length(value) + 1,
	    sizeof *entry->globs);
	take_list(r, value, entry_glob, entry);
}

static void
take_mailbox(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "address", entry_address },
		{ "evidence", entry_evidence }, { "guid", entry_guid },
		{ "names", entry_names }, { NULL, NULL } };
	struct incident *incident = r->incident;
	struct mailbox_entry *entry =
	    &incident->mailboxes[incident->mailbox_count++];

	(void)into;
	entry->line = line_of(value);
	take_mapping(r, value, keys, entry);
	if (!r->failed && entry->address.n == 0 && entry->guid.n == 0)
		fail(r, value, "a mailbox needs an address or a guid");
}

/* Two entries for one mailbox contradict each other. */
static void
refuse_double_mailboxes(struct reader *r)
{
	struct incident *incident = r->incident;

	for (size_t i = 0; i < incident->mailbox_count && !r->failed; i++) {
		const struct mailbox_entry *a = &incident->mailboxes[i];

		for (size_t k = 0; k < i && !r->failed; k++) {
			const struct mailbox_entry *b =
			    &incident->mailboxes[k];

			if ((a->address.n > 0 &&
			        bytes_eq(a->address, b->address)) ||
			    (a->guid.n > 0 && bytes_eq(a->guid, b->guid)))
				fail_line(r, a->line, "this mailbox has an "
				    "entry in line %d already; one entry may "
				    "have several globs", b->line);
		}
	}
}

static void
take_mailboxes(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	r->incident->mailboxes = arena_array(&r->incident->arena,
	    list_length(value) + 1, sizeof *r->incident->mailboxes);
	take_list(r, value, take_mailbox, NULL);
	refuse_double_mailboxes(r);
}

/* adversary, known */

struct indicator_list {
	struct indicators *into;
	enum indicator_kind kind;
};

static void
take_indicator(struct reader *r, const yaml_node_t *value, void *into)
{
	struct indicator_list *list = into;
	struct bytes text = scalar(r, value);
	const char *error = incident_indicator_add(r->incident, list->into,
	    list->kind, text);

	if (error != NULL)
		fail(r, value, "'%.*s': %s", (int)text.n,
		    (const char *)text.p, error);
}

#define INDICATOR_ACTION(name, which)                                          \
	static void take_##name(struct reader *r, const yaml_node_t *value,    \
	    void *into)                                                        \
	{                                                                      \
		struct indicator_list list = { into, which };                  \
		take_list(r, value, take_indicator, &list);                    \
	}

INDICATOR_ACTION(ip, INDICATOR_IP)
INDICATOR_ACTION(app_id, INDICATOR_APP_ID)
INDICATOR_ACTION(session_id, INDICATOR_SESSION_ID)
INDICATOR_ACTION(token_id, INDICATOR_TOKEN_ID)
INDICATOR_ACTION(user_agent, INDICATOR_USER_AGENT)
INDICATOR_ACTION(actor, INDICATOR_ACTOR)
INDICATOR_ACTION(device_id, INDICATOR_DEVICE_ID)

static void
take_indicator_file(struct reader *r, const yaml_node_t *value, void *into)
{
	if (!incident_indicators_read(r->incident, into, scalar(r, value),
	        line_of(value)))
		r->failed = true;
}

static void
take_indicator_files(struct reader *r, const yaml_node_t *value, void *into)
{
	take_list(r, value, take_indicator_file, into);
}

static void
take_indicators(struct reader *r, const yaml_node_t *value,
    struct indicators *into)
{
	static const struct key_action keys[] = { { "ip", take_ip },
		{ "app_id", take_app_id }, { "session_id", take_session_id },
		{ "token_id", take_token_id },
		{ "user_agent", take_user_agent }, { "actor", take_actor },
		{ "device_id", take_device_id },
		{ "indicators", take_indicator_files }, { NULL, NULL } };

	take_mapping(r, value, keys, into);
}

static void
take_adversary(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	take_indicators(r, value, &r->incident->adversary);
}

static void
take_known(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	take_indicators(r, value, &r->incident->known);
}

static void
take_stolen_file(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	if (!incident_stolen_read(r->incident, scalar(r, value),
	        line_of(value)))
		r->failed = true;
}

static void
take_stolen(struct reader *r, const yaml_node_t *value, void *into)
{
	take_list(r, value, take_stolen_file, into);
}

/* assume */

static void
assume_mailbox(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct assume_entry *)into)->mailbox = lower(r, scalar(r, value));
}

static void
assume_from(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct assume_entry *)into)->from_us = time_of(r, value, false);
}

static void
assume_to(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct assume_entry *)into)->to_us = time_of(r, value, true);
}

static void
assume_reason(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct assume_entry *)into)->reason = scalar(r, value);
}

static void
take_assumption(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "mailbox", assume_mailbox },
		{ "from", assume_from }, { "to", assume_to },
		{ "reason", assume_reason }, { NULL, NULL } };
	struct incident *incident = r->incident;
	struct assume_entry *entry =
	    &incident->assumed[incident->assumed_count++];

	(void)into;
	entry->from_us = entry->to_us = UTC_NONE;
	entry->mailbox = BYTES_LIT("*");
	take_mapping(r, value, keys, entry);
	if (entry->from_us != UTC_NONE && entry->to_us != UTC_NONE &&
	    entry->from_us > entry->to_us)
		fail(r, value, "this period ends before it begins");
}

static void
take_assume(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	r->incident->assumed = arena_array(&r->incident->arena,
	    list_length(value) + 1, sizeof *r->incident->assumed);
	take_list(r, value, take_assumption, NULL);
}

/* people, accept: kept as JSON */

/* An id as the reports print it: LETTER-16 hex digits. */
static void
take_id(struct reader *r, const yaml_node_t *value, char letter)
{
	struct bytes text = scalar(r, value);
	bool fits = text.n == 18 && text.p[0] == letter && text.p[1] == '-';

	for (size_t i = 2; i < text.n; i++)
		fits = fits && ((text.p[i] >= '0' && text.p[i] <= '9') ||
		                   (text.p[i] >= 'a' && text.p[i] <= 'f'));
	if (!fits)
		fail(r, value, "'%.*s' is no id (%c-0123456789abcdef, as in "
			       "the reports)",
		    (int)text.n, (const char *)text.p, letter);
}

static void
take_person_id(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	take_id(r, value, 'P');
}

static void
take_person_ids(struct reader *r, const yaml_node_t *value, void *into)
{
	take_list(r, value, take_person_id, into);
}

static void
take_person(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "same", take_person_ids },
		{ "different", take_person_ids },
		{ "not_a_person", take_person_ids },
		{ "notified", take_person_ids }, { NULL, NULL } };

	take_mapping(r, value, keys, into);
}

static void
take_people(struct reader *r, const yaml_node_t *value, void *into)
{
	take_list(r, value, take_person, into);
}

static void
accept_problem(struct reader *r, const yaml_node_t *value, void *into)
{
	struct bytes kind = scalar(r, value);

	*(unsigned *)into |= 1;
	if (problem_kind_of((const char *)kind.p, kind.n) == PROBLEM_KINDS)
		fail(r, value, "'%.*s' is no kind of problem (the kinds stand "
			       "in problems.csv)",
		    (int)kind.n, (const char *)kind.p);
}

static void
accept_source(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	take_id(r, value, 'S');
}

static void
accept_by(struct reader *r, const yaml_node_t *value, void *into)
{
	if (bytes_trim(scalar(r, value)).n > 0)
		*(unsigned *)into |= 2;
}

static void
accept_reason(struct reader *r, const yaml_node_t *value, void *into)
{
	if (bytes_trim(scalar(r, value)).n > 0)
		*(unsigned *)into |= 4;
}

/* It lifts DRAFT: somebody says so by name, and why. */
static void
take_acceptance(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "problem", accept_problem },
		{ "source", accept_source }, { "by", accept_by },
		{ "reason", accept_reason }, { NULL, NULL } };
	unsigned told = 0;

	(void)into;
	take_mapping(r, value, keys, &told);
	if (!r->failed && told != 7)
		fail(r, value, "to accept, say problem, by and reason");
}

/* Shown beside UTC; nothing is counted in it. */
static void
take_zone(struct reader *r, const yaml_node_t *value, void *into)
{
	struct bytes zone = scalar(r, value);

	(void)into;
	r->incident->time_zone = zone;
	if (!incident_zone_is_known(zone))
		fail(r, value, "'%.*s' is no time zone of this machine "
			       "(Europe/Paris, America/New_York ...)",
		    (int)zone.n, (const char *)zone.p);
}

static void
take_accept(struct reader *r, const yaml_node_t *value, void *into)
{
	take_list(r, value, take_acceptance, into);
}

static const struct key_action top_keys[] = {
	{ "name", take_text },
	{ "reference", take_text },
	{ "examiner", take_examiner },
	{ "discovered", take_time },
	{ "determined", take_time },
	{ "notified", take_time },
	{ "window", take_window },
	{ "organization", take_organization },
	{ "mailboxes", take_mailboxes },
	{ "adversary", take_adversary },
	{ "known", take_known },
	{ "stolen_messages", take_stolen },
	{ "assume", take_assume },
	{ "baseline_until", take_baseline },
	{ "time_zone", take_zone },
	{ "report", take_report },
	{ "people", take_people },
	{ "accept", take_accept },
	{ NULL, NULL },
};

#define ZONES "/usr/share/zoneinfo"

bool
incident_zone_is_known(struct bytes zone)
{
	char path[128];
	struct stat info;

	if (zone.n == 0 || zone.n > 64 || zone.p[0] == '/')
		return false;
	for (size_t i = 0; i < zone.n; i++)
		if (zone.p[i] <= ' ' || zone.p[i] >= 0x7f ||
		    zone.p[i] == '.' || zone.p[i] == ':')
			return false;
	if (access(ZONES, X_OK) != 0) /* a machine without zones */
		return true;
	snprintf(path, sizeof path, ZONES "/%.*s", (int)zone.n,
	    (const char *)zone.p);
	return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

struct incident *
incident_empty(void)
{
	struct incident *incident = calloc(1, sizeof *incident);

	if (incident == NULL)
		die_machine("out of memory");
	arena_init(&incident->arena);
	incident->from_us = incident->to_us = UTC_NONE;
	incident->baseline_until_us = UTC_NONE;
	incident->json = BYTES_LIT("{}");
	return incident;
}

void
incident_free(struct incident *incident)
{
	if (incident == NULL)
		return;
	arena_release(&incident->arena);
	free(incident);
}

static void
read_document(struct reader *r)
{
	yaml_node_t *root = yaml_document_get_root_node(&r->document);

	if (root == NULL) /* an empty file says nothing */
		return;
	if (root->type == YAML_SCALAR_NODE && root->data.scalar.length == 0)
		return;
	take_mapping(r, root, top_keys, NULL);
	if (r->failed)
		return;
	if (!incident_json_write(&r->incident->arena, &r->document, root,
	        &r->incident->json))
		fail(r, root, "nested too deeply");
}

/* Two documents in one file: the second would be lost without a word. */
static void
refuse_second(struct reader *r, yaml_parser_t *parser)
{
	yaml_document_t second;

	if (!yaml_parser_load(parser, &second)) {
		fail_line(r, (int)parser->problem_mark.line + 1, "not YAML: %s",
		    parser->problem);
		return;
	}
	if (yaml_document_get_root_node(&second) != NULL)
		fail_line(r, (int)second.start_mark.line + 1, "a second "
		    "document begins here; an incident file is one");
	yaml_document_delete(&second);
}

struct incident *
incident_load(const char *path)
{
	struct reader r = { .incident = incident_empty(), .path = path };
	yaml_parser_t parser;
	FILE *in = fopen(path, "rb");

	r.incident->path = path;
	if (in == NULL) {
		fprintf(stderr, "postmortem: %s: %s\n", path, strerror(errno));
		incident_free(r.incident);
		return NULL;
	}
	yaml_parser_initialize(&parser);
	yaml_parser_set_input_file(&parser, in);
	errno = 0;
	if (!yaml_parser_load(&parser, &r.document) &&
	    parser.error == YAML_READER_ERROR && ferror(in)) {
		fprintf(stderr, "postmortem: %s: %s\n", path, strerror(errno));
		r.failed = true;
	} else if (parser.error != YAML_NO_ERROR) {
		fprintf(stderr, "postmortem: %s:%zu: not YAML: %s\n", path,
		    parser.problem_mark.line + 1, parser.problem);
		r.failed = true;
	} else {
		bool empty =
		    yaml_document_get_root_node(&r.document) == NULL;

		read_document(&r);
		yaml_document_delete(&r.document);
		if (!r.failed && !empty)
			refuse_second(&r, &parser);
	}
	yaml_parser_delete(&parser);
	fclose(in);
	if (!r.failed)
		return r.incident;
	incident_free(r.incident);
	return NULL;
}
