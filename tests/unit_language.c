/* The report's words: what a language's file may be, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "forensics/tables.h"
#include "parsers/base/buffer.h"
#include "reports/language.h"
#include "reports/sentence.h"

static char folder[64];

static int
set_up(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/unit_language.%d", getpid());
	return mkdir(folder, 0700);
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command);
}

/* English as qq.words, with `from` replaced by `to` once. */
static struct language *
open_changed(const char *from, const char *to)
{
	struct bytes english = table_built_in("en.words");
	size_t at = bytes_find(english, bytes_cstr(from));
	char path[96];
	FILE *out;

	assert_int_not_equal(at, SIZE_MAX);
	snprintf(path, sizeof path, "%s/qq.words", folder);
	out = fopen(path, "w");
	fwrite(english.p, 1, at, out);
	fputs(to, out);
	fwrite(english.p + at + strlen(from), 1,
	    english.n - at - strlen(from), out);
	fclose(out);
	assert_int_equal(tables_replace(folder), 0);
	return language_open(BYTES_LIT("qq"));
}

static void
expect_refused(const char *from, const char *to)
{
	struct language *language = open_changed(from, to);

	if (language != NULL)
		fail_msg("'%s' passed", to);
}

static void
test_built_in(void **state)
{
	static const char *const names[] = {"en", "fr"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct language *language =
		    language_open(bytes_cstr(names[i]));

		assert_non_null(language);
		language_free(language);
	}
}

static void
test_added(void **state)
{
	struct language *language =
	    open_changed("nav.index = Summary", "nav.index = Qq");

	(void)state;
	assert_non_null(language);
	assert_true(bytes_eq(
	    language_text(language, "nav.index"), BYTES_LIT("Qq")));
	assert_true(bytes_eq(language_name(language), BYTES_LIT("qq")));
	language_free(language);
}

static void
test_refused(void **state)
{
	(void)state;
	expect_refused("nav.index = Summary", "");
	expect_refused("nav.index = Summary",
	    "nav.index = Summary\nnav.other = x");
	expect_refused("nav.index = Summary",
	    "nav.index = Summary\nnav.index = x");
	expect_refused("nav.index = Summary", "nav.index = {n}");
	expect_refused("due.counted = Counted from the discovery on "
		       "{discovered}.", "due.counted = Counted.");
	expect_refused("language.plural = one", "language.plural = two");
	expect_refused("language.plural = one", "language.plural = none");
	expect_refused("(method.html#limits)", "(http://x.example/)");
	expect_refused("(method.html#limits)", "(javascript:x)");
	expect_refused("(method.html#limits)", "(../x.html)");
	expect_refused("(method.html#limits)", "(//x)");
	expect_refused("[limits](", "limits](");
	expect_refused("**UNMASKED**", "**UNMASKED");
	expect_refused("`custody.jsonl` of", "`custody.jsonl of");
	expect_refused("nav.index = Summary", "nav.index = a } b");
	expect_refused("nav.index = Summary", "nav.index = { b");
	expect_refused("nav.index = Summary", "nav.index = {A}");
	expect_refused("nav.index = Summary", "nav.index Summary");
	expect_refused("nav.index = Summary", "nav.index = \xff");
	expect_refused("# The report's words", "\tThe report's words");
	assert_null(language_open(BYTES_LIT("zz")));
	assert_null(language_open(BYTES_LIT("")));
	assert_null(language_open(BYTES_LIT("../en")));
}

static void
expect_forms(const char *plural, const int64_t *numbers, const int *forms,
    size_t count)
{
	char line[64];
	struct language *language;

	/* Languages of two forms can stand in for English. */
	snprintf(line, sizeof line, "language.plural = %s", plural);
	language = open_changed("language.plural = one", line);
	assert_non_null(language);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(
		    language_form(language, numbers[i]), forms[i]);
	language_free(language);
}

static void
test_plural(void **state)
{
	static const int64_t numbers[] = {0, 1, 2, 11, 21};

	(void)state;
	expect_forms("one", numbers, (int[]){1, 0, 1, 1, 1}, 5);
	expect_forms("below-two", numbers, (int[]){0, 0, 1, 1, 1}, 5);
}

static void
test_pieces(void **state)
{
	struct phrase_cursor cursor = {
	    .rest = BYTES_LIT("a {n?one|many} [{n} b](c.html#d) `e`**f**")};
	static const struct {
		enum phrase_kind kind;
		const char *name, *text;
	} wanted[] = {
	    {PHRASE_TEXT, "", "a "},
	    {PHRASE_CHOICE, "n", "one|many"},
	    {PHRASE_TEXT, "", " "},
	    {PHRASE_LINK, "", "c.html#d"},
	    {PHRASE_SLOT, "n", ""},
	    {PHRASE_TEXT, "", " b"},
	    {PHRASE_LINK_END, "", ""},
	    {PHRASE_TEXT, "", " "},
	    {PHRASE_CODE, "", ""},
	    {PHRASE_TEXT, "", "e"},
	    {PHRASE_CODE_END, "", ""},
	    {PHRASE_STRONG, "", ""},
	    {PHRASE_TEXT, "", "f"},
	    {PHRASE_STRONG_END, "", ""},
	};
	struct phrase_piece piece;

	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		assert_true(phrase_next(&cursor, &piece));
		assert_int_equal(piece.kind, wanted[i].kind);
		assert_true(bytes_eq(piece.name, bytes_cstr(wanted[i].name)));
		assert_true(bytes_eq(piece.text, bytes_cstr(wanted[i].text)));
	}
	assert_false(phrase_next(&cursor, &piece));
	assert_true(bytes_eq(
	    phrase_choose(BYTES_LIT("one|many"), 0), BYTES_LIT("one")));
	assert_true(bytes_eq(
	    phrase_choose(BYTES_LIT("one|many"), 1), BYTES_LIT("many")));
}

static void
expect_sentence(const struct language *language, const char *english,
    const char *text, size_t count, const char *last)
{
	struct sentence sentence;

	if (!sentence_find(language, bytes_cstr(english), &sentence))
		fail_msg("'%s' is not known", english);
	if (!bytes_starts(sentence.text, bytes_cstr(text)))
		fail_msg("'%s' gives '%.*s'", english, (int)sentence.text.n,
		    (const char *)sentence.text.p);
	assert_int_equal(sentence.count, count);
	if (count > 0)
		assert_true(bytes_eq(
		    sentence.values[count - 1], bytes_cstr(last)));
}

/* The case's English sentences are found again, the longest first. */
static void
test_sentences(void **state)
{
	struct language *french = language_open(BYTES_LIT("fr"));
	struct language *english = language_open(BYTES_LIT("en"));
	struct sentence sentence;

	(void)state;
	expect_sentence(french, "Send of 2023-05-30T16:00:00Z names this "
				"message", "{operation} du {time}", 2,
	    "2023-05-30T16:00:00Z");
	expect_sentence(french, "Move of T names this message (the operation "
				"failed)", "{operation} du {time} d", 2, "T");
	expect_sentence(french, "2 records; the first: Send of T names this "
				"message", "{n} entr", 2,
	    "Send of T names this message");
	expect_sentence(french, "after the last Exchange record", "apr", 0, "");
	expect_sentence(french, "address 192.0.2.1", "adresse {value}", 1,
	    "192.0.2.1");
	assert_false(sentence_find(
	    french, BYTES_LIT("Send of today names this message!"), &sentence));
	assert_false(sentence_find(french, BYTES_LIT(""), &sentence));
	assert_false(sentence_find(
	    french, BYTES_LIT(" names this message"), &sentence));
	assert_false(sentence_find(
	    english, BYTES_LIT("after the last Exchange record"), &sentence));
	language_free(french);
	language_free(english);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_built_in),
	    cmocka_unit_test(test_added),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_plural),
	    cmocka_unit_test(test_pieces),
	    cmocka_unit_test(test_sentences),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
