/* Every limit that mail can run into, at it and one past it. */
#include "tests/support_check.h"

#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"
#include "parsers/containers/archive.h"
#include "parsers/documents/text.h"
#include "tests/support_sink.h"

extern const struct parser parser_eml, parser_mbox, parser_tar;

static struct kept kept;
static struct buffer text;

static void
start(void)
{
	kept_release(&kept);
	kept_init(&kept);
	buffer_reset(&text);
}

static void
read_mail(void)
{
	kept_run_bytes(&kept, &parser_eml, buffer_bytes(&text));
}

/* ---- nesting */

static void
nest_multiparts(int depth)
{
	start();
	for (int i = 0; i < depth; i++)
		buffer_printf(&text, "Content-Type: multipart/mixed; "
				     "boundary=b%d\n\n--b%d\n", i, i);
	buffer_add_cstr(&text, "\ninnermost\n");
	for (int i = depth; i-- > 0;)
		buffer_printf(&text, "--b%d--\n", i);
	read_mail();
}

static void
test_multipart_depth(void **state)
{
	(void)state;
	nest_multiparts(LIMIT_MIME_DEPTH);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	nest_multiparts(LIMIT_MIME_DEPTH + 1);
	assert_int_equal(kept_problems(&kept, "limit_depth"), 1);
	/* What lies deeper is still there, as one part. */
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 1);
	nest_multiparts(20000);
	assert_int_equal(kept_problems(&kept, "limit_depth"), 1);
}

static void
nest_messages(int depth)
{
	start();
	for (int i = 0; i < depth; i++)
		buffer_add_cstr(&text, "Content-Type: message/rfc822\n\n");
	buffer_add_cstr(&text, "Subject: innermost\n\nx\n");
	read_mail();
}

static void
test_message_depth(void **state)
{
	(void)state;
	nest_messages(LIMIT_MIME_DEPTH);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE],
	    LIMIT_MIME_DEPTH + 1);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	nest_messages(LIMIT_MIME_DEPTH + 1);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE],
	    LIMIT_MIME_DEPTH + 1);
	assert_int_equal(kept_problems(&kept, "limit_depth"), 1);
	assert_int_equal(kept_problem(&kept, 0)->items_lost, 1);
	nest_messages(20000);
	assert_int_equal(kept_problems(&kept, "limit_depth"), 1);
}

/* ---- numbers */

static void
make_parts(int count)
{
	start();
	buffer_add_cstr(&text, "Content-Type: multipart/mixed; boundary=b\n\n");
	for (int i = 0; i < count; i++)
		buffer_add_cstr(&text, "--b\n\nx\n");
	buffer_add_cstr(&text, "--b--\n");
	read_mail();
}

static void
test_parts(void **state)
{
	(void)state;
	make_parts(LIMIT_MIME_PARTS);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	make_parts(LIMIT_MIME_PARTS + 1);
	assert_int_equal(kept_problems(&kept, "limit_parts"), 1);
}

static void
make_header(size_t bytes)
{
	start();
	buffer_add_cstr(&text, "X-Long: ");
	while (text.n < bytes - 12)
		buffer_add_byte(&text, 'x');
	buffer_add_cstr(&text, "\nSubject: z\n\nbody\n");
	read_mail();
}

static void
test_header(void **state)
{
	(void)state;
	/* The block with its empty line is exactly as long as allowed. */
	make_header(LIMIT_HEADER_BYTES - 1);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	assert_text(kept_message(&kept, 0)->subject, "z");
	make_header(LIMIT_HEADER_BYTES + 1);
	assert_int_equal(kept_problems(&kept, "limit_header"), 1);
	/* The body is found all the same. */
	assert_text(kept_text(&kept, 0, "1", false), "body\n");
}

static void
make_recipients(int count)
{
	start();
	buffer_add_cstr(&text, "To: ");
	for (int i = 0; i < count; i++)
		buffer_add_cstr(&text, i ? ",a@b.c" : "a@b.c");
	buffer_add_cstr(&text, "\n\n");
	read_mail();
}

static void
test_recipients(void **state)
{
	(void)state;
	make_recipients(LIMIT_RECIPIENTS);
	assert_int_equal(kept.count[RECORD_KIND_ADDRESS], LIMIT_RECIPIENTS);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	make_recipients(LIMIT_RECIPIENTS + 1);
	assert_int_equal(kept.count[RECORD_KIND_ADDRESS], LIMIT_RECIPIENTS);
	assert_int_equal(kept_problems(&kept, "limit_parts"), 1);
}

static void
make_inline_files(int count)
{
	start();
	buffer_add_cstr(&text, "Subject: x\n\n");
	for (int i = 0; i < count; i++)
		buffer_add_cstr(&text, "begin 644 c\n#0V%T\n`\nend\n");
	read_mail();
}

static void
test_inline_files(void **state)
{
	(void)state;
	make_inline_files(LIMIT_INLINE_FILES);
	assert_int_equal(kept.count[RECORD_KIND_ATTACHMENT],
	    LIMIT_INLINE_FILES);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	make_inline_files(LIMIT_INLINE_FILES + 1);
	assert_int_equal(kept.count[RECORD_KIND_ATTACHMENT],
	    LIMIT_INLINE_FILES);
	assert_int_equal(kept_problems(&kept, "limit_parts"), 1);
	/* The last one is text. */
	assert_true(bytes_find(kept_text(&kept, 0, "1", false),
	    BYTES_LIT("#0V%T")) != SIZE_MAX);
}

static void
make_notes(int count)
{
	start();
	for (int i = 0; i <= count; i++)
		buffer_add_cstr(&text, "From a Mon Jan  2 10:00:00 2023\n"
				       "Subject: x\n\nx\n");
	kept_run_bytes(&kept, &parser_mbox, buffer_bytes(&text));
}

static void
test_mbox_notes(void **state)
{
	(void)state;
	make_notes(LIMIT_MBOX_NOTES);
	assert_int_equal(kept_problems(&kept, "damaged"), LIMIT_MBOX_NOTES);
	make_notes(LIMIT_MBOX_NOTES + 50);
	assert_int_equal(kept_problems(&kept, "damaged"),
	    LIMIT_MBOX_NOTES + 1);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE],
	    LIMIT_MBOX_NOTES + 51);
}

static void
nest_tables(int depth)
{
	struct text_target target = { &kept.sink, 0, BYTES_LIT("1") };

	start();
	for (int i = 0; i < depth; i++)
		buffer_add_cstr(&text, "<table><tr><td>");
	buffer_add_cstr(&text, "innermost");
	for (int i = 0; i < depth; i++)
		buffer_add_cstr(&text, "</td></tr></table>");
	buffer_add_cstr(&text, "after");
	html_text_say(&target, &kept.arena, buffer_bytes(&text));
}

static void
test_html_tables(void **state)
{
	(void)state;
	nest_tables(LIMIT_HTML_TABLES);
	assert_text(kept.rows[0].cells[0].text, "innermost");
	assert_text(bytes_trim(kept_text(&kept, 0, "1", false)), "after");
	/* One deeper: text of the cell that is left. */
	nest_tables(LIMIT_HTML_TABLES + 1);
	assert_text(kept.rows[0].cells[0].text, "innermost");
	assert_text(bytes_trim(kept_text(&kept, 0, "1", false)), "after");
	nest_tables(50000);
	assert_text(kept.rows[0].cells[0].text, "innermost");
}

/* ---- sizes: made while they are read */

struct making {
	struct bytes head; /* then 'x' in lines of 64, then the tail */
	struct bytes tail;
	uint64_t size;
};

static int64_t
make_bytes(const struct input *input, uint64_t offset, void *p, size_t n)
{
	const struct making *m = input->stream;
	uint64_t tail = m->size - m->tail.n;
	uint8_t *out = p;

	memset(out, 'x', n);
	for (size_t i = (size_t)(63 - offset % 64); i < n; i += 64)
		out[i] = '\n';
	for (size_t i = 0; i < n && offset + i < m->head.n; i++)
		out[i] = m->head.p[offset + i];
	for (uint64_t at = offset > tail ? offset : tail; at < offset + n;
	     at++)
		out[at - offset] = m->tail.p[at - tail];
	return (int64_t)n;
}

static void
read_made(const struct parser *parser, const char *head, const char *tail,
    uint64_t size)
{
	struct making making = { bytes_cstr(head), bytes_cstr(tail), size };
	struct input input = { .fd = -1, .size = size, .read = make_bytes,
		.stream = &making };

	start();
	kept_run(&kept, parser, &input);
}

static void
test_item_size(void **state)
{
	(void)state;
	read_made(&parser_eml, "Subject: x\n\n", "", LIMIT_ITEM_BYTES + 1);
	assert_int_equal(kept_problems(&kept, "limit_size"), 1);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 0);
	/* At the limit, in an encoding that makes little of it. */
	read_made(&parser_eml, "Content-Type: image/png\n"
	    "Content-Transfer-Encoding: x-uuencode\n\n", "",
	    LIMIT_ITEM_BYTES);
	assert_int_equal(kept_problems(&kept, "limit_size"), 0);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 1);
}

#define FROM "From a Mon Jan  2 10:00:00 2023\nSubject: "

/* A message that is too long costs itself; the next is found. */
static void
test_mbox_item_size(void **state)
{
	(void)state;
	read_made(&parser_mbox, FROM "1\n\n", "\n\n" FROM "2\n\nx\n",
	    (uint64_t)LIMIT_ITEM_BYTES + ((uint64_t)40 << 20));
	assert_int_equal(kept_problems(&kept, "limit_size"), 1);
	assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 1);
	assert_text(kept_message(&kept, 0)->subject, "2");
}

/* A Content-Length above the limit is not looked for. */
static void
test_content_length(void **state)
{
	static const char inner[] = "\n\n" FROM "in\n\nx\n";
	char head[200];
	uint64_t length = LIMIT_CONTENT_LENGTH;

	(void)state;
	for (int past = 0; past < 2; past++) {
		int n = snprintf(head, sizeof head,
		    FROM "1\nContent-Length: %llu\n\n",
		    (unsigned long long)length + (unsigned)past);

		read_made(&parser_mbox, head, inner,
		    (uint64_t)n + length + (unsigned)past);
		assert_int_equal(kept.count[RECORD_KIND_MESSAGE], 1 + past);
	}
}

/* ---- archives */

struct tar_making {
	uint8_t header[512];
	uint64_t members;
};

static int64_t
make_tar(const struct input *input, uint64_t offset, void *p, size_t n)
{
	const struct tar_making *m = input->stream;
	uint8_t *out = p;
	size_t done = 0;

	while (done < n) {
		uint64_t at = offset + done;
		size_t from = (size_t)(at % 512);
		size_t run = 512 - from < n - done ? 512 - from : n - done;

		if (at / 512 < m->members)
			memcpy(out + done, m->header + from, run);
		else
			memset(out + done, 0, run);
		done += run;
	}
	return (int64_t)n;
}

static void
read_tar(uint64_t members)
{
	struct tar_making making = { .members = members };
	struct input input = { .fd = -1, .size = members * 512 + 1024,
		.read = make_tar, .stream = &making };
	unsigned sum = 0;

	memcpy(making.header, "f", 2);
	memcpy(making.header + 100, "0000644\0" "0000000\0" "0000000", 24);
	memcpy(making.header + 124, "00000000000\0" "00000000000", 24);
	memcpy(making.header + 148, "        5", 9);
	memcpy(making.header + 257, "ustar\0" "00", 8);
	for (size_t i = 0; i < sizeof making.header; i++)
		sum += making.header[i];
	snprintf((char *)making.header + 148, 8, "%06o", sum);
	start();
	parser_tar.plan(&input, &kept.sink);
}

static void
test_archive_members(void **state)
{
	(void)state;
	read_tar(LIMIT_ARCHIVE_MEMBERS);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	read_tar((uint64_t)LIMIT_ARCHIVE_MEMBERS + 1);
	assert_int_equal(kept_problems(&kept, "limit_members"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_multipart_depth),
		cmocka_unit_test(test_message_depth),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_inline_files),
		cmocka_unit_test(test_mbox_notes),
		cmocka_unit_test(test_html_tables),
		cmocka_unit_test(test_item_size),
		cmocka_unit_test(test_mbox_item_size),
		cmocka_unit_test(test_content_length),
		cmocka_unit_test(test_archive_members),
	};
	int status;

	kept_init(&kept);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	kept_release(&kept);
	buffer_release(&text);
	return status;
}
