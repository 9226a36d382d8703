/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rpc_none - without protobuf-c there is no talking to CRIU. */
#include <errno.h>

#include "base/err.h"
#include "criu/rpc.h"

bool rpc_is_built(void)
{
	return false;
}

static int refuse(void)
{
	return err_refuse("this tare was built without checkpoint and restore "
			  "(configure --disable-criu)");
}

int rpc_encode(const struct criu_request *request, struct buf *out)
{
	(void)request;
	(void)out;
	return refuse();
}

int rpc_encode_short(enum criu_action action, bool is_success, struct buf *out)
{
	(void)action;
	(void)is_success;
	(void)out;
	return refuse();
}

int rpc_decode(const void *bytes, size_t size, struct criu_answer *ret_answer)
{
	(void)bytes;
	(void)size;
	(void)ret_answer;
	return refuse();
}
