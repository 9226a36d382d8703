/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lsm_selinuxfs - questions to SELinux by its file system, for static builds. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "kernel/lsm.h"

/* The kernel takes the context, with its end, if the loaded policy knows it. */
int lsm_check_selinux(const char *context)
{
	_cleanup_close_ int fd = fd_open(AT_FDCWD, "/sys/fs/selinux/context", O_RDWR, 0);

	if (fd < 0)
		return err_while("selinux label");
	if (write(fd, context, strlen(context) + 1) < 0)
		return err_refuse("selinux label '%s' is not valid", context);
	return 0;
}
