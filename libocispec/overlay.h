/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay - what one document says, changed by what another one says. */
#pragma once

#include "libocispec/arena.h"
#include "libocispec/schema.h"

/*
 * Let OBJECT say what OVER, of the same TYPE, says wherever OVER says something.
 * Objects are gone into; members of a map are replaced by their names, items of a list by their
 * keys (oci_field.is_key), and what OBJECT has not is added; a list without keys is replaced as a
 * whole. OBJECT's own parts are copied to ARENA before they change; strings are borrowed from
 * both.
 */
void oci_overlay(const struct oci_type *type, const void *over, struct arena *arena,
		 void *object);
