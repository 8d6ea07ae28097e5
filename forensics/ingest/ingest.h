/*
 * Evidence into the case: walk, hash, parse in confined workers, keep what
 * they say, hash again.  Every loss is a row in `problems`.
 */
#ifndef FORENSICS_INGEST_INGEST_H
#define FORENSICS_INGEST_INGEST_H

#include <stdio.h>

#include "forensics/case/case.h"

struct ingest_options {
	const char *const *evidence; /* files and folders as typed */
	size_t evidence_count;
	unsigned workers;            /* 0: all cores */
	size_t memory;               /* bytes for the whole run; 0: no limit */
	bool no_sandbox;
	const char *as_format, *as_file; /* read this file as that format */
	const char *rules;           /* folder of tables, or NULL */
	bool quiet, no_progress, verbose;
	bool cross_check;            /* inspect: stores by two readers */
	FILE *log;                   /* or NULL */
};

/*
 * Contract 1: 0 complete, 1 cannot confine, 2 no such format, 3 with losses,
 * 4 nothing could be read, 7 interrupted; 5 ends the process.  The case is
 * settled (case_settle) on 0, 3 and 4; statements made before are void.
 */
int ingest_evidence(struct case_file *file,
    const struct ingest_options *options);

/* `postmortem --worker`, see worker.h. */
int worker_main(int argc, char **argv);

/* What each of options->evidence is and holds, on `out`; writes nothing.
 * 0, 3 with losses, 4 nothing could be read. */
int inspect_files(const struct ingest_options *options, bool json, FILE *out);

/* Evidence, outputs and custody chain against their hashes; one line on
 * stdout a difference.  0, 6 on a mismatch, 1 when it is no case. */
int verify_case(const char *folder);

#endif
