/*
 * content_sha256 of a MAPI message: SHA-256 over a canonical form, so that a
 * message has one hash in a PST, an OST and an MSG file.  The form is said
 * in README.md and forensics/case/schema.sql; tests/unit_mapi.c has one in
 * full.  Never change it without a new first line.
 */
#include "parsers/mapi/mapi_private.h"

#include "parsers/base/buffer.h"
#include "parsers/base/hash.h"
#include "parsers/base/utc.h"

/* "name: 5 abcde\n"; absent and empty values have no line. */
static void
add(struct buffer *out, const char *name, struct bytes value)
{
	if (value.n == 0)
		return;
	buffer_printf(out, "%s: %zu ", name, value.n);
	buffer_add_bytes(out, value);
	buffer_add_byte(out, '\n');
}

static void
add_person(struct buffer *out, const char *role,
    const struct mail_address *who)
{
	if (who->name.n == 0 && who->address.n == 0)
		return;
	add(out, role, who->name.n > 0 ? who->name : BYTES_LIT("-"));
	add(out, "address", who->address);
}

static void
add_part(struct buffer *out, const struct mapi_part *part)
{
	const struct record_attachment *a = &part->record;

	add(out, "attachment", a->name.n > 0 ? a->name : BYTES_LIT("-"));
	add(out, "method", a->method);
	add(out, "sha256", a->sha256);
	if (part->embedded != NULL)
		add(out, "message", part->embedded->record.content_sha256);
}

struct bytes
mapi_content_hash(const struct mapi_loaded *loaded)
{
	const struct record_message *m = &loaded->record;
	const struct mapi_people *people = &loaded->people;
	struct arena *arena = loaded->text.arena;
	struct buffer out = BUFFER_EMPTY;
	struct bytes hash;

	buffer_add_cstr(&out, "postmortem mapi 1\n");
	add(&out, "class", m->message_class);
	add(&out, "message-id", m->internet_message_id);
	add(&out, "subject", m->subject);
	add(&out, "sent", utc_text(arena, m->sent_us));
	add(&out, "received", utc_text(arena, m->received_us));
	add_person(&out, "from", &people->from);
	add_person(&out, "sender", &people->sender);
	for (size_t i = 0; i < people->count; i++)
		add_person(&out, people->list[i].role, &people->list[i].who);
	add(&out, "headers", message_body_hash(arena, loaded->headers.block));
	add(&out, "body", m->body_sha256);
	add(&out, "html", m->html_sha256);
	add(&out, "rtf", message_body_hash(arena, loaded->bodies.rtf_text));
	add(&out, "properties", loaded->fields);
	for (size_t i = 0; i < loaded->part_count; i++)
		add_part(&out, &loaded->parts[i]);
	hash = sha256_hex(arena, buffer_bytes(&out));
	buffer_release(&out);
	return hash;
}
