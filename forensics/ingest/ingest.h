/*
 * Evidence into the case: walk, hash, parse in confined workers, keep what
 * they say, hash again.  Every loss is a row in `problems`.
 */
#ifndef FORENSICS_INGEST_INGEST_H
#define FORENSICS_INGEST_INGEST_H

#include <stdio.h>

#include "forensics/case/case.h"

struct forced_format {
	const char *format, *file;
};

struct ingest_options {
	const char *const *evidence; /* files and folders as typed */
	size_t evidence_count;
	unsigned workers;            /* 0: all cores */
	size_t memory;               /* bytes for the whole run; 0: no limit */
	bool no_sandbox;
	struct forced_format *forced; /* read these files as that */
	size_t forced_count;
	const char *rules;           /* folder of tables, or NULL */
	bool quiet, no_progress;
	bool verbose;                /* a line a source and stage, on stderr */
	bool cross_check;            /* inspect: stores by two readers */
	FILE *log;                   /* the same and more, or NULL */
};

/* Nothing is written into evidence; false, with a message, when the case
 * would lie in it. */
bool ingest_keeps_apart(const struct ingest_options *options,
    const char *case_folder);

/*
 * Contract 1: 0 complete, 1 cannot confine, 2 no such format, 3 with losses,
 * 4 nothing could be read, 7 interrupted; 5 ends the process.  The case is
 * settled (case_settle) on 0, 3 and 4; statements made before are void.
 */
int ingest_evidence(struct case_file *file,
    const struct ingest_options *options);

/* A line that -v shows and --log keeps. */
__attribute__((format(printf, 2, 3))) void ingest_tell(
    const struct ingest_options *options, const char *format, ...);

/* `postmortem --worker`, see worker.h. */
int worker_main(int argc, char **argv);

/* What each of options->evidence is and holds, on `out`; writes nothing.
 * 0, 3 with losses, 4 nothing could be read. */
int inspect_files(const struct ingest_options *options, bool json, FILE *out);

/* Evidence, outputs and custody chain against their hashes, and the manifest's
 * signature when a key is given; one line on stdout a difference.  0, 6 on a mismatch, 1 when it is no case. */
struct signing_key; /* sign.h */
int verify_case(const char *folder, const struct signing_key *key);

#endif
