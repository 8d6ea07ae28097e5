#include "tests/support_zip.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

static void
put(struct buffer *out, uint64_t value, int width)
{
	for (int i = 0; i < width; i++)
		buffer_add_byte(out, (uint8_t)(value >> 8 * i));
}

static void
deflate_into(struct buffer *out, struct bytes content, int window)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)content.p,
		.avail_in = (uInt)content.n };
	size_t room;

	if (deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		abort();
	room = deflateBound(&z, (uLong)content.n);
	z.next_out = buffer_reserve(out, room);
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	out->n += z.total_out;
	deflateEnd(&z);
}

static void
put_header(struct buffer *out, struct bytes packed, struct bytes content,
    enum zip_how how)
{
	put(out, 20, 2);
	put(out, how == ZIP_ENCRYPTED ? 1 : 0, 2);
	put(out, how == ZIP_DEFLATED ? 8 : 0, 2);
	put(out, 0, 4); /* time */
	put(out, crc32(0, content.p, (uInt)content.n), 4);
	put(out, packed.n, 4);
	put(out, content.n, 4);
}

void
zip_add(struct zip *zip, const char *path, struct bytes content,
    enum zip_how how)
{
	struct buffer packed = BUFFER_EMPTY;
	size_t at = zip->data.n;

	if (how == ZIP_DEFLATED)
		deflate_into(&packed, content, -15);
	else
		buffer_add_bytes(&packed, content);
	put(&zip->data, 0x04034b50, 4);
	put_header(&zip->data, buffer_bytes(&packed), content, how);
	put(&zip->data, strlen(path), 2);
	put(&zip->data, 0, 2);
	buffer_add_cstr(&zip->data, path);
	buffer_add_bytes(&zip->data, buffer_bytes(&packed));
	put(&zip->central, 0x02014b50, 4);
	put(&zip->central, 20, 2);
	put_header(&zip->central, buffer_bytes(&packed), content, how);
	put(&zip->central, strlen(path), 2);
	put(&zip->central, 0, 2);  /* extra */
	put(&zip->central, 0, 2);  /* comment */
	put(&zip->central, 0, 2);  /* disk */
	put(&zip->central, 0, 2);  /* internal */
	put(&zip->central, 0, 4);  /* external */
	put(&zip->central, at, 4);
	buffer_add_cstr(&zip->central, path);
	zip->count++;
	buffer_release(&packed);
}

struct bytes
zip_finish(struct zip *zip)
{
	size_t at = zip->data.n;

	buffer_add_bytes(&zip->data, buffer_bytes(&zip->central));
	put(&zip->data, 0x06054b50, 4);
	put(&zip->data, 0, 4);
	put(&zip->data, zip->count & 0xffff, 2);
	put(&zip->data, zip->count & 0xffff, 2);
	put(&zip->data, zip->central.n, 4);
	put(&zip->data, at, 4);
	put(&zip->data, 0, 2);
	return buffer_bytes(&zip->data);
}

void
zip_release(struct zip *zip)
{
	buffer_release(&zip->data);
	buffer_release(&zip->central);
	zip->count = 0;
}

void
tar_add(struct buffer *tar, const char *path, struct bytes content)
{
	uint8_t head[512] = { 0 };
	unsigned sum = 0;
	size_t rest = content.n % 512;

	snprintf((char *)head, 100, "%s", path);
	memcpy(head + 100, "0000644\0" "0000000\0" "0000000", 23);
	snprintf((char *)head + 124, 12, "%011zo", content.n);
	memcpy(head + 136, "00000000000", 11);
	memcpy(head + 148, "        0", 9);
	memcpy(head + 257, "ustar\0" "00", 8);
	for (size_t i = 0; i < sizeof head; i++)
		sum += head[i];
	snprintf((char *)head + 148, 8, "%06o", sum);
	buffer_add(tar, head, sizeof head);
	buffer_add_bytes(tar, content);
	for (; rest > 0 && rest < 512; rest++)
		buffer_add_byte(tar, 0);
}

void
tar_finish(struct buffer *tar)
{
	for (int i = 0; i < 1024; i++)
		buffer_add_byte(tar, 0);
}

void
gzip_add(struct buffer *out, struct bytes content)
{
	deflate_into(out, content, 31);
}
