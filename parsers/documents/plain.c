#include "parsers/documents/text.h"


void
plain_text_say(const struct text_target *target, struct bytes text)
{
	struct text_flow flow = { .idx = target->idx,
		.part = target->part,
		.text = text };

	if (text.n > 0)
		sink_text(target->sink, &flow);
}

/* RFC 3676 4.3: a line that ends in a space flows into the next, the
 * signature separator "-- " aside. */
static bool
is_soft(struct bytes line)
{
	return line.n > 0 && line.p[line.n - 1] == ' ' &&
	       !bytes_eq(line, BYTES_LIT("-- "));
}

static size_t
quote_depth(struct bytes line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '>')
		n++;
	return n;
}

void
flowed_text_say(const struct text_target *target, struct arena *arena,
    struct bytes text, bool delsp)
{
	struct bytes rest = text, line;
	uint8_t *out = arena_raw(arena, text.n * 2 + 2);
	size_t n = 0, lines = 1, maps = 0, depth = 0;
	struct text_map *map;
	struct text_flow flow;
	bool soft = false;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	map = arena_array(arena, lines + 1, sizeof *map);
	while (bytes_line(&rest, &line)) {
		size_t quotes = quote_depth(line), from = quotes;

		/* 4.5: another depth is another paragraph, soft or not. */
		if (soft && quotes != depth) {
			out[n++] = '\n';
			soft = false;
		}
		depth = quotes;
		/* Space-stuffing: one space before the text is not text. */
		if (from < line.n && line.p[from] == ' ')
			from++;
		map[maps++] = (struct text_map){ n,
			(size_t)(line.p - text.p) + (soft ? from : 0) };
		memcpy(out + n, line.p + (soft ? from : 0),
		    line.n - (soft ? from : 0));
		n += line.n - (soft ? from : 0);
		soft = is_soft(bytes_skip(line, from));
		if (soft && delsp)
			n--;
		else if (!soft)
			out[n++] = '\n';
	}
	/* A last line without its break gets none. */
	if (n > 0 && out[n - 1] == '\n' && text.p[text.n - 1] != '\n')
		n--;
	flow = (struct text_flow){ .idx = target->idx,
		.part = target->part,
		.text = bytes_of(out, n),
		.map = map,
		.map_count = maps };
	if (n > 0)
		sink_text(target->sink, &flow);
}
