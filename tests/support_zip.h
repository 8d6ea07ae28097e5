/* Zip and tar files in memory, for tests. */
#ifndef TESTS_SUPPORT_ZIP_H
#define TESTS_SUPPORT_ZIP_H

#include "parsers/base/buffer.h"

struct zip {
	struct buffer data, central;
	unsigned count;
};

enum zip_how { ZIP_STORED, ZIP_DEFLATED, ZIP_ENCRYPTED };

void zip_add(struct zip *zip, const char *path, struct bytes content,
    enum zip_how how);
/* The whole file, valid until zip_release. */
struct bytes zip_finish(struct zip *zip);
void zip_release(struct zip *zip);

/* One ustar member; end with tar_finish. */
void tar_add(struct buffer *tar, const char *path, struct bytes content);
void tar_finish(struct buffer *tar);

/* gzip of the content, appended. */
void gzip_add(struct buffer *out, struct bytes content);

#endif
