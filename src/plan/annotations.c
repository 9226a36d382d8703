/* SPDX-License-Identifier: GPL-2.0-or-later */
/* annotations - those that change what is done; `features` lists them as potentially unsafe. */
#include "plan/annotations.h"

#include <string.h>

const char *const annotation_names[ANNOTATION_COUNT] = {
	/* clang-format off */
	[ANNOTATION_KEEP_GROUPS]      = "run.oci.keep_original_groups",
	[ANNOTATION_CRIU_CONFIG]      = "org.criu.config",
	[ANNOTATION_SYSTEMD_PROPERTY] = "org.systemd.property.",
	[ANNOTATION_MOUNT_CONTEXT]    = "run.oci.mount_context_type",
	[ANNOTATION_PIDFD_RECEIVER]   = "run.oci.pidfd_receiver",
	[ANNOTATION_SECCOMP_RECEIVER] = "run.oci.seccomp.receiver",
	[ANNOTATION_SECCOMP_STRICT]   = "run.oci.seccomp_fail_unknown_syscall",
	[ANNOTATION_HANDLER]          = "run.oci.handler",
	[ANNOTATION_SECCOMP_PLUGINS]  = "run.oci.seccomp.plugins",
	[ANNOTATION_SECCOMP_BPF]      = "run.oci.seccomp_bpf_data",
	[ANNOTATION_SUBGROUP]         = "run.oci.systemd.subgroup",
	[ANNOTATION_DELEGATE]         = "run.oci.delegate-cgroup",
	[ANNOTATION_FORCE_V1]         = "run.oci.systemd.force_cgroup_v1",
	[ANNOTATION_HOOKS_STDOUT]     = "run.oci.hooks.stdout",
	[ANNOTATION_HOOKS_STDERR]     = "run.oci.hooks.stderr",
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
