/* SPDX-License-Identifier: GPL-2.0-or-later */
/* init - what tare-init knows while it sets the container up. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "init/block.h"

struct init {
	const struct init_plan *plan;
	int proc;            /* the host's procfs: not the image's to change */
	int root;            /* the container's root directory */
	int outside;         /* the mount namespace that act_pivot() goes back to */
	int peer;            /* the `start` that we answer to */
	int masks;           /* the empty read-only directory that hides others */
	int null;            /* the host's null device, which hides files */
	bool is_outside_cwd; /* root may not enter the working directory; the user may */
	const char *const *args;
	const char **env;          /* with room for HOME */
	char executable[PATH_MAX]; /* what args[0] turned out to be */
	const void *filter;        /* struct sock_filter[] */
	size_t filter_size;        /* in bytes */
	bool is_filtered;          /* it is loaded: no system call but execve(2) */
	bool is_executing;         /* what fails now is execve(2), and says so itself */
};

/* Every act is a function of this type; acts.c has the table. */
typedef int init_act(struct init *init);

/* namespaces.c */
init_act act_join_namespaces;
init_act act_become_root;
init_act act_time_offsets, act_cgroup_namespace;
/* session.c */
init_act act_session;
init_act act_loopback;
init_act act_keyring;
/* rootfs.c */
init_act act_propagation;
init_act act_mounts_aside;
init_act act_rootfs;
init_act act_pivot;
init_act act_root_readonly;
/* mounts.c, devices.c, console.c, masks.c */
init_act act_mounts;
init_act act_devices;
init_act act_console;
init_act act_readonly_paths;
init_act act_masked_paths;
/* knobs.c */
init_act act_hostname;
init_act act_sysctl;
init_act act_scheduling;
init_act act_label;
/* identity.c, environment.c, executable.c */
init_act act_identity;
init_act act_environment;
init_act act_working_directory;
init_act act_executable;
/* surface.c */
init_act act_surface;
/* enter.c, spawn.c, and what of console.c and knobs.c only exec needs */
init_act act_enter;
init_act act_spawn;
init_act act_terminal;
init_act act_affinity;
/* livemounts.c: for a container that is there already */
init_act act_add_mounts, act_remove_mounts;
/* gate.c, hooks.c, exec.c */
init_act act_ready;
init_act act_go_on;
init_act act_wait_for_start;
init_act act_hooks_start;
init_act act_reach_agent;
init_act act_seccomp;
init_act act_exec;

/* Have the scheduler that the plan says; needs CAP_SYS_NICE as a rule. */
int init_schedule(const struct init *init);
/* Have the limit of processes, if it was left to us; the hard one is not below it yet. */
int init_limit_processes(const struct init *init);

/* The /dev mount was to be read-only, but only once its nodes and the console are there. */
int devices_make_readonly(const struct init *init);

/* Do what item INDEX of the plan's mounts says; what is optional may be missing. */
int init_mount(struct init *init, uint32_t index);

/* Close all but 0-2, PRESERVED ones from 3 on, and KEPT, which is close-on-exec. */
int close_all_but(unsigned preserved, int kept);
/* The same with two that are kept. */
int close_all_but_both(unsigned preserved, int kept, int kept_too);

/* ESRCH when the container that we have entered has ended; does not return when our parent has. */
int enter_check(const struct init *init);
/* The parent's page for the pid of whom we clone, who does not have it. */
int spawn_map_page(const struct init *init, pid_t **ret_page);
/* Load plan->filter, and give up what that took: ours from here on are the process's capabilities. */
int spawn_load_early(struct init *init);

/* Do what ACT says. */
int act_run(struct init *init, unsigned act);

/* `start` takes this as "your part is done"; what fails after it is told all the same. */
int init_say_started(const struct init *init);

/* In the process of a startContainer hook: close all but 0-2 and load the filter. */
int init_confine_hook(const struct init *init);

/* Tell `start` that a listener will come; the process ends when there is no agent for it. */
void listener_announce(const struct init *init);

/*
 * As seccomp(2) does, load PROGRAM; its listener is given to `start` for the agent, and for the
 * container's program init_say_started() is done.  Returns when the agent has it; the
 * process ends when it cannot have it, which `start` says.
 */
struct sock_fprog;
int listener_load(const struct init *init, const struct sock_fprog *program, bool is_program);

/* End the process, whatever the filter makes of exit_group(2). */
_Noreturn void init_end(int status);

/* Walk the steps of the plan; returns only when one fails. */
int run_steps(struct init *init);
/*
 * Tell whoever waits for us that STEP has failed, and the recorded error: the parent, or once it is
 * gone the `start` that opened the gate.
 */
void init_report(const struct init *init, uint32_t step);

/* Zeroed memory that is never given back; ends the process when there is none. */
void *init_memory(size_t size);

/* The texts of LIST as an array that ends with NULL, with SPARE free places before it. */
const char **init_texts(const struct init_plan *plan, struct block_list list, size_t spare);

/*
 * Open PATH below /proc to be written: only a real file of procfs, reached over
 * no symlink but "self", no mount and no magic link.
 */
int proc_open(const struct init *init, const char *path);
int proc_write(const struct init *init, const char *path, const char *text);
