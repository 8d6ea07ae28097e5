/* The members of an archive that hangs on a message. */
#ifndef PARSERS_DOCUMENTS_ARCHIVE_TEXT_H
#define PARSERS_DOCUMENTS_ARCHIVE_TEXT_H

#include "parsers/documents/document.h"

/* Texts of the members as parts `PART/member=PATH`, mail through the reader's
 * `message`; the reason names what was not read. */
struct document_answer archive_text_say(struct document_reader *reader,
    struct bytes content);

#endif
