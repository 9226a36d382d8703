/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest - the name that somebody may have meant. */
#pragma once

#include "libocispec/schema.h"

/*
 * The member of TYPE whose name is so near to NAME that one was probably written for the other:
 * a letter or two too many, too few, wrong or swapped. NULL when there is none.
 */
const char *oci_nearest(const struct oci_type *type, const char *name);
