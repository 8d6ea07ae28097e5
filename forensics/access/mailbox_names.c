#include "forensics/access/mailbox_names.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/text.h"

struct entry {
	struct bytes kind, name; /* name folded; kind.p NULL: free */
	int64_t mailbox;         /* 0: several */
};

struct mailbox_names {
	struct arena arena, scratch;
	struct entry *slots;
	size_t mask;
};

static size_t
hash(struct bytes kind, struct bytes name)
{
	uint64_t h = 1469598103934665603u;

	for (size_t i = 0; i < name.n; i++)
		h = (h ^ name.p[i]) * 1099511628211u;
	h = (h ^ kind.p[0]) * 1099511628211u;
	return (size_t)(h ^ h >> 29);
}

static struct entry *
slot_of(struct mailbox_names *names, struct bytes kind, struct bytes name)
{
	size_t i = hash(kind, name) & names->mask;

	while (names->slots[i].kind.p != NULL &&
	       !(bytes_eq(names->slots[i].kind, kind) &&
	           bytes_eq(names->slots[i].name, name)))
		i = (i + 1) & names->mask;
	return &names->slots[i];
}

static void
add(struct mailbox_names *names, struct bytes kind, struct bytes name,
    int64_t mailbox)
{
	struct entry *slot = slot_of(names, kind, name);

	if (slot->kind.p != NULL) {
		if (slot->mailbox != mailbox)
			slot->mailbox = 0;
		return;
	}
	*slot = (struct entry){ arena_dup(&names->arena, kind),
		arena_dup(&names->arena, name), mailbox };
}

struct mailbox_names *
mailbox_names_load(struct case_file *file)
{
	struct mailbox_names *names = calloc(1, sizeof *names);
	struct case_rows *rows = case_query(file,
	    "SELECT count(*) FROM mailbox_names");
	size_t slots = 64;

	if (names == NULL)
		die_machine("out of memory");
	arena_init(&names->arena);
	arena_init(&names->scratch);
	if (case_next(rows))
		while (slots < 4 * (size_t)case_number(rows, 0))
			slots *= 2;
	names->mask = slots - 1;
	names->slots = calloc(slots, sizeof *names->slots);
	if (names->slots == NULL)
		die_machine("out of memory");
	rows = case_query(file,
	    "SELECT kind, name, mailbox_no FROM mailbox_names");
	while (case_next(rows))
		add(names, case_text(rows, 0), case_text(rows, 1),
		    case_number(rows, 2));
	return names;
}

void
mailbox_names_free(struct mailbox_names *names)
{
	arena_release(&names->arena);
	arena_release(&names->scratch);
	free(names->slots);
	free(names);
}

int64_t
mailbox_names_find(struct mailbox_names *names, const char *kind,
    struct bytes name)
{
	struct entry *slot;

	if (name.n == 0)
		return 0;
	arena_reset(&names->scratch);
	slot = slot_of(names, bytes_cstr(kind),
	    text_fold_name(&names->scratch, name));
	return slot->kind.p != NULL ? slot->mailbox : 0;
}
