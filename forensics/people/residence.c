#include "forensics/people/residence.h"

#include "forensics/tables.h"
#include "parsers/base/text.h"

enum { WORDS_MOST = 40 };

struct address_words {
	struct bytes word[WORDS_MOST]; /* upper-case-insensitive, as written */
	size_t count;
};

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(uint8_t c)
{
	c = byte_lower(c);
	return c >= 'a' && c <= 'z';
}

static struct address_words
split(struct bytes address)
{
	struct address_words words = { .count = 0 };
	size_t start = SIZE_MAX;

	for (size_t i = 0; i <= address.n; i++) {
		uint8_t c = i < address.n ? address.p[i] : ' ';
		bool gap = c == ' ' || c == ',' || c == ';' ||
			   (c >= 9 && c <= 13);

		if (gap && start != SIZE_MAX && words.count < WORDS_MOST)
			words.word[words.count++] = bytes_slice(address, start,
			    i);
		if (gap)
			start = SIZE_MAX;
		else if (start == SIZE_MAX)
			start = i;
	}
	return words;
}

/* "9" a digit, "A" a letter, anything else itself; whole word. */
static bool
has_shape(struct bytes word, const char *shape)
{
	if (word.n != strlen(shape))
		return false;
	for (size_t i = 0; i < word.n; i++) {
		if (shape[i] == '9' ? !is_digit(word.p[i])
		    : shape[i] == 'A' ? !is_letter(word.p[i])
				      : word.p[i] != (uint8_t)shape[i])
			return false;
	}
	return true;
}

/* The country that the last line or the last words name. */
static struct bytes
named_country(struct arena *arena, struct bytes address)
{
	struct bytes folded = bytes_trim(text_fold_name(arena, address));
	struct bytes *fields, found = BYTES_NONE;
	struct table_rows rows;
	size_t longest = 0;

	while (folded.n > 0 && folded.p[folded.n - 1] == '.')
		folded.n--;
	table_rows_open(&rows, arena, "countries.csv");
	while ((fields = table_rows_next(&rows, arena)) != NULL) {
		struct bytes name = fields[1];
		size_t at = folded.n - name.n;

		if (name.n <= longest || !bytes_ends(folded, name) ||
		    (at > 0 && folded.p[at - 1] != ' ' &&
		        folded.p[at - 1] != ','))
			continue;
		longest = name.n;
		found = fields[0];
	}
	return found;
}

static bool
is_us_zip(struct bytes word)
{
	return has_shape(word, "99999") || has_shape(word, "99999-9999");
}

/* The state's code if this word is one and the ZIP can be there. */
static struct bytes
us_state(struct arena *arena, struct bytes word, struct bytes zip)
{
	struct table_rows rows;
	struct bytes *fields;

	table_rows_open(&rows, arena, "us_zip_states.csv");
	while ((fields = table_rows_next(&rows, arena)) != NULL) {
		struct bytes prefix = bytes_slice(zip, 0, 3);

		if (bytes_eq_nocase(fields[0], word) &&
		    bytes_compare(prefix, fields[2]) >= 0 &&
		    bytes_compare(prefix, fields[3]) <= 0)
			return fields[0];
	}
	return BYTES_NONE;
}

static struct bytes
us_state_named(struct arena *arena, struct bytes address)
{
	struct bytes folded = text_fold_name(arena, address);
	struct table_rows rows;
	struct bytes *fields;

	table_rows_open(&rows, arena, "us_zip_states.csv");
	while ((fields = table_rows_next(&rows, arena)) != NULL) {
		size_t at = bytes_find(folded, fields[1]);

		if (at != SIZE_MAX && at > 0)
			return fields[0];
	}
	return BYTES_NONE;
}

static bool
is_ca_province(struct bytes word)
{
	static const char codes[] = "AB BC MB NB NL NS NT NU ON PE QC SK YT";
	struct bytes rest = BYTES_LIT(codes), code;

	while (bytes_cut(&rest, ' ', &code))
		if (bytes_eq(code, word))
			return true;
	return false;
}

static bool
is_au_state(struct bytes word)
{
	static const char codes[] = "NSW VIC QLD SA WA TAS ACT NT";
	struct bytes rest = BYTES_LIT(codes), code;

	while (bytes_cut(&rest, ' ', &code))
		if (bytes_eq(code, word))
			return true;
	return false;
}

static bool
is_uk_postcode(struct bytes outward, struct bytes inward)
{
	static const char *const shapes[] = { "A9", "A99", "AA9", "AA99",
		"A9A", "AA9A" };

	if (!has_shape(inward, "9AA"))
		return false;
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
		if (has_shape(outward, shapes[i]))
			return true;
	return false;
}

/* "D-80331", "CH-8001": a country's sign before its postcode. */
static struct bytes
signed_postcode(struct bytes word)
{
	static const struct {
		const char *shape, *code;
	} signs[] = { { "D-99999", "DE" }, { "DE-99999", "DE" },
		{ "F-99999", "FR" }, { "FR-99999", "FR" },
		{ "E-99999", "ES" }, { "ES-99999", "ES" },
		{ "I-99999", "IT" }, { "IT-99999", "IT" },
		{ "CH-9999", "CH" }, { "A-9999", "AT" }, { "AT-9999", "AT" },
		{ "B-9999", "BE" }, { "BE-9999", "BE" }, { "L-9999", "LU" },
		{ "DK-9999", "DK" }, { "NO-9999", "NO" } };

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		struct bytes shape = bytes_cstr(signs[i].shape);
		size_t dash = bytes_find_byte(shape, '-');

		if (bytes_starts(word, bytes_slice(shape, 0, dash + 1)) &&
		    has_shape(bytes_skip(word, dash + 1),
			signs[i].shape + dash + 1))
			return bytes_cstr(signs[i].code);
	}
	return BYTES_NONE;
}

static struct residence
by_shape(const struct address_words *w)
{
	bool zip = false; /* "Apt B-1234, Springfield, IL 62701" */

	for (size_t i = 0; i < w->count; i++)
		zip |= is_us_zip(w->word[i]);
	for (size_t i = 0; i < w->count; i++) {
		struct bytes a = w->word[i];
		struct bytes b = i + 1 < w->count ? w->word[i + 1]
						  : BYTES_LIT("");

		if (!zip && signed_postcode(a).n > 0)
			return (struct residence){ signed_postcode(a), true };
		if (is_uk_postcode(a, b))
			return (struct residence){ BYTES_LIT("UK"), true };
		if (has_shape(a, "A9A") && has_shape(b, "9A9"))
			return (struct residence){ BYTES_LIT("CA"), true };
		if (is_au_state(a) && has_shape(b, "9999"))
			return (struct residence){ BYTES_LIT("AU"), true };
		if (has_shape(a, "9999") && has_shape(b, "AA") &&
		    b.p[0] < 'a')
			return (struct residence){ BYTES_LIT("NL"), true };
		if (has_shape(a, "9999-999"))
			return (struct residence){ BYTES_LIT("PT"), true };
		if (has_shape(a, "99-999"))
			return (struct residence){ BYTES_LIT("PL"), true };
	}
	return (struct residence){ BYTES_LIT(""), false };
}

/* ", ON" at the end, without any postcode: "London, ON". */
static bool
ends_in_province(const struct address_words *w)
{
	return w->count >= 2 && is_ca_province(w->word[w->count - 1]);
}

static struct bytes
us_by_zip(struct arena *arena, const struct address_words *w)
{
	for (size_t i = w->count; i-- > 1;)
		if (is_us_zip(w->word[i]) && w->word[i - 1].n == 2) {
			struct bytes state = us_state(arena, w->word[i - 1],
			    w->word[i]);

			if (state.n > 0)
				return state;
		}
	return BYTES_NONE;
}

static struct bytes
us_code(struct arena *arena, struct bytes state)
{
	return arena_printf(arena, "US-%.*s", (int)state.n,
	    (const char *)state.p);
}

struct residence
residence_of(struct arena *arena, struct bytes address)
{
	struct address_words words = split(address);
	struct bytes country = named_country(arena, address);
	struct bytes state = us_by_zip(arena, &words);
	struct residence shape;

	if (country.n > 0 && !bytes_eq(country, BYTES_LIT("US")))
		return (struct residence){ country, false };
	if (country.n > 0) {
		if (state.n == 0)
			state = us_state_named(arena, address);
		return (struct residence){
			state.n > 0 ? us_code(arena, state) : country, false
		};
	}
	shape = by_shape(&words);
	if (shape.code.n > 0)
		return shape;
	if (state.n > 0)
		return (struct residence){ us_code(arena, state), false };
	if (ends_in_province(&words))
		return (struct residence){ BYTES_LIT("CA"), false };
	if (words.count > 0 && is_us_zip(words.word[words.count - 1])) {
		state = us_state_named(arena, address);
		if (state.n > 0)
			return (struct residence){ us_code(arena, state),
				false };
	}
	return shape;
}

struct bytes
residence_of_state(struct arena *arena, struct bytes text)
{
	struct bytes state = bytes_trim(text), zip = BYTES_NONE;
	struct bytes folded;
	size_t at = bytes_find_byte(state, ' ');
	struct table_rows rows;
	struct bytes *fields;

	if (at != SIZE_MAX && is_us_zip(bytes_trim(bytes_skip(state, at)))) {
		zip = bytes_trim(bytes_skip(state, at));
		state = bytes_slice(state, 0, at);
	}
	if (zip.n > 0)
		state = us_state(arena, state, zip);
	folded = text_fold_name(arena, state);
	table_rows_open(&rows, arena, "us_zip_states.csv");
	while (folded.n > 0 &&
	       (fields = table_rows_next(&rows, arena)) != NULL)
		if (bytes_eq_nocase(fields[0], state) ||
		    bytes_eq(fields[1], folded))
			return us_code(arena, fields[0]);
	return BYTES_LIT("");
}

bool
residence_in_eu(struct bytes code)
{
	struct table_rows rows;
	struct bytes *fields;
	struct arena arena;
	bool found = false;

	arena_init(&arena);
	table_rows_open(&rows, &arena, "countries.csv");
	while (!found && (fields = table_rows_next(&rows, &arena)) != NULL)
		found = bytes_eq(fields[0], code) &&
			bytes_eq(fields[2], BYTES_LIT("yes"));
	arena_release(&arena);
	return found;
}
