/*
 * pstgen: write a PST after [MS-PST], from a spec file or in bulk.
 *
 *   pstgen [-f ansi|unicode|4k] [-c none|permute|cyclic] [-z] [--ost]
 *          [--name NAME] (SPEC | --bytes 400M [--seed N]) OUT.pst
 */
#include "testdata/pstgen/pstgen.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_OST = 256, OPT_NAME, OPT_BYTES, OPT_SEED };

static const struct option long_options[] = {
    {"ost", no_argument, NULL, OPT_OST},
    {"name", required_argument, NULL, OPT_NAME},
    {"bytes", required_argument, NULL, OPT_BYTES},
    {"seed", required_argument, NULL, OPT_SEED},
    {NULL, 0, NULL, 0},
};

static enum crypt
parse_crypt(const char *word)
{
	static const char *const words[] = {"none", "permute", "cyclic"};

	for (int i = 0; i < 3; i++)
		if (strcmp(words[i], word) == 0)
			return (enum crypt)i;
	generator_die("no encoding \"%s\"", word);
}

static uint64_t
parse_size(const char *word)
{
	char *end;
	uint64_t n = strtoull(word, &end, 10);

	switch (*end) {
	case 'G':
		n *= 1024;
		/* fall through */
	case 'M':
		n *= 1024;
		/* fall through */
	case 'K':
		n *= 1024;
	}
	return n;
}

int
main(int argc, char **argv)
{
	struct ndb_options options = {
	    .form = form_find("unicode"), .crypt = CRYPT_PERMUTE};
	const char *name = "Mailbox", *spec = NULL;
	uint64_t bytes = 0, seed = 1;
	struct store *store;
	int c;

	while (
	    (c = getopt_long(argc, argv, "f:c:z", long_options, NULL)) != -1) {
		if (c == 'f')
			options.form = form_find(optarg);
		else if (c == 'c')
			options.crypt = parse_crypt(optarg);
		else if (c == 'z')
			options.deflate = true;
		else if (c == OPT_OST)
			options.ost = true;
		else if (c == OPT_NAME)
			name = optarg;
		else if (c == OPT_BYTES)
			bytes = parse_size(optarg);
		else if (c == OPT_SEED)
			seed = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	if (options.form == NULL)
		generator_die("forms are ansi, unicode, 4k");
	if (bytes == 0 && optind < argc)
		spec = argv[optind++];
	if ((bytes == 0 && spec == NULL) || optind + 1 != argc)
		generator_die(
		    "usage: pstgen [-f FORM] [-c ENCODING] [-z] "
		    "[--ost] [--name NAME] (SPEC | --bytes N [--seed N]) OUT");
	if (options.deflate && !options.form->large)
		generator_die("-z: only the 4k form compresses");
	store = store_create(argv[optind], &options, name);
	if (spec != NULL)
		spec_read(store, spec);
	else
		bulk_fill(store, bytes, seed);
	store_close(store);
	return 0;
}
