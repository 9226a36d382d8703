/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arguments - the shim's command line, as containerd writes it. */
#pragma once

#include <stdbool.h>

enum shim_action { SHIM_DAEMON, SHIM_START, SHIM_DELETE, SHIM_INFO, SHIM_VERSION, SHIM_HELP };

struct arguments {
	enum shim_action action;
	const char *namespace;
	const char *id;
	const char *address; /* of containerd's socket; "" when there is none */
	const char *bundle;  /* "": the folder that we are in */
	const char *publish_binary;
	const char *socket; /* as publish_binary: accepted and not used */
	bool is_debug;
};

/*
 * Read the words of Go's flag package: "-x v", "-x=v", also with two dashes; the first other word
 * is the action. Returns 0, or -EINVAL with a record.
 */
int arguments_parse(char *const *words, struct arguments *ret_arguments);

/* What -help prints. */
extern const char arguments_help[];
