/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nodevices - attach a filter to a cgroup that forbids all devices, there and below. */
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const struct bpf_insn forbid[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uintptr_t)forbid,
		.insn_cnt = sizeof(forbid) / sizeof(forbid[0]),
		.license = (uintptr_t) "GPL",
	};
	union bpf_attr attach = {
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};
	int cgroup = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));

	if (cgroup < 0 || program < 0) {
		perror("nodevices");
		return 2;
	}
	attach.target_fd = (unsigned)cgroup;
	attach.attach_bpf_fd = (unsigned)program;
	if (syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof(attach)) < 0) {
		perror("BPF_PROG_ATTACH");
		return 1;
	}
	return 0;
}
