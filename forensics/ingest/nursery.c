/* fork+exec of `postmortem --worker`, and requests to it. */
#include "forensics/ingest/nursery.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forensics/ingest/job.h"
#include "forensics/ingest/worker.h"
#include "parsers/base/die.h"

enum { PIPE_BYTES = 1024 * 1024 };

static void
pair(int sockets[2])
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0)
		die_machine("socketpair: %s", strerror(errno));
}

_Noreturn static void
become_nursery(int control, const char *rules, const char *wanted)
{
	const char *words[7] = { "postmortem", "--worker" };
	size_t n = 2;

	if (rules != NULL) {
		words[n++] = "--rules";
		words[n++] = rules;
	}
	if (wanted != NULL) {
		words[n++] = "--wanted";
		words[n++] = wanted;
	}
	if (control == WORKER_JOBS_FD)
		fcntl(control, F_SETFD, 0);
	else
		dup2(control, WORKER_JOBS_FD);
	execv("/proc/self/exe", (char *const *)words);
	_exit(127);
}

void
nursery_start(struct nursery *nursery, const char *rules, const char *wanted)
{
	int sockets[2];

	pair(sockets);
	nursery->pid = fork();
	if (nursery->pid < 0)
		die_machine("fork: %s", strerror(errno));
	if (nursery->pid == 0)
		become_nursery(sockets[1], rules, wanted);
	close(sockets[1]);
	nursery->control = sockets[0];
}

void
nursery_stop(struct nursery *nursery)
{
	close(nursery->control);
	while (waitpid(nursery->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void
nursery_worker(struct nursery *nursery, size_t memory, bool unconfined,
    int scratch, struct worker_process *process)
{
	struct nursery_request request = { memory, unconfined };
	struct nursery_answer answer = { -1 };
	int jobs[2], results[2], handed[3], none[PACKET_FDS];

	pair(jobs);
	if (pipe2(results, O_CLOEXEC) != 0)
		die_machine("pipe: %s", strerror(errno));
	fcntl(results[0], F_SETPIPE_SZ, PIPE_BYTES);
	fcntl(results[0], F_SETFL, O_NONBLOCK);
	handed[0] = jobs[1];
	handed[1] = results[1];
	handed[2] = scratch;
	if (!packet_send(nursery->control, &request, sizeof request, handed,
	        scratch < 0 ? 2 : 3) ||
	    packet_receive(nursery->control, &answer, sizeof answer, none,
	        true) != (ssize_t)sizeof answer ||
	    answer.pid < 0)
		die_machine("cannot start a worker; running again continues");
	close(jobs[1]);
	close(results[1]);
	if (scratch >= 0)
		close(scratch);
	*process = (struct worker_process){ answer.pid, jobs[0], results[0] };
}
