#include "reports/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "reports/exchange/exchange.h"
#include "reports/folder.h"
#include "reports/html/html.h"
#include "reports/html/zone.h"
#include "reports/mask.h"
#include "reports/tables.h"
#include "reports/language.h"

enum { PATH_ROOM = 4096 };

const struct report_table *const report_tables[] = {
    &table_sources,
    &table_folders,
    &table_messages,
    &table_attachments,
    &table_access,
    &table_activity,
    &table_sessions,
    &table_mailboxes,
    &table_coverage,
    &table_missing_items,
    &table_findings,
    &table_people,
    &table_duties,
    &table_credentials,
    &table_organizations,
    &table_timeline,
    &table_problems,
    NULL,
};

static void
make_folder(const char *path)
{
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		die_machine("%s: %s", path, strerror(errno));
}

/* K of contract 7: from the sorted source hashes, so that the same evidence
 * gives the same value_hash, and nobody without the evidence can try values. */
static void
value_key_derive(struct case_file *file, uint8_t key[SHA256_SIZE])
{
	struct hasher *hasher = hasher_new(false);
	struct case_rows *rows =
	    case_query(file, "SELECT sha256 FROM sources ORDER BY sha256");

	hasher_add(hasher, "postmortem value key 1\n", 23);
	while (case_next(rows)) {
		struct bytes hash = case_text(rows, 0);

		hasher_add(hasher, hash.p, hash.n);
		hasher_add(hasher, "\n", 1);
	}
	hasher_finish(hasher, key, NULL);
	hasher_free(hasher);
}

static void
value_key_read(const char *path, uint8_t key[SHA256_SIZE])
{
	uint8_t content[4096];
	FILE *in = fopen(path, "rb");
	size_t n;

	if (in == NULL)
		die_machine("%s: %s", path, strerror(errno));
	n = fread(content, 1, sizeof content, in);
	fclose(in);
	sha256_of(bytes_of(content, n), key);
}

/* The new folder takes the place of the old in one step. */
static void
put_in_place(const char *fresh, const char *place)
{
	if (renameat2(AT_FDCWD, fresh, AT_FDCWD, place, RENAME_EXCHANGE) == 0) {
		folder_remove(fresh);
		return;
	}
	if (errno != ENOENT)
		folder_remove(place);
	if (rename(fresh, place) != 0)
		die_machine("%s: %s", place, strerror(errno));
}

/* The incident file's language. */
static struct language *
words_of_case(struct case_file *file)
{
	struct case_rows *rows = case_query(file,
	    "SELECT coalesce(json_extract(value, '$.report.language'), 'en')"
	    " FROM meta WHERE key = 'incident'");

	return language_open(
	    case_next(rows) ? case_text(rows, 0) : BYTES_LIT("en"));
}

int
report_write(struct case_file *file, bool unmask, const char *value_key_file,
    const char *exchange)
{
	struct report_options options = {.unmask = unmask};
	struct arena arena;
	char fresh[PATH_ROOM], place[PATH_ROOM], inner[PATH_ROOM + 8];

	options.words = words_of_case(file);
	if (options.words == NULL)
		return 2;
	snprintf(fresh, sizeof fresh, "%s/reports.new", case_folder(file));
	snprintf(place, sizeof place, "%s/reports", case_folder(file));
	options.folder = fresh;
	if (value_key_file != NULL)
		value_key_read(value_key_file, options.value_key);
	else
		value_key_derive(file, options.value_key);
	options.mask = mask_new(file, unmask);
	options.draft = draft_of(file);
	arena_init(&arena);
	options.zone = zone_use(file, &arena);
	folder_remove(fresh);
	make_folder(fresh);
	snprintf(inner, sizeof inner, "%s/csv", fresh);
	make_folder(inner);
	snprintf(inner, sizeof inner, "%s/jsonl", fresh);
	make_folder(inner);
	for (size_t i = 0; report_tables[i] != NULL; i++)
		table_write(file, report_tables[i], &options);
	if (exchange != NULL)
		exchange_write(file, &options, exchange);
	html_write(file, &options);
	arena_release(&arena);
	mask_free(options.mask);
	language_free(options.words);
	put_in_place(fresh, place);
	return 0;
}

static int64_t
count_of(struct case_file *file, const char *sql)
{
	struct case_rows *rows = case_query(file, sql);

	return case_next(rows) ? case_number(rows, 0) : 0;
}

void
headline_print(struct case_file *file, FILE *out)
{
	static const struct {
		const char *label, *sql;
	} lines[] = {
	    {"evidence files", "SELECT count(*) FROM paths"},
	    {"messages held", "SELECT count(*) FROM places"
			      " WHERE state <> 'embedded'"},
	    {"audit records", "SELECT count(*) FROM judged_events"},
	    {"  of the adversary", "SELECT count(*) FROM judged_events"
				   " WHERE attribution = 'adversary'"},
	    {"messages accessed", "SELECT count(*) FROM places WHERE"
				  " exposure = 'accessed' AND state <>"
				  " 'embedded'"},
	    {"  taken, synced, presumed",
		"SELECT count(*) FROM places WHERE exposure IN ('taken',"
		" 'synced', 'presumed') AND state <> 'embedded'"},
	    {"  possible", "SELECT count(*) FROM places WHERE exposure ="
			   " 'possible' AND state <> 'embedded'"},
	    {"items accessed, not held", "SELECT count(*) FROM missing_items"},
	    {"people to tell", "SELECT count(*) FROM people WHERE"
			       " elements_exposed <> '[]'"},
	    {"credentials to reset",
		"SELECT count(*) FROM findings f WHERE kind <> ''"
		" AND level IN ('high', 'medium') AND message IN (SELECT"
		" message FROM places WHERE exposure NOT IN"
		" ('not_shown', 'not_covered'))"},
	    {"problems with losses",
		"SELECT count(*) FROM problems WHERE severity IN"
		" ('item_lost', 'source_lost')"},
	};

	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		fprintf(out, "%-28s %lld\n", lines[i].label,
		    (long long)count_of(file, lines[i].sql));
	fprintf(out, "report: %s/reports/index.html\n", case_folder(file));
}
