/* Damaged, cut and lying stores: an end, no crash, nothing lost in silence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/pst/form.h"
#include "tests/support_sink.h"
#include "tests/support_store.h"

extern const struct parser parser_pst;

/* Of store_spec: top level and embedded, without what no table lists. */
enum { LISTED = 5 };

static struct buffer store;
static size_t used;

static int
store_make(void **state)
{
	(void)state;
	store = store_made("-c none", store_spec);
	used = store_used(buffer_bytes(&store));
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
copy_of(size_t n)
{
	struct buffer copy = BUFFER_EMPTY;

	buffer_add(&copy, store.p, n);
	return copy;
}

static void
run(struct kept *kept, const struct buffer *bytes)
{
	kept_init(kept);
	kept_run_bytes(kept, &parser_pst, buffer_bytes(bytes));
}

static size_t
listed_messages(const struct kept *kept)
{
	size_t count = 0;

	for (size_t i = 0; i < kept->count[RECORD_KIND_MESSAGE]; i++) {
		const struct record_message *m = kept_message(kept, i);

		count += !bytes_eq(m->state, BYTES_LIT("recovered")) ||
			 m->listed == 1;
	}
	return count;
}

/* Whatever happened: fewer items are never without a word. */
static void
check_not_silent(const struct buffer *bytes, const char *what, size_t at)
{
	struct kept kept;

	run(&kept, bytes);
	if (listed_messages(&kept) < LISTED &&
	    kept.count[RECORD_KIND_PROBLEM] == 0)
		fail_msg("%s at %zu: %zu of %d items and no problem", what, at,
		    listed_messages(&kept), LISTED);
	kept_release(&kept);
}

static void
test_whole(void **state)
{
	struct kept kept;

	(void)state;
	run(&kept, &store);
	assert_int_equal(listed_messages(&kept), LISTED);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	kept_release(&kept);
}

static void
test_every_truncation(void **state)
{
	(void)state;
	for (size_t n = 0; n < used; n += n < 1024 ? 13 : 128) {
		struct buffer cut = copy_of(n);

		check_not_silent(&cut, "cut", n);
		buffer_release(&cut);
	}
}

static void
test_every_damage(void **state)
{
	(void)state;
	for (size_t at = 0; at < used; at += 23) {
		struct buffer hurt = copy_of(used);

		/* The gap between header and first AMap is all zeros. */
		if (at > 640 && at < 0x4400)
			at = 0x4400;
		hurt.p[at] ^= 0xFF;
		check_not_silent(&hurt, "flip", at);
		buffer_release(&hurt);
	}
}

static void
test_every_sector_overwritten(void **state)
{
	(void)state;
	for (size_t at = 0; at + 512 <= used; at += 512) {
		struct buffer hurt = copy_of(used);

		for (size_t i = 0; i < 512; i++)
			hurt.p[at + i] = (uint8_t)(i * 151 + at / 512);
		check_not_silent(&hurt, "garbage", at);
		buffer_release(&hurt);
	}
}

/* ---- what still comes out */

static void
test_header_overwritten(void **state)
{
	struct buffer hurt = copy_of(store.n);
	struct kept kept;

	(void)state;
	memset(hurt.p, 'x', 600);
	run(&kept, &hurt);
	assert_int_equal(listed_messages(&kept), LISTED);
	assert_true(kept_problems(&kept, "damaged") > 0);
	kept_release(&kept);
	buffer_release(&hurt);
}

/* Both trees without their roots: everything is found by the scan. */
static void
test_roots_overwritten(void **state)
{
	struct buffer hurt = copy_of(store.n);
	struct kept kept;

	(void)state;
	memset(hurt.p + pst_le64(hurt.p + pst_form_unicode.h_nbt + 8), 0, 512);
	memset(hurt.p + pst_le64(hurt.p + pst_form_unicode.h_bbt + 8), 0, 512);
	run(&kept, &hurt);
	assert_int_equal(listed_messages(&kept), LISTED);
	assert_true(kept_problems(&kept, "damaged") > 0);
	kept_release(&kept);
	buffer_release(&hurt);
}

static void
test_page_checksum(void **state)
{
	struct buffer hurt = copy_of(store.n);
	size_t page = store_page(buffer_bytes(&store), PST_PAGE_NBT, 0);
	struct kept kept;

	(void)state;
	hurt.p[page + pst_form_unicode.page_crc] ^= 1;
	run(&kept, &hurt);
	assert_int_equal(listed_messages(&kept), LISTED);
	assert_int_equal(kept_problems(&kept, "bad_checksum"), 1);
	kept_release(&kept);
	buffer_release(&hurt);
}

/* A table promises a message whose node has another number. */
static void
test_promised_and_missing(void **state)
{
	struct buffer hurt = copy_of(store.n);
	size_t node = store_node(buffer_bytes(&store), 0x200024);
	struct kept kept;

	(void)state;
	assert_int_not_equal(node, SIZE_MAX);
	/* Old pages of the same store must not help. */
	hurt.p[node + 1] = 0xE0;
	store_mend_page(hurt.p, node / 512 * 512);
	run(&kept, &hurt);
	assert_int_equal(kept_problems(&kept, "no_data"), 1);
	for (size_t i = 0; i < kept.count[RECORD_KIND_PROBLEM]; i++)
		if (kept_problem(&kept, i)->items_lost == 1)
			assert_true(bytes_eq(kept_problem(&kept, i)->locator,
			    BYTES_LIT("nid=0x200024")));
	kept_release(&kept);
	buffer_release(&hurt);
}

/* ---- circles and lies */

static void
put64(uint8_t *p, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

/* The root page of a tree names itself as its child. */
static void
test_page_circle(void **state)
{
	struct buffer spec = BUFFER_EMPTY, big;
	struct kept kept;
	uint64_t root;

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\n");
	for (int i = 0; i < 100; i++)
		buffer_add_cstr(&spec, "message\nsubject s\nend\n");
	buffer_add_byte(&spec, 0);
	big = store_made("-c none", (char *)spec.p);
	root = pst_le64(big.p + pst_form_unicode.h_nbt + 8);
	assert_true(big.p[root + pst_form_unicode.bt_level] > 0);
	put64(big.p + root + 24 + 16, root);
	store_mend_page(big.p, root);
	run(&kept, &big);
	assert_true(kept_problems(&kept, "damaged") > 0);
	/* The scan finds the leaf that the root no longer names. */
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 100);
	kept_release(&kept);
	buffer_release(&big);
	buffer_release(&spec);
}

/* Two entries name one page: read once, and the other leaf found. */
static void
test_page_named_twice(void **state)
{
	struct buffer spec = BUFFER_EMPTY, big;
	struct kept kept;
	uint64_t root;

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\n");
	for (int i = 0; i < 100; i++)
		buffer_add_cstr(&spec, "message\nsubject s\nend\n");
	buffer_add_byte(&spec, 0);
	big = store_made("-c none", (char *)spec.p);
	root = pst_le64(big.p + pst_form_unicode.h_nbt + 8);
	memcpy(big.p + root + 2 * 24 + 8, big.p + root + 24 + 8, 16);
	store_mend_page(big.p, root);
	run(&kept, &big);
	assert_int_equal(kept_problems(&kept, "damaged"), 1);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 100);
	kept_release(&kept);
	buffer_release(&big);
	buffer_release(&spec);
}

static uint32_t
folder_nid(const struct kept *kept, const char *path)
{
	for (size_t i = 0; i < kept->count[RECORD_KIND_FOLDER]; i++) {
		const struct record_folder *f = kept_record(kept,
		    RECORD_KIND_FOLDER, i);
		char text[32] = "";

		if (!bytes_eq(f->path, bytes_cstr(path)) ||
		    f->folder_id.n >= sizeof text)
			continue;
		memcpy(text, f->folder_id.p, f->folder_id.n);
		return (uint32_t)strtoul(text + 4, NULL, 16);
	}
	fail_msg("no folder '%s'", path);
	return 0;
}

static void
test_folder_circle(void **state)
{
	struct buffer hurt = copy_of(store.n);
	uint32_t inbox, projects;
	struct kept kept;
	size_t node;

	(void)state;
	run(&kept, &store);
	inbox = folder_nid(&kept, "Inbox");
	projects = folder_nid(&kept, "Inbox/Projects");
	kept_release(&kept);
	node = store_node(buffer_bytes(&store), inbox);
	hurt.p[node + 24] = (uint8_t)projects;
	hurt.p[node + 25] = (uint8_t)(projects >> 8);
	store_mend_page(hurt.p, node / 512 * 512);
	run(&kept, &hurt);
	assert_int_equal(kept_problems(&kept, "limit_depth"), 1);
	assert_int_equal(listed_messages(&kept), LISTED);
	kept_release(&kept);
	buffer_release(&hurt);
}

/* The embedded message is the message that holds it. */
static void
test_message_in_itself(void **state)
{
	static const uint8_t list[] = { 2, 0, 1, 0 };
	struct buffer hurt = copy_of(store.n);
	size_t node = store_node(buffer_bytes(&store), 0x200044);
	size_t at = 0, cb = 0;
	struct kept kept;
	bool found = false;

	(void)state;
	/* A list block of one subnode that is a message. */
	while ((at = store_block(buffer_bytes(&store), at, list, sizeof list,
	            &cb)) != SIZE_MAX) {
		if ((store.p[at + 8] & 0x1F) == 4) {
			memcpy(hurt.p + at + 16, store.p + node + 8, 16);
			store_mend_block(hurt.p, at, cb);
			found = true;
		}
		at += 64;
	}
	assert_true(found);
	run(&kept, &hurt);
	assert_int_equal(kept_problems(&kept, "damaged"), 1);
	assert_int_equal(listed_messages(&kept), LISTED - 1);
	kept_release(&kept);
	buffer_release(&hurt);
}

/* A list block that claims more blocks than it holds. */
static void
test_list_lies(void **state)
{
	static const uint8_t list[] = { 1, 1 };
	struct buffer hurt = copy_of(store.n);
	size_t cb = 0, at = store_block(buffer_bytes(&store), 0, list,
	           sizeof list, &cb);
	struct kept kept;

	(void)state;
	assert_int_not_equal(at, SIZE_MAX);
	hurt.p[at + 2] = hurt.p[at + 3] = 0xFF;
	store_mend_block(hurt.p, at, cb);
	run(&kept, &hurt);
	assert_true(kept_problems(&kept, "count_mismatch") >= 1);
	assert_int_equal(kept_problems(&kept, "count_mismatch"),
	    kept.count[RECORD_KIND_PROBLEM]);
	assert_int_equal(listed_messages(&kept), LISTED);
	kept_release(&kept);
	buffer_release(&hurt);
}

/* The data block of a node: its place by a scan of the blocks' numbers. */
static size_t
node_block(uint32_t nid, size_t *cb)
{
	const struct pst_form *form = &pst_form_unicode;
	uint64_t bid = pst_le64(store.p +
				store_node(buffer_bytes(&store), nid) + 8);

	for (size_t end = 64; end <= store.n; end += 64) {
		const uint8_t *t = store.p + end - form->trailer;

		*cb = pst_le16(t);
		if (pst_le64(t + 8) == bid &&
		    pst_block_room(form, *cb) <= end &&
		    pst_le32(t + 4) == pst_crc(store.p + end -
		        pst_block_room(form, *cb), *cb))
			return end - pst_block_room(form, *cb);
	}
	fail_msg("node 0x%x has no block", nid);
	return 0;
}

static uint32_t
nid_of(const char *subject)
{
	struct kept kept;
	uint32_t nid = 0;

	run(&kept, &store);
	for (size_t i = 0; i < kept.count[RECORD_KIND_MESSAGE]; i++) {
		const struct record_message *m = kept_message(&kept, i);
		char text[64] = "";

		if (!bytes_eq(m->subject, bytes_cstr(subject)) ||
		    m->locator.n >= sizeof text)
			continue;
		memcpy(text, m->locator.p, m->locator.n);
		nid = (uint32_t)strtoul(text + 4, NULL, 16);
	}
	kept_release(&kept);
	return nid;
}

static void
test_block_checksum(void **state)
{
	struct buffer hurt = copy_of(store.n);
	size_t cb, at = node_block(0x200024, &cb);
	struct kept kept;

	(void)state;
	/* A letter of the subject, UTF-16. */
	for (size_t i = at; i < at + cb; i++)
		if (memcmp(hurt.p + i, "B\0u\0d\0g\0e\0t", 11) == 0)
			hurt.p[i] = 'F';
	run(&kept, &hurt);
	/* By the item, and in the list of all. */
	assert_int_equal(kept_problems(&kept, "bad_checksum"), 2);
	assert_true(bytes_eq(kept_message(&kept, 0)->subject,
	    BYTES_LIT("Fudget for June")));
	kept_release(&kept);
	buffer_release(&hurt);
}

/* The row of all damaged blocks or allocation pages; NULL: none. */
static const struct record_problem *
swept(const struct kept *kept, const char *words)
{
	for (size_t i = 0; i < kept->count[RECORD_KIND_PROBLEM]; i++)
		if (bytes_eq(kept_problem(kept, i)->locator,
		        BYTES_LIT("blocks")) &&
		    bytes_find(kept_problem(kept, i)->detail,
		        bytes_cstr(words)) != SIZE_MAX)
			return kept_problem(kept, i);
	return NULL;
}

/* Damage where no item looks: a node of a type nobody reads; an AMap. */
static void
test_unneeded_damage(void **state)
{
	struct buffer hurt = copy_of(store.n);
	size_t cb, at = node_block(0x200024, &cb);
	size_t entry = store_node(buffer_bytes(&hurt), 0x200024);
	char words[64];
	struct kept kept;

	(void)state;
	run(&kept, &hurt);
	assert_null(swept(&kept, "1 "));
	kept_release(&kept);
	hurt.p[entry] = 0x27; /* type 7 */
	store_mend_page(hurt.p, entry / 512 * 512);
	hurt.p[at + cb / 2] ^= 1;
	hurt.p[0x4400 + 100] ^= 1;
	run(&kept, &hurt);
	snprintf(words, sizeof words, "at byte %zu", at);
	assert_non_null(swept(&kept, words));
	assert_true(bytes_starts(swept(&kept, words)->detail,
	    BYTES_LIT("1 blocks")));
	assert_non_null(swept(&kept, "1 allocation pages"));
	assert_true(bytes_eq(swept(&kept, "1 allocation pages")->severity,
	    BYTES_LIT("note")));
	kept_release(&kept);
	buffer_release(&hurt);
}

/* An offset of the page map points into the map. */
static void
test_heap_item_outside(void **state)
{
	struct buffer hurt = copy_of(store.n);
	size_t cb, at = node_block(0x200024, &cb), map, count;
	struct kept kept;

	(void)state;
	map = at + pst_le16(hurt.p + at);
	count = pst_le16(hurt.p + map);
	hurt.p[map + 4 + 2 * count] += 4;
	store_mend_block(hurt.p, at, cb);
	run(&kept, &hurt);
	assert_true(kept_problems(&kept, "damaged") >= 1);
	assert_int_equal(listed_messages(&kept), LISTED);
	kept_release(&kept);
	buffer_release(&hurt);
}

static int64_t
items_lost(const struct kept *kept)
{
	int64_t lost = 0;

	for (size_t i = 0; i < kept->count[RECORD_KIND_PROBLEM]; i++)
		lost += kept_problem(kept, i)->items_lost;
	return lost;
}

/* A listed message is said from its row; an orphan has none and is lost. */
static void
test_properties_overwritten(void **state)
{
	struct buffer hurt = copy_of(store.n);
	size_t cb, at = node_block(0x200024, &cb);
	struct kept kept;

	(void)state;
	memset(hurt.p + at, 'x', cb);
	run(&kept, &hurt);
	assert_int_equal(items_lost(&kept), 0);
	assert_int_equal(listed_messages(&kept), LISTED);
	assert_true(bytes_eq(kept_message(&kept, 0)->subject,
	    BYTES_LIT("Budget for June")));
	/* Recipients and attachments are not in that block. */
	assert_int_equal(kept.count[RECORD_KIND_ATTACHMENT], 3);
	kept_release(&kept);
	at = node_block(nid_of("Not listed"), &cb);
	memset(hurt.p + at, 'x', cb);
	run(&kept, &hurt);
	assert_int_equal(items_lost(&kept), 1);
	kept_release(&kept);
	buffer_release(&hurt);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_every_damage),
		cmocka_unit_test(test_every_sector_overwritten),
		cmocka_unit_test(test_header_overwritten),
		cmocka_unit_test(test_roots_overwritten),
		cmocka_unit_test(test_page_checksum),
		cmocka_unit_test(test_promised_and_missing),
		cmocka_unit_test(test_page_circle),
		cmocka_unit_test(test_page_named_twice),
		cmocka_unit_test(test_folder_circle),
		cmocka_unit_test(test_message_in_itself),
		cmocka_unit_test(test_list_lies),
		cmocka_unit_test(test_block_checksum),
		cmocka_unit_test(test_unneeded_damage),
		cmocka_unit_test(test_heap_item_outside),
		cmocka_unit_test(test_properties_overwritten),
	};

	return cmocka_run_group_tests(tests, store_make, store_drop);
}
