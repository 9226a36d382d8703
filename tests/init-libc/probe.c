/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe - calls what src/init/libc has; with any C library it must print the same. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int size;

	va_start(ap, fmt);
	size = vsnprintf(text, sizeof(text) - 1, fmt, ap);
	va_end(ap);
	text[size] = '\n';
	if (write(1, text, (size_t)size + 1) < 0)
		_exit(9);
}

/* What a call returned, and errno when it failed. */
#define SAY(call)                                                                       \
	do {                                                                            \
		errno = 0;                                                              \
		long result_ = (long)(call);                                            \
		say("%s = %ld %s", #call, result_, result_ < 0 ? strerror(errno) : ""); \
	} while (0)

static void say_cut(size_t size, const char *text)
{
	char cut[8] = "#######";
	int all = snprintf(size ? cut : NULL, size, "<%s>", text);

	say("%d '%s'", all, cut);
}

static void test_print(void)
{
	say("%s|%.*s|%.3s|%10s|%c|%%", "text", 2, "abcdef", "abcdef", "right", 'x');
	say("%d %i %d %d %d", 0, -1, INT_MAX, INT_MIN, 42);
	say("%u %x %o %08x %05d %5d %5u %02o", UINT_MAX, 0xbeefU, 0755U, 0xabcU, -42, -42, 7U,
	    1U);
	say("%ld %lu %lx %lld %llu %llx %zu %zx", LONG_MIN, ULONG_MAX, ULONG_MAX, LLONG_MIN,
	    ULLONG_MAX, 1ULL << 40, SIZE_MAX, (size_t)10);
	say("%.0s|%3s|%3d|%03d|%1d", "gone", "longer", 12345, 12345, 12345);
	for (size_t size = 0; size < 8; size++)
		say_cut(size, "abcd");
}

static void say_at(const char *text, const char *at)
{
	say("%ld", at ? (long)(at - text) : -1);
}

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

static void test_text(void)
{
	static const char text[] = "one/two/three\xff";
	char bytes[32] = "0123456789abcdefghijklmnopqrstu";

	say_at(text, strchr(text, '/'));
	say_at(text, strchr(text, '\0'));
	say_at(text, strchr(text, 0xff));
	say_at(text, strchr(text, 'z'));
	say_at(text, strrchr(text, '/'));
	say_at(text, strrchr(text, '\0'));
	say_at(text, strrchr(text, 'z'));
	say_at(text, memchr(text, 't', sizeof(text)));
	say_at(text, memchr(text, 't', 4));
	say("%zu %zu %zu %zu", strlen(text), strlen(""), strnlen(text, 3), strnlen(text, 99));
	say("%zu %zu %zu %zu", strspn(text, "eno"), strspn(text, ""), strcspn(text, "/"),
	    strcspn(text, "z"));
	say("%d %d %d %d", sign(strcmp("a", "b")), sign(strcmp("b", "a")),
	    sign(strcmp("a", "a")), sign(strcmp("a", "a\xff")));
	say("%d %d %d %d", sign(strncmp("ab", "ac", 1)), sign(strncmp("ab", "ac", 2)),
	    sign(strncmp("a", "a", 9)), sign(strncmp("\xff", "a", 1)));
	say("%d %d %d", sign(memcmp("a\0b", "a\0c", 3)), sign(memcmp("a", "b", 0)),
	    sign(memcmp("\xff", "a", 1)));
	memmove(bytes + 2, bytes, 10);
	say("%s", bytes);
	memmove(bytes, bytes + 5, 10);
	say("%s", bytes);
	memset(bytes + 1, 'x', 4);
	memcpy(bytes + 20, "copy", 4);
	say("%s", bytes);
}

static void test_characters(void)
{
	for (int c = 0; c < 256; c++)
		say("%d: %d %d %d %d %d %d %d %d", c, !!isdigit(c), !!isalpha(c), !!isalnum(c),
		    !!isspace(c), !!isupper(c), !!islower(c), !!isprint(c), tolower(c));
}

static void test_names(void)
{
	for (int code = 0; code <= EHWPOISON; code++)
		say("%s", strerror(code));
	for (int number = 1; number < 32; number++)
		say("%s", strsignal(number));
}

static void test_files(void)
{
	struct timespec times[2] = { { 1, 2 }, { 1000000000, 5 } };
	char text[64];
	struct stat status;
	int fd;

	SAY(umask(022));
	SAY(mkdirat(AT_FDCWD, "d", 0777));
	SAY(mkdirat(AT_FDCWD, "d", 0777));
	SAY(fd = openat(AT_FDCWD, "d/f", O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666));
	SAY(write(fd, "hello", 5));
	SAY(lseek(fd, 1, SEEK_SET));
	SAY(read(fd, text, sizeof(text)));
	SAY(symlinkat("to", AT_FDCWD, "d/l"));
	SAY(readlinkat(AT_FDCWD, "d/l", text, sizeof(text)));
	SAY(readlinkat(AT_FDCWD, "d/f", text, sizeof(text)));
	SAY(mknodat(AT_FDCWD, "d/p", S_IFIFO | 0600, 0));
	SAY(fchmodat(AT_FDCWD, "d/f", 0611, 0));
	SAY(fchownat(AT_FDCWD, "d/f", (uid_t)-1, (gid_t)-1, AT_SYMLINK_NOFOLLOW));
	SAY(fchown(fd, (uid_t)-1, (gid_t)-1));
	SAY(utimensat(AT_FDCWD, "d/f", times, 0));
	SAY(fstat(fd, &status));
	say("%o %ld %ld", status.st_mode, (long)status.st_size, (long)status.st_mtime);
	SAY(stat("d/f", &status));
	say("%o %ld %lu", status.st_mode, (long)status.st_size, (unsigned long)status.st_nlink);
	SAY(fstatat(AT_FDCWD, "d/l", &status, AT_SYMLINK_NOFOLLOW));
	say("%o %ld", status.st_mode, (long)status.st_size);
	SAY(stat("d/l", &status));
	SAY(faccessat(AT_FDCWD, "d/f", X_OK, AT_EACCESS));
	SAY(faccessat(AT_FDCWD, "d/none", R_OK, 0));
	SAY(dup2(fd, 20));
	SAY(dup2(20, 20));
	SAY(dup2(21, 21));
	SAY(dup2(21, 22));
	SAY(fcntl(fd, F_GETFD));
	SAY(fcntl(20, F_GETFD));
	SAY(fcntl(20, F_SETFD, FD_CLOEXEC));
	SAY(fcntl(20, F_GETFD));
	SAY(close(20));
	SAY(close(20));
	SAY(close(fd));
	SAY(unlinkat(AT_FDCWD, "d/f", 0));
	SAY(unlinkat(AT_FDCWD, "d/l", 0));
	SAY(unlinkat(AT_FDCWD, "d/p", 0));
	SAY(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR));
	SAY(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR));
}

static void test_places(void)
{
	struct statfs status;
	int here;

	SAY(here = openat(AT_FDCWD, ".", O_RDONLY | O_DIRECTORY));
	SAY(chdir("/proc"));
	SAY(fstatfs(here, &status) || status.f_bsize < 512);
	SAY(chdir("/none"));
	SAY(fchdir(here));
	SAY(close(here));
	SAY(chroot("/none"));
	say("%lx %lx", (unsigned long)makedev(1, 3), (unsigned long)makedev(0xabcde, 0x12345));
}

static void test_sockets(void)
{
	char in[8] = "", control[CMSG_SPACE(sizeof(int))];
	struct iovec out_text = { (char *)"ping", 4 }, in_text = { in, sizeof(in) };
	struct msghdr out = { .msg_iov = &out_text, .msg_iovlen = 1 };
	struct msghdr message = { .msg_iov = &in_text,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct pollfd polled;
	int pair[2], ends[2];

	SAY(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	polled = (struct pollfd){ .fd = pair[1], .events = POLLIN };
	SAY(poll(&polled, 1, 0));
	SAY(poll(&polled, 1, 20));
	SAY(sendmsg(pair[0], &out, MSG_NOSIGNAL));
	SAY(poll(&polled, 1, -1));
	SAY(recvmsg(pair[1], &message, MSG_CMSG_CLOEXEC));
	say("%s %zu", in, (size_t)message.msg_controllen);
	SAY(close(pair[1]));
	SAY(sendmsg(pair[0], &out, MSG_NOSIGNAL));
	SAY(accept4(pair[0], NULL, NULL, SOCK_CLOEXEC));
	SAY(pipe2(ends, O_CLOEXEC | O_NONBLOCK));
	SAY(read(ends[0], in, 1));
	SAY(ioctl(ends[0], FIONREAD, &pair[1]));
	say("%d", pair[1]);
	SAY(ioctl(ends[0], TIOCGWINSZ, in));
	SAY(socket(AF_UNIX, SOCK_STREAM, 999) < 0);
}

static void say_status(int status)
{
	say("%d %d %d", WIFEXITED(status), WEXITSTATUS(status), WTERMSIG(status));
}

static void test_processes(void)
{
	char *arguments[] = { (char *)"sh", (char *)"-c", (char *)"exit $X", NULL };
	char *environment[] = { (char *)"X=42", NULL };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execve("/none", arguments, environment);
		say("%s", strerror(errno));
		execve("/bin/sh", arguments, environment);
		_exit(1);
	}
	say("%d", waitpid(pid, &status, 0) == pid);
	say_status(status);
	pid = fork();
	if (pid == 0) {
		SAY(setsid() == getpid());
		SAY(setpgid(0, 0));
		kill(getpid(), SIGKILL);
	}
	say("%d", waitpid(pid, &status, 0) == pid);
	say_status(status);
	SAY(waitpid(-1, &status, 0));
	SAY(kill(1 << 30, 0));
	pid = fork();
	if (pid == 0)
		abort();
	waitpid(pid, &status, 0);
	say_status(status);
}

static void test_signals(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	SAY(sigprocmask(SIG_SETMASK, &set, NULL));
	memset(&set, 0xff, sizeof(set));
	SAY(sigprocmask(SIG_BLOCK, &set, &old));
	SAY(sigprocmask(SIG_SETMASK, &old, &set));
	say("%lx", *(unsigned long *)&old);
	say("%d", signal(SIGUSR1, SIG_IGN) == SIG_DFL);
	say("%d", kill(getpid(), SIGUSR1));
	say("%d", signal(SIGUSR1, SIG_DFL) == SIG_IGN);
	SAY(signal(SIGKILL, SIG_IGN) == SIG_ERR);
}

static void test_identity(void)
{
	uid_t uids[3];
	gid_t gids[3];

	SAY(getresuid(&uids[0], &uids[1], &uids[2]));
	SAY(setresuid(uids[0], uids[1], uids[2]));
	SAY(getresgid(&gids[0], &gids[1], &gids[2]));
	SAY(setresgid(gids[0], gids[1], gids[2]));
	SAY(setgroups(1 << 30, gids));
	SAY(unshare(1));
	SAY(setns(-1, 0));
	SAY(sethostname("x", 1 << 20));
	SAY(setdomainname("x", 1 << 20));
	SAY(prctl(PR_SET_NAME, "name", 0, 0, 0));
	SAY(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	SAY(prctl(-1, 0, 0, 0, 0));
	SAY(prctl(PR_CAPBSET_READ, 999, 0, 0, 0));
	SAY(syscall(SYS_getpid) == getpid());
	SAY(syscall(SYS_close, -1));
	SAY(syscall(SYS_mount_setattr, -1, "", 0, NULL, 0L));
}

static void test_memory(void)
{
	struct timespec now = { 0 };
	char *memory =
		mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	say("%d %d", memory != MAP_FAILED, memory[8191]);
	SAY(mmap(NULL, 0, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED);
	SAY(munmap(memory, 8192));
	SAY(clock_gettime(CLOCK_MONOTONIC, &now));
	say("%d", now.tv_sec > 0);
	SAY(clock_gettime(999, &now));
}

int main(int argc, char **argv)
{
	say("%d %s %s %d", argc, argv[1], environ[0], environ[1] == NULL);
	test_print();
	test_text();
	test_characters();
	test_names();
	test_files();
	test_places();
	test_sockets();
	test_processes();
	test_signals();
	test_identity();
	test_memory();
	return 17;
}
