/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_report - what `tare check --format json` prints (tare-check.8, "JSON"). */
#pragma once

#include "libocispec/schema.h"
#include "libocispec/value.h"

struct check_problem {
	const char *severity; /* "error", "host" or "warning" */
	const char *path;     /* JSON path; "" when it is not about a member */
	struct oci_u32 line;  /* from 1; absent when it is not about the document */
	struct oci_u32 column;
	const char *message;
	const char *section; /* of the specification; NULL when there is none */
	const char *rule;
};
OCI_LIST(check_problems, struct check_problem);

struct check_counts {
	struct oci_u32 error, host, warning;
	struct oci_u32 omitted; /* problems that there was no room for */
};

struct check_report {
	const char *bundle;      /* clean, absolute */
	const char *config;      /* the file; NULL when there is no bundle */
	const char *oci_version; /* NULL when it could not be read */
	struct check_problems problems;
	struct check_counts *counts;
};

extern const struct oci_type check_report_type;
