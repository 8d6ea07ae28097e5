/*
 * `export-messages`: exposed messages as files, out of the evidence they were
 * read from.
 *
 *	DIR/eml/M-....eml   original bytes where they exist (EML, EMLX, mbox,
 *	                    members of archives), else a rendering that says
 *	                    so (PST, OST, MSG, TNEF)
 *	DIR/export.csv      one row a chosen message, exported or not and why
 *	DIR/export.sha256   for sha256sum -c from inside DIR
 *
 * Evidence is hashed before it is read again, and parsed by confined workers;
 * a message whose bytes are not those of the case is not exported.  DIR is
 * made whole, by rename, and must not exist or be empty.
 */
#ifndef REPORTS_EXPORT_EXPORT_H
#define REPORTS_EXPORT_EXPORT_H

#include "forensics/ingest/ingest.h"
#include "parsers/base/buffer.h"

struct export_options {
	const char *folder;   /* DIR */
	const char *exposure; /* "accessed,taken"; NULL: possible or stronger */
	const char *evidence; /* where the evidence lies now; NULL: as logged */
};

/* Contract 1: 0, 2 a wrong word or DIR, 3 some message has no file, 4 no
 * evidence could be read again, 7 interrupted. */
int export_messages(struct case_file *file,
    const struct ingest_options *options, const struct export_options *export);

/* ---- among the files here */

/* export_find.c: fills temp.export_files(source, file, reason): where each
 * source with chosen messages lies, verified; reason when it does not. */
void export_find(struct case_file *file, const char *evidence_root);

/* export_render.c: `frames` are the records of one item.  True when it has
 * original bytes; else *out is a rendering.  `origin` stands in its header. */
bool export_render(struct bytes frames, struct bytes origin,
    struct buffer *out);

#endif
