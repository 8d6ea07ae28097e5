/* Levels, keywords, boundaries, places and masks of the scanner (contract 7). */
#include "tests/scan_text.h"

#include "parsers/base/buffer.h"
#include "parsers/base/limits.h"

static void
test_ssn_levels(void **state)
{
	(void)state;
	expect_level("SSN: 536-22-1234", "us_ssn", "high");
	expect_level("Social Security Number 536 22 1234", "us_ssn", "high");
	expect_level("SSN 536221234", "us_ssn", "medium");
	expect_level("number 536-22-1234", "us_ssn", "low");
	expect_level("number 536221234", "us_ssn", "");
	expect_level("SSN 536-22.1234", "us_ssn", "");
	expect_level("SSN: 078-05-1120", "us_ssn", "");
	expect_level("SSN: 457-55-5462", "us_ssn", "low");
}

/* Up to four letters: capitals, or directly before ':', '#', '=', "no". */
static void
test_brief_keywords(void **state)
{
	(void)state;
	expect_level("my ssn 536-22-1234", "us_ssn", "low");
	expect_level("my ssn: 536-22-1234", "us_ssn", "high");
	expect_level("ssn# 536-22-1234", "us_ssn", "high");
	expect_level("ssn = 536-22-1234", "us_ssn", "high");
	expect_level("ssn no. 536-22-1234", "us_ssn", "high");
	expect_level("ssn now 536-22-1234", "us_ssn", "low");
	expect_level("MYSSN 536-22-1234", "us_ssn", "low");
	expect_level("social security 536-22-1234", "us_ssn", "high");
	expect_level("social\nsecurity 536-22-1234", "us_ssn", "high");
}

static void
repeat(char *out, const char *head, char fill, size_t n, const char *tail)
{
	size_t at = strlen(head);

	memcpy(out, head, at);
	for (size_t i = 0; i < n; i++)
		out[at++] = i % 8 == 7 ? ' ' : fill;
	strcpy(out + at, tail);
}

/* Same paragraph, else 300 before and 60 after. */
static void
test_window(void **state)
{
	static char text[8192];

	(void)state;
	repeat(text, "SSN ", 'x', 5000, " 536-22-1234");
	expect_level(text, "us_ssn", "high");
	repeat(text, "SSN\n\n", 'x', 297, " 536-22-1234");
	expect_level(text, "us_ssn", "high");
	repeat(text, "SSN\n\n", 'x', 298, " 536-22-1234");
	expect_level(text, "us_ssn", "low");
	repeat(text, "536-22-1234\n\n", 'x', 57, " SSN");
	expect_level(text, "us_ssn", "high");
	repeat(text, "536-22-1234\n\n", 'x', 58, " SSN");
	expect_level(text, "us_ssn", "low");
	repeat(text, "536-22-1234 ", 'x', 2000, " SSN");
	expect_level(text, "us_ssn", "high");
}

static void
test_negative_words(void **state)
{
	(void)state;
	expect_level("SSN on file. Order 536-22-1234", "us_ssn", "medium");
	expect_level("SSN on file. invoice 536-22-1234", "us_ssn", "medium");
	expect_level("Order. SSN 536-22-1234", "us_ssn", "high");
	/* A check digit is not argued away. */
	expect_level("IBAN, order DE44500105175407324931", "iban", "high");
	expect_level("tel: (217) 555-0142", "phone", "medium");
}

static void
test_boundaries(void **state)
{
	(void)state;
	expect_level("SSN A536-22-1234", "us_ssn", "");
	expect_level("SSN 536-22-12345", "us_ssn", "");
	expect_level("SSN 536-22-1234-5", "us_ssn", "");
	expect_level("SSN 1-536-22-1234", "us_ssn", "");
	expect_level("SSN 536-22-1234x", "us_ssn", "");
	expect_level("SSN (536-22-1234).", "us_ssn", "high");
	expect_level("SSN \xe9\x9b\xbb""536-22-1234", "us_ssn", "high");
	expect_level("card 4539578763621486a", "card", "");
	expect_level("card a4539578763621486", "card", "");
}

static void
test_money(void **state)
{
	(void)state;
	expect_level("4539578763621486", "card", "medium");
	expect_level("card number 4539 5787 6362 1486", "card", "high");
	expect_level("card number 4111 1111 1111 1111", "card", "");
	expect_level("card number 5555 5555 5555 4444", "card", "");
	expect_level("card number 378282246310005", "card", "low");
	expect_level("DE44 5001 0517 5407 3249 31", "iban", "medium");
	expect_level("IBAN DE89 3704 0044 0532 0130 00", "iban", "low");
	expect_level("routing number 021000021", "us_aba", "high");
	expect_level("021000021", "us_aba", "low");
	expect_level("checking account number 123456789012, Bank of X",
	    "us_bank_account", "medium");
	expect_level("account number 123456789012", "us_bank_account", "");
	scan_one("Visa card 4539578763621486 exp 04/27");
	assert_text(finding_of("card")->element, "FINCODE");
	scan_one("VISA 4539578763621486 thanks");
	assert_text(finding_of("card")->element, "FIN");
}

static void
test_dates(void **state)
{
	(void)state;
	expect_level("DOB: 03/14/1985", "dob", "medium");
	expect_level("date of birth: 14 March 1985", "dob", "medium");
	expect_level("Geburtsdatum: 14.03.1985", "dob", "medium");
	expect_level("Meeting on 03/14/1985", "dob", "");
	expect_level("DOB: 03/14/1885", "dob", "");
	expect_level("DOB: 31/31/1985", "dob", "");
	scan_one("DOB 03/14/1985, hired 04/01/2010");
	assert_int_equal(count_of("dob"), 1);
	assert_text(finding_of("dob")->normalized, "1985-03-14");
	assert_text(finding_of("dob")->masked, "**/**/1985");
}

/* Characters are counted, not bytes. */
static void
test_window_characters(void **state)
{
	static char text[8192];

	(void)state;
	strcpy(text, "SSN\n\n");
	for (size_t i = 0; i < 148; i++)
		strcat(text, "\xc3\xa9 ");
	strcat(text, "x 536-22-1234"); /* 2 + 296 + 2 */
	expect_level(text, "us_ssn", "high");
	strcpy(text + strlen(text) - 13, "xx 536-22-1234");
	expect_level(text, "us_ssn", "low");
	strcpy(text, "536-22-1234\n\n");
	for (size_t i = 0; i < 29; i++)
		strcat(text, "\xc3\xa9 ");
	strcat(text, "SSN"); /* 2 + 58 */
	expect_level(text, "us_ssn", "high");
	strcpy(text + strlen(text) - 3, "x SSN");
	expect_level(text, "us_ssn", "low");
}

static void
test_places(void **state)
{
	const struct record_finding *f;

	(void)state;
	/* Soft hyphen, no-break space, full-width digits, a wrapped line. */
	scan_one("x\xc2\xad SSN\xc2\xa0""53\xc2\xad""6-22-\r\n1234");
	f = finding_of("us_ssn");
	assert_non_null(f);
	assert_text(f->normalized, "536221234");
	assert_int_equal(f->text_offset, 9);
	assert_text(f->value, "53\xc2\xad""6-22-\r\n1234");
	scan_one("SSN \xef\xbc\x95\xef\xbc\x93\xef\xbc\x96-22-1234.");
	f = finding_of("us_ssn");
	assert_non_null(f);
	assert_int_equal(f->text_offset, 4);
	assert_text(f->normalized, "536221234");
	scan_one("SSN 53\xe2\x80\x8b""6\xe2\x80\x93""22\xe2\x80\x93""1234");
	f = finding_of("us_ssn");
	assert_non_null(f);
	assert_text(f->masked, "***\xe2\x80\x93**\xe2\x80\x93""1234");
}

static void
test_masks(void **state)
{
	(void)state;
	scan_one("IBAN DE44 5001 0517 5407 3249 31");
	assert_text(finding_of("iban")->masked, "**** **** **** **** **49 31");
	scan_one("mail jane.roe@example.com");
	assert_text(finding_of("email")->masked, "j***@example.com");
	scan_one("password: Hunter22!");
	assert_text(finding_of("password")->masked, "********");
	scan_one("token ghp_abcdEFGHijklMNOPqrstUVWXyz0123456789");
	assert_text(finding_of("github_token")->masked, "ghp_********");
	scan_one("checking account number 1234567, bank");
	assert_text(finding_of("us_bank_account")->masked, "********");
}

/* The row's label speaks beside a header, and a column may be a person's. */
static void
test_row_labels(void **state)
{
	(void)state;
	scan_begin();
	scan_row("1", 1, true, "Field|Value");
	scan_row("1", 2, false, "Name|Jane Roe");
	scan_row("1", 3, false, "SSN|536-22-1234");
	scan_end();
	assert_text(finding_of("us_ssn")->level, "high");
	assert_text(finding_of("us_ssn")->name, "Jane Roe");
	scan_begin();
	scan_row("1", 1, true, "Field|First quarter|Note");
	scan_row("1", 2, false, "SSN|536-22-1234|x");
	scan_row("1", 3, false, "Ticket|212-45-6789|x");
	scan_end();
	assert_int_equal(found_count, 2);
	assert_text(found_list[0].level, "high");
	assert_text(found_list[1].level, "low");
	scan_begin();
	scan_row("1", 1, true, "|Jane Roe|John Doe");
	scan_row("1", 2, false, "SSN|536-22-1234|212-45-6789");
	scan_row("1", 3, false, "Date of birth|1985-03-14|1990-01-02");
	scan_end();
	assert_int_equal(found_count, 4);
	assert_text(found_list[0].name, "Jane Roe");
	assert_text(found_list[1].name, "John Doe");
	assert_text(found_list[2].name, "Jane Roe");
	assert_true(bytes_eq(found_list[0].group_key, found_list[2].group_key));
	assert_text(found_list[3].level, "medium");
	/* Nobody's row: two numbers of a kind are two people. */
	scan_begin();
	scan_row("1", 1, true, "SSN|Other SSN");
	scan_row("1", 2, false, "536-22-1234|212-45-6789");
	scan_end();
	assert_int_equal(found_count, 2);
	assert_false(
	    bytes_eq(found_list[0].group_key, found_list[1].group_key));
}

static void
test_rows(void **state)
{
	const struct record_finding *f;

	(void)state;
	scan_begin();
	scan_row("2", 1, false, "First name|Last name|SSN|Street|City|State|"
				"Zip|Birthday");
	scan_row("2", 2, false, "Jane|Roe|536221234|12 Oak Street|Springfield|"
				"IL|62701|03/14/1985");
	scan_row("2", 3, false, "John|Doe|212-45-6789|||||4/5/71");
	scan_end();
	assert_int_equal(count_of("us_ssn"), 2);
	f = finding_of("us_ssn");
	assert_text(f->part, "2/row=2/col=C");
	assert_int_equal(f->text_offset, RECORD_NONE);
	assert_text(f->level, "medium");
	assert_text(f->name, "Jane Roe");
	assert_text(f->link, "row");
	assert_text(finding_of("postal_address")->value,
	    "12 Oak Street, Springfield, IL 62701");
	assert_int_equal(count_of("dob"), 2);
	/* A header speaks for its own column alone. */
	scan_begin();
	scan_row("2", 1, false, "SSN|Reference");
	scan_row("2", 2, false, "x|536-22-1234");
	scan_end();
	assert_text(finding_of("us_ssn")->level, "low");
	/* Labels and values. */
	scan_begin();
	scan_row("2/table=1", 1, false, "Name|Jane Roe");
	scan_row("2/table=1", 2, false, "SSN|536-22-1234");
	scan_end();
	assert_text(finding_of("us_ssn")->level, "high");
	assert_text(finding_of("us_ssn")->name, "Jane Roe");
}

static void
test_links(void **state)
{
	(void)state;
	scan_one("Hi Bob Smith,\n\nJane Roe's SSN is 536-22-1234.\n");
	assert_text(finding_of("us_ssn")->name, "Jane Roe");
	assert_text(finding_of("us_ssn")->link, "paragraph");
	scan_one("Dear Bob Smith, my SSN: 536-22-1234.\n\nThanks,\nMary Major");
	assert_text(finding_of("us_ssn")->name, "Mary Major");
	assert_text(finding_of("us_ssn")->link, "signature");
	scan_one("Name: Jane Roe\nSSN: 536-22-1234\n\nName: John Doe\n"
		 "SSN: 212-45-6789\n");
	assert_text(found_list[0].name, "Jane Roe");
	assert_text(found_list[1].name, "John Doe");
	assert_text(found_list[1].link, "block");
	scan_one("The SSN: 536-22-1234 came in.");
	assert_text(finding_of("us_ssn")->link, "none");
	assert_false(bytes_present(finding_of("us_ssn")->name));
	/* The same words of a name, by two links: one person. */
	scan_one("Name: Jane Roe\nHer SSN is 536-22-1234\n"
		 "Address: 12 Oak Street, Austin, TX 78701\n");
	assert_text(finding_of("us_ssn")->link, "paragraph");
	assert_text(finding_of("postal_address")->link, "block");
	assert_true(bytes_eq(finding_of("us_ssn")->group_key,
	    finding_of("postal_address")->group_key));
}

/* Columns of plain text, and names the other way round. */
static void
test_plain_tables(void **state)
{
	(void)state;
	scan_one("Name            SSN           DOB\n"
		 "Jane Roe        536-22-1234   03/14/1985\n"
		 "John Doe        212-45-6789   04/15/1980\n");
	assert_int_equal(count_of("us_ssn"), 2);
	assert_int_equal(count_of("dob"), 2);
	assert_text(found_list[0].name, "Jane Roe");
	assert_text(found_list[2].name, "John Doe");
	scan_one("Lopez, Maria (SSN: 536-22-1234) moved.");
	assert_text(finding_of("us_ssn")->name, "Lopez, Maria");
	scan_one(";4539578763621486=27041011234567890?");
	assert_text(finding_of("card")->element, "FINCODE");
}

/* A cell of a layout table is a text of its own; a neighbour is none. */
static void
test_cells(void **state)
{
	(void)state;
	scan_begin();
	scan_row("1/table=1", 1, false, "Dear all, the SSN of Jane Roe is "
	    "536-22-1234, please file it with the others of this year.");
	scan_end();
	assert_text(finding_of("us_ssn")->level, "high");
	assert_text(finding_of("us_ssn")->name, "Jane Roe");
	scan_begin();
	scan_row("1/table=1", 1, false, "the SSN that 3 people asked for 12 "
	    "times|536-22-1234");
	scan_end();
	assert_text(finding_of("us_ssn")->level, "low");
	/* One place, one finding; two names keep two. */
	scan_begin();
	scan_row("1/table=1", 1, false, "The SSN of Jane Roe, 536-22-1234: "
	    "yes, 536-22-1234 and never 536-22-1235, said the letter.");
	scan_end();
	assert_int_equal(count_of("us_ssn"), 2);
	scan_begin();
	scan_row("1/table=1", 1, false, "The SSN of Jane Roe is 536-22-1234. "
	    "The SSN of John Doe is 536-22-1234, says the other letter.");
	scan_end();
	assert_int_equal(count_of("us_ssn"), 2);
}

/* Overlaps: with keyword beats without, strong beats weak, longer shorter. */
static void
test_overlaps(void **state)
{
	(void)state;
	scan_one("routing number 021000021");
	assert_int_equal(found_count, 1);
	assert_text(found_list[0].detector, "us_aba");
	scan_one("BSN: 111222333");
	assert_int_equal(found_count, 1);
	assert_text(found_list[0].detector, "nl_bsn");
	/* A passport's number that is a BSN, too. */
	scan_one("passport number 111222333");
	assert_int_equal(found_count, 1);
	assert_text(found_list[0].detector, "us_passport");
	scan_one("social insurance number 130692544");
	assert_int_equal(found_count, 1);
	assert_text(found_list[0].detector, "ca_sin");
	scan_one("IBAN DE44 5001 0517 5407 3249 31");
	assert_int_equal(found_count, 1);
}

/* Far apart, a text costs no more than near: many values in one paragraph. */
static void
test_long_paragraph(void **state)
{
	struct buffer text = BUFFER_EMPTY;
	struct text_flow flow = { .part = BYTES_LIT("1") };

	(void)state;
	buffer_add_cstr(&text, "SSN ");
	for (int i = 0; i < 20000; i++)
		buffer_printf(&text, "x 536-22-%04d order\n", i % 9000 + 1);
	flow.text = buffer_bytes(&text);
	scan_begin();
	scanner_text(scanner, &flow);
	scan_end();
	assert_int_equal(found_count, 20000);
	buffer_release(&text);
}

static void
scan_half(const char *part, unsigned half, const char *text)
{
	struct text_flow flow = { .part = bytes_cstr(part),
		.text = bytes_cstr(text), .alternative = BYTES_LIT("0"),
		.half = half };

	scanner_text(scanner, &flow);
}

static void
test_halves(void **state)
{
	(void)state;
	scan_begin();
	scan_half("1", 1, "SSN: 536-22-1234, again 536-22-1234");
	scan_half("2", 2, "Jane Roe, SSN: 536-22-1234 and 212-45-6789");
	scan_end();
	assert_int_equal(count_of("us_ssn"), 3);
	assert_text(found_list[0].part, "1");
	assert_text(found_list[0].name, "Jane Roe");
	assert_text(found_list[1].part, "1");
	assert_text(found_list[2].part, "2");
	assert_text(found_list[2].normalized, "212456789");
	/* Two parts of a mixed message are two findings. */
	scan_begin();
	scan_flow("1", "SSN: 536-22-1234");
	scan_flow("2", "SSN: 536-22-1234");
	scan_end();
	assert_int_equal(count_of("us_ssn"), 2);
}

/* LIMIT_FINDINGS, at it and one past. */
static void
test_limit(void **state)
{
	enum { EACH = 10000 };
	struct buffer text = BUFFER_EMPTY;
	struct text_flow flow = { .part = BYTES_LIT("1") };

	(void)state;
	for (int i = 0; i < EACH; i++)
		buffer_add_cstr(&text, "a@b.example ");
	flow.text = buffer_bytes(&text);
	scan_begin();
	for (int i = 0; i < LIMIT_FINDINGS / EACH; i++)
		scanner_text(scanner, &flow);
	flow.text = BYTES_LIT("c@d.example");
	flow.idx = 1; /* another message has its own */
	scanner_text(scanner, &flow);
	assert_int_equal(scan_end(), 0);
	assert_int_equal(found_count, LIMIT_FINDINGS + 1);
	scan_begin();
	flow.idx = 0;
	flow.text = buffer_bytes(&text);
	for (int i = 0; i < LIMIT_FINDINGS / EACH; i++)
		scanner_text(scanner, &flow);
	flow.text = BYTES_LIT("c@d.example");
	scanner_text(scanner, &flow);
	assert_int_equal(scan_end(), 1);
	assert_int_equal(found_count, LIMIT_FINDINGS);
	buffer_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ssn_levels),
		cmocka_unit_test(test_brief_keywords),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_negative_words),
		cmocka_unit_test(test_boundaries),
		cmocka_unit_test(test_money),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_row_labels),
		cmocka_unit_test(test_window_characters),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_plain_tables),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_long_paragraph),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
