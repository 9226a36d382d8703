/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec - from a container's saved configuration and a request to a process in it; pure. */
#include "plan/exec.h"

#include <linux/sched.h>
#include <string.h>
#include <sys/capability.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "plan/build.h"
#include "plan/cpulist.h"

/* FIRST and then SECOND. */
static struct oci_strings join(struct build *b, const struct oci_strings *first,
			       const struct oci_strings *second)
{
	size_t count = first->count + second->count;
	const char **items = build_items(b, count, sizeof(*items));

	for (size_t i = 0; i < count; i++)
		items[i] = i < first->count ? first->items[i] : second->items[i - first->count];
	return (struct oci_strings){ .items = items, .count = count, .is_set = true };
}

static struct oci_u32s join_numbers(struct build *b, const struct oci_u32s *first,
				    const struct oci_u32s *second)
{
	size_t count = first->count + second->count;
	uint32_t *items = build_items(b, count, sizeof(*items));

	for (size_t i = 0; i < count; i++)
		items[i] = i < first->count ? first->items[i] : second->items[i - first->count];
	return (struct oci_u32s){ .items = items, .count = count, .is_set = true };
}

/* The container's own umask holds for all that is started in it. */
static void merge_user(struct build *b, const struct plan_exec_request *request,
		       struct oci_process *process)
{
	const struct oci_process *own = request->spec->process;
	struct oci_user *user = build_items(b, 1, sizeof(*user));

	if (process->user)
		*user = *process->user;
	user->umask = (struct oci_u32){ 0 };
	if (own && own->user)
		user->umask = own->user->umask;
	if (request->uid.is_set)
		user->uid = request->uid;
	if (request->gid.is_set)
		user->gid = request->gid;
	user->additional_gids = join_numbers(b, &user->additional_gids, &request->groups);
	process->user = user;
}

static int check_capabilities(const struct oci_strings *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->items[i];
		cap_value_t value;

		if (strncmp(name, "CAP_", 4) != 0 || cap_from_name(name, &value) < 0)
			return err_refuse("--cap: there is no capability \"%s\"", name);
	}
	return 0;
}

/*
 * As runc does it: what is given for one process is not inherited by others, so
 * neither inheritable nor, unless the container has inheritable ones, ambient.
 */
static void merge_capabilities(struct build *b, const struct oci_strings *added,
			       struct oci_process *process)
{
	struct oci_capabilities *sets;

	/* A process whose sets are left alone has them all already. */
	if (!process->capabilities || added->count == 0)
		return;
	sets = build_items(b, 1, sizeof(*sets));
	*sets = *process->capabilities;
	sets->bounding = join(b, &sets->bounding, added);
	sets->effective = join(b, &sets->effective, added);
	sets->permitted = join(b, &sets->permitted, added);
	if (sets->inheritable.count > 0)
		sets->ambient = join(b, &sets->ambient, added);
	process->capabilities = sets;
}

/* What process.json does not say. */
static void inherit(const struct oci_process *own, struct oci_process *process)
{
	if (!process->capabilities)
		process->capabilities = own->capabilities;
	if (!process->rlimits.is_set)
		process->rlimits = own->rlimits;
	if (!process->apparmor_profile || !*process->apparmor_profile)
		process->apparmor_profile = own->apparmor_profile;
	if (!process->selinux_label || !*process->selinux_label)
		process->selinux_label = own->selinux_label;
	if (!process->oom_score_adj.is_set)
		process->oom_score_adj = own->oom_score_adj;
	if (!process->scheduler)
		process->scheduler = own->scheduler;
	if (!process->io_priority)
		process->io_priority = own->io_priority;
	if (!process->exec_cpu_affinity)
		process->exec_cpu_affinity = own->exec_cpu_affinity;
}

/* Where the process comes from the container, its terminal and arguments do not. */
static void begin(const struct plan_exec_request *request, struct oci_process *process)
{
	const struct oci_process *own = request->spec->process;

	*process = (struct oci_process){ .cwd = "/" };
	if (request->process)
		*process = *request->process;
	else if (own)
		*process = *own;
	if (!request->process) {
		process->args = request->args;
		process->terminal = (struct oci_bool){ 0 };
	} else if (own) {
		inherit(own, process);
	}
}

static void merge(struct build *b, const struct plan_exec_request *request,
		  struct oci_process *process)
{
	begin(request, process);
	if (request->args.count > 0)
		process->args = request->args;
	if (request->cwd)
		process->cwd = request->cwd;
	if (request->selinux_label)
		process->selinux_label = request->selinux_label;
	if (request->apparmor_profile)
		process->apparmor_profile = request->apparmor_profile;
	if (request->has_no_new_privileges)
		process->no_new_privileges = (struct oci_bool)OCI_SET(true);
	if (request->wants_terminal)
		process->terminal = (struct oci_bool)OCI_SET(true);
	process->env = join(b, &process->env, &request->env);
	merge_user(b, request, process);
	merge_capabilities(b, &request->capabilities, process);
}

/* The lists are checked already. */
static void plan_affinity(struct build *b, const struct oci_exec_cpu_affinity *affinity)
{
	uint64_t *words = build_items(b, CPULIST_MAX / 64, sizeof(*words));
	size_t count;
	void *room;

	if (!affinity)
		return;
	/* An object that says nothing is none. */
	b->init->keeps_affinity = (affinity->initial && *affinity->initial) ||
				  (affinity->final && *affinity->final);
	if (affinity->final && *affinity->final) {
		count = cpulist_bits(affinity->final, words);
		b->init->affinity =
			block_put_list(&b->plan->block, count, sizeof(*words), &room);
		memcpy(room, words, count * sizeof(*words));
	}
	if (affinity->initial && *affinity->initial) {
		words = build_items(b, CPULIST_MAX / 64, sizeof(*words));
		b->plan->initial_affinity_count = cpulist_bits(affinity->initial, words);
		b->plan->initial_affinity = words;
	}
}

/* Of the container only what a later process has to do with. */
static void copy_container(const struct oci_spec *from, struct oci_spec *spec,
			   struct oci_linux *linux)
{
	spec->oci_version = from->oci_version;
	spec->annotations = from->annotations;
	spec->linux = linux;
	if (!from->linux)
		return;
	linux->namespaces = from->linux->namespaces;
	linux->uid_mappings = from->linux->uid_mappings;
	linux->gid_mappings = from->linux->gid_mappings;
	linux->seccomp = from->linux->seccomp;
	linux->personality = from->linux->personality;
	linux->memory_policy = from->linux->memory_policy;
}

void plan_reopen(struct build *b, const struct oci_spec *from, struct oci_spec *spec,
		 struct oci_linux *linux, struct plan *ret_plan)
{
	copy_container(from, spec, linux);
	ret_plan->init = (struct init_plan *)(void *)ret_plan->block.base;
	ret_plan->is_rootless = !b->host->is_privileged;
	ret_plan->cgroup.mount = *b->host->cgroup_mount ? b->host->cgroup_mount : NULL;
	b->plan = ret_plan;
	b->init = ret_plan->init;
	b->init->enters = 1;
}

/* A text of its own, and where it is. */
static uint64_t length_of(const char *text)
{
	return text ? strlen(text) + 2 * sizeof(uint64_t) : 0;
}

static uint64_t lengths_of(const struct oci_strings *texts)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < texts->count; i++)
		sum += length_of(texts->items[i]);
	return sum;
}

/* What documents have is in the block once, and so is what the command line adds. */
static size_t most_bytes(const struct plan_exec_request *request)
{
	uint64_t most = block_most(request->document_size) + lengths_of(&request->args) +
			lengths_of(&request->env) + request->groups.count * sizeof(uint64_t) +
			length_of(request->id) + length_of(request->cwd) +
			length_of(request->selinux_label) +
			length_of(request->apparmor_profile);

	return request->document_size && most <= BLOCK_RESERVE ? (size_t)most : 0;
}

static void open_plan(struct build *b, const struct plan_exec_request *request,
		      struct plan *ret_plan)
{
	ret_plan->id = request->id;
	ret_plan->resctrl.is_wanted = request->spec->linux && request->spec->linux->intel_rdt;
	b->init->preserve_fds = request->preserve_fds;
	if (request->has_keyring)
		b->init->session_name = build_text_printf(b, "_ses.%s", request->id);
}

int plan_exec(const struct plan_exec_request *request, const struct host *host,
	      struct plan *ret_plan)
{
	static int (*const parts[])(struct build *) = {
		plan_entry,      plan_console,  plan_process,
		plan_scheduling, plan_security, plan_seccomp,
	};
	struct plan_request ways = {
		.bundle = request->bundle,
		.seccomp_receiver = request->seccomp_receiver,
		.is_detached = request->is_detached,
		.has_console_socket = request->has_console_socket,
	};
	struct oci_process process;
	struct oci_linux linux = { 0 };
	struct oci_spec spec = { .process = &process };
	struct build b = { .request = &ways, .host = host, .spec = &spec, .linux = &linux };
	int code;

	memset(ret_plan, 0, sizeof(*ret_plan));
	block_open(&ret_plan->block, most_bytes(request));
	plan_reopen(&b, request->spec, &spec, &linux, ret_plan);
	open_plan(&b, request, ret_plan);
	code = check_capabilities(&request->capabilities);
	if (code < 0)
		return code;
	merge(&b, request, &process);
	code = build_each(&b, parts, ARRAY_SIZE(parts));
	if (code < 0)
		return code;
	plan_affinity(&b, process.exec_cpu_affinity);
	return 0;
}
