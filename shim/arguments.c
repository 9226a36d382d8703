/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arguments - the shim's command line, as containerd writes it. */
#include "shim/arguments.h"

#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/words.h"

enum flag_kind { FLAG_TEXT, FLAG_BOOL, FLAG_ACTION };

struct flag_row {
	const char *name;
	enum flag_kind kind;
	size_t offset; /* of a text or a bool */
	enum shim_action action;
};

/* clang-format off */
static const struct flag_row flags[] = {
	{ "namespace",      FLAG_TEXT,   offsetof(struct arguments, namespace) },
	{ "id",             FLAG_TEXT,   offsetof(struct arguments, id) },
	{ "address",        FLAG_TEXT,   offsetof(struct arguments, address) },
	{ "bundle",         FLAG_TEXT,   offsetof(struct arguments, bundle) },
	{ "publish-binary", FLAG_TEXT,   offsetof(struct arguments, publish_binary) },
	{ "socket",         FLAG_TEXT,   offsetof(struct arguments, socket) },
	{ "debug",          FLAG_BOOL,   offsetof(struct arguments, is_debug) },
	{ "info",           FLAG_ACTION, .action = SHIM_INFO },
	{ "v",              FLAG_ACTION, .action = SHIM_VERSION },
	{ "version",        FLAG_ACTION, .action = SHIM_VERSION },
	{ "h",              FLAG_ACTION, .action = SHIM_HELP },
	{ "help",           FLAG_ACTION, .action = SHIM_HELP },
	{ 0 },
};

static const struct word actions[] = {
	{ "start",  SHIM_START },
	{ "delete", SHIM_DELETE },
	{ 0 },
};
/* clang-format on */

const char arguments_help[] =
	"containerd-shim-tare-v2 - keeps a container's streams and exit status for containerd\n"
	"\n"
	"Usage: containerd-shim-tare-v2 [option...] [start | delete]\n"
	"\n"
	"  -namespace NAME       of containerd\n"
	"  -id ID                of the container\n"
	"  -address PATH         of containerd's socket\n"
	"  -bundle PATH          of the container (the current directory)\n"
	"  -publish-binary PATH  taken and not used\n"
	"  -socket PATH          taken and not used\n"
	"  -debug                log more\n"
	"  -info                 print a RuntimeInfo message\n"
	"  -v, -version          print the version\n"
	"  -h, -help             print this\n";

static const struct flag_row *find_flag(const char *name, size_t size)
{
	const struct flag_row *row = flags;

	while (row->name && (strlen(row->name) != size || strncmp(row->name, name, size) != 0))
		row++;
	return row->name ? row : NULL;
}

static int set_bool(const char *name, const char *value, bool *where)
{
	if (value && strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
		return err_refuse("-%s: \"%s\" is neither true nor false", name, value);
	*where = !value || strcmp(value, "true") == 0;
	return 0;
}

/* One flag; *WORDS goes to its last word. */
static int parse_flag(char *const **words, struct arguments *arguments)
{
	const char *name = **words + 1 + ((**words)[1] == '-'), *equals = strchr(name, '=');
	size_t size = equals ? (size_t)(equals - name) : strlen(name);
	const struct flag_row *row = find_flag(name, size);
	const char *value = equals ? equals + 1 : NULL;
	void *where;

	if (!row)
		return err_refuse("flag provided but not defined: -%s", name);
	where = (char *)arguments + row->offset;
	if (row->kind == FLAG_ACTION) {
		arguments->action = row->action;
		return 0;
	}
	if (row->kind == FLAG_BOOL)
		return set_bool(row->name, value, where);
	if (!value) {
		value = (*words)[1];
		if (!value)
			return err_refuse("flag needs an argument: -%s", name);
		(*words)++;
	}
	*(const char **)where = value;
	return 0;
}

static int check(const struct arguments *arguments)
{
	if (arguments->action > SHIM_DELETE)
		return 0;
	if (!*arguments->namespace)
		return err_refuse("shim namespace cannot be empty");
	if (!*arguments->id || strchr(arguments->id, '/'))
		return err_refuse("shim id cannot be empty and has no slash");
	return 0;
}

int arguments_parse(char *const *words, struct arguments *ret_arguments)
{
	struct arguments arguments = {
		.namespace = "",
		.id = "",
		.address = "",
		.bundle = "",
		.publish_binary = "",
		.socket = "",
	};
	const struct word *action;

	for (; *words && (*words)[0] == '-' && (*words)[1]; words++)
		if (parse_flag(&words, &arguments))
			return err_code();
	if (*words) {
		action = word_find(actions, *words);
		if (!action)
			return err_refuse("unknown action \"%s\"", *words);
		if (words[1])
			return err_refuse("too many words: \"%s\"", words[1]);
		arguments.action = (enum shim_action)action->value;
	}
	if (check(&arguments))
		return err_code();
	*ret_arguments = arguments;
	return 0;
}
