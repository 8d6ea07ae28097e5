/* Packets with descriptors, for the few places that pass them. */
#ifndef FORENSICS_INGEST_JOB_H
#define FORENSICS_INGEST_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { PACKET_FDS = 3 };

bool packet_send(int socket, const void *p, size_t n, const int *fds,
    size_t fd_count);

/* Bytes received, 0 at the end, -1 when nothing is there (and !wait) or on
 * error.  fds[] gets -1 where none came. */
ssize_t packet_receive(int socket, void *p, size_t room, int fds[PACKET_FDS],
    bool wait);

#endif
