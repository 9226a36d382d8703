/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create_rows - the options that create and run have in common; rows over struct create_options. */
#pragma once

#include "cli/option.h"
#include "container/create.h"

/* As many descriptors as a process may be allowed to have (fs.nr_open). */
#define PRESERVE_FDS_MAX (1u << 20)

/* clang-format off */
#define BUNDLE_ROWS \
	TEXT  ("b", "bundle",         bundle,         "DIR", \
	       "where config.json is (the current directory unless said)"), \
	TEXT  ("f", "config",         config,         "FILE", \
	       "read FILE instead of config.json of the bundle")

#define CREATE_ROWS \
	BUNDLE_ROWS, \
	TEXT  ("",  "console-socket", console_socket, "PATH", \
	       "send the master of the terminal to the unix socket PATH"), \
	TEXT  ("",  "pidfd-socket",   pidfd_socket,   "PATH", \
	       "send a pidfd of the first process to the unix socket PATH"), \
	TEXT  ("",  "pid-file",       pid_file,       "FILE", \
	       "write the pid of the first process to FILE"), \
	FLAG  ("",  "no-pivot",       no_pivot, \
	       "enter the root file system without pivot_root, as a ramdisk needs it"), \
	FLAG  ("",  "no-new-keyring", no_new_keyring, \
	       "keep the session keyring of the caller"), \
	FLAG  ("",  "no-subreaper",   no_subreaper, \
	       "do not adopt processes that the container orphans"), \
	NUMBER("",  "preserve-fds",   preserve_fds,   "N", PRESERVE_FDS_MAX, \
	       "pass on N descriptors, from 3 (or from behind those of LISTEN_FDS)")
/* clang-format on */
