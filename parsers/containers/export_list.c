#include "parsers/containers/export_list.h"

#include <stdlib.h>

#include "parsers/base/die.h"
#include "parsers/base/limits.h"
#include "parsers/base/text.h"

void
export_list_init(struct export_list *list)
{
	*list = (struct export_list){ .count = 0 };
	arena_init(&list->arena);
}

void
export_list_release(struct export_list *list)
{
	arena_release(&list->arena);
	free(list->list);
}

/* A file that holds many items: what follows it is a place inside. */
static bool
is_holder(struct bytes component)
{
	static const char *const endings[] = { ".pst", ".ost", ".zip", ".mbox",
		".olm" };

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		size_t n = strlen(endings[i]);

		if (component.n > n && bytes_eq_nocase(bytes_skip(component,
		        component.n - n), bytes_cstr(endings[i])))
			return true;
	}
	return false;
}

/* *inside: the path goes on behind the file. */
static struct bytes
clean_path(struct arena *arena, struct bytes path, bool *inside)
{
	uint8_t *out = arena_raw(arena, path.n + 1);
	struct bytes all = bytes_of(out, path.n), rest, part;

	for (size_t i = 0; i < path.n; i++)
		out[i] = path.p[i] == '\\' ? '/' : path.p[i];
	*inside = false;
	for (rest = all; rest.n > 0 && bytes_cut(&rest, '/', &part);)
		if (is_holder(part)) {
			*inside = rest.n > 0;
			return bytes_slice(all, 0,
			    (size_t)(part.p - all.p) + part.n);
		}
	return all;
}

void
export_list_add(struct export_list *list, struct bytes path, struct bytes hash,
    uint64_t bytes)
{
	bool inside;

	path = bytes_trim(path);
	if (path.n == 0) {
		list->pathless++;
		return;
	}
	if (list->count >= LIMIT_ARCHIVE_MEMBERS) {
		list->too_many = true;
		return;
	}
	if (list->count == list->room) {
		list->room = list->room * 2 + 256;
		list->list = realloc(list->list,
		    list->room * sizeof *list->list);
		if (list->list == NULL)
			die_machine("out of memory");
	}
	path = clean_path(&list->arena, path, &inside);
	list->list[list->count++] = (struct export_promise){
		text_repair_utf8(&list->arena, path),
		inside ? BYTES_NONE : arena_dup(&list->arena, bytes_trim(hash)),
		inside ? UINT64_MAX : bytes };
}

static int
compare_promises(const void *a, const void *b)
{
	const struct export_promise *x = a, *y = b;

	return bytes_compare(x->path, y->path);
}

static void
say_promise(struct sink *sink, const struct export_promise *first,
    size_t items)
{
	struct record_promise p;

	record_clear(RECORD_KIND_PROMISE, &p);
	p.path = first->path;
	p.items = (int64_t)items;
	if (items == 1 && first->bytes <= INT64_MAX)
		p.bytes = (int64_t)first->bytes;
	if (items == 1 && first->hash.n > 0)
		p.hash = text_repair_utf8(&sink->item, first->hash);
	sink_record(sink, RECORD_KIND_PROMISE, &p);
}

void
export_list_say(struct export_list *list, struct sink *sink)
{
	size_t from = 0;

	if (!sink_item_begin(sink, BYTES_LIT("")))
		return;
	if (list->count > 0)
		qsort(list->list, list->count, sizeof *list->list,
		    compare_promises);
	for (size_t i = 1; i <= list->count; i++)
		if (i == list->count || !bytes_eq(list->list[i].path,
		                            list->list[from].path)) {
			say_promise(sink, &list->list[from], i - from);
			from = i;
		}
	if (list->pathless > 0)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_UNKNOWN_FORMAT,
		    OUTCOME_PARTIAL, 0, "%llu rows of this list of exported "
		    "items name no file: they cannot be looked for",
		    (unsigned long long)list->pathless);
	if (list->too_many)
		sink_problem(sink, BYTES_LIT(""), PROBLEM_LIMIT_MEMBERS,
		    OUTCOME_PARTIAL, 0, "more than %d items in this list; the "
		    "rest is not looked for", LIMIT_ARCHIVE_MEMBERS);
	sink_item_end(sink);
}
