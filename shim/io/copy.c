/* SPDX-License-Identifier: GPL-2.0-or-later */
/* copy - move bytes from one descriptor to another as they come. */
#include "shim/io/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/loop/note.h"

enum {
	PIECE = 8192,     /* of what is read and written */
	SPLICE = 1 << 20, /* of what is moved */
	ROUNDS = 16,      /* before others have their turn */
	RETRY_MS = 50,
};

enum moved {
	MOVED_SOME,
	MOVED_ALL,     /* nothing is there now */
	MOVED_BLOCKED, /* something is, but it cannot be written now */
	MOVED_RESTING, /* a terminal without users: tried again later */
	MOVED_END,
	MOVED_FAILED, /* nobody reads it, ever */
};

void copy_init(struct copy *copy, struct loop *loop, void (*ended)(struct copy *copy))
{
	*copy = (struct copy){
		.loop = loop,
		.from.fd = NO_FD,
		.to.fd = NO_FD,
		.keep = NO_FD,
		.ended = ended,
	};
}

bool copy_is_open(const struct copy *copy)
{
	return copy->from.fd >= 0;
}

/* ---- what could not be written ---- */

/* Its name, as it is opened: a path. */
static const char *name_of(int fd, char *ret_name, size_t size)
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, ret_name, size - 1);
	ret_name[n > 0 ? n : 0] = '\0';
	return ret_name;
}

static void lose(struct copy *copy, size_t size)
{
	int code = errno;
	char name[512];

	if (copy->lost == 0)
		note_warning("write %s: %s: output is lost until it can be written",
			     name_of(copy->to.fd, name, sizeof(name)), strerror(code));
	copy->lost += size;
}

static void tell_lost(struct copy *copy)
{
	char name[512];

	if (copy->lost == 0)
		return;
	note_warning("write %s: %" PRIu64 " bytes of output were lost",
		     name_of(copy->to.fd, name, sizeof(name)), copy->lost);
	copy->lost = 0;
}

static void close_both(struct copy *copy)
{
	tell_lost(copy);
	timer_stop(&copy->retry);
	watch_stop(&copy->from);
	watch_stop(&copy->to);
	fd_close(fd_take(&copy->from.fd));
	fd_close(fd_take(&copy->to.fd));
	free(take(copy->rest));
	copy->rest_size = 0;
}

void copy_close(struct copy *copy)
{
	close_both(copy);
	fd_close(fd_take(&copy->keep));
}

/* ---- how far it is ---- */

static uint64_t waiting_in(int fd)
{
	int size;

	return fd >= 0 && ioctl(fd, FIONREAD, &size) == 0 && size > 0 ? (uint64_t)size : 0;
}

/* There may be more in it: the other stream's, when both have one FIFO, or somebody else's. */
uint64_t copy_taken(const struct copy *copy)
{
	uint64_t waiting = waiting_in(copy->keep);

	return waiting < copy->moved ? copy->moved - waiting : 0;
}

uint64_t copy_come(const struct copy *copy)
{
	return copy->moved + copy->rest_size + waiting_in(copy->from.fd);
}

/* ---- moving ---- */

static bool is_for_later(ssize_t result)
{
	return result < 0 && (errno == EAGAIN || errno == EINTR);
}

/*
 * Who prints must not end because a disk is full: that is lost, and what comes later is tried
 * again. Only where nobody reads any more there is no later.
 */
static enum moved not_written(struct copy *copy, size_t size)
{
	if (copy->is_input || errno == EPIPE)
		return MOVED_FAILED;
	lose(copy, size);
	return MOVED_SOME;
}

static enum moved rest_not_written(struct copy *copy)
{
	enum moved moved = not_written(copy, copy->rest_size);

	if (moved == MOVED_SOME) {
		free(take(copy->rest));
		copy->rest_size = 0;
	}
	return moved;
}

static enum moved write_rest(struct copy *copy)
{
	ssize_t n = write(copy->to.fd, copy->rest + copy->rest_at, copy->rest_size);

	if (is_for_later(n))
		return MOVED_BLOCKED;
	if (n < 0)
		return rest_not_written(copy);
	tell_lost(copy);
	copy->moved += (uint64_t)n;
	copy->rest_at += (size_t)n;
	copy->rest_size -= (size_t)n;
	if (copy->rest_size > 0)
		return MOVED_BLOCKED;
	free(take(copy->rest));
	copy->rest_at = 0;
	return MOVED_SOME;
}

static enum moved nothing_read(const struct copy *copy, ssize_t n)
{
	if (is_for_later(n))
		return MOVED_ALL;
	if (n < 0 && errno == EIO && copy->is_terminal && !copy->is_last_call)
		return MOVED_RESTING;
	return MOVED_END;
}

static enum moved move_by_read(struct copy *copy)
{
	char bytes[PIECE];
	ssize_t n = read(copy->from.fd, bytes, sizeof(bytes)), written;

	if (n <= 0)
		return nothing_read(copy, n);
	written = write(copy->to.fd, bytes, (size_t)n);
	if (written < 0 && !is_for_later(written))
		return not_written(copy, (size_t)n);
	if (written < 0)
		written = 0;
	else
		tell_lost(copy);
	copy->moved += (uint64_t)written;
	if (written == n)
		return MOVED_SOME;
	copy->rest_at = 0;
	copy->rest_size = (size_t)(n - written);
	copy->rest = xcalloc(1, copy->rest_size);
	memcpy(copy->rest, bytes + written, copy->rest_size);
	return MOVED_BLOCKED;
}

/* EAGAIN does not say which side it is about. */
static enum moved nothing_moved(struct copy *copy)
{
	int waiting = 0;

	if (errno == EINVAL) {
		copy->is_read = true;
		return MOVED_SOME;
	}
	if (!is_for_later(-1))
		return MOVED_FAILED;
	if (ioctl(copy->from.fd, FIONREAD, &waiting) < 0 || waiting == 0)
		return MOVED_ALL;
	return MOVED_BLOCKED;
}

static enum moved move_by_splice(struct copy *copy)
{
	ssize_t n = splice(copy->from.fd, NULL, copy->to.fd, NULL, SPLICE,
			   SPLICE_F_NONBLOCK | SPLICE_F_MOVE);

	if (n < 0)
		return nothing_moved(copy);
	copy->moved += (uint64_t)n;
	return n == 0 ? MOVED_END : MOVED_SOME;
}

static enum moved move(struct copy *copy)
{
	enum moved moved = MOVED_SOME;

	for (int i = 0; i < ROUNDS && moved == MOVED_SOME; i++) {
		if (copy->rest)
			moved = write_rest(copy);
		else if (copy->is_read)
			moved = move_by_read(copy);
		else
			moved = move_by_splice(copy);
	}
	return moved;
}

/* ---- what to wait for next ---- */

/* Only one side is watched: the other one's hang-up would wake us up without end. */
static int wait_for(struct copy *copy, struct watch *one, struct watch *other, uint32_t events)
{
	watch_stop(other);
	return one->loop ? 0 : watch_start(copy->loop, one, events);
}

/* A file has no such event: it takes less than it was given only when its disk is full. */
static int wait_for_room(struct copy *copy)
{
	int r = wait_for(copy, &copy->to, &copy->from, EPOLLOUT);

	if (r != -EPERM)
		return r;
	err_clear();
	timer_start(copy->loop, &copy->retry, RETRY_MS);
	return 0;
}

/* Nobody reads it any more. Who writes to us must not be told by a signal: FROM stays. */
static void stop_writing(struct copy *copy)
{
	watch_stop(&copy->from);
	watch_stop(&copy->to);
	fd_close(fd_take(&copy->to.fd));
	free(take(copy->rest));
	copy->rest_size = 0;
}

static void end(struct copy *copy)
{
	close_both(copy);
	if (copy->is_input)
		fd_close(fd_take(&copy->keep));
	copy->ended(copy);
}

static void go_on(struct copy *copy, enum moved moved)
{
	int r = 0;

	switch (moved) {
	case MOVED_SOME:
	case MOVED_ALL:
		r = wait_for(copy, &copy->from, &copy->to, EPOLLIN);
		break;
	case MOVED_BLOCKED:
		r = wait_for_room(copy);
		break;
	case MOVED_RESTING:
		watch_stop(&copy->from);
		watch_stop(&copy->to); /* of what was blocked before: it may be ready at once */
		timer_start(copy->loop, &copy->retry, RETRY_MS);
		break;
	case MOVED_FAILED:
		if (copy->is_input)
			stop_writing(copy);
		else
			end(copy);
		break;
	case MOVED_END:
		end(copy);
		break;
	}
	if (r < 0) {
		note_recorded(NOTE_WARNING);
		end(copy);
	}
}

static void on_ready_from(struct watch *watch, uint32_t events)
{
	struct copy *copy = owner_of(watch, struct copy, from);

	(void)events;
	go_on(copy, move(copy));
}

static void on_ready_to(struct watch *watch, uint32_t events)
{
	struct copy *copy = owner_of(watch, struct copy, to);

	(void)events;
	go_on(copy, move(copy));
}

static void on_retry(struct timer *timer)
{
	struct copy *copy = owner_of(timer, struct copy, retry);

	go_on(copy, move(copy));
}

int copy_begin(struct copy *copy)
{
	copy->from.ready = on_ready_from;
	copy->to.ready = on_ready_to;
	copy->retry.due = on_retry;
	return watch_start(copy->loop, &copy->from, EPOLLIN);
}

void copy_last_call(struct copy *copy)
{
	copy->is_last_call = true;
	timer_stop(&copy->retry);
	if (copy_is_open(copy) && copy->to.fd >= 0)
		go_on(copy, move(copy));
}
