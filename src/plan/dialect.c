/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dialect - annotations that only crun knows: what we do of them, and what we do not. */
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "plan/annotations.h"
#include "plan/build.h"

struct refusal {
	enum annotation annotation;
	const char *why;
};

/* clang-format off */
static const struct refusal refusals[] = {
	{ ANNOTATION_HANDLER,         "there are no handlers: a container's program is executed" },
	{ ANNOTATION_SECCOMP_PLUGINS, "no plugins are loaded, an agent at listenerPath can do the same" },
	{ ANNOTATION_SECCOMP_BPF,     "a filter is made of linux.seccomp alone" },
	{ ANNOTATION_SUBGROUP,        "the container's cgroup is that of its unit" },
	{ ANNOTATION_DELEGATE,        "the container's cgroup is the one that is delegated" },
	{ ANNOTATION_FORCE_V1,        "cgroup v1 is not supported" },
};
/* clang-format on */

static int check_refusal(struct build *b, const struct refusal *refusal)
{
	const char *value = annotation_find(&b->spec->annotations, refusal->annotation);

	if (!value || !*value)
		return 0;
	return err_refuse("annotations[\"%s\"]: not supported: %s",
			  annotation_names[refusal->annotation], refusal->why);
}

/* mount(8): the labels that SELinux takes as options. */
static int check_context(struct build *b)
{
	static const char *const words[] = { "context", "fscontext", "defcontext",
					     "rootcontext" };
	const char *value = annotation_find(&b->spec->annotations, ANNOTATION_MOUNT_CONTEXT);

	for (size_t i = 0; value && i < ARRAY_SIZE(words); i++)
		if (strcmp(value, words[i]) == 0)
			return 0;
	if (!value)
		return 0;
	return err_refuse("annotations[\"%s\"]: \"%s\" is none of context, fscontext, "
			  "defcontext, rootcontext",
			  annotation_names[ANNOTATION_MOUNT_CONTEXT], value);
}

static void find_receiver(struct build *b)
{
	const char *value = annotation_find(&b->spec->annotations, ANNOTATION_PIDFD_RECEIVER);
	_cleanup_free_ char *clean = NULL;

	if (!value || !*value)
		return;
	clean = path_clean(b->request->bundle, value);
	b->plan->pidfd_receiver = build_printf(b, "%s", clean);
}

/* Of a file of the host's nothing may be open in the container, where startContainer hooks run. */
static int check_hooks(struct build *b)
{
	static const enum annotation outputs[] = { ANNOTATION_HOOKS_STDOUT,
						   ANNOTATION_HOOKS_STDERR };

	if (!b->spec->hooks || b->spec->hooks->start_container.count == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(outputs); i++) {
		const char *value = annotation_find(&b->spec->annotations, outputs[i]);

		if (value && *value)
			return err_refuse("annotations[\"%s\"]: not supported with "
					  "hooks.startContainer, which run in the container",
					  annotation_names[outputs[i]]);
	}
	return 0;
}

int plan_dialect(struct build *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		int code = build_note(b, check_refusal(b, &refusals[i]));

		if (code < 0)
			return code;
	}
	find_receiver(b);
	return build_note(b, check_context(b)) ?: build_note(b, check_hooks(b));
}
