/* Findings to people: linking, merging, review, decisions (contract 7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "forensics/case/case.h"
#include "forensics/people/people.h"

static char folder[64];
static struct case_file *file;
static unsigned findings;

static int
case_make(void **state)
{
	(void)state;
	findings = 0;
	strcpy(folder, "/tmp/unit_people.XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	file = case_open(folder, CASE_CREATE);
	case_run(file,
	    "INSERT INTO sources(source, source_id, sha256, md5, bytes, kind,"
	    " state) VALUES(1, 'S-1', 'x', 'y', 1, 'eml', 'done');"
	    "INSERT INTO paths VALUES('p', 1, NULL);"
	    "INSERT INTO mailboxes(mailbox_no, mailbox, held, paths)"
	    " VALUES(1, 'alice@agency.example', 1, '[]')");
	return 0;
}

static int
case_remove(void **state)
{
	char command[128];

	(void)state;
	case_close(file);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

/* Message n, exposed like that. */
static void
message(int n, const char *exposure)
{
	char sql[512];

	snprintf(sql, sizeof sql,
	    "INSERT INTO messages(message, source, message_id, locator, state,"
	    " sender_address, sent_us) VALUES(%d, 1, 'M-%d', '', 'live',"
	    " 'boss@agency.example', %d000000);"
	    "INSERT INTO places(message, path, mailbox_no, state, exposure,"
	    " first_us, last_us) VALUES(%d, 'p', 1, 'live', '%s', %d, %d)",
	    n, n, n, n, exposure, n * 10, n * 10 + 5);
	case_run(file, sql);
}

/* A finding of message n, linked to a name within a group. */
static void
found(int n, const char *group, const char *name, const char *detector,
    const char *element, const char *value, const char *link)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO findings(finding_id, message, detector, element,"
	    " level, value, normalized, masked, class, group_key, name, link)"
	    " VALUES(printf('F-%04d', ?1), ?2, ?3, ?4, 'high', ?5, ?5, '', ?3,"
	    " ?6, ?7, ?8)");

	case_bind_number(rows, 1, findings++);
	case_bind_number(rows, 2, n);
	case_bind_cstr(rows, 3, detector);
	case_bind_cstr(rows, 4, element);
	case_bind_cstr(rows, 5, value);
	case_bind_cstr(rows, 6, group);
	case_bind_cstr(rows, 7, name);
	case_bind_cstr(rows, 8, link);
	case_exec(rows);
}

static void
ssn(int n, const char *group, const char *name, const char *value)
{
	found(n, group, name, "us_ssn", "SSN", value, "paragraph");
}

static void
dob(int n, const char *group, const char *name, const char *value)
{
	found(n, group, name, "dob", "DOB", value, "paragraph");
}

static void
phone(int n, const char *group, const char *name, const char *value)
{
	found(n, group, name, "phone", "", value, "paragraph");
}

static void
card(int n, const char *group, const char *name, const char *value)
{
	found(n, group, name, "card", "FIN", value, "paragraph");
}

static void
home(int n, const char *group, const char *name, const char *value)
{
	found(n, group, name, "postal_address", "", value, "paragraph");
}

static void
incident(const char *json)
{
	case_set_meta(file, "incident", bytes_cstr(json));
}

/* What a query gives, rows separated by '/'. */
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

#define PEOPLE "SELECT coalesce(name, '') || ' ' || merge_reason || ' ' || review FROM"     \
	       " people ORDER BY name, person"

/* ---- (a) a primary value */

static void
test_primary_joins_compatible_names(void **state)
{
	(void)state;
	message(1, "accessed");
	message(2, "not_shown");
	ssn(1, "g", "Robert Miller", "512-34-5678");
	ssn(2, "g", "Miller, Robert J.", "512-34-5678");
	people_build(file);
	expect(PEOPLE, "Miller, Robert J. primary []");
	expect("SELECT exposure || ' ' || messages || ' ' || first_us || ' ' ||"
	       " last_us FROM people", "accessed 2 10 15");
}

static void
test_primary_nickname_is_reviewed(void **state)
{
	(void)state;
	message(1, "accessed");
	ssn(1, "g", "Robert Miller", "512-34-5678");
	ssn(1, "h", "Bob Miller", "512-34-5678");
	people_build(file);
	expect(PEOPLE, "Robert Miller primary [\"nickname\"]");
}

static void
test_primary_other_name_stays_apart(void **state)
{
	(void)state;
	message(1, "accessed");
	ssn(1, "g", "Robert Miller", "512-34-5678");
	ssn(1, "h", "Anna Smith", "512-34-5678");
	people_build(file);
	expect(PEOPLE, "Anna Smith single [\"name_conflict\"] / "
		       "Robert Miller single [\"name_conflict\"]");
}

static void
test_primary_other_birth_date_stays_apart(void **state)
{
	(void)state;
	message(1, "accessed");
	ssn(1, "g", "Robert Miller", "512-34-5678");
	dob(1, "g", "Robert Miller", "1970-01-01");
	ssn(1, "h", "Robert Miller", "512-34-5678");
	dob(1, "h", "Robert Miller", "1971-01-01");
	people_build(file);
	expect("SELECT review FROM people",
	    "[\"id_conflict\"] / [\"id_conflict\"]");
}

static void
test_senior_and_junior_stay_apart(void **state)
{
	(void)state;
	message(1, "accessed");
	ssn(1, "g", "Robert Miller Sr.", "512-34-5678");
	ssn(1, "h", "Robert Miller Jr.", "512-34-5678");
	people_build(file);
	expect("SELECT count(*) FROM people", "2");
}

static void
test_unnamed_value_joins_its_owner(void **state)
{
	(void)state;
	message(1, "accessed");
	ssn(1, "", "", "512-34-5678");
	ssn(1, "h", "Anna Smith", "512-34-5678");
	ssn(1, "", "", "531-22-1234");
	people_build(file);
	expect(PEOPLE, " single [\"unnamed\"] / Anna Smith primary []");
}

/* ---- (b) date of birth and a tertiary value */

static void
test_birth_date_and_telephone(void **state)
{
	(void)state;
	message(1, "accessed");
	dob(1, "g", "Jose Muller", "1980-02-03");
	phone(1, "g", "Jose Muller", "+12025550101");
	dob(1, "h", "Müller, José", "1980-02-03");
	phone(1, "h", "Müller, José", "+12025550101");
	people_build(file);
	expect("SELECT merge_reason || review FROM people",
	    "exact_name_secondary[]");
}

static void
test_birth_date_and_nickname(void **state)
{
	(void)state;
	message(1, "accessed");
	dob(1, "g", "William Gates", "1980-02-03");
	phone(1, "g", "William Gates", "+12025550101");
	dob(1, "h", "Bill Gates", "1980-02-03");
	phone(1, "h", "Bill Gates", "+12025550101");
	people_build(file);
	expect("SELECT merge_reason || review FROM people",
	    "nickname_secondary[\"nickname\"]");
}

static void
test_birth_date_alone_is_not_enough(void **state)
{
	(void)state;
	message(1, "accessed");
	dob(1, "g", "Anna Smith", "1980-02-03");
	dob(1, "h", "Anna Smith", "1980-02-03");
	people_build(file);
	expect("SELECT merge_reason || review FROM people",
	    "single[] / single[]");
}

static void
test_initial_is_no_full_name(void **state)
{
	(void)state;
	message(1, "accessed");
	dob(1, "g", "A. Smith", "1980-02-03");
	phone(1, "g", "A. Smith", "+12025550101");
	dob(1, "h", "Anna Smith", "1980-02-03");
	phone(1, "h", "Anna Smith", "+12025550101");
	people_build(file);
	expect("SELECT merge_reason || review FROM people",
	    "single[\"shared_tertiary\"] / single[\"shared_tertiary\"]");
}

/* ---- (c) two tertiary values */

static void
test_two_tertiary_values(void **state)
{
	(void)state;
	message(1, "accessed");
	card(1, "g", "Anna Smith", "4111");
	phone(1, "g", "Anna Smith", "+12025550101");
	card(1, "h", "Anna Smith", "4111");
	phone(1, "h", "Anna Smith", "+12025550101");
	people_build(file);
	expect("SELECT merge_reason || review FROM people", "name_tertiary[]");
}

static void
test_one_tertiary_value_is_reviewed(void **state)
{
	(void)state;
	message(1, "accessed");
	card(1, "g", "Anna Smith", "4111");
	card(1, "h", "Anna Smith", "4111");
	card(1, "i", "Carl Smith", "4111");
	people_build(file);
	expect("SELECT merge_reason || review FROM people",
	    "single[\"shared_tertiary\"] / single[\"shared_tertiary\"] / "
	    "single[\"shared_tertiary\"]");
}

static void
test_two_tertiary_values_and_other_birth_dates(void **state)
{
	(void)state;
	message(1, "accessed");
	for (int i = 0; i < 2; i++) {
		const char *group = i ? "g" : "h";

		card(1, group, "Anna Smith", "4111");
		phone(1, group, "Anna Smith", "+12025550101");
		dob(1, group, "Anna Smith", i ? "1980-02-03" : "1981-02-03");
	}
	people_build(file);
	expect("SELECT merge_reason || review FROM people",
	    "single[\"id_conflict\",\"shared_tertiary\"] / "
	    "single[\"id_conflict\",\"shared_tertiary\"]");
}

static void
test_never_on_a_name_alone(void **state)
{
	(void)state;
	message(1, "accessed");
	card(1, "g", "Anna Smith", "4111");
	card(1, "h", "Anna Smith", "4222");
	people_build(file);
	expect("SELECT count(*) FROM people", "2");
}

static void
test_role_address_merges_nobody(void **state)
{
	(void)state;
	message(1, "accessed");
	for (int i = 0; i < 2; i++) {
		const char *group = i ? "g" : "h";

		card(1, group, "Anna Smith", "4111");
		found(1, group, "Anna Smith", "email", "",
		    "payroll@agency.example", "paragraph");
	}
	people_build(file);
	expect("SELECT count(*) FROM people", "2");
}

/* ---- what counts */

static void
test_low_level_and_contact_data_make_nobody(void **state)
{
	(void)state;
	message(1, "accessed");
	ssn(1, "g", "Anna Smith", "512-34-5678");
	case_run(file, "UPDATE findings SET level = 'low'");
	phone(1, "h", "Carl Jones", "+12025550101");
	people_build(file);
	expect("SELECT count(*) FROM people", "0");
}

static void
test_name_and_postal_address_is_somebody(void **state)
{
	(void)state;
	message(1, "accessed");
	home(1, "g", "Anna Smith", "12 Oak Street, Wilmington, DE 19801");
	home(1, "", "", "14 Oak Street, Wilmington, DE 19801");
	people_build(file);
	expect("SELECT name || residence || residence_source FROM people",
	    "Anna SmithUS-DEaddress");
}

static void
test_elements_exposed_are_those_of_exposed_messages(void **state)
{
	(void)state;
	message(1, "possible");
	message(2, "not_covered");
	ssn(1, "g", "Anna Smith", "512-34-5678");
	ssn(2, "g", "Anna Smith", "512-34-5678");
	card(2, "g", "Anna Smith", "4111");
	people_build(file);
	expect("SELECT data_elements || elements_exposed FROM people",
	    "[\"FIN\",\"SSN\"][\"SSN\"]");
}

static void
test_organizations_address_is_nobodys(void **state)
{
	(void)state;
	message(1, "accessed");
	message(2, "accessed");
	incident("{\"organization\":{\"name\":\"Example Agency\","
		 "\"domains\":[\"agency.example\"]}}");
	found(1, "s", "The Boss", "postal_address", "", "1 Main Street",
	    "signature");
	ssn(2, "g", "Anna Smith", "512-34-5678");
	home(2, "g", "Anna Smith", "1 Main Street");
	ssn(2, "h", "Carl Jones", "513-34-5678");
	home(2, "h", "Carl Jones", "Example Agency, 5 Side Street, TX 73301");
	people_build(file);
	expect("SELECT name || coalesce(residence, '') || residence_source"
	       " FROM people ORDER BY name", "Anna Smithnone / Carl Jonesnone");
}

static void
test_newest_address_wins_and_both_states_count(void **state)
{
	(void)state;
	message(1, "accessed");
	message(2, "accessed");
	for (int n = 1; n <= 2; n++) {
		ssn(n, "g", "Anna Smith", "512-34-5678");
		home(n, "g", "Anna Smith",
		    n == 2 ? "12 Oak Street, Wilmington, DE 19801"
			   : "9 Elm Road, Columbus, OH 43215");
	}
	people_build(file);
	expect("SELECT residence || review || duties FROM people",
	    "US-DE[\"residence_conflict\"][\"US-*/US-OH\",\"US-DE\"]");
}

static void
test_state_column_without_address(void **state)
{
	(void)state;
	message(1, "accessed");
	ssn(1, "g", "Anna Smith", "512-34-5678");
	found(1, "g", "Anna Smith", "postal_address", "", "OH", "row");
	ssn(1, "h", "Carl Jones", "513-34-5678");
	found(1, "h", "Carl Jones", "postal_address", "", "Texas", "row");
	found(1, "h", "Carl Jones", "postal_address", "",
	    "12 Oak Street, Wilmington, DE 19801", "row");
	ssn(1, "i", "Dora Adam", "514-34-5678");
	found(1, "i", "Dora Adam", "postal_address", "", "OH 99950", "row");
	people_build(file);
	expect("SELECT name || ' ' || coalesce(residence, '') || ' ' ||"
	       " residence_source FROM people ORDER BY name",
	    "Anna Smith US-OH state_column / Carl Jones US-DE address_row / "
	    "Dora Adam  none");
}

static void
test_minor_when_discovered(void **state)
{
	(void)state;
	message(1, "accessed");
	incident("{\"discovered\":\"2023-06-16T00:00:00Z\"}");
	dob(1, "a", "Anna Smith", "2005-06-16");
	dob(1, "b", "Carl Jones", "2005-06-17");
	people_build(file);
	expect("SELECT name || minor FROM people ORDER BY name",
	    "Anna Smith / Carl Jonesyes");
}

/* ---- decisions */

static void
decide(const char *key, const char *first, const char *second)
{
	char json[256];

	snprintf(json, sizeof json, "{\"people\":[{\"%s\":[\"%s\",\"%s\"]}]}",
	    key, first, second);
	incident(json);
}

static void
ids_of_two(char ids[2][32])
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT person_id FROM people ORDER BY person");

	for (int i = 0; i < 2; i++) {
		assert_true(case_next(rows));
		snprintf(ids[i], 32, "%.*s", (int)case_text(rows, 0).n,
		    (const char *)case_text(rows, 0).p);
	}
	case_done(rows);
}

static void
test_same_joins_and_keeps_the_first_id(void **state)
{
	char ids[2][32];

	(void)state;
	message(1, "accessed");
	card(1, "g", "Anna Smith", "4111");
	card(1, "h", "Anna Smith", "4222");
	people_build(file);
	ids_of_two(ids);
	decide("same", ids[1], ids[0]);
	people_build(file);
	expect("SELECT person_id FROM people", ids[0]);
	people_build(file);
	expect("SELECT person_id FROM people", ids[0]);
}

static void
test_different_keeps_apart_what_would_merge(void **state)
{
	char ids[2][32];

	(void)state;
	message(1, "accessed");
	card(1, "g", "Anna Smith", "4111");
	card(1, "h", "Anna Smith", "4111");
	people_build(file);
	ids_of_two(ids);
	phone(1, "g", "Anna Smith", "+12025550101");
	phone(1, "h", "Anna Smith", "+12025550101");
	people_build(file);
	expect("SELECT count(*) FROM people", "1");
	decide("different", ids[0], ids[1]);
	people_build(file);
	expect("SELECT count(*) FROM people", "2");
}

static void
test_not_a_person_and_notified(void **state)
{
	char ids[2][32], json[256];

	(void)state;
	message(1, "accessed");
	card(1, "g", "Anna Smith", "4111");
	card(1, "h", "Test Account", "4222");
	people_build(file);
	ids_of_two(ids);
	snprintf(json, sizeof json, "{\"people\":[{\"not_a_person\":[\"%s\"]},"
				    "{\"notified\":[\"%s\"]}]}",
	    ids[1], ids[0]);
	incident(json);
	people_build(file);
	expect("SELECT name || notified FROM people", "Anna Smithyes");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, case_make, case_remove)
	const struct CMUnitTest tests[] = {
		TEST(test_primary_joins_compatible_names),
		TEST(test_primary_nickname_is_reviewed),
		TEST(test_primary_other_name_stays_apart),
		TEST(test_primary_other_birth_date_stays_apart),
		TEST(test_senior_and_junior_stay_apart),
		TEST(test_unnamed_value_joins_its_owner),
		TEST(test_birth_date_and_telephone),
		TEST(test_birth_date_and_nickname),
		TEST(test_birth_date_alone_is_not_enough),
		TEST(test_initial_is_no_full_name),
		TEST(test_two_tertiary_values),
		TEST(test_one_tertiary_value_is_reviewed),
		TEST(test_two_tertiary_values_and_other_birth_dates),
		TEST(test_never_on_a_name_alone),
		TEST(test_role_address_merges_nobody),
		TEST(test_low_level_and_contact_data_make_nobody),
		TEST(test_name_and_postal_address_is_somebody),
		TEST(test_elements_exposed_are_those_of_exposed_messages),
		TEST(test_organizations_address_is_nobodys),
		TEST(test_newest_address_wins_and_both_states_count),
		TEST(test_state_column_without_address),
		TEST(test_minor_when_discovered),
		TEST(test_same_joins_and_keeps_the_first_id),
		TEST(test_different_keeps_apart_what_would_merge),
		TEST(test_not_a_person_and_notified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
