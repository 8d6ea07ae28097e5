/* Findings of the case, grouped into mentions. */
#include "forensics/people/person.h"

#include "parsers/base/utc.h"

static bool
is_any(struct bytes word, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (bytes_eq(word, bytes_cstr(list[i])))
			return true;
	return false;
}

/* Identifier tiers of reference 3.3: primary, secondary, tertiary. */
static enum tier
tier_of(struct bytes detector, struct bytes element)
{
	static const char *const primary_elements[] = { "SSN", "GOVID",
		"TAXID", "PASSPORT", "DL", NULL };
	static const char *const primary_detectors[] = { "medical_mrn",
		"us_dea", "uk_nhs", NULL };
	static const char *const tertiary[] = { "postal_address", "email",
		"phone", "card", "iban", "us_bank_account", "us_mbi",
		"au_medicare", "de_kvnr", "health_insurance", NULL };

	if (is_any(element, primary_elements) ||
	    is_any(detector, primary_detectors))
		return TIER_PRIMARY;
	if (bytes_eq(detector, BYTES_LIT("dob")))
		return TIER_SECONDARY;
	return is_any(detector, tertiary) ? TIER_TERTIARY : TIER_NONE;
}

/* Same message, same group; without a group each finding is by itself. */
#define LINKABLE                                                               \
	" FROM findings f JOIN messages m USING (message)"                     \
	" WHERE (f.element <> '' AND f.level IN ('high', 'medium'))"           \
	" OR f.detector IN ('email', 'phone', 'postal_address')"

static struct bytes
keep(struct arena *arena, struct case_rows *rows, int column)
{
	return arena_dup(arena, case_text(rows, column));
}

static void
load_fact(struct fact *fact, struct case_rows *rows, struct arena *arena)
{
	fact->finding = case_number(rows, 0);
	fact->message = case_number(rows, 1);
	fact->finding_id = keep(arena, rows, 2);
	fact->detector = keep(arena, rows, 3);
	fact->element = keep(arena, rows, 4);
	fact->class = keep(arena, rows, 5);
	fact->normalized = keep(arena, rows, 6);
	fact->value = keep(arena, rows, 7);
	fact->sent_us = case_number(rows, 8);
	fact->tier = tier_of(fact->detector, fact->element);
	fact->counts = fact->element.n > 0;
	fact->in_row = bytes_eq(case_text(rows, 11), BYTES_LIT("row"));
}

static bool
has_counting(const struct mention *mention)
{
	for (size_t i = 0; i < mention->fact_count; i++)
		if (mention->facts[i].counts ||
		    (mention->shown_name.n > 0 &&
		        bytes_eq(mention->facts[i].detector,
		            BYTES_LIT("postal_address"))))
			return true;
	return false;
}

static int64_t
linkable_count(struct case_file *file)
{
	struct case_rows *rows = case_query(file, "SELECT count(*)" LINKABLE);

	return case_next(rows) ? case_number(rows, 0) : 0;
}

/* A mention is over: keep it if it says something that counts. */
static void
close_mention(struct mentions *all)
{
	struct mention *mention = &all->list[all->count];

	if (mention->fact_count == 0)
		return;
	if (has_counting(mention))
		all->count++;
	else
		*mention = (struct mention){ 0 };
}

struct mentions
mentions_load(struct case_file *file, struct arena *arena)
{
	size_t most = (size_t)linkable_count(file), used = 0;
	struct mentions all = { arena_array(arena, most + 1,
				    sizeof *all.list), 0 };
	struct fact *facts = arena_array(arena, most + 1, sizeof *facts);
	struct case_rows *rows = case_query(file,
	    "SELECT f.finding, f.message, f.finding_id, f.detector, f.element,"
	    " f.class, f.normalized, f.value, coalesce(m.sent_us,"
	    " m.received_us), f.group_key, f.name, f.link" LINKABLE
	    " ORDER BY m.message_id, f.message, f.group_key, f.finding_id");
	struct bytes group = BYTES_NONE;
	int64_t message = UTC_NONE;

	while (used < most && case_next(rows)) {
		struct bytes key = case_text(rows, 9);
		struct mention *mention;

		if (key.n == 0 || message != case_number(rows, 1) ||
		    !bytes_eq(key, group)) {
			close_mention(&all);
			group = arena_dup(arena, key);
			message = case_number(rows, 1);
		}
		mention = &all.list[all.count];
		if (mention->fact_count++ == 0) {
			mention->facts = &facts[used];
			mention->message = message;
		}
		if (mention->shown_name.n == 0) {
			mention->shown_name = keep(arena, rows, 10);
			mention->name = name_parse(arena,
			    mention->shown_name);
		}
		load_fact(&facts[used++], rows, arena);
	}
	close_mention(&all);
	return all;
}
