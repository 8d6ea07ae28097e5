/* The shape language of detectors.csv, expanded into signatures: the class
 * of each character of a value, '9' or 'A', and its separators as written. */
#include "forensics/exposure/rules.h"
#include "parsers/base/die.h"

enum { EXPANSIONS_MOST = 4096, STACK_MOST = 1024 };

struct expansion {
	struct rules *rules;
	struct bytes pattern;
	unsigned detector, made;
	bool keyed;
};

/* A state of the walk over one pattern: a stack, no recursion. */
struct partial {
	uint8_t out[SHAPE_MOST];
	size_t n, at;	   /* written; read of the pattern */
	uint8_t separator; /* chosen for ~ and _, 0 = not yet */
};

const struct shape_entry *
rules_shape(const struct rules *rules, uint64_t hash)
{
	size_t at = (size_t)hash & (rules->shape_room - 1);

	while (rules->shapes[at].hash != 0) {
		if (rules->shapes[at].hash == hash)
			return &rules->shapes[at];
		at = (at + 1) & (rules->shape_room - 1);
	}
	return NULL;
}

static void
grow(struct rules *rules)
{
	struct shape_entry *old = rules->shapes;
	size_t room = rules->shape_room;

	rules->shape_room = room ? room * 2 : 4096;
	rules->shapes = arena_array(
	    &rules->arena, rules->shape_room, sizeof *rules->shapes);
	for (size_t i = 0; i < room; i++) {
		size_t at = (size_t)old[i].hash & (rules->shape_room - 1);

		if (old[i].hash == 0)
			continue;
		while (rules->shapes[at].hash != 0)
			at = (at + 1) & (rules->shape_room - 1);
		rules->shapes[at] = old[i];
	}
}

static void
emit(struct expansion *e, const struct partial *p)
{
	struct rules *rules = e->rules;
	uint64_t hash = SHAPE_HASH_BEGIN;
	size_t at;

	if (rules->shape_count * 4 >= rules->shape_room)
		grow(rules);
	for (size_t i = 0; i < p->n; i++)
		hash = shape_hash(hash, p->out[i]);
	at = (size_t)hash & (rules->shape_room - 1);
	while (rules->shapes[at].hash != 0 && rules->shapes[at].hash != hash)
		at = (at + 1) & (rules->shape_room - 1);
	rules->shape_count += rules->shapes[at].hash == 0;
	rules->shapes[at].hash = hash;
	sets_add(e->keyed ? &rules->shapes[at].keyed : &rules->shapes[at].free,
	    e->detector);
	if (++e->made > EXPANSIONS_MOST)
		die_machine("a shape of detectors.csv stands for too many: "
			    "'%.*s'",
		    (int)e->pattern.n, (const char *)e->pattern.p);
}

/* {n} or {n,m} at the front of rest; 1 to 1 without. */
static void
take_count(struct bytes pattern, size_t *at, size_t *least, size_t *most)
{
	size_t end, comma;
	struct bytes inner;
	uint64_t value;

	*least = *most = 1;
	if (*at >= pattern.n || pattern.p[*at] != '{')
		return;
	end = bytes_find_byte(bytes_skip(pattern, *at), '}');
	if (end == SIZE_MAX)
		die_machine("a shape of detectors.csv lacks its '}'");
	inner = bytes_slice(pattern, *at + 1, *at + end);
	comma = bytes_find_byte(inner, ',');
	if (!bytes_to_u64(bytes_slice(inner, 0, comma), &value))
		die_machine("a shape of detectors.csv has a bad count");
	*least = *most = (size_t)value;
	if (comma != SIZE_MAX &&
	    bytes_to_u64(bytes_skip(inner, comma + 1), &value))
		*most = (size_t)value;
	*at += end + 1;
}

static void
push(struct partial *stack, size_t *depth, const struct partial *base,
    uint8_t c, size_t count)
{
	struct partial *next;

	if (*depth == STACK_MOST || base->n + count > SHAPE_MOST)
		die_machine("a shape of detectors.csv is too long");
	next = &stack[(*depth)++];
	*next = *base;
	memset(next->out + next->n, c, count);
	next->n += count;
}

static void
step(struct partial *stack, size_t *depth, struct bytes pattern,
    struct partial p)
{
	uint8_t c = pattern.p[p.at++];
	size_t least, most;

	take_count(pattern, &p.at, &least, &most);
	if (c == '~' || c == '_') {
		static const char separators[] = "- .";
		size_t kinds = c == '~' ? 3 : 2;

		for (size_t i = 0; i < kinds; i++) {
			uint8_t s = (uint8_t)separators[i];

			if (p.separator != 0 && p.separator != s)
				continue;
			push(stack, depth, &p, s, 1);
			stack[*depth - 1].separator = s;
		}
		return;
	}
	for (size_t n = least; n <= most; n++) {
		if (c == 'X' && n == 1) {
			push(stack, depth, &p, '9', 1);
			push(stack, depth, &p, 'A', 1);
		} else if (c == 'X') {
			/* one, then X{n-1}: by hand, so that each is free */
			struct partial q = p;

			for (unsigned mask = 0; mask < 1u << n; mask++) {
				q = p;
				if (q.n + n > SHAPE_MOST ||
				    *depth == STACK_MOST)
					die_machine("a shape is too long");
				for (size_t i = 0; i < n; i++)
					q.out[q.n++] =
					    mask >> i & 1 ? 'A' : '9';
				stack[(*depth)++] = q;
			}
		} else
			push(stack, depth, &p, c, n);
	}
}

static void
expand(struct expansion *e)
{
	static struct partial stack[STACK_MOST];
	size_t depth = 1;

	stack[0] = (struct partial){.n = 0};
	while (depth > 0) {
		struct partial p = stack[--depth];

		if (p.at == e->pattern.n)
			emit(e, &p);
		else
			step(stack, &depth, e->pattern, p);
	}
}

void
shapes_add(
    struct rules *rules, struct bytes list, unsigned detector, bool keyed)
{
	struct expansion e = {
	    .rules = rules, .detector = detector, .keyed = keyed};

	while (bytes_cut(&list, '|', &e.pattern)) {
		e.made = 0;
		if (e.pattern.n > 0)
			expand(&e);
	}
}
