/* Jobs and requests as packets: one sendmsg each, descriptors beside. */
#include "forensics/ingest/job.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "forensics/ingest/worker.h"
#include "parsers/base/buffer.h"
#include "parsers/base/die.h"

union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int) * PACKET_FDS)];
};

bool
packet_send(int socket, const void *p, size_t n, const int *fds,
    size_t fd_count)
{
	union control control;
	struct iovec part = { (void *)(uintptr_t)p, n };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t sent;

	if (fd_count > 0) {
		memset(&control, 0, sizeof control);
		message.msg_control = control.room;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
		memcpy(CMSG_DATA(&control.head), fds, sizeof(int) * fd_count);
	}
	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)n;
}

static void
take_fds(struct msghdr *message, int fds[PACKET_FDS])
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	size_t count;

	for (size_t i = 0; i < PACKET_FDS; i++)
		fds[i] = -1;
	if (head == NULL || head->cmsg_type != SCM_RIGHTS)
		return;
	count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(head),
	    sizeof(int) * (count < PACKET_FDS ? count : PACKET_FDS));
}

ssize_t
packet_receive(int socket, void *p, size_t room, int fds[PACKET_FDS],
    bool wait)
{
	union control control;
	struct iovec part = { p, room };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof control.room };
	ssize_t got;

	do
		got = recvmsg(socket, &message,
		    MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
	while (got < 0 && errno == EINTR);
	if (got >= 0)
		take_fds(&message, fds);
	return got;
}

bool
job_send(int socket, const struct job *job, int evidence)
{
	struct buffer packet = BUFFER_EMPTY;
	bool sent;

	buffer_add(&packet, &job->head, sizeof job->head);
	buffer_add_bytes(&packet, job->spec);
	buffer_add_bytes(&packet, job->kind);
	buffer_add_bytes(&packet, job->name);
	BUG_ON(packet.n > JOB_PACKET_MOST);
	sent = packet_send(socket, packet.p, packet.n, &evidence, 1);
	buffer_release(&packet);
	return sent;
}
