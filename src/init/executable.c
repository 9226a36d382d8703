/* SPDX-License-Identifier: GPL-2.0-or-later */
/* executable - find args[0] as execvp(3) would, at create and as the user. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "init/init.h"
#include "kernel/syscalls.h"

#define DEFAULT_PATH "/bin:/usr/bin"

/* 0, or why PATH cannot be executed; managers tell these apart by their words. */
static int check(const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode) || !(status.st_mode & 0111))
		return -EACCES;
	if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 && errno == EACCES)
		return -EACCES;
	return 0;
}

static int find_by_name(struct init *init, const char *name)
{
	int result = check(name);

	if (result == -ENOENT || result == -ENOTDIR)
		return err_sys(-result, "exec: \"%s\": stat %s", name, name);
	if (result)
		return err_sys(-result, "exec: \"%s\"", name);
	if (snprintf(init->executable, sizeof(init->executable), "%s", name) >=
	    (int)sizeof(init->executable))
		return err_sys(ENAMETOOLONG, "exec: \"%s\"", name);
	return 0;
}

static int find_in_path(struct init *init, const char *name, const char *directories)
{
	while (true) {
		size_t size = strcspn(directories, ":");
		int length = snprintf(init->executable, sizeof(init->executable), "%.*s/%s",
				      (int)size, directories, name);

		/* An empty entry is the working directory; Go and so runc look there, too. */
		if (size == 0)
			length = snprintf(init->executable, sizeof(init->executable), "./%s",
					  name);
		if (length > 0 && (size_t)length < sizeof(init->executable) &&
		    check(init->executable) == 0)
			return 0;
		if (!directories[size])
			break;
		directories += size + 1;
	}
	return err_refuse("exec: \"%s\": executable file not found in $PATH", name);
}

static const char *search_path(const struct init *init)
{
	for (const char **entry = init->env; *entry; entry++)
		if (strncmp(*entry, "PATH=", 5) == 0)
			return *entry + 5;
	return DEFAULT_PATH;
}

int act_executable(struct init *init)
{
	const char *name = init->args[0];

	if (init->is_outside_cwd && act_working_directory(init))
		return err_code();
	if (strchr(name, '/'))
		return find_by_name(init, name);
	return find_in_path(init, name, search_path(init));
}
