// The text of one page's content stream (ISO 32000-1, 9.4), in lines.
#ifndef PARSERS_DOCUMENTS_PDF_PAGE_H
#define PARSERS_DOCUMENTS_PDF_PAGE_H

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <qpdf/QPDFObjectHandle.hh>

#include "parsers/documents/pdf_font.h"

struct pdf_matrix { // 8.3.4: [a b 0; c d 0; e f 1]
	double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;

	pdf_matrix operator*(const pdf_matrix &other) const;
};

class pdf_page : public QPDFObjectHandle::ParserCallbacks {
public:
	explicit pdf_page(QPDFObjectHandle resources);

	void handleObject(QPDFObjectHandle object, size_t, size_t) override;
	void handleEOF() override;

	std::string text;
	bool pictures = false;
	uint64_t known = 0, unknown = 0;
	std::vector<QPDFObjectHandle> forms; // drawn, in order; to be read

private:
	struct graphics {
		pdf_matrix place;
		std::shared_ptr<pdf_font> font;
		double size = 0, spacing = 0, word_spacing = 0, scale = 1,
		       leading = 0, rise = 0;
	};

	QPDFObjectHandle resources;
	std::map<std::string, std::shared_ptr<pdf_font>> fonts;
	std::vector<QPDFObjectHandle> operands;
	std::vector<graphics> saved;
	graphics now;
	pdf_matrix line, at; // Tlm and Tm
	bool any = false;
	double end_x = 0, end_y = 0; // where the last glyph ended, on paper

	double number(size_t i);
	void operate(const std::string &op);
	bool operate_text(const std::string &op);
	bool operate_state(const std::string &op);
	void next_line(double x, double y);
	void set_font();
	void show(const std::string &shown);
	void show_list(QPDFObjectHandle list);
	void separate(double x, double y, double em);
	void draw(const std::string &name);
};

#endif
