/* Every bound of a store (limits.h), at it and one past it.  The bounds are set
 * low: nobody makes 16 million nodes to see the last one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/pst/store.h"
#include "tests/support_sink.h"
#include "tests/support_store.h"

extern const struct parser parser_pst;

static struct pst_limits usual;
static struct buffer store;

static int
set_up(void **state)
{
	(void)state;
	usual = pst_limits;
	store = store_made("-f unicode -c none", store_spec);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	buffer_release(&store);
	return 0;
}

/* Problems of that kind, with these bounds; *messages as said. */
static size_t
told(const struct buffer *bytes, struct pst_limits limits, const char *kind,
    size_t *messages)
{
	struct kept kept;
	size_t count;

	kept_init(&kept);
	pst_limits = limits;
	kept_run_bytes(&kept, &parser_pst, buffer_bytes(bytes));
	pst_limits = usual;
	count = kept_problems(&kept, kind);
	*messages = kept.count[RECORD_KIND_MESSAGE];
	kept_release(&kept);
	return count;
}

/* The least bound under which nothing is said, from 1 on: there all messages
 * are, and one below a row says what is left out. */
static size_t
least(const struct buffer *bytes, size_t offset, const char *kind,
    size_t most)
{
	size_t all, some;

	assert_int_equal(told(bytes, usual, kind, &all), 0);
	for (size_t n = 1; n <= most; n++) {
		struct pst_limits limits = usual;

		*(size_t *)(void *)((char *)&limits + offset) = n;
		if (told(bytes, limits, kind, &some) == 0) {
			assert_int_equal(some, all);
			return n;
		}
	}
	fail_msg("always told");
	return 0;
}

#define LEAST(bytes, name, kind, most)                                         \
	least(bytes, offsetof(struct pst_limits, name), kind, most)

static void
test_folders(void **state)
{
	(void)state;
	/* Root, top, search root, Inbox, Projects, Deleted Items, Empty. */
	assert_int_equal(LEAST(&store, folders, "limit_size", 20), 7);
}

static void
test_nodes(void **state)
{
	(void)state;
	/* Six messages; the seventh is inside one. */
	assert_int_equal(LEAST(&store, nodes, "limit_size", 20), 6);
}

static void
test_embedded(void **state)
{
	struct buffer spec = BUFFER_EMPTY, made;

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\nmessage\nsubject outer\n");
	for (int i = 0; i < 5; i++)
		buffer_add_cstr(&spec, "attach a\nembed\nsubject i\nend\n");
	buffer_add_cstr(&spec, "end\n");
	buffer_add_byte(&spec, 0);
	made = store_made("-f unicode", (const char *)spec.p);
	assert_int_equal(LEAST(&made, embedded, "limit_parts", 20), 5);
	buffer_release(&made);
	buffer_release(&spec);
}

static void
test_blocks(void **state)
{
	(void)state;
	/* 30,000 bytes in blocks of 8,176. */
	assert_int_equal(LEAST(&store, blocks, "limit_size", 20), 4);
}

static void
test_subnodes(void **state)
{
	struct buffer spec = BUFFER_EMPTY, made;
	struct pst_limits limits = usual;
	size_t messages;

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\nmessage\nsubject many\n");
	for (int i = 0; i < 400; i++)
		buffer_add_cstr(&spec, "attach a.txt\nattach-text x\n");
	buffer_add_cstr(&spec, "end\n");
	buffer_add_byte(&spec, 0);
	made = store_made("-f unicode", (const char *)spec.p);
	/* With the two tables. */
	limits.subnodes = 402;
	assert_int_equal(told(&made, limits, "limit_parts", &messages), 0);
	limits.subnodes = 401;
	assert_true(told(&made, limits, "limit_parts", &messages) > 0);
	assert_int_equal(messages, 1);
	buffer_release(&made);
	buffer_release(&spec);
}

/* The scan of a store whose node tree has lost its root's checksum. */
static void
test_pool(void **state)
{
	size_t page = store_page(buffer_bytes(&store), 0x81, 1);
	size_t n;

	(void)state;
	if (page == SIZE_MAX)
		page = store_page(buffer_bytes(&store), 0x81, 0);
	store.p[page + 508] ^= 1;
	store.p[page + 500] ^= 1;
	n = LEAST(&store, pool, "limit_size", 500);
	assert_true(n > 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_embedded),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_subnodes),
		cmocka_unit_test(test_pool),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
