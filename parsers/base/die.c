#include "parsers/base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
bug_at(const char *file, int line, const char *condition)
{
	fprintf(stderr, "postmortem: bug: %s:%d: %s\n", file, line, condition);
	abort();
}

void
die_machine(const char *format, ...)
{
	va_list arguments;

	fputs("postmortem: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(EXIT_MACHINE);
}
