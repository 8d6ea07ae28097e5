/*
 * Messages of a store as parsers/mapi wants them, [MS-PST] 2.4.5, 2.4.6; the
 * map of named properties, 2.4.7.
 */
#ifndef PARSERS_PST_MESSAGE_H
#define PARSERS_PST_MESSAGE_H

#include "parsers/pst/ltp.h"

struct pst_item {
	struct pst_node node;
	struct bytes locator, folder_id, state;
	bool older_copy, listed, in_sent_items;
};

/* Node 0x61 into store->names.  A store without one has no names. */
void pst_names_read(struct pst_store *store);

/* The store's own properties that items need: record key, code page. */
void pst_store_read(struct pst_store *store);

/* Says the item from its row in its folder's contents table, when its own
 * properties are lost; recipients and attachments as far as they are there. */
bool pst_item_say_row(struct pst_store *store, const struct pst_item *item,
    uint32_t folder);

/*
 * Says the item and all in it, through mapi_message_say(); everything lies
 * in sink->item.  False: the message could not be read (problems said why,
 * the loss itself is the caller's to say).
 */
bool pst_item_say(struct pst_store *store, const struct pst_item *item);

/* What an associated item makes the mailbox do (mapi/found.h); most do
 * nothing.  False: it could not be read. */
bool pst_item_found(struct pst_store *store, const struct pst_item *item);

#endif
