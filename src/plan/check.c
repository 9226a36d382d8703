/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check - rules about config.json as a whole, and what this version does not have. */
#include <linux/sched.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "plan/build.h"

#define UTS_NAME_MAX 64 /* __NEW_UTS_LEN */

static const char digits[] = "0123456789";
static const char version_chars[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-";

/* The length of one number of a version at TEXT, its dot included if it HAS_DOT; 0: none. */
static size_t number_length(const char *text, bool has_dot)
{
	size_t length = strspn(text, digits);

	if (length == 0 || (length > 1 && text[0] == '0'))
		return 0;
	if (!has_dot)
		return length;
	return text[length] == '.' ? length + 1 : 0;
}

/* semver.org: "1.2.3", "1.2.3-rc.1", "1.2.3+dev", "1.2.3-rc.1+dev". */
static bool is_version(const char *text)
{
	for (int i = 0; i < 3; i++) {
		size_t length = number_length(text, i < 2);

		if (length == 0)
			return false;
		text += length;
	}
	if (*text == '-') {
		size_t length = strspn(text + 1, version_chars);

		if (length == 0)
			return false;
		text += length + 1;
	}
	if (*text == '+') {
		size_t length = strspn(text + 1, version_chars);

		if (length == 0)
			return false;
		text += length + 1;
	}
	return *text == '\0';
}

/* config.md, "Specification version": what has the same first number is compatible. */
static int check_version(struct build *b)
{
	const char *version = b->spec->oci_version;

	if (!is_version(version))
		return err_refuse("ociVersion: \"%s\" is not a version", version);
	if (strncmp(version, "1.", 2) != 0)
		return err_refuse("ociVersion: version %s is not supported, only 1.x is",
				  version);
	return 0;
}

int plan_check_uts_name(const char *path, const char *name)
{
	if (strlen(name) > UTS_NAME_MAX)
		return err_refuse("%s: longer than %d bytes", path, UTS_NAME_MAX);
	if (text_has_control(name))
		return err_refuse("%s: has a control character", path);
	return 0;
}

static int check_name(struct build *b, const char *member, const char *name)
{
	if (!name || !*name)
		return 0;
	if (!build_has_namespace(b, CLONE_NEWUTS))
		return err_refuse("%s: unable to set %s without a private UTS namespace",
				  member, member);
	return plan_check_uts_name(member, name);
}

/* The names are those of everybody in the namespace, and what is joined may be the host's. */
static void note_names(struct build *b, const char *member)
{
	for (size_t i = 0; i < b->plan->join_count; i++)
		if (b->plan->joins[i].flag == CLONE_NEWUTS)
			b->plan->joins[i].names = member;
}

static int plan_names(struct build *b)
{
	int code = build_note(b, check_name(b, "hostname", b->spec->hostname))
			   ?: build_note(b, check_name(b, "domainname", b->spec->domainname));

	if (code < 0)
		return code;
	if (b->spec->domainname && *b->spec->domainname) {
		b->init->domainname = build_text(b, b->spec->domainname);
		note_names(b, "domainname");
	}
	if (b->spec->hostname && *b->spec->hostname) {
		b->init->hostname = build_text(b, b->spec->hostname);
		note_names(b, "hostname");
	}
	return 0;
}

/* What is mounted for the container is in no mount namespace, so nothing gets in or out. */
static int check_propagation(struct build *b)
{
	enum oci_propagation wanted = b->linux->rootfs_propagation;

	if (wanted == OCI_PROPAGATION_ABSENT || wanted == OCI_PROPAGATION_PRIVATE ||
	    wanted == OCI_PROPAGATION_RPRIVATE)
		return 0;
	return err_refuse(
		"linux.rootfsPropagation: without a private MNT namespace it can only "
		"be private");
}

/*
 * config-linux.md, "Namespaces": the type that is not named is the runtime's.
 * Its mounts must not become the host's, though; see act_mounts_aside().
 */
static int check_mount_namespace(struct build *b)
{
	bool has_masks = b->linux->masked_paths.count > 0;

	if (build_has_namespace(b, CLONE_NEWNS))
		return 0;
	b->init->keeps_mount_namespace = 1;
	if (build_has_namespace(b, CLONE_NEWUSER))
		return err_refuse("linux.namespaces: with a user namespace there must be a "
				  "mount namespace, too: its root may not mount in ours");
	if (has_masks || b->linux->readonly_paths.count > 0)
		return err_refuse("linux.%s: unable to restrict sys entries without a private "
				  "MNT namespace",
				  has_masks ? "maskedPaths" : "readonlyPaths");
	return check_propagation(b);
}

int plan_console(struct build *b)
{
	bool wants_terminal = b->spec->process && b->spec->process->terminal.value;

	if (b->request->is_detached && wants_terminal && !b->request->has_console_socket)
		return err_refuse("process.terminal: cannot allocate tty if runc will detach "
				  "without setting console socket");
	if (b->request->has_console_socket && !(b->request->is_detached && wants_terminal))
		return err_refuse(
			"cannot use console socket if runc will not detach or allocate "
			"tty");
	return 0;
}

int plan_check(struct build *b)
{
	static int (*const checks[])(struct build *) = {
		check_version,
		plan_names,
		check_mount_namespace,
		plan_console,
	};

	return build_each(b, checks, ARRAY_SIZE(checks));
}
