/* Word, Excel and PowerPoint 97-2003, files written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/base/buffer.h"
#include "parsers/documents/office97.h"
#include "tests/support_cfb.h"
#include "tests/support_sink.h"

static struct kept kept;
static struct buffer stream, table, file;
static struct document_answer said;

static int
setup(void **state)
{
	(void)state;
	kept_init(&kept);
	buffer_reset(&stream);
	buffer_reset(&table);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kept_release(&kept);
	buffer_release(&stream);
	buffer_release(&table);
	buffer_release(&file);
	return 0;
}

static void
le(struct buffer *b, uint64_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		buffer_add_byte(b, (uint8_t)(value >> 8 * i));
}

static void
put_at(struct buffer *b, size_t at, uint64_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		b->p[at + i] = (uint8_t)(value >> 8 * i);
}

static void
read_bytes(struct bytes bytes)
{
	struct document document = { .content = bytes };
	struct document_reader reader = { .arena = &kept.arena };

	reader.target = (struct text_target){ &kept.sink, 0, BYTES_LIT("2") };
	sink_item_begin(&kept.sink, BYTES_LIT(""));
	said = document_say(&reader, &document);
	sink_item_end(&kept.sink);
}

static void
read_file(const char *name)
{
	struct cfb_writer *writer = cfb_writer_new();

	buffer_reset(&file);
	cfb_write_stream(writer, 0, name, buffer_bytes(&stream));
	if (table.n > 0)
		cfb_write_stream(writer, 0, "1Table", buffer_bytes(&table));
	cfb_write(writer, &file);
	cfb_writer_free(writer);
	read_bytes(buffer_bytes(&file));
}

static void
is(struct bytes got, const char *expected)
{
	if (!bytes_eq(got, bytes_cstr(expected)))
		fail_msg("got '%.*s', expected '%s'", (int)got.n,
		    (const char *)got.p, expected);
}

/* part: A=.. B=.. */
static void
row_is(size_t i, const char *part, unsigned number, const char *cells)
{
	struct buffer shown = BUFFER_EMPTY;
	const struct kept_row *row;

	assert_true(i < kept.row_count);
	row = &kept.rows[i];
	is(row->part, part);
	assert_int_equal(row->row, number);
	for (size_t k = 0; k < row->count; k++)
		buffer_printf(&shown, "%s%.*s=%.*s", k ? " " : "",
		    (int)row->cells[k].column.n,
		    (const char *)row->cells[k].column.p,
		    (int)row->cells[k].text.n,
		    (const char *)row->cells[k].text.p);
	is(buffer_bytes(&shown), cells);
	buffer_release(&shown);
}

/* ---- Word */

/* A FIB of 1024 bytes, text in two pieces (narrow, wide), a page of
 * paragraph runs at 512 * `page`. */
static void
word(const char *narrow, const char *wide, const unsigned *row_ends,
    size_t count, uint16_t flags)
{
	size_t clx, at = 1024, n = strlen(narrow), m = strlen(wide);
	uint8_t *page;

	buffer_reserve(&stream, 4096);
	memset(stream.p, 0, 4096);
	stream.n = 4096;
	put_at(&stream, 0, 0xA5EC, 2);
	put_at(&stream, 10, 0x0200 | flags, 2);
	memcpy(stream.p + at, narrow, n);
	for (size_t i = 0; i < m; i++)
		put_at(&stream, 2048 + i * 2, (uint8_t)wide[i], 2);
	/* Clx: one property change to step over, then the piece table. */
	clx = table.n;
	le(&table, 1, 1), le(&table, 3, 2), le(&table, 0, 3);
	le(&table, 2, 1), le(&table, 3 * 4 + 2 * 8, 4);
	le(&table, 0, 4), le(&table, n, 4), le(&table, n + m, 4);
	le(&table, 0, 2), le(&table, 0x40000000 | at * 2, 4);
	le(&table, 0, 2);
	le(&table, 0, 2), le(&table, 2048, 4), le(&table, 0, 2);
	put_at(&stream, 0x01A2, clx, 4);
	put_at(&stream, 0x01A6, table.n - clx, 4);
	/* Paragraph runs: one a row end, up to it. */
	put_at(&stream, 0x0102, table.n, 4);
	put_at(&stream, 0x0106, 12, 4);
	le(&table, 0, 4), le(&table, 9999, 4), le(&table, 6, 4);
	page = stream.p + 6 * 512;
	for (size_t i = 0; i < count; i++) {
		put_at(&stream, 6 * 512 + (i + 1) * 4,
		    at + row_ends[i] + 1, 4);
		page[(count + 1) * 4 + i * 13] = 200; /* at 400 */
	}
	/* cb 3: five bytes: istd, sprmPFTtp = 1 */
	memcpy(page + 400, "\x03\0\0\x17\x24\x01", 6);
	page[511] = (uint8_t)count;
}

static void
test_word_text_and_rows(void **state)
{
	/* Offsets of the marks that end the rows. */
	const unsigned ends[] = { 21, 34 };

	(void)state;
	word("First.\rName\x07" "SS\rN\x07" "zzz\x07\x07" "Anna\x07\x07"
	     "512-3\x07\x07" "After \x13HYPERLINK \"x\"\x14shown\x15.\r",
	    "\xe9t\xe9\r", ends, 2, 0);
	read_file("WordDocument");
	is(said.text, "read");
	assert_int_equal(kept.flow_count, 1);
	is(kept.flows[0].text, "First.\n\nAfter shown.\n\n\u00e9t\u00e9");
	is(kept.flows[0].part, "2");
	assert_int_equal(kept.row_count, 2);
	row_is(0, "2/table=1", 1, "A=Name B=SS N C=zzz");
	row_is(1, "2/table=1", 2, "A=Anna B= C=512-3");
}

static void
test_word_encrypted(void **state)
{
	(void)state;
	word("x", "y", NULL, 0, 0x0100);
	read_file("WordDocument");
	is(said.text, "encrypted");
	assert_int_equal(kept.flow_count, 0);
}

static void
test_word_without_text(void **state)
{
	(void)state;
	word("\x01\r", "\r", NULL, 0, 0);
	read_file("WordDocument");
	is(said.text, "image");
}

/* ---- Excel */

static void
record(uint16_t type, const void *body, size_t n)
{
	le(&stream, type, 2);
	le(&stream, n, 2);
	buffer_add(&stream, body, n);
}
#define RECORD(type, text) record(type, text, sizeof(text) - 1)

static void
number(unsigned row, unsigned column, unsigned xf, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	le(&stream, 0x0203, 2), le(&stream, 14, 2);
	le(&stream, row, 2), le(&stream, column, 2), le(&stream, xf, 2);
	le(&stream, bits, 8);
}

static void
workbook(void)
{
	RECORD(0x0809, "\0\6\5\0");
	RECORD(0x041E, "\xa4\0\x0b\0\0" "000-00-0000");
	RECORD(0x00E0, "\0\0\0\0");      /* XF 0: general */
	RECORD(0x00E0, "\0\0\xa4\0");    /* XF 1: the mask */
	RECORD(0x00E0, "\0\0\x0e\0");    /* XF 2: a date */
	RECORD(0x0085, "\0\0\0\0\0\0\5\0Staff");
	RECORD(0x0085, "\0\0\0\0\0\0\1\1\x2c\x67");
	/* Three strings; the second goes on in a wide CONTINUE. */
	RECORD(0x00FC, "\3\0\0\0\3\0\0\0" "\4\0\0Name" "\5\0\0SS");
	RECORD(0x003C, "\1N\0o\0.\0" "\2\0\x08\1\0\xe9\xe8" "\0\0\0\0");
	RECORD(0x000A, "");
	RECORD(0x0809, "\0\6\x10\0");
	RECORD(0x00FD, "\0\0\0\0\0\0\0\0\0\0");
	RECORD(0x00FD, "\0\0\2\0\0\0\1\0\0\0");
	RECORD(0x0809, "\0\6\x20\0");    /* a chart in the sheet */
	number(0, 0, 0, 99);
	RECORD(0x000A, "");
	RECORD(0x00FD, "\1\0\0\0\0\0\2\0\0\0");
	number(1, 1, 2, 29221);
	number(1, 2, 1, 12345678);
	RECORD(0x027E, "\1\0\3\0\0\0\x06\0\0\0");  /* RK 1 */
	RECORD(0x0006, "\1\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0");
	RECORD(0x0207, "\2\0\0ab");
	RECORD(0x00BD, "\2\0\0\0\0\0\x0a\0\0\0\0\0\x0f\0\0\0\1\0");
	RECORD(0x000A, "");
	RECORD(0x0809, "\0\6\x10\0");
	RECORD(0x0204, "\0\0\0\0\0\0\1\0\0x");
	RECORD(0x000A, "");
}

static void
test_excel_cells(void **state)
{
	(void)state;
	workbook();
	read_file("Workbook");
	is(said.text, "read");
	assert_int_equal(kept.row_count, 4);
	row_is(0, "2/sheet=Staff", 1, "A=Name B= C=SSNo.");
	row_is(1, "2/sheet=Staff", 2,
	    "A=\u00e9\u00e8 B=1980-01-01 C=012-34-5678 D=1 E=ab");
	row_is(2, "2/sheet=Staff", 3, "A=2 B=0.03");
	row_is(3, "2/sheet=\u672c", 1, "A=x");
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
}

static void
test_excel_encrypted_and_cut(void **state)
{
	(void)state;
	RECORD(0x0809, "\0\6\5\0");
	RECORD(0x002F, "\0\0");
	read_file("Workbook");
	is(said.text, "encrypted");
	buffer_reset(&stream);
	workbook();
	stream.n -= 6; /* the last text, and the end behind it */
	read_file("Workbook");
	is(said.text, "read");
	assert_int_equal(kept_problems(&kept, "truncated"), 1);
}

static void
test_excel_days_from_1904(void **state)
{
	(void)state;
	RECORD(0x0809, "\0\6\5\0");
	RECORD(0x0022, "\1\0");
	RECORD(0x00E0, "\0\0\x0e\0");
	RECORD(0x00E0, "\0\0\0\0");
	RECORD(0x000A, "");
	RECORD(0x0809, "\0\6\x10\0");
	number(0, 0, 0, 27759);
	number(0, 1, 1, 27759);
	RECORD(0x000A, "");
	read_file("Workbook");
	row_is(0, "2/sheet=", 1, "A=1980-01-01 B=27759");
}

/* ---- PowerPoint */

static void
atom(unsigned instance, unsigned version, uint16_t type, const char *text,
    size_t n)
{
	le(&stream, instance << 4 | version, 2);
	le(&stream, type, 2);
	le(&stream, n, 4);
	buffer_add(&stream, text, version == 15 ? 0 : n);
}

static void
test_powerpoint_slides(void **state)
{
	(void)state;
	atom(0, 15, 1000, "", 999);
	atom(1, 15, 4080, "", 99);       /* masters */
	atom(0, 0, 1011, "", 0);
	atom(0, 0, 4008, "master", 6);
	atom(0, 15, 4080, "", 99);       /* slides */
	atom(0, 0, 1011, "", 0);
	atom(0, 0, 4000, "o\0n\0e\0\r\0t\0", 10);
	atom(0, 0, 1011, "", 0);
	atom(0, 0, 4008, "caf\xe9", 4);
	atom(0, 15, 1006, "", 99);
	atom(0, 15, 1006, "", 99);
	atom(0, 0, 4008, "in a box", 8);
	read_file("PowerPoint Document");
	is(said.text, "read");
	assert_int_equal(kept.flow_count, 4);
	is(kept.flows[0].part, "2");
	is(kept.flows[1].part, "2/slide=1");
	is(kept.flows[1].text, "one\n\nt");
	is(kept.flows[2].part, "2/slide=2");
	is(kept.flows[2].text, "caf\u00e9");
	is(kept.flows[3].part, "2/slide=2");
	is(kept.flows[3].text, "in a box");
}

static void
test_another_compound_file(void **state)
{
	(void)state;
	le(&stream, 1, 4);
	read_file("Something");
	is(said.text, "not_read");
}

static void
test_every_truncation(void **state)
{
	static const char *const names[] = { "WordDocument", "Workbook",
		"PowerPoint Document" };

	(void)state;
	for (int kind = 0; kind < 3; kind++) {
		buffer_reset(&stream);
		buffer_reset(&table);
		if (kind == 0)
			word("a\x07" "b\x07\x07", "c", NULL, 0, 0);
		else if (kind == 1)
			workbook();
		else
			atom(0, 0, 4008, "text", 4);
		read_file(names[kind]);
		for (size_t n = 0; n < file.n; n += n < 1600 ? 1 : 61) {
			uint8_t *exact = malloc(n + 1);

			memcpy(exact, file.p, n);
			read_bytes(bytes_of(exact, n));
			assert_true(said.text.n > 0);
			free(exact);
		}
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_word_text_and_rows),
		TEST(test_word_encrypted),
		TEST(test_word_without_text),
		TEST(test_excel_cells),
		TEST(test_excel_encrypted_and_cut),
		TEST(test_excel_days_from_1904),
		TEST(test_powerpoint_slides),
		TEST(test_another_compound_file),
		TEST(test_every_truncation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
