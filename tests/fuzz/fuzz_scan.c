/*
 * Any text through the scanner, as flow, as table rows, as halves; what comes
 * out must hold: places inside the text, masks that do not show the value.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "forensics/exposure/scan.h"

enum { CELLS = 8 };

static struct bytes whole;

static void
check(void *context, const struct record_finding *f)
{
	(void)context;
	if (f->level.n == 0 || f->detector.n == 0 || f->value.n == 0 ||
	    f->masked.n == 0 || f->normalized.n == 0)
		abort();
	if (f->text_offset != RECORD_NONE &&
	    (f->text_offset < 0 || (uint64_t)f->text_offset >= whole.n))
		abort();
	if (f->kind.n > 0 && bytes_eq(f->masked, f->value))
		abort();
}

static void
scan_flow(struct scanner *scanner, struct bytes text, unsigned half)
{
	struct text_flow flow = { .part = BYTES_LIT("1"), .text = text,
		.half = half };

	if (half > 0)
		flow.alternative = BYTES_LIT("0");
	scanner_text(scanner, &flow);
}

static void
scan_rows(struct scanner *scanner, struct bytes text)
{
	struct text_cell cell[CELLS];
	struct text_row row = { .part = BYTES_LIT("2"), .cells = cell };
	struct bytes rest = text, line, piece;

	while (bytes_cut(&rest, '\n', &line)) {
		row.count = 0;
		row.row++;
		while (row.count < CELLS && bytes_cut(&line, '|', &piece)) {
			cell[row.count].text = piece;
			cell[row.count++].column = BYTES_LIT("A");
		}
		scanner_row(scanner, &row);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct scanner *scanner;

	if (scanner == NULL)
		scanner = scanner_new();
	whole = bytes_of(data, size);
	scanner_item_begin(scanner, check, NULL);
	scan_flow(scanner, whole, 0);
	scan_rows(scanner, whole);
	scan_flow(scanner, whole, 1);
	scan_flow(scanner, whole, 2);
	scanner_item_end(scanner);
	return 0;
}
