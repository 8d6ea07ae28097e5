#include "reports/html/page.h"

#include <openssl/evp.h>
#include <stdarg.h>

#include "forensics/tables.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "reports/mask.h"

static const struct {
	const char *name, *label;
} pages[] = {
	{ "index.html", "Summary" },
	{ "sessions.html", "Sessions" },
	{ "messages.html", "Messages" },
	{ "people.html", "People and duties" },
	{ "credentials.html", "Credentials" },
	{ "coverage.html", "Coverage and gaps" },
	{ "evidence.html", "Evidence and method" },
};

void
page_raw(struct page *page, const char *markup)
{
	writer_add_cstr(&page->out, markup);
}

void
page_rawf(struct page *page, const char *format, ...)
{
	struct buffer text = BUFFER_EMPTY;
	va_list arguments;
	char line[1024];

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	writer_add_cstr(&page->out, line);
	buffer_release(&text);
}

void
page_text(struct page *page, struct bytes text)
{
	struct bytes shown = text_visible(&page->arena, text);
	size_t from = 0;

	for (size_t i = 0; i < shown.n; i++) {
		const char *entity = NULL;

		switch (shown.p[i]) {
		case '&':
			entity = "&amp;";
			break;
		case '<':
			entity = "&lt;";
			break;
		case '>':
			entity = "&gt;";
			break;
		case '"':
			entity = "&quot;";
			break;
		case '\'':
			entity = "&#39;";
			break;
		default:
			continue;
		}
		writer_add(&page->out, bytes_slice(shown, from, i));
		writer_add_cstr(&page->out, entity);
		from = i + 1;
	}
	writer_add(&page->out, bytes_skip(shown, from));
}

void
page_text_cstr(struct page *page, const char *text)
{
	page_text(page, bytes_cstr(text));
}

void
page_time(struct page *page, int64_t us)
{
	struct utc_parts p;

	if (us == UTC_NONE) {
		page_raw(page, "unknown");
		return;
	}
	p = utc_split(us);
	page_rawf(page, "%04d-%02d-%02d %02d:%02d:%02d UTC", p.year, p.month,
	    p.day, p.hour, p.minute, p.second);
}

/* Words of ours become class names; anything else is plain text. */
void
page_tag(struct page *page, struct bytes word)
{
	bool plain = word.n > 0 && word.n < 24;

	for (size_t i = 0; i < word.n && plain; i++)
		plain = word.p[i] == '_' ||
			(word.p[i] >= 'a' && word.p[i] <= 'z');
	if (!plain) {
		page_text(page, word);
		return;
	}
	page_rawf(page, "<span class=\"tag %.*s\">", (int)word.n,
	    (const char *)word.p);
	for (size_t i = 0; i < word.n; i++)
		page_rawf(page, "%c", word.p[i] == '_' ? ' ' : word.p[i]);
	page_raw(page, "</span>");
}

/* 'sha256-...' of an asset as it stands between its tags. */
static void
csp_hash(struct page *page, struct bytes content)
{
	uint8_t digest[SHA256_SIZE];
	unsigned char text[64];

	sha256_of(content, digest);
	EVP_EncodeBlock(text, digest, SHA256_SIZE);
	page_rawf(page, "'sha256-%s'", (const char *)text);
}

static void
write_head(struct page *page, const char *title)
{
	struct bytes style = table_content("report.css");
	struct bytes script = table_content("report.js");
	struct bytes name = page_incident(page, "$.name");

	page_raw(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		       "<meta charset=\"utf-8\">\n"
		       "<meta http-equiv=\"Content-Security-Policy\" content=\""
		       "default-src 'none'; script-src ");
	csp_hash(page, script);
	page_raw(page, "; style-src ");
	csp_hash(page, style);
	page_raw(page, "; img-src 'self' data:; base-uri 'none'; "
		       "form-action 'none'\">\n<meta name=\"viewport\" "
		       "content=\"width=device-width, initial-scale=1\">\n"
		       "<meta name=\"referrer\" content=\"no-referrer\">\n"
		       "<title>");
	page_text_cstr(page, title);
	page_raw(page, " - ");
	page_text(page, name.n ? name : BYTES_LIT("postmortem"));
	page_raw(page, "</title>\n<style>");
	writer_add(&page->out, style);
	page_raw(page, "</style>\n</head>\n<body>\n");
}

static void
write_banner(struct page *page)
{
	int64_t losses = page_open_losses(page->file);

	if (page->options->unmask)
		page_raw(page, "<p class=\"draft\"><strong>UNMASKED</strong> "
			       "This copy shows personal data and secrets in "
			       "full. Handle it as the evidence itself.</p>\n");
	if (losses == 0)
		return;
	page_rawf(page,
	    "<p class=\"draft\"><strong>DRAFT</strong> %lld %s in the evidence "
	    "could not be read and %s not been accepted by the examiner. "
	    "<a href=\"evidence.html#problems\">Each is listed</a>; an "
	    "<code>accept</code> entry in the incident file lifts this "
	    "mark.</p>\n",
	    (long long)losses, losses == 1 ? "problem" : "problems",
	    losses == 1 ? "has" : "have");
}

static void
write_navigation(struct page *page, const char *name)
{
	page_raw(page, "<nav>");
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
		page_rawf(page, "<a href=\"%s\"%s>%s</a>", pages[i].name,
		    strcmp(pages[i].name, name) == 0
			? " aria-current=\"page\""
			: "",
		    pages[i].label);
	page_raw(page, "</nav>\n");
}

void
page_open(struct page *page, struct case_file *file,
    const struct report_options *options, const char *name, const char *title)
{
	struct bytes heading, reference;

	page->file = file;
	page->options = options;
	arena_init(&page->arena);
	writer_open(&page->out, options->folder, name);
	heading = page_incident(page, "$.name");
	reference = page_incident(page, "$.reference");
	write_head(page, title);
	page_raw(page, "<header>\n<p class=\"facts\">");
	page_text(page, heading.n ? heading : BYTES_LIT("Mailbox analysis"));
	if (reference.n > 0) {
		page_raw(page, " &middot; ");
		page_text(page, reference);
	}
	page_raw(page, "</p>\n<h1>");
	page_text_cstr(page, title);
	page_raw(page, "</h1>\n");
	write_navigation(page, name);
	write_banner(page);
	page_raw(page, "</header>\n<main>\n");
}

void
page_close(struct page *page)
{
	page_raw(page,
	    "</main>\n<footer>\n<p>All times are UTC. Values are masked unless "
	    "the page says otherwise. The rows behind every number are in "
	    "<code>csv/</code> and <code>jsonl/</code> beside this page; "
	    "<code>postmortem explain</code> prints the chain from any id "
	    "down to file, offset and hash.</p>\n</footer>\n<script>");
	writer_add(&page->out, table_content("report.js"));
	page_raw(page, "</script>\n</body>\n</html>\n");
	writer_close(&page->out);
	arena_release(&page->arena);
}

static void
write_list(struct page *page, struct bytes array)
{
	struct json_list list = json_list_over(arena_dup(&page->arena, array));
	struct bytes element;
	bool first = true;

	while (json_list_next(&list, &page->arena, &element)) {
		if (!first)
			page_raw(page, "; ");
		page_text(page, element);
		first = false;
	}
}

static void
write_id(struct page *page, struct bytes id, bool anchor)
{
	if (!anchor) {
		page_text(page, id);
		return;
	}
	page_raw(page, "<span id=\"");
	page_text(page, id);
	page_raw(page, "\">");
	page_text(page, id);
	page_raw(page, "</span>");
}

static void
write_cell(struct page *page, struct case_rows *rows, int at,
    enum cell_kind kind, bool first)
{
	switch (kind) {
	case CELL_TIME:
		if (case_number(rows, at) != UTC_NONE)
			page_time(page, case_number(rows, at));
		break;
	case CELL_LIST:
		write_list(page, case_text(rows, at));
		break;
	case CELL_TAG:
		page_tag(page, case_text(rows, at));
		break;
	case CELL_ID:
		write_id(page, case_text(rows, at), first);
		break;
	case CELL_SHOWN:
		page_text(page, mask_text(page->options->mask, &page->arena,
				    case_number(rows, 0),
				    case_text(rows, at)));
		break;
	case CELL_LINK:
		page_raw(page, "<a href=\"");
		page_text(page, case_text(rows, at + 1));
		page_raw(page, "\">");
		page_text(page, case_text(rows, at));
		page_raw(page, "</a>");
		break;
	case CELL_TEXT:
	case CELL_NUMBER:
		page_text(page, case_text(rows, at));
		break;
	}
}

static const char *
cell_class(enum cell_kind kind)
{
	switch (kind) {
	case CELL_NUMBER:
		return " class=\"n\"";
	case CELL_TIME:
		return " class=\"t\"";
	case CELL_ID:
		return " class=\"id\"";
	default:
		return "";
	}
}

static void
write_row(struct page *page, struct case_rows *rows,
    const struct page_column *columns, size_t count, bool hidden)
{
	int at = hidden ? 1 : 0;

	page_raw(page, "<tr>");
	for (size_t i = 0; i < count; i++) {
		page_rawf(page, "<td%s>", cell_class(columns[i].kind));
		write_cell(page, rows, at, columns[i].kind, i == 0);
		page_raw(page, "</td>");
		at += columns[i].kind == CELL_LINK ? 2 : 1;
	}
	page_raw(page, "</tr>\n");
}

size_t
page_table(struct page *page, struct case_rows *rows,
    const struct page_column *columns, size_t count, bool hidden,
    const char *caption, const char *nothing)
{
	size_t written = 0;

	while (case_next(rows)) {
		if (written++ == 0) {
			page_raw(page, "<div class=\"scroll\"><table "
				       "class=\"rows\">\n<caption>");
			page_text_cstr(page, caption);
			page_raw(page, "</caption>\n<thead><tr>");
			for (size_t i = 0; i < count; i++) {
				page_rawf(page, "<th%s>",
				    columns[i].kind == CELL_NUMBER
					? " class=\"n\""
					: "");
				page_text_cstr(page, columns[i].heading);
				page_raw(page, "</th>");
			}
			page_raw(page, "</tr></thead>\n<tbody>\n");
		}
		write_row(page, rows, columns, count, hidden);
		arena_reset(&page->arena);
	}
	if (written > 0)
		page_raw(page, "</tbody></table></div>\n");
	else
		page_rawf(page, "<p>%s</p>\n", nothing);
	return written;
}

int64_t
page_count(struct page *page, const char *sql)
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

int64_t
page_open_losses(struct case_file *file)
{
	struct case_rows *rows = case_query(file,
	    "SELECT count(*) FROM problems x LEFT JOIN sources s"
	    " USING (source) WHERE x.severity IN ('item_lost', 'source_lost')"
	    " AND NOT EXISTS (SELECT 1 FROM meta, json_each(meta.value,"
	    " '$.accept') a WHERE meta.key = 'incident'"
	    " AND json_extract(a.value, '$.problem') = x.kind"
	    " AND coalesce(json_extract(a.value, '$.source'), s.source_id)"
	    "  IS s.source_id)");

	return case_next(rows) ? case_number(rows, 0) : 0;
}
