/*
 * Passwords in prose: a word for one, what it is for, a separator or "is",
 * and the secret.  "VPN password for jdoe: Hunter22!".
 */
#include "forensics/exposure/secrets.h"
#include "parsers/base/text.h"

enum {
	SECRET_LEAST = 6,
	SECRET_MOST = 64,
	PIN_LEAST = 4,
	PIN_MOST = 12,
	FOR_MOST = 60,
	KEY_LEAST = 16,
	PASSWORD_WORD = 5,
	BEFORE = 300,
	AFTER = 60
};

static bool
starts_word(struct bytes text, const char *word)
{
	struct bytes w = bytes_cstr(word);

	return bytes_starts_nocase(text, w) &&
	       (text.n == w.n ||
		   !(is_alpha(text.p[w.n]) || text.p[w.n] >= 0x80));
}

size_t
blanks_end(struct bytes text, size_t at)
{
	while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t'))
		at++;
	return at;
}

/* "is", "ist", "lautet", "est" ... */
static size_t
verb_length(struct bytes text)
{
	static const char *const verbs[] = {"is now", "is still", "is set to",
	    "has been reset to", "has been changed to", "was changed to",
	    "was reset to", "reset to", "changed to", "set to", "will be", "is",
	    "was", "remains", "ist jetzt", "ist", "lautet", "est", "es",
	    "\xc3\xa8", "\xc3\xa9", "\xc3\xa8 ora", "sera", "bleibt", "luidt"};
	size_t best = 0;

	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (starts_word(text, verbs[i]) && strlen(verbs[i]) > best)
			best = strlen(verbs[i]);
	return best;
}

struct phrase {
	size_t secret;	     /* where it begins */
	struct bytes purpose; /* "for X" */
	struct bytes account; /* "username/password: jdoe/..." */
	bool sure;	      /* ':' or '=' stands before it */
};

static bool
is_for(struct bytes text, size_t *length)
{
	static const char *const words[] = {"for the", "for your", "for our",
	    "for", "to the", "to your", "to our", "to", "of the", "of",
	    "on the", "on", "f\xc3\xbcr den", "f\xc3\xbcr das",
	    "f\xc3\xbcr die", "f\xc3\xbcr", "zum", "zur", "pour le", "pour la",
	    "pour", "du", "de la", "de l", "para el", "para la", "para o",
	    "para a", "para", "del", "de", "per il", "per la", "per", "della",
	    "do", "da", "voor de", "voor het", "voor", "van"};
	size_t best = 0;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (starts_word(text, words[i]) && strlen(words[i]) > best)
			best = strlen(words[i]);
	*length = best;
	return best > 0;
}

/* From the end of the word to where the secret begins. */
static bool
read_phrase(struct bytes text, size_t at, struct phrase *phrase)
{
	size_t from, length, limit;
	struct bytes rest;

	*phrase = (struct phrase){.purpose = BYTES_NONE};
	if (at < text.n &&
	    (text.p[at] == '"' || text.p[at] == '*' || text.p[at] == '\''))
		at++;
	at = blanks_end(text, at);
	rest = bytes_skip(text, at);
	if (rest.n > 0 && rest.p[0] == '(') {
		size_t close = bytes_find_byte(rest, ')');

		if (close == SIZE_MAX || close > FOR_MOST)
			return false;
		at = blanks_end(text, at + close + 1);
		rest = bytes_skip(text, at);
	}
	if (is_for(rest, &length)) {
		from = at = blanks_end(text, at + length);
		limit = at + FOR_MOST;
		while (at < text.n && at < limit && text.p[at] != ':' &&
		       text.p[at] != '=' && text.p[at] != '\n' &&
		       !(text.p[at] == ' ' &&
			   verb_length(bytes_skip(text, at + 1)) > 0))
			at++;
		if (at >= text.n || at == limit || text.p[at] == '\n')
			return false;
		phrase->purpose = bytes_trim(bytes_slice(text, from, at));
		at = blanks_end(text, at);
		rest = bytes_skip(text, at);
	}
	length = verb_length(rest);
	if (length > 0) {
		at = blanks_end(text, at + length);
		rest = bytes_skip(text, at);
	}
	if (rest.n > 0 && (rest.p[0] == ':' || rest.p[0] == '=')) {
		phrase->sure = true;
		at++;
	} else if (rest.n > 1 && rest.p[0] == '-' && rest.p[1] == ' ') {
		at++;
	} else if (length == 0)
		return false;
	at = blanks_end(text, at);
	/* The secret may stand alone on the next line. */
	if (at < text.n && text.p[at] == '\n' && phrase->sure)
		at = blanks_end(text, at + 1);
	phrase->secret = at;
	return at < text.n && text.p[at] != '\n';
}

/* The token, without quotes around it and a full stop after it. */
struct span
secret_token(struct bytes text, size_t at)
{
	struct span s = {at, at};
	uint8_t open = text.p[at], close = 0;

	if (open == '"' || open == '\'' || open == '`' || open == '<' ||
	    open == '*')
		close = open == '<' ? '>' : open;
	if (bytes_starts(bytes_skip(text, at), BYTES_LIT("\xe2\x80\x9c")) ||
	    bytes_starts(bytes_skip(text, at), BYTES_LIT("\xe2\x80\x9e"))) {
		s.from = at + 3;
		close = 0xe2;
	} else if (close != 0)
		s.from = at + 1;
	s.to = s.from;
	while (s.to < text.n && !is_space(text.p[s.to]) &&
	       s.to - s.from <= SECRET_MOST + 2 &&
	       !(close != 0 && text.p[s.to] == close))
		s.to++;
	if (close != 0)
		return s;
	while (
	    s.to > s.from + 1 && strchr(".,;)>\"'", text.p[s.to - 1]) != NULL)
		s.to--;
	return s;
}

static bool
is_placeholder(struct bytes token)
{
	static const char *const inside[] = {"xxxx", "****", "....",
	    "http:", "https:", "{{", "${", "your", "redacted", "example",
	    "placeholder", "://", "____", "----", "#####", "\xe2\x80\xa2", "@"};
	static const char *const whole[] = {"required", "expired", "expires",
	    "reset", "incorrect", "invalid", "secret", "password", "protected",
	    "please", "changed", "hidden", "unknown", "correct", "needed",
	    "change", "none", "please.", "strong", "username", "enter",
	    "forgot", "forgotten", "optional"};

	for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++)
		if (bytes_find_nocase(token, bytes_cstr(inside[i])) !=
			SIZE_MAX &&
		    !(inside[i][0] == '@' && token.p[0] != '@' &&
			bytes_find_byte(
			    bytes_skip(token, bytes_find_byte(token, '@')),
			    '.') == SIZE_MAX))
			return true;
	for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
		if (bytes_eq_nocase(token, bytes_cstr(whole[i])))
			return true;
	return token.p[0] == '<' || token.p[0] == '[';
}

/* No word of a sentence: a digit, a sign, or capitals inside. */
static bool
looks_secret(struct bytes token)
{
	bool digit = false, sign = false, upper = false, lower = false;

	for (size_t i = 0; i < token.n; i++) {
		uint8_t c = token.p[i];

		digit |= is_digit(c);
		sign |= !is_alnum(c) && c < 0x80 && c != '-' && c != '\'' &&
			!(c == '.' && i + 1 == token.n);
		upper |= is_upper(c) && i > 0;
		lower |= c >= 'a' && c <= 'z';
	}
	return digit || sign || (upper && lower);
}

static bool
is_last_on_line(struct bytes text, size_t at)
{
	while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t' ||
				  text.p[at] == '.' || text.p[at] == '"'))
		at++;
	return at >= text.n || text.p[at] == '\n';
}

static bool
has_signal(const struct engine *e, size_t from, size_t to, unsigned signal)
{
	for (size_t h = hits_after(e->hits, from);
	     h < e->hits->count && e->hits->list[h].from < to; h++)
		if (sets_has(&e->hits->list[h].sets, signal))
			return true;
	return false;
}

static void
add_password(struct engine *e, struct block *block, struct span s, size_t word,
    const struct phrase *phrase)
{
	struct bytes paragraph;
	struct login login;
	size_t start;
	struct candidate *c;
	bool archive;

	login = login_near(e, block->text, s, word, phrase->purpose, false);
	if (phrase->account.n > 0)
		login.account = phrase->account;
	paragraph = paragraph_around(block->text, s.from, &start);
	archive = has_signal(e, start, start + paragraph.n, SIGNAL_ARCHIVE);
	c = candidate_add(e, NULL, s.from, s.to);
	c->kind = archive && login.account.n == 0
		      ? BYTES_LIT("archive_password")
		      : BYTES_LIT("password");
	c->level = login.account.n > 0 ? LEVEL_HIGH : LEVEL_MEDIUM;
	c->element =
	    login.account.n > 0 ? BYTES_LIT("CRED") : BYTES_LIT("");
	c->account = login.account;
	c->system = login.system;
	c->class = BYTES_LIT("password");
	c->generic = true;
}

/* "username/password: jdoe/Hunter22!": the word before is of an account, so
 * the first of two is one. */
static void
split_pair(struct engine *e, struct bytes text, const struct word_hit *hit,
    struct phrase *phrase)
{
	size_t end = hit->from, at = phrase->secret, next;

	while (end > 0 && (text.p[end - 1] == ' ' || text.p[end - 1] == '/'))
		end--;
	if (bytes_find_byte(bytes_slice(text, end, hit->from), '/') == SIZE_MAX)
		return;
	for (size_t h = hits_after(e->hits, end - 1);
	     h < e->hits->count && e->hits->list[h].to == end; h++) {
		if (!sets_has(&e->hits->list[h].sets, SIGNAL_ACCOUNT))
			continue;
		while (at < text.n && !is_space(text.p[at]) &&
		       strchr("/:,", text.p[at]) == NULL)
			at++;
		next = blanks_end(text, at);
		if (next >= text.n || strchr("/:,", text.p[next]) == NULL)
			return;
		phrase->account = bytes_slice(text, phrase->secret, at);
		phrase->secret = blanks_end(text, next + 1);
		return;
	}
}

static void
try_password(struct engine *e, struct block *block, const struct word_hit *hit)
{
	struct bytes text = block->text, token;
	struct phrase phrase;
	struct span s;

	if (!read_phrase(text, hit->to, &phrase))
		return;
	split_pair(e, text, hit, &phrase);
	if (phrase.secret >= text.n || text.p[phrase.secret] == '\n')
		return;
	/* "pass" and "pw" are other words too. */
	if (!phrase.sure && hit->to - hit->from < PASSWORD_WORD)
		return;
	s = secret_token(text, phrase.secret);
	token = bytes_slice(text, s.from, s.to);
	if (token.n < SECRET_LEAST || token.n > SECRET_MOST ||
	    is_placeholder(token))
		return;
	if (!looks_secret(token) &&
	    !(phrase.sure && is_last_on_line(text, s.to)))
		return;
	add_password(e, block, s, hit->from, &phrase);
}

/* An AWS id that has its secret is one row with it. */
static bool
is_secret_of_id(const struct engine *e, const struct span *s)
{
	for (size_t i = 0; i < e->found.count; i++) {
		const struct candidate *c = &e->found.list[i];

		if (c->account.n > 0 && s->to - s->from == 40 &&
		    bytes_eq(c->kind, BYTES_LIT("aws_access_key")) &&
		    c->from <= s->to + BEFORE && s->from <= c->to + BEFORE)
			return true;
	}
	return false;
}

/* "API key: 9f2c..." of no family that has a row of its own: long, mixed, and
 * as disordered as a key is. */
static void
try_key(struct engine *e, struct block *block, const struct word_hit *hit)
{
	struct bytes text = block->text, token;
	struct phrase phrase;
	struct span s;
	struct candidate *c;
	bool digit = false, letter = false;

	if (!read_phrase(text, hit->to, &phrase))
		return;
	s = secret_token(text, phrase.secret);
	token = bytes_slice(text, s.from, s.to);
	for (size_t i = 0; i < token.n; i++) {
		if (!is_alnum(token.p[i]) &&
		    strchr("_-./+=~", token.p[i]) == NULL)
			return;
		digit |= is_digit(token.p[i]);
		letter |= is_alpha(token.p[i]);
	}
	if (token.n < KEY_LEAST || !digit || !letter || is_placeholder(token) ||
	    text_entropy(token) < 3.3 || is_secret_of_id(e, &s))
		return;
	c = candidate_add(e, NULL, s.from, s.to);
	c->kind = BYTES_LIT("api_key");
	c->generic = true;
	c->level = LEVEL_MEDIUM;
	c->system =
	    login_near(e, text, s, hit->from, phrase.purpose, true).system;
}

static void
try_pin(struct engine *e, struct block *block, const struct word_hit *hit)
{
	struct bytes text = block->text;
	struct phrase phrase;
	size_t at, end;

	if (read_phrase(text, hit->to, &phrase))
		at = phrase.secret;
	else
		at = blanks_end(text, hit->to);
	if (at < text.n && (text.p[at] == '#' || text.p[at] == '"'))
		at = blanks_end(text, at + 1);
	end = at;
	while (end < text.n && is_digit(text.p[end]))
		end++;
	if (end - at < PIN_LEAST || end - at > PIN_MOST ||
	    (end < text.n && (is_alpha(text.p[end]) || text.p[end] >= 0x80 ||
				 text.p[end] == '-' || text.p[end] == '/')))
		return;
	/* "PIN 4821" in capitals, or with a separator. */
	if (at == hit->to + 1 && text.p[hit->from] >= 'a')
		return;
	add_password(e, block, (struct span){at, end}, hit->from, &phrase);
}

/* A column of passwords: each cell is one. */
static void
try_cells(struct engine *e, struct block *block)
{
	struct phrase none = {.purpose = BYTES_NONE};

	for (size_t i = 0; i < block->cell_count; i++) {
		const struct cell *cell = &block->cells[i];
		struct bytes token =
		    bytes_slice(block->text, cell->from, cell->to);
		struct candidate *c;

		if (!sets_has(&cell->sets, SIGNAL_PASSWORD) ||
		    token.n < SECRET_LEAST || token.n > SECRET_MOST ||
		    bytes_find_byte(token, ' ') != SIZE_MAX ||
		    is_placeholder(token))
			continue;
		add_password(e, block, (struct span){cell->from, cell->to},
		    cell->from, &none);
		c = &e->found.list[e->found.count - 1];
		c->cell = i;
		c->system = BYTES_NONE;
		for (size_t k = block->rows[cell->row].first;
		     k < block->rows[cell->row].first +
			     block->rows[cell->row].count;
		     k++)
			if (k != i &&
			    sets_has(&block->cells[k].sets, SIGNAL_ACCOUNT)) {
				c->account = bytes_slice(block->text,
				    block->cells[k].from, block->cells[k].to);
				c->element = BYTES_LIT("CRED");
				c->level = LEVEL_HIGH;
			}
	}
}

void
passwords_find(struct engine *e, struct block *block)
{
	if (block->cell_count > 0 && sets_has(&e->wanted, SIGNAL_PASSWORD))
		try_cells(e, block);
	if (!sets_has(&e->hits->seen, SIGNAL_PASSWORD) &&
	    !sets_has(&e->hits->seen, SIGNAL_PIN) &&
	    !sets_has(&e->hits->seen, SIGNAL_KEY))
		return;
	for (size_t h = 0; h < e->hits->count; h++) {
		const struct word_hit *hit = &e->hits->list[h];

		if (sets_has(&hit->sets, SIGNAL_PASSWORD))
			try_password(e, block, hit);
		if (sets_has(&hit->sets, SIGNAL_PIN))
			try_pin(e, block, hit);
		if (sets_has(&hit->sets, SIGNAL_KEY))
			try_key(e, block, hit);
	}
}
