/* Names, residences, triggers, deadlines, duties (contract 7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "forensics/case/case.h"
#include "forensics/people/name.h"
#include "forensics/people/people.h"
#include "forensics/people/residence.h"
#include "forensics/people/trigger.h"
#include "parsers/base/utc.h"

static struct arena arena;

static int
arena_make(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int
arena_remove(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* ---- names */

static enum name_match
match(const char *a, const char *b)
{
	struct name x = name_parse(&arena, bytes_cstr(a));
	struct name y = name_parse(&arena, bytes_cstr(b));
	enum name_match result = name_compare(&x, &y);

	assert_int_equal(result, name_compare(&y, &x));
	return result;
}

static void
test_names(void **state)
{
	(void)state;
	assert_int_equal(match("Anna Smith", "SMITH, Anna"), NAME_EXACT);
	assert_int_equal(match("Dr. José Strauß", "jose strauss"), NAME_EXACT);
	assert_int_equal(match("Anna Smith", "A. Smith"), NAME_COMPATIBLE);
	assert_int_equal(match("Anna Smith", "Anna B. Smith"),
	    NAME_COMPATIBLE);
	assert_int_equal(match("Anna Smith", "Anna Smith-Jones"),
	    NAME_COMPATIBLE);
	assert_int_equal(match("Robert Smith", "Bob Smith"), NAME_NICKNAME);
	assert_int_equal(match("Anna Smith", "Anna Smyth"), NAME_DIFFERENT);
	assert_int_equal(match("Anna B. Smith", "Anna C. Smith"),
	    NAME_DIFFERENT);
	assert_int_equal(match("John Smith Jr.", "John Smith Sr"),
	    NAME_DIFFERENT);
	assert_int_equal(match("John Smith II", "John Smith III"),
	    NAME_DIFFERENT);
	assert_int_equal(match("John Smith, Jr.", "Smith, John"), NAME_EXACT);
	assert_int_equal(match("", "Anna Smith"), NAME_DIFFERENT);
}

/* ---- residence */

static void
lives_in(const char *address, const char *code, bool by_postcode)
{
	struct residence home = residence_of(&arena, bytes_cstr(address));
	char got[16];

	snprintf(got, sizeof got, "%.*s", (int)home.code.n,
	    (const char *)home.code.p);
	assert_string_equal(got, code);
	assert_int_equal(home.by_postcode, by_postcode);
}

static void
test_residence(void **state)
{
	(void)state;
	lives_in("12 Oak Street, Wilmington, DE 19801", "US-DE", false);
	lives_in("12 Oak Street\nColumbus, OH 43215-1234", "US-OH", false);
	lives_in("5 Hay Street, Perth WA 6000", "AU", true);
	lives_in("77 Dundas St, London, ON", "CA", false);
	lives_in("77 Dundas St, London ON N6A 1B2", "CA", true);
	lives_in("10 Downing Street, London SW1A 2AA", "UK", true);
	lives_in("Hauptstr. 5, 10115 Berlin, Germany", "DE", false);
	lives_in("1 Main St, Springfield, IL 62701, USA", "US-IL", false);
	lives_in("Keizersgracht 1, 1015 CJ Amsterdam", "NL", true);
	lives_in("Rua Augusta 10, 1100-048 Lisboa", "PT", true);
	lives_in("Hauptstr. 5, D-80331 M\u00fcnchen", "DE", true);
	lives_in("Kirchgasse 2, CH-8001 Z\u00fcrich", "CH", true);
	lives_in("Ring 1, A-1010 Wien", "AT", true);
	lives_in("12 Oak St, Apt B-1234, Springfield, IL 62701", "US-IL",
	    false);
	lives_in("somewhere", "", false);
	assert_true(residence_in_eu(BYTES_LIT("DE")));
	assert_false(residence_in_eu(BYTES_LIT("UK")));
	assert_false(residence_in_eu(BYTES_LIT("US-DE")));
}

/* ---- triggers and deadlines */

static bool
holds(const char *trigger, bool named, const char *a, const char *b)
{
	struct bytes elements[2] = { bytes_cstr(a), bytes_cstr(b) };
	struct trigger_facts facts = { named, false, false, elements,
		(size_t)(a[0] != '\0') + (b[0] != '\0') };

	return trigger_holds(bytes_cstr(trigger), &facts);
}

static void
test_triggers(void **state)
{
	struct trigger_facts facts = { .named = true, .address = true };

	(void)state;
	assert_true(holds("NAME+(SSN|DL)", true, "SSN", ""));
	assert_true(holds("NAME+(SSN|DL)", true, "FIN", "DL"));
	assert_false(holds("NAME+(SSN|DL)", true, "FIN", ""));
	assert_false(holds("NAME+(SSN|DL)", false, "SSN", ""));
	assert_true(holds("NAME+(SSN|DL); CRED", false, "CRED", ""));
	assert_false(holds("NAME+(FINCODE)", true, "FIN", ""));
	assert_true(holds("NAME+(SSN|FIN)", true, "FINCODE", ""));
	assert_true(holds("ANYPD", false, "DOB", ""));
	assert_false(holds("ANYPD", true, "", ""));
	assert_false(holds("", true, "SSN", "DL"));
	assert_false(holds("PHI", true, "MED", ""));
	assert_true(trigger_holds(BYTES_LIT("ANYPD"), &facts));
	facts.named = false;
	assert_false(trigger_holds(BYTES_LIT("ANYPD"), &facts));
}

static void
due(const char *law, const struct law_clock *clock, const char *expected)
{
	struct bytes text = deadline_text(&arena, bytes_cstr(law), clock);
	char got[64];

	snprintf(got, sizeof got, "%.*s", (int)text.n, (const char *)text.p);
	assert_string_equal(got, expected);
}

static void
test_deadlines(void **state)
{
	struct law_clock clock = { .determined = UTC_NONE,
		.notified = UTC_NONE };

	(void)state;
	clock.discovered = utc_from_iso(BYTES_LIT("2023-06-16T08:30:00Z"));
	due("30d from discovery", &clock, "2023-07-16T08:30:00Z");
	due("72h from awareness", &clock, "2023-06-19T08:30:00Z");
	due("60d from determination", &clock, "2023-08-15T08:30:00Z");
	due("15d after people notified", &clock, "2023-07-01T08:30:00Z");
	due("as soon as feasible", &clock, "as soon as feasible");
	due("3 calendar days from assessment", &clock,
	    "3 calendar days from assessment");
	due("3-5d first", &clock, "3-5d first");
	due("36h", &clock, "2023-06-17T20:30:00Z");
	clock.determined = utc_from_iso(BYTES_LIT("2023-06-20"));
	clock.notified = utc_from_iso(BYTES_LIT("2023-07-20"));
	due("60d from determination", &clock, "2023-08-19T00:00:00Z");
	due("15d after people notified", &clock, "2023-08-04T00:00:00Z");
	due("30d from discovery", &clock, "2023-07-16T08:30:00Z");
	clock.discovered = UTC_NONE;
	due("30d from discovery", &clock, "");
}

/* ---- duties of a case */

static char folder[64];
static struct case_file *file;

static int
case_make(void **state)
{
	arena_make(state);
	strcpy(folder, "/tmp/unit_duties.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	file = case_open(folder, CASE_CREATE);
	if (file == NULL)
		return -1;
	case_begin(file); /* hundreds of rows, written once */
	return 0;
}

static int
case_remove(void **state)
{
	char command[128];

	case_commit(file);
	case_close(file);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	arena_remove(state);
	return system(command);
}

static void
person(const char *name, const char *residence, const char *elements,
    const char *exposure)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO people(person_id, name, emails, phones, residence,"
	    " residence_source, data_elements, elements_exposed, exposure,"
	    " messages, message_ids, merge_reason, review, duties)"
	    " VALUES('P', nullif(?1, ''), '[]', '[]', nullif(?2, ''), '', ?3,"
	    " ?3, ?4, 1, '[]', 'single', '[]', '[]')");

	case_bind_cstr(rows, 1, name);
	case_bind_cstr(rows, 2, residence);
	case_bind_cstr(rows, 3, elements);
	case_bind_cstr(rows, 4, exposure);
	case_exec(rows);
}

static void
expect(const char *sql, const char *expected)
{
	struct case_rows *rows = case_query_new(file, sql);
	char got[4096];
	size_t n = 0;

	got[0] = '\0';
	while (case_next(rows)) {
		struct bytes text = case_text(rows, 0);

		n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s",
		    n ? " / " : "", (int)text.n,
		    text.p ? (const char *)text.p : "");
		assert_true(n < sizeof got);
	}
	case_done(rows);
	assert_string_equal(got, expected);
}

static void
build(const char *incident)
{
	case_set_meta(file, "incident", bytes_cstr(incident));
	duties_build(file);
}

#define DISCOVERED "{\"discovered\":\"2023-06-16T00:00:00Z\"}"
#define COUNTS "SELECT duty_id || ' ' || people || ' ' || threshold_met FROM"  \
	       " duties ORDER BY duty_id"

static void
test_one_row_a_law_and_residence(void **state)
{
	(void)state;
	person("Anna Smith", "US-TX", "[\"SSN\"]", "accessed");
	person("Carl Jones", "US-OH", "[\"SSN\"]", "possible");
	person("Dora Jones", "US-OH", "[\"FIN\"]", "accessed");
	person("Emil Adam", "DE", "[\"DOB\"]", "synced");
	person("Fred Adam", "FR", "[\"DOB\"]", "synced");
	person("Gina Safe", "US-TX", "[\"SSN\"]", "not_shown");
	person("", "US-TX", "[\"SSN\"]", "accessed");
	person("Nora Nowhere", "", "[\"SSN\"]", "accessed");
	person("", "", "[\"SSN\"]", "accessed");
	build(DISCOVERED);
	expect(COUNTS, "EU 2  / US-*/US-OH 1  / US-TX 1 no / unknown 1 ");
	expect("SELECT people_deadline || ' ' || regulator_deadline FROM people"
	       " WHERE name = 'Anna Smith'",
	    "2023-08-15T00:00:00Z 2023-07-16T00:00:00Z");
	expect("SELECT duties FROM people WHERE name = 'Gina Safe'", "[]");
	expect("SELECT duties FROM people WHERE name = 'Dora Jones'", "[]");
}

static void
test_older_text_gives_no_dates(void **state)
{
	(void)state;
	person("Anna Smith", "US-CA", "[\"SSN\"]", "accessed");
	build(DISCOVERED);
	expect("SELECT people || '|' || trigger || '|' || people_deadline ||"
	       " '|' || regulator_deadline || '|' || threshold_met FROM duties",
	    "1|older text applied|||");
	build("{\"discovered\":\"2026-02-01T00:00:00Z\"}");
	expect("SELECT people_deadline || '|' || threshold_met FROM duties",
	    "2026-03-03T00:00:00Z|no");
}

static void
test_thresholds_at_their_edge(void **state)
{
	(void)state;
	for (int i = 0; i < 250; i++)
		person("A B", "US-TX", "[\"SSN\"]", "accessed");
	for (int i = 0; i < 500; i++)
		person("A B", "US-WA", "[\"DOB\"]", "accessed");
	build(DISCOVERED);
	expect(COUNTS, "US-TX 250 yes / US-WA 500 no");
	person("A B", "US-WA", "[\"DOB\"]", "accessed");
	build(DISCOVERED);
	expect(COUNTS, "US-TX 250 yes / US-WA 501 yes");
}

static void
test_sector_laws_only_when_named(void **state)
{
	(void)state;
	person("Anna Smith", "US-TX", "[\"MED\"]", "accessed");
	build(DISCOVERED);
	expect("SELECT duty_id FROM duties ORDER BY duty_id", "US-TX");
	build("{\"discovered\":\"2023-06-16T00:00:00Z\",\"organization\":"
	      "{\"sector\":[\"health\",\"federal\",\"defence\"]}}");
	expect("SELECT duty_id || ' ' || threshold_met || ' ' ||"
	       " regulator_deadline FROM duties ORDER BY duty_id",
	    "US-DFARS  2023-06-19T00:00:00Z / US-FED no 2023-06-23T00:00:00Z"
	    " / US-HIPAA no 2023-08-15T00:00:00Z / US-TX no"
	    " 2023-07-16T00:00:00Z");
	expect("SELECT trigger FROM duties WHERE duty_id = 'US-DFARS'",
	    "covered defence information");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, arena_make,
		    arena_remove),
		cmocka_unit_test_setup_teardown(test_residence, arena_make,
		    arena_remove),
		cmocka_unit_test_setup_teardown(test_triggers, arena_make,
		    arena_remove),
		cmocka_unit_test_setup_teardown(test_deadlines, arena_make,
		    arena_remove),
		cmocka_unit_test_setup_teardown(
		    test_one_row_a_law_and_residence, case_make, case_remove),
		cmocka_unit_test_setup_teardown(test_older_text_gives_no_dates,
		    case_make, case_remove),
		cmocka_unit_test_setup_teardown(test_thresholds_at_their_edge,
		    case_make, case_remove),
		cmocka_unit_test_setup_teardown(
		    test_sector_laws_only_when_named, case_make, case_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
