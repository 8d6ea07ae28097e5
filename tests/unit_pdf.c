/* Text of PDF files (ISO 32000-1): lines, fonts, forms, what is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/base/buffer.h"
#include "parsers/documents/document.h"
#include "tests/support_sink.h"

/* ---- a PDF written by hand: objects, then a true cross-reference table */

enum { OBJECTS_MOST = 16 };

static struct buffer pdf;
static size_t offsets[OBJECTS_MOST + 1], objects;

static void
object(const char *text)
{
	offsets[++objects] = pdf.n;
	buffer_printf(&pdf, "%zu 0 obj\n%s\nendobj\n", objects, text);
}

static void
stream(const char *dictionary, const char *content)
{
	offsets[++objects] = pdf.n;
	buffer_printf(&pdf, "%zu 0 obj\n<< %s /Length %zu >>\nstream\n%s\n"
			    "endstream\nendobj\n", objects, dictionary,
	    strlen(content), content);
}

static void
begin(void)
{
	buffer_reset(&pdf);
	objects = 0;
	buffer_add_cstr(&pdf, "%PDF-1.4\n");
}

static void
end(const char *trailer)
{
	size_t at = pdf.n;

	buffer_printf(&pdf, "xref\n0 %zu\n0000000000 65535 f \n", objects + 1);
	for (size_t i = 1; i <= objects; i++)
		buffer_printf(&pdf, "%010zu 00000 n \n", offsets[i]);
	buffer_printf(&pdf, "trailer\n<< /Size %zu /Root 1 0 R %s >>\n"
			    "startxref\n%zu\n%%%%EOF\n", objects + 1, trailer,
	    at);
}

/* One page with this content; font F1 is what `font` says. */
static void
page_with(const char *font, const char *content)
{
	begin();
	object("<< /Type /Catalog /Pages 2 0 R >>");
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800]"
	       " /Contents 4 0 R /Resources << /Font << /F1 5 0 R >>"
	       " /XObject << /X1 6 0 R /I1 7 0 R >> >> >>");
	stream("", content);
	object(font);
	stream("/Type /XObject /Subtype /Form",
	    "BT /F1 10 Tf 50 300 Td (in a form) Tj /X1 Do ET");
	stream("/Type /XObject /Subtype /Image /Width 1 /Height 1"
	       " /ColorSpace /DeviceGray /BitsPerComponent 8", "x");
	stream("", "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
		   "1 beginbfchar <0001> <00530053004e> endbfchar\n"
		   "2 beginbfrange <0010> <0019> <0030>\n"
		   "<0020> <0021> [<d83dde00> <00e9>] endbfrange");
}

/* The least that shows a text. */
static void
small_page(const char *content)
{
	begin();
	object("<< /Type /Catalog /Pages 2 0 R >>");
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800]"
	       " /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>");
	stream("", content);
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
	end("");
}

#define PLAIN "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"

/* ---- asking */

static struct kept kept;
static struct document_answer said;

static void
read_it(struct bytes bytes)
{
	struct document document = { .content = bytes };
	struct document_reader reader = { .arena = &kept.arena };

	kept_release(&kept);
	kept_init(&kept);
	reader.target = (struct text_target){ .sink = &kept.sink,
		.part = BYTES_LIT("attachment=1") };
	sink_item_begin(&kept.sink, BYTES_LIT(""));
	said = document_say(&reader, &document);
	sink_item_end(&kept.sink);
}

static void
expect(const char *answer, const char *text)
{
	struct bytes flow;

	read_it(buffer_bytes(&pdf));
	assert_memory_equal(said.text.p, answer, said.text.n);
	assert_int_equal(said.text.n, strlen(answer));
	if (text == NULL) {
		assert_int_equal(kept.flow_count, 0);
		return;
	}
	assert_int_equal(kept.flow_count, 1);
	assert_true(bytes_eq(kept.flows[0].part,
	    BYTES_LIT("attachment=1/page=1")));
	flow = kept.flows[0].text;
	if (!bytes_eq(flow, bytes_cstr(text)))
		fail_msg("got '%.*s', expected '%s'", (int)flow.n,
		    (const char *)flow.p, text);
}

static int
setup(void **state)
{
	(void)state;
	kept_init(&kept);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kept_release(&kept);
	buffer_release(&pdf);
	return 0;
}

static void
test_lines_and_gaps(void **state)
{
	(void)state;
	page_with(PLAIN, "BT /F1 10 Tf 12 TL 50 700 Td (Name: ) Tj"
			 " (Anna) Tj T* [(So) 10 (cial) -400 (no)] TJ"
			 " 0 -40 Td (next) ' 200 0 Td (column) Tj ET");
	end("");
	expect("read", "Name: Anna\nSocial no\n\nnext\tcolumn");
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
}

static void
test_place_on_paper_counts(void **state)
{
	(void)state;
	/* One line, each word with its own matrix, upside down. */
	page_with(PLAIN, "q 1 0 0 -1 0 800 cm BT /F1 10 Tf"
			 " 1 0 0 -1 50 100 Tm (one) Tj"
			 " 1 0 0 -1 68 100 Tm (two) Tj"
			 " 1 0 0 -1 50 112 Tm (three) Tj ET Q");
	end("");
	expect("read", "one two\nthree");
}

static void
test_encodings(void **state)
{
	(void)state;
	page_with("<< /Type /Font /Subtype /Type1 /Encoding <<"
		  " /Differences [65 /eacute /uni20AC /Zcaron 70 /f_i.alt]"
		  " >> >>", "BT /F1 10 Tf 50 700 Td (ABCF\\226) Tj ET");
	end("");
	expect("read", "\u00e9\u20ac\u017df\u2013");
	page_with("<< /Type /Font /Subtype /TrueType"
		  " /Encoding /MacRomanEncoding >>",
	    "BT /F1 10 Tf 50 700 Td (\\216) Tj ET");
	end("");
	expect("read", "\u00e9");
}

static void
test_to_unicode(void **state)
{
	(void)state;
	page_with("<< /Type /Font /Subtype /Type0 /Encoding /Identity-H"
		  " /ToUnicode 8 0 R >>", "BT /F1 10 Tf 50 700 Td"
		  " <0001001500110020002100ff> Tj ET");
	end("");
	expect("read", "SSN51\U0001F600\u00e9\ufffd");
	assert_int_equal(kept_problems(&kept, "charset"), 1);
}

static void
test_font_that_says_nothing(void **state)
{
	(void)state;
	page_with("<< /Type /Font /Subtype /Type0 /Encoding /Identity-H >>",
	    "BT /F1 10 Tf 50 700 Td <00010002> Tj ET");
	end("");
	read_it(buffer_bytes(&pdf));
	assert_true(bytes_eq(said.text, BYTES_LIT("not_read")));
}

static void
test_forms_once_each(void **state)
{
	(void)state;
	/* The form draws itself: it is read once. */
	page_with(PLAIN, "BT /F1 10 Tf 50 700 Td (page) Tj ET /X1 Do /X1 Do");
	end("");
	expect("read", "page\n\nin a form");
}

static void
test_picture_alone(void **state)
{
	(void)state;
	page_with(PLAIN, "/I1 Do");
	end("");
	expect("image", NULL);
	assert_int_equal(kept_problems(&kept, "image_not_read"), 1);
}

static void
test_encrypted(void **state)
{
	(void)state;
	page_with(PLAIN, "BT ET");
	end("/ID [<30313233343536373839303132333435> <30>] /Encrypt <<"
	    " /Filter /Standard /V 2 /R 3 /Length 128 /P -4"
	    " /O (01234567890123456789012345678901)"
	    " /U (01234567890123456789012345678901) >>");
	expect("encrypted", NULL);
}

static void
test_damage_is_said(void **state)
{
	(void)state;
	small_page("BT /F1 10 Tf 50 700 Td (kept) Tj ET");
	buffer_add_cstr(&pdf, "startxref\n99999\n%%EOF\n");
	expect("read", "kept");
	assert_int_equal(kept_problems(&kept, "damaged"), 1);
	begin();
	buffer_add_cstr(&pdf, "nothing more");
	expect("not_read", NULL);
}

static void
test_every_truncation(void **state)
{
	struct buffer whole = BUFFER_EMPTY;

	(void)state;
	page_with(PLAIN, "BT /F1 10 Tf 50 700 Td (kept) Tj ET /X1 Do");
	end("");
	buffer_add_bytes(&whole, buffer_bytes(&pdf));
	for (size_t n = 0; n <= whole.n; n++) {
		uint8_t *exact = malloc(n + 1);

		memcpy(exact, whole.p, n);
		read_it(bytes_of(exact, n));
		assert_true(said.text.n > 0);
		free(exact);
	}
	buffer_release(&whole);
}

static void
test_saved_states_at_the_limit(void **state)
{
	struct buffer content = BUFFER_EMPTY;

	(void)state;
	for (int i = 0; i < 513; i++) /* LIMIT_PDF_STATES and one past it */
		buffer_add_cstr(&content, "q ");
	buffer_add_cstr(&content, "BT /F1 10 Tf 50 700 Td (deep) Tj ET");
	buffer_add_byte(&content, '\0');
	page_with(PLAIN, (const char *)content.p);
	end("");
	expect("read", "deep");
	buffer_release(&content);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_and_gaps),
		cmocka_unit_test(test_place_on_paper_counts),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_to_unicode),
		cmocka_unit_test(test_font_that_says_nothing),
		cmocka_unit_test(test_forms_once_each),
		cmocka_unit_test(test_picture_alone),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_damage_is_said),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_saved_states_at_the_limit),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
