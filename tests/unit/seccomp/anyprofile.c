/* SPDX-License-Identifier: GPL-2.0-or-later */
/* anyprofile - bytes, random or chosen by a fuzzer, as a seccomp profile. */
#include "anyprofile.h"

#include <seccomp.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"

/* clang-format off */
static const uint32_t actions[] = {
	SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(1),     SCMP_ACT_ERRNO(22),    SCMP_ACT_TRAP,
	SCMP_ACT_LOG,   SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD,  SCMP_ACT_NOTIFY,
	SCMP_ACT_TRACE(3),
};

static const uint64_t values[] = {
	0, 1, 2, 3, 9, 16, 0x7e020000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
	0x100000001, 0x100000005, 0x200000001, 0x1fffffff0, 0x8000000000000000,
	UINT64_MAX - 1, UINT64_MAX,
};

/* Those that are special somewhere, some again and again, and some of each kind. */
static const char *const names[] = {
	"socket", "send", "accept", "recvmmsg", "socketcall", "semop", "shmat", "msgget", "ipc",
	"execve", "clone", "ioctl", "cacheflush", "mmap2", "read", "lseek", "personality",
	"openat2", "open", "stat", "poll", "mprotect", "munmap", "brk", "readv", "access", "pipe",
	"select", "dup2", "getpid", "fork", "wait4", "kill", "uname", "fcntl", "flock", "fsync",
	"chdir", "rename", "mkdir", "link", "chmod", "chown", "umask", "ptrace", "getuid",
	"setuid", "mount", "reboot", "gettid", "futex", "epoll_wait", "openat", "renameat",
	"splice", "timerfd_create", "preadv", "bpf", "seccomp", "statx", "clone3", "close_range",
	"faccessat2", "rt_sigaction", "quotactl_fd", "futex_waitv", "getdents64", "set_tls",
	"arm_fadvise64_64", "riscv_flush_icache", "arch_prctl", "modify_ldt", "fadvise64_64",
	"sync_file_range2", "_llseek", "fstatat64", "newfstatat", "no_such_call",
};
/* clang-format on */

struct stream {
	const uint8_t *bytes;
	size_t left;
};

static unsigned next(struct stream *stream, unsigned limit)
{
	if (!stream->left)
		return 0;
	stream->left--;
	return *stream->bytes++ % limit;
}

static void make_names(struct stream *stream, struct any_profile *any, size_t rule)
{
	bool is_long = next(stream, 4) == 3;
	size_t count = 1 + next(stream, is_long ? ANY_NAMES : 3);

	for (size_t i = 0; i < count; i++)
		any->names[rule][i] = names[next(stream, is_long ? ARRAY_SIZE(names) : 18)];
	any->rules[rule].names = any->names[rule];
	any->rules[rule].name_count = count;
}

static void make_arguments(struct stream *stream, struct any_profile *any, size_t rule)
{
	size_t count = next(stream, ANY_ARGUMENTS + 1);

	for (size_t i = 0; i < count; i++)
		any->arguments[rule][i] = (struct seccomp_argument){
			.index = next(stream, 6),
			.comparison = SCMP_CMP_NE + (int)next(stream, 7),
			.value = values[next(stream, ARRAY_SIZE(values))],
			.value_two = values[next(stream, ARRAY_SIZE(values))],
		};
	any->rules[rule].arguments = any->arguments[rule];
	any->rules[rule].argument_count = count;
}

void any_profile_make(const uint8_t *bytes, size_t size, struct any_profile *any)
{
	struct stream stream = { bytes, size };
	uint32_t usual = actions[next(&stream, ARRAY_SIZE(actions))];
	bool is_mixed = next(&stream, 2);

	memset(any, 0, sizeof(*any));
	any->profile.default_action = actions[next(&stream, ARRAY_SIZE(actions))];
	any->profile.rules = any->rules;
	any->profile.rule_count = 1 + next(&stream, ANY_RULES);
	for (size_t i = 0; i < any->profile.rule_count; i++) {
		any->rules[i].origin = "rule";
		any->rules[i].action = usual;
		if (is_mixed)
			any->rules[i].action = actions[next(&stream, ARRAY_SIZE(actions))];
		make_names(&stream, any, i);
		make_arguments(&stream, any, i);
	}
}
