/* SPDX-License-Identifier: GPL-2.0-or-later */
/* criu_rows - the options that checkpoint and restore have in common. */
#pragma once

#include "base/words.h"
#include "cli/option.h"
#include "criu/request.h"

struct criu_values {
	const char *image_path, *work_path;
	struct option_texts empty_namespaces;
	struct criu_flags flags;
};

/* Rows of a struct that has those values as its member `criu`. */
/* clang-format off */
#define CRIU_ROWS \
	TEXT  ("",  "image-path",      criu.image_path, "DIR", \
	       "where the images are (checkpoint in the current directory)"), \
	TEXT  ("",  "work-path",       criu.work_path,  "DIR", \
	       "where logs and statistics go (to the images)"), \
	FLAG  ("",  "tcp-established", criu.flags.tcp_established, \
	       "allow TCP connections, and keep them"), \
	FLAG  ("",  "tcp-close",       criu.flags.tcp_close, \
	       "allow TCP connections, and close them"), \
	FLAG  ("",  "ext-unix-sk",     criu.flags.ext_unix_sk, \
	       "allow unix sockets that are connected to the outside"), \
	FLAG  ("",  "shell-job",       criu.flags.shell_job, \
	       "allow that the terminal is that of the caller"), \
	FLAG  ("",  "file-locks",      criu.flags.file_locks, \
	       "allow file locks"), \
	FLAG  ("",  "link-remap",      criu.flags.link_remap, \
	       "allow open files that have lost their name"), \
	FLAG  ("",  "auto-dedup",      criu.flags.auto_dedup, \
	       "free in the images what is there twice"), \
	FLAG  ("",  "lazy-pages",      criu.flags.lazy_pages, \
	       "leave memory where it is until it is used"), \
	TEXTS ("",  "empty-ns",        criu.empty_namespaces, "TYPE", \
	       "leave out what is in the namespace, only for network"), \
	WORD  ("",  "manage-cgroups-mode", criu.flags.cgroups, enum criu_cgroups, \
	       criu_cgroup_words, "which properties of cgroups to set (soft unless said)"), \
	WORD  ("",  "network-lock",    criu.flags.network_lock, enum criu_network_lock, \
	       criu_lock_words, "by what the network is held still")
/* clang-format on */

extern const struct word criu_cgroup_words[];
extern const struct word criu_lock_words[];

/* The flags of VALUES with what --empty-ns says; a type other than network is refused. */
int criu_rows_flags(const struct criu_values *values, struct criu_flags *ret_flags);
