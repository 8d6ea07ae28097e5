/*
 * Duties: one row a law and residence with at least one person, counted over
 * people whose elements lie in messages `possible` or stronger.
 */
#include "forensics/people/people.h"
#include "forensics/people/residence.h"
#include "forensics/people/trigger.h"
#include "forensics/people/words.h"
#include "forensics/tables.h"
#include "parsers/base/hash.h"
#include "parsers/base/utc.h"

enum { ELEMENTS_MOST = 64, RESIDENCES_MOST = 2, PERSON_DUTIES_MOST = 32 };

struct law {
	struct bytes id, jurisdiction, name, trigger, people_deadline,
	    regulator, regulator_deadline, source, note, threshold,
	    threshold_op;
	int64_t effective_us;
};

struct laws {
	struct law *list;
	size_t count;
	struct bytes version;
};

struct subject { /* a person, as laws see it */
	int64_t person;
	bool named, address;
	struct bytes elements[ELEMENTS_MOST];
	size_t element_count;
	struct bytes residences[RESIDENCES_MOST];
	size_t residence_count;
};

struct duty {
	const struct law *law;
	struct bytes residence; /* shown; "" for EU and sector rows */
	struct bytes id;
	int64_t people;
	struct duty *next;
};

struct duties {
	struct case_file *file;
	struct arena arena;
	struct laws laws;
	struct duty *first;
	struct law_clock clock;
	bool health, federal;
};

static struct laws
laws_load(struct arena *arena)
{
	struct laws laws = { NULL, 0, BYTES_NONE };
	struct table_rows rows;
	struct bytes *f;
	size_t room = 256;

	table_rows_open(&rows, arena, "notification_law.csv");
	laws.list = arena_array(arena, room, sizeof *laws.list);
	while (laws.count < room && (f = table_rows_next(&rows, arena)) != NULL)
		laws.list[laws.count++] = (struct law){
			.id = f[table_column(&rows, "id")],
			.jurisdiction = f[table_column(&rows, "jurisdiction")],
			.name = f[table_column(&rows, "law")],
			.trigger = f[table_column(&rows, "trigger")],
			.people_deadline =
			    f[table_column(&rows, "people_deadline")],
			.regulator = f[table_column(&rows, "regulator")],
			.regulator_deadline =
			    f[table_column(&rows, "regulator_deadline")],
			.source = f[table_column(&rows, "source")],
			.note = f[table_column(&rows, "trigger_note")],
			.threshold = f[table_column(&rows, "threshold_number")],
			.threshold_op = f[table_column(&rows, "threshold_op")],
			.effective_us = utc_from_iso(
			    f[table_column(&rows, "effective_from")]),
		};
	laws.version = arena_printf(arena, "sha256:%.16s",
	    (const char *)sha256_hex(arena,
		table_content("notification_law.csv")).p);
	return laws;
}

struct bytes
incident_field(struct case_file *file, struct arena *arena,
    const char *json_path)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT json_extract(value, ?1) FROM meta WHERE key = 'incident'");
	struct bytes value = BYTES_NONE;

	case_bind_cstr(rows, 1, json_path);
	if (case_next(rows))
		value = arena_dup(arena, case_text(rows, 0));
	case_done(rows);
	return value;
}

static bool
sector_is(struct duties *d, const char *name)
{
	struct case_rows *rows = case_query_new(d->file,
	    "SELECT 1 FROM meta, json_each(meta.value,"
	    " '$.organization.sector') s WHERE meta.key = 'incident'"
	    " AND lower(s.value) = ?1");
	bool found;

	case_bind_cstr(rows, 1, name);
	found = case_next(rows);
	case_done(rows);
	return found;
}

static const struct law *
law_with_id(const struct laws *laws, struct bytes id)
{
	for (size_t i = 0; i < laws->count; i++)
		if (bytes_eq(laws->list[i].id, id))
			return &laws->list[i];
	return NULL;
}

static struct duty *
duty_for(struct duties *d, const struct law *law, struct bytes id,
    struct bytes residence)
{
	struct duty **at = &d->first;

	while (*at != NULL && !(bytes_eq((*at)->id, id)))
		at = &(*at)->next;
	if (*at == NULL) {
		*at = arena_alloc(&d->arena, sizeof **at);
		**at = (struct duty){ law, arena_dup(&d->arena, residence),
			arena_dup(&d->arena, id), 0, NULL };
	}
	return *at;
}

static bool
law_in_force(const struct duties *d, const struct law *law)
{
	return law->effective_us == UTC_NONE ||
	       d->clock.discovered == UTC_NONE ||
	       d->clock.discovered >= law->effective_us;
}

static void
count_law(struct duties *d, const struct law *law, struct bytes id,
    struct bytes residence, const struct subject *s, struct word_set *mine)
{
	struct trigger_facts facts = { s->named, s->address, d->health,
		s->elements, s->element_count };
	struct duty *duty;

	/* A trigger in words alone is printed, not computed: the row counts
	 * everybody whose data it may be about. */
	if (law == NULL ||
	    !trigger_holds(law->trigger.n > 0 ? law->trigger
					      : BYTES_LIT("ANYPD"), &facts))
		return;
	duty = duty_for(d, law, id, residence);
	duty->people++;
	words_add(mine, duty->id);
}

/* Sector laws apply whatever the residence, when the sector is named. */
static void
count_sectors(struct duties *d, const struct subject *s, struct word_set *mine)
{
	static const struct {
		const char *sector, *id;
	} sectors[] = { { "health", "US-HIPAA" }, { "federal", "US-FED" },
		{ "securities", "US-SEC" }, { "registrant", "US-SEC" },
		{ "bank", "US-BANK" }, { "defence", "US-DFARS" },
		{ "defense", "US-DFARS" }, { "ny_financial", "US-NYDFS" },
		{ "financial", "US-FTC" }, { "critical", "US-CIRCIA" } };

	for (size_t i = 0; i < sizeof sectors / sizeof sectors[0]; i++)
		if (sector_is(d, sectors[i].sector))
			count_law(d,
			    law_with_id(&d->laws, bytes_cstr(sectors[i].id)),
			    bytes_cstr(sectors[i].id), BYTES_LIT(""), s, mine);
}

static void
count_residence(struct duties *d, const struct subject *s,
    struct bytes residence, struct word_set *mine)
{
	const struct law *law = law_with_id(&d->laws, residence);
	struct bytes id = residence;

	if (residence_in_eu(residence)) {
		law = law_with_id(&d->laws, BYTES_LIT("EU"));
		id = BYTES_LIT("EU");
		residence = BYTES_LIT("");
	} else if (law == NULL && bytes_starts(residence, BYTES_LIT("US-"))) {
		law = law_with_id(&d->laws, BYTES_LIT("US-*"));
		id = arena_printf(&d->arena, "US-*/%.*s", (int)residence.n,
		    (const char *)residence.p);
	}
	count_law(d, law, id, residence, s, mine);
}

/* Named, and nobody knows where: counted apart. */
static void
count_unknown(struct duties *d, const struct subject *s, struct word_set *mine)
{
	struct duty *duty;

	if (!s->named || (s->element_count == 0 && !s->address))
		return;
	duty = duty_for(d, NULL, BYTES_LIT("unknown"), BYTES_LIT(""));
	duty->people++;
	words_add(mine, duty->id);
}

static size_t
json_texts(struct case_file *file, struct arena *arena, struct bytes array,
    struct bytes *out, size_t most)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT value FROM json_each(?1)");
	size_t count = 0;

	case_bind_text(rows, 1, array);
	while (count < most && case_next(rows))
		out[count++] = arena_dup(arena, case_text(rows, 0));
	case_done(rows);
	return count;
}

static void
write_person_duties(struct duties *d, int64_t person, struct word_set *mine)
{
	struct case_rows *rows = case_query(d->file,
	    "UPDATE people SET duties = ?2 WHERE person = ?1");

	case_bind_number(rows, 1, person);
	case_bind_text(rows, 2, words_json(&d->arena, mine));
	case_exec(rows);
}

static void
count_person(struct duties *d, struct case_rows *people)
{
	struct subject s = { .person = case_number(people, 0) };
	struct word_set mine = { NULL, 0, 0 };
	struct bytes residence = arena_dup(&d->arena, case_text(people, 2));
	struct bytes older = arena_dup(&d->arena, case_text(people, 5));

	s.named = case_text(people, 1).n > 0;
	s.address = case_text(people, 3).n > 0;
	s.element_count = json_texts(d->file, &d->arena, case_text(people, 4),
	    s.elements, ELEMENTS_MOST);
	if (residence.n > 0)
		s.residences[s.residence_count++] = residence;
	if (older.n > 0)
		s.residences[s.residence_count++] = older;
	for (size_t i = 0; i < s.residence_count; i++)
		count_residence(d, &s, s.residences[i], &mine);
	if (s.residence_count == 0)
		count_unknown(d, &s, &mine);
	count_sectors(d, &s, &mine);
	write_person_duties(d, s.person, &mine);
	words_release(&mine);
}

static const char *
threshold_met(const struct duty *duty)
{
	uint64_t number;

	if (duty->law->trigger.n == 0 ||
	    !bytes_to_u64(duty->law->threshold, &number))
		return "";
	if (bytes_eq(duty->law->threshold_op, BYTES_LIT(">")))
		return (uint64_t)duty->people > number ? "yes" : "no";
	return (uint64_t)duty->people >= number ? "yes" : "no";
}

static void
write_duty(struct duties *d, const struct duty *duty)
{
	static const struct law nowhere = { .jurisdiction = BYTES_LIT(
		"residence unknown") };
	const struct law *law = duty->law ? duty->law : &nowhere;
	bool current = duty->law != NULL && law_in_force(d, law);
	struct case_rows *rows = case_query(d->file,
	    "INSERT INTO duties VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
	    " ?10, ?11, ?12)");

	case_bind_text(rows, 1, duty->id);
	case_bind_text(rows, 2, law->jurisdiction);
	case_bind_text(rows, 3, duty->residence.p ? duty->residence
						  : BYTES_LIT(""));
	case_bind_text(rows, 4, law->name.p ? law->name : BYTES_LIT(""));
	case_bind_number(rows, 5, duty->people);
	case_bind_text(rows, 6,
	    duty->law != NULL && !current ? BYTES_LIT("older text applied")
	    : law->trigger.n > 0          ? law->trigger
					  : law->note);
	case_bind_text(rows, 7, current ? deadline_text(&d->arena,
						 law->people_deadline,
						 &d->clock)
					: BYTES_LIT(""));
	case_bind_text(rows, 8, law->regulator);
	case_bind_text(rows, 9, current ? deadline_text(&d->arena,
						 law->regulator_deadline,
						 &d->clock)
					: BYTES_LIT(""));
	case_bind_cstr(rows, 10, current ? threshold_met(duty) : "");
	case_bind_text(rows, 11, d->laws.version);
	case_bind_text(rows, 12, law->source);
	case_exec(rows);
}

void
duties_build(struct case_file *file)
{
	struct duties d = { .file = file };
	struct case_rows *people;

	arena_init(&d.arena);
	d.laws = laws_load(&d.arena);
	d.clock = (struct law_clock){
		utc_from_iso(incident_field(file, &d.arena, "$.discovered")),
		utc_from_iso(incident_field(file, &d.arena, "$.determined")),
		utc_from_iso(incident_field(file, &d.arena, "$.notified")),
	};
	d.health = sector_is(&d, "health");
	case_run(file, "DELETE FROM duties");
	people = case_query_new(file,
	    "SELECT person, name, residence, postal_address,"
	    " elements_exposed, older_residence FROM people"
	    " WHERE exposure IN ('accessed', 'taken', 'synced', 'presumed',"
	    " 'possible') ORDER BY person");
	while (case_next(people))
		count_person(&d, people);
	case_done(people);
	for (struct duty *duty = d.first; duty != NULL; duty = duty->next)
		write_duty(&d, duty);
	case_run(file,
	    "UPDATE people SET duties = '[]' WHERE exposure NOT IN"
	    " ('accessed', 'taken', 'synced', 'presumed', 'possible');"
	    /* The earliest date of a person's duties; words sort after it. */
	    "UPDATE people SET people_deadline = (SELECT min(people_deadline)"
	    " FROM duties d, json_each(people.duties) j"
	    " WHERE d.duty_id = j.value AND d.people_deadline <> ''),"
	    " regulator_deadline = (SELECT min(regulator_deadline)"
	    " FROM duties d, json_each(people.duties) j"
	    " WHERE d.duty_id = j.value AND d.regulator_deadline <> '')");
	arena_release(&d.arena);
}
