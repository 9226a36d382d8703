/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone3_x86_64 - the child of clone3(2) on a stack of its own. */
#include "kernel/clone3.h"

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
