/* Shared by message*.c. */
#ifndef PARSERS_MAIL_MESSAGE_PRIVATE_H
#define PARSERS_MAIL_MESSAGE_PRIVATE_H

#include "parsers/mail/message.h"
#include "parsers/mail/mime.h"

/* What the header says: everything of RECORD_MESSAGE but idx, place, state,
 * sizes and hashes. */
void message_take_header(struct record_message *m, struct arena *arena,
    const struct header *header);

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
