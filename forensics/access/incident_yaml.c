#include "forensics/access/incident_yaml.h"

#include <stdarg.h>
#include <stdio.h>

#include "parsers/base/utc.h"

void
incident_fail(struct reader *r, int line, const char *format, ...)
{
	va_list arguments;

	if (r->failed)
		return;
	r->failed = true;
	fprintf(stderr, "postmortem: %s:%d: ", r->path, line);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

int
incident_line(const yaml_node_t *node)
{
	return (int)node->start_mark.line + 1;
}

struct bytes
incident_scalar(struct reader *r, const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE) {
		fail(r, node, "a plain value is expected here");
		return BYTES_LIT("");
	}
	return arena_dup(&r->incident->arena,
	    bytes_of(node->data.scalar.value, node->data.scalar.length));
}

struct bytes
incident_lower(struct reader *r, struct bytes text)
{
	uint8_t *out = arena_raw(&r->incident->arena, text.n);

	for (size_t i = 0; i < text.n; i++)
		out[i] = byte_lower(text.p[i]);
	return bytes_of(out, text.n);
}

/* A bare date is its first second, or its last where it ends a span. */
int64_t
incident_time(struct reader *r, const yaml_node_t *node, bool end)
{
	struct bytes text = incident_scalar(r, node);
	bool bare = false, zone;
	int64_t us = utc_from_iso_detail(text, &bare, &zone);

	if (us == UTC_NONE)
		fail(r, node, "'%.*s' is no date or time (YYYY-MM-DD or "
			      "YYYY-MM-DDTHH:MM:SSZ)",
		    (int)text.n, (const char *)text.p);
	return bare && end && us != UTC_NONE ? us + UTC_DAY - UTC_SECOND : us;
}

/* ---- walking */

/* Each key of a mapping through its action; unknown and repeated keys are
 * errors. */
void
incident_mapping(struct reader *r, const yaml_node_t *node,
    const struct key_action *actions, void *into)
{
	yaml_node_pair_t *pair;
	uint64_t seen = 0;

	if (node->type != YAML_MAPPING_NODE) {
		fail(r, node, "keys with values are expected here");
		return;
	}
	for (pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top && !r->failed; pair++) {
		const yaml_node_t *key = yaml_document_get_node(&r->document,
		    pair->key);
		struct bytes name = incident_scalar(r, key);
		unsigned i = 0;

		while (actions[i].name != NULL &&
		       !bytes_eq(name, bytes_cstr(actions[i].name)))
			i++;
		if (actions[i].name == NULL) {
			fail(r, key, "unknown key '%.*s'", (int)name.n,
			    (const char *)name.p);
			return;
		}
		if (seen >> i & 1) {
			fail(r, key, "key '%s' stands twice", actions[i].name);
			return;
		}
		seen |= UINT64_C(1) << i;
		actions[i].take(r,
		    yaml_document_get_node(&r->document, pair->value), into);
	}
}

/* Each element of a sequence; a scalar stands for a list of one. */
size_t
incident_list(struct reader *r, const yaml_node_t *node,
    void (*take)(struct reader *, const yaml_node_t *, void *), void *into)
{
	yaml_node_item_t *item;
	size_t count = 0;

	if (node->type == YAML_SCALAR_NODE) {
		if (node->data.scalar.length > 0)
			take(r, node, into);
		return 1;
	}
	if (node->type != YAML_SEQUENCE_NODE) {
		fail(r, node, "a list is expected here");
		return 0;
	}
	for (item = node->data.sequence.items.start;
	     item < node->data.sequence.items.top && !r->failed; item++) {
		take(r, yaml_document_get_node(&r->document, *item), into);
		count++;
	}
	return count;
}

size_t
incident_list_length(const yaml_node_t *node)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return 1;
	return (size_t)(node->data.sequence.items.top -
			node->data.sequence.items.start);
}

void
incident_take_text(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	incident_scalar(r, value);
}

void
incident_take_texts(struct reader *r, const yaml_node_t *value, void *into)
{
	(void)into;
	incident_list(r, value, incident_take_text, NULL);
}

void
incident_take_time(struct reader *r, const yaml_node_t *value, void *into)
{
	int64_t us = incident_time(r, value, false);

	if (into != NULL)
		*(int64_t *)into = us;
}
