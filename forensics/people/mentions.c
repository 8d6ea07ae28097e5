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

/* info@, noreply@: a desk's address, shared by whoever sits there. */
static bool
is_role_address(struct bytes address)
{
	static const char *const roles[] = { "info", "office", "contact",
		"admin", "administrator", "postmaster", "webmaster", "support",
		"help", "helpdesk", "service", "sales", "hr", "payroll",
		"billing", "accounts", "noreply", "no-reply", "donotreply",
		"do-not-reply", "mailer-daemon", "newsletter", "team", NULL };
	size_t at = bytes_find_byte(address, '@');

	return at != SIZE_MAX && is_any(bytes_slice(address, 0, at), roles);
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
	fact->in_row = bytes_eq(case_text(rows, 11), BYTES_LIT("row")) ||
		       bytes_eq(case_text(rows, 11), BYTES_LIT("column"));
	fact->own = case_number(rows, 12) == 1;
	if (fact->own || is_role_address(fact->normalized))
		fact->tier = TIER_NONE;
}

static bool
has_counting(const struct mention *mention)
{
	for (size_t i = 0; i < mention->fact_count; i++)
		if (mention->facts[i].counts ||
		    (mention->shown_name.n > 0 &&
		        !mention->facts[i].own &&
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

/*
 * The organization's own addresses: those in the signatures of its senders,
 * and those that its name leads.  Without a domain in the incident file, the
 * mailboxes' own.
 */
static void
own_addresses_find(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.own_domains;"
	    "CREATE TEMP TABLE own_domains AS SELECT lower(o.value) AS domain"
	    " FROM meta, json_each(meta.value, '$.organization.domains') o"
	    " WHERE meta.key = 'incident';"
	    "INSERT INTO own_domains SELECT DISTINCT lower(substr(mailbox,"
	    " instr(mailbox, '@') + 1)) FROM mailboxes WHERE held"
	    " AND instr(mailbox, '@') > 1"
	    " AND NOT EXISTS (SELECT 1 FROM own_domains);"
	    "DROP TABLE IF EXISTS temp.own_addresses;"
	    "CREATE TEMP TABLE own_addresses AS SELECT DISTINCT f.normalized"
	    " FROM findings f JOIN messages m USING (message)"
	    " WHERE f.detector = 'postal_address'"
	    " AND ((f.link = 'signature' AND lower(substr(m.sender_address,"
	    "  instr(m.sender_address, '@') + 1)) IN (SELECT domain FROM"
	    "  own_domains)) OR instr(lower(f.value), (SELECT"
	    "  lower(json_extract(value, '$.organization.name')) FROM meta"
	    "  WHERE key = 'incident')) > 0);"
	    "CREATE UNIQUE INDEX temp.own_addresses_normalized"
	    " ON own_addresses(normalized)");
}

struct mentions
mentions_load(struct case_file *file, struct arena *arena)
{
	size_t most = (size_t)linkable_count(file), used = 0;
	struct mentions all = { .list = arena_array(arena, most + 1,
				    sizeof *all.list) };
	struct fact *facts = arena_array(arena, most + 1, sizeof *facts);
	struct case_rows *rows;
	struct bytes group = BYTES_NONE;
	int64_t message = UTC_NONE;

	own_addresses_find(file);
	rows = case_query(file,
	    "SELECT f.finding, f.message, f.finding_id, f.detector, f.element,"
	    " f.class, f.normalized, f.value, coalesce(m.sent_us,"
	    " m.received_us), f.group_key, f.name, f.link,"
	    " f.detector = 'postal_address' AND f.normalized IN"
	    " (SELECT normalized FROM own_addresses)" LINKABLE
	    " ORDER BY m.message_id, f.message, f.group_key, f.finding_id");
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
	mentions_separate(&all);
	return all;
}
