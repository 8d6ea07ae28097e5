/* Archives as sources: members, nesting, damage, limits. */
#include "tests/support_check.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "parsers/base/limits.h"
#include "tests/support_sink.h"
#include "tests/support_zip.h"

static struct kept kept;

#define MAIL(n) BYTES_LIT("From: a@x.org\r\nSubject: " n "\r\n\r\nbody\r\n")
#define BOX                                                                    \
	"From a Mon Jan  2 10:00:00 2023\nSubject: 1\n\nx\n\n"                 \
	"From a Mon Jan  2 10:00:00 2023\nSubject: 2\n\ny\n\n"

static void
read_archive(struct bytes archive)
{
	const struct parser *parser;
	bool tie;

	kept_release(&kept);
	kept_init(&kept);
	parser = parser_for(bytes_slice(archive, 0, 65536), archive.n, &tie);
	assert_non_null(parser);
	kept_run_bytes(&kept, parser, archive);
}

static size_t
messages(void)
{
	return kept.count[RECORD_KIND_MESSAGE];
}

static void
fill_zip(struct zip *zip)
{
	zip_add(zip, "mail/alice/1.eml", MAIL("1"), ZIP_DEFLATED);
	zip_add(zip, "mail/alice/2.eml", MAIL("2"), ZIP_STORED);
	zip_add(zip, "Mail/Trash.sbd/Old.mbox", BYTES_LIT(BOX),
	    ZIP_DEFLATED);
	zip_add(zip, "secret.eml", MAIL("3"), ZIP_ENCRYPTED);
	zip_add(zip, "notes.txt", BYTES_LIT("no mail at all"), ZIP_STORED);
	zip_add(zip, "pic.png", BYTES_LIT("\x89PNG\r\n\x1a\n"), ZIP_STORED);
	zip_add(zip, "empty", BYTES_LIT(""), ZIP_STORED);
}

static void
test_zip(void **state)
{
	struct zip zip = { .count = 0 };
	const struct record_folder *folder;
	const struct record_member *member;

	(void)state;
	fill_zip(&zip);
	read_archive(zip_finish(&zip));
	assert_int_equal(messages(), 4);
	assert_text(kept_message(&kept, 0)->locator,
	    "member=mail/alice/1.eml");
	assert_text(kept_message(&kept, 0)->member, "member=mail/alice/1.eml");
	assert_null(kept_message(&kept, 0)->folder_id.p);
	assert_text(kept_message(&kept, 2)->locator,
	    "member=Mail/Trash.sbd/Old.mbox/offset=0+47");
	member = kept_record(&kept, RECORD_KIND_MEMBER, 0);
	assert_text(member->path, "mail/alice/1.eml");
	assert_text(member->kind, "eml");
	folder = kept_record(&kept, RECORD_KIND_FOLDER, 0);
	assert_text(folder->member, "member=Mail/Trash.sbd/Old.mbox");
	assert_null(folder->path.p);
	assert_int_equal(folder->expected, 2);
	/* Pictures, texts and what cannot be opened hold no mail. */
	assert_int_equal(kept.count[RECORD_KIND_MEMBER], 6);
	member = kept_record(&kept, RECORD_KIND_MEMBER, 3);
	assert_text(member->kind, "other");
	assert_int_equal(kept_problems(&kept, "encrypted"), 1);
	assert_int_equal(kept_problems(&kept, "unknown_format"), 2);
	zip_release(&zip);
}

static void
test_severities(void **state)
{
	struct zip zip = { .count = 0 };

	(void)state;
	fill_zip(&zip);
	read_archive(zip_finish(&zip));
	assert_text(kept_problem(&kept, 0)->locator, "member=secret.eml");
	assert_text(kept_problem(&kept, 0)->severity, "item_lost");
	assert_int_equal(kept_problem(&kept, 0)->items_lost, 1);
	assert_text(kept_problem(&kept, 1)->severity, "partial");
	assert_text(kept_problem(&kept, 2)->severity, "note");
	zip_release(&zip);
}

/* Audit records in an archive: places below it, and none to quote from. */
static void
test_events(void **state)
{
	static const char record[] =
	    "{\"CreationTime\":\"2023-05-16T01:02:03\",\"Id\":\"6d0ee1a1-"
	    "1111-4f6e-9d0e-aaaaaaaaaaaa\",\"Operation\":\"Send\","
	    "\"RecordType\":2,\"UserId\":\"a@x.org\",\"Workload\":"
	    "\"Exchange\",\"OrganizationId\":\"x\",\"UserType\":0}\n";
	struct zip zip = { .count = 0 };
	const struct record_event *event;

	(void)state;
	zip_add(&zip, "audit/log.jsonl", bytes_cstr(record), ZIP_DEFLATED);
	read_archive(zip_finish(&zip));
	event = kept_record(&kept, RECORD_KIND_EVENT, 0);
	assert_true(bytes_starts(event->locator,
	    BYTES_LIT("member=audit/log.jsonl/")));
	assert_int_equal(event->raw_offset, RECORD_NONE);
	assert_int_equal(event->raw_bytes, RECORD_NONE);
	zip_release(&zip);
}

static void
test_tar_and_gzip(void **state)
{
	struct buffer tar = BUFFER_EMPTY, gz = BUFFER_EMPTY;

	(void)state;
	tar_add(&tar, "a/1.eml", MAIL("1"));
	tar_add(&tar, "box.mbox", BYTES_LIT(BOX));
	tar_finish(&tar);
	read_archive(buffer_bytes(&tar));
	assert_int_equal(messages(), 3);
	gzip_add(&gz, buffer_bytes(&tar));
	read_archive(buffer_bytes(&gz));
	assert_int_equal(messages(), 3);
	assert_text(kept_message(&kept, 0)->locator, "member=a/1.eml");
	buffer_reset(&gz);
	gzip_add(&gz, BYTES_LIT(BOX));
	read_archive(buffer_bytes(&gz));
	assert_int_equal(messages(), 2);
	buffer_release(&tar);
	buffer_release(&gz);
}

static void
nest(struct zip *outer, unsigned depth)
{
	struct zip inner = { .count = 0 };

	zip_add(outer, "m.eml", MAIL("n"), ZIP_STORED);
	if (depth == 0)
		return;
	nest(&inner, depth - 1);
	zip_add(outer, "in.zip", zip_finish(&inner), ZIP_STORED);
	zip_release(&inner);
}

/* LIMIT_ARCHIVE_DEPTH archives are opened, one more is a row. */
static void
test_depth(void **state)
{
	struct zip zip = { .count = 0 };

	(void)state;
	nest(&zip, LIMIT_ARCHIVE_DEPTH - 1);
	read_archive(zip_finish(&zip));
	assert_int_equal(messages(), LIMIT_ARCHIVE_DEPTH);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	assert_text(kept_message(&kept, 1)->locator,
	    "member=in.zip/member=m.eml");
	zip_release(&zip);
	nest(&zip, LIMIT_ARCHIVE_DEPTH);
	read_archive(zip_finish(&zip));
	assert_int_equal(messages(), LIMIT_ARCHIVE_DEPTH);
	assert_int_equal(kept_problems(&kept, "limit_depth"), 1);
	zip_release(&zip);
}

/* A message of zeros: `free` of them are always allowed, then the ratio. */
static void
read_zeros(size_t n)
{
	struct zip zip = { .count = 0 };
	uint8_t *mail = calloc(1, n);

	memcpy(mail, "Subject: z\n\n", 12);
	zip_add(&zip, "z.eml", bytes_of(mail, n), ZIP_DEFLATED);
	zip_add(&zip, "after.eml", MAIL("after"), ZIP_STORED);
	read_archive(zip_finish(&zip));
	zip_release(&zip);
	free(mail);
}

static void
test_ratio(void **state)
{
	size_t most = (size_t)LIMIT_ARCHIVE_FREE - MAIL("after").n;

	(void)state;
	read_zeros(most);
	assert_int_equal(messages(), 2);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	read_zeros(most + MAIL("after").n + 1);
	assert_true(kept_problems(&kept, "limit_ratio") >= 1);
}

static void
test_truncations(void **state)
{
	struct zip zip = { .count = 0 };
	struct bytes whole;
	size_t fewer = 0;

	(void)state;
	fill_zip(&zip);
	whole = zip_finish(&zip);
	for (size_t n = 30; n < whole.n; n++) {
		read_archive(bytes_slice(whole, 0, n));
		/* Never less without a word. */
		if (messages() < 4) {
			assert_true(kept.count[RECORD_KIND_PROBLEM] > 0);
			fewer++;
		}
	}
	assert_true(fewer > 0);
	zip_release(&zip);
}

static void
test_gzip_truncations(void **state)
{
	struct buffer gz = BUFFER_EMPTY;

	(void)state;
	gzip_add(&gz, BYTES_LIT(BOX));
	for (size_t n = 3; n < gz.n; n++) {
		read_archive(bytes_slice(buffer_bytes(&gz), 0, n));
		assert_true(messages() == 2 ||
			    kept.count[RECORD_KIND_PROBLEM] > 0);
	}
	buffer_release(&gz);
}

/* Members that are larger than what is held in memory come as streams. */
static void
test_streams(void **state)
{
	size_t n = LIMIT_MEMBER_SMALL + 1000000, at = 0, count = 0;
	struct buffer box = BUFFER_EMPTY, gz = BUFFER_EMPTY;

	(void)state;
	while (box.n < n) {
		buffer_printf(&box, "From a Mon Jan  2 10:00:00 2023\n"
				    "Subject: %zu\n\n", count++);
		for (unsigned i = 0; i < 4000; i++)
			buffer_printf(&box, "%x line %u of %zu\n",
			    (unsigned)(count * 2654435761u ^ i * 40503u), i,
			    count);
		buffer_add_byte(&box, '\n');
	}
	gzip_add(&gz, buffer_bytes(&box));
	read_archive(buffer_bytes(&gz));
	assert_int_equal(messages(), count);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	for (size_t i = 0; i < count; i++) {
		unsigned long long from, length;
		char locator[100] = "";

		memcpy(locator, kept_message(&kept, i)->locator.p,
		    kept_message(&kept, i)->locator.n);
		assert_int_equal(sscanf(locator,
		    "member=data/offset=%llu+%llu", &from, &length), 2);
		assert_int_equal(from, at);
		at = from + length;
	}
	assert_int_equal(at, box.n);
	buffer_release(&box);
	buffer_release(&gz);
}

static void
test_probes(void **state)
{
	struct zip zip = { .count = 0 };
	struct bytes file;
	bool tie;

	(void)state;
	/* A Word file is a zip, and no archive of evidence. */
	zip_add(&zip, "[Content_Types].xml", BYTES_LIT("<x/>"), ZIP_STORED);
	file = zip_finish(&zip);
	assert_string_equal(parser_for(file, file.n, &tie)->name, "document");
	zip_release(&zip);
	assert_null(parser_for(BYTES_LIT("PK\3"), 3, &tie));
	assert_null(parser_for(BYTES_LIT("BZh9 no"), 7, &tie));
}

/* ---- the scratch file */

static void
read_with_scratch(struct bytes archive, FILE *scratch)
{
	struct input input = { .fd = -1, .memory = archive,
		.size = archive.n, .scratch = fileno(scratch) };
	const struct parser *parser;
	bool tie;

	kept_release(&kept);
	kept_init(&kept);
	parser = parser_for(bytes_slice(archive, 0, 65536), archive.n, &tie);
	kept_run(&kept, parser, &input);
}

/* A message that is read whole and too large for memory, in a zip in a zip:
 * the inner archive lies in the scratch file, its member after it. */
static void
test_scratch(void **state)
{
	struct zip inner = { .count = 0 }, outer = { .count = 0 };
	struct buffer mail = BUFFER_EMPTY;
	FILE *scratch = tmpfile();
	struct rlimit before, small;
	struct bytes within;

	(void)state;
	buffer_add_cstr(&mail, "From: a@x.org\nSubject: large\n\n");
	for (unsigned i = 0; mail.n <= LIMIT_MEMBER_SMALL; i++)
		buffer_printf(&mail, "%x is line %u\n", i * 2654435761u, i);
	zip_add(&inner, "a.eml", MAIL("small"), ZIP_STORED);
	zip_add(&inner, "large.eml", buffer_bytes(&mail), ZIP_STORED);
	zip_add(&inner, "z.eml", MAIL("after"), ZIP_STORED);
	within = zip_finish(&inner);
	zip_add(&outer, "inner.zip", within, ZIP_STORED);
	read_with_scratch(zip_finish(&outer), scratch);
	assert_int_equal(messages(), 3);
	assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
	assert_int_equal(kept_message(&kept, 1)->bytes, mail.n);
	assert_int_equal(lseek(fileno(scratch), 0, SEEK_END), 0);

	/* No room: that member is lost, and nothing else. */
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = LIMIT_MEMBER_SMALL;
	setrlimit(RLIMIT_FSIZE, &small);
	read_with_scratch(within, scratch);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(messages(), 2);
	assert_text(kept_problem(&kept, 0)->kind, "limit_size");
	assert_text(kept_problem(&kept, 0)->severity, "item_lost");
	assert_int_equal(lseek(fileno(scratch), 0, SEEK_END), 0);
	fclose(scratch);
	buffer_release(&mail);
	zip_release(&inner);
	zip_release(&outer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zip),
		cmocka_unit_test(test_severities),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_tar_and_gzip),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_ratio),
		cmocka_unit_test(test_truncations),
		cmocka_unit_test(test_gzip_truncations),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_scratch),
		cmocka_unit_test(test_probes),
	};
	int status;

	kept_init(&kept);
	status = cmocka_run_group_tests(tests, NULL, NULL);
	kept_release(&kept);
	return status;
}
