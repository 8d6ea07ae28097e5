// What the bytes of a shown string mean in one font (ISO 32000-1, 9.5-9.10).
#ifndef PARSERS_DOCUMENTS_PDF_FONT_H
#define PARSERS_DOCUMENTS_PDF_FONT_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <qpdf/QPDFObjectHandle.hh>

struct pdf_glyph {
	std::string text;  // UTF-8; empty: the font does not say
	double width;      // of the em, 1.0 = its whole size
	bool space;        // the single-byte code 32, which Tw widens (9.3.3)
};

class pdf_font {
public:
	explicit pdf_font(QPDFObjectHandle font);

	std::vector<pdf_glyph> glyphs(const std::string &shown) const;

private:
	unsigned code_bytes = 1;
	double missing_width = 0.5;
	std::map<uint32_t, std::string> unicode;
	std::map<uint32_t, double> widths;

	void read_encoding(QPDFObjectHandle encoding);
	void read_simple_widths(QPDFObjectHandle font);
	void read_cid_widths(QPDFObjectHandle descendant);
	void read_to_unicode(QPDFObjectHandle stream);
};

#endif
