/* What a mailbox does by itself: rules, delegates, replies, read from stores
 * that pstgen writes; and the bytes of conditions and actions alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/mapi/rule.h"
#include "tests/support_sink.h"
#include "tests/support_store.h"

extern const struct parser parser_pst;

/* ---- writing rules ([MS-OXORULE] 2.2.5, [MS-OXCDATA] 2.12) */

struct writer {
	struct buffer out;
	bool extended;
};

static void
put(struct writer *w, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		buffer_add_byte(&w->out, (uint8_t)(value >> (8 * i)));
}

static void
put_count(struct writer *w, size_t count)
{
	put(w, count, w->extended ? 4 : 2);
}

static void
put_string(struct writer *w, uint32_t tag, const char *text)
{
	put(w, tag, 4);
	for (; *text; text++)
		put(w, (uint8_t)*text, 2);
	put(w, 0, 2);
}

static void
put_key(struct writer *w, uint32_t tag, const char *text)
{
	put(w, tag, 4);
	put_count(w, strlen(text) + 1);
	buffer_add(&w->out, text, strlen(text) + 1);
}

static void
put_content(struct writer *w, uint32_t tag, const char *word)
{
	put(w, 3, 1);
	put(w, 1, 2); /* substring */
	put(w, 1, 2); /* any case */
	put(w, tag, 4);
	put_string(w, tag, word);
}

static void
put_sender(struct writer *w, const char *key)
{
	put(w, 4, 1);
	put(w, 4, 1);
	put(w, 0x0C1D0102, 4);
	put_key(w, 0x0C1D0102, key);
}

/* Subject or body has invoice or payment; from boss; not from a friend; has
 * attachments. */
static void
put_condition(struct writer *w)
{
	if (w->extended)
		put(w, 0, 2);
	put(w, 0, 1);
	put_count(w, 4);
	put(w, 1, 1);
	put_count(w, 4);
	put_content(w, 0x0037001F, "invoice");
	put_content(w, 0x0037001F, "payment");
	put_content(w, 0x1000001F, "invoice");
	put_content(w, 0x1000001F, "payment");
	put(w, 0x0A, 1); /* comment: a name, then the sender */
	put(w, 1, 1);
	put_string(w, 0x0001001F, "The Boss");
	put(w, 1, 1);
	put_sender(w, "SMTP:BOSS@X.EXAMPLE");
	put(w, 2, 1); /* not */
	put_sender(w, "SMTP:FRIEND@X.EXAMPLE");
	put(w, 6, 1); /* bits */
	put(w, 1, 1);
	put(w, 0x0E070003, 4);
	put(w, 0x10, 4);
}

static void
put_recipient(struct writer *w, const char *name, const char *address)
{
	put(w, 1, 1);
	put_count(w, 3);
	put_string(w, 0x3001001F, name);
	put_string(w, 0x3003001F, address);
	put(w, 0x0C150003, 4);
	put(w, 1, 4);
}

static void
put_block(struct writer *w, const struct writer *block)
{
	put_count(w, block->out.n);
	buffer_add_bytes(&w->out, buffer_bytes(&block->out));
}

/* Forward (or redirect) to two, and delete. */
static void
put_actions(struct writer *w, uint32_t flavor)
{
	struct writer block = { BUFFER_EMPTY, w->extended };

	if (w->extended) {
		put(w, 0, 2);
		put(w, 1, 4);
	}
	put_count(w, 2);
	put(&block, 7, 1);
	put(&block, flavor, 4);
	put(&block, 0, 4);
	put_count(&block, 2);
	put_recipient(&block, "Eve", "eve@evil.example");
	put_recipient(&block, "Mal", "mal@evil.example");
	put_block(w, &block);
	buffer_reset(&block.out);
	put(&block, 10, 1);
	put(&block, 0, 8);
	put_block(w, &block);
	buffer_release(&block.out);
}

/* ---- reading them */

static struct bytes
parameter(const struct rule_parameters *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->list[i].name, name) == 0)
			return p->list[i].value;
	return BYTES_NONE;
}

#define assert_parameter(p, name, text)                                        \
	assert_true(bytes_eq(parameter(p, name), bytes_cstr(text)))

static void
check_rule(bool extended)
{
	struct writer condition = { BUFFER_EMPTY, extended };
	struct writer actions = { BUFFER_EMPTY, extended };
	struct rule_parameters p = { 0 };
	struct arena arena;

	arena_init(&arena);
	p.arena = &arena;
	put_condition(&condition);
	put_actions(&actions, 0);
	assert_true(rule_condition_read(&p, buffer_bytes(&condition.out),
	    extended));
	assert_true(rule_actions_read(&p, buffer_bytes(&actions.out),
	    extended));
	assert_parameter(&p, "SubjectOrBodyContainsWords",
	    "invoice; payment; invoice; payment");
	assert_parameter(&p, "From", "BOSS@X.EXAMPLE");
	assert_parameter(&p, "ExceptIf", "sender is FRIEND@X.EXAMPLE");
	assert_parameter(&p, "OtherCondition", "flags has bits 0x10 set");
	assert_parameter(&p, "ForwardTo",
	    "eve@evil.example; mal@evil.example");
	assert_parameter(&p, "DeleteMessage", "True");
	assert_int_equal(p.count, 6);
	buffer_release(&condition.out);
	buffer_release(&actions.out);
	arena_release(&arena);
}

static void
test_rule_bytes(void **state)
{
	(void)state;
	check_rule(false);
	check_rule(true);
}

static void
test_redirect_and_attachment(void **state)
{
	static const struct {
		uint32_t flavor;
		const char *name;
	} all[] = { { 0, "ForwardTo" }, { 1, "ForwardTo" },
		{ 3, "RedirectTo" }, { 4, "ForwardAsAttachmentTo" } };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct writer w = { BUFFER_EMPTY, false };
		struct rule_parameters p = { 0 };
		struct arena arena;

		arena_init(&arena);
		p.arena = &arena;
		put_actions(&w, all[i].flavor);
		assert_true(rule_actions_read(&p, buffer_bytes(&w.out),
		    false));
		assert_string_equal(p.list[0].name, all[i].name);
		buffer_release(&w.out);
		arena_release(&arena);
	}
}

/* Every truncation is said, in a buffer of just that size; never a crash. */
static void
test_truncations(void **state)
{
	struct writer c = { BUFFER_EMPTY, true }, a = { BUFFER_EMPTY, true };

	(void)state;
	put_condition(&c);
	put_actions(&a, 0);
	for (size_t n = 0; n < c.out.n || n < a.out.n; n++) {
		struct rule_parameters p = { 0 };
		uint8_t *copy = malloc(n > 0 ? n : 1);
		struct arena arena;

		arena_init(&arena);
		p.arena = &arena;
		memcpy(copy, c.out.p, n < c.out.n ? n : c.out.n);
		if (n < c.out.n) {
			assert_false(rule_condition_read(&p,
			    bytes_of(copy, n), true));
			assert_true(bytes_present(parameter(&p,
			    "UnreadCondition")));
		}
		memcpy(copy, a.out.p, n < a.out.n ? n : a.out.n);
		if (n < a.out.n)
			assert_false(rule_actions_read(&p,
			    bytes_of(copy, n), true));
		free(copy);
		arena_release(&arena);
	}
	buffer_release(&c.out);
	buffer_release(&a.out);
}

/* NOT in NOT ... around one content restriction. */
static bool
nested_reads(unsigned depth)
{
	struct writer w = { BUFFER_EMPTY, false };
	struct rule_parameters p = { 0 };
	struct arena arena;
	bool whole;

	arena_init(&arena);
	p.arena = &arena;
	for (unsigned i = 0; i < depth; i++)
		put(&w, 2, 1);
	put_content(&w, 0x0037001F, "x");
	whole = rule_condition_read(&p, buffer_bytes(&w.out), false);
	buffer_release(&w.out);
	arena_release(&arena);
	return whole;
}

static bool
many_read(unsigned count)
{
	struct writer w = { BUFFER_EMPTY, false };
	struct rule_parameters p = { 0 };
	struct arena arena;
	bool whole;

	arena_init(&arena);
	p.arena = &arena;
	put(&w, 0, 1);
	put_count(&w, count);
	for (unsigned i = 0; i < count; i++) {
		put(&w, 8, 1); /* exists */
		put(&w, 0x0E070003, 4);
	}
	whole = rule_condition_read(&p, buffer_bytes(&w.out), false);
	buffer_release(&w.out);
	arena_release(&arena);
	return whole;
}

static void
test_limits(void **state)
{
	struct arena arena;
	struct bytes list = BYTES_NONE;

	(void)state;
	assert_true(nested_reads(LIMIT_RULE_DEPTH));
	assert_false(nested_reads(LIMIT_RULE_DEPTH + 1));
	/* The AND is one of them. */
	assert_true(many_read(LIMIT_RULE_TERMS - 1));
	assert_false(many_read(LIMIT_RULE_TERMS));
	arena_init(&arena);
	for (unsigned i = 0; i < LIMIT_RULE_LIST; i++)
		list = rule_list_add(&arena, list, BYTES_LIT("word"));
	assert_true(list.n < LIMIT_RULE_LIST + 32);
	assert_true(bytes_ends(list, BYTES_LIT("; (more)")));
	arena_release(&arena);
}

/* ---- in a store */

static void
add_hex(struct buffer *spec, const char *tag, const struct writer *w)
{
	buffer_printf(spec, "prop %s hex ", tag);
	for (size_t i = 0; i < w->out.n; i++)
		buffer_printf(spec, "%02x", w->out.p[i]);
	buffer_add_cstr(spec, "\n");
}

static void
add_rule(struct buffer *spec, bool extended)
{
	struct writer c = { BUFFER_EMPTY, extended };
	struct writer a = { BUFFER_EMPTY, extended };

	put_condition(&c);
	put_actions(&a, 0);
	buffer_printf(spec,
	    "message\nflags associated\nclass %s\nprop 65EC string %s\n"
	    "prop 65E9 int 1\ncreated 2023-05-20T10:00:00Z\n"
	    "modified 2023-05-21T10:00:00Z\n",
	    extended ? "IPM.ExtendedRule.Message"
		     : "IPM.Rule.Version2.Message",
	    extended ? "Long" : "Short");
	add_hex(spec, extended ? "0E99" : "65EF", &a);
	add_hex(spec, extended ? "0E9A" : "65F0", &c);
	buffer_add_cstr(spec, "end\n");
	buffer_release(&c.out);
	buffer_release(&a.out);
}

static const struct record_event *
event_at(const struct kept *kept, size_t i)
{
	return kept_record(kept, RECORD_KIND_EVENT, i);
}

static void
read_spec(struct kept *kept, const char *options, const char *spec)
{
	struct buffer store = store_made(options, spec);

	kept_init(kept);
	kept_run_bytes(kept, &parser_pst, buffer_bytes(&store));
	buffer_release(&store);
}

static bool
says(struct bytes text, const char *part)
{
	return bytes_find_nocase(text, bytes_cstr(part)) != SIZE_MAX;
}

static void
test_rules_in_store(void **state)
{
	static const char *const forms[] = { "-f unicode", "-f ansi",
		"-f 4k" };
	struct buffer spec = BUFFER_EMPTY;

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\n");
	add_rule(&spec, false);
	add_rule(&spec, true);
	buffer_add_byte(&spec, 0);
	for (size_t i = 0; i < 3; i++) {
		struct kept kept;
		const struct record_event *e;

		read_spec(&kept, forms[i], (const char *)spec.p);
		assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
		assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 0);
		assert_int_equal(kept.count[RECORD_KIND_EVENT], 2);
		e = event_at(&kept, 0);
		assert_true(bytes_eq(e->operation,
		    BYTES_LIT("InboxRuleInMailbox")));
		assert_true(bytes_eq(e->object_id, BYTES_LIT("Short")));
		assert_true(bytes_eq(e->locator, BYTES_LIT("nid=0x200028")) ||
			    bytes_starts(e->locator, BYTES_LIT("nid=0x")));
		assert_int_equal(e->time_us, INT64_C(1684576800000000));
		assert_int_equal(e->until_us, INT64_C(1684663200000000));
		assert_true(says(e->parameters,
		    "[\"ForwardTo\",\"eve@evil.example; mal@evil.example\"]"));
		assert_true(says(e->detail, "Enabled=True"));
		assert_true(says(e->detail, "last changed 2023-05-21"));
		assert_true(bytes_eq(event_at(&kept, 1)->object_id,
		    BYTES_LIT("Long")));
		assert_true(says(event_at(&kept, 1)->parameters,
		    "[\"From\",\"BOSS@X.EXAMPLE\"]"));
		kept_release(&kept);
	}
	buffer_release(&spec);
}

static void
test_other_kinds(void **state)
{
	/* Two names of a PtypMultipleString: count, offsets, texts. */
	static const char spec[] = "folder Inbox\n"
	    "message\nflags associated\nclass IPM.RuleOrganizer\n"
	    "prop 6802 hex 01006100400078002e0065007800616d0000"
	    "65007600650040006500760069006c00\n"
	    "created 2023-05-20T10:00:00Z\nend\n"
	    "message\nflags associated\n"
	    "class IPM.Note.Rules.OofTemplate.Microsoft\nsubject Away\n"
	    "text I am away.\nend\n"
	    "message\nflags associated\nclass IPM.Configuration.Views\nend\n"
	    "message\nclass IPM.Microsoft.ScheduleData.FreeBusy\n"
	    "subject LocalFreebusy\n"
	    "prop 6844 hex:101F 020000000c0000001000000041006c0042006f00\n"
	    "end\n"
	    "message\nclass IPM.Microsoft.ScheduleData.FreeBusy\n"
	    "subject no delegates\nend\n";
	struct kept kept;

	(void)state;
	read_spec(&kept, "-f unicode", spec);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	/* The free-busy items are messages of their folder as well. */
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 2);
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 3);
	assert_true(bytes_eq(event_at(&kept, 0)->operation,
	    BYTES_LIT("DelegatesInMailbox")));
	assert_true(bytes_eq(event_at(&kept, 0)->object_id,
	    BYTES_LIT("Al; Bo")));
	assert_true(bytes_eq(event_at(&kept, 1)->operation,
	    BYTES_LIT("OutlookRulesInMailbox")));
	assert_true(says(event_at(&kept, 1)->detail, "eve@evil"));
	assert_true(bytes_eq(event_at(&kept, 2)->operation,
	    BYTES_LIT("AutomaticReplyInMailbox")));
	assert_true(says(event_at(&kept, 2)->detail, "I am away."));
	kept_release(&kept);
}

/* A rule cut short is an event all the same, and a problem. */
static void
test_cut_rule(void **state)
{
	static const char spec[] = "folder Inbox\nmessage\nflags associated\n"
	    "class IPM.Rule.Version2.Message\nprop 65EC string Cut\n"
	    "prop 65EF hex 0200ff00\nprop 65F0 hex 0005\nend\n";
	struct kept kept;

	(void)state;
	read_spec(&kept, "-f unicode", spec);
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 1);
	assert_int_equal(kept_problems(&kept, "damaged"), 2);
	kept_release(&kept);
}

/* An associated item whose node is gone, and one that cannot be read. */
static void
test_lost_associated(void **state)
{
	struct buffer spec = BUFFER_EMPTY, store;
	const uint32_t nid = 0x200028;
	struct kept kept;
	size_t at;

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\n");
	add_rule(&spec, false);
	buffer_add_byte(&spec, 0);
	store = store_made("-f unicode", (const char *)spec.p);
	at = store_node(buffer_bytes(&store), nid);
	if (at == SIZE_MAX)
		at = store_node(buffer_bytes(&store), 0x100028);
	assert_int_not_equal(at, SIZE_MAX);
	/* Its data: a block that no tree has. */
	store.p[at + 8] = 0xF8;
	store.p[at + 9] = 0xFF;
	store_mend_page(store.p, at / 512 * 512);
	kept_init(&kept);
	kept_run_bytes(&kept, &parser_pst, buffer_bytes(&store));
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 0);
	assert_true(kept_problems(&kept, "damaged") >= 1);
	kept_release(&kept);
	/* And its node: another type. */
	store.p[at] = (uint8_t)(store.p[at] - 0x08 + 0x19);
	store_mend_page(store.p, at / 512 * 512);
	kept_init(&kept);
	kept_run_bytes(&kept, &parser_pst, buffer_bytes(&store));
	assert_int_equal(kept_problems(&kept, "no_data"), 1);
	kept_release(&kept);
	buffer_release(&store);
	buffer_release(&spec);
}

/* Its entry stays in a slot behind the page's count: deleted. */
static void
test_deleted_rule(void **state)
{
	struct buffer spec = BUFFER_EMPTY, store;
	struct kept kept;
	size_t at, page, last, count;
	uint8_t entry[32];

	(void)state;
	buffer_add_cstr(&spec, "folder Inbox\n");
	add_rule(&spec, false);
	buffer_add_byte(&spec, 0);
	store = store_made("-f unicode", (const char *)spec.p);
	at = store_node(buffer_bytes(&store), 0x200028);
	if (at == SIZE_MAX)
		at = store_node(buffer_bytes(&store), 0x100028);
	assert_int_not_equal(at, SIZE_MAX);
	page = at / 512 * 512;
	count = store.p[page + 488];
	last = page + 32 * (count - 1);
	memcpy(entry, store.p + at, 32);
	memmove(store.p + at, store.p + at + 32, last - at);
	memcpy(store.p + last, entry, 32);
	store.p[page + 488]--;
	store_mend_page(store.p, page);
	kept_init(&kept);
	kept_run_bytes(&kept, &parser_pst, buffer_bytes(&store));
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 1);
	assert_true(says(event_at(&kept, 0)->detail, "free space"));
	assert_true(bytes_eq(event_at(&kept, 0)->succeeded, BYTES_LIT("no")));
	assert_true(says(event_at(&kept, 0)->locator, "/bid=0x"));
	kept_release(&kept);
	buffer_release(&store);
	buffer_release(&spec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rule_bytes),
		cmocka_unit_test(test_redirect_and_attachment),
		cmocka_unit_test(test_truncations),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_rules_in_store),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_cut_rule),
		cmocka_unit_test(test_lost_associated),
		cmocka_unit_test(test_deleted_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
