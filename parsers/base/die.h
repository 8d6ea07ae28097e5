/*
 * For our own mistakes and a machine that fails us, never for evidence.
 * Always compiled in.
 */
#ifndef PARSERS_BASE_DIE_H
#define PARSERS_BASE_DIE_H

#define EXIT_MACHINE 5 /* contract 1: disk full, I/O, memory */

/* "postmortem: bug: file:line: condition", then abort. */
#define BUG_ON(condition)                                                      \
	do {                                                                   \
		if (condition)                                                 \
			bug_at(__FILE__, __LINE__, #condition);                \
	} while (0)

_Noreturn void bug_at(const char *file, int line, const char *condition);

/* Out of memory or the like: one line on stderr, exit status EXIT_MACHINE. */
_Noreturn void die_machine(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
