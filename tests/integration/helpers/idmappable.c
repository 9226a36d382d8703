/* SPDX-License-Identifier: GPL-2.0-or-later */
/* idmappable DIRECTORY - succeed when its file system can be mounted with other ids. */
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_map(pid_t pid, const char *name)
{
	const char *map = "0 1000 1";
	char path[64];
	int fd, result;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = write(fd, map, strlen(map)) < 0 ? -1 : 0;
	close(fd);
	return result;
}

/* A user namespace is what the kernel takes for a mapping; it lives as long as the descriptor. */
static int open_mapping(void)
{
	int ready[2], fd = -1;
	char path[64];
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWUSER) < 0 || write(ready[1], "", 1) < 0)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	if (pid > 0 && read(ready[0], path, 1) == 1 && !write_map(pid, "uid_map") &&
	    !write_map(pid, "gid_map")) {
		snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return fd;
}

int main(int argc, char **argv)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP };
	int mapping = open_mapping();
	int tree;

	if (argc != 2 || mapping < 0)
		return 2;
	tree = (int)syscall(SYS_open_tree, AT_FDCWD, argv[1],
			    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0)
		return 2;
	attr.userns_fd = (unsigned)mapping;
	return syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0;
}
