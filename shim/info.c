/* SPDX-License-Identifier: GPL-2.0-or-later */
/* info - what the shim and its runtime are and can. */
#include "shim/info.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/child.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/mem.h"
#include "shim/api/runtime.pb-c.h"
#include "shim/task/options.h"
#include "shim/task/runtime.h"

#define NAME "io.containerd.tare.v2"
#define FEATURES_TYPE "types.containerd.io/opencontainers/runtime-spec/1/features/Features"

enum {
	INPUT_MAX = 1 << 20,
	FEATURES_MS = 10000,
};

/* What `features` of the runtime prints; one that is there but has no such word tells none. */
static int ask(char *binary, struct buf *out)
{
	char *words[] = { binary, (char *)"features", NULL };
	_cleanup_buf_ struct buf version = { 0 };

	if (child_output(words, FEATURES_MS, out) == 0)
		return 0;
	err_clear();
	words[1] = (char *)"--version";
	return child_output(words, FEATURES_MS, &version);
}

static int read_features(const Api__Any *any, struct buf *out)
{
	struct options options;
	struct runtime runtime;
	int r;

	if (options_read(any, &options))
		return err_code();
	runtime_init(&runtime, &options, "default", "/", false);
	r = ask(runtime.binary, out);
	runtime_release(&runtime);
	options_release(&options);
	return r;
}

static int print(Api__Any *options, const struct buf *features)
{
	Api__RuntimeInfo info = API__RUNTIME_INFO__INIT;
	Api__RuntimeVersion version = API__RUNTIME_VERSION__INIT;
	Api__Any any = API__ANY__INIT;
	_cleanup_free_ uint8_t *bytes = NULL;
	size_t size;

	version.version = (char *)TARE_VERSION;
	version.revision = (char *)TARE_COMMIT;
	info.name = (char *)NAME;
	info.version = &version;
	info.options = options;
	any.type_url = (char *)FEATURES_TYPE;
	any.value.data = (uint8_t *)buf_text(features);
	any.value.len = features->size;
	info.features = features->size ? &any : NULL;
	size = api__runtime_info__get_packed_size(&info);
	bytes = xcalloc(1, size);
	api__runtime_info__pack(&info, bytes);
	return fd_write_all(STDOUT_FILENO, bytes, size);
}

int info_run(void)
{
	_cleanup_free_ uint8_t *input = xcalloc(1, INPUT_MAX);
	ssize_t size = isatty(STDIN_FILENO) ? 0 : fd_read_all(STDIN_FILENO, input, INPUT_MAX);
	_cleanup_buf_ struct buf features = { 0 };
	Api__Any *options = NULL;
	int r;

	if (size < 0)
		return size == -EFBIG ? err_refuse("stdin: too much") : err_while("stdin");
	if (size > 0) {
		options = api__any__unpack(NULL, (size_t)size, input);
		if (!options)
			return err_refuse("stdin: no options");
	}
	r = read_features(options, &features);
	if (r == 0)
		r = print(options, &features);
	api__any__free_unpacked(options, NULL);
	return r;
}

int info_print_version(void)
{
	static const char text[] = "containerd-shim-tare-v2:\n  Version:  " TARE_VERSION
				   "\n  Revision: " TARE_COMMIT "\n";

	return fd_write_all(STDOUT_FILENO, text, strlen(text));
}
