/* SPDX-License-Identifier: GPL-2.0-or-later */
/* create_wants - which rows of the tables a plan needs; pure, so both sides agree. */
#pragma once

#include <stdbool.h>

#include "plan/plan.h"

bool wants_open_namespaces(const struct plan *plan);
bool wants_mount_maps(const struct plan *plan);
bool wants_device_filter(const struct plan *plan);
bool wants_cgroup_limits(const struct plan *plan);
bool wants_scope(const struct plan *plan);
bool wants_scope_devices(const struct plan *plan);
bool wants_scope_limits(const struct plan *plan);
bool wants_cgroup_namespace(const struct plan *plan);
bool wants_stack_limit(const struct plan *plan);
bool wants_own_limits(const struct plan *plan);
bool wants_limits(const struct plan *plan);
bool wants_idmap(const struct plan *plan);
bool wants_resctrl(const struct plan *plan);
bool wants_net_devices(const struct plan *plan);
bool wants_keyring(const struct plan *plan);
bool wants_joins(const struct plan *plan);
bool wants_become_root(const struct plan *plan);
bool wants_time_offsets(const struct plan *plan);
bool wants_hostname(const struct plan *plan);
bool wants_loopback(const struct plan *plan);
bool wants_sysctl(const struct plan *plan);
bool wants_propagation(const struct plan *plan);
bool wants_mounts_aside(const struct plan *plan);
bool wants_mounts(const struct plan *plan);
bool wants_addition(const struct plan *plan);
bool wants_removal(const struct plan *plan);
bool wants_devices(const struct plan *plan);
bool wants_terminal(const struct plan *plan);
bool wants_create_hooks(const struct plan *plan);
bool wants_hooks_runtime(const struct plan *plan);
bool wants_hooks_container(const struct plan *plan);
bool wants_readonly_paths(const struct plan *plan);
bool wants_masked_paths(const struct plan *plan);
bool wants_root_readonly(const struct plan *plan);
bool wants_scheduling(const struct plan *plan);
bool wants_process(const struct plan *plan);
bool wants_seccomp(const struct plan *plan);
bool wants_surface(const struct plan *plan);
bool wants_early_filter(const struct plan *plan);
bool wants_word(const struct plan *plan);
bool wants_no_word(const struct plan *plan);
bool wants_agent(const struct plan *plan);
bool wants_notify(const struct plan *plan);
bool wants_label(const struct plan *plan);
bool wants_affinity(const struct plan *plan);
bool wants_hooks_start(const struct plan *plan);
