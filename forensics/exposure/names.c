/*
 * Names of people in running text: two to four words that begin with a
 * capital, none of which is a word of something else (tables/not_names.csv).
 * A first word that is a given name (tables/given_names.csv), a title before
 * it, or what follows it must speak for it.
 */
#include "forensics/exposure/engine.h"
#include "parsers/base/text.h"

enum { WORDS_MOST = 5, WORD_MOST = 40 };

struct name_word {
	size_t from, to;
	bool initial;  /* "J." */
	bool particle; /* "van" */
	bool capitals;
};

static bool
is_letter(uint8_t c)
{
	return is_alpha(c) || c >= 0x80;
}

/* Capital: ASCII, or the first byte of one of Latin-1, Latin-A, Cyrillic. */
static bool
begins_capital(struct bytes text, size_t at)
{
	if (is_upper(text.p[at]))
		return true;
	if (text.p[at] == 0xc3 && at + 1 < text.n)
		return text.p[at + 1] <= 0x9e;
	if (text.p[at] == 0xc4 || text.p[at] == 0xc5)
		return at + 1 < text.n && text.p[at + 1] % 2 == 0;
	return text.p[at] == 0xd0 && at + 1 < text.n &&
	       text.p[at + 1] >= 0x90 && text.p[at + 1] <= 0xaf;
}

static struct word_list particles = {
    .words = "de del della di da dos das do van von der den la le bin al "
	     "el ter zu du des af y"};

static bool
is_particle(struct bytes word)
{
	return is_listed_word(word, &particles);
}

static struct word_list titles = {
    .words = "mr mrs ms miss dr prof professor sir herr frau mme mlle "
	     "monsieur madame sra srta sr se\xc3\xb1or se\xc3\xb1ora sig "
	     "signora signor dott mevrouw meneer dhr mw"};

static bool
is_title(struct bytes word)
{
	return is_listed_word(word, &titles);
}

static bool
in_list(const struct engine *e, struct bytes word,
    bool (*has)(const struct rules *, struct bytes))
{
	uint8_t lower[WORD_MOST];

	if (word.n > WORD_MOST)
		return false;
	if (!is_ascii(word))
		return has(e->rules, fold_plain(e->arena, word));
	for (size_t i = 0; i < word.n; i++)
		lower[i] = byte_lower(word.p[i]);
	return has(e->rules, bytes_of(lower, word.n));
}

/* The word that begins at `at`; false when none of a name can be. */
static bool
take_word(struct bytes text, size_t at, struct name_word *w)
{
	size_t i = at, upper = 0, letters = 0;

	w->from = at;
	while (i < text.n && i - at < WORD_MOST &&
	       (is_letter(text.p[i]) ||
		   ((text.p[i] == '\'' || text.p[i] == '-') && i > at &&
		       i + 1 < text.n && is_letter(text.p[i + 1])))) {
		/* A possessive is not part: Jane's */
		if (text.p[i] == '\'' && text.p[i + 1] == 's' &&
		    (i + 2 >= text.n || !is_letter(text.p[i + 2])))
			break;
		upper += is_upper(text.p[i]);
		letters += (text.p[i] & 0xc0) != 0x80;
		i++;
	}
	w->to = i;
	w->particle = is_particle(bytes_slice(text, at, i));
	w->initial = letters == 1 && upper == 1;
	w->capitals = letters > 1 && upper == letters;
	if (w->initial && i < text.n && text.p[i] == '.')
		w->to = i + 1;
	if (i == at || (i < text.n && is_digit(text.p[i])))
		return false;
	return w->particle || begins_capital(text, at);
}

static size_t
word_start_before(struct bytes text, size_t at, size_t low)
{
	while (at > low && (is_letter(text.p[at - 1]) ||
			       text.p[at - 1] == '-' || text.p[at - 1] == '\''))
		at--;
	return at;
}

static struct word_list greetings = {
    .words = "hi hello dear hey hallo liebe lieber geehrte geehrter bonjour "
	     "cher ch\xc3\xa8re hola estimado estimada querido querida ciao "
	     "gentile caro cara prezado prezada beste morning afternoon "
	     "evening thanks thank sir"};

/* "Hi", "Dear": the one spoken to is not the one spoken of. */
static bool
is_greeted(struct bytes text, size_t from, size_t low)
{
	size_t end = from, start;
	struct bytes word;

	while (end > low && (text.p[end - 1] == ' ' || text.p[end - 1] == ','))
		end--;
	start = word_start_before(text, end, low);
	word = bytes_slice(text, start, end);
	if (is_listed_word(word, &greetings))
		return true;
	return is_title(word) && start > low && is_greeted(text, start, low);
}

static bool
has_title_before(struct bytes text, size_t from, size_t low)
{
	size_t end = from;

	if (end > low && text.p[end - 1] == ' ')
		end--;
	if (end > low && text.p[end - 1] == '.')
		end--;
	return is_title(
	    bytes_slice(text, word_start_before(text, end, low), end));
}

static struct word_list roles = {
    .words = "patient employee client customer applicant named name member "
	     "insured claimant student tenant beneficiary colleague nurse "
	     "spouse wife husband son daughter contractor cardholder holder"};

/* What stands around speaks for a person: "for X", "X's", "X (". */
static bool
is_spoken_of(struct bytes text, size_t low, size_t from, size_t to)
{
	struct bytes rest = bytes_skip(text, to);
	size_t end = from, start;

	if (bytes_starts(rest, BYTES_LIT("'s")) ||
	    bytes_starts(rest, BYTES_LIT("\xe2\x80\x99s")) ||
	    bytes_starts(rest, BYTES_LIT(" (")) ||
	    bytes_starts(rest, BYTES_LIT(" <")))
		return true;
	if (bytes_starts(rest, BYTES_LIT(", SSN")) ||
	    bytes_starts(rest, BYTES_LIT(", DOB")) ||
	    bytes_starts(rest, BYTES_LIT(", born")) ||
	    bytes_starts(rest, BYTES_LIT(" born")) ||
	    bytes_starts(rest, BYTES_LIT(" lives")))
		return true;
	while (end > low && (text.p[end - 1] == ' ' || text.p[end - 1] == ':'))
		end--;
	start = word_start_before(text, end, low);
	return is_listed_word(bytes_slice(text, start, end), &roles);
}

/* The longest name that begins at `at`, a word's start. */
static bool
name_at(const struct engine *e, struct bytes text, size_t low, size_t at,
    size_t high, struct span *name)
{
	struct name_word w[WORDS_MOST];
	size_t count = 0, real = 0, next = at;
	bool given, titled;

	while (count < WORDS_MOST && next < high &&
	       take_word(text, next, &w[count])) {
		struct bytes word =
		    bytes_slice(text, w[count].from, w[count].to);

		if (count == 0 && w[0].particle)
			return false;
		if (!w[count].initial && !w[count].particle &&
		    (is_title(word) || in_list(e, word, rules_is_not_name)))
			break;
		real += !w[count].particle;
		next = w[count].to;
		count++;
		if (next >= text.n || text.p[next] != ' ')
			break;
		next++;
	}
	while (count > 0 && (w[count - 1].particle || w[count - 1].initial)) {
		real -= !w[count - 1].particle;
		count--;
	}
	titled = has_title_before(text, at, low);
	if (count == 0 || (real < 2 && !titled))
		return false;
	given = in_list(
	    e, bytes_slice(text, w[0].from, w[0].to), rules_is_given_name);
	if (!given && !titled && !is_spoken_of(text, low, at, w[count - 1].to))
		return false;
	if (w[0].capitals != w[count - 1].capitals && !given)
		return false;
	*name = (struct span){at, w[count - 1].to};
	return true;
}

/* "Lopez, Maria": a surname before a given name that ends at its own word. */
static bool
name_turned(const struct engine *e, struct bytes text, size_t low, size_t at,
    struct span *name)
{
	struct name_word given, surname;
	size_t start;

	if (at < low + 4 || !take_word(text, at, &given) ||
	    !in_list(e, bytes_slice(text, given.from, given.to),
		rules_is_given_name) ||
	    text.p[at - 1] != ' ' || text.p[at - 2] != ',')
		return false;
	start = word_start_before(text, at - 2, low);
	if (start == at - 2 || !begins_capital(text, start) ||
	    !take_word(text, start, &surname) || surname.to != at - 2 ||
	    in_list(e, bytes_slice(text, start, at - 2), rules_is_not_name) ||
	    in_list(e, bytes_slice(text, start, at - 2), rules_is_given_name))
		return false;
	/* At a line's or sentence's beginning, or said of right after. */
	if (start > low && strchr("\n.:;-(", text.p[start - 1]) == NULL &&
	    !(start > low + 1 && text.p[start - 1] == ' ' &&
		strchr(".:;-", text.p[start - 2]) != NULL) &&
	    !bytes_starts(bytes_skip(text, given.to), BYTES_LIT(" (")))
		return false;
	*name = (struct span){start, given.to};
	return true;
}

bool
name_before(const struct engine *e, struct bytes text, size_t low, size_t high,
    struct span *name)
{
	size_t at = high;
	bool found = false;

	while (at > low && !found) {
		struct span s;

		while (at > low && !is_letter(text.p[at - 1]))
			at--;
		at = word_start_before(text, at, low);
		/* Not in the middle of a name: its first word counts. */
		if (at < high && begins_capital(text, at) &&
		    name_at(e, text, low, at, high, &s) && s.to <= high &&
		    !is_greeted(text, at, low)) {
			*name = s;
			found = true;
		} else if (at < high && begins_capital(text, at) &&
			   name_turned(e, text, low, at, &s)) {
			*name = s;
			return true;
		}
		if (at == low || at == 0)
			break;
	}
	/* "Mary Ann Smith" was first seen as "Ann Smith". */
	while (found && name->from > low + 1 && text.p[name->from - 1] == ' ') {
		size_t start = word_start_before(text, name->from - 1, low);
		struct span s;

		if (start == name->from - 1 || !begins_capital(text, start) ||
		    !name_at(e, text, low, start, high, &s) || s.to != name->to)
			break;
		*name = s;
	}
	return found;
}

bool
name_is_whole(const struct engine *e, struct bytes text)
{
	size_t at = 0, words = 0, letters = 0;
	bool comma = false;

	text = bytes_trim(text);
	if (text.n < 3 || text.n > 60)
		return false;
	while (at < text.n) {
		struct name_word w;
		struct bytes word;

		if (!take_word(text, at, &w))
			return false;
		word = bytes_slice(text, w.from, w.to);
		if (!w.initial && !w.particle && !is_title(word) &&
		    in_list(e, word, rules_is_not_name))
			return false;
		words += !w.particle && !is_title(word);
		letters += w.to - w.from;
		at = w.to;
		if (at < text.n && text.p[at] == '.')
			at++;
		if (at < text.n && text.p[at] == ',' && !comma) {
			comma = true;
			at++;
		}
		while (at < text.n && text.p[at] == ' ')
			at++;
	}
	return words >= 2 && words <= 5 && letters >= 4;
}
