/*
 * One RFC 5322 message -> records: RECORD_MESSAGE, its addresses,
 * attachments, text, and the messages inside it.
 */
#ifndef PARSERS_MAIL_MESSAGE_H
#define PARSERS_MAIL_MESSAGE_H

#include "parsers/mail/header.h"
#include "parsers/parser.h"

/* Numbers the messages of one sink item: 0, then the embedded ones. */
struct message_run {
	struct sink *sink;
	struct arena *arena; /* of the item */
	int64_t next_idx;
	unsigned depth;
};

struct message_origin {
	struct bytes locator;      /* of the message below the source */
	int64_t parent_idx;        /* RECORD_NONE at the top */
	struct bytes folder_id;    /* absent where the path decides */
	struct bytes state;        /* live, recovered, embedded */
	struct bytes content;      /* what content_sha256 is of */
	struct bytes message_class; /* absent: IPM.Note */
	const struct bytes *flags; /* known from elsewhere: unread, draft */
	size_t flag_count;
};

/* Says the whole message; returns its idx. */
int64_t message_say(struct message_run *run, struct bytes text,
    const struct message_origin *origin);

/* A file that is one item: its bytes are handed to `say` inside the item, or
 * a problem row says why not. */
typedef void message_file_say(struct sink *sink, const struct input *input,
    struct bytes text);
enum outcome message_file_run(const struct input *input, struct sink *sink,
    message_file_say *say);

/* Addresses of one raw header field as RECORD_ADDRESS. */
void message_addresses_say(struct message_run *run, int64_t idx,
    const char *role, struct bytes raw);

/* LF line ends, trailing line breaks removed: what body_sha256 is of. */
struct bytes message_body_hash(struct arena *arena, struct bytes body);

/*
 * The text of an attachment that is a document we read, by its content type
 * and name.  Returns the word of attachments.csv: text; *reason likewise.
 */
struct bytes attachment_text_say(struct message_run *run, int64_t idx,
    struct bytes part, struct bytes type, struct bytes name,
    struct bytes charset, struct bytes content, struct bytes *reason);

/* JSON array of texts. */
struct bytes json_array(struct arena *arena, const struct bytes *list,
    size_t count);

#endif
