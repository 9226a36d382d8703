/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mountlabel - SELinux labels of mounts that take no context= ("linux.mountLabel"). */
#pragma once

#include "init/init.h"

/*
 * Label the root of TREE, a descriptor of MOUNT's (O_PATH will do), if MOUNT has
 * a label apart from its options.  Fails where the file system takes none.
 */
int mountlabel_set(const struct init *init, const struct block_mount *mount, int tree);
