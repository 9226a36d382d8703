/* SPDX-License-Identifier: GPL-2.0-or-later */
/* annotations - those that change what is done; `features` lists them as potentially unsafe. */
#pragma once

#include "libocispec/value.h"

enum annotation {
	ANNOTATION_KEEP_GROUPS,      /* "1": the caller's supplementary groups stay */
	ANNOTATION_SYSTEMD_PROPERTY, /* what begins so sets a property of the unit */
	ANNOTATION_COUNT,
};

/* With a dot at its end, it is what their names begin with. */
extern const char *const annotation_names[ANNOTATION_COUNT];

/* The value of ANNOTATION, or NULL.  No other annotation may decide anything. */
const char *annotation_find(const struct oci_pairs *annotations, enum annotation annotation);

/* What NAME says behind the beginning that ANNOTATION stands for; NULL: it begins otherwise. */
const char *annotation_rest(const char *name, enum annotation annotation);
