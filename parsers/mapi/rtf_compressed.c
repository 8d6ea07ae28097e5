/* [MS-OXRTFCP]: LZ77 over a 4096-byte ring that starts with the commonest
 * words of RTF. */
#include <zlib.h>

#include "parsers/base/cursor.h"
#include "parsers/base/limits.h"
#include "parsers/mapi/rtf.h"

/* 2.1.3.1.4: the ring's first content, 207 bytes. */
static const char ring_start[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
    "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0"
    "\\fs20\\b\\i\\u\\tab\\tx";

enum { RING = 4096, COMPRESSED = 0x75465A4C, UNCOMPRESSED = 0x414C454D };

struct ring {
	uint8_t bytes[RING];
	size_t at;
};

/* 2.1.3.2: polynomial 0xEDB88320, start 0, no final inversion; zlib's own
 * inversions cancel. */
static uint32_t
crc_of(struct bytes b)
{
	uLong crc = 0xFFFFFFFF;

	while (b.n > 0) {
		uInt n = b.n > 1 << 30 ? 1 << 30 : (uInt)b.n;

		crc = crc32(crc, b.p, n);
		b = bytes_skip(b, n);
	}
	return (uint32_t)crc ^ 0xFFFFFFFF;
}

static void
put(struct ring *ring, uint8_t *out, size_t *n, uint8_t c)
{
	out[(*n)++] = c;
	ring->bytes[ring->at] = c;
	ring->at = (ring->at + 1) % RING;
}

/* A reference to the ring; false at the end mark (to its own place). */
static bool
copy(struct ring *ring, uint16_t token, uint8_t *out, size_t *n, size_t room)
{
	size_t from = token >> 4, length = (token & 0xFu) + 2;

	if (from == ring->at)
		return false;
	for (size_t i = 0; i < length && *n < room; i++) {
		uint8_t c = ring->bytes[from];

		put(ring, out, n, c);
		from = (from + 1) % RING;
	}
	return true;
}

/* 3.1.3.2.  *ended: the end mark was met. */
static size_t
expand(struct bytes in, uint8_t *out, size_t room, bool *ended)
{
	struct ring ring = { .at = sizeof ring_start - 1 };
	struct cursor c = cursor_over(in);
	size_t n = 0;

	memcpy(ring.bytes, ring_start, sizeof ring_start - 1);
	*ended = false;
	while (n < room || cursor_left(&c) > 0) {
		uint8_t control = cursor_u8(&c);

		for (int bit = 0; bit < 8; bit++) {
			if (control >> bit & 1) {
				uint16_t token = (uint16_t)cursor_be(&c, 2);

				*ended = !c.failed &&
					 !copy(&ring, token, out, &n, room);
			} else if (n < room) {
				uint8_t literal = cursor_u8(&c);

				if (!c.failed)
					put(&ring, out, &n, literal);
			} else
				return n;
			if (c.failed || *ended)
				return n;
		}
	}
	return n;
}

static struct bytes
decompressed(struct arena *arena, struct bytes in, uint32_t promised,
    const char **problem)
{
	/* A reference of 2 bytes gives 17 at most, 8 of them a control byte:
	 * never allocate for more, whatever the header promises. */
	size_t most = in.n / 17 * 136 + 136;
	size_t room = promised < most ? promised : most;
	uint8_t *out;
	size_t n;
	bool ended;

	if (room > LIMIT_TEXT_BYTES) {
		room = LIMIT_TEXT_BYTES;
		*problem = "larger than the text limit; the rest is left out";
	}
	out = arena_raw(arena, room + 1);
	n = expand(in, out, room, &ended);
	if (*problem == NULL && n < promised)
		*problem = ended ? "shorter than its header promises "
				   "([MS-OXRTFCP] 2.1.3.1.1)"
				 : "cut: it ends before its end mark "
				   "([MS-OXRTFCP] 3.1.3.2)";
	return bytes_of(out, n);
}

struct bytes
rtf_decompress(struct arena *arena, struct bytes in, const char **problem)
{
	struct cursor c = cursor_over(in);
	uint32_t size = cursor_le32(&c), raw = cursor_le32(&c);
	uint32_t type = cursor_le32(&c), crc = cursor_le32(&c);
	struct bytes content;

	*problem = NULL;
	if (c.failed) {
		*problem = "shorter than its header ([MS-OXRTFCP] 2.1.3.1)";
		return BYTES_NONE;
	}
	content = bytes_skip(in, 16);
	if (size >= 12 && size - 12 < content.n)
		content = bytes_slice(content, 0, size - 12);
	else if (size < 12 || size - 12 > content.n)
		*problem = "cut: shorter than its header promises "
			   "([MS-OXRTFCP] 2.1.3.1.1)";
	if (type == UNCOMPRESSED)
		return bytes_slice(content, 0, raw);
	if (type != COMPRESSED) {
		/* Stores of old programs keep it plain, without a header. */
		if (bytes_starts(in, BYTES_LIT("{\\rtf"))) {
			*problem = NULL;
			return in;
		}
		*problem = "neither compressed nor not "
			   "([MS-OXRTFCP] 2.1.3.1.1)";
		return BYTES_NONE;
	}
	if (*problem == NULL && crc != crc_of(content))
		*problem = "its checksum does not fit ([MS-OXRTFCP] 2.1.3.2)";
	return decompressed(arena, content, raw, problem);
}
