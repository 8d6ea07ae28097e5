/*
 * Postal addresses.  Two ways in: a postcode's shape, from which the street
 * is sought backwards; and a label ("Address:") whose lines hold digits.
 */
#include "forensics/exposure/engine.h"

enum { BACK_MOST = 160, LINES_MOST = 3, LABEL_LINES = 3, LABELLED_MOST = 200 };

static struct word_list us_states = {
    .words =
	"AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA "
	"MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX "
	"UT VT VA WA WV WI WY PR VI GU AS MP"};

static bool
is_state(struct bytes word)
{
	return is_listed_word(word, &us_states);
}

static struct word_list street_words = {
    .words =
	"street st avenue ave av road rd boulevard blvd lane ln drive dr "
	"court ct way place pl terrace ter circle cir parkway pkwy highway "
	"hwy square sq trail trl box broadway loop row close crescent cres "
	"gardens grove mews hill park view walk rue chemin quai route "
	"impasse allee cours calle carrer avenida via viale piazza corso "
	"rua straat laan weg plein gracht esplanade parade pike turnpike "
	"crossing point ridge run alley plaza green house"};

static bool
is_street_word(struct bytes word)
{
	return is_listed_word(word, &street_words);
}

/* "strasse", "weg", "platz" are the end of a word. */
static bool
ends_like_street(struct bytes word)
{
	static const char *const ends[] = {"stra\xc3\x9f\x65", "strasse", "str",
	    "weg", "platz", "allee", "gasse", "straat", "laan", "gracht",
	    "plein", "gatan", "vej", "katu"};

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct bytes end = bytes_cstr(ends[i]);

		if (word.n > end.n &&
		    bytes_eq_nocase(bytes_skip(word, word.n - end.n), end))
			return true;
	}
	return false;
}

/* A word of a street in the text, whole words. */
static bool
has_street(struct bytes text)
{
	size_t from = 0;

	for (size_t i = 0; i <= text.n; i++) {
		uint8_t c = i < text.n ? text.p[i] : ' ';
		struct bytes word;

		if (is_alnum(c) || c >= 0x80)
			continue;
		word = bytes_slice(text, from, i);
		if (word.n > 1 &&
		    (is_street_word(word) || ends_like_street(word)))
			return true;
		from = i + 1;
	}
	return false;
}

static struct word_list street_starts = {
    .words = "rue avenue boulevard chemin place via viale calle bis ter "
	     "quai impasse rua"};

/* A house number begins here: a token of digits before a word. */
static bool
is_house_number(struct bytes text, size_t at, size_t end)
{
	size_t i = at, from;

	if (at > 0 && (is_alnum(text.p[at - 1]) || text.p[at - 1] == '-' ||
			  text.p[at - 1] == '.' || text.p[at - 1] == '/' ||
			  text.p[at - 1] == '#' || text.p[at - 1] == '$'))
		return false;
	while (i < end && is_digit(text.p[i]))
		i++;
	if (i - at > 6)
		return false;
	if (i < end && is_alpha(text.p[i]) && i + 1 < end &&
	    !is_alnum(text.p[i + 1]))
		i++; /* 12B */
	if (i < end && text.p[i] == ',')
		i++;
	if (i + 2 >= end || text.p[i] != ' ')
		return false;
	i++;
	from = i;
	while (i < end && (is_alnum(text.p[i]) || text.p[i] >= 0x80))
		i++;
	return is_upper(text.p[from]) || text.p[from] >= 0x80 ||
	       is_digit(text.p[from]) ||
	       is_listed_word(bytes_slice(text, from, i), &street_starts);
}

/* Where the address that ends at `to` begins; SIZE_MAX when nowhere. */
static size_t
address_start(struct bytes text, size_t from)
{
	size_t lines = 0, low = from > BACK_MOST ? from - BACK_MOST : 0;
	size_t best = SIZE_MAX;

	for (size_t at = from; at-- > low;) {
		uint8_t c = text.p[at];

		if (c == '\n' && (++lines > LINES_MOST ||
				     (at > 0 && text.p[at - 1] == '\n')))
			break;
		if (c != 0 && strchr("<>@;|!?=_\"()[]{}*", c) != NULL)
			break;
		if ((c == 'P' || c == 'p') && at + 6 < text.n &&
		    (bytes_starts_nocase(
			 bytes_skip(text, at), BYTES_LIT("po box")) ||
			bytes_starts_nocase(
			    bytes_skip(text, at), BYTES_LIT("p.o. box"))))
			return at;
		if (!is_digit(c) || (at > 0 && is_digit(text.p[at - 1])) ||
		    !is_house_number(text, at, from))
			continue;
		if (has_street(bytes_slice(text, at, from))) {
			best = at;
			break;
		}
	}
	return best;
}

/* "Keizersgracht 12, 1015 CJ": the street's name stands first. */
static size_t
street_name_start(struct bytes text, size_t from)
{
	size_t low = from > 80 ? from - 80 : 0, line = from;

	while (line > low && text.p[line - 1] != '\n' &&
	       text.p[line - 1] != ':' && text.p[line - 1] != ';')
		line--;
	if (line == from && from > 0 && text.p[from - 1] == '\n') {
		line = from - 1;
		while (line > low && text.p[line - 1] != '\n' &&
		       text.p[line - 1] != ':')
			line--;
	}
	while (line < from && text.p[line] == ' ')
		line++;
	for (size_t i = line; i < from; i++)
		if (text.p[i] != 0 &&
		    strchr("<>@;|!?=_\"()[]{}*", text.p[i]) != NULL)
			return SIZE_MAX;
	if (from - line < 8 || !is_upper(text.p[line]) ||
	    !has_street(bytes_slice(text, line, from)))
		return SIZE_MAX;
	return line;
}

static struct word_list au_states = {.words = "NSW VIC QLD SA WA TAS ACT NT"};

/* IL 62701, SW1A 1AA, K1A 0B1, NSW 2000, 1015 CJ: capitals all. */
static bool
is_postcode(struct bytes end)
{
	size_t space = bytes_find_byte(end, ' ');
	struct bytes first = bytes_slice(end, 0, space);
	struct bytes second = bytes_skip(end, space + 1);

	for (size_t i = 0; i < end.n; i++)
		if (end.p[i] >= 'a')
			return false;
	if (!is_digit(second.p[0]) || is_digit(first.p[0]))
		return true; /* Dutch */
	if (second.n == 4 && is_digit(second.p[1]) && is_digit(second.p[3]))
		return is_listed_word(first, &au_states);
	return second.n < 5 || is_state(first);
}

void
address_try(struct engine *e, struct bytes text, size_t from, size_t to)
{
	struct bytes end = bytes_slice(text, from, to);
	size_t start;

	if (!is_postcode(end))
		return;
	start = address_start(text, from);
	if (start == SIZE_MAX && is_digit(end.p[0]))
		start = street_name_start(text, from);
	if (start == SIZE_MAX)
		return;
	if (is_digit(end.p[0])) { /* 1015 CJ Amsterdam */
		size_t city = to;

		if (city < text.n && text.p[city] == ' ')
			city++;
		while (city < text.n &&
		       (is_alpha(text.p[city]) || text.p[city] >= 0x80 ||
			   text.p[city] == '-'))
			city++;
		to = city > to + 1 ? city : to;
	}
	candidate_add(e, e->address, start, to);
}

static struct word_list sentence_words = {
    .words = "the which are is to our your in at with for please and or as "
	     "be we you that this can will"};

static bool
has_sentence_word(struct bytes text)
{
	size_t from = 0;

	for (size_t i = 0; i <= text.n; i++) {
		if (i < text.n && (is_alnum(text.p[i]) || text.p[i] >= 0x80))
			continue;
		if (i > from && !is_upper(text.p[from]) &&
		    is_listed_word(bytes_slice(text, from, i), &sentence_words))
			return true;
		from = i + 1;
	}
	return false;
}

/* A street's word, or a comma and a number of a house or a place; no sign of
 * something else (hosts, sentences). */
static bool
is_address_like(struct bytes text)
{
	bool comma = bytes_find_byte(text, ',') != SIZE_MAX ||
		     bytes_find_byte(text, '\n') != SIZE_MAX;

	for (size_t i = 0; i < text.n; i++) {
		if (strchr("_()[]{}?!=\"%*", text.p[i]) != NULL)
			return false;
		if (text.p[i] == '.' && i + 1 < text.n && i > 0 &&
		    is_alnum(text.p[i - 1]) && is_alnum(text.p[i + 1]))
			return false;
	}
	if (has_sentence_word(text))
		return false;
	return has_street(text) || (comma && !is_ascii(text)) ||
	       (comma && (is_upper(text.p[0]) || is_digit(text.p[0])) &&
		   text.n < 90);
}

/* The lines after "Address:". */
static void
take_labelled(struct engine *e, struct bytes text, size_t at)
{
	size_t lines = 0, digits = 0, letters = 0, end, from;

	while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t'))
		at++;
	if (at >= text.n || text.p[at] != ':')
		return;
	at++;
	while (at < text.n && is_space(text.p[at]) && lines < 2)
		lines += text.p[at++] == '\n';
	if (lines > 1 || at >= text.n)
		return;
	from = end = at;
	lines = 0;
	for (; at < text.n && at - from < LABELLED_MOST; at++) {
		uint8_t c = text.p[at];

		if (c == ';' || c == '@' || c == '<' || c == '|')
			break;
		if (c == '\n') {
			struct bytes next = bytes_skip(text, at + 1);
			size_t stop = bytes_find_byte(next, '\n');

			next = bytes_slice(next, 0, stop);
			if (++lines == LABEL_LINES || bytes_trim(next).n == 0 ||
			    bytes_find_byte(next, ':') != SIZE_MAX)
				break;
			continue;
		}
		if (c == ':')
			return; /* another label: not ours to cut */
		digits += is_digit(c);
		letters += is_alpha(c) || c >= 0x80;
		if (c != ' ' && c != ',' && c != '.')
			end = at + 1;
	}
	if (digits < 2 || letters < 6 || end - from < 12 ||
	    !is_address_like(bytes_slice(text, from, end)))
		return;
	candidate_add(e, e->address, from, end);
}

void
addresses_find(struct engine *e, struct block *block)
{
	if (e->address == NULL)
		return;
	for (size_t h = 0; h < e->hits->count; h++)
		if (sets_has(&e->hits->list[h].sets, e->address->index))
			take_labelled(e, block->text, e->hits->list[h].to);
}
