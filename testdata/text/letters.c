/* Letters: greeting, paragraphs, signature, an earlier letter below. */
#include "testdata/text/text.h"

#include <string.h>

enum { WIDTH = 72 };

void
letter_message_id(uint64_t number, struct text *out)
{
	struct random random = {number};

	text_format(out, "<%016llx.%llu@mail.example.gov>",
	    (unsigned long long)random_next(&random),
	    (unsigned long long)number);
}

void
made_up_guid(uint64_t kind, uint64_t number, struct text *out)
{
	struct random random = {kind * 0x100000001b3u + number};
	uint64_t a = random_next(&random), b = random_next(&random);

	text_format(out, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32),
	    (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
	    ((unsigned)(b >> 48) & 0x3fff) | 0x8000,
	    (unsigned long long)(b & 0xffffffffffff));
}

struct letter
letter_shape(struct random *random)
{
	struct letter letter = {.language = random_language(random)};

	letter.from = correspondent(random_below(random, 400));
	letter.to = correspondent(random_below(random, 400));
	letter.paragraphs = 1 + (unsigned)random_size(random, 0, 12);
	letter.personal = random_one_in(random, 40);
	if (random_one_in(random, 3))
		letter.quoted = (unsigned)random_size(random, 1, 20);
	return letter;
}

static void
put_signature(const struct correspondent *from, struct text *out)
{
	text_format(out, "\n-- \n%s %s\n%s, %s\nTel. (202) 555-0%03u\n",
	    from->first, from->last, from->title, from->company,
	    100 + from->number % 100);
	correspondent_address(from, out);
	text_put(out, "\n");
}

static void
put_quoted(struct random *random, const struct letter *letter, struct text *out)
{
	struct text earlier = {0};

	text_format(out, "\nOn %u/%u/2023, %s %s wrote:\n",
	    1 + random_below(random, 12), 1 + random_below(random, 28),
	    letter->to.first, letter->to.last);
	for (unsigned i = 0; i < letter->quoted; i++)
		paragraph(random, letter->language, WIDTH - 2, &earlier);
	for (const char *p = earlier.p; *p != '\0';) {
		size_t n = strcspn(p, "\n") + 1;

		text_add(out, "> ", 2);
		text_add(out, p, n);
		p += n;
	}
	text_free(&earlier);
}

void
letter_text(
    struct random *random, const struct letter *letter, struct text *out)
{
	static const char *const greetings[LANGUAGES] = {
	    "Hi %s,\n\n",
	    "Hallo %s,\n\n",
	    "Bonjour %s,\n\n",
	    "Hola %s:\n\n",
	    "Witam %s,\n\n",
	};
	const char *greeting = greetings[letter->language];
	size_t name = (size_t)(strchr(greeting, '%') - greeting);

	text_add(out, greeting, name);
	text_put(out, letter->to.first);
	text_put(out, greeting + name + 2);
	for (unsigned i = 0; i < letter->paragraphs; i++) {
		paragraph(random, letter->language, WIDTH, out);
		text_put(out, "\n");
		if (i == 0 && letter->personal)
			personal_line(random, out);
	}
	put_signature(&letter->from, out);
	if (letter->quoted > 0)
		put_quoted(random, letter, out);
}

void
letter_html(const char *text, struct text *out)
{
	text_put(out,
	    "<html><head><meta http-equiv=\"Content-Type\" "
	    "content=\"text/html; charset=utf-8\"><style>p.MsoNormal "
	    "{margin:0cm;font-size:11.0pt;font-family:\"Calibri\"}</style>"
	    "</head>\n<body lang=\"EN-US\"><div class=\"WordSection1\">\n"
	    "<p class=\"MsoNormal\">");
	while (*text != '\0') {
		size_t n = strcspn(text, "<>&\n");

		text_add(out, text, n);
		text += n;
		if (*text == '<')
			text_put(out, "&lt;");
		else if (*text == '>')
			text_put(out, "&gt;");
		else if (*text == '&')
			text_put(out, "&amp;");
		else if (*text == '\n' && text[1] == '\n')
			text_put(out, "</p>\n<p class=\"MsoNormal\">");
		else if (*text == '\n')
			text_put(out, "<br>\n");
		text += *text != '\0';
	}
	text_put(out, "</p>\n</div></body></html>\n");
}
