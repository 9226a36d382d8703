/* SPDX-License-Identifier: GPL-2.0-or-later */
/* task - the containers of a shim, their processes, and what is being done to them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "shim/io/stdio.h"
#include "shim/loop/children.h"
#include "shim/task/oom.h"
#include "shim/task/runtime.h"
#include "shim/task/states.h"
#include "shim/ttrpc/publisher.h"
#include "shim/ttrpc/server.h"

struct container;
struct operation;

/* How a process ended. */
struct ending {
	bool is_set;
	uint32_t status; /* as a shell knows it: 128 + signal */
	struct timespec at;
};

/* A container's init or an exec. */
struct process {
	struct list link; /* among its container's execs; init is in no list */
	struct container *container;
	char *exec_id; /* NULL: init */
	enum state state;
	pid_t pid; /* 0 before it is started, and kept when it has ended */
	bool is_pausing;
	struct ending ending; /* it has ended, and all know */
	struct ending held;   /* it has ended, but others have to be told of first */
	bool is_settled;      /* and it is nobody's output that is waited for */
	bool has_failed;      /* an exec's last Start: there is no end to be waited for */
	struct stdio stdio;
	struct operation *operation; /* NULL while nothing is being done to it */
	struct list queue;           /* calls that wait until nothing is */
	struct list waiters;         /* calls that wait for its end */
};

struct container {
	struct list link;
	struct shim *shim;
	char *id, *bundle;
	ino_t inode; /* of the bundle: another may be there by then; 0: it was never seen */
	struct process init;
	struct list execs;
	bool is_created; /* else it is still being made: nobody may see it */
	bool has_own_pids;
	bool has_rootfs;   /* mounted by us */
	uint32_t uid, gid; /* of what its streams are */
	struct runtime runtime;
	bool has_no_pivot, has_no_keyring; /* for create and restore */
	char *checkpoint;                  /* where it is restored from; NULL: it is not */
	char *criu_work; /* where CRIU's logs go; "": into the bundle's "work" */
	char *cgroup;    /* its folder in cgroup v2, or NULL */
	struct oom oom;
	struct job sweep; /* kills or thaws what is left when init has ended */
};

/* A child that nobody knew when it ended: it may be one that is being made. */
struct early {
	pid_t pid;
	struct ending ending;
};

struct shim {
	struct loop loop;
	struct children children;
	struct server server;
	struct publisher publisher;
	struct oom_watch ooms;
	const char *namespace;
	struct list containers;
	struct early *early;
	size_t early_count;
	unsigned making; /* operations that end with a new process */
	bool is_leaving; /* nothing new is begun */
	void (*shut_down)(struct shim *shim);
};

struct shim *shim_of(const struct call *call);

/* The container ID that is there, or NULL. */
struct container *container_find(struct shim *shim, const char *id);

/* Its exec EXEC_ID, its init when that is "", or NULL. */
struct process *process_find(struct container *container, const char *exec_id);

/* The process that CALL names; NULL: there is none, and CALL has been told so. */
struct process *call_process(struct call *call, const char *id, const char *exec_id);

/* NULL and an answer to CALL when its state does not allow ACTION. Else PROCESS. */
struct process *call_allowed(struct call *call, struct process *process, enum action action);

/*
 * NULL when there is one of this ID. What is over, and has lost its bundle, is no longer: it is
 * freed.
 */
struct container *container_new(struct shim *shim, const char *id, const char *bundle);

/* It is over, nothing is being done to it, and its bundle is gone: nobody will delete it. */
bool container_is_given_up(const struct container *container);
struct process *exec_new(struct container *container, const char *exec_id);
/* The path of the file for its pid. To be freed. */
char *process_pid_file(const struct process *process);

void process_init(struct process *process, struct container *container, const char *exec_id);

/* Their calls that still wait get an answer. */
void exec_free(struct process *process);
void container_free(struct container *container);

/* One text for all: "container not created: not found". */
void call_fail_gone(struct call *call);
