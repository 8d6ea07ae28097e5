#include "reports/html/page.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"

static const struct {
	const char *name, *label;
} navigation[] = {
    {"index", "Summary"},
    {"timeline", "Timeline"},
    {"mailboxes", "Mailboxes"},
    {"messages", "Messages"},
    {"people", "People"},
    {"duties", "Duties"},
    {"credentials", "Credentials"},
    {"organizations", "Organizations"},
    {"coverage", "Coverage"},
    {"evidence", "Evidence"},
    {"method", "Method"},
    {"search", "Search"},
    {"print", "Print"},
};

void
page_raw(struct page *page, const char *markup)
{
	writer_add_cstr(&page->out, markup);
}

void
page_rawf(struct page *page, const char *format, ...)
{
	va_list arguments;
	char line[2048];
	int n;

	va_start(arguments, format);
	n = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	BUG_ON(n < 0 || (size_t)n >= sizeof line);
	writer_add_cstr(&page->out, line);
}

void
page_asset(struct page *page, const char *table)
{
	writer_add(&page->out, table_content(table));
}

int64_t
page_sum(struct page *page, const char *sql)
{
	struct case_rows *rows = case_query_new(page->file, sql);
	int64_t count = case_next(rows) ? case_number(rows, 0) : 0;

	case_done(rows);
	return count == INT64_MIN ? 0 : count;
}

struct bytes
page_incident(struct page *page, const char *json_path)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT json_extract(value, ?1) FROM meta WHERE key = 'incident'");
	struct bytes value = BYTES_NONE;

	case_bind_cstr(rows, 1, json_path);
	if (case_next(rows))
		value = arena_dup(&page->arena, case_text(rows, 0));
	case_done(rows);
	return value;
}

/* The incident file's zone, when this machine knows it: then localtime_r
 * speaks it from here on. */
static struct bytes
zone_set(struct page *page)
{
	struct bytes zone = page_incident(page, "$.time_zone");
	char path[256];

	for (size_t i = 0; i < zone.n; i++)
		if (zone.p[i] <= ' ' || zone.p[i] >= 0x7f || zone.p[i] == '.' ||
		    zone.p[i] == ':')
			return BYTES_NONE;
	if (zone.n == 0 || zone.n > 64 || zone.p[0] == '/')
		return BYTES_NONE;
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)zone.n,
	    (const char *)zone.p);
	if (access(path, R_OK) != 0)
		return BYTES_NONE;
	setenv("TZ", arena_cstr(&page->arena, zone), 1);
	tzset();
	return zone;
}

/* 'sha256-...' of an asset as it stands between its tags. */
static void
policy_hash(struct page *page, struct bytes content)
{
	uint8_t digest[SHA256_SIZE];
	unsigned char text[64];

	sha256_of(content, digest);
	EVP_EncodeBlock(text, digest, SHA256_SIZE);
	page_rawf(page, "'sha256-%s'", (const char *)text);
}

/* The style stands in each page, so that one page sent alone still reads;
 * the script is a file of the folder. */
static void
write_head(struct page *page, struct bytes case_name)
{
	struct bytes style = table_content("report.css");

	page_raw(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		       "<meta charset=\"utf-8\">\n"
		       "<meta http-equiv=\"Content-Security-Policy\" content=\""
		       "default-src 'none'; script-src 'self'; style-src ");
	policy_hash(page, style);
	page_raw(page, "; img-src 'self' data:; base-uri 'none'; "
		       "form-action 'none'\">\n<meta name=\"viewport\" "
		       "content=\"width=device-width, initial-scale=1\">\n"
		       "<meta name=\"referrer\" content=\"no-referrer\">\n"
		       "<title>");
	page_text(page, bytes_cstr(page->title));
	page_raw(page, " - ");
	page_text_cut(page, case_name);
	page_raw(page, "</title>\n<style>");
	writer_add(&page->out, style);
	page_raw(page, "</style>\n<script src=\"report.js\" defer></script>\n"
		       "</head>\n<body>\n<a class=\"skip\" href=\"#content\">"
		       "To the content</a>\n");
}

/* No draft, because somebody answers for what was lost. */
static void
write_accepted(struct page *page)
{
	struct case_rows *rows = case_query_new(page->file, draft_accepted_sql);
	bool any = false;

	while (case_next(rows)) {
		if (case_number(rows, 2) == 0)
			continue;
		page_raw(page, any ? "; "
				   : "<p class=\"banner calm\"><strong>Losses "
				     "accepted</strong> ");
		any = true;
		page_text_cut(page, case_text(rows, 0));
		page_raw(page, " by ");
		page_text_cut(page, case_text(rows, 3));
		page_raw(page, ": ");
		page_text_cut(page, case_text(rows, 4));
	}
	case_done(rows);
	if (any)
		page_raw(page, " (<a href=\"evidence.html#accepted\">"
			       "evidence</a>).</p>\n");
}

static void
write_banner(struct page *page)
{
	const struct draft *draft = &page->options->draft;

	if (page->options->unmask)
		page_raw(page, "<p class=\"banner\"><strong>UNMASKED</strong> "
			       "This copy shows personal data and secrets in "
			       "full. Handle it as the evidence itself.</p>\n");
	if (!draft->is_draft) {
		write_accepted(page);
		return;
	}
	page_raw(page, "<p class=\"banner\"><strong>DRAFT</strong> ");
	if (draft->open_losses > 0) {
		page_number(page, draft->open_losses);
		page_rawf(page,
		    " %s in the evidence could not be read and %s not been "
		    "accepted by the examiner: <a href=\"evidence.html#"
		    "problems\">what was lost</a>. ",
		    draft->open_losses == 1 ? "place" : "places",
		    draft->open_losses == 1 ? "has" : "have");
	}
	if (draft->open_folders > 0) {
		page_number(page, draft->open_folders);
		page_raw(page, " folders do not account for all their items: "
			       "<a href=\"evidence.html#folders\">folders</a>."
			       " ");
	}
	if (!draft->selftest)
		page_raw(page, "The program's own test failed: <a href=\""
			       "method.html#selftest\">result</a>. ");
	page_raw(page, "</p>\n");
}

static void
write_navigation(struct page *page)
{
	page_raw(page, "<nav aria-label=\"Sections\">");
	for (size_t i = 0; i < sizeof navigation / sizeof navigation[0]; i++)
		page_rawf(page, "<a href=\"%s.html\"%s>%s</a>",
		    navigation[i].name,
		    strcmp(navigation[i].name, page->name) == 0
			? " aria-current=\"page\""
			: "",
		    navigation[i].label);
	page_raw(page, "</nav>\n");
}

void
page_open(struct page *page, struct case_file *file,
    const struct report_options *options, const char *name, int part,
    const char *title)
{
	struct bytes case_name, reference;
	char path[128];

	*page = (struct page){
	    .file = file, .options = options, .name = name, .title = title};
	arena_init(&page->arena);
	page->zone = zone_set(page);
	if (part > 1)
		snprintf(path, sizeof path, "%s-%d.html", name, part);
	else
		snprintf(path, sizeof path, "%s.html", name);
	writer_open(&page->out, options->folder, path);
	case_name = page_incident(page, "$.name");
	if (case_name.n == 0)
		case_name = BYTES_LIT("Mailbox analysis");
	reference = page_incident(page, "$.reference");
	write_head(page, case_name);
	page_raw(page, "<header>\n<p class=\"case\"><span>");
	page_text_cut(page, case_name);
	page_raw(page, "</span>");
	if (reference.n > 0) {
		page_raw(page, "<span>");
		page_text_cut(page, reference);
		page_raw(page, "</span>");
	}
	page_raw(page, "<span>all times UTC");
	if (page->zone.n > 0) {
		page_raw(page, ", beside them ");
		page_text(page, page->zone);
	}
	page_raw(page, "</span></p>\n");
	write_navigation(page);
	write_banner(page);
	page_raw(page, "</header>\n<main id=\"content\">\n<h1>");
	page_text(page, bytes_cstr(title));
	page_raw(page, "</h1>\n");
}

void
page_close(struct page *page)
{
	page_raw(page,
	    "</main>\n<footer>\n<p>All times are UTC. Values are masked unless "
	    "the page says otherwise. The rows behind every number are in "
	    "<code>csv/</code> and <code>jsonl/</code> beside this page; "
	    "<code>postmortem explain</code> prints the chain from any id "
	    "down to file, offset and hash.</p>\n</footer>\n</body>\n"
	    "</html>\n");
	writer_close(&page->out);
	arena_release(&page->arena);
	free(page->anchors.hashes);
}
