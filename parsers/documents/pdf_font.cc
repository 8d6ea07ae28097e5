#include "parsers/documents/pdf_font.h"

#include <qpdf/Buffer.hh>
#include <qpdf/QPDFTokenizer.hh>

#include "parsers/base/limits.h"
#include "parsers/documents/pdf_names.h"

namespace {

std::string
utf8_of(uint32_t c)
{
	std::string out;

	if (c < 0x80) {
		out += (char)c;
	} else if (c < 0x800) {
		out += (char)(0xC0 | c >> 6);
		out += (char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		out += (char)(0xE0 | c >> 12);
		out += (char)(0x80 | (c >> 6 & 0x3F));
		out += (char)(0x80 | (c & 0x3F));
	} else if (c < 0x110000) {
		out += (char)(0xF0 | c >> 18);
		out += (char)(0x80 | (c >> 12 & 0x3F));
		out += (char)(0x80 | (c >> 6 & 0x3F));
		out += (char)(0x80 | (c & 0x3F));
	}
	return out;
}

// UTF-16BE as ToUnicode maps write it; a lone surrogate is U+FFFD.
std::string
utf8_of_utf16(const std::string &in)
{
	std::string out;

	for (size_t i = 0; i + 1 < in.size(); i += 2) {
		uint32_t c = (uint32_t)((uint8_t)in[i] << 8 |
		    (uint8_t)in[i + 1]);

		if (c >= 0xD800 && c < 0xDC00 && i + 3 < in.size()) {
			uint32_t low = (uint32_t)((uint8_t)in[i + 2] << 8 |
			    (uint8_t)in[i + 3]);

			if (low >= 0xDC00 && low < 0xE000) {
				c = 0x10000 + ((c - 0xD800) << 10) +
				    (low - 0xDC00);
				i += 2;
			}
		}
		out += utf8_of(c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
	}
	return out;
}

uint32_t
code_of(const std::string &bytes)
{
	uint32_t code = 0;

	for (size_t i = 0; i < bytes.size() && i < 4; i++)
		code = code << 8 | (uint8_t)bytes[i];
	return code;
}

// The last UTF-16 unit plus `by`: how bfrange counts on (9.10.3).
std::string
counted_on(std::string utf16, uint32_t by)
{
	if (utf16.size() >= 2) {
		uint32_t unit = (uint32_t)((uint8_t)utf16[utf16.size() - 2]
		    << 8 | (uint8_t)utf16[utf16.size() - 1]) + by;

		utf16[utf16.size() - 2] = (char)(unit >> 8);
		utf16[utf16.size() - 1] = (char)unit;
	}
	return utf16;
}

// Reads the strings between begin... and end... of a CMap.
class map_reader {
public:
	map_reader(std::map<uint32_t, std::string> &into, unsigned &code_bytes)
	    : unicode(into), width(code_bytes)
	{
	}

	void token(const QPDFTokenizer::Token &token);

private:
	std::map<uint32_t, std::string> &unicode;
	unsigned &width;
	enum { OUTSIDE, SPACE, CHAR, RANGE } in = OUTSIDE;
	std::vector<std::string> strings;
	bool listing = false;
	size_t listed = 0;

	bool room() const { return unicode.size() < LIMIT_PDF_CODES; }
	void word(const std::string &word);
	void string(const std::string &string);
};

void
map_reader::word(const std::string &word)
{
	if (word == "begincodespacerange")
		in = SPACE;
	else if (word == "beginbfchar")
		in = CHAR;
	else if (word == "beginbfrange")
		in = RANGE;
	else if (word.compare(0, 3, "end") == 0)
		in = OUTSIDE;
	strings.clear();
	listing = false;
}

void
map_reader::string(const std::string &value)
{
	if (listing) {
		if (room())
			unicode[code_of(strings[0]) + (uint32_t)listed] =
			    utf8_of_utf16(value);
		listed++;
		return;
	}
	strings.push_back(value);
	if (in == SPACE && strings.size() == 2) {
		width = strings[0].size() >= 2 ? 2 : 1;
		strings.clear();
	} else if (in == CHAR && strings.size() == 2) {
		if (room())
			unicode[code_of(strings[0])] =
			    utf8_of_utf16(strings[1]);
		strings.clear();
	} else if (in == RANGE && strings.size() == 3) {
		uint32_t from = code_of(strings[0]), to = code_of(strings[1]);

		for (uint32_t c = from; c <= to && c - from < 0x10000 &&
		     room(); c++)
			unicode[c] = utf8_of_utf16(
			    counted_on(strings[2], c - from));
		strings.clear();
	} else if (in == OUTSIDE) {
		strings.clear();
	}
}

void
map_reader::token(const QPDFTokenizer::Token &token)
{
	switch (token.getType()) {
	case QPDFTokenizer::tt_word:
		word(token.getValue());
		break;
	case QPDFTokenizer::tt_string:
		string(token.getValue());
		break;
	case QPDFTokenizer::tt_array_open:
		listing = in == RANGE && strings.size() == 2;
		listed = 0;
		break;
	case QPDFTokenizer::tt_array_close:
		if (listing)
			strings.clear();
		listing = false;
		break;
	default:
		break;
	}
}

} // namespace

pdf_font::pdf_font(QPDFObjectHandle font)
{
	QPDFObjectHandle descendants, map;

	for (uint32_t c = 0; c < 256; c++)
		unicode[c] = utf8_of(pdf_code_win_ansi((uint8_t)c));
	if (!font.isDictionary())
		return;
	map = font.getKey("/ToUnicode");
	descendants = font.getKey("/DescendantFonts");
	if (font.getKey("/Subtype").isNameAndEquals("/Type0")) {
		code_bytes = 2;
		missing_width = 1.0;
		unicode.clear();
		if (descendants.isArray() && descendants.getArrayNItems() > 0)
			read_cid_widths(descendants.getArrayItem(0));
	} else {
		read_encoding(font.getKey("/Encoding"));
		read_simple_widths(font);
	}
	if (map.isStream())
		read_to_unicode(map);
}

void
pdf_font::read_encoding(QPDFObjectHandle encoding)
{
	QPDFObjectHandle differences;
	uint32_t code = 0;

	if (encoding.isNameAndEquals("/MacRomanEncoding") ||
	    (encoding.isDictionary() &&
	        encoding.getKey("/BaseEncoding")
	            .isNameAndEquals("/MacRomanEncoding")))
		for (uint32_t c = 0x80; c < 256; c++)
			unicode[c] = utf8_of(pdf_code_mac_roman((uint8_t)c));
	if (!encoding.isDictionary())
		return;
	differences = encoding.getKey("/Differences");
	if (!differences.isArray())
		return;
	for (int i = 0; i < differences.getArrayNItems(); i++) {
		QPDFObjectHandle item = differences.getArrayItem(i);

		if (item.isInteger()) {
			code = (uint32_t)item.getIntValue();
		} else if (item.isName() && code < 256) {
			uint32_t c = pdf_glyph_unicode(
			    item.getName().c_str() + 1);

			unicode[code++] = c ? utf8_of(c) : std::string();
		}
	}
}

void
pdf_font::read_simple_widths(QPDFObjectHandle font)
{
	QPDFObjectHandle list = font.getKey("/Widths");
	QPDFObjectHandle first = font.getKey("/FirstChar");

	if (!list.isArray() || !first.isInteger())
		return;
	for (int i = 0; i < list.getArrayNItems() && i < 256; i++) {
		QPDFObjectHandle item = list.getArrayItem(i);

		if (item.isNumber())
			widths[(uint32_t)(first.getIntValue() + i)] =
			    item.getNumericValue() / 1000;
	}
}

// 9.7.4.3: c [w1 w2 ...] and first last w.
void
pdf_font::read_cid_widths(QPDFObjectHandle descendant)
{
	QPDFObjectHandle list, all;
	int i = 0, count;

	if (!descendant.isDictionary())
		return;
	all = descendant.getKey("/DW");
	if (all.isNumber())
		missing_width = all.getNumericValue() / 1000;
	list = descendant.getKey("/W");
	count = list.isArray() ? list.getArrayNItems() : 0;
	while (i + 1 < count && widths.size() < LIMIT_PDF_CODES) {
		QPDFObjectHandle from = list.getArrayItem(i);
		QPDFObjectHandle next = list.getArrayItem(i + 1);

		if (!from.isInteger())
			return;
		if (next.isArray()) {
			for (int k = 0; k < next.getArrayNItems(); k++)
				if (next.getArrayItem(k).isNumber())
					widths[(uint32_t)(from.getIntValue() +
					    k)] = next.getArrayItem(k)
					              .getNumericValue() / 1000;
			i += 2;
			continue;
		}
		if (i + 2 >= count || !next.isInteger() ||
		    !list.getArrayItem(i + 2).isNumber())
			return;
		for (long long c = from.getIntValue(); c <=
		     next.getIntValue() && widths.size() < LIMIT_PDF_CODES;
		     c++)
			widths[(uint32_t)c] = list.getArrayItem(i + 2)
			                          .getNumericValue() / 1000;
		i += 3;
	}
}

void
pdf_font::read_to_unicode(QPDFObjectHandle stream)
{
	auto data = stream.getStreamData(qpdf_dl_generalized);
	map_reader reader(unicode, code_bytes);
	QPDFTokenizer tokenizer;

	for (size_t i = 0; i <= data->getSize(); i++) {
		QPDFTokenizer::Token token;
		bool unread;
		char c;

		if (i == data->getSize())
			tokenizer.presentEOF();
		else
			tokenizer.presentCharacter(
			    (char)data->getBuffer()[i]);
		while (tokenizer.getToken(token, unread, c)) {
			reader.token(token);
			if (unread)
				tokenizer.presentCharacter(c);
		}
	}
}

std::vector<pdf_glyph>
pdf_font::glyphs(const std::string &shown) const
{
	std::vector<pdf_glyph> out;

	for (size_t i = 0; i + code_bytes <= shown.size(); i += code_bytes) {
		uint32_t code = code_of(shown.substr(i, code_bytes));
		auto text = unicode.find(code);
		auto width = widths.find(code);

		out.push_back({ text == unicode.end() ? "" : text->second,
		    width == widths.end() ? missing_width : width->second,
		    code_bytes == 1 && code == 32 });
	}
	return out;
}
