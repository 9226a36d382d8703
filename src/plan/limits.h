/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limits - how the files of linux.resources add a line to the list of what is written. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "plan/build.h"

/* All values as text that lives as long as the plan. */
struct limit {
	const char *file;
	const char *value;
	const char *origin;
	bool may_be_absent;
	bool is_try; /* see struct cgroup_write */
	const char *instead;
	bool is_unified; /* config.json itself names the file */
};

/* Refuses what needs a controller that is not there. */
int limits_add(struct build *b, const struct limit *limit);

/* For members of a fixed name: "linux.resources.NAME". */
#define LIMIT_ORIGIN(name) "linux.resources." name

int limits_block_io(struct build *b, const struct oci_block_io *spec);    /* blockio.c */
int limits_devices(struct build *b, const struct oci_device_rules *list); /* devicerules.c */
