/* SPDX-License-Identifier: GPL-2.0-or-later */
/* security - capabilities and labels of the process. */
#include <sched.h>
#include <string.h>
#include <sys/capability.h>

#include "base/err.h"
#include "plan/build.h"

#define CAPS_MAX 64 /* bits of a set */

/*
 * In a user namespace of its own, new or joined, a process has them all.  An ordinary user
 * without one has been told that one is needed.
 */
static bool is_grantable(const struct build *b, int capability)
{
	return build_has_namespace(b, CLONE_NEWUSER) || b->host->euid != 0 ||
	       (b->host->capabilities >> capability & 1) != 0;
}

/* Names that were looked up: the sets repeat each other's, and libcap looks through all it knows. */
struct known {
	const char *names[CAPS_MAX]; /* by number; NULL: not yet */
};

/* Returns 0, or -1 for one that libcap does not know. */
static int look_up(struct known *known, const char *name, int *ret_value)
{
	cap_value_t value;

	for (int i = 0; i < CAPS_MAX; i++)
		if (known->names[i] && strcmp(known->names[i], name) == 0) {
			*ret_value = i;
			return 0;
		}
	/* libcap also takes numbers and small letters; the specification does not. */
	if (strncmp(name, "CAP_", 4) != 0 ||
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != strlen(name) ||
	    cap_from_name(name, &value) < 0 || value < 0 || value >= CAPS_MAX)
		return -1;
	known->names[value] = name;
	*ret_value = value;
	return 0;
}

/*
 * The number of capability NAME, or -1 for one that this kernel or libcap does
 * not know or that we do not have.  config.md, "Linux Process": what cannot be
 * granted is a warning.
 */
static int find_capability(struct build *b, const char *set, size_t index, const char *name,
			   struct known *known)
{
	int value;

	if (look_up(known, name, &value) || (unsigned)value > b->host->last_capability ||
	    !is_grantable(b, value)) {
		build_warn(b, LOG_WARNING,
			   "process.capabilities.%s[%zu]: ignoring unknown or unavailable "
			   "capability \"%s\"",
			   set, index, name);
		return -1;
	}
	return value;
}

static uint64_t read_set(struct build *b, const char *set, const struct oci_strings *names,
			 struct known *known)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < names->count; i++) {
		int value = find_capability(b, set, i, names->items[i], known);

		if (value >= 0)
			bits |= (uint64_t)1 << value;
	}
	return bits;
}

/* capabilities(7): what is not permitted and inheritable cannot be raised as ambient. */
static uint64_t raisable(struct build *b, const struct block_capabilities *sets,
			 uint64_t ambient)
{
	uint64_t possible = ambient & sets->permitted & sets->inheritable;

	for (int i = 0; i < CAPS_MAX; i++) {
		char *name;

		if (!((ambient & ~possible) >> i & 1))
			continue;
		name = cap_to_name(i);
		for (char *at = name; at && *at; at++)
			if (*at >= 'a' && *at <= 'z')
				*at += 'A' - 'a';
		build_warn(b, LOG_WARNING,
			   "process.capabilities.ambient: can't raise ambient capability %s: "
			   "not in the permitted and the inheritable set",
			   name ? name : "?");
		cap_free(name);
	}
	return possible;
}

static void plan_capabilities(struct build *b, const struct oci_capabilities *spec)
{
	struct block_capabilities *sets = &b->init->capabilities;
	struct known known = { { NULL } };

	if (!spec)
		return;
	sets->is_set = 1;
	sets->last = b->host->last_capability;
	sets->bounding = read_set(b, "bounding", &spec->bounding, &known);
	sets->effective = read_set(b, "effective", &spec->effective, &known);
	sets->inheritable = read_set(b, "inheritable", &spec->inheritable, &known);
	sets->permitted = read_set(b, "permitted", &spec->permitted, &known);
	sets->ambient = raisable(b, sets, read_set(b, "ambient", &spec->ambient, &known));
}

static int check_selinux(const struct build *b, const char *path, const char *label)
{
	if (label && *label && !b->host->has_selinux)
		return err_lack("%s: selinux label is specified in config, but selinux is "
				"disabled or not supported",
				path);
	return 0;
}

static int check_apparmor(const struct build *b, const char *profile)
{
	if (profile && *profile && !b->host->has_apparmor)
		return err_lack("process.apparmorProfile: apparmor: config provided but "
				"apparmor not supported");
	return 0;
}

static int plan_labels(struct build *b, const struct oci_process *process)
{
	const char *profile = process->apparmor_profile;
	const char *label = process->selinux_label;
	int code = build_note(b, check_selinux(b, "process.selinuxLabel", label))
			   ?: build_note(b, check_apparmor(b, profile));

	if (code < 0)
		return code;
	if (label && *label)
		b->init->selinux_label = build_text(b, label);
	if (profile && *profile)
		b->init->apparmor_profile = build_text(b, profile);
	return 0;
}

int plan_security(struct build *b)
{
	int code = build_note(b, check_selinux(b, "linux.mountLabel", b->linux->mount_label));

	if (code < 0 || !b->spec->process)
		return code;
	plan_capabilities(b, b->spec->process->capabilities);
	return plan_labels(b, b->spec->process);
}
