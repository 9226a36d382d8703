/* SPDX-License-Identifier: GPL-2.0-or-later */
/* annotations - those that change what is done; `features` lists them as potentially unsafe. */
#pragma once

#include "libocispec/value.h"

enum annotation {
	ANNOTATION_KEEP_GROUPS,      /* "1": the caller's supplementary groups stay */
	ANNOTATION_CRIU_CONFIG,      /* a file of CRIU's options; "": none */
	ANNOTATION_SYSTEMD_PROPERTY, /* what begins so sets a property of the unit */
	/* As crun has them: */
	ANNOTATION_MOUNT_CONTEXT, /* the option that linux.mountLabel becomes: "rootcontext" ... */
	ANNOTATION_PIDFD_RECEIVER,   /* as --pidfd-socket, which has the last word */
	ANNOTATION_SECCOMP_RECEIVER, /* the agent where linux.seccomp.listenerPath says none */
	ANNOTATION_SECCOMP_STRICT, /* not "0": names of system calls that nobody knows are refused */
	ANNOTATION_HOOKS_STDOUT, /* a file that hooks' output is appended to */
	ANNOTATION_HOOKS_STDERR,
	/* As crun has them, and refused by name: */
	ANNOTATION_HANDLER,
	ANNOTATION_SECCOMP_PLUGINS,
	ANNOTATION_SECCOMP_BPF,
	ANNOTATION_SUBGROUP, /* but "", what we do anyway */
	ANNOTATION_DELEGATE,
	ANNOTATION_FORCE_V1,
	ANNOTATION_COUNT,
};

/* With a dot at its end, it is what their names begin with. */
extern const char *const annotation_names[ANNOTATION_COUNT];

/* The value of ANNOTATION, or NULL.  No other annotation may decide anything. */
const char *annotation_find(const struct oci_pairs *annotations, enum annotation annotation);

/* What NAME says behind the beginning that ANNOTATION stands for; NULL: it begins otherwise. */
const char *annotation_rest(const char *name, enum annotation annotation);
