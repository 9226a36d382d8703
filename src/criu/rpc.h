/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rpc - requests and answers as bytes of CRIU's protocol, by protobuf-c; for criu/ only. */
#pragma once

#include "criu/request.h"

/* True when tare was built with it; without, the others fail and say so. */
bool rpc_is_built(void);

/* REQUEST as one message. */
int rpc_encode(const struct criu_request *request, struct buf *out);

/* A message without options: CRIU_VERSION, CRIU_FEATURES, or the answer to a CRIU_NOTIFY. */
int rpc_encode_short(enum criu_action action, bool is_success, struct buf *out);

/* What SIZE BYTES of CRIU say. */
int rpc_decode(const void *bytes, size_t size, struct criu_answer *ret_answer);
