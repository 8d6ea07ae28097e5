/* People who write, and what is said of people: numbers that check. */
#include "testdata/text/text.h"

#include <stdio.h>
#include <string.h>

static const char *const first_names[] = {
    "Anna",
    "Robert",
    "Maria",
    "James",
    "Linda",
    "Thomas",
    "Susan",
    "David",
    "Karen",
    "Peter",
    "Elena",
    "Michael",
    "Julia",
    "Daniel",
    "Sofia",
    "Paul",
    "Grace",
    "Martin",
    "Olivia",
    "Henry",
    "Nadia",
    "Victor",
    "Ruth",
    "Oscar",
};
static const char *const last_names[] = {
    "Baker",
    "Novak",
    "Fischer",
    "Moreau",
    "Garcia",
    "Kowalski",
    "Jensen",
    "Harper",
    "Lindqvist",
    "Okafor",
    "Petrov",
    "Sullivan",
    "Tanaka",
    "Vargas",
    "Whitaker",
    "Young",
    "Zimmer",
    "Adler",
    "Castillo",
    "Dubois",
    "Ellison",
    "Farrow",
    "Grant",
    "Holloway",
    "Ibarra",
    "Jordan",
    "Keller",
};
static const char *const domains[] = {
    "example.gov",
    "example.org",
    "contoso.example",
    "fabrikam.example",
    "northwind.example",
    "city.example",
    "example.com",
    "example.net",
};
static const char *const companies[] = {
    "Example Agency",
    "Example Foundation",
    "Contoso",
    "Fabrikam",
    "Northwind Traders",
    "City of Example",
    "Example Consulting",
    "Example Networks",
};
static const char *const titles[] = {
    "Program Analyst",
    "Contract Specialist",
    "Deputy Director",
    "Engineer",
    "Budget Officer",
    "Counsel",
    "Office Manager",
    "Account Manager",
};
static const char *const streets[] = {
    "Oak Street",
    "Maple Avenue",
    "Main Street",
    "Harbor Road",
    "Second Street",
    "Chestnut Lane",
    "Station Road",
};
static const struct {
	const char *city, *state, *zip;
} cities[] = {
    {"Columbus", "OH", "43215"},
    {"Austin", "TX", "78701"},
    {"Richmond", "VA", "23219"},
    {"Sacramento", "CA", "95814"},
    {"Albany", "NY", "12207"},
    {"Denver", "CO", "80202"},
    {"Boston", "MA", "02108"},
};
#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define PICK(random, array)                                                    \
	((array)[random_below((random), (unsigned)COUNT(array))])

struct correspondent
correspondent(unsigned number)
{
	struct random random = {number * 2654435761u + 1};
	struct correspondent person = {.number = number};
	size_t house = random_below(&random, COUNT(domains));

	person.first = PICK(&random, first_names);
	person.last = PICK(&random, last_names);
	person.title = PICK(&random, titles);
	person.domain = domains[house];
	person.company = companies[house];
	return person;
}

void
correspondent_address(const struct correspondent *person, struct text *out)
{
	size_t start = out->n;

	text_format(
	    out, "%s.%s@%s", person->first, person->last, person->domain);
	for (size_t i = start; i < out->n; i++)
		if (out->p[i] >= 'A' && out->p[i] <= 'Z')
			out->p[i] = (char)(out->p[i] - 'A' + 'a');
}

static void
put_ssn(struct random *random, struct text *out)
{
	text_format(out, "%03u-%02u-%04u", 100 + random_below(random, 560),
	    1 + random_below(random, 99), 1 + random_below(random, 9999));
}

/* A Visa number: the last digit makes the Luhn sum fit. */
static void
put_card(struct random *random, struct text *out)
{
	unsigned digits[16] = {4}, sum = 0;

	for (unsigned i = 1; i < 15; i++)
		digits[i] = random_below(random, 10);
	for (unsigned i = 0; i < 15; i++) {
		unsigned d = i % 2 == 0 ? 2 * digits[i] : digits[i];

		sum += d > 9 ? d - 9 : d;
	}
	digits[15] = (10 - sum % 10) % 10;
	for (unsigned i = 0; i < 16; i++)
		text_format(
		    out, "%s%u", i > 0 && i % 4 == 0 ? " " : "", digits[i]);
}

/* A German IBAN: two check digits by ISO 7064 mod 97-10. */
static void
put_iban(struct random *random, struct text *out)
{
	char account[19];
	unsigned rest = 0;

	snprintf(account, sizeof(account), "%08u%010u",
	    10000000 + random_below(random, 80000000),
	    random_below(random, 1000000000));
	for (const char *p = account; *p != '\0'; p++)
		rest = (rest * 10 + (unsigned)(*p - '0')) % 97;
	for (const char *p = "131400"; *p != '\0'; p++)
		rest = (rest * 10 + (unsigned)(*p - '0')) % 97;
	text_format(out, "DE%02u %.4s %.4s %.4s %.4s %.2s", 98 - rest, account,
	    account + 4, account + 8, account + 12, account + 16);
}

static void
put_address(struct random *random, struct text *out)
{
	size_t city = random_below(random, COUNT(cities));

	text_format(out, "%u %s, %s, %s %s", 10 + random_below(random, 900),
	    PICK(random, streets), cities[city].city, cities[city].state,
	    cities[city].zip);
}

void
personal_line(struct random *random, struct text *out)
{
	struct correspondent person =
	    correspondent(1000 + random_below(random, 5000));

	text_format(out, "%s %s, ", person.first, person.last);
	switch (random_below(random, 6)) {
	case 0:
		text_put(out, "SSN ");
		put_ssn(random, out);
		break;
	case 1:
		text_put(out, "card number ");
		put_card(random, out);
		break;
	case 2:
		text_put(out, "IBAN ");
		put_iban(random, out);
		break;
	case 3:
		text_format(out, "date of birth %02u/%02u/%u",
		    1 + random_below(random, 12), 1 + random_below(random, 28),
		    1945 + random_below(random, 55));
		break;
	case 4:
		text_format(out, "phone (%u) 555-01%02u",
		    201 + random_below(random, 700), random_below(random, 100));
		break;
	default:
		put_address(random, out);
	}
	text_put(out, "\n");
}

void
personal_table(struct random *random, unsigned rows, struct text *out)
{
	text_put(out, "Name,SSN,Date of birth,E-mail,Address\n");
	for (unsigned i = 0; i < rows; i++) {
		struct correspondent person =
		    correspondent(1000 + random_below(random, 5000));

		text_format(out, "%s %s,", person.first, person.last);
		put_ssn(random, out);
		text_format(out, ",%u-%02u-%02u,",
		    1945 + random_below(random, 55),
		    1 + random_below(random, 12), 1 + random_below(random, 28));
		correspondent_address(&person, out);
		text_put(out, ",\"");
		put_address(random, out);
		text_put(out, "\"\n");
	}
}
