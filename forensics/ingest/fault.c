/* See fault.h. */
#include "forensics/ingest/fault.h"

#ifdef FAULT_INJECTION

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parsers/base/arena.h"

static bool
asked(const char *what, uint64_t ordinal, struct bytes name)
{
	struct bytes rest = bytes_cstr(getenv("POSTMORTEM_FAULT")), one;

	while (bytes_cut(&rest, ',', &one)) {
		struct bytes word, number;
		uint64_t wanted;

		bytes_cut(&one, '@', &word);
		bytes_cut(&one, ':', &number);
		if (bytes_eq(word, bytes_cstr(what)) &&
		    bytes_to_u64(number, &wanted) && wanted == ordinal &&
		    (one.n == 0 || bytes_eq(one, name)))
			return true;
	}
	return false;
}

static void
eat_memory(void)
{
	struct arena arena;

	arena_init(&arena);
	for (;;)
		arena_alloc(&arena, (size_t)1 << 20);
}

void
fault_at_item(uint64_t ordinal, struct bytes name, int results)
{
	if (asked("crash", ordinal, name))
		raise(SIGSEGV);
	if (asked("hang", ordinal, name))
		for (volatile unsigned i = 0;; i++)
			;
	if (asked("memory", ordinal, name))
		eat_memory();
	if (asked("lie", ordinal, name) &&
	    write(results, "\xff\xff\xff\xff lies", 9) < 0)
		_exit(1);
	if (asked("open", ordinal, name) && open("/etc/passwd", O_RDONLY) < 0)
		_exit(77);
	if (asked("socket", ordinal, name))
		socket(AF_INET, SOCK_STREAM, 0);
}

void
fault_after_item(uint64_t ordinal, struct bytes name)
{
	if (asked("between", ordinal, name))
		raise(SIGSEGV);
}

void
fault_in_plan(struct bytes name)
{
	if (asked("plan", 0, name))
		raise(SIGSEGV);
}

#else
typedef int fault_is_not_compiled_in;
#endif
