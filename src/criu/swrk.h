/* SPDX-License-Identifier: GPL-2.0-or-later */
/* swrk - CRIU at work for us: the program, and what is said between it and us. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/fd.h"
#include "criu/request.h"

/* A CRIU that runs, and waits for requests. */
struct criu {
	pid_t pid; /* our child; 0: none */
	int pidfd;
	int socket;
	int errors;       /* what it says before it has a log */
	unsigned version; /* 31701 for 3.17.1 */
	struct criu_features features;
};
#define CRIU_NONE                                                \
	{                                                        \
		.pidfd = NO_FD, .socket = NO_FD, .errors = NO_FD \
	}

/* Where it is to run, and so what it brings back. */
struct criu_place {
	int cgroup; /* the directory of one to enter; NO_FD: ours */
	const char
		*rootfs; /* to be bound at ROOT, a directory, seen by it alone; NULL: nothing */
	const char *root;
	bool wants_keyring; /* a session keyring of its own */
	bool is_apart;      /* what the keys of our terminal send does not reach it */
	int images, work;   /* directories that its requests name; NO_FD: none */
	const int *keep;    /* descriptors of ours that it gets too, under the same numbers */
	size_t keep_count;
};

/* The oldest version that knows all that we ask of it: cgroup v2 and joined namespaces. */
#define CRIU_VERSION_MIN 31400

/* True when tare can talk to it. */
bool criu_is_built(void);

/*
 * Start the program "criu" of $PATH as our child in PLACE and ask what it can do.  Its standard
 * input is ours, for a terminal that is the caller's.  The descriptors that are named in requests
 * are its own, and have to be in PLACE.  Fails when it is not there ("checkpoint
 * and restore need CRIU: ..."), or too old.
 */
int criu_start(const struct criu_place *place, struct criu *ret_criu);

/* Ask for REQUEST; answers follow. */
int criu_ask(const struct criu *criu, const struct criu_request *request);

/*
 * Wait for the next answer, as long as it takes; a signal ends that (see interrupt_poll()).
 * A terminal that comes with it is at *RET_FD, the caller's; else that is NO_FD.
 */
int criu_listen(const struct criu *criu, struct criu_answer *ret_answer, int *ret_fd);

/* Answer a CRIU_NOTIFY: it goes on, or gives up and takes everything back. */
int criu_reply(const struct criu *criu, bool goes_on);

/*
 * REQUEST did not work, as ANSWER says: "criu failed: type DUMP errno 22: ...", with the last errors
 * of its log and where that is.  Returns a failure.
 */
int criu_refuse(const struct criu_request *request, const struct criu_answer *answer);

/*
 * It is not needed any more: close its ear, upon which it takes back what it has not finished,
 * and wait for its end; after ten seconds it is killed.
 */
void criu_stop(struct criu *criu);

/* End it at once, whatever it has not taken back yet; criu_stop() has to follow. */
void criu_kill(const struct criu *criu);
#define _cleanup_criu_ _cleanup_(criu_stop)
