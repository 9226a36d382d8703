/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone3_aarch64 - the child of clone3(2) on a stack of its own. */
#include "kernel/clone3.h"

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
