/*
 * Search over everything: the page, and the index it loads piece by piece
 * (search-1.js ...), since a page that opens from disk can read nothing but
 * scripts.  Each piece is one call with its number and one string: a line
 * `@file`, then a row a line for what that file shows, fields by tabs: the
 * anchor, what it is called, what else is known of it.
 */
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "reports/html/links.h"
#include "reports/html/pages.h"
#include "reports/mask.h"

enum { ROWS_A_PIECE = 20000, TITLE_MOST = 200 };

struct index {
	struct case_file *file;
	const struct report_options *options;
	struct arena arena; /* one row's */
	struct buffer text; /* of the piece in hand */
	struct buffer where; /* its last @file */
	int rows, pieces;
};

/* Short, and safe between <script> tags as well. */
static void
add_script_string(struct buffer *out, struct bytes text)
{
	buffer_add_byte(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (c == '\n')
			buffer_add_cstr(out, "\\n");
		else if (c == '\t')
			buffer_add_cstr(out, "\\t");
		else if (c == '"' || c == '\\' || c == '<' || c < ' ')
			buffer_printf(out, "\\x%02x", c);
		else if (c == 0xe2 && i + 2 < text.n && text.p[i + 1] == 0x80 &&
			 (text.p[i + 2] & 0xfe) == 0xa8)
			buffer_printf(out, "\\u202%x",
			    (unsigned)(text.p[i += 2] & 0x0f));
		else
			buffer_add_byte(out, c);
	}
	buffer_add_byte(out, '"');
}

static void
piece_write(struct index *index)
{
	struct buffer line = BUFFER_EMPTY;
	struct writer out;
	char name[32];

	snprintf(name, sizeof name, "search-%d.js", ++index->pieces);
	buffer_printf(&line, "postmortemRows(%d, ", index->pieces);
	add_script_string(&line, buffer_bytes(&index->text));
	buffer_add_cstr(&line, ");\n");
	writer_open(&out, index->options->folder, name);
	writer_add(&out, buffer_bytes(&line));
	writer_close(&out);
	buffer_release(&line);
	buffer_reset(&index->text);
	buffer_reset(&index->where);
	index->rows = 0;
}

/* Masked, and without tab or line feed: both are made visible. */
static void
add_text(struct index *index, int64_t message, struct bytes text)
{
	size_t n = TITLE_MOST;

	text = mask_text(index->options->mask, &index->arena, message, text);
	if (text.n > n) {
		while (n > 0 && (text.p[n] & 0xc0) == 0x80)
			n--;
		text = bytes_slice(text, 0, n);
	}
	buffer_add_bytes(&index->text, text_visible(&index->arena, text));
}

/* Columns: message or NULL, id, title, then what else is known. */
static void
add_rows(struct index *index, const char *sql)
{
	struct case_rows *rows = case_query_new(index->file, sql);
	int columns = case_columns(rows);

	while (case_next(rows)) {
		struct bytes id = arena_dup(&index->arena, case_text(rows, 1));
		struct bytes where = links_find(index->file, &index->arena, id);
		struct bytes anchor = page_anchor(&index->arena, id);

		if (where.n == 0)
			continue;
		if (!bytes_eq(where, buffer_bytes(&index->where))) {
			buffer_reset(&index->where);
			buffer_add_bytes(&index->where, where);
			buffer_add_byte(&index->text, '@');
			buffer_add_bytes(&index->text, where);
			buffer_add_byte(&index->text, '\n');
		}
		buffer_add_bytes(&index->text, anchor);
		buffer_add_byte(&index->text, '\t');
		add_text(index, case_number(rows, 0), case_text(rows, 2));
		buffer_add_byte(&index->text, '\t');
		for (int i = 3; i < columns; i++) {
			if (case_text(rows, i).n == 0)
				continue;
			if (i > 3)
				buffer_add_cstr(&index->text, "; ");
			add_text(index, INT64_MIN, case_text(rows, i));
		}
		if (!bytes_eq(anchor, id)) {
			buffer_add_cstr(&index->text, "; ");
			buffer_add_bytes(&index->text, id);
		}
		buffer_add_byte(&index->text, '\n');
		arena_reset(&index->arena);
		if (++index->rows == ROWS_A_PIECE)
			piece_write(index);
	}
	case_done(rows);
}

static int
index_write(struct case_file *file, const struct report_options *options)
{
	struct index index = {.file = file, .options = options};

	arena_init(&index.arena);
	add_rows(&index, "SELECT NULL, person_id, coalesce(nullif(name, "
			 "''), " SAID("people.no_name") "), " SAID(
			     "search.person") ", residence, elements_exposed "
					      "FROM people"
					      " ORDER BY elements_exposed = "
					      "'[]', person_id, person");
	add_rows(&index,
	    "SELECT m.message, m.message_id,"
	    " coalesce(nullif(m.subject, ''), " SAID(
		"message.no_subject") "), (SELECT text FROM temp.words WHERE "
				      "key = 'tag.' || n.exposure),"
				      " b.mailbox, p.folder, m.sender, "
				      "m.sender_address,"
				      " utc(p.arrival_us), "
				      "m.internet_message_id"
				      " FROM temp.shown_places n JOIN places p "
				      "USING (place)"
				      " JOIN messages m ON m.message = "
				      "p.message"
				      " JOIN mailboxes b USING (mailbox_no) "
				      "ORDER BY n.rank, n.n");
	add_rows(&index,
	    "SELECT NULL, session, session, " SAID(
		"search.session") ","
				  " attribution, mailboxes,"
				  " ips, utc(first_us) FROM sessions ORDER BY "
				  "first_us, session");
	add_rows(&index, "SELECT NULL, s.source_id, p.path, " SAID(
			     "search.file") ", s.kind, s.sha256"
					    " FROM paths p JOIN sources s "
					    "USING (source) ORDER BY p.path");
	if (index.rows > 0 || index.pieces == 0)
		piece_write(&index);
	arena_release(&index.arena);
	buffer_release(&index.text);
	buffer_release(&index.where);
	return index.pieces;
}

void
search_write(struct case_file *file, const struct report_options *options)
{
	int pieces = index_write(file, options);
	struct page page;

	page_open(&page, file, options, "search", 1, "title.search");
	page_p(&page, "search.note");
	page_block(&page, "p class=\"off\"", "search.off");
	page_rawf(
	    &page, "<div id=\"search\" data-pieces=\"%d\"></div>\n", pieces);
	page_close(&page);
}
