/* Values: compared, hashed and masked forms. */
#include <unictype.h>

#include "forensics/exposure/engine.h"
#include "parsers/base/buffer.h"
#include "parsers/base/text.h"

enum { MASK_KEEP = 4, MASK_LEAST = 9 };

#define STARS "********"

bool
is_ascii(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= 0x80)
			return false;
	return true;
}

static size_t
list_slot(struct bytes word)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < word.n; i++)
		hash = (hash ^ byte_lower(word.p[i])) * 16777619u;
	return hash % WORD_LIST_SLOTS;
}

static void
list_prepare(struct word_list *list)
{
	const char *at = list->words;

	while (*at != '\0') {
		size_t n = strcspn(at, " ");
		size_t slot = list_slot(bytes_of(at, n));

		while (list->slots[slot] != 0)
			slot = (slot + 1) % WORD_LIST_SLOTS;
		list->slots[slot] = (uint16_t)(at - list->words + 1);
		at += n;
		at += *at == ' ';
	}
	list->ready = true;
}

bool
is_listed_word(struct bytes word, struct word_list *list)
{
	size_t slot;

	if (!list->ready)
		list_prepare(list);
	if (word.n == 0 || word.n > WORD_LIST_LONGEST)
		return false;
	slot = list_slot(word);
	for (; list->slots[slot] != 0; slot = (slot + 1) % WORD_LIST_SLOTS) {
		const char *at = list->words + list->slots[slot] - 1;

		if (bytes_starts_nocase(bytes_cstr(at), word) &&
		    (at[word.n] == ' ' || at[word.n] == '\0'))
			return true;
	}
	return false;
}

/* Most text is plain: libunistring is asked for the rest alone. */
struct bytes
fold_plain(struct arena *arena, struct bytes text)
{
	uint8_t *out;

	if (!is_ascii(text))
		return text_fold_name(arena, text);
	out = arena_raw(arena, text.n + 1);
	for (size_t i = 0; i < text.n; i++)
		out[i] = byte_lower(text.p[i]);
	return bytes_of(out, text.n);
}

struct bytes
value_compact(struct arena *arena, struct bytes value)
{
	uint8_t *out = arena_raw(arena, value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < value.n; i++) {
		uint8_t c = value.p[i];

		if (is_alnum(c))
			out[n++] = c >= 'a' ? (uint8_t)(c - 32) : c;
	}
	return bytes_of(out, n);
}

static struct bytes
normalize_phone(struct arena *arena, struct bytes written)
{
	struct bytes digits = value_compact(arena, written);
	bool plus = bytes_find_byte(written, '+') != SIZE_MAX;
	size_t zero = bytes_find(written, BYTES_LIT("(0)"));

	if (plus && zero != SIZE_MAX) {
		struct bytes head =
		    value_compact(arena, bytes_slice(written, 0, zero));
		struct bytes tail =
		    value_compact(arena, bytes_skip(written, zero + 3));

		digits = arena_printf(arena, "%.*s%.*s", (int)head.n,
		    (const char *)head.p, (int)tail.n, (const char *)tail.p);
	}
	if (!plus && digits.n == 10 && check_nanp(digits))
		return arena_printf(
		    arena, "+1%.*s", 10, (const char *)digits.p);
	if (plus || (digits.n == 11 && check_nanp(digits)))
		return arena_printf(
		    arena, "+%.*s", (int)digits.n, (const char *)digits.p);
	return digits;
}

static struct bytes
normalize_date(struct arena *arena, struct bytes written)
{
	struct date date;
	size_t used;

	if (!date_read(written, &date, &used))
		return value_compact(arena, written);
	return arena_printf(
	    arena, "%04u-%02u-%02u", date.year, date.month, date.day);
}

/* Upper case words with single spaces, the usual short forms as one. */
static struct bytes
normalize_address(struct arena *arena, struct bytes written)
{
	static const char *const forms[][2] = {{"street", "st"},
	    {"avenue", "ave"}, {"road", "rd"}, {"drive", "dr"},
	    {"boulevard", "blvd"}, {"lane", "ln"}, {"court", "ct"},
	    {"apartment", "apt"}, {"suite", "ste"}, {"north", "n"},
	    {"south", "s"}, {"east", "e"}, {"west", "w"}, {"strasse", "str"}};
	struct bytes folded = text_fold_name(arena, written);
	uint8_t *out = arena_raw(arena, folded.n + 1);
	size_t n = 0, i = 0;

	while (i < folded.n) {
		struct bytes word;
		size_t from = i;

		while (i < folded.n &&
		       (is_alnum(folded.p[i]) || folded.p[i] >= 0x80))
			i++;
		word = bytes_slice(folded, from, i);
		if (word.n == 0) {
			i++;
			continue;
		}
		for (size_t k = 0; k < sizeof forms / sizeof forms[0]; k++)
			if (bytes_eq(word, bytes_cstr(forms[k][0])))
				word = bytes_cstr(forms[k][1]);
		if (n > 0)
			out[n++] = ' ';
		memcpy(out + n, word.p, word.n);
		n += word.n;
	}
	return bytes_of(out, n);
}

struct bytes
value_normalize(
    struct engine *e, const struct candidate *c, struct bytes written)
{
	if (c->normalized.n > 0)
		return c->normalized;
	if (c->detector == NULL)
		return written;
	switch (c->detector->method) {
	case METHOD_EMAIL:
		return fold_plain(e->arena, written);
	case METHOD_PHONE:
		return normalize_phone(e->arena, written);
	case METHOD_DOB:
		return normalize_date(e->arena, written);
	case METHOD_ADDRESS:
		return normalize_address(e->arena, written);
	case METHOD_TERM:
		return fold_plain(e->arena, written);
	default:
		return value_compact(e->arena, written);
	}
}

static bool
is_invisible(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200d) || c == 0x2060 ||
	       c == 0xfeff;
}

/* Stars for letters and digits, the last `keep` of them and every separator
 * as written. */
static struct bytes
mask_all_but(
    struct arena *arena, struct bytes written, size_t count, size_t keep)
{
	struct buffer out = BUFFER_EMPTY;
	struct bytes rest = written, result;
	uint32_t code;
	size_t seen = 0;

	while (rest.n > 0) {
		struct bytes before = rest;
		bool counts;

		if (!text_next(&rest, &code))
			break;
		counts =
		    code < 0x80 ? is_alnum((uint8_t)code) : uc_is_alnum(code);
		seen += counts;
		if (counts && seen + keep <= count)
			buffer_add_byte(&out, '*');
		else if (!is_invisible(code))
			buffer_add(&out, before.p, before.n - rest.n);
	}
	result = arena_dup(arena, buffer_bytes(&out));
	buffer_release(&out);
	return result;
}

static size_t
count_letters(struct bytes text)
{
	uint32_t code;
	size_t count = 0;

	while (text.n > 0 && text_next(&text, &code))
		count +=
		    code < 0x80 ? is_alnum((uint8_t)code) : uc_is_alnum(code);
	return count;
}

/* The year stays: four digits, else the two that are the year. */
static struct bytes
mask_date(struct arena *arena, struct bytes written)
{
	uint8_t *out = arena_raw(arena, written.n + 1);
	size_t from = SIZE_MAX, n = 0;

	for (size_t i = 0; i + 4 <= written.n && from == SIZE_MAX; i++) {
		size_t k = i;

		while (k < written.n && is_digit(written.p[k]))
			k++;
		if (k - i == 4)
			from = i, n = 4;
		if (k > i)
			i = k - 1;
	}
	if (from == SIZE_MAX && written.n >= 2 &&
	    is_digit(written.p[written.n - 1]) &&
	    is_digit(written.p[written.n - 2]))
		from = written.n - 2, n = 2;
	for (size_t i = 0; i < written.n; i++) {
		bool kept = from != SIZE_MAX && i >= from && i < from + n;
		bool letter = is_alnum(written.p[i]) || written.p[i] >= 0x80;

		out[i] = letter && !kept ? '*' : written.p[i];
	}
	return bytes_of(out, written.n);
}

static struct bytes
mask_email(struct arena *arena, struct bytes written)
{
	struct bytes rest = written;
	uint32_t code;
	size_t at = bytes_find_byte(written, '@');

	if (at == SIZE_MAX || !text_next(&rest, &code))
		return BYTES_LIT(STARS);
	return arena_printf(arena, "%.*s***%.*s", (int)(written.n - rest.n),
	    (const char *)written.p, (int)(written.n - at),
	    (const char *)written.p + at);
}

struct bytes
value_mask(struct arena *arena, const struct candidate *c, struct bytes written)
{
	size_t count;

	if (c->detector == NULL)
		return arena_printf(arena, "%.*s" STARS, (int)c->limit,
		    (const char *)written.p);
	if (c->detector->method == METHOD_EMAIL)
		return mask_email(arena, written);
	if (c->detector->method == METHOD_DOB)
		return mask_date(arena, written);
	count = count_letters(written);
	if (count < MASK_LEAST)
		return BYTES_LIT(STARS);
	return mask_all_but(arena, written, count, MASK_KEEP);
}
