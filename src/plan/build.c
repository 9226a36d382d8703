/* SPDX-License-Identifier: GPL-2.0-or-later */
/* build - what the parts of plan_build() share. */
#include "plan/build.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"

static char *print(struct build *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static char *print(struct build *b, const char *fmt, va_list ap)
{
	char space[256];
	va_list again;
	char *text;
	int size;

	va_copy(again, ap);
	size = vsnprintf(space, sizeof(space), fmt, again);
	va_end(again);
	if (size < 0)
		abort(); /* no format of ours can fail */
	if ((size_t)size < sizeof(space))
		return build_copy(b, space, (size_t)size);
	text = arena_alloc(&b->plan->arena, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, fmt, ap);
	return text;
}

char *build_copy(struct build *b, const char *text, size_t length)
{
	return arena_text(&b->plan->arena, text, length);
}

const char *build_clean(struct build *b, const char *base, const char *path)
{
	_cleanup_free_ char *clean = NULL;

	if (path_is_clean(path))
		return path;
	clean = path_clean(base, path);
	return build_copy(b, clean, strlen(clean));
}

char *build_printf(struct build *b, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = print(b, fmt, ap);
	va_end(ap);
	return text;
}

void *build_items(struct build *b, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		abort(); /* counts are bounded by the document's size */
	return arena_alloc(&b->plan->arena, total);
}

void *build_grow(struct build *b, void *items, size_t count, size_t *room, size_t size)
{
	void *grown;

	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 16;
	grown = build_items(b, *room, size);
	if (count)
		memcpy(grown, items, count * size);
	return grown;
}

block_text build_text(struct build *b, const char *text)
{
	return block_put_text(&b->plan->block, text);
}

block_text build_text_printf(struct build *b, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = print(b, fmt, ap);
	va_end(ap);
	return build_text(b, text);
}

block_text build_text_at(struct build *b, const char *name, size_t index)
{
	char space[128];
	size_t at = sizeof(space), length = strlen(name);

	if (length > sizeof(space) - 32)
		abort(); /* names of members are ours */
	space[--at] = '\0';
	space[--at] = ']';
	do
		space[--at] = (char)('0' + index % 10);
	while ((index /= 10) > 0);
	space[--at] = '[';
	at -= length;
	memcpy(space + at, name, length);
	return build_text(b, space + at);
}

struct block_list build_text_list(struct build *b, const char *const *items, size_t count)
{
	block_text *texts;
	void *room;
	struct block_list list =
		block_put_list(&b->plan->block, count, sizeof(block_text), &room);

	texts = room;
	for (size_t i = 0; i < count; i++)
		texts[i] = build_text(b, items[i]);
	return list;
}

struct block_list build_u32_list(struct build *b, const uint32_t *items, size_t count)
{
	void *room;
	struct block_list list =
		block_put_list(&b->plan->block, count, sizeof(uint32_t), &room);

	if (count)
		memcpy(room, items, count * sizeof(uint32_t));
	return list;
}

bool text_has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}
