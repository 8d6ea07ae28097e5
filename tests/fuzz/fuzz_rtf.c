/* Compressed RTF, then what is in it, as text and as HTML. */
#include <stdlib.h>

#include "parsers/base/limits.h"
#include "parsers/base/text.h"
#include "parsers/mapi/rtf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
convert(struct arena *arena, struct bytes rtf)
{
	const char *problem;

	rtf_origin(rtf);
	if (!text_is_utf8(rtf_to_text(arena, rtf, &problem)) ||
	    !text_is_utf8(rtf_to_html(arena, rtf, &problem)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	const char *problem;
	struct bytes in = bytes_of(data, size), out;

	arena_init(&arena);
	out = rtf_decompress(&arena, in, &problem);
	if (out.n > size / 17 * 136 + 136 && out.p != data)
		abort();
	convert(&arena, out);
	convert(&arena, in);
	arena_release(&arena);
	return 0;
}
