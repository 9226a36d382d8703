/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parent - the parent's rows of the create table. */
#pragma once

#include "launch/launch.h"

/* parent_state.c: what is remembered */
int parent_reserve_state(struct launch *launch);
void undo_reserve_state(struct launch *launch);
int parent_save_config(struct launch *launch);
int parent_notify_directory(struct launch *launch);
int parent_record_init(struct launch *launch);
int parent_pid_file(struct launch *launch);
void undo_pid_file(struct launch *launch);
int parent_write_record(struct launch *launch);
int parent_commit(struct launch *launch);

/* parent_start.c: up to the first process */
int parent_make_cgroup(struct launch *launch);
void undo_make_cgroup(struct launch *launch);
int parent_device_filter(struct launch *launch);
int parent_cgroup_limits(struct launch *launch);
int parent_open_namespaces(struct launch *launch);
int parent_open_trees(struct launch *launch); /* what the plan has of them, for init */
int parent_open_files(struct launch *launch);
/* Seal the plan's block, which from here on says all there is to say, and tare-init. */
int launch_seal_block(struct launch *launch);
/* The limits that tare-init sets itself, for it to be freed. */
struct clone_limit *launch_list_limits(const struct plan *plan, size_t *ret_count);
int parent_start_init(struct launch *launch);
void undo_start_init(struct launch *launch);
int parent_limits(struct launch *launch);

/* parent_surface.c: into a pid namespace that others are in, after all else */
int parent_early_filter(struct launch *launch);
int parent_record_surfaced(struct launch *launch);
/* Memory where the kernel writes the pid of whom tare-init clones: launch->born. */
int launch_open_page(struct launch *launch);
/*
 * If tare-init has cloned its successor, that is launch->child from here on.  The
 * one before has ended, or is about to.
 */
int launch_follow(struct launch *launch);

/* parent_maps.c: ids */
int parent_map_mounts(struct launch *launch);
int parent_write_idmap(struct launch *launch);

/* parent_network.c: devices of the host's network */
int parent_net_devices(struct launch *launch);
void undo_net_devices(struct launch *launch);
void parent_release_network(struct launch *launch);

/* parent_scope.c: with systemd */
int parent_make_scope(struct launch *launch);
void undo_make_scope(struct launch *launch);

/* parent_resctrl.c: caches and memory bandwidth */
int parent_make_resctrl(struct launch *launch);
void undo_make_resctrl(struct launch *launch);
int parent_join_resctrl(struct launch *launch);
int parent_enter_resctrl(struct launch *launch);

/* parent_serve.c: what init cannot do from the inside */
int parent_hooks_runtime(struct launch *launch);
int parent_hooks_container(struct launch *launch);
int parent_find_agent(struct launch *launch);
int parent_compile_seccomp(struct launch *launch);
int parent_send_console(struct launch *launch);
int parent_send_pidfd(struct launch *launch);

/* The state document as hooks get it. */
void parent_describe(const struct launch *launch, enum oci_status status, int pid,
		     struct oci_text *text);
