/* Words, addresses, dates and contents as mail writes them; whatever comes
 * in, what goes out cannot leave its field. */
#ifndef REPORTS_EXPORT_EML_WRITE_H
#define REPORTS_EXPORT_EML_WRITE_H

#include "parsers/base/buffer.h"

/* Unstructured text (RFC 5322 2.2.1), as encoded words where needed. */
void eml_add_words(struct buffer *out, struct bytes text);

void eml_add_address(struct buffer *out, struct bytes name,
    struct bytes address);

/* A whole line. */
void eml_add_date(struct buffer *out, const char *field, int64_t us);

/* Content-Type, and Content-Disposition with the name (RFC 2231). */
void eml_add_part_head(struct buffer *out, struct bytes type,
    struct bytes name);

/* Content-Transfer-Encoding, the blank line, and the lines. */
void eml_add_base64(struct buffer *out, struct bytes content);

#endif
