/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * floor - the least that a container costs: the kernel's work for the bundles of hack/bench, by a
 * program that reads no JSON, keeps no state and handles no error. What no runtime can be faster
 * than, not a runtime: it believes everything.
 *
 *	floor --root DIR run|create|exec|... [--detach] [--bundle DIR] ID
 *
 * A bundle may hold "filter" (a seccomp program) and "hostnet" (no network namespace).
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/clone3.h"
#include "tests/bench/floor_bpf.h"

#define CAPABILITIES ((1u << CAP_KILL) | (1u << CAP_NET_BIND_SERVICE) | (1u << CAP_AUDIT_WRITE))

static char gate[256], pid_file[256], cgroup[256];

/* What the container's side is told: by its arguments. */
struct order {
	const char *bundle;
	int gate;  /* negative: do not wait */
	int ready; /* closed when there is nothing left to do but to wait */
	bool has_network;
};

/* ---- inside ---- */

static void mount_all(void)
{
	unsigned long most = MS_NOSUID | MS_NOEXEC | MS_NODEV;

	mount("proc", "proc", "proc", 0, NULL);
	mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k");
	mkdir("dev/pts", 0755);
	mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
	      "newinstance,ptmxmode=0666,mode=0620,gid=5");
	mkdir("dev/shm", 0755);
	mount("shm", "dev/shm", "tmpfs", most, "mode=1777,size=65536k");
	mkdir("dev/mqueue", 0755);
	mount("mqueue", "dev/mqueue", "mqueue", most, NULL);
	mount("sysfs", "sys", "sysfs", most | MS_RDONLY, NULL);
	mount("cgroup", "sys/fs/cgroup", "cgroup2", most | MS_RDONLY, NULL);
}

static void make_devices(void)
{
	static const struct {
		const char *path;
		unsigned major, minor;
	} nodes[] = {
		/* clang-format off */
		{ "dev/null",    1, 3 },
		{ "dev/zero",    1, 5 },
		{ "dev/full",    1, 7 },
		{ "dev/random",  1, 8 },
		{ "dev/urandom", 1, 9 },
		{ "dev/tty",     5, 0 },
		/* clang-format on */
	};
	static const char *const links[][2] = {
		/* clang-format off */
		{ "/proc/self/fd",   "dev/fd" },
		{ "/proc/self/fd/0", "dev/stdin" },
		{ "/proc/self/fd/1", "dev/stdout" },
		{ "/proc/self/fd/2", "dev/stderr" },
		{ "/proc/kcore",     "dev/core" },
		{ "pts/ptmx",        "dev/ptmx" },
		/* clang-format on */
	};

	umask(0);
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		mknod(nodes[i].path, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor));
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		symlink(links[i][0], links[i][1]);
	umask(022);
}

/* Those of "tare spec"; most are not there. */
static void protect_paths(void)
{
	static const char *const readonly[] = { "proc/bus", "proc/fs", "proc/irq", "proc/sys",
						"proc/sysrq-trigger" };
	static const char *const masked[] = {
		"proc/acpi",
		"proc/asound",
		"proc/interrupts",
		"proc/kcore",
		"proc/keys",
		"proc/latency_stats",
		"proc/sched_debug",
		"proc/scsi",
		"proc/timer_list",
		"proc/timer_stats",
		"sys/devices/virtual/powercap",
		"sys/firmware",
	};
	const char *empty = NULL;

	for (size_t i = 0; i < sizeof(readonly) / sizeof(readonly[0]); i++)
		if (mount(readonly[i], readonly[i], NULL, MS_BIND | MS_REC, NULL) == 0)
			mount(NULL, readonly[i], NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
	for (size_t i = 0; i < sizeof(masked) / sizeof(masked[0]); i++) {
		if (mount("/dev/null", masked[i], NULL, MS_BIND, NULL) == 0 || errno != ENOTDIR)
			continue;
		if (empty && mount(empty, masked[i], NULL, MS_BIND, NULL) == 0)
			continue;
		mount("tmpfs", masked[i], "tmpfs", MS_RDONLY, "nr_blocks=1,nr_inodes=1");
		empty = masked[i];
	}
}

static void raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
}

static void drop_privileges(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = { { CAPABILITIES, CAPABILITIES, 0 } };

	for (unsigned capability = 0; capability <= CAP_LAST_CAP; capability++)
		if (capability >= 32 || !(CAPABILITIES >> capability & 1))
			prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	syscall(SYS_setgroups, 0, NULL);
	syscall(SYS_setresgid, 0, 0, 0);
	syscall(SYS_setresuid, 0, 0, 0);
	syscall(SYS_capset, &head, sets);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static size_t read_filter(const char *bundle, struct sock_filter *filter)
{
	char path[512];
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "%s/filter", bundle);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	size = read(fd, filter, BPF_MAXINSNS * sizeof(*filter));
	close(fd);
	return size > 0 ? (size_t)size / sizeof(*filter) : 0;
}

static void load_filter(struct sock_filter *filter, size_t count)
{
	struct sock_fprog program = { (unsigned short)count, filter };

	if (count > 0)
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static _Noreturn void execute(void)
{
	char *args[] = { (char *)"/true", NULL };
	char *environment[] = { (char *)"PATH=/bin", NULL };

	execve(args[0], args, environment);
	_exit(127);
}

/* The container of bundle c is to stay: its program waits. */
static _Noreturn void execute_of(bool is_long)
{
	char *args[] = { (char *)"/wait", NULL };
	char *environment[] = { (char *)"PATH=/bin", NULL };

	if (!is_long)
		execute();
	execve(args[0], args, environment);
	_exit(127);
}

static _Noreturn void be_init(const struct order *order)
{
	static struct sock_filter filter[BPF_MAXINSNS];
	size_t filter_count = read_filter(order->bundle, filter);
	struct rlimit limit = { 1024, 1024 };
	bool is_long;
	char byte;

	chdir(order->bundle);
	is_long = access("long", F_OK) == 0;
	mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL);
	mount("rootfs", "rootfs", NULL, MS_BIND | MS_REC, NULL);
	chdir("rootfs");
	setsid();
	/* As runc, crun and tare do: the host's session keyring is not the container's. */
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "_ses.floor");
	sethostname("floor", 5);
	if (order->has_network)
		raise_loopback();
	mount_all();
	make_devices();
	protect_paths();
	syscall(SYS_pivot_root, ".", ".");
	umount2(".", MNT_DETACH);
	chdir("/");
	mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
	setrlimit(RLIMIT_NOFILE, &limit);
	drop_privileges();
	close(order->ready);
	if (order->gate >= 0)
		read(order->gate, &byte, 1);
	load_filter(filter, filter_count);
	syscall(SYS_close_range, 3, ~0u, 0);
	execute_of(is_long);
}

/* ---- outside ---- */

static void name_files(const char *root, const char *id)
{
	mkdir(root, 0700);
	snprintf(gate, sizeof(gate), "%s/%s.gate", root, id);
	snprintf(pid_file, sizeof(pid_file), "%s/%s.pid", root, id);
	snprintf(cgroup, sizeof(cgroup), "/sys/fs/cgroup/%s", id);
}

/* As posix_spawn(3) does it: the child uses our memory until it executes. */
static pid_t start_in(int cgroup_fd, uint64_t namespaces, int (*child)(void *), void *argument)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct clone_args clone = {
		.flags = CLONE_VM | CLONE_VFORK | CLONE_INTO_CGROUP | namespaces,
		.exit_signal = SIGCHLD,
		.stack = (uintptr_t)stack,
		.stack_size = sizeof(stack),
		.cgroup = (unsigned)cgroup_fd,
	};

	return (pid_t)clone3_call(&clone, sizeof(clone), child, argument);
}

/* /proc/self/exe is this program: a second copy of its pages is not needed. */
static int execute_init(void *argument)
{
	const struct order *order = argument;
	char gate_text[16], ready[16], network[2] = { order->has_network ? '1' : '0', 0 };
	char *args[] = {
		(char *)"floor-init", (char *)order->bundle, gate_text, ready, network, NULL
	};
	char *environment[] = { NULL };

	snprintf(gate_text, sizeof(gate_text), "%d", order->gate);
	snprintf(ready, sizeof(ready), "%d", order->ready);
	execve("/proc/self/exe", args, environment);
	return 127;
}

static void write_pid(pid_t pid)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", pid);
	int fd = open(pid_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	write(fd, text, (size_t)size);
	close(fd);
}

static pid_t read_pid(void)
{
	char text[16] = "";
	int fd = open(pid_file, O_RDONLY | O_CLOEXEC);

	read(fd, text, sizeof(text) - 1);
	close(fd);
	return (pid_t)strtol(text, NULL, 10);
}

static int create(const char *bundle, bool waits)
{
	uint64_t namespaces =
		CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWCGROUP;
	char path[512];
	struct order order = { .bundle = bundle, .gate = -1, .ready = -1 };
	int cgroup_fd, ready[2], status = 0;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/hostnet", bundle);
	order.has_network = access(path, F_OK) < 0;
	mkdir(cgroup, 0755);
	cgroup_fd = open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	floor_filter_devices(cgroup_fd);
	if (waits) {
		mkfifo(gate, 0600);
		order.gate = open(gate, O_RDWR);
		pipe(ready);
		order.ready = ready[1];
	}
	pid = start_in(cgroup_fd, namespaces | (order.has_network ? CLONE_NEWNET : 0),
		       execute_init, &order);
	if (waits) {
		write_pid(pid);
		close(ready[1]);
		return read(ready[0], path, 1) != 0;
	}
	waitpid(pid, &status, 0);
	rmdir(cgroup);
	return WEXITSTATUS(status);
}

static int start(void)
{
	int fd = open(gate, O_WRONLY | O_CLOEXEC);

	return write(fd, "s", 1) != 1;
}

static int state(void)
{
	int fd = (int)syscall(SYS_pidfd_open, read_pid(), 0);

	printf("%s\n", fd >= 0 ? "running" : "stopped");
	return 0;
}

static int end(void)
{
	int fd = (int)syscall(SYS_pidfd_open, read_pid(), 0);

	return syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0) != 0;
}

static int erase(void)
{
	unlink(gate);
	unlink(pid_file);
	return rmdir(cgroup) != 0;
}

/* The filter that the process is to have. */
struct filter {
	size_t count;
	struct sock_filter instructions[BPF_MAXINSNS];
};

static int execute_in(void *argument)
{
	struct filter *filter = argument;

	setsid();
	drop_privileges();
	load_filter(filter->instructions, filter->count);
	syscall(SYS_close_range, 3, ~0u, 0);
	execute();
}

static int enter(const char *bundle)
{
	static struct filter filter;
	int target = (int)syscall(SYS_pidfd_open, read_pid(), 0);
	int cgroup_fd = open(cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = 0;

	filter.count = read_filter(bundle, filter.instructions);
	setns(target, CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID |
			      CLONE_NEWCGROUP | CLONE_NEWNET);
	waitpid(start_in(cgroup_fd, 0, execute_in, &filter), &status, 0);
	return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	const char *bundle = getenv("FLOOR_BUNDLE");
	const char *verb;

	if (strcmp(argv[0], "floor-init") == 0)
		be_init(&(struct order){ argv[1], atoi(argv[2]), atoi(argv[3]),
					 argv[4][0] == '1' });
	if (argc < 5)
		return 2;
	verb = argv[3];
	for (int i = 4; i < argc - 1; i++)
		if (strcmp(argv[i], "--bundle") == 0)
			bundle = argv[i + 1];
	/* exec has the program behind the id; the others end with the id. */
	name_files(argv[2], strcmp(verb, "exec") == 0 || strcmp(verb, "kill") == 0
				    ? argv[4]
				    : argv[argc - 1]);
	if (strcmp(verb, "run") == 0)
		return create(bundle, false);
	if (strcmp(verb, "create") == 0)
		return create(bundle, true);
	if (strcmp(verb, "start") == 0)
		return start();
	if (strcmp(verb, "state") == 0)
		return state();
	if (strcmp(verb, "kill") == 0)
		return end();
	if (strcmp(verb, "exec") == 0)
		return enter(bundle ? bundle : ".");
	return erase();
}
