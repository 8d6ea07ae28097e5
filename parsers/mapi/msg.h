/* An Outlook message file ([MS-OXMSG]) as a MAPI message. */
#ifndef PARSERS_MAPI_MSG_H
#define PARSERS_MAPI_MSG_H

#include "parsers/mapi/mapi.h"

/* A compound file that has the names of a message's streams. */
bool msg_is(struct bytes file);

/* Fills `message`, whose locator and state the caller gives; `file` must
 * outlive it.  False, with a problem row, when there is no message in it. */
bool msg_open(struct sink *sink, struct arena *arena, struct bytes file,
    struct mapi_message *message);

#endif
