/* Messages, recipients, attachments (sections 2.4.5, 2.4.6). */
#include "testdata/pstgen/store_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const uint32_t contents_columns[] = {
    PROP(0x0017, T_INT32),
    PROP(0x001a, T_STRING),
    PROP(0x0036, T_INT32),
    PROP(0x0037, T_STRING),
    PROP(0x0039, T_TIME),
    PROP(0x0042, T_STRING),
    PROP(0x0e03, T_STRING),
    PROP(0x0e04, T_STRING),
    PROP(0x0e06, T_TIME),
    PROP(0x0e07, T_INT32),
    PROP(0x0e08, T_INT32),
    PROP(0x0e17, T_INT32),
    PROP(0x3008, T_TIME),
};
const size_t contents_column_count =
    sizeof(contents_columns) / sizeof(*contents_columns);

static const uint32_t recipient_columns[] = {
    PROP(0x0c15, T_INT32),
    PROP(0x0e0f, T_BOOL),
    PROP(0x0ffe, T_INT32),
    PROP(0x3001, T_STRING),
    PROP(0x3002, T_STRING),
    PROP(0x3003, T_STRING),
    PROP(0x300b, T_BINARY),
    PROP(0x3900, T_INT32),
    PROP(0x39fe, T_STRING),
    PROP(0x39ff, T_STRING),
    PROP(0x3a40, T_BOOL),
};
static const uint32_t attachment_columns[] = {
    PROP(0x0e20, T_INT32),
    PROP(0x3704, T_STRING),
    PROP(0x3705, T_INT32),
    PROP(0x370b, T_INT32),
};
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

enum {
	RECIPIENTS = 0x692,
	ATTACHMENTS = 0x671,
	BY_VALUE = 1,
	EMBEDDED = 5,
	WEB_LINK = 7,
	FIRST_ATTACHMENT = 0x401,
	NOT_RENDERED = -1,
	DEPTH_MAX = 8,
};

static const char *
person_name(const struct person *person)
{
	return person->name != NULL ? person->name : person->smtp;
}

static const char *
person_type(const struct person *person)
{
	return person->dn != NULL ? "EX" : "SMTP";
}

static const char *
person_address(const struct person *person)
{
	return person->dn != NULL ? person->dn : person->smtp;
}

/* TYPE:ADDRESS in capitals and a NUL; returns its length. */
static size_t
search_key(const struct person *person, char *out, size_t room)
{
	int n = snprintf(
	    out, room, "%s:%s", person_type(person), person_address(person));

	if (n < 0 || (size_t)n >= room)
		generator_die("address too long: %s", person_address(person));
	for (char *p = out; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return (size_t)n + 1;
}

char *
item_display(const struct item *item, int kind)
{
	char *text = NULL;
	size_t n = 0;

	for (size_t i = 0; i < item->people_count; i++) {
		const struct person *person = &item->people[i];
		const char *name = person_name(person);

		if ((int)person->kind != kind)
			continue;
		text = realloc(text, n + strlen(name) + 3);
		n += (size_t)sprintf(text + n, "%s%s", n > 0 ? "; " : "", name);
	}
	return text;
}

static uint64_t
put_recipients(struct store *store, const struct item *item, uint64_t *sub)
{
	struct tc tc;
	char key[1024];

	tc_begin(&tc, store->ndb, recipient_columns, COUNT(recipient_columns));
	for (size_t i = 0; i < item->people_count; i++) {
		const struct person *person = &item->people[i];

		tc_row(&tc, (uint32_t)i);
		tc_number(&tc, PROP(0x0c15, T_INT32), person->kind);
		tc_number(&tc, PROP(0x0e0f, T_BOOL), 1);
		tc_number(&tc, PROP(0x0ffe, T_INT32), 6);
		tc_string(&tc, 0x3001, person_name(person));
		tc_string(&tc, 0x3002, person_type(person));
		tc_string(&tc, 0x3003, person_address(person));
		tc_binary(&tc, PROP(0x300b, T_BINARY), key,
		    search_key(person, key, sizeof(key)));
		tc_number(&tc, PROP(0x3900, T_INT32), 0);
		tc_string(&tc, 0x39fe, person->smtp);
		tc_string(&tc, 0x39ff, person_name(person));
		tc_number(&tc, PROP(0x3a40, T_BOOL), 0);
	}
	return tc_end(&tc, sub);
}

/* splitmix64: bytes that do not compress and cost little. */
static void
fill_random(uint64_t *state, uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i += 8) {
		uint64_t z = *state += 0x9e3779b97f4a7c15u;
		uint8_t bytes[8];

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z = (z ^ z >> 27) * 0x94d049bb133111ebu;
		put64(bytes, z ^ z >> 31);
		memcpy(p + i, bytes, n - i < 8 ? n - i : 8);
	}
}

/* The source's bytes as a data tree; *bytes how many there were. */
static uint64_t
put_source(struct store *store, const struct source *source, uint64_t *bytes)
{
	uint8_t buffer[65536];
	uint64_t state = source->seed, left = source->n;
	struct tree tree;
	FILE *in;
	size_t n;

	tree_begin(&tree, store->ndb);
	*bytes = source->n;
	if (source->path != NULL) {
		*bytes = 0;
		in = fopen(source->path, "rb");
		if (in == NULL)
			generator_die("%s: %s", source->path, strerror(errno));
		while ((n = fread(buffer, 1, sizeof(buffer), in)) > 0) {
			tree_add(&tree, buffer, n);
			*bytes += n;
		}
		fclose(in);
	} else if (source->text != NULL) {
		tree_add(&tree, source->text, (size_t)source->n);
	} else {
		for (; left > 0; left -= n) {
			n = left < sizeof(buffer) ? (size_t)left
						  : sizeof(buffer);
			fill_random(&state, buffer, n);
			tree_add(&tree, buffer, n);
		}
	}
	return tree_end(&tree);
}

static void
put_attachment_data(struct store *store, const struct attachment *attachment,
    struct pc *pc, uint64_t *bytes)
{
	const struct source *source = &attachment->data;
	uint64_t data, sub, size;
	uint32_t nid;

	if (attachment->embedded != NULL) {
		/* pffexport goes in circles when a message has this id too. */
		nid = ndb_next_nid(store->ndb, 0x04);
		data = item_write(store, attachment->embedded, &sub, &size);
		subnodes_add(pc->subnodes, nid, data, sub);
		pc_object(pc, 0x3701, nid, size);
		*bytes = size;
		return;
	}
	if (source->text != NULL && source->n <= HEAP_ITEM_MAX) {
		pc_binary(pc, PROP(0x3701, T_BINARY), source->text,
		    (size_t)source->n);
		*bytes = source->n;
		return;
	}
	data = put_source(store, source, bytes);
	if (data == 0) {
		pc_binary(pc, PROP(0x3701, T_BINARY), NULL, 0);
		return;
	}
	nid = subnodes_value_nid(pc->subnodes);
	subnodes_add(pc->subnodes, nid, data, 0);
	pc_subnode(pc, PROP(0x3701, T_BINARY), nid);
}

/* The 8.3 name: eight letters and the extension's three. */
static void
short_name(const char *name, char out[13])
{
	const char *dot = strrchr(name, '.');
	size_t n = 0;

	for (const char *p = name; *p != '\0' && p != dot && n < 8; p++)
		if ((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= 'a' && *p <= 'z'))
			out[n++] = *p;
	for (size_t i = 0;
	     dot != NULL && i < 4 && dot[i] > ' ' && dot[i] < 0x7f; i++)
		out[n++] = dot[i];
	out[n] = '\0';
}

static unsigned
attachment_method(const struct attachment *attachment)
{
	return attachment->embedded != NULL ? EMBEDDED
	       : attachment->link != NULL   ? WEB_LINK
					    : BY_VALUE;
}

static uint64_t
put_attachment(struct store *store, const struct attachment *attachment,
    uint32_t number, uint64_t *sub, uint64_t *bytes)
{
	struct subnodes subnodes = {0};
	const char *dot;
	char eight[13];
	struct pc pc;
	uint64_t data;

	pc_begin(&pc, store->ndb, &subnodes);
	*bytes = 0;
	if (attachment->link != NULL)
		pc_string(&pc, 0x370d, attachment->link);
	else
		put_attachment_data(store, attachment, &pc, bytes);
	pc_number(&pc, PROP(0x0e20, T_INT32), (uint32_t)*bytes);
	pc_number(&pc, PROP(0x0e21, T_INT32), number);
	pc_number(&pc, PROP(0x3705, T_INT32), attachment_method(attachment));
	pc_number(&pc, PROP(0x370b, T_INT32), (uint32_t)NOT_RENDERED);
	if (attachment->name != NULL) {
		short_name(attachment->name, eight);
		dot = strrchr(attachment->name, '.');
		pc_string(&pc, 0x3001, attachment->name);
		pc_string(&pc, 0x3703, dot);
		pc_string(&pc, 0x3704, eight);
		pc_string(&pc, 0x3707, attachment->name);
	}
	pc_string(&pc, 0x370e, attachment->mime);
	pc_string(&pc, 0x3712, attachment->content_id);
	if (attachment->in_line)
		pc_number(&pc, PROP(0x3714, T_INT32), 4);
	if (attachment->hidden)
		pc_number(&pc, PROP(0x7ffe, T_BOOL), 1);
	data = pc_end(&pc);
	*sub = subnodes_end(&subnodes, store->ndb);
	return data;
}

static uint64_t
put_attachments(
    struct store *store, const struct item *item, struct subnodes *subnodes)
{
	uint64_t sub, data, bytes, all = 0;
	char eight[13];
	struct tc tc;

	if (item->attachment_count == 0)
		return 0;
	tc_begin(
	    &tc, store->ndb, attachment_columns, COUNT(attachment_columns));
	for (uint32_t i = 0; i < item->attachment_count; i++) {
		const struct attachment *attachment = &item->attachments[i];
		uint32_t nid = (FIRST_ATTACHMENT + i) << 5 | 0x05;

		data = put_attachment(store, attachment, i, &sub, &bytes);
		subnodes_add(subnodes, nid, data, sub);
		all += bytes;
		tc_row(&tc, nid);
		tc_number(&tc, PROP(0x0e20, T_INT32), bytes);
		if (attachment->name != NULL) {
			short_name(attachment->name, eight);
			tc_string(&tc, 0x3704, eight);
		}
		tc_number(
		    &tc, PROP(0x3705, T_INT32), attachment_method(attachment));
		tc_number(&tc, PROP(0x370b, T_INT32), (uint32_t)NOT_RENDERED);
	}
	data = tc_end(&tc, &sub);
	subnodes_add(subnodes, ATTACHMENTS, data, sub);
	return all;
}

/* Length of "RE: " and its like at the start of a subject. */
static size_t
prefix_length(const char *subject)
{
	static const char *const prefixes[] = {
	    "RE: ",
	    "FW: ",
	    "Re: ",
	    "Fw: ",
	    "Fwd: ",
	    "AW: ",
	    "WG: ",
	};

	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (strncmp(subject, prefixes[i], strlen(prefixes[i])) == 0)
			return strlen(prefixes[i]);
	return 0;
}

static void
put_subject(struct pc *pc, const char *subject)
{
	size_t prefix, n;
	char *marked;

	if (subject == NULL)
		return;
	prefix = prefix_length(subject);
	n = strlen(subject);
	marked = malloc(n + 3);
	marked[0] = 1;
	marked[1] = (char)(prefix + 1);
	memcpy(marked + 2, subject, n);
	pc_text(pc, 0x0037, marked, n + 2);
	pc_text(pc, 0x003d, subject, prefix);
	pc_string(pc, 0x0070, subject + prefix);
	pc_string(pc, 0x0e1d, subject + prefix);
	free(marked);
}

/* ids of name, type, address, SMTP address, search key; 0: not written */
static void
put_person(struct pc *pc, const struct person *person, const unsigned ids[5])
{
	char key[1024];

	if (person->smtp == NULL)
		return;
	pc_string(pc, ids[0], person_name(person));
	pc_string(pc, ids[1], person_type(person));
	pc_string(pc, ids[2], person_address(person));
	pc_string(pc, ids[3], person->smtp);
	pc_binary(pc, PROP(ids[4], T_BINARY), key,
	    search_key(person, key, sizeof(key)));
}

static void
put_people(struct pc *pc, const struct item *item)
{
	static const unsigned representing[] = {
	    0x0042, 0x0064, 0x0065, 0x5d02, 0x003b};
	static const unsigned sender[] = {
	    0x0c1a, 0x0c1e, 0x0c1f, 0x5d01, 0x0c1d};
	static const unsigned received[] = {
	    0x0040, 0x0075, 0x0076, 0x5d07, 0x0051};
	static const uint16_t display[] = {0, 0x0e04, 0x0e03, 0x0e02};

	put_person(pc, &item->from, representing);
	put_person(pc, item->sender.smtp != NULL ? &item->sender : &item->from,
	    sender);
	put_person(pc, &item->received_by, received);
	for (int kind = TO; kind <= BCC; kind++) {
		char *text = item_display(item, kind);

		pc_string(pc, display[kind], text);
		free(text);
	}
}

static void
put_time(struct pc *pc, unsigned id, uint64_t time)
{
	if (time != 0)
		pc_number64(pc, PROP(id, T_TIME), time);
}

static unsigned
message_flags(const struct item *item)
{
	return (item->unread ? 0u : 1u) | (item->unsent ? 8u : 0u) |
	       (item->attachment_count > 0 ? 0x10u : 0u) |
	       (item->from_me ? 0x20u : 0u) | (item->associated ? 0x40u : 0u);
}

/* Internet headers end their lines with CR LF. */
static void
put_headers(struct pc *pc, const char *headers)
{
	char *text, *to;

	if (headers == NULL)
		return;
	text = to = malloc(2 * strlen(headers) + 1);
	for (const char *p = headers; *p != '\0'; p++) {
		if (*p == '\n')
			*to++ = '\r';
		*to++ = *p;
	}
	*to = '\0';
	pc_string(pc, 0x007d, text);
	free(text);
}

static void
put_bodies(struct pc *pc, const struct item *item)
{
	uint8_t *packed;
	size_t n;

	pc_string(pc, 0x1000, item->text);
	if (item->html != NULL)
		pc_binary(
		    pc, PROP(0x1013, T_BINARY), item->html, strlen(item->html));
	if (item->rtf != NULL) {
		packed = rtf_compress(item->rtf, strlen(item->rtf), &n);
		pc_binary(pc, PROP(0x1009, T_BINARY), packed, n);
		pc_number(pc, PROP(0x0e1f, T_BOOL), 1);
		free(packed);
	}
}

static void
put_property(struct store *store, struct pc *pc, const struct property *p)
{
	unsigned id =
	    p->id != 0 ? p->id : store_name(store, p->set, p->word, p->number);
	uint32_t tag = PROP(id, p->type);

	switch (p->type) {
	case T_STRING:
		pc_string(pc, id, p->value);
		break;
	case T_BINARY:
	case 0x00fd: /* PtypRestriction, PtypRuleAction */
	case 0x00fe:
	case 0x1000 | T_STRING:
		pc_binary(pc, tag, p->value,
		    p->bytes > 0 ? p->bytes : strlen(p->value));
		break;
	case T_TIME:
	case T_INT64:
		pc_number64(pc, tag, strtoull(p->value, NULL, 0));
		break;
	default:
		pc_number(pc, tag, (uint32_t)strtoul(p->value, NULL, 0));
	}
}

static void
put_properties(
    struct store *store, struct pc *pc, const struct item *item, uint64_t bytes)
{
	pc_string(pc, 0x001a, item->class != NULL ? item->class : "IPM.Note");
	pc_number(pc, PROP(0x0017, T_INT32), item->importance);
	pc_number(pc, PROP(0x0036, T_INT32), 0);
	put_subject(pc, item->subject);
	put_people(pc, item);
	put_headers(pc, item->headers);
	pc_string(pc, 0x1035, item->message_id);
	pc_string(pc, 0x1042, item->in_reply_to);
	pc_string(pc, 0x1039, item->references);
	put_time(pc, 0x0039, item->sent);
	put_time(pc, 0x0e06, item->received);
	put_time(pc, 0x3007, item->created);
	put_time(pc, 0x3008, item->modified);
	pc_number(pc, PROP(0x0e07, T_INT32), message_flags(item));
	pc_number(pc, PROP(0x0e08, T_INT32), (uint32_t)bytes);
	pc_number(pc, PROP(0x0e17, T_INT32), 0);
	pc_number(pc, PROP(0x0e1b, T_BOOL), item->attachment_count > 0);
	pc_number(pc, PROP(0x3fde, T_INT32), 65001);
	pc_number(pc, PROP(0x3ffd, T_INT32), 1252);
	pc_number(pc, PROP(0x3ff1, T_INT32), 1033);
	put_bodies(pc, item);
	for (size_t i = 0; i < item->property_count; i++)
		put_property(store, pc, &item->properties[i]);
}

static size_t
length(const char *text)
{
	return text == NULL ? 0 : strlen(text);
}

uint64_t
item_write(struct store *store, const struct item *item, uint64_t *sub,
    uint64_t *bytes)
{
	static int depth;
	struct subnodes subnodes = {0};
	struct pc pc;
	uint64_t data, people;

	if (++depth > DEPTH_MAX)
		generator_die("messages nested deeper than %d", DEPTH_MAX);
	*bytes = 512 + 2 * (length(item->text) + length(item->headers)) +
		 length(item->html) + length(item->rtf);
	*bytes += put_attachments(store, item, &subnodes);
	data = put_recipients(store, item, &people);
	subnodes_add(&subnodes, RECIPIENTS, data, people);
	pc_begin(&pc, store->ndb, &subnodes);
	put_properties(store, &pc, item, *bytes);
	data = pc_end(&pc);
	*sub = subnodes_end(&subnodes, store->ndb);
	depth--;
	return data;
}

static void
row_time(struct tc *contents, unsigned id, uint64_t time)
{
	if (time != 0)
		tc_number(contents, PROP(id, T_TIME), time);
}

void
item_row(
    struct tc *contents, uint32_t nid, const struct item *item, uint64_t bytes)
{
	char *to = item_display(item, TO), *cc = item_display(item, CC);

	tc_row(contents, nid);
	tc_number(contents, PROP(0x0017, T_INT32), item->importance);
	tc_string(
	    contents, 0x001a, item->class != NULL ? item->class : "IPM.Note");
	tc_number(contents, PROP(0x0036, T_INT32), 0);
	tc_string(contents, 0x0037, item->subject);
	if (item->from.smtp != NULL)
		tc_string(contents, 0x0042, person_name(&item->from));
	tc_string(contents, 0x0e03, cc);
	tc_string(contents, 0x0e04, to);
	row_time(contents, 0x0039, item->sent);
	row_time(contents, 0x0e06, item->received);
	row_time(contents, 0x3008, item->modified);
	tc_number(contents, PROP(0x0e07, T_INT32), message_flags(item));
	tc_number(contents, PROP(0x0e08, T_INT32), bytes);
	tc_number(contents, PROP(0x0e17, T_INT32), 0);
	free(to);
	free(cc);
}
