/* Every spelling that names a mailbox, in memory: asked once per event. */
#ifndef FORENSICS_ACCESS_MAILBOX_NAMES_H
#define FORENSICS_ACCESS_MAILBOX_NAMES_H

#include "forensics/case/case.h"

struct mailbox_names;

/* Reads mailbox_names; later changes of the table are not seen. */
struct mailbox_names *mailbox_names_load(struct case_file *file);
void mailbox_names_free(struct mailbox_names *names);

/* kind: address, guid, name, local.  0: nobody's, or several mailboxes'. */
int64_t mailbox_names_find(struct mailbox_names *names, const char *kind,
    struct bytes name);

#endif
