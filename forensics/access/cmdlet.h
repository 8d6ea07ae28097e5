/*
 * The mailbox a cmdlet acts on (contract 3): Identity or Mailbox parameter,
 * else ObjectId, else UserId; an address, a GUID, an entry's name, or the
 * local part of an address when it is unique.
 */
#ifndef FORENSICS_ACCESS_CMDLET_H
#define FORENSICS_ACCESS_CMDLET_H

#include "forensics/access/json_strings.h"
#include "forensics/access/mailbox_names.h"
#include "forensics/access/reconstruct.h"

enum { RECORD_TYPE_ADMIN = 1 };

struct event_view {
	struct bytes operation, access_type, user_id, guid, owner, object_id,
	    parameters, logon_sid, owner_sid, succeeded, workload, throttled;
	int64_t event, time_us, record_type, user_type, logon_type;
	int64_t holder; /* mailbox whose export the record was found in */
};

/* 0: it acts on none, or it cannot be told. */
int64_t cmdlet_mailbox(struct mailbox_names *names, const struct event_view *e,
    struct arena *arena);
/* Its noun says that it acts on one mailbox. */
bool cmdlet_acts_on_mailbox(struct bytes operation);

/* A name as cmdlets write it: smtp:, canonical paths, M:\Inbox, M\rule. */
int64_t cmdlet_resolve(struct mailbox_names *names, struct bytes text,
    bool by_local_part);

#endif
