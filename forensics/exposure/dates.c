/* Dates of birth: a date, and a keyword that speaks for it. */
#include "forensics/exposure/engine.h"
#include "parsers/base/text.h"

enum { FIRST_YEAR = 1900, DATE_MOST = 40 };

static const struct {
	const char *name; /* folded, without accents */
	unsigned month;
} months[] = {{"january", 1}, {"february", 2}, {"march", 3}, {"april", 4},
    {"may", 5}, {"june", 6}, {"july", 7}, {"august", 8}, {"september", 9},
    {"october", 10}, {"november", 11}, {"december", 12}, {"jan", 1}, {"feb", 2},
    {"mar", 3}, {"apr", 4}, {"jun", 6}, {"jul", 7}, {"aug", 8}, {"sep", 9},
    {"sept", 9}, {"oct", 10}, {"nov", 11}, {"dec", 12}, {"januar", 1},
    {"februar", 2}, {"marz", 3}, {"maerz", 3}, {"mai", 5}, {"juni", 6},
    {"juli", 7}, {"oktober", 10}, {"dezember", 12}, {"okt", 10}, {"dez", 12},
    {"janvier", 1}, {"fevrier", 2}, {"mars", 3}, {"avril", 4}, {"juin", 6},
    {"juillet", 7}, {"aout", 8}, {"septembre", 9}, {"octobre", 10},
    {"novembre", 11}, {"decembre", 12}, {"enero", 1}, {"febrero", 2},
    {"marzo", 3}, {"abril", 4}, {"mayo", 5}, {"junio", 6}, {"julio", 7},
    {"agosto", 8}, {"septiembre", 9}, {"octubre", 10}, {"noviembre", 11},
    {"diciembre", 12}, {"gennaio", 1}, {"febbraio", 2}, {"aprile", 4},
    {"maggio", 5}, {"giugno", 6}, {"luglio", 7}, {"settembre", 9},
    {"ottobre", 10}, {"dicembre", 12}, {"janeiro", 1}, {"fevereiro", 2},
    {"marco", 3}, {"maio", 5}, {"junho", 6}, {"julho", 7}, {"setembro", 9},
    {"outubro", 10}, {"novembro", 11}, {"dezembro", 12}, {"januari", 1},
    {"februari", 2}, {"maart", 3}, {"mei", 5}, {"augustus", 8}};

static unsigned
month_named(struct bytes word)
{
	uint8_t folded[16];
	struct arena arena;
	struct bytes plain;
	unsigned found = 0;

	if (word.n < 3 || word.n >= sizeof folded)
		return 0;
	arena_init(&arena);
	plain = text_fold_name(&arena, word);
	for (size_t i = 0; i < sizeof months / sizeof months[0]; i++)
		if (bytes_eq(plain, bytes_cstr(months[i].name)))
			found = months[i].month;
	arena_release(&arena);
	return found;
}

struct piece { /* of a date: a number or a month's name */
	unsigned value;
	size_t digits; /* 0: a name */
};

struct reader {
	struct bytes text;
	size_t at;
	struct piece piece[3];
	size_t count;
	uint8_t separator;
};

static bool
take_number(struct reader *r)
{
	size_t from = r->at;
	unsigned value = 0;

	while (
	    r->at < r->text.n && is_digit(r->text.p[r->at]) && r->at - from < 5)
		value = value * 10 + (unsigned)(r->text.p[r->at++] - '0');
	if (r->at == from || r->at - from == 3 || r->at - from > 4)
		return false;
	r->piece[r->count++] = (struct piece){value, r->at - from};
	return true;
}

static bool
take_month(struct reader *r)
{
	size_t from = r->at;
	unsigned month;

	while (r->at < r->text.n &&
	       (is_alpha(r->text.p[r->at]) || r->text.p[r->at] >= 0x80))
		r->at++;
	month = month_named(bytes_slice(r->text, from, r->at));
	if (month == 0)
		return false;
	r->piece[r->count++] = (struct piece){month, 0};
	return true;
}

/* "1st", "14th", "1er", " de ", " of ", ", ": what stands between pieces. */
static void
skip_between(struct reader *r)
{
	static const char *const fillers[] = {
	    "st", "nd", "rd", "th", "er", "de", "of", "del", "do"};
	bool more = true;

	while (more && r->at < r->text.n) {
		uint8_t c = r->text.p[r->at];

		more = false;
		if (c == ' ' || c == ',' || c == '.' || c == '/' || c == '-' ||
		    c == '\n') {
			if (r->separator == 0 && c != ' ' && c != '\n')
				r->separator = c;
			r->at++;
			more = true;
			continue;
		}
		for (size_t i = 0; i < sizeof fillers / sizeof fillers[0];
		     i++) {
			struct bytes word = bytes_cstr(fillers[i]);
			size_t end = r->at + word.n;

			if (bytes_starts_nocase(
				bytes_skip(r->text, r->at), word) &&
			    (end >= r->text.n || !is_alpha(r->text.p[end]))) {
				r->at = end;
				more = true;
				break;
			}
		}
	}
}

/* Which of the three is the year, which the month. */
static bool
assign(const struct reader *r, struct date *date)
{
	const struct piece *p = r->piece;
	bool swap;

	if (p[0].digits == 4) { /* 1985-03-14 */
		*date = (struct date){p[0].value, p[1].value, p[2].value};
		return p[2].digits > 0 && p[2].digits <= 2 &&
		       (p[1].digits == 0 || p[1].digits <= 2);
	}
	if (p[2].digits != 4 && p[2].digits != 2)
		return false;
	date->year = p[2].value;
	if (p[2].digits == 2)
		date->year += p[2].value > 26 ? 1900u : 2000u;
	if (p[0].digits == 0 || p[1].digits == 0) {
		if (p[0].digits == p[1].digits)
			return false;
		date->month = p[0].digits == 0 ? p[0].value : p[1].value;
		date->day = p[0].digits == 0 ? p[1].value : p[0].value;
		return true;
	}
	/* "01 02 03" is a row of a calendar. */
	if (r->separator == 0 && p[2].digits == 2)
		return false;
	swap = r->separator == '/' ? p[0].value > 12
				   : !(p[1].value > 12 && p[0].value <= 12);
	date->month = swap ? p[1].value : p[0].value;
	date->day = swap ? p[0].value : p[1].value;
	return p[0].digits <= 2 && p[1].digits <= 2;
}

bool
date_read(struct bytes text, struct date *date, size_t *used)
{
	struct reader r = {.text = bytes_slice(text, 0, DATE_MOST)};

	while (r.count < 3) {
		size_t end;

		if (r.at >= r.text.n)
			return false;
		if (is_digit(r.text.p[r.at]) ? !take_number(&r)
					     : !take_month(&r))
			return false;
		end = r.at;
		if (r.count == 3) {
			*used = end;
			break;
		}
		skip_between(&r);
		if (r.at == end)
			return false;
	}
	if (r.at < text.n && (is_alnum(text.p[r.at])))
		return false;
	return assign(&r, date) &&
	       check_date(date->year, date->month, date->day);
}

static void
try_date(struct engine *e, struct block *block, size_t at)
{
	struct bytes text = block->text;
	struct date date;
	struct candidate *c;
	size_t used;

	if (at > 0 && (is_alnum(text.p[at - 1]) || text.p[at - 1] >= 0x80 ||
			  (at > 1 && is_digit(text.p[at - 2]) &&
			      strchr("-./:", text.p[at - 1]) != NULL &&
			      text.p[at - 1] != 0)))
		return;
	if (!date_read(bytes_skip(text, at), &date, &used) ||
	    date.year < FIRST_YEAR || date.year > e->year)
		return;
	c = candidate_add(e, e->dob, at, at + used);
	c->keyed = true;
	c->normalized = arena_printf(
	    e->arena, "%04u-%02u-%02u", date.year, date.month, date.day);
}

/* Dates in reach of a keyword: 300 bytes after it, 60 and a date before. */
static void
dates_near(struct engine *e, struct block *block, size_t from, size_t to)
{
	struct bytes text = block->text;

	for (size_t at = from; at < to && at < text.n; at++) {
		uint8_t c = text.p[at];
		bool start = at == 0 || !(is_alnum(text.p[at - 1]) ||
					    text.p[at - 1] >= 0x80);

		if (start && (is_digit(c) || is_alpha(c) || c >= 0x80))
			try_date(e, block, at);
	}
}

void
dates_find(struct engine *e, struct block *block)
{
	enum { BEFORE = 100, AFTER = 320 };
	size_t done = 0;

	if (e->dob == NULL || !sets_has(&e->wanted, e->dob->index))
		return;
	for (size_t i = 0; i < block->cell_count; i++)
		if (sets_has(&block->cells[i].sets, e->dob->index)) {
			dates_near(
			    e, block, block->cells[i].from, block->cells[i].to);
		}
	for (size_t h = 0; h < e->hits->count; h++) {
		const struct word_hit *hit = &e->hits->list[h];
		size_t from, start;
		struct bytes paragraph;

		if (!sets_has(&hit->sets, e->dob->index))
			continue;
		paragraph = paragraph_around(block->text, hit->from, &start);
		from = hit->from > BEFORE ? hit->from - BEFORE : 0;
		if (block->row_count > 0 && from < start)
			from = start;
		if (from < done)
			from = done;
		done = hit->to + AFTER;
		if (done < start + paragraph.n || block->row_count > 0)
			done = start + paragraph.n;
		dates_near(e, block, from, done);
	}
}
