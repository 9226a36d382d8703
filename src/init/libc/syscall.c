/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syscall - what tare-init calls of the system, each one system call. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
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

#include "init/libc/arch.h"

#define ERRNO_LAST 4095

int *__errno_location(void)
{
	static int value;

	return &value;
}

static long checked(long result)
{
	if (result >= 0 || result < -ERRNO_LAST)
		return result;
	errno = (int)-result;
	return -1;
}

/*
 * The arguments behind LAST.  Whoever passed fewer gets what happens to be
 * there, which the kernel ignores.
 */
#define TAKE_ARGUMENTS(array, last)                                       \
	do {                                                              \
		va_list ap;                                               \
		va_start(ap, last);                                       \
		for (size_t i = 0; i < sizeof(array) / sizeof(long); i++) \
			(array)[i] = va_arg(ap, long);                    \
		va_end(ap);                                               \
	} while (0)

/* clang-format off */
#define CALL(name, a, b, c, d, e, f) \
	checked(arch_syscall(SYS_##name, (long)(a), (long)(b), (long)(c), (long)(d), \
			     (long)(e), (long)(f)))
#define WRAP(type, name, call, parameters, ...) \
	type name parameters { return (type)CALL(call, __VA_ARGS__); }
#define WRAP0(type, name)          WRAP(type, name, name, (void), 0, 0, 0, 0, 0, 0)
#define WRAP1(type, name, A)       WRAP(type, name, name, (A a), a, 0, 0, 0, 0, 0)
#define WRAP2(type, name, A, B)    WRAP(type, name, name, (A a, B b), a, b, 0, 0, 0, 0)
#define WRAP3(type, name, A, B, C) WRAP(type, name, name, (A a, B b, C c), a, b, c, 0, 0, 0)
#define WRAP4(type, name, A, B, C, D) \
	WRAP(type, name, name, (A a, B b, C c, D d), a, b, c, d, 0, 0)
#define WRAP5(type, name, A, B, C, D, E) \
	WRAP(type, name, name, (A a, B b, C c, D d, E e), a, b, c, d, e, 0)

WRAP4(int,     accept4, int, struct sockaddr *restrict, socklen_t *restrict, int)
WRAP1(int,     chdir, const char *)
WRAP1(int,     chroot, const char *)
WRAP2(int,     clock_gettime, clockid_t, struct timespec *)
WRAP1(int,     close, int)
WRAP3(int,     dup3, int, int, int)
WRAP3(int,     execve, const char *, char *const *, char *const *)
WRAP1(int,     fchdir, int)
WRAP3(int,     fchown, int, uid_t, gid_t)
WRAP5(int,     fchownat, int, const char *, uid_t, gid_t, int)
WRAP2(int,     fstat, int, struct stat *)
WRAP2(int,     fstatfs, int, struct statfs *)
WRAP0(pid_t,   getpid)
WRAP3(int,     getresgid, gid_t *, gid_t *, gid_t *)
WRAP3(int,     getresuid, uid_t *, uid_t *, uid_t *)
WRAP2(int,     kill, pid_t, int)
WRAP3(off_t,   lseek, int, off_t, int)
WRAP3(int,     mkdirat, int, const char *, mode_t)
WRAP4(int,     mknodat, int, const char *, mode_t, dev_t)
WRAP2(int,     munmap, void *, size_t)
WRAP3(ssize_t, read, int, void *, size_t)
WRAP4(ssize_t, readlinkat, int, const char *restrict, char *restrict, size_t)
WRAP3(ssize_t, recvmsg, int, struct msghdr *, int)
WRAP3(ssize_t, sendmsg, int, const struct msghdr *, int)
WRAP2(int,     setdomainname, const char *, size_t)
WRAP2(int,     setgroups, size_t, const gid_t *)
WRAP2(int,     sethostname, const char *, size_t)
WRAP2(int,     setns, int, int)
WRAP2(int,     setpgid, pid_t, pid_t)
WRAP3(int,     setresgid, gid_t, gid_t, gid_t)
WRAP3(int,     setresuid, uid_t, uid_t, uid_t)
WRAP0(pid_t,   setsid)
WRAP3(int,     socket, int, int, int)
WRAP3(int,     symlinkat, const char *, int, const char *)
WRAP1(mode_t,  umask, mode_t)
WRAP3(int,     unlinkat, int, const char *, int)
WRAP1(int,     unshare, int)
WRAP3(ssize_t, write, int, const void *, size_t)

/* Where the system call has another name, or C another way to say what it takes. */
WRAP(void *, mmap, mmap, (void *a, size_t b, int c, int d, int e, off_t f), a, b, c, d, e, f)
WRAP(int, fstatat, newfstatat, (int a, const char *restrict b, struct stat *restrict c, int d),
     a, b, c, d, 0, 0)
WRAP(int, stat, newfstatat, (const char *restrict a, struct stat *restrict b), AT_FDCWD, a, b,
     0, 0, 0)
WRAP(int, utimensat, utimensat, (int a, const char *b, const struct timespec c[2], int d), a, b,
     c, d, 0, 0)
WRAP(int, pipe2, pipe2, (int a[2], int b), a, b, 0, 0, 0, 0)
WRAP(int, socketpair, socketpair, (int a, int b, int c, int d[2]), a, b, c, d, 0, 0)
WRAP(pid_t, waitpid, wait4, (pid_t a, int *b, int c), a, b, c, NULL, 0, 0)
/* The order of clone(2)'s other arguments differs between architectures; all are 0. */
WRAP(pid_t, fork, clone, (void), SIGCHLD, 0, 0, 0, 0, 0)

#define WRAP_MORE(type, name, parameters, last, count, ...) \
	type name parameters \
	{ long z[count]; TAKE_ARGUMENTS(z, last); return (type)__VA_ARGS__; }

WRAP_MORE(long, syscall, (long a, ...), a, 6,
	  checked(arch_syscall(a, z[0], z[1], z[2], z[3], z[4], z[5])))
WRAP_MORE(int, openat, (int a, const char *b, int c, ...), c, 1,
	  CALL(openat, a, b, c, z[0], 0, 0))
WRAP_MORE(int, fcntl, (int a, int b, ...), b, 1, CALL(fcntl, a, b, z[0], 0, 0, 0))
WRAP_MORE(int, ioctl, (int a, unsigned long b, ...), b, 1, CALL(ioctl, a, b, z[0], 0, 0, 0))
WRAP_MORE(int, prctl, (int a, ...), a, 4, CALL(prctl, a, z[0], z[1], z[2], z[3], 0))
/* clang-format on */

_Noreturn void _exit(int status)
{
	for (;;)
		arch_syscall(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

_Noreturn void abort(void)
{
	kill(getpid(), SIGABRT);
	_exit(127);
}

/* The old call has no flags; kernels since 5.8 have one that does. */
int faccessat(int dir, const char *path, int mode, int flags)
{
	if (!flags)
		return (int)CALL(faccessat, dir, path, mode, 0, 0, 0);
	return (int)CALL(faccessat2, dir, path, mode, flags, 0, 0);
}

/* Flags would need a kernel of 2023. */
int fchmodat(int dir, const char *path, mode_t mode, int flags)
{
	if (!flags)
		return (int)CALL(fchmodat, dir, path, mode, 0, 0, 0);
	errno = EOPNOTSUPP;
	return -1;
}

int dup2(int fd, int other)
{
	if (fd == other)
		return fcntl(fd, F_GETFD) < 0 ? -1 : fd;
	return dup3(fd, other, 0);
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	struct timespec time = { timeout / 1000, (long)(timeout % 1000) * 1000000 };

	return (int)CALL(ppoll, fds, count, timeout < 0 ? NULL : &time, NULL, 0, 0);
}

dev_t gnu_dev_makedev(unsigned major, unsigned minor)
{
	return (dev_t)(major & 0xfff) << 8 | (dev_t)(major & ~0xfffU) << 32 | (minor & 0xff) |
	       (dev_t)(minor & ~0xffU) << 12;
}
