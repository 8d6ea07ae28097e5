/* A language's file, read and held against the English one. */
#include "reports/language.h"

#include <stdio.h>
#include <stdlib.h>

#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/text.h"

enum { NAMES_MOST = 12, LANGUAGE_MOST = 16 };

struct entry {
	struct bytes key, text;
	int line;
};

struct language {
	struct arena arena;
	char file[LANGUAGE_MOST + 8];
	struct bytes language;
	struct entry *entries; /* by key */
	size_t count, room;
	struct said {
		struct bytes english, text;
	} *said;
	size_t said_count;
	int plural;
};

/* How a language counts: names for the key `language.plural`. */
static int
form_one(int64_t n)
{
	return n == 1 ? 0 : 1;
}

static int
form_none(int64_t n)
{
	(void)n;
	return 0;
}

static int
form_below_two(int64_t n)
{
	return n >= 0 && n < 2 ? 0 : 1;
}

static int
form_russian(int64_t n)
{
	if (n % 10 == 1 && n % 100 != 11)
		return 0;
	return n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1
									    : 2;
}

static int
form_polish(int64_t n)
{
	if (n == 1)
		return 0;
	return n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1
									    : 2;
}

static int
form_czech(int64_t n)
{
	return n == 1 ? 0 : n >= 2 && n <= 4 ? 1 : 2;
}

static const struct {
	const char *name;
	int forms;
	int (*form)(int64_t n);
} plurals[] = {
    {"one", 2, form_one},	      /* English, German, Spanish ... */
    {"none", 1, form_none},	      /* Japanese, Chinese ... */
    {"below-two", 2, form_below_two}, /* French, Portuguese of Brazil */
    {"russian", 3, form_russian},
    {"polish", 3, form_polish},
    {"czech", 3, form_czech},
};

enum { PLURALS = sizeof plurals / sizeof plurals[0] };

static void
complain(
    const struct language *words, int line, struct bytes key, const char *why)
{
	fprintf(stderr, "postmortem: %s:%d: '%.*s': %s\n", words->file, line,
	    (int)key.n, (const char *)key.p, why);
}

static int
entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return bytes_compare(x->key, y->key);
}

static struct entry *
entry_find(const struct language *words, struct bytes key)
{
	struct entry wanted = {.key = key};

	return bsearch(&wanted, words->entries, words->count,
	    sizeof *words->entries, entry_compare);
}

static void
entry_add(struct language *words, struct bytes key, struct bytes text, int line)
{
	if (words->count == words->room) {
		words->room = words->room ? words->room * 2 : 512;
		words->entries = realloc(
		    words->entries, words->room * sizeof *words->entries);
		if (words->entries == NULL)
			die_machine("out of memory");
	}
	words->entries[words->count++] = (struct entry){key, text, line};
}

static bool
read_line(struct language *words, struct bytes line, int number)
{
	struct bytes text = bytes_trim(line);
	size_t mark;

	if (text.n == 0 || line.p[0] == '#')
		return true;
	if (line.p[0] == ' ' || line.p[0] == '\t') {
		struct entry *last;

		if (words->count == 0)
			return false;
		last = &words->entries[words->count - 1];
		last->text = arena_printf(&words->arena, "%.*s%s%.*s",
		    (int)last->text.n, (const char *)last->text.p,
		    last->text.n ? " " : "", (int)text.n, (const char *)text.p);
		return true;
	}
	mark = bytes_find(line, BYTES_LIT(" ="));
	if (mark == SIZE_MAX)
		return false;
	entry_add(words, bytes_slice(line, 0, mark),
	    bytes_trim(bytes_skip(line, mark + 2)), number);
	return true;
}

static bool
read_all(struct language *words, struct bytes content)
{
	struct bytes rest = content, line;

	if (!text_is_utf8(content)) {
		complain(words, 1, BYTES_LIT("file"), "is not UTF-8");
		return false;
	}
	for (int number = 1; bytes_line(&rest, &line); number++)
		if (!read_line(words, line, number)) {
			complain(words, number, bytes_slice(line, 0, 40),
			    "a line is `key = text`");
			return false;
		}
	qsort(words->entries, words->count, sizeof *words->entries,
	    entry_compare);
	for (size_t i = 1; i < words->count; i++)
		if (bytes_eq(
			words->entries[i].key, words->entries[i - 1].key)) {
			complain(words, words->entries[i].line,
			    words->entries[i].key, "stands twice");
			return false;
		}
	return true;
}

/* What one text is filled with: names, and which of them choose a form. */
struct filling {
	struct bytes names[NAMES_MOST];
	size_t count;
	const char *why; /* wrong */
};

static void
filling_add(struct filling *filling, struct bytes name)
{
	for (size_t i = 0; i < filling->count; i++)
		if (bytes_eq(filling->names[i], name))
			return;
	if (filling->count == NAMES_MOST)
		filling->why = "is filled with too many things";
	else
		filling->names[filling->count++] = name;
}

static int
count_forms(struct bytes forms)
{
	struct bytes piece;
	int n = 0;

	while (bytes_cut(&forms, '|', &piece))
		n++;
	return n;
}

static struct filling
filling_of(const struct language *words, struct bytes text)
{
	struct phrase_cursor cursor = {.rest = text};
	struct filling filling = {.count = 0};
	struct phrase_piece piece;

	while (phrase_next(&cursor, &piece)) {
		if (piece.kind == PHRASE_WRONG)
			filling.why = (const char *)piece.text.p;
		if (piece.kind == PHRASE_SLOT || piece.kind == PHRASE_CHOICE)
			filling_add(&filling, piece.name);
		if (piece.kind == PHRASE_CHOICE &&
		    count_forms(piece.text) != plurals[words->plural].forms)
			filling.why = "{name?...} has not as many forms as "
				      "language.plural has";
	}
	return filling;
}

static bool
filling_eq(const struct filling *a, const struct filling *b)
{
	size_t found = 0;

	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			found += bytes_eq(a->names[i], b->names[j]);
	return a->count == b->count && found == a->count;
}

static bool
check_plural(struct language *words)
{
	struct entry *entry = entry_find(words, BYTES_LIT("language.plural"));

	for (int i = 0; entry != NULL && i < PLURALS; i++)
		if (bytes_eq(entry->text, bytes_cstr(plurals[i].name))) {
			words->plural = i;
			return true;
		}
	complain(words, entry ? entry->line : 1, BYTES_LIT("language.plural"),
	    "is not one of one, none, below-two, russian, polish, czech");
	return false;
}

/* Every text can be written, and is filled as the English one is. */
static bool
check_texts(const struct language *words, const struct language *english)
{
	bool good = true;

	for (size_t i = 0; i < words->count; i++) {
		const struct entry *entry = &words->entries[i];
		const struct entry *other = entry_find(english, entry->key);
		struct filling mine = filling_of(words, entry->text), theirs;

		if (mine.why != NULL) {
			complain(words, entry->line, entry->key, mine.why);
			good = false;
			continue;
		}
		if (other == NULL) {
			complain(words, entry->line, entry->key,
			    "the program has no such text");
			good = false;
			continue;
		}
		theirs = filling_of(english, other->text);
		if (theirs.why == NULL && !filling_eq(&mine, &theirs)) {
			complain(words, entry->line, entry->key,
			    "is filled with other {names} than in English");
			good = false;
		}
	}
	return good;
}

static bool
check_complete(const struct language *words, const struct language *english)
{
	bool good = true;

	for (size_t i = 0; i < english->count; i++) {
		if (entry_find(words, english->entries[i].key) != NULL)
			continue;
		complain(words, 0, english->entries[i].key, "is missing");
		good = false;
	}
	return good;
}

static struct language *
language_new(struct bytes language)
{
	struct language *words = calloc(1, sizeof *words);

	if (words == NULL)
		die_machine("out of memory");
	arena_init(&words->arena);
	snprintf(words->file, sizeof words->file, "%.*s.words", (int)language.n,
	    (const char *)language.p);
	words->language = arena_dup(&words->arena, language);
	return words;
}

static bool
is_language(struct bytes language)
{
	for (size_t i = 0; i < language.n; i++)
		if (!(byte_lower(language.p[i]) >= 'a' &&
			byte_lower(language.p[i]) <= 'z') &&
		    language.p[i] != '-')
			return false;
	return language.n >= 2 && language.n <= LANGUAGE_MOST;
}

/* English as the stages write it is what is compiled in. */
static void
keep_said(struct language *words, const struct language *english)
{
	if (bytes_eq(words->language, BYTES_LIT("en")))
		return;
	words->said = arena_array(
	    &words->arena, english->count, sizeof *words->said);
	for (size_t i = 0; i < english->count; i++) {
		struct bytes key = english->entries[i].key;

		if (!bytes_starts(key, BYTES_LIT("said.")))
			continue;
		words->said[words->said_count++] = (struct said){
		    arena_dup(&words->arena, english->entries[i].text),
		    entry_find(words, key)->text};
	}
}

struct language *
language_open(struct bytes language)
{
	struct language *english = language_new(BYTES_LIT("en")), *words;
	struct bytes content = BYTES_NONE;
	bool good;

	words = language_new(is_language(language) ? language : BYTES_LIT("?"));
	if (is_language(language))
		content = table_content(words->file);
	good = bytes_present(content);
	if (!good)
		fprintf(stderr,
		    "postmortem: report: language '%.*s': no words for it; "
		    "give a folder with %s.words by --rules\n",
		    (int)(language.n > 40 ? 40 : language.n),
		    (const char *)language.p, "LANGUAGE");
	good = good && read_all(english, table_built_in("en.words")) &&
	       check_plural(english) && read_all(words, content) &&
	       check_plural(words) && check_texts(words, english) &&
	       check_complete(words, english);
	if (good)
		keep_said(words, english);
	language_free(english);
	if (good)
		return words;
	language_free(words);
	return NULL;
}

void
language_free(struct language *words)
{
	arena_release(&words->arena);
	free(words->entries);
	free(words);
}

struct bytes
language_text(const struct language *words, const char *key)
{
	const struct entry *entry = entry_find(words, bytes_cstr(key));

	if (entry == NULL)
		die_machine("no words for '%s'", key);
	return entry->text;
}

struct bytes
language_word(
    const struct language *words, const char *prefix, struct bytes word)
{
	const struct entry *entry;
	char key[128];

	if (word.n == 0 || word.n > 64)
		return BYTES_NONE;
	snprintf(key, sizeof key, "%s.%.*s", prefix, (int)word.n,
	    (const char *)word.p);
	entry = entry_find(words, bytes_cstr(key));
	return entry ? entry->text : BYTES_NONE;
}

bool
language_at(const struct language *words, size_t i, struct bytes *key,
    struct bytes *text)
{
	if (i >= words->count)
		return false;
	*key = words->entries[i].key;
	*text = words->entries[i].text;
	return true;
}

bool
language_said(const struct language *words, size_t i, struct bytes *english,
    struct bytes *text)
{
	if (i >= words->said_count)
		return false;
	*english = words->said[i].english;
	*text = words->said[i].text;
	return true;
}

struct bytes
language_name(const struct language *words)
{
	return words->language;
}

int
language_form(const struct language *words, int64_t number)
{
	return plurals[words->plural].form(number < 0 ? -number : number);
}
