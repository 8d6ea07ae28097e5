/* What was in the messages and whom it concerns. */
#include "reports/tables.h"

static const struct report_column findings_columns[] = {
    {"finding_id", COLUMN_WORD},
    {"message_id", COLUMN_WORD},
    {"part", COLUMN_TEXT},
    {"offset", COLUMN_NUMBER},
    {"detector", COLUMN_WORD},
    {"element", COLUMN_WORD},
    {"level", COLUMN_WORD},
    {"masked", COLUMN_WORD},
    {"value_hash", COLUMN_HASH},
    {"person_id", COLUMN_WORD},
    {"exposure", COLUMN_WORD},
    {"hidden", COLUMN_YES},
    {"value", COLUMN_SECRET},
};

const struct report_table table_findings = {
    "findings",
    "SELECT f.finding_id, m.message_id, f.part, f.text_offset, f.detector,"
    " f.element, f.level, f.masked,"
    " f.class || char(31) || f.normalized, p.person_id, x.exposure,"
    " f.hidden, f.value"
    " FROM findings f JOIN messages m USING (message)"
    " LEFT JOIN person_findings pf USING (finding)"
    " LEFT JOIN people p USING (person)"
    " LEFT JOIN message_exposure x ON x.message = m.message"
    " ORDER BY m.message_id, f.part, f.text_offset, f.detector,"
    " f.finding_id",
    REPORT_COLUMNS(findings_columns),
    false,
};

static const struct report_column people_columns[] = {
    {"person_id", COLUMN_WORD},
    {"name", COLUMN_TEXT},
    {"emails", COLUMN_LIST},
    {"phones", COLUMN_LIST},
    {"postal_address", COLUMN_TEXT},
    {"residence", COLUMN_WORD},
    {"residence_source", COLUMN_WORD},
    {"data_elements", COLUMN_LIST},
    {"exposure", COLUMN_WORD},
    {"first_access_utc", COLUMN_TIME},
    {"last_access_utc", COLUMN_TIME},
    {"messages", COLUMN_NUMBER},
    {"message_ids", COLUMN_LIST},
    {"merge_reason", COLUMN_WORD},
    {"review", COLUMN_LIST},
    {"duties", COLUMN_LIST},
    {"people_deadline", COLUMN_TEXT},
    {"regulator_deadline", COLUMN_TEXT},
    {"elements_exposed", COLUMN_LIST},
    {"minor", COLUMN_WORD},
    {"deceased", COLUMN_WORD},
    {"notified", COLUMN_WORD},
};

const struct report_table table_people = {
    "people",
    "SELECT person_id, name, emails, phones, postal_address, residence,"
    " residence_source, data_elements, exposure, first_us, last_us,"
    " messages, message_ids, merge_reason, review, duties,"
    " people_deadline, regulator_deadline, elements_exposed, minor,"
    " deceased, notified FROM people ORDER BY person_id, person",
    REPORT_COLUMNS(people_columns),
    false,
};

static const struct report_column duties_columns[] = {
    {"duty_id", COLUMN_WORD},
    {"jurisdiction", COLUMN_TEXT},
    {"law", COLUMN_TEXT},
    {"people", COLUMN_NUMBER},
    {"trigger", COLUMN_TEXT},
    {"people_deadline", COLUMN_TEXT},
    {"regulator", COLUMN_TEXT},
    {"regulator_deadline", COLUMN_TEXT},
    {"threshold_met", COLUMN_WORD},
    {"law_version", COLUMN_WORD},
};

const struct report_table table_duties = {
    "duties",
    "SELECT duty_id, jurisdiction, law, people, trigger, people_deadline,"
    " regulator, regulator_deadline, threshold_met, law_version"
    " FROM duties ORDER BY duty_id, residence",
    REPORT_COLUMNS(duties_columns),
    false,
};

static const struct report_column credentials_columns[] = {
    {"finding_id", COLUMN_WORD},
    {"kind", COLUMN_WORD},
    {"account", COLUMN_TEXT},
    {"system", COLUMN_TEXT},
    {"masked", COLUMN_WORD},
    {"message_id", COLUMN_WORD},
    {"exposure", COLUMN_WORD},
    {"first_access_utc", COLUMN_TIME},
    {"expires_utc", COLUMN_WORD},
    {"value", COLUMN_SECRET},
};

const struct report_table table_credentials = {
    "credentials",
    "SELECT f.finding_id, f.kind, f.account, f.system, f.masked,"
    " m.message_id, x.exposure, x.first_us, f.expires, f.value"
    " FROM findings f JOIN messages m USING (message)"
    " LEFT JOIN message_exposure x ON x.message = m.message"
    " WHERE f.kind IS NOT NULL AND f.kind <> ''"
    " AND f.level IN ('high', 'medium')"
    /* The reset list: most exposed first, by system and account. */
    " ORDER BY instr('accessed taken synced presumed possible not_covered"
    " not_shown', x.exposure), f.system, f.account, f.kind, f.masked,"
    " m.message_id, f.finding_id",
    REPORT_COLUMNS(credentials_columns),
    false,
};

static const struct report_column organizations_columns[] = {
    {"domain", COLUMN_TEXT},
    {"organization", COLUMN_TEXT},
    {"messages", COLUMN_NUMBER},
    {"accessed", COLUMN_NUMBER},
    {"taken", COLUMN_NUMBER},
    {"synced", COLUMN_NUMBER},
    {"presumed", COLUMN_NUMBER},
    {"possible", COLUMN_NUMBER},
    {"first_utc", COLUMN_TIME},
    {"last_utc", COLUMN_TIME},
    {"contacts", COLUMN_LIST},
};

const struct report_table table_organizations = {
    "organizations",
    "SELECT domain, organization, messages, accessed, taken, synced,"
    " presumed, possible, first_us, last_us, contacts"
    " FROM organizations ORDER BY domain",
    REPORT_COLUMNS(organizations_columns),
    false,
};
