/* Office documents that are zips of XML: Office Open XML (ECMA-376) and Open
 * Document (OASIS ODF 1.2). */
#ifndef PARSERS_DOCUMENTS_OFFICE_H
#define PARSERS_DOCUMENTS_OFFICE_H

#include "parsers/documents/package.h"

/* A zip whose members are an office document's; answers what was read.
 * False: it is another zip. */
bool office_say(struct document_reader *reader, struct bytes content,
    struct document_answer *answer);

/* Each returns whether its XML was whole. */
bool word_say(struct document_reader *reader, const struct package *package);
bool sheets_say(struct document_reader *reader,
    const struct package *package);
bool slides_say(struct document_reader *reader,
    const struct package *package);
bool open_document_say(struct document_reader *reader,
    const struct package *package);

/* A target whose part is the reader's with more behind it. */
struct text_target office_part(struct document_reader *reader,
    const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text of `what` elements below ("t"), a paragraph each `paragraph`
 * ("p"), as one flow to the target; tables are flattened. */
bool office_flow_say(struct document_reader *reader,
    const struct text_target *target, struct bytes xml);

/* A cell as a spreadsheet shows it: `value` through the number format. */
struct bytes sheet_shown(struct arena *arena, struct bytes value,
    struct bytes format);

#endif
