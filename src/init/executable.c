/* SPDX-License-Identifier: GPL-2.0-or-later */
/* executable - find args[0] as execvp(3) would, at create and as the user. */
#include "kernel/executable.h"

#include <fcntl.h>
#include <string.h>

#include "base/err.h"
#include "init/init.h"

static const char *search_path(const struct init *init)
{
	for (const char **entry = init->env; *entry; entry++)
		if (strncmp(*entry, "PATH=", 5) == 0)
			return *entry + 5;
	return EXECUTABLE_PATH_DEFAULT;
}

int act_executable(struct init *init)
{
	struct executable_search search = { .root = AT_FDCWD };

	if (init->is_outside_cwd && act_working_directory(init))
		return err_code();
	search.directories = search_path(init);
	return executable_find(&search, init->args[0], init->executable,
			       sizeof(init->executable));
}
