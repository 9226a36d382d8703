/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sdbus - libsystemd's sd-bus(3), loaded when it is asked for. */
#include "cgroup/sdbus.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/err.h"

#define LIBRARY "libsystemd.so.0"

#define ROW(name) { "sd_" #name, offsetof(struct sdbus, name) },
static const struct {
	const char *symbol;
	size_t offset;
} functions[] = { SDBUS_FUNCTIONS(ROW) };
#undef ROW

const struct sdbus *sdbus_load(void)
{
	static struct sdbus loaded;
	static bool is_loaded;
	void *library;

	if (is_loaded)
		return &loaded;
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		err_refuse("the systemd cgroup driver needs %s: %s", LIBRARY, dlerror());
		return NULL;
	}
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *address = dlsym(library, functions[i].symbol);

		if (!address) {
			err_refuse("%s has no %s", LIBRARY, functions[i].symbol);
			return NULL;
		}
		memcpy((char *)&loaded + functions[i].offset, &address, sizeof(address));
	}
	is_loaded = true;
	return &loaded;
}
