/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * library - libseccomp is loaded when a filter is asked for: most commands and many containers have
 * none, and its tables are relocated in each program that is linked with it.
 */
#include "seccomp/library.h"

#include <dlfcn.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define LIBRARY "libseccomp.so.2"

/* What we call of it: seccomp_... */
/* clang-format off */
#define FUNCTIONS(F) \
	F(arch_add) F(arch_exist) F(arch_native) F(arch_remove) \
	F(attr_set) F(export_bpf) F(init) F(release) F(rule_add_array) \
	F(syscall_resolve_name) F(syscall_resolve_name_arch) F(version)
/* clang-format on */

#define MEMBER(name) __typeof__(seccomp_##name) *(name);
static struct {
	FUNCTIONS(MEMBER)
} loaded;
#undef MEMBER
static bool is_loaded;

#define ROW(name) { "seccomp_" #name, offsetof(__typeof__(loaded), name) },
static const struct {
	const char *symbol;
	size_t offset;
} functions[] = { FUNCTIONS(ROW) };
#undef ROW

int seccomp_library_load(void)
{
	void *handle;

	if (is_loaded)
		return 0;
	handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return err_refuse("linux.seccomp needs %s: %s", LIBRARY, dlerror());
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *address = dlsym(handle, functions[i].symbol);

		if (!address)
			return err_refuse("%s has no %s", LIBRARY, functions[i].symbol);
		memcpy((char *)&loaded + functions[i].offset, &address, sizeof(address));
	}
	is_loaded = true;
	return 0;
}

/*
 * Each under its own name, so that nobody who calls it has to know where it is.  That it cannot be
 * loaded was told to who asked before.
 */
static __typeof__(loaded) *library(void)
{
	if (seccomp_library_load())
		abort();
	return &loaded;
}

int seccomp_arch_add(scmp_filter_ctx filter, uint32_t architecture)
{
	return library()->arch_add(filter, architecture);
}

int seccomp_arch_exist(scmp_filter_ctx filter, uint32_t architecture)
{
	return library()->arch_exist(filter, architecture);
}

uint32_t seccomp_arch_native(void)
{
	return library()->arch_native();
}

int seccomp_arch_remove(scmp_filter_ctx filter, uint32_t architecture)
{
	return library()->arch_remove(filter, architecture);
}

int seccomp_attr_set(scmp_filter_ctx filter, enum scmp_filter_attr attribute, uint32_t value)
{
	return library()->attr_set(filter, attribute, value);
}

int seccomp_export_bpf(scmp_filter_ctx filter, int fd)
{
	return library()->export_bpf(filter, fd);
}

scmp_filter_ctx seccomp_init(uint32_t action)
{
	return library()->init(action);
}

void seccomp_release(scmp_filter_ctx filter)
{
	library()->release(filter);
}

int seccomp_rule_add_array(scmp_filter_ctx filter, uint32_t action, int number, unsigned count,
			   const struct scmp_arg_cmp *arguments)
{
	return library()->rule_add_array(filter, action, number, count, arguments);
}

int seccomp_syscall_resolve_name(const char *name)
{
	return library()->syscall_resolve_name(name);
}

int seccomp_syscall_resolve_name_arch(uint32_t architecture, const char *name)
{
	return library()->syscall_resolve_name_arch(architecture, name);
}

const struct scmp_version *seccomp_version(void)
{
	return library()->version();
}
