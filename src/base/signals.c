/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signals - the numbers of signals by name. */
#include "base/signals.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/number.h"
#include "base/words.h"

/*
 * What SIGRTMIN means is up to the C library, which keeps the first ones for itself.  Managers
 * and systemd ("SIGRTMIN+3" halts it) count as glibc does, so we do, whatever we are built with.
 */
#define FIRST_REALTIME 34
#define LAST_REALTIME SIGNAL_MAX

/* clang-format off */
static const struct word names[] = {
	{ "HUP",    SIGHUP },
	{ "INT",    SIGINT },
	{ "QUIT",   SIGQUIT },
	{ "ILL",    SIGILL },
	{ "TRAP",   SIGTRAP },
	{ "ABRT",   SIGABRT },
	{ "IOT",    SIGIOT },
	{ "BUS",    SIGBUS },
	{ "FPE",    SIGFPE },
	{ "KILL",   SIGKILL },
	{ "USR1",   SIGUSR1 },
	{ "SEGV",   SIGSEGV },
	{ "USR2",   SIGUSR2 },
	{ "PIPE",   SIGPIPE },
	{ "ALRM",   SIGALRM },
	{ "TERM",   SIGTERM },
	{ "STKFLT", SIGSTKFLT },
	{ "CHLD",   SIGCHLD },
	{ "CLD",    SIGCHLD },
	{ "CONT",   SIGCONT },
	{ "STOP",   SIGSTOP },
	{ "TSTP",   SIGTSTP },
	{ "TTIN",   SIGTTIN },
	{ "TTOU",   SIGTTOU },
	{ "URG",    SIGURG },
	{ "XCPU",   SIGXCPU },
	{ "XFSZ",   SIGXFSZ },
	{ "VTALRM", SIGVTALRM },
	{ "PROF",   SIGPROF },
	{ "WINCH",  SIGWINCH },
	{ "IO",     SIGIO },
	{ "POLL",   SIGIO },
	{ "PWR",    SIGPWR },
	{ "SYS",    SIGSYS },
	{ 0 },
};

/* A realtime signal is counted from either end. */
static const struct {
	const char *name;
	int from;
	char sign;
} realtime[] = {
	{ "RTMIN", FIRST_REALTIME, '+' },
	{ "RTMAX", LAST_REALTIME,  '-' },
};
/* clang-format on */

static int parse_realtime(const char *name)
{
	for (size_t i = 0; i < sizeof(realtime) / sizeof(realtime[0]); i++) {
		size_t length = strlen(realtime[i].name);
		const char *rest = name + length;
		uint64_t steps;

		if (strncasecmp(name, realtime[i].name, length) != 0)
			continue;
		if (!*rest)
			return realtime[i].from;
		if (*rest != realtime[i].sign ||
		    number_u64(rest + 1, LAST_REALTIME - FIRST_REALTIME, &steps))
			return -1;
		return realtime[i].from + (*rest == '+' ? (int)steps : -(int)steps);
	}
	return -1;
}

static int parse_name(const char *text)
{
	const char *name = strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text;

	for (const struct word *row = names; row->name; row++)
		if (strcasecmp(row->name, name) == 0)
			return (int)row->value;
	return parse_realtime(name);
}

int signal_parse(const char *text)
{
	uint64_t number;
	int signal;

	if (number_u64(text, SIGNAL_MAX, &number) == 0)
		return (int)number;
	signal = parse_name(text);
	if (signal < 0)
		return err_refuse("unknown signal \"%s\"", text);
	return signal;
}
