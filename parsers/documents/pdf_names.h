/* Codes and glyph names of PDF's simple fonts (ISO 32000-1, annex D; the
 * Adobe Glyph List's regular forms). */
#ifndef PARSERS_DOCUMENTS_PDF_NAMES_H
#define PARSERS_DOCUMENTS_PDF_NAMES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint32_t pdf_code_win_ansi(uint8_t code);
uint32_t pdf_code_mac_roman(uint8_t code);

/* "A", "eacute", "uni20AC", "u1F600", "f_i"'s first; 0 when not known. */
uint32_t pdf_glyph_unicode(const char *name);

#ifdef __cplusplus
}
#endif

#endif
