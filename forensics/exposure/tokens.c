/*
 * Values by shape.  A token is a whole run of letters and digits with a
 * digit in it; tokens with one separator between them are a chain.  Each
 * sub-chain's signature is looked up in the table of shapes, so that sixty
 * detectors cost one hash each.
 */
#include "forensics/exposure/engine.h"

enum { CHAIN_MOST = 64, STEPS_MOST = 10, SCAN_BLOCK = 32 };

struct token {
	size_t from, to;
	bool upper, lower; /* has letters of this case */
};

struct chain {
	struct token list[CHAIN_MOST];
	size_t count;
};

static bool
is_separator(uint8_t c)
{
	return c == ' ' || c == '-' || c == '.' || c == '/' || c == '\n' ||
	       c == '+' || c == '\t';
}

/* The next digit at or after `at`, n when there is none. */
static size_t
next_digit(const uint8_t *p, size_t at, size_t n)
{
	while (at + SCAN_BLOCK <= n) {
		unsigned any = 0;

		for (size_t i = 0; i < SCAN_BLOCK; i++)
			any |= (unsigned)((uint8_t)(p[at + i] - '0') < 10);
		if (any)
			break;
		at += SCAN_BLOCK;
	}
	while (at < n && !is_digit(p[at]))
		at++;
	return at;
}

/* The whole run around `at`, not before `floor`. */
static struct token
token_around(struct bytes text, size_t at, size_t floor)
{
	struct token t = {at, at, false, false};

	while (t.from > floor && is_alnum(text.p[t.from - 1]))
		t.from--;
	while (t.to < text.n && is_alnum(text.p[t.to]))
		t.to++;
	for (size_t i = t.from; i < t.to && i < t.from + SHAPE_MOST; i++) {
		t.upper |= is_upper(text.p[i]);
		t.lower |= text.p[i] >= 'a';
	}
	return t;
}

static bool
is_letter_byte(struct bytes text, size_t at)
{
	return at < text.n && text.p[at] >= 0x80;
}

/* A short word of letters alone before or after: "AB 12 34 56 C". */
static bool
letters_before(struct bytes text, size_t at, size_t floor, struct token *t)
{
	size_t i = at;

	if (at < floor + 2 || !is_separator(text.p[at - 1]))
		return false;
	i = at - 1;
	t->to = i;
	while (i > floor && t->to - i < 7 && is_alpha(text.p[i - 1]))
		i--;
	t->from = i;
	if (t->from == t->to || t->to - t->from > 6 ||
	    (i > floor && (is_alnum(text.p[i - 1]) || text.p[i - 1] >= 0x80)))
		return false;
	*t = token_around(text, t->from, floor);
	return true;
}

static bool
letters_after(struct bytes text, size_t at, struct token *t)
{
	size_t i = at + 1;

	if (at + 1 >= text.n || !is_separator(text.p[at]) ||
	    !is_alpha(text.p[i]))
		return false;
	while (i < text.n && i - at < 6 && is_alpha(text.p[i]))
		i++;
	if (i - at > 5 ||
	    (i < text.n && (is_alnum(text.p[i]) || text.p[i] >= 0x80)))
		return false;
	*t = token_around(text, at + 1, at + 1);
	return true;
}

/* "123-45-6789-01": a value is no piece of a longer written number. */
static bool
is_glued(struct bytes text, size_t from, size_t to)
{
	if (is_letter_byte(text, to) ||
	    (from > 0 && text.p[from - 1] >= 0x80 && from > 1 &&
		(text.p[from - 1] & 0xc0) == 0x80 && text.p[from - 2] >= 0xc3 &&
		text.p[from - 2] < 0xe0))
		return true;
	if (from >= 2 && is_digit(text.p[from - 2]) &&
	    strchr("-./_", text.p[from - 1]) != NULL)
		return true;
	if (to + 1 < text.n && is_digit(text.p[to + 1]) && text.p[to] != 0 &&
	    strchr("-./_", text.p[to]) != NULL)
		return true;
	return from >= 1 &&
		       (text.p[from - 1] == '_' || text.p[from - 1] == '%' ||
			   text.p[from - 1] == '$')
		   ? true
		   : to < text.n && text.p[to] == '_';
}

/* 20020918, 200209181205, 20020918120512: times of logs and message ids. */
static bool
is_timestamp(struct bytes digits)
{
	unsigned part[6] = {0};

	if (digits.n != 8 && digits.n != 12 && digits.n != 14)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		size_t k = i < 4 ? 0 : i / 2 - 1;

		if (!is_digit(digits.p[i]))
			return false;
		part[k] = part[k] * 10 + (unsigned)(digits.p[i] - '0');
	}
	return part[0] >= 1980 && part[0] <= 2039 &&
	       check_date(part[0], part[1], part[2]) && part[3] < 24 &&
	       part[4] < 60 && part[5] < 60;
}

/* In a link, where ids of pages stand. */
static bool
is_in_link(struct bytes text, size_t from)
{
	size_t low = from;

	while (low > 0 && from - low < 300 && !is_space(text.p[low - 1]))
		low--;
	return bytes_find(bytes_slice(text, low, from), BYTES_LIT("://")) !=
	       SIZE_MAX;
}

/* Numbers that a keyword must not make a value of. */
static bool
is_no_number(struct bytes text, size_t from, struct bytes compact, bool keyed)
{
	bool equal = true;

	if (is_timestamp(compact) && (keyed || compact.n > 8))
		return true;
	if (!keyed)
		return false;
	for (size_t i = 1; i < compact.n; i++)
		equal &= compact.p[i] == compact.p[0];
	/* "color:#000080" */
	return equal || is_in_link(text, from) ||
	       (from > 1 && text.p[from - 1] == '#' &&
		   !is_alnum(text.p[from - 2]) && !is_space(text.p[from - 2]));
}

/* "DE12 4245 9483 3801 3425": four groups of an account are no card. */
static bool
has_group_before(struct bytes text, size_t from)
{
	bool digit = false;

	if (from < 5 || !is_separator(text.p[from - 1]))
		return false;
	for (size_t i = from - 5; i < from - 1; i++) {
		if (!is_alnum(text.p[i]))
			return false;
		digit |= is_digit(text.p[i]);
	}
	return digit && (from == 5 || !is_alnum(text.p[from - 6]));
}

static void
try_detector(struct engine *e, struct bytes text, const struct detector *d,
    size_t from, size_t to, bool keyed, struct bytes compact)
{
	struct candidate *c;

	if (keyed && !sets_has(&e->wanted, d->index))
		return;
	if (d->method == METHOD_ADDRESS) {
		address_try(e, text, from, to);
		return;
	}
	if (!d->validate(compact) || is_no_number(text, from, compact, keyed))
		return;
	if (is_glued(text, from, to) ||
	    (d == e->card && has_group_before(text, from)))
		return;
	c = candidate_add(e, d, from, to);
	c->keyed = keyed;
	c->normalized = arena_dup(e->arena, compact);
	c->sample = rules_is_sample(e->rules, compact);
}

static void
try_shape(struct engine *e, struct bytes text, const struct shape_entry *entry,
    size_t from, size_t to)
{
	uint8_t compact[SHAPE_MOST];
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		if (is_alnum(text.p[i]))
			compact[n++] = text.p[i] >= 'a'
					   ? (uint8_t)(text.p[i] - 32)
					   : text.p[i];
	for (unsigned w = 0; w < SETS_MOST / 64; w++) {
		uint64_t bits = entry->free.word[w] | entry->keyed.word[w];

		while (bits != 0) {
			unsigned i = w * 64 + (unsigned)__builtin_ctzll(bits);

			bits &= bits - 1;
			try_detector(e, text, &e->rules->detectors[i], from, to,
			    !sets_has(&entry->free, i), bytes_of(compact, n));
		}
	}
}

/* Every sub-chain that begins at token i. */
static void
try_from(
    struct engine *e, struct bytes text, const struct chain *chain, size_t i)
{
	size_t from = chain->list[i].from, at = from;
	uint64_t hash = SHAPE_HASH_BEGIN;
	bool upper = false, lower = false;

	for (size_t j = i; j < chain->count && j < i + STEPS_MOST; j++) {
		const struct token *t = &chain->list[j];
		const struct shape_entry *entry;

		if (t->to - from > SHAPE_MOST)
			return;
		upper |= t->upper;
		lower |= t->lower;
		if (upper && lower)
			return;
		for (; at < t->to; at++) {
			uint8_t c = text.p[at];

			c = is_digit(c)		     ? '9'
			    : is_alpha(c)	     ? 'A'
			    : c == '\n' || c == '\t' ? ' '
						     : c;
			hash = shape_hash(hash, c);
		}
		entry = rules_shape(e->rules, hash);
		if (entry != NULL)
			try_shape(e, text, entry, from, t->to);
	}
}

/* IBAN: its country says how long it is; groups of any size. */
static void
try_iban(struct engine *e, struct bytes text, size_t from)
{
	uint8_t compact[SHAPE_MOST];
	size_t n = 0, at = from, length;
	struct candidate *c;

	if (from + 4 > text.n || !is_upper(text.p[from]) ||
	    !is_upper(text.p[from + 1]) || !is_digit(text.p[from + 2]) ||
	    !is_digit(text.p[from + 3]))
		return;
	length = iban_length(text.p + from);
	while (n < length && at < text.n && at - from < 60) {
		uint8_t b = text.p[at];

		if (is_upper(b) || is_digit(b))
			compact[n++] = b;
		else if (!(is_separator(b) && at + 1 < text.n &&
			     (is_upper(text.p[at + 1]) ||
				 is_digit(text.p[at + 1]))))
			break;
		at++;
	}
	if (n != length || n == 0 || !check_iban(bytes_of(compact, n)) ||
	    (at < text.n && (is_alnum(text.p[at]) || text.p[at] >= 0x80)))
		return;
	c = candidate_add(e, e->iban, from, at);
	c->normalized = arena_dup(e->arena, bytes_of(compact, n));
	c->sample = rules_is_sample(e->rules, c->normalized);
}

/* Addresses of crypto-currencies are one token. */
static void
try_crypto(struct engine *e, struct bytes text, const struct token *t)
{
	struct bytes value = bytes_slice(text, t->from, t->to);
	struct bytes upper;
	struct candidate *c;
	bool ok;

	if (e->crypto == NULL || value.n < 26 || value.n > 90)
		return;
	if (bytes_starts_nocase(value, BYTES_LIT("bc1")))
		ok = !(t->upper && t->lower) && check_bech32(value);
	else if (value.n == 42 && bytes_starts(value, BYTES_LIT("0x")))
		ok = false; /* no checksum that can be told from a hash */
	else
		ok = (value.p[0] == '1' || value.p[0] == '3') &&
		     check_base58(value);
	if (!ok)
		return;
	c = candidate_add(e, e->crypto, t->from, t->to);
	c->normalized = arena_dup(e->arena, value);
	upper = value_compact(e->arena, value);
	c->sample = rules_is_sample(e->rules, upper);
}

/* BitLocker: eight groups of six digits, each divisible by 11. */
static void
try_bitlocker(
    struct engine *e, struct bytes text, const struct chain *chain, size_t i)
{
	size_t from = chain->list[i].from, to;
	struct candidate *c;

	if (i + 8 > chain->count)
		return;
	to = chain->list[i + 7].to;
	if (to - from != 55)
		return;
	for (size_t k = i; k < i + 8; k++) {
		unsigned value = 0;

		for (size_t b = chain->list[k].from; b < chain->list[k].to;
		     b++) {
			if (!is_digit(text.p[b]))
				return;
			value = value * 10 + (unsigned)(text.p[b] - '0');
		}
		if (chain->list[k].to - chain->list[k].from != 6 ||
		    value % 11 != 0 || value >= 720896)
			return;
	}
	c = candidate_add(e, NULL, from, to);
	c->kind = BYTES_LIT("bitlocker_recovery");
	c->level = LEVEL_HIGH;
	c->system = BYTES_LIT("BitLocker");
}

static void
try_chain(struct engine *e, struct bytes text, const struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++) {
		const struct token *t = &chain->list[i];

		try_from(e, text, chain, i);
		if (t->upper)
			try_iban(e, text, t->from);
		if (t->to - t->from >= 26)
			try_crypto(e, text, t);
		try_bitlocker(e, text, chain, i);
	}
}

/* A chain ends at `floor`: tried, with a word of letters after it. */
static void
end_chain(
    struct engine *e, struct bytes text, struct chain *chain, size_t floor)
{
	struct token letters;

	if (chain->count == 0)
		return;
	if (chain->count < CHAIN_MOST && letters_after(text, floor, &letters))
		chain->list[chain->count++] = letters;
	try_chain(e, text, chain);
	chain->count = 0;
}

static void
begin_chain(struct bytes text, struct chain *chain, size_t from, size_t floor)
{
	struct token letters, more;

	if (!letters_before(text, from, floor, &letters))
		return;
	if (letters_before(text, letters.from, floor, &more))
		chain->list[chain->count++] = more;
	chain->list[chain->count++] = letters;
}

/* Does the token at `from` go on the chain that ends at `floor`?  A word of
 * letters may stand between: "65 170839 J 003". */
static bool
goes_on(struct bytes text, struct chain *chain, size_t from, size_t floor)
{
	struct token letters;

	if (chain->count == 0)
		return false;
	if (from == floor + 1)
		return is_separator(text.p[floor]);
	if (from > floor + 8 || !letters_after(text, floor, &letters) ||
	    letters.to + 1 != from || !is_separator(text.p[letters.to]))
		return false;
	chain->list[chain->count++] = letters;
	return true;
}

void
tokens_find(struct engine *e, struct block *block)
{
	struct bytes text = block->text;
	struct chain chain = {.count = 0};
	size_t at = 0, floor = 0;

	while ((at = next_digit(text.p, at, text.n)) < text.n) {
		struct token t = token_around(text, at, floor);

		if (chain.count + 2 >= CHAIN_MOST) {
			/* The next window goes back as far as a shape can. */
			try_chain(e, text, &chain);
			memmove(chain.list,
			    chain.list + chain.count - STEPS_MOST,
			    STEPS_MOST * sizeof chain.list[0]);
			chain.count = STEPS_MOST;
		}
		if (!goes_on(text, &chain, t.from, floor)) {
			end_chain(e, text, &chain, floor);
			begin_chain(text, &chain, t.from, floor);
		}
		chain.list[chain.count++] = t;
		floor = at = t.to;
	}
	end_chain(e, text, &chain, floor);
}
