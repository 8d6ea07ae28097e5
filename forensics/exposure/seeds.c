/* Recovery phrases of wallets (BIP 39): 12, 15, 18, 21 or 24 words of the
 * list whose last bits are a checksum, near a word that names such a phrase. */
#include "forensics/exposure/engine.h"
#include "parsers/base/hash.h"

enum {
	WORDS_LEAST = 12,
	WORDS_MOST = 24,
	BITS = 11,
	BEFORE = 300,
	AFTER = 600,
	GAP_MOST = 6,
	RUN_MOST = 32
};

struct phrase { /* words of the list that follow each other */
	size_t from[RUN_MOST], to[RUN_MOST];
	uint16_t index[RUN_MOST];
	size_t count;
};

/* Place of the word in the list, SIZE_MAX when it is none. */
static size_t
list_index(const struct rules *rules, struct bytes word)
{
	size_t low = 0, high = rules->seed_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = bytes_compare(rules->seeds[middle], word);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

static bool
checksum_holds(const uint16_t *index, size_t count)
{
	uint8_t entropy[WORDS_MOST * BITS / 8 + 1] = {0};
	uint8_t hash[SHA256_SIZE];
	size_t bits = count * BITS, data = bits - bits / 33;

	for (size_t i = 0; i < bits; i++)
		if (index[i / BITS] >> (BITS - 1 - i % BITS) & 1)
			entropy[i / 8] |= (uint8_t)(0x80 >> i % 8);
	sha256_of(bytes_of(entropy, data / 8), hash);
	for (size_t i = data; i < bits; i++)
		if ((entropy[i / 8] >> (7 - i % 8) & 1) !=
		    (hash[(i - data) / 8] >> (7 - (i - data) % 8) & 1))
			return false;
	return true;
}

/* Between two words: blanks, or a number of a list ("3. "). */
static bool
is_between(struct bytes gap)
{
	if (gap.n == 0 || gap.n > GAP_MOST)
		return false;
	for (size_t i = 0; i < gap.n; i++)
		if (!is_space(gap.p[i]) && !is_digit(gap.p[i]) &&
		    gap.p[i] != '.' && gap.p[i] != ')' && gap.p[i] != ',')
			return false;
	return true;
}

/* The longest phrase in the run: "recovery phrase 1. legal ..." begins with
 * a word of the list that is none of it. */
static void
finish(struct engine *e, struct phrase *p)
{
	for (size_t n = WORDS_MOST; n >= WORDS_LEAST; n -= 3) {
		for (size_t i = 0; i + n <= p->count; i++) {
			struct candidate *c;

			if (!checksum_holds(p->index + i, n))
				continue;
			c = candidate_add(
			    e, NULL, p->from[i], p->to[i + n - 1]);
			c->kind = BYTES_LIT("bip39");
			c->level = LEVEL_HIGH;
			p->count = 0;
			return;
		}
	}
	p->count = 0;
}

static void
search(struct engine *e, struct bytes text, size_t at, size_t end)
{
	struct phrase p = {.count = 0};

	while (at < end) {
		size_t from, index;

		while (at < end && !is_alpha(text.p[at]))
			at++;
		from = at;
		while (at < text.n && is_alpha(text.p[at]))
			at++;
		if (at == from)
			break;
		index = at - from < 9
			    ? list_index(e->rules, bytes_slice(text, from, at))
			    : SIZE_MAX;
		if (p.count > 0 && (index == SIZE_MAX || p.count == RUN_MOST ||
				       !is_between(bytes_slice(
					   text, p.to[p.count - 1], from))))
			finish(e, &p);
		if (index == SIZE_MAX)
			continue;
		p.from[p.count] = from;
		p.to[p.count] = at;
		p.index[p.count++] = (uint16_t)index;
	}
	finish(e, &p);
}

void
seeds_find(struct engine *e, struct block *block)
{
	struct bytes text = block->text;
	size_t done = 0;

	if (!sets_has(&e->hits->seen, SIGNAL_SEED))
		return;
	for (size_t h = 0; h < e->hits->count; h++) {
		const struct word_hit *hit = &e->hits->list[h];
		size_t from = hit->from > BEFORE ? hit->from - BEFORE : 0;
		size_t to = hit->to + AFTER < text.n ? hit->to + AFTER : text.n;

		if (!sets_has(&hit->sets, SIGNAL_SEED) || to <= done)
			continue;
		while (from > 0 && is_alpha(text.p[from - 1]))
			from--;
		search(e, text, from, to);
		done = to;
	}
}
