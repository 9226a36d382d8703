/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mounts - a container's root file system, mounted as containerd wants it. May block. */
#include "shim/task/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/task/idmapped.h"
#include "shim/task/loopdev.h"

#define PROPAGATION (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)
#define DATA_MAX 3500 /* mount(2) takes one page */

enum {
	BUSY_TRIES = 50,
	BUSY_MS = 50,
};

/* mount(8), "FILESYSTEM-INDEPENDENT MOUNT OPTIONS" */
struct word_row {
	const char *name;
	unsigned long set, clear;
};

/* clang-format off */
static const struct word_row words[] = {
	{ "async",         0,                     MS_SYNCHRONOUS },
	{ "atime",         0,                     MS_NOATIME },
	{ "bind",          MS_BIND,               0 },
	{ "defaults",      0,                     0 },
	{ "dev",           0,                     MS_NODEV },
	{ "diratime",      0,                     MS_NODIRATIME },
	{ "dirsync",       MS_DIRSYNC,            0 },
	{ "exec",          0,                     MS_NOEXEC },
	{ "mand",          MS_MANDLOCK,           0 },
	{ "noatime",       MS_NOATIME,            0 },
	{ "nodev",         MS_NODEV,              0 },
	{ "nodiratime",    MS_NODIRATIME,         0 },
	{ "noexec",        MS_NOEXEC,             0 },
	{ "nomand",        0,                     MS_MANDLOCK },
	{ "norelatime",    0,                     MS_RELATIME },
	{ "nostrictatime", 0,                     MS_STRICTATIME },
	{ "nosuid",        MS_NOSUID,             0 },
	{ "private",       MS_PRIVATE,            0 },
	{ "rbind",         MS_BIND | MS_REC,      0 },
	{ "relatime",      MS_RELATIME,           0 },
	{ "remount",       MS_REMOUNT,            0 },
	{ "ro",            MS_RDONLY,             0 },
	{ "rprivate",      MS_PRIVATE | MS_REC,   0 },
	{ "rshared",       MS_SHARED | MS_REC,    0 },
	{ "rslave",        MS_SLAVE | MS_REC,     0 },
	{ "runbindable",   MS_UNBINDABLE | MS_REC, 0 },
	{ "rw",            0,                     MS_RDONLY },
	{ "shared",        MS_SHARED,             0 },
	{ "slave",         MS_SLAVE,              0 },
	{ "strictatime",   MS_STRICTATIME,        0 },
	{ "suid",          0,                     MS_NOSUID },
	{ "sync",          MS_SYNCHRONOUS,        0 },
	{ "unbindable",    MS_UNBINDABLE,         0 },
	{ 0 },
};

/* clang-format on */

static const struct word_row *find_word(const char *name)
{
	const struct word_row *row = words;

	while (row->name && strcmp(row->name, name) != 0)
		row++;
	return row->name ? row : NULL;
}

static const char *behind(const char *option, const char *key)
{
	size_t length = strlen(key);

	return strncmp(option, key, length) == 0 ? option + length : NULL;
}

static void set_text(char **where, const char *text)
{
	free(*where);
	*where = xstrdup(text);
}

/* What is neither a flag nor the file system's business. True: it was that. */
static bool take_own(const char *option, struct mount_flags *flags)
{
	const char *uids = behind(option, "uidmap="), *gids = behind(option, "gidmap=");

	if (uids)
		set_text(&flags->uids, uids);
	else if (gids)
		set_text(&flags->gids, gids);
	else if (strcmp(option, "loop") == 0)
		flags->is_loop = true;
	else if (strcmp(option, "direct-io") == 0)
		flags->is_direct = true;
	else
		return false;
	return true;
}

static int check(const struct mount_flags *flags)
{
	if (!flags->uids != !flags->gids)
		return err_refuse("the mount options uidmap= and gidmap= need each other");
	if (flags->is_direct && !flags->is_loop)
		return err_refuse("the mount option direct-io needs loop");
	return 0;
}

static int read_option(const char *option, struct mount_flags *flags, struct buf *data)
{
	const struct word_row *row = find_word(option);

	if (row && row->set & PROPAGATION) {
		flags->propagation = row->set;
	} else if (row) {
		flags->flags = (flags->flags | row->set) & ~row->clear;
	} else if (behind(option, "X-containerd.")) {
		return err_refuse("the mount option %s is not supported", option);
	} else if (!take_own(option, flags)) {
		buf_printf(data, "%s%s", data->size ? "," : "", option);
	}
	return 0;
}

int mounts_read_options(char *const *options, size_t count, struct mount_flags *ret_flags)
{
	struct mount_flags flags = { 0 };
	_cleanup_buf_ struct buf data = { 0 };
	int r = 0;

	for (size_t i = 0; i < count && r == 0; i++)
		r = read_option(options[i], &flags, &data);
	if (r < 0 || check(&flags)) {
		mounts_release_options(&flags);
		return err_code();
	}
	flags.data = xstrdup(buf_text(&data));
	*ret_flags = flags;
	return 0;
}

void mounts_release_options(struct mount_flags *flags)
{
	free(take(flags->uids));
	free(take(flags->gids));
	free(take(flags->data));
}

/* ---- overlay ---- */

/* The list behind "lowerdir=" in DATA, and how long it is; NULL without one. */
static const char *find_lower(const char *data, size_t *ret_size)
{
	static const char key[] = "lowerdir=";
	const char *at = strstr(data, key);

	while (at && at != data && at[-1] != ',')
		at = strstr(at + 1, key);
	if (!at)
		return NULL;
	at += sizeof(key) - 1;
	*ret_size = strcspn(at, ",");
	return at;
}

/* How many bytes, up to a slash, all directories of LIST begin with. */
static size_t common_part(const char *list, size_t size)
{
	size_t common = strcspn(list, ":,");

	for (size_t at = 0; at < size; at += strcspn(list + at, ":,") + 1) {
		size_t same = 0;

		while (same < common && list[at + same] == list[same])
			same++;
		common = same;
	}
	while (common > 0 && list[common - 1] != '/')
		common--;
	return common;
}

char *mounts_shorten(const char *data, char **ret_data)
{
	_cleanup_buf_ struct buf out = { 0 };
	size_t size = 0, common;
	const char *list = find_lower(data, &size), *rest;

	/* A backslash may quote the colon behind it. */
	if (!list || memchr(list, '\\', size) || list[0] != '/')
		return NULL;
	common = common_part(list, size);
	if (common <= 1)
		return NULL;
	rest = list + size;
	buf_add(&out, data, (size_t)(list - data));
	for (size_t at = 0; at < size;) {
		size_t one = strcspn(list + at, ":,");

		if (one == common)
			return NULL; /* that folder itself */
		buf_printf(&out, "%s%.*s", at ? ":" : "", (int)(one - common),
			   list + at + common);
		at += one + 1;
	}
	buf_add(&out, rest, strlen(rest));
	*ret_data = xstrdup(buf_text(&out));
	return xstrndup(list, common);
}

/* ---- mounting ---- */

static int mount_once(const Api__Mount *mount_, const char *source,
		      const struct mount_flags *flags, const char *target)
{
	_cleanup_free_ char *data = NULL, *folder = NULL;

	if (strcmp(mount_->type, "overlay") == 0 && strlen(flags->data) > DATA_MAX)
		folder = mounts_shorten(flags->data, &data);
	if (folder && chdir(folder) < 0)
		return err_sys(errno, "chdir to %s", folder);
	if (strlen(data ? data : flags->data) >= 4096)
		return err_refuse("options of more than a page");
	if (mount(source, target, mount_->type, flags->flags, data ? data : flags->data) < 0)
		return err_sys(errno, "mount %s", mount_->source);
	return folder && chdir("/") < 0 ? err_sys(errno, "chdir to /") : 0;
}

/* The device stays as long as it is mounted, and not longer. */
static int mount_by_loop(const Api__Mount *mount_, const struct mount_flags *flags,
			 const char *target)
{
	char path[LOOPDEV_PATH_SIZE];
	_cleanup_close_ int device =
		loopdev_open(mount_->source, flags->flags & MS_RDONLY, flags->is_direct, path);

	if (device < 0)
		return device;
	return mount_once(mount_, path, flags, target);
}

/* Read-only and its like are not taken by the first call of a bind mount. */
static int mount_flagged(const Api__Mount *mount_, const struct mount_flags *flags,
			 const char *target)
{
	const unsigned long own =
		flags->flags & ~(unsigned long)(MS_BIND | MS_REC | MS_REMOUNT);

	if (flags->is_loop ? mount_by_loop(mount_, flags, target)
			   : mount_once(mount_, mount_->source, flags, target))
		return err_code();
	if (flags->flags & MS_BIND && own &&
	    mount(NULL, target, NULL, MS_REMOUNT | MS_BIND | own, NULL) < 0)
		return err_sys(errno, "change %s", target);
	return 0;
}

/* Of an overlay the lower directories are mapped, of others what is mounted. */
static int mount_mapped(const Api__Mount *mount_, const struct mount_flags *flags,
			const char *rootfs, const char *target)
{
	_cleanup_close_ int userns = idmapped_namespace(flags->uids, flags->gids);
	struct idmapped_stage stage = { 0 };

	if (userns < 0)
		return userns;
	if (strcmp(mount_->type, "overlay") == 0) {
		if (idmapped_enter(&stage, flags->data, userns) ||
		    mount_flagged(mount_, flags, rootfs))
			return err_code();
		return idmapped_return(&stage, rootfs, target);
	}
	if (mount_flagged(mount_, flags, target))
		return err_code();
	return idmapped_replace(target, userns, flags->flags & MS_REC);
}

/* Below a root file system that is the image's, no name may lead out. */
static int find_target(const char *rootfs, const char *name, char ret_target[PATH_MAX])
{
	_cleanup_close_ int root = fd_open(AT_FDCWD, rootfs, O_PATH | O_DIRECTORY, 0);
	_cleanup_close_ int below = NO_FD;
	char link[64];
	ssize_t n;

	if (root < 0)
		return root;
	below = fd_open_in(root, *name ? name : ".", O_PATH);
	if (below < 0)
		return below;
	/* By its name, as what will be mounted there is not behind the descriptor. */
	snprintf(link, sizeof(link), "/proc/self/fd/%d", below);
	n = readlink(link, ret_target, PATH_MAX - 1);
	if (n < 0)
		return err_sys(errno, "readlink %s", link);
	ret_target[n] = '\0';
	return 0;
}

static int mount_one(const Api__Mount *mount_, const char *rootfs)
{
	struct mount_flags flags;
	char target[PATH_MAX];
	int r;

	if (find_target(rootfs, mount_->target, target) ||
	    mounts_read_options(mount_->options, mount_->n_options, &flags))
		return err_code();
	if (flags.uids)
		r = mount_mapped(mount_, &flags, rootfs, target);
	else
		r = mount_flagged(mount_, &flags, target);
	if (r == 0 && flags.propagation &&
	    mount(NULL, target, NULL, flags.propagation, NULL) < 0)
		r = err_sys(errno, "propagation of %s", target);
	mounts_release_options(&flags);
	return r;
}

int mounts_apply(Api__Mount *const *mounts, size_t count, const char *rootfs)
{
	if (count > 0 && mkdir(rootfs, 0711) < 0 && errno != EEXIST)
		return err_sys(errno, "mkdir %s", rootfs);
	for (size_t i = 0; i < count; i++)
		if (mount_one(mounts[i], rootfs)) {
			err_while("mount rootfs component (type %s)", mounts[i]->type);
			return err_code();
		}
	return 0;
}

/* ---- unmounting ---- */

/* \040 and its like, in place: proc_pid_mountinfo(5). */
static void unescape(char *path)
{
	char *to = path;

	for (const char *from = path; *from; from++) {
		if (from[0] == '\\' && from[1] && from[2] && from[3]) {
			*to++ = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 |
				       (from[3] - '0'));
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

/* The mount point of a line of mountinfo. */
static char *mount_point(const char *line)
{
	char *point;

	for (int i = 0; i < 4 && *line && *line != '\n'; i++)
		line += strcspn(line, " \n") + 1;
	point = xstrndup(line, strcspn(line, " \n"));
	unescape(point);
	return point;
}

static bool is_below(const char *point, const char *path)
{
	size_t size = strlen(path);

	return strncmp(point, path, size) == 0 && (!point[size] || point[size] == '/');
}

/* What lies deepest on PATH or below, among our mounts; NULL: nothing does. */
static char *find_last(const char *path)
{
	_cleanup_close_ int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	_cleanup_buf_ struct buf text = { 0 };
	char *last = NULL, bytes[4096];
	ssize_t n;

	while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_add(&text, bytes, (size_t)n);
	for (const char *line = buf_text(&text); *line; line += strcspn(line, "\n") + 1) {
		char *point = mount_point(line);

		if (is_below(point, path)) {
			free(last);
			last = take(point);
		}
		free(point);
		if (!line[strcspn(line, "\n")])
			break;
	}
	return last;
}

/*
 * Lazily it must not be: who removes the folders next would find files in them. Returns 1 when
 * nothing of that name is mounted, or -errno with a record.
 */
static int unmount_one(const char *path)
{
	const struct timespec pause = { .tv_nsec = BUSY_MS * 1000000L };

	for (int i = 0; i < BUSY_TRIES; i++) {
		if (umount2(path, UMOUNT_NOFOLLOW) == 0)
			return 0;
		if (errno == EINVAL || errno == ENOENT)
			return 1;
		if (errno != EBUSY)
			break;
		nanosleep(&pause, NULL);
	}
	return err_sys(errno, "unmount %s", path);
}

int mounts_undo(const char *path)
{
	_cleanup_free_ char *real = realpath(path, NULL); /* as mountinfo names it */
	_cleanup_free_ char *missed = NULL;

	for (;;) {
		_cleanup_free_ char *last = find_last(real ? real : path);
		int r;

		if (!last)
			return 0;
		/* Somebody else may have unmounted it meanwhile; but then it is not listed again. */
		if (missed && strcmp(last, missed) == 0)
			return err_sys(EBUSY, "unmount %s: something else is there", last);
		r = unmount_one(last);
		if (r < 0)
			return r;
		if (r > 0) {
			free(missed);
			missed = take(last);
		}
	}
}
