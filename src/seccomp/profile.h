/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile - a seccomp profile and the BPF program that is made of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seccomp_argument {
	unsigned index; /* 0-5 */
	int comparison; /* enum scmp_compare */
	uint64_t value;
	uint64_t value_two;
};

struct seccomp_rule {
	const char *const *names; /* of system calls; unknown ones are skipped */
	size_t name_count;
	uint32_t action; /* SCMP_ACT_*, errno or trace value included */
	const struct seccomp_argument *arguments;
	size_t argument_count;
	const char *origin; /* "linux.seccomp.syscalls[3]" */
};

struct seccomp_profile {
	uint32_t default_action;
	const uint32_t *architectures; /* SCMP_ARCH_*; the native one is always in */
	size_t architecture_count;
	bool is_strict; /* names of system calls that libseccomp does not know are refused */
	uint32_t flags; /* SECCOMP_FILTER_FLAG_*: as tare-init passes them to seccomp(2) */
	const struct seccomp_rule *rules;
	size_t rule_count;
};

/* A classic BPF program as seccomp(2) takes it. */
struct seccomp_program {
	void *instructions; /* struct sock_filter; the caller frees it */
	size_t count;
};

/*
 * All conditions of a rule must hold; several on the same argument are
 * alternatives.  Refused: rules that contradict each other.
 */
int seccomp_compile(const struct seccomp_profile *profile, struct seccomp_program *ret_program);
