/* A certificate to be completed by a person (US Fed. R. Evid. 902(13), (14)),
 * with the facts that the machine knows. */
#include <errno.h>
#include <stdlib.h>

#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "reports/html/page_table.h"
#include "reports/html/pages.h"
#include "reports/tables.h"
#include "reports/version.h"

static void
write_files(struct page *page)
{
	static const struct page_column columns[] = {
	    {"col.file", CELL_LONG, NULL},
	    {NULL, CELL_ID, NULL},
	    {"col.bytes", CELL_NUMBER, NULL},
	    {"col.sha_256_md5", CELL_HASH, NULL},
	    {NULL, CELL_HASH, NULL},
	};
	static const struct page_table table = {
	    .caption = "certificate_files.caption",
	    .nothing = "certificate_files.none",
	    .sql = "SELECT p.path, s.source_id, s.bytes, s.sha256, s.md5"
		   " FROM paths p JOIN sources s USING (source)"
		   " ORDER BY p.path",
	    PAGE_COLUMNS(columns),
	    .csv = "sources",
	};

	page_heading(page, 2, NULL, "certificate.files");
	page_table_write(page, &table);
}

/* {blank} is a line to write on. */
static void
write_form(struct page *page)
{
	static const char *const clauses[] = {
	    "certificate.who",
	    "certificate.process_used",
	    "certificate.hashes",
	    "certificate.read_only",
	    "certificate.repeatable",
	    "certificate.notice",
	    "certificate.oath",
	};

	page_block(page, "p class=\"note\"", "certificate.note");
	page_raw(page, "<ol>\n");
	for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++)
		page_li(page, clauses[i], say_blank("blank"));
	page_raw(page, "</ol>\n");
	page_p(page, "certificate.executed", say_blank("blank"));
	page_p(page, "certificate.signature", say_blank("blank"));
}

/* One hash for all rules and tables, as `sha256sum` would list them. */
static struct bytes
rules_hash(struct page *page)
{
	struct hasher *hasher = hasher_new(false);
	uint8_t hash[SHA256_SIZE];
	const char *name;
	bool replaced;

	for (size_t i = 0; (name = table_at(i, &replaced)) != NULL; i++) {
		struct bytes one =
		    sha256_hex(&page->arena, table_content(name));

		hasher_add(hasher, one.p, one.n);
		hasher_add(hasher, "  ", 2);
		hasher_add(hasher, name, strlen(name));
		hasher_add(hasher, "\n", 1);
	}
	hasher_finish(hasher, hash, NULL);
	hasher_free(hasher);
	return hex_of(&page->arena, hash, sizeof hash);
}

/* What the machine knows of the process (902(13)). */
static void
write_facts(struct page *page)
{
	struct bytes name = page_incident(page, "$.name");
	struct bytes reference = page_incident(page, "$.reference");
	struct bytes incident = page_incident(page, "$");

	page_raw(page, "<ul>\n");
	if (name.n > 0 || reference.n > 0)
		page_li(page, "certificate.case", say_text("name", name),
		    say_text("reference", reference));
	page_li(page, "certificate.program",
	    say_cstr("version", POSTMORTEM_VERSION));
	page_li(page, "certificate.rules",
	    say_text("hash", rules_hash(page)));
	page_li(page, "certificate.incident",
	    say_text("hash", sha256_hex(&page->arena, incident)));
	page_li(page, page->options->draft.selftest
			  ? "certificate.test_holds"
			  : "certificate.test_failed");
	page_li(page, "certificate.examined",
	    say_count("n", page_sum(page, "SELECT count(*) FROM paths"),
		"evidence.html"),
	    say_number("bytes", page_sum(page, "SELECT sum(s.bytes)"
		" FROM paths p JOIN sources s USING (source)")));
	page_li(page, "certificate.changed",
	    say_count("n", page_sum(page, "SELECT count(*) FROM problems"
		" WHERE kind = 'changed'"), "evidence.html#problems"));
	page_li(page, "certificate.losses",
	    say_count("n", page_sum(page, "SELECT count(*) FROM problems"
		" WHERE severity IN ('item_lost', 'source_lost')"),
		"evidence.html#problems"));
	if (page->options->draft.is_draft)
		page_li(page, "certificate.draft");
	page_raw(page, "</ul>\n");
}

static void
hash_result(struct page *page, const char *name)
{
	struct hasher *hasher = hasher_new(false);
	uint8_t piece[65536], hash[SHA256_SIZE];
	int64_t bytes = 0;
	struct bytes hex;
	char *path;
	size_t n;
	FILE *in;

	if (asprintf(&path, "%s/csv/%s.csv", page->options->folder, name) < 0)
		die_machine("out of memory");
	in = fopen(path, "rb");
	if (in == NULL)
		die_machine("%s: %s", path, strerror(errno));
	while ((n = fread(piece, 1, sizeof piece, in)) > 0) {
		hasher_add(hasher, piece, n);
		bytes += (int64_t)n;
	}
	fclose(in);
	free(path);
	hasher_finish(hasher, hash, NULL);
	hasher_free(hasher);
	hex = hex_of(&page->arena, hash, sizeof hash);
	page_rawf(page, "<tr><td><a href=\"csv/%s.csv\">csv/%s.csv</a></td>"
	    "<td class=\"n\">", name, name);
	page_number(page, bytes);
	page_rawf(page, "</td><td class=\"id h\">%.*s</td></tr>\n",
	    (int)hex.n, (const char *)hex.p);
}

/* The records that are offered: they were written before this page. */
static void
write_results(struct page *page)
{
	page_heading(page, 2, NULL, "certificate.results");
	page_raw(page, "<div class=\"scroll\"><table class=\"rows\">\n");
	page_block(page, "caption", "certificate.results_caption");
	page_raw(page, "<thead><tr>");
	page_block(page, "th scope=\"col\"", "col.file");
	page_block(page, "th scope=\"col\" class=\"n\"", "col.bytes");
	page_raw(page, "<th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; report_tables[i] != NULL; i++)
		hash_result(page, report_tables[i]->name);
	page_raw(page, "</tbody></table></div>\n");
}

void
certificate_write(struct case_file *file, const struct report_options *options)
{
	struct page page;

	page_open(&page, file, options, "certificate", 1, "title.certificate");
	write_form(&page);
	page_heading(&page, 2, NULL, "certificate.process");
	write_facts(&page);
	write_files(&page);
	write_results(&page);
	page_close(&page);
}
