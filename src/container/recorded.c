/* SPDX-License-Identifier: GPL-2.0-or-later */
/* recorded - the hooks of a record, ready to run, and what they are told. */
#include "container/recorded.h"

#include <limits.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "plan/annotations.h"

/* exec(3) wants lists that end with NULL and are not const. */
static char *const *copy_strings(const struct oci_strings *strings, struct arena *arena)
{
	char **copy = arena_alloc(arena, (strings->count + 1) * sizeof(*copy));

	for (size_t i = 0; i < strings->count; i++)
		copy[i] = arena_text(arena, strings->items[i], strlen(strings->items[i]));
	return copy;
}

static struct hook to_hook(const struct oci_hook *from, struct arena *arena)
{
	const struct oci_strings only_path = { .items = &from->path, .count = 1 };
	int64_t timeout = from->timeout.value;

	return (struct hook){
		.path = from->path,
		.args = copy_strings(from->args.count ? &from->args : &only_path, arena),
		.env = from->env.is_set ? copy_strings(&from->env, arena) : NULL,
		.timeout = timeout > INT_MAX ? INT_MAX
			   : timeout < 0     ? 0
					     : (int)timeout,
	};
}

void recorded_hooks(const struct oci_hook_list *hooks, const char *kind, struct arena *arena,
		    struct hook_list *ret_list)
{
	struct hook *items = arena_alloc(arena, (hooks->count + 1) * sizeof(*items));

	for (size_t i = 0; i < hooks->count; i++)
		items[i] = to_hook(&hooks->items[i], arena);
	*ret_list = (struct hook_list){ .kind = kind, .items = items, .count = hooks->count };
}

static const char *find_output(const struct record *record, enum annotation annotation,
			       struct arena *arena)
{
	struct oci_pairs annotations = record_annotations(record);
	const char *value = annotation_find(&annotations, annotation);
	_cleanup_free_ char *clean = NULL;

	if (!value || !*value)
		return NULL;
	clean = path_clean(record->bundle ? record->bundle : "/", value);
	return arena_text(arena, clean, strlen(clean));
}

void recorded_outputs(const struct record *record, struct arena *arena, struct hook_list *list)
{
	list->out = find_output(record, ANNOTATION_HOOKS_STDOUT, arena);
	list->err = find_output(record, ANNOTATION_HOOKS_STDERR, arena);
}

void recorded_state(const struct record *record, enum oci_status status, int pid,
		    struct oci_text *text)
{
	struct oci_state state = {
		.oci_version = record->oci_version,
		.id = record->id,
		.status = status,
		.bundle = record->bundle,
		.annotations = record_annotations(record),
	};

	if (pid > 0)
		state.pid = (struct oci_i32)OCI_SET(pid);
	if (state.annotations.count == 0)
		state.annotations.is_set = false;
	oci_encode(&oci_state_type, &state, NULL, text);
}
