/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * count - what a command costs however busy the machine is: system calls, and the peak of
 * resident memory.
 *
 *	count FILE COMMAND...
 *
 * All processes that the command makes are counted, each until it executes the container's
 * program (/true or /wait), from behind the command's own execve(2) to its end. Writes to FILE:
 * calls, and the largest VmHWM in KiB of them all. Its status is the command's.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES_MAX 4096
#define OPTIONS                                                             \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
	 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL)

struct process {
	pid_t pid;
	bool is_inside; /* of a system call */
	bool is_over;   /* it has executed the container's program */
};

struct count {
	bool has_begun; /* the command has been executed */
	uint64_t calls;
	unsigned long peak; /* KiB */
	struct process processes[PROCESSES_MAX];
	size_t process_count;
};

static struct process *find(struct count *count, pid_t pid)
{
	for (size_t i = 0; i < count->process_count; i++)
		if (count->processes[i].pid == pid)
			return &count->processes[i];
	if (count->process_count == PROCESSES_MAX) {
		fprintf(stderr, "count: too many processes\n");
		exit(1);
	}
	count->processes[count->process_count] = (struct process){ .pid = pid };
	return &count->processes[count->process_count++];
}

/* Of the program that is being executed now, from its memory: it can have no file any more. */
static void see_peak(struct count *count, pid_t pid)
{
	char path[64], line[128];
	unsigned long value;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmHWM: %lu kB", &value) == 1 && value > count->peak)
			count->peak = value;
	if (file)
		fclose(file);
}

/* The container's own program is called /true, and is not the runtime's work. */
static bool is_of_container(pid_t pid)
{
	char path[64], target[256] = "";
	const char *name;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	if (readlink(path, target, sizeof(target) - 1) < 0)
		return false;
	name = strrchr(target, '/');
	return name && (strcmp(name, "/true") == 0 || strcmp(name, "/wait") == 0);
}

static void see_event(struct count *count, struct process *process, int event)
{
	if (event == PTRACE_EVENT_EXIT && !process->is_over)
		see_peak(count, process->pid);
	if (event == PTRACE_EVENT_EXEC) {
		process->is_over = is_of_container(process->pid);
		process->is_inside = true;
		count->has_begun = true;
	}
}

static void see_stop(struct count *count, struct process *process, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	if (signal == (SIGTRAP | 0x80)) {
		process->is_inside = !process->is_inside;
		if (process->is_inside && !process->is_over && count->has_begun)
			count->calls++;
		signal = 0;
	} else if (event) {
		see_event(count, process, event);
		signal = 0;
	}
	if (signal == SIGSTOP || signal == SIGTRAP)
		signal = 0;
	ptrace(PTRACE_SYSCALL, process->pid, NULL, (void *)(intptr_t)signal);
}

/* Returns the command's status. */
static int watch(struct count *count, pid_t command)
{
	int result = 1, status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			see_stop(count, find(count, pid), status);
		else if (pid == command)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
		if (pid == command && !WIFSTOPPED(status))
			break; /* what it left behind is not waited for */
	}
	return result;
}

static pid_t start(char **words)
{
	pid_t pid = fork();

	if (pid == 0) {
		raise(SIGSTOP);
		execv(words[0], words);
		_exit(127);
	}
	waitpid(pid, NULL, WUNTRACED);
	return pid;
}

/* The container that stays goes on untraced. */
static void let_go(const struct count *count)
{
	for (size_t i = 0; i < count->process_count; i++) {
		pid_t pid = count->processes[i].pid;

		if (kill(pid, SIGSTOP) == 0 && waitpid(pid, NULL, __WALL) == pid)
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
		kill(pid, SIGCONT);
	}
}

int main(int argc, char **argv)
{
	static struct count count;
	FILE *out;
	int result;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: count FILE COMMAND...\n");
		return 2;
	}
	pid = start(argv + 2);
	if (ptrace(PTRACE_SEIZE, pid, NULL, OPTIONS) < 0) {
		perror("count: ptrace");
		return 3;
	}
	kill(pid, SIGCONT);
	result = watch(&count, pid);
	let_go(&count);
	out = fopen(argv[1], "we");
	if (!out ||
	    fprintf(out, "%llu %lu\n", (unsigned long long)count.calls, count.peak) < 0 ||
	    fclose(out) != 0) {
		perror("count");
		return 3;
	}
	return result;
}
