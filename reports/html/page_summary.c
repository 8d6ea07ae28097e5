/* Page one, for the lawyer: what happened, how sure, what is not known, what
 * is due. */
#include "parsers/base/utc.h"
#include "reports/html/pages.h"
#include "reports/html/svg.h"

/* Messages as they are counted: not those inside others. */
#define COUNTED " AND p.state <> 'embedded'"

static int64_t
count_exposed(struct page *page, const char *exposures)
{
	char sql[256];

	snprintf(sql, sizeof sql,
	    "SELECT count(*) FROM places p WHERE exposure IN (%s)" COUNTED,
	    exposures);
	return page_sum(page, sql);
}

/* People whose elements lie in exposed messages. */
#define EXPOSED_PEOPLE                                                         \
	"SELECT count(*) FROM people WHERE elements_exposed <> '[]'"           \
	" AND exposure IN ('accessed', 'taken', 'synced', 'presumed',"         \
	" 'possible') AND coalesce(name, '') "

#define EXPOSED_SECRETS                                                        \
	"SELECT count(*) FROM findings f JOIN message_exposure x"              \
	" USING (message) WHERE f.kind <> '' AND f.level IN ('high',"          \
	" 'medium') AND x.exposure NOT IN ('not_shown', 'not_covered')"

/* A bare date that ends the window is the whole day (contract 2). */
static int64_t
end_of(struct bytes value, const char *path)
{
	bool bare = false, zone;
	int64_t us = utc_from_iso_detail(value, &bare, &zone);

	if (us != UTC_NONE && bare && strcmp(path, "$.window.to") == 0)
		us += UTC_DAY - UTC_SECOND;
	return us;
}

static void
write_facts(struct page *page)
{
	static const struct {
		const char *label, *path;
		bool time;
	} facts[] = {
	    {"Organization", "$.organization.name", false},
	    {"Examiner", "$.examiner.name", false},
	    {"Examining", "$.examiner.organization", false},
	    {"Discovered", "$.discovered", true},
	    {"Window from", "$.window.from", true},
	    {"Window to", "$.window.to", true},
	};

	page_raw(page, "<dl>\n");
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		struct bytes value = page_incident(page, facts[i].path);
		int64_t us =
		    facts[i].time ? end_of(value, facts[i].path) : UTC_NONE;

		if (value.n == 0)
			continue;
		page_rawf(page, "<dt>%s</dt><dd>", facts[i].label);
		if (us != UTC_NONE)
			page_time(page, us);
		else
			page_text_cut(page, value);
		page_raw(page, "</dd>\n");
	}
	page_raw(page, "</dl>\n");
}

static void
write_taken(struct page *page)
{
	int64_t accessed = count_exposed(page, "'accessed'");
	int64_t more = count_exposed(page, "'taken', 'synced', 'presumed'");
	int64_t people = page_sum(page, EXPOSED_PEOPLE "<> ''");
	int64_t unnamed = page_sum(page, EXPOSED_PEOPLE "= ''");

	page_raw(page, " The log names ");
	page_count_of(
	    page, "messages-accessed.html", accessed, "message", "messages");
	page_raw(page, " as opened or handled");
	if (more > 0) {
		page_raw(page, ", and ");
		page_count_of(
		    page, "messages.html", more, "more was", "more were");
		page_raw(page, " forwarded, downloaded with their folder, or "
			       "must be presumed read");
	}
	page_raw(page, ".");
	if (people + unnamed == 0) {
		page_raw(page, " No personal data that counts was found in "
			       "exposed messages.</p>\n");
		return;
	}
	page_raw(page, " These, and those possibly read, hold personal data "
		       "of ");
	page_count_of(
	    page, "people.html", people, "named person", "named people");
	if (unnamed > 0) {
		page_raw(page, ", and ");
		page_count_of(page, "people.html#unnamed", unnamed,
		    "set of data without a name",
		    "sets of data without a name");
	}
	page_raw(page, ".</p>\n");
}

static void
write_nobody(struct page *page)
{
	page_raw(page,
	    "<p class=\"lede\">No audit record could be attributed to an "
	    "intruder: the incident file names no indicator, or nothing in "
	    "the evidence matches one. This does not say that nobody read "
	    "the mail.</p>\n");
}

static void
write_lede(struct page *page)
{
	struct case_rows *rows = case_query_new(page->file,
	    "SELECT min(e.time_us), max(e.time_us), count(*),"
	    " count(DISTINCT json_extract(e.ips, '$[0]')),"
	    " count(DISTINCT j.session)"
	    " FROM judged_events j JOIN events e USING (event)"
	    " WHERE j.attribution = 'adversary'");

	if (!case_next(rows) || case_number(rows, 2) == 0) {
		write_nobody(page);
		case_done(rows);
		return;
	}
	page_raw(page, "<p class=\"lede\">Between ");
	page_time(page, case_number(rows, 0));
	page_raw(page, " and ");
	page_time(page, case_number(rows, 1));
	page_raw(page, ", an intruder was active in ");
	page_count_of(page, "mailboxes.html",
	    page_sum(page, "SELECT count(*) FROM mailboxes WHERE"
			   " first_adversary_us IS NOT NULL"),
	    "mailbox", "mailboxes");
	page_raw(page, ", seen in ");
	page_count_of(page, "records.html", case_number(rows, 2),
	    "audit record", "audit records");
	page_raw(page, " of ");
	page_count_of(page, "timeline.html#sessions", case_number(rows, 4),
	    "session", "sessions");
	page_raw(page, " from ");
	page_count_of(page, "timeline.html#addresses", case_number(rows, 3),
	    "network address", "network addresses");
	page_raw(page, ".");
	case_done(rows);
	write_taken(page);
}

static void
figure(struct page *page, const char *class, const char *link,
    const char *label, int64_t value)
{
	page_rawf(page, "<div class=\"%s\"><b><a href=\"%s\">",
	    value > 0 ? class : "none", link);
	page_number(page, value);
	page_rawf(page, "</a></b><span>%s</span></div>\n", label);
}

static void
write_figures(struct page *page)
{
	page_raw(page, "<div class=\"figures\">\n");
	figure(page, "hot", "messages-accessed.html",
	    "messages opened or handled by the intruder",
	    count_exposed(page, "'accessed'"));
	figure(page, "warm", "messages.html",
	    "more forwarded, downloaded, or presumed read",
	    count_exposed(page, "'taken', 'synced', 'presumed'"));
	figure(page, "cool", "messages-possible.html",
	    "more possibly read: logging is not proven",
	    count_exposed(page, "'possible'"));
	figure(page, "hot", "people.html", "named people whose data they hold",
	    page_sum(page, EXPOSED_PEOPLE "<> ''"));
	figure(page, "cool", "people.html#unnamed",
	    "sets of personal data without a name",
	    page_sum(page, EXPOSED_PEOPLE "= ''"));
	figure(page, "warm", "credentials.html",
	    "passwords and keys in them to reset",
	    page_sum(page, EXPOSED_SECRETS));
	page_raw(page, "</div>\n");
}

static const struct {
	const char *exposure, *words;
} meanings[] = {
    {"accessed", "A record of the intruder names this very message, or "
		 "the provider's list does."},
    {"taken", "It was forwarded or exported by what the intruder set "
	      "up."},
    {"synced", "The intruder downloaded its folder while it lay there."},
    {"presumed", "Logging was suspended or off, or the folder cannot be "
		 "told, while the intruder was there: to be treated as "
		 "read."},
    {"possible", "It was in reach, and reading it would not surely have "
		 "been logged."},
    {"not_covered", "No record speaks of it, and the log does not cover "
		    "the whole time."},
    {"not_shown", "The log covers the time and shows no access. It is no "
		  "proof that it was not read."},
};

static void
write_certainty(struct page *page)
{
	page_raw(page,
	    "<h2 id=\"certainty\">How sure</h2>\n<div class=\"scroll\">"
	    "<table class=\"stack\"><caption>Every message held, by the "
	    "strongest rule that holds for it; the <a href=\"method.html#"
	    "rules\">rules in words</a></caption>\n<thead><tr><th "
	    "scope=\"col\">Exposure</th><th scope=\"col\" class=\"n\">"
	    "Messages</th><th scope=\"col\">What it means</th></tr></thead>\n"
	    "<tbody>\n");
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
		char quoted[32];

		snprintf(quoted, sizeof quoted, "'%s'", meanings[i].exposure);
		page_raw(page, "<tr><td class=\"k\">");
		page_tag(page, bytes_cstr(meanings[i].exposure));
		page_rawf(page,
		    "</td><td class=\"n\" data-label=\"Messages\">"
		    "<a href=\"messages-%s.html\">",
		    meanings[i].exposure);
		page_number(page, count_exposed(page, quoted));
		page_rawf(
		    page, "</a></td><td>%s</td></tr>\n", meanings[i].words);
	}
	page_raw(page, "</tbody></table></div>\n");
}

void
summary_write(struct page *page)
{
	if (page_sum(page, "SELECT count(*) FROM meta WHERE key ="
			   " 'count_suspicious' AND value = '1'") > 0)
		page_raw(page, "<p class=\"banner\"><strong>SUSPICIOUS EVENTS "
			       "COUNT</strong> In this report suspicious "
			       "events are counted as the intruder's.</p>\n");
	write_lede(page);
	write_figures(page);
	page_raw(page, "<h2 id=\"due\">Who must be told, and by when</h2>\n");
	due_write(page);
	write_certainty(page);
	page_raw(page, "<h2>When it happened</h2>\n");
	svg_overview(page);
	page_raw(page, "<h2 id=\"unknown\">What is not known</h2>\n");
	unknowns_write(page);
	page_raw(page, "<h2>The case</h2>\n");
	write_facts(page);
}
