/* SPDX-License-Identifier: GPL-2.0-or-later */
/* liveness - is a recorded process still there, and still the same? */
#include "state/liveness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/pidfd.h"
#include "kernel/syscalls.h"

/* proc(5): fields of /proc/PID/stat. */
#define FIELD_NAME 2
#define FIELD_START_TIME 22

int liveness_boot_id(char ret_boot_id[BOOT_ID_SIZE])
{
	static char boot_id
		[BOOT_ID_SIZE]; /* asked for several times, and one for as long as we live */
	ssize_t n = 0;

	if (!boot_id[0])
		n = fd_read_record(AT_FDCWD, "/proc/sys/kernel/random/boot_id", boot_id,
				   sizeof(boot_id));
	if (n < 0) {
		boot_id[0] = '\0';
		return (int)n;
	}
	memcpy(ret_boot_id, boot_id, sizeof(boot_id));
	return 0;
}

/* Returns 0, or -ESRCH without a record when there is no such process, or a failure. */
static int read_start_time(pid_t pid, uint64_t *ret_start_time)
{
	_cleanup_close_ int fd = NO_FD;
	char path[48];
	char text[1024];
	const char *at;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return -ESRCH;
	if (fd < 0)
		return err_sys(errno, "open %s", path);
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0 && errno == ESRCH)
		return -ESRCH;
	if (n < 0)
		return err_sys(errno, "read %s", path);
	text[n] = '\0';
	/* The name is in parentheses and may hold blanks and parentheses itself. */
	at = strrchr(text, ')');
	for (int field = FIELD_NAME; at && field < FIELD_START_TIME; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return err_refuse("%s: cannot be understood", path);
	*ret_start_time = strtoull(at + 1, NULL, 10);
	return 0;
}

/* A kernel with pidfs has it for as long as it runs, so the record needs one of the two. */
static int mark_by(pid_t pid, int pidfd, struct identity_mark *mark)
{
	uint64_t inode = pidfd_inode(pidfd);
	uint64_t start_time;
	int r;

	if (inode) {
		mark->inode = (struct oci_u64)OCI_SET(inode);
		return 0;
	}
	r = read_start_time(pid, &start_time);
	if (r == -ESRCH)
		return err_sys(ESRCH, "read the start time of process %d", (int)pid);
	if (r < 0)
		return r;
	mark->start_time = (struct oci_u64)OCI_SET(start_time);
	return 0;
}

int liveness_mark(pid_t pid, int pidfd, struct identity_mark *ret_mark)
{
	_cleanup_close_ int opened = NO_FD;
	struct identity_mark mark = { 0 };

	if (pidfd < 0) {
		opened = sys_pidfd_open(pid, 0);
		if (opened < 0)
			return err_sys(errno, "open process %d", (int)pid);
		pidfd = opened;
	}
	if (liveness_boot_id(mark.boot_id) || mark_by(pid, pidfd, &mark))
		return err_code();
	*ret_mark = mark;
	return 0;
}

int liveness_is_of_this_boot(const struct record *record)
{
	char boot_id[BOOT_ID_SIZE];
	int r;

	if (!record->boot_id)
		return 1;
	r = liveness_boot_id(boot_id);
	if (r < 0)
		return r;
	return strcmp(boot_id, record->boot_id) == 0;
}

/* Is it the recorded process, which PIDFD has been opened by the pid of? 1, 0, or a failure. */
static int is_same(const struct record *record, int pidfd)
{
	uint64_t number;
	int r;

	if (record->pid_inode.is_set) {
		number = pidfd_inode(pidfd);
		return number ? number == record->pid_inode.value
			      : err_refuse("process %d: its inode cannot be seen here",
					   (int)record->pid.value);
	}
	if (!record->start_time.is_set)
		return 0;
	r = read_start_time(record->pid.value, &number);
	if (r == -ESRCH)
		return 0;
	return r < 0 ? r : number == record->start_time.value;
}

/*
 * The descriptor is opened first and then it is looked at, or the start time is read: when that
 * fits the record, pid and descriptor were the recorded process's at that moment, and the
 * descriptor stays so.
 */
static int examine(const struct record *record, int *ret_pidfd)
{
	_cleanup_close_ int pidfd = NO_FD;
	int r;

	pidfd = sys_pidfd_open(record->pid.value, 0);
	if (pidfd < 0 && (errno == ESRCH || errno == EINVAL))
		return LIVENESS_GONE; /* EINVAL: now a thread of another process */
	if (pidfd < 0)
		return err_sys(errno, "open process %d", (int)record->pid.value);
	r = is_same(record, pidfd);
	if (r <= 0)
		return r < 0 ? r : LIVENESS_GONE;
	*ret_pidfd = fd_take(&pidfd);
	return pidfd_has_ended(*ret_pidfd, 0) ? LIVENESS_ZOMBIE : LIVENESS_ALIVE;
}

int liveness_open(const struct record *record, int *ret_pidfd)
{
	int r;

	*ret_pidfd = NO_FD;
	if (!record->pid.is_set || record->pid.value <= 0)
		return LIVENESS_GONE;
	r = liveness_is_of_this_boot(record);
	if (r < 0)
		return r;
	return r ? examine(record, ret_pidfd) : LIVENESS_GONE;
}

bool liveness_is_waiting(const struct record *record)
{
	static const char memfd[] = "/memfd:tare-init";
	char path[64], target[64] = "";

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)record->pid.value);
	if (readlink(path, target, sizeof(target) - 1) < 0)
		return true; /* not for us to see: believe the record */
	return strncmp(target, memfd, sizeof(memfd) - 1) == 0;
}

enum oci_status liveness_status(enum record_phase phase, enum liveness liveness, bool is_frozen)
{
	if (phase == RECORD_CREATING || phase == RECORD_PHASE_ABSENT)
		return OCI_STATUS_CREATING;
	if (phase == RECORD_STOPPED || liveness != LIVENESS_ALIVE)
		return OCI_STATUS_STOPPED;
	if (is_frozen)
		return OCI_STATUS_PAUSED;
	return phase == RECORD_CREATED ? OCI_STATUS_CREATED : OCI_STATUS_RUNNING;
}
