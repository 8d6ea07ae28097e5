#include "forensics/exposure/rules.h"

#include <stdlib.h>

#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/text.h"

static struct rules *loaded;

static const char *const method_names[METHODS] = {"shape", "iban", "word",
    "mrz", "dob", "term", "crypto", "email", "phone", "address", "secret"};
static const char *const strength_names[] = {
    "none", "written", "weak", "strong"};
static const char *const signal_names[] = {"negative", "bank", "card_code",
    "closing", "name_label", "first_label", "last_label", "middle_label",
    "street_label", "city_label", "state_label", "zip_label", "country_label",
    "password", "pin", "account_label", "archive", "key_label", "seed",
    "system", "system_label"};

static unsigned
index_of(
    struct bytes word, const char *const *names, size_t count, const char *what)
{
	for (size_t i = 0; i < count; i++)
		if (bytes_eq(word, bytes_cstr(names[i])))
			return (unsigned)i;
	die_machine("a rule table has an unknown %s '%.*s'", what, (int)word.n,
	    (const char *)word.p);
}

static void
add_words(struct rules *rules, struct bytes list, unsigned set)
{
	struct bytes text;

	while (bytes_cut(&list, '|', &text))
		if (text.n > 0)
			keyword_add(rules, text, set);
}

static void
add_detector(struct rules *rules, const struct bytes *f, const size_t *c)
{
	unsigned index = (unsigned)rules->detector_count++;
	struct detector *d = &rules->detectors[index];

	if (index >= DETECTORS_MOST)
		die_machine(
		    "detectors.csv has more than %d rows", DETECTORS_MOST);
	d->index = index;
	d->name = f[c[0]];
	d->element = f[c[1]];
	d->method = index_of(f[c[2]], method_names, METHODS, "method");
	d->validate = validator_named(f[c[3]]);
	if (d->validate == NULL)
		die_machine("detectors.csv: no check is named '%.*s'",
		    (int)f[c[3]].n, (const char *)f[c[3]].p);
	d->strength = index_of(f[c[4]], strength_names, 4, "strength");
	d->bind = bytes_eq(f[c[5]], BYTES_LIT("yes"));
	d->contact = d->method == METHOD_EMAIL || d->method == METHOD_PHONE ||
		     d->method == METHOD_ADDRESS;
	sets_add(&rules->methods[d->method], index);
	shapes_add(rules, f[c[6]], index, false);
	shapes_add(rules, f[c[7]], index, true);
	add_words(rules, f[c[8]], index);
}

static void
load_detectors(struct rules *rules)
{
	static const char *const columns[] = {"detector", "element", "method",
	    "validator", "strength", "bind", "shapes", "keyed", "keywords"};
	struct table_rows rows;
	struct bytes *fields;
	size_t column[9];

	table_rows_open(&rows, &rules->arena, "detectors.csv");
	for (size_t i = 0; i < 9; i++)
		column[i] = table_column(&rows, columns[i]);
	while ((fields = table_rows_next(&rows, &rules->arena)) != NULL)
		add_detector(rules, fields, column);
}

static void
load_signals(struct rules *rules)
{
	struct table_rows rows;
	struct bytes *fields;
	size_t signal, words;

	table_rows_open(&rows, &rules->arena, "signal_words.csv");
	signal = table_column(&rows, "signal");
	words = table_column(&rows, "words");
	while ((fields = table_rows_next(&rows, &rules->arena)) != NULL)
		add_words(rules, fields[words],
		    SIGNAL_NEGATIVE +
			index_of(fields[signal], signal_names,
			    sizeof signal_names / sizeof signal_names[0],
			    "signal"));
}

static size_t
set_slot(const struct text_set *set, struct bytes text)
{
	uint64_t hash = SHAPE_HASH_BEGIN;
	size_t at;

	for (size_t i = 0; i < text.n; i++)
		hash = shape_hash(hash, text.p[i]);
	at = (size_t)(hash ^ hash >> 32) & (set->room - 1);
	while (set->slots[at].n > 0 && !bytes_eq(set->slots[at], text))
		at = (at + 1) & (set->room - 1);
	return at;
}

static bool
set_has(const struct text_set *set, struct bytes text)
{
	return text.n > 0 && set->slots[set_slot(set, text)].n > 0;
}

/* The first column of a table. */
static struct bytes *
load_list(struct rules *rules, const char *name, size_t *count)
{
	struct table_rows rows;
	struct bytes *fields, *list;
	size_t room = 1;
	struct bytes content = table_content(name);

	for (size_t i = 0; i < content.n; i++)
		room += content.p[i] == '\n';
	list = arena_array(&rules->arena, room, sizeof *list);
	*count = 0;
	table_rows_open(&rows, &rules->arena, name);
	while ((fields = table_rows_next(&rows, &rules->arena)) != NULL)
		list[(*count)++] = fields[0];
	return list;
}

static void
load_set(struct rules *rules, struct text_set *set, const char *name, bool fold)
{
	size_t count;
	struct bytes *list = load_list(rules, name, &count);

	set->room = 64;
	while (set->room < count * 4)
		set->room *= 2;
	set->slots = arena_array(&rules->arena, set->room, sizeof *set->slots);
	for (size_t i = 0; i < count; i++) {
		struct bytes text =
		    fold ? text_fold_name(&rules->arena, list[i]) : list[i];

		if (text.n > 0)
			set->slots[set_slot(set, text)] = text;
	}
}

static void
load_terms(struct rules *rules)
{
	struct bytes *terms;
	size_t count;

	terms = load_list(rules, "medical_terms.csv", &count);
	for (size_t i = 0; i < count; i++)
		keyword_add(rules, terms[i], SIGNAL_TERM);
}

const struct rules *
rules_load(void)
{
	struct rules *rules;

	if (loaded != NULL)
		return loaded;
	rules = calloc(1, sizeof *rules);
	if (rules == NULL)
		die_machine("out of memory");
	arena_init(&rules->arena);
	load_detectors(rules);
	load_signals(rules);
	load_set(rules, &rules->samples, "sample_values.csv", false);
	load_set(rules, &rules->given_names, "given_names.csv", true);
	load_set(rules, &rules->not_names, "not_names.csv", true);
	rules->seeds =
	    load_list(rules, "bip39_english.csv", &rules->seed_count);
	load_terms(rules);
	keyword_add_exact(rules, BYTES_LIT("P<"), SIGNAL_MRZ);
	secrets_load(rules);
	keywords_compile(rules);
	loaded = rules;
	return rules;
}

const struct detector *
rules_detector(const struct rules *rules, const char *name)
{
	for (size_t i = 0; i < rules->detector_count; i++)
		if (bytes_eq(rules->detectors[i].name, bytes_cstr(name)))
			return &rules->detectors[i];
	return NULL;
}

bool
rules_is_sample(const struct rules *rules, struct bytes compact)
{
	return set_has(&rules->samples, compact);
}

bool
rules_is_given_name(const struct rules *rules, struct bytes word)
{
	return set_has(&rules->given_names, word);
}

bool
rules_is_not_name(const struct rules *rules, struct bytes word)
{
	return set_has(&rules->not_names, word);
}
