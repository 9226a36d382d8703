/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bpf - load programs that decide about devices and hang them on a cgroup. */
#include "kernel/bpf.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

/* The kernel attaches at most this many to one cgroup (BPF_CGROUP_MAX_PROGS). */
#define PROGRAMS_MAX 64

/* Loading says EAGAIN when a signal comes in between. */
#define LOAD_TRIES 5

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

int bpf_load_device_program(const struct bpf_insn *code, size_t count)
{
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
		.insns = (uintptr_t)code,
		.insn_cnt = (unsigned)count,
		.license = (uintptr_t) "GPL",
		.prog_name = BPF_DEVICE_NAME,
	};
	int fd = -1;

	for (int try = 0; try < LOAD_TRIES; try++) {
		fd = bpf(BPF_PROG_LOAD, &attributes);
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	if (fd < 0)
		return err_sys(errno, "load the device filter");
	return fd; /* bpf(2) makes it close-on-exec */
}

int bpf_attach_device_program(int cgroup, int program, int old)
{
	union bpf_attr attributes = {
		.target_fd = (unsigned)cgroup,
		.attach_bpf_fd = (unsigned)program,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = BPF_F_ALLOW_MULTI,
	};

	if (old >= 0) {
		attributes.attach_flags |= BPF_F_REPLACE;
		attributes.replace_bpf_fd = (unsigned)old;
	}
	if (bpf(BPF_PROG_ATTACH, &attributes) < 0)
		return err_sys(errno, "attach the device filter");
	return 0;
}

int bpf_detach_device_program(int cgroup, int program)
{
	union bpf_attr attributes = {
		.target_fd = (unsigned)cgroup,
		.attach_bpf_fd = (unsigned)program,
		.attach_type = BPF_CGROUP_DEVICE,
	};

	if (bpf(BPF_PROG_DETACH, &attributes) < 0)
		return err_sys(errno, "detach the device filter");
	return 0;
}

/* The program ID when it is ours; NO_FD when it is not or has gone meanwhile. */
static int open_if_ours(uint32_t id)
{
	union bpf_attr get = { .prog_id = id };
	struct bpf_prog_info about = { 0 };
	union bpf_attr ask = { 0 };
	int fd = bpf(BPF_PROG_GET_FD_BY_ID, &get);

	if (fd < 0)
		return NO_FD;
	ask.info.bpf_fd = (unsigned)fd;
	ask.info.info_len = sizeof(about);
	ask.info.info = (uintptr_t)&about;
	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &ask) == 0 &&
	    strncmp(about.name, BPF_DEVICE_NAME, sizeof(about.name)) == 0)
		return fd;
	fd_close(fd);
	return NO_FD;
}

int bpf_find_device_program(int cgroup, int *ret_program)
{
	uint32_t ids[PROGRAMS_MAX] = { 0 };
	union bpf_attr query = { 0 };
	int fd = NO_FD;

	query.query.target_fd = (unsigned)cgroup;
	query.query.attach_type = BPF_CGROUP_DEVICE;
	query.query.prog_ids = (uintptr_t)ids;
	query.query.prog_cnt = PROGRAMS_MAX;
	if (bpf(BPF_PROG_QUERY, &query) < 0)
		return err_sys(errno, "list the device filters of the cgroup");
	for (uint32_t i = 0; i < query.query.prog_cnt && i < PROGRAMS_MAX && fd < 0; i++)
		fd = open_if_ours(ids[i]);
	*ret_program = fd;
	return 0;
}
