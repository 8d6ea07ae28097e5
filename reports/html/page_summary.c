/* Page one, for the lawyer: what happened, how sure, what is not known, what
 * is due. */
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

static const char *
lede_of(int64_t accessed, int64_t more)
{
	if (accessed == 0)
		return more > 0 ? "lede.only_more" : "lede.no_message";
	return more > 0 ? "lede.named_and_more" : "lede.named";
}

static void
write_taken(struct page *page)
{
	int64_t accessed = count_exposed(page, "'accessed'");
	int64_t more = count_exposed(page, "'taken', 'synced', 'presumed'");
	int64_t possible = count_exposed(page, "'possible'");
	int64_t people = page_sum(page, EXPOSED_PEOPLE "<> ''");
	int64_t unnamed = page_sum(page, EXPOSED_PEOPLE "= ''");

	page_raw(page, " ");
	page_say(page, lede_of(accessed, more),
	    say_count("n", accessed, "messages-accessed.html"),
	    say_count("more", more, "messages.html"));
	if (possible > 0) {
		page_raw(page, " ");
		page_say(page, "lede.possible",
		    say_count("n", possible, "messages-possible.html"));
	}
	page_raw(page, " ");
	if (people + unnamed == 0)
		page_say(page, "lede.nobody");
	else if (unnamed == 0)
		page_say(
		    page, "lede.people", say_count("n", people, "people.html"));
	else
		page_say(page, "lede.people_and_unnamed",
		    say_count("n", people, "people.html"),
		    say_count("unnamed", unnamed, "people.html#unnamed"));
	page_raw(page, "</p>\n");
}

static void
write_nobody(struct page *page)
{
	page_block(page, "p class=\"lede\"", "lede.none");
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
	page_raw(page, "<p class=\"lede\">");
	page_say(page, "lede.active", say_when("from", case_number(rows, 0)),
	    say_when("to", case_number(rows, 1)),
	    say_count("mailboxes",
		page_sum(page, "SELECT count(*) FROM mailboxes WHERE"
			       " first_adversary_us IS NOT NULL"),
		"mailboxes.html"),
	    say_count("records", case_number(rows, 2), "records.html"),
	    say_count(
		"sessions", case_number(rows, 4), "timeline.html#sessions"),
	    say_count(
		"addresses", case_number(rows, 3), "timeline.html#addresses"));
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
	page_raw(page, "</a></b>");
	page_block(page, "span", label, say_number("n", value));
	page_raw(page, "</div>\n");
}

static void
write_figures(struct page *page)
{
	page_raw(page, "<div class=\"figures\">\n");
	figure(page, "hot", "messages-accessed.html", "figure.accessed",
	    count_exposed(page, "'accessed'"));
	figure(page, "warm", "messages.html", "figure.more",
	    count_exposed(page, "'taken', 'synced', 'presumed'"));
	figure(page, "cool", "messages-possible.html", "figure.possible",
	    count_exposed(page, "'possible'"));
	figure(page, "hot", "people.html", "figure.people",
	    page_sum(page, EXPOSED_PEOPLE "<> ''"));
	figure(page, "cool", "people.html#unnamed", "figure.unnamed",
	    page_sum(page, EXPOSED_PEOPLE "= ''"));
	figure(page, "warm", "credentials.html", "figure.secrets",
	    page_sum(page, EXPOSED_SECRETS));
	page_raw(page, "</div>\n");
}

static const char *const exposures[] = {"accessed", "taken", "synced",
    "presumed", "possible", "not_covered", "not_shown"};

static void
write_certainty_row(struct page *page, const char *exposure)
{
	char quoted[32], link[48];

	snprintf(quoted, sizeof quoted, "'%s'", exposure);
	snprintf(link, sizeof link, "messages-%s.html", exposure);
	page_raw(page, "<tr><td class=\"k\">");
	page_tag(page, bytes_cstr(exposure));
	page_raw(page, "</td>");
	page_number_cell(page, "col.messages");
	page_count(page, link, count_exposed(page, quoted));
	page_raw(page, "</td><td>");
	page_word(page, "meaning", bytes_cstr(exposure));
	page_raw(page, "</td></tr>\n");
}

static void
write_certainty(struct page *page)
{
	page_heading(page, 2, "certainty", "certainty.title");
	page_raw(page, "<div class=\"scroll\"><table class=\"stack\">\n");
	page_block(page, "caption", "certainty.caption");
	page_raw(page, "<thead><tr>");
	page_block(page, "th scope=\"col\"", "col.exposure");
	page_block(page, "th scope=\"col\" class=\"n\"", "col.messages");
	page_block(page, "th scope=\"col\"", "col.meaning");
	page_raw(page, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < sizeof exposures / sizeof exposures[0]; i++)
		write_certainty_row(page, exposures[i]);
	page_raw(page, "</tbody></table></div>\n");
}

void
summary_write(struct page *page)
{
	if (page_sum(page, "SELECT count(*) FROM meta WHERE key ="
			   " 'count_suspicious' AND value = '1'") > 0)
		page_block(page, "p class=\"banner\"", "banner.suspicious");
	write_lede(page);
	write_figures(page);
	page_heading(page, 2, "due", "due.title");
	due_write(page);
	write_certainty(page);
	page_heading(page, 2, NULL, "summary.when");
	svg_overview(page);
	page_heading(page, 2, "unknown", "unknown.title");
	unknowns_write(page);
	page_heading(page, 2, NULL, "summary.case");
	scope_facts_write(page);
}
