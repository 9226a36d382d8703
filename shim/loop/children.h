/* SPDX-License-Identifier: GPL-2.0-or-later */
/* children - processes that we started or that were left to us, and how they ended. */
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include "base/fd.h"
#include "shim/loop/loop.h"

/* A child of ours that does what may block. Its owner embeds this, as JOB_NONE at first. */
struct job {
	struct list link;
	struct timer deadline;
	pid_t pid; /* 0 when there is none */
	int said;  /* a file in memory: what it wrote to its output, or how it failed */
	void (*ended)(struct job *job, int status); /* as of waitpid(2); may free its owner */
};

#define JOB_NONE              \
	(struct job)          \
	{                     \
		.said = NO_FD \
	}

struct children {
	struct loop *loop;
	struct watch signals; /* signalfd of SIGCHLD and of those that end the shim */
	struct list jobs;
	struct rlimit files; /* that our children may have open; we take all that we may */
	unsigned dismissed;  /* see job_dismiss() */
	void (*left)(struct children *children, pid_t pid, int status); /* no job's */
	void (*asked)(struct children *children, int signal);           /* TERM, INT, USR1 */
	void (*gone)(struct children *children); /* the last one dismissed; may be NULL */
};

/* Blocks these signals and lifts our limit of files; a child has both as they were. */
int children_init(struct children *children, struct loop *loop);
void children_release(struct children *children);

/*
 * fork(2). In the child (0 is returned there) signals are as at first and it dies with us; in the
 * parent JOB runs, for MS milliseconds at most (-1: for ever), then it is killed. Returns the pid, or -errno
 * with a record.
 */
pid_t children_fork(struct children *children, struct job *job, int64_t ms);

/*
 * In a child that does something itself: close all but 0, 1, 2, what it says, and the COUNT in
 * KEPT (NO_FD: none). Streams of others shall end when the shim closes them.
 */
void job_close_others(const struct job *job, const int *kept, size_t count);

/* What a program gets in place of a descriptor. */
enum { COMMAND_NULL = -1, COMMAND_SAID = -2 };

struct command {
	char *const *args; /* args[0] is looked up in PATH */
	int fds[3];        /* COMMAND_NULL, COMMAND_SAID or a descriptor */
};

/* In the child: become COMMAND. Comes back only as job_fail() does. */
_Noreturn void command_execute(const struct command *command, const struct job *job);

/* In the child: leave the error record as what was said, and exit with 1. */
_Noreturn void job_fail(const struct job *job);

/* children_fork() and command_execute(). */
int children_run(struct children *children, struct job *job, const struct command *command,
		 int64_t ms);

/* How many bytes JOB said, 4 MiB at most. */
size_t job_size(const struct job *job);

/* What JOB said, at most SIZE - 1 bytes, terminated, without final newlines. */
void job_read(const struct job *job, char *out, size_t size);

/* Forget it and what it said; it is killed when it still runs. */
void job_release(struct job *job);

/* The same, but it is asked to end, and killed when it has not in MS milliseconds. */
void job_dismiss(struct job *job, struct children *children, int64_t ms);
