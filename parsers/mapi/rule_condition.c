/*
 * A rule's condition, [MS-OXCDATA] 2.12: a tree of restrictions, read without
 * recursion, whose leaves are gathered into terms.  All terms must hold; a
 * term of one property is a list of words, any of which must.  What does not
 * fit that shape is kept in words and said to be more than we evaluate.
 */
#include "parsers/base/limits.h"
#include "parsers/mapi/mapi.h"
#include "parsers/mapi/rule.h"

enum restriction {
	RES_AND, RES_OR, RES_NOT, RES_CONTENT, RES_PROPERTY, RES_COMPARE,
	RES_BITMASK, RES_SIZE, RES_EXIST, RES_SUB, RES_COMMENT, RES_COUNT,
};

/* What a leaf asks about. */
enum about { ABOUT_OTHER, ABOUT_SUBJECT, ABOUT_BODY, ABOUT_FROM,
	ABOUT_FROM_WORDS, ABOUT_TO };

struct term {
	bool negated, complex;
	bool asks[ABOUT_TO + 1];
	struct bytes words; /* of subject, body, from ... */
	struct bytes said;  /* all of it in words */
};

/* A restriction that waits for its children. */
struct frame {
	uint32_t left;
	enum restriction kind;
	bool negated, inside; /* of an OR or a NOT: children share a term */
	size_t term;
};

struct reader {
	struct cursor c;
	struct arena *arena;
	bool extended;
	struct frame frames[LIMIT_RULE_DEPTH];
	unsigned depth;
	struct term *terms;
	size_t count, room, leaves;
	struct bytes comment; /* name in the comment before a leaf */
};

static const struct {
	uint16_t id;
	const char *name;
} names[] = {
	{ 0x001A, "class" }, { 0x0017, "importance" }, { 0x0026, "priority" },
	{ 0x0036, "sensitivity" }, { 0x0037, "subject" },
	{ 0x0E1D, "subject" }, { 0x1000, "body" }, { 0x007D, "headers" },
	{ 0x0057, "to me" }, { 0x0058, "copy to me" },
	{ 0x0059, "a recipient is me" }, { 0x0E04, "shown To" },
	{ 0x0E03, "shown Cc" }, { 0x0E06, "received" }, { 0x0039, "sent" },
	{ 0x0E07, "flags" }, { 0x0E08, "size" }, { 0x0E1B, "attachments" },
	{ 0x0C1D, "sender" }, { 0x0C1F, "sender" }, { 0x0C1A, "sender" },
	{ 0x5D01, "sender" }, { 0x0065, "sender" }, { 0x5D02, "sender" },
	{ 0x0042, "sender" }, { 0x003B, "sender" },
	{ 0x300B, "recipient" }, { 0x3003, "recipient" },
	{ 0x39FE, "recipient" }, { 0x0E12, "recipients" },
	{ 0x0E13, "attachments" },
};

static struct bytes
property_name(struct reader *r, uint32_t tag)
{
	uint16_t id = (uint16_t)(tag >> 16);

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].id == id)
			return bytes_cstr(names[i].name);
	return arena_printf(r->arena, "property 0x%04x", id);
}

static enum about
about_of(uint32_t tag, bool whole)
{
	switch (tag >> 16) {
	case 0x0037:
	case 0x0E1D:
		return whole ? ABOUT_OTHER : ABOUT_SUBJECT;
	case 0x1000:
		return whole ? ABOUT_OTHER : ABOUT_BODY;
	case 0x0C1D: case 0x0C1F: case 0x0C1A: case 0x5D01:
	case 0x0065: case 0x5D02: case 0x0042: case 0x003B:
		return whole ? ABOUT_FROM : ABOUT_FROM_WORDS;
	case 0x300B: case 0x3003: case 0x39FE:
		return ABOUT_TO;
	default:
		return ABOUT_OTHER;
	}
}

/* ---- terms */

static size_t
term_new(struct reader *r, bool negated)
{
	if (r->count == r->room) {
		size_t room = r->room ? r->room * 2 : 16;
		struct term *more = arena_array(r->arena, room, sizeof *more);

		if (r->count > 0)
			memcpy(more, r->terms, r->count * sizeof *more);
		r->terms = more;
		r->room = room;
	}
	r->terms[r->count] = (struct term){ .negated = negated };
	return r->count++;
}

/* The term a leaf belongs to. */
static struct term *
term_of(struct reader *r, const struct frame *f)
{
	size_t i = f->inside ? f->term : term_new(r, f->negated);

	return &r->terms[i];
}

/* The same place with a term for the next leaf that no word can say. */
static const struct frame *
term_spoilt(struct reader *r, const struct frame *f, struct frame *own)
{
	*own = *f;
	if (!f->inside)
		own->term = term_new(r, f->negated);
	own->inside = true;
	r->terms[own->term].complex = true;
	return own;
}

/* Search keys are TYPE:ADDRESS. */
static struct bytes
address_of(struct reader *r, struct term *t, struct bytes value)
{
	if (bytes_starts_nocase(value, BYTES_LIT("SMTP:")))
		return bytes_skip(value, 5);
	/* A name in the directory: which address it has, no message says. */
	if (bytes_starts_nocase(value, BYTES_LIT("EX:"))) {
		t->complex = true;
		return r->comment.n > 0
			   ? arena_printf(r->arena, "%.*s [%.*s]",
				 (int)r->comment.n,
				 (const char *)r->comment.p, (int)value.n,
				 (const char *)value.p)
			   : value;
	}
	return value;
}

static void
leaf(struct reader *r, const struct frame *f, uint32_t tag, const char *how,
    bool whole, struct bytes value)
{
	struct term *t = term_of(r, f);
	struct bytes name = property_name(r, tag);
	enum about about = about_of(tag, whole);

	if (how == NULL)
		about = ABOUT_OTHER;
	if (about == ABOUT_FROM || about == ABOUT_FROM_WORDS ||
	    about == ABOUT_TO)
		value = address_of(r, t, value);
	t->asks[about] = true;
	t->words = rule_list_add(r->arena, t->words, value);
	t->said = rule_list_add(r->arena, t->said,
	    arena_printf(r->arena, "%.*s %s %.*s", (int)name.n,
	        (const char *)name.p, how ? how : "has", (int)value.n,
	        value.p ? (const char *)value.p : ""));
	r->comment = BYTES_NONE;
}

/* ---- restrictions */

static const char *const relations[] = { "below", "at most", "above",
	"at least", "is", "is not", "is like" };

static const char *
relation_name(unsigned relation)
{
	return relation < 7 ? relations[relation] : "is in";
}

static struct bytes
tagged(struct reader *r)
{
	uint32_t tag = cursor_le32(&r->c);

	return rule_value_read(r->arena, &r->c, (uint16_t)tag, r->extended);
}

static void
read_content(struct reader *r, const struct frame *f)
{
	unsigned fuzzy = cursor_le16(&r->c);
	uint32_t tag;

	cursor_le16(&r->c); /* FuzzyLevelHigh: case, accents */
	tag = cursor_le32(&r->c);
	leaf(r, f, tag, fuzzy == 0 ? "is" : fuzzy == 2 ? "begins with" :
	    "contains", fuzzy == 0, tagged(r));
}

static void
read_property(struct reader *r, const struct frame *f)
{
	unsigned relation = cursor_u8(&r->c);
	uint32_t tag = cursor_le32(&r->c);
	struct bytes value = tagged(r);
	struct frame own;

	/* Only equality is a word. */
	if (relation != 4 && about_of(tag, true) != ABOUT_OTHER)
		f = term_spoilt(r, f, &own);
	leaf(r, f, tag, relation_name(relation), true, value);
}

static void
read_numbers(struct reader *r, const struct frame *f, enum restriction kind)
{
	unsigned relation = cursor_u8(&r->c);
	uint32_t tag = cursor_le32(&r->c), number = cursor_le32(&r->c);
	struct bytes value;

	if (kind == RES_BITMASK)
		value = arena_printf(r->arena, "bits 0x%x %s", number,
		    relation == 0 ? "clear" : "set");
	else if (kind == RES_SIZE)
		value = arena_printf(r->arena, "size %s %u",
		    relation_name(relation), number);
	else
		value = arena_printf(r->arena, "%s property 0x%04x",
		    relation_name(relation), number >> 16);
	leaf(r, f, tag, NULL, true, value);
}

/* Values first, then perhaps a restriction; a name stands among them. */
static bool
read_comment(struct reader *r)
{
	unsigned count = cursor_u8(&r->c);

	while (count-- > 0 && !r->c.failed) {
		uint32_t tag = cursor_le32(&r->c);
		struct bytes value = rule_value_read(r->arena, &r->c,
		    (uint16_t)tag, r->extended);

		if ((tag & 0xFFFF) == MAPI_UNICODE ||
		    (tag & 0xFFFF) == MAPI_STRING8)
			r->comment = value;
	}
	return cursor_u8(&r->c) != 0;
}

static void
push(struct reader *r, const struct frame *above, enum restriction kind,
    uint32_t children)
{
	struct frame f = { children, kind, above->negated, above->inside,
		above->term };

	if (r->depth == LIMIT_RULE_DEPTH) {
		r->c.failed = true;
		return;
	}
	if (f.inside && (kind == RES_AND || kind == RES_NOT ||
	                    kind == RES_SUB))
		r->terms[f.term].complex = true;
	if (kind == RES_NOT)
		f.negated = !f.negated;
	if (!f.inside && (kind == RES_OR || kind == RES_NOT ||
	                     kind == RES_SUB)) {
		f.inside = true;
		f.term = term_new(r, f.negated);
		r->terms[f.term].complex = kind == RES_SUB;
	}
	r->frames[r->depth++] = f;
}

static void
read_one(struct reader *r, const struct frame *above)
{
	enum restriction kind = cursor_u8(&r->c);

	if (r->c.failed || r->leaves++ == LIMIT_RULE_TERMS) {
		r->c.failed = true;
		return;
	}
	switch (kind) {
	case RES_AND:
	case RES_OR:
		push(r, above, kind, r->extended ? cursor_le32(&r->c)
						 : cursor_le16(&r->c));
		break;
	case RES_SUB:
	case RES_COUNT:
		cursor_le32(&r->c);
		push(r, above, kind, 1);
		break;
	case RES_NOT:
		push(r, above, kind, 1);
		break;
	case RES_CONTENT:
		read_content(r, above);
		break;
	case RES_PROPERTY:
		read_property(r, above);
		break;
	case RES_COMPARE:
	case RES_BITMASK:
	case RES_SIZE:
		read_numbers(r, above, kind);
		break;
	case RES_EXIST:
		leaf(r, above, cursor_le32(&r->c), NULL, true,
		    BYTES_LIT("a value"));
		break;
	case RES_COMMENT:
		if (read_comment(r))
			push(r, above, kind, 1);
		break;
	default:
		r->c.failed = true;
	}
}

/* ---- what a cmdlet would call it */

static const char *
parameter_of(const struct term *t)
{
	bool subject = t->asks[ABOUT_SUBJECT], body = t->asks[ABOUT_BODY];
	bool from = t->asks[ABOUT_FROM], words = t->asks[ABOUT_FROM_WORDS];

	if (t->negated)
		return "ExceptIf";
	if (t->complex || t->asks[ABOUT_OTHER] || t->asks[ABOUT_TO] ||
	    (subject || body) + from + words != 1)
		return "OtherCondition";
	return from	      ? "From"
	       : words	      ? "FromAddressContainsWords"
	       : subject && body ? "SubjectOrBodyContainsWords"
	       : subject      ? "SubjectContainsWords"
			      : "BodyContainsWords";
}

static void
say_terms(const struct reader *r, struct rule_parameters *out)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct term *t = &r->terms[i];
		const char *name = parameter_of(t);
		bool own = strcmp(name, "ExceptIf") != 0 &&
			   strcmp(name, "OtherCondition") != 0;

		if (t->said.n > 0)
			rule_parameter_add(out, name,
			    own ? t->words : t->said);
	}
}

bool
rule_condition_read(struct rule_parameters *out, struct bytes blob,
    bool extended)
{
	struct reader *r = arena_alloc(out->arena, sizeof *r);
	const struct frame top = { .kind = RES_AND };

	if (extended)
		blob = rule_extended_rest(blob);
	*r = (struct reader){ .c = cursor_over(blob), .arena = out->arena,
		.extended = extended };
	read_one(r, &top);
	while (r->depth > 0 && !r->c.failed) {
		struct frame *f = &r->frames[r->depth - 1];
		struct frame now = *f;

		if (f->left == 0) {
			r->depth--;
			continue;
		}
		f->left--;
		read_one(r, &now);
	}
	say_terms(r, out);
	if (r->c.failed)
		rule_parameter_add(out, "UnreadCondition",
		    BYTES_LIT("more than could be read"));
	return !r->c.failed;
}
