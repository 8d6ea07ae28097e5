/*
 * explain: the end of each chain.  An audit record with its ground and its
 * own bytes, quoted from the evidence when that is still where it was read;
 * whether they have the record's hash is said.
 */
#include "forensics/ingest/custody.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "reports/explain_private.h"
#include "reports/writer.h"

enum { QUOTE_MOST = 4000 };

void
explain_say(struct explain *e, const char *label, struct bytes value)
{
	struct bytes shown = text_visible(
	    &e->arena, mask_text(e->mask, &e->arena, INT64_MIN, value));

	if (shown.n > 0)
		fprintf(e->out, "  %-18s %.*s\n", label, (int)shown.n,
		    (const char *)shown.p);
}

void
explain_say_number(struct explain *e, const char *label, int64_t number)
{
	if (number != INT64_MIN)
		explain_say(e, label,
		    arena_printf(&e->arena, "%lld", (long long)number));
}

void
explain_say_time(struct explain *e, const char *label, int64_t us)
{
	if (us != UTC_NONE)
		explain_say(e, label, utc_text(&e->arena, us));
}

void
explain_say_list(struct explain *e, const char *label, struct bytes array)
{
	struct json_list list = json_list_over(arena_dup(&e->arena, array));
	struct bytes element;

	while (json_list_next(&list, &e->arena, &element)) {
		explain_say(e, label, element);
		label = "";
	}
}

/* Source file, locator, hash: the end of every chain. */
void
explain_say_source(struct explain *e, int64_t source, struct bytes locator)
{
	struct case_rows *rows = case_query_new(e->file,
	    "SELECT s.source_id, s.sha256, s.bytes, p.path FROM sources s"
	    " JOIN paths p USING (source) WHERE s.source = ?1"
	    " ORDER BY p.path");

	explain_say(e, "place in file",
	    locator.n ? locator : BYTES_LIT("(the whole file)"));
	case_bind_number(rows, 1, source);
	while (case_next(rows)) {
		explain_say(
		    e, "source", arena_dup(&e->arena, case_text(rows, 0)));
		explain_say(e, "file", case_text(rows, 3));
		explain_say(e, "file sha256", case_text(rows, 1));
	}
	case_done(rows);
}

/* At most QUOTE_MOST bytes are kept; *hash is over all of them. */
static struct bytes
read_record(struct explain *e, FILE *in, int64_t offset, int64_t length,
    uint8_t hash[SHA256_SIZE])
{
	struct hasher *hasher = hasher_new(false);
	uint8_t *kept = arena_raw(&e->arena, QUOTE_MOST);
	uint8_t block[8192];
	size_t n = 0, got;

	if (fseeko(in, (off_t)offset, SEEK_SET) != 0)
		length = 0;
	while (length > 0) {
		got = (uint64_t)length < sizeof block ? (size_t)length
						      : sizeof block;
		got = fread(block, 1, got, in);
		if (got == 0)
			break;
		hasher_add(hasher, block, got);
		for (size_t i = 0; i < got && n < QUOTE_MOST; i++)
			kept[n++] = block[i];
		length -= (int64_t)got;
	}
	hasher_finish(hasher, hash, NULL);
	hasher_free(hasher);
	return bytes_of(kept, n);
}

/* The record's own bytes, from the evidence as it lies there today. */
static void
quote_record(struct explain *e, int64_t source, int64_t offset, int64_t length,
    struct bytes sha256)
{
	struct bytes path, quoted;
	uint8_t hash[SHA256_SIZE];
	FILE *in;

	explain_say(e, "record sha256", sha256);
	if (offset < 0 || length <= 0) {
		explain_say(e, "record text",
		    BYTES_LIT("(inside a container; read it "
			      "at the place above)"));
		return;
	}
	explain_say(e, "bytes",
	    arena_printf(
		&e->arena, "%lld+%lld", (long long)offset, (long long)length));
	path = custody_evidence_path(e->file, &e->arena, source);
	in = path.n ? fopen(arena_cstr(&e->arena, path), "rb") : NULL;
	if (in == NULL) {
		explain_say(e, "record text",
		    BYTES_LIT("(the evidence file is not at "
			      "its place; read it at the "
			      "offset above)"));
		return;
	}
	quoted = read_record(e, in, offset, length, hash);
	fclose(in);
	explain_say(e, "record text", text_repair_utf8(&e->arena, quoted));
	if (length > QUOTE_MOST)
		explain_say(e, "",
		    arena_printf(&e->arena, "(cut: %d of %lld bytes shown)",
			QUOTE_MOST, (long long)length));
	if (bytes_eq(hex_of(&e->arena, hash, SHA256_SIZE), sha256))
		explain_say(
		    e, "", BYTES_LIT("(these bytes have the record's hash)"));
}

bool
explain_events(
    struct explain *e, const char *where, struct bytes id, bool quote)
{
	char sql[1024];
	struct case_rows *rows;
	bool found = false;

	snprintf(sql, sizeof sql,
	    "SELECT e.event_id, e.record_id, e.time_us, e.operation,"
	    " e.user_id, e.client_ip, j.attribution, j.reason, j.session,"
	    " b.mailbox, e.source, e.locator, e.raw_offset, e.raw_bytes,"
	    " j.folder, j.access_type, e.content_sha256, e.object_id,"
	    " e.result, e.client_info"
	    " FROM events e JOIN judged_events j USING (event)"
	    " LEFT JOIN mailboxes b USING (mailbox_no)"
	    " WHERE %s ORDER BY e.time_us, e.event_id",
	    where);
	rows = case_query_new(e->file, sql);
	case_bind_text(rows, 1, id);
	while (case_next(rows)) {
		found = true;
		fprintf(e->out, "audit record %.*s\n",
		    (int)case_text(rows, 0).n,
		    (const char *)case_text(rows, 0).p);
		explain_say(e, "record id", case_text(rows, 1));
		explain_say_time(e, "time (UTC)", case_number(rows, 2));
		explain_say(e, "operation", case_text(rows, 3));
		explain_say(e, "access", case_text(rows, 15));
		explain_say(e, "actor", case_text(rows, 4));
		explain_say(e, "address", case_text(rows, 5));
		explain_say(e, "client", case_text(rows, 19));
		explain_say(e, "mailbox", case_text(rows, 9));
		explain_say(e, "target", case_text(rows, 17));
		explain_say(e, "result", case_text(rows, 18));
		explain_say(e, "folder", case_text(rows, 14));
		explain_say(e, "session", case_text(rows, 8));
		explain_say(e, "attribution", case_text(rows, 6));
		explain_say(e, "because", case_text(rows, 7));
		explain_say_source(
		    e, case_number(rows, 10), case_text(rows, 11));
		if (quote)
			quote_record(e, case_number(rows, 10),
			    case_number(rows, 12), case_number(rows, 13),
			    arena_dup(&e->arena, case_text(rows, 16)));
	}
	case_done(rows);
	return found;
}
