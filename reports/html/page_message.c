/*
 * What a message says, below its verdict: headers as written, text, tables,
 * hidden text.  Text alone, masked and escaped; nothing of it is markup, a
 * link or a load.
 */
#include "reports/html/page_message.h"

#include "parsers/base/kept_text.h"
#include "reports/mask_piece.h"

struct message_view {
	struct page *page;
	const struct mask_places *places;
	struct bytes pieces;
	size_t left; /* of MESSAGE_TEXT_MOST */
	bool cut;
};

/* Masked, then cut: half a number would not be recognised. */
static void
write_lines(struct message_view *view, struct bytes masked)
{
	size_t n = masked.n;

	if (n > view->left) {
		view->cut = true;
		for (n = view->left; n > 0 && (masked.p[n] & 0xc0) == 0x80; n--)
			continue;
	}
	view->left -= n;
	page_lines(view->page, bytes_slice(masked, 0, n));
}

static void
block_open(struct message_view *view, const char *summary)
{
	page_raw(view->page, "<details class=\"source\">");
	page_block(view->page, "summary", summary);
}

static void
write_headers(struct message_view *view)
{
	struct kept_piece piece = { .kind = 0 };
	struct bytes rest = view->pieces;
	bool any = false;

	while (kept_piece_next(&rest, &piece)) {
		if (piece.kind != KEPT_HEADERS)
			continue;
		if (!any)
			block_open(view, "message.headers");
		any = true;
		page_raw(view->page, "<pre>");
		write_lines(view, mask_headers(view->page->options->mask,
		    view->places, &view->page->arena, piece.text));
		page_raw(view->page, "</pre>\n");
	}
	if (any)
		page_raw(view->page, "</details>\n");
}

/* "2/table=1" is of part 2. */
static struct bytes
base_of(struct bytes part)
{
	size_t at = bytes_find(part, BYTES_LIT("/table="));

	return at == SIZE_MAX ? part : bytes_slice(part, 0, at);
}

/* What is said of a piece before it. */
static void
write_seam(struct message_view *view, const struct kept_piece *piece,
    const struct kept_piece *before)
{
	bool new_part = before->kind == 0 ||
			!bytes_eq(base_of(piece->part), base_of(before->part));

	if (before->kind == KEPT_CELL && piece->kind == KEPT_CELL &&
	    bytes_eq(before->part, piece->part)) {
		page_raw(view->page,
		    piece->row == before->row ? " | " : "\n");
		return;
	}
	if (before->kind != 0)
		page_raw(view->page, "</pre>\n");
	if (new_part) {
		page_block(view->page, "p class=\"part\"", "message.part",
		    say_text("part", base_of(piece->part)));
	}
	page_raw(view->page, "<pre>");
}

/* The pieces of one kind: shown text before tables, as their places in it are
 * not known, and each before what nobody was shown. */
static void
write_pieces(struct message_view *view, const char *summary,
    enum kept_kind kind, bool hidden)
{
	struct kept_piece piece = { .kind = 0 }, before = { .kind = 0 };
	struct bytes rest = view->pieces;

	while (kept_piece_next(&rest, &piece) && view->left > 0) {
		if (piece.kind == KEPT_HEADERS || piece.kind != kind ||
		    piece.hidden != hidden || piece.text.n == 0)
			continue;
		if (before.kind == 0)
			block_open(view, summary);
		write_seam(view, &piece, &before);
		write_lines(view, mask_piece(view->page->options->mask,
		    view->places, &view->page->arena, &piece));
		before = piece;
	}
	if (before.kind != 0)
		page_raw(view->page, "</pre>\n</details>\n");
}

static void
write_view(struct message_view *view, bool whole)
{
	write_headers(view);
	write_pieces(view, "message.text", KEPT_FLOW, false);
	write_pieces(view, "message.tables", KEPT_CELL, false);
	write_pieces(view, "message.hidden_text", KEPT_FLOW, true);
	write_pieces(view, "message.hidden_tables", KEPT_CELL,
	    true);
	if (view->cut || view->left == 0)
		page_p(view->page, "message.cut");
	else if (!whole)
		page_p(view->page, "message.beginning");
}

void
page_message_write(struct page *page, int64_t message)
{
	static struct buffer pieces;
	struct case_rows *rows = case_query(page->file,
	    "SELECT packed, whole FROM texts WHERE message = ?1");
	struct message_view view = { .page = page, .left = MESSAGE_TEXT_MOST };
	bool whole;

	case_bind_number(rows, 1, message);
	if (!case_next(rows))
		return;
	whole = case_number(rows, 1) == 1;
	if (!kept_unpack(case_text(rows, 0), &pieces)) {
		page_p(page, "message.unreadable");
		case_done(rows);
		return;
	}
	case_done(rows);
	view.pieces = buffer_bytes(&pieces);
	view.places = mask_places_load(page->file, &page->arena, message);
	write_view(&view, whole);
}
