/*
 * What a mailbox does by itself, from the items that Outlook and Exchange
 * keep among a folder's associated contents (FAI): inbox rules, delegates,
 * automatic replies, forms.  An intruder's rule outlives the log.
 * [MS-OXORULE] 2.2.4, [MS-OXODLGT] 2.2.2.2
 */
#ifndef PARSERS_MAPI_FOUND_H
#define PARSERS_MAPI_FOUND_H

#include "parsers/mapi/mapi.h"

/* Says RECORD_EVENT (idx 0) when the item is one of these; its problems are
 * of message->locator.  False: it is none. */
bool mapi_found_say(struct sink *sink, const struct mapi_message *message);

#endif
