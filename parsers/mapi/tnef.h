/* TNEF ([MS-OXTNEF]), "winmail.dat": what Outlook sends beside or instead of
 * MIME parts, as a MAPI message. */
#ifndef PARSERS_MAPI_TNEF_H
#define PARSERS_MAPI_TNEF_H

#include "parsers/mapi/mapi.h"

bool tnef_is(struct bytes head);

/* Fills `message`, whose locator and state the caller gives; `stream` must
 * outlive it.  What is cut or damaged is a problem row; false when there is
 * nothing in it. */
bool tnef_open(struct sink *sink, struct arena *arena, struct bytes stream,
    struct mapi_message *message);

/* How many attachments a stream holds, at its top level; 0 when it is none. */
size_t tnef_attachments(struct bytes stream);

#endif
