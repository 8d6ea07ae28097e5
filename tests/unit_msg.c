/* Compound files and the MSG files in them, written by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/cfb/cfb.h"
#include "parsers/mapi/msg.h"
#include "tests/support_cfb.h"
#include "tests/support_said.h"

extern const struct parser parser_msg;

static struct said said;
static struct buffer file;

/* ---- writing a message */

struct writing {
	struct cfb_writer *cfb;
	int parent;
	struct buffer list; /* __properties_version1.0 */
};

static void
put(struct buffer *out, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		buffer_add_byte(out, (uint8_t)(value >> (8 * i)));
}

static void
begin(struct writing *w, struct cfb_writer *cfb, int parent, size_t header)
{
	*w = (struct writing){ cfb, parent, BUFFER_EMPTY };
	while (w->list.n < header)
		buffer_add_byte(&w->list, 0);
}

static void
add_number(struct writing *w, uint32_t tag, uint64_t value)
{
	put(&w->list, tag, 4);
	put(&w->list, 6, 4);
	put(&w->list, value, 8);
}

static void
add_stream(struct writing *w, uint32_t tag, struct bytes value)
{
	char name[32];

	snprintf(name, sizeof name, "__substg1.0_%08X", tag);
	cfb_write_stream(w->cfb, w->parent, name, value);
	put(&w->list, tag, 4);
	put(&w->list, 6, 4);
	put(&w->list, value.n, 8);
}

/* As UTF-16. */
static void
add_text(struct writing *w, uint16_t id, const char *text)
{
	struct buffer wide = BUFFER_EMPTY;

	for (; *text != 0; text++)
		put(&wide, (uint8_t)*text, 2);
	add_stream(w, (uint32_t)id << 16 | 0x1F, buffer_bytes(&wide));
	buffer_release(&wide);
}

static void
end(struct writing *w)
{
	cfb_write_stream(w->cfb, w->parent, "__properties_version1.0",
	    buffer_bytes(&w->list));
	buffer_release(&w->list);
}

static void
write_recipient(struct cfb_writer *cfb, int parent)
{
	struct writing w;

	begin(&w, cfb, cfb_write_storage(cfb, parent,
	    "__recip_version1.0_#00000000"), 8);
	add_number(&w, 0x0C150003, 1);
	add_text(&w, 0x3001, "Bob");
	add_text(&w, 0x39FE, "bob@example.org");
	end(&w);
}

static int
write_attachment(struct cfb_writer *cfb, int parent, unsigned number,
    const char *name, struct bytes data)
{
	struct writing w;
	char storage[32];

	snprintf(storage, sizeof storage, "__attach_version1.0_#%08X", number);
	begin(&w, cfb, cfb_write_storage(cfb, parent, storage), 8);
	add_text(&w, 0x3707, name);
	add_number(&w, 0x37050003, bytes_present(data) ? 1 : 5);
	if (bytes_present(data))
		add_stream(&w, 0x37010102, data);
	end(&w);
	return w.parent;
}

static void
write_names(struct cfb_writer *cfb)
{
	/* One name: "Eyes" of PS_PUBLIC_STRINGS -> 0x8000. */
	static const uint8_t entry[8] = { 0, 0, 0, 0, 2 << 1 | 1, 0, 0, 0 };
	static const uint8_t text[12] = { 8, 0, 0, 0, 'E', 0, 'y', 0, 'e', 0,
		's', 0 };
	int parent = cfb_write_storage(cfb, 0, "__nameid_version1.0");

	cfb_write_stream(cfb, parent, "__substg1.0_00020102",
	    BYTES_LIT(""));
	cfb_write_stream(cfb, parent, "__substg1.0_00030102",
	    bytes_of(entry, sizeof entry));
	cfb_write_stream(cfb, parent, "__substg1.0_00040102",
	    bytes_of(text, sizeof text));
}

static void
write_message(struct bytes big)
{
	struct cfb_writer *cfb = cfb_writer_new();
	struct writing w;
	int inner;

	write_names(cfb);
	begin(&w, cfb, 0, 32);
	add_text(&w, 0x001A, "IPM.Note");
	add_text(&w, 0x0037, "Outer");
	add_text(&w, 0x1000, "outer body");
	add_text(&w, 0x8000, "blue");
	add_number(&w, 0x0E070003, 1);
	add_number(&w, 0x00390040, 132223104000000000);
	end(&w);
	write_recipient(cfb, 0);
	write_attachment(cfb, 0, 0, "a.txt", BYTES_LIT("small"));
	write_attachment(cfb, 0, 1, "big.txt", big);
	inner = write_attachment(cfb, 0, 2, "inner", BYTES_NONE);
	begin(&w, cfb, cfb_write_storage(cfb, inner, "__substg1.0_3701000D"),
	    24);
	add_text(&w, 0x0037, "Inner");
	add_text(&w, 0x1000, "inner body");
	add_number(&w, 0x00390040, 132223104000000000);
	end(&w);
	write_attachment(cfb, w.parent, 0, "deep.txt", BYTES_LIT("deep"));
	buffer_reset(&file);
	cfb_write(cfb, &file);
	cfb_writer_free(cfb);
}

static enum outcome
run(struct bytes b)
{
	struct input input = { .fd = -1, .memory = b, .size = b.n };

	said_reset(&said);
	return parser_msg.run(&input, BYTES_NONE, &said.sink);
}

static void
write_usual(void)
{
	static uint8_t big[10000];

	memset(big, 'b', sizeof big);
	write_message(bytes_of(big, sizeof big));
}

static void
test_message(void **state)
{
	(void)state;
	write_usual();
	assert_true(parser_msg.probe(bytes_slice(buffer_bytes(&file), 0,
			65536), file.n) > 64);
	assert_int_equal(run(buffer_bytes(&file)), OUTCOME_OK);
	assert_int_equal(said_count(&said, "problem "), 0);
	assert_true(said_line(&said, "message idx=0 locator= state=live "
				     "message_class=IPM.Note subject=Outer",
	    "recipients=[\"Bob <bob@example.org>\"] "
	    "sent_us=1577836800000000", "attachments=3", NULL));
	assert_true(said_line(&said, "text 0 body|outer body|", NULL));
	assert_true(said_line(&said, "text 0 properties|Eyes: blue\\n|",
	    NULL));
	assert_true(said_line(&said, "text 0 attachment=1|small|", NULL));
	assert_true(said_line(&said, "attachment idx=0 part=attachment=2 "
				     "name=big.txt bytes=10000", NULL));
	assert_true(said_line(&said, "message idx=1 parent_idx=0 "
				     "locator=attachment=3 state=embedded "
				     "subject=Inner",
	    "sent_us=1577836800000000", NULL));
	assert_true(said_line(&said, "text 1 attachment=1|deep|", NULL));
	assert_true(said_line(&said, "attachment idx=1 part=attachment=1",
	    "locator=attachment=3/attachment=1", NULL));
	assert_true(said_line(&said, "attachment idx=0 part=attachment=3",
	    "method=embedded", "embedded_idx=1", NULL));
}

/* A cut file is read as far as it goes, or refused; it says so. */
static void
test_truncations(void **state)
{
	size_t total, step = 61;

	(void)state;
	write_usual();
	total = file.n;
	for (size_t n = 0; n < total - 512; n += step) {
		uint8_t *copy = malloc(n ? n : 1);

		assert_non_null(copy);
		memcpy(copy, file.p, n);
		run(bytes_of(copy, n));
		assert_true(said_count(&said, "problem ") > 0);
		free(copy);
	}
}

/* Where the directory stands in our files: the header says. */
static size_t
directory_at(void)
{
	return ((size_t)file.p[48] + (size_t)file.p[49] * 256 + 1) * 512;
}

static void
test_cycles(void **state)
{
	size_t entry;

	(void)state;
	write_usual();
	/* The root's first child is its own sibling. */
	entry = directory_at() + 128;
	memcpy(file.p + entry + 68, "\1\0\0\0", 4);
	run(buffer_bytes(&file));
	assert_true(said_line(&said, "kind=damaged", "lead nowhere", NULL));
	/* A storage that is its own child. */
	write_usual();
	memcpy(file.p + entry + 76, "\1\0\0\0", 4);
	run(buffer_bytes(&file));
	assert_true(said_line(&said, "kind=damaged", "lead nowhere", NULL));
	/* A chain of sectors that never ends: all of the table points to 0. */
	write_usual();
	memset(file.p + file.n - 512, 0, 512);
	run(buffer_bytes(&file));
	assert_true(said_count(&said, "problem ") > 0);
}

/* The chain of big.txt ends early: what there is, and a problem row. */
static void
test_short_stream(void **state)
{
	(void)state;
	write_usual();
	/* big.txt is the first chain of the table; cut it after a sector. */
	memcpy(file.p + file.n - 512, "\xfe\xff\xff\xff", 4);
	assert_int_equal(run(buffer_bytes(&file)), OUTCOME_OK);
	assert_true(said_line(&said, "problem locator=attachment=2 "
				     "kind=damaged severity=partial",
	    "shorter than its size", NULL));
	assert_true(said_line(&said, "name=big.txt bytes=512", NULL));
}

/* A property with a size, and no stream. */
static void
test_promise(void **state)
{
	struct cfb_writer *cfb = cfb_writer_new();
	struct writing w;

	(void)state;
	begin(&w, cfb, 0, 32);
	add_text(&w, 0x0037, "Subject");
	add_number(&w, 0x1000001F, 100);
	end(&w);
	buffer_reset(&file);
	cfb_write(cfb, &file);
	cfb_writer_free(cfb);
	assert_int_equal(run(buffer_bytes(&file)), OUTCOME_OK);
	assert_true(said_line(&said, "kind=no_data severity=partial",
	    "0x1000001F", NULL));
}

/* A list that promises 10,001 values, of which two are there. */
static void
test_multiple(void **state)
{
	struct cfb_writer *cfb = cfb_writer_new();
	struct buffer lengths = BUFFER_EMPTY;
	struct writing w;

	(void)state;
	for (size_t i = 0; i < 10001; i++)
		put(&lengths, 2, 4);
	write_names(cfb);
	begin(&w, cfb, 0, 32);
	add_stream(&w, 0x8000101F, buffer_bytes(&lengths));
	cfb_write_stream(cfb, 0, "__substg1.0_8000101F-00000000",
	    BYTES_LIT("a\0b\0"));
	cfb_write_stream(cfb, 0, "__substg1.0_8000101F-00000001",
	    BYTES_LIT("c\0"));
	end(&w);
	buffer_release(&lengths);
	buffer_reset(&file);
	cfb_write(cfb, &file);
	cfb_writer_free(cfb);
	assert_int_equal(run(buffer_bytes(&file)), OUTCOME_OK);
	assert_true(said_line(&said, "text 0 properties|Eyes: ab; c\\n|",
	    NULL));
	assert_int_equal(said_count(&said, "limit_parts"), 1);
	assert_true(said_line(&said, "kind=no_data", "and has 2", NULL));
}

/* More entries than one sector of the table tells of. */
static void
test_many(void **state)
{
	struct cfb_writer *cfb = cfb_writer_new();
	struct writing w;

	(void)state;
	begin(&w, cfb, 0, 32);
	add_text(&w, 0x0037, "Many");
	end(&w);
	for (unsigned i = 0; i < 600; i++)
		write_attachment(cfb, 0, i, "x.txt", BYTES_LIT("data"));
	buffer_reset(&file);
	cfb_write(cfb, &file);
	cfb_writer_free(cfb);
	assert_int_equal(run(buffer_bytes(&file)), OUTCOME_OK);
	assert_int_equal(said_count(&said, "attachment idx=0"), 600);
	assert_true(said_line(&said, "text 0 attachment=600|data|", NULL));
}

static int
set_up(void **state)
{
	(void)state;
	said_init(&said);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	said_release(&said);
	buffer_release(&file);
	file = BUFFER_EMPTY;
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* `unit_msg --write FILE`: the usual file, as a seed for fuzz_msg. */
int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { TEST(test_message),
		TEST(test_truncations), TEST(test_cycles),
		TEST(test_short_stream), TEST(test_promise), TEST(test_multiple), TEST(test_many) };

	if (argc == 3 && strcmp(argv[1], "--write") == 0) {
		FILE *out = fopen(argv[2], "wb");

		write_usual();
		if (out == NULL || fwrite(file.p, 1, file.n, out) != file.n ||
		    fclose(out) != 0)
			return 1;
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
