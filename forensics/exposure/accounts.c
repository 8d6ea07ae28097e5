/*
 * Whose a password is and what it opens, as the text beside it says: "user:
 * jdoe", "VPN password for jdoe", "the password of the payroll portal".
 */
#include "forensics/exposure/secrets.h"

enum { BEFORE = 300, AFTER = 60, ACCOUNT_MOST = 64, SYSTEM_MOST = 40 };

static bool
begins_is(struct bytes text)
{
	return bytes_starts_nocase(text, BYTES_LIT("is")) &&
	       (text.n == 2 || !is_alnum(text.p[2]));
}

/* "login jdoe." without a separator: a word that is none of a sentence. */
static bool
looks_account(struct bytes text)
{
	bool sign = false;
	size_t i = 0;

	while (i < text.n &&
	       (is_alnum(text.p[i]) || strchr("._-@\\", text.p[i]) != NULL)) {
		sign |= is_digit(text.p[i]) || text.p[i] == '_' ||
			text.p[i] == '@' || text.p[i] == '\\' ||
			((text.p[i] == '.' || text.p[i] == '-') && i > 0 &&
			    i + 1 < text.n && is_alnum(text.p[i + 1]));
		i++;
	}
	return i >= 3 && sign;
}

/* The token after the label that a hit is: "user: jdoe", "login = jdoe". */
static struct bytes
labelled_token(struct bytes text, size_t at)
{
	struct span s;

	at = blanks_end(text, at);
	if (at < text.n && (text.p[at] == ':' || text.p[at] == '='))
		at++;
	else if (begins_is(bytes_skip(text, at)))
		at += 2;
	else if (!looks_account(bytes_skip(text, at)))
		return BYTES_NONE;
	at = blanks_end(text, at);
	if (at >= text.n || text.p[at] == '\n')
		return BYTES_NONE;
	s = secret_token(text, at);
	/* "user: jdoe/Hunter22!" */
	for (size_t i = s.from; i < s.to; i++)
		if (text.p[i] == '/' || text.p[i] == ',')
			s.to = i;
	return s.to - s.from >= 2 && s.to - s.from <= ACCOUNT_MOST
		   ? bytes_slice(text, s.from, s.to)
		   : BYTES_NONE;
}

/* The account: the nearest labelled one in the window, else an address. */
static struct bytes
account_near(struct engine *e, struct bytes text, size_t from, size_t to)
{
	size_t start, low = from > BEFORE ? from - BEFORE : 0;
	struct bytes paragraph = paragraph_around(text, from, &start);
	size_t high = to + AFTER;
	struct bytes best = BYTES_NONE;

	low = start < low ? start : low;
	if (start + paragraph.n > high)
		high = start + paragraph.n;
	for (size_t h = hits_after(e->hits, low);
	     h < e->hits->count && e->hits->list[h].to <= high; h++) {
		const struct word_hit *hit = &e->hits->list[h];
		struct bytes token;

		if (!sets_has(&hit->sets, SIGNAL_ACCOUNT) ||
		    (best.n > 0 && hit->to > from))
			continue;
		token = labelled_token(text, hit->to);
		if (token.n > 0 && token.p != text.p + from)
			best = token;
	}
	for (size_t i = 0; i < e->found.count && best.n == 0; i++) {
		const struct candidate *c = &e->found.list[i];

		if (c->detector == e->email && c->from >= low &&
		    c->to <= high && (c->to <= from || c->from >= to))
			best = bytes_slice(text, c->from, c->to);
	}
	return best;
}

static struct word_list articles = {
    .words = "the your my our their his her this das dein deinen dem den der "
	     "die ihr ihren mein meinen unser unseren le la les l votre mon "
	     "ma notre el los las tu su mi il lo sua suo o a os as seu sua "
	     "het de uw je onze new current old temporary temp default same"};

/* Where the word that ends at `end` begins. */
static size_t
word_before(struct bytes text, size_t end)
{
	size_t from = end;

	while (from > 0 && !is_space(text.p[from - 1]) &&
	       strchr(",:;.!?()\"'", text.p[from - 1]) == NULL)
		from--;
	return from;
}

static bool
says_system(const struct engine *e, size_t from, size_t to, bool brand)
{
	for (size_t h = hits_after(e->hits, from);
	     h < e->hits->count && e->hits->list[h].to <= to; h++)
		if (e->hits->list[h].from >= from &&
		    (sets_has(&e->hits->list[h].sets, SIGNAL_SYSTEM) ||
			(!brand && sets_has(&e->hits->list[h].sets,
				       SIGNAL_SYSTEM_LABEL))))
			return true;
	return false;
}

/* "the Citrix password", "VPN password", "payroll portal password". */
static struct bytes
system_before(
    const struct engine *e, struct bytes text, size_t at, bool any)
{
	size_t end = at, from, first, prior;
	bool known, told;

	while (end > 0 && text.p[end - 1] == ' ')
		end--;
	from = word_before(text, end);
	if (end == at || end - from < 2 || end - from > SYSTEM_MOST ||
	    is_listed_word(bytes_slice(text, from, end), &articles))
		return BYTES_NONE;
	known = says_system(e, from, end, true);
	first = from;
	prior = from;
	while (prior > 0 && text.p[prior - 1] == ' ')
		prior--;
	prior = prior < from ? word_before(text, prior) : from;
	told = prior < from && is_listed_word(bytes_slice(text, prior,
						  from - 1), &articles);
	if (!known && says_system(e, from, end, false)) {
		/* "portal" alone says little: the word before says which */
		if (!told && prior < from)
			first = prior;
		known = true;
	}
	if (!known && !any && !(told && is_upper(text.p[from])))
		return BYTES_NONE;
	return bytes_slice(text, first, end);
}

/* Without "for the user", "of" and the like at its end. */
static struct bytes
trim_joints(struct bytes text)
{
	static struct word_list joints = {
	    .words = "for of to on at in the user account login and with f\xc3"
		     "\xbcr des der den dem vom von pour de du le la l para el "
		     "del per il dello della do da o a voor van het"};

	for (;;) {
		size_t from;

		text = bytes_trim(text);
		from = word_before(text, text.n);
		if (from == text.n ||
		    !is_listed_word(bytes_slice(text, from, text.n), &joints))
			return text;
		text = bytes_slice(text, 0, from);
	}
}

/* Without "on", "at", "in" at its beginning; BYTES_NONE without one. */
static struct bytes
after_place(struct bytes text)
{
	static struct word_list places = {
	    .words = "on at in for to auf im am zum f\xc3\xbcr sur dans pour en "
		     "para su per em no na op bij"};
	struct bytes word;

	text = bytes_trim(text);
	word = bytes_slice(text, 0, bytes_find_byte(text, ' '));
	if (word.n == text.n || !is_listed_word(word, &places))
		return BYTES_NONE;
	text = bytes_trim(bytes_skip(text, word.n));
	word = bytes_slice(text, 0, bytes_find_byte(text, ' '));
	if (word.n < text.n && is_listed_word(word, &articles))
		text = bytes_trim(bytes_skip(text, word.n));
	return text;
}

/* "the portal for the user jgarcia": the account that a label names. */
static bool
purpose_labelled(struct engine *e, struct bytes text, struct bytes purpose,
    struct login *login)
{
	size_t from = (size_t)(purpose.p - text.p), to = from + purpose.n;

	for (size_t h = hits_after(e->hits, from);
	     h < e->hits->count && e->hits->list[h].to < to; h++) {
		const struct word_hit *hit = &e->hits->list[h];
		size_t at = hit->to, end;

		if (hit->from < from || !sets_has(&hit->sets, SIGNAL_ACCOUNT))
			continue;
		while (at < to && (text.p[at] == ' ' || text.p[at] == '"' ||
				      text.p[at] == '\''))
			at++;
		end = at;
		while (end < to && !is_space(text.p[end]) &&
		       text.p[end] != '"' && text.p[end] != ',')
			end++;
		if (end == at || is_listed_word(bytes_slice(text, at, end),
				     &articles))
			continue;
		login->account = bytes_slice(text, at, end);
		login->system =
		    trim_joints(bytes_slice(text, from, hit->from));
		if (login->system.n == 0)
			login->system =
			    after_place(bytes_slice(text, end, to));
		return true;
	}
	return false;
}

/* A word by itself after "for": an account, unless it names a system. */
static bool
is_account_word(const struct engine *e, struct bytes text, struct bytes word)
{
	size_t at = (size_t)(word.p - text.p), before = at;

	if (bytes_find_byte(word, ' ') != SIZE_MAX ||
	    says_system(e, at, at + word.n, false))
		return false;
	if (looks_account(word))
		return true;
	while (before > 0 && text.p[before - 1] == ' ')
		before--;
	if (is_listed_word(bytes_slice(text, word_before(text, before), before),
		&articles))
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (!(word.p[i] >= 'a' && word.p[i] <= 'z'))
			return false;
	return word.n >= 3;
}

static void
read_purpose(struct engine *e, struct bytes text, struct bytes purpose,
    struct login *login)
{
	struct bytes first = bytes_slice(purpose, 0,
			 bytes_find_byte(purpose, ' '));
	struct bytes place;

	if (purpose.n == 0 || purpose_labelled(e, text, purpose, login))
		return;
	place = after_place(bytes_skip(purpose, first.n));
	if (is_account_word(e, text, first) &&
	    (first.n == purpose.n || place.n > 0)) {
		login->account = first;
		login->system = place;
	} else if (!name_is_whole(e, purpose) &&
		   !rules_is_given_name(e->rules,
		       fold_plain(e->arena, purpose)))
		login->system = purpose;
}

/* "Server: db1.example.org" */
static struct bytes
system_labelled(const struct engine *e, struct bytes text, size_t low,
    size_t high, size_t at)
{
	struct bytes best = BYTES_NONE;

	for (size_t h = hits_after(e->hits, low);
	     h < e->hits->count && e->hits->list[h].to <= high; h++) {
		const struct word_hit *hit = &e->hits->list[h];
		size_t from = hit->to, to;

		if (!sets_has(&hit->sets, SIGNAL_SYSTEM_LABEL) ||
		    sets_has(&hit->sets, SIGNAL_ACCOUNT) || hit->from < low ||
		    (best.n > 0 && from > at) ||
		    from >= text.n ||
		    (text.p[from] != ':' && text.p[from] != '='))
			continue;
		from = blanks_end(text, from + 1);
		to = from;
		while (to < text.n && to - from < SYSTEM_MOST &&
		       strchr("\n,;\t|", text.p[to]) == NULL)
			to++;
		for (size_t k = hits_after(e->hits, from);
		     k < e->hits->count && e->hits->list[k].from < to; k++)
			if (sets_has(&e->hits->list[k].sets, SIGNAL_ACCOUNT) ||
			    sets_has(&e->hits->list[k].sets, SIGNAL_PASSWORD))
				to = e->hits->list[k].from > from
					 ? e->hits->list[k].from
					 : from;
		if (bytes_starts_nocase(bytes_skip(text, from),
			BYTES_LIT("http")))
			continue; /* host_before cuts it better */
		if (bytes_trim(bytes_slice(text, from, to)).n > 1)
			best = bytes_trim(bytes_slice(text, from, to));
	}
	return best;
}

/* Names of products are words too: "they exchange", "our teams". */
static struct word_list systems_in_lower_case = {
    .words = "vpn wifi wi-fi wlan sftp ftp ssh webmail rdp"};

/* "Your Salesforce login is jdoe, the password is ...": the last one named. */
static struct bytes
system_named(const struct engine *e, struct bytes text, size_t low, size_t high,
    size_t at)
{
	struct bytes best = BYTES_NONE;

	for (size_t h = hits_after(e->hits, low);
	     h < e->hits->count && e->hits->list[h].to <= high; h++) {
		const struct word_hit *hit = &e->hits->list[h];

		struct bytes name = bytes_slice(text, hit->from, hit->to);

		if (hit->from >= low && (best.n == 0 || hit->to <= at) &&
		    sets_has(&hit->sets, SIGNAL_SYSTEM) &&
		    (is_upper(name.p[0]) ||
			is_listed_word(name, &systems_in_lower_case)))
			best = name;
	}
	return best;
}

/* "the test system is up: https://hr.example.gov": the last host named. */
static struct bytes
host_before(struct bytes text, size_t start, size_t at)
{
	struct bytes found = BYTES_NONE;

	for (size_t i = start; i + 3 < at;) {
		struct bytes rest = bytes_slice(text, i, at);
		size_t sign = bytes_find(rest, BYTES_LIT("://"));
		size_t end;

		if (sign == SIZE_MAX)
			break;
		i += sign + 3;
		end = i;
		while (
		    end < at && (is_alnum(text.p[end]) || text.p[end] == '.' ||
				    text.p[end] == '-'))
			end++;
		while (end > i && text.p[end - 1] == '.')
			end--;
		if (end > i)
			found = bytes_slice(text, i, end);
	}
	return found;
}

/* No system: a piece of the account, as in "user: guest-west". */
static bool
is_of_account(const struct login *login)
{
	return login->system.n > 0 && login->account.n > 0 &&
	       login->system.p >= login->account.p &&
	       login->system.p < login->account.p + login->account.n;
}

struct login
login_near(struct engine *e, struct bytes text, struct span secret, size_t word,
    struct bytes purpose, bool key)
{
	struct login login = {BYTES_NONE, BYTES_NONE};
	size_t start, end;
	struct bytes paragraph = paragraph_around(text, secret.from, &start);

	end = start + paragraph.n;
	read_purpose(e, text, purpose, &login);
	if (login.account.n == 0)
		login.account = account_near(e, text, secret.from, secret.to);
	if (login.system.n == 0)
		login.system = system_before(e, text, word, key);
	if (is_of_account(&login))
		login.system = BYTES_NONE;
	if (login.system.n == 0)
		login.system =
		    system_labelled(e, text, start, end, secret.from);
	if (login.system.n == 0)
		login.system = host_before(text, start, secret.from);
	if (login.system.n == 0)
		login.system = system_named(e, text, start, end, secret.from);
	if (is_of_account(&login))
		login.system = BYTES_NONE;
	return login;
}
