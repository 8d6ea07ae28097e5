#include "forensics/ingest/worker_text.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"

void
worker_text_begin(struct worker_text *kept)
{
	kept->count = 0;
}

/* Few messages an item: the last one is asked for most. */
static struct kept_text *
text_of(struct worker_text *kept, int64_t idx)
{
	struct kept_text *one;

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
	buffer_reset(&one->text);
	return one;
}

/* Cut before a character that does not fit whole. */
static void
add(struct kept_text *one, struct bytes text)
{
	size_t room = LIMIT_KEPT_TEXT - one->text.n, n = text.n;

	if (one->cut)
		return;
	if (n > room) {
		one->cut = true;
		for (n = room; n > 0 && (text.p[n] & 0xc0) == 0x80; n--)
			continue;
	}
	buffer_add(&one->text, text.p, n);
}

static bool
is_body(struct bytes part)
{
	return !bytes_starts(part, BYTES_LIT("headers/")) &&
	       bytes_find(part, BYTES_LIT("attachment=")) == SIZE_MAX &&
	       bytes_find(part, BYTES_LIT("/member=")) == SIZE_MAX &&
	       bytes_find(part, BYTES_LIT("/sheet=")) == SIZE_MAX;
}

void
worker_text_flow(struct worker_text *kept, const struct text_flow *flow)
{
	struct kept_text *one = text_of(kept, flow->idx);

	if (!is_body(flow->part))
		return;
	if (one->text.n > 0)
		add(one, BYTES_LIT("\n"));
	add(one, flow->text);
}

void
worker_text_row(struct worker_text *kept, const struct text_row *row)
{
	struct kept_text *one = text_of(kept, row->idx);

	if (!is_body(row->part))
		return;
	for (size_t i = 0; i < row->count; i++) {
		if (one->text.n > 0)
			add(one, i ? BYTES_LIT(" ") : BYTES_LIT("\n"));
		add(one, row->cells[i].text);
	}
}

void
worker_text_say(const struct worker_text *kept, struct sink *sink)
{
	for (size_t i = 0; i < kept->count; i++) {
		struct record_text record;

		record_clear(RECORD_KIND_TEXT, &record);
		record.idx = kept->list[i].idx;
		record.text = buffer_bytes(&kept->list[i].text);
		record.whole = !kept->list[i].cut;
		sink_record(sink, RECORD_KIND_TEXT, &record);
	}
}
