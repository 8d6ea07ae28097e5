/* What a parser says of a message is told apart: its own text, its headers,
 * what hangs on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "parsers/containers/member_sink.h"
#include "tests/support_sink.h"

static const char mail[] =
    "Subject: outer\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=M\r\n\r\n"
    "--M\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n"
    "--A\r\n\r\nplain words\r\n"
    "--A\r\nContent-Type: text/html\r\n\r\n"
    "<p>rich words</p><table><tr><td>cell</td></tr></table>\r\n"
    "--A--\r\n"
    "--M\r\nContent-Type: text/plain; name=a.txt\r\n"
    "Content-Disposition: attachment; filename=a.txt\r\n\r\nhung words\r\n"
    "--M\r\nContent-Type: message/rfc822\r\n\r\n"
    "Subject: inner\r\n\r\ninner words\r\n"
    "--M--\r\n";

static const struct kept_flow *
flow_with(const struct kept *kept, const char *words)
{
	for (size_t i = 0; i < kept->flow_count; i++)
		if (bytes_find(kept->flows[i].text, bytes_cstr(words)) !=
		    SIZE_MAX)
			return &kept->flows[i];
	fail_msg("no flow has '%s'", words);
	return NULL;
}

static void
assert_mail(const struct kept *kept)
{
	assert_true(flow_with(kept, "plain words")->body);
	assert_true(flow_with(kept, "rich words")->body);
	assert_true(flow_with(kept, "inner words")->body);
	assert_false(flow_with(kept, "hung words")->body);
	assert_false(flow_with(kept, "outer")->body);
	assert_int_equal(kept->row_count, 1);
	assert_true(kept->rows[0].body);
	assert_int_equal(kept->headers_count, 2);
	assert_int_equal(kept->headers[0].idx, 0);
	assert_true(bytes_starts(kept->headers[0].text,
	    BYTES_LIT("Subject: outer\r\nMIME-Version: 1.0\r\n")));
	assert_int_equal(kept->headers[1].idx, 1);
	assert_true(bytes_starts(kept->headers[1].text,
	    BYTES_LIT("Subject: inner")));
}

static void
test_mail(void **state)
{
	struct input input = { .fd = -1, .memory = bytes_cstr(mail),
		.size = sizeof mail - 1 };
	struct kept kept;

	(void)state;
	kept_init(&kept);
	kept_run(&kept, parser_named(BYTES_LIT("eml")), &input);
	assert_mail(&kept);
	kept_release(&kept);
}

/* The same out of an archive: its sink hands on what it is told. */
static void
test_member(void **state)
{
	const struct parser *parser = parser_named(BYTES_LIT("eml"));
	struct input input = { .fd = -1, .memory = bytes_cstr(mail),
		.size = sizeof mail - 1 };
	struct member_sink member;
	struct kept kept;

	(void)state;
	kept_init(&kept);
	member_sink_init(&member, &kept.sink, BYTES_LIT("member=a.eml"));
	parser->run(&input, BYTES_LIT(""), &member.sink);
	assert_mail(&kept);
	member_sink_release(&member);
	kept_release(&kept);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mail),
		cmocka_unit_test(test_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
