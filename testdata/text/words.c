/* Sentences from parts in five languages, and subjects. */
#include "testdata/text/text.h"

#include <string.h>

#define LIST(...)                                                              \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}
enum { PARTS = 4, CHOICES = 24 };

/* Who - does - what - when. */
static const char *const parts[LANGUAGES][PARTS][CHOICES] =
    {
	[ENGLISH] =
	    {
		LIST("The committee", "Our finance office", "The contractor",
		    "Your team", "Everybody on the list", "The regional office",
		    "Legal", "The vendor", "One of the reviewers",
		    "The new project lead", "My assistant", "The auditor",
		    "The steering group", "Facilities", "The help desk"),
		LIST("has asked for", "would like to discuss", "sent back",
		    "still needs", "will prepare", "has approved",
		    "cannot find", "is working on", "finished",
		    "is waiting for", "should look at", "wants to postpone",
		    "already received", "forwarded", "has questions about"),
		LIST("the revised budget", "the draft agreement",
		    "last quarter's numbers", "the travel request",
		    "the minutes of the meeting", "the training material",
		    "a second quote for the servers", "the updated schedule",
		    "the list of participants", "the signed form",
		    "the report on the pilot sites", "the slides",
		    "the invoice for March", "the maintenance window",
		    "the data sharing plan", "the floor plan",
		    "the comments from the public hearing"),
		LIST("by Friday", "before the end of the month",
		    "as soon as possible", "after the call on Tuesday",
		    "in the next few days", "this afternoon",
		    "when you are back from leave", "next week",
		    "without further delay", "if that works for you",
		    "for the third time", "as we agreed on the phone"),
	    },
	[GERMAN] =
	    {
		LIST("Die Arbeitsgruppe", "Unsere Buchhaltung", "Der Lieferant",
		    "Das B\u00fcro in M\u00fcnchen",
		    "Die Gesch\u00e4ftsf\u00fchrung", "Der Pr\u00fcfer",
		    "Ihr Ansprechpartner"),
		LIST("braucht noch",
		    "hat gestern geschickt:", "pr\u00fcft gerade", "bittet um",
		    "schickt Ihnen", "erwartet"),
		LIST("die \u00fcberarbeitete Fassung", "das Protokoll",
		    "die Rechnung vom letzten Monat", "den Entwurf",
		    "die Liste der Teilnehmer",
		    "die \u00dcbersicht der Kosten"),
		LIST("bis Freitag", "so bald wie m\u00f6glich",
		    "n\u00e4chste Woche", "vor der Besprechung",
		    "wie am Telefon besprochen"),
	    },
	[FRENCH] =
	    {
		LIST("Le comit\u00e9", "Notre service comptable",
		    "Le fournisseur", "L\u2019\u00e9quipe du projet",
		    "Le bureau r\u00e9gional"),
		LIST("attend toujours", "vous envoie", "a re\u00e7u",
		    "voudrait revoir", "a valid\u00e9"),
		LIST("la version corrig\u00e9e", "le compte rendu",
		    "la facture du mois dernier", "le projet d\u2019accord",
		    "la liste des participants"),
		LIST("avant vendredi", "d\u00e8s que possible",
		    "la semaine prochaine", "apr\u00e8s la r\u00e9union"),
	    },
	[SPANISH] =
	    {
		LIST("El comit\u00e9", "Nuestra oficina", "El proveedor",
		    "La direcci\u00f3n", "El equipo t\u00e9cnico"),
		LIST("necesita", "ha enviado", "est\u00e1 revisando",
		    "todav\u00eda espera", "aprob\u00f3"),
		LIST("el presupuesto revisado", "el borrador",
		    "la factura del a\u00f1o pasado", "el informe",
		    "la lista de asistentes"),
		LIST("antes del viernes", "lo antes posible",
		    "la pr\u00f3xima semana",
		    "despu\u00e9s de la reuni\u00f3n"),
	    },
	[POLISH] =
	    {
		LIST("Zesp\u00f3\u0142", "Dzia\u0142 ksi\u0119gowo\u015bci",
		    "Dostawca", "Biuro w \u0141odzi"),
		LIST(
		    "przesy\u0142a", "potrzebuje", "sprawdza", "otrzyma\u0142"),
		LIST("poprawion\u0105 wersj\u0119", "faktur\u0119",
		    "list\u0119 uczestnik\u00f3w", "protok\u00f3\u0142"),
		LIST("do pi\u0105tku", "w przysz\u0142ym tygodniu",
		    "jak najszybciej"),
	    },
};

static const char *const subjects[LANGUAGES][CHOICES] = {
    [ENGLISH] = LIST("Budget review", "Meeting on Thursday", "Draft agreement",
	"Travel request", "Question about the schedule", "Minutes",
	"Server quote", "Training next month", "Status update", "Site visit",
	"Action items", "Press inquiry", "Parking on the west side",
	"Your comments", "Lunch?", "Quarterly numbers",
	"Out of office next week"),
    [GERMAN] = LIST("Besprechung am Donnerstag", "R\u00fcckfrage zur Rechnung",
	"Entwurf", "Terminverschiebung", "Gr\u00fc\u00dfe aus K\u00f6ln"),
    [FRENCH] = LIST("R\u00e9union de jeudi", "Projet d\u2019accord",
	"Votre demande", "Facture"),
    [SPANISH] = LIST("Reuni\u00f3n del jueves", "Presupuesto",
	"Informe de la a\u00f1ada", "Consulta"),
    [POLISH] = LIST("Spotkanie w czwartek", "Faktura", "Zapytanie"),
};

static const char *
choose(struct random *random, const char *const *list)
{
	unsigned n = 0;

	while (n < CHOICES && list[n] != NULL)
		n++;
	return list[random_below(random, n)];
}

enum language
random_language(struct random *random)
{
	unsigned n = random_below(random, 20);

	return n < 16 ? ENGLISH : (enum language)(n - 15);
}

void
sentence(struct random *random, enum language language, struct text *out)
{
	for (unsigned i = 0; i < PARTS; i++) {
		text_put(out, choose(random, parts[language][i]));
		text_add(out, i + 1 < PARTS ? " " : ".", 1);
	}
}

void
paragraph(struct random *random, enum language language, unsigned width,
    struct text *out)
{
	size_t start = out->n, line;
	unsigned n = 2 + random_below(random, 5);

	for (unsigned i = 0; i < n; i++) {
		sentence(random, language, out);
		text_add(out, i + 1 < n ? " " : "\n", 1);
	}
	if (width == 0)
		return;
	line = start;
	for (size_t i = start, space = 0; i < out->n; i++) {
		if (out->p[i] == ' ')
			space = i;
		if (i - line < width || space <= line)
			continue;
		out->p[space] = '\n';
		line = space + 1;
	}
}

void
subject_line(struct random *random, enum language language, struct text *out)
{
	text_put(out, choose(random, subjects[language]));
	if (random_one_in(random, 3))
		text_format(out, " %u", 1000 + random_below(random, 9000));
}
