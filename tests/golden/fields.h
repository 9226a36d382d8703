/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fields - which members of config.json there are, and on which of them a plan depends. */
#pragma once

#include <stdbool.h>

#include "libocispec/spec.h"

/*
 * Print the path of each member that holds a value: one line for each way through the tables,
 * as in "mounts[].options" and "linux.resources.rdma{}.hcaHandles".
 */
void fields_print(void);

/* What came of a document, as it was before anything was changed in it. */
struct outcome;

/* Whether something else comes of SPEC. The caller of fields_try() has it. */
bool outcome_differs(const struct outcome *before, const struct oci_spec *spec);

/*
 * Change the members that SPEC has one by one: "PATH<tab>NAME" is printed for each whose change
 * makes an outcome that differs from BEFORE. SPEC's lists and objects must be in an arena; it is
 * as it was afterwards.
 */
void fields_try(struct oci_spec *spec, const struct outcome *before, const char *name);
