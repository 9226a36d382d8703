/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hooks - who is run when (config.md, "POSIX-platform Hooks"). */
#include <limits.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "libocispec/encode.h"
#include "libocispec/state.h"
#include "plan/annotations.h"
#include "plan/build.h"

static int check_env(const struct oci_hook *spec, const char *kind, size_t index)
{
	for (size_t i = 0; i < spec->env.count; i++)
		if (strcspn(spec->env.items[i], "=") == 0 || !strchr(spec->env.items[i], '='))
			return err_refuse("hooks.%s[%zu].env[%zu]: \"%s\" is not of the form "
					  "NAME=VALUE",
					  kind, index, i, spec->env.items[i]);
	return 0;
}

static int check(const struct oci_hook *spec, const char *kind, size_t index)
{
	if (spec->path[0] != '/')
		return err_refuse("hooks.%s[%zu].path: \"%s\" is not absolute", kind, index,
				  spec->path);
	if (spec->timeout.is_set && (spec->timeout.value <= 0 || spec->timeout.value > INT_MAX))
		return err_refuse(
			"hooks.%s[%zu].timeout: %lld is not a number of seconds above 0", kind,
			index, (long long)spec->timeout.value);
	return check_env(spec, kind, index);
}

/* A list for execve(2), which wants it ended and does not say const. */
static char *const *copy_strings(struct build *b, const struct oci_strings *list)
{
	char **copy = build_items(b, list->count + 1, sizeof(*copy));

	for (size_t i = 0; i < list->count; i++)
		copy[i] = build_copy(b, list->items[i], strlen(list->items[i]));
	return copy;
}

static void copy_hook(struct build *b, const struct oci_hook *spec, struct hook *hook)
{
	const char *const path[] = { spec->path };
	const struct oci_strings default_args = OCI_LIST_OF(path);

	hook->path = spec->path;
	hook->args = copy_strings(b, spec->args.count ? &spec->args : &default_args);
	hook->env = spec->env.is_set ? copy_strings(b, &spec->env) : NULL;
	hook->timeout = (int)spec->timeout.value;
}

/* Relative to the bundle, which is where hooks run. */
static const char *find_output(struct build *b, enum annotation annotation)
{
	const char *value = annotation_find(&b->spec->annotations, annotation);
	_cleanup_free_ char *clean = NULL;

	if (!value || !*value)
		return NULL;
	clean = path_clean(b->request->bundle, value);
	return build_printf(b, "%s", clean);
}

static int plan_list(struct build *b, const struct oci_hook_list *spec, const char *kind,
		     struct hook_list *ret_list)
{
	struct hook *items = build_items(b, spec->count, sizeof(*items));

	for (size_t i = 0; i < spec->count; i++) {
		int code = build_note(b, check(&spec->items[i], kind, i));

		if (code < 0)
			return code;
		copy_hook(b, &spec->items[i], &items[i]);
	}
	ret_list->kind = kind;
	ret_list->items = items;
	ret_list->count = spec->count;
	if (spec->count) {
		ret_list->out = find_output(b, ANNOTATION_HOOKS_STDOUT);
		ret_list->err = find_output(b, ANNOTATION_HOOKS_STDERR);
	}
	return 0;
}

static void put_hook(struct build *b, const struct oci_hook *spec, struct block_hook *hook)
{
	const char *const *args = spec->args.count ? spec->args.items : &spec->path;

	hook->path = build_text(b, spec->path);
	hook->args = build_text_list(b, args, spec->args.count ? spec->args.count : 1);
	hook->env = build_text_list(b, spec->env.items, spec->env.count);
	hook->has_env = spec->env.is_set;
	hook->timeout = (uint32_t)spec->timeout.value;
}

/*
 * What startContainer hooks read on stdin.  Only init knows the pid, so the
 * text is cut where that number is; "pid" followed by a bare number cannot be
 * in a string, whose quotes are escaped, and annotations have no numbers.
 */
static void put_state(struct build *b)
{
	static const char mark[] = "\"pid\":1";
	const struct oci_state state = {
		.oci_version = b->spec->oci_version,
		.id = b->request->id,
		.pid = OCI_SET(1),
		.status = OCI_STATUS_CREATED,
		.bundle = b->request->bundle,
		.annotations = b->spec->annotations,
	};
	struct oci_text text = { 0 };
	char *number;

	oci_encode(&oci_state_type, &state, NULL, &text);
	number = strstr(text.bytes, mark) + sizeof(mark) - 2;
	b->init->hook_state_tail = build_text(b, number + 1);
	*number = '\0';
	b->init->hook_state_head = build_text(b, text.bytes);
	oci_text_release(&text);
}

static int plan_start_hooks(struct build *b, const struct oci_hook_list *spec)
{
	struct block_hook *hooks;
	void *room;

	b->init->hooks_start =
		block_put_list(&b->plan->block, spec->count, sizeof(*hooks), &room);
	hooks = room;
	for (size_t i = 0; i < spec->count; i++) {
		int code = build_note(b, check(&spec->items[i], "startContainer", i));

		if (code < 0)
			return code;
		put_hook(b, &spec->items[i], &hooks[i]);
	}
	if (spec->count)
		put_state(b);
	return 0;
}

int plan_hooks(struct build *b)
{
	static const struct oci_hooks nothing;
	const struct oci_hooks *spec = b->spec->hooks ? b->spec->hooks : &nothing;
	struct plan *plan = b->plan;

	return plan_list(b, &spec->prestart, "prestart", &plan->prestart) ?:
	       plan_list(b, &spec->create_runtime, "createRuntime", &plan->create_runtime) ?:
	       plan_list(b, &spec->create_container, "createContainer",
			 &plan->create_container) ?:
	       plan_start_hooks(b, &spec->start_container) ?:
	       plan_list(b, &spec->poststart, "poststart", &plan->poststart) ?:
	       plan_list(b, &spec->poststop, "poststop", &plan->poststop);
}
