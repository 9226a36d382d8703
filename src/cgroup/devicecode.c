/* SPDX-License-Identifier: GPL-2.0-or-later */
/* devicecode - the instructions of a device filter. */
#include "cgroup/devicecode.h"

#include <stddef.h>

#include "base/mem.h"

#define ALL_ACCESS (DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD)

#define CONTEXT BPF_REG_1
#define WANTED BPF_REG_3 /* the rights that are asked for */

static const unsigned registers[] = {
	[PART_TYPE] = BPF_REG_2,
	[PART_MAJOR] = BPF_REG_4,
	[PART_MINOR] = BPF_REG_5,
};

bool devicecode_is_full(const struct device_program *program)
{
	return program->count >= DEVICE_CODE_MAX;
}

static size_t add(struct device_program *program, unsigned code, unsigned to, uint32_t value)
{
	if (devicecode_is_full(program))
		return program->count - 1;
	if (program->count == program->room) {
		program->room = program->room ? program->room * 2 : 128;
		program->code =
			xreallocarray(program->code, program->room, sizeof(*program->code));
	}
	program->code[program->count++] = (struct bpf_insn){
		.code = (uint8_t)code,
		.dst_reg = to & 0xf,
		.imm = (int32_t)value,
	};
	return program->count - 1;
}

void devicecode_add(struct device_program *program, const struct bpf_insn *code, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = add(program, 0, 0, 0); /* code may move */

		program->code[at] = code[i];
	}
}

static void add_load(struct device_program *program, unsigned to, size_t offset)
{
	size_t at = add(program, BPF_LDX | BPF_MEM | BPF_W, to, 0);

	program->code[at].off = (int16_t)offset;
	program->code[at].src_reg = CONTEXT;
}

/* access_type holds the rights in its upper half and the type in its lower one. */
void devicecode_head(struct device_program *program)
{
	const size_t access = offsetof(struct bpf_cgroup_dev_ctx, access_type);

	add_load(program, WANTED, access);
	add_load(program, registers[PART_TYPE], access);
	add(program, BPF_ALU | BPF_RSH | BPF_K, WANTED, 16);
	add(program, BPF_ALU | BPF_AND | BPF_K, registers[PART_TYPE], 0xffff);
	add_load(program, registers[PART_MAJOR], offsetof(struct bpf_cgroup_dev_ctx, major));
	add_load(program, registers[PART_MINOR], offsetof(struct bpf_cgroup_dev_ctx, minor));
	add(program, BPF_ALU | BPF_MOV | BPF_K, BPF_REG_0, 0);
}

size_t devicecode_unless_equal(struct device_program *program, enum device_part part,
			       uint32_t value)
{
	return add(program, BPF_JMP32 | BPF_JNE | BPF_K, registers[part], value);
}

size_t devicecode_if_at_least(struct device_program *program, enum device_part part,
			      uint32_t value)
{
	return add(program, BPF_JMP32 | BPF_JGE | BPF_K, registers[part], value);
}

size_t devicecode_jump(struct device_program *program)
{
	return add(program, BPF_JMP | BPF_JA, 0, 0);
}

void devicecode_land(struct device_program *program, size_t jump)
{
	program->code[jump].off = (int16_t)(program->count - jump - 1);
}

unsigned devicecode_rights(unsigned access)
{
	unsigned bits = 0;

	if (access & DEVICE_READ)
		bits |= BPF_DEVCG_ACC_READ;
	if (access & DEVICE_WRITE)
		bits |= BPF_DEVCG_ACC_WRITE;
	if (access & DEVICE_MKNOD)
		bits |= BPF_DEVCG_ACC_MKNOD;
	return bits;
}

/* A verdict that was given before is the place to go on at: the verifier has been there, too. */
static bool go_to_earlier(struct device_program *program, size_t verdict)
{
	size_t jump;

	if (verdict == 0)
		return false;
	jump = add(program, BPF_JMP | BPF_JA, 0, 0);
	program->code[jump].off = (int16_t)((ptrdiff_t)verdict - (ptrdiff_t)jump - 1);
	return true;
}

void devicecode_verdict(struct device_program *program, unsigned rights)
{
	size_t denied = 0;

	if (go_to_earlier(program, program->verdicts[rights & ALL_ACCESS]))
		return;
	program->verdicts[rights & ALL_ACCESS] = program->count;
	if (rights && rights != ALL_ACCESS) {
		add(program, BPF_ALU | BPF_AND | BPF_K, WANTED, ~devicecode_rights(rights));
		denied = add(program, BPF_JMP32 | BPF_JNE | BPF_K, WANTED, 0);
	}
	if (rights)
		add(program, BPF_ALU | BPF_MOV | BPF_K, BPF_REG_0, 1);
	if (denied)
		devicecode_land(program, denied);
	add(program, BPF_JMP | BPF_EXIT, 0, 0);
}
