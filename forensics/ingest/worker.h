/*
 * The confined side.  `postmortem --worker` is a nursery: it warms up once
 * (charsets, patterns, rule tables), then clones a worker for each request
 * on its control socket, so that a restart after a crash costs a
 * millisecond.  Each worker confines itself before it reads its first job.
 *
 * Descriptors: nursery 3 = control (SOCK_SEQPACKET, struct nursery_request
 * with those below); worker 3 = jobs (SOCK_SEQPACKET, struct job_head,
 * texts, and the evidence by SCM_RIGHTS), 4 = results (pipe of frames),
 * 5 = scratch (a file without a name; may be absent).
 */
#ifndef FORENSICS_INGEST_WORKER_H
#define FORENSICS_INGEST_WORKER_H

#include "parsers/base/bytes.h"

enum { WORKER_JOBS_FD = 3, WORKER_RESULTS_FD = 4, WORKER_SCRATCH_FD = 5 };

/* Words of a unit that a parser may choose for itself, and the rest. */
enum { UNIT_SPEC_MOST = 32 * 1024, JOB_PACKET_MOST = 64 * 1024 };

struct nursery_request {
	uint64_t memory;   /* RLIMIT_DATA; 0: none */
	uint8_t unconfined;
};

struct nursery_answer {
	int32_t pid; /* a child of the case process; -1 */
};

struct job_head {
	uint64_t id;
	uint64_t size;    /* of the evidence */
	uint64_t resume;  /* items done or lost before */
	uint32_t spec, kind, name; /* lengths of the texts that follow */
	uint8_t survey;   /* probe and plan; else run the unit */
	uint8_t careful;  /* say each item before it is begun */
};

struct job {
	struct job_head head;
	struct bytes spec, kind, name;
};

/* False: the other side is gone. */
bool job_send(int socket, const struct job *job, int evidence);

/* Exit statuses of a worker beside 0. */
enum { WORKER_MEMORY = 5, WORKER_UNCONFINED = 6 };

#endif
