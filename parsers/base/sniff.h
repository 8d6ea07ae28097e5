/* What a file is by its first bytes: the types an examiner meets. */
#ifndef PARSERS_BASE_SNIFF_H
#define PARSERS_BASE_SNIFF_H

#include "parsers/base/bytes.h"

/* The media type that the first bytes prove, e.g. "application/pdf"; absent
 * when they prove none. */
struct bytes sniff_type(struct bytes content);

/* A proven type that is a picture, sound or program: it holds neither mail
 * nor audit records. */
bool sniff_is_harmless(struct bytes type);

/* A file that is a document, by its first bytes: text of somebody's, which
 * belongs to no message when it lies alone. */
bool sniff_is_document(struct bytes head);
/* Of these a zip, by its first member (OOXML, ODF, EPUB). */
bool sniff_is_zip_document(struct bytes head);

#endif
