/* Character references (HTML 13.5), the names that mail uses. */
#ifndef PARSERS_DOCUMENTS_HTML_ENTITIES_H
#define PARSERS_DOCUMENTS_HTML_ENTITIES_H

#include "parsers/base/bytes.h"

/* At '&': UTF-8 of the reference and how much of the source it took; 0 when
 * it is none. */
size_t html_entity(struct bytes in, uint8_t out[8], size_t *used);

#endif
