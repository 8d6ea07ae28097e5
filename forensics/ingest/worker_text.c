#include "forensics/ingest/worker_text.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"

/* Memory of one long message is given back, of usual ones kept. */
enum { HOLD = 256 * 1024, HOLD_MESSAGES = 16 };

static void
give_back(struct buffer *buffer)
{
	buffer_release(buffer);
	*buffer = BUFFER_EMPTY;
}

void
worker_text_begin(struct worker_text *kept)
{
	for (size_t i = 0; i < kept->count; i++)
		if (i >= HOLD_MESSAGES || kept->list[i].pieces.room > HOLD)
			give_back(&kept->list[i].pieces);
	if (kept->packed.room > HOLD)
		give_back(&kept->packed);
	kept->count = 0;
	kept->bytes = 0;
}

/* Few messages an item: the last one is asked for most. */
static struct kept_message *
message_of(struct worker_text *kept, int64_t idx)
{
	struct kept_message *one;

	for (size_t i = kept->count; i > 0; i--)
		if (kept->list[i - 1].idx == idx)
			return &kept->list[i - 1];
	if (kept->count == kept->room) {
		size_t room = kept->room ? kept->room * 2 : 8;

		kept->list = realloc(kept->list, room * sizeof *kept->list);
		if (kept->list == NULL)
			die_machine("out of memory");
		memset(kept->list + kept->room, 0,
		    (room - kept->room) * sizeof *kept->list);
		kept->room = room;
	}
	one = &kept->list[kept->count++];
	one->idx = idx;
	one->cut = false;
	one->bytes = 0;
	buffer_reset(&one->pieces);
	buffer_reset(&one->part);
	return one;
}

/* What of the text still fits, cut before a character that does not fit
 * whole; what comes after a cut is left out. */
static struct bytes
fitting(struct worker_text *kept, struct kept_message *one, struct bytes text)
{
	size_t room = LIMIT_KEPT_TEXT - one->bytes, n = text.n;

	if (kept->bytes >= LIMIT_KEPT_ITEM)
		room = 0;
	else if (room > LIMIT_KEPT_ITEM - kept->bytes)
		room = LIMIT_KEPT_ITEM - kept->bytes;
	if (one->cut)
		n = 0;
	else if (n > room)
		for (n = room; n > 0 && (text.p[n] & 0xc0) == 0x80; n--)
			continue;
	if (n < text.n)
		one->cut = true;
	one->bytes += n;
	return bytes_slice(text, 0, n);
}

/* What a piece takes besides its text, at most: kind, lengths, row, pairs. */
static size_t
overhead(const struct kept_piece *piece, size_t map_count)
{
	return 64 + piece->part.n + piece->column.n + map_count * 20;
}

static void
add(struct worker_text *kept, struct kept_message *one,
    struct kept_piece *piece, const struct text_map *map, size_t map_count)
{
	bool first = one->pieces.n == 0;
	bool same = !first &&
		    bytes_eq(buffer_bytes(&one->part), piece->part);
	size_t before = one->pieces.n;
	bool full;

	piece->text = fitting(kept, one, piece->text);
	while (map_count > 0 && map[map_count - 1].text >= piece->text.n)
		map_count--;
	/* Empty cells and offsets by the million. */
	full = before + piece->text.n + overhead(piece, map_count) >
	       LIMIT_KEPT_UNPACKED;
	one->cut |= full;
	if (full || (one->cut && piece->text.n == 0))
		return;
	_Static_assert(sizeof *map == sizeof(struct kept_offset_pair),
	    "both are a text and a part offset");
	kept_piece_add(&one->pieces, piece, same,
	    (const struct kept_offset_pair *)(const void *)map, map_count);
	kept->bytes += one->pieces.n - before;
	if (same)
		return;
	buffer_reset(&one->part);
	buffer_add_bytes(&one->part, piece->part);
}

void
worker_text_message(struct worker_text *kept, int64_t idx)
{
	message_of(kept, idx);
}

void
worker_text_headers(struct worker_text *kept, int64_t idx, struct bytes text)
{
	struct kept_piece piece = { .kind = KEPT_HEADERS,
		.part = BYTES_LIT(""), .text = text };

	add(kept, message_of(kept, idx), &piece, NULL, 0);
}

void
worker_text_flow(struct worker_text *kept, const struct text_flow *flow)
{
	struct kept_message *one = message_of(kept, flow->idx);
	struct kept_piece piece = { .kind = KEPT_FLOW,
		.hidden = flow->hidden,
		.part = flow->part,
		.text = flow->text };

	if (flow->body)
		add(kept, one, &piece, flow->map, flow->map_count);
}

void
worker_text_row(struct worker_text *kept, const struct text_row *row)
{
	struct kept_message *one = message_of(kept, row->idx);

	for (size_t i = 0; i < row->count && row->body; i++) {
		struct kept_piece piece = { .kind = KEPT_CELL,
			.hidden = row->hidden,
			.part = row->part,
			.row = row->row,
			.column = row->cells[i].column,
			.text = row->cells[i].text };

		add(kept, one, &piece, NULL, 0);
	}
}

void
worker_text_say(struct worker_text *kept, struct sink *sink)
{
	for (size_t i = 0; i < kept->count; i++) {
		struct record_text record;

		record_clear(RECORD_KIND_TEXT, &record);
		buffer_reset(&kept->packed);
		kept_pack(buffer_bytes(&kept->list[i].pieces),
		    &kept->packed);
		record.idx = kept->list[i].idx;
		record.packed = buffer_bytes(&kept->packed);
		record.whole = !kept->list[i].cut;
		sink_record(sink, RECORD_KIND_TEXT, &record);
	}
}
