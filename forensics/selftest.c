#include "forensics/selftest.h"

#include "forensics/access/incident.h"
#include "forensics/exposure/scan.h"
#include "forensics/exposure/validators.h"
#include "forensics/people/name.h"
#include "forensics/people/residence.h"
#include "forensics/people/trigger.h"
#include "forensics/tables.h"
#include "parsers/base/encode.h"
#include "parsers/base/hash.h"
#include "parsers/base/net.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "parsers/mail/header.h"

struct check {
	FILE *out;
	struct arena arena;
	unsigned failed;
};

static void
expect(struct check *c, const char *what, struct bytes got,
    struct bytes expected)
{
	bool ok = bytes_eq(got, expected);

	fprintf(c->out, "%s %s\n", ok ? "ok" : "FAILED", what);
	if (!ok)
		fprintf(c->out, "   expected '%.*s', got '%.*s'\n",
		    (int)expected.n, (const char *)expected.p, (int)got.n,
		    (const char *)got.p);
	c->failed += !ok;
}

static void
check_base(struct check *c)
{
	enum text_quality quality;
	struct ip_address address;

	expect(c, "SHA-256 of 'abc' (FIPS 180-4)",
	    sha256_hex(&c->arena, BYTES_LIT("abc")),
	    BYTES_LIT("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff"
		      "61f20015ad"));
	expect(c, "a mail date with its zone",
	    utc_text(&c->arena,
		utc_from_mail(BYTES_LIT("Fri, 21 Nov 1997 09:55:06 -0600"))),
	    BYTES_LIT("1997-11-21T15:55:06Z"));
	expect(c, "an audit time without zone is UTC",
	    utc_text(&c->arena,
		utc_from_iso(BYTES_LIT("2021-04-16T12:24:16"))),
	    BYTES_LIT("2021-04-16T12:24:16Z"));
	expect(c, "ISO-2022-JP",
	    text_to_utf8(&c->arena, BYTES_LIT("iso-2022-jp"),
		BYTES_LIT("\x1b$B%F%9%H\x1b(B"), &quality),
	    BYTES_LIT("\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88"));
	expect(c, "an address with port, mapped",
	    ip_parse(BYTES_LIT("[::ffff:192.0.2.7]:123"), &address)
		? ip_text(&c->arena, &address)
		: BYTES_NONE,
	    BYTES_LIT("192.0.2.7"));
}

static void
check_mail(struct check *c)
{
	expect(c, "EDRM MIH (published vector)",
	    message_id_mih(&c->arena,
		BYTES_LIT("<CALckR-a8UDkRjO4xJyjd_s0GPxQWw@mail.gmail.com>")),
	    BYTES_LIT("1de319c276884bd0c9e2f1621ada26cc"));
	expect(c, "encoded words that split a character",
	    header_decode(&c->arena,
		BYTES_LIT("=?utf-8?Q?M=C3?= =?utf-8?Q?=BCller?=")),
	    BYTES_LIT("M\xc3\xbcller"));
}

static void
check_people(struct check *c)
{
	struct name a = name_parse(&c->arena, BYTES_LIT("M\xc3\xbcller, Jos"
							"\xc3\xa9"));
	struct name b = name_parse(&c->arena, BYTES_LIT("Dr. Jose Muller"));
	struct bytes ssn = BYTES_LIT("SSN");
	struct trigger_facts facts = { true, false, false, &ssn, 1 };

	expect(c, "'Last, First' and accents are one name",
	    name_compare(&a, &b) == NAME_EXACT ? BYTES_LIT("same")
					       : BYTES_LIT("other"),
	    BYTES_LIT("same"));
	expect(c, "WA 6000 is Australia",
	    residence_of(&c->arena, BYTES_LIT("1 Hay St, Perth WA 6000")).code,
	    BYTES_LIT("AU"));
	expect(c, "Wilmington, DE 19801 is Delaware",
	    residence_of(&c->arena,
		BYTES_LIT("5 Main St, Wilmington, DE 19801")).code,
	    BYTES_LIT("US-DE"));
	expect(c, "a named SSN triggers a state law",
	    trigger_holds(BYTES_LIT("NAME+(SSN|DL|FINCODE); CRED"), &facts)
		? BYTES_LIT("yes")
		: BYTES_LIT("no"),
	    BYTES_LIT("yes"));
}

static void
check_globs(struct check *c)
{
	size_t at = 0;

	expect(c, "'*' does not cross '/'",
	    glob_match(BYTES_LIT("mail/*.pst"), BYTES_LIT("mail/a/b.pst"), &at)
		? BYTES_LIT("match")
		: BYTES_LIT("none"),
	    BYTES_LIT("none"));
	expect(c, "'**' does",
	    glob_match(BYTES_LIT("mail/**/*.pst"),
		BYTES_LIT("evidence/mail/a/b.pst"), &at)
		? BYTES_LIT("match")
		: BYTES_LIT("none"),
	    BYTES_LIT("match"));
}

/* Every vector of a check is one line: how many hold, or which does not. */
static void
check_digits(struct check *c)
{
	struct table_rows rows;
	struct bytes *f, name = BYTES_LIT("");
	size_t count = 0;

	table_rows_open(&rows, &c->arena, "check_vectors.csv");
	for (;;) {
		f = table_rows_next(&rows, &c->arena);
		if (count > 0 && (f == NULL || !bytes_eq(f[0], name))) {
			fprintf(c->out, "ok check '%.*s': %zu vectors\n",
			    (int)name.n, (const char *)name.p, count);
			count = 0;
		}
		if (f == NULL)
			break;
		name = f[0];
		if (validator_named(name) != NULL &&
		    validator_named(name)(f[1]) ==
			bytes_eq(f[2], BYTES_LIT("yes"))) {
			count++;
			continue;
		}
		expect(c, "check digits", BYTES_LIT("wrong"), f[1]);
	}
}

struct seen { /* by the scanner */
	struct arena *arena;
	struct bytes words;
};

static void
note_finding(void *context, const struct record_finding *f)
{
	struct seen *seen = context;

	seen->words = arena_printf(seen->arena, "%.*s%s%.*s %.*s",
	    (int)seen->words.n, (const char *)seen->words.p,
	    seen->words.n ? ", " : "", (int)f->detector.n,
	    (const char *)f->detector.p, (int)f->level.n,
	    (const char *)f->level.p);
}

static void
check_scanner(struct check *c)
{
	static const char *const texts[][3] = {
		{ "an SSN with separators and its keyword is high",
		    "SSN: 536-22-1234", "us_ssn high" },
		{ "without the keyword it is low", "no. 536-22-1234",
		    "us_ssn low" },
		{ "a brief keyword in small letters is none",
		    "my ssn 536-22-1234", "us_ssn low" },
		{ "a card's strong check alone is medium",
		    "4539 5787 6362 1486", "card medium" },
		{ "a published sample is low",
		    "IBAN DE89 3704 0044 0532 0130 00", "iban low" },
		{ "a date of birth needs its keyword", "Meeting 03/14/1985",
		    "" },
		{ "and is medium with it", "DOB: 03/14/1985", "dob medium" },
		{ "a password in German prose", "Das Passwort lautet "
						"Hunter22!",
		    "password medium" },
	};
	struct scanner *scanner = scanner_new();

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct seen seen = { &c->arena, BYTES_LIT("") };
		struct text_flow flow = { .part = BYTES_LIT("1"),
			.text = bytes_cstr(texts[i][1]) };

		scanner_item_begin(scanner, note_finding, &seen);
		scanner_text(scanner, &flow);
		scanner_item_end(scanner);
		expect(c, texts[i][0], seen.words, bytes_cstr(texts[i][2]));
	}
	scanner_free(scanner);
}

bool
selftest_run(FILE *out)
{
	struct check c = { .out = out };

	arena_init(&c.arena);
	check_base(&c);
	check_mail(&c);
	check_people(&c);
	check_globs(&c);
	check_digits(&c);
	check_scanner(&c);
	fprintf(out, "%s\n", c.failed ? "selftest failed" : "all checks hold");
	arena_release(&c.arena);
	return c.failed == 0;
}
