/* Digital Forensics XML: evidence files, one fileobject a place. */
#include "parsers/base/text.h"
#include "reports/exchange/exchange.h"
#include "reports/mask.h"
#include "reports/version.h"
#include "reports/writer.h"

/* XML 1.0 2.2: what is no character of it becomes U+FFFD. */
static void
add_text(struct buffer *out, struct arena *arena, struct bytes text)
{
	struct bytes rest = text_visible(arena, text_repair_utf8(arena, text));
	uint32_t code;

	while (text_next(&rest, &code)) {
		uint8_t bytes[4];

		if (code == '&')
			buffer_add_cstr(out, "&amp;");
		else if (code == '<')
			buffer_add_cstr(out, "&lt;");
		else if (code == '>')
			buffer_add_cstr(out, "&gt;");
		else if (code == 0xfffe || code == 0xffff)
			buffer_add_cstr(out, "\xef\xbf\xbd");
		else
			buffer_add(out, bytes, text_encode(code, bytes));
	}
}

static void
write_file(struct writer *out, struct arena *arena, struct mask *mask,
    struct case_rows *rows)
{
	struct buffer *line = &out->line;

	buffer_reset(line);
	buffer_add_cstr(line, "  <fileobject>\n    <filename>");
	add_text(line, arena, mask_text(mask, arena, INT64_MIN,
	    arena_dup(arena, case_text(rows, 0))));
	buffer_add_cstr(line, "</filename>\n");
	if (!case_is_null(rows, 1))
		buffer_printf(line, "    <filesize>%lld</filesize>\n",
		    (long long)case_number(rows, 1));
	buffer_add_cstr(line, "    <alloc>1</alloc>\n");
	for (int i = 2; i < 4; i++) {
		struct bytes hash = case_text(rows, i);

		if (hash.n > 0)
			buffer_printf(line, "    <hashdigest type=\"%s\">%.*s"
					    "</hashdigest>\n",
			    i == 2 ? "md5" : "sha256", (int)hash.n,
			    (const char *)hash.p);
	}
	buffer_add_cstr(line, "  </fileobject>\n");
	writer_add(out, buffer_bytes(line));
}

void
exchange_dfxml_write(struct case_file *file,
    const struct report_options *options)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT p.path, s.bytes, s.md5, s.sha256 FROM paths p"
	    " LEFT JOIN sources s USING (source) ORDER BY p.path");
	struct arena arena;
	struct writer out;

	arena_init(&arena);
	writer_open(&out, options->folder, "exchange/dfxml.xml");
	writer_add_cstr(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<dfxml xmlns=\"http://www.forensicswiki.org/wiki/"
	    "Category:Digital_Forensics_XML\"\n"
	    "    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
	    "version=\"1.1.1\">\n"
	    "  <metadata>\n    <dc:type>Hash List</dc:type>\n  </metadata>\n"
	    "  <creator>\n    <program>postmortem</program>\n"
	    "    <version>" POSTMORTEM_VERSION "</version>\n  </creator>\n");
	while (case_next(rows)) {
		arena_reset(&arena);
		write_file(&out, &arena, options->mask, rows);
	}
	case_done(rows);
	writer_add_cstr(&out, "</dfxml>\n");
	writer_close(&out);
	arena_release(&arena);
}
