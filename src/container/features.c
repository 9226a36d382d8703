/* SPDX-License-Identifier: GPL-2.0-or-later */
/* features - what this runtime can do, for managers (features.md). */
#include "container/features.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include "base/err.h"
#include "base/mem.h"
#include "cgroup/unit.h"
#include "container/spec.h"
#include "criu/swrk.h"
#include "kernel/lsm.h"
#include "libocispec/encode.h"
#include "libocispec/features.h"
#include "libocispec/spec.h"
#include "plan/annotations.h"
#include "plan/mountwords.h"
#include "plan/seccompwords.h"
#include "seccomp/library.h"
#include "seccomp/support.h"

/* Lists of names, taken from the tables that the code itself goes by. */
#define NAMES_MAX 128

struct names {
	const char *items[NAMES_MAX];
	size_t count;
};

struct seccomp_names {
	struct names actions, operators, architectures, known_flags, supported_flags;
};

static void add_name(struct names *names, const char *name)
{
	assert(names->count < NAMES_MAX); /* the longest table has half of them */
	names->items[names->count++] = name;
}

static struct oci_strings listed(const struct names *names)
{
	return (struct oci_strings){ names->items, names->count, true };
}

/* The members of "hooks" in config.json. */
static void list_hooks(struct names *names)
{
	for (const struct oci_field *field = oci_hooks_type.fields; field->name; field++)
		add_name(names, field->name);
}

static void list_mount_options(struct names *names)
{
	for (const struct mount_word *word = mount_words; word->name; word++)
		add_name(names, word->name);
}

/* The first word of an enumeration stands for "absent". */
static void list_words(struct names *names, const char *const *words)
{
	for (size_t i = 1; words[i]; i++)
		add_name(names, words[i]);
}

/* "cap_chown" to "CAP_CHOWN"; libcap gives numbers to what it does not know. */
static void list_capabilities(struct names *names)
{
	for (int i = 0; i < cap_max_bits(); i++) {
		char *known = cap_to_name(i);

		if (known && strncmp(known, "cap_", 4) == 0) {
			char *name = xstrdup(known);

			for (char *c = name; *c; c++)
				*c = (char)toupper((unsigned char)*c);
			add_name(names, name);
		}
		cap_free(known);
	}
}

static void list_seccomp(struct seccomp_names *names)
{
	for (size_t i = 1; oci_seccomp_action_words[i]; i++)
		if (seccomp_has_action(seccomp_actions[i]))
			add_name(&names->actions, oci_seccomp_action_words[i]);
	for (size_t i = 1; oci_seccomp_arch_words[i]; i++)
		if (seccomp_has_architecture(seccomp_architectures[i]))
			add_name(&names->architectures, oci_seccomp_arch_words[i]);
	for (size_t i = 1; oci_seccomp_flag_words[i]; i++)
		if (seccomp_has_flags(seccomp_flags[i]))
			add_name(&names->supported_flags, oci_seccomp_flag_words[i]);
	list_words(&names->operators, oci_seccomp_operator_words);
	list_words(&names->known_flags, oci_seccomp_flag_words);
}

/* What the document's pointers point to. */
struct parts {
	struct names hooks, options, namespaces, capabilities, memory_modes, memory_flags,
		unsafe_annotations;
	struct seccomp_names in_seccomp;
	struct oci_cgroup_features cgroup;
	struct oci_seccomp_features seccomp;
	struct oci_enabled on, selinux;
	struct oci_intel_rdt_features intel_rdt;
	struct oci_memory_policy_features memory_policy;
	struct oci_mount_extensions extensions;
	struct oci_linux_features in_linux;
	struct oci_pair annotations[3];
};

static void fill_lists(struct parts *parts)
{
	list_hooks(&parts->hooks);
	list_mount_options(&parts->options);
	list_words(&parts->namespaces, oci_namespace_type_words);
	list_words(&parts->memory_modes, oci_memory_policy_mode_words);
	list_words(&parts->memory_flags, oci_memory_policy_flag_words);
	list_capabilities(&parts->capabilities);
	for (size_t i = 0; i < ANNOTATION_COUNT; i++)
		add_name(&parts->unsafe_annotations, annotation_names[i]);
	list_seccomp(&parts->in_seccomp);
}

static void fill_linux(struct parts *parts)
{
	const struct seccomp_names *names = &parts->in_seccomp;

	parts->cgroup = (struct oci_cgroup_features){
		.v1 = OCI_SET(false),
		.v2 = OCI_SET(true),
		.systemd = OCI_SET(unit_is_built()),
		.systemd_user = OCI_SET(unit_is_built()),
		.rdma = OCI_SET(true),
	};
	parts->seccomp = (struct oci_seccomp_features){
		.enabled = OCI_SET(seccomp_has_flags(0)),
		.actions = listed(&names->actions),
		.operators = listed(&names->operators),
		.archs = listed(&names->architectures),
		.known_flags = listed(&names->known_flags),
		.supported_flags = listed(&names->supported_flags),
	};
	parts->on = (struct oci_enabled){ OCI_SET(true) };
	parts->selinux = (struct oci_enabled){ OCI_SET(lsm_is_built()) };
	parts->intel_rdt = (struct oci_intel_rdt_features){
		.enabled = OCI_SET(true),
		.schemata = OCI_SET(true),
		.monitoring = OCI_SET(true),
	};
	parts->memory_policy = (struct oci_memory_policy_features){
		.modes = listed(&parts->memory_modes),
		.flags = listed(&parts->memory_flags),
	};
	parts->extensions = (struct oci_mount_extensions){ .idmap = &parts->on };
	parts->in_linux = (struct oci_linux_features){
		.namespaces = listed(&parts->namespaces),
		.capabilities = listed(&parts->capabilities),
		.cgroup = &parts->cgroup,
		.seccomp = &parts->seccomp,
		.apparmor = &parts->on,
		.selinux = &parts->selinux,
		.intel_rdt = &parts->intel_rdt,
		.memory_policy = &parts->memory_policy,
		.mount_extensions = &parts->extensions,
		.net_devices = &parts->on,
	};
}

static void fill_annotations(struct parts *parts)
{
	parts->annotations[0] = (struct oci_pair){ "io.github.seccomp.libseccomp.version",
						   seccomp_library_version() };
	parts->annotations[1] =
		(struct oci_pair){ "org.opencontainers.tare.commit", TARE_COMMIT };
	parts->annotations[2] =
		(struct oci_pair){ "org.opencontainers.tare.version", TARE_VERSION };
}

int container_features(struct buf *out)
{
	struct parts parts = { 0 };
	struct oci_text text = { 0 };
	struct oci_features features = {
		.oci_version_min = OCI_VERSION_MIN,
		.oci_version_max = OCI_VERSION_MAX,
		.linux = &parts.in_linux,
		.annotations = OCI_LIST_OF(parts.annotations),
	};

	if (seccomp_library_load())
		return err_code();
	fill_lists(&parts);
	fill_linux(&parts);
	fill_annotations(&parts);
	features.hooks = listed(&parts.hooks);
	features.mount_options = listed(&parts.options);
	features.potentially_unsafe_config_annotations = listed(&parts.unsafe_annotations);
	oci_encode(&oci_features_type, &features, "    ", &text);
	buf_add(out, text.bytes, text.size);
	buf_add(out, "\n", 1);
	oci_text_release(&text);
	for (size_t i = 0; i < parts.capabilities.count; i++)
		free((char *)parts.capabilities.items[i]);
	return 0;
}

const char *features_libseccomp(void)
{
	if (seccomp_library_load() == 0)
		return seccomp_library_version();
	err_clear();
	return NULL;
}

bool features_have_systemd(void)
{
	return unit_is_built();
}

bool features_have_selinux(void)
{
	return lsm_is_built();
}

bool features_have_criu(void)
{
	return criu_is_built();
}
