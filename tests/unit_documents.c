/* Documents and archives that hang on messages: what is read and what is
 * said about it. */
#include "tests/support_check.h"

#include "parsers/base/limits.h"
#include "parsers/documents/office.h"
#include "tests/support_sink.h"
#include "tests/support_zip.h"

static struct kept kept;
static struct document_answer said;
static unsigned mails;

static void
count_mail(struct document_reader *reader, struct bytes content)
{
	(void)reader;
	assert_true(bytes_starts(content, BYTES_LIT("From: ")));
	mails++;
}

static void
read_document(struct bytes content, const char *type, const char *name)
{
	struct document document = { bytes_cstr(type), bytes_cstr(name),
		BYTES_NONE, exact_copy(content) };
	struct document_reader reader = { .arena = &kept.arena,
		.locator = BYTES_LIT("part=2"), .message = count_mail };

	kept_release(&kept);
	kept_init(&kept);
	mails = 0;
	reader.target = (struct text_target){ .sink = &kept.sink,
		.part = BYTES_LIT("2") };
	said = document_say(&reader, &document);
	exact_free(document.content);
}

static void
expect_row(size_t i, const char *part, unsigned number, const char *cells)
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
	assert_int_equal(kept.rows[i].row, number);
	assert_string_equal(text, cells);
}

static struct bytes
flow(const char *part)
{
	struct bytes text = kept_text(&kept, 0, part, false);

	return text.p ? bytes_trim(text) : text;
}

static const char workbook[] =
    "<workbook xmlns:r='r'><sheets><sheet name='Staff' r:id='rId7'/>"
    "<sheet name='Old' r:id='rId8' state='hidden'/></sheets></workbook>";
static const char rels[] =
    "<Relationships><Relationship Id='rId8' Target='/xl/worksheets/b.xml'/>"
    "<Relationship Id='rId7' Target='worksheets/a.xml'/></Relationships>";
static const char strings[] =
    "<sst><si><t>Name</t></si><si><r><t>Jo </t></r><r><t>Doe</t></r>"
    "<rPh><t>x</t></rPh></si></sst>";
static const char styles[] =
    "<styleSheet><numFmts><numFmt numFmtId='164' "
    "formatCode='000\\-00\\-0000'/></numFmts><cellStyleXfs><xf/>"
    "</cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>"
    "<xf numFmtId='164'/></cellXfs></styleSheet>";
static const char sheet_a[] =
    "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c>"
    "<c r='C1' t='inlineStr'><is><t>SSN</t></is></c></row>"
    "<row r='17'><c r='A17' t='s'><v>1</v></c><c r='B17' s='1'><v>44197</v>"
    "</c><c r='C17' s='2'><v>12345678</v></c><c r='D17'><f>1+1</f><v>2</v>"
    "</c><c r='E17' t='s'><v>99</v></c></row></sheetData></worksheet>";
static const char sheet_b[] =
    "<worksheet><sheetData><row><c r='A1'><v>7</v></c></row></sheetData>"
    "</worksheet>";

static struct bytes
make_sheets(struct zip *zip)
{
	zip_add(zip, "[Content_Types].xml", BYTES_LIT("<x/>"), ZIP_STORED);
	zip_add(zip, "xl/workbook.xml", bytes_cstr(workbook), ZIP_DEFLATED);
	zip_add(zip, "xl/_rels/workbook.xml.rels", bytes_cstr(rels),
	    ZIP_DEFLATED);
	zip_add(zip, "xl/worksheets/a.xml", bytes_cstr(sheet_a),
	    ZIP_DEFLATED);
	zip_add(zip, "xl/worksheets/b.xml", bytes_cstr(sheet_b),
	    ZIP_DEFLATED);
	zip_add(zip, "xl/sharedStrings.xml", bytes_cstr(strings),
	    ZIP_DEFLATED);
	zip_add(zip, "xl/styles.xml", bytes_cstr(styles), ZIP_DEFLATED);
	return zip_finish(zip);
}

static void
test_sheets(void **state)
{
	struct zip zip = { .count = 0 };

	(void)state;
	read_document(make_sheets(&zip), "application/octet-stream",
	    "a.xlsx");
	assert_text(said.text, "read");
	assert_absent(said.reason);
	assert_int_equal(kept.row_count, 3);
	expect_row(0, "2/sheet=Staff", 1, "[A:Name][C:SSN]");
	expect_row(1, "2/sheet=Staff", 17,
	    "[A:Jo Doe][B:2021-01-01][C:012-34-5678][D:2][E:]");
	expect_row(2, "2/sheet=Old", 1, "[A:7]");
	assert_true(kept.rows[2].hidden);
	assert_false(kept.rows[1].hidden);
	zip_release(&zip);
}

static void
test_numbers(void **state)
{
	struct arena *arena = &kept.arena;

	(void)state;
#define shown(value, format)                                                   \
	sheet_shown(arena, BYTES_LIT(value), BYTES_LIT(format))
	assert_text(shown("5", ""), "5");
	assert_text(shown("123456789", "000\\-00\\-0000"), "123-45-6789");
	assert_text(shown("123456789", "[<=999]000;000-00-0000"),
	    "123456789"); /* more digits than the first section has */
	assert_text(shown("2129876543", "\"(\"###\") \"###\\-####"),
	    "(212) 987-6543");
	assert_text(shown("501", "00000"), "00501");
	assert_text(shown("1.23456789E8", "000-00-0000"), "123-45-6789");
	assert_text(shown("0.5", "hh:mm"), "12:00:00");
	assert_text(shown("1.5", "dd/mm/yyyy h:mm"), "1899-12-31 12:00:00");
	assert_text(shown("1234.5", "#,##0.00"), "1234.5");
	assert_text(shown("99999999999", "yyyy"), "99999999999");
	assert_text(shown("-5", "000"), "-5");
	assert_text(shown("12", "\"\\"), "12");
#undef shown
}

static void
test_word(void **state)
{
	static const char body[] =
	    "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Dear </w:t></w:r>"
	    "<w:r><w:t>Jo</w:t><w:tab/><w:t>x</w:t></w:r></w:p>"
	    "<w:p><w:r><w:delText>gone</w:delText></w:r></w:p>"
	    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
	    "<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p>"
	    "<w:r><w:t>in</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc>"
	    "</w:tr></w:tbl><w:p><w:r><w:t>after</w:t></w:r></w:p></w:body>"
	    "</w:document>";
	struct zip zip = { .count = 0 };

	(void)state;
	zip_add(&zip, "word/document.xml", bytes_cstr(body), ZIP_DEFLATED);
	zip_add(&zip, "word/comments.xml", BYTES_LIT(
	    "<c><p><t>note</t></p></c>"), ZIP_DEFLATED);
	read_document(zip_finish(&zip), "", "a.docx");
	assert_text(said.text, "read");
	assert_text(flow("2"), "Dear Jo\tx\n\n\n\nafter");
	assert_text(kept_text(&kept, 0, "2", true), "gone");
	expect_row(0, "2/table=1", 1, "[1:a][2:b\nin]");
	assert_text(flow("2/member=word/comments.xml"), "note");
	zip_release(&zip);
}

static void
test_slides(void **state)
{
	struct zip zip = { .count = 0 };

	(void)state;
	zip_add(&zip, "ppt/presentation.xml", BYTES_LIT("<p/>"), ZIP_STORED);
	zip_add(&zip, "ppt/slides/slide2.xml", BYTES_LIT(
	    "<s><a:p xmlns:a='a'><a:r><a:t>two</a:t></a:r></a:p></s>"),
	    ZIP_STORED);
	zip_add(&zip, "ppt/notesSlides/notesSlide1.xml", BYTES_LIT(
	    "<s><p><t>n</t></p></s>"), ZIP_STORED);
	read_document(zip_finish(&zip), "", "a.pptx");
	assert_text(flow("2/slide=2"), "two");
	assert_text(flow("2/member=ppt/notesSlides/notesSlide1.xml"), "n");
	zip_release(&zip);
}

static void
test_open_document(void **state)
{
	static const char content[] =
	    "<office:document-content xmlns:office='o' xmlns:table='t' "
	    "xmlns:text='x'><office:body><office:spreadsheet>"
	    "<table:table table:name='S'><table:table-row>"
	    "<table:table-cell table:number-columns-repeated='2'/>"
	    "<table:table-cell><text:p>a<text:s text:c='2'/>b</text:p>"
	    "</table:table-cell><table:table-cell "
	    "table:number-columns-repeated='16000'/></table:table-row>"
	    "<table:table-row table:number-rows-repeated='9'/>"
	    "<table:table-row table:visibility='collapse'><table:table-cell>"
	    "<text:p>z</text:p></table:table-cell></table:table-row>"
	    "</table:table></office:spreadsheet></office:body>"
	    "</office:document-content>";
	struct zip zip = { .count = 0 };

	(void)state;
	zip_add(&zip, "mimetype", BYTES_LIT(
	    "application/vnd.oasis.opendocument.spreadsheet"), ZIP_STORED);
	zip_add(&zip, "content.xml", bytes_cstr(content), ZIP_DEFLATED);
	read_document(zip_finish(&zip), "", "a.ods");
	assert_text(said.text, "read");
	assert_int_equal(kept.row_count, 2);
	expect_row(0, "2/sheet=S", 1, "[C:a  b]");
	expect_row(1, "2/sheet=S", 11, "[A:z]");
	assert_true(kept.rows[1].hidden);
	zip_release(&zip);
	zip_add(&zip, "content.xml", BYTES_LIT("<a><text><h>T</h><p>p</p>"
	    "</text></a>"), ZIP_STORED);
	zip_add(&zip, "META-INF/manifest.xml", BYTES_LIT("<m/>"),
	    ZIP_STORED);
	read_document(zip_finish(&zip), "", "a.odt");
	assert_text(flow("2"), "T\n\np");
	zip_release(&zip);
	zip_add(&zip, "content.xml", BYTES_LIT("garbage"), ZIP_STORED);
	zip_add(&zip, "META-INF/manifest.xml", BYTES_LIT(
	    "<m><encryption-data/></m>"), ZIP_STORED);
	read_document(zip_finish(&zip), "", "a.odt");
	assert_text(said.text, "encrypted");
	zip_release(&zip);
}

static void
test_archives(void **state)
{
	struct zip zip = { .count = 0 }, inner = { .count = 0 };

	(void)state;
	zip_add(&inner, "in.txt", BYTES_LIT("inner text"), ZIP_DEFLATED);
	zip_add(&zip, "d/a.txt", BYTES_LIT("some text"), ZIP_DEFLATED);
	zip_add(&zip, "m.eml", BYTES_LIT("From: a\nTo: b\nSubject: c\n\nx"),
	    ZIP_STORED);
	zip_add(&zip, "in.zip", zip_finish(&inner), ZIP_STORED);
	zip_add(&zip, "s.txt", BYTES_LIT("secret"), ZIP_ENCRYPTED);
	read_document(zip_finish(&zip), "application/zip", "a.zip");
	assert_text(said.text, "read");
	assert_text(said.reason, "archive: 3 of 4 members read; not: s.txt "
				 "(encrypted)");
	assert_int_equal(mails, 1);
	assert_text(flow("2/member=d/a.txt"), "some text");
	assert_text(flow("2/member=in.zip/member=in.txt"), "inner text");
	zip_release(&zip);
	zip_release(&inner);
	zip_add(&zip, "s.txt", BYTES_LIT("secret"), ZIP_ENCRYPTED);
	read_document(zip_finish(&zip), "application/zip", "a.zip");
	assert_text(said.text, "encrypted");
	zip_release(&zip);
}

static void
nest(struct zip *outer, unsigned depth)
{
	struct zip inner = { .count = 0 };

	zip_add(outer, "t.txt", BYTES_LIT("text"), ZIP_STORED);
	if (depth == 0)
		return;
	nest(&inner, depth - 1);
	zip_add(outer, "in.zip", zip_finish(&inner), ZIP_STORED);
	zip_release(&inner);
}

static void
test_archive_limits(void **state)
{
	struct zip zip = { .count = 0 };
	size_t n = (size_t)LIMIT_ARCHIVE_FREE;
	uint8_t *zeros = malloc(n + 1);

	(void)state;
	nest(&zip, LIMIT_ARCHIVE_DEPTH - 1);
	read_document(zip_finish(&zip), "", "n.zip");
	assert_int_equal(kept.flow_count, LIMIT_ARCHIVE_DEPTH);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	zip_release(&zip);
	nest(&zip, LIMIT_ARCHIVE_DEPTH);
	read_document(zip_finish(&zip), "", "n.zip");
	assert_int_equal(kept.flow_count, LIMIT_ARCHIVE_DEPTH);
	assert_int_equal(kept_problems(&kept, "limit_depth"), 1);
	zip_release(&zip);
	memset(zeros, 'a', n + 1);
	zip_add(&zip, "z.txt", bytes_of(zeros, n), ZIP_DEFLATED);
	read_document(zip_finish(&zip), "", "z.zip");
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	assert_text(said.text, "read");
	zip_release(&zip);
	zip_add(&zip, "z.txt", bytes_of(zeros, n + 1), ZIP_DEFLATED);
	read_document(zip_finish(&zip), "", "z.zip");
	assert_int_equal(kept_problems(&kept, "limit_ratio"), 1);
	assert_text(said.text, "not_read");
	zip_release(&zip);
	free(zeros);
}

static void
expect_answer(struct bytes content, const char *type, const char *name,
    const char *text)
{
	read_document(content, type, name);
	assert_text(said.text, text);
	if (strcmp(text, "read") != 0)
		assert_true(said.reason.n > 0);
}

static void
test_answers(void **state)
{
	static const char sealed[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 "
	    "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

	(void)state;
	expect_answer(BYTES_LIT(""), "text/plain", "a.txt", "none");
	expect_answer(BYTES_LIT("\xff\xd8\xff\xe0"), "text/plain", "a.txt",
	    "image");
	expect_answer(BYTES_LIT("x\1\2\3"), "image/x-odd", "a", "image");
	expect_answer(BYTES_LIT("MZ\1\2"), "application/octet-stream", "a",
	    "none");
	expect_answer(BYTES_LIT("\0\1\2\3"), "application/octet-stream", "a",
	    "not_read");
	expect_answer(bytes_of(sealed, sizeof sealed), "", "a.xlsx",
	    "encrypted");
	expect_answer(BYTES_LIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 x"), "",
	    "a.doc", "not_read");
	expect_answer(BYTES_LIT("-----BEGIN PGP MESSAGE-----\n"), "", "a",
	    "encrypted");
	expect_answer(BYTES_LIT("plain words"), "application/octet-stream",
	    "noname", "read");
	expect_answer(BYTES_LIT("{\\rtf1 hello}"), "application/msword",
	    "a.doc", "read");
	assert_text(flow("2"), "hello");
	expect_answer(BYTES_LIT("caf\xe9"), "text/plain", "a", "read");
	assert_text(flow("2"), "caf\u00e9");
	expect_answer(BYTES_LIT("a,b\nc,d\n"), "application/octet-stream",
	    "x.csv", "read");
	assert_int_equal(kept.row_count, 2);
	expect_answer(BYTES_LIT("<p>x</p>"), "text/html", "", "read");
	assert_text(flow("2"), "x");
}

static void
read_cut(struct bytes cut)
{
	read_document(cut, "", "a.xlsx");
	assert_true(said.text.n > 0);
}

static void
test_truncations(void **state)
{
	struct zip zip = { .count = 0 };

	(void)state;
	every_truncation(make_sheets(&zip), read_cut);
	zip_release(&zip);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sheets),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_slides),
		cmocka_unit_test(test_open_document),
		cmocka_unit_test(test_archives),
		cmocka_unit_test(test_archive_limits),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_truncations),
	};
	int status;

	kept_init(&kept);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	kept_release(&kept);
	return status;
}
