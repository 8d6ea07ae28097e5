/* Types by their first bytes: those an examiner meets, and disguises. */
#include "parsers/base/sniff.h"

static const struct {
	unsigned at;
	struct bytes magic;
	const char *type;
} signatures[] = {
#define SIGN(at, magic, type)                                                  \
	{ at, { (const uint8_t *)(magic), sizeof(magic) - 1 }, type }
	SIGN(0, "%PDF-", "application/pdf"),
	SIGN(0, "\x89PNG\r\n\x1a\n", "image/png"),
	SIGN(0, "\xff\xd8\xff", "image/jpeg"),
	SIGN(0, "GIF87a", "image/gif"),
	SIGN(0, "GIF89a", "image/gif"),
	SIGN(0, "II*\0", "image/tiff"),
	SIGN(0, "MM\0*", "image/tiff"),
	SIGN(4, "ftypheic", "image/heic"),
	SIGN(0, "PK\3\4", "application/zip"),
	SIGN(0, "PK\5\6", "application/zip"),
	SIGN(0, "\x1f\x8b\x08", "application/gzip"),
	SIGN(0, "BZh", "application/x-bzip2"),
	SIGN(0, "\xfd" "7zXZ\0", "application/x-xz"),
	SIGN(0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
	SIGN(0, "Rar!\x1a\x07", "application/vnd.rar"),
	SIGN(257, "ustar", "application/x-tar"),
	SIGN(0, "MSCF", "application/vnd.ms-cab-compressed"),
	SIGN(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
	SIGN(0, "{\\rtf", "application/rtf"),
	SIGN(0, "\x78\x9f\x3e\x22", "application/ms-tnef"),
	SIGN(0, "!BDN", "application/vnd.ms-outlook-pst"),
	SIGN(0, "MZ", "application/vnd.microsoft.portable-executable"),
	SIGN(0, "\x7f" "ELF", "application/x-elf"),
	SIGN(0, "-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted"),
	SIGN(0, "SQLite format 3\0", "application/vnd.sqlite3"),
	SIGN(0, "BEGIN:VCARD", "text/vcard"),
	SIGN(0, "BEGIN:VCALENDAR", "text/calendar"),
	SIGN(0, "ID3", "audio/mpeg"),
	SIGN(0, "OggS", "audio/ogg"),
	SIGN(0, "// <!-- <mdb:mork:z", "application/x-mork"),
	SIGN(0, "\0\0\0\1Bud1", "application/x-apple-ds-store"),
	SIGN(4, "ftypisom", "video/mp4"),
	SIGN(4, "ftypmp42", "video/mp4"),
	SIGN(4, "ftypqt  ", "video/quicktime"),
	SIGN(0, "wOFF", "font/woff"),
	SIGN(0, "wOF2", "font/woff2"),

	SIGN(0, "\x1a\x45\xdf\xa3", "video/x-matroska"),
#undef SIGN
};

struct bytes
sniff_type(struct bytes content)
{
	/* RIFF holds sounds and films as well. */
	if (bytes_starts(content, BYTES_LIT("RIFF")) &&
	    bytes_starts(bytes_skip(content, 8), BYTES_LIT("WAVE")))
		return BYTES_LIT("audio/wav");
	if (bytes_starts(content, BYTES_LIT("RIFF")) &&
	    bytes_starts(bytes_skip(content, 8), BYTES_LIT("WEBP")))
		return BYTES_LIT("image/webp");
	for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
		if (bytes_starts(bytes_skip(content, signatures[i].at),
		        signatures[i].magic))
			return bytes_cstr(signatures[i].type);
	return BYTES_NONE;
}

bool
sniff_is_harmless(struct bytes proven)
{
	static const char *const types[] = { "application/x-mork",
		"application/x-apple-ds-store", "font/woff", "font/woff2",
		"application/vnd.microsoft.portable-executable",
		"application/x-elf", NULL };

	if (bytes_starts(proven, BYTES_LIT("image/")) ||
	    bytes_starts(proven, BYTES_LIT("audio/")) ||
	    bytes_starts(proven, BYTES_LIT("video/")))
		return true;
	for (size_t i = 0; types[i] != NULL; i++)
		if (bytes_eq(proven, bytes_cstr(types[i])))
			return true;
	return false;
}

bool
sniff_is_zip_document(struct bytes head)
{
	static const char *const first[] = { "[Content_Types].xml", "_rels/",
		"mimetype", "docProps/", "word/", "xl/", "ppt/", NULL };
	struct bytes name = bytes_skip(head, 30);

	if (!bytes_starts(head, BYTES_LIT("PK\3\4")))
		return false;
	for (size_t i = 0; first[i] != NULL; i++)
		if (bytes_starts(name, bytes_cstr(first[i])))
			return true;
	return false;
}

static bool
is_html(struct bytes head)
{
	if (bytes_starts(head, BYTES_LIT("\xef\xbb\xbf")))
		head = bytes_skip(head, 3);
	head = bytes_trim(bytes_slice(head, 0, 512));
	return bytes_starts_nocase(head, BYTES_LIT("<!doctype html")) ||
	       bytes_starts_nocase(head, BYTES_LIT("<html"));
}

bool
sniff_is_document(struct bytes head)
{
	static const char *const types[] = { "application/pdf",
		"application/rtf", "application/x-ole-storage", "text/vcard",
		"text/calendar", NULL };
	struct bytes proven = sniff_type(head);

	for (size_t i = 0; types[i] != NULL; i++)
		if (bytes_eq(proven, bytes_cstr(types[i])))
			return true;
	return is_html(head) || sniff_is_zip_document(head);
}
