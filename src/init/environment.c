/* SPDX-License-Identifier: GPL-2.0-or-later */
/* environment - HOME and the working directory of the process. */
#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/number.h"
#include "init/init.h"
#include "kernel/syscalls.h"
#include "kernel/target.h"

#define PASSWD_MAX (1u << 20)

static const char *env_value(const char *const *env, const char *name)
{
	size_t size = strlen(name);

	for (; *env; env++)
		if (strncmp(*env, name, size) == 0 && (*env)[size] == '=')
			return *env + size + 1;
	return NULL;
}

/* The field'th of the colon-separated fields of LINE, which ends at END; empty if missing. */
static const char *field_of(const char *line, const char *end, int field, size_t *ret_size)
{
	for (; field > 0 && line; field--) {
		line = memchr(line, ':', (size_t)(end - line));
		line += line != NULL;
	}
	*ret_size = 0;
	if (!line)
		return "";
	const char *stop = memchr(line, ':', (size_t)(end - line));

	*ret_size = (size_t)((stop ? stop : end) - line);
	return line;
}

static bool is_line_of(const char *line, const char *end, uid_t uid)
{
	char digits[16];
	uint64_t value;
	size_t size;
	const char *text = field_of(line, end, 2, &size);

	if (size == 0 || size >= sizeof(digits))
		return false;
	memcpy(digits, text, size);
	digits[size] = '\0';
	return number_u64(digits, UINT32_MAX, &value) == 0 && value == uid;
}

/* What is no plain file is looked at, but never opened: a device may do things then. */
static int open_plain(int root, const char *path)
{
	_cleanup_close_ int place = fd_open_in(root, path, O_PATH);
	struct stat status;

	if (place < 0)
		return place;
	if (fstat(place, &status) < 0 || !S_ISREG(status.st_mode))
		return err_refuse("%s is no plain file", path);
	return fd_open_in(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

/* The image wrote this file: a plain one of bounded size, read by nobody's library. */
static const char *map_passwd(size_t *ret_size)
{
	/* We are in the container already: / is its root, but a magic link would lead out of it. */
	_cleanup_close_ int root = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	_cleanup_close_ int fd = open_plain(root, "/etc/passwd");
	struct stat status;
	char *text;
	ssize_t size;

	if (fd < 0)
		err_clear();
	if (fd < 0 || fstat(fd, &status) < 0 || status.st_size <= 0 ||
	    status.st_size > PASSWD_MAX)
		return NULL;
	text = init_memory((size_t)status.st_size);
	size = fd_read_all(fd, text, (size_t)status.st_size);
	if (size < 0 && size != -EFBIG)
		err_clear();
	if (size <= 0)
		return NULL;
	*ret_size = (size_t)size;
	return text;
}

static void find_home(uid_t uid, char *home, size_t size)
{
	size_t length, field_size;
	const char *text = map_passwd(&length);

	for (const char *line = text; text && line < text + length;) {
		const char *end = memchr(line, '\n', (size_t)(text + length - line));
		const char *directory;

		end = end ? end : text + length;
		directory = field_of(line, end, 5, &field_size);
		if (is_line_of(line, end, uid) && field_size > 0 && field_size < size) {
			memcpy(home, directory, field_size);
			home[field_size] = '\0';
			return;
		}
		line = end + 1;
	}
	snprintf(home, size, "/");
}

static void set_home(struct init *init, uint32_t count)
{
	char *entry = init_memory(PATH_MAX + 8);
	uint32_t i;

	snprintf(entry, PATH_MAX, "HOME=");
	find_home(init->plan->uid, entry + 5, PATH_MAX);
	for (i = 0; i < count && strncmp(init->env[i], "HOME=", 5) != 0; i++)
		;
	init->env[i] = entry;
}

int act_environment(struct init *init)
{
	const struct init_plan *plan = init->plan;
	const char *home;

	init->args = init_texts(plan, plan->args, 0);
	init->env = init_texts(plan, plan->env, 1);
	home = env_value(init->env, "HOME");
	if (!home || !*home)
		set_home(init, plan->env.count);
	return 0;
}

/* A directory that the kernel cannot name from our root is not in it (CVE-2024-21626). */
static int check_inside(void)
{
	char name[PATH_MAX];

	if (syscall(SYS_getcwd, name, sizeof(name)) < 0)
		return err_sys(errno, "current working directory is outside of container "
				      "mount namespace root -- possible container breakout "
				      "detected");
	if (name[0] != '/')
		return err_refuse("current working directory is outside of container mount "
				  "namespace root -- possible container breakout detected");
	return 0;
}

/* Resolved in the root, no magic link followed, whatever the image put there. */
static int enter(const char *path, bool makes_it)
{
	_cleanup_close_ int root = fd_open(AT_FDCWD, "/", O_PATH | O_DIRECTORY, 0);
	_cleanup_close_ int cwd = NO_FD;

	if (root < 0)
		return root;
	cwd = fd_open_in(root, path, O_PATH | O_DIRECTORY);
	if (cwd == -ENOENT && makes_it) {
		err_clear();
		cwd = target_open(root, path, TARGET_DIRECTORY, NULL);
	}
	if (cwd < 0)
		return cwd;
	if (fchdir(cwd) < 0)
		return err_sys(errno, "chdir to %s", path);
	return check_inside();
}

int act_working_directory(struct init *init)
{
	const char *path = block_string(init->plan, init->plan->cwd);
	int result = enter(path, !init->plan->enters);

	/* Root of a user namespace or on NFS may be kept out where the user is not. */
	if ((result == -EACCES || result == -EPERM) && !init->is_outside_cwd) {
		init->is_outside_cwd = true;
		err_clear();
		return 0;
	}
	return result ? err_while("process.cwd") : 0;
}
