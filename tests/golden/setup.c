/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setup - the host and the options that a pair is planned with. */
#include "tests/golden/setup.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/mem.h"
#include "base/number.h"

#define TEXT_MAX (1u << 20)

/* A pure cgroup v2 host, and we are its root. */
static const struct setup usual = {
	.host = {
		.is_privileged = true,
		.is_initial_userns = true,
		.capabilities = 0x1ffffffffff,
		.last_capability = 40,
		.kernel = 6u << 16 | 12u << 8,
		.cgroup_mount = "/sys/fs/cgroup",
		.own_cgroup = "/user.slice/session-1.scope",
		.cgroup_controllers = "cpuset cpu io memory hugetlb pids rdma",
		.has_time_namespace = true,
		.is_swap_accounted = true,
	},
	.request = { .id = "c1", .bundle = "/bundle" },
};

static void be_user(struct setup *setup, unsigned value)
{
	setup->host.euid = value;
	setup->host.egid = value;
	setup->host.capabilities = 0;
	setup->host.is_privileged = false;
}

/* Root of a user namespace, as in a container or under rootless podman. */
static void be_nested(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.is_privileged = false;
	setup->host.is_initial_userns = false;
}

static void drop_capability(struct setup *setup, unsigned value)
{
	setup->host.capabilities &= ~((uint64_t)1 << value);
}

static void be_hybrid(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.is_cgroup_hybrid = true;
	snprintf(setup->host.cgroup_mount, sizeof(setup->host.cgroup_mount),
		 "/sys/fs/cgroup/unified");
	snprintf(setup->host.own_cgroup, sizeof(setup->host.own_cgroup), "/");
	snprintf(setup->host.cgroup_controllers, sizeof(setup->host.cgroup_controllers),
		 "hugetlb");
}

static void have_no_cgroup2(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.is_cgroup_hybrid = true;
	setup->host.cgroup_mount[0] = '\0';
	setup->host.own_cgroup[0] = '\0';
	setup->host.cgroup_controllers[0] = '\0';
}

static void have_kernel_5(struct setup *setup, unsigned value)
{
	setup->host.kernel = 5u << 16 | value << 8;
}

static void have_kernel_6(struct setup *setup, unsigned value)
{
	setup->host.kernel = 6u << 16 | value << 8;
}

static void have_last_capability(struct setup *setup, unsigned value)
{
	setup->host.last_capability = value;
}

static void have_no_time(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.has_time_namespace = false;
}

static void have_selinux(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.has_selinux = true;
}

static void have_apparmor(struct setup *setup, unsigned value)
{
	(void)value;
	setup->host.has_apparmor = true;
}

static void name_receiver(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.seccomp_receiver = "/run/receiver.sock";
}

static void detach(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.is_detached = true;
}

static void give_console_socket(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.has_console_socket = true;
}

static void want_systemd(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.is_systemd = true;
}

static void want_no_cgroup(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.wants_no_cgroup = true;
}

static void want_no_pivot(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.wants_no_pivot = true;
}

static void want_no_keyring(struct setup *setup, unsigned value)
{
	(void)value;
	setup->request.wants_no_keyring = true;
}

static void pass_sockets(struct setup *setup, unsigned value)
{
	setup->request.listen_fds = value;
	setup->request.preserve_fds = value;
}

/* clang-format off */
static const struct {
	const char *name;
	void (*apply)(struct setup *setup, unsigned value);
} options[] = {
	/* word in `options`, with a number behind it where one is needed */
	{ "user",            be_user },
	{ "nested",          be_nested },
	{ "drop-capability", drop_capability },
	{ "hybrid",          be_hybrid },
	{ "no-cgroup2",      have_no_cgroup2 },
	{ "kernel-5",        have_kernel_5 },
	{ "kernel-6",        have_kernel_6 },
	{ "last-capability", have_last_capability },
	{ "no-time",         have_no_time },
	{ "selinux",         have_selinux },
	{ "apparmor",        have_apparmor },
	{ "detach",          detach },
	{ "console-socket",  give_console_socket },
	{ "systemd-cgroup",  want_systemd },
	{ "no-cgroup",       want_no_cgroup },
	{ "no-pivot",        want_no_pivot },
	{ "no-new-keyring",  want_no_keyring },
	{ "listen-fds",      pass_sockets },
	{ "seccomp-receiver", name_receiver },
};
/* clang-format on */

static bool apply_option(struct setup *setup, char *line)
{
	char *number = strchr(line, ' ');
	uint64_t value = 0;

	if (number) {
		*number++ = '\0';
		if (number_u64(number, UINT32_MAX, &value))
			return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (strcmp(options[i].name, line) != 0)
			continue;
		options[i].apply(setup, (unsigned)value);
		return true;
	}
	return false;
}

static bool apply_options(struct setup *setup, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line && !apply_option(setup, line))
			return false;
	return true;
}

char *setup_read(const char *dir, const char *name, size_t *ret_size)
{
	_cleanup_free_ char *path = xprintf("%s/%s", dir, name);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	ssize_t size;

	if (fd < 0)
		return NULL;
	text = xcalloc(TEXT_MAX + 1, 1);
	size = fd_read_all(fd, text, TEXT_MAX);
	if (size < 0) {
		fprintf(stderr, "golden: cannot read %s\n", path);
		exit(EXIT_FAILURE);
	}
	*ret_size = (size_t)size;
	return take(text);
}

struct setup setup_of(const char *dir)
{
	struct setup setup = usual;
	size_t size = 0;
	_cleanup_free_ char *words = setup_read(dir, "options", &size);

	if (words && !apply_options(&setup, words)) {
		fprintf(stderr, "golden: %s/options: unknown option\n", dir);
		exit(EXIT_FAILURE);
	}
	return setup;
}
