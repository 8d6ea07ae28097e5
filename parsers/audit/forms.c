/* The forms of records that are no unified audit records, and what all of
 * them need to read their members. */
#include "parsers/audit/forms.h"

#include "parsers/base/utc_written.h"

static const struct form *const forms[] = {
	&form_cloud_app,
	&form_sentinel,
	&form_elastic,
	&form_entra,
	&form_entra_csv,
	&form_google,
	&form_gmail_rows,
	&form_gmail_csv,
	&form_message_trace,
	&form_message_tracking,
	&form_mailbox_audit,
	&form_admin_audit,
	&form_iis,
	&form_http_proxy,
	&form_exchange_log,
};

const struct form *
form_of(struct json root)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (forms[i]->is(root))
			return forms[i];
	return NULL;
}

bool
form_say(struct ual *ual, const struct form *form, struct bytes text,
    const struct ual_place *place, struct sink *sink)
{
	struct json root;

	ual_begin(ual);
	if (!json_parse(ual->documents[0], text, &root) ||
	    !form->take(ual, root) || ual->event.operation.n == 0)
		return false;
	ual_end(ual, text, place, sink);
	return true;
}

bool
form_path(struct json root, const char *path, struct json *value)
{
	struct bytes rest = bytes_cstr(path), name;
	char key[64];

	*value = root;
	while (bytes_cut(&rest, '.', &name)) {
		if (name.n >= sizeof key)
			return false;
		memcpy(key, name.p, name.n);
		key[name.n] = '\0';
		if (!json_get(*value, key, value))
			return false;
	}
	return true;
}

bool
form_has(struct json root, const char *path)
{
	struct json value;

	return form_path(root, path, &value);
}

struct bytes
form_text(struct ual *ual, struct json root, const char *path)
{
	struct json value;
	struct bytes text;

	if (!form_path(root, path, &value))
		return BYTES_NONE;
	text = bytes_trim(ual_text(ual, value));
	if (!ual_is_id(text) || bytes_eq(text, BYTES_LIT("<null>")))
		return BYTES_NONE;
	return text;
}

struct bytes
form_first(struct ual *ual, struct json root, const char *const *paths)
{
	struct bytes text = BYTES_NONE;

	for (; *paths != NULL && text.n == 0; paths++)
		text = form_text(ual, root, *paths);
	return text;
}

/* A column's text: names in tables are no paths, they may hold dots. */
struct bytes
form_column(struct ual *ual, struct json row, const char *name)
{
	struct json value;
	struct bytes text;

	if (!json_get(row, name, &value))
		return BYTES_NONE;
	text = bytes_trim(ual_text(ual, value));
	return ual_is_id(text) ? text : BYTES_NONE;
}

void
form_parameter(struct ual *ual, const char *name, struct bytes value)
{
	if (value.n > 0)
		ual_parameter(ual, bytes_cstr(name), value);
}

struct record_event_item *
form_item(struct ual *ual, struct bytes message_id)
{
	struct record_event_item *item;

	if (message_id.n == 0)
		return NULL;
	item = ual_new_item(ual);
	if (item != NULL)
		item->internet_message_id = message_id;
	return item;
}

/* ---- times in the spellings of exports */

/* Seconds, milliseconds or microseconds since 1970, by their size. */
static int64_t
time_from_epoch(struct bytes text)
{
	uint64_t n;

	if (!bytes_to_u64(text, &n))
		return UTC_NONE;
	if (n >= UINT64_C(100000000000000) && n < UINT64_C(10000000000000000))
		return (int64_t)n;
	if (n >= UINT64_C(100000000000) && n < UINT64_C(100000000000000))
		return (int64_t)n * 1000;
	if (n >= UINT64_C(100000000) && n < UINT64_C(100000000000))
		return (int64_t)n * UTC_SECOND;
	return UTC_NONE;
}

/* "/Date(1658751973240)/" */
static int64_t
time_from_ajax(struct bytes text)
{
	if (!bytes_starts(text, BYTES_LIT("/Date(")))
		return UTC_NONE;
	text = bytes_skip(text, 6);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9') {
			text.n = i;
			break;
		}
	return time_from_epoch(text);
}

int64_t
form_time_of(struct bytes text)
{
	int64_t us;

	text = bytes_trim(text);
	us = utc_from_iso(text);
	if (us == UTC_NONE)
		us = time_from_epoch(text);
	if (us == UTC_NONE)
		us = time_from_ajax(text);
	if (us == UTC_NONE && bytes_ends(text, BYTES_LIT(" UTC")))
		us = utc_from_iso(bytes_slice(text, 0, text.n - 4));
	if (us == UTC_NONE)
		us = utc_from_culture(text, DATE_ORDER_UNKNOWN);
	return us;
}

void
form_time(struct ual *ual, struct bytes text)
{
	ual->event.time_text = text;
	ual->event.time_us = form_time_of(text);
}
