/*
 * Forwarding and redirection that the adversary set up, for R4.
 *
 *	TEMP forwards(id, event, mailbox_no, from_us, to_us, words): mailbox
 *		NULL: all (a transport rule); to_us NULL: never ended
 *	TEMP forward_words(id, condition, word): folded; each condition needs
 *		one of its words
 *	TEMP forward_flags(id, flag): what counts as met unevaluated
 */
#ifndef FORENSICS_ACCESS_FORWARDING_H
#define FORENSICS_ACCESS_FORWARDING_H

#include "forensics/case/case.h"

void forwarding_find(struct case_file *file);

#endif
