/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options - what a manager wants of a container's runtime, in whatever form it says so. */
#include "shim/task/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "libocispec/decode.h"
#include "libocispec/encode.h"
#include "libocispec/tables.h"
#include "shim/task/toml.h"

#define FILE_RUNTIME "runtime"
#define FILE_OPTIONS "options.json"

enum option_kind { OPTION_TEXT, OPTION_BOOL, OPTION_ID, OPTION_NOTHING };

/* The keys of CRI's TOML, matched as Go does: in either case. */
struct option_row {
	const char *key;
	enum option_kind kind;
	size_t offset;
};

/* clang-format off */
static const struct option_row rows[] = {
	{ "BinaryName",    OPTION_TEXT,    offsetof(struct options, binary) },
	{ "Root",          OPTION_TEXT,    offsetof(struct options, root) },
	{ "ShimCgroup",    OPTION_TEXT,    offsetof(struct options, shim_cgroup) },
	{ "CriuPath",      OPTION_TEXT,    offsetof(struct options, criu_path) },
	{ "CriuImagePath", OPTION_TEXT,    offsetof(struct options, criu_image_path) },
	{ "CriuWorkPath",  OPTION_TEXT,    offsetof(struct options, criu_work_path) },
	{ "IoUid",         OPTION_ID,      offsetof(struct options, uid) },
	{ "IoGid",         OPTION_ID,      offsetof(struct options, gid) },
	{ "SystemdCgroup", OPTION_BOOL,    offsetof(struct options, is_systemd) },
	{ "NoPivotRoot",   OPTION_BOOL,    offsetof(struct options, has_no_pivot) },
	{ "NoNewKeyring",  OPTION_BOOL,    offsetof(struct options, has_no_keyring) },
	{ "TypeUrl",       OPTION_NOTHING, 0 }, /* about the table itself */
	{ "ConfigPath",    OPTION_NOTHING, 0 },
	{ 0 },
};

/* What Go's JSON of the message looks like. */
struct saved {
	struct oci_bool no_pivot_root, no_new_keyring, systemd_cgroup;
	struct oci_u32 io_uid, io_gid;
	const char *binary_name, *root, *shim_cgroup, *criu_path, *criu_image_path, *criu_work_path;
};

#define T saved
static const struct oci_type saved_type = TYPE(
	BOOL  ("no_pivot_root",   no_pivot_root),
	BOOL  ("no_new_keyring",  no_new_keyring),
	STRING("shim_cgroup",     shim_cgroup),
	U32   ("io_uid",          io_uid),
	U32   ("io_gid",          io_gid),
	STRING("binary_name",     binary_name),
	STRING("root",            root),
	STRING("criu_path",       criu_path),
	BOOL  ("systemd_cgroup",  systemd_cgroup),
	STRING("criu_image_path", criu_image_path),
	STRING("criu_work_path",  criu_work_path));
#undef T
/* clang-format on */

static void set(char **where, const char *text)
{
	free(*where);
	*where = xstrdup(text ? text : "");
}

static void init(struct options *options)
{
	*options = (struct options){ 0 };
	for (const struct option_row *row = rows; row->key; row++)
		if (row->kind == OPTION_TEXT)
			set((char **)(void *)((char *)options + row->offset), "");
}

void options_release(struct options *options)
{
	for (const struct option_row *row = rows; row->key; row++)
		if (row->kind == OPTION_TEXT)
			free(take(*(char **)(void *)((char *)options + row->offset)));
}

/* ---- TOML ---- */

static const struct option_row *find_row(const char *key)
{
	const struct option_row *row = rows;

	while (row->key && strcasecmp(row->key, key) != 0)
		row++;
	return row->key ? row : NULL;
}

static int apply(struct options *options, const struct toml_value *value)
{
	const struct option_row *row = find_row(value->key);
	void *where;

	if (!row)
		return err_refuse("%s is not an option of this runtime", value->key);
	where = (char *)options + row->offset;
	if (row->kind == OPTION_TEXT && value->kind == TOML_STRING)
		set(where, value->text);
	else if (row->kind == OPTION_BOOL && value->kind == TOML_BOOL)
		*(bool *)where = value->boolean;
	else if (row->kind == OPTION_ID && value->kind == TOML_NUMBER && value->number >= 0 &&
		 value->number < UINT32_MAX)
		*(uint32_t *)where = (uint32_t)value->number;
	else if (row->kind != OPTION_NOTHING)
		return err_refuse("%s has the wrong kind of value", value->key);
	return 0;
}

int options_read_toml(const char *text, size_t size, struct options *ret_options)
{
	struct toml toml = { .text = text, .size = size };
	struct toml_value value;
	struct options options;
	int r;

	init(&options);
	while ((r = toml_next(&toml, &value)) > 0)
		if (apply(&options, &value)) {
			r = err_code();
			break;
		}
	toml_release(&toml);
	if (r < 0) {
		options_release(&options);
		return err_while("runtime options");
	}
	*ret_options = options;
	return 0;
}

/* It is the client who names it: a FIFO there must make nobody wait. */
static ssize_t read_file(const char *path, char *text, size_t size)
{
	_cleanup_close_ int fd = fd_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct stat status;
	ssize_t n;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return err_sys(errno, "stat %s", path);
	if (!S_ISREG(status.st_mode))
		return err_refuse("%s is not a file", path);
	n = fd_read_all(fd, text, size);
	if (n == -EFBIG)
		return err_sys(EFBIG, "read %s", path);
	return n < 0 ? err_while("%s", path) : n;
}

static int read_toml_file(const char *path, struct options *ret_options)
{
	_cleanup_free_ char *text = xcalloc(1, TOML_MAX);
	ssize_t size = read_file(path, text, TOML_MAX);

	if (size < 0)
		return err_while("runtime options");
	return options_read_toml(text, (size_t)size, ret_options);
}

static int read_toml_message(const Api__Any *any, struct options *ret_options)
{
	Api__TomlOptions *message =
		api__toml_options__unpack(NULL, any->value.len, any->value.data);
	int r;

	if (!message)
		return err_refuse("runtime options: malformed");
	if (message->config_body.len == 0 && *message->config_path)
		r = read_toml_file(message->config_path, ret_options);
	else
		r = options_read_toml((const char *)message->config_body.data,
				      message->config_body.len, ret_options);
	api__toml_options__free_unpacked(message, NULL);
	return r;
}

/* ---- runc's message ---- */

static int read_message(const Api__Any *any, struct options *options)
{
	Api__RuncOptions *message =
		api__runc_options__unpack(NULL, any->value.len, any->value.data);

	if (!message)
		return err_refuse("runtime options: malformed");
	init(options);
	set(&options->binary, message->binary_name);
	set(&options->root, message->root);
	set(&options->shim_cgroup, message->shim_cgroup);
	set(&options->criu_path, message->criu_path);
	set(&options->criu_image_path, message->criu_image_path);
	set(&options->criu_work_path, message->criu_work_path);
	options->uid = message->io_uid;
	options->gid = message->io_gid;
	options->is_systemd = message->systemd_cgroup;
	options->has_no_pivot = message->no_pivot_root;
	options->has_no_keyring = message->no_new_keyring;
	api__runc_options__free_unpacked(message, NULL);
	return 0;
}

/* What a restore is to do in its own way: no runtime is asked for it, Go's neither. */
static int check_linux_message(const Api__LinuxOptions *message)
{
	/* clang-format off */
	const struct { bool is_wanted; const char *name; } members[] = {
		{ message->open_tcp,                "open_tcp" },
		{ message->external_unix_sockets,   "external_unix_sockets" },
		{ message->terminal,                "terminal" },
		{ message->file_locks,              "file_locks" },
		{ message->n_empty_namespaces > 0,  "empty_namespaces" },
		{ *message->cgroups_mode != '\0',   "cgroups_mode" },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (members[i].is_wanted)
			return err_refuse("runtime options: %s is not supported",
					  members[i].name);
	return 0;
}

static int read_linux_message(const Api__Any *any, struct options *options)
{
	Api__LinuxOptions *message =
		api__linux_options__unpack(NULL, any->value.len, any->value.data);

	if (!message)
		return err_refuse("runtime options: malformed");
	if (check_linux_message(message)) {
		api__linux_options__free_unpacked(message, NULL);
		return err_code();
	}
	init(options);
	set(&options->shim_cgroup, message->shim_cgroup);
	set(&options->criu_image_path, message->criu_image_path);
	set(&options->criu_work_path, message->criu_work_path);
	options->uid = message->io_uid;
	options->gid = message->io_gid;
	options->has_no_pivot = message->no_pivot_root;
	options->has_no_keyring = message->no_new_keyring;
	api__linux_options__free_unpacked(message, NULL);
	return 0;
}

const char *options_type(const Api__Any *any)
{
	const char *slash = any ? strrchr(any->type_url, '/') : NULL;

	return !any ? "" : slash ? slash + 1 : any->type_url;
}

int options_read(const Api__Any *any, struct options *ret_options)
{
	const char *name = options_type(any);

	if (!*name && (!any || any->value.len == 0)) {
		init(ret_options);
		return 0;
	}
	if (strcmp(name, "containerd.runc.v1.Options") == 0)
		return read_message(any, ret_options);
	if (strcmp(name, "containerd.linux.runc.CreateOptions") == 0)
		return read_linux_message(any, ret_options);
	if (strcmp(name, "runtimeoptions.v1.Options") == 0)
		return read_toml_message(any, ret_options);
	return err_refuse("runtime options: the type \"%s\" is not known", name);
}

/* ---- files ---- */

/* Written beside it and renamed, so that nobody reads half of it. */
static int write_file(const char *bundle, const char *name, const char *text, size_t size)
{
	_cleanup_free_ char *path = xprintf("%s/%s", bundle, name);
	_cleanup_free_ char *beside = xprintf("%s/.%s", bundle, name);
	_cleanup_close_ int fd = fd_open(AT_FDCWD, beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		return fd;
	if (fd_write_all(fd, text, size))
		return err_while("%s", beside);
	if (rename(beside, path) < 0)
		return err_sys(errno, "rename %s", beside);
	return 0;
}

static const char *unless_empty(const char *text)
{
	return *text ? text : NULL;
}

static int save_json(const struct options *options, const char *bundle)
{
	struct saved saved = {
		.no_pivot_root = { options->has_no_pivot, options->has_no_pivot },
		.no_new_keyring = { options->has_no_keyring, options->has_no_keyring },
		.systemd_cgroup = { options->is_systemd, options->is_systemd },
		.io_uid = { options->uid > 0, options->uid },
		.io_gid = { options->gid > 0, options->gid },
		.binary_name = unless_empty(options->binary),
		.root = unless_empty(options->root),
		.shim_cgroup = unless_empty(options->shim_cgroup),
		.criu_path = unless_empty(options->criu_path),
		.criu_image_path = unless_empty(options->criu_image_path),
		.criu_work_path = unless_empty(options->criu_work_path),
	};
	struct oci_text text = { 0 };
	int r;

	oci_encode(&saved_type, &saved, NULL, &text);
	r = write_file(bundle, FILE_OPTIONS, text.bytes, text.size);
	oci_text_release(&text);
	return r;
}

int options_save(const struct options *options, const char *bundle)
{
	if (save_json(options, bundle) ||
	    write_file(bundle, FILE_RUNTIME, options->binary, strlen(options->binary)))
		return err_while("keep the options");
	return 0;
}

static int load_json(const char *bundle, struct arena *arena, struct saved *saved)
{
	_cleanup_free_ char *path = xprintf("%s/%s", bundle, FILE_OPTIONS);
	char text[16384];
	ssize_t size = fd_read_file(AT_FDCWD, path, text, sizeof(text));
	struct oci_document document = { FILE_OPTIONS, text, (size_t)size };
	struct oci_error error;

	if (size == -ENOENT) {
		err_clear();
		return 0;
	}
	if (size < 0)
		return (int)size;
	if (oci_decode(&saved_type, &document, arena, saved, &error) < 0)
		return err_refuse("%s", error.text);
	return 0;
}

int options_load(const char *bundle, struct options *ret_options)
{
	_cleanup_free_ char *path = xprintf("%s/%s", bundle, FILE_RUNTIME);
	struct saved saved = { 0 };
	struct arena arena = { 0 };
	char binary[4096];
	ssize_t size = fd_read_file(AT_FDCWD, path, binary, sizeof(binary));

	if (size == -ENOENT) {
		err_clear();
		return 0;
	}
	if (size < 0 || load_json(bundle, &arena, &saved)) {
		arena_free(&arena);
		return err_code();
	}
	init(ret_options);
	set(&ret_options->binary, binary);
	set(&ret_options->root, saved.root);
	set(&ret_options->shim_cgroup, saved.shim_cgroup);
	set(&ret_options->criu_path, saved.criu_path);
	ret_options->is_systemd = saved.systemd_cgroup.value;
	arena_free(&arena);
	return 1;
}

void options_forget(const char *bundle)
{
	_cleanup_free_ char *path = xprintf("%s/%s", bundle, FILE_RUNTIME);

	unlink(path);
}
