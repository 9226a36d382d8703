/* SPDX-License-Identifier: GPL-2.0-or-later */
/* embed - tare-init, as bytes of tare. */
	.section .rodata
	.global tare_init_bytes
	.global tare_init_end
	.balign 16
tare_init_bytes:
	.incbin "tare-init"
tare_init_end:
	.section .note.GNU-stack, "", %progbits
