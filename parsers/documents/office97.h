/*
 * Office 97-2003: Word, Excel and PowerPoint in a compound file ([MS-DOC],
 * [MS-XLS], [MS-PPT]); Excel 95 as far as its texts go.
 */
#ifndef PARSERS_DOCUMENTS_OFFICE97_H
#define PARSERS_DOCUMENTS_OFFICE97_H

#include "parsers/cfb/cfb.h"
#include "parsers/documents/document.h"

/* What the compound file's streams say it is, and its text.  A compound file
 * of another kind is "not_read". */
struct document_answer office97_say(struct document_reader *reader,
    struct bytes file);

/* The parts of it: each gets the open file and its main stream. */
struct document_answer word97_say(struct document_reader *reader,
    const struct cfb *cfb, struct bytes stream);
struct document_answer excel97_say(struct document_reader *reader,
    struct bytes stream);
struct document_answer powerpoint97_say(struct document_reader *reader,
    struct bytes stream);

#endif
