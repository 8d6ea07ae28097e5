#include "forensics/exposure/words.h"

#include <hs.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>

#include "parsers/base/die.h"
#include "parsers/base/text.h"

enum { BRIEF_LETTERS = 4, LABEL_MOST = 120, FRAGMENT_LEAST = 4 };

struct words_scanner {
	const struct rules *rules;
	hs_scratch_t *scratch;
	struct bytes text;
	const struct fragments *fragments;
	struct word_hits hits;
	bool label; /* every word counts, whatever its case */
	bool sorted;
};

static bool
is_alnum(uint8_t c)
{
	return (c >= '0' && c <= '9') ||
	       (byte_lower(c) >= 'a' && byte_lower(c) <= 'z');
}

/* Letters, scripts that put no spaces between words apart. */
static bool
is_cjk(uint8_t first)
{
	return first >= 0xe3 && first <= 0xef;
}

static size_t
letters_in(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += (text.p[i] & 0xc0) != 0x80;
	return n;
}

static bool
is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!is_alnum(text.p[i]) && text.p[i] < 0x80)
			return false;
	return true;
}

static struct word *
new_word(struct rules *rules)
{
	if (rules->word_count == rules->word_room) {
		struct word *more;

		rules->word_room = rules->word_room * 2 + 1024;
		more =
		    arena_array(&rules->arena, rules->word_room, sizeof *more);
		if (rules->word_count > 0)
			memcpy(more, rules->words,
			    rules->word_count * sizeof *more);
		rules->words = more;
	}
	return &rules->words[rules->word_count++];
}

static struct word *
add_one(struct rules *rules, struct bytes text, unsigned set)
{
	struct word *word;
	uint8_t last = text.p[text.n - 1];
	/* Signals are read in place; keywords and negative words must be
	 * unmistakable (contract 7, Keyword). */
	bool brief = set <= SIGNAL_NEGATIVE && is_plain(text) &&
		     letters_in(text) <= BRIEF_LETTERS && !is_cjk(text.p[0]);

	for (size_t i = 0; i < rules->word_count; i++)
		if (bytes_eq(rules->words[i].text, text) &&
		    rules->words[i].brief == brief && !rules->words[i].exact) {
			sets_add(&rules->words[i].sets, set);
			return &rules->words[i];
		}
	word = new_word(rules);
	*word = (struct word){.text = text};
	sets_add(&word->sets, set);
	word->brief = brief;
	word->open_start = is_cjk(text.p[0]);
	word->open_end = is_cjk(text.p[0]) || (last < 0x80 && !is_alnum(last));
	return word;
}

struct word *
keyword_add_exact(struct rules *rules, struct bytes text, unsigned set)
{
	struct word *word = new_word(rules);

	*word = (struct word){
	    .text = text, .exact = true, .open_start = true, .open_end = true};
	sets_add(&word->sets, set);
	return word;
}

struct word *
keyword_add(struct rules *rules, struct bytes text, unsigned set)
{
	struct bytes bare = text_fold_name(&rules->arena, text);

	/* People leave accents out: "securite sociale". */
	if (!bytes_eq(bare, text) && bare.n > 0 && text_is_utf8(bare) &&
	    bare.n >= text.n / 2)
		add_one(rules, bare, set);
	return add_one(rules, text, set);
}

static bool
is_ascii_text(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= 0x80)
			return false;
	return true;
}

/* The longest plain run of the word: what hyperscan looks for. */
static struct bytes
fragment_of(const struct word *word)
{
	struct bytes best = BYTES_NONE;
	size_t from = 0;

	if (word->exact)
		return word->text;
	for (size_t i = 0; i <= word->text.n; i++) {
		if (i < word->text.n && is_alnum(word->text.p[i]))
			continue;
		if (i - from > best.n)
			best = bytes_slice(word->text, from, i);
		from = i + 1;
	}
	/* "d.o.b", "w-7": a letter or two would be found everywhere, so these
	 * are looked for as they stand. */
	return best.n >= FRAGMENT_LEAST ? best : word->text;
}

static int
compare_fragments(const void *a, const void *b)
{
	const struct fragment *x = a, *y = b;
	int order = bytes_compare(x->text, y->text);

	if (order == 0)
		order = (int)x->exact - (int)y->exact;
	return order ? order : x->word < y->word ? -1 : x->word > y->word;
}

static bool
same_literal(const struct fragment *a, const struct fragment *b)
{
	return a->exact == b->exact && bytes_eq(a->text, b->text);
}

static void
add_fragment(struct fragments *all, size_t word, struct bytes text, size_t end,
    bool exact, bool whole)
{
	all->list[all->count++] = (struct fragment){
	    text, (uint16_t)word, (uint16_t)end, exact, whole};
}

/* In capitals, or before ':', '#', '=', "no": as literals of their own they
 * are rare, "sin" and "tel" inside other words are not. */
static void
add_brief(struct rules *rules, struct fragments *all, size_t i)
{
	static const char *const tails[] = {
	    ":", "#", "=", " :", " #", " =", " no", "no", ".:", ".#", ". no"};
	struct bytes text = rules->words[i].text;
	uint8_t *upper = arena_raw(&rules->arena, text.n);

	for (size_t k = 0; k < text.n; k++)
		upper[k] =
		    text.p[k] >= 'a' ? (uint8_t)(text.p[k] - 32) : text.p[k];
	add_fragment(all, i, bytes_of(upper, text.n), text.n, true, true);
	for (size_t k = 0; k < sizeof tails / sizeof tails[0]; k++) {
		struct bytes whole = arena_printf(&rules->arena, "%.*s%s",
		    (int)text.n, (const char *)text.p, tails[k]);

		add_fragment(all, i, whole, whole.n, false, true);
	}
}

static void
list_fragments(struct rules *rules, struct fragments *all, bool running)
{
	all->list = arena_array(
	    &rules->arena, rules->word_count * 12 + 1, sizeof *all->list);
	for (size_t i = 0; i < rules->word_count; i++) {
		const struct word *word = &rules->words[i];
		struct bytes text = fragment_of(word);
		size_t end = (size_t)(text.p + text.n - word->text.p);

		if (word->brief && running && is_ascii_text(word->text))
			add_brief(rules, all, i);
		else
			add_fragment(all, i, text, end, word->exact,
			    text.n == word->text.n);
	}
	qsort(all->list, all->count, sizeof *all->list, compare_fragments);
}

/* Literals alone: a database of regular expressions takes half a second to
 * compile, this one some milliseconds. */
static void
compile(struct rules *rules, struct fragments *all, bool running)
{
	const char **texts;
	unsigned *flags, *ids;
	size_t *lengths, n = 0;
	hs_compile_error_t *error = NULL;

	if (hs_valid_platform() != HS_SUCCESS)
		die_machine("the scanner needs a processor with SSSE3");
	list_fragments(rules, all, running);
	texts = calloc(all->count, sizeof *texts);
	flags = calloc(all->count, sizeof *flags);
	ids = calloc(all->count, sizeof *ids);
	lengths = calloc(all->count, sizeof *lengths);
	if (!texts || !flags || !ids || !lengths)
		die_machine("out of memory");
	for (size_t i = 0; i < all->count; i++) {
		const struct fragment *f = &all->list[i];

		if (i > 0 && same_literal(f - 1, f))
			continue;
		texts[n] = (const char *)f->text.p;
		lengths[n] = f->text.n;
		flags[n] = f->exact ? 0 : HS_FLAG_CASELESS;
		ids[n++] = (unsigned)i;
	}
	if (hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)n,
		HS_MODE_BLOCK, NULL, &all->database, &error) != HS_SUCCESS)
		die_machine("the words of the rule tables cannot be compiled: "
			    "%s",
		    error->message);
	free(texts);
	free(flags);
	free(ids);
	free(lengths);
}

void
keywords_compile(struct rules *rules)
{
	compile(rules, &rules->running, true);
	compile(rules, &rules->labels, false);
}

struct words_scanner *
words_scanner_new(const struct rules *rules)
{
	struct words_scanner *s = calloc(1, sizeof *s);

	if (s == NULL)
		die_machine("out of memory");
	s->rules = rules;
	if (hs_alloc_scratch(rules->running.database, &s->scratch) !=
		HS_SUCCESS ||
	    hs_alloc_scratch(rules->labels.database, &s->scratch) != HS_SUCCESS)
		die_machine("hyperscan cannot get its memory");
	return s;
}

void
words_scanner_free(struct words_scanner *s)
{
	if (s == NULL)
		return;
	hs_free_scratch(s->scratch);
	free(s->hits.list);
	free(s);
}

static bool
is_letter_before(struct bytes text, size_t at)
{
	uint32_t code;
	struct bytes one;

	if (at == 0)
		return false;
	if (text.p[at - 1] < 0x80)
		return is_alnum(text.p[at - 1]);
	one = bytes_slice(text, 0, at);
	while (one.n > 1 && (one.p[one.n - 1] & 0xc0) == 0x80)
		one.n--;
	one = bytes_slice(text, one.n - 1, at);
	return text_next(&one, &code) && uc_is_alnum(code);
}

static bool
is_letter_at(struct bytes text, size_t at)
{
	struct bytes one = bytes_slice(text, at, at + 4);
	uint32_t code;

	if (at >= text.n)
		return false;
	if (text.p[at] < 0x80)
		return is_alnum(text.p[at]);
	return text_next(&one, &code) && uc_is_alnum(code);
}

static bool
is_capitals(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] >= 'a' && text.p[i] <= 'z')
			return false;
	return true;
}

/* Directly before ':', '#', '=', "no". */
static bool
is_label(struct bytes text, size_t at)
{
	if (at < text.n && text.p[at] == '.')
		at++;
	if (at < text.n && text.p[at] == ' ')
		at++;
	if (at >= text.n)
		return false;
	if (text.p[at] == ':' || text.p[at] == '#' || text.p[at] == '=')
		return true;
	return at + 2 <= text.n && byte_lower(text.p[at]) == 'n' &&
	       byte_lower(text.p[at + 1]) == 'o' && !is_letter_at(text, at + 2);
}

static int
compare_hits(const void *a, const void *b)
{
	const struct word_hit *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* Does the whole word stand at `at`?  Its spaces may be a line break, a
 * dash or an underscore; letters in any case.  Where it ends, else 0. */
static size_t
word_end(const struct word *word, struct bytes text, size_t at)
{
	struct bytes want = word->text, have = bytes_skip(text, at);
	uint32_t a, b;

	while (want.n > 0) {
		if (have.n > 0 && want.p[0] == byte_lower(have.p[0])) {
			want = bytes_skip(want, 1);
			have = bytes_skip(have, 1);
			continue;
		}
		if (!text_next(&want, &a) || !text_next(&have, &b))
			return 0;
		if (a == b)
			continue;
		if (a == ' ' ? !(b == '\n' || b == '-' || b == '_' || b == '\t')
			     : uc_tolower(b) != a)
			return 0;
	}
	return text.n - have.n;
}

static void
take_hit(
    struct words_scanner *s, const struct word *word, size_t begin, size_t end)
{
	struct word_hit *hit;

	if (!word->open_start && is_letter_before(s->text, begin))
		return;
	if (!word->open_end && is_letter_at(s->text, end))
		return;
	if (word->brief && !s->label &&
	    !is_capitals(bytes_slice(s->text, begin, end)) &&
	    !is_label(s->text, end))
		return;
	if (s->hits.count == s->hits.room) {
		s->hits.room = s->hits.room * 2 + 256;
		s->hits.list = reallocarray(
		    s->hits.list, s->hits.room, sizeof *s->hits.list);
		if (s->hits.list == NULL)
			die_machine("out of memory");
	}
	hit = &s->hits.list[s->hits.count++];
	*hit = (struct word_hit){begin, end, word, word->sets};
	if (s->hits.count > 1 && compare_hits(&hit[-1], hit) > 0)
		s->sorted = false;
}

static int
fragment_hit(unsigned id, unsigned long long from, unsigned long long to,
    unsigned flags, void *context)
{
	struct words_scanner *s = context;
	const struct fragments *all = s->fragments;
	const struct fragment *first = &all->list[id];
	const struct fragment *last = all->list + all->count;

	(void)from, (void)flags;
	for (const struct fragment *f = first;
	     f < last && (f == first || same_literal(first, f)); f++) {
		const struct word *word = &s->rules->words[f->word];
		size_t begin = (size_t)to - f->end, end;

		if ((size_t)to < f->end || (!word->open_start && begin > 0 &&
					       is_alnum(s->text.p[begin - 1])))
			continue;
		end = f->whole ? begin + word->text.n
			       : word_end(word, s->text, begin);
		if (end != 0)
			take_hit(s, word, begin, end);
	}
	return 0;
}

static bool
has_keyword(const struct sets *sets)
{
	return (sets->word[0] |
		   (sets->word[1] &
		       ((UINT64_C(1) << (DETECTORS_MOST - 64)) - 1))) != 0;
}

static void
overrule_one(const struct word_hit *longer, struct word_hit *hit)
{
	if (hit->from < longer->from ||
	    hit->to - hit->from == longer->to - longer->from)
		return;
	hit->sets.word[0] = 0;
	hit->sets.word[1] &= ~UINT64_C(0) << (SIGNAL_NEGATIVE - 64 + 1);
}

/* "social insurance number" is no "insurance number": a keyword inside a
 * longer one says nothing, nor does a negative word.  Hits are by end. */
static void
overrule(struct word_hits *hits)
{
	for (size_t i = hits->count; i-- > 0;) {
		const struct word_hit *longer = &hits->list[i];

		if (!has_keyword(&longer->sets))
			continue;
		for (size_t k = i; k-- > 0 && hits->list[k].to > longer->from;)
			overrule_one(longer, &hits->list[k]);
		for (size_t k = i + 1;
		     k < hits->count && hits->list[k].to == longer->to; k++)
			overrule_one(longer, &hits->list[k]);
	}
}

static void
find(struct words_scanner *s, const struct fragments *fragments,
    struct bytes text)
{
	s->text = text;
	s->fragments = fragments;
	s->hits.count = 0;
	s->hits.seen = (struct sets){{0}};
	s->sorted = true;
	BUG_ON(text.n > UINT32_MAX);
	if (text.n > 0)
		hs_scan(fragments->database, (const char *)text.p,
		    (unsigned)text.n, 0, s->scratch, fragment_hit, s);
	if (!s->sorted)
		qsort(s->hits.list, s->hits.count, sizeof *s->hits.list,
		    compare_hits);
	overrule(&s->hits);
	s->hits.seen = (struct sets){{0}};
	for (size_t i = 0; i < s->hits.count; i++)
		sets_join(&s->hits.seen, &s->hits.list[i].sets);
}

const struct word_hits *
words_find(struct words_scanner *s, struct bytes text)
{
	s->label = false;
	find(s, &s->rules->running, text);
	return &s->hits;
}

/* "dateOfBirth", "SSN_NUMBER", "Last.Name" as words with spaces. */
static struct bytes
split_label(struct arena *arena, struct bytes label)
{
	uint8_t *out = arena_raw(arena, label.n * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < label.n; i++) {
		uint8_t c = label.p[i];
		bool upper = c >= 'A' && c <= 'Z';
		bool after_lower =
		    i > 0 && label.p[i - 1] >= 'a' && label.p[i - 1] <= 'z';

		if (upper && after_lower)
			out[n++] = ' ';
		out[n++] = c == '_' || c == '\n' || c == '\t' ? ' ' : c;
	}
	return bytes_of(out, n);
}

/* Without "(required)", ':' and '*' at the end. */
static struct bytes
bare_label(struct bytes label)
{
	size_t open = bytes_find_byte(label, '(');

	if (open != SIZE_MAX && open > 0)
		label = bytes_slice(label, 0, open);
	label = bytes_trim(label);
	while (label.n > 0 && strchr(":*?.#", label.p[label.n - 1]) != NULL)
		label.n--;
	return bytes_trim(label);
}

struct label_sets
words_of_label(struct words_scanner *s, struct arena *arena, struct bytes label)
{
	struct label_sets sets = {{{0}}, {{0}}};
	struct bytes text;

	if (label.n == 0 || label.n > LABEL_MOST)
		return sets;
	s->label = true;
	text = split_label(arena, label);
	find(s, &s->rules->labels, text);
	sets.any = s->hits.seen;
	text = bare_label(text);
	find(s, &s->rules->labels, text);
	for (size_t i = 0; i < s->hits.count; i++)
		if (s->hits.list[i].from == 0 && s->hits.list[i].to == text.n)
			sets_join(&sets.whole, &s->hits.list[i].sets);
	return sets;
}
