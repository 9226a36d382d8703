/* SPDX-License-Identifier: GPL-2.0-or-later */
/* meaning - what a profile's rules mean by seccomp_rule_add(3) and precedence.h, word by word. */
#pragma once

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>

#include "seccomp/calls.h"
#include "seccomp/profile.h"

#define X86_SOCKETCALL 102
#define X86_IPC 117

/* Of a profile on one architecture. */
struct meaning {
	uint32_t architecture;
	uint32_t default_action;
	struct calls calls;
	int *direct; /* of each call: its own number; negative: none */
	bool *valid; /* of each: it is neither the default nor overruled by one without conditions */
};

/* PROFILE must outlive it.  A failure is calls_resolve()'s. */
int meaning_make(const struct seccomp_profile *profile, uint32_t architecture,
		 struct meaning *ret_meaning);
void meaning_release(struct meaning *meaning);

/* The SECCOMP_RET_* that DATA gets. */
uint32_t meaning_answer(const struct meaning *meaning, const struct seccomp_data *data);

/* Do two rules contradict each other? */
bool meaning_is_contradictory(const struct meaning *meaning);

/* Is CALL what NUMBER stands for: itself, or one of several that it calls? */
bool meaning_is_about(const struct meaning *meaning, const struct call *call, int number);

/* Does the rule of CALL, which is neither the default nor overruled as a whole, fit DATA? */
bool meaning_fits(const struct meaning *meaning, const struct call *call,
		  const struct seccomp_data *data);

/* Have arguments 32 bits? */
bool meaning_is_narrow(const struct meaning *meaning);

/* Which one of socketcall(2) or ipc(2), in whose high half there may be a version. */
uint32_t meaning_called(const struct seccomp_data *data);
