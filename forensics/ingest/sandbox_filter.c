/*
 * A seccomp filter from three tables: allowed, refused softly (EACCES: what
 * libraries try and can do without), and everything else, which ends the
 * process with SIGSYS.
 */
#include "forensics/ingest/sandbox_filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __x86_64__
#define FILTER_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define FILTER_ARCH AUDIT_ARCH_AARCH64
#else
#error "say here which architecture the filter is for"
#endif

static const int allowed[] = {
	SYS_read, SYS_pread64, SYS_readv, SYS_preadv, SYS_write, SYS_writev,
	SYS_pwrite64, SYS_ftruncate, /* the scratch file alone is writable */
	SYS_recvmsg, SYS_lseek, SYS_close, SYS_fstat, SYS_munmap, SYS_mremap,
	SYS_madvise, SYS_brk, SYS_futex, SYS_rt_sigaction, SYS_rt_sigprocmask,
	SYS_rt_sigreturn, SYS_sigaltstack, SYS_clock_gettime, SYS_clock_getres,
	SYS_gettimeofday, SYS_getrandom, SYS_getpid, SYS_gettid,
	SYS_sched_yield, SYS_sysinfo, SYS_getrusage, SYS_exit, SYS_exit_group,
	SYS_restart_syscall, SYS_dup, SYS_nanosleep, SYS_clock_nanosleep,
#ifdef SYS_time
	SYS_time,
#endif
#ifdef __SANITIZE_ADDRESS__
	SYS_pipe2, /* the sanitizer's way to ask whether memory is there */
#endif
};

static const int refused[] = {
	SYS_openat, SYS_openat2, SYS_newfstatat, SYS_statx, SYS_faccessat,
	SYS_faccessat2, SYS_readlinkat, SYS_getcwd, SYS_ioctl, SYS_statfs,
	SYS_getdents64, SYS_uname, SYS_sched_getaffinity, SYS_fcntl,
	SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_prlimit64,
	SYS_prctl, SYS_chdir, SYS_unlinkat, SYS_mkdirat, SYS_renameat2,
#ifdef SYS_open
	SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_unlink,
	SYS_mkdir, SYS_rename, SYS_creat,
#endif
};

enum { PROGRAM_MOST = 256 };

struct program {
	struct sock_filter code[PROGRAM_MOST];
	unsigned short length;
};

#define NUMBER_AT offsetof(struct seccomp_data, nr)
#define ARCH_AT offsetof(struct seccomp_data, arch)
#define ARGUMENT_AT(i) (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (i))

static void
emit(struct program *p, uint16_t code, uint8_t yes, uint8_t no, uint32_t k)
{
	p->code[p->length++] = (struct sock_filter){ code, yes, no, k };
}

static void
emit_load(struct program *p, size_t offset)
{
	emit(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void
emit_return(struct program *p, uint32_t action)
{
	emit(p, BPF_RET | BPF_K, 0, 0, action);
}

/* if (number == call) return action */
static void
emit_call(struct program *p, int call, uint32_t action)
{
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t)call);
	emit_return(p, action);
}

/* mmap and mprotect, never executable: no code comes from evidence. */
static void
emit_memory_call(struct program *p, int call)
{
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)call);
	emit_load(p, ARGUMENT_AT(2));
	emit(p, BPF_JMP | BPF_JSET | BPF_K, 0, 1, PROT_EXEC);
	emit_return(p, SECCOMP_RET_ERRNO | EACCES);
	emit_return(p, SECCOMP_RET_ALLOW);
}

/* A process may signal itself (abort), and nobody else. */
static void
emit_signal_call(struct program *p, int call)
{
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)call);
	emit_load(p, ARGUMENT_AT(0));
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t)getpid());
	emit_return(p, SECCOMP_RET_ALLOW);
	emit_return(p, SECCOMP_RET_KILL_PROCESS);
}

/* fstat() of newer glibc is newfstatat(fd, "", ..., AT_EMPTY_PATH).  The path
 * cannot be looked at from here: a worker may learn that a file exists. */
static void
emit_stat_call(struct program *p)
{
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)SYS_newfstatat);
	emit_load(p, ARGUMENT_AT(3));
	emit(p, BPF_JMP | BPF_JSET | BPF_K, 0, 1, 0x1000 /* AT_EMPTY_PATH */);
	emit_return(p, SECCOMP_RET_ALLOW);
	emit_return(p, SECCOMP_RET_ERRNO | EACCES);
}

static void
program_build(struct program *p)
{
	p->length = 0;
	emit_load(p, ARCH_AT);
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, FILTER_ARCH);
	emit_return(p, SECCOMP_RET_KILL_PROCESS);
	emit_load(p, NUMBER_AT);
	/* x32 calls carry bit 30: none of the numbers below match them. */
	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
		emit_call(p, allowed[i], SECCOMP_RET_ALLOW);
	emit_memory_call(p, SYS_mmap);
	emit_memory_call(p, SYS_mprotect);
	emit_signal_call(p, SYS_tgkill);
	emit_signal_call(p, SYS_kill);
	emit_stat_call(p);
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		emit_call(p, refused[i], SECCOMP_RET_ERRNO | EACCES);
	emit_return(p, SECCOMP_RET_KILL_PROCESS);
}

bool
filter_enter(void)
{
	static struct program program;
	struct sock_fprog handed;

	program_build(&program);
	handed = (struct sock_fprog){ program.length, program.code };
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &handed, 0, 0) == 0;
}
