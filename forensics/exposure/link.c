/*
 * Whose value it is (contract 7, Links), for running text: the name of its
 * labelled block, else the nearest name before it in the paragraph, else
 * the signature when the text speaks of I or my.  Rows are rows.c's.
 */
#include "forensics/exposure/engine.h"

enum { REACH = 2000, LABEL_MOST = 48, BLOCK_LINES = 40, SUBGROUP_MOST = 16 };

struct line {
	size_t from, to;
	size_t value; /* after the label, SIZE_MAX without label */
};

static struct line
line_at(struct bytes text, size_t at)
{
	struct line line = {at, at, SIZE_MAX};
	size_t label;

	while (line.from > 0 && text.p[line.from - 1] != '\n')
		line.from--;
	while (line.to < text.n && text.p[line.to] != '\n')
		line.to++;
	label = line.from;
	while (label < line.to && label - line.from < 6 &&
	       strchr(" \t>*|-", text.p[label]) != NULL)
		label++;
	for (size_t i = label; i < line.to && i - label < LABEL_MOST; i++) {
		uint8_t c = text.p[i];

		if ((c == ':' || c == '=' || c == '\t') && i > label + 1) {
			line.value = i + 1;
			break;
		}
		if (is_digit(c) || c == ',' || c == ';' || c == '@')
			break;
	}
	return line;
}

static bool
is_blank(struct bytes text, struct line line)
{
	for (size_t i = line.from; i < line.to; i++)
		if (text.p[i] != ' ' && text.p[i] != '\t' && text.p[i] != '>')
			return false;
	return true;
}

/* Sets of the words in [from, to): the hits are sorted by place. */
static struct sets
sets_in(const struct engine *e, size_t from, size_t to, bool whole)
{
	const struct word_hits *hits = e->hits;
	struct sets sets = {{0}};
	size_t low = hits_after(hits, from);

	for (; low < hits->count && hits->list[low].to <= to; low++)
		if (hits->list[low].from >= from &&
		    (!whole || (hits->list[low].from == from &&
				   hits->list[low].to == to)))
			sets_join(&sets, &hits->list[low].sets);
	return sets;
}

/* The label's own words, without bullets and quotes before them. */
static struct sets
label_sets(const struct engine *e, struct bytes text, struct line line)
{
	size_t from = line.from, to = line.value - 1;

	while (from < to && strchr(" \t>*|-", text.p[from]) != NULL)
		from++;
	while (to > from && (text.p[to - 1] == ' ' || text.p[to - 1] == '*'))
		to--;
	return sets_in(e, from, to, true);
}

static struct span
line_value(struct bytes text, struct line line)
{
	struct span s = {line.value, line.to};

	while (s.from < s.to && is_space(text.p[s.from]))
		s.from++;
	for (size_t i = s.from; i < s.to; i++)
		if (text.p[i] == '(' || text.p[i] == ';' || text.p[i] == '<' ||
		    text.p[i] == '|' || text.p[i] == '\t')
			s.to = i;
	while (s.to > s.from && is_space(text.p[s.to - 1]))
		s.to--;
	return s;
}

static bool
has_letters_only(struct bytes text)
{
	size_t letters = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (is_digit(text.p[i]) || text.p[i] == '@' || text.p[i] == ':')
			return false;
		letters += is_alpha(text.p[i]) || text.p[i] >= 0x80;
	}
	return letters >= 2 && text.n <= 60;
}

struct block_name {
	bool found;
	size_t at;	   /* of the label: what tells blocks apart */
	struct bytes name; /* in the item's arena */
};

struct part_names { /* first and last on lines of their own */
	struct bytes first, last;
	size_t at;
};

/* What a labelled line says of a name; true when it is one or completes
 * one. */
static bool
read_name_line(struct engine *e, struct bytes text, struct line line,
    struct part_names *parts, struct block_name *name)
{
	struct sets sets = label_sets(e, text, line);
	struct span s = line_value(text, line);
	struct bytes value = bytes_slice(text, s.from, s.to);
	bool first = sets_has(&sets, SIGNAL_FIRST);
	bool last = sets_has(&sets, SIGNAL_LAST);

	if (!has_letters_only(value))
		return false;
	if (sets_has(&sets, SIGNAL_NAME) && !first && !last) {
		*name = (struct block_name){
		    true, line.from, arena_dup(e->arena, value)};
		return true;
	}
	if (!first && !last)
		return false;
	if (first ? parts->first.n > 0 : parts->last.n > 0)
		*parts = (struct part_names){.at = line.from};
	if (parts->first.n == 0 && parts->last.n == 0)
		parts->at = line.from;
	*(first ? &parts->first : &parts->last) = value;
	if (parts->first.n == 0 || parts->last.n == 0)
		return false;
	*name = (struct block_name){true, parts->at,
	    arena_printf(e->arena, "%.*s %.*s", (int)parts->first.n,
		(const char *)parts->first.p, (int)parts->last.n,
		(const char *)parts->last.p)};
	return true;
}

static bool
has_line_before(struct bytes text, struct line line)
{
	(void)text;
	return line.from > 0;
}

/* First line of the labelled block around `line`: labelled lines, with at
 * most one blank or continued line between them. */
static struct line
block_first(struct bytes text, struct line line)
{
	struct line first = line;
	unsigned gap = 0;

	for (unsigned n = 0; n < BLOCK_LINES && has_line_before(text, line);
	     n++) {
		line = line_at(text, line.from - 1);
		if (line.value != SIZE_MAX) {
			first = line;
			gap = 0;
		} else if (++gap > 2)
			break;
	}
	return first;
}

/* The last name said at or before `at` in its block; else the first after. */
static struct block_name
block_name(struct engine *e, struct bytes text, size_t at)
{
	struct line own = line_at(text, at), line;
	struct block_name best = {false, 0, BYTES_NONE}, name;
	struct part_names parts = {BYTES_NONE, BYTES_NONE, 0};
	unsigned gap = 0;

	if (own.value == SIZE_MAX || own.value > at)
		return best;
	line = block_first(text, own);
	for (unsigned n = 0; n < 2 * BLOCK_LINES; n++) {
		if (line.value != SIZE_MAX) {
			gap = 0;
			if (read_name_line(e, text, line, &parts, &name) &&
			    (line.from <= at || !best.found))
				best = name;
			if (line.from > at && best.found)
				break;
		} else if (++gap > 2 ||
			   (line.from > at && is_blank(text, line) && gap > 1))
			break;
		if (line.to >= text.n)
			break;
		line = line_at(text, line.to + 1);
	}
	return best;
}

static struct word_list self_words = {
    .words = "i my mine mein meine meiner ich mon ma je yo mi mis "
	     "mio mia io meu minha mijn ik"};

/* "my", "I" in the paragraph before the value; where the last one stands. */
static size_t
self_before(struct bytes text, size_t low, size_t at)
{
	size_t end = at, from;

	while (end > low) {
		while (end > low && !is_alpha(text.p[end - 1]))
			end--;
		from = end;
		while (from > low &&
		       (is_alpha(text.p[from - 1]) || text.p[from - 1] >= 0x80))
			from--;
		if (end - from <= 6 && end > from &&
		    (end - from > 1 || text.p[from] == 'I') &&
		    is_listed_word(bytes_slice(text, from, end), &self_words))
			return from;
		if (from == end)
			break;
		end = from;
	}
	return SIZE_MAX;
}

static bool
name_on_line(const struct engine *e, struct bytes text, struct line line,
    struct span *name)
{
	size_t from = line.from, to = line.to;

	while (from < to && strchr(" \t>*-", text.p[from]) != NULL)
		from++;
	for (size_t i = from; i < to; i++)
		if (text.p[i] == ',' || text.p[i] == '|' || text.p[i] == '(')
			to = i;
	while (to > from && (is_space(text.p[to - 1]) || text.p[to - 1] == '*'))
		to--;
	if (!name_is_whole(e, bytes_slice(text, from, to)))
		return false;
	*name = (struct span){from, to};
	return true;
}

/* The first of three lines after a closing or "-- " that is a name. */
static bool
name_after(const struct engine *e, struct bytes text, struct line line,
    struct span *name)
{
	for (unsigned n = 0; n < 3 && line.to < text.n; n++) {
		line = line_at(text, line.to + 1);
		if (name_on_line(e, text, line, name))
			return true;
	}
	return false;
}

static bool
signature_after(
    const struct engine *e, struct bytes text, size_t at, struct span *name)
{
	struct line line;
	size_t dashes;

	for (size_t h = hits_after(e->hits, at); h < e->hits->count; h++) {
		const struct word_hit *hit = &e->hits->list[h];

		if (hit->from < at || !sets_has(&hit->sets, SIGNAL_CLOSING))
			continue;
		line = line_at(text, hit->from);
		if (hit->from - line.from <= 3 && line.to - hit->to <= 3 &&
		    name_after(e, text, line, name))
			return true;
	}
	dashes = bytes_find(bytes_skip(text, at), BYTES_LIT("\n-- \n"));
	if (dashes != SIZE_MAX &&
	    name_after(e, text, line_at(text, at + dashes + 1), name))
		return true;
	/* The last line that says something. */
	line = (struct line){0, text.n, SIZE_MAX};
	while (line.to > at && is_space(text.p[line.to - 1]))
		line.to--;
	return line.to > at &&
	       name_on_line(e, text, line_at(text, line.to - 1), name) &&
	       name->from > at;
}

/* The last name before a place, remembered: the values of a long paragraph
 * are asked for in order, and each text is read once. */
struct last_name {
	size_t paragraph, upto;
	bool found;
	struct span name;
};

static bool
last_name_before(const struct engine *e, struct bytes text,
    struct last_name *last, size_t paragraph, size_t low, size_t at)
{
	enum { OVERLAP = 100 }; /* a name may have begun before `upto` */
	size_t from = low;
	struct span name;

	if (last->paragraph != paragraph)
		*last = (struct last_name){.paragraph = paragraph};
	else if (last->upto > low + OVERLAP)
		from = last->upto - OVERLAP;
	if (name_before(e, text, from, at, &name)) {
		last->found = true;
		last->name = name;
	}
	last->upto = at;
	return last->found && last->name.from >= low;
}

/* Values without a name: one person, until one of them says otherwise. */
struct subgroup {
	size_t paragraph;
	unsigned number;
	struct {
		const struct detector *detector;
		struct bytes normalized;
	} seen[SUBGROUP_MOST];
	size_t count;
};

static void
subgroup_take(struct subgroup *s, const struct candidate *c, size_t paragraph)
{
	bool tells = c->detector != NULL && !c->detector->contact &&
		     c->element.n > 0 && c->level >= LEVEL_MEDIUM;
	bool differs = false;

	if (paragraph != s->paragraph) {
		s->paragraph = paragraph;
		s->number = 0;
		s->count = 0;
	}
	if (!tells)
		return;
	for (size_t i = 0; i < s->count; i++)
		differs |= s->seen[i].detector == c->detector &&
			   !bytes_eq(s->seen[i].normalized, c->normalized);
	if (differs) {
		s->number++;
		s->count = 0;
	}
	if (s->count < SUBGROUP_MOST) {
		s->seen[s->count].detector = c->detector;
		s->seen[s->count++].normalized = c->normalized;
	}
}

/* What leads to the same words on the same line speaks of one person, by
 * whatever link. */
static void
set_link(struct engine *e, const struct block *block, struct candidate *c,
    const char *link, size_t at, struct bytes name)
{
	c->link = link;
	c->name = name;
	c->group = arena_printf(e->arena, "%.*s@%zu/%.*s", (int)block->part.n,
	    (const char *)block->part.p, line_at(block->text, at).from,
	    (int)name.n, (const char *)name.p);
}

static void
link_one(struct engine *e, struct block *block, struct candidate *c,
    struct subgroup *subgroup, struct last_name *last)
{
	struct bytes text = block->text;
	struct block_name labelled = block_name(e, text, c->from);
	struct span name;
	size_t low, start, self;
	bool named;

	if (labelled.found) {
		set_link(e, block, c, "block", labelled.at, labelled.name);
		return;
	}
	paragraph_around(text, c->from, &low);
	start = low;
	if (c->from - low > REACH)
		low = c->from - REACH;
	self = self_before(text, low, c->from);
	named = last_name_before(e, text, last, start, low, c->from);
	name = last->name;
	if (self != SIZE_MAX && (!named || self > name.to) &&
	    signature_after(e, text, c->to, &name)) {
		set_link(e, block, c, "signature", name.from,
		    arena_dup(e->arena, bytes_slice(text, name.from, name.to)));
		return;
	}
	if (named) {
		name = last->name;
		set_link(e, block, c, "paragraph", name.from,
		    arena_dup(e->arena, bytes_slice(text, name.from, name.to)));
		return;
	}
	subgroup_take(subgroup, c, start);
	c->link = "none";
	c->group = arena_printf(e->arena, "%.*s@none%zu.%u", (int)block->part.n,
	    (const char *)block->part.p, start, subgroup->number);
}

/* Does the value say something that counts for a person? */
static bool
counts(const struct engine *e, const struct candidate *c)
{
	return c->level >= LEVEL_MEDIUM &&
	       (c->element.n > 0 || c->kind.n > 0 || c->detector == e->address);
}

/* Contact data is for linking alone: without a value that counts in the same
 * text nobody asks whose it is. */
void
links_set(struct engine *e, struct block *block)
{
	struct subgroup subgroup = {.paragraph = SIZE_MAX};
	struct last_name last = {.paragraph = SIZE_MAX};
	bool matters = false;

	for (size_t i = 0; i < e->found.count && !matters; i++)
		matters = counts(e, &e->found.list[i]);
	for (size_t i = 0; i < e->found.count && matters; i++) {
		struct candidate *c = &e->found.list[i];

		if (c->group.n == 0 &&
		    (counts(e, c) ||
			(c->detector != NULL && c->detector->contact)))
			link_one(e, block, c, &subgroup, &last);
	}
}
