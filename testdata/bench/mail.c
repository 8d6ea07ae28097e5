/* MIME messages as mail programs make them: parts, encodings, attachments. */
#include "testdata/bench/bench.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
put_base64(const uint8_t *p, size_t n, struct text *out)
{
	char line[77];
	size_t used = 0;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16 |
			     (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
			     (i + 2 < n ? p[i + 2] : 0);

		line[used++] = base64_digits[v >> 18];
		line[used++] = base64_digits[(v >> 12) & 63];
		line[used++] = i + 1 < n ? base64_digits[(v >> 6) & 63] : '=';
		line[used++] = i + 2 < n ? base64_digits[v & 63] : '=';
		if (used == 76 || i + 3 >= n) {
			line[used++] = '\n';
			text_add(out, line, used);
			used = 0;
		}
	}
}

static void
put_quoted_printable(const char *p, size_t n, struct text *out)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t column = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		bool plain = c >= ' ' && c < 0x7f && c != '=';
		char escaped[3] = {'=', digits[c >> 4], digits[c & 15]};

		if (c == '\n') {
			text_add(out, "\n", 1);
			column = 0;
			continue;
		}
		if (c == ' ' && (i + 1 == n || p[i + 1] == '\n'))
			plain = false;
		if (column + (plain ? 1 : 3) > 75) {
			text_add(out, "=\n", 2);
			column = 0;
		}
		text_add(out, plain ? p + i : escaped, plain ? 1 : 3);
		column += plain ? 1 : 3;
	}
}

static bool
is_ascii(const struct text *text)
{
	for (size_t i = 0; i < text->n; i++)
		if ((unsigned char)text->p[i] >= 0x80)
			return false;
	return true;
}

static void
put_subject(const struct text *subject, struct text *out)
{
	struct text word = {0};

	if (is_ascii(subject)) {
		text_format(out, "Subject: %s\n", subject->p);
		return;
	}
	put_base64((const uint8_t *)subject->p, subject->n, &word);
	text_format(
	    out, "Subject: =?utf-8?B?%.*s?=\n", (int)word.n - 1, word.p);
	text_free(&word);
}

static void
put_text_part(struct random *random, const char *type, const struct text *text,
    struct text *out)
{
	unsigned way = random_below(random, 5);

	text_format(out, "Content-Type: %s; charset=utf-8\n", type);
	if (way == 0) {
		text_put(out, "Content-Transfer-Encoding: base64\n\n");
		put_base64((const uint8_t *)text->p, text->n, out);
	} else if (way == 1 || !is_ascii(text) ||
		   strcmp(type, "text/html") == 0) {
		text_put(
		    out, "Content-Transfer-Encoding: quoted-printable\n\n");
		put_quoted_printable(text->p, text->n, out);
	} else {
		text_put(out, "Content-Transfer-Encoding: 7bit\n\n");
		text_add(out, text->p, text->n);
	}
}

static void
put_file_part(struct random *random, uint64_t number, struct text *out)
{
	static const char *const kinds[][2] = {
	    {"application/pdf", "pdf"},
	    {"image/jpeg", "jpg"},
	    {"application/zip", "zip"},
	    {"application/vnd.openxmlformats-officedocument."
	     "wordprocessingml.document",
		"docx"},
	};
	struct text data = {0};
	unsigned kind = random_below(random, 4);
	bool table = random_one_in(random, 12);

	if (table) {
		personal_table(
		    random, (unsigned)random_size(random, 5, 400), &data);
	} else {
		uint64_t n = random_size(random, 4000, 2000000);

		for (uint64_t i = 0; i < n; i += 8) {
			uint64_t v = random_next(random);

			text_add(&data, &v, 8);
		}
	}
	text_format(out,
	    "Content-Type: %s; name=\"file%llu.%s\"\n"
	    "Content-Disposition: attachment; filename=\"file%llu.%s\"\n"
	    "Content-Transfer-Encoding: base64\n\n",
	    table ? "text/csv" : kinds[kind][0], (unsigned long long)number,
	    table ? "csv" : kinds[kind][1], (unsigned long long)number,
	    table ? "csv" : kinds[kind][1]);
	put_base64((const uint8_t *)data.p, data.n, out);
	text_free(&data);
}

static void
put_date(uint64_t number, const char *format, struct text *out)
{
	static const char *const days[] = {
	    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t)(1641168000 + number * 397);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	if (strcmp(format, "mail") == 0)
		text_format(out, "%s, %02d %s %d %02d:%02d:%02d +0000",
		    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	else
		text_format(out, "%s %s %2d %02d:%02d:%02d %d",
		    days[tm.tm_wday], months[tm.tm_mon], tm.tm_mday, tm.tm_hour,
		    tm.tm_min, tm.tm_sec, tm.tm_year + 1900);
}

static void
put_person(
    const char *header, const struct correspondent *who, struct text *out)
{
	text_format(out, "%s: \"%s %s\" <", header, who->first, who->last);
	correspondent_address(who, out);
	text_put(out, ">\n");
}

static void
put_headers(struct random *random, uint64_t number, const struct letter *letter,
    struct text *out)
{
	struct text subject = {0};

	text_put(out, "Return-Path: <bounce@example.net>\n");
	for (unsigned i = 0; i < 3; i++) {
		text_format(out,
		    "Received: from mx%u.example.net "
		    "(mx%u.example.net [192.0.2.%u])\n\tby mail.example.gov "
		    "(Postfix) with ESMTPS id %08X\n\tfor <list@example.gov>; ",
		    i, i, 1 + random_below(random, 250),
		    (unsigned)random_next(random));
		put_date(number, "mail", out);
		text_put(out, "\n");
	}
	text_put(out,
	    "Authentication-Results: mail.example.gov;\n\tspf=pass "
	    "smtp.mailfrom=example.net;\n\tdkim=pass header.d=example.net\n");
	put_person("From", &letter->from, out);
	put_person("To", &letter->to, out);
	if (letter->quoted > 0)
		text_put(&subject, "Re: ");
	subject_line(random, letter->language, &subject);
	put_subject(&subject, out);
	text_put(out, "Date: ");
	put_date(number, "mail", out);
	text_put(out, "\nMessage-ID: ");
	letter_message_id(number, out);
	text_put(out, "\nMIME-Version: 1.0\nX-Mailer: Example Mail 16.0\n");
	text_free(&subject);
}

/* text, or text and HTML side by side */
static void
put_bodies(struct random *random, uint64_t number, const struct letter *letter,
    struct text *out)
{
	struct text body = {0}, html = {0};

	letter_text(random, letter, &body);
	if (random_one_in(random, 4)) {
		put_text_part(random, "text/plain", &body, out);
		text_free(&body);
		return;
	}
	letter_html(body.p, &html);
	text_format(out,
	    "Content-Type: multipart/alternative; "
	    "boundary=\"alt_%llu\"\n\n--alt_%llu\n",
	    (unsigned long long)number, (unsigned long long)number);
	put_text_part(random, "text/plain", &body, out);
	text_format(out, "\n--alt_%llu\n", (unsigned long long)number);
	put_text_part(random, "text/html", &html, out);
	text_format(out, "\n--alt_%llu--\n", (unsigned long long)number);
	text_free(&body);
	text_free(&html);
}

void
mail_message(struct random *random, uint64_t number, struct text *out)
{
	struct letter letter = letter_shape(random);
	unsigned files =
	    random_one_in(random, 4) ? 1 + random_below(random, 2) : 0;

	put_headers(random, number, &letter, out);
	if (files == 0) {
		put_bodies(random, number, &letter, out);
		return;
	}
	text_format(out,
	    "Content-Type: multipart/mixed; boundary=\"mix_%llu\"\n"
	    "\nThis is a multi-part message in MIME format.\n--mix_%llu\n",
	    (unsigned long long)number, (unsigned long long)number);
	put_bodies(random, number, &letter, out);
	for (unsigned i = 0; i < files; i++) {
		text_format(out, "\n--mix_%llu\n", (unsigned long long)number);
		put_file_part(random, number, out);
	}
	text_format(out, "--mix_%llu--\n", (unsigned long long)number);
}

void
mail_mbox_record(struct random *random, uint64_t number, struct text *out)
{
	struct text message = {0};

	text_put(out, "From bounce@example.net ");
	put_date(number, "mbox", out);
	text_put(out, "\n");
	mail_message(random, number, &message);
	for (const char *p = message.p; *p != '\0';) {
		size_t n = strcspn(p, "\n"), arrows = strspn(p, ">");

		if (strncmp(p + arrows, "From ", 5) == 0)
			text_put(out, ">");
		n += p[n] == '\n';
		text_add(out, p, n);
		p += n;
	}
	text_put(out, "\n");
	text_free(&message);
}
