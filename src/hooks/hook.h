/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hook - run the programs that config.json's "hooks" names, in the runtime's process. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct hook {
	const char *path;
	char *const *args; /* NULL-terminated; args[0] is there */
	char *const *env;  /* NULL-terminated; NULL: the runtime's own environment */
	int timeout;       /* seconds; 0: none */
};

struct hook_list {
	const char *kind; /* "createRuntime": in errors and traces */
	struct hook *items;
	size_t count;
	const char *out, *err; /* absolute: the file that stdout, stderr goes to the end of */
};

/* How a hook that runs in the container's namespaces gets there. */
struct hook_place {
	int pidfd;         /* of the container's init; NO_FD: run here */
	int namespaces;    /* CLONE_NEW*: those to join with setns(2) */
	int pid_namespace; /* where init's children are born, when it is not there; or NO_FD */
};

/*
 * Run them in order: STATE (JSON) on stdin, working directory CWD, descriptors
 * 0-2 only, a process group of its own.  Stops at the first that fails:
 * "error running createRuntime hook #0: /path: exit status 1, stdout: ..., stderr: ...".
 * What goes into a file of the list's is not quoted; the file is made if it is missing (0600).
 */
int hooks_run(const struct hook_list *list, const struct hook_place *place, const char *cwd,
	      const char *state);

/* The same for poststop: goes on after a failure, which becomes a warning in the log. */
void hooks_run_all(const struct hook_list *list, const char *cwd, const char *state);
