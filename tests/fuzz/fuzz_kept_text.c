/* Kept texts as reports and rules read them: packed, and the pieces alone. */
#include <stdint.h>
#include <stdlib.h>

#include "parsers/base/kept_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
read_pieces(struct bytes pieces)
{
	struct kept_piece piece = { .kind = 0 };
	size_t sum = 0;

	while (kept_piece_next(&pieces, &piece)) {
		for (size_t i = 0; i < piece.text.n; i++)
			sum += piece.text.p[i];
		sum += kept_text_offset(&piece, sum % 512);
		for (size_t i = 0; i < piece.part.n; i++)
			sum += piece.part.p[i];
		for (size_t i = 0; i < piece.column.n; i++)
			sum += piece.column.p[i];
	}
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static volatile size_t kept;
	struct buffer pieces = BUFFER_EMPTY;

	kept += read_pieces(bytes_of(data, size));
	if (kept_unpack(bytes_of(data, size), &pieces))
		kept += read_pieces(buffer_bytes(&pieces));
	buffer_release(&pieces);
	return 0;
}
