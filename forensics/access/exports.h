/*
 * Exports by the adversary, for R5.
 *
 *	TEMP exports(event, time_us, mailbox_no, listed, words): mailbox NULL:
 *		all; listed: only the folders of export_folders
 *	TEMP export_folders(event, folded, below, excluded)
 *	TEMP export_flags(event, flag): what was not evaluated
 */
#ifndef FORENSICS_ACCESS_EXPORTS_H
#define FORENSICS_ACCESS_EXPORTS_H

#include "forensics/case/case.h"

void exports_find(struct case_file *file);

/* SQL: the folder f of export_folders is that one, or above it. */
#define EXPORT_FOLDER_IS(folded_path)                                          \
	"(" folded_path " = f.folded OR (f.below AND substr(" folded_path      \
	", 1, length(f.folded) + 1) = f.folded || '/'))"

#endif
