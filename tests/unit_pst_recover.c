/* Items that the trees no longer hold: pages left behind, free blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/pst/form.h"
#include "tests/support_sink.h"
#include "tests/support_store.h"

extern const struct parser parser_pst;

static const struct pst_form *const form = &pst_form_unicode;

/* One listed message, and one that only its node names. */
static const char spec[] =
    "folder Inbox\n"
    "message\n"
    "subject Kept\n"
    "text kept words\n"
    "end\n"
    "message\n"
    "flags orphan\n"
    "subject Removed\n"
    "to Bob <bob@example.org>\n"
    "text removed words\n"
    "attach a.txt\n"
    "attach-text still here\n"
    "end\n";

static struct buffer store;
static uint32_t kept_nid, removed_nid;

static const struct record_message *
message_of(const struct kept *kept, const char *subject)
{
	for (size_t i = 0; i < kept->count[RECORD_KIND_MESSAGE]; i++)
		if (bytes_eq(kept_message(kept, i)->subject,
		        bytes_cstr(subject)))
			return kept_message(kept, i);
	return NULL;
}

static void
run(struct kept *kept, const struct buffer *bytes)
{
	kept_init(kept);
	kept_run_bytes(kept, &parser_pst, buffer_bytes(bytes));
}

static uint32_t
nid_of(const struct kept *kept, const char *subject)
{
	char text[64] = "";
	struct bytes locator = message_of(kept, subject)->locator;

	memcpy(text, locator.p, locator.n < 63 ? locator.n : 63);
	return (uint32_t)strtoul(text + 4, NULL, 16);
}

static int
store_make(void **state)
{
	struct kept kept;

	(void)state;
	store = store_made("-c permute", spec);
	run(&kept, &store);
	kept_nid = nid_of(&kept, "Kept");
	removed_nid = nid_of(&kept, "Removed");
	kept_release(&kept);
	return 0;
}

static int
store_drop(void **state)
{
	(void)state;
	buffer_release(&store);
	return 0;
}

static struct buffer
copy_of_store(void)
{
	struct buffer copy = BUFFER_EMPTY;

	buffer_add_bytes(&copy, buffer_bytes(&store));
	return copy;
}

/* The leaf entry of a block in the block BTree. */
static size_t
place_of(uint64_t bid)
{
	for (size_t page = 0; page + form->page <= store.n;
	     page += form->page) {
		struct bytes rest = bytes_skip(buffer_bytes(&store), page);

		if (store_page(bytes_slice(rest, 0, form->page), 0x80, 0) != 0)
			continue;
		for (unsigned i = 0; i < rest.p[form->bt_count]; i++)
			if (pst_le64(rest.p + (size_t)i * form->bbt_leaf) ==
			    bid)
				return page + (size_t)i * form->bbt_leaf;
	}
	fail_msg("no place of block 0x%llx", (unsigned long long)bid);
	return 0;
}

/* Out of its page; the slot behind the last is cleared. */
static void
remove_entry(struct buffer *bytes, size_t at, size_t size)
{
	size_t page = at / form->page * form->page;
	uint8_t *count = bytes->p + page + form->bt_count;
	size_t end = page + *count * size;

	memmove(bytes->p + at, bytes->p + at + size, end - at - size);
	memset(bytes->p + end - size, 0, size);
	--*count;
	store_mend_page(bytes->p, page);
}

/* The leaf page that holds this node, once more behind the end. */
static size_t
leave_behind(struct buffer *bytes, uint32_t nid)
{
	size_t page = store_node(buffer_bytes(&store), nid) / form->page *
		      form->page;
	size_t at = (bytes->n + form->page - 1) / form->page * form->page;

	while (bytes->n < at)
		buffer_add_byte(bytes, 0);
	buffer_add(bytes, store.p + page, form->page);
	store_mend_page(bytes->p, at);
	return at;
}

static struct buffer
without_node(void)
{
	struct buffer bytes = copy_of_store();

	remove_entry(&bytes, store_node(buffer_bytes(&store), removed_nid),
	    form->nbt_leaf);
	return bytes;
}

static void
test_removed_is_gone(void **state)
{
	struct buffer bytes = without_node();
	struct kept kept;

	(void)state;
	run(&kept, &bytes);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 1);
	kept_release(&kept);
	buffer_release(&bytes);
}

static void
test_page_left_behind(void **state)
{
	struct buffer bytes = without_node();
	const struct record_message *m;
	struct kept kept;

	(void)state;
	leave_behind(&bytes, removed_nid);
	run(&kept, &bytes);
	m = message_of(&kept, "Removed");
	assert_non_null(m);
	assert_true(bytes_eq(m->state, BYTES_LIT("recovered")));
	assert_true(bytes_find(m->locator, BYTES_LIT("/bid=0x")) != SIZE_MAX);
	assert_true(bytes_present(m->folder_id));
	assert_int_equal(m->attachments, 1);
	assert_true(bytes_find(m->flags, BYTES_LIT("older_copy")) == SIZE_MAX);
	/* The live one is not said twice. */
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 2);
	kept_release(&kept);
	buffer_release(&bytes);
}

/* A slot behind the page's count still holds it. */
static void
test_unused_slot(void **state)
{
	struct buffer bytes = copy_of_store();
	size_t at = store_node(buffer_bytes(&store), removed_nid);
	size_t page = at / form->page * form->page;
	uint8_t entry[32], *count = bytes.p + page + form->bt_count;
	struct kept kept;

	(void)state;
	memcpy(entry, bytes.p + at, 32);
	remove_entry(&bytes, at, 32);
	memcpy(bytes.p + page + *count * 32U, entry, 32);
	store_mend_page(bytes.p, page);
	run(&kept, &bytes);
	assert_non_null(message_of(&kept, "Removed"));
	kept_release(&kept);
	buffer_release(&bytes);
}

/* A page of before: the kept message had other data then. */
static void
test_older_copy(void **state)
{
	struct buffer bytes = copy_of_store();
	size_t removed = store_node(buffer_bytes(&store), removed_nid);
	size_t kept_at = store_node(buffer_bytes(&store), kept_nid);
	const struct record_message *m;
	size_t page;
	struct kept kept;

	(void)state;
	page = leave_behind(&bytes, kept_nid);
	memcpy(bytes.p + page + kept_at % form->page + 8,
	    store.p + removed + 8, 16);
	store_mend_page(bytes.p, page);
	remove_entry(&bytes, removed, form->nbt_leaf);
	run(&kept, &bytes);
	m = message_of(&kept, "Removed");
	assert_non_null(m);
	assert_true(bytes_find(m->flags, BYTES_LIT("older_copy")) != SIZE_MAX);
	kept_release(&kept);
	buffer_release(&bytes);
}

/* Neither node nor block entries: only the blocks themselves, which find
 * their list of subnodes by its number. */
static void
test_carved(void **state)
{
	struct buffer bytes = without_node();
	size_t node = store_node(buffer_bytes(&store), removed_nid);
	const struct record_message *m;
	struct kept kept;

	(void)state;
	/* The later entry first: they may lie in one page. */
	remove_entry(&bytes, place_of(pst_le64(store.p + node + 16)), 24);
	remove_entry(&bytes, place_of(pst_le64(store.p + node + 8)), 24);
	run(&kept, &bytes);
	m = message_of(&kept, "Removed");
	assert_non_null(m);
	assert_true(bytes_starts(m->locator, BYTES_LIT("bid=0x")));
	assert_true(bytes_eq(m->state, BYTES_LIT("recovered")));
	assert_int_equal(m->attachments, 1);
	kept_release(&kept);
	buffer_release(&bytes);
}

/* A block whose room was used again is not what the old entry means. */
static void
test_overwritten_block(void **state)
{
	struct buffer bytes = without_node();
	size_t node = store_node(buffer_bytes(&store), removed_nid);
	size_t place = place_of(pst_le64(store.p + node + 8));
	struct kept kept;

	(void)state;
	leave_behind(&bytes, removed_nid);
	/* One byte of a value: only the checksum can tell. */
	bytes.p[pst_le64(store.p + place + 8) +
		pst_le16(store.p + place + 16) / 2] ^= 0x10;
	remove_entry(&bytes, place, 24);
	run(&kept, &bytes);
	assert_null(message_of(&kept, "Removed"));
	kept_release(&kept);
	buffer_release(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_removed_is_gone),
		cmocka_unit_test(test_page_left_behind),
		cmocka_unit_test(test_unused_slot),
		cmocka_unit_test(test_older_copy),
		cmocka_unit_test(test_carved),
		cmocka_unit_test(test_overwritten_block),
	};

	return cmocka_run_group_tests(tests, store_make, store_drop);
}
