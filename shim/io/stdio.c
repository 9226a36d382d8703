/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdio - where a process's three streams go, from before it is there until all is written. */
#include "shim/io/stdio.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/io/destination.h"

enum { IN, OUT, ERR };

enum {
	CLIENT_MS = 30000, /* to open its side */
	TRY_MS = 5,
	LOOK_MS = 1,
	STALL_MS = 200,   /* who takes nothing for so long is not there... */
	SETTLE_MS = 2000, /* ... and who is that slow need not be waited for */
};

static void look_if_drained(struct stdio *stdio)
{
	void (*drained)(struct stdio *) = stdio->drained;

	if (!drained || !stdio_is_drained(stdio))
		return;
	stdio->drained = NULL;
	timer_stop(&stdio->timer);
	drained(stdio);
}

static void on_out_ended(struct copy *copy)
{
	look_if_drained(owner_of(copy, struct stdio, copies[OUT]));
}

static void on_err_ended(struct copy *copy)
{
	look_if_drained(owner_of(copy, struct stdio, copies[ERR]));
}

static void on_input_ended(struct copy *copy)
{
	(void)copy; /* the container sees the end of its input: nobody waits for that */
}

static void on_logger_ended(struct logger *logger)
{
	look_if_drained(owner_of(logger, struct stdio, logger));
}

static void try_to_open(struct stdio *stdio);

static void on_console(struct console *console)
{
	struct stdio *stdio = owner_of(console, struct stdio, console);

	if (stdio->opened)
		try_to_open(stdio);
}

void stdio_init(struct stdio *stdio, struct loop *loop)
{
	*stdio = (struct stdio){ .loop = loop, .inside = { NO_FD, NO_FD, NO_FD } };
	copy_init(&stdio->copies[IN], loop, on_input_ended);
	copy_init(&stdio->copies[OUT], loop, on_out_ended);
	copy_init(&stdio->copies[ERR], loop, on_err_ended);
	console_init(&stdio->console, loop, on_console);
	logger_init(&stdio->logger, on_logger_ended);
	for (int i = 0; i < 3; i++)
		stdio->paths[i] = xstrdup("");
}

/* ---- what the runtime gets ---- */

static bool is_logged(const struct stdio *stdio)
{
	return stdio->uri.scheme == URI_BINARY || stdio->uri.scheme == URI_BINARY_V2;
}

/* One pipe for stream I: the container's end and ours. */
static int make_pipe(struct stdio *stdio, int i, const struct stdio_request *request)
{
	int ends[2], ours, theirs;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(errno, "pipe");
	theirs = ends[i == IN ? 0 : 1];
	ours = ends[i == IN ? 1 : 0];
	stdio->inside[i] = theirs;
	if (i == IN)
		stdio->copies[i].to.fd = ours;
	else
		stdio->copies[i].from.fd = ours;
	if (fcntl(ours, F_SETFL, O_NONBLOCK) < 0 ||
	    fchown(theirs, request->uid, request->gid) < 0)
		return err_sys(errno, "pipe");
	return 0;
}

/* Input that is no FIFO is the container's as it is. */
static int give_input_file(struct stdio *stdio)
{
	int fd = fd_open(AT_FDCWD, stdio->paths[IN], O_RDONLY | O_NOCTTY, 0);

	if (fd < 0)
		return err_while("stdin");
	stdio->inside[IN] = fd;
	return 0;
}

static bool is_fifo(const char *path)
{
	struct stat status;

	return stat(path, &status) < 0 || S_ISFIFO(status.st_mode);
}

static bool is_wanted(const struct stdio *stdio, int i)
{
	if (i == ERR && stdio->is_terminal)
		return false;
	if (i == IN)
		return *stdio->paths[IN] && stdio->uri.scheme == URI_FIFO;
	return *stdio->paths[i] || stdio->uri.scheme != URI_FIFO;
}

/* The streams that are copied wait for the client from now on. */
static int prepare_pipes(struct stdio *stdio, const struct stdio_request *request)
{
	for (int i = IN; i <= ERR; i++) {
		if (!is_wanted(stdio, i) || stdio->inside[i] >= 0)
			continue;
		if (i == IN && !stdio->is_terminal && !is_fifo(stdio->paths[IN])) {
			if (give_input_file(stdio))
				return -EIO;
			continue;
		}
		if (!stdio->is_terminal && make_pipe(stdio, i, request))
			return err_code();
		stdio->unopened |= 1u << i;
	}
	return 0;
}

/* The container writes into the logger's pipes itself; a terminal is copied into the first. */
static int prepare_logger(struct stdio *stdio, struct children *children,
			  const struct stdio_request *request)
{
	int ends[2];

	if (logger_start(&stdio->logger, children, &stdio->uri, request->names, ends))
		return err_while("logging binary");
	if (stdio->is_terminal) {
		fcntl(ends[0], F_SETFL, O_NONBLOCK);
		stdio->copies[OUT].to.fd = ends[0];
		fd_close(ends[1]);
		return 0;
	}
	stdio->inside[OUT] = ends[0];
	stdio->inside[ERR] = ends[1];
	if (fchown(ends[0], request->uid, request->gid) < 0 ||
	    fchown(ends[1], request->uid, request->gid) < 0)
		return err_sys(errno, "pipe");
	return 0;
}

int stdio_prepare(struct stdio *stdio, struct children *children,
		  const struct stdio_request *request)
{
	stdio->is_terminal = request->is_terminal;
	for (int i = 0; i < 3; i++) {
		free(stdio->paths[i]);
		stdio->paths[i] = xstrdup(request->paths[i]);
	}
	if (uri_parse(stdio->paths[OUT], &stdio->uri))
		return err_code();
	if (stdio->is_terminal && console_listen(&stdio->console))
		return err_code();
	if (is_logged(stdio) && prepare_logger(stdio, children, request))
		return err_code();
	return prepare_pipes(stdio, request);
}

const char *stdio_console(const struct stdio *stdio)
{
	return stdio->console.path;
}

void stdio_close_others(const struct stdio *stdio, const struct job *job)
{
	const int kept[] = { stdio->inside[IN], stdio->inside[OUT], stdio->inside[ERR],
			     stdio->logger.ready, stdio->logger.job.said };

	job_close_others(job, kept, ARRAY_SIZE(kept));
}

int stdio_await_logger(const struct stdio *stdio)
{
	return is_logged(stdio) ? logger_await(&stdio->logger) : 0;
}

void stdio_given(struct stdio *stdio)
{
	for (int i = 0; i < 3; i++)
		fd_close(fd_take(&stdio->inside[i]));
}

/* ---- the client's side ---- */

/* What the terminal has for stream I: a descriptor of its own, as it is watched alone. */
static int use_terminal(struct stdio *stdio, int i)
{
	struct copy *copy = &stdio->copies[i];
	int *side = i == IN ? &copy->to.fd : &copy->from.fd;

	if (*side >= 0)
		return 0;
	*side = fcntl(stdio->console.master, F_DUPFD_CLOEXEC, 3);
	if (*side < 0)
		return err_sys(errno, "the terminal");
	copy->is_terminal = i != IN;
	copy->is_read = true;
	return 0;
}

static int open_input(struct stdio *stdio)
{
	struct copy *copy = &stdio->copies[IN];

	copy->is_input = true;
	if (destination_open_input(stdio->paths[IN], &copy->from.fd, &copy->keep))
		return err_code();
	if (stdio->has_closed_input)
		fd_close(fd_take(&copy->keep));
	return 0;
}

static int open_output(struct stdio *stdio, int i)
{
	struct copy *copy = &stdio->copies[i];

	if (copy->to.fd >= 0)
		return 0; /* a logger's */
	if (stdio->uri.scheme == URI_FILE) {
		copy->is_read = true;
		return destination_open_file(stdio->uri.path, &copy->to.fd, &copy->keep);
	}
	return destination_open_output(stdio->paths[i], &copy->to.fd, &copy->keep);
}

/* -EAGAIN without a record: the client is not there yet. */
static int open_stream(struct stdio *stdio, int i)
{
	int r;

	if (stdio->is_terminal) {
		if (stdio->console.master < 0)
			return -EAGAIN;
		if (use_terminal(stdio, i))
			return err_code();
	}
	r = i == IN ? open_input(stdio) : open_output(stdio, i);
	if (r == 0) {
		stdio->unopened &= ~(1u << i);
		r = copy_begin(&stdio->copies[i]);
	}
	return r;
}

static void tell_opened(struct stdio *stdio, int result)
{
	void (*opened)(struct stdio *, int) = stdio->opened;

	timer_stop(&stdio->timer);
	stdio->opened = NULL;
	opened(stdio, result);
}

static void try_to_open(struct stdio *stdio)
{
	for (int i = IN; i <= ERR; i++) {
		int r = stdio->unopened & 1u << i ? open_stream(stdio, i) : 0;

		if (r < 0 && r != -EAGAIN) {
			tell_opened(stdio, r);
			return;
		}
	}
	if (!stdio->unopened && (!stdio->is_terminal || stdio->console.master >= 0))
		tell_opened(stdio, 0);
	else if (loop_now() > stdio->until)
		tell_opened(stdio,
			    err_sys(ETIMEDOUT, stdio->is_terminal ? "wait for the console"
								  : "wait for the client"));
	else
		timer_start(stdio->loop, &stdio->timer, TRY_MS);
}

static void on_try(struct timer *timer)
{
	try_to_open(owner_of(timer, struct stdio, timer));
}

void stdio_open(struct stdio *stdio, void (*opened)(struct stdio *stdio, int result))
{
	stdio->opened = opened;
	stdio->until = loop_now() + CLIENT_MS;
	stdio->timer.due = on_try;
	try_to_open(stdio);
}

void stdio_close_input(struct stdio *stdio)
{
	struct copy *copy = &stdio->copies[IN];

	stdio->has_closed_input = true;
	fd_close(fd_take(&copy->keep));
}

int stdio_resize(struct stdio *stdio, unsigned width, unsigned height)
{
	if (stdio->console.master < 0)
		return 0;
	return console_resize(stdio->console.master, width, height);
}

/* ---- the end ---- */

void stdio_process_ended(struct stdio *stdio)
{
	copy_close(&stdio->copies[IN]);
	copy_last_call(&stdio->copies[OUT]);
	copy_last_call(&stdio->copies[ERR]);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t taken_by_client(const struct stdio *stdio)
{
	return copy_taken(&stdio->copies[OUT]) + copy_taken(&stdio->copies[ERR]);
}

static uint64_t come_so_far(const struct stdio *stdio)
{
	return copy_come(&stdio->copies[OUT]) + copy_come(&stdio->copies[ERR]);
}

static void on_look(struct timer *timer)
{
	struct settling *settling = owner_of(timer, struct settling, timer);
	struct stdio *stdio = owner_of(settling, struct stdio, settling);
	uint64_t taken = taken_by_client(stdio);
	int64_t now = loop_now();

	if (taken > settling->taken)
		settling->since = now;
	settling->taken = taken;
	/* Of a stream that cannot be written nothing is on the way any more. */
	if (taken < smaller(settling->come, come_so_far(stdio)) &&
	    now - settling->since < STALL_MS && now - settling->at < SETTLE_MS)
		timer_start(stdio->loop, timer, LOOK_MS);
	else
		settling->settled(stdio);
}

void stdio_settle(struct stdio *stdio, void (*settled)(struct stdio *stdio))
{
	struct settling *settling = &stdio->settling;

	settling->settled = settled;
	settling->timer.due = on_look;
	settling->come = come_so_far(stdio);
	settling->taken = taken_by_client(stdio);
	settling->at = settling->since = loop_now();
	on_look(&settling->timer);
}

bool stdio_is_drained(const struct stdio *stdio)
{
	return !copy_is_open(&stdio->copies[OUT]) && !copy_is_open(&stdio->copies[ERR]) &&
	       !logger_is_running(&stdio->logger);
}

static void on_waited(struct timer *timer)
{
	struct stdio *stdio = owner_of(timer, struct stdio, timer);
	void (*drained)(struct stdio *) = stdio->drained;

	stdio->drained = NULL;
	drained(stdio);
}

void stdio_await(struct stdio *stdio, int64_t ms, void (*drained)(struct stdio *stdio))
{
	stdio->drained = drained;
	stdio->timer.due = on_waited;
	timer_start(stdio->loop, &stdio->timer, stdio_is_drained(stdio) ? 0 : ms);
}

void stdio_close(struct stdio *stdio)
{
	stdio_given(stdio);
	timer_stop(&stdio->timer);
	timer_stop(&stdio->settling.timer);
	for (int i = 0; i < 3; i++)
		copy_close(&stdio->copies[i]);
	console_release(&stdio->console);
	logger_release(&stdio->logger);
	uri_release(&stdio->uri);
	stdio->unopened = 0;
	stdio->opened = NULL;
	stdio->drained = NULL;
}

void stdio_release(struct stdio *stdio)
{
	stdio_close(stdio);
	for (int i = 0; i < 3; i++)
		free(take(stdio->paths[i]));
}
