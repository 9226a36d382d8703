/* SPDX-License-Identifier: GPL-2.0-or-later */
/* seccomp - from linux.seccomp to what libseccomp takes (config-linux.md, "Seccomp"). */
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "plan/annotations.h"
#include "plan/build.h"
#include "plan/seccompwords.h"

#define ARGUMENTS_MAX 6    /* of a system call */
#define RETURN_MAX 0xffffu /* SECCOMP_RET_DATA */

/* "When the action doesn't support an errno, the runtime MUST print an error and fail." */
static int read_action(enum oci_seccomp_action word, const struct oci_u32 *value,
		       const char *path, uint32_t *ret_action)
{
	uint32_t data = value->is_set ? value->value : EPERM;

	*ret_action = seccomp_actions[word];
	if (word != OCI_SECCOMP_ACT_ERRNO && word != OCI_SECCOMP_ACT_TRACE) {
		if (!value->is_set || !word) /* a word that could not be read */
			return 0;
		return err_refuse("%s: %s takes no errno", path,
				  oci_seccomp_action_words[word]);
	}
	if (data > RETURN_MAX)
		return err_refuse("%s: %u is out of range", path, data);
	*ret_action |= data;
	return 0;
}

static int plan_default(struct build *b, const struct oci_seccomp *spec)
{
	return read_action(spec->default_action, &spec->default_errno_ret,
			   "linux.seccomp.defaultErrnoRet", &b->plan->seccomp.default_action);
}

static void plan_architectures(struct build *b, const struct oci_seccomp_archs *list)
{
	uint32_t *tokens = build_items(b, list->count, sizeof(*tokens));
	uint32_t seen = 0;
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		enum oci_seccomp_arch arch = list->items[i];

		if (seen >> arch & 1)
			continue;
		seen |= 1u << arch;
		tokens[count++] = seccomp_architectures[arch];
	}
	b->plan->seccomp.architectures = tokens;
	b->plan->seccomp.architecture_count = count;
}

static void plan_flags(struct build *b, const struct oci_seccomp_flags *list)
{
	uint32_t flags = list->is_set ? 0 : SECCOMP_FILTER_FLAG_SPEC_ALLOW;

	for (size_t i = 0; i < list->count; i++)
		flags |= seccomp_flags[list->items[i]];
	/* How notifications are waited for says nothing where there are none. */
	if (b->plan->seccomp_agent)
		flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	else
		flags &= ~(uint32_t)SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	b->plan->seccomp.flags = flags;
	b->init->seccomp_flags = flags;
}

static int check_names(const struct oci_seccomp_syscall *spec, size_t index)
{
	if (spec->names.count == 0)
		return err_refuse("linux.seccomp.syscalls[%zu].names: must not be empty",
				  index);
	return 0;
}

static int check_arguments(const struct oci_seccomp_syscall *spec, size_t index)
{
	for (size_t i = 0; i < spec->args.count; i++)
		if (spec->args.items[i].index.value >= ARGUMENTS_MAX)
			return err_refuse("linux.seccomp.syscalls[%zu].args[%zu].index: %u is "
					  "more than 5",
					  index, i, spec->args.items[i].index.value);
	return 0;
}

static int check_rule(struct build *b, const struct oci_seccomp_syscall *spec, size_t index)
{
	return build_note(b, check_names(spec, index))
		       ?: build_note(b, check_arguments(spec, index));
}

static const struct seccomp_argument *copy_arguments(struct build *b,
						     const struct oci_seccomp_args *list)
{
	struct seccomp_argument *arguments = build_items(b, list->count, sizeof(*arguments));

	for (size_t i = 0; i < list->count; i++) {
		arguments[i].index = list->items[i].index.value;
		arguments[i].comparison = seccomp_comparisons[list->items[i].op];
		arguments[i].value = list->items[i].value.value;
		arguments[i].value_two = list->items[i].value_two.value;
	}
	return arguments;
}

static bool repeats_argument(const struct oci_seccomp_args *list)
{
	unsigned seen = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (seen >> list->items[i].index.value & 1)
			return true;
		seen |= 1u << list->items[i].index.value;
	}
	return false;
}

/*
 * libseccomp takes one condition for each argument and wants all of them to
 * hold; more of them are alternatives, so each becomes a rule of its own.
 */
static void add_rules(struct build *b, const struct oci_seccomp_syscall *spec,
		      const struct seccomp_rule *rule, struct seccomp_rule *rules,
		      size_t *count)
{
	const struct seccomp_argument *arguments = copy_arguments(b, &spec->args);

	if (!repeats_argument(&spec->args)) {
		rules[*count] = *rule;
		rules[*count].arguments = arguments;
		rules[(*count)++].argument_count = spec->args.count;
		return;
	}
	for (size_t i = 0; i < spec->args.count; i++) {
		rules[*count] = *rule;
		rules[*count].arguments = &arguments[i];
		rules[(*count)++].argument_count = 1;
	}
}

static size_t count_rules(const struct oci_seccomp_syscalls *list)
{
	size_t count = list->count;

	for (size_t i = 0; i < list->count; i++)
		count += list->items[i].args.count;
	return count;
}

static int plan_rules(struct build *b, const struct oci_seccomp_syscalls *list)
{
	struct seccomp_rule *rules = build_items(b, count_rules(list), sizeof(*rules));
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct oci_seccomp_syscall *spec = &list->items[i];
		const char *origin = build_printf(b, "linux.seccomp.syscalls[%zu]", i);
		struct seccomp_rule rule = {
			.names = spec->names.items,
			.name_count = spec->names.count,
			.origin = origin,
		};
		size_t failures = b->failures;
		int code = check_rule(b, spec, i);

		if (code == 0)
			code = build_note(b, read_action(spec->action, &spec->errno_ret,
							 build_printf(b, "%s.errnoRet", origin),
							 &rule.action));
		if (code < 0)
			return code;
		/* libseccomp refuses a rule that does what happens anyway. */
		if (b->failures == failures && rule.action != b->plan->seccomp.default_action)
			add_rules(b, spec, &rule, rules, &count);
	}
	b->plan->seccomp.rules = rules;
	b->plan->seccomp.rule_count = count;
	return 0;
}

static bool notifies(const struct seccomp_profile *profile)
{
	if (profile->default_action == SCMP_ACT_NOTIFY)
		return true;
	for (size_t i = 0; i < profile->rule_count; i++)
		if (profile->rules[i].action == SCMP_ACT_NOTIFY)
			return true;
	return false;
}

/* "If the SCMP_ACT_NOTIFY action is not used this value is ignored", says it of the path. */
static int plan_agent(struct build *b, const struct oci_seccomp *spec)
{
	const char *path = spec->listener_path;
	_cleanup_free_ char *clean = NULL;

	if (spec->listener_metadata && !path)
		return err_refuse("linux.seccomp.listenerMetadata: must not be set without "
				  "listenerPath");
	if (!notifies(&b->plan->seccomp))
		return 0;
	if (!path || !*path)
		path = annotation_find(&b->spec->annotations, ANNOTATION_SECCOMP_RECEIVER);
	if (!path || !*path)
		path = b->request->seccomp_receiver;
	if (!path || !*path)
		return err_refuse("linux.seccomp.listenerPath: required for SCMP_ACT_NOTIFY");
	clean = path_clean(b->request->bundle, path);
	b->plan->seccomp_agent = build_copy(b, clean, strlen(clean));
	b->plan->seccomp_metadata = spec->listener_metadata;
	return 0;
}

static bool is_strict(const struct build *b)
{
	const char *value = annotation_find(&b->spec->annotations, ANNOTATION_SECCOMP_STRICT);

	return value && strcmp(value, "0") != 0;
}

int plan_seccomp(struct build *b)
{
	const struct oci_seccomp *spec = b->linux->seccomp;
	int code;

	if (!spec)
		return 0;
	code = build_note(b, plan_default(b, spec)) ?:
	       plan_rules(b, &spec->syscalls) ?:
	       build_note(b, plan_agent(b, spec));
	if (code < 0)
		return code;
	b->plan->seccomp.is_strict = is_strict(b);
	plan_architectures(b, &spec->architectures);
	plan_flags(b, &spec->flags);
	b->plan->has_seccomp = true;
	b->init->has_seccomp = 1;
	return 0;
}
