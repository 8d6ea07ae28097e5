#include "forensics/exposure/rows.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/text.h"

enum { HEADER_MOST = 60, NAME_MOST = 80, LONG_CELL = 120 };

static bool
is_label_like(struct bytes text)
{
	size_t digits = 0, letters = 0;

	text = bytes_trim(text);
	for (size_t i = 0; i < text.n; i++) {
		digits += is_digit(text.p[i]);
		letters += is_alpha(text.p[i]) || text.p[i] >= 0x80;
		if (text.p[i] == '@')
			return false;
	}
	return text.n > 0 && text.n <= HEADER_MOST && digits <= 2 &&
	       letters >= 1;
}

static bool
says_something(const struct sets *sets)
{
	uint64_t any = 0;

	for (unsigned i = 0; i < SETS_MOST / 64; i++)
		any |= sets->word[i];
	return any != 0;
}

/* "Borrower name", but no name of a thing. */
static void
add_name_role(struct label_sets *sets, struct bytes label)
{
	static const char *const things[] = {"company", "business", "user",
	    "file", "host", "domain", "product", "account", "bank", "city",
	    "street", "server", "login", "first", "last", "middle",
	    "organization", "organisation", "school", "plan", "group"};

	label = bytes_trim(label);
	if (label.n < 6 ||
	    !bytes_eq_nocase(bytes_skip(label, label.n - 4), BYTES_LIT("name")))
		return;
	for (size_t i = 0; i < sizeof things / sizeof things[0]; i++)
		if (bytes_find_nocase(label, bytes_cstr(things[i])) != SIZE_MAX)
			return;
	sets_add(&sets->whole, SIGNAL_NAME);
}

static struct label_sets
sets_of_label(struct engine *e, struct bytes text)
{
	struct label_sets sets = words_of_label(e->words, e->arena, text);

	add_name_role(&sets, text);
	return sets;
}

static bool
begins_with_given_name(struct engine *e, struct bytes text)
{
	size_t comma = bytes_find_byte(text, ',');
	size_t end;

	if (comma != SIZE_MAX)
		text = bytes_trim(bytes_skip(text, comma + 1));
	end = bytes_find_byte(text, ' ');
	return rules_is_given_name(
	    e->rules, fold_plain(e->arena, bytes_slice(text, 0, end)));
}

/* " | Jane Roe | John Doe": a column a person, its rows have labels. */
static bool
take_people(struct engine *e, struct table *table, const struct text_row *row)
{
	size_t names = 0;

	if (row->count < 3 || bytes_trim(row->cells[0].text).n > HEADER_MOST)
		return false;
	for (size_t i = 1; i < row->count; i++) {
		struct bytes text = bytes_trim(row->cells[i].text);

		if (text.n > 0 && (!name_is_whole(e, text) ||
				      !begins_with_given_name(e, text)))
			return false;
		names += text.n > 0;
	}
	if (names < 2)
		return false;
	table->people = arena_array(e->arena, row->count,
	    sizeof *table->people);
	for (size_t i = 1; i < row->count; i++)
		table->people[i] = arena_dup(e->arena,
		    bytes_trim(row->cells[i].text));
	table->people_count = row->count;
	return true;
}

bool
table_take_header(
    struct engine *e, struct table *table, const struct text_row *row)
{
	size_t labels = 0, filled = 0, known = 0;
	struct label_sets *columns;

	if (!row->header && (table->begun || row->row > 1)) {
		table->begun = true;
		return false;
	}
	table->begun = true;
	if (take_people(e, table, row))
		return true;
	columns = arena_array(e->arena, row->count + 1, sizeof *columns);
	for (size_t i = 0; i < row->count; i++) {
		struct bytes text = bytes_trim(row->cells[i].text);

		filled += text.n > 0;
		if (!is_label_like(text))
			continue;
		labels++;
		columns[i] = sets_of_label(e, text);
		known += says_something(&columns[i].any);
		if (name_is_whole(e, text) && begins_with_given_name(e, text))
			return false; /* "Patient | Jane Roe" */
	}
	/* "Field | Value": the rows below bring their own labels. */
	if (row->header && filled == 2 && labels == 2 && known == 0)
		return true;
	/* One label beside a value is no header: "SSN | 123-45-6789". */
	if (filled < 2 || labels < filled ||
	    (known < (filled == 2 ? 2 : 1) && !row->header))
		return false;
	table->has_header = true;
	table->columns = columns;
	table->column_count = row->count;
	return true;
}

static struct row *
add_row(struct block *block)
{
	if (block->row_count == block->row_room) {
		block->row_room = block->row_room * 2 + 64;
		block->rows = reallocarray(
		    block->rows, block->row_room, sizeof *block->rows);
		if (block->rows == NULL)
			die_machine("out of memory");
	}
	return &block->rows[block->row_count++];
}

static struct cell *
add_cell(struct block *block)
{
	if (block->cell_count == block->cell_room) {
		block->cell_room = block->cell_room * 2 + 256;
		block->cells = reallocarray(
		    block->cells, block->cell_room, sizeof *block->cells);
		if (block->cells == NULL)
			die_machine("out of memory");
	}
	return &block->cells[block->cell_count++];
}

/* Letters, and neither digits nor signs of an address. */
static bool
can_be_name(struct bytes text)
{
	size_t letters = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (is_digit(text.p[i]) || text.p[i] == '@')
			return false;
		letters += is_alpha(text.p[i]) || text.p[i] >= 0x80;
	}
	return letters >= 2 && text.n <= NAME_MOST;
}

static struct bytes
cell_text(const struct text_row *row, size_t i)
{
	return bytes_trim(row->cells[i].text);
}

/* The cell whose column (or label before it) has the role. */
static struct bytes
cell_of_role(
    const struct table *table, const struct text_row *row, unsigned role)
{
	for (size_t i = 0; i < row->count && i < table->column_count; i++)
		if (sets_has(&table->columns[i].whole, role) &&
		    cell_text(row, i).n > 0)
			return cell_text(row, i);
	return BYTES_NONE;
}

static struct bytes
name_of_columns(
    struct engine *e, const struct table *table, const struct text_row *row)
{
	struct bytes first = cell_of_role(table, row, SIGNAL_FIRST);
	struct bytes last = cell_of_role(table, row, SIGNAL_LAST);
	struct bytes middle = cell_of_role(table, row, SIGNAL_MIDDLE);
	struct bytes name;

	if (first.n > 0 && last.n > 0 && can_be_name(first) &&
	    can_be_name(last))
		return arena_printf(e->arena, "%.*s %.*s%s%.*s", (int)first.n,
		    (const char *)first.p, (int)middle.n,
		    (const char *)middle.p, middle.n ? " " : "", (int)last.n,
		    (const char *)last.p);
	name = cell_of_role(table, row, SIGNAL_NAME);
	if (name.n > 0 && can_be_name(name))
		return arena_dup(e->arena, name);
	return BYTES_NONE;
}

static struct bytes
name_like_cell(struct engine *e, const struct text_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (name_is_whole(e, cell_text(row, i)) &&
		    begins_with_given_name(e, cell_text(row, i)))
			return arena_dup(e->arena, cell_text(row, i));
	return BYTES_NONE;
}

/* The label of cell i in a table without header: the cell before it, else
 * the row's first. */
static struct label_sets
label_of_cell(struct engine *e, const struct text_row *row, size_t i)
{
	struct label_sets none = {{{0}}, {{0}}};

	if (i == 0)
		return none;
	if (is_label_like(cell_text(row, i - 1)))
		return sets_of_label(e, cell_text(row, i - 1));
	if (is_label_like(cell_text(row, 0)))
		return sets_of_label(e, cell_text(row, 0));
	return none;
}

/* "Name | Jane Roe": the rows that follow are about her. */
static void
take_person(struct engine *e, struct arena *item, struct table *table,
    const struct text_row *row)
{
	for (size_t i = 1; i < row->count; i++) {
		struct label_sets sets;

		if (!can_be_name(cell_text(row, i)) ||
		    cell_text(row, i).n == 0 ||
		    !is_label_like(cell_text(row, i - 1)))
			continue;
		sets = sets_of_label(e, cell_text(row, i - 1));
		if (!sets_has(&sets.whole, SIGNAL_NAME))
			continue;
		table->person = arena_dup(item, cell_text(row, i));
		table->person_row = row->row;
		return;
	}
}

static void
add_address(struct bytes *parts, size_t *count, const struct table *table,
    const struct text_row *row, unsigned role)
{
	struct bytes text = cell_of_role(table, row, role);

	if (text.n > 0)
		parts[(*count)++] = text;
}

/* Street, city, state, postcode in columns of their own are one address; a
 * state without a street still says where somebody lives. */
static void
note_address(struct engine *e, struct row *out, const struct table *table,
    const struct text_row *row)
{
	struct bytes parts[6], street, zip, state_only = BYTES_NONE;
	size_t count = 0;
	struct buffer text = BUFFER_EMPTY;

	street = cell_of_role(table, row, SIGNAL_STREET);
	if (street.n == 0)
		street = cell_of_role(table, row, e->address->index);
	if (street.n == 0)
		state_only = street = cell_of_role(table, row, SIGNAL_STATE);
	if (street.n == 0)
		return;
	zip = cell_of_role(table, row, SIGNAL_ZIP);
	parts[count++] = street;
	if (state_only.n == 0) {
		add_address(parts, &count, table, row, SIGNAL_CITY);
		add_address(parts, &count, table, row, SIGNAL_STATE);
	}
	add_address(parts, &count, table, row, SIGNAL_ZIP);
	add_address(parts, &count, table, row, SIGNAL_COUNTRY);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_add_cstr(
			    &text, parts[i].p == zip.p ? " " : ", ");
		buffer_add_bytes(&text, parts[i]);
	}
	if (text.n >= 8 || state_only.n > 0)
		out->address = arena_dup(e->arena, buffer_bytes(&text));
	buffer_release(&text);
	for (size_t i = 0; i < row->count; i++)
		if (cell_text(row, i).p == street.p)
			out->address_cell = out->first + i;
}

void
rows_addresses(struct engine *e, struct block *block)
{
	for (size_t i = 0; i < block->row_count; i++) {
		const struct row *row = &block->rows[i];
		const struct cell *cell = &block->cells[row->address_cell];
		struct candidate *c;

		if (row->address.n == 0)
			continue;
		c = candidate_add(e, e->address, cell->from, cell->to);
		c->written = row->address;
	}
}

/* Two different SSNs in a row that names nobody are two people's. */
static unsigned
same_before(const struct engine *e, const struct block *block, size_t i)
{
	enum { LOOK_MOST = 64 };
	const struct candidate *c = &e->found.list[i];
	unsigned count = 0;

	if (c->detector == NULL || c->detector->contact || c->element.n == 0)
		return 0;
	for (size_t k = i; k-- > 0 && i - k < LOOK_MOST;) {
		const struct candidate *d = &e->found.list[k];

		if (block->cells[d->cell].row != block->cells[c->cell].row)
			break;
		count += d->detector == c->detector &&
			 !bytes_eq(d->normalized, c->normalized);
	}
	return count;
}

/* A row's values are its person's; text inside a cell may name another. */
void
rows_link(struct engine *e, struct block *block)
{
	for (size_t i = 0; i < e->found.count; i++) {
		struct candidate *c = &e->found.list[i];
		const struct cell *cell = &block->cells[c->cell];
		const struct row *row = &block->rows[cell->row];

		if (cell->person.n > 0) {
			c->name = cell->person;
			c->link = "column";
			c->group = arena_printf(e->arena, "%.*s@col%.*s",
			    (int)row->part.n, (const char *)row->part.p,
			    (int)cell->column.n,
			    (const char *)cell->column.p);
			continue;
		}
		if (row->name.n > 0) {
			c->name = row->name;
			c->link = row->block ? "block" : "row";
		} else if (cell->to - cell->from > LONG_CELL || row->count < 2)
			continue; /* layout: read as running text */
		else
			c->link = "none";
		c->group = arena_printf(e->arena, "%.*s@row%u.%u",
		    (int)row->part.n, (const char *)row->part.p,
		    row->block ? row->block : row->number,
		    row->name.n > 0 ? 0 : same_before(e, block, i));
	}
}

/* A first column of names, dates or anything else that a header calls by its
 * name holds values, not labels. */
static bool
first_column_is_named(const struct table *table, const struct text_row *row)
{
	return row->count > 0 && table->column_count > 0 &&
	       says_something(&table->columns[0].any);
}

void
block_add_row(struct engine *e, struct arena *item, struct block *block,
    struct buffer *text, struct table *table, const struct text_row *in)
{
	struct row *row = add_row(block);
	unsigned number = (unsigned)block->row_count - 1;
	struct label_sets row_label = {{{0}}, {{0}}};

	*row = (struct row){.first = block->cell_count,
	    .count = in->count,
	    .table = in->table,
	    .number = in->row,
	    .part = arena_dup(e->arena, in->part),
	    .hidden = in->hidden};
	/* Under a header the row has its own label: "SSN | 123-45-6789". */
	if (table->has_header && in->count > 1 &&
	    is_label_like(cell_text(in, 0)) && !first_column_is_named(table, in))
		row_label = sets_of_label(e, cell_text(in, 0));
	if (table->has_header)
		row->name = name_of_columns(e, table, in);
	else
		take_person(e, item, table, in);
	if (row->name.n == 0)
		row->name = name_like_cell(e, in);
	if (row->name.n == 0 && table->person.n > 0) {
		row->name = table->person;
		row->block = table->person_row;
	}
	for (size_t i = 0; i < in->count; i++) {
		struct cell *cell = add_cell(block);
		struct label_sets sets = {{{0}}, {{0}}};

		if (table->has_header) {
			if (i < table->column_count)
				sets = table->columns[i];
			if (i > 0)
				sets_join(&sets.any, &row_label.any);
		} else
			sets = label_of_cell(e, in, i);
		*cell = (struct cell){.from = text->n,
		    .row = number,
		    .sets = sets.any,
		    .column = arena_dup(e->arena, in->cells[i].column)};
		if (i < table->people_count)
			cell->person = arena_dup(e->arena, table->people[i]);
		sets_join(&e->wanted, &sets.any);
		buffer_add_bytes(text, in->cells[i].text);
		cell->to = text->n;
		buffer_add_cstr(text, "\n\n");
	}
	if (table->has_header && e->address != NULL)
		note_address(e, &block->rows[number], table, in);
}
