/* SPDX-License-Identifier: GPL-2.0-or-later */
/* global - the options before the command: where state and log are, how cgroups are made. */
#pragma once

#include <stdbool.h>

#include "base/log.h"
#include "cli/option.h"
#include "container/runtime.h"

/* What global_options[] fills; -1 is "not said". */
struct global_values {
	bool is_debug;
	const char *log;
	enum log_format log_format;
	int log_level; /* enum log_level */
	const char *root;
	bool is_systemd;
	int cgroup_manager; /* enum cgroup_manager */
	enum rootless rootless;
	bool wants_version;
};

#define GLOBAL_VALUES_UNSAID                          \
	{                                             \
		.log_level = -1, .cgroup_manager = -1 \
	}

extern const struct option_spec global_options[];

struct global {
	struct global_values values;
	struct option_rest rest; /* the command's name and what follows it, as they are */
};

/* Read ARGUMENTS (NULL ends them) up to the command's name.  The caller releases, always. */
int global_parse(const char *const *arguments, struct global *ret_global);
void global_release(struct global *global);

/*
 * Which lines are worth writing.  Managers show stderr to the user as the container's, and read
 * a JSON log as the one reason why a call failed: so there warnings must be asked for.
 */
enum log_level global_log_level(const struct global_values *values);

/* Where lines go from now on, as VALUES says.  May be called again. */
int global_open_log(const struct global_values *values);

/* Where containers are kept unless --root says it; the caller frees it. */
char *global_default_root(void);

/*
 * What the verbs are told.  *RET_ROOT, which ret_runtime->root points to, is the caller's to
 * free.  Nothing is made on disk.
 */
int global_runtime(const struct global_values *values, struct runtime *ret_runtime,
		   char **ret_root);
