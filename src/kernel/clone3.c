/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone3 - the system call, with a child that runs on a stack of its own. */
#include "kernel/clone3.h"

#include <errno.h>

#if defined(__x86_64__)

long clone3_call(struct clone_args *args, size_t size, int (*child)(void *), void *argument)
{
	register int (*function)(void *) __asm__("r12") = child;
	register void *data __asm__("r13") = argument;
	long result = SYS_clone3;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "mov %%r13, %%rdi\n\t"
			 "call *%%r12\n\t"
			 "mov %%eax, %%edi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n\t"
			 "ud2\n"
			 "1:\n\t"
			 : "+a"(result)
			 : "D"(args), "S"(size), "r"(function), "r"(data), [exit] "i"(SYS_exit)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

long clone3_call(struct clone_args *args, size_t size, int (*child)(void *), void *argument)
{
	register long x0 __asm__("x0") = (long)args;
	register long x1 __asm__("x1") = (long)size;
	register long x8 __asm__("x8") = SYS_clone3;
	register int (*function)(void *) __asm__("x19") = child;
	register void *data __asm__("x20") = argument;

	__asm__ volatile("svc #0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, xzr\n\t"
			 "mov x0, x20\n\t"
			 "blr x19\n\t"
			 "mov x8, %[exit]\n\t"
			 "svc #0\n"
			 "1:\n\t"
			 : "+r"(x0)
			 : "r"(x1), "r"(x8), "r"(function), "r"(data), [exit] "i"(SYS_exit)
			 : "memory", "x30", "cc");
	return x0;
}

#else

long clone3_call(struct clone_args *args, size_t size, int (*child)(void *), void *argument)
{
	long pid;

	/*
	 * A copy of our memory needs no other stack.  What the child leaves for us in
	 * memory is lost; it does so only when it cannot execute, and its end tells.
	 */
	args->flags &= ~(uint64_t)CLONE_VM;
	args->stack = 0;
	args->stack_size = 0;
	pid = syscall(SYS_clone3, args, size);
	if (pid == 0)
		syscall(SYS_exit, child(argument));
	return pid < 0 ? -errno : pid;
}

#endif
