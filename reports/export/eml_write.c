#include "reports/export/eml_write.h"

#include "parsers/base/utc.h"

/* Bytes of text in one encoded word: 75 characters in all (RFC 2047 2). */
enum { WORD_BYTES = 42, LINE_BYTES = 57, PLAIN_MOST = 900 };

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
add_base64(struct buffer *out, struct bytes in)
{
	for (size_t i = 0; i < in.n; i += 3) {
		size_t left = in.n - i;
		uint32_t v = (uint32_t)in.p[i] << 16;

		if (left > 1)
			v |= (uint32_t)in.p[i + 1] << 8;
		if (left > 2)
			v |= in.p[i + 2];
		buffer_add_byte(out, (uint8_t)digits[v >> 18]);
		buffer_add_byte(out, (uint8_t)digits[v >> 12 & 63]);
		buffer_add_byte(out,
		    (uint8_t)(left > 1 ? digits[v >> 6 & 63] : '='));
		buffer_add_byte(out,
		    (uint8_t)(left > 2 ? digits[v & 63] : '='));
	}
}

static bool
is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			return false;
	return text.n <= PLAIN_MOST &&
	       bytes_find(text, BYTES_LIT("=?")) == SIZE_MAX;
}

void
eml_add_words(struct buffer *out, struct bytes text)
{
	if (is_plain(text)) {
		buffer_add_bytes(out, text);
		return;
	}
	for (size_t at = 0; at < text.n;) {
		size_t n = text.n - at < WORD_BYTES ? text.n - at : WORD_BYTES;

		while (n > 1 && at + n < text.n &&
		       (text.p[at + n] & 0xc0) == 0x80)
			n--;
		buffer_add_cstr(out, at ? "\r\n =?utf-8?B?" : "=?utf-8?B?");
		add_base64(out, bytes_slice(text, at, at + n));
		buffer_add_cstr(out, "?=");
		at += n;
	}
}

/* RFC 5322 3.4.1, what stays on its line and in its brackets. */
static bool
is_address(struct bytes address)
{
	for (size_t i = 0; i < address.n; i++)
		if (address.p[i] <= 0x20 || address.p[i] >= 0x7f ||
		    strchr("<>,;:\\\"()[]", address.p[i]) != NULL)
			return false;
	return address.n > 0 && address.n <= PLAIN_MOST &&
	       bytes_find(address, BYTES_LIT("=?")) == SIZE_MAX;
}

/* A phrase: quoted when plain. */
static void
add_phrase(struct buffer *out, struct bytes name)
{
	if (!is_plain(name)) {
		eml_add_words(out, name);
		return;
	}
	buffer_add_byte(out, '"');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, name.p[i]);
	}
	buffer_add_byte(out, '"');
}

void
eml_add_address(struct buffer *out, struct bytes name, struct bytes address)
{
	bool mail = is_address(address);

	/* An Exchange DN, or an attack: shown, and no address. */
	if (!mail && address.n > 0) {
		if (name.n > 0)
			add_phrase(out, name);
		if (name.n > 0)
			buffer_add_byte(out, ' ');
		add_phrase(out, address);
		buffer_add_cstr(out, " <>");
		return;
	}
	if (name.n > 0) {
		add_phrase(out, name);
		buffer_add_byte(out, ' ');
	}
	buffer_add_byte(out, '<');
	buffer_add_bytes(out, address);
	buffer_add_byte(out, '>');
}

void
eml_add_date(struct buffer *out, const char *field, int64_t us)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon",
		"Tue", "Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
		"May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct utc_parts p = utc_split(us);
	int64_t day = us / UTC_DAY - (us % UTC_DAY < 0);

	buffer_printf(out, "%s%s, %02d %s %04d %02d:%02d:%02d +0000\r\n",
	    field, days[(day % 7 + 7) % 7], p.day, months[p.month - 1],
	    p.year, p.hour, p.minute, p.second);
}

/* type/subtype of RFC 2045 tokens; a message or multipart is none here: its
 * bytes stand as base64. */
static bool
is_type(struct bytes type)
{
	size_t slashes = 0;

	for (size_t i = 0; i < type.n; i++) {
		uint8_t c = byte_lower(type.p[i]);

		slashes += c == '/';
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		        (c != 0 && strchr("/+.-_", c) != NULL)))
			return false;
	}
	return slashes == 1 && type.n < 128 && type.p[0] != '/' &&
	       type.p[type.n - 1] != '/' &&
	       !bytes_starts_nocase(type, BYTES_LIT("message/")) &&
	       !bytes_starts_nocase(type, BYTES_LIT("multipart/"));
}

void
eml_add_part_head(struct buffer *out, struct bytes type, struct bytes name)
{
	struct bytes shown = bytes_slice(name, 0, 512);

	if (!is_type(type))
		type = BYTES_LIT("application/octet-stream");
	buffer_printf(out, "Content-Type: %.*s\r\nContent-Disposition: "
			   "attachment", (int)type.n, (const char *)type.p);
	for (size_t i = 0; i < shown.n; i++) {
		uint8_t c = shown.p[i], low = byte_lower(c);

		/* RFC 2231 4, in pieces that keep lines short. */
		if (i % 20 == 0)
			buffer_printf(out, ";\r\n filename*%zu*=%s", i / 20,
			    i == 0 ? "utf-8''" : "");
		if ((low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') ||
		    c == '.' || c == '-' || c == '_')
			buffer_add_byte(out, c);
		else
			buffer_printf(out, "%%%02X", c);
	}
	buffer_add_cstr(out, "\r\n");
}

void
eml_add_base64(struct buffer *out, struct bytes content)
{
	buffer_add_cstr(out, "Content-Transfer-Encoding: base64\r\n\r\n");
	for (size_t at = 0; at < content.n; at += LINE_BYTES) {
		add_base64(out, bytes_slice(content, at,
		    content.n - at < LINE_BYTES ? content.n
						: at + LINE_BYTES));
		buffer_add_cstr(out, "\r\n");
	}
}
