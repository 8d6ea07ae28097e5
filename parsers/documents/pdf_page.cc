#include "parsers/documents/pdf_page.h"

#include <cmath>

#include "parsers/base/limits.h"

namespace {

// In ems: a gap that is a word's end, one that is a column's, a line's turn,
// and a paragraph's end.
const double GAP_WORD = 0.15, GAP_COLUMN = 1.5, TURN_LINE = 0.4,
	     TURN_PARAGRAPH = 1.7;

} // namespace

pdf_matrix
pdf_matrix::operator*(const pdf_matrix &o) const
{
	return { a * o.a + b * o.c, a * o.b + b * o.d, c * o.a + d * o.c,
		c * o.b + d * o.d, e * o.a + f * o.c + o.e,
		e * o.b + f * o.d + o.f };
}

pdf_page::pdf_page(QPDFObjectHandle r) : resources(r)
{
}

void
pdf_page::handleEOF()
{
}

void
pdf_page::handleObject(QPDFObjectHandle object, size_t, size_t)
{
	if (object.isOperator()) {
		operate(object.getOperatorValue());
		operands.clear();
	} else if (!object.isInlineImage() &&
	    operands.size() < LIMIT_PDF_OPERANDS) {
		operands.push_back(object);
	}
}

double
pdf_page::number(size_t i)
{
	return i < operands.size() && operands[i].isNumber()
		   ? operands[i].getNumericValue()
		   : 0;
}

void
pdf_page::set_font()
{
	QPDFObjectHandle list;
	std::string name;

	now.size = number(1);
	if (operands.empty() || !operands[0].isName())
		return;
	name = operands[0].getName();
	auto known_font = fonts.find(name);
	if (known_font == fonts.end()) {
		if (resources.isDictionary())
			list = resources.getKey("/Font");
		known_font = fonts.emplace(name, std::make_shared<pdf_font>(
		    list.isInitialized() && list.isDictionary()
			? list.getKey(name)
			: QPDFObjectHandle::newNull())).first;
	}
	now.font = known_font->second;
}

void
pdf_page::next_line(double x, double y)
{
	pdf_matrix by;

	by.e = x;
	by.f = y;
	line = by * line;
	at = line;
}

// What stands between the last glyph and this place.
void
pdf_page::separate(double x, double y, double em)
{
	double dy = std::fabs(y - end_y), gap = x - end_x;

	if (!any || em <= 0)
		return;
	if (dy > TURN_PARAGRAPH * em)
		text += "\n\n";
	else if (dy > TURN_LINE * em)
		text += '\n';
	else if (gap > GAP_COLUMN * em || gap < -em)
		text += '\t';
	else if (gap > GAP_WORD * em && !text.empty() && text.back() != ' ')
		text += ' ';
}

void
pdf_page::show(const std::string &shown)
{
	if (!now.font || text.size() > LIMIT_PDF_PAGE_BYTES)
		return;
	for (const pdf_glyph &glyph : now.font->glyphs(shown)) {
		pdf_matrix size, by, place;
		double em, advance;

		size.a = now.size * now.scale;
		size.d = now.size;
		size.f = now.rise;
		place = size * at * now.place;
		em = std::hypot(place.c, place.d);
		separate(place.e, place.f, em);
		(glyph.text.empty() ? unknown : known)++;
		text += glyph.text.empty() ? "\xEF\xBF\xBD" : glyph.text;
		advance = glyph.width * now.size + now.spacing +
		    (glyph.space ? now.word_spacing : 0);
		by.e = advance * now.scale;
		at = by * at;
		place = size * at * now.place;
		end_x = place.e;
		end_y = place.f;
		any = true;
	}
}

void
pdf_page::show_list(QPDFObjectHandle list)
{
	if (!list.isArray())
		return;
	for (int i = 0; i < list.getArrayNItems(); i++) {
		QPDFObjectHandle item = list.getArrayItem(i);
		pdf_matrix by;

		if (item.isString()) {
			show(item.getStringValue());
		} else if (item.isNumber()) {
			by.e = -item.getNumericValue() / 1000 * now.size *
			    now.scale;
			at = by * at;
		}
	}
}

void
pdf_page::draw(const std::string &name)
{
	QPDFObjectHandle list, drawn, kind;

	if (!resources.isDictionary())
		return;
	list = resources.getKey("/XObject");
	if (!list.isDictionary())
		return;
	drawn = list.getKey(name);
	if (!drawn.isStream())
		return;
	kind = drawn.getDict().getKey("/Subtype");
	if (kind.isNameAndEquals("/Image"))
		pictures = true;
	else if (kind.isNameAndEquals("/Form") &&
	    forms.size() < LIMIT_PDF_FORMS)
		forms.push_back(drawn);
}

bool
pdf_page::operate_text(const std::string &op)
{
	if (op == "BT") {
		line = at = pdf_matrix();
	} else if (op == "Td") {
		next_line(number(0), number(1));
	} else if (op == "TD") {
		now.leading = -number(1);
		next_line(number(0), number(1));
	} else if (op == "Tm") {
		line = at = { number(0), number(1), number(2), number(3),
			number(4), number(5) };
	} else if (op == "T*") {
		next_line(0, -now.leading);
	} else if (op == "Tj" || op == "'" || op == "\"") {
		if (op != "Tj")
			next_line(0, -now.leading);
		if (op == "\"") {
			now.word_spacing = number(0);
			now.spacing = number(1);
		}
		if (!operands.empty() && operands.back().isString())
			show(operands.back().getStringValue());
	} else if (op == "TJ") {
		if (!operands.empty())
			show_list(operands[0]);
	} else {
		return false;
	}
	return true;
}

bool
pdf_page::operate_state(const std::string &op)
{
	if (op == "Tf")
		set_font();
	else if (op == "Tc")
		now.spacing = number(0);
	else if (op == "Tw")
		now.word_spacing = number(0);
	else if (op == "Tz")
		now.scale = number(0) / 100;
	else if (op == "TL")
		now.leading = number(0);
	else if (op == "Ts")
		now.rise = number(0);
	else
		return false;
	return true;
}

void
pdf_page::operate(const std::string &op)
{
	if (operate_text(op) || operate_state(op))
		return;
	if (op == "q" && saved.size() < LIMIT_PDF_STATES) {
		saved.push_back(now);
	} else if (op == "Q" && !saved.empty()) {
		now = saved.back();
		saved.pop_back();
	} else if (op == "cm") {
		now.place = pdf_matrix{ number(0), number(1), number(2),
			number(3), number(4), number(5) } * now.place;
	} else if (op == "Do" && !operands.empty() && operands[0].isName()) {
		draw(operands[0].getName());
	} else if (op == "BI" || op == "EI") {
		pictures = true;
	}
}
