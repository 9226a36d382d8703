/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loop - time what runtimes do, one after the other in each round.
 *
 *	loop ROUNDS STATE WHAT BUNDLE NAME=[PRELOAD|]PATH...
 *
 * WHAT: run | cold (run, with a state directory of its own) | life | exec | many:COUNT. Prints a line for each sample: what, name, microseconds
 * of wall time, microseconds of CPU time. CPU time is that of the cgroup at /sys/fs/cgroup, and
 * so of all that took part; without it, that of all processes that were waited for, which are
 * all that end, as orphans are ours.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNTIMES_MAX 16
#define WORDS_MAX 12
#define WARM_UP 2
#define MANY_MAX 1000

struct runtime {
	const char *name;
	const char *path;
	char state[256];
	char *environment[4];
};

struct bench {
	struct runtime runtimes[RUNTIMES_MAX];
	size_t count;
	char *bundle;
	int cpu_stat; /* negative: none */
	bool is_warming;
};

static _Noreturn void die(const char *what, const char *name)
{
	fprintf(stderr, "loop: %s: %s\n", name, what);
	exit(1);
}

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t of_timeval(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * 1000000u + (uint64_t)time->tv_usec;
}

/* Ours is taken off: the cgroup's holds it, too. */
static uint64_t cpu_time(const struct bench *bench)
{
	static const char key[] = "usage_usec ";
	struct rusage usage;
	char text[64] = "";

	if (bench->cpu_stat >= 0 && pread(bench->cpu_stat, text, sizeof(text) - 1, 0) > 0 &&
	    strncmp(text, key, sizeof(key) - 1) == 0)
		return strtoull(text + sizeof(key) - 1, NULL, 10) -
		       nanoseconds(CLOCK_PROCESS_CPUTIME_ID) / 1000;
	getrusage(RUSAGE_CHILDREN, &usage);
	return of_timeval(&usage.ru_utime) + of_timeval(&usage.ru_stime);
}

/* ---- one command ---- */

static pid_t spawn(const struct runtime *runtime, char *const *words)
{
	char *args[WORDS_MAX + 4] = { (char *)runtime->path, (char *)"--root",
				      (char *)runtime->state };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	for (size_t i = 0; i < WORDS_MAX && words[i]; i++)
		args[3 + i] = words[i];
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, runtime->path, &actions, NULL, args, runtime->environment))
		die("cannot be executed", runtime->path);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static void check(const struct runtime *runtime, const char *verb, int status)
{
	char what[128];

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	snprintf(what, sizeof(what), "%s ended with status %#x", verb, status);
	die(what, runtime->name);
}

static void finish(const struct runtime *runtime, const char *verb, pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("wait", runtime->name);
	check(runtime, verb, status);
}

/* A container's process that outlived its runtime is our child: see it gone. */
static void reap(bool is_awaited)
{
	while (waitpid(-1, NULL, is_awaited ? 0 : WNOHANG) > 0)
		is_awaited = false;
}

static void print(const struct bench *bench, const char *what, const struct runtime *runtime,
		  uint64_t wall, uint64_t cpu)
{
	if (!bench->is_warming)
		printf("%s\t%s\t%.1f\t%llu\n", what, runtime->name, (double)wall / 1000,
		       (unsigned long long)cpu);
}

static void measure(const struct bench *bench, const struct runtime *runtime,
		    char *const *words)
{
	uint64_t cpu = cpu_time(bench), wall = nanoseconds(CLOCK_MONOTONIC);

	finish(runtime, words[0], spawn(runtime, words));
	wall = nanoseconds(CLOCK_MONOTONIC) - wall;
	print(bench, words[0], runtime, wall, cpu_time(bench) - cpu);
}

/* ---- what is measured ---- */

/* An id is used once: what a runtime still clears away is not in the way. */
static char *next_id(void)
{
	static char id[32];
	static unsigned number;

	snprintf(id, sizeof(id), "b%u", number++);
	return id;
}

static void measure_run(const struct bench *bench, const struct runtime *runtime)
{
	char *run[] = { (char *)"run", (char *)"--bundle", bench->bundle, next_id(), NULL };

	measure(bench, runtime, run);
	reap(false);
}

static void measure_life(const struct bench *bench, const struct runtime *runtime)
{
	char *id = next_id();
	char *create[] = { (char *)"create", (char *)"--bundle", bench->bundle, id, NULL };
	char *state[] = { (char *)"state", id, NULL };
	char *start[] = { (char *)"start", id, NULL };
	char *end[] = { (char *)"kill", id, (char *)"KILL", NULL };
	char *erase[] = { (char *)"delete", id, NULL };

	measure(bench, runtime, create);
	measure(bench, runtime, start);
	measure(bench, runtime, state);
	measure(bench, runtime, end);
	reap(true);
	measure(bench, runtime, erase);
}

/* Nothing that an earlier run has left helps. */
static void measure_cold(const struct bench *bench, const struct runtime *runtime)
{
	struct runtime fresh = *runtime;

	snprintf(fresh.state, sizeof(fresh.state), "%.200s-%s", runtime->state, next_id());
	measure_run(bench, &fresh);
}

static void measure_exec(const struct bench *bench, const struct runtime *runtime)
{
	char *exec[] = { (char *)"exec", (char *)"long", (char *)"/true", NULL };

	measure(bench, runtime, exec);
	reap(false);
}

static void measure_many(const struct bench *bench, const struct runtime *runtime, size_t count)
{
	static char ids[MANY_MAX][32];
	static pid_t pids[MANY_MAX];
	uint64_t cpu = cpu_time(bench), wall = nanoseconds(CLOCK_MONOTONIC);

	for (size_t i = 0; i < count; i++) {
		char *create[] = { (char *)"create", (char *)"--bundle", bench->bundle, ids[i],
				   NULL };

		strcpy(ids[i], next_id());
		pids[i] = spawn(runtime, create);
	}
	for (size_t i = 0; i < count; i++)
		finish(runtime, "create", pids[i]);
	wall = nanoseconds(CLOCK_MONOTONIC) - wall;
	print(bench, "many", runtime, wall, cpu_time(bench) - cpu);
	for (size_t i = 0; i < count; i++) {
		char *end[] = { (char *)"kill", ids[i], (char *)"KILL", NULL };
		char *erase[] = { (char *)"delete", ids[i], NULL };

		finish(runtime, "kill", spawn(runtime, end));
		reap(true);
		finish(runtime, "delete", spawn(runtime, erase));
	}
}

/* The long-lived container that exec is measured in. */
static void hold(const struct bench *bench, const struct runtime *runtime, bool is_begin)
{
	char *create[] = { (char *)"create", (char *)"--bundle", bench->bundle, (char *)"long",
			   NULL };
	char *start[] = { (char *)"start", (char *)"long", NULL };
	char *end[] = { (char *)"kill", (char *)"long", (char *)"KILL", NULL };
	char *erase[] = { (char *)"delete", (char *)"long", NULL };

	finish(runtime, "create", spawn(runtime, is_begin ? create : end));
	if (!is_begin)
		reap(true);
	finish(runtime, "start", spawn(runtime, is_begin ? start : erase));
}

/* ---- all of them ---- */

static void measure_one(const struct bench *bench, const struct runtime *runtime,
			const char *what)
{
	if (strcmp(what, "run") == 0)
		measure_run(bench, runtime);
	else if (strcmp(what, "cold") == 0)
		measure_cold(bench, runtime);
	else if (strcmp(what, "life") == 0)
		measure_life(bench, runtime);
	else if (strcmp(what, "exec") == 0) {
		hold(bench, runtime, true);
		measure_exec(bench, runtime);
		measure_exec(bench, runtime);
		hold(bench, runtime, false);
	} else if (strncmp(what, "many:", 5) == 0 && atoi(what + 5) <= MANY_MAX)
		measure_many(bench, runtime, (size_t)atoi(what + 5));
	else
		die("unknown", what);
}

/* Who is first changes from round to round: nobody always comes after the same one. */
static void measure_rounds(struct bench *bench, unsigned rounds, const char *what)
{
	unsigned warm_up = strncmp(what, "many:", 5) == 0 ? 0 : WARM_UP;

	for (unsigned round = 0; round < rounds + warm_up; round++) {
		bench->is_warming = round < warm_up;
		for (size_t i = 0; i < bench->count; i++)
			measure_one(bench, &bench->runtimes[(round + i) % bench->count], what);
	}
}

static void add_runtime(struct bench *bench, char *word, const char *state, char *bundle)
{
	struct runtime *runtime = &bench->runtimes[bench->count];
	char *equals = strchr(word, '='), *bar = strchr(word, '|');
	char *preload = NULL, *floor = NULL;

	if (!equals || bench->count == RUNTIMES_MAX)
		die("no NAME=PATH", word);
	*equals = '\0';
	runtime->name = word;
	runtime->path = bar ? bar + 1 : equals + 1;
	if (bar) {
		*bar = '\0';
		if (asprintf(&preload, "LD_PRELOAD=%s", equals + 1) < 0)
			die("no memory", word);
	}
	if (asprintf(&floor, "FLOOR_BUNDLE=%s", bundle) < 0)
		die("no memory", word);
	snprintf(runtime->state, sizeof(runtime->state), "%s/%s", state, word);
	runtime->environment[0] = (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	runtime->environment[1] = floor;
	runtime->environment[2] = preload;
	bench->count++;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	unsigned rounds;

	if (argc < 6) {
		fprintf(stderr,
			"usage: loop ROUNDS STATE WHAT BUNDLE NAME=[PRELOAD|]PATH...\n");
		return 2;
	}
	rounds = (unsigned)strtoul(argv[1], NULL, 10);
	bench.bundle = argv[4];
	bench.cpu_stat = open("/sys/fs/cgroup/cpu.stat", O_RDONLY | O_CLOEXEC);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (int i = 5; i < argc; i++)
		add_runtime(&bench, argv[i], argv[2], bench.bundle);
	measure_rounds(&bench, rounds, argv[3]);
	return 0;
}
