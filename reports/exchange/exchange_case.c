/*
 * CASE and UCO (ontologies of 1.x) in JSON-LD: one graph, a node a line.
 * Every class and property used here stands in
 * tests/reports/case_uco_terms.csv, which the output is held to.
 *
 * Ids are UUIDv5 (RFC 9562 5.5) of our own ids, so that the same evidence has
 * the same nodes in any case.  Facts of a run (host, clock) are not here:
 * custody.jsonl has them.
 */
#include <openssl/evp.h>

#include "parsers/base/die.h"
#include "parsers/base/hash.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"
#include "reports/exchange/exchange.h"
#include "reports/mask.h"
#include "reports/version.h"
#include "reports/writer.h"

static const char context[] =
    "{\n\"@context\": {\n"
    "\"kb\": \"urn:postmortem:\",\n"
    "\"case-investigation\": "
    "\"https://ontology.caseontology.org/case/investigation/\",\n"
    "\"uco-action\": "
    "\"https://ontology.unifiedcyberontology.org/uco/action/\",\n"
    "\"uco-core\": \"https://ontology.unifiedcyberontology.org/uco/core/\",\n"
    "\"uco-observable\": "
    "\"https://ontology.unifiedcyberontology.org/uco/observable/\",\n"
    "\"uco-tool\": \"https://ontology.unifiedcyberontology.org/uco/tool/\",\n"
    "\"uco-types\": \"https://ontology.unifiedcyberontology.org/uco/types/\","
    "\n\"xsd\": \"http://www.w3.org/2001/XMLSchema#\"\n},\n\"@graph\": [\n";

struct graph {
	struct case_file *file;
	const struct report_options *options;
	struct writer out;
	struct buffer *node; /* out.line */
	struct arena arena;  /* reset at each node */
	struct arena names;  /* not reset */
	bool any;
};

/* ---- pieces of a node */

/* "kb:CLASS-UUID" for a name of ours. */
static void
add_id(struct graph *g, const char *class, struct bytes name)
{
	/* The UUIDv5 of "postmortem" in the namespace of domain names. */
	static const uint8_t space[16] = { 0x69, 0xaf, 0xb1, 0xf5, 0xa0, 0x21,
		0x53, 0xf2, 0x90, 0x41, 0xe8, 0x59, 0xb9, 0x88, 0xa7, 0xa6 };
	struct buffer text = BUFFER_EMPTY;
	uint8_t hash[EVP_MAX_MD_SIZE];

	buffer_add(&text, space, sizeof space);
	buffer_add_cstr(&text, class);
	buffer_add_byte(&text, '/');
	buffer_add_bytes(&text, name);
	if (EVP_Digest(text.p, text.n, hash, NULL, EVP_sha1(), NULL) != 1)
		die_machine("libcrypto has no SHA-1");
	buffer_release(&text);
	hash[6] = (uint8_t)((hash[6] & 0x0f) | 0x50);
	hash[8] = (uint8_t)((hash[8] & 0x3f) | 0x80);
	buffer_printf(g->node, "\"kb:%s-", class);
	for (int i = 0; i < 16; i++)
		buffer_printf(g->node, "%s%02x",
		    i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", hash[i]);
	buffer_add_byte(g->node, '"');
}

static void
add_reference(struct graph *g, const char *class, struct bytes name)
{
	buffer_add_cstr(g->node, "{\"@id\":");
	add_id(g, class, name);
	buffer_add_byte(g->node, '}');
}

static void
add_key(struct graph *g, const char *key)
{
	buffer_printf(g->node, ",\"%s\":", key);
}

static void
add_text(struct graph *g, const char *key, struct bytes text)
{
	if (text.n == 0)
		return;
	add_key(g, key);
	json_add_string(g->node, text_visible(&g->arena, text));
}

static void
add_shown(struct graph *g, const char *key, int64_t message, struct bytes text)
{
	add_text(g, key, mask_text(g->options->mask, &g->arena, message,
	    arena_dup(&g->arena, text)));
}

static void
add_time(struct graph *g, const char *key, int64_t us)
{
	struct bytes text;

	if (us == UTC_NONE)
		return;
	text = utc_text(&g->arena, us);
	add_key(g, key);
	buffer_printf(g->node, "{\"@type\":\"xsd:dateTime\",\"@value\":"
			       "\"%.*s\"}", (int)text.n,
	    (const char *)text.p);
}

static void
add_number(struct graph *g, const char *key, int64_t number)
{
	if (number == INT64_MIN)
		return;
	add_key(g, key);
	buffer_printf(g->node, "%lld", (long long)number);
}

static void
node_open(struct graph *g, const char *prefix, const char *class,
    struct bytes name)
{
	buffer_reset(g->node);
	if (g->any)
		buffer_add_cstr(g->node, ",\n");
	g->any = true;
	buffer_add_cstr(g->node, "{\"@id\":");
	add_id(g, class, name);
	buffer_printf(g->node, ",\"@type\":\"%s:%s\"", prefix, class);
}

static void
node_close(struct graph *g)
{
	buffer_add_byte(g->node, '}');
	writer_add(&g->out, buffer_bytes(g->node));
	buffer_reset(g->node);
	arena_reset(&g->arena);
}

static void
facet_open(struct graph *g, const char *class, struct bytes name, bool first)
{
	if (first)
		add_key(g, "uco-core:hasFacet");
	buffer_add_cstr(g->node, first ? "[{\"@id\":" : ",{\"@id\":");
	add_id(g, class, name);
	buffer_printf(g->node, ",\"@type\":\"uco-observable:%s\"", class);
}

static void
add_hash(struct graph *g, const char *method, struct bytes name,
    struct bytes hex, bool first)
{
	struct bytes id = arena_printf(&g->arena, "%.*s/%s", (int)name.n,
	    (const char *)name.p, method);

	buffer_add_cstr(g->node, first ? "[{\"@id\":" : ",{\"@id\":");
	add_id(g, "Hash", id);
	buffer_printf(g->node, ",\"@type\":\"uco-types:Hash\","
	    "\"uco-types:hashMethod\":\"%s\",\"uco-types:hashValue\":"
	    "{\"@type\":\"xsd:hexBinary\",\"@value\":\"%.*s\"}}", method,
	    (int)hex.n, (const char *)hex.p);
}

/* A list of references from a statement's first column. */
static void
add_references(struct graph *g, const char *key, const char *class,
    struct case_rows *rows)
{
	bool any = false;

	while (case_next(rows)) {
		if (!any)
			add_key(g, key);
		buffer_add_cstr(g->node, any ? "," : "[");
		any = true;
		add_reference(g, class, case_text(rows, 0));
		/* A million of them are one node: it goes out in pieces. */
		if (g->node->n > 65536) {
			writer_add(&g->out, buffer_bytes(g->node));
			buffer_reset(g->node);
		}
	}
	if (any)
		buffer_add_byte(g->node, ']');
	case_done(rows);
}

/* ---- nodes */

#define EXPOSED                                                                \
	"SELECT message, exposure FROM message_exposure WHERE exposure IN"     \
	" ('accessed', 'taken', 'synced', 'presumed', 'possible')"

static void
write_files(struct graph *g)
{
	struct case_rows *rows = case_query_new(g->file,
	    "SELECT p.path, s.bytes, s.sha256, s.md5 FROM paths p"
	    " LEFT JOIN sources s USING (source) ORDER BY p.path");

	while (case_next(rows)) {
		struct bytes path = arena_dup(&g->arena, case_text(rows, 0));
		size_t slash = path.n;

		while (slash > 0 && path.p[slash - 1] != '/')
			slash--;
		node_open(g, "uco-observable", "File", path);
		facet_open(g, "FileFacet", path, true);
		add_shown(g, "uco-observable:fileName", INT64_MIN,
		    bytes_skip(path, slash));
		add_shown(g, "uco-observable:filePath", INT64_MIN, path);
		add_number(g, "uco-observable:sizeInBytes",
		    case_number(rows, 1));
		buffer_add_byte(g->node, '}');
		if (case_text(rows, 2).n > 0) {
			facet_open(g, "ContentDataFacet", path, false);
			add_key(g, "uco-observable:hash");
			add_hash(g, "SHA256", path, case_text(rows, 2), true);
			add_hash(g, "MD5", path, case_text(rows, 3), false);
			buffer_add_cstr(g->node, "]}");
		}
		buffer_add_byte(g->node, ']');
		node_close(g);
	}
	case_done(rows);
}

static void
write_addresses(struct graph *g)
{
	struct case_rows *rows = case_query_new(g->file,
	    "SELECT DISTINCT lower8(trim(a.address)) AS address FROM (" EXPOSED
	    ") e JOIN addresses a USING (message) WHERE a.role IN ('from',"
	    " 'to', 'cc', 'bcc') AND trim(a.address) <> '' ORDER BY 1");

	while (case_next(rows)) {
		struct bytes address = arena_dup(&g->arena,
		    case_text(rows, 0));

		node_open(g, "uco-observable", "EmailAddress", address);
		facet_open(g, "EmailAddressFacet", address, true);
		add_shown(g, "uco-observable:addressValue", INT64_MIN,
		    address);
		buffer_add_cstr(g->node, "}]");
		node_close(g);
	}
	case_done(rows);
}

static void
add_people(struct graph *g, int64_t message, const char *role, bool one)
{
	struct case_rows *rows = case_query(g->file,
	    "SELECT lower8(trim(address)) FROM addresses WHERE message = ?1"
	    " AND role = ?2 AND trim(address) <> '' GROUP BY 1"
	    " ORDER BY min(position) LIMIT ?3");
	char *key = arena_cstr(&g->arena,
	    arena_printf(&g->arena, "uco-observable:%s", role));

	case_bind_number(rows, 1, message);
	case_bind_cstr(rows, 2, role);
	case_bind_number(rows, 3, one ? 1 : INT32_MAX);
	add_references(g, key, "EmailAddress", rows);
}

static void
write_message(struct graph *g, struct case_rows *rows)
{
	int64_t message = case_number(rows, 0);
	struct bytes id = arena_dup(&g->arena, case_text(rows, 1));
	struct bytes hash = case_text(rows, 6), word = case_text(rows, 7);

	node_open(g, "uco-observable", "EmailMessage", id);
	add_text(g, "uco-core:name", id);
	buffer_printf(g->node, ",\"uco-core:tag\":[\"exposure:%.*s\"]",
	    (int)word.n, (const char *)word.p);
	facet_open(g, "EmailMessageFacet", id, true);
	add_shown(g, "uco-observable:subject", message, case_text(rows, 2));
	add_shown(g, "uco-observable:messageID", message, case_text(rows, 3));
	add_time(g, "uco-observable:sentTime", case_number(rows, 4));
	add_time(g, "uco-observable:receivedTime", case_number(rows, 5));
	add_people(g, message, "from", true);
	add_people(g, message, "to", false);
	add_people(g, message, "cc", false);
	add_people(g, message, "bcc", false);
	buffer_add_byte(g->node, '}');
	if (hash.n > 0) {
		facet_open(g, "ContentDataFacet", id, false);
		add_key(g, "uco-observable:hash");
		add_hash(g, "SHA256", id, hash, true);
		buffer_add_cstr(g->node, "]}");
	}
	buffer_add_byte(g->node, ']');
	node_close(g);
}

static void
write_messages(struct graph *g)
{
	struct case_rows *rows = case_query_new(g->file,
	    "SELECT m.message, m.message_id, m.subject, m.internet_message_id,"
	    " m.sent_us, m.arrival_us, m.content_sha256, e.exposure FROM ("
	    EXPOSED ") e JOIN messages m USING (message)"
	    " GROUP BY m.message_id ORDER BY m.message_id");

	while (case_next(rows))
		write_message(g, rows);
	case_done(rows);
}

/* Records that decide an exposure. */
#define DECIDING                                                               \
	"SELECT DISTINCT r.value AS record_id FROM places p,"                  \
	" json_each(p.access_records) r WHERE p.exposure IN ('accessed',"      \
	" 'taken', 'synced', 'presumed', 'possible')"

static void
write_events(struct graph *g)
{
	struct case_rows *rows = case_query_new(g->file,
	    "SELECT e.record_id, e.operation, e.workload, e.time_us"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE e.record_id IN (" DECIDING ")"
	    " GROUP BY e.record_id ORDER BY e.record_id");

	while (case_next(rows)) {
		struct bytes id = arena_dup(&g->arena, case_text(rows, 0));

		node_open(g, "uco-observable", "EventRecord", id);
		facet_open(g, "EventRecordFacet", id, true);
		add_shown(g, "uco-observable:eventRecordID", INT64_MIN, id);
		add_shown(g, "uco-observable:eventType", INT64_MIN,
		    case_text(rows, 1));
		add_shown(g, "uco-observable:eventRecordServiceName",
		    INT64_MIN, case_text(rows, 2));
		add_time(g, "uco-observable:startTime", case_number(rows, 3));
		buffer_add_cstr(g->node, "}]");
		node_close(g);
	}
	case_done(rows);
}

/* Rows: message id, the other's name. */
static void
write_relations(struct graph *g, const char *sql, const char *class,
    const char *kind)
{
	struct case_rows *rows = case_query_new(g->file, sql);

	while (case_next(rows)) {
		struct bytes id = arena_dup(&g->arena, case_text(rows, 0));
		struct bytes other = arena_dup(&g->arena, case_text(rows, 1));

		node_open(g, "uco-observable", "ObservableRelationship",
		    arena_printf(&g->arena, "%.*s/%s/%.*s", (int)id.n,
		        (const char *)id.p, kind, (int)other.n,
		        (const char *)other.p));
		add_key(g, "uco-core:source");
		add_reference(g, "EmailMessage", id);
		add_key(g, "uco-core:target");
		add_reference(g, class, other);
		buffer_printf(g->node, ",\"uco-core:kindOfRelationship\":"
		    "\"%s\",\"uco-core:isDirectional\":true", kind);
		node_close(g);
	}
	case_done(rows);
}

/* The evidence's own name, so that another case has another node. */
static struct bytes
evidence_name(struct graph *g)
{
	struct case_rows *rows = case_query(g->file,
	    "SELECT sha256 FROM sources ORDER BY sha256");
	struct hasher *hasher = hasher_new(false);
	uint8_t hash[SHA256_SIZE];

	while (case_next(rows)) {
		struct bytes sha256 = case_text(rows, 0);

		hasher_add(hasher, sha256.p, sha256.n);
	}
	hasher_finish(hasher, hash, NULL);
	hasher_free(hasher);
	return hex_of(&g->names, hash, sizeof hash);
}

static void
write_investigation(struct graph *g)
{
	struct bytes one = evidence_name(g);

	node_open(g, "uco-tool", "Tool", BYTES_LIT(POSTMORTEM_VERSION));
	add_text(g, "uco-core:name", BYTES_LIT("postmortem"));
	add_text(g, "uco-tool:version", BYTES_LIT(POSTMORTEM_VERSION));
	node_close(g);
	node_open(g, "case-investigation", "InvestigativeAction", one);
	add_text(g, "uco-core:name",
	    BYTES_LIT("reconstruction of access to mailboxes"));
	add_key(g, "uco-action:instrument");
	add_reference(g, "Tool", BYTES_LIT(POSTMORTEM_VERSION));
	add_references(g, "uco-action:object", "File",
	    case_query_new(g->file, "SELECT path FROM paths ORDER BY path"));
	add_key(g, "uco-action:result");
	add_reference(g, "ProvenanceRecord", one);
	node_close(g);
	node_open(g, "case-investigation", "ProvenanceRecord", one);
	add_text(g, "uco-core:description",
	    BYTES_LIT("messages that were exposed, possibly or surely"));
	add_references(g, "uco-core:object", "EmailMessage",
	    case_query_new(g->file, "SELECT DISTINCT m.message_id FROM ("
	        EXPOSED ") e JOIN messages m USING (message) ORDER BY 1"));
	node_close(g);
}

void
exchange_case_write(struct case_file *file,
    const struct report_options *options)
{
	struct graph g = { .file = file, .options = options };

	arena_init(&g.arena);
	arena_init(&g.names);
	writer_open(&g.out, options->folder, "exchange/case-uco.jsonld");
	g.node = &g.out.line;
	writer_add_cstr(&g.out, context);
	write_investigation(&g);
	write_files(&g);
	write_addresses(&g);
	write_messages(&g);
	write_events(&g);
	write_relations(&g,
	    "SELECT DISTINCT m.message_id, p.path FROM places p"
	    " JOIN messages m USING (message) WHERE p.exposure IN ('accessed',"
	    " 'taken', 'synced', 'presumed', 'possible') ORDER BY 1, 2",
	    "File", "Contained_Within");
	write_relations(&g,
	    "SELECT DISTINCT m.message_id, r.value FROM places p"
	    " JOIN messages m USING (message), json_each(p.access_records) r"
	    " WHERE p.exposure IN ('accessed', 'taken', 'synced', 'presumed',"
	    "  'possible') AND r.value IN (SELECT record_id FROM judged_events"
	    "  JOIN events USING (event)) ORDER BY 1, 2",
	    "EventRecord", "Referenced_Within");
	writer_add_cstr(&g.out, "\n]\n}\n");
	writer_close(&g.out);
	arena_release(&g.arena);
	arena_release(&g.names);
}
