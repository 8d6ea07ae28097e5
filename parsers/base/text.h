/*
 * Characters: any charset of a mail to UTF-8, NFC, folding, escapes.
 *
 * glibc loads converters from files on first use, so text_warm_up() opens
 * the whole supported set before confinement; a charset outside it is
 * reported (lossy), never silently dropped.
 */
#ifndef PARSERS_BASE_TEXT_H
#define PARSERS_BASE_TEXT_H

#include "parsers/base/arena.h"

enum text_quality {
	TEXT_CLEAN,
	TEXT_GUESSED,  /* nothing names the charset, or what does is wrong */
	TEXT_LOSSY,    /* some bytes became U+FFFD */
	TEXT_UNKNOWN,  /* charset not known, and it matters: guessed */
};

void text_warm_up(void);

/*
 * Valid UTF-8 always comes out.  Charset absent, empty, us-ascii or a word
 * that says nothing (unknown-8bit): ISO-2022-JP when its escapes are there,
 * UTF-8 when it is valid, else windows-1252, TEXT_GUESSED.  ISO-8859-1 with
 * C1 bytes is windows-1252, as every mailer reads it.  UTF-8 without one
 * valid sequence of several bytes is guessed.  A byte order mark wins.
 */
struct bytes text_to_utf8(struct arena *arena, struct bytes charset,
    struct bytes in, enum text_quality *quality);
struct bytes text_from_codepage(struct arena *arena, uint32_t codepage,
    struct bytes in, enum text_quality *quality);
struct bytes text_from_utf16le(struct arena *arena, struct bytes in);

/* The charset that the first kilobyte of HTML or XML names; absent: none. */
struct bytes text_markup_charset(struct bytes in);

bool text_is_ascii(struct bytes in);

bool text_is_utf8(struct bytes in);
/* Bad sequences become U+FFFD; a clean input is returned as it is. */
struct bytes text_repair_utf8(struct arena *arena, struct bytes in);

/* Next code point of valid UTF-8, 0xFFFD on a bad byte; false at the end. */
bool text_next(struct bytes *rest, uint32_t *code_point);
size_t text_encode(uint32_t code_point, uint8_t out[4]);

struct bytes text_nfc(struct arena *arena, struct bytes in);
/* NFC + full case folding: what folder paths are compared by. */
struct bytes text_fold(struct arena *arena, struct bytes in);
/* NFKD, marks removed, case folded, white space runs one space: names. */
struct bytes text_fold_name(struct arena *arena, struct bytes in);

/* Control characters, U+2028/2029 and bidi controls as \x1b, \u202e
 * (contract 5).  A clean input is returned as it is. */
struct bytes text_visible(struct arena *arena, struct bytes in);

#endif
