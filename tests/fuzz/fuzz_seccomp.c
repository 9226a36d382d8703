/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_seccomp - any seccomp profile, compiled here, means what libseccomp and we say. */
#include <stdint.h>
#include <stdlib.h>

#include "tests/unit/seccomp/anyprofile.h"
#include "tests/unit/seccomp/difference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct any_profile any;
	struct comparison comparison = { 0 };
	struct difference difference;

	any_profile_make(data, size, &any);
	if (!compare_compilers(&any.profile,
			       compared_architectures[size % COMPARED_ARCHITECTURES], size,
			       &comparison, &difference))
		abort();
	return 0;
}
