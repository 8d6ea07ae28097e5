/* Method, rules in words, limits, terms, and the appendix: what ran, with
 * which tables, and that it passes its own test. */
#include <stdlib.h>

#include "forensics/selftest.h"
#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "reports/html/pages.h"
#include "reports/html/zone.h"
#include "reports/version.h"

static void
write_tables(struct page *page)
{
	const char *name;
	bool replaced;

	page_heading(page, 3, "tables", "tables.title");
	page_raw(page, "<div class=\"scroll\"><table class=\"rows\">\n");
	page_block(page, "caption", "tables.caption");
	page_raw(page, "<thead><tr>");
	page_block(page, "th scope=\"col\"", "col.table");
	page_block(page, "th scope=\"col\"", "col.origin");
	page_raw(
	    page, "<th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; (name = table_at(i, &replaced)) != NULL; i++) {
		struct bytes hash =
		    sha256_hex(&page->arena, table_content(name));

		page_raw(page, "<tr><td>");
		page_text(page, bytes_cstr(name));
		page_raw(page, "</td><td>");
		page_say(
		    page, replaced ? "tables.replaced" : "tables.built_in");
		page_rawf(page, "</td><td class=\"id h\">%.*s</td></tr>\n",
		    (int)hash.n, (const char *)hash.p);
	}
	page_raw(page, "</tbody></table></div>\n");
}

static void
write_selftest(struct page *page)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct bytes rest, line;
	bool holds;

	if (out == NULL)
		die_machine("out of memory");
	holds = selftest_run(out);
	fclose(out);
	page_heading(page, 3, "selftest", "selftest.title");
	page_p(page, holds ? "selftest.holds" : "selftest.failed");
	page_raw(page, "<ul lang=\"en\">\n");
	rest = bytes_of(text, n);
	while (bytes_line(&rest, &line)) {
		page_raw(page, "<li>");
		page_text(page, line);
		page_raw(page, "</li>\n");
	}
	page_raw(page, "</ul>\n");
	free(text);
}

static void
write_incident(struct page *page)
{
	struct bytes json = page_incident(page, "$");
	struct bytes hash = sha256_hex(&page->arena, json);

	page_heading(page, 3, NULL, "incident.title");
	page_p(page, "incident.hash", say_text("hash", hash));
	if (page->options->zone.n > 0)
		page_p(page, "incident.zone",
		    say_text("zone", page->options->zone),
		    say_text("hash", zone_hash(page->file, &page->arena)));
}

static void
write_items(struct page *page, const char *list, const char *const *items)
{
	page_rawf(page, "<%s>\n", list);
	for (; *items != NULL; items++)
		page_li(page, *items);
	page_rawf(page, "</%s>\n", list);
}

static void
write_steps(struct page *page)
{
	static const char *const steps[] = {"method.read", "method.lost",
	    "method.one_log", "method.attributed", "method.back_in_time",
	    "method.rules", "method.searched", "method.people", NULL};

	page_heading(page, 2, "method", "method.title");
	write_items(page, "ol", steps);
}

/* Contract 3, strongest first. */
static void
write_rules(struct page *page)
{
	static const struct {
		const char *rule, *gives;
	} rules[] = {
	    {"R1", "accessed"},
	    {"R1c", "accessed"},
	    {"R1s", "accessed"},
	    {"R4", "taken"},
	    {"R5", "taken"},
	    {"R2", "synced"},
	    {"R2u", "presumed"},
	    {"R3", "presumed"},
	    {"R6", "presumed"},
	    {"R9", "presumed"},
	    {"R7", "possible"},
	    {"R7f", "possible"},
	    {"not_covered", "not_covered"},
	    {"not_shown", "not_shown"},
	};

	page_heading(page, 2, "rules", "rules.title");
	page_raw(page, "<div class=\"scroll\"><table class=\"stack\">\n");
	page_block(page, "caption", "rules.caption");
	page_raw(page, "<thead><tr>");
	page_block(page, "th scope=\"col\"", "col.rule");
	page_block(page, "th scope=\"col\"", "col.gives");
	page_block(page, "th scope=\"col\"", "col.holds_when");
	page_raw(page, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		page_raw(page, "<tr><td class=\"k\">");
		if (rules[i].rule[0] == 'R')
			page_raw(page, rules[i].rule);
		else
			page_say(page, "rules.no_rule");
		page_raw(page, "</td><td class=\"k\">");
		page_tag(page, bytes_cstr(rules[i].gives));
		page_raw(page, "</td><td>");
		page_word(page, "rule", bytes_cstr(rules[i].rule));
		page_raw(page, "</td></tr>\n");
	}
	page_raw(page, "</tbody></table></div>\n");
}

static void
write_limits(struct page *page)
{
	static const char *const merging[] = {"merging.belongs",
	    "merging.merged", "merging.conflicts", "merging.residence", NULL};
	static const char *const limits[] = {"limits.log", "limits.human",
	    "limits.shared_address", "limits.export", "limits.dates",
	    "limits.detectors", "limits.recovered", "limits.laws", NULL};

	page_heading(page, 2, "people", "merging.title");
	write_items(page, "ul", merging);
	page_heading(page, 2, "limits", "limits.title");
	write_items(page, "ul", limits);
}

/* In the order of the language. */
static void
write_terms(struct page *page)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT t.text, substr(t.key, 6) FROM temp.words t"
	    " WHERE t.key GLOB 'term.*' ORDER BY fold(t.text), t.key");

	page_heading(page, 2, "terms", "terms.title");
	page_raw(page, "<dl>\n");
	while (case_next(rows)) {
		page_raw(page, "<dt>");
		page_escaped(page, case_text(rows, 0));
		page_raw(page, "</dt><dd>");
		page_word(page, "meaning_of", case_text(rows, 1));
		page_raw(page, "</dd>\n");
	}
	case_done(rows);
	page_raw(page, "</dl>\n");
}

static void
write_appendix(struct page *page)
{
	static const char *const facts[] = {"appendix.program",
	    "appendix.command", "appendix.hashes", "appendix.court",
	    "appendix.again"};

	page_heading(page, 2, "appendix", "appendix.title");
	page_raw(page, "<dl>\n");
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		page_raw(page, "<dt>");
		page_word(page, "fact", bytes_skip(bytes_cstr(facts[i]), 9));
		page_raw(page, "</dt>");
		page_block(page, "dd", facts[i],
		    say_cstr("version", POSTMORTEM_VERSION));
	}
	page_raw(page, "</dl>\n");
}

void
method_write(struct page *page)
{
	write_steps(page);
	write_rules(page);
	write_limits(page);
	write_terms(page);
	write_appendix(page);
	write_tables(page);
	write_incident(page);
	write_selftest(page);
}
