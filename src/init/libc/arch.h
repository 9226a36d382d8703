/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arch - how a program begins and calls the kernel on each architecture. */
#pragma once

/* The kernel's answer: a negative errno when it failed. */
long arch_syscall(long number, long a, long b, long c, long d, long e, long f);

/*
 * ARCH_START is the first code that runs: it hands the stack, on which the
 * kernel left argc, argv and envp, to libc_main().  ARCH_SYSCALL is
 * arch_syscall(): it moves the arguments of a function to where the kernel
 * looks for those of a system call.
 */
/* clang-format off */
#if defined(__x86_64__)
#define ARCH_START \
	"xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call libc_main\n"
#define ARCH_SYSCALL \
	"mov %rdi, %rax\n mov %rsi, %rdi\n mov %rdx, %rsi\n mov %rcx, %rdx\n" \
	"mov %r8, %r10\n mov %r9, %r8\n mov 8(%rsp), %r9\n syscall\n ret\n"
#elif defined(__aarch64__)
#define ARCH_START \
	"mov x29, #0\n mov x30, #0\n mov x0, sp\n and sp, x0, #-16\n b libc_main\n"
#define ARCH_SYSCALL \
	"mov x8, x0\n mov x0, x1\n mov x1, x2\n mov x2, x3\n mov x3, x4\n" \
	"mov x4, x5\n mov x5, x6\n svc 0\n ret\n"
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH_START \
	".option push\n .option norelax\n lla gp, __global_pointer$\n .option pop\n" \
	"mv a0, sp\n andi sp, sp, -16\n tail libc_main\n"
#define ARCH_SYSCALL \
	"mv a7, a0\n mv a0, a1\n mv a1, a2\n mv a2, a3\n mv a3, a4\n" \
	"mv a4, a5\n mv a5, a6\n ecall\n ret\n"
#else
#error "tare-init has no small libc for this architecture: install musl-tools"
#endif
/* clang-format on */
