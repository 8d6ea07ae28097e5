/*
 * Concordance load file: fields between U+00FE, parted by 0x14, lines inside
 * a field by U+00AE, rows by CR LF.  In windows-1252 these are the bytes
 * 0xFE, 0x14 and 0xAE.  Where evidence has one of the three, and in the
 * second variant any character that windows-1252 lacks, \uXXXX stands.
 */
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "reports/exchange/exchange.h"
#include "reports/mask.h"
#include "reports/writer.h"

enum { QUOTE = 0xfe, LINE = 0xae, FIELD = 0x14 };

static const char *const heads[] = { "DOCID", "PARENTID", "CUSTODIAN",
	"FROM", "TO", "CC", "BCC", "SUBJECT", "DATESENT", "DATERECEIVED",
	"MESSAGEID", "FOLDER", "FILESIZE", "ATTACHMENTS", "SHA256", "EXPOSURE",
	"RULES", "SOURCEFILE", "LOCATOR", "NATIVELINK" };

/* Names of one role, in order, one a line. */
#define PEOPLE(role)                                                           \
	"(SELECT group_concat(CASE WHEN coalesce(name, '') = ''"               \
	" THEN coalesce(address, '') WHEN coalesce(address, '') = '' THEN name"\
	" ELSE name || ' <' || address || '>' END, '; ') FROM (SELECT name,"   \
	" address FROM addresses a WHERE a.message = m.message AND a.role = '" \
	role "' ORDER BY position))"

static const char dat_sql[] =
    "SELECT m.message, m.message_id, o.message_id, b.mailbox, m.sender, "
    PEOPLE("to") ", " PEOPLE("cc") ", " PEOPLE("bcc") ", m.subject,"
    " utc(m.sent_us), utc(p.arrival_us), m.internet_message_id, p.folder,"
    " m.bytes, m.attachments, m.content_sha256, p.exposure,"
    " (SELECT group_concat(value, '; ') FROM json_each(p.rules)), p.path,"
    " m.locator, CASE WHEN m.parent IS NULL THEN 'eml\\' || m.message_id ||"
    "  '.eml' END"
    " FROM places p JOIN messages m USING (message)"
    " JOIN mailboxes b USING (mailbox_no)"
    " LEFT JOIN messages o ON o.message = m.parent"
    " WHERE p.exposure IN ('accessed', 'taken', 'synced', 'presumed',"
    "  'possible')"
    " ORDER BY b.mailbox, p.folder, p.path, m.message_id, p.place";

struct dat {
	struct writer out;
	bool cp1252;
};

/* 0x80 to 0x9f of windows-1252; 0: none. */
static const uint16_t high[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026,
	0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
	0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178 };

static int
cp1252_of(uint32_t code)
{
	if (code < 0x80 || (code >= 0xa0 && code <= 0xff))
		return (int)code;
	for (int i = 0; i < 32; i++)
		if (high[i] == code && code != 0)
			return 0x80 + i;
	return -1;
}

/* One character, ours or already known to be harmless. */
static void
add_character(struct dat *dat, uint32_t code)
{
	struct buffer *line = &dat->out.line;
	uint8_t bytes[4];
	int byte = dat->cp1252 ? cp1252_of(code) : 0;

	if (!dat->cp1252)
		buffer_add(line, bytes, text_encode(code, bytes));
	else if (byte >= 0)
		buffer_add_byte(line, (uint8_t)byte);
	else
		buffer_printf(line, "\\u%04x", (unsigned)code);
}

static void
add_field(struct dat *dat, struct arena *arena, struct bytes text, bool first)
{
	struct bytes line, rest = text;
	uint32_t code;

	if (!first)
		add_character(dat, FIELD);
	add_character(dat, QUOTE);
	for (bool more = false; bytes_line(&rest, &line); more = true) {
		if (more)
			add_character(dat, LINE);
		line = text_visible(arena, line);
		while (text_next(&line, &code)) {
			if (code == QUOTE || code == LINE || code == FIELD)
				buffer_printf(&dat->out.line, "\\u%04x",
				    (unsigned)code);
			else
				add_character(dat, code);
		}
	}
	add_character(dat, QUOTE);
}

static void
write_row(struct dat *dat, struct arena *arena, struct mask *mask,
    struct case_rows *rows)
{
	buffer_reset(&dat->out.line);
	for (int i = 1; i < case_columns(rows); i++) {
		struct bytes text = arena_dup(arena, case_text(rows, i));

		if ((i == 13 || i == 14) && !case_is_null(rows, i))
			text = arena_printf(arena, "%lld",
			    (long long)case_number(rows, i));
		/* Ids, times, hashes and words of ours apart. */
		if ((i >= 4 && i <= 8) || i == 11 || i == 12 || i == 18 ||
		    i == 19)
			text = mask_text(mask, arena, case_number(rows, 0),
			    text);
		add_field(dat, arena, text, i == 1);
	}
	buffer_add_cstr(&dat->out.line, "\r\n");
	writer_add(&dat->out, buffer_bytes(&dat->out.line));
}

void
exchange_dat_write(struct case_file *file,
    const struct report_options *options, bool cp1252)
{
	struct case_rows *rows = case_query_new(file, dat_sql);
	struct dat dat = { .cp1252 = cp1252 };
	struct arena arena;

	arena_init(&arena);
	writer_open(&dat.out, options->folder,
	    cp1252 ? "exchange/concordance-cp1252.dat"
		   : "exchange/concordance.dat");
	if (!cp1252)
		writer_add_cstr(&dat.out, "\xef\xbb\xbf");
	buffer_reset(&dat.out.line);
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		add_field(&dat, &arena, bytes_cstr(heads[i]), i == 0);
	buffer_add_cstr(&dat.out.line, "\r\n");
	writer_add(&dat.out, buffer_bytes(&dat.out.line));
	while (case_next(rows)) {
		arena_reset(&arena);
		write_row(&dat, &arena, options->mask, rows);
	}
	case_done(rows);
	writer_close(&dat.out);
	arena_release(&arena);
}
