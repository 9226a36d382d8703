/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oddities - what is allowed and has no effect, or is hardly what somebody wanted. */
#include <string.h>

#include "base/cleanup.h"
#include "plan/build.h"
#include "plan/nameset.h"

/* Creating a container says it in the log, where somebody looks for what went wrong. */
#define ODD(b, ...) build_warn(b, LOG_DEBUG, __VA_ARGS__)

static void look_at_version(struct build *b)
{
	static const char known[] = OCI_VERSION_MAX;
	const char *version = b->spec->oci_version;
	size_t minor = strcspn(known + 2, ".");

	/* "1.10" is more than "1.9", and longer. */
	if (strncmp(version, "1.", 2) != 0 || strcspn(version + 2, ".") < minor)
		return;
	if (strcspn(version + 2, ".") > minor || strncmp(version + 2, known + 2, minor) > 0)
		ODD(b, "ociVersion: newer than %s: what is new in it is not known here", known);
}

/* config.md, "Prestart": deprecated in favour of the hooks that have come since. */
static void look_at_hooks(struct build *b)
{
	if (b->spec->hooks && b->spec->hooks->prestart.count)
		ODD(b, "hooks.prestart: deprecated; createRuntime, createContainer and "
		       "startContainer say when they run");
}

static void look_at_terminal(struct build *b, const struct oci_process *process)
{
	if (process->console_size && !process->terminal.value)
		ODD(b, "process.consoleSize: has no effect without a terminal");
}

/* Of a name that is there twice the last one counts: this one is told of the others. */
static void look_at_environment(struct build *b, const struct oci_strings *env)
{
	struct nameset seen;

	if (!b->request->findings)
		return; /* a search that is worth it for who reads the answer */
	nameset_init(&seen, b, env->count);
	for (size_t i = env->count; i-- > 0;)
		if (strchr(env->items[i], '=') &&
		    !nameset_add(&seen, env->items[i], strcspn(env->items[i], "=")))
			ODD(b, "process.env[%zu]: the same name comes again, and counts there",
			    i);
}

static void look_at_seccomp(struct build *b, const struct oci_seccomp *seccomp)
{
	if (seccomp->default_action == OCI_SECCOMP_ACT_ALLOW && !seccomp->syscalls.count)
		ODD(b, "linux.seccomp: allows everything: without rules it has no effect");
}

int plan_oddities(struct build *b)
{
	const struct oci_process *process = b->spec->process;

	look_at_version(b);
	look_at_hooks(b);
	if (process) {
		look_at_terminal(b, process);
		look_at_environment(b, &process->env);
	}
	if (b->linux->seccomp)
		look_at_seccomp(b, b->linux->seccomp);
	return 0;
}
