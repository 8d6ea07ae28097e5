#include "parsers/documents/document.h"

#include "parsers/base/limits.h"
#include "parsers/base/sniff.h"
#include "parsers/base/text.h"
#include "parsers/documents/archive_text.h"
#include "parsers/documents/office.h"
#include "parsers/documents/office97.h"
#include "parsers/documents/pdf.h"
#include "parsers/mapi/rtf.h"

static struct document_answer
answer(const char *text, const char *reason)
{
	return (struct document_answer){ bytes_cstr(text),
		bytes_cstr(reason) };
}

static bool
name_ends(struct bytes name, const char *ending)
{
	struct bytes tail = bytes_cstr(ending);

	return name.n >= tail.n &&
	       bytes_eq_nocase(bytes_skip(name, name.n - tail.n), tail);
}

static bool
name_ends_in(struct bytes name, const char *const *endings)
{
	for (size_t i = 0; endings[i] != NULL; i++)
		if (name_ends(name, endings[i]))
			return true;
	return false;
}

/* Text files that mail sends as application/octet-stream. */
static const char *const text_endings[] = { ".txt", ".log", ".md", ".json",
	".jsonl", ".xml", ".pem", ".key", ".env", ".ini", ".conf", ".cfg",
	".yml", ".yaml", ".sql", ".ics", ".vcf", ".eml", ".ps1", ".sh", ".bat",
	".py", ".js", ".css", ".svg", ".ldif", ".properties", ".asc", NULL };

static bool
is_textual(const struct document *document)
{
	static const char *const types[] = { "application/json",
		"application/xml", "application/pem-certificate-chain",
		"application/x-pem-file", "application/ics", "image/svg+xml",
		"application/x-sh", "application/sql", "application/pgp-keys",
		"application/xhtml+xml", "application/x-yaml",
		"application/x-ndjson", NULL };
	struct bytes type = document->type;

	if (bytes_starts(type, BYTES_LIT("text/")) ||
	    bytes_starts(type, BYTES_LIT("message/")))
		return true;
	for (size_t i = 0; types[i] != NULL; i++)
		if (bytes_eq(type, bytes_cstr(types[i])))
			return true;
	return name_ends_in(document->name, text_endings);
}

/* No control characters but white space and escapes: text without a label. */
static bool
looks_textual(struct bytes content)
{
	struct bytes head = bytes_slice(content, 0, 4096);
	size_t n = 0;

	for (size_t i = 0; i < head.n; i++) {
		uint8_t c = head.p[i];

		if (c < 32 && c != 27 && (c < 9 || c > 13))
			return false;
		n += c >= 0x80;
	}
	return n == 0 || text_is_utf8(content);
}

static struct document_answer
say_text(struct document_reader *reader, const struct document *document)
{
	bool html = bytes_eq(document->type, BYTES_LIT("text/html")) ||
		    bytes_eq(document->type,
			BYTES_LIT("application/xhtml+xml")) ||
		    name_ends(document->name, ".html") ||
		    name_ends(document->name, ".htm");
	bool csv = bytes_eq(document->type, BYTES_LIT("text/csv")) ||
		   name_ends(document->name, ".csv") ||
		   name_ends(document->name, ".tsv");
	struct bytes charset = document->charset, text;
	enum text_quality quality;

	if (document->content.n > LIMIT_TEXT_BYTES)
		return answer("not_read", "larger than the text limit");
	if (charset.n == 0)
		charset = text_markup_charset(document->content);
	text = text_to_utf8(reader->arena, charset, document->content,
	    &quality);
	if (html)
		html_text_say(&reader->target, reader->arena, text);
	else if (csv && csv_text_fits(text))
		csv_text_say(&reader->target, reader->arena, text);
	else
		plain_text_say(&reader->target, text);
	return answer("read", NULL);
}

/* Formats without a reader, each by its name: "not read" must say what. */
static struct document_answer
say_unread(struct bytes sniffed)
{
	static const struct {
		const char *type, *text, *reason;
	} unread[] = {
		{ "application/ms-tnef", "not_read", "TNEF: no reader" },
		{ "application/vnd.ms-outlook-pst", "not_read",
		    "a store inside a message: take it out and ingest it" },
		{ "application/vnd.microsoft.portable-executable", "none",
		    "a program" },
		{ "application/x-elf", "none", "a program" },
		{ "application/pgp-encrypted", "encrypted", "OpenPGP" },
		{ "application/vnd.sqlite3", "not_read",
		    "SQLite database: no reader" },
	};

	for (size_t i = 0; i < sizeof unread / sizeof unread[0]; i++)
		if (bytes_eq(sniffed, bytes_cstr(unread[i].type)))
			return answer(unread[i].text, unread[i].reason);
	return answer("not_read", "no reader for this format");
}

static struct document_answer
say_rtf(struct document_reader *reader, struct bytes content)
{
	const char *problem = NULL;
	struct bytes text = rtf_to_text(reader->arena, content, &problem);

	plain_text_say(&reader->target, text);
	return answer("read", problem);
}

static bool
is_archive(struct bytes sniffed)
{
	static const char *const types[] = { "application/zip",
		"application/gzip", "application/x-bzip2", "application/x-xz",
		"application/x-7z-compressed", "application/vnd.rar",
		"application/x-tar", "application/vnd.ms-cab-compressed",
		NULL };

	for (size_t i = 0; types[i] != NULL; i++)
		if (bytes_eq(sniffed, bytes_cstr(types[i])))
			return true;
	return false;
}

/* What the first bytes prove, read by its own reader; false: none. */
static bool
say_proven(struct document_reader *reader, struct bytes sniffed,
    struct bytes content, struct document_answer *said)
{
	if (bytes_eq(sniffed, BYTES_LIT("application/pdf")))
		*said = pdf_say(reader, content);
	else if (bytes_eq(sniffed, BYTES_LIT("application/rtf")))
		*said = say_rtf(reader, content);
	else if (bytes_eq(sniffed, BYTES_LIT("application/x-ole-storage")))
		*said = office97_say(reader, content);
	else if (bytes_eq(sniffed, BYTES_LIT("application/zip")) &&
		 office_say(reader, content, said))
		return true;
	else if (is_archive(sniffed))
		*said = archive_text_say(reader, content);
	else
		return false;
	return true;
}

struct document_answer
document_say(struct document_reader *reader, const struct document *document)
{
	struct bytes sniffed = sniff_type(document->content);
	struct document_answer said;

	if (document->content.n == 0)
		return answer("none", "empty");
	if (bytes_starts(sniffed, BYTES_LIT("image/")) ||
	    (sniffed.p == NULL &&
	        bytes_starts(document->type, BYTES_LIT("image/")) &&
	        !is_textual(document)))
		return answer("image", "picture: its text is not read");
	if (sniffed.p == NULL &&
	    (is_textual(document) || looks_textual(document->content)))
		return say_text(reader, document);
	if (say_proven(reader, sniffed, document->content, &said))
		return said;
	return say_unread(sniffed);
}
