/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_report - what `tare check --format json` prints (tare-check.8, "JSON"). */
#include "container/check_report.h"

#include "libocispec/tables.h"

/* clang-format off */
#define T check_problem
static const struct oci_type check_problem_type = TYPE(
	STRING("severity", severity, REQUIRED),
	STRING("path",     path, REQUIRED),
	U32   ("line",     line),
	U32   ("column",   column),
	STRING("message",  message, REQUIRED),
	STRING("section",  section),
	STRING("rule",     rule));
#undef T

#define T check_counts
static const struct oci_type check_counts_type = TYPE(
	U32("error",   error, REQUIRED),
	U32("host",    host, REQUIRED),
	U32("warning", warning, REQUIRED),
	U32("omitted", omitted, REQUIRED));
#undef T

#define T check_report
const struct oci_type check_report_type = TYPE(
	STRING ("bundle",     bundle, REQUIRED),
	STRING ("config",     config),
	STRING ("ociVersion", oci_version),
	OBJECTS("problems",   problems, check_problem),
	OBJECT ("counts",     counts, check_counts, REQUIRED));
#undef T
/* clang-format on */
