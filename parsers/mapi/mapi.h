/*
 * A MAPI message as a store hands it over, whatever the store is (PST, OST,
 * MSG, TNEF), and its way into records.
 *
 * A store reader fills these structs and calls mapi_message_say(); it knows
 * nothing of mail.  This folder knows properties ([MS-OXPROPS]), bodies
 * ([MS-OXRTFCP], [MS-OXRTFEX]) and records, and nothing of any store's bytes.
 *
 * All memory is the item's arena's unless said otherwise.
 */
#ifndef PARSERS_MAPI_MAPI_H
#define PARSERS_MAPI_MAPI_H

#include "parsers/parser.h"

/* Property types, [MS-OXCDATA] 2.11.1. */
enum mapi_type {
	MAPI_INT16 = 0x0002,
	MAPI_INT32 = 0x0003,
	MAPI_BOOLEAN = 0x000B,
	MAPI_OBJECT = 0x000D,
	MAPI_INT64 = 0x0014,
	MAPI_STRING8 = 0x001E,
	MAPI_UNICODE = 0x001F,
	MAPI_TIME = 0x0040,
	MAPI_GUID = 0x0048,
	MAPI_BINARY = 0x0102,
};

struct mapi_property {
	uint16_t id, type;
	/* As stored: fixed types little-endian in their own width, strings
	 * without terminator, multi-values as the store lays them out.
	 * Absent: announced, and not readable (the store said why). */
	struct bytes value;
};

/* Ascending by id; an id stands once. */
struct mapi_bag {
	const struct mapi_property *list;
	size_t count;
};

/* A property whose id (>= 0x8000) this store gives to a name. */
struct mapi_name {
	uint16_t id;
	uint8_t set[16];     /* GUID as stored */
	uint32_t lid;        /* numeric name, when `text` is absent */
	struct bytes text;   /* UTF-8 */
};

struct mapi_names {
	const struct mapi_name *list;
	size_t count;
};

struct mapi_message;

struct mapi_attachment {
	struct mapi_bag bag;  /* without PR_ATTACH_DATA_BIN / _OBJ */
	struct bytes locator; /* below the source */
	/* By value: the size promised, and the bytes in pieces of the store's
	 * own choosing.  Returns false when some could not be read (the store
	 * has said the problem). NULL when there is no such data. */
	uint64_t data_bytes;
	bool (*data)(void *context, struct mapi_attachment *attachment,
	    void (*piece)(void *to, struct bytes bytes), void *to);
	void *store;          /* the store's own, for `data` */
	/* The message inside (PR_ATTACH_METHOD 5), or NULL. */
	struct mapi_message *embedded;
};

struct mapi_message {
	struct mapi_bag bag;
	struct mapi_names names;
	/* Of PtypString8 values: the store's own; the mapping prefers
	 * PidTagMessageCodepage / PidTagInternetCodepage.  0: unknown. */
	uint32_t codepage;
	const struct mapi_bag *recipients;
	size_t recipient_count;
	size_t attachment_count;
	/* Attachment i; false when it is lost (the store said why; the
	 * mapping still says an attachment row). */
	bool (*attachment)(void *context, struct arena *arena,
	    struct mapi_message *message, size_t i,
	    struct mapi_attachment *out);
	void *context;        /* of both callbacks */
	void *store;          /* the store's own, for `attachment` */

	struct bytes locator;   /* "nid=0x200024" */
	struct bytes folder_id; /* RECORD_FOLDER it lies in; absent: unknown */
	struct bytes state;     /* live, recovered; embedded ones: embedded */
	bool older_copy;        /* recovered, and equal to a live one */
	bool listed;            /* recovered, and its folder's table has it */
	bool in_sent_items;     /* its folder is the one for sent items */
	bool associated;        /* FAI */
	struct bytes entry_id;  /* of the item in its store, when known */
	struct bytes as_stored; /* MSG, TNEF: the file; absent for PST */
};

/*
 * Says the message, its addresses, attachments, texts and the messages in it
 * (to LIMIT_PST_DEPTH).  idx of the item is 0.  PROBLEM rows for what the
 * properties themselves promise and lack.
 */
void mapi_message_say(struct sink *sink, struct mapi_message *message);

/* NULL when the bag has no such property. */
const struct mapi_property *mapi_find(const struct mapi_bag *bag, uint16_t id);

#endif
