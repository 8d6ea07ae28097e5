#include "forensics/exposure/rules.h"

#include <stdlib.h>

#include "forensics/tables.h"
#include "parsers/base/die.h"
#include "parsers/base/text.h"

static struct rules *loaded;

static const char *const method_names[METHODS] = { "shape", "iban", "word",
	"mrz", "dob", "term", "crypto", "email", "phone", "address", "secret" };
static const char *const strength_names[] = { "none", "written", "weak",
	"strong" };
static const char *const signal_names[] = { "negative", "bank", "card_code",
	"closing", "name_label", "first_label", "last_label",
	"middle_label", "street_label", "city_label", "state_label",
	"zip_label", "country_label", "password", "pin",
	"account_label", "archive" };

static unsigned
index_of(struct bytes word, const char *const *names, size_t count,
    const char *what)
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
		die_machine("detectors.csv has more than %d rows",
		    DETECTORS_MOST);
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
	static const char *const columns[] = { "detector", "element", "method",
		"validator", "strength", "bind", "shapes", "keyed",
		"keywords" };
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
		    SIGNAL_NEGATIVE + index_of(fields[signal], signal_names,
			sizeof signal_names / sizeof signal_names[0],
			"signal"));
}

static int
compare_bytes(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* The first column of a table, sorted. */
static struct bytes *
load_list(struct rules *rules, const char *name, size_t *count, bool fold)
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
		list[(*count)++] = fold ? text_fold_name(&rules->arena,
					      fields[0])
					: fields[0];
	qsort(list, *count, sizeof *list, compare_bytes);
	return list;
}

static void
load_terms(struct rules *rules)
{
	struct bytes *terms;
	size_t count;

	terms = load_list(rules, "medical_terms.csv", &count, false);
	for (size_t i = 0; i < count; i++)
		keyword_add(rules, terms[i], SIGNAL_TERM);
}

static bool
list_has(const struct bytes *list, size_t count, struct bytes word)
{
	return bsearch(&word, list, count, sizeof *list, compare_bytes) !=
	       NULL;
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
	rules->samples = load_list(rules, "sample_values.csv",
	    &rules->sample_count, false);
	rules->given_names = load_list(rules, "given_names.csv",
	    &rules->given_count, true);
	rules->not_names = load_list(rules, "not_names.csv",
	    &rules->not_count, true);
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
	return list_has(rules->samples, rules->sample_count, compact);
}

bool
rules_is_given_name(const struct rules *rules, struct bytes word)
{
	return list_has(rules->given_names, rules->given_count, word);
}

bool
rules_is_not_name(const struct rules *rules, struct bytes word)
{
	return list_has(rules->not_names, rules->not_count, word);
}
