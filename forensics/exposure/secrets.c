#include "forensics/exposure/secrets.h"

#include <math.h>
#include <stdio.h>

#include "forensics/tables.h"
#include "parsers/base/die.h"

enum { MATCH_MOST = 8400, NEAR = 300, ENTROPY_MOST = 4096 };

static double
to_number(struct bytes text)
{
	char copy[16];

	snprintf(copy, sizeof copy, "%.*s", (int)(text.n < 15 ? text.n : 15),
	    (const char *)text.p);
	return strtod(copy, NULL);
}

static pcre2_code *
compile(struct bytes pattern)
{
	int error;
	PCRE2_SIZE at;
	pcre2_code *code = pcre2_compile(
	    pattern.p, pattern.n, PCRE2_ANCHORED, &error, &at, NULL);

	if (code == NULL)
		die_machine("secrets.csv: bad pattern at %zu: '%.*s'", at,
		    (int)pattern.n, (const char *)pattern.p);
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return code;
}

static enum level
level_named(struct bytes name)
{
	return bytes_eq(name, BYTES_LIT("high"))     ? LEVEL_HIGH
	       : bytes_eq(name, BYTES_LIT("medium")) ? LEVEL_MEDIUM
						     : LEVEL_LOW;
}

static void
add_rule(struct rules *rules, const struct bytes *f, const size_t *c)
{
	struct secret_rule *rule = &rules->secrets[rules->secret_count];
	struct word *word;

	rule->kind = f[c[0]];
	rule->trigger = f[c[1]];
	rule->back = (size_t)to_number(f[c[2]]);
	rule->prefix = (size_t)to_number(f[c[3]]);
	rule->entropy = to_number(f[c[4]]);
	rule->level = level_named(f[c[5]]);
	rule->system = f[c[6]];
	rule->code = compile(f[c[7]]);
	word = keyword_add_exact(rules, rule->trigger, SIGNAL_SECRET);
	word->secret = (uint16_t)rules->secret_count++;
	word->secrets = 1;
}

void
secrets_load(struct rules *rules)
{
	static const char *const columns[] = {"kind", "trigger", "back",
	    "prefix", "entropy", "level", "system", "pattern"};
	struct table_rows rows;
	struct bytes *fields, content = table_content("secrets.csv");
	size_t column[8], room = 1;

	for (size_t i = 0; i < content.n; i++)
		room += content.p[i] == '\n';
	rules->secrets =
	    arena_array(&rules->arena, room, sizeof *rules->secrets);
	table_rows_open(&rows, &rules->arena, "secrets.csv");
	for (size_t i = 0; i < 8; i++)
		column[i] = table_column(&rows, columns[i]);
	while ((fields = table_rows_next(&rows, &rules->arena)) != NULL)
		add_rule(rules, fields, column);
}

double
text_entropy(struct bytes text)
{
	size_t count[256] = {0};
	double bits = 0;

	text = bytes_slice(text, 0, ENTROPY_MOST);
	for (size_t i = 0; i < text.n; i++)
		count[text.p[i]]++;
	for (size_t i = 0; i < 256; i++) {
		double p = (double)count[i] / (double)text.n;

		if (count[i] > 0)
			bits -= p * log2(p);
	}
	return bits;
}

/* The value after `key` in the same line or string, up to a separator. */
static struct bytes
value_near(struct bytes text, size_t at, const char *key, const char *stops)
{
	size_t low = at > NEAR ? at - NEAR : 0;
	struct bytes near = bytes_slice(text, low, at + NEAR);
	size_t found = bytes_find_nocase(near, bytes_cstr(key)), end;

	if (found == SIZE_MAX)
		return BYTES_NONE;
	near = bytes_skip(near, found + strlen(key));
	for (end = 0; end < near.n; end++)
		if (is_space(near.p[end]) ||
		    (near.p[end] != 0 && strchr(stops, near.p[end]) != NULL))
			break;
	return bytes_slice(near, 0, end);
}

static bool
is_secret_byte(uint8_t c)
{
	return is_alnum(c) || c == '/' || c == '+';
}

/* A run of exactly 40 bytes of base64 near an AWS id: its secret. */
static bool
has_aws_secret(struct bytes text, size_t from, size_t to)
{
	size_t low = from > NEAR ? from - NEAR : 0, run = 0;
	size_t high = to + NEAR < text.n ? to + NEAR : text.n;

	for (size_t i = low; i <= high; i++) {
		if (i < high && is_secret_byte(text.p[i])) {
			run++;
			continue;
		}
		if (run == 40 &&
		    text_entropy(bytes_slice(text, i - 40, i)) >= 3.5)
			return true;
		run = 0;
	}
	return false;
}

static void
take_aws(struct bytes text, struct candidate *c)
{
	if (!has_aws_secret(text, c->from, c->to))
		return;
	c->level = c->sample ? LEVEL_LOW : LEVEL_HIGH;
	c->account = bytes_slice(text, c->from, c->to);
	c->element = BYTES_LIT("CRED");
}

static bool
is_database_scheme(struct bytes scheme)
{
	static const char *const list[] = {"postgres", "postgresql", "mysql",
	    "mariadb", "mongodb", "mongodb+srv", "redis", "rediss", "amqp",
	    "amqps", "mssql", "sqlserver", "oracle", "jdbc", "db2", "cassandra",
	    "clickhouse"};

	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		if (bytes_eq_nocase(scheme, bytes_cstr(list[i])))
			return true;
	return false;
}

/* scheme://user:secret@host */
static void
take_url(struct bytes text, size_t trigger, struct candidate *c)
{
	size_t scheme = trigger, user = trigger + 3, host = c->to + 1;

	while (scheme > 0 &&
	       (is_alnum(text.p[scheme - 1]) || text.p[scheme - 1] == '+'))
		scheme--;
	if (is_database_scheme(bytes_slice(text, scheme, trigger)))
		c->kind = BYTES_LIT("database_password");
	c->account = bytes_slice(text, user, c->from - 1);
	while (host < text.n && (is_alnum(text.p[host]) ||
				    text.p[host] == '.' || text.p[host] == '-'))
		host++;
	c->system = bytes_slice(text, c->to + 1, host);
	c->element = BYTES_LIT("CRED");
	c->level = LEVEL_HIGH;
}

/* Server=...;User Id=...;Password=... */
static bool
take_connection(struct bytes text, struct candidate *c)
{
	static const char *const servers[] = {"Server=", "Data Source=",
	    "Host=", "jdbc:", "AccountEndpoint=", "DSN="};
	static const char *const users[] = {
	    "User Id=", "Uid=", "User=", "UserName=", "user="};

	for (size_t i = 0; i < 6 && c->system.n == 0; i++)
		c->system = value_near(text, c->from, servers[i], ";\"'&");
	if (c->system.n == 0)
		return false;
	for (size_t i = 0; i < 5 && c->account.n == 0; i++)
		c->account = value_near(text, c->from, users[i], ";\"'&");
	if (c->account.n > 0) {
		c->element = BYTES_LIT("CRED");
		c->level = LEVEL_HIGH;
	}
	return true;
}

static bool
take_sas(struct engine *e, struct bytes text, struct candidate *c)
{
	struct bytes expiry = value_near(text, c->from, "&se=", "&\"'<>");

	if (expiry.n == 0)
		expiry = value_near(text, c->from, "?se=", "&\"'<>");
	if (expiry.n < 10)
		return false;
	if (bytes_find(expiry, BYTES_LIT("%3A")) != SIZE_MAX) {
		uint8_t *out = arena_raw(e->arena, expiry.n);
		size_t n = 0;

		for (size_t i = 0; i < expiry.n; i++) {
			bool colon = bytes_starts_nocase(
			    bytes_skip(expiry, i), BYTES_LIT("%3A"));

			out[n++] = colon ? ':' : expiry.p[i];
			i += colon ? 2 : 0;
		}
		expiry = bytes_of(out, n);
	}
	c->expires = expiry;
	return true;
}

static bool
take_pem(struct bytes text, struct candidate *c)
{
	bool encrypted = false;
	size_t end = pem_end(text, c->from, &encrypted);
	size_t low = c->from > 40 ? c->from - 40 : 0;

	c->element = BYTES_LIT("PRIVKEY");
	c->limit = 0;
	if (end == SIZE_MAX) /* announced, cut off or no key */
		return false;
	c->to = end;
	if (encrypted)
		c->level = LEVEL_MEDIUM;
	if (bytes_find(bytes_slice(text, low, c->from),
		BYTES_LIT("private_key")) != SIZE_MAX) {
		c->kind = BYTES_LIT("gcp_service_account");
		c->system = BYTES_LIT("Google Cloud");
	}
	return true;
}

static bool
is_kind(const struct candidate *c, const char *kind)
{
	return bytes_eq(c->kind, bytes_cstr(kind));
}

/* What the family asks for beyond its pattern; false: it is none. */
static bool
understand(
    struct engine *e, struct bytes text, size_t trigger, struct candidate *c)
{
	if (is_kind(c, "aws_access_key"))
		take_aws(text, c);
	else if (is_kind(c, "jwt"))
		return jwt_read(e->arena, bytes_slice(text, c->from, c->to), c);
	else if (is_kind(c, "pem_private_key"))
		return take_pem(text, c);
	else if (is_kind(c, "putty_key") || is_kind(c, "kubeconfig"))
		c->element = BYTES_LIT("PRIVKEY");
	else if (is_kind(c, "azure_sas"))
		return take_sas(e, text, c);
	else if (is_kind(c, "basic_auth_url"))
		take_url(text, trigger, c);
	else if (is_kind(c, "database_password"))
		return take_connection(text, c);
	else if (is_kind(c, "azure_storage_key")) {
		c->account = value_near(text, c->from, "AccountName=", ";\"'");
		if (c->account.n > 0)
			c->element = BYTES_LIT("CRED");
	}
	return true;
}

static bool
is_placeholder(struct bytes value)
{
	static const char *const words[] = {"your_", "your-", "yourpass", "<",
	    "{{", "${", "xxxx", "****", "....", "example", "redacted",
	    "placeholder", "changeme", "insert", "%s", "\\u2026"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (bytes_find_nocase(value, bytes_cstr(words[i])) != SIZE_MAX)
			return true;
	return false;
}

static void
try_rule(struct engine *e, struct bytes text, const struct secret_rule *rule,
    size_t trigger, pcre2_match_data *match)
{
	size_t from = trigger - rule->back, limit = trigger + MATCH_MOST;
	bool word =
	    rule->back == 0 && is_alnum(rule->trigger.p[0]) && rule->prefix > 0;
	PCRE2_SIZE *place;
	struct candidate *c;
	struct bytes value, compact;
	int groups;

	if (trigger < rule->back ||
	    (word && from > 0 &&
		(is_alnum(text.p[from - 1]) || text.p[from - 1] == '_')))
		return;
	groups = pcre2_match(rule->code, text.p,
	    limit < text.n ? limit : text.n, from, PCRE2_ANCHORED, match, NULL);
	if (groups < 1)
		return;
	place = pcre2_get_ovector_pointer(match);
	if (groups > 1)
		place += 2;
	value = bytes_slice(text, place[0], place[1]);
	if (rule->entropy > 0 && text_entropy(value) < rule->entropy)
		return;
	c = candidate_add(e, NULL, place[0], place[1]);
	c->kind = rule->kind;
	c->level = rule->level;
	c->system = rule->system;
	c->limit = rule->prefix;
	compact = value_compact(e->arena, value);
	c->sample = rules_is_sample(e->rules, compact);
	if (!understand(e, text, trigger, c))
		e->found.count--;
	else if (c->sample)
		c->level = LEVEL_LOW;
	else if (groups > 1 && is_placeholder(value))
		e->found.count--;
}

void
secrets_find(struct engine *e, struct block *block)
{
	pcre2_match_data *match;

	if (!sets_has(&e->hits->seen, SIGNAL_SECRET))
		return;
	match = pcre2_match_data_create(8, NULL);
	if (match == NULL)
		die_machine("out of memory");
	for (size_t h = 0; h < e->hits->count; h++) {
		const struct word_hit *hit = &e->hits->list[h];

		for (size_t k = 0; k < hit->word->secrets; k++)
			try_rule(e, block->text,
			    &e->rules->secrets[hit->word->secret + k],
			    hit->from, match);
	}
	pcre2_match_data_free(match);
}
