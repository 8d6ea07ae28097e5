/* Damaged, cut and endless logs: a bad record costs itself, nothing is lost
 * without a row, and pieces of any size give the same records. */
#include "tests/audit_test.h"

#include "parsers/audit/json_split.h"
#include "parsers/base/csv.h"
#include "parsers/base/limits.h"

static const char *const records[] = { BIND, SYNC, RULE };

static int64_t
lost(const struct kept *kept)
{
	int64_t sum = 0;

	for (size_t i = 0; i < kept->count[RECORD_KIND_PROBLEM]; i++)
		sum += kept_problem(kept, i)->items_lost;
	return sum;
}

/* Every truncation: what ends before the cut is read, a piece of a record is
 * a row, and nothing else is. */
static void
truncations_of(const char *format, struct bytes whole, const size_t *ends)
{
	const struct parser *parser = parser_named(bytes_cstr(format));

	for (size_t n = 1; n <= whole.n; n++) {
		size_t before = 0;
		struct kept kept;

		while (before < 3 && ends[before] <= n)
			before++;
		kept_init(&kept);
		kept_run_bytes(&kept, parser, bytes_slice(whole, 0, n));
		if (kept.count[RECORD_KIND_EVENT] != before)
			fail_msg("%s cut at %zu: %zu events, expected %zu",
			    format, n, kept.count[RECORD_KIND_EVENT], before);
		if (n < whole.n && before < 3 && n > ends[before] - 2)
			assert_int_equal(lost(&kept), 1);
		assert_true(lost(&kept) <= 1);
		kept_release(&kept);
	}
}

static void
truncated_lines(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	size_t ends[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		buffer_add_cstr(&out, records[i]);
		ends[i] = out.n;
		buffer_add_byte(&out, '\n');
	}
	truncations_of("ual_json", buffer_bytes(&out), ends);
	buffer_release(&out);
}

static void
truncated_array(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	size_t ends[3];
	struct kept kept;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		buffer_add_cstr(&out, i ? "," : "[");
		buffer_add_cstr(&out, records[i]);
		ends[i] = out.n;
	}
	buffer_add_byte(&out, ']');
	truncations_of("ual_json", buffer_bytes(&out), ends);
	/* Cut between two records: no record is broken, and yet it is said */
	read_bytes(&kept, "ual_json",
	    bytes_slice(buffer_bytes(&out), 0, ends[1] + 1));
	assert_int_equal(kept_problems(&kept, "truncated"), 1);
	assert_text(kept_problem(&kept, 0)->severity, "partial");
	kept_release(&kept);
	buffer_release(&out);
}

static void
truncated_csv(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	size_t ends[3];

	(void)state;
	buffer_add_cstr(&out, "RecordId,AuditData,X\n");
	for (size_t i = 0; i < 3; i++) {
		buffer_add_cstr(&out, "48d8229c-17ca-46ed-95aa-f96b5786556a,");
		add_cell(&out, records[i]);
		ends[i] = out.n - 1; /* a closing quote may be missing */
		buffer_add_cstr(&out, ",\n");
	}
	truncations_of("ual_csv", buffer_bytes(&out), ends);
	buffer_release(&out);
}

/* A record in the middle is damaged; its neighbours are not. */
static void
check_middle(const char *begin, const char *between, const char *end,
    const char *bad)
{
	struct buffer out = BUFFER_EMPTY;
	struct kept kept;

	buffer_printf(&out, "%s%s%s%s%s%s%s", begin, BIND, between, bad,
	    between, SYNC, end);
	read_bytes(&kept, "ual_json", buffer_bytes(&out));
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 2);
	assert_text(event_at(&kept, 1)->access_type, "sync");
	assert_int_equal(lost(&kept), 1);
	assert_time(kept_problem(&kept, 0)->time_us, "2023-06-01T09:00:00Z");
	kept_release(&kept);
	buffer_release(&out);
}

#define BAD_BEGIN                                                              \
	"{\"CreationTime\":\"2023-06-01T09:00:00\",\"Id\":\"x\","             \
	"\"Operation\":\"Send\",\"Item\":"

static void
damaged_in_the_middle(void **state)
{
	static const char *const bads[] = {
		BAD_BEGIN "{\"Id\":\"open",   /* a quote is missing */
		BAD_BEGIN "{\"Id\":\"1\"",    /* a brace is missing */
		BAD_BEGIN "[1,,]}",
		BAD_BEGIN "{\"Id\":tru}}",
		BAD_BEGIN "\"\\" };

	(void)state;
	for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
		check_middle("", "\n", "\n", bads[i]);
		check_middle("[", ",", "]", bads[i]);
		check_middle("[\n", ",\n", "\n]\n", bads[i]);
		check_middle("{\"value\":[", ",", "]}", bads[i]);
	}
}

/* 3,062 characters of old cmdlets, 32,767 of Excel. */
static void
cut_cells(void **state)
{
	static const size_t cuts[] = { 3062, 32767 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct buffer cell = BUFFER_EMPTY, out = BUFFER_EMPTY;
		struct kept kept;

		buffer_add_cstr(&cell, "{\"CreationTime\":"
		    "\"2023-06-01T09:00:00\",\"Id\":\"i-1\",\"Operation\":"
		    "\"MailItemsAccessed\",\"MailboxGuid\":\"g-1\",\"X\":\"");
		while (cell.n < cuts[i])
			buffer_add_byte(&cell, 'x');
		cell.n = cuts[i];
		buffer_add_byte(&cell, '\0');
		buffer_add_cstr(&out, "CreationDate,AuditData,Identity\n1,");
		add_cell(&out, (const char *)cell.p);
		buffer_add_cstr(&out, ",1.0032E+15\n2,");
		add_cell(&out, SYNC);
		buffer_add_cstr(&out, ",y\n");
		read_bytes(&kept, "ual_csv", buffer_bytes(&out));
		assert_int_equal(kept.count[RECORD_KIND_EVENT], 1);
		assert_int_equal(lost(&kept), 1);
		assert_text(kept_problem(&kept, 0)->kind, "truncated");
		assert_text(kept_problem(&kept, 0)->mailbox, "g-1");
		assert_text(kept_problem(&kept, 0)->locator, "row=2");
		assert_time(kept_problem(&kept, 0)->time_us,
		    "2023-06-01T09:00:00Z");
		kept_release(&kept);
		buffer_release(&cell);
		buffer_release(&out);
	}
}

/* Excel writes "1.00E+15" for user keys; line breaks stand inside cells. */
static void
mangled_cells(void **state)
{
	struct kept kept;

	(void)state;
	read_text(&kept, "ual_csv", "AuditData;X;Y\r\n"
	    "\"{\"\"Id\"\":\"\"a\"\",\r\n\"\"Operation\"\":\"\"x\"\",\n"
	    "\"\"UserKey\"\":1.0032E+15}\";\"a\r\nb\"\r\n\r\n"
	    ";;\r\n");
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 1);
	assert_text(event_at(&kept, 0)->user_key, "1003200000000000");
	assert_int_equal(lost(&kept), 1); /* the row of empty cells */
	kept_release(&kept);
}

/* One stray quote in a Purview export swallows its own row alone. */
static void
stray_quote(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	struct kept kept;

	(void)state;
	buffer_add_cstr(&out, "RecordId,AuditData,X\r\n");
	for (size_t i = 0; i < 3; i++) {
		buffer_printf(&out, "00000000-1111-2222-3333-44444444444%zu,",
		    i);
		if (i == 1)
			buffer_add_cstr(&out, "\"");
		add_cell(&out, records[i]);
		buffer_add_cstr(&out, i == 1 ? "\",\r\n" : ",\r\n");
	}
	buffer_add_cstr(&out, "00000000-1111-2222-3333-444444444447,\"{\"\"Id"
	    "\r\n00000000-1111-2222-3333-444444444448,");
	add_cell(&out, RULE);
	buffer_add_cstr(&out, ",\r\n");
	read_bytes(&kept, "ual_csv", buffer_bytes(&out));
	assert_int_equal(kept.count[RECORD_KIND_EVENT] + (size_t)lost(&kept),
	    5);
	assert_true(kept.count[RECORD_KIND_EVENT] >= 3);
	kept_release(&kept);
	buffer_release(&out);
}

static void
exports_at_their_limit(void **state)
{
	static const size_t rows[] = { 4999, 5000, 5001, 50000 };

	(void)state;
	for (size_t k = 0; k < 8; k++) {
		struct buffer out = BUFFER_EMPTY;
		size_t n = rows[k % 4];
		struct kept kept;

		if (k < 4)
			buffer_add_cstr(&out, "CreationDate,AuditData,X\n");
		for (size_t i = 0; i < n; i++)
			buffer_printf(&out, k < 4
				? "1,\"{\"\"Operation\"\":\"\"x\"\",\"\"Creation"
				  "Time\"\":\"\"2023-06-01T00:%02zu:%02zu\"\"}\""
				  ",\n"
				: "{\"Operation\":\"x\",\"Workload\":\"y\","
				  "\"CreationTime\":\"2023-06-01T00:%02zu:%02zu"
				  "\"}\n", i / 60 % 60, i % 60);
		read_bytes(&kept, k < 4 ? "ual_csv" : "ual_json",
		    buffer_bytes(&out));
		assert_int_equal(kept.count[RECORD_KIND_EVENT], n);
		assert_int_equal(kept_problems(&kept, "cut_export"),
		    n == 5000 || n == 50000);
		if (n == 5000) {
			assert_time(kept_problem(&kept, 0)->time_us,
			    "2023-06-01T00:23:19Z");
			assert_text(kept_problem(&kept, 0)->severity,
			    "partial");
			assert_int_equal(kept_problem(&kept, 0)->items_lost, 0);
		}
		kept_release(&kept);
		buffer_release(&out);
	}
}

/* Pieces of 1, 2, 7 and 4096 bytes find the same records. */
static void
pieces_of_json(void **state)
{
	static const size_t sizes[] = { 1, 2, 7, 4096 };
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	buffer_printf(&out, "[%s,\n%s , %s]", BIND, SYNC, RULE);
	for (size_t k = 0; k < 4; k++) {
		struct json_splitter s = { 0 };
		size_t found = 0, begin = 0;

		for (size_t at = 0; at < out.n; at += sizes[k]) {
			struct bytes chunk = bytes_slice(buffer_bytes(&out),
			    at, at + sizes[k]);
			size_t end = 0;

			while ((end = json_record_end(&s, chunk, end,
			            &begin)) != SIZE_MAX)
				found++;
		}
		assert_int_equal(found, 3);
	}
	buffer_release(&out);
}

static void
pieces_of_csv(void **state)
{
	static const size_t sizes[] = { 1, 2, 7, 63, 64, 65, 4096 };
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	for (size_t i = 0; i < 200; i++)
		buffer_printf(&out, "%zu,\"a\n\"\"b\"\"\r\n%.*s\",c\n", i,
		    (int)(i % 70), "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	for (size_t k = 0; k < 7; k++) {
		struct csv_splitter s = { 0 };
		size_t found = 0;

		for (size_t at = 0; at < out.n; at += sizes[k]) {
			struct bytes chunk = bytes_slice(buffer_bytes(&out),
			    at, at + sizes[k]);
			size_t end = 0;

			while ((end = csv_row_end(&s, chunk, end)) != SIZE_MAX)
				found++;
		}
		assert_int_equal(found, 200);
	}
	buffer_release(&out);
}

/* More than a unit of 16 MiB: no record is lost or said twice at a border,
 * rows and lines are numbered through. */
static void
units(void **state)
{
	static const char *const forms[] = { "line", "array", "csv" };
	enum { COUNT = 11000, PAD = 2000 };

	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct buffer out = BUFFER_EMPTY;
		struct kept kept;

		buffer_add_cstr(&out, k == 1 ? "[" : k == 2
			? "RecordId,AuditData,X\n" : "");
		for (size_t i = 0; i < COUNT; i++) {
			const char *q = k == 2 ? "\"\"" : "\"";

			if (k == 2)
				buffer_add_cstr(&out, "x,\"");
			buffer_printf(&out, "{%sCreationTime%s:%s2023-06-01T00"
			    ":00:00%s,%sOperation%s:%sx%s,%sRecordType%s:1,"
			    "%sId%s:%si%zu%s,%sP%s:%s%*d%s}", q, q, q, q, q, q,
			    q, q, q, q, q, q, q, i, q, q, q, q, PAD, 1, q);
			buffer_add_cstr(&out, k == 0 ? "\n" : k == 1 ? ","
								     : "\",\n");
		}
		if (k == 1)
			out.p[out.n - 1] = ']';
		read_bytes(&kept, k == 2 ? "ual_csv" : "ual_json",
		    buffer_bytes(&out));
		assert_int_equal(kept.count[RECORD_KIND_UNIT], 2);
		assert_int_equal(kept.count[RECORD_KIND_PROBLEM], 0);
		assert_int_equal(kept.count[RECORD_KIND_EVENT], COUNT);
		for (size_t i = 0; i < COUNT; i++) {
			char id[32];

			snprintf(id, sizeof id, "i%zu", i);
			assert_text(event_at(&kept, i)->record_id, id);
			if (k == 1)
				continue;
			snprintf(id, sizeof id, "%s=%zu", k ? "row" : "line",
			    k ? i + 2 : i + 1);
			assert_text(event_at(&kept, i)->locator, id);
		}
		(void)forms;
		kept_release(&kept);
		buffer_release(&out);
	}
}

/* {"...","P":"xxx"} of exactly n bytes. */
static void
add_long(struct buffer *out, size_t n)
{
	static const char begin[] = "{\"CreationTime\":\"2023-06-01T09:00:00\","
				    "\"Operation\":\"x\",\"Workload\":\"y\","
				    "\"P\":\"";
	size_t pad = n - (sizeof begin - 1) - 2;

	buffer_add_cstr(out, begin);
	memset(buffer_reserve(out, pad), 'x', pad);
	out->n += pad;
	buffer_add_cstr(out, "\"}");
}

static void
records_at_their_limit(void **state)
{
	struct buffer out = BUFFER_EMPTY;
	struct kept kept;

	(void)state;
	add_long(&out, LIMIT_RECORD_BYTES);
	buffer_add_byte(&out, '\n');
	add_long(&out, LIMIT_RECORD_BYTES + 1);
	buffer_printf(&out, "\n%s\n", SYNC);
	kept_init(&kept);
	kept_run_bytes(&kept, parser_named(BYTES_LIT("ual_json")),
	    buffer_bytes(&out));
	assert_int_equal(kept.count[RECORD_KIND_EVENT], 2);
	assert_int_equal(kept_problems(&kept, "limit_size"), 1);
	assert_text(kept_problem(&kept, 0)->locator, "line=2");
	assert_int_equal(lost(&kept), 1);
	kept_release(&kept);
	buffer_release(&out);
}

static void
nesting_at_its_limit(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		size_t n = LIMIT_JSON_DEPTH - 1 + extra;
		struct buffer out = BUFFER_EMPTY;
		struct kept kept;

		buffer_add_cstr(&out, "{\"CreationTime\":\"2023-06-01T09:00:"
		    "00\",\"Operation\":\"x\",\"Workload\":\"y\",\"P\":");
		for (size_t i = 0; i < n; i++)
			buffer_add_byte(&out, '[');
		for (size_t i = 0; i < n; i++)
			buffer_add_byte(&out, ']');
		buffer_add_byte(&out, '}');
		kept_init(&kept);
		kept_run_bytes(&kept, parser_named(BYTES_LIT("ual_json")),
		    buffer_bytes(&out));
		assert_int_equal(kept.count[RECORD_KIND_EVENT], 1 - extra);
		assert_int_equal(lost(&kept), extra);
		kept_release(&kept);
		buffer_release(&out);
	}
}

static void
columns_at_their_limit(void **state)
{
	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		struct buffer out = BUFFER_EMPTY;
		struct kept kept;

		buffer_add_cstr(&out, "AuditData,b,c\n");
		add_cell(&out, SYNC);
		for (size_t i = 1; i < LIMIT_CSV_COLUMNS + extra; i++)
			buffer_add_byte(&out, ',');
		buffer_add_byte(&out, '\n');
		read_bytes(&kept, "ual_csv", buffer_bytes(&out));
		assert_int_equal(kept.count[RECORD_KIND_EVENT], 1);
		assert_int_equal(kept_problems(&kept, "limit_parts"), extra);
		kept_release(&kept);
		buffer_release(&out);
	}
}

/* What stands within the limit of a damaged record is still told. */
static void
salvage_at_its_limit(void **state)
{
	static const char tail[] = "\"CreationTime\":\"2023-06-01T09:00:00";

	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		struct buffer out = BUFFER_EMPTY;
		struct kept kept;
		size_t n = LIMIT_SALVAGE_BYTES - (sizeof tail - 1) + extra;

		buffer_add_cstr(&out, "{\"Operation\":\"x\",\"P\":\"");
		memset(buffer_reserve(&out, n), 'x', n);
		out.n = n - 2;
		buffer_printf(&out, "\",%s\",,}", tail);
		kept_init(&kept);
		kept_run_bytes(&kept, parser_named(BYTES_LIT("ual_json")),
		    buffer_bytes(&out));
		assert_int_equal(lost(&kept), 1);
		if (extra == 0)
			assert_time(kept_problem(&kept, 0)->time_us,
			    "2023-06-01T09:00:00Z");
		else
			assert_int_equal(kept_problem(&kept, 0)->time_us,
			    UTC_NONE);
		kept_release(&kept);
		buffer_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truncated_lines),
		cmocka_unit_test(truncated_array),
		cmocka_unit_test(truncated_csv),
		cmocka_unit_test(damaged_in_the_middle),
		cmocka_unit_test(cut_cells),
		cmocka_unit_test(mangled_cells),
		cmocka_unit_test(stray_quote),
		cmocka_unit_test(exports_at_their_limit),
		cmocka_unit_test(pieces_of_json),
		cmocka_unit_test(pieces_of_csv),
		cmocka_unit_test(units),
		cmocka_unit_test(records_at_their_limit),
		cmocka_unit_test(nesting_at_its_limit),
		cmocka_unit_test(columns_at_their_limit),
		cmocka_unit_test(salvage_at_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
