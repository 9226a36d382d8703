/* SPDX-License-Identifier: GPL-2.0-or-later */
/* runtime - the words that a runtime is called with, and what it says when it fails. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "shim/task/options.h"

/* How the runtime of one container is called. */
struct runtime {
	char *binary;
	char *root; /* of the namespace */
	char *log;  /* the file for its log */
	char *criu; /* the path of the CRIU that it shall use; "": that of PATH */
	bool is_systemd;
};

#define ARGS_MAX 48

/* A command, built word by word. Zeroed at first; the words are its own. */
struct args {
	char *words[ARGS_MAX + 1];
	size_t count;
};

/*
 * For the container in BUNDLE of NAMESPACE. IS_SYSTEMD says what its document wants, where the
 * options are silent.
 */
void runtime_init(struct runtime *runtime, const struct options *options, const char *namespace,
		  const char *bundle, bool is_systemd);
void runtime_release(struct runtime *runtime);

/*
 * For a child that becomes the runtime, which looks for "criu" in PATH: the one that the options
 * name is the first there. Returns 0, or -errno with a record when there is none of that name.
 */
int runtime_use_criu(const struct runtime *runtime);

/* The call up to COMMAND: binary, global options, command. */
void runtime_args(const struct runtime *runtime, const char *command, struct args *args);

void args_add(struct args *args, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void args_release(struct args *args);
#define _cleanup_args_ _cleanup_(args_release)

/* How long the log is: what is added later is about the next call. */
size_t runtime_log_size(const struct runtime *runtime);

/* Add the last error of the log behind MARK to TEXT. False when there is none. */
bool runtime_log_error(const struct runtime *runtime, size_t mark, struct buf *text);

/* The message of the last line of SIZE bytes of LOG whose level is error, or false. */
bool runtime_find_error(const char *log, size_t size, struct buf *text);
