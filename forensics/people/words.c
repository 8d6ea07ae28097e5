#include "forensics/people/words.h"

#include <stdlib.h>

#include "parsers/base/buffer.h"
#include "parsers/base/die.h"

static size_t
place_of(const struct word_set *set, struct bytes word)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (bytes_compare(set->list[middle], word) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
words_add(struct word_set *set, struct bytes word)
{
	size_t at = place_of(set, word);

	if (word.n == 0 ||
	    (at < set->count && bytes_eq(set->list[at], word)))
		return;
	if (set->count == set->room) {
		set->room = set->room ? set->room * 2 : 8;
		set->list = realloc(set->list, set->room * sizeof *set->list);
		if (set->list == NULL)
			die_machine("out of memory");
	}
	memmove(&set->list[at + 1], &set->list[at],
	    (set->count - at) * sizeof *set->list);
	set->list[at] = word;
	set->count++;
}

void
words_release(struct word_set *set)
{
	free(set->list);
	*set = (struct word_set){ NULL, 0, 0 };
}

static void
add_quoted(struct buffer *out, struct bytes word)
{
	buffer_add_byte(out, '"');
	for (size_t i = 0; i < word.n; i++) {
		uint8_t c = word.p[i];

		if (c == '"' || c == '\\')
			buffer_add_byte(out, '\\');
		if (c < 0x20)
			buffer_printf(out, "\\u%04x", c);
		else
			buffer_add_byte(out, c);
	}
	buffer_add_byte(out, '"');
}

struct bytes
words_json(struct arena *arena, const struct word_set *set)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes result;

	buffer_add_byte(&out, '[');
	for (size_t i = 0; i < set->count; i++) {
		if (i > 0)
			buffer_add_byte(&out, ',');
		add_quoted(&out, set->list[i]);
	}
	buffer_add_byte(&out, ']');
	result = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return result;
}
