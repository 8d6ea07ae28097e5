/*
 * What a parser may say: the records that cross from the confined worker to
 * the case process, and nothing else does.
 *
 * Each kind is one list of fields below.  From it come the struct, the frame
 * (forensics/ingest/frame.c), and the columns of the table of the same name
 * in the case (forensics/case/schema.sql), so a new field is one line here
 * and one in the schema.
 *
 *	T(name)  text, UTF-8 (repaired by the parser); absent = NULL
 *	N(name)  int64; RECORD_NONE = NULL
 *
 * Times are microseconds UTC (base/utc.h).  Lists inside a text field are
 * JSON arrays.  All memory is borrowed for the length of the sink call.
 */
#ifndef PARSERS_RECORD_H
#define PARSERS_RECORD_H

#include "parsers/base/bytes.h"
#include "parsers/base/outcome.h"

#define RECORD_NONE INT64_MIN

/* One row a source: what the store says about itself. */
#define RECORD_SOURCE_INFO(T, N)                                               \
	T(store_owner)   /* mailbox owner's SMTP address, when the store says */ \
	T(display_name)                                                        \
	T(special)       /* JSON {"inbox":"nid=0x..", ...}: special folders */

/* A member of an archive that holds mail: a file of its own for the question
 * whose mailbox it is and in which folder. */
#define RECORD_MEMBER(T, N)                                                    \
	T(locator)       /* member=mail/a.pst */                               \
	T(path)          /* below the archive; empty: all there is in it */    \
	T(kind)          /* its parser's name */                               \
	T(store_owner)                                                         \
	T(display_name)

/* A file that a list in the evidence says was exported with it. */
#define RECORD_PROMISE(T, N)                                                   \
	T(path)          /* as listed, with '/' */                             \
	N(items)                                                               \
	N(bytes)         /* of the file, when stated */                        \
	T(hash)          /* MD5 or SHA-256, hex, likewise */

/* A folder of a store, or the one folder an mbox is. */
#define RECORD_FOLDER(T, N)                                                    \
	T(folder_id)     /* locator, e.g. nid=0x8022; mbox: "" */              \
	T(parent_id)                                                           \
	T(path)          /* below the mailbox root; '/' in names is '_' */     \
	T(kind)          /* mail, search, hidden */                            \
	T(container_class)                                                     \
	T(special)       /* inbox, sent, deleted, drafts, outbox, junk, ... */ \
	N(expected)      /* rows the folder's own table promises */            \
	N(associated)                                                          \
	T(member)        /* locator of the RECORD_MEMBER it lies in */

/* A mail item of any class.  Embedded messages are items of their own. */
#define RECORD_MESSAGE(T, N)                                                   \
	N(idx)           /* 0 for the item, 1.. for messages embedded in it */ \
	N(parent_idx)    /* of the message that holds it; none for idx 0 */    \
	T(locator)       /* below the source, embedded ones included */        \
	T(folder_id)     /* of a RECORD_FOLDER; none where the path decides */ \
	T(state)         /* live, recovered, embedded */                       \
	N(listed)        /* 1: recovered, and its folder's table promises it */ \
	T(message_class)                                                       \
	T(internet_message_id) /* as written, trimmed */                       \
	T(subject)                                                             \
	T(sender)        /* shown form: Name <address> */                      \
	T(sender_address)                                                      \
	T(recipients)    /* JSON array of shown forms: to, cc, bcc */          \
	N(sent_us)                                                             \
	N(received_us)                                                         \
	N(arrival_us)    /* contract 3, Arrival, without message tracking */   \
	T(sent_text)     /* the time as written */                             \
	T(received_text)                                                       \
	N(bytes)                                                               \
	N(attachments)                                                         \
	T(content_sha256)                                                      \
	T(body_sha256)                                                         \
	T(html_sha256)                                                         \
	T(edrm_mih)                                                            \
	T(item_id)       /* store entry id, hex */                             \
	T(search_key)    /* hex */                                             \
	T(delivered_to)                                                        \
	T(conversation)                                                        \
	T(flags)         /* JSON array: unread, draft, sent, older_copy, ... */ \
	T(member)        /* locator of the RECORD_MEMBER it lies in */

/* A name and address in a message's header or recipient table. */
#define RECORD_ADDRESS(T, N)                                                   \
	N(idx)                                                                 \
	T(role)          /* from, sender, reply_to, to, cc, bcc, delivered_to */ \
	N(position)                                                            \
	T(name)                                                                \
	T(address)

#define RECORD_ATTACHMENT(T, N)                                                \
	N(idx)                                                                 \
	T(part)                                                                \
	T(name)                                                                \
	T(content_type)                                                        \
	N(bytes)                                                               \
	T(sha256)                                                              \
	T(md5)                                                                 \
	T(method)        /* file, embedded, ole, link */                       \
	N(hidden)                                                              \
	N(embedded_idx)  /* the message inside, when it is one */              \
	T(text)          /* read, not_read, encrypted, image, none */          \
	T(reason)                                                              \
	T(locator)

/* A value found in a message's text; made by the scanner, never a parser. */
#define RECORD_FINDING(T, N)                                                   \
	N(idx)                                                                 \
	T(part)                                                                \
	N(text_offset)   /* none for cells */                                  \
	T(detector)                                                            \
	T(element)       /* "" for contact data and businesses */              \
	T(kind)          /* credentials.csv: kind; none for the rest */        \
	T(level)         /* high, medium, low */                               \
	T(value)         /* as written */                                      \
	T(normalized)    /* for value_hash and merging */                      \
	T(masked)                                                              \
	T(class)         /* class of value_hash, e.g. us_ssn */                \
	N(hidden)                                                              \
	T(account)       /* credentials: whose */                              \
	T(system)        /* credentials: of what */                            \
	T(expires)       /* credentials: ISO time, when the secret says */     \
	T(group_key)     /* values of one person share it: row, block, ... */  \
	T(name)          /* the name it belongs to, as written */              \
	T(link)          /* row, block, paragraph, signature, none */

/* One audit record of any format, in common terms. */
#define RECORD_EVENT(T, N)                                                     \
	N(idx)           /* 0; several events may come from one item */        \
	T(locator)       /* row=17, line=4, offset=.. of the record */         \
	N(raw_offset)    /* bytes of the record in the source, for quoting */  \
	N(raw_bytes)                                                           \
	T(content_sha256) /* of the inner record's bytes */                    \
	N(inner_bytes)   /* of the inner record */                             \
	T(record_id)     /* lower case; none when the record has none */       \
	N(time_us)                                                             \
	N(until_us)      /* RecordType 50: time + 120 s, else time */          \
	T(time_text)                                                           \
	N(record_type)                                                         \
	T(workload)                                                            \
	T(operation)     /* as written */                                      \
	T(user_id)                                                             \
	T(user_key)                                                            \
	N(user_type)                                                           \
	N(logon_type)                                                          \
	T(logon_sid)                                                           \
	T(owner_sid)                                                           \
	N(external)      /* ExternalAccess 0/1 */                              \
	T(mailbox_guid)  /* lower case */                                      \
	T(mailbox_owner)                                                       \
	T(client_ip)     /* as written; the first the record gives */          \
	T(ips)           /* JSON array of canonical addresses, all fields */   \
	T(app_id)                                                              \
	T(client_app_id)                                                       \
	T(app_ids)       /* JSON array, lower case: all application ids */     \
	T(client_info)   /* ClientInfoString, ActorInfoString or UserAgent */  \
	T(clients)       /* JSON array: all of them, when there are several */ \
	T(session_id)    /* lower case; empty and "not available" are none */  \
	T(aad_session)                                                         \
	T(token_id)                                                            \
	T(device_ids)    /* JSON array, lower case */                          \
	T(sessions)      /* JSON array, lower case: all session ids */         \
	T(access_type)   /* MailAccessType in lower case: bind, sync */        \
	T(throttled)     /* yes, no, not_stated */                             \
	T(result)        /* ResultStatus as written */                         \
	T(succeeded)     /* yes, no, partial: our reading of it */             \
	T(error)                                                               \
	T(object_id)                                                           \
	T(folder_id)     /* the record's own folder */                         \
	T(folder_path)                                                         \
	T(folder_name)                                                         \
	T(dest_folder_id)                                                      \
	T(dest_folder_path)                                                    \
	T(dest_mailbox_guid)                                                   \
	N(operation_count)                                                     \
	N(result_count)  /* the wrapper's ResultCount, ResultIndex */          \
	N(result_index)                                                        \
	T(parameters)    /* JSON [["Name","Value"],...]: cmdlets, AAD */       \
	T(detail)        /* search query, subject of a Send, reason ... */

/* An item that an audit record names. */
#define RECORD_EVENT_ITEM(T, N)                                                \
	N(idx)                                                                 \
	N(position)                                                            \
	T(internet_message_id) /* as written, trimmed */                       \
	T(item_id)       /* standard base64 */                                 \
	T(immutable_id)                                                        \
	T(folder_id)                                                           \
	T(folder_path)                                                         \
	T(subject)                                                             \
	N(bytes)

/* A folder id with a path or a name that an audit record gives it. */
#define RECORD_EVENT_FOLDER(T, N)                                              \
	N(idx)                                                                 \
	T(folder_id)                                                           \
	T(path)                                                                \
	T(name)

#define RECORD_PROBLEM(T, N)                                                   \
	T(locator)                                                             \
	T(kind)          /* problem_kind_name() */                             \
	T(severity)      /* severity_name() */                                 \
	N(items_lost)                                                          \
	T(detail)                                                              \
	N(time_us)       /* unreadable audit record: its own time, mailbox */  \
	T(mailbox)

/* A message's headers and own text, up to LIMIT_KEPT_TEXT; made by the
 * worker, never a parser. */
#define RECORD_TEXT(T, N)                                                      \
	N(idx)                                                                 \
	T(packed)        /* bytes: base/kept_text.h */                         \
	N(whole)         /* 0: there was more */

/* Bytes that an export is made of, in pieces of LIMIT_CONTENT_PIECE; said
 * when somebody asks (sink.contents), never kept in the case. */
#define RECORD_CONTENT(T, N)                                                   \
	N(idx)                                                                 \
	T(role)          /* original, headers, plain, html, rtf, attachment */ \
	T(part)          /* of an attachment: as RECORD_ATTACHMENT has it */   \
	T(piece)

/* A piece of a source that can be read alone; made by a parser's plan. */
#define RECORD_UNIT(T, N)                                                      \
	T(spec)          /* the parser's own words, opaque bytes */            \
	N(items)         /* how many it holds, when known */

#define RECORD_FIELD_TEXT(name) struct bytes name;
#define RECORD_FIELD_NUMBER(name) int64_t name;
#define RECORD_STRUCT(tag, LIST)                                               \
	struct tag {                                                           \
		LIST(RECORD_FIELD_TEXT, RECORD_FIELD_NUMBER)                   \
	};

RECORD_STRUCT(record_source_info, RECORD_SOURCE_INFO)
RECORD_STRUCT(record_folder, RECORD_FOLDER)
RECORD_STRUCT(record_member, RECORD_MEMBER)
RECORD_STRUCT(record_promise, RECORD_PROMISE)
RECORD_STRUCT(record_message, RECORD_MESSAGE)
RECORD_STRUCT(record_address, RECORD_ADDRESS)
RECORD_STRUCT(record_attachment, RECORD_ATTACHMENT)
RECORD_STRUCT(record_finding, RECORD_FINDING)
RECORD_STRUCT(record_event, RECORD_EVENT)
RECORD_STRUCT(record_event_item, RECORD_EVENT_ITEM)
RECORD_STRUCT(record_event_folder, RECORD_EVENT_FOLDER)
RECORD_STRUCT(record_problem, RECORD_PROBLEM)
RECORD_STRUCT(record_unit, RECORD_UNIT)
RECORD_STRUCT(record_text, RECORD_TEXT)
RECORD_STRUCT(record_content, RECORD_CONTENT)

enum record_kind {
	RECORD_KIND_SOURCE_INFO,
	RECORD_KIND_FOLDER,
	RECORD_KIND_MESSAGE,
	RECORD_KIND_ADDRESS,
	RECORD_KIND_ATTACHMENT,
	RECORD_KIND_FINDING,
	RECORD_KIND_EVENT,
	RECORD_KIND_EVENT_ITEM,
	RECORD_KIND_EVENT_FOLDER,
	RECORD_KIND_PROBLEM,
	RECORD_KIND_UNIT,
	RECORD_KIND_TEXT,
	RECORD_KIND_CONTENT,
	RECORD_KIND_MEMBER,
	RECORD_KIND_PROMISE,
	RECORD_KINDS
};

struct record_field {
	const char *name;
	size_t offset; /* in the struct */
	bool text;     /* struct bytes, else int64_t */
};

struct record_shape {
	const char *table; /* in the case */
	size_t size;       /* of the struct */
	const struct record_field *fields;
	size_t count;
};

/* One shape a kind, in the order of the enum. */
extern const struct record_shape record_shapes[RECORD_KINDS];

/* All texts absent, all numbers none. */
void record_clear(enum record_kind kind, void *record);

#endif
