/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixture - a plan made of a config.json in a string. */
#pragma once

#include "libocispec/spec.h"
#include "plan/plan.h"

/* A host with everything, and its root. */
extern const struct host plan_host;

struct plan_fixture {
	struct arena arena;
	struct oci_spec spec;
	struct plan plan;
};

/* What plan_build() returns for TEXT; the test releases FIXTURE whatever that is. */
int plan_fixture_build(struct plan_fixture *fixture, const char *text);

/* The same for an existing request, whose spec is filled in. */
int plan_fixture_request(struct plan_fixture *fixture, const char *text,
			 struct plan_request request);

void plan_fixture_release(struct plan_fixture *fixture);

/* The members around what a test is about. */
#define CONFIG(process, linux_members)                              \
	"{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"rootfs\"}," \
	"\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"]" process "}," \
	"\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]" linux_members "}}"
