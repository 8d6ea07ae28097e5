/* Shared by message*.c. */
#ifndef PARSERS_MAIL_MESSAGE_PRIVATE_H
#define PARSERS_MAIL_MESSAGE_PRIVATE_H

#include "parsers/base/text.h"
#include "parsers/mail/message.h"
#include "parsers/mail/mime.h"

/* What the header says: everything of RECORD_MESSAGE but idx, place, state,
 * sizes and hashes. */
void message_take_header(struct record_message *m, struct arena *arena,
    const struct header *header);

/* A leaf, decoded once. */
struct decoded {
	struct bytes content; /* transfer encoding undone */
	struct bytes text;    /* UTF-8, for text bodies */
	enum text_quality quality;
	size_t bad;
};

/* A message in hand: what its pieces are said from. */
struct saying {
	struct message_run *run;
	const struct message_origin *origin;
	const struct header *header;
	const struct mime *mime;
	struct decoded *decoded;
	int64_t idx;
};

/* "part=2.1" below the message. */
struct bytes message_part_locator(struct arena *arena, struct bytes message,
    struct bytes part);

/* ---- message_body.c */

void message_body_say(struct saying *s, const struct mime_part *part,
    const struct decoded *d);
/* How many files stand in a plain body: they count as attachments. */
size_t message_count_inline(const struct mime_part *part,
    const struct decoded *d, struct arena *arena);

/* ---- message_attachment.c */

void message_attachment_say(struct saying *s, const struct mime_part *part,
    const struct decoded *d);
/* Its parts, for a file in a text: hashes and names; the type that its
 * content proves; its text. */
void message_attachment_begin(struct saying *s, struct record_attachment *a,
    struct bytes part, struct bytes name, struct bytes content);
void message_attachment_type(struct record_attachment *a, struct arena *arena,
    struct bytes declared, struct bytes content);
void message_attachment_text(struct saying *s, struct record_attachment *a,
    struct bytes charset, struct bytes content);

/* ---- message_fields.c */

/* Flags are gathered before they become a JSON array. */
enum { MESSAGE_FLAGS_MOST = 32 };
struct message_flags {
	struct bytes list[MESSAGE_FLAGS_MOST];
	size_t count;
};
void message_flag(struct message_flags *flags, struct bytes flag);
/* Status, X-Status, X-Mozilla-Status, X-Gmail-Labels, X-Keywords. */
void message_header_flags(struct message_flags *flags, struct arena *arena,
    const struct header *header);

/* A file inside a text body: uuencode or yEnc. */
struct inline_file {
	size_t begin, end; /* of all its lines in the text */
	struct bytes name; /* as written */
	struct bytes data; /* between the first line and the last */
	bool yenc;
	bool unended;      /* no last line: the text ends first */
};

/* Up to `most` files of the text in order. */
size_t inline_files(struct bytes text, struct inline_file *list, size_t most);
struct bytes inline_file_decode(struct arena *arena,
    const struct inline_file *file, size_t *bad);

#endif
