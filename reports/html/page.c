#include "reports/html/page.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"

static const struct {
	const char *name, *label;
} navigation[] = {
    {"index", "nav.index"},
    {"scope", "nav.scope"},
    {"timeline", "nav.timeline"},
    {"mailboxes", "nav.mailboxes"},
    {"messages", "nav.messages"},
    {"people", "nav.people"},
    {"duties", "nav.duties"},
    {"credentials", "nav.credentials"},
    {"organizations", "nav.organizations"},
    {"coverage", "nav.coverage"},
    {"evidence", "nav.evidence"},
    {"method", "nav.method"},
    {"search", "nav.search"},
    {"print", "nav.print"},
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

/* A text as a CSS string: all but letters and digits by their number. */
static void
style_string(struct buffer *out, struct bytes text)
{
	struct bytes rest = text;
	uint32_t code;

	buffer_add_byte(out, '"');
	while (text_next(&rest, &code))
		if (code < 128 && isalnum((int)code))
			buffer_add_byte(out, (uint8_t)code);
		else
			buffer_printf(out, "\\%x ", (unsigned)code);
	buffer_add_byte(out, '"');
}

/* The foot of each printed page, in the report's language: what stands
 * around {page} and {pages}. */
static void
style_foot(struct buffer *out, const struct language *words)
{
	struct phrase_cursor cursor = {
	    .rest = language_text(words, "print.page")};
	struct phrase_piece piece;

	buffer_add_cstr(out, "@page { @bottom-left { content: ");
	style_string(out, language_text(words, "print.foot"));
	buffer_add_cstr(out, "; } @bottom-right { content:");
	while (phrase_next(&cursor, &piece)) {
		buffer_add_byte(out, ' ');
		if (piece.kind == PHRASE_SLOT)
			buffer_printf(out, "counter(%.*s)", (int)piece.name.n,
			    (const char *)piece.name.p);
		else
			style_string(out, piece.text);
	}
	buffer_add_cstr(out, "; } }\n");
}

/* The style stands in each page, so that one page sent alone still reads;
 * the script is a file of the folder. */
static void
write_head(struct page *page, struct bytes case_name)
{
	struct buffer style = BUFFER_EMPTY;

	buffer_add_bytes(&style, table_content("report.css"));
	style_foot(&style, page->options->words);
	page_raw(page, "<!DOCTYPE html>\n<html lang=\"");
	page_escaped(page, language_name(page->options->words));
	page_raw(page, "\">\n<head>\n"
		       "<meta charset=\"utf-8\">\n"
		       "<meta http-equiv=\"Content-Security-Policy\" content=\""
		       "default-src 'none'; script-src 'self'; style-src ");
	policy_hash(page, buffer_bytes(&style));
	page_raw(page, "; img-src 'self' data:; base-uri 'none'; "
		       "form-action 'none'\">\n<meta name=\"viewport\" "
		       "content=\"width=device-width, initial-scale=1\">\n"
		       "<meta name=\"referrer\" content=\"no-referrer\">\n"
		       "<title>");
	page_plain(page, page->title);
	page_raw(page, " - ");
	page_text_cut(page, case_name);
	page_raw(page, "</title>\n<style>");
	writer_add(&page->out, buffer_bytes(&style));
	page_raw(page, "</style>\n<script src=\"report.js\" defer></script>\n"
		       "</head>\n<body>\n");
	page_block(page, "a class=\"skip\" href=\"#content\"", "page.skip");
	buffer_release(&style);
}

/* No draft, because somebody answers for what was lost. */
static void
write_accepted(struct page *page)
{
	struct case_rows *rows = case_query_new(page->file, draft_accepted_sql);
	bool any = false;

	while (case_next(rows)) {
		struct bytes kind = arena_dup(&page->arena, case_text(rows, 0));
		struct bytes word =
		    language_word(page->options->words, "problem", kind);

		if (case_number(rows, 2) == 0)
			continue;
		if (!any)
			page_raw(page, "<div class=\"banner calm\"><p>");
		else
			page_raw(page, "<br>");
		any = true;
		page_say(page, "banner.accepted",
		    say_text("kind", bytes_present(word) ? word : kind),
		    say_text("by", arena_dup(&page->arena, case_text(rows, 3))),
		    say_text(
			"reason", arena_dup(&page->arena, case_text(rows, 4))));
	}
	case_done(rows);
	if (any)
		page_raw(page, "</p></div>\n");
}

static void
write_banner(struct page *page)
{
	const struct draft *draft = &page->options->draft;

	if (page->options->unmask)
		page_block(page, "p class=\"banner\"", "banner.unmasked");
	if (!draft->is_draft) {
		write_accepted(page);
		return;
	}
	page_raw(page, "<p class=\"banner\">");
	page_say(page, "banner.draft");
	if (draft->open_losses > 0) {
		page_raw(page, " ");
		page_say(
		    page, "banner.losses", say_number("n", draft->open_losses));
	}
	if (draft->open_folders > 0) {
		page_raw(page, " ");
		page_say(page, "banner.folders",
		    say_number("n", draft->open_folders));
	}
	if (!draft->selftest) {
		page_raw(page, " ");
		page_say(page, "banner.selftest");
	}
	page_raw(page, "</p>\n");
}

static void
write_navigation(struct page *page)
{
	page_raw(page, "<nav aria-label=\"");
	page_plain(page, "nav.label");
	page_raw(page, "\">");
	for (size_t i = 0; i < sizeof navigation / sizeof navigation[0]; i++) {
		page_rawf(page, "<a href=\"%s.html\"%s>", navigation[i].name,
		    strcmp(navigation[i].name, page->name) == 0
			? " aria-current=\"page\""
			: "");
		page_say(page, navigation[i].label);
		page_raw(page, "</a>");
	}
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
	if (part > 1)
		snprintf(path, sizeof path, "%s-%d.html", name, part);
	else
		snprintf(path, sizeof path, "%s.html", name);
	writer_open(&page->out, options->folder, path);
	case_name = page_incident(page, "$.name");
	if (case_name.n == 0)
		case_name = language_text(options->words, "page.case");
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
	page_raw(page, "<span>");
	if (page->options->zone.n > 0)
		page_say(
		    page, "page.times_beside", say_text("zone", page->options->zone));
	else
		page_say(page, "page.times");
	page_raw(page, "</span></p>\n");
	write_navigation(page);
	write_banner(page);
	page_raw(page, "</header>\n<main id=\"content\">\n<h1>");
	page_say(page, title);
	page_raw(page, "</h1>\n");
}

void
page_close(struct page *page)
{
	page_raw(page, "</main>\n<footer>\n");
	page_p(page, "page.foot");
	page_raw(page, "</footer>\n</body>\n</html>\n");
	writer_close(&page->out);
	arena_release(&page->arena);
	free(page->anchors.hashes);
}
