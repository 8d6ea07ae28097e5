#include "forensics/people/name.h"

#include "forensics/tables.h"
#include "parsers/base/text.h"

static bool
is_one_of(struct bytes word, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (bytes_eq(word, bytes_cstr(list[i])))
			return true;
	return false;
}

static bool
is_title(struct bytes word)
{
	static const char *const titles[] = { "mr", "mrs", "ms", "miss", "dr",
		"prof", "professor", "sir", "dame", "lord", "lady", "rev",
		"herr", "frau", "mme", "mlle", "sra", "srta",
		"capt", "col", "gen", "lt", "sgt", "hon", NULL };

	return is_one_of(word, titles);
}

static bool
is_suffix(struct bytes word)
{
	static const char *const suffixes[] = { "jr", "sr", "ii", "iii", "iv",
		NULL };

	return is_one_of(word, suffixes);
}

/* Without the dots and commas around it. */
static struct bytes
bare(struct bytes word)
{
	while (word.n > 0 && (word.p[word.n - 1] == '.' ||
	                         word.p[word.n - 1] == ',' ||
	                         word.p[word.n - 1] == ';'))
		word.n--;
	while (word.n > 0 && (word.p[0] == '"' || word.p[0] == '\'' ||
	                         word.p[0] == '(')) {
		word.p++;
		word.n--;
	}
	while (word.n > 0 && (word.p[word.n - 1] == '"' ||
	                         word.p[word.n - 1] == '\'' ||
	                         word.p[word.n - 1] == ')'))
		word.n--;
	return word;
}

static void
add_words(struct name *name, struct bytes folded)
{
	struct bytes word;

	while (bytes_cut(&folded, ' ', &word)) {
		word = bare(word);
		if (word.n == 0)
			continue;
		if (is_suffix(word) && name->count > 0) {
			name->suffix = word;
			continue;
		}
		if (name->count == 0 && is_title(word))
			continue;
		if (name->count == NAME_WORDS)
			name->count--;
		name->word[name->count++] = word;
	}
}

struct name
name_parse(struct arena *arena, struct bytes text)
{
	struct name name = { .count = 0 };
	struct bytes folded = text_fold_name(arena, bytes_trim(text));
	size_t comma = bytes_find_byte(folded, ',');
	struct bytes after = BYTES_NONE;

	if (comma != SIZE_MAX) {
		after = bytes_trim(bytes_skip(folded, comma + 1));
		folded = bytes_slice(folded, 0, comma);
	}
	/* "Last, First" unless what follows is only a suffix. */
	if (after.n > 0 && !is_suffix(bare(after))) {
		add_words(&name, after);
		add_words(&name, folded);
	} else {
		add_words(&name, folded);
		add_words(&name, after);
	}
	return name;
}

bool
name_is_full(const struct name *name)
{
	return name->count >= 2 && name->word[0].n > 1;
}

/* The table, read once: names are compared in every pair of persons. */
struct nicknames {
	struct arena arena;
	struct bytes (*pairs)[2];
	size_t count;
};

static const struct nicknames *
nicknames_in_force(void)
{
	static struct nicknames list;
	struct table_rows rows;
	struct bytes *fields;
	size_t room = 1;

	if (list.pairs != NULL)
		return &list;
	arena_init(&list.arena);
	table_rows_open(&rows, &list.arena, "nicknames.csv");
	for (size_t i = 0; i < rows.rest.n; i++)
		room += rows.rest.p[i] == '\n';
	list.pairs = arena_array(&list.arena, room, sizeof *list.pairs);
	while (list.count < room &&
	       (fields = table_rows_next(&rows, &list.arena)) != NULL) {
		list.pairs[list.count][0] = fields[0];
		list.pairs[list.count++][1] = fields[1];
	}
	return &list;
}

static bool
is_listed(struct bytes a, struct bytes b)
{
	const struct nicknames *list = nicknames_in_force();

	for (size_t i = 0; i < list->count; i++) {
		const struct bytes *pair = list->pairs[i];

		if ((bytes_eq(pair[0], a) && bytes_eq(pair[1], b)) ||
		    (bytes_eq(pair[0], b) && bytes_eq(pair[1], a)))
			return true;
	}
	return false;
}

static bool
is_initial_of(struct bytes a, struct bytes b)
{
	return (a.n == 1 && b.n > 0 && a.p[0] == b.p[0]) ||
	       (b.n == 1 && a.n > 0 && a.p[0] == b.p[0]);
}

static enum name_match
compare_given(struct bytes a, struct bytes b)
{
	if (bytes_eq(a, b))
		return NAME_EXACT;
	if (is_initial_of(a, b))
		return NAME_COMPATIBLE;
	return is_listed(a, b) ? NAME_NICKNAME : NAME_DIFFERENT;
}

static bool
has_hyphen_part(struct bytes whole, struct bytes part)
{
	struct bytes piece;

	if (bytes_find_byte(whole, '-') == SIZE_MAX)
		return false;
	while (bytes_cut(&whole, '-', &piece))
		if (bytes_eq(piece, part))
			return true;
	return false;
}

static enum name_match
compare_surname(struct bytes a, struct bytes b)
{
	if (bytes_eq(a, b))
		return NAME_EXACT;
	if (has_hyphen_part(a, b) || has_hyphen_part(b, a))
		return NAME_COMPATIBLE;
	return NAME_DIFFERENT;
}

static enum name_match
weaker(enum name_match a, enum name_match b)
{
	return a > b ? a : b;
}

/* Middle names: both given must agree word by word; one without them is
 * compatible. */
static enum name_match
compare_middle(const struct name *a, const struct name *b)
{
	size_t in_a = a->count - 2, in_b = b->count - 2;
	enum name_match match = NAME_EXACT;

	if (in_a == 0 && in_b == 0)
		return NAME_EXACT;
	if (in_a == 0 || in_b == 0)
		return NAME_COMPATIBLE;
	if (in_a != in_b)
		return NAME_DIFFERENT;
	for (size_t i = 1; i <= in_a; i++)
		match = weaker(match, compare_given(a->word[i], b->word[i]));
	return match;
}

enum name_match
name_compare(const struct name *a, const struct name *b)
{
	enum name_match match;

	if (a->count == 0 || b->count == 0)
		return NAME_DIFFERENT;
	if (a->suffix.n > 0 && b->suffix.n > 0 &&
	    !bytes_eq(a->suffix, b->suffix))
		return NAME_DIFFERENT;
	match = compare_surname(a->word[a->count - 1], b->word[b->count - 1]);
	if (match == NAME_DIFFERENT)
		return match;
	if (a->count == 1 || b->count == 1)
		return a->count == b->count ? match : NAME_COMPATIBLE;
	match = weaker(match, compare_given(a->word[0], b->word[0]));
	return weaker(match, compare_middle(a, b));
}

enum name_match
name_compare_strictly(const struct name *a, const struct name *b)
{
	if ((a->suffix.n > 0) != (b->suffix.n > 0))
		return NAME_DIFFERENT;
	return name_compare(a, b);
}
