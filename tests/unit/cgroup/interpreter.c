/* SPDX-License-Identifier: GPL-2.0-or-later */
/* interpreter - a machine for the instructions of device filters. */
#include "tests/unit/cgroup/interpreter.h"

#include <check.h>
#include <stdint.h>
#include <string.h>

#define STEPS_MAX 100000

struct machine {
	uint64_t registers[11];
	const struct bpf_cgroup_dev_ctx *context;
	const struct device_program *program;
	size_t at;
};

static void load(struct machine *machine, const struct bpf_insn *step)
{
	uint32_t value;

	if (step->src_reg != BPF_REG_1 || step->off < 0 ||
	    (size_t)step->off + sizeof(value) > sizeof(*machine->context))
		ck_abort_msg("the filter reads what the kernel does not give it");
	memcpy(&value, (const char *)machine->context + step->off, sizeof(value));
	machine->registers[step->dst_reg] = value;
}

/* A number of 64 bits takes two instructions. */
static void load_number(struct machine *machine, const struct bpf_insn *step)
{
	if (step->code != (BPF_LD | BPF_DW | BPF_IMM) || step->src_reg ||
	    machine->at == machine->program->count || step[1].code)
		ck_abort_msg("no such number: %#x", step->code);
	machine->registers[step->dst_reg] = (uint32_t)step->imm | (uint64_t)step[1].imm << 32;
	machine->at++;
}

static uint64_t shift(const struct bpf_insn *step, uint64_t old, uint64_t value)
{
	if (value >= (BPF_CLASS(step->code) == BPF_ALU ? 32 : 64))
		ck_abort_msg("the filter shifts by %llu", (unsigned long long)value);
	return BPF_OP(step->code) == BPF_LSH ? old << value : old >> value;
}

static uint64_t result(const struct bpf_insn *step, uint64_t old, uint64_t value)
{
	switch (BPF_OP(step->code)) {
	case BPF_MOV:
		return value;
	case BPF_ADD:
		return old + value;
	case BPF_SUB:
		return old - value;
	case BPF_MUL:
		return old * value;
	case BPF_AND:
		return old & value;
	case BPF_OR:
		return old | value;
	case BPF_XOR:
		return old ^ value;
	case BPF_LSH:
	case BPF_RSH:
		return shift(step, old, value);
	default:
		ck_abort_msg("no such calculation: %#x", step->code);
	}
}

static uint64_t operand(const struct machine *machine, const struct bpf_insn *step)
{
	return BPF_SRC(step->code) == BPF_X ? machine->registers[step->src_reg]
					    : (uint64_t)(int64_t)step->imm;
}

/* 32 bits: the upper half of both is not looked at, and that of the result is 0. */
static void calculate(struct machine *machine, const struct bpf_insn *step)
{
	const uint64_t mask = BPF_CLASS(step->code) == BPF_ALU ? UINT32_MAX : UINT64_MAX;
	uint64_t *to = &machine->registers[step->dst_reg];

	*to = result(step, *to & mask, operand(machine, step) & mask) & mask;
}

static bool does_jump(const struct machine *machine, const struct bpf_insn *step)
{
	const uint64_t mask = BPF_CLASS(step->code) == BPF_JMP32 ? UINT32_MAX : UINT64_MAX;
	uint64_t left = machine->registers[step->dst_reg] & mask;
	uint64_t right = operand(machine, step) & mask;

	if (step->code == (BPF_JMP | BPF_JA))
		return true;
	if (BPF_OP(step->code) == BPF_JGE)
		return left >= right;
	if (BPF_OP(step->code) != BPF_JNE)
		ck_abort_msg("no such jump: %#x", step->code);
	return left != right;
}

bool interpreter_device(const struct device_program *program,
			const struct bpf_cgroup_dev_ctx *context, int *longest)
{
	struct machine machine = { .context = context, .program = program };

	for (int steps = 0; steps < STEPS_MAX; steps++) {
		const struct bpf_insn *step = &program->code[machine.at++];

		if (machine.at > program->count)
			ck_abort_msg("the filter runs off its end");
		if (steps > *longest)
			*longest = steps;
		if (step->code == (BPF_JMP | BPF_EXIT))
			return machine.registers[BPF_REG_0] != 0;
		if (BPF_CLASS(step->code) == BPF_LDX)
			load(&machine, step);
		else if (BPF_CLASS(step->code) == BPF_LD)
			load_number(&machine, step);
		else if (BPF_CLASS(step->code) == BPF_ALU || BPF_CLASS(step->code) == BPF_ALU64)
			calculate(&machine, step);
		else if (does_jump(&machine, step))
			machine.at += (size_t)step->off;
	}
	ck_abort_msg("the filter does not end");
}
