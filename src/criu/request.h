/* SPDX-License-Identifier: GPL-2.0-or-later */
/* request - what CRIU is asked to do: to save a container's processes, or to bring them back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

/* The numbers are those of CRIU's protocol. */
enum criu_action {
	CRIU_DUMP = 1,
	CRIU_RESTORE = 2,
	CRIU_NOTIFY = 6, /* it tells how far it is, and waits for an answer */
	CRIU_FEATURES = 9,
	CRIU_VERSION = 10,
	CRIU_PRE_DUMP = 13, /* one of them */
};

/* criu(8), --manage-cgroups */
enum criu_cgroups {
	CRIU_CGROUPS_SOFT,
	CRIU_CGROUPS_FULL,
	CRIU_CGROUPS_STRICT,
	CRIU_CGROUPS_IGNORE,
};

/* criu(8), --network-lock */
enum criu_network_lock {
	CRIU_LOCK_UNSAID,
	CRIU_LOCK_IPTABLES,
	CRIU_LOCK_NFTABLES,
	CRIU_LOCK_SKIP,
};

/* What the command line says and is passed on as it is. */
struct criu_flags {
	bool leave_running;
	bool tcp_established;
	bool tcp_skip_in_flight;
	bool tcp_close;
	bool ext_unix_sk;
	bool shell_job;
	bool file_locks;
	bool link_remap;
	bool auto_dedup;
	bool lazy_pages;
	enum criu_cgroups cgroups;
	enum criu_network_lock network_lock;
	unsigned empty_namespaces; /* CLONE_NEWNET or nothing */
	const char *parent_images; /* relative to the images; NULL: none */
	const char *lsm_profile;   /* "selinux:LABEL"; NULL: as it was saved */
	const char *lsm_mount_context;
};

/*
 * A mount from outside: saved under a name, restored from a path.  A cgroup root: controller and
 * path.  A namespace that is joined: its kind and file.
 */
struct criu_pair {
	const char *key, *value;
};

/* A descriptor of ours that takes the place of what is called KEY in the images. */
struct criu_fd {
	const char *key;
	int fd;
};

/* All strings and lists are borrowed. */
struct criu_request {
	enum criu_action action;
	struct criu_flags flags;
	int images; /* a directory's descriptor, that CRIU was given (see criu_start()) */
	int work;   /* NO_FD: the images' directory */
	int status; /* hears when pages can be asked for; NO_FD: nobody */
	const char *log;
	const char *root;                /* of the container, as a path of the host */
	const char *config;              /* a file of CRIU's options; NULL: none */
	bool has_terminal;               /* of its own, whose master is outside */
	const char *page_server_address; /* NULL: pages go to the images */
	int page_server_port;

	pid_t pid;           /* to save: the container's init */
	const char *freezer; /* to save: its cgroup; NULL: stopped one by one */
	bool tracks_memory;  /* to save: remember which pages change from now on */

	const struct criu_pair *mounts;
	size_t mount_count;
	const char *const *externals; /* to save: "net[4026531840]:extRootNetNS" */
	size_t external_count;
	const struct criu_pair *joins; /* to restore, as the following */
	size_t join_count;
	const struct criu_fd *fds;
	size_t fd_count;
	const struct criu_pair *cgroup_roots;
	size_t cgroup_root_count;
};

/* What it can do beside what each version can. */
struct criu_features {
	bool has_memory_tracking;
	bool has_lazy_pages;
};

/* What CRIU says.  The texts are empty where there are none. */
struct criu_answer {
	enum criu_action action;
	bool is_success;
	int code; /* an errno of CRIU's own */
	char text[512];
	char script[64];  /* CRIU_NOTIFY: how far it is */
	pid_t pid;        /* CRIU_NOTIFY, CRIU_RESTORE: of the container's init */
	unsigned version; /* CRIU_VERSION: 31701 for 3.17.1 */
	struct criu_features features;
};
