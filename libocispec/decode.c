/* SPDX-License-Identifier: GPL-2.0-or-later */
/* decode - JSON text to structs: yajl says what comes, a stack of frames knows where to. */
#include "libocispec/decode.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libocispec/decoder.h"
#include "libocispec/utf8.h"

static struct frame *top(struct decoder *d)
{
	return &d->frames[d->depth - 1];
}

/* Each callback begins with this, so that the token's place is known. */
static void token(struct decoder *d)
{
	d->before = d->end;
	d->end = d->is_complete ? d->document->size : yajl_get_bytes_consumed(d->yajl);
}

/* A value has been read (or skipped): the frame that it was in goes on to the next. */
static int value_done(struct decoder *d)
{
	struct frame *frame = top(d);

	if (frame->shape == OCI_ONE)
		frame->field = NULL;
	else
		frame->count++;
	if (frame->shape != OCI_LIST_OF_THEM)
		frame->key = NULL;
	return 1;
}

/* The value that comes now is part of a member that no table knows. */
static bool is_skipped(struct decoder *d)
{
	struct frame *frame = top(d);

	return d->skipped > 0 || (frame->shape == OCI_ONE && !frame->field);
}

/* After a value that is_skipped(). */
static int skip_done(struct decoder *d)
{
	return d->skipped > 0 ? 1 : value_done(d);
}

static size_t item_size(const struct oci_field *field)
{
	if (field->kind == OCI_OBJECT)
		return field->type->size;
	if (field->kind == OCI_STRING)
		return field->shape == OCI_MAP_OF_THEM ? sizeof(struct oci_pair)
						       : sizeof(char *);
	assert(field->kind == OCI_ENUM || field->kind == OCI_U32);
	return sizeof(uint32_t);
}

/* Room for one more item in a list or map; what is outgrown stays in the arena, unused. */
static char *item_new(struct decoder *d, struct frame *frame)
{
	size_t size = item_size(frame->field);

	if (frame->count == frame->capacity) {
		size_t capacity = frame->capacity ? frame->capacity * 2 : 4;
		char *items = arena_alloc(d->arena, capacity * size);

		if (frame->count > 0)
			memcpy(items, frame->items, frame->count * size);
		frame->items = items;
		frame->capacity = capacity;
	}
	return (char *)frame->items + frame->count * size;
}

/* Where the value that comes now is to be put. */
static void *place_of(struct decoder *d, struct frame *frame)
{
	char *item;

	if (frame->shape == OCI_ONE) {
		frame->present |= UINT64_C(1) << (frame->field - frame->type->fields);
		return frame->base + frame->field->offset;
	}
	item = item_new(d, frame);
	if (frame->shape == OCI_MAP_OF_THEM) {
		*(const char **)item = frame->key;
		if (frame->field->kind == OCI_STRING)
			return item + offsetof(struct oci_pair, value);
	}
	return item;
}

/* Refuse what comes now; where problems are collected, there is something in its place. */
static int unexpected(struct decoder *d, const char *what)
{
	struct frame *frame = top(d);
	void *place;

	if (!decoder_refuse(d, decoder_start(d), "did not expect %s here", what))
		return 0;
	if (d->depth == 1)
		return 0; /* in place of the whole document: there is nothing to go on with */
	place = place_of(d, frame);
	if (frame->shape != OCI_ONE)
		decoder_fill_item(d, frame->field, place);
	return 1;
}

/* The same for a value that consists of others. */
static int unexpected_many(struct decoder *d, const char *what)
{
	if (!unexpected(d, what))
		return 0;
	d->skipped = 1;
	return 1;
}

/* A single value of KIND may come now: the member is no list, or we are in it. */
static bool is_wanted(const struct frame *frame, enum oci_kind kind)
{
	if (frame->shape == OCI_ONE && frame->field->shape != OCI_ONE)
		return false;
	return frame->field->kind == kind;
}

static bool is_number_wanted(const struct frame *frame)
{
	return is_wanted(frame, OCI_I32) || is_wanted(frame, OCI_I64) ||
	       is_wanted(frame, OCI_U16) || is_wanted(frame, OCI_U32) ||
	       is_wanted(frame, OCI_U64);
}

static int on_null(void *context)
{
	struct decoder *d = context;

	token(d);
	if (is_skipped(d))
		return skip_done(d);
	if (top(d)->shape != OCI_ONE)
		return unexpected(d, "null") && value_done(d);
	return value_done(d);
}

static int on_boolean(void *context, int value)
{
	struct decoder *d = context;

	token(d);
	if (is_skipped(d))
		return skip_done(d);
	if (!is_wanted(top(d), OCI_BOOL))
		return unexpected(d, "a boolean") && value_done(d);
	*(struct oci_bool *)place_of(d, top(d)) = (struct oci_bool)OCI_SET(value != 0);
	return value_done(d);
}

static int on_number(void *context, const char *text, size_t length)
{
	struct decoder *d = context;
	struct frame *frame = top(d);

	token(d);
	if (is_skipped(d))
		return skip_done(d);
	if (!is_number_wanted(frame))
		return unexpected(d, "a number") && value_done(d);
	return decoder_put_number(d, frame->field, place_of(d, frame), text, length) &&
	       value_done(d);
}

static int on_string(void *context, const unsigned char *text, size_t length)
{
	struct decoder *d = context;
	struct frame *frame = top(d);

	token(d);
	if (is_skipped(d))
		return skip_done(d);
	if (!is_wanted(frame, OCI_STRING) && !is_wanted(frame, OCI_ENUM))
		return unexpected(d, "a string") && value_done(d);
	return decoder_put_string(d, frame->field, place_of(d, frame), (const char *)text,
				  length) &&
	       value_done(d);
}

static int push(struct decoder *d, struct frame frame)
{
	assert(d->depth < sizeof(d->frames) / sizeof(d->frames[0]));

	frame.start = decoder_start(d);
	frame.names = d->names_count;
	d->frames[d->depth++] = frame;
	return 1;
}

/* An object or array begins. The first frame is not a level of the document. */
static int check_depth(struct decoder *d)
{
	if (d->depth + d->skipped <= OCI_DEPTH_MAX)
		return 1;
	decoder_refuse(d, decoder_start(d), "nested deeper than %d levels", OCI_DEPTH_MAX);
	return 0;
}

/* The struct of the object that begins now: an item itself, or what the member points to. */
static char *object_new(struct decoder *d, struct frame *frame)
{
	char *place = place_of(d, frame);

	if (frame->shape == OCI_ONE) {
		char *object = arena_alloc(d->arena, frame->field->type->size);

		*(void **)place = object;
		return object;
	}
	return place;
}

static int push_many(struct decoder *d, struct frame *frame)
{
	return push(d, (struct frame){
			       .shape = frame->field->shape,
			       .field = frame->field,
			       .base = place_of(d, frame),
		       });
}

/* Something with others in it begins; false: *RET_RESULT is all that is to be done with it. */
static bool begins(struct decoder *d, int *ret_result)
{
	token(d);
	*ret_result = check_depth(d);
	if (*ret_result == 0)
		return false;
	if (!is_skipped(d))
		return true;
	d->skipped++;
	return false;
}

static int on_object(void *context)
{
	struct decoder *d = context;
	struct frame *frame = top(d);
	int result;

	if (!begins(d, &result))
		return result;
	if (frame->shape == OCI_ONE && frame->field->shape == OCI_MAP_OF_THEM)
		return push_many(d, frame);
	if (!is_wanted(frame, OCI_OBJECT))
		return unexpected_many(d, "an object");
	return push(d, (struct frame){
			       .shape = OCI_ONE,
			       .type = frame->field->type,
			       .base = object_new(d, frame),
		       });
}

static int on_array(void *context)
{
	struct decoder *d = context;
	struct frame *frame = top(d);
	int result;

	if (!begins(d, &result))
		return result;
	if (frame->shape != OCI_ONE || frame->field->shape != OCI_LIST_OF_THEM)
		return unexpected_many(d, "an array");
	return push_many(d, frame);
}

/* A member of an object begins: find its row. */
static int object_key(struct decoder *d, struct frame *frame, const char *name, size_t length)
{
	const struct oci_field *field = decoder_field(frame->type, name, length);
	uint64_t bit;

	if (!field) {
		const char *folded = decoder_fold(d->arena, name, length);
		size_t folded_length = strlen(folded);

		frame->key = arena_text(d->arena, name, length);
		field = decoder_field(frame->type, folded, folded_length);
		if (!field) {
			decoder_name_add(d, folded, folded_length, frame->key);
			decoder_unknown(d, frame->type);
			return 1;
		}
	}
	frame->field = field;
	frame->key = field->name;
	bit = UINT64_C(1) << (field - frame->type->fields);
	if (frame->seen & bit) {
		frame->field = NULL;
		return decoder_refuse(d, decoder_start(d), "given twice");
	}
	frame->seen |= bit;
	return 1;
}

static int on_key(void *context, const unsigned char *name, size_t length)
{
	struct decoder *d = context;
	struct frame *frame = top(d);

	token(d);
	if (d->skipped > 0)
		return 1;
	if (frame->shape == OCI_ONE)
		return object_key(d, frame, (const char *)name, length);
	frame->key = arena_text(d->arena, (const char *)name, length);
	decoder_name_add(d, frame->key, length, frame->key);
	return 1;
}

static int check_required(struct decoder *d, struct frame *frame)
{
	for (const struct oci_field *field = frame->type->fields; field->name; field++) {
		uint64_t bit = UINT64_C(1) << (field - frame->type->fields);

		if (field->required && !(frame->present & bit)) {
			frame->key = field->name;
			if (!decoder_refuse(d, frame->start, "required, but missing"))
				return 0;
		}
	}
	if (d->problems)
		decoder_fill_object(d, frame->type, frame->base);
	return 1;
}

static void list_close(const struct frame *frame)
{
	*(struct oci_list *)frame->base = (struct oci_list){
		.items = frame->items,
		.count = frame->count,
		.is_set = true,
	};
}

/* An object, map or list ends. */
static int on_end(void *context)
{
	struct decoder *d = context;
	struct frame *frame = top(d);

	token(d);
	if (d->skipped > 0) {
		d->skipped--;
		return skip_done(d);
	}
	if (!decoder_names_check(d))
		return 0;
	if (frame->shape == OCI_ONE && !check_required(d, frame))
		return 0;
	if (frame->shape != OCI_ONE)
		list_close(frame);
	d->depth--;
	return value_done(d);
}

static void *yajl_memory(void *context, size_t size)
{
	(void)context;
	return oci_realloc(NULL, size);
}

static void *yajl_more_memory(void *context, void *old, size_t size)
{
	(void)context;
	return oci_realloc(old, size);
}

static void yajl_no_memory(void *context, void *old)
{
	(void)context;
	free(old);
}

static yajl_handle parser_new(struct decoder *d)
{
	static const yajl_callbacks callbacks = {
		.yajl_null = on_null,
		.yajl_boolean = on_boolean,
		.yajl_number = on_number,
		.yajl_string = on_string,
		.yajl_start_map = on_object,
		.yajl_map_key = on_key,
		.yajl_end_map = on_end,
		.yajl_start_array = on_array,
		.yajl_end_array = on_end,
	};
	yajl_alloc_funcs memory = {
		.malloc = yajl_memory,
		.realloc = yajl_more_memory,
		.free = yajl_no_memory,
	};
	yajl_handle yajl = yajl_alloc(&callbacks, &memory, d);

	yajl_config(yajl, yajl_dont_validate_strings, 1); /* oci_utf8_check() has done it */
	return yajl;
}

/* If yajl does not stop before a byte that it should not see, the error is that byte. */
static void parse(struct decoder *d)
{
	const unsigned char *bytes = (const unsigned char *)d->document->bytes;
	size_t size = d->document->size;
	const char *wrong = oci_utf8_check(d->document->bytes, size, &size);
	yajl_status status = yajl_parse(d->yajl, bytes, size);

	if (status == yajl_status_ok && wrong) {
		decoder_refuse(d, size, "%s", wrong);
		return;
	}
	if (status == yajl_status_ok) {
		d->is_complete = true;
		status = yajl_complete_parse(d->yajl);
	}
	if (status == yajl_status_error)
		decoder_refuse_syntax(d);
	else if (status == yajl_status_ok)
		decoder_check_rest(d);
	d->is_whole = status == yajl_status_ok;
}

static int decode(struct decoder *d, const struct oci_type *type, void *ret_object)
{
	const struct oci_field whole = {
		.kind = OCI_OBJECT,
		.shape = OCI_LIST_OF_THEM,
		.type = type,
	};

	d->frames[d->depth++] = (struct frame){ .shape = OCI_LIST_OF_THEM, .field = &whole };
	if (d->document->size > OCI_DOCUMENT_MAX)
		return decoder_refuse_all(d, EFBIG, "larger than 16 MiB");
	d->yajl = parser_new(d);
	parse(d);
	yajl_free(d->yajl);
	free(d->names);
	if (!d->is_whole || (!d->problems && d->error->code))
		return -d->error->code;
	memcpy(ret_object, d->frames[0].items, type->size);
	return 0;
}

int oci_decode(const struct oci_type *type, const struct oci_document *document,
	       struct arena *arena, void *ret_object, struct oci_error *ret_error)
{
	struct decoder d = { .document = document, .arena = arena, .error = ret_error };

	ret_error->code = 0;
	return decode(&d, type, ret_object);
}

int oci_decode_all(const struct oci_type *type, const struct oci_document *document,
		   struct arena *arena, void *ret_object, struct oci_problems *problems)
{
	struct decoder d = { .document = document, .arena = arena, .problems = problems };

	d.error = &d.spare;
	return decode(&d, type, ret_object);
}
