/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syscalls - system calls that the libc may not have, and numbers that its headers may lack. */
#pragma once

#include <fcntl.h>
#include <linux/mount.h> /* never together with <sys/mount.h>: they define the same things */
#include <linux/sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* 5.2 to 6.5 have one number on every architecture. */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_fsopen
#define SYS_fsopen 430
#endif
#ifndef SYS_fsconfig
#define SYS_fsconfig 431
#endif
#ifndef SYS_fsmount
#define SYS_fsmount 432
#endif
#ifndef SYS_fspick
#define SYS_fspick 433
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif
#ifndef MOUNT_ATTR_IDMAP
#define MOUNT_ATTR_IDMAP 0x00100000
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif
#ifndef MFD_EXEC
#define MFD_NOEXEC_SEAL 0x0008U
#define MFD_EXEC 0x0010U
#endif
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x0020
#endif

#define UMOUNT_DETACH 2 /* MNT_DETACH of <sys/mount.h> */

#define NSFS_FILE_MAGIC 0x6e736673
#define PROC_FILE_MAGIC 0x9fa0
#define PID_FILE_MAGIC 0x50494446

/* F_DUPFD_CLOEXEC, to 3 or above: fcntl(2) of musl's asks for the flag a second time. */
static inline int sys_duplicate(int fd)
{
#ifdef SYS_fcntl64
	return (int)syscall(SYS_fcntl64, fd, F_DUPFD_CLOEXEC, 3);
#else
	return (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
#endif
}

static inline int sys_open_tree(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dir, path, flags);
}

static inline int sys_move_mount(int from, const char *from_path, int to, const char *to_path,
				 unsigned flags)
{
	return (int)syscall(SYS_move_mount, from, from_path, to, to_path, flags);
}

static inline int sys_fsopen(const char *type, unsigned flags)
{
	return (int)syscall(SYS_fsopen, type, flags);
}

static inline int sys_fsconfig(int fs, unsigned command, const char *key, const void *value,
			       int aux)
{
	return (int)syscall(SYS_fsconfig, fs, command, key, value, aux);
}

static inline int sys_fsmount(int fs, unsigned flags, unsigned attributes)
{
	return (int)syscall(SYS_fsmount, fs, flags, attributes);
}

static inline int sys_fspick(int dir, const char *path, unsigned flags)
{
	return (int)syscall(SYS_fspick, dir, path, flags);
}

static inline int sys_mount_setattr(int dir, const char *path, unsigned flags,
				    const struct mount_attr *attributes)
{
	return (int)syscall(SYS_mount_setattr, dir, path, flags, attributes,
			    sizeof(*attributes));
}

static inline int sys_mount(const char *source, const char *target, const char *type,
			    unsigned long flags, const char *data)
{
	return (int)syscall(SYS_mount, source, target, type, flags, data);
}

static inline int sys_umount(const char *target, int flags)
{
	return (int)syscall(SYS_umount2, target, flags);
}

static inline int sys_fsetxattr(int fd, const char *name, const void *value, size_t size)
{
	return (int)syscall(SYS_fsetxattr, fd, name, value, size, 0);
}

static inline int sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)syscall(SYS_pivot_root, new_root, put_old);
}

/* A copy of ourselves on our stack, as fork(2); its pid is written to *PARENT_TID. */
static inline int sys_clone(unsigned long flags, pid_t *parent_tid)
{
#ifdef __s390__
	return (int)syscall(SYS_clone, 0L, flags, parent_tid, 0L, 0L);
#else
	return (int)syscall(SYS_clone, flags, 0L, parent_tid, 0L, 0L);
#endif
}

/* The one that goes with the libc's struct timespec. */
#if defined(SYS_clock_gettime64) && (!defined(SYS_clock_gettime) || defined(__USE_TIME_BITS64))
#define TARE_SYS_CLOCK_GETTIME SYS_clock_gettime64
#else
#define TARE_SYS_CLOCK_GETTIME SYS_clock_gettime
#endif

/* Without the vdso(7), which a C library finds by what is on the first stack. */
static inline int sys_clock_gettime(clockid_t clock, struct timespec *ret_time)
{
	return (int)syscall(TARE_SYS_CLOCK_GETTIME, clock, ret_time);
}

/*
 * For tare-init, which has one thread: a C library holds all of them up for each of these.  Where
 * the plain names are of the time of 16 bits, the others are meant.
 */
#ifdef SYS_setresuid32
#define TARE_SYS_SETGROUPS SYS_setgroups32
#define TARE_SYS_SETRESGID SYS_setresgid32
#define TARE_SYS_SETRESUID SYS_setresuid32
#else
#define TARE_SYS_SETGROUPS SYS_setgroups
#define TARE_SYS_SETRESGID SYS_setresgid
#define TARE_SYS_SETRESUID SYS_setresuid
#endif

static inline int sys_setgroups(size_t count, const uint32_t *groups)
{
	return (int)syscall(TARE_SYS_SETGROUPS, count, groups);
}

static inline int sys_setresgid(gid_t real, gid_t effective, gid_t saved)
{
	return (int)syscall(TARE_SYS_SETRESGID, real, effective, saved);
}

static inline int sys_setresuid(uid_t real, uid_t effective, uid_t saved)
{
	return (int)syscall(TARE_SYS_SETRESUID, real, effective, saved);
}

static inline int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}

static inline int sys_pidfd_open(pid_t pid, unsigned flags)
{
	return (int)syscall(SYS_pidfd_open, pid, flags);
}

static inline int sys_pidfd_send_signal(int pidfd, int signal)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

static inline int sys_execveat(int dir, const char *path, char *const *args, char *const *env,
			       int flags)
{
	return (int)syscall(SYS_execveat, dir, path, args, env, flags);
}
