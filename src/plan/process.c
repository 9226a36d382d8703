/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process - what is executed, as whom and within which limits (config.md, "Process"). */
#include <linux/sched.h>
#include <string.h>
#include <sys/resource.h>

#include "base/err.h"
#include "base/words.h"
#include "plan/annotations.h"
#include "plan/build.h"
#include "plan/cpulist.h"
#include "plan/idmaps.h"
#include "plan/nameset.h"

#define UMASK_DEFAULT 0022
#define OOM_SCORE_MIN (-1000)
#define OOM_SCORE_MAX 1000

/* clang-format off */
static const struct word rlimit_names[] = {
	{ "RLIMIT_AS",         RLIMIT_AS },
	{ "RLIMIT_CORE",       RLIMIT_CORE },
	{ "RLIMIT_CPU",        RLIMIT_CPU },
	{ "RLIMIT_DATA",       RLIMIT_DATA },
	{ "RLIMIT_FSIZE",      RLIMIT_FSIZE },
	{ "RLIMIT_LOCKS",      RLIMIT_LOCKS },
	{ "RLIMIT_MEMLOCK",    RLIMIT_MEMLOCK },
	{ "RLIMIT_MSGQUEUE",   RLIMIT_MSGQUEUE },
	{ "RLIMIT_NICE",       RLIMIT_NICE },
	{ "RLIMIT_NOFILE",     RLIMIT_NOFILE },
	{ "RLIMIT_NPROC",      RLIMIT_NPROC },
	{ "RLIMIT_RSS",        RLIMIT_RSS },
	{ "RLIMIT_RTPRIO",     RLIMIT_RTPRIO },
	{ "RLIMIT_RTTIME",     RLIMIT_RTTIME },
	{ "RLIMIT_SIGPENDING", RLIMIT_SIGPENDING },
	{ "RLIMIT_STACK",      RLIMIT_STACK },
	{ 0 },
};
/* clang-format on */

static int check_args(const struct oci_process *process)
{
	if (process->args.count == 0)
		return err_refuse("process.args: args must not be empty");
	if (!*process->args.items[0])
		return err_refuse("process.args[0]: must not be empty");
	return 0;
}

static int check_cwd(const struct oci_process *process)
{
	if (process->cwd[0] != '/')
		return err_refuse("process.cwd: \"%s\" is not absolute", process->cwd);
	return 0;
}

static int plan_args(struct build *b, const struct oci_process *process)
{
	int code = build_note(b, check_args(process)) ?: build_note(b, check_cwd(process));

	if (code < 0)
		return code;
	b->init->args = build_text_list(b, process->args.items, process->args.count);
	b->init->cwd = build_text(b, process->cwd);
	return 0;
}

static int check_variable(size_t index, const char *text)
{
	if (text[0] == '=')
		return err_refuse("process.env[%zu]: invalid environment variable: name cannot "
				  "be empty",
				  index);
	if (!strchr(text, '='))
		return err_refuse("process.env[%zu]: invalid environment variable: missing '='",
				  index);
	return 0;
}

static int check_env(struct build *b, const struct oci_strings *env)
{
	for (size_t i = 0; i < env->count; i++) {
		int code = build_note(b, check_variable(i, env->items[i]));

		if (code < 0)
			return code;
	}
	return 0;
}

/* Of a name that is there twice the last one stays, where it is. */
static size_t drop_duplicates(struct build *b, const char **entries, size_t count)
{
	struct nameset seen;
	size_t first = count;

	nameset_init(&seen, b, count);
	for (size_t i = count; i-- > 0;)
		if (nameset_add(&seen, entries[i], strcspn(entries[i], "=")))
			entries[--first] = entries[i];
	return first;
}

static int plan_env(struct build *b, const struct oci_process *process)
{
	size_t count = process->env.count;
	const char **entries = build_items(b, count + 3, sizeof(*entries));
	int code = check_env(b, &process->env);
	size_t first;

	if (code < 0)
		return code;
	if (count)
		memcpy(entries, process->env.items, count * sizeof(*entries));
	/* sd_listen_fds(3): the sockets are for the container's first process. */
	if (b->request->listen_fds) {
		entries[count++] = build_printf(b, "LISTEN_FDS=%u", b->request->listen_fds);
		entries[count++] = "LISTEN_PID=1";
	}
	if (b->request->notify_directory)
		entries[count++] = "NOTIFY_SOCKET=" NOTIFY_PLACE "/notify.sock";
	first = drop_duplicates(b, entries, count);
	b->init->env = build_text_list(b, entries + first, count - first);
	return 0;
}

static int check_id(const char *member, const char *kind, uint32_t id,
		    const struct plan_idmap *maps, size_t count)
{
	if (id == NO_ID)
		return err_refuse("process.user.%s: 4294967295 is no %s ID", member, kind);
	if (count && idmaps_find(maps, count, id) == NO_ID)
		return err_refuse("process.user.%s: cannot set %s to unmapped %s in user "
				  "namespace",
				  member, *kind == 'u' ? "uid" : "gid", kind);
	return 0;
}

/* Whether ids are mapped is for us to see where the user namespace is ours to make. */
static bool has_own_maps(const struct build *b)
{
	return b->has_good_maps;
}

static int check_setgroups(struct build *b, const struct oci_user *user)
{
	if (user->additional_gids.count && b->plan->denies_setgroups)
		return err_lack("process.user.additionalGids: cannot set any additional groups "
				"in a rootless container");
	return 0;
}

static int plan_groups(struct build *b, const struct oci_user *user)
{
	size_t map_count = has_own_maps(b) ? b->plan->gid_map_count : 0;

	int denied = build_note(b, check_setgroups(b, user));

	if (denied < 0)
		return denied;
	for (size_t i = 0; i < user->additional_gids.count; i++) {
		uint32_t gid = user->additional_gids.items[i];
		const char *member = build_printf(b, "additionalGids[%zu]", i);
		int code = build_note(
			b, check_id(member, "group", gid, b->plan->gid_maps, map_count));

		if (code < 0)
			return code;
	}
	b->init->groups =
		build_u32_list(b, user->additional_gids.items, user->additional_gids.count);
	return 0;
}

static int check_uid(struct build *b, uint32_t uid)
{
	return check_id("uid", "user", uid, b->plan->uid_maps,
			has_own_maps(b) ? b->plan->uid_map_count : 0);
}

static int check_gid(struct build *b, uint32_t gid)
{
	return check_id("gid", "group", gid, b->plan->gid_maps,
			has_own_maps(b) ? b->plan->gid_map_count : 0);
}

static int check_umask(uint32_t umask)
{
	if (umask > 0777)
		return err_refuse("process.user.umask: %u is more than 511 (0777)", umask);
	return 0;
}

static int plan_user(struct build *b, const struct oci_user *user)
{
	int code = build_note(b, check_uid(b, user->uid.value)) ?:
		   build_note(b, check_gid(b, user->gid.value)) ?:
		   build_note(b, check_umask(user->umask.value));

	if (code < 0)
		return code;
	b->init->uid = user->uid.value;
	b->init->gid = user->gid.value;
	b->init->umask = user->umask.is_set ? user->umask.value : UMASK_DEFAULT;
	return plan_groups(b, user);
}

/* As other runtimes do: the caller's supplementary groups, which have no names in here. */
static void plan_kept_groups(struct build *b)
{
	const char *value = annotation_find(&b->spec->annotations, ANNOTATION_KEEP_GROUPS);

	b->init->keeps_groups = value && strcmp(value, "1") == 0;
}

static int check_rlimit(size_t index, const struct oci_rlimit *spec, uint32_t *seen,
			int *ret_resource)
{
	const struct word *name = word_find(rlimit_names, spec->type);

	if (!name)
		return err_refuse("process.rlimits[%zu].type: invalid rlimit type: %s", index,
				  spec->type);
	if (*seen >> name->value & 1)
		return err_refuse("process.rlimits[%zu].type: %s is there twice", index,
				  spec->type);
	if (spec->hard.is_set && spec->soft.value > spec->hard.value)
		return err_refuse("process.rlimits[%zu].soft: %llu is more than the hard limit",
				  index, (unsigned long long)spec->soft.value);
	*seen |= 1u << name->value;
	*ret_resource = (int)name->value;
	return 0;
}

/* Who is cloned last takes it on by itself, or the one before would count too. */
static void leave_limit(struct build *b, const struct plan_rlimit *limit)
{
	if (limit->resource == RLIMIT_NPROC && (b->init->enters || b->init->surfaces))
		b->init->processes = (struct block_limit){ 1, limit->soft, limit->hard };
}

static int plan_rlimits(struct build *b, const struct oci_process *process)
{
	const struct oci_rlimits *list = &process->rlimits;
	uint32_t seen = 0;

	b->plan->rlimits = build_items(b, list->count, sizeof(struct plan_rlimit));
	for (size_t i = 0; i < list->count; i++) {
		struct plan_rlimit *limit = &b->plan->rlimits[i];
		int code = build_note(
			b, check_rlimit(i, &list->items[i], &seen, &limit->resource));

		if (code < 0)
			return code;
		limit->soft = list->items[i].soft.value;
		limit->hard = list->items[i].hard.value;
		limit->origin = build_printf(b, "process.rlimits[%zu]", i);
		leave_limit(b, limit);
	}
	b->plan->rlimit_count = list->count;
	return 0;
}

static int check_side(const char *member, uint64_t size)
{
	if (size > UINT16_MAX)
		return err_refuse("process.consoleSize.%s: more than 65535", member);
	return 0;
}

static int plan_terminal(struct build *b, const struct oci_process *process)
{
	const struct oci_console_size *size = process->console_size;
	int code;

	b->init->wants_terminal = process->terminal.value;
	if (!process->terminal.value || !size)
		return 0;
	code = build_note(b, check_side("height", size->height.value))
		       ?: build_note(b, check_side("width", size->width.value));
	if (code < 0)
		return code;
	b->init->console_height = (uint16_t)size->height.value;
	b->init->console_width = (uint16_t)size->width.value;
	return 0;
}

static int plan_oom_score(struct build *b, const struct oci_process *process)
{
	int score = process->oom_score_adj.value;

	if (score < OOM_SCORE_MIN || score > OOM_SCORE_MAX)
		return err_refuse("process.oomScoreAdj: %d is not from -1000 to 1000", score);
	b->plan->has_oom_score = process->oom_score_adj.is_set;
	b->plan->oom_score = score;
	return 0;
}

static int check_cpus(const char *member, const char *list)
{
	if (list && *list && !cpulist_is_valid(list))
		return err_refuse("process.execCPUAffinity.%s: \"%s\" is not a CPU list",
				  member, list);
	return 0;
}

/* Only exec acts on it; but what is wrong is wrong now. */
static int check_affinity(struct build *b, const struct oci_process *process)
{
	const struct oci_exec_cpu_affinity *affinity = process->exec_cpu_affinity;

	if (!affinity)
		return 0;
	return build_note(b, check_cpus("initial", affinity->initial))
		       ?: build_note(b, check_cpus("final", affinity->final));
}

int plan_process(struct build *b)
{
	static const struct oci_user root;
	const struct oci_process *process = b->spec->process;

	if (!process)
		return 0;
	b->init->has_process = 1;
	b->init->has_no_new_privileges = process->no_new_privileges.value;
	plan_kept_groups(b);
	return plan_args(b, process) ?: plan_env(b, process) ?:
	       plan_user(b, process->user ? process->user : &root) ?:
	       plan_rlimits(b, process) ?: plan_terminal(b, process) ?:
	       build_note(b, plan_oom_score(b, process)) ?: check_affinity(b, process);
}
