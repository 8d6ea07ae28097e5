/* S/MIME containers (RFC 5652): which kind, and what a signed one holds. */
#ifndef PARSERS_MAIL_CMS_H
#define PARSERS_MAIL_CMS_H

#include "parsers/base/arena.h"

enum cms_kind { CMS_KIND_NONE, CMS_KIND_SIGNED, CMS_KIND_ENCRYPTED };

/* By the content type at its beginning (RFC 5652 3). */
enum cms_kind cms_kind(struct bytes der);

/* The MIME entity inside an opaque-signed message (RFC 8551 3.5.2); absent
 * when there is none or it cannot be read.  No signature is checked. */
struct bytes cms_signed_content(struct arena *arena, struct bytes der);

#endif
