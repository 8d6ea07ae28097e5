#include "forensics/access/incident_json.h"

#include "parsers/base/buffer.h"
#include "parsers/base/utc.h"

enum { NESTING_MOST = 8 };

struct writer {
	yaml_document_t *document;
	struct arena *arena;
	struct buffer out;
	bool too_deep;
};

static void
write_text(struct writer *w, struct bytes text)
{
	buffer_add_byte(&w->out, '"');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		if (c == '"' || c == '\\')
			buffer_add_byte(&w->out, '\\');
		if (c < 0x20)
			buffer_printf(&w->out, "\\u%04x", c);
		else
			buffer_add_byte(&w->out, c);
	}
	buffer_add_byte(&w->out, '"');
}

static bool
is_one_of(struct bytes key, const char *const *names)
{
	for (; *names != NULL; names++)
		if (bytes_eq(key, bytes_cstr(*names)))
			return true;
	return false;
}

/* A bare date that ends a span is its last second. */
static struct bytes
shown_time(struct writer *w, struct bytes key, struct bytes text)
{
	static const char *const ends[] = { "to", "baseline_until", NULL };
	static const char *const begins[] = { "from", "discovered",
		"determined", "notified", NULL };
	bool end = is_one_of(key, ends), bare = false, zone;
	int64_t us = UTC_NONE;

	if (end || is_one_of(key, begins))
		us = utc_from_iso_detail(text, &bare, &zone);
	if (us == UTC_NONE)
		return text;
	return utc_text(w->arena,
	    bare && end ? us + UTC_DAY - UTC_SECOND : us);
}

static struct bytes
scalar_text(const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE)
		return BYTES_LIT("");
	return bytes_of(node->data.scalar.value, node->data.scalar.length);
}

static void write_node(struct writer *w, const yaml_node_t *node,
    struct bytes key, unsigned depth);

static void
write_list(struct writer *w, const yaml_node_t *node, struct bytes key,
    unsigned depth)
{
	yaml_node_item_t *i = node->data.sequence.items.start;

	buffer_add_byte(&w->out, '[');
	for (; i < node->data.sequence.items.top; i++) {
		if (i > node->data.sequence.items.start)
			buffer_add_byte(&w->out, ',');
		write_node(w, yaml_document_get_node(w->document, *i), key,
		    depth);
	}
	buffer_add_byte(&w->out, ']');
}

static void
write_mapping(struct writer *w, const yaml_node_t *node, unsigned depth)
{
	yaml_node_pair_t *p = node->data.mapping.pairs.start;

	buffer_add_byte(&w->out, '{');
	for (; p < node->data.mapping.pairs.top; p++) {
		struct bytes key = scalar_text(
		    yaml_document_get_node(w->document, p->key));

		if (p > node->data.mapping.pairs.start)
			buffer_add_byte(&w->out, ',');
		write_text(w, key);
		buffer_add_byte(&w->out, ':');
		write_node(w, yaml_document_get_node(w->document, p->value),
		    key, depth);
	}
	buffer_add_byte(&w->out, '}');
}

/* Depth is bounded: the file is the examiner's, and still not trusted. */
static void
write_node(struct writer *w, const yaml_node_t *node, struct bytes key,
    unsigned depth)
{
	if (depth > NESTING_MOST) {
		w->too_deep = true;
		buffer_add_cstr(&w->out, "null");
	} else if (node->type == YAML_SCALAR_NODE)
		write_text(w, shown_time(w, key, scalar_text(node)));
	else if (node->type == YAML_SEQUENCE_NODE)
		write_list(w, node, key, depth + 1);
	else
		write_mapping(w, node, depth + 1);
}

bool
incident_json_write(struct arena *arena, yaml_document_t *document,
    const yaml_node_t *root, struct bytes *json)
{
	struct writer w = { document, arena, BUFFER_EMPTY, false };

	write_node(&w, root, BYTES_LIT(""), 0);
	*json = arena_dup(arena, buffer_bytes(&w.out));
	buffer_release(&w.out);
	return !w.too_deep;
}
