/*
 * Levels (contract 7, Checks and Keyword): high = check and keyword, or an
 * SSN written with separators and a keyword; medium = strong check alone, or
 * format and keyword where no check exists; low = weak check alone, format
 * alone, or a published sample.
 *
 * Two sweeps over candidates and keyword hits in order of place give each
 * candidate the nearest keyword before and after it, so the cost does not
 * grow with the length of a paragraph.
 */
#include <stdlib.h>

#include "forensics/exposure/engine.h"
#include "parsers/base/die.h"

enum {
	WINDOW_BEFORE = 300,
	WINDOW_AFTER = 60,
	JOIN_GAP = 6,
	TERM_REACH = 100,
	COLUMN_SLACK = 8
};

static int
compare_places(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->detector == NULL && y->detector == NULL)
		return bytes_compare(x->kind, y->kind);
	if (x->detector != NULL && y->detector != NULL)
		return x->detector->index < y->detector->index
			   ? -1
			   : x->detector->index > y->detector->index;
	return (x->detector != NULL) - (y->detector != NULL);
}

/* Where in a text read forward: the paragraph and the line begun last. */
struct reading {
	size_t paragraph, line;
};

/* On to `at`, which is not before the last one. */
static size_t
paragraph_start(struct bytes text, struct reading *r, size_t at)
{
	const uint8_t *p;

	while (r->line < at &&
	       (p = memchr(text.p + r->line, '\n', at - r->line)) != NULL) {
		size_t next = (size_t)(p - text.p) + 1, line = next;

		while (
		    next < at && (text.p[next] == ' ' || text.p[next] == '\t' ||
				     text.p[next] == '>'))
			next++;
		if (next < at && text.p[next] == '\n')
			r->paragraph = r->line = next + 1;
		else if (next == at && next > line)
			break; /* not yet known whether it is blank */
		else
			r->line = line;
	}
	return r->paragraph;
}

static size_t
paragraph_end(struct bytes text, size_t at)
{
	const uint8_t *p;

	while (at < text.n &&
	       (p = memchr(text.p + at, '\n', text.n - at)) != NULL) {
		size_t end = (size_t)(p - text.p), next = end + 1;

		while (next < text.n &&
		       (text.p[next] == ' ' || text.p[next] == '\t' ||
			   text.p[next] == '>'))
			next++;
		if (next >= text.n || text.p[next] == '\n')
			return end;
		at = end + 1;
	}
	return text.n;
}

struct bytes
paragraph_around(struct bytes text, size_t at, size_t *from)
{
	enum { REACH = 4096 }; /* a paragraph longer than that is cut */
	size_t low = at > REACH ? at - REACH : 0;
	size_t high = at + REACH < text.n ? at + REACH : text.n;
	struct reading reading = {low, low};

	*from = paragraph_start(text, &reading, at);
	return bytes_slice(
	    text, *from, paragraph_end(bytes_slice(text, 0, high), at));
}

static void
note(struct candidate *c, size_t distance, bool before, bool negative,
    size_t *negatives, size_t i)
{
	if (negative) {
		if (distance < negatives[i])
			negatives[i] = distance;
		return;
	}
	*(before ? &c->before : &c->after) = distance;
	if (distance < c->distance) {
		c->distance = distance;
		c->keyword = true;
	}
}

static bool
is_own_word(const struct engine *e, const struct candidate *c, unsigned set)
{
	/* "tel" and "phone" speak for a phone number, not against it. */
	return set == SIGNAL_NEGATIVE && c->detector == e->phone;
}

/* More characters than that in the text?  Bytes bound them from above. */
static bool
is_farther(struct bytes text, size_t from, size_t to, size_t window)
{
	size_t count = 0;

	if (to - from <= window)
		return false;
	if (to - from > window * 4)
		return true;
	for (size_t i = from; i < to; i++)
		count += (text.p[i] & 0xc0) != 0x80;
	return count > window;
}

static void
sweep_forward(struct engine *e, struct block *block, size_t *negatives)
{
	static size_t last[SETS_MOST];
	struct reading reading = {0, 0};
	size_t h = 0, start;

	for (size_t s = 0; s < SETS_MOST; s++)
		last[s] = SIZE_MAX;
	for (size_t i = 0; i < e->found.count; i++) {
		struct candidate *c = &e->found.list[i];
		unsigned sets[2];

		for (; h < e->hits->count && e->hits->list[h].to <= c->from;
		     h++)
			for (unsigned w = 0; w < SETS_MOST / 64; w++)
				for (uint64_t b = e->hits->list[h].sets.word[w];
				     b != 0; b &= b - 1)
					last[w * 64 +
					     (unsigned)__builtin_ctzll(b)] =
					    e->hits->list[h].to;
		if (c->detector == NULL)
			continue;
		sets[0] = c->detector->index;
		sets[1] = SIGNAL_NEGATIVE;
		start = paragraph_start(block->text, &reading, c->from);
		for (unsigned k = 0; k < 2; k++) {
			size_t end = last[sets[k]];

			if (end == SIZE_MAX || is_own_word(e, c, sets[k]))
				continue;
			if (end < start &&
			    (block->row_count > 0 ||
				is_farther(block->text, end, c->from,
				    WINDOW_BEFORE)))
				continue;
			note(c, c->from - end, true, k == 1, negatives, i);
		}
	}
}

static void
sweep_backward(struct engine *e, struct block *block, size_t *negatives)
{
	static size_t next[SETS_MOST];
	size_t h = e->hits->count, end = 0, read = SIZE_MAX;

	for (size_t s = 0; s < SETS_MOST; s++)
		next[s] = SIZE_MAX;
	for (size_t i = e->found.count; i-- > 0;) {
		struct candidate *c = &e->found.list[i];

		for (; h > 0 && e->hits->list[h - 1].from >= c->from; h--)
			for (unsigned w = 0; w < SETS_MOST / 64; w++)
				for (uint64_t b =
					 e->hits->list[h - 1].sets.word[w];
				     b != 0; b &= b - 1)
					next[w * 64 +
					     (unsigned)__builtin_ctzll(b)] =
					    e->hits->list[h - 1].from;
		/* The paragraph's end: a break before the place read last, or
		 * that one's. */
		if (read == SIZE_MAX)
			end = paragraph_end(block->text, c->to);
		else if (c->to < read) {
			size_t stop = paragraph_end(
			    bytes_slice(block->text, 0, read + 1), c->to);

			end = stop <= read ? stop : end;
		}
		read = c->from;
		if (c->detector == NULL)
			continue;
		for (unsigned k = 0; k < 2; k++) {
			unsigned set =
			    k == 0 ? c->detector->index : SIGNAL_NEGATIVE;
			size_t at = next[set];

			if (at == SIZE_MAX || at < c->to ||
			    is_own_word(e, c, set))
				continue;
			if (at >= end &&
			    (block->row_count > 0 ||
				is_farther(block->text, c->to, at,
				    WINDOW_AFTER)))
				continue;
			note(c, at - c->to, false, k == 1, negatives, i);
		}
	}
}

/* In rows the header and the row's label speak for the cell. */
static void
cells_speak(struct engine *e, struct block *block)
{
	size_t cell = 0;

	for (size_t i = 0; i < e->found.count && block->cell_count > 0; i++) {
		struct candidate *c = &e->found.list[i];

		while (cell + 1 < block->cell_count &&
		       block->cells[cell + 1].from <= c->from)
			cell++;
		c->cell = cell;
		if (c->detector != NULL &&
		    sets_has(&block->cells[cell].sets, c->detector->index)) {
			c->keyword = true;
			c->distance = 0;
			c->joined = true; /* the column is for it: no binding */
		}
	}
}

/* Does what stands between say only "and another"? */
static bool
is_list_gap(struct bytes gap)
{
	if (gap.n > JOIN_GAP)
		return false;
	for (size_t i = 0; i < gap.n; i++)
		if (is_digit(gap.p[i]))
			return false;
	return bytes_find_byte(gap, ':') == SIZE_MAX;
}

static bool
has_digit(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (is_digit(text.p[i]))
			return true;
	return false;
}

/* No other number stands between the keyword and the value. */
static bool
is_next_number(struct bytes text, const struct candidate *c)
{
	if (c->before <= WINDOW_BEFORE &&
	    !has_digit(bytes_slice(text, c->from - c->before, c->from)))
		return true;
	if (c->after > WINDOW_AFTER)
		return false;
	text = bytes_slice(text, c->to, c->to + c->after);
	return !has_digit(text) && bytes_find_byte(text, '\n') == SIZE_MAX &&
	       bytes_find(text, BYTES_LIT(". ")) == SIZE_MAX;
}

struct column {
	size_t field; /* tabs or bars before it on its line */
	size_t at;    /* characters before it on its line */
	bool fields;  /* the line has tabs or bars */
};

static struct column
column_of(struct bytes text, size_t at)
{
	struct column column = {0, 0, false};
	size_t from = at, to = at;

	while (from > 0 && text.p[from - 1] != '\n')
		from--;
	while (to < text.n && text.p[to] != '\n')
		to++;
	for (size_t i = from; i < to; i++) {
		bool bar = text.p[i] == '\t' || text.p[i] == '|';

		column.fields |= bar;
		column.field += bar && i < at;
		column.at += i < at;
	}
	return column;
}

/* The first line of the paragraph is a table's header, and the word in it
 * stands over the value: plain text has columns too. */
static bool
is_under_header(
    const struct engine *e, struct bytes text, const struct candidate *c)
{
	size_t start, end;
	struct column value = column_of(text, c->from);

	paragraph_around(text, c->from, &start);
	end = start;
	while (end < c->from && text.p[end] != '\n' && !is_digit(text.p[end]) &&
	       text.p[end] != ':')
		end++;
	if (end == c->from || text.p[end] != '\n' ||
	    bytes_trim(bytes_slice(text, start, end)).n == 0)
		return false;
	for (size_t h = hits_after(e->hits, start);
	     h < e->hits->count && e->hits->list[h].to <= end; h++) {
		struct column head = column_of(text, e->hits->list[h].from);

		if (!sets_has(&e->hits->list[h].sets, c->detector->index))
			continue;
		if (head.fields
			? head.field == value.field
			: head.at <= value.at + COLUMN_SLACK &&
			      value.at <= head.at + COLUMN_SLACK && head.at > 0)
			return true;
	}
	return false;
}

/* A keyword of a `bind` detector speaks for the number next to it alone, and
 * for a list that goes on from it: other dates and numbers near by are not
 * it.  Such values have no shape of their own that could tell. */
static void
bind_values(struct engine *e, struct block *block)
{
	struct candidate *bound[DETECTORS_MOST] = {NULL};

	for (size_t i = 0; i < e->found.count; i++) {
		struct candidate *c = &e->found.list[i], *last;

		if (c->detector == NULL || !c->keyword)
			continue;
		if (c->detector == e->term && c->distance > TERM_REACH)
			c->keyword = c->joined;
		/* A phone number of a shape that anything has, too. */
		if (!c->detector->bind && !(c->detector->contact && c->keyed))
			continue;
		last = bound[c->detector->index];
		c->keyword = c->joined || is_next_number(block->text, c) ||
			     (last != NULL && last->to <= c->from &&
				 is_list_gap(bytes_slice(
				     block->text, last->to, c->from))) ||
			     is_under_header(e, block->text, c);
		if (c->keyword)
			bound[c->detector->index] = c;
	}
}

static enum level
level_of(const struct candidate *c)
{
	const struct detector *d = c->detector;
	enum level level = LEVEL_LOW;

	if (c->sample)
		return LEVEL_LOW;
	switch (d->strength) {
	case STRENGTH_STRONG:
		level = c->keyword ? LEVEL_HIGH : LEVEL_MEDIUM;
		break;
	case STRENGTH_WEAK:
		level = c->keyword ? LEVEL_HIGH : LEVEL_LOW;
		break;
	case STRENGTH_WRITTEN:
		level = !c->keyword ? LEVEL_LOW
			: c->keyed  ? LEVEL_MEDIUM
				    : LEVEL_HIGH;
		break;
	case STRENGTH_NONE:
		level = c->keyword ? LEVEL_MEDIUM : LEVEL_LOW;
		break;
	}
	if (c->negative && level > LEVEL_LOW && d->strength <= STRENGTH_WRITTEN)
		level--;
	return level;
}

/* A filled cell of the value's row is of this set. */
static bool
row_says(const struct block *block, const struct candidate *c, unsigned set)
{
	const struct row *row = &block->rows[block->cells[c->cell].row];

	for (size_t i = row->first; i < row->first + row->count; i++)
		if (block->cells[i].to > block->cells[i].from &&
		    sets_has(&block->cells[i].sets, set))
			return true;
	return false;
}

/* An account number needs a routing number or a word of banking near. */
static bool
has_bank_near(const struct engine *e, const struct block *block,
    const struct candidate *c)
{
	size_t from;
	struct bytes paragraph = paragraph_around(block->text, c->from, &from);
	size_t low = c->from > WINDOW_BEFORE ? c->from - WINDOW_BEFORE : 0;
	size_t high = c->to + WINDOW_AFTER;

	if (block->row_count > 0)
		return row_says(block, c, SIGNAL_BANK) ||
		       row_says(block, c, e->aba->index);
	low = from < low ? from : low;
	high = from + paragraph.n > high ? from + paragraph.n : high;
	for (size_t h = hits_after(e->hits, low);
	     h < e->hits->count && e->hits->list[h].to <= high; h++)
		if (e->hits->list[h].from >= low &&
		    sets_has(&e->hits->list[h].sets, SIGNAL_BANK))
			return true;
	for (size_t i = 0; i < e->found.count; i++)
		if (e->found.list[i].detector == e->aba &&
		    e->found.list[i].from >= low &&
		    e->found.list[i].to <= high &&
		    e->found.list[i].from != c->from)
			return true;
	return false;
}

/* A card with its code, PIN or expiry beside it (reference, FINCODE). */
static bool
has_code_near(const struct engine *e, const struct block *block,
    const struct candidate *c)
{
	struct bytes after = bytes_skip(block->text, c->to);

	/* Track 2: PAN=YYMM and the service code. */
	if (after.n > 7 && (after.p[0] == '=' || after.p[0] == 'D') &&
	    is_digit(after.p[1]) && is_digit(after.p[4]) &&
	    is_digit(after.p[7]))
		return true;
	for (size_t h = hits_after(
		 e->hits, c->from > WINDOW_AFTER ? c->from - WINDOW_AFTER : 0);
	     h < e->hits->count; h++) {
		const struct word_hit *hit = &e->hits->list[h];
		size_t at = hit->to;

		if (hit->from > c->to + WINDOW_AFTER)
			break;
		if (hit->to + WINDOW_AFTER < c->from ||
		    !sets_has(&hit->sets, SIGNAL_CARD_CODE))
			continue;
		for (; at < block->text.n && at < hit->to + 16 && at != c->from;
		     at++)
			if (is_digit(block->text.p[at]))
				return true;
	}
	return block->row_count > 0 && row_says(block, c, SIGNAL_CARD_CODE);
}

void
levels_set(struct engine *e, struct block *block)
{
	size_t *negatives;

	if (e->found.count > 0)
		qsort(e->found.list, e->found.count, sizeof *e->found.list,
		    compare_places);
	negatives = malloc((e->found.count + 1) * sizeof *negatives);
	if (negatives == NULL)
		die_machine("out of memory");
	for (size_t i = 0; i < e->found.count; i++) {
		negatives[i] = SIZE_MAX;
		e->found.list[i].distance = SIZE_MAX;
		e->found.list[i].before = e->found.list[i].after = SIZE_MAX;
	}
	sweep_forward(e, block, negatives);
	sweep_backward(e, block, negatives);
	cells_speak(e, block);
	bind_values(e, block);
	for (size_t i = 0; i < e->found.count; i++) {
		struct candidate *c = &e->found.list[i];

		if (c->detector == NULL)
			continue;
		c->element = c->detector->element;
		c->negative = negatives[i] < c->distance;
		if (c->detector == e->bank_account && c->keyword &&
		    !has_bank_near(e, block, c))
			c->keyword = false;
		if (c->detector == e->card && has_code_near(e, block, c))
			c->element = BYTES_LIT("FINCODE");
		if (c->keyed && !c->keyword)
			c->dropped = true;
		else
			c->level = level_of(c);
	}
	free(negatives);
}
