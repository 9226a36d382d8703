/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode_error - say what is wrong with a document, and where. */
#include "libocispec/decoder.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "libocispec/utf8.h"

#define QUOTE_MAX 40

/* A text that is cut rather than spilled, never within a character, and fit for a terminal. */
struct cut {
	char *bytes;
	size_t size;
	size_t used;
};

static void cut_add(struct cut *cut, const char *text, size_t length)
{
	while (length > 0) {
		size_t step = oci_utf8_length(text, length);
		bool is_plain = step > 1 || (step == 1 && *text >= ' ' && *text != 0x7f);

		step = step ? step : 1;
		if (cut->used + step >= cut->size)
			return;
		if (is_plain)
			memcpy(cut->bytes + cut->used, text, step);
		else
			cut->bytes[cut->used] = '?';
		cut->used += step;
		cut->bytes[cut->used] = '\0';
		text += step;
		length -= step;
	}
}

static void cut_print(struct cut *cut, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void cut_print(struct cut *cut, const char *format, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	cut_add(cut, text, strlen(text));
}

static void add_frame(struct cut *path, const struct frame *frame)
{
	if (frame->shape == OCI_LIST_OF_THEM) {
		cut_print(path, "[%zu]", frame->count);
	} else if (!frame->key) {
		return;
	} else if (frame->shape == OCI_MAP_OF_THEM) {
		cut_add(path, "[\"", 2);
		cut_add(path, frame->key, strlen(frame->key));
		cut_add(path, "\"]", 2);
	} else {
		if (path->used > 0)
			cut_add(path, ".", 1);
		cut_add(path, frame->key, strlen(frame->key));
	}
}

static void set_path(struct decoder *d)
{
	struct cut path = { d->error->path, sizeof(d->error->path), 0 };

	d->error->path[0] = '\0';
	for (size_t i = 1; i < d->depth; i++)
		add_frame(&path, &d->frames[i]);
}

static void set_position(struct decoder *d, size_t offset)
{
	const char *bytes = d->document->bytes;
	struct position *position = &d->position;

	if (offset < position->offset || position->line == 0)
		*position = (struct position){ .line = 1 };
	for (; position->offset < offset; position->offset++) {
		if (bytes[position->offset] == '\n') {
			position->line++;
			position->line_start = position->offset + 1;
		}
	}
	d->error->line = position->line;
	d->error->column = (unsigned)(offset - position->line_start + 1);
}

static bool is_between_tokens(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':';
}

size_t decoder_start(const struct decoder *d)
{
	size_t start = d->before;

	while (start < d->document->size && is_between_tokens(d->document->bytes[start]))
		start++;
	return start;
}

static void set_text(struct oci_error *error, const char *name, const char *what)
{
	struct cut text = { error->text, sizeof(error->text), 0 };

	cut_add(&text, name, strnlen(name, sizeof(error->text) / 4));
	if (error->line > 0)
		cut_print(&text, ":%u:%u", error->line, error->column);
	if (error->path[0]) {
		cut_add(&text, ": ", 2);
		cut_add(&text, error->path, strlen(error->path));
	}
	cut_add(&text, ": ", 2);
	error->what = text.used;
	cut_add(&text, what, strlen(what));
}

void decoder_fill_error(struct decoder *d, size_t offset, const char *what)
{
	d->error->code = EINVAL;
	set_path(d);
	set_position(d, offset);
	set_text(d->error, d->document->name, what);
}

int decoder_refuse(struct decoder *d, size_t offset, const char *format, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, format);
	vsnprintf(what, sizeof(what), format, ap);
	va_end(ap);

	if (d->problems)
		decoder_problem(d, false);
	decoder_fill_error(d, offset, what);
	return d->problems != NULL;
}

int decoder_refuse_all(struct decoder *d, int code, const char *what)
{
	if (d->problems)
		decoder_problem(d, false);
	*d->error = (struct oci_error){ .code = code };
	set_text(d->error, d->document->name, what);
	return -code;
}

int decoder_quote(const char *text, size_t length, const char **ret_dots)
{
	size_t shown = 0;

	while (shown < length) {
		size_t step = oci_utf8_length(text + shown, length - shown);

		if (shown + step > QUOTE_MAX)
			break;
		shown += step ? step : 1;
	}
	*ret_dots = shown < length ? "..." : "";
	return (int)shown;
}
