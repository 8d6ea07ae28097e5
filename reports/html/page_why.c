/*
 * Why each exposed message has its verdict: rule, sentence, records, where
 * the message lies in the evidence, what was found in it.  WHY_ROWS messages
 * a page, each with what it says (page_message.c).
 */
#include "parsers/base/utc.h"
#include "reports/html/links.h"
#include "reports/html/page_message.h"
#include "reports/html/pages.h"
#include "reports/table.h"

static void
fact(struct page *page, const char *label, struct bytes value)
{
	if (value.n == 0)
		return;
	page_block(page, "dt", label);
	page_raw(page, "<dd>");
	page_text_cut(page, value);
	page_raw(page, "</dd>\n");
}

static void
fact_time(struct page *page, const char *label, int64_t us)
{
	if (us == UTC_NONE)
		return;
	page_block(page, "dt", label);
	page_raw(page, "<dd>");
	page_time(page, us);
	page_raw(page, "</dd>\n");
}

static void
fact_list(struct page *page, const char *label, struct bytes array, bool ids,
    const char *prefix)
{
	if (array.n <= 2) /* [] */
		return;
	page_block(page, "dt", label);
	page_raw(page, "<dd>");
	if (ids)
		page_id_list(page, array);
	else
		page_list(page, array, prefix);
	page_raw(page, "</dd>\n");
}

static void
write_verdicts(struct page *page, int64_t place)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT rule, exposure, sentence, first_us, last_us, records,"
	    " sessions FROM verdicts WHERE place = ?1"
	    " ORDER BY " REPORT_RULE_ORDER);

	page_raw(page, "<dl>\n");
	case_bind_number(rows, 1, place);
	while (case_next(rows)) {
		page_block(page, "dt", "why.rule",
		    say_text("rule", case_text(rows, 0)));
		page_raw(page, "<dd>");
		page_tag(page, case_text(rows, 1));
		page_raw(page, " ");
		page_sentence(page, case_text(rows, 2));
		page_raw(page, "</dd>\n");
		fact_time(page, "why.first", case_number(rows, 3));
		fact_time(page, "why.last", case_number(rows, 4));
		fact_list(page, "why.records", case_text(rows, 5), true, NULL);
		fact_list(page, "why.sessions", case_text(rows, 6), true, NULL);
	}
	case_done(rows);
	page_raw(page, "</dl>\n");
}

/* Detector, level, value and part, and whose. */
static void
write_finding(struct page *page, struct case_rows *rows)
{
	bool whose = case_text(rows, 6).n > 0;

	page_word(page, "detector", case_text(rows, 1));
	page_raw(page, ", ");
	page_word(page, "level", case_text(rows, 2));
	page_raw(page, ": <code>");
	page_text_cut(page, case_text(rows, 3));
	page_raw(page, "</code> ");
	page_say(page, "why.in_part", say_text("part", case_text(rows, 4)));
	if (whose)
		page_say(page, "why.of_person",
		    say_id("person", case_text(rows, 6)));
}

static void
write_findings(struct page *page, int64_t message)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT f.finding_id, f.detector, f.level, f.masked, f.part,"
	    " f.text_offset, p.person_id FROM findings f"
	    " LEFT JOIN person_findings USING (finding)"
	    " LEFT JOIN people p USING (person) WHERE f.message = ?1"
	    " AND (f.element <> '' OR f.kind <> '')"
	    " ORDER BY f.part, f.text_offset, f.finding_id LIMIT 100");
	bool any = false;

	case_bind_number(rows, 1, message);
	while (case_next(rows)) {
		struct bytes id = arena_dup(&page->arena, case_text(rows, 0));

		if (!any) {
			page_p(page, "why.found");
			page_raw(page, "<ul class=\"evidence\">\n");
		}
		any = true;
		page_rawf(page, "<li id=\"%.*s\"><span class=\"id\">",
		    (int)id.n, (const char *)id.p);
		page_text(page, id);
		page_raw(page, "</span> ");
		write_finding(page, rows);
		page_raw(page, "</li>\n");
	}
	if (any)
		page_raw(page, "</ul>\n");
	case_done(rows);
}

static void
write_attachments(struct page *page, int64_t message)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT name, content_type, bytes, text, sha256 FROM attachments"
	    " WHERE message = ?1 ORDER BY part, locator, name LIMIT 100");
	bool any = false;

	case_bind_number(rows, 1, message);
	while (case_next(rows)) {
		if (!any) {
			page_p(page, "why.attachments");
			page_raw(page, "<ul class=\"evidence\">\n");
		}
		any = true;
		page_raw(page, "<li>");
		page_text_of(page, message,
		    case_text(rows, 0).n
			? case_text(rows, 0)
			: language_text(page->options->words, "why.no_name"));
		page_raw(page, ", ");
		page_text_cut(page, case_text(rows, 1));
		if (!case_is_null(rows, 2)) {
			page_raw(page, ", ");
			page_say(page, "why.bytes",
			    say_number("n", case_number(rows, 2)));
		}
		page_raw(page, ", ");
		page_say(page, "why.text");
		page_raw(page, " ");
		page_word(page, "text", case_text(rows, 3));
		page_raw(page, "; SHA-256 <code>");
		page_text(page, case_text(rows, 4));
		page_raw(page, "</code></li>\n");
	}
	if (any)
		page_raw(page, "</ul>\n");
	case_done(rows);
}

/* Each record that moved, copied or deleted it in this mailbox, by anyone. */
static void
write_moves(struct page *page, struct bytes message_id, int64_t place)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT e.time_us, e.operation, m.folder,"
	    " record_path(e.dest_folder_path), j.attribution,"
	    " coalesce(nullif(e.record_id, ''), e.event_id),"
	    " CASE e.succeeded WHEN 'no' THEN 'failed' WHEN 'partial'"
	    "  THEN 'partial' END"
	    " FROM temp.moves m JOIN places p ON p.place = ?2"
	    "  AND p.mailbox_no = m.mailbox_no"
	    " JOIN events e USING (event) JOIN judged_events j USING (event)"
	    " WHERE m.message_id = ?1 ORDER BY m.time_us, m.event LIMIT 50");
	bool any = false;

	case_bind_text(rows, 1, message_id);
	case_bind_number(rows, 2, place);
	while (case_next(rows)) {
		if (!any) {
			page_p(page, "why.history");
			page_raw(page, "<ol class=\"evidence\">\n");
		}
		any = true;
		page_raw(page, "<li>");
		page_time(page, case_number(rows, 0));
		page_raw(page, " ");
		page_text_cut(page, case_text(rows, 1));
		page_raw(page, ": ");
		page_text_cut(page, case_text(rows, 2));
		if (case_text(rows, 3).n > 0) {
			page_raw(page, " &rarr; ");
			page_text_cut(page, case_text(rows, 3));
		}
		page_raw(page, " ");
		if (!case_is_null(rows, 6)) {
			page_raw(page, "(");
			page_word(page, "flag", case_text(rows, 6));
			page_raw(page, ") ");
		}
		page_tag(page, case_text(rows, 4));
		page_raw(page, " ");
		page_id(page, case_text(rows, 5));
		page_raw(page, "</li>\n");
	}
	if (any)
		page_raw(page, "</ol>\n");
	case_done(rows);
}

/* Columns of why_write's statement. */
static void
write_facts(struct page *page, struct case_rows *rows)
{
	page_raw(page, "<dl>\n");
	page_block(page, "dt", "col.message");
	page_raw(page, "<dd class=\"id\">");
	page_text(page, case_text(rows, 2));
	page_raw(page, "</dd>\n");
	fact(page, "col.mailbox", case_text(rows, 3));
	fact(page, "col.folder", case_text(rows, 4));
	page_block(page, "dt", "why.state");
	page_raw(page, "<dd>");
	page_word(page, "state", case_text(rows, 5));
	page_raw(page, "</dd>\n");
	fact(page, "why.from", case_text(rows, 7));
	fact(page, "why.sender_address", case_text(rows, 8));
	fact_list(page, "why.to", case_text(rows, 9), false, NULL);
	fact_time(page, "why.sent", case_number(rows, 10));
	fact_time(page, "col.arrived", case_number(rows, 11));
	fact(page, "col.message_id", case_text(rows, 12));
	fact_list(page, "why.flags", case_text(rows, 13), false, "flag");
	page_block(page, "dt", "col.source");
	page_raw(page, "<dd>");
	page_id(page, case_text(rows, 14));
	page_raw(page, " ");
	page_text_cut(page, case_text(rows, 15));
	page_raw(page, "</dd>\n");
	page_block(page, "dt", "why.place");
	page_raw(page, "<dd class=\"id\">");
	page_text_cut(
	    page, case_text(rows, 16).n
		      ? case_text(rows, 16)
		      : language_text(page->options->words, "why.whole_file"));
	page_raw(page, "</dd>\n");
	page_block(page, "dt", "why.content");
	page_raw(page, "<dd class=\"id\">");
	page_text(page, case_text(rows, 17));
	page_raw(page, "</dd>\n</dl>\n");
}

static void
write_message(struct page *page, struct case_rows *rows)
{
	struct bytes id = arena_dup(&page->arena, case_text(rows, 2));
	struct bytes subject = case_text(rows, 6);

	/* One id may lie in two places: the first bears the anchor. */
	page_raw(page, "<section class=\"why\"");
	if (page_anchor_is_new(page, id))
		page_rawf(page, " id=\"%.*s\"", (int)id.n, (const char *)id.p);
	page_raw(page, "><h2 class=\"evidence\">");
	page_text_of(page, case_number(rows, 0),
	    subject.n
		? subject
		: language_text(page->options->words, "message.no_subject"));
	page_raw(page, "</h2>\n");
	write_verdicts(page, case_number(rows, 1));
	write_facts(page, rows);
	write_moves(page, id, case_number(rows, 1));
	write_findings(page, case_number(rows, 0));
	write_attachments(page, case_number(rows, 0));
	if (case_number(rows, 18) <= MESSAGES_WITH_TEXT)
		page_message_write(page, case_number(rows, 0));
	else
		page_p(page, "message.not_shown");
	page_raw(page, "</section>\n");
	arena_reset(&page->arena);
}

static void
write_neighbour(struct page *page, int part, const char *words)
{
	page_rawf(page, "<a href=\"why-%d.html\">", part);
	page_say(page, words);
	page_raw(page, "</a>\n");
}

static void
write_neighbours(struct page *page, int part, int parts)
{
	page_raw(page, "<p class=\"pages\"><b>");
	page_say(page, "pages.part", say_number("page", part),
	    say_number("pages", parts));
	page_raw(page, "</b>");
	if (part == 2)
		page_block(page, "a href=\"why.html\"", "pages.before");
	if (part > 2)
		write_neighbour(page, part - 1, "pages.before");
	if (part < parts)
		write_neighbour(page, part + 1, "pages.next");
	page_raw(page, "</p>\n");
}

static void
write_part(struct case_file *file, const struct report_options *options,
    struct case_rows *rows, int part, int parts)
{
	struct page page;
	int n = 0;

	page_open(&page, file, options, "why", part, "title.why");
	page_p(&page, "why.note");
	write_neighbours(&page, part, parts);
	while (n < WHY_ROWS && case_next(rows)) {
		write_message(&page, rows);
		n++;
	}
	if (parts == 1 && n == 0)
		page_p(&page, "why.none");
	write_neighbours(&page, part, parts);
	page_close(&page);
}

void
why_write(struct case_file *file, const struct report_options *options)
{
	struct case_rows *rows = case_query(file,
	    "SELECT count(*) FROM temp.shown_places WHERE why IS NOT NULL");
	int64_t count = case_next(rows) ? case_number(rows, 0) : 0;
	int parts =
	    count > WHY_ROWS ? (int)((count + WHY_ROWS - 1) / WHY_ROWS) : 1;

	rows = case_query_new(file,
	    "SELECT m.message, p.place, m.message_id, b.mailbox, p.folder,"
	    " p.state, m.subject, m.sender, m.sender_address, m.recipients,"
	    " m.sent_us, p.arrival_us, m.internet_message_id, p.flags,"
	    " s.source_id, p.path, m.locator, m.content_sha256, n.why"
	    " FROM temp.shown_places n JOIN places p USING (place)"
	    " JOIN messages m ON m.message = p.message"
	    " JOIN mailboxes b USING (mailbox_no)"
	    " JOIN sources s ON s.source = m.source"
	    " WHERE n.why IS NOT NULL ORDER BY n.why");
	for (int part = 1; part <= parts; part++)
		write_part(file, options, rows, part, parts);
	case_done(rows);
}
