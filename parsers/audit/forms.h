/*
 * Records that are no unified audit records: each form knows its own by
 * their members and takes them into ual->event.  The rows of flat tables
 * (CSV, #Fields logs) come as objects of their columns, so that one mapping
 * serves every container.
 */
#ifndef PARSERS_AUDIT_FORMS_H
#define PARSERS_AUDIT_FORMS_H

#include "parsers/audit/ual_private.h"

struct form {
	const char *parser; /* its name in the registry */
	bool (*is)(struct json root);
	bool (*take)(struct ual *ual, struct json root);
};

/* form_wrapped.c */
extern const struct form form_cloud_app, form_sentinel, form_elastic;
/* form_entra.c */
extern const struct form form_entra, form_entra_csv;
/* form_google.c, form_gmail.c */
extern const struct form form_google, form_gmail_rows, form_gmail_csv;
/* form_mail_flow.c */
extern const struct form form_message_trace, form_message_tracking;
/* form_exchange.c */
extern const struct form form_mailbox_audit, form_admin_audit;
/* form_web.c */
extern const struct form form_iis, form_http_proxy, form_exchange_log;

/* The form of a record, NULL: none of them. */
const struct form *form_of(struct json root);
/* A record whose form its table's header has told: its empty columns are
 * left out, so it could not tell it itself. */
bool form_say(struct ual *ual, const struct form *form, struct bytes text,
    const struct ual_place *place, struct sink *sink);

/* "properties.status.errorCode": down through objects. */
bool form_path(struct json root, const char *path, struct json *value);
bool form_has(struct json root, const char *path);
/* The text there; absent when it is none, or no id (ual_is_id). */
struct bytes form_text(struct ual *ual, struct json root, const char *path);
/* The first of several paths that has one. */
struct bytes form_first(struct ual *ual, struct json root,
    const char *const *paths);
struct bytes form_column(struct ual *ual, struct json row, const char *name);

/* ISO, "/Date(ms)/", seconds to microseconds since 1970, and the dates of
 * cultures where they cannot be misread. */
int64_t form_time_of(struct bytes text);
void form_time(struct ual *ual, struct bytes text);
/* A parameter, when it has a value. */
void form_parameter(struct ual *ual, const char *name, struct bytes value);
/* A named item by its Message-ID; NULL without one, or past the limit. */
struct record_event_item *form_item(struct ual *ual, struct bytes message_id);

/* form_gmail.c: what mail_event_type says, "Gmail viewed"; absent: unknown */
struct bytes gmail_operation(struct ual *ual, int64_t mail_event_type);

#endif
