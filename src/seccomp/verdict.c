/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verdict - what a seccomp filter says about a system call, before the kernel asks it. */
#include "seccomp/verdict.h"

#include <linux/bpf_common.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

/* The registers and the memory that linux/filter.h gives a program. */
struct machine {
	const struct seccomp_data *data;
	uint32_t a, x;
	uint32_t memory[BPF_MEMWORDS];
};

static uint32_t operand(const struct machine *machine, const struct sock_filter *code)
{
	return BPF_SRC(code->code) == BPF_X ? machine->x : code->k;
}

static bool is_true(const struct machine *machine, const struct sock_filter *code)
{
	uint32_t right = operand(machine, code);

	switch (BPF_OP(code->code)) {
	case BPF_JEQ:
		return machine->a == right;
	case BPF_JGT:
		return machine->a > right;
	case BPF_JGE:
		return machine->a >= right;
	default:
		return (machine->a & right) != 0; /* BPF_JSET */
	}
}

static bool compute(struct machine *machine, const struct sock_filter *code)
{
	uint32_t right = operand(machine, code);

	switch (BPF_OP(code->code)) {
	case BPF_AND:
		machine->a &= right;
		return true;
	case BPF_OR:
		machine->a |= right;
		return true;
	case BPF_RSH:
		machine->a = right < 32 ? machine->a >> right : 0;
		return true;
	default:
		return false; /* libseccomp makes no others */
	}
}

static bool load(struct machine *machine, const struct sock_filter *code, uint32_t *to)
{
	if (BPF_MODE(code->code) == BPF_IMM) {
		*to = code->k;
		return true;
	}
	if (BPF_MODE(code->code) == BPF_MEM) {
		*to = machine->memory[code->k % BPF_MEMWORDS];
		return code->k < BPF_MEMWORDS;
	}
	if (BPF_MODE(code->code) != BPF_ABS || code->k % 4 ||
	    code->k > sizeof(*machine->data) - 4)
		return false;
	memcpy(to, (const char *)machine->data + code->k, 4);
	return true;
}

/* One instruction that neither jumps nor returns; false when it is not known. */
static bool step(struct machine *machine, const struct sock_filter *code)
{
	switch (BPF_CLASS(code->code)) {
	case BPF_LD:
		return load(machine, code, &machine->a);
	case BPF_LDX:
		return load(machine, code, &machine->x);
	case BPF_ST:
		machine->memory[code->k % BPF_MEMWORDS] = machine->a;
		return code->k < BPF_MEMWORDS;
	case BPF_ALU:
		return compute(machine, code);
	case BPF_MISC:
		if (BPF_MISCOP(code->code) == BPF_TAX)
			machine->x = machine->a;
		else
			machine->a = machine->x;
		return true;
	default:
		return false;
	}
}

static bool is_pass(const struct machine *machine, const struct sock_filter *code)
{
	uint32_t value = BPF_RVAL(code->code) == BPF_A ? machine->a : code->k;
	uint32_t action = value & SECCOMP_RET_ACTION_FULL;

	return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

/* It only jumps forwards, so it ends. */
static bool run(const struct seccomp_program *program, struct machine *machine)
{
	const struct sock_filter *instructions = program->instructions;

	for (size_t at = 0; at < program->count; at++) {
		const struct sock_filter *code = &instructions[at];

		if (BPF_CLASS(code->code) == BPF_RET)
			return is_pass(machine, code);
		if (code->code == (BPF_JMP | BPF_JA))
			at += code->k;
		else if (BPF_CLASS(code->code) == BPF_JMP)
			at += is_true(machine, code) ? code->jt : code->jf;
		else if (!step(machine, code))
			return false;
	}
	return false;
}

bool seccomp_lets_through(const struct seccomp_program *program,
			  const struct seccomp_question *question)
{
	struct seccomp_data data = { .nr = question->number, .arch = seccomp_arch_native() };
	struct machine machine = { .data = &data };

	memcpy(data.args, question->arguments, sizeof(data.args));
	return run(program, &machine);
}
