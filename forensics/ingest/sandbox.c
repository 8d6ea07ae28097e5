/* Landlock, rlimits, no new privileges; the filter is sandbox_filter.c. */
#include "forensics/ingest/sandbox.h"

#include <errno.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "forensics/ingest/sandbox_filter.h"
#include "parsers/base/limits.h"

/* The rights of Landlock ABI 1..5, newer than Debian's header knows. */
enum {
	RIGHTS_ABI_1 = (1 << 13) - 1,
	RIGHT_REFER = 1 << 13,     /* ABI 2 */
	RIGHT_TRUNCATE = 1 << 14,  /* ABI 3 */
	RIGHT_IOCTL_DEV = 1 << 15, /* ABI 5 */
	NET_BIND_CONNECT = 3,      /* ABI 4 */
	SCOPE_ALL = 3,             /* ABI 6: abstract sockets, signals */
};

/* struct landlock_ruleset_attr as of ABI 6. */
struct ruleset {
	uint64_t fs, net, scoped;
};

static long
landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
}

static bool
landlock_enter(void)
{
	long version = landlock_version();
	struct ruleset rules = { RIGHTS_ABI_1, 0, 0 };
	size_t size = sizeof rules.fs;
	long fd;

	if (version < 1)
		return false;
	if (version >= 2)
		rules.fs |= RIGHT_REFER;
	if (version >= 3)
		rules.fs |= RIGHT_TRUNCATE;
	if (version >= 5)
		rules.fs |= RIGHT_IOCTL_DEV;
	if (version >= 4) {
		rules.net = NET_BIND_CONNECT;
		size = offsetof(struct ruleset, scoped);
	}
	if (version >= 6) {
		rules.scoped = SCOPE_ALL;
		size = sizeof rules;
	}
	/* No rule is added: every handled right is refused everywhere. */
	fd = syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (fd < 0)
		return false;
	if (syscall(SYS_landlock_restrict_self, fd, 0) != 0)
		return false;
	close((int)fd);
	return true;
}

static void
limit(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit value = { most, most };

	setrlimit(what, &value);
}

void
sandbox_limit(size_t memory)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, LIMIT_SCRATCH_BYTES);
	limit(RLIMIT_NOFILE, 16);
	/* Address sanitizer maps terabytes that it never touches. */
#ifndef __SANITIZE_ADDRESS__
	if (memory > 0)
		limit(RLIMIT_DATA, memory);
#else
	(void)memory;
#endif
	prctl(PR_SET_DUMPABLE, 0);
}

bool
sandbox_enter(const char **why)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		*why = "no_new_privs is refused";
		return false;
	}
	if (!landlock_enter()) {
		*why = "Landlock is not there (Linux 5.13 with lsm=landlock)";
		return false;
	}
	if (!filter_enter()) {
		*why = "seccomp filters are refused";
		return false;
	}
	return true;
}

const char *
sandbox_describe(void)
{
	static char text[64];
	long version = landlock_version();

	snprintf(text, sizeof text, "landlock %ld, seccomp, rlimits",
	    version < 0 ? 0 : version);
	return text;
}
