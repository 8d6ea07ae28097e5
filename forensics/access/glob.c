/* Globs of `mailboxes.evidence` (contract 2, Paths). */
#include "forensics/access/incident.h"

/* '*' and '?' do not cross '/', '**' does.  Backtracking over one '*' and
 * one '**' at a time: no recursion, at worst pattern x path. */
static bool
matches(struct bytes pattern, struct bytes path)
{
	size_t p = 0, s = 0, star = SIZE_MAX, star_at = 0, deep = SIZE_MAX,
	       deep_at = 0;

	while (s < path.n || p < pattern.n) {
		uint8_t c = p < pattern.n ? pattern.p[p] : 0;

		if (c == '*' && p + 1 < pattern.n && pattern.p[p + 1] == '*') {
			/* a/ ** /b also matches a/b */
			deep = p;
			deep_at = s;
			star = SIZE_MAX;
			p += 2;
			if (p < pattern.n && pattern.p[p] == '/' &&
			    (s == 0 || path.p[s - 1] == '/'))
				p++;
			continue;
		}
		if (c == '*') {
			star = p++;
			star_at = s;
			continue;
		}
		if (s < path.n && p < pattern.n &&
		    ((c == '?' && path.p[s] != '/') || c == path.p[s])) {
			p++;
			s++;
			continue;
		}
		if (star != SIZE_MAX && star_at < path.n &&
		    path.p[star_at] != '/') {
			s = ++star_at;
			p = star + 1;
			continue;
		}
		if (deep == SIZE_MAX || deep_at >= path.n)
			return false;
		s = ++deep_at;
		p = deep + 2;
		star = SIZE_MAX;
		if (p < pattern.n && pattern.p[p] == '/' &&
		    path.p[s - 1] == '/')
			p++;
	}
	return true;
}

bool
glob_match(struct bytes pattern, struct bytes path, size_t *at)
{
	for (size_t i = 0; i <= path.n; i++) {
		if (i > 0 && path.p[i - 1] != '/')
			continue;
		if (matches(pattern, bytes_skip(path, i))) {
			*at = i;
			return true;
		}
	}
	return false;
}

static size_t
fixed_length(struct bytes pattern)
{
	size_t n = 0;

	while (n < pattern.n && pattern.p[n] != '*' && pattern.p[n] != '?')
		n++;
	return n;
}

/* The glob's part before its first wildcard, cut at the last '/'. */
static size_t
root_length(struct bytes pattern)
{
	size_t n = fixed_length(pattern);

	while (n > 0 && pattern.p[n - 1] != '/')
		n--;
	return n;
}

const struct mailbox_entry *
incident_mailbox_of(const struct incident *incident, struct bytes path,
    size_t *root, const struct mailbox_entry **tie)
{
	const struct mailbox_entry *best = NULL;
	size_t best_fixed = 0;

	*tie = NULL;
	for (size_t i = 0; i < incident->mailbox_count; i++) {
		const struct mailbox_entry *entry = &incident->mailboxes[i];

		for (size_t k = 0; k < entry->glob_count; k++) {
			struct bytes pattern = entry->globs[k].pattern;
			size_t fixed = fixed_length(pattern), at;

			if (!glob_match(pattern, path, &at))
				continue;
			if (best != NULL && fixed < best_fixed)
				continue;
			if (best != NULL && fixed == best_fixed) {
				if (best != entry)
					*tie = entry;
				continue;
			}
			best = entry;
			best_fixed = fixed;
			*root = at + root_length(pattern);
			*tie = NULL;
		}
	}
	return best;
}
