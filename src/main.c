/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main - find the command, run it, print the error, choose the exit status. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/prefault.h"
#include "cli/commands.h"
#include "cli/global.h"
#include "cli/usage.h"
#include "cli/version.h"

/* What a `run` of an ordinary bundle has on its stack. */
#define ORDINARY_STACK ((size_t)20 * 1024)

/*
 * A file that is opened later must not become stdin, stdout or stderr, where others would write.
 * open(2) takes the lowest number that is free.
 */
static int fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
			return err_sys(errno, "open /dev/null");
	return 0;
}

static int print_version(const char *program)
{
	_cleanup_buf_ struct buf out = { 0 };

	version_text(program, &out);
	return command_print(&out);
}

static int misuse(const char *program)
{
	_cleanup_buf_ struct buf text = { 0 };

	usage_program(program, &text);
	return command_misuse(&text);
}

/* "tare foo --help" asks for help about foo. */
static bool asks_for_help(const char *const *arguments)
{
	for (; *arguments; arguments++)
		if (strcmp(*arguments, "--help") == 0 || strcmp(*arguments, "-h") == 0)
			return true;
	return false;
}

static int refuse_unknown(const char *program, const char *const *arguments)
{
	if (asks_for_help(arguments))
		return err_refuse("No help topic for '%s'", arguments[0]);
	return err_refuse("unknown command \"%s\": \"%s help\" lists those of this version",
			  arguments[0], program);
}

static int print_help(const char *program)
{
	_cleanup_buf_ struct buf text = { 0 };

	usage_program(program, &text);
	return command_print(&text);
}

/* Help when nothing else is asked for. */
static int run(const char *program, struct global *global)
{
	const char *name = global->rest.arguments[0];
	const struct command *command = name ? commands_find(name) : NULL;

	if (global->values.wants_version)
		return print_version(program);
	if (global->rest.wants_help || !name)
		return print_help(program);
	if (global_open_log(&global->values))
		return err_code();
	if (!command)
		return refuse_unknown(program, global->rest.arguments);
	return command_run(command, program, &global->values, global->rest.arguments + 1);
}

/* Names that are quoted must neither break the line nor talk to the terminal. */
static void blank_controls(char *text)
{
	for (; *text; text++) {
		if (*text == '\n' || *text == '\t')
			*text = ' ';
		else if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

/*
 * Managers show what stands on stderr to their users and search it for words they know, so it is
 * the bare message there, and the log, if there is another one, has it as a line of its own.
 */
static void report(enum log_format format)
{
	const struct err *err = err_last();
	_cleanup_buf_ struct buf line = { 0 };
	char text[ERR_TEXT_MAX + 128];
	ssize_t written;

	log_debug("the error was raised in %s:%d", err->file, err->line);
	err_text(err, text, sizeof(text));
	if (log_has_file() || format == LOG_JSON)
		log_line(LOG_ERROR, "%s", text);
	if (!log_has_file() && format == LOG_JSON)
		return;
	blank_controls(text);
	buf_printf(&line, "%s\n", text);
	written = write(STDERR_FILENO, line.text, line.size);
	(void)written; /* there is nobody left to tell */
}

/* A command that passes a process's status on has one of its own for failures. */
static int failure_status(const struct global *global)
{
	const char *name = global->rest.arguments ? global->rest.arguments[0] : NULL;
	const struct command *command = name ? commands_find(name) : NULL;

	return command && command->failure_status ? command->failure_status : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	const char *program = argc > 0 && *path_name(argv[0]) ? path_name(argv[0]) : "tare";
	static const char *const nothing[] = { NULL };
	const char *const *arguments = argc > 0 ? (const char *const *)argv + 1 : nothing;
	struct global global = { 0 };
	int status;

	prefault_stack(ORDINARY_STACK);
	signal(SIGPIPE, SIG_IGN);
	/* Ignored, as a caller may have left it, our children would end without a status. */
	signal(SIGCHLD, SIG_DFL);
	if (fill_standard_descriptors())
		return EXIT_FAILURE;
	if (global_parse(arguments, &global))
		status = misuse(program);
	else
		status = run(program, &global);
	if (status < 0) {
		report(global.values.log_format);
		status = failure_status(&global);
	} else {
		assert(err_last()->code == 0); /* a failure was swallowed on the way */
	}
	global_release(&global);
	return status;
}
