/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options - what a manager wants of a container's runtime, in whatever form it says so. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shim/api/runtime.pb-c.h"

/* As containerd.runc.v1.Options; strings are never NULL. */
struct options {
	char *binary; /* "": tare */
	char *root;   /* "": OPTIONS_ROOT */
	char *shim_cgroup;
	char *criu_path;
	char *criu_image_path;
	char *criu_work_path;
	uint32_t uid, gid; /* of what the container's streams are */
	bool is_systemd;
	bool has_no_pivot;
	bool has_no_keyring;
};

#define OPTIONS_ROOT "/run/containerd/runc"

/* The name of ANY's type, without the host that may be in front of it; "": it has none. */
const char *options_type(const Api__Any *any);

/*
 * Read ANY (NULL or empty: nothing is wanted): containerd.runc.v1.Options; runtimeoptions.v1.Options,
 * whose TOML is in it or in a file; or containerd.linux.runc.CreateOptions. What is not known is
 * refused by name. The caller releases *RET_OPTIONS. Returns 0, or -errno with a record.
 */
int options_read(const Api__Any *any, struct options *ret_options);

/* Read TOML alone. */
int options_read_toml(const char *text, size_t size, struct options *ret_options);

/*
 * Keep them in the folder BUNDLE for the time when the shim is gone, as Go's shim does: the files
 * "runtime" and "options.json". Returns 0, or -errno with a record.
 */
int options_save(const struct options *options, const char *bundle);

/* What was kept. Returns 1; 0 when nothing was; -errno with a record. */
int options_load(const char *bundle, struct options *ret_options);

/* The container is gone: forget that it has a runtime. */
void options_forget(const char *bundle);

void options_release(struct options *options);
