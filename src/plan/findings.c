/* SPDX-License-Identifier: GPL-2.0-or-later */
/* findings - all that is wrong with a bundle, where creating a container stops at the first. */
#include "plan/findings.h"

#include <string.h>

#include "libocispec/locate.h"
#include "libocispec/spec.h"

/* True when PATH, of LENGTH bytes, is ABOVE or a path in it. */
static bool is_at_or_below(const char *path, size_t length, const char *above)
{
	size_t size = strlen(above);

	if (size > length || strncmp(path, above, size) != 0)
		return false;
	return size == length || path[size] == '.' || path[size] == '[';
}

/* Something that PATH is in, or PATH itself, could not be read. */
static bool is_consequence(const struct findings *findings, const char *path, size_t length)
{
	for (size_t i = 0; length > 0 && i < findings->count; i++) {
		const struct finding *item = &findings->items[i];

		if (item->is_unread && *item->path && is_at_or_below(path, length, item->path))
			return true;
	}
	return false;
}

bool findings_have_unread(const struct findings *findings, const char *path)
{
	if (is_consequence(findings, path, strlen(path)))
		return true;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *item = &findings->items[i];

		if (item->is_unread && is_at_or_below(item->path, strlen(item->path), path))
			return true;
	}
	return false;
}

static struct finding *new_item(struct findings *findings)
{
	if (findings->count == findings->capacity) {
		size_t capacity = findings->capacity ? findings->capacity * 2 : 16;
		struct finding *items =
			arena_alloc(&findings->arena, capacity * sizeof(*items));

		if (findings->count)
			memcpy(items, findings->items, findings->count * sizeof(*items));
		findings->items = items;
		findings->capacity = capacity;
	}
	return &findings->items[findings->count++];
}

struct finding *findings_add(struct findings *findings, enum finding_severity severity,
			     const char *text)
{
	size_t length = oci_path_length(&oci_spec_type, text);

	if (is_consequence(findings, text, length))
		return NULL;
	return findings_put(findings, severity, arena_text(&findings->arena, text, length),
			    length ? text + length + 2 : text);
}

struct finding *findings_put(struct findings *findings, enum finding_severity severity,
			     const char *path, const char *text)
{
	struct finding *item;

	if (findings->count == FINDINGS_MAX) {
		findings->left_out++;
		return NULL;
	}
	item = new_item(findings);
	item->severity = severity;
	item->path = arena_text(&findings->arena, path, strlen(path));
	item->text = arena_text(&findings->arena, text, strlen(text));
	return item;
}

void findings_release(struct findings *findings)
{
	arena_free(&findings->arena);
	*findings = (struct findings){ 0 };
}
