/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixture - a state directory with containers that are no more than a process. */
#include "fixture.h"

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "state/liveness.h"
#include "state/store.h"
#include "tests/unit/scratch.h"

struct runtime runtime;

static char top[64];
static char root[96];
static pid_t processes[8];
static size_t process_count;
static struct identity_mark marks[8];
static size_t mark_count;

void fixture_begin(void)
{
	make_scratch(top);
	snprintf(root, sizeof(root), "%s/root", top);
	runtime = (struct runtime){ .root = root };
	process_count = 0;
	mark_count = 0;
}

void fixture_end(void)
{
	_cleanup_free_ char *command = xprintf("rm -rf %s", top);

	err_clear();
	for (size_t i = 0; i < process_count; i++) {
		kill(processes[i], SIGKILL);
		waitpid(processes[i], NULL, 0);
	}
	ck_assert_int_eq(system(command), 0);
}

const char *fixture_path(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

pid_t fixture_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	ck_assert_int_gt(pid, 0);
	processes[process_count++] = pid;
	return pid;
}

/* What runs from a memfd of this name waits for `start`. */
_Noreturn static void become_waiting(void)
{
	char *args[] = { (char[]){ "sleep" }, (char[]){ "1000" }, NULL };
	int program = open("/bin/sleep", O_RDONLY | O_CLOEXEC);
	int copy = memfd_create("tare-init", MFD_CLOEXEC);
	ssize_t n = 1;

	while (n > 0)
		n = sendfile(copy, program, NULL, 1 << 20);
	fexecve(copy, args, environ);
	_exit(1);
}

pid_t fixture_waiting_process(void)
{
	pid_t pid = fork();
	char path[48];
	char target[64] = "";

	if (pid == 0)
		become_waiting();
	ck_assert_int_gt(pid, 0);
	processes[process_count++] = pid;
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	for (int try = 0; try < 1000 && !strstr(target, "memfd"); try++) {
		poll(NULL, 0, 5);
		ck_assert_int_ge(readlink(path, target, sizeof(target) - 1), 0);
	}
	return pid;
}

struct record fixture_record(const char *id, enum record_phase phase, pid_t pid)
{
	struct record record = {
		.phase = phase,
		.oci_version = "1.3.0",
		.id = id,
		.bundle = top,
		.rootfs = "/b/rootfs",
		.created = "2026-01-02T03:04:05.123456789Z",
		.has_private_pid_namespace = OCI_SET(true),
	};

	if (pid == 0)
		return record;
	ck_assert_int_eq(liveness_mark(pid, NO_FD, &marks[mark_count]), 0);
	record.pid = (struct oci_i32)OCI_SET(pid);
	record.pid_inode = marks[mark_count].inode;
	record.start_time = marks[mark_count].start_time;
	record.boot_id = marks[mark_count++].boot_id;
	return record;
}

void fixture_container_with(const struct record *record)
{
	struct store store;
	struct store_slot slot;

	ck_assert_int_eq(store_open(root, &store), 0);
	ck_assert_int_eq(store_reserve(&store, record->id, &slot), 0);
	ck_assert_int_eq(store_write(&slot, record), 0);
	store_release(&slot);
	store_close(&store);
}

void fixture_container(const char *id, enum record_phase phase, pid_t pid)
{
	struct record record = fixture_record(id, phase, pid);

	fixture_container_with(&record);
}

void expect_refused(int r, const char *words)
{
	char text[ERR_TEXT_MAX];

	ck_assert_int_lt(r, 0);
	err_text(err_last(), text, sizeof(text));
	err_clear();
	ck_assert_msg(strstr(text, words), "\"%s\" does not say \"%s\"", text, words);
}
