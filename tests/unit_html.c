/* HTML to text, rows and hidden text, with places in the source. */
#include "tests/support_check.h"

#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/documents/html_entities.h"
#include "parsers/documents/text.h"
#include "tests/support_sink.h"

static struct kept kept;

static void
read_html(struct bytes html)
{
	struct text_target target = { .sink = &kept.sink,
		.part = BYTES_LIT("1") };

	kept_release(&kept);
	kept_init(&kept);
	target.sink = &kept.sink;
	html_text_say(&target, &kept.arena, html);
}

static struct bytes
shown(const char *html)
{
	struct bytes text;

	read_html(bytes_cstr(html));
	text = kept_text(&kept, 0, "1", false);
	return text.p ? bytes_trim(text) : BYTES_LIT("");
}

static struct bytes
hidden(const char *html)
{
	struct bytes text;

	read_html(bytes_cstr(html));
	text = kept_text(&kept, 0, "1", true);
	return text.p ? bytes_trim(text) : BYTES_LIT("");
}

static void
test_flow(void **state)
{
	(void)state;
	assert_text(shown("a <b>b</b>old <i>x</i>"), "a bold x");
	assert_text(shown("12<b>3</b>-45<span>-</span>6789"), "123-45-6789");
	assert_text(shown("a\r\n\t b&nbsp;c"), "a b\u00a0c");
	assert_text(shown("<p>a</p><p>b</p>"), "a\n\nb");
	assert_text(shown("a<br>b<br/>c"), "a\nb\nc");
	assert_text(shown("<ul><li>a<li>b</ul>c"), "a\nb\n\nc");
	assert_text(shown("<div>a<div>b</div></div>c"), "a\n\nb\n\nc");
	assert_text(shown(""), "");
	assert_text(shown("<p></p><br>"), "");
}

static void
test_entities(void **state)
{
	(void)state;
	assert_text(shown("&lt;&amp;&gt;&quot;&eacute;&euro;&#65;&#x42;"),
	    "<&>\"\u00e9\u20acAB");
	/* C1 numbers are windows-1252's. */
	assert_text(shown("&#146;&#x80;"), "\u2019\u20ac");
	assert_text(shown("&nbsp x &#67 &amp"), "\u00a0 x C &");
	assert_text(shown("&; &x; &#; &#x; &unknown; a&b &eacute x"),
	    "&; &x; &#; &#x; &unknown; a&b &eacute x");
	assert_text(shown("&#0; &#xd800; &#x110000; &#99999999999;"),
	    "&#0; &#xd800; &#x110000; &#99999999999;");
	assert_text(shown("&#x10ffff;"), "\U0010ffff");
}

static void
test_hidden(void **state)
{
	(void)state;
	assert_text(hidden("a<!-- note -->b"), "note");
	assert_text(shown("a<!-- note -->b"), "ab");
	assert_text(hidden("<style>p{x:y}</style>"), "p{x:y}");
	assert_text(hidden("<script>if (a<b) s = \"it's\"</script>c"),
	    "if (a<b) s = \"it's\"");
	assert_text(shown("<script>if (a<b) s = \"it's\"</script>c"), "c");
	assert_text(hidden("<div style='color:red;DISPLAY : None'>x<div>y"
			   "</div>z</div>w"), "x\ny\nz");
	assert_text(shown("<div style='display:none'>x<div>y</div>z</div>w"),
	    "w");
	assert_text(shown("<p style='display:block'>x"), "x");
	assert_text(hidden("<!-- never closed"), "never closed");
	assert_text(hidden("<script>never closed"), "never closed");
	assert_text(shown("<img style='display:none'>x"), "x");
}

static void
expect_row(size_t i, const char *part, const char *cells)
{
	char text[400] = "";

	assert_true(i < kept.row_count);
	for (size_t k = 0; k < kept.rows[i].count; k++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
		    "[%.*s:%.*s]", (int)kept.rows[i].cells[k].column.n,
		    (const char *)kept.rows[i].cells[k].column.p,
		    (int)kept.rows[i].cells[k].text.n,
		    (const char *)kept.rows[i].cells[k].text.p);
	assert_text(kept.rows[i].part, part);
	assert_string_equal(text, cells);
}

static void
test_tables(void **state)
{
	(void)state;
	read_html(BYTES_LIT("x<table><tr><th>Name<th>SSN</tr>"
			    "<tr><td>Jo <b>Doe</b></td><td>1<br>2</td></tr>"
			    "</table>y"));
	assert_int_equal(kept.row_count, 2);
	expect_row(0, "1/table=1", "[1:Name][2:SSN]");
	assert_true(kept.rows[0].header);
	expect_row(1, "1/table=1", "[1:Jo Doe][2:1\n2]");
	assert_false(kept.rows[1].header);
	assert_int_equal(kept.rows[1].row, 2);
	assert_text(shown("x<table><tr><td>in</table>y"), "x\n\ny");
}

static void
test_nested_tables(void **state)
{
	(void)state;
	read_html(BYTES_LIT("<table><tr><td>a<table><tr><td>in</td></tr>"
			    "</table>b</td><td>c</td></tr></table>"));
	assert_int_equal(kept.row_count, 2);
	expect_row(0, "1/table=2", "[1:in]");
	expect_row(1, "1/table=1", "[1:a\nb][2:c]");
}

static void
test_broken_tables(void **state)
{
	(void)state;
	/* No end tags at all. */
	read_html(BYTES_LIT("<table><tr><td>a<td>b<tr><td>c"));
	assert_int_equal(kept.row_count, 2);
	expect_row(0, "1/table=1", "[1:a][2:b]");
	expect_row(1, "1/table=1", "[1:c]");
	/* Cells without a row, rows without a table. */
	read_html(BYTES_LIT("<table><td>a<td>b</table>"));
	expect_row(0, "1/table=1", "[1:a][2:b]");
	assert_text(shown("<tr><td>a</td></tr>"), "a");
	assert_text(shown("</table></td>a</tr>"), "a");
}

/* The flow's text at `needle` comes from the same word in the source. */
static void
expect_place(const char *html, const char *needle, const char *source)
{
	struct bytes text;
	size_t at, part = 0;

	read_html(bytes_cstr(html));
	text = kept.flows[0].text;
	at = bytes_find(text, bytes_cstr(needle));
	assert_int_not_equal(at, SIZE_MAX);
	for (size_t i = 0; i < kept.flows[0].map_count; i++)
		if (kept.flows[0].map[i].text <= at)
			part = kept.flows[0].map[i].part + at -
			       kept.flows[0].map[i].text;
	assert_int_equal(part, bytes_find(bytes_cstr(html),
	    bytes_cstr(source)));
}

static void
test_places(void **state)
{
	(void)state;
	expect_place("<html>\n <p>one   two &amp; three", "two", "two");
	expect_place("<html>\n <p>one   two &amp; three", "three", "three");
	expect_place("a&eacute;b <i>c</i>d", "b", "b ");
	expect_place("a <b>b</b> c  d<br>e f", "e", "e f");
	expect_place("one two\nthree four", "four", "four");
	expect_place("<p><!-- note -->", "note", "note");
	expect_place("<script>x</script><i></i><!-- y -->", "y", "y");
	expect_place("<!--a--><p style='display:none'>b <b>c</b> d&amp;e</p>",
	    "c", "c</b");
	expect_place("<!--a--><p style='display:none'>b <b>c</b> d&amp;e</p>",
	    "e", "e</p");
}

static void
test_broken_markup(void **state)
{
	(void)state;
	assert_text(shown("a < b and c > d"), "a < b and c > d");
	assert_text(shown("<a href=\"x>y\">t</a>"), "t");
	assert_text(shown("<a href=\"never>t</a>"), "t");
	assert_text(shown("<p"), "");
	assert_text(shown("a<"), "a<");
	assert_text(shown("<3 you"), "<3 you");
	assert_text(shown("<!DOCTYPE html><?xml x?>t"), "t");
	assert_text(shown("</>t"), "</>t");
}

/* Once it was quadratic: quotes that never balance, comments, cells. */
static void
test_long_hostile(void **state)
{
	static const char *const pieces[] = { "<a \">\" ", "<!--", "<td>",
		"<table>", "<div style=\"display:none\">", "&", "<", "</",
		"<script></", NULL };
	enum { SIZE = 2000000 };
	char *text = malloc(SIZE);

	(void)state;
	for (size_t i = 0; pieces[i] != NULL; i++) {
		size_t n = strlen(pieces[i]);

		for (size_t k = 0; k + n <= SIZE; k += n)
			memcpy(text + k, pieces[i], n);
		read_html(bytes_of(text, SIZE / n * n));
	}
	free(text);
}

static void
read_cut(struct bytes cut)
{
	read_html(cut);
}

static void
test_truncations(void **state)
{
	(void)state;
	every_truncation(BYTES_LIT("<html><!-- c --><style>s</style><p a='b'>"
	    "&eacute;&#x41;x<table><tr><th>h<td>c<table><td>i</table>j</tr>"
	    "</table><div style=\"display:none\">z</div>&amp"), read_cut);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_entities),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_nested_tables),
		cmocka_unit_test(test_broken_tables),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_broken_markup),
		cmocka_unit_test(test_long_hostile),
		cmocka_unit_test(test_truncations),
	};
	int status;

	kept_init(&kept);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	kept_release(&kept);
	return status;
}
