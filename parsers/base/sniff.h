/* What a file is by its first bytes: the types an examiner meets. */
#ifndef PARSERS_BASE_SNIFF_H
#define PARSERS_BASE_SNIFF_H

#include "parsers/base/bytes.h"

/* The media type that the first bytes prove, e.g. "application/pdf"; absent
 * when they prove none. */
struct bytes sniff_type(struct bytes content);

/* A proven type that is a picture, document, sound or program: it holds
 * neither mail nor audit records. */
bool sniff_is_harmless(struct bytes type);

#endif
