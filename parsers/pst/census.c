/* The census in its order. */
#include "parsers/pst/census.h"

#include <stdlib.h>

#include "parsers/pst/pool.h"

static void
take(struct pst_census *c)
{
	c->missing = 0;
	pst_census_nodes(c);
	pst_census_codepage(c);
	pst_census_folders(c);
	pst_census_special_names(c);
}

void
pst_census_take(struct pst_census *c, struct pst_store *store)
{
	struct sink *sink = store->sink;

	*c = (struct pst_census){ .store = store };
	arena_init(&c->arena);
	arena_init(&c->scratch);
	pst_store_read(store);
	take(c);
	if (c->missing == 0 || store->rescue)
		return;
	/* Tables promise what the trees do not hold: look at the whole file.
	 * All else was said already. */
	store->rescue = true;
	store->sink = NULL;
	take(c);
	store->sink = sink;
}

void
pst_census_release(struct pst_census *c)
{
	free(c->folders);
	free(c->messages);
	free(c->associated);
	arena_release(&c->arena);
	arena_release(&c->scratch);
}
