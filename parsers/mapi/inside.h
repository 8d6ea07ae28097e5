/* Outlook's own files that hang on a message of any kind. */
#ifndef PARSERS_MAPI_INSIDE_H
#define PARSERS_MAPI_INSIDE_H

#include "parsers/mail/message.h"

/*
 * A winmail.dat is the rest of the message it hangs on: its bodies,
 * properties and attachments are said as parts PART/body, PART/attachment=1
 * of message idx.  An MSG file is a message of its own, embedded in idx:
 * *embedded_idx is its number, else RECORD_NONE.
 *
 * False when the content is neither, or nothing of it can be read (then
 * there are problem rows).
 */
bool mapi_inside_say(struct message_run *run, int64_t idx, struct bytes part,
    struct bytes locator, struct bytes content, int64_t *embedded_idx);

#endif
