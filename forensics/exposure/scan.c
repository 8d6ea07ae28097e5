#include "forensics/exposure/scan.h"

#include <stdlib.h>
#include <time.h>

#include "forensics/exposure/engine.h"
#include "forensics/exposure/halves.h"
#include "forensics/exposure/rows.h"
#include "parsers/base/die.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"

enum {
	ROWS_FULL = 64 * 1024,
	TABLES_MOST = 32,
	FOUND_KEEP = 65536,
	CELL_LOOK_BACK = 64
};

/* How many findings a message has: there are few messages in an item. */
struct tally {
	int64_t idx;
	size_t count;
};

struct scanner {
	struct engine engine;
	struct arena item;    /* tables, and findings that wait */
	struct arena scratch; /* of the block in hand */
	struct block flow, rows;
	struct buffer row_text;
	struct table tables[TABLES_MOST];
	size_t table_count, table_next;
	struct waiting *waiting; /* of multipart/alternative */
	size_t waiting_count, waiting_room;
	struct tally *tallies;
	size_t tally_count, tally_room, left_out;
	scanner_found *found;
	void *context;
};

static unsigned
year_now(void)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	return (unsigned)tm.tm_year + 1900;
}

struct scanner *
scanner_new(void)
{
	struct scanner *s = calloc(1, sizeof *s);
	struct engine *e;

	if (s == NULL)
		die_machine("out of memory");
	arena_init(&s->item);
	arena_init(&s->scratch);
	e = &s->engine;
	e->rules = rules_load();
	e->words = words_scanner_new(e->rules);
	e->arena = &s->scratch;
	e->year = year_now();
	e->card = rules_detector(e->rules, "card");
	e->iban = rules_detector(e->rules, "iban");
	e->dob = rules_detector(e->rules, "dob");
	e->email = rules_detector(e->rules, "email");
	e->phone = rules_detector(e->rules, "phone");
	e->address = rules_detector(e->rules, "postal_address");
	e->bank_account = rules_detector(e->rules, "us_bank_account");
	e->aba = rules_detector(e->rules, "us_aba");
	e->mrz = rules_detector(e->rules, "mrz");
	e->crypto = rules_detector(e->rules, "crypto");
	e->swift = rules_detector(e->rules, "swift");
	e->term = rules_detector(e->rules, "medical_term");
	return s;
}

static void
block_release(struct block *block)
{
	normal_release(&block->normal);
	free(block->rows);
	free(block->cells);
}

void
scanner_free(struct scanner *s)
{
	if (s == NULL)
		return;
	words_scanner_free(s->engine.words);
	arena_release(&s->item);
	arena_release(&s->scratch);
	block_release(&s->flow);
	block_release(&s->rows);
	buffer_release(&s->row_text);
	free(s->engine.found.list);
	free(s->waiting);
	free(s->tallies);
	free(s);
}

struct candidate *
candidate_add(
    struct engine *e, const struct detector *detector, size_t from, size_t to)
{
	struct candidates *all = &e->found;
	struct candidate *c;

	if (all->count == all->room) {
		all->room = all->room * 2 + 256;
		all->list =
		    reallocarray(all->list, all->room, sizeof *all->list);
		if (all->list == NULL)
			die_machine("out of memory");
	}
	c = &all->list[all->count++];
	*c = (struct candidate){.detector = detector, .from = from, .to = to};
	return c;
}

void
scanner_item_begin(struct scanner *s, scanner_found *found, void *context)
{
	arena_reset(&s->item);
	arena_reset(&s->scratch);
	s->found = found;
	s->context = context;
	s->waiting_count = s->tally_count = s->left_out = 0;
	s->table_count = s->table_next = 0;
	s->rows.row_count = s->rows.cell_count = 0;
	buffer_reset(&s->row_text);
	s->engine.wanted = (struct sets){{0}};
	s->engine.found.count = 0;
}

/* ---- one block */

static void
locate(struct engine *e, struct block *block)
{
	e->hits = words_find(e->words, block->text);
	sets_join(&e->wanted, &e->hits->seen);
	tokens_find(e, block);
	emails_find(e, block);
	phones_find(e, block);
	dates_find(e, block);
	addresses_find(e, block);
	words_values_find(e, block);
	secrets_find(e, block);
	seeds_find(e, block);
	passwords_find(e, block);
	if (block->row_count > 0)
		rows_addresses(e, block);
}

/* The value's place in the text that the sink was given. */
static struct span
origin_of(const struct block *block, const struct candidate *c)
{
	struct span s = {normal_origin(&block->normal, c->from),
	    normal_origin(&block->normal, c->to - 1)};
	struct bytes last = bytes_skip(block->original, s.to);
	struct bytes after = last;
	uint32_t code;

	/* The last character may be longer there: a full-width digit. */
	if (text_next(&after, &code))
		s.to += last.n - after.n;
	return s;
}

static size_t
part_offset(const struct block *block, size_t text)
{
	size_t low = 0, high = block->map_count;

	if (high == 0 || text < block->map[0].text)
		return text;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (block->map[middle].text <= text)
			low = middle;
		else
			high = middle;
	}
	return block->map[low].part + text - block->map[low].text;
}

/* One more of the message? */
static bool
has_room(struct scanner *s, int64_t idx)
{
	size_t i = s->tally_count;

	while (i > 0 && s->tallies[i - 1].idx != idx)
		i--;
	if (i == 0) {
		if (s->tally_count == s->tally_room) {
			s->tally_room = s->tally_room * 2 + 16;
			s->tallies = reallocarray(
			    s->tallies, s->tally_room, sizeof *s->tallies);
			if (s->tallies == NULL)
				die_machine("out of memory");
		}
		s->tallies[s->tally_count++] = (struct tally){idx, 0};
		i = s->tally_count;
	}
	if (s->tallies[i - 1].count == LIMIT_FINDINGS) {
		s->left_out++;
		return false;
	}
	s->tallies[i - 1].count++;
	return true;
}

static void
say(struct scanner *s, const struct record_finding *finding)
{
	if (has_room(s, finding->idx))
		s->found(s->context, finding);
}

static void
wait_for_half(struct scanner *s, const struct block *block,
    const struct record_finding *finding)
{
	if (s->waiting_count == s->waiting_room) {
		s->waiting_room = s->waiting_room * 2 + 256;
		s->waiting = reallocarray(
		    s->waiting, s->waiting_room, sizeof *s->waiting);
		if (s->waiting == NULL)
			die_machine("out of memory");
	}
	s->waiting[s->waiting_count] = (struct waiting){
	    *finding, block->alternative, block->half, s->waiting_count, false};
	s->waiting_count++;
}

static struct bytes
keep(struct scanner *s, struct bytes text)
{
	return text.n > 0 ? arena_dup(s->engine.arena, text) : BYTES_NONE;
}

static void
place(struct scanner *s, const struct block *block, const struct candidate *c,
    struct span at, struct record_finding *f)
{
	const struct cell *cell;
	const struct row *row;

	f->idx = block->idx;
	f->hidden = block->hidden;
	if (block->row_count == 0) {
		f->part = block->part;
		f->text_offset = (int64_t)part_offset(block, at.from);
		return;
	}
	cell = &block->cells[c->cell];
	row = &block->rows[cell->row];
	f->hidden = row->hidden;
	f->part = arena_printf(s->engine.arena, "%.*s/row=%u/col=%.*s",
	    (int)row->part.n, (const char *)row->part.p, row->number,
	    (int)cell->column.n, (const char *)cell->column.p);
}

static struct bytes
written_of(const struct block *block, const struct candidate *c)
{
	struct span at = origin_of(block, c);

	if (c->written.n > 0)
		return c->written;
	return bytes_slice(block->original, at.from, at.to);
}

static bool
same_in_cell(const struct candidate *a, const struct candidate *b)
{
	return !a->dropped && a->detector == b->detector &&
	       bytes_eq(a->kind, b->kind) &&
	       bytes_eq(a->normalized, b->normalized) &&
	       (a->name.n == 0 || b->name.n == 0 ||
		   bytes_eq(a->name, b->name));
}

/* A cell is one place: what stands in it twice is one finding, the highest,
 * unless two names lay claim to it. */
static void
cells_join(struct engine *e, const struct block *block)
{
	struct candidate *list = e->found.list;

	for (size_t i = 0; i < e->found.count; i++) {
		struct candidate *c = &list[i];

		if (c->normalized.n == 0)
			c->normalized =
			    value_normalize(e, c, written_of(block, c));
		for (size_t j = i; j-- > 0 && i - j <= CELL_LOOK_BACK &&
		     list[j].cell == c->cell;) {
			if (!same_in_cell(&list[j], c))
				continue;
			if (list[j].name.n == 0)
				list[j].name = c->name;
			if (list[j].level < c->level)
				list[j].level = c->level;
			c->dropped = true;
			break;
		}
	}
}

static void
report(struct scanner *s, struct block *block, struct candidate *c)
{
	static const char *const levels[] = {"low", "low", "medium", "high"};
	struct span at = origin_of(block, c);
	struct record_finding finding, *f = &finding;
	struct arena *arena = s->engine.arena;

	record_clear(RECORD_KIND_FINDING, f);
	place(s, block, c, at, f);
	f->detector = c->detector ? c->detector->name : c->kind;
	f->element = bytes_present(c->element) ? c->element : BYTES_LIT("");
	f->kind = c->kind;
	f->level = bytes_cstr(levels[c->level]);
	f->value = arena_dup(arena, written_of(block, c));
	f->normalized =
	    arena_dup(arena, value_normalize(&s->engine, c, f->value));
	f->masked = value_mask(arena, c, f->value);
	f->class = c->class.n ? c->class : f->detector;
	f->account = keep(s, c->account);
	f->system = keep(s, c->system);
	f->expires = c->expires;
	f->group_key = c->group;
	f->name = keep(s, c->name);
	f->link = bytes_cstr(c->link ? c->link : "none");
	if (block->alternative.n > 0)
		wait_for_half(s, block, f);
	else
		say(s, f);
}

/* What waits for the other half is kept as long as the item. */
static void
choose_arena(struct scanner *s, struct block *block, struct bytes alternative,
    unsigned half)
{
	s->engine.arena = alternative.n > 0 ? &s->item : &s->scratch;
	block->alternative = arena_dup(s->engine.arena, alternative);
	block->half = half;
}

static void
scan_block(struct scanner *s, struct block *block)
{
	struct engine *e = &s->engine;

	e->found.count = 0;
	locate(e, block);
	levels_set(e, block);
	overlaps_drop(e, block);
	if (block->row_count > 0)
		rows_link(e, block);
	links_set(e, block);
	if (block->row_count > 0)
		cells_join(e, block);
	for (size_t i = 0; i < e->found.count; i++)
		if (!e->found.list[i].dropped)
			report(s, block, &e->found.list[i]);
	arena_reset(&s->scratch);
	e->wanted = (struct sets){{0}};
	if (e->found.room > FOUND_KEEP) {
		free(e->found.list);
		e->found = (struct candidates){NULL, 0, 0};
	}
}

/* ---- flows and rows */

static void
flush_rows(struct scanner *s)
{
	struct block *block = &s->rows;

	if (block->row_count == 0)
		return;
	block->original = buffer_bytes(&s->row_text);
	normal_set(&block->normal, block->original);
	block->text = block->normal.text;
	for (size_t i = 0; i < block->cell_count; i++) {
		struct cell *cell = &block->cells[i];

		cell->from = normal_place(&block->normal, cell->from);
		cell->to = normal_place(&block->normal, cell->to);
	}
	scan_block(s, block);
	block->row_count = block->cell_count = 0;
	buffer_reset(&s->row_text);
}

void
scanner_text(struct scanner *s, const struct text_flow *flow)
{
	struct block *block = &s->flow;

	flush_rows(s);
	if (flow->text.n == 0)
		return;
	choose_arena(s, block, flow->alternative, flow->half);
	block->idx = flow->idx;
	block->part = arena_dup(s->engine.arena, flow->part);
	block->original = flow->text;
	block->map = flow->map;
	block->map_count = flow->map == NULL ? 0 : flow->map_count;
	block->hidden = flow->hidden;
	normal_set(&block->normal, flow->text);
	block->text = block->normal.text;
	scan_block(s, block);
}

static struct table *
table_of(struct scanner *s, const struct text_row *row)
{
	struct table *table;

	for (size_t i = 0; i < s->table_count; i++)
		if (s->tables[i].idx == row->idx &&
		    s->tables[i].number == row->table &&
		    bytes_eq(s->tables[i].part, row->part))
			return &s->tables[i];
	table = &s->tables[s->table_next];
	s->table_next = (s->table_next + 1) % TABLES_MOST;
	if (s->table_count < TABLES_MOST)
		s->table_count++;
	*table = (struct table){.idx = row->idx,
	    .number = row->table,
	    .part = arena_dup(&s->item, row->part)};
	return table;
}

void
scanner_row(struct scanner *s, const struct text_row *row)
{
	struct table *table = table_of(s, row);
	struct block *block = &s->rows;

	if (block->row_count > 0 &&
	    (block->idx != row->idx || block->half != row->half ||
		!bytes_eq(block->alternative, row->alternative)))
		flush_rows(s);
	/* A header is remembered longer than the rows of a block. */
	s->engine.arena = &s->item;
	if (table_take_header(&s->engine, table, row))
		return;
	if (block->row_count == 0) {
		choose_arena(s, block, row->alternative, row->half);
		block->idx = row->idx;
	}
	s->engine.arena = block->alternative.n > 0 ? &s->item : &s->scratch;
	block_add_row(&s->engine, &s->item, block, &s->row_text, table, row);
	if (s->row_text.n > ROWS_FULL)
		flush_rows(s);
}

/* ---- the item's end */

size_t
scanner_item_end(struct scanner *s)
{
	flush_rows(s);
	halves_join(s->waiting, s->waiting_count);
	for (size_t i = 0; i < s->waiting_count; i++)
		if (!s->waiting[i].dropped)
			say(s, &s->waiting[i].finding);
	s->waiting_count = 0;
	return s->left_out;
}
