/* S2, S3, S6, S7: sessions, sign-ins and grants that do not fit together. */
#include "forensics/access/anomalies.h"

#include "forensics/access/json_strings.h"
#include "parsers/base/net.h"

#define ADDRESS "json_extract(e.ips, '$[0]')"

/*
 * S2: item access in a session, token or address without any sign-in by that
 * user although sign-ins are in the evidence for that day.  Applications and
 * the service itself sign in elsewhere.
 */
void
anomaly_s2_find(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.sign_in_keys;"
	    "CREATE TEMP TABLE sign_in_keys AS WITH s AS (SELECT e.*"
	    "  FROM event_facts f JOIN events e USING (event)"
	    "  WHERE f.sign_in = 1)"
	    " SELECT lower(e.user_id) AS user, 'session ' || v.value AS key"
	    "  FROM s e, json_each(e.sessions) v"
	    " UNION SELECT lower(e.user_id), 'token ' || e.token_id FROM s e"
	    "  WHERE e.token_id <> ''"
	    " UNION SELECT lower(e.user_id), 'address ' || v.value FROM s e,"
	    "  json_each(e.ips) v;"
	    "CREATE INDEX temp.sign_in_keys_user ON sign_in_keys(user, key);"
	    "DROP TABLE IF EXISTS temp.sign_in_days;"
	    "CREATE TEMP TABLE sign_in_days(day INTEGER PRIMARY KEY,"
	    " sign_ins INTEGER);"
	    "INSERT INTO sign_in_days SELECT time_us / 86400000000, count(*)"
	    " FROM event_facts WHERE sign_in = 1 AND time_us IS NOT NULL"
	    " GROUP BY 1;"
	    "INSERT INTO anomalies SELECT e.event, 'S2', 'S2: no sign-in of '"
	    " || e.user_id || ' with this session, token or address, though"
	    " the evidence has ' || d.sign_ins || ' sign-ins of that day'"
	    " FROM event_facts f CROSS JOIN sign_in_days d"
	    "  ON d.day = f.time_us / 86400000000"
	    " JOIN events e USING (event) JOIN judged_events j USING (event)"
	    " WHERE f.item_access = 1 AND e.user_id <> ''"
	    " AND j.actor_type NOT IN ('application', 'system')"
	    " AND NOT EXISTS (SELECT 1 FROM sign_in_keys k"
	    "  WHERE k.user = lower(e.user_id) AND k.key IN"
	    "   (SELECT 'session ' || value FROM json_each(e.sessions)"
	    "    UNION SELECT 'token ' || e.token_id"
	    "    UNION SELECT 'address ' || value FROM json_each(e.ips)));"
	    "DROP TABLE temp.sign_in_keys; DROP TABLE temp.sign_in_days");
}

enum { V4_AT = 12, NETWORK_V4 = 15, NETWORK_V6 = 6 };

/* a.b.c.0/24, or the first 48 bits of IPv6. */
static bool
network_of(struct arena *arena, struct bytes ips, struct bytes *network)
{
	struct ip_address address;
	struct bytes one;
	bool v4 = true;

	if (!json_strings_next(&ips, arena, &one) ||
	    !ip_parse(one, &address) || ip_is_loopback(&address))
		return false;
	for (size_t i = 0; i < 10; i++)
		v4 &= address.b[i] == 0;
	for (size_t i = v4 ? NETWORK_V4 : NETWORK_V6; i < 16; i++)
		address.b[i] = 0;
	*network = arena_printf(arena, "%.*s/%d",
	    (int)ip_text(arena, &address).n,
	    (const char *)ip_text(arena, &address).p, v4 ? 24 : 48);
	return true;
}

/* S3: one session from several networks (::1 ignored). */
void
anomaly_s3_find(struct case_file *file)
{
	struct case_rows *rows = case_query_new(file,
	    "SELECT DISTINCT j.session, e.ips FROM judged_events j"
	    " NOT INDEXED CROSS JOIN events e USING (event) WHERE j.session_kind = 'recorded'"
	    " AND e.ips <> '[]'");
	struct arena arena;

	arena_init(&arena);
	case_run(file,
	    "DROP TABLE IF EXISTS temp.session_networks;"
	    "CREATE TEMP TABLE session_networks(session TEXT, network TEXT,"
	    " PRIMARY KEY(session, network)) WITHOUT ROWID");
	while (case_next(rows)) {
		struct case_rows *insert = case_query(file,
		    "INSERT OR IGNORE INTO temp.session_networks"
		    " VALUES(?1, ?2)");
		struct bytes network;

		if (network_of(&arena, case_text(rows, 1), &network)) {
			case_bind_text(insert, 1, case_text(rows, 0));
			case_bind_text(insert, 2, network);
			case_exec(insert);
		}
		arena_reset(&arena);
	}
	case_done(rows);
	arena_release(&arena);
	case_run(file,
	    "INSERT INTO anomalies SELECT j.event, 'S3', 'S3: this session was"
	    " used from ' || n.networks || ' networks (' || n.list || ')'"
	    " FROM (SELECT session, count(*) AS networks,"
	    "  group_concat(network, ', ') AS list FROM (SELECT * FROM"
	    "   session_networks ORDER BY session, network)"
	    "  GROUP BY session HAVING count(*) > 1) n"
	    " JOIN judged_events j USING (session);"
	    "DROP TABLE temp.session_networks");
}

/*
 * S6: consent, credential or role grant to an application followed by item
 * access by it: its id stands in the grant.
 */
void
anomaly_s6_find(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.grants;"
	    "CREATE TEMP TABLE grants AS SELECT e.event, e.time_us,"
	    " trim(e.operation) AS operation, lower(coalesce(e.parameters, '')"
	    "  || ' ' || coalesce(e.object_id, '') || ' ' ||"
	    "  coalesce(e.detail, '')) AS says FROM events e"
	    " JOIN judged_events USING (event)"
	    " WHERE e.succeeded <> 'no' AND e.time_us IS NOT NULL AND ("
	    "  e.operation LIKE 'Consent to application%'"
	    "  OR e.operation LIKE 'Add app role assignment%'"
	    "  OR e.operation LIKE 'Add delegated permission grant%'"
	    "  OR e.operation LIKE 'Add OAuth2PermissionGrant%'"
	    "  OR e.operation LIKE 'Add service principal credentials%'"
	    "  OR e.operation LIKE 'Update application%Certificates and"
	    " secrets management%'"
	    "  OR e.operation = 'New-ManagementRoleAssignment');"
	    "DELETE FROM grants WHERE operation NOT LIKE '%credentials%'"
	    " AND operation NOT LIKE '%secrets management%'"
	    " AND says NOT LIKE '%mail.read%'"
	    " AND says NOT LIKE '%full_access_as_app%'"
	    " AND says NOT LIKE '%ews.accessasuser.all%'"
	    " AND says NOT LIKE '%applicationimpersonation%';"
	    "DROP TABLE IF EXISTS temp.granted;"
	    "CREATE TEMP TABLE granted AS SELECT g.event AS grant_event,"
	    " g.time_us, g.operation, a.app FROM grants g JOIN (SELECT"
	    "  DISTINCT " ACTING_APP " AS app FROM event_facts f"
	    "  JOIN events e USING (event) WHERE f.item_access = 1) a"
	    " ON length(a.app) >= 8 AND instr(g.says, a.app) > 0;"
	    "DROP TABLE IF EXISTS temp.granted_reads;"
	    "CREATE TEMP TABLE granted_reads AS SELECT g.*, e.event"
	    " FROM granted g JOIN events e ON " ACTING_APP " = g.app"
	    " AND e.time_us >= g.time_us JOIN event_facts f"
	    " ON f.event = e.event AND f.item_access = 1;"
	    "INSERT INTO anomalies SELECT x.event, 'S6', 'S6: ' || t.operation"
	    " || ' of ' || utc(t.time_us) || ' was for application ' || t.app"
	    " || ', which has accessed items ' || t.reads || ' times since'"
	    " FROM (SELECT grant_event, time_us, operation, app,"
	    "  count(*) AS reads FROM granted_reads GROUP BY 1, 4) t"
	    " JOIN (SELECT grant_event, app, event FROM granted_reads"
	    "  UNION SELECT grant_event, app, grant_event"
	    "  FROM granted_reads) x USING (grant_event, app);"
	    "DROP TABLE temp.grants; DROP TABLE temp.granted;"
	    "DROP TABLE temp.granted_reads");
}

/* S7: failed sign-ins over several users (three or more) from one address,
 * then a success. */
void
anomaly_s7_find(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.tries;"
	    "CREATE TEMP TABLE tries AS SELECT f.event, f.time_us, f.sign_in,"
	    " lower(e.user_id) AS user, " ADDRESS " AS address"
	    " FROM event_facts f JOIN events e USING (event)"
	    " WHERE f.sign_in >= 0 AND f.time_us IS NOT NULL;"
	    "DELETE FROM tries WHERE address IS NULL;"
	    "CREATE INDEX temp.tries_address ON tries(address, sign_in,"
	    " time_us);"
	    "DROP TABLE IF EXISTS temp.sprays;"
	    "CREATE TEMP TABLE sprays AS SELECT o.event, o.address, o.user,"
	    " o.time_us, count(*) AS failures, count(DISTINCT t.user)"
	    " AS users FROM tries o JOIN tries t ON t.address = o.address"
	    " AND t.sign_in = 0 AND t.time_us <= o.time_us"
	    " WHERE o.sign_in = 1 GROUP BY o.event"
	    " HAVING count(DISTINCT t.user) >= 3;"
	    "INSERT INTO anomalies SELECT t.event, 'S7', 'S7: ' || s.address"
	    " || ' failed ' || s.failures || ' times to sign in as ' ||"
	    " s.users || ' users, then signed in as ' || s.user || ' at ' ||"
	    " utc(s.time_us) FROM (SELECT *, row_number() OVER (PARTITION BY"
	    "  address ORDER BY time_us, event) AS place FROM sprays) s"
	    " JOIN tries t ON t.address = s.address"
	    "  AND ((t.sign_in = 0 AND t.time_us <= s.time_us)"
	    "   OR t.event = s.event) WHERE s.place = 1;"
	    "DROP TABLE temp.tries; DROP TABLE temp.sprays");
}
