/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interpreter - runs a seccomp filter as the kernel would, without the kernel. */
#include "interpreter.h"

#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <string.h>

struct machine {
	uint32_t accumulator;
	uint32_t index;
	uint32_t memory[BPF_MEMWORDS];
};

static bool load(const struct seccomp_data *data, uint32_t offset, uint32_t *ret)
{
	if (offset % 4 || offset > sizeof(*data) - 4)
		return false;
	memcpy(ret, (const char *)data + offset, 4);
	return true;
}

static bool compare(const struct sock_filter *code, const struct machine *machine)
{
	uint32_t right = BPF_SRC(code->code) == BPF_X ? machine->index : code->k;

	switch (BPF_OP(code->code)) {
	case BPF_JEQ:
		return machine->accumulator == right;
	case BPF_JGT:
		return machine->accumulator > right;
	case BPF_JGE:
		return machine->accumulator >= right;
	}
	return machine->accumulator & right; /* BPF_JSET */
}

/* One that does not jump; false when there is no such instruction. */
static bool step(const struct sock_filter *code, const struct seccomp_data *data,
		 struct machine *machine)
{
	switch (code->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return load(data, code->k, &machine->accumulator);
	case BPF_LD | BPF_IMM:
		machine->accumulator = code->k;
		return true;
	case BPF_ALU | BPF_AND | BPF_K:
		machine->accumulator &= code->k;
		return true;
	case BPF_ST:
		if (code->k < BPF_MEMWORDS)
			machine->memory[code->k] = machine->accumulator;
		return code->k < BPF_MEMWORDS;
	case BPF_LD | BPF_MEM:
		if (code->k < BPF_MEMWORDS)
			machine->accumulator = machine->memory[code->k];
		return code->k < BPF_MEMWORDS;
	case BPF_MISC | BPF_TAX:
		machine->index = machine->accumulator;
		return true;
	case BPF_MISC | BPF_TXA:
		machine->accumulator = machine->index;
		return true;
	}
	return false;
}

uint32_t interpret(const struct seccomp_program *program, const struct seccomp_data *data)
{
	const struct sock_filter *instructions = program->instructions;
	struct machine machine = { 0 };

	for (size_t at = 0; at < program->count; at++) {
		const struct sock_filter *code = &instructions[at];

		if (code->code == (BPF_RET | BPF_K))
			return code->k;
		if (code->code == (BPF_JMP | BPF_JA))
			at += code->k;
		else if (BPF_CLASS(code->code) == BPF_JMP)
			at += compare(code, &machine) ? code->jt : code->jf;
		else if (!step(code, data, &machine))
			return INTERPRETER_INVALID;
	}
	return INTERPRETER_INVALID;
}
