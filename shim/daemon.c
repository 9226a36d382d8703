/* SPDX-License-Identifier: GPL-2.0-or-later */
/* daemon - the shim itself: it serves until its last container is deleted. */
#include "shim/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/loop/note.h"
#include "shim/task/exits.h"
#include "shim/task/methods.h"
#include "shim/task/task.h"

enum {
	LAST_EVENTS_MS = 10000,
	LONELY_MS = 60000, /* without a client: are the bundles still there? */
};

struct daemon {
	struct shim shim;
	char *socket;      /* its path */
	ino_t inode;       /* of the path: what is there may be another shim's by then */
	char bundle[4096]; /* of the container that we were started for */
	char *ttrpc;       /* where events go */
	struct timer lonely;
	bool is_emptied; /* all events are told, and no others will come */
};

static struct daemon *daemon_of(struct shim *shim)
{
	return owner_of(shim, struct daemon, shim);
}

/* ---- the end ---- */

/* Events are told, and loggers have ended. */
static void look_if_over(struct daemon *daemon)
{
	if (daemon->is_emptied && daemon->shim.children.dismissed == 0)
		loop_stop(&daemon->shim.loop);
}

static void on_emptied(struct publisher *publisher)
{
	struct daemon *daemon = daemon_of(owner_of(publisher, struct shim, publisher));

	daemon->is_emptied = true;
	look_if_over(daemon);
}

static void on_gone(struct children *children)
{
	look_if_over(daemon_of(owner_of(children, struct shim, children)));
}

static void forget_socket(struct daemon *daemon)
{
	struct stat status;

	if (daemon->socket && stat(daemon->socket, &status) == 0 &&
	    status.st_ino == daemon->inode)
		unlink(daemon->socket);
	free(take(daemon->socket));
}

/* Nobody finds us any more; what has happened is still told. */
static void shut_down(struct shim *shim)
{
	forget_socket(daemon_of(shim));
	shim->is_leaving = true;
	publisher_finish(&shim->publisher, LAST_EVENTS_MS, on_emptied);
}

/*
 * A shim that was started and never used, or that containerd has given up: killed meanwhile, or
 * tired of waiting. As long as a bundle is there it may come back for it.
 */
static void on_lonely(struct timer *timer)
{
	struct daemon *daemon = owner_of(timer, struct daemon, lonely);
	struct shim *shim = &daemon->shim;

	list_each(cursor, rest, &shim->containers)
	{
		struct container *container = owner_of(cursor, struct container, link);

		if (!container_is_given_up(container))
			continue;
		note_info("container %s: nobody will delete it", container->id);
		container_free(container);
	}
	if (!list_is_empty(&shim->containers) || access(daemon->bundle, F_OK) == 0) {
		timer_start(&shim->loop, timer, LONELY_MS);
		return;
	}
	note_info("nobody needs this shim any more");
	shut_down(shim);
}

/* Only while nobody is there: an idle shim never wakes up. */
static void on_alone(struct server *server)
{
	struct daemon *daemon = daemon_of(owner_of(server, struct shim, server));

	timer_start(&daemon->shim.loop, &daemon->lonely, LONELY_MS);
}

static void on_met(struct server *server)
{
	timer_stop(&daemon_of(owner_of(server, struct shim, server))->lonely);
}

/* ---- signals ---- */

static void on_child(struct children *children, pid_t pid, int status)
{
	exits_take(owner_of(children, struct shim, children), pid, status);
}

static void dump(struct shim *shim)
{
	note_info("events that wait: %zu bytes; calls that wait: %u", shim->publisher.bytes,
		  shim->server.calls);
	list_each(cursor, rest, &shim->containers)
	{
		struct container *container = owner_of(cursor, struct container, link);
		unsigned execs = 0;

		list_each(exec, next, &container->execs) execs++;
		note_info("container %s: status %d, pid %d, %u execs", container->id,
			  (int)state_status(container->init.state), (int)container->init.pid,
			  execs);
	}
}

static void on_asked(struct children *children, int signal)
{
	struct shim *shim = owner_of(children, struct shim, children);

	if (signal == SIGUSR1)
		dump(shim);
	else
		shut_down(shim);
}

/* ---- the beginning ---- */

/* Never wait for who reads the log: lines that do not fit are lost. */
static void open_log(bool is_debug)
{
	int fd = open("log", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_APPEND);

	if (fd >= 0) {
		dup2(fd, STDERR_FILENO);
		fd_close(fd);
	}
	note_limit(is_debug ? NOTE_DEBUG : NOTE_INFO);
}

static int find_socket(struct daemon *daemon)
{
	struct sockaddr_un address = { 0 };
	socklen_t size = sizeof(address) - 1;
	struct stat status;

	if (getsockname(DAEMON_LISTENER, (struct sockaddr *)&address, &size) < 0)
		return err_sys(errno, "descriptor 3 is no socket; is this run by hand?");
	if (address.sun_path[0] != '/' || stat(address.sun_path, &status) < 0)
		return err_refuse("descriptor 3 is not the socket that start makes");
	daemon->socket = xstrdup(address.sun_path);
	daemon->inode = status.st_ino;
	return fcntl(DAEMON_LISTENER, F_SETFD, FD_CLOEXEC) < 0 ? err_sys(errno, "socket") : 0;
}

static char *events_address(const struct arguments *arguments)
{
	const char *given = getenv("TTRPC_ADDRESS");

	if (given)
		return xstrdup(given);
	return *arguments->address ? xprintf("%s.ttrpc", arguments->address) : xstrdup("");
}

/*
 * glibc keeps what was once allocated and freed for the next time: 128 KiB at the end of its heap,
 * and as much as the largest piece had, so that one request of 4 MiB would cost as much for ever.
 * Other libcs have no such function.
 */
extern int mallopt(int parameter, int value) __attribute__((weak));

static void give_memory_back(void)
{
	enum { TRIM_THRESHOLD = -1, TOP_PAD = -2, MMAP_THRESHOLD = -3 };
	const char *tunables = getenv("GLIBC_TUNABLES");

	if (tunables && strcmp(tunables, DAEMON_TUNABLES) == 0)
		unsetenv("GLIBC_TUNABLES");
	if (!mallopt)
		return;
	mallopt(TRIM_THRESHOLD, 8 << 10);
	mallopt(TOP_PAD, 0);
	mallopt(MMAP_THRESHOLD, 16 << 10);
}

static int set_up(struct daemon *daemon, const struct arguments *arguments)
{
	struct shim *shim = &daemon->shim;

	give_memory_back();
	if (find_socket(daemon))
		return err_code();
	open_log(arguments->is_debug);
	if (!getcwd(daemon->bundle, sizeof(daemon->bundle)) || chdir("/") < 0)
		return err_sys(errno, "the bundle");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return err_sys(errno, "become a subreaper");
	list_init(&shim->containers);
	shim->namespace = arguments->namespace;
	shim->shut_down = shut_down;
	shim->children.left = on_child;
	shim->children.asked = on_asked;
	shim->children.gone = on_gone;
	daemon->ttrpc = events_address(arguments);
	daemon->lonely.due = on_lonely;
	if (loop_init(&shim->loop) || children_init(&shim->children, &shim->loop) ||
	    server_init(&shim->server, &shim->loop, DAEMON_LISTENER, task_services))
		return err_code();
	shim->server.met = on_met;
	shim->server.alone = on_alone;
	publisher_init(&shim->publisher, &shim->loop, daemon->ttrpc, shim->namespace);
	oom_watch_init(&shim->ooms, &shim->loop);
	on_alone(&shim->server);
	return 0;
}

int daemon_run(const struct arguments *arguments)
{
	struct daemon *daemon = xcalloc(1, sizeof(*daemon));
	struct shim *shim = &daemon->shim;
	int r;

	prctl(PR_SET_NAME, "containerd-shim"); /* not "exe", by which start has begun it */
	if (set_up(daemon, arguments)) {
		free(daemon);
		return err_code();
	}
	r = loop_run(&shim->loop);
	forget_socket(daemon);
	server_release(&shim->server);
	publisher_release(&shim->publisher);
	oom_watch_release(&shim->ooms);
	children_release(&shim->children);
	loop_release(&shim->loop);
	free(daemon->ttrpc);
	free(daemon);
	return r;
}
