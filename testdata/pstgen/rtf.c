/*
 * PR_RTF_COMPRESSED (MS-OXRTFCP): LZ77 in a window of 4096 bytes that starts
 * with a fixed dictionary.  Greedy, over chains of equal byte pairs.
 */
#include "testdata/pstgen/store_private.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW = 4096, MATCH_MAX = 17, TRIES = 64 };

static const char dictionary[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
    "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0"
    "\\fs20\\b\\i\\u\\tab\\tx";

enum { DICTIONARY = sizeof(dictionary) - 1 };
_Static_assert(DICTIONARY == 207, "the dictionary of MS-OXRTFCP has 207 bytes");

/* Longest earlier copy of what stands at at; all = dictionary + text. */
static size_t
find_match(const uint8_t *all, size_t at, size_t end, const int *last,
    const int *previous, size_t *where)
{
	size_t best = 0, tries = 0;

	if (at + 2 > end)
		return 0;
	for (int i = last[all[at] | all[at + 1] << 8]; i >= 0 && tries < TRIES;
	     i = previous[i], tries++) {
		size_t n = 0;

		/* The window's oldest byte is overwritten as we write. */
		if (at - (size_t)i >= WINDOW - MATCH_MAX)
			break;
		while (n < MATCH_MAX && at + n < end &&
		       all[(size_t)i + n] == all[at + n])
			n++;
		if (n > best) {
			best = n;
			*where = (size_t)i;
		}
	}
	return best < 2 ? 0 : best;
}

static void
remember(const uint8_t *all, size_t at, size_t end, int *last, int *previous)
{
	if (at + 1 >= end)
		return;
	previous[at] = last[all[at] | all[at + 1] << 8];
	last[all[at] | all[at + 1] << 8] = (int)at;
}

uint8_t *
rtf_compress(const char *text, size_t n, size_t *out)
{
	size_t end = DICTIONARY + n, at = DICTIONARY, used = 16, flags = 0;
	uint8_t *all = malloc(end + 2), *to = malloc(16 + 2 * n + 64);
	int *last = malloc(65536 * sizeof(*last));
	int *previous = malloc((end + 2) * sizeof(*previous));
	unsigned bit = 8;
	bool done = false;

	memcpy(all, dictionary, DICTIONARY);
	memcpy(all + DICTIONARY, text, n);
	memset(last, 0xff, 65536 * sizeof(*last));
	for (size_t i = 0; i + 1 < DICTIONARY; i++)
		remember(all, i, end, last, previous);
	while (!done) {
		size_t where = 0;
		size_t match = find_match(all, at, end, last, previous, &where);

		if (bit == 8) {
			bit = 0;
			flags = used++;
			to[flags] = 0;
		}
		if (match == 0 && at < end) {
			to[used++] = all[at];
			remember(all, at, end, last, previous);
			at++;
			bit++;
			continue;
		}
		/* A reference to the write position itself ends the text. */
		done = at == end;
		if (done) {
			where = at;
			match = 2;
		}
		to[flags] |= (uint8_t)(1 << bit++);
		to[used++] = (uint8_t)(where % WINDOW >> 4);
		to[used++] =
		    (uint8_t)((where % WINDOW & 15) << 4 | (match - 2));
		for (size_t i = 0; !done && i < match; i++, at++)
			remember(all, at, end, last, previous);
	}
	put32(to, used - 4);
	put32(to + 4, n);
	memcpy(to + 8, "LZFu", 4);
	put32(to + 12, form_crc(to + 16, used - 16));
	free(all);
	free(last);
	free(previous);
	*out = used;
	return to;
}
