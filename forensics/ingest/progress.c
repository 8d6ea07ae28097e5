/* See progress.h. */
#include "forensics/ingest/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS INT64_C(1000000000)

static int64_t
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

void
progress_init(struct progress *progress, bool silent)
{
	*progress = (struct progress){ .silent = silent,
		.terminal = isatty(STDERR_FILENO), .begun_ns = now_ns(),
		.shown_ns = now_ns() };
}

/* It is time for a line; the clock of the last one is set. */
static bool
is_due(struct progress *progress, int64_t now)
{
	int64_t pause = progress->terminal ? SECOND_NS / 2 : 10 * SECOND_NS;

	if (progress->silent || now - progress->shown_ns < pause)
		return false;
	progress->shown_ns = now;
	return true;
}

void
progress_show(struct progress *progress, const char *what, uint64_t done,
    uint64_t total, uint64_t count, const char *things)
{
	int64_t now = now_ns();
	double seconds = (double)(now - progress->begun_ns) / 1e9;
	double left = done > 0 && done < total
			  ? seconds * (double)(total - done) / (double)done
			  : 0;

	if (!is_due(progress, now))
		return;
	fprintf(stderr, "%s%s: %llu %s, %.1f of %.1f MB, about %.0f s left%s",
	    progress->terminal ? "\r" : "", what, (unsigned long long)count,
	    things, (double)done / 1e6, (double)total / 1e6, left,
	    progress->terminal ? "\033[K" : "\n");
	progress->drawn = progress->terminal;
}

void
progress_wait(struct progress *progress, const char *what)
{
	int64_t now = now_ns();

	if (!is_due(progress, now))
		return;
	fprintf(stderr, "%s%s: %lld s%s", progress->terminal ? "\r" : "", what,
	    (long long)((now - progress->begun_ns) / SECOND_NS),
	    progress->terminal ? "\033[K" : "\n");
	progress->drawn = progress->terminal;
}

void
progress_end(struct progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->drawn = false;
	progress->begun_ns = progress->shown_ns = now_ns();
}
