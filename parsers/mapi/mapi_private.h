/* One MAPI message between its two looks: load (properties -> what will be
 * said, hashes of attachments), then say.  Two, since content_sha256 covers
 * the attachments and stands in the row that comes before theirs. */
#ifndef PARSERS_MAPI_MAPI_PRIVATE_H
#define PARSERS_MAPI_MAPI_PRIVATE_H

#include "parsers/mail/message.h"
#include "parsers/mapi/property.h"

/* The run over one item of the sink: the message and all in it. */
struct mapi_run {
	struct message_run *mail;
	struct bytes prefix; /* of part names: "2/" of a winmail.dat */
	size_t attachments; /* met so far, against LIMIT_MIME_PARTS */
	size_t held;        /* bytes of attachments, LIMIT_MAPI_HELD */
};

struct mapi_recipient {
	const char *role; /* of RECORD_ADDRESS */
	struct mail_address who;
};

struct mapi_people {
	struct mail_address from, sender; /* sender absent when the same */
	struct mapi_recipient *list;      /* to, cc, bcc */
	size_t count;
	struct mail_address *reply_to;
	size_t reply_to_count;
	struct bytes delivered_to;
};

struct mapi_bodies { /* UTF-8; absent when there is none */
	struct bytes plain, html;
	struct bytes rtf_text; /* when it says more than `plain` */
};

struct mapi_part {
	struct mapi_attachment stored;
	struct record_attachment record;
	bool lost;            /* the store could not give it */
	bool whole;           /* every byte of its data could be read */
	struct bytes held;    /* its data; absent: read them again */
	struct mapi_loaded *embedded;
};

struct mapi_loaded {
	struct mapi_message *stored;
	struct mapi_text text;
	struct mapi_named_list named;
	struct header headers; /* PR_TRANSPORT_MESSAGE_HEADERS, parsed */
	struct record_message record;
	struct mapi_people people;
	struct mapi_bodies bodies;
	struct bytes fields;   /* "Label: value" lines of other properties */
	struct mapi_part *parts;
	size_t part_count;
	struct bytes prefix;
};

/* addresses.c */
void mapi_people_load(struct mapi_loaded *loaded);
void mapi_people_say(struct mapi_run *run, const struct mapi_loaded *loaded);

/* body.c: problems of the bodies are said to the sink. */
void mapi_bodies_load(struct mapi_run *run, struct mapi_loaded *loaded);
void mapi_bodies_say(struct mapi_run *run, const struct mapi_loaded *loaded);

/* fields.c: contacts, appointments, tasks ... and user-defined fields. */
struct bytes mapi_fields(struct mapi_loaded *loaded);

/* attachments.c */
void mapi_parts_load(struct mapi_run *run, struct mapi_loaded *loaded);
void mapi_parts_say(struct mapi_run *run, struct mapi_loaded *loaded);

/* canonical.c: content_sha256, see README.md. */
struct bytes mapi_content_hash(const struct mapi_loaded *loaded);

/* message.c */
struct mapi_loaded *mapi_load(struct mapi_run *run,
    struct mapi_message *message);
int64_t mapi_say(struct mapi_run *run, struct mapi_loaded *loaded,
    int64_t parent_idx);
/* Bodies, properties and attachments alone, as parts of message idx. */
void mapi_parts_of(struct mapi_run *run, struct mapi_message *message,
    int64_t idx);
/* "2/body": a part's name below the prefix. */
struct bytes mapi_part_name(const struct mapi_loaded *loaded,
    const char *name);

#endif
