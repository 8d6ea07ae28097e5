/*
 * Logs of mail servers in syslog's form: Dovecot and Postfix, and the lines
 * of their like (Courier, Cyrus, Sendmail, UW-IMAP) as far as they tell of
 * sign-ins.  Reference: audit.md 6.8.
 *
 * Times without a year stay text: a year is not guessed, and a note says
 * so.  There is no event for reading a message in any of them.
 */
#include "parsers/audit/forms.h"
#include "parsers/audit/line_log.h"
#include "parsers/base/text.h"
#include "parsers/base/utc.h"

struct line {
	struct bytes time, process, message;
	int64_t time_us;
};

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
	"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static struct bytes
word_of(struct bytes *rest)
{
	struct bytes word = BYTES_NONE;

	while (rest->n > 0 && rest->p[0] == ' ')
		*rest = bytes_skip(*rest, 1);
	bytes_cut(rest, ' ', &word);
	return word;
}

static bool
is_month(struct bytes word)
{
	for (size_t i = 0; i < 12; i++)
		if (bytes_eq(word, bytes_cstr(months[i])))
			return true;
	return false;
}

/* @400000004c91b044077a9e94: TAI64N as multilog writes it, 2^62 + 10 + Unix
 * time, whatever leap seconds there were. */
static int64_t
time_from_tai64n(struct bytes word)
{
	uint64_t seconds = 0;

	if (word.n != 25 || word.p[0] != '@')
		return UTC_NONE;
	for (size_t i = 1; i < 17; i++) {
		uint8_t c = byte_lower(word.p[i]);
		bool digit = c >= '0' && c <= '9';

		if (!digit && (c < 'a' || c > 'f'))
			return UTC_NONE;
		seconds = seconds << 4 |
			  (uint64_t)(digit ? c - '0' : c - 'a' + 10);
	}
	if (seconds < UINT64_C(1) << 62)
		return UTC_NONE;
	seconds -= UINT64_C(1) << 62;
	return seconds > INT32_MAX * UINT64_C(4)
		   ? UTC_NONE
		   : ((int64_t)seconds - 10) * UTC_SECOND;
}

/* "Apr 23 21:59:01 host ", "2013-08-20T07:48:02+02:00 host ", "@4000.. ". */
static bool
take_time(struct bytes text, struct line *line, bool *host)
{
	struct bytes rest = text, word = word_of(&rest), day;

	*host = true;
	line->time_us = UTC_NONE;
	if (is_month(word)) {
		day = word_of(&rest);
		word = word_of(&rest);
		if (day.n == 0 || day.n > 2 || word.n < 8 ||
		    word.p[2] != ':')
			return false;
	} else if (word.n == 25 && word.p[0] == '@') {
		line->time_us = time_from_tai64n(word);
		*host = false;
	} else if (word.n >= 19 && word.p[4] == '-' && word.p[10] == 'T') {
		line->time_us = utc_from_iso(word);
		if (line->time_us == UTC_NONE)
			return false;
	} else if (word.n == 10 && word.p[4] == '-') {
		word = word_of(&rest);
		*host = false;
	} else
		return false;
	if (word.n == 0 || word.p < text.p)
		return false;
	line->time = bytes_slice(text, 0,
	    (size_t)(word.p - text.p) + word.n);
	line->message = rest;
	if (!*host && line->time_us == UTC_NONE)
		line->time_us = utc_from_iso(line->time);
	return true;
}

/* "process[pid]: message", after a host that may be left out. */
static void
take_process(struct line *line, bool host)
{
	struct bytes rest = line->message, first = word_of(&rest);
	struct bytes after = rest, second;

	if (host && first.n > 0 && first.p[first.n - 1] != ':') {
		second = word_of(&after);
		if (second.n > 0 && second.p[second.n - 1] == ':') {
			line->process = bytes_slice(second, 0, second.n - 1);
			line->message = bytes_trim(after);
			return;
		}
	}
	if (first.n > 0 && first.p[first.n - 1] == ':') {
		line->process = bytes_slice(first, 0, first.n - 1);
		line->message = bytes_trim(rest);
		return;
	}
	line->process = first;
	line->message = bytes_trim(rest);
}

static bool
is_mail_process(struct bytes process, struct bytes message)
{
	static const char *const words[] = { "dovecot", "postfix", "imap",
		"pop3", "courier", "cyrus", "sendmail", "sm-mta", "lmtp",
		"exim", "sogod", "roundcube", "sm-accepting" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (bytes_find_nocase(process, bytes_cstr(words[i])) !=
		        SIZE_MAX ||
		    bytes_starts_nocase(message, bytes_cstr(words[i])))
			return true;
	return false;
}

static bool
take_line(struct bytes text, struct line *line)
{
	bool host;

	if (!take_time(text, line, &host))
		return false;
	take_process(line, host);
	return is_mail_process(line->process, line->message);
}

/* ---- probe: most of the first lines are a mail server's */

enum { PROBE_PATIENCE = 8 };

static unsigned
mail_log_probe(struct bytes head, uint64_t size)
{
	struct bytes rest = head, text;
	unsigned seen = 0, known = 0;
	struct line line;

	(void)size;
	while (seen < 40 && bytes_line(&rest, &text)) {
		if (bytes_trim(text).n == 0 || text.p[0] == '#')
			continue;
		/* Mail begins with header lines, and never like this. */
		if (rest.n == 0 && seen > 0)
			break;
		seen++;
		known += take_line(text, &line);
		if (seen == PROBE_PATIENCE && known == 0)
			break;
	}
	return known > 0 && known * 2 > seen ? 40 : 0;
}

/* ---- what a line says */

/* The value after key, up to one of the ends. */
static struct bytes
value_after(struct bytes message, const char *key, const char *ends)
{
	size_t at = bytes_find(message, bytes_cstr(key)), n = 0;
	struct bytes rest;

	if (at == SIZE_MAX)
		return BYTES_NONE;
	rest = bytes_skip(message, at + strlen(key));
	while (n < rest.n && strchr(ends, rest.p[n]) == NULL)
		n++;
	return bytes_slice(rest, 0, n);
}

static bool
has(struct bytes message, const char *words)
{
	return bytes_find_nocase(message, bytes_cstr(words)) != SIZE_MAX;
}

static bool
says_failure(struct bytes m)
{
	return has(m, "auth failed") || has(m, "authentication failure") ||
	       has(m, "authentication failed") || has(m, "login failed") ||
	       has(m, "badlogin") || has(m, "aborted login") ||
	       has(m, "AUTH failure") || has(m, "login failures");
}

static bool
says_sign_in(struct bytes m)
{
	return bytes_starts(m, BYTES_LIT("Login: user=<")) ||
	       has(m, "-login: Login: user=<") ||
	       has(m, "-login: Info: Login: user=<") ||
	       bytes_starts(m, BYTES_LIT("LOGIN, user=")) ||
	       bytes_starts(m, BYTES_LIT("login: ")) ||
	       has(m, "sasl_username=");
}

/* user=<a>, user=a, sasl_username=a, imap(a): */
static struct bytes
user_of(struct bytes m)
{
	static const char *const keys[] = { "sasl_username=", "user=<",
		"user=", "ruser=", NULL };
	struct bytes user = BYTES_NONE;

	for (size_t i = 0; keys[i] != NULL && user.n == 0; i++)
		user = value_after(m, keys[i], ">, ;");
	if (user.n > 0)
		return user;
	user = value_after(m, "imap(", ")");
	if (user.n == 0)
		user = value_after(m, "pop3(", ")");
	if (user.n == 0)
		user = value_after(m, "lmtp(", ")");
	return user.n > 0 ? user : value_after(m, "lda(", ")");
}

static struct bytes
address_of(struct bytes m)
{
	static const char *const keys[] = { "rip=", "ip=[", "relay=", "rhost=",
		"client=", NULL };
	struct bytes address = BYTES_NONE;
	size_t open;

	for (size_t i = 0; keys[i] != NULL && address.n == 0; i++)
		address = value_after(m, keys[i], ", ]");
	/* name[address]; otherwise the first address in brackets */
	open = bytes_find_byte(address, '[');
	if (open != SIZE_MAX)
		return bytes_skip(address, open + 1);
	return address.n > 0 ? address : value_after(m, "[", "]");
}

/* mail_log plugin: "copy -> Trash: uid=908, msgid=<..>", and the newer
 * "copy from INBOX: box=Trash, uid=908, msgid=<..>, size=..". */
static bool
take_dovecot_action(struct ual *ual, struct bytes message)
{
	static const char *const actions[] = { "copy", "delete", "undelete",
		"expunge", "save", "mailbox_create", "mailbox_delete",
		"mailbox_rename", "flag_change" };
	size_t colon = bytes_find(message, BYTES_LIT("): "));
	struct bytes rest, box;

	if (colon == SIZE_MAX)
		return false;
	rest = bytes_skip(message, colon + 3);
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		struct bytes action = bytes_cstr(actions[i]);

		if (!bytes_starts(rest, action) || rest.n <= action.n ||
		    strchr(" :", rest.p[action.n]) == NULL)
			continue;
		ual->event.operation = arena_printf(&ual->arena, "Dovecot %s",
		    actions[i]);
		box = value_after(rest, "box=", ",");
		ual->event.folder_path = value_after(rest, " from ", ":");
		if (bytes_find(rest, BYTES_LIT(" -> ")) != SIZE_MAX)
			ual->event.dest_folder_path = value_after(rest,
			    " -> ", ":");
		else if (ual->event.folder_path.n > 0)
			ual->event.dest_folder_path = box;
		else
			ual->event.folder_path = box;
		return true;
	}
	return false;
}

static void
take_postfix(struct ual *ual, const struct line *line)
{
	struct bytes rest = line->message, queue;
	struct bytes status = value_after(line->message, "status=", " ,");

	if (status.n > 0)
		ual->event.operation = arena_printf(&ual->arena,
		    "Postfix %.*s", (int)status.n, (const char *)status.p);
	bytes_cut(&rest, ':', &queue);
	if (queue.n >= 5 && queue.n <= 20 &&
	    bytes_find_byte(queue, ' ') == SIZE_MAX)
		form_parameter(ual, "queue", queue);
	form_parameter(ual, "from", value_after(line->message, "from=<", ">"));
	form_parameter(ual, "to", value_after(line->message, " to=<", ">"));
}

static void
take_message_id(struct ual *ual, struct bytes message)
{
	struct bytes id = value_after(message, "msgid=", ", ");

	if (id.n == 0)
		id = value_after(message, "message-id=", ", ");
	if (bytes_eq(id, BYTES_LIT("<>")))
		return;
	form_item(ual, id);
}

static void
take_event(struct ual *ual, const struct line *line)
{
	struct record_event *e = &ual->event;
	struct bytes m = line->message;

	e->time_text = line->time;
	e->time_us = line->time_us;
	e->workload = BYTES_LIT("MailServer");
	e->user_id = user_of(m);
	e->detail = m;
	ual->ip[UAL_IP_CLIENT] = address_of(m);
	ual_add_session(ual, value_after(m, "session=<", ">"),
	    &e->session_id);
	form_parameter(ual, "process", line->process);
	take_message_id(ual, m);
	if (says_failure(m)) {
		e->operation = BYTES_LIT("UserLoginFailed");
		e->succeeded = BYTES_LIT("no");
		return;
	}
	if (says_sign_in(m)) {
		e->operation = BYTES_LIT("UserLoggedIn");
		return;
	}
	if (take_dovecot_action(ual, m)) {
		e->mailbox_owner = e->user_id;
		return;
	}
	if (has(line->process, "postfix"))
		take_postfix(ual, line);
	if (e->operation.n == 0)
		e->operation = arena_printf(&ual->arena, "Mail server %.*s",
		    (int)bytes_slice(line->process, 0,
			bytes_find_byte(line->process, '[')).n,
		    line->process.n > 0 ? (const char *)line->process.p : "");
}

static unsigned
say_line(struct line_log *log, struct bytes text,
    const struct ual_place *place)
{
	struct line line = { .time_us = UTC_NONE };

	if (bytes_trim(text).n == 0 || text.p[0] == '#')
		return 0;
	text = text_repair_utf8(&log->arena, text);
	if (!take_line(text, &line)) {
		sink_problem(log->sink, place->locator, PROBLEM_DAMAGED,
		    OUTCOME_OK, 0, "no line of a mail server's log: passed "
		    "over");
		return 0;
	}
	ual_begin(log->ual);
	take_event(log->ual, &line);
	ual_end(log->ual, text, place, log->sink);
	return 1;
}

static enum outcome
mail_log_plan(const struct input *input, struct sink *sink)
{
	enum { HEAD_BYTES = 65536 };
	struct arena arena;
	struct bytes rest, text;
	struct line line;

	arena_init(&arena);
	rest = input_slice(input, &arena, 0,
	    input->size < HEAD_BYTES ? input->size : HEAD_BYTES);
	while (bytes_line(&rest, &text)) {
		if (!take_line(text, &line) || line.time_us != UTC_NONE)
			continue;
		sink_problem(sink, BYTES_LIT(""), PROBLEM_NO_DATA, OUTCOME_OK,
		    0, "times of this log have no year and no zone: the year "
		    "is the one nearest to the incident's window, the zone "
		    "counts as UTC");
		break;
	}
	arena_release(&arena);
	return line_log_plan(input, sink, NULL);
}

static enum outcome
mail_log_run(const struct input *input, struct bytes spec, struct sink *sink)
{
	return line_log_run(input, spec, sink, say_line, NULL);
}

const struct parser parser_mail_log = {
	.name = "mail_log",
	.title = "Mail server log (Dovecot, Postfix and their like)",
	.audit = true,
	.probe = mail_log_probe,
	.plan = mail_log_plan,
	.run = mail_log_run,
};
