/* Helpers of the scanner's unit tests: scan a text, or rows, and look at the
 * findings. */
#ifndef TESTS_SCAN_TEXT_H
#define TESTS_SCAN_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

#include "forensics/exposure/scan.h"

enum { FOUND_MOST = 4096 };

static struct scanner *scanner;
static struct arena scan_arena;
static struct record_finding found_list[FOUND_MOST];
static size_t found_count;

static void
found_one(void *context, const struct record_finding *finding)
{
	const struct record_shape *shape = &record_shapes[RECORD_KIND_FINDING];
	struct record_finding copy = *finding;

	(void)context;
	for (size_t i = 0; i < shape->count; i++) {
		struct bytes *text = (struct bytes *)(void *)((char *)&copy +
		    shape->fields[i].offset);

		if (shape->fields[i].text && text->p != NULL)
			*text = arena_dup(&scan_arena, *text);
	}
	if (found_count < FOUND_MOST)
		found_list[found_count] = copy;
	found_count++;
}

static void
scan_begin(void)
{
	if (scanner == NULL) {
		scanner = scanner_new();
		arena_init(&scan_arena);
	}
	arena_reset(&scan_arena);
	found_count = 0;
	scanner_item_begin(scanner, found_one, NULL);
}

static size_t
scan_end(void)
{
	return scanner_item_end(scanner);
}

static inline void
scan_flow(const char *part, const char *text)
{
	struct text_flow flow = { .part = bytes_cstr(part),
		.text = bytes_cstr(text) };

	scanner_text(scanner, &flow);
}

static inline void
scan_one(const char *text)
{
	scan_begin();
	scan_flow("1", text);
	scan_end();
}

/* Cells separated by '|'. */
static inline void
scan_row(const char *part, unsigned number, bool header, const char *cells)
{
	struct text_cell cell[16];
	struct text_row row = { .part = bytes_cstr(part), .row = number,
		.header = header, .cells = cell };
	struct bytes rest = bytes_cstr(cells), text;
	static const char *const columns[] = { "A", "B", "C", "D", "E", "F",
		"G", "H", "I", "J", "K", "L", "M", "N", "O", "P" };

	while (row.count < 16 && bytes_cut(&rest, '|', &text)) {
		cell[row.count].text = text;
		cell[row.count].column = bytes_cstr(columns[row.count]);
		row.count++;
	}
	scanner_row(scanner, &row);
}

static inline const struct record_finding *
finding_of(const char *detector)
{
	for (size_t i = 0; i < found_count && i < FOUND_MOST; i++)
		if (bytes_eq(found_list[i].detector, bytes_cstr(detector)))
			return &found_list[i];
	return NULL;
}

static inline size_t
count_of(const char *detector)
{
	size_t n = 0;

	for (size_t i = 0; i < found_count && i < FOUND_MOST; i++)
		n += bytes_eq(found_list[i].detector, bytes_cstr(detector));
	return n;
}

static inline void
print_all(void)
{
	for (size_t i = 0; i < found_count && i < FOUND_MOST; i++)
		fprintf(stderr, "  %.*s %.*s '%.*s'\n",
		    (int)found_list[i].level.n,
		    (const char *)found_list[i].level.p,
		    (int)found_list[i].detector.n,
		    (const char *)found_list[i].detector.p,
		    (int)found_list[i].value.n,
		    (const char *)found_list[i].value.p);
}

#define assert_text(got, expected)                                             \
	do {                                                                   \
		struct bytes got_ = (got);                                     \
		if (!bytes_eq(got_, bytes_cstr(expected)))                     \
			fprintf(stderr, "got '%.*s', expected '%s'\n",         \
			    (int)got_.n, (const char *)got_.p, (expected));    \
		assert_true(bytes_eq(got_, bytes_cstr(expected)));             \
	} while (0)

/* The level of the detector's finding in the text; "" when there is none. */
static inline void
expect_level(const char *text, const char *detector, const char *level)
{
	const struct record_finding *f;

	scan_one(text);
	f = finding_of(detector);
	if ((f == NULL) != (level[0] == '\0') ||
	    (f != NULL && !bytes_eq(f->level, bytes_cstr(level)))) {
		fprintf(stderr, "'%.300s': expected %s %s\n", text, detector,
		    level[0] ? level : "nothing");
		print_all();
	}
	if (level[0] == '\0') {
		assert_null(f);
		return;
	}
	assert_non_null(f);
	assert_true(bytes_eq(f->level, bytes_cstr(level)));
}

#endif
