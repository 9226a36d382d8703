/* SPDX-License-Identifier: GPL-2.0-or-later */
/* floor_bpf - the device filter of the floor, as short as it can be. */
#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/bench/floor_bpf.h"

/* clang-format off */
#define LOAD(register_, member) \
	{ BPF_LDX | BPF_MEM | BPF_W, register_, 1, offsetof(struct bpf_cgroup_dev_ctx, member), 0 }
#define ALU(op, register_, value)   { BPF_ALU | (op) | BPF_K, register_, 0, 0, value }
#define UNLESS(register_, value, skip) { BPF_JMP32 | BPF_JNE | BPF_K, register_, 0, skip, value }
#define RETURN(value) { BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, value }, { BPF_JMP | BPF_EXIT, 0, 0, 0, 0 }
#define DEVICE(major, minor) UNLESS(4, major, 3), UNLESS(5, minor, 2), RETURN(1)
#define DEVICES(major)       UNLESS(4, major, 2), RETURN(1)

/* r2: kind, r3: access, r4: major, r5: minor. mknod of anything; these character devices. */
static const struct bpf_insn program[] = {
	LOAD(2, access_type),
	{ BPF_ALU | BPF_MOV | BPF_X, 3, 2, 0, 0 },
	ALU(BPF_AND, 2, 0xffff),
	ALU(BPF_RSH, 3, 16),
	LOAD(4, major),
	LOAD(5, minor),
	UNLESS(3, BPF_DEVCG_ACC_MKNOD, 2), RETURN(1),
	UNLESS(2, BPF_DEVCG_DEV_CHAR, 31),
	DEVICE(1, 3), DEVICE(1, 5), DEVICE(1, 7), DEVICE(1, 8), DEVICE(1, 9),
	DEVICE(5, 0), DEVICE(5, 2), DEVICES(136),
	RETURN(0),
};
/* clang-format on */

void floor_filter_devices(int cgroup)
{
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insn_cnt = sizeof(program) / sizeof(program[0]),
		.insns = (uintptr_t)program,
		.license = (uintptr_t) "GPL",
	};
	int fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));
	union bpf_attr attach = {
		.target_fd = (unsigned)cgroup,
		.attach_bpf_fd = (unsigned)fd,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};

	syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof(attach));
	close(fd);
}
