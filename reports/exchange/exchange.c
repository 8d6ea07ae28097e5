#include "reports/exchange/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "parsers/base/die.h"

static const char *const names[] = { "case", "dfxml", "dat", "dat1252" };

enum { NAMES = sizeof names / sizeof names[0] };

static bool
has(const char *list, const char *name)
{
	struct bytes rest = bytes_cstr(list), word;

	while (bytes_cut(&rest, ',', &word))
		if (bytes_eq(word, bytes_cstr(name)) ||
		    bytes_eq(word, BYTES_LIT("all")))
			return true;
	return false;
}

bool
exchange_known(const char *list)
{
	struct bytes rest = bytes_cstr(list), word;

	while (bytes_cut(&rest, ',', &word)) {
		size_t i = 0;

		while (i < NAMES && !bytes_eq(word, bytes_cstr(names[i])))
			i++;
		if (i < NAMES || bytes_eq(word, BYTES_LIT("all")))
			continue;
		fprintf(stderr, "postmortem: --exchange: no format '%.*s'; "
				"they are: all case dfxml dat dat1252\n",
		    (int)word.n, (const char *)word.p);
		return false;
	}
	return true;
}

void
exchange_write(struct case_file *file, const struct report_options *options,
    const char *list)
{
	char *folder;

	if (asprintf(&folder, "%s/exchange", options->folder) < 0)
		die_machine("out of memory");
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		die_machine("%s: %s", folder, strerror(errno));
	free(folder);
	if (has(list, "case"))
		exchange_case_write(file, options);
	if (has(list, "dfxml"))
		exchange_dfxml_write(file, options);
	if (has(list, "dat"))
		exchange_dat_write(file, options, false);
	if (has(list, "dat1252"))
		exchange_dat_write(file, options, true);
}
