/*
 * The words of the command line (contract 1): commands, and the options each
 * of them takes.  A word that would have no effect is an error.
 */
#ifndef FORENSICS_OPTIONS_H
#define FORENSICS_OPTIONS_H

#include "forensics/access/reconstruct.h"
#include "forensics/ingest/ingest.h"

struct options {
	const char *command;
	const char *case_folder, *incident, *value_key, *log_path;
	const char *exchange; /* report: formats */
	const char *sign, *key; /* PEM files: report, verify */
	struct signing_key *signing; /* of one of them, once read */
	const char *exposure, *evidence_root; /* export-messages */
	struct ingest_options ingest;
	struct reconstruct_options reconstruct;
	bool unmask, json, help;
	const char **rest; /* what is no option: evidence, ids, files */
	size_t rest_count;
};

/* What is allowed beside options. */
enum operands { OPERANDS_NONE, OPERANDS_ONE, OPERANDS_SOME };

/* False with a message on stderr: exit status 2.  options_free either way. */
bool options_parse(struct options *o, int argc, char **argv);
/* A command's own needs, before anything is opened or made: a case, and
 * `what` when operands are missing.  False with a message. */
bool options_need(const struct options *o, bool a_case,
    enum operands operands, const char *what);
void options_free(struct options *o);

/* Says `what` 'value' (NULL: none), and where to look on. */
void options_wrong(const char *what, const char *value);

#endif
