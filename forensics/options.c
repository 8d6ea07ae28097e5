/* See options.h. */
#include "forensics/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/base/die.h"

/* Words of commands, with blanks around each. */
#define EVERY NULL
#define MAKES_REPORTS " analyze report "
#define RECONSTRUCTS " analyze reconstruct "
#define PARSES " analyze ingest inspect export-messages "
#define FORCES " analyze ingest inspect "
#define HAS_CASE " analyze ingest reconstruct report explain suggest"            \
	" export-messages "
#define EXPORTS " export-messages "

struct flag {
	const char *name, *commands;
	bool *set;
};

struct value_option {
	const char *name, *commands;
	const char **place;
};

struct words {
	int count, at;
	char **list;
};

void
options_wrong(const char *what, const char *value)
{
	fprintf(stderr, "postmortem: %s%s%s%s\n"
			"try 'postmortem --help'\n",
	    what, value ? " '" : "", value ? value : "", value ? "'" : "");
}

static const char *
next_word(struct words *words)
{
	return words->at < words->count ? words->list[words->at++] : NULL;
}

/* 64M, 4G, 1048576; false when it is none. */
static bool
parse_size(const char *text, size_t *size)
{
	char *end;
	unsigned long long value;
	unsigned shift = 0;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (end == text || errno != 0 || text[0] == '-')
		return false;
	if (*end == 'k' || *end == 'K')
		shift = 10;
	else if (*end == 'm' || *end == 'M')
		shift = 20;
	else if (*end == 'g' || *end == 'G')
		shift = 30;
	if (shift != 0)
		end++;
	if (*end != '\0' || value == 0 || value > (SIZE_MAX >> shift))
		return false;
	*size = (size_t)value << shift;
	return true;
}

static bool
parse_workers(const char *text, unsigned *workers)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (end == text || *end != '\0' || value < 1 || value > 1024)
		return false;
	*workers = (unsigned)value;
	return true;
}

/* The command takes it, or says that it does not. */
static bool
is_for(const struct options *o, const char *word, const char *commands)
{
	char wanted[32];

	snprintf(wanted, sizeof wanted, " %s ", o->command);
	if (commands == EVERY || strstr(commands, wanted) != NULL)
		return true;
	fprintf(stderr, "postmortem: %s takes no %s; it is for:%.*s\n"
			"try 'postmortem --help'\n",
	    o->command, word, (int)strlen(commands) - 1, commands);
	return false;
}

/* 1 taken, 0 none of these, -1 wrong. */
static int
parse_flag(const char *word, struct options *o)
{
	const struct flag flags[] = {
		{ "-q", EVERY, &o->ingest.quiet },
		{ "-v", EVERY, &o->ingest.verbose },
		{ "--no-progress", EVERY, &o->ingest.no_progress },
		{ "--no-sandbox", PARSES, &o->ingest.no_sandbox },
		{ "--count-suspicious", RECONSTRUCTS,
		    &o->reconstruct.count_suspicious },
		{ "--unmask", MAKES_REPORTS, &o->unmask },
		{ "--json", " inspect ", &o->json },
		{ "--cross-check", " inspect ", &o->ingest.cross_check },
		{ "--help", EVERY, &o->help },
		{ "-h", EVERY, &o->help },
	};

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		if (strcmp(word, flags[i].name) != 0)
			continue;
		if (!is_for(o, word, flags[i].commands))
			return -1;
		*flags[i].set = true;
		return 1;
	}
	return 0;
}

static bool
add_forced(struct options *o, const char *format, const char *file)
{
	struct forced_format *one;

	if (format == NULL || file == NULL) {
		options_wrong("--as needs FORMAT and FILE", NULL);
		return false;
	}
	one = &o->ingest.forced[o->ingest.forced_count++];
	*one = (struct forced_format){ format, file };
	return true;
}

static bool
take_value(const char *word, const char *value, struct options *o)
{
	const struct value_option options[] = {
		{ "-o", HAS_CASE, &o->case_folder },
		{ "-i", RECONSTRUCTS, &o->incident },
		{ "--rules", EVERY, &o->ingest.rules },
		{ "--value-key", MAKES_REPORTS, &o->value_key },
		{ "--log", EVERY, &o->log_path },
		{ "--exchange", MAKES_REPORTS, &o->exchange },
		{ "--sign", MAKES_REPORTS, &o->sign },
		{ "--key", " verify ", &o->key },
		{ "--exposure", EXPORTS, &o->exposure },
		{ "--evidence", EXPORTS, &o->evidence_root },
	};
	bool workers = strcmp(word, "-j") == 0;
	bool fits;

	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (strcmp(word, options[i].name) != 0)
			continue;
		if (!is_for(o, word, options[i].commands))
			return false;
		if (*options[i].place != NULL) {
			options_wrong("given twice:", word);
			return false;
		}
		*options[i].place = value;
		return true;
	}
	fits = workers ? parse_workers(value, &o->ingest.workers)
		       : parse_size(value, &o->ingest.memory);
	if (!fits)
		options_wrong(workers ? "not a number of workers"
				      : "not a size", value);
	return fits;
}

static bool
has_value(const char *word)
{
	static const char *const names[] = { "-o", "-i", "-j", "--rules",
		"--value-key", "--log", "--memory", "--as", "--exposure",
		"--evidence", "--sign", "--key",
		"--exchange" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(word, names[i]) == 0)
			return true;
	return false;
}

static bool
parse_option(char *word, struct words *words, struct options *o)
{
	int flag = parse_flag(word, o);
	char *value = word[1] == '-' ? strchr(word, '=') : NULL;
	char brief[3] = { word[0], word[1], '\0' };

	if (flag != 0)
		return flag > 0;
	/* --memory=4G, -j4 */
	if (value != NULL) {
		*value++ = '\0';
	} else if (word[1] != '-' && word[2] != '\0' && has_value(brief)) {
		value = word + 2;
		word = brief;
	}
	if (!has_value(word)) {
		options_wrong("unknown option", word);
		return false;
	}
	if (value == NULL && words->at < words->count)
		value = words->list[words->at++];
	if (value == NULL || *value == '\0') {
		options_wrong("its value is missing:", word);
		return false;
	}
	if (strcmp(word, "--as") == 0)
		return is_for(o, word, FORCES) &&
		       add_forced(o, value, next_word(words));
	return take_value(word, value, o);
}

bool
options_parse(struct options *o, int argc, char **argv)
{
	struct words words = { argc, 2, argv };
	bool only_names = false;
	const char *word;

	o->command = argv[1];
	o->rest = calloc((size_t)argc + 1, sizeof *o->rest);
	o->ingest.forced = calloc((size_t)argc + 1, sizeof *o->ingest.forced);
	if (o->rest == NULL || o->ingest.forced == NULL)
		die_machine("out of memory");
	while ((word = next_word(&words)) != NULL) {
		if (!only_names && strcmp(word, "--") == 0) {
			only_names = true;
			continue;
		}
		if (only_names || word[0] != '-' || word[1] == '\0') {
			o->rest[o->rest_count++] = word;
			continue;
		}
		if (!parse_option(words.list[words.at - 1], &words, o))
			return false;
	}
	for (size_t i = 0; i < o->ingest.forced_count; i++)
		o->rest[o->rest_count++] = o->ingest.forced[i].file;
	o->ingest.evidence = o->rest;
	o->ingest.evidence_count = o->rest_count;
	return true;
}

bool
options_need(const struct options *o, bool a_case, enum operands operands,
    const char *what)
{
	if (operands == OPERANDS_NONE && o->rest_count > 0) {
		fprintf(stderr, "postmortem: %s takes no '%s'\n"
				"try 'postmortem --help'\n",
		    o->command, o->rest[0]);
		return false;
	}
	if ((operands == OPERANDS_SOME && o->rest_count == 0) ||
	    (operands == OPERANDS_ONE && o->rest_count != 1)) {
		options_wrong(what, NULL);
		return false;
	}
	if (a_case && o->case_folder == NULL) {
		options_wrong("which case? give -o CASE", NULL);
		return false;
	}
	return true;
}

void
options_free(struct options *o)
{
	free(o->rest);
	free(o->ingest.forced);
}
