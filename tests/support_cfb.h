/* Writes compound files ([MS-CFB], version 3) for tests: sectors of 512
 * bytes, streams below 4096 bytes in the mini stream. */
#ifndef TESTS_SUPPORT_CFB_H
#define TESTS_SUPPORT_CFB_H

#include "parsers/base/buffer.h"

enum { CFB_WRITE_MOST = 4096 };

struct cfb_writer {
	struct {
		char name[32];
		bool storage;
		int parent;
		struct buffer data;
	} entries[CFB_WRITE_MOST];
	int count; /* 0 is the root */
};

struct cfb_writer *cfb_writer_new(void);
void cfb_writer_free(struct cfb_writer *writer);
/* Both return the entry's number. */
int cfb_write_storage(struct cfb_writer *writer, int parent,
    const char *name);
int cfb_write_stream(struct cfb_writer *writer, int parent, const char *name,
    struct bytes data);
void cfb_write(struct cfb_writer *writer, struct buffer *out);

#endif
