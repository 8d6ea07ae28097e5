/* Method, rules in words, limits, terms, and the appendix: what ran, with
 * which tables, and that it passes its own test. */
#include <stdlib.h>

#include "forensics/selftest.h"
#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "reports/html/pages.h"
#include "reports/version.h"

static void
write_tables(struct page *page)
{
	const char *name;
	bool replaced;

	page_raw(page, "<h3 id=\"tables\">Tables of rules and laws</h3>\n"
		       "<div class=\"scroll\"><table class=\"rows\"><caption>"
		       "As used in this run; a run with <code>--rules</code> "
		       "may replace any.</caption><thead><tr><th scope=\"col\">"
		       "Table</th><th scope=\"col\">Origin</th><th "
		       "scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; (name = table_at(i, &replaced)) != NULL; i++) {
		struct bytes hash =
		    sha256_hex(&page->arena, table_content(name));

		page_raw(page, "<tr><td>");
		page_text(page, bytes_cstr(name));
		page_rawf(page,
		    "</td><td>%s</td><td class=\"id h\">%.*s</td>"
		    "</tr>\n",
		    replaced ? "replaced by --rules" : "built in", (int)hash.n,
		    (const char *)hash.p);
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
	page_rawf(page,
	    "<h3 id=\"selftest\">The program's own test</h3>\n"
	    "<p>Known cases with known answers, run by this very "
	    "program when it wrote the report: <strong>%s"
	    "</strong>.</p>\n<ul>\n",
	    holds ? "all hold" : "FAILED");
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

	page_rawf(page,
	    "<h3>Incident file</h3>\n<p>SHA-256 of its content as "
	    "the case keeps it: <code>%.*s</code>.</p>\n",
	    (int)hash.n, (const char *)hash.p);
}

void
method_write(struct page *page)
{
	page_asset(page, "method.html");
	page_raw(page,
	    "<h2 id=\"appendix\">Appendix</h2>\n<dl>\n"
	    "<dt>Program</dt><dd>postmortem " POSTMORTEM_VERSION
	    "</dd>\n<dt>Command line, machine, times of the run"
	    "</dt><dd><code>custody.jsonl</code> of the case, one "
	    "line an act, each with the hash of the line before"
	    "</dd>\n<dt>Hashes of all results</dt><dd><code>"
	    "manifest.sha256</code> of the case; <code>sha256sum "
	    "-c</code> checks it</dd>\n<dt>For a court</dt><dd><a "
	    "href=\"certificate.html\">a form"
	    " to complete</a>, with the hashes</dd>\n<dt>Evidence again</dt>"
	    "<dd><code>postmortem verify CASE</code> hashes "
	    "evidence and results anew</dd>\n</dl>\n");
	write_tables(page);
	write_incident(page);
	write_selftest(page);
}
