/* Persons -> rows of people and person_findings. */
#include <stdlib.h>

#include "forensics/people/people.h"
#include "forensics/people/person.h"
#include "forensics/people/residence.h"
#include "forensics/people/words.h"
#include "parsers/base/hash.h"
#include "parsers/base/utc.h"

struct person {
	struct bytes id, name, address, residence, other_residence;
	const char *residence_source;
	struct word_set emails, phones, elements, exposed_elements, messages;
	int64_t first_us, last_us, address_us;
	int exposure; /* rank, 0 none */
	bool notified, minor;
	bool by_column; /* the address is a state column's */
	int64_t counted_us; /* age is counted at this time */
};

static const char *const exposure_names[] = { "", "not_shown", "not_covered",
	"possible", "presumed", "synced", "taken", "accessed" };

enum { EXPOSURES = 8, RANK_POSSIBLE = 3 };

static int
exposure_rank(struct bytes name)
{
	for (int i = EXPOSURES - 1; i > 0; i--)
		if (bytes_eq(name, bytes_cstr(exposure_names[i])))
			return i;
	return 0;
}

struct message_state {
	struct bytes message_id;
	int rank;
	int64_t first_us, last_us;
};

static struct message_state
message_state(struct case_file *file, struct arena *arena, int64_t message)
{
	struct case_rows *rows = case_query(file,
	    "SELECT m.message_id, x.exposure, x.first_us, x.last_us"
	    " FROM messages m LEFT JOIN person_exposure x USING (message)"
	    " WHERE m.message = ?1");
	struct message_state state = { BYTES_LIT(""), 0, UTC_NONE, UTC_NONE };

	case_bind_number(rows, 1, message);
	if (case_next(rows)) {
		state.message_id = arena_dup(arena, case_text(rows, 0));
		state.rank = exposure_rank(case_text(rows, 1));
		state.first_us = case_number(rows, 2);
		state.last_us = case_number(rows, 3);
	}
	return state;
}

/* Letters of a name's form; one comma does not make it longer. */
static size_t
name_weight(struct bytes name)
{
	return name.n - (bytes_find_byte(name, ',') != SIZE_MAX);
}

/* The longest form of the name; of those one without comma, the first in byte
 * order. */
static void
take_name(struct person *person, struct bytes name)
{
	size_t old = name_weight(person->name), new;
	bool comma;

	name = bytes_trim(name);
	new = name_weight(name);
	comma = new < name.n;
	if (new > old ||
	    (new == old && comma < (old < person->name.n)) ||
	    (new == old && comma == (old < person->name.n) &&
	        bytes_compare(name, person->name) < 0))
		person->name = name;
}

/* The newest dated address wins; an older one elsewhere is kept beside. */
static void
take_address(struct person *person, struct arena *arena,
    const struct fact *fact)
{
	struct residence home = residence_of(arena, fact->value);
	bool column = fact->in_row && home.code.n == 0;
	bool newer = person->address.n == 0 ||
		     fact->sent_us > person->address_us;

	if (column)
		home.code = residence_of_state(arena, fact->value);
	/* A column alone gives way to a whole address. */
	if (column && home.code.n > 0 && person->address.n > 0)
		newer = false;
	else if (home.code.n > 0 && person->by_column && !column)
		newer = true;
	if (newer) {
		person->by_column = column && home.code.n > 0;
		if (person->residence.n > 0 &&
		    !bytes_eq(person->residence, home.code))
			person->other_residence = person->residence;
		person->address = fact->value;
		person->address_us = fact->sent_us;
		person->residence = home.code;
		person->residence_source =
		    home.code.n == 0   ? "none"
		    : column           ? "state_column"
		    : home.by_postcode ? "postcode"
		    : fact->in_row     ? "address_row"
				       : "address";
	} else if (home.code.n > 0 && !bytes_eq(home.code, person->residence))
		person->other_residence = home.code;
}

/* Under eighteen at the time: born later than that day 18 years before. */
static bool
is_minor(struct bytes birth, int64_t at_us)
{
	struct arena arena;
	struct bytes day;
	uint64_t year;
	bool minor = false;

	arena_init(&arena);
	day = bytes_slice(utc_text(&arena, at_us), 0, 10);
	if (at_us != UTC_NONE && birth.n == 10 && day.n == 10 &&
	    bytes_to_u64(bytes_slice(day, 0, 4), &year) && year > 18) {
		struct bytes limit = arena_printf(&arena, "%04u%.*s",
		    (unsigned)year - 18, 6, (const char *)day.p + 4);

		minor = bytes_compare(birth, limit) > 0;
	}
	arena_release(&arena);
	return minor;
}

static void
take_fact(struct person *person, struct arena *arena, const struct fact *fact,
    const struct message_state *state)
{
	if (bytes_eq(fact->detector, BYTES_LIT("email")))
		words_add(&person->emails, fact->normalized);
	else if (bytes_eq(fact->detector, BYTES_LIT("phone")))
		words_add(&person->phones, fact->value);
	else if (bytes_eq(fact->detector, BYTES_LIT("postal_address")) &&
		 !fact->own)
		take_address(person, arena, fact);
	else if (bytes_eq(fact->detector, BYTES_LIT("dob")))
		person->minor |= is_minor(fact->normalized,
		    person->counted_us);
	if (!fact->counts)
		return;
	words_add(&person->elements, fact->element);
	if (state->rank >= RANK_POSSIBLE)
		words_add(&person->exposed_elements, fact->element);
}

static void
take_times(struct person *person, const struct message_state *state)
{
	words_add(&person->messages, state->message_id);
	if (state->rank > person->exposure)
		person->exposure = state->rank;
	if (state->rank < RANK_POSSIBLE)
		return;
	if (state->first_us != UTC_NONE && (person->first_us == UTC_NONE ||
	                                       state->first_us <
	                                           person->first_us))
		person->first_us = state->first_us;
	if (state->last_us != UTC_NONE && state->last_us > person->last_us)
		person->last_us = state->last_us;
}

/* The header address of a correspondent whose full name it is. */
static void
take_header_addresses(struct case_file *file, struct arena *arena,
    struct person *person, const struct mention *mention)
{
	struct case_rows *rows = case_query(file,
	    "SELECT name, address FROM addresses WHERE message = ?1"
	    " AND name <> '' AND address <> ''");

	if (!name_is_full(&mention->name))
		return;
	case_bind_number(rows, 1, mention->message);
	while (case_next(rows)) {
		struct name name = name_parse(arena,
		    arena_dup(arena, case_text(rows, 0)));

		if (name_compare_strictly(&name, &mention->name) == NAME_EXACT)
			words_add(&person->emails,
			    arena_dup(arena, case_text(rows, 1)));
	}
}

static const char *
reason_name(enum merge_reason reason)
{
	static const char *const names[] = { "primary", "exact_name_secondary",
		"nickname_secondary", "name_tertiary", "single" };

	return names[reason];
}

static struct bytes
review_words(struct arena *arena, unsigned review)
{
	static const char *const names[] = { "id_conflict", "name_conflict",
		"residence_conflict", "shared_tertiary", "nickname",
		"unnamed" };
	struct word_set set = { .count = 0 };
	struct bytes json;

	for (unsigned i = 0; i < 6; i++)
		if (review & (1u << i))
			words_add(&set, bytes_cstr(names[i]));
	json = words_json(arena, &set);
	words_release(&set);
	return json;
}

static void
insert_person(struct case_file *file, struct arena *arena,
    const struct person *person, const struct mention *root)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO people(person_id, name, emails, phones,"
	    " postal_address, residence, residence_source, data_elements,"
	    " elements_exposed, exposure, first_us, last_us, messages,"
	    " message_ids, merge_reason, review, duties, older_residence,"
	    " minor, deceased, notified)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, ?16, '[]', ?17, ?18, '', ?19)");
	unsigned review = root->review;

	if (person->other_residence.n > 0)
		review |= REVIEW_RESIDENCE_CONFLICT;
	case_bind_text(rows, 1, person->id);
	case_bind_text(rows, 2, person->name);
	case_bind_text(rows, 3, words_json(arena, &person->emails));
	case_bind_text(rows, 4, words_json(arena, &person->phones));
	case_bind_text(rows, 5, person->address);
	case_bind_text(rows, 6, person->residence);
	case_bind_cstr(rows, 7, person->residence_source);
	case_bind_text(rows, 8, words_json(arena, &person->elements));
	case_bind_text(rows, 9, words_json(arena, &person->exposed_elements));
	case_bind_cstr(rows, 10, exposure_names[person->exposure]);
	case_bind_known(rows, 11, person->first_us);
	case_bind_known(rows, 12, person->last_us);
	case_bind_number(rows, 13, (int64_t)person->messages.count);
	case_bind_text(rows, 14, words_json(arena, &person->messages));
	case_bind_cstr(rows, 15, reason_name(root->reason));
	case_bind_text(rows, 16, review_words(arena, review));
	case_bind_text(rows, 17, person->other_residence);
	case_bind_cstr(rows, 18, person->minor ? "yes" : "");
	case_bind_cstr(rows, 19, person->notified ? "yes" : "");
	case_exec(rows);
}

static void
insert_findings(struct case_file *file, const struct mention *mention,
    int64_t person)
{
	for (size_t i = 0; i < mention->fact_count; i++) {
		struct case_rows *rows = case_query(file,
		    "INSERT OR IGNORE INTO person_findings VALUES(?1, ?2)");

		case_bind_number(rows, 1, mention->facts[i].finding);
		case_bind_number(rows, 2, person);
		case_exec(rows);
	}
}

static void
write_person(struct case_file *file, struct mentions *all, size_t root,
    int64_t counted_us)
{
	struct person person = { .first_us = UTC_NONE, .last_us = UTC_NONE,
		.address_us = UTC_NONE, .residence_source = "none",
		.counted_us = counted_us };
	struct arena arena;
	int64_t row;

	arena_init(&arena);
	for (size_t i = root; i != SIZE_MAX; i = all->list[i].next) {
		const struct mention *mention = &all->list[i];
		struct message_state state = message_state(file, &arena,
		    mention->message);

		person.notified |= mention->notified;
		take_name(&person, mention->shown_name);
		take_times(&person, &state);
		take_header_addresses(file, &arena, &person, mention);
		for (size_t k = 0; k < mention->fact_count; k++)
			take_fact(&person, &arena, &mention->facts[k], &state);
	}
	person.id = person_id_of(&arena, all, root);
	insert_person(file, &arena, &person, &all->list[root]);
	row = case_last_row(file);
	for (size_t i = root; i != SIZE_MAX; i = all->list[i].next)
		insert_findings(file, &all->list[i], row);
	words_release(&person.emails);
	words_release(&person.phones);
	words_release(&person.elements);
	words_release(&person.exposed_elements);
	words_release(&person.messages);
	arena_release(&arena);
}

void
persons_build(struct case_file *file)
{
	struct mentions all;
	struct arena arena;
	int64_t counted_us;

	arena_init(&arena);
	case_run(file,
	    "DELETE FROM person_findings; DELETE FROM people;"
	    "DROP TABLE IF EXISTS temp.person_exposure;"
	    "CREATE TEMP TABLE person_exposure AS"
	    " SELECT * FROM message_exposure;"
	    "CREATE UNIQUE INDEX temp.person_exposure_message"
	    " ON person_exposure(message);");
	all = mentions_load(file, &arena);
	decisions_before(file, &arena, &all);
	mentions_merge(&all, &arena);
	decisions_after(file, &arena, &all);
	counted_us = utc_from_iso(incident_field(file, &arena,
	    "$.discovered"));
	for (size_t i = 0; i < all.count; i++)
		if (mention_root(&all, i) == i && !all.list[i].dropped)
			write_person(file, &all, i, counted_us);
	case_run(file, "DROP TABLE temp.person_exposure");
	arena_release(&arena);
}
