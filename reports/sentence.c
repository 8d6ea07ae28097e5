#include "reports/sentence.h"

/* These hold anything; all other names one word. */
static bool
is_free(struct bytes name)
{
	static const char *const names[] = {"what", "value", "mailbox"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (bytes_eq(name, bytes_cstr(names[i])))
			return true;
	return false;
}

bool
sentence_is_inner(struct bytes name)
{
	return bytes_eq(name, BYTES_LIT("what"));
}

static bool
add_value(struct sentence *sentence, struct bytes name, struct bytes value)
{
	if (value.n == 0 || sentence->count == SENTENCE_SLOTS)
		return false;
	if (!is_free(name) && bytes_find_byte(value, ' ') != SIZE_MAX)
		return false;
	sentence->names[sentence->count] = name;
	sentence->values[sentence->count++] = value;
	return true;
}

/* How much of the pattern was literal; 0: no match. */
static size_t
match(struct bytes pattern, struct bytes text, struct sentence *sentence)
{
	struct phrase_cursor cursor = {.rest = pattern};
	struct phrase_piece piece;
	struct bytes open = BYTES_NONE; /* a slot whose end is not known */
	size_t literal = 0;

	sentence->count = 0;
	while (phrase_next(&cursor, &piece)) {
		size_t at;

		if (piece.kind == PHRASE_SLOT) {
			open = piece.name;
			continue;
		}
		at = bytes_find(text, piece.text);
		if (piece.kind != PHRASE_TEXT || at == SIZE_MAX)
			return 0;
		if (cursor.rest.n == 0) /* the last piece ends the text */
			at = text.n - piece.text.n;
		if (open.n == 0 ? at != 0
				: !add_value(sentence, open,
				      bytes_slice(text, 0, at)))
			return 0;
		if (!bytes_starts(bytes_skip(text, at), piece.text))
			return 0;
		open = BYTES_NONE;
		text = bytes_skip(text, at + piece.text.n);
		literal += piece.text.n;
	}
	if (open.n > 0 ? !add_value(sentence, open, text) : text.n > 0)
		return 0;
	return literal;
}

bool
sentence_find(const struct language *language, struct bytes english,
    struct sentence *sentence)
{
	struct bytes pattern, text;
	size_t best = 0;

	for (size_t i = 0; language_said(language, i, &pattern, &text); i++) {
		struct sentence one;
		size_t literal = match(pattern, english, &one);

		if (literal <= best)
			continue;
		best = literal;
		*sentence = one;
		sentence->text = text;
	}
	return best > 0;
}
