/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe - what a process in the container (or an attacker of it) sees and may do. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

static int told(long result)
{
	if (result < 0)
		printf("%s\n", strerrorname_np(errno));
	else
		printf("ok\n");
	return result < 0;
}

/* Each takes the words after its name. */

static int ids(UNUSED int argc, UNUSED char **argv)
{
	gid_t groups[64];
	uid_t real, effective, saved;
	gid_t greal, geffective, gsaved;
	int count = getgroups(64, groups);

	getresuid(&real, &effective, &saved);
	getresgid(&greal, &geffective, &gsaved);
	printf("uid %u %u %u gid %u %u %u groups", real, effective, saved, greal, geffective,
	       gsaved);
	for (int i = 0; i < count; i++)
		printf(" %u", groups[i]);
	printf(" session %s\n", getsid(0) == getpid() ? "own" : "inherited");
	return 0;
}

static int umask_now(UNUSED int argc, UNUSED char **argv)
{
	printf("%04o\n", umask(0));
	return 0;
}

static int rlimit(UNUSED int argc, char **argv)
{
	struct rlimit limit;

	if (getrlimit((unsigned)atoi(argv[0]), &limit))
		return told(-1);
	printf("%llu %llu\n", (unsigned long long)limit.rlim_cur,
	       (unsigned long long)limit.rlim_max);
	return 0;
}

/* A system call by number; its result. */
static int system_call(int argc, char **argv)
{
	long values[7] = { 0 };

	for (int i = 0; i < argc && i < 7; i++)
		values[i] = strtol(argv[i], NULL, 0);
	return told(syscall(values[0], values[1], values[2], values[3], values[4], values[5],
			    values[6]));
}

/* A call of the 32-bit kind; a filter for 64 bits only may not let it through. */
static int int80(UNUSED int argc, char **argv)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(atol(argv[0])), "b"(-1L) : "memory");
	errno = result < 0 ? (int)-result : 0;
	return told(result < 0 ? -1 : 0);
#else
	printf("not here: %s\n", argv[0]);
	return 1;
#endif
}

static int open_write(UNUSED int argc, char **argv)
{
	return told(open(argv[0], O_WRONLY | O_NOCTTY | O_NONBLOCK));
}

static int open_read(UNUSED int argc, char **argv)
{
	return told(open(argv[0], O_RDONLY | O_NOCTTY | O_NONBLOCK));
}

/* mknod and open: which of both the device filter lets through. */
static int device(UNUSED int argc, char **argv)
{
	mode_t type = argv[1][0] == 'b' ? S_IFBLK : S_IFCHR;
	dev_t number = makedev((unsigned)atoi(argv[2]), (unsigned)atoi(argv[3]));

	unlink(argv[0]);
	printf("mknod ");
	if (told(mknod(argv[0], type | 0600, number)))
		return 1;
	printf("open ");
	return told(open(argv[0], O_RDONLY | O_NONBLOCK));
}

/* Push a character into the terminal's input, as CVE-2017-5226 did. */
static int tiocsti(UNUSED int argc, UNUSED char **argv)
{
	return told(ioctl(0, TIOCSTI, "x"));
}

static int terminal(UNUSED int argc, UNUSED char **argv)
{
	struct winsize window = { 0 };
	struct stat status;

	if (!isatty(0) || ioctl(0, TIOCGWINSZ, &window) || fstat(0, &status)) {
		printf("no terminal\n");
		return 1;
	}
	printf("terminal %hux%hu major %u owner %u controlling %s\n", window.ws_row,
	       window.ws_col, major(status.st_rdev), status.st_uid,
	       open("/dev/tty", O_RDWR) < 0 ? "no" : "yes");
	return 0;
}

/* How far the clocks are from those of the first namespace cannot be asked; print them. */
static int clocks(UNUSED int argc, UNUSED char **argv)
{
	struct timespec monotonic, boot;

	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	printf("%lld %lld\n", (long long)monotonic.tv_sec, (long long)boot.tv_sec);
	return 0;
}

/* Exchange two names as fast as possible for SECONDS: the attacker of each path race. */
static int swap(UNUSED int argc, char **argv)
{
	time_t end = time(NULL) + atoi(argv[2]);
	unsigned long count = 0;

	while (time(NULL) < end)
		for (int i = 0; i < 1000; i++)
			count += !syscall(SYS_renameat2, AT_FDCWD, argv[0], AT_FDCWD, argv[1],
					  2u);
	printf("%lu\n", count);
	return 0;
}

static int keyring(UNUSED int argc, UNUSED char **argv)
{
	char text[256] = "";

	if (syscall(SYS_keyctl, 6 /* KEYCTL_DESCRIBE */, -3, text, sizeof(text)) < 0)
		return told(-1);
	printf("%s\n", text);
	return 0;
}

/* Whether a descriptor is open. */
static int descriptor(UNUSED int argc, char **argv)
{
	return told(fcntl(atoi(argv[0]), F_GETFD));
}

/* Accept on a passed socket: say what the client wrote. */
static int activated(UNUSED int argc, char **argv)
{
	char text[128] = "";
	int client = accept(atoi(argv[0]), NULL, NULL);

	if (client < 0)
		return told(-1);
	if (read(client, text, sizeof(text) - 1) < 0)
		return told(-1);
	printf("%s\n", text);
	return 0;
}

static struct sockaddr_un unix_address(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	return address;
}

/* Run COMMAND with a listening socket as descriptor 3, as systemd does. */
static int activate(int argc, char **argv)
{
	struct sockaddr_un address = unix_address(argv[0]);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char pid[16];

	if (argc < 2 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
		return told(-1);
	if (fd != 3 && dup2(fd, 3) < 0)
		return told(-1);
	if (fd != 3)
		close(fd);
	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_PID", pid, 1);
	execvp(argv[1], argv + 1);
	return told(-1);
}

static int say(UNUSED int argc, char **argv)
{
	struct sockaddr_un address = unix_address(argv[0]);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return told(-1);
	return told(write(fd, argv[1], strlen(argv[1])));
}

/* Run COMMAND as a careless caller would: signals blocked and ignored. */
static int block_signals(UNUSED int argc, char **argv)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	execvp(argv[0], argv);
	return told(-1);
}

/* What sched_getattr fills in; glibc has no struct for it. */
struct scheduling {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t least, most;
};

static int scheduler(UNUSED int argc, UNUSED char **argv)
{
	struct scheduling attr = { .size = sizeof(attr) };

	if (syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0) < 0)
		return told(-1);
	printf("policy %u flags 0x%llx nice %d priority %u runtime %llu deadline %llu period "
	       "%llu\n",
	       attr.policy, (unsigned long long)attr.flags, attr.nice, attr.priority,
	       (unsigned long long)attr.runtime, (unsigned long long)attr.deadline,
	       (unsigned long long)attr.period);
	return 0;
}

/* The policy of the process, with its flags, and its nodes. */
static int memory_policy(UNUSED int argc, UNUSED char **argv)
{
	unsigned long nodes[1024 / sizeof(unsigned long)] = { 0 };
	int mode = 0;

	if (syscall(SYS_get_mempolicy, &mode, nodes, sizeof(nodes) * 8, NULL, 0) < 0)
		return told(-1);
	printf("mode %d flags 0x%x nodes 0x%lx\n", mode & 0xfff, mode & ~0xfff, nodes[0]);
	return 0;
}

/* Kernel and libc differ in which is the first real-time signal: by number. */
static int wait_for_signal(UNUSED int argc, char **argv)
{
	uint64_t set = UINT64_C(1) << (atoi(argv[0]) - 1);

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, sizeof(set));
	puts("waiting");
	fflush(stdout);
	return syscall(SYS_rt_sigtimedwait, &set, NULL, NULL, sizeof(set)) < 0;
}

static int load_filter(const struct sock_filter *rows, size_t count)
{
	const struct sock_fprog program = { .len = (unsigned short)count,
					    .filter = (struct sock_filter *)rows };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/* without NUMBER... -- PROGRAM...: run it on a kernel that lacks these system calls. */
static int without(int argc, char **argv)
{
	struct sock_filter rows[128] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	size_t count = 1;
	int i;

	for (i = 0; i < argc && strcmp(argv[i], "--") != 0 && count < 120; i++) {
		uint32_t number = (uint32_t)atoi(argv[i]);

		rows[count++] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
		rows[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							     SECCOMP_RET_ERRNO | ENOSYS);
	}
	rows[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (i + 1 >= argc || load_filter(rows, count) < 0)
		return told(-1);
	execvp(argv[i + 1], argv + i + 1);
	return told(-1);
}

static int nothing(UNUSED int argc, char **argv)
{
	sleep((unsigned)atoi(argv[0]));
	return 0;
}

static const struct {
	const char *name;
	int words;
	int (*run)(int argc, char **argv);
} verbs[] = {
	{ "ids", 0, ids },
	{ "umask", 0, umask_now },
	{ "rlimit", 1, rlimit },
	{ "syscall", 1, system_call },
	{ "write", 1, open_write },
	{ "read", 1, open_read },
	{ "device", 4, device },
	{ "tiocsti", 0, tiocsti },
	{ "terminal", 0, terminal },
	{ "clocks", 0, clocks },
	{ "swap", 3, swap },
	{ "keyring", 0, keyring },
	{ "fd", 1, descriptor },
	{ "accept", 1, activated },
	{ "activate", 2, activate },
	{ "say", 2, say },
	{ "int80", 1, int80 },
	{ "sleep", 1, nothing },
	{ "scheduler", 0, scheduler },
	{ "memory-policy", 0, memory_policy },
	{ "without", 3, without },
	{ "wait-for-signal", 1, wait_for_signal },
	{ "careless", 1, block_signals },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[1], verbs[i].name) && argc - 2 >= verbs[i].words)
			return verbs[i].run(argc - 2, argv + 2);
	fprintf(stderr, "usage: probe VERB ...\n");
	return 2;
}
