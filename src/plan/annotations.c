/* SPDX-License-Identifier: GPL-2.0-or-later */
/* annotations - those that change what is done; `features` lists them as potentially unsafe. */
#include "plan/annotations.h"

#include <string.h>

const char *const annotation_names[ANNOTATION_COUNT] = {
	/* clang-format off */
	[ANNOTATION_KEEP_GROUPS]      = "run.oci.keep_original_groups",
	[ANNOTATION_SYSTEMD_PROPERTY] = "org.systemd.property.",
	/* clang-format on */
};

const char *annotation_find(const struct oci_pairs *annotations, enum annotation annotation)
{
	return oci_pairs_get(annotations, annotation_names[annotation]);
}

const char *annotation_rest(const char *name, enum annotation annotation)
{
	const char *beginning = annotation_names[annotation];
	size_t length = strlen(beginning);

	return strncmp(name, beginning, length) == 0 ? name + length : NULL;
}
