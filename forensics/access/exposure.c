/*
 * Rules -> verdicts -> the exposure of each message: the strongest that
 * holds, with the times, records and sessions of the rules that decide it.
 */
#include "forensics/access/rule.h"

#include "parsers/base/utc.h"

static void
load_adversary(struct case_file *file, bool count_suspicious)
{
	struct case_rows *rows;

	case_run(file,
	    "DROP TABLE IF EXISTS temp.adversary_events;"
	    "CREATE TEMP TABLE adversary_events(event INTEGER PRIMARY KEY,"
	    " time_us INTEGER, until_us INTEGER, mailbox_no INTEGER,"
	    " operation TEXT, access_type TEXT, present INTEGER);"
	    "DROP TABLE IF EXISTS temp.hits;"
	    "CREATE TEMP TABLE hits(place INTEGER, rule TEXT, event INTEGER,"
	    " first_us INTEGER, last_us INTEGER, words TEXT, flag TEXT)");
	rows = case_query(file,
	    "INSERT INTO adversary_events SELECT e.event, e.time_us,"
	    " e.until_us, j.mailbox_no, e.operation, j.access_type,"
	    " NOT (e.operation LIKE 'UserLog%' AND e.succeeded = 'no')"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE j.attribution = 'adversary'"
	    " OR (?1 = 1 AND j.attribution = 'suspicious')");
	case_bind_number(rows, 1, count_suspicious);
	case_exec(rows);
	case_run(file,
	    "CREATE INDEX temp.adversary_mailbox ON"
	    " adversary_events(mailbox_no, time_us)");
}

/* Embedded messages have the verdicts of the message that holds them. */
static void
copy_to_embedded(struct case_file *file)
{
	case_run(file,
	    "CREATE INDEX temp.hits_place ON hits(place);"
	    "WITH RECURSIVE inner_places(place, holder) AS ("
	    " SELECT place, parent FROM places WHERE parent IS NOT NULL"
	    " UNION SELECT i.place, p.parent FROM inner_places i"
	    "  JOIN places p ON p.place = i.holder"
	    "  WHERE p.parent IS NOT NULL)"
	    " INSERT INTO hits SELECT i.place, h.rule, h.event, h.first_us,"
	    " h.last_us, 'it lies inside a message of which this holds: ' ||"
	    " h.words, h.flag FROM inner_places i"
	    " JOIN places p ON p.place = i.holder AND p.parent IS NULL"
	    " JOIN hits h ON h.place = i.holder");
}

/* How many records, and the first one's words: a sentence for a court. */
static void
write_verdicts(struct case_file *file, const struct rule *rule)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO verdicts SELECT place, rule, ?2, min(first_us),"
	    " max(last_us),"
	    " CASE WHEN ?3 = 1 THEN json_group_array(DISTINCT record)"
	    "  FILTER (WHERE record IS NOT NULL) ELSE '[]' END,"
	    " CASE WHEN ?3 = 1 THEN json_group_array(DISTINCT session)"
	    "  FILTER (WHERE session IS NOT NULL) ELSE '[]' END,"
	    " CASE WHEN count(DISTINCT record) > 1 THEN"
	    "  count(DISTINCT record) || ' records; the first: ' ELSE '' END"
	    " || (SELECT words FROM hits w WHERE w.place = o.place AND"
	    "  w.rule = o.rule ORDER BY w.first_us, w.event, w.words LIMIT 1)"
	    " FROM (SELECT h.place, h.rule, h.first_us, h.last_us,"
	    "  coalesce(e.record_id, e.event_id) AS record, j.session"
	    "  FROM hits h LEFT JOIN events e USING (event)"
	    "  LEFT JOIN judged_events j USING (event) WHERE h.rule = ?1"
	    "  ORDER BY h.place, e.time_us, record) o"
	    " GROUP BY place, rule");

	case_bind_cstr(rows, 1, rule->name);
	case_bind_cstr(rows, 2, rule->exposure);
	case_bind_number(rows, 3, rule->names_records);
	case_exec(rows);
}

/* Rank of exposures and rules as SQL reads them. */
static void
load_order(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.rule_order;"
	    "CREATE TEMP TABLE rule_order(rule TEXT PRIMARY KEY, place"
	    " INTEGER, exposure TEXT, rank INTEGER) WITHOUT ROWID");
	for (size_t i = 0; rules[i].name != NULL; i++) {
		struct case_rows *rows = case_query(file,
		    "INSERT INTO rule_order VALUES(?1, ?2, ?3, CASE ?3"
		    " WHEN 'accessed' THEN 5 WHEN 'taken' THEN 4"
		    " WHEN 'synced' THEN 3 WHEN 'presumed' THEN 2"
		    " ELSE 1 END)");

		case_bind_cstr(rows, 1, rules[i].name);
		case_bind_number(rows, 2, (int64_t)i);
		case_bind_cstr(rows, 3, rules[i].exposure);
		case_exec(rows);
	}
}

static void
decide(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.decided;"
	    "CREATE TEMP TABLE decided AS SELECT v.place, max(o.rank) AS rank"
	    " FROM verdicts v JOIN rule_order o USING (rule)"
	    " GROUP BY v.place;"
	    "CREATE UNIQUE INDEX temp.decided_place ON decided(place);"
	    "UPDATE places SET (exposure, rules, first_us, last_us) ="
	    " (SELECT max(o.exposure) FILTER (WHERE o.rank = d.rank),"
	    "  (SELECT json_group_array(rule) FROM (SELECT v2.rule"
	    "   FROM verdicts v2 JOIN rule_order o2 USING (rule)"
	    "   WHERE v2.place = d.place ORDER BY o2.place)),"
	    "  min(v.first_us) FILTER (WHERE o.rank = d.rank),"
	    "  max(v.last_us) FILTER (WHERE o.rank = d.rank)"
	    "  FROM decided d JOIN verdicts v USING (place)"
	    "  JOIN rule_order o USING (rule)"
	    "  WHERE d.place = places.place)"
	    " WHERE place IN (SELECT place FROM decided);"
	    "UPDATE places SET (access_records, sessions) = (SELECT"
	    "  json_group_array(DISTINCT record) FILTER"
	    "   (WHERE record IS NOT NULL),"
	    "  json_group_array(DISTINCT session) FILTER"
	    "   (WHERE session IS NOT NULL) FROM"
	    "  (SELECT coalesce(e.record_id, e.event_id) AS record, j.session"
	    "   FROM hits h JOIN rule_order o USING (rule)"
	    "   JOIN decided d ON d.place = h.place AND d.rank = o.rank"
	    "   JOIN events e USING (event)"
	    "   JOIN judged_events j USING (event)"
	    "   WHERE h.place = places.place"
	    "   ORDER BY e.time_us, record))"
	    " WHERE place IN (SELECT place FROM decided);");
}

/*
 * No rule holds: not_shown when M's coverage spans [max(arrival, window
 * start), window end] or it arrived after the window; else not_covered.
 */
static void
decide_rest(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.window;"
	    "CREATE TEMP TABLE window AS SELECT"
	    " nullif(CAST((SELECT value FROM meta WHERE key = 'window_from')"
	    "  AS INTEGER), -9223372036854775808) AS from_us,"
	    " nullif(CAST((SELECT value FROM meta WHERE key = 'window_to')"
	    "  AS INTEGER), -9223372036854775808) AS to_us;"
	    "UPDATE places SET rules = '[]', access_records = '[]',"
	    " sessions = '[]', exposure = CASE"
	    "  WHEN (SELECT to_us FROM window) < arrival_us THEN 'not_shown'"
	    "  WHEN EXISTS (SELECT 1 FROM coverage c, window w"
	    "   WHERE c.mailbox_no = places.mailbox_no"
	    "   AND c.status = 'covered'"
	    "   AND c.from_us <= max(w.from_us,"
	    "    coalesce(places.arrival_us, w.from_us))"
	    "   AND c.to_us >= w.to_us) THEN 'not_shown'"
	    "  ELSE 'not_covered' END"
	    " WHERE exposure IS NULL;"
	    "DROP TABLE temp.window");
}

static void
set_flags(struct case_file *file)
{
	case_run(file,
	    "UPDATE places SET flags = (SELECT json_group_array(flag) FROM"
	    " (SELECT value AS flag FROM messages m, json_each(m.flags)"
	    "   WHERE m.message = places.message AND m.flags IS NOT NULL"
	    "  UNION SELECT 'arrival_unknown' WHERE places.arrival_us IS NULL"
	    "  UNION SELECT flag FROM hits WHERE place = places.place"
	    "   AND flag IS NOT NULL"
	    "  UNION SELECT 'partial_move' FROM partial_moves p"
	    "   WHERE p.place = places.place ORDER BY 1))");
}

void
exposure_build(struct case_file *file, const struct incident *incident,
    const struct reconstruct_options *options)
{
	load_adversary(file, options->count_suspicious);
	stays_build(file);
	for (size_t i = 0; rules[i].name != NULL; i++)
		rules[i].run(file, incident);
	copy_to_embedded(file);
	load_order(file);
	for (size_t i = 0; rules[i].name != NULL; i++)
		write_verdicts(file, &rules[i]);
	decide(file);
	decide_rest(file);
	set_flags(file);
}
