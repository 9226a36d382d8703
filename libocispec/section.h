/* SPDX-License-Identifier: GPL-2.0-or-later */
/* section - where the specification tells about a member of config.json, and what in short. */
#pragma once

struct oci_section {
	const char *path;    /* "mounts[].destination" */
	const char *heading; /* "config.md, Mounts" */
	const char *rule;    /* one sentence, ours: what it wants */
};

/*
 * The row for the member at PATH ("mounts[2].destination", "linux.sysctl[\"net.x\"]") of
 * config.json, or for what it is part of. NULL when PATH is not of config.json.
 */
const struct oci_section *oci_section_find(const char *path);

/* All rows, in no order that matters; one without a path ends them. For tests. */
extern const struct oci_section oci_sections[];
