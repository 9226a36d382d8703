/* SPDX-License-Identifier: GPL-2.0-or-later */
/* executable - find a program as execvp(3) would, and say why it cannot be executed. */
#pragma once

#include <stddef.h>

/* What is looked for in $PATH when the environment has none. */
#define EXECUTABLE_PATH_DEFAULT "/bin:/usr/bin"

struct executable_search {
	/*
	 * The directory that stands for /, where no symlink leads out; relative paths are below
	 * CWD there.  AT_FDCWD: as this process sees its files, and may execute them.
	 */
	int root;
	const char *cwd;
	const char *directories; /* for a name without a slash: as in $PATH */
};

/*
 * Put the path of NAME, of at most SIZE - 1 bytes, into RET_PATH.  Managers know the failures by
 * runc's words: `exec: "sh": executable file not found in $PATH`.
 */
int executable_find(const struct executable_search *search, const char *name, char *ret_path,
		    size_t size);
