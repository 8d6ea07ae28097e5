/* Folders of Outlook Express, written by hand: read, damaged, cut. */
#include "tests/support_check.h"

#include "tests/support_sink.h"

extern const struct parser parser_dbx;

enum { SIZE = 0x4000, NODE = 0x2600, NODE2 = 0x2900, INFOS = 0x2C00,
	TEXTS = 0x3000 };

static uint8_t file[SIZE];
static struct kept kept;

static void
put(size_t at, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		file[at + i] = (uint8_t)(value >> (8 * i));
}

/* A segment with its text; returns where it lies. */
static void
segment(size_t at, const char *text, size_t next)
{
	put(at, at, 4);
	put(at + 4, 0x200, 4);
	put(at + 8, strlen(text), 4);
	put(at + 12, next, 4);
	memcpy(file + at + 16, text, strlen(text));
}

/* The place of the message stands in the entry, or behind the index. */
static void
info(size_t at, size_t message, bool direct, unsigned flags)
{
	put(at, at, 4);
	put(at + 4, direct ? 8 : 12, 4);
	put(at + 10, 2, 1);
	put(at + 12, 0x81 | flags << 8, 4);
	put(at + 16, direct ? 0x84 | message << 8 : 0x04, 4);
	if (!direct)
		put(at + 20, message, 4);
}

static void
node(size_t at, size_t child, size_t entries)
{
	put(at, at, 4);
	put(at + 8, child, 4);
	put(at + 0x11, entries, 1);
}

static void
make(void)
{
	memset(file, 0, sizeof file);
	memcpy(file, "\xCF\xAD\x12\xFE\xC5\xFD\x74\x6F", 8);
	put(0xC4, 3, 4);
	put(0xE4, NODE, 4);
	node(NODE, NODE2, 2);
	put(NODE + 0x18, INFOS, 4);
	put(NODE + 0x24, INFOS + 0x40, 4);
	node(NODE2, 0, 1);
	put(NODE2 + 0x18, INFOS + 0x80, 4);
	info(INFOS, TEXTS, true, 0x80);
	info(INFOS + 0x40, TEXTS + 0x100, false, 0);
	info(INFOS + 0x80, TEXTS + 0x300, true, 0x80);
	segment(TEXTS, "Subject: one\r\n\r\n1\r\n", 0);
	segment(TEXTS + 0x100, "Subject: t", TEXTS + 0x200);
	segment(TEXTS + 0x200, "wo\r\n\r\n2\r\n", 0);
	segment(TEXTS + 0x300, "Subject: three\r\n\r\n3\r\n", 0);
}

static void
read_file(size_t n)
{
	kept_release(&kept);
	kept_init(&kept);
	kept_run_bytes(&kept, &parser_dbx, bytes_of(file, n));
}

static size_t
messages(void)
{
	return kept.count[RECORD_KIND_MESSAGE];
}

static void
test_read(void **state)
{
	const struct record_folder *folder;
	bool tie;

	(void)state;
	make();
	assert_ptr_equal(parser_for(bytes_of(file, SIZE), SIZE, &tie),
	    &parser_dbx);
	read_file(SIZE);
	assert_int_equal(messages(), 3);
	assert_text(kept_message(&kept, 0)->subject, "one");
	assert_text(kept_message(&kept, 0)->locator, "offset=11264");
	assert_absent(kept_message(&kept, 0)->flags);
	assert_text(kept_message(&kept, 1)->subject, "two");
	assert_text(kept_message(&kept, 1)->flags, "[\"unread\"]");
	assert_text(kept_message(&kept, 2)->subject, "three");
	folder = kept_record(&kept, RECORD_KIND_FOLDER, 0);
	assert_int_equal(folder->expected, 3);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
}

static void
test_damage(void **state)
{
	(void)state;
	/* A chain in a circle. */
	make();
	put(TEXTS + 0x200 + 12, TEXTS + 0x100, 4);
	read_file(SIZE);
	assert_int_equal(messages(), 3);
	assert_text(kept_problem(&kept, 0)->severity, "partial");
	/* A tree in a circle. */
	make();
	put(NODE2 + 8, NODE, 4);
	read_file(SIZE);
	assert_int_equal(messages(), 3);
	assert_text(kept_problem(&kept, 0)->severity, "item_lost");
	/* An info that does not know its place. */
	make();
	put(INFOS, 1, 4);
	read_file(SIZE);
	assert_int_equal(messages(), 2);
	assert_text(kept_problem(&kept, 0)->severity, "item_lost");
	assert_int_equal(kept_problem(&kept, 0)->items_lost, 1);
	/* The index promises more than it leads to. */
	make();
	put(0xC4, 5, 4);
	read_file(SIZE);
	assert_int_equal(messages(), 3);
	assert_int_equal(kept_problem(&kept, 0)->items_lost, 2);
}

static void
test_cut_and_changed(void **state)
{
	(void)state;
	for (size_t n = 8; n < SIZE; n += n < NODE ? 97 : 1) {
		make();
		read_file(n);
		assert_true(n > TEXTS + 0x310 ||
			    kept.count[RECORD_KIND_PROBLEM] > 0);
	}
	for (size_t i = NODE; i < TEXTS + 0x320; i++) {
		make();
		file[i] ^= 0xff;
		read_file(SIZE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_cut_and_changed),
	};
	int status;

	kept_init(&kept);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	kept_release(&kept);
	return status;
}
