#include "forensics/access/incident.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "forensics/access/incident_json.h"
#include "forensics/access/incident_yaml.h"
#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/outcome.h"
#include "parsers/base/utc.h"

int64_t
incident_to_end(int64_t to_us)
{
	/* Comparisons take the whole second. */
	return to_us == UTC_NONE ? UTC_NONE : to_us + UTC_SECOND - 1;
}

/* ---- sections */

static void
take_examiner(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "name", incident_take_text },
		{ "organization", incident_take_text }, { NULL, NULL } };

	incident_mapping(r, value, keys, into);
}

static void
take_organization(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "name", incident_take_text },
		{ "domains", incident_take_texts }, { "jurisdiction", incident_take_text },
		{ "sector", incident_take_texts }, { NULL, NULL } };

	incident_mapping(r, value, keys, into);
}

/* A language is a table of words (reports/language.h). */
static void
take_language(struct reader *r, const yaml_node_t *value, void *into)
{
	struct bytes language = incident_scalar(r, value);
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

	incident_mapping(r, value, keys, into);
}

static void
take_from(struct reader *r, const yaml_node_t *value, void *into)
{
	((int64_t *)into)[0] = incident_time(r, value, false);
}

static void
take_to(struct reader *r, const yaml_node_t *value, void *into)
{
	((int64_t *)into)[1] = incident_time(r, value, true);
}

static void
take_window(struct reader *r, const yaml_node_t *value, void *into)
{
	static const struct key_action keys[] = { { "from", take_from },
		{ "to", take_to }, { NULL, NULL } };
	int64_t span[2] = { UTC_NONE, UTC_NONE };

	(void)into;
	incident_mapping(r, value, keys, span);
	if (span[0] != UTC_NONE && span[1] != UTC_NONE && span[0] > span[1])
		fail(r, value, "the window ends before it begins");
	r->incident->from_us = span[0];
	r->incident->to_us = span[1];
}

static void
take_baseline(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	r->incident->baseline_until_us = incident_time(r, value, true);
}

/* mailboxes */

static void
entry_address(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct mailbox_entry *)into)->address = incident_lower(r, incident_scalar(r, value));
}

static void
entry_guid(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct mailbox_entry *)into)->guid = incident_lower(r, incident_scalar(r, value));
}

static void
entry_name(struct reader *r, const yaml_node_t *value, void *into)
{
	struct mailbox_entry *entry = into;

	entry->names[entry->name_count++] = incident_scalar(r, value);
}

static void
entry_names(struct reader *r, const yaml_node_t *value, void *into)
{
	struct mailbox_entry *entry = into;

	entry->names = arena_array(&r->incident->arena, incident_list_length(value) + 1,
	    sizeof *entry->names);
	incident_list(r, value, entry_name, entry);
}

static void
entry_glob(struct reader *r, const yaml_node_t *value, void *into)
{
	struct mailbox_entry *entry = into;

	entry->globs[entry->glob_count].line = incident_line(value);
	entry->globs[entry->glob_count++].pattern = incident_scalar(r, value);
}

static void
entry_evidence(struct reader *r, const yaml_node_t *value, void *into)
{
	struct mailbox_entry *entry = into;

	entry->globs = arena_array(&r->incident->arena, incident_list_length(value) + 1,
	    sizeof *entry->globs);
	incident_list(r, value, entry_glob, entry);
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
	entry->line = incident_line(value);
	incident_mapping(r, value, keys, entry);
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
				incident_fail(r, a->line, "this mailbox has an "
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
	    incident_list_length(value) + 1, sizeof *r->incident->mailboxes);
	incident_list(r, value, take_mailbox, NULL);
	refuse_double_mailboxes(r);
}

/* assume */

static void
assume_mailbox(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct assume_entry *)into)->mailbox = incident_lower(r, incident_scalar(r, value));
}

static void
assume_from(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct assume_entry *)into)->from_us = incident_time(r, value, false);
}

static void
assume_to(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct assume_entry *)into)->to_us = incident_time(r, value, true);
}

static void
assume_reason(struct reader *r, const yaml_node_t *value, void *into)
{
	((struct assume_entry *)into)->reason = incident_scalar(r, value);
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
	incident_mapping(r, value, keys, entry);
	if (entry->from_us != UTC_NONE && entry->to_us != UTC_NONE &&
	    entry->from_us > entry->to_us)
		fail(r, value, "this period ends before it begins");
}

static void
take_assume(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	r->incident->assumed = arena_array(&r->incident->arena,
	    incident_list_length(value) + 1, sizeof *r->incident->assumed);
	incident_list(r, value, take_assumption, NULL);
}

/* Shown beside UTC; nothing is counted in it. */
static void
take_zone(struct reader *r, const yaml_node_t *value, void *into)
{
	struct bytes zone = incident_scalar(r, value);

	(void)into;
	r->incident->time_zone = zone;
	if (!incident_zone_is_known(zone))
		fail(r, value, "'%.*s' is no time zone of this machine "
			       "(Europe/Paris, America/New_York ...)",
		    (int)zone.n, (const char *)zone.p);
}

static const struct key_action top_keys[] = {
	{ "name", incident_take_text },
	{ "reference", incident_take_text },
	{ "examiner", take_examiner },
	{ "discovered", incident_take_time },
	{ "determined", incident_take_time },
	{ "notified", incident_take_time },
	{ "window", take_window },
	{ "organization", take_organization },
	{ "mailboxes", take_mailboxes },
	{ "adversary", incident_take_adversary },
	{ "known", incident_take_known },
	{ "stolen_messages", incident_take_stolen },
	{ "assume", take_assume },
	{ "baseline_until", take_baseline },
	{ "time_zone", take_zone },
	{ "report", take_report },
	{ "people", incident_take_people },
	{ "accept", incident_take_accept },
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
	incident_mapping(r, root, top_keys, NULL);
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
		incident_fail(r, (int)parser->problem_mark.line + 1, "not YAML: %s",
		    parser->problem);
		return;
	}
	if (yaml_document_get_root_node(&second) != NULL)
		incident_fail(r, (int)second.start_mark.line + 1, "a second "
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
