/* SPDX-License-Identifier: GPL-2.0-or-later */
/* code - a BPF program, put down from its end to its beginning. */
#include "seccomp/code.h"

#include <errno.h>
#include <linux/bpf_common.h>
#include <stdlib.h>

#include "base/mem.h"

/* A conditional jump skips 255 at most; two more may be written before it. */
#define REACH 250

void code_release(struct code *code)
{
	free(code->items);
}

static size_t emit(struct code *code, struct sock_filter instruction)
{
	if (code->count == CODE_MAX) {
		code->is_too_long = true;
		return code->count - 1;
	}
	if (code->count == code->room) {
		code->room = code->room ? code->room * 2 : 256;
		code->items = xreallocarray(code->items, code->room, sizeof(*code->items));
	}
	code->items[code->count] = instruction;
	return code->count++;
}

/* How many instructions are between LABEL and the next one to be written. */
static size_t distance(const struct code *code, size_t label)
{
	return code->count - label - 1;
}

/* Where the label of the last end with ACTION is kept: its own place or a new one. */
static size_t *end_of(struct code *code, uint32_t action)
{
	for (size_t i = 0; i < code->end_count; i++)
		if (code->items[code->ends[i]].k == action)
			return &code->ends[i];
	if (code->end_count < CODE_ENDS)
		code->end_count++;
	code->ends[code->end_count - 1] = SIZE_MAX;
	return &code->ends[code->end_count - 1];
}

size_t code_return(struct code *code, uint32_t action)
{
	size_t *end = end_of(code, action);

	if (*end == SIZE_MAX || distance(code, *end) > REACH)
		*end = emit(code, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
	return *end;
}

/* What is far is reached by a jump that is near, or said once more if it is an end. */
static size_t bring_near(struct code *code, size_t label)
{
	if (distance(code, label) <= REACH)
		return label;
	if (code->items[label].code == (BPF_RET | BPF_K))
		return code_return(code, code->items[label].k);
	return emit(code, (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA,
						       (uint32_t)distance(code, label)));
}

size_t code_test(struct code *code, unsigned comparison, uint32_t value, size_t if_true,
		 size_t if_false)
{
	size_t yes = bring_near(code, if_true);
	size_t no = bring_near(code, if_false);

	return emit(code, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_K | comparison, value,
						       (uint8_t)distance(code, yes),
						       (uint8_t)distance(code, no)));
}

size_t code_mask(struct code *code, uint32_t mask)
{
	return emit(code, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
}

size_t code_load(struct code *code, size_t offset)
{
	return emit(code,
		    (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

int code_finish(struct code *code, size_t start, struct seccomp_program *ret_program)
{
	struct sock_filter *program;

	if (code->is_too_long)
		return -E2BIG;
	program = xcalloc(start + 1, sizeof(*program));
	for (size_t i = 0; i <= start; i++)
		program[i] = code->items[start - i];
	*ret_program = (struct seccomp_program){ program, start + 1 };
	return 0;
}
