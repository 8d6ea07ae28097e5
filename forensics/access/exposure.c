/*
 * Rules -> verdicts -> the exposure of each message: the strongest that
 * holds, with the times, records and sessions of the rules that decide it.
 */
#include "forensics/access/rule.h"

#include "parsers/base/utc.h"

/* Records of which every operation that names a message counts (R1). */
#define NAMING                                                                 \
	"('bind', 'send', 'create', 'update', 'move', 'copy', 'delete',"       \
	" 'attachment')"

static void
load_adversary(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.adversary_events;"
	    "CREATE TEMP TABLE adversary_events(event INTEGER PRIMARY KEY,"
	    " time_us INTEGER, until_us INTEGER, mailbox_no INTEGER,"
	    " operation TEXT, access_type TEXT, present INTEGER);"
	    "INSERT INTO adversary_events SELECT e.event, e.time_us,"
	    " e.until_us, j.mailbox_no, e.operation, j.access_type, j.present"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE " COUNTED(j) ";"
	    "CREATE INDEX temp.adversary_mailbox ON"
	    " adversary_events(mailbox_no, time_us);"
	    "DROP TABLE IF EXISTS temp.adversary_names;"
	    "CREATE TEMP TABLE adversary_names AS SELECT DISTINCT a.event,"
	    " a.time_us, a.until_us, a.mailbox_no, a.operation, n.name"
	    " FROM adversary_events a JOIN named_items n USING (event)"
	    " WHERE a.access_type IN " NAMING " AND n.name <> ''"
	    " AND a.mailbox_no IS NOT NULL;"
	    "CREATE INDEX temp.adversary_names_name ON"
	    " adversary_names(mailbox_no, name);"
	    "DROP TABLE IF EXISTS temp.hits;"
	    "CREATE TEMP TABLE hits(place INTEGER, rule TEXT, event INTEGER,"
	    " first_us INTEGER, last_us INTEGER, words TEXT, flag TEXT)");
}

/* How many records, and the first one's words: a sentence for a court. */
static void
write_verdicts(struct case_file *file, const struct rule *rule)
{
	struct case_rows *rows = case_query(file,
	    "INSERT INTO verdicts SELECT place, ?1, ?2, min(first_us),"
	    " max(last_us), json_group_array(DISTINCT record)"
	    "  FILTER (WHERE record IS NOT NULL),"
	    " json_group_array(DISTINCT session)"
	    "  FILTER (WHERE session IS NOT NULL),"
	    " CASE WHEN count(DISTINCT record) > 1 THEN"
	    "  count(DISTINCT record) || ' records; the first: ' ELSE '' END"
	    " || (json_group_array(words) ->> 0)"
	    " FROM (SELECT h.place, h.first_us, h.last_us, h.words,"
	    "  coalesce(e.record_id, e.event_id) AS record, j.session"
	    "  FROM temp.hits h LEFT JOIN events e USING (event)"
	    "  LEFT JOIN judged_events j USING (event) WHERE h.rule = ?1"
	    "  ORDER BY h.place, e.time_us, record, h.first_us, h.words)"
	    " GROUP BY place");

	case_bind_cstr(rows, 1, rule->name);
	case_bind_cstr(rows, 2, rule->exposure);
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
		    "INSERT INTO temp.rule_order VALUES(?1, ?2, ?3, CASE ?3"
		    " WHEN 'accessed' THEN 5 WHEN 'taken' THEN 4"
		    " WHEN 'synced' THEN 3 WHEN 'presumed' THEN 2"
		    " ELSE 1 END)");

		case_bind_cstr(rows, 1, rules[i].name);
		case_bind_number(rows, 2, (int64_t)i);
		case_bind_cstr(rows, 3, rules[i].exposure);
		case_exec(rows);
	}
}

/* TEMP decided: the strongest exposure of each place, and how many of its
 * rules give it. */
static void
decide(struct case_file *file)
{
	case_run(file,
	    "DROP TABLE IF EXISTS temp.decided;"
	    "CREATE TEMP TABLE decided(place INTEGER PRIMARY KEY,"
	    " rank INTEGER, exposure TEXT, rules TEXT, first_us INTEGER,"
	    " last_us INTEGER, deciding INTEGER, records TEXT,"
	    " sessions TEXT);"
	    "INSERT INTO decided SELECT v.place, max(o.rank), NULL,"
	    " json_group_array(v.rule), NULL, NULL, 0, NULL, NULL"
	    " FROM (SELECT v.place, v.rule FROM verdicts v"
	    "  JOIN rule_order o USING (rule) ORDER BY v.place, o.place) v"
	    " JOIN rule_order o USING (rule) GROUP BY v.place;"
	    "UPDATE decided SET (exposure, first_us, last_us, deciding,"
	    " records, sessions) = (SELECT o.exposure, min(v.first_us),"
	    "  max(v.last_us), count(*), max(v.records), max(v.sessions)"
	    "  FROM verdicts v JOIN rule_order o USING (rule)"
	    "  WHERE v.place = decided.place AND o.rank = decided.rank)");
}

/* Several rules decide: their records and sessions together, by time. */
static void
merge_records(struct case_file *file)
{
	case_run(file,
	    "CREATE INDEX IF NOT EXISTS temp.hits_place ON hits(place);"
	    "UPDATE decided SET (records, sessions) = (SELECT"
	    "  json_group_array(DISTINCT record) FILTER"
	    "   (WHERE record IS NOT NULL),"
	    "  json_group_array(DISTINCT session) FILTER"
	    "   (WHERE session IS NOT NULL) FROM"
	    "  (SELECT coalesce(e.record_id, e.event_id) AS record, j.session"
	    "   FROM hits h JOIN rule_order o USING (rule)"
	    "   JOIN events e USING (event)"
	    "   JOIN judged_events j USING (event)"
	    "   WHERE h.place = decided.place AND o.rank = decided.rank"
	    "   ORDER BY e.time_us, record)) WHERE deciding > 1;"
	    "UPDATE places SET (exposure, rules, first_us, last_us,"
	    " access_records, sessions) = (SELECT d.exposure, d.rules,"
	    "  d.first_us, d.last_us, d.records, d.sessions FROM decided d"
	    "  WHERE d.place = places.place)"
	    " WHERE place IN (SELECT place FROM decided)");
}

/*
 * No rule holds: not_shown when M's coverage spans [max(arrival, window
 * start), window end] or it arrived after the window; else not_covered.
 */
static void
decide_rest(struct case_file *file)
{
	case_run(file,
	    "UPDATE places SET rules = '[]', access_records = '[]',"
	    " sessions = '[]', (exposure, reason) = (SELECT CASE"
	    "  WHEN places.arrival_us >= w.to_us + 1000000 THEN 'not_shown'"
	    "  WHEN c.to_us IS NOT NULL THEN 'not_shown'"
	    "  ELSE 'not_covered' END, CASE"
	    "  WHEN places.arrival_us >= w.to_us + 1000000 THEN"
	    "   'it arrived after the window'"
	    "  WHEN c.to_us IS NOT NULL THEN 'no rule holds, and the log"
	    " covers this mailbox from ' || utc(max(w.from_us,"
	    "   coalesce(places.arrival_us, w.from_us))) || ' to ' ||"
	    "   utc(w.to_us)"
	    "  ELSE 'no rule holds, and the log does not cover this mailbox"
	    " from its arrival or the start of the window to the end of the"
	    " window' END"
	    "  FROM (SELECT " WINDOW("from") " AS from_us, " WINDOW("to")
	    "   AS to_us) w LEFT JOIN coverage c"
	    "   ON c.mailbox_no = places.mailbox_no"
	    "   AND c.status = 'covered' AND c.from_us <= max(w.from_us,"
	    "    coalesce(places.arrival_us, w.from_us))"
	    "   AND c.to_us > w.to_us)"
	    " WHERE exposure IS NULL AND state <> 'embedded'");
}

/* Embedded messages have the verdicts of the message that holds them. */
static void
copy_to_embedded(struct case_file *file)
{
	case_run(file,
	    "UPDATE places SET (exposure, rules, first_us, last_us,"
	    " access_records, sessions, reason) = (SELECT h.exposure, h.rules,"
	    "  h.first_us, h.last_us, h.access_records, h.sessions, h.reason"
	    "  FROM holders x JOIN places h ON h.place = x.holder"
	    "  WHERE x.place = places.place)"
	    " WHERE place IN (SELECT place FROM holders);"
	    "INSERT INTO verdicts SELECT x.place, v.rule, v.exposure,"
	    " v.first_us, v.last_us, v.records, v.sessions,"
	    " 'it lies inside a message of which this holds: ' || v.sentence"
	    " FROM holders x JOIN verdicts v ON v.place = x.holder;"
	    /* A holder that is not in the case: nothing is known of it. */
	    "UPDATE places SET exposure = 'not_covered', rules = '[]',"
	    " access_records = '[]', sessions = '[]',"
	    " reason = 'the message that holds it was not read'"
	    " WHERE exposure IS NULL");
}

static void
set_flags(struct case_file *file)
{
	case_run(file,
	    "CREATE INDEX IF NOT EXISTS temp.partial_moves_place ON"
	    " partial_moves(place);"
	    "DROP TABLE IF EXISTS temp.place_flags;"
	    "CREATE TEMP TABLE place_flags AS"
	    " SELECT DISTINCT place, flag FROM hits WHERE flag IS NOT NULL"
	    " UNION SELECT place, 'partial_move' FROM partial_moves;"
	    "INSERT INTO place_flags SELECT x.place, f.flag FROM holders x"
	    " JOIN place_flags f ON f.place = x.holder;"
	    "CREATE INDEX temp.place_flags_place ON place_flags(place);"
	    "UPDATE places SET flags = (SELECT json_group_array(flag) FROM"
	    " (SELECT value AS flag FROM messages m, json_each(m.flags)"
	    "   WHERE m.message = places.message AND m.flags IS NOT NULL"
	    "  UNION SELECT 'arrival_unknown' WHERE places.arrival_us IS NULL"
	    "  UNION SELECT flag FROM place_flags f"
	    "   WHERE f.place = places.place ORDER BY 1))");
}

void
exposure_build(struct case_file *file, const struct incident *incident)
{
	load_adversary(file);
	stays_build(file);
	for (size_t i = 0; rules[i].name != NULL; i++)
		rules[i].run(file, incident);
	load_order(file);
	for (size_t i = 0; rules[i].name != NULL; i++)
		write_verdicts(file, &rules[i]);
	decide(file);
	merge_records(file);
	decide_rest(file);
	copy_to_embedded(file);
	set_flags(file);
}
