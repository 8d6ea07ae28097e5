/* Every format, one line each.  FORMATS.md says what each one reads. */
#include "parsers/parser.h"

extern const struct parser parser_eml, parser_mbox;
extern const struct parser parser_msg;
extern const struct parser parser_pst, parser_ost;
extern const struct parser parser_ual_csv, parser_ual_json;

const struct parser *const parsers[] = {
	&parser_eml,
	&parser_mbox,
	&parser_msg,
	&parser_pst,
	&parser_ost,
	&parser_ual_csv,
	&parser_ual_json,
	NULL,
};

const struct parser *
parser_named(struct bytes name)
{
	for (size_t i = 0; parsers[i] != NULL; i++)
		if (bytes_eq(bytes_cstr(parsers[i]->name), name))
			return parsers[i];
	return NULL;
}

const struct parser *
parser_for(struct bytes head, uint64_t size, bool *tie)
{
	const struct parser *best = NULL;
	unsigned best_bid = 0;

	*tie = false;
	for (size_t i = 0; parsers[i] != NULL; i++) {
		unsigned bid = parsers[i]->probe(head, size);

		if (bid == 0 || bid < best_bid)
			continue;
		*tie = bid == best_bid;
		best = parsers[i];
		best_bid = bid;
	}
	return *tie ? NULL : best;
}
