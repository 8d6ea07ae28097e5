/*
 * Which lines part the messages of an mbox.  RFC 4155 wants
 * "From sender date" after an empty line; mailers write less, and bodies hold
 * lines that look so.  The rule:
 *
 *  after an empty line, or at the file's start
 *	"From x date", and a field, an empty line, another From_ line or the
 *	end comes next                                        -> it parts
 *	"From x date" and prose comes next                    -> text, noted
 *	"From x" without date ("From -", Takeout), and a header with a field
 *	that mail has comes next                              -> it parts
 *  elsewhere (the empty line is missing)
 *	"From x date" or "From -", and such a header next     -> it parts, noted
 *  everything else is text
 */
#ifndef PARSERS_MAIL_MBOX_LINES_H
#define PARSERS_MAIL_MBOX_LINES_H

#include "parsers/base/arena.h"

enum {
	FROM_LINE_MOST = 1024,
	/* How far past a From_ line its header is looked at. */
	FROM_AHEAD = 8192,
};

enum from_line {
	FROM_TEXT,
	FROM_PARTS,
	FROM_PARTS_NOTED,  /* without the empty line before it */
	FROM_TEXT_NOTED,   /* a whole From_ line, and no message after it */
};

/* The line at `at`, which begins with "From "; text past it is looked at. */
enum from_line mbox_from_line(struct bytes text, size_t at);

/* "From x date" at the front, whatever stands around it. */
bool mbox_is_dated(struct bytes text);

/* A header at the front that holds a field mail has. */
bool mbox_is_mail_header(struct bytes text);

/* Names of fields that only mail has, or mail always. */
bool mail_field_is_known(struct bytes name);

#endif
