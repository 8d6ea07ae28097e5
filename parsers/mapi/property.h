/* Values of MAPI properties ([MS-OXCDATA] 2.11, [MS-OXPROPS]) as numbers,
 * times and UTF-8 texts. */
#ifndef PARSERS_MAPI_PROPERTY_H
#define PARSERS_MAPI_PROPERTY_H

#include "parsers/base/text.h"
#include "parsers/mapi/mapi.h"

/* Property ids used in more than one file; the rest stand where they are
 * read, with their name. */
enum mapi_id {
	PR_MESSAGE_CLASS = 0x001A,
	PR_SUBJECT = 0x0037,
	PR_CLIENT_SUBMIT_TIME = 0x0039,
	PR_TRANSPORT_MESSAGE_HEADERS = 0x007D,
	PR_MESSAGE_DELIVERY_TIME = 0x0E06,
	PR_MESSAGE_FLAGS = 0x0E07,
	PR_BODY = 0x1000,
	PR_RTF_COMPRESSED = 0x1009,
	PR_HTML = 0x1013,
	PR_INTERNET_MESSAGE_ID = 0x1035,
	PR_DISPLAY_NAME = 0x3001,
	PR_SEARCH_KEY = 0x300B,
	PR_INTERNET_CPID = 0x3FDE,
	PR_MESSAGE_LOCALE_ID = 0x3FF1,
	PR_MESSAGE_CODEPAGE = 0x3FFD,
};

/* How PtypString8 values of one message are read. */
struct mapi_text {
	struct arena *arena;
	uint32_t codepage;     /* 0: UTF-8 when valid, else windows-1252 */
	bool guessed;          /* no property and no store names it */
	/* What decoding met so far; reported once a message. */
	bool lossy, unknown;
	bool cut_values; /* a multi-value past LIMIT_MAPI_VALUES, or cut */
};

/*
 * Chooses the code page: PidTagMessageCodepage, else the Windows one for
 * PidTagInternetCodepage, else that of the locale, else the store's, else a
 * guess from the 8-bit values themselves (Japanese and Cyrillic are told
 * apart from the West).
 */
struct mapi_text mapi_text_for(struct arena *arena,
    const struct mapi_message *message);

/* The Windows code page that says the most of an internet one. */
uint32_t mapi_windows_codepage(uint32_t internet);

/* Absent when the bag has no such property, or one of another type. */
struct bytes mapi_string(struct mapi_text *text, const struct mapi_bag *bag,
    uint16_t id);
struct bytes mapi_string_value(struct mapi_text *text,
    const struct mapi_property *property);
struct bytes mapi_binary(const struct mapi_bag *bag, uint16_t id);
/* INT16, INT32, INT64, BOOLEAN; `missing` when there is none. */
int64_t mapi_number(const struct mapi_bag *bag, uint16_t id, int64_t missing);
/* UTC_NONE when there is none. */
int64_t mapi_time(const struct mapi_bag *bag, uint16_t id);

/* The texts of a PtypMultipleString(8) value; at most LIMIT_MAPI_VALUES. */
struct bytes *mapi_strings(struct mapi_text *text,
    const struct mapi_property *property, size_t *count);
struct bytes *mapi_binaries(struct mapi_text *text,
    const struct mapi_property *property, size_t *count);

/* The named properties that a message has, with their names. */
struct mapi_named {
	const struct mapi_name *name;
	const struct mapi_property *property;
};
struct mapi_named_list {
	struct mapi_named *list;
	size_t count;
};
struct mapi_named_list mapi_names_resolve(struct arena *arena,
    const struct mapi_message *message);

/* The property with a numeric name; NULL when the message has none.
 * `set` is the first DWORD of the property set: all that Outlook uses end
 * in -0000-0000-C000-000000000046. */
const struct mapi_property *mapi_named(const struct mapi_named_list *named,
    uint32_t set, uint32_t lid);

/* One address of an entry id: a one-off ([MS-OXCDATA] 2.2.5.1) or an
 * Exchange one (2.2.5.2, a DN). */
struct mapi_entry {
	struct bytes name, type, address;
};
bool mapi_entry_parse(struct mapi_text *text, struct bytes entry_id,
    struct mapi_entry *out);

#endif
