/* SPDX-License-Identifier: GPL-2.0-or-later */
/* deviceflat - a device filter with few branches, mostly none. */
#include "cgroup/deviceflat.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "cgroup/devicecode.h"

/*
 * The verifier copies all it knows at each branch, which takes as long as half a
 * dozen calculations.  So the rights to the device are calculated: those of any
 * device, and for each window of devices, which have others, what changes, times
 * one or zero: is the device in it?  A window is a type, a major, or up to 32
 * minors in a row, of which a bit says each whether it is one of them.
 */

/* Some ten instructions each.  Where there are more, branches lead to that many. */
#define LEAF_MAX 64

/* With 13 instructions each at most, and what the branches take: DEVICE_CODE_MAX. */
#define WINDOWS_MAX 2048

#define MINOR_BITS 5
#define TYPE_SHIFT 48

struct window {
	enum { OF_TYPE, OF_MAJOR, OF_MINORS } extent;
	uint64_t device;  /* type and major as in DEVICE */
	uint32_t block;   /* the minors without their low bits */
	uint32_t members; /* a bit for each minor of the block */
	uint32_t change;  /* what it flips in DENIED */
};

struct flat {
	struct window *windows; /* ordered by device */
	size_t count;
	size_t room;
	bool is_full;
};

/* What the registers hold. */
enum {
	DENIED = BPF_REG_0, /* the rights that are not had, where WANTED has them; the answer */
	CONTEXT = BPF_REG_1,
	OTHER = BPF_REG_1, /* zero if the device is in the window; then one if it is */
	PART = BPF_REG_2,
	WANTED = BPF_REG_3, /* access_type: the rights in its upper half, the type below */
	DEVICE = BPF_REG_4, /* the major; the type, where that matters, from TYPE_SHIFT on */
	MINOR = BPF_REG_5,  /* the low bits of the minor */
	BLOCK = BPF_REG_6,  /* the others */
};

/* clang-format off */
#define LOAD(to, member) \
	{ BPF_LDX | BPF_MEM | BPF_W, to, CONTEXT, offsetof(struct bpf_cgroup_dev_ctx, member), 0 }
#define LOAD_NUMBER(to, value) \
	{ BPF_LD | BPF_DW | BPF_IMM, to, 0, 0, (int32_t)(uint32_t)(value) }, \
	{ 0, 0, 0, 0, (int32_t)(uint32_t)((value) >> 32) }
#define ALU64(op, to, value)        { BPF_ALU64 | (op) | BPF_K, to, 0, 0, (int32_t)(value) }
#define ALU32(op, to, value)        { BPF_ALU | (op) | BPF_K, to, 0, 0, (int32_t)(value) }
#define ALU64_BOTH(op, to, from)    { BPF_ALU64 | (op) | BPF_X, to, from, 0, 0 }
/* clang-format on */

#define ADD(program, code) devicecode_add((program), (code), ARRAY_SIZE(code))

/*
 * WANTED and DENIED.  The type becomes one less before they are compared, so that
 * block (1) and character devices (2) have no bit of TYPE: another type is denied.
 * ANY_RIGHT is always asked for: where there is no right, who asks for none is
 * denied, too.
 */
#define RIGHTS 0xffff0000u
#define ANY_RIGHT 0x80000000u
#define TYPE 0xfffeu

/* Who has all rights has those that are yet to be invented, too. */
static uint32_t given(unsigned rights)
{
	const unsigned all = DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD;

	if (rights == 0)
		return 0;
	return rights == all ? RIGHTS : ANY_RIGHT | devicecode_rights(rights) << 16;
}

/* The window of the same place and change, among the last ones. */
static struct window *find(const struct flat *flat, const struct window *wanted)
{
	for (size_t i = flat->count; i > 0; i--) {
		struct window *window = &flat->windows[i - 1];

		if (window->device != wanted->device || window->block != wanted->block)
			break;
		if (window->extent == wanted->extent && window->change == wanted->change)
			return window;
	}
	return NULL;
}

static void put(struct flat *flat, const struct window *wanted)
{
	struct window *same = find(flat, wanted);

	if (same) {
		same->members |= wanted->members;
		return;
	}
	flat->is_full = flat->is_full || flat->count == WINDOWS_MAX;
	if (flat->is_full)
		return;
	if (flat->count == flat->room) {
		flat->room = flat->room ? flat->room * 2 : 16;
		flat->windows =
			xreallocarray(flat->windows, flat->room, sizeof(*flat->windows));
	}
	flat->windows[flat->count++] = *wanted;
}

static void put_column(struct flat *flat, uint64_t device, const struct device_column *column,
		       unsigned others)
{
	struct window window = {
		.extent = OF_MAJOR,
		.device = device | column->major,
		.change = given(others) ^ given(column->others),
	};

	if (window.change)
		put(flat, &window);
	window.extent = OF_MINORS;
	for (size_t i = 0; i < column->count && !flat->is_full; i++) {
		window.block = column->cells[i].minor >> MINOR_BITS;
		window.members = 1u << (column->cells[i].minor & ((1u << MINOR_BITS) - 1));
		window.change = given(column->others) ^ given(column->cells[i].rights);
		put(flat, &window);
	}
}

static void put_table(struct flat *flat, const struct device_table *table)
{
	uint64_t type = (uint64_t)table->type << TYPE_SHIFT;

	/* Minors of any major: those that have a column of their own would be counted twice. */
	if (table->others.count)
		flat->is_full = true;
	for (size_t i = 0; i < table->count && !flat->is_full; i++)
		put_column(flat, type, &table->columns[i], table->others.others);
}

static void add_head(struct device_program *program, bool has_types, unsigned rights)
{
	const struct bpf_insn head[] = {
		LOAD(WANTED, access_type),
		ALU32(BPF_MOV, DENIED, (~given(rights) & RIGHTS) | (has_types ? TYPE : 0)),
	};

	ADD(program, head);
}

static void add_device(struct device_program *program, bool has_types)
{
	const struct bpf_insn device[] = {
		LOAD(DEVICE, major),
		LOAD(MINOR, minor),
		ALU64_BOTH(BPF_MOV, BLOCK, MINOR),
		ALU64(BPF_RSH, BLOCK, MINOR_BITS),
		ALU64(BPF_AND, MINOR, (1 << MINOR_BITS) - 1),
	};
	const struct bpf_insn type[] = {
		ALU64_BOTH(BPF_MOV, PART, WANTED),
		ALU64(BPF_LSH, PART, TYPE_SHIFT),
		ALU64_BOTH(BPF_OR, DEVICE, PART),
	};

	ADD(program, device);
	if (has_types)
		ADD(program, type);
}

/* OTHER is zero for devices of the window's type, major or block, and for no other. */
static void add_comparison(struct device_program *program, const struct window *window)
{
	const struct bpf_insn type[] = {
		ALU64_BOTH(BPF_MOV, OTHER, DEVICE),
		ALU64(BPF_RSH, OTHER, TYPE_SHIFT),
		ALU64(BPF_XOR, OTHER, window->device >> TYPE_SHIFT),
	};
	const struct bpf_insn major[] = {
		LOAD_NUMBER(OTHER, window->device),
		ALU64_BOTH(BPF_XOR, OTHER, DEVICE),
	};
	const struct bpf_insn first_block[] = { ALU64_BOTH(BPF_OR, OTHER, BLOCK) };
	const struct bpf_insn block[] = {
		ALU64_BOTH(BPF_MOV, PART, BLOCK),
		ALU64(BPF_XOR, PART, window->block),
		ALU64_BOTH(BPF_OR, OTHER, PART),
	};

	if (window->extent == OF_TYPE)
		ADD(program, type);
	else
		ADD(program, major);
	if (window->extent == OF_MINORS && window->block)
		ADD(program, block);
	else if (window->extent == OF_MINORS)
		ADD(program, first_block);
}

static void add_window(struct device_program *program, const struct window *window)
{
	const struct bpf_insn is_in[] = { ALU64(BPF_SUB, OTHER, 1), ALU64(BPF_RSH, OTHER, 63) };
	const struct bpf_insn is_member[] = {
		ALU32(BPF_MOV, PART, window->members),
		ALU64_BOTH(BPF_RSH, PART, MINOR),
		ALU64_BOTH(BPF_AND, OTHER, PART),
	};
	const struct bpf_insn change[] = {
		ALU32(BPF_MUL, OTHER, window->change),
		ALU64_BOTH(BPF_XOR, DENIED, OTHER),
	};

	add_comparison(program, window);
	ADD(program, is_in);
	if (window->extent == OF_MINORS)
		ADD(program, is_member);
	ADD(program, change);
}

/* Add a jump that devices from DEVICE on take.  Returns where it is. */
static size_t add_branch(struct device_program *program, uint64_t device)
{
	const struct bpf_insn branch[] = {
		LOAD_NUMBER(PART, device),
		{ BPF_JMP | BPF_JGE | BPF_X, DEVICE, PART, 0, 0 },
	};

	ADD(program, branch);
	return program->count - 1;
}

/* Yes (1), if nothing that is wanted is denied; else no. */
static void add_answer(struct device_program *program, bool has_types)
{
	const struct bpf_insn answer[] = {
		ALU32(BPF_ADD, WANTED, has_types ? ANY_RIGHT - 1 : ANY_RIGHT),
		ALU64_BOTH(BPF_AND, DENIED, WANTED),
		ALU64(BPF_SUB, DENIED, 1),
		ALU64(BPF_RSH, DENIED, 63),
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};

	ADD(program, answer);
}

/* Where the windows of another device begin, as near to the middle as can be; 0: nowhere. */
static size_t find_middle(const struct window *windows, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		size_t below = count / 2 - i;
		size_t above = count / 2 + i;

		if (windows[below].device != windows[below - 1].device)
			return below;
		if (windows[above].device != windows[above - 1].device)
			return above;
	}
	return 0;
}

/* Returns false when there is a device with more windows than a leaf may have. */
static bool add_windows(struct device_program *program, const struct window *windows,
			size_t count, bool has_types)
{
	size_t middle;
	size_t jump;

	if (count <= LEAF_MAX) {
		for (size_t i = 0; i < count; i++)
			add_window(program, &windows[i]);
		add_answer(program, has_types);
		return true;
	}
	middle = find_middle(windows, count);
	if (middle == 0)
		return false;
	jump = add_branch(program, windows[middle].device);
	if (!add_windows(program, windows, middle, has_types))
		return false;
	devicecode_land(program, jump);
	return add_windows(program, windows + middle, count - middle, has_types);
}

/* The types differ in the rights to devices that no rule names. */
static void add_type_window(struct device_program *program, const struct device_table *table,
			    unsigned others)
{
	const struct window window = {
		.extent = OF_TYPE,
		.device = (uint64_t)table->type << TYPE_SHIFT,
		.change = given(others) ^ given(table->others.others),
	};

	if (window.change)
		add_window(program, &window);
}

static bool write_windows(struct device_program *program, const struct device_table *tables,
			  size_t count, const struct flat *flat)
{
	unsigned others = tables[0].others.others;
	bool has_types = tables[0].type != 0;

	add_head(program, has_types, others);
	if (has_types || flat->count)
		add_device(program, has_types);
	for (size_t i = 1; i < count; i++)
		add_type_window(program, &tables[i], others);
	return add_windows(program, flat->windows, flat->count, has_types);
}

bool deviceflat_write(struct device_program *program, const struct device_table *tables,
		      size_t count)
{
	struct flat flat = { 0 };
	bool is_written = false;

	for (size_t i = 0; i < count; i++)
		put_table(&flat, &tables[i]);
	if (!flat.is_full)
		is_written = write_windows(program, tables, count, &flat);
	if (!is_written)
		program->count = 0;
	free(flat.windows);
	return is_written;
}
