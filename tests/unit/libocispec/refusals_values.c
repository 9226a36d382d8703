/* SPDX-License-Identifier: GPL-2.0-or-later */
/* refusals_values - JSON that does not fit the specification. */
#include "tests/unit/libocispec/refusals.h"
#include "tests/unit/libocispec/suites.h"

/* clang-format off */
static const struct refusal refusals[] = {
	/* document, error */
	{ "{}",
	  "c:1:1: ociVersion: required, but missing" },
	{ "{\"ociVersion\":null}",
	  "c:1:1: ociVersion: required, but missing" },
	{ "{\"ociVersion\":1}",
	  "c:1:15: ociVersion: did not expect a number here" },
	{ "{\"ociVersion\":true}",
	  "c:1:15: ociVersion: did not expect a boolean here" },
	{ "{\"ociVersion\":[]}",
	  "c:1:15: ociVersion: did not expect an array here" },
	{ "{\"ociVersion\":{}}",
	  "c:1:15: ociVersion: did not expect an object here" },
	{ "{\"annotations\":{\"a\":1}}",
	  "c:1:21: annotations[\"a\"]: did not expect a number here" },
	{ "{\"annotations\":{\"a\":null}}",
	  "c:1:21: annotations[\"a\"]: did not expect null here" },
	{ "{\"annotations\":{\"a\":\"1\",\"b\":[\"x\"]}}",
	  "c:1:29: annotations[\"b\"]: did not expect an array here" },
	{ "{\"annotations\":[\"a\"]}",
	  "c:1:16: annotations: did not expect an array here" },
	{ "{\"annotations\":\"a\"}",
	  "c:1:16: annotations: did not expect a string here" },
	{ "{\"root\":{}}",
	  "c:1:9: root.path: required, but missing" },
	{ "{\"root\":{\"path\":null}}",
	  "c:1:9: root.path: required, but missing" },
	{ "{\"root\":{\"path\":\"a\",\"readonly\":\"yes\"}}",
	  "c:1:32: root.readonly: did not expect a string here" },
	{ "{\"root\":{\"path\":\"a\",\"readonly\":1}}",
	  "c:1:32: root.readonly: did not expect a number here" },
	{ "{\"root\":[]}",
	  "c:1:9: root: did not expect an array here" },
	{ "{\"process\":{}}",
	  "c:1:12: process.cwd: required, but missing" },
	{ "{\"process\":{\"cwd\":\"/\",\"args\":\"sh\"}}",
	  "c:1:30: process.args: did not expect a string here" },
	{ "{\"process\":{\"cwd\":\"/\",\"args\":[\"sh\",1]}}",
	  "c:1:36: process.args[1]: did not expect a number here" },
	{ "{\"process\":{\"cwd\":\"/\",\"args\":[\"sh\",null]}}",
	  "c:1:36: process.args[1]: did not expect null here" },
	{ "{\"process\":{\"cwd\":\"/\",\"args\":[\"sh\",[\"x\"]]}}",
	  "c:1:36: process.args[1]: did not expect an array here" },
	{ "{\"process\":{\"cwd\":\"/\",\"args\":[\"sh\",{\"x\":1}]}}",
	  "c:1:36: process.args[1]: did not expect an object here" },
	{ "{\"process\":{\"cwd\":\"/\",\"args\":[\"sh\",true]}}",
	  "c:1:36: process.args[1]: did not expect a boolean here" },
	{ "{\"process\":{\"cwd\":\"/\",\"env\":{\"A\":\"b\"}}}",
	  "c:1:29: process.env: did not expect an object here" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"uid\":-1}}}",
	  "c:1:37: process.user.uid: -1 is out of range" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"uid\":-0}}}",
	  "c:1:37: process.user.uid: -0 is out of range" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"uid\":4294967296}}}",
	  "c:1:37: process.user.uid: 4294967296 is out of range" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"uid\":\"0\"}}}",
	  "c:1:37: process.user.uid: did not expect a string here" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"uid\":0.0}}}",
	  "c:1:37: process.user.uid: 0.0 has a fraction or an exponent" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"uid\":1e3}}}",
	  "c:1:37: process.user.uid: 1e3 has a fraction or an exponent" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"uid\":1E3}}}",
	  "c:1:37: process.user.uid: 1E3 has a fraction or an exponent" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"additionalGids\":[1,-2]}}}",
	  "c:1:51: process.user.additionalGids[1]: -2 is out of range" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"additionalGids\":[1,\"2\"]}}}",
	  "c:1:51: process.user.additionalGids[1]: did not expect a string here" },
	{ "{\"process\":{\"cwd\":\"/\",\"user\":{\"additionalGids\":5}}}",
	  "c:1:48: process.user.additionalGids: did not expect a number here" },
	{ "{\n \"process\":\n {\"cwd\":\"/\", \"rlimits\":[{\"type\":\"RLIMIT_CORE\","
	  "\"hard\":1,\"soft\":1},{\"type\":\"RLIMIT_CORE\",\"soft\":1,\"hard\":-3}]}}",
	  "c:3:104: process.rlimits[1].hard: -3 is out of range" },
	{ "{\"process\":{\"cwd\":\"/\",\"rlimits\":[{\"type\":\"a\","
	  "\"hard\":18446744073709551616,\"soft\":1}]}}",
	  "c:1:53: process.rlimits[0].hard: 18446744073709551616 is out of range" },
	{ "{\"process\":{\"cwd\":\"/\",\"rlimits\":[{\"type\":\"a\",\"hard\":1}]}}",
	  "c:1:34: process.rlimits[0].soft: required, but missing" },
	{ "{\"process\":{\"cwd\":\"/\",\"oomScoreAdj\":2147483648}}",
	  "c:1:37: process.oomScoreAdj: 2147483648 is out of range" },
	{ "{\"process\":{\"cwd\":\"/\",\"oomScoreAdj\":-2147483649}}",
	  "c:1:37: process.oomScoreAdj: -2147483649 is out of range" },
	{ "{\"process\":{\"cwd\":\"/\",\"scheduler\":{\"policy\":\"SCHED_NONE\"}}}",
	  "c:1:45: process.scheduler.policy: unknown value \"SCHED_NONE\"" },
	{ "{\"process\":{\"cwd\":\"/\",\"scheduler\":{\"policy\":\"SCHED_RR\","
	  "\"flags\":[\"SCHED_FLAG_RECLAIM\",\"x\"]}}}",
	  "c:1:86: process.scheduler.flags[1]: unknown value \"x\"" },
	{ "{\"process\":{\"cwd\":\"/\",\"scheduler\":{\"nice\":1}}}",
	  "c:1:35: process.scheduler.policy: required, but missing" },
	{ "{\"process\":{\"cwd\":\"/\",\"ioPriority\":{\"class\":\"rt\","
	  "\"priority\":1}}}",
	  "c:1:45: process.ioPriority.class: unknown value \"rt\"" },
	{ "{\"process\":{\"cwd\":\"/\",\"ioPriority\":{\"class\":\"IOPRIO_CLASS_RT\"}}}",
	  "c:1:36: process.ioPriority.priority: required, but missing" },
	{ "{\"process\":{\"cwd\":\"/\",\"consoleSize\":{\"height\":1}}}",
	  "c:1:37: process.consoleSize.width: required, but missing" },
	{ "{\"process\":{\"cwd\":\"/\",\"capabilities\":[\"CAP_KILL\"]}}",
	  "c:1:38: process.capabilities: did not expect an array here" },
	{ "{\"process\":{\"cwd\":\"/\",\"capabilities\":{\"bounding\":\"CAP_KILL\"}}}",
	  "c:1:50: process.capabilities.bounding: did not expect a string here" },
	{ "{\"process\":{\"cwd\":\"/\",\"terminal\":0}}",
	  "c:1:34: process.terminal: did not expect a number here" },
	{ "{\"mounts\":[{\"destination\":\"/proc\"},{\"source\":\"/a\"}]}",
	  "c:1:36: mounts[1].destination: required, but missing" },
	{ "{\"mounts\":[{\"destination\":\"/proc\",\"options\":[1]}]}",
	  "c:1:46: mounts[0].options[0]: did not expect a number here" },
	{ "{\"mounts\":[{\"destination\":\"/proc\",\"options\":[\"ro\",1]}]}",
	  "c:1:51: mounts[0].options[1]: did not expect a number here" },
	{ "{\"mounts\":{\"destination\":\"/proc\"}}",
	  "c:1:11: mounts: did not expect an object here" },
	{ "{\"mounts\":[\"/proc\"]}",
	  "c:1:12: mounts[0]: did not expect a string here" },
	{ "{\"mounts\":[null]}",
	  "c:1:12: mounts[0]: did not expect null here" },
	{ "{\"mounts\":[{\"destination\":\"/a\",\"uidMappings\":[{\"containerID\":0,"
	  "\"hostID\":0}]}]}",
	  "c:1:47: mounts[0].uidMappings[0].size: required, but missing" },
	{ "{\"hooks\":{\"prestart\":[{\"args\":[\"a\"]}]}}",
	  "c:1:23: hooks.prestart[0].path: required, but missing" },
	{ "{\"hooks\":{\"poststop\":[{\"path\":\"/a\","
	  "\"timeout\":9223372036854775808}]}}",
	  "c:1:46: hooks.poststop[0].timeout: 9223372036854775808 is out of range" },
	{ "{\"hooks\":{\"poststop\":[{\"path\":\"/a\",\"timeout\":1.5}]}}",
	  "c:1:46: hooks.poststop[0].timeout: 1.5 has a fraction or an exponent" },
	{ "{\"linux\":{\"namespaces\":[{\"type\":\"pid\"},{\"type\":\"pif\"}]}}",
	  "c:1:48: linux.namespaces[1].type: unknown value \"pif\"" },
	{ "{\"linux\":{\"namespaces\":[{\"type\":\"PID\"}]}}",
	  "c:1:33: linux.namespaces[0].type: unknown value \"PID\"" },
	{ "{\"linux\":{\"namespaces\":[{\"type\":\"\"}]}}",
	  "c:1:33: linux.namespaces[0].type: unknown value \"\"" },
	{ "{\"linux\":{\"namespaces\":[{\"path\":\"/a\"}]}}",
	  "c:1:25: linux.namespaces[0].type: required, but missing" },
	{ "{\"linux\":{\"namespaces\":[{\"type\":null}]}}",
	  "c:1:25: linux.namespaces[0].type: required, but missing" },
	{ "{\"linux\":{\"namespaces\":[\"pid\"]}}",
	  "c:1:25: linux.namespaces[0]: did not expect a string here" },
	{ "{\"linux\":{\"rootfsPropagation\":\"rslaves\"}}",
	  "c:1:31: linux.rootfsPropagation: unknown value \"rslaves\"" },
	{ "{\"linux\":{\"devices\":[{\"type\":\"x\",\"path\":\"/dev/a\"}]}}",
	  "c:1:30: linux.devices[0].type: unknown value \"x\"" },
	{ "{\"linux\":{\"devices\":[{\"type\":\"c\"}]}}",
	  "c:1:22: linux.devices[0].path: required, but missing" },
	{ "{\"linux\":{\"devices\":[{\"type\":\"c\",\"path\":\"/a\","
	  "\"fileMode\":\"0666\"}]}}",
	  "c:1:57: linux.devices[0].fileMode: did not expect a string here" },
	{ "{\"linux\":{\"sysctl\":{\"net.ipv4.ip_forward\":1}}}",
	  "c:1:43: linux.sysctl[\"net.ipv4.ip_forward\"]: did not expect a number here" },
	{ "{\"linux\":{\"timeOffsets\":{\"boottime\":{\"nanosecs\":-1}}}}",
	  "c:1:49: linux.timeOffsets[\"boottime\"].nanosecs: -1 is out of range" },
	{ "{\"linux\":{\"timeOffsets\":{\"boottime\":1}}}",
	  "c:1:37: linux.timeOffsets[\"boottime\"]: did not expect a number here" },
	{ "{\"linux\":{\"timeOffsets\":{\"boottime\":null}}}",
	  "c:1:37: linux.timeOffsets[\"boottime\"]: did not expect null here" },
	{ "{\"linux\":{\"netDevices\":{\"eth0\":{\"name\":7}}}}",
	  "c:1:40: linux.netDevices[\"eth0\"].name: did not expect a number here" },
	{ "{\"linux\":{\"resources\":{\"devices\":[{\"access\":\"rwm\"}]}}}",
	  "c:1:35: linux.resources.devices[0].allow: required, but missing" },
	{ "{\"linux\":{\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"p\"}]}}}",
	  "c:1:56: linux.resources.devices[0].type: unknown value \"p\"" },
	{ "{\"linux\":{\"resources\":{\"memory\":{\"limit\":9223372036854775808}}}}",
	  "c:1:42: linux.resources.memory.limit: 9223372036854775808 is out of range" },
	{ "{\"linux\":{\"resources\":{\"memory\":{\"limit\":-9223372036854775809}}}}",
	  "c:1:42: linux.resources.memory.limit: -9223372036854775809 is out of range" },
	{ "{\"linux\":{\"resources\":{\"memory\":{\"limit\":\"1G\"}}}}",
	  "c:1:42: linux.resources.memory.limit: did not expect a string here" },
	{ "{\"linux\":{\"resources\":{\"memory\":{\"swappiness\":-1}}}}",
	  "c:1:47: linux.resources.memory.swappiness: -1 is out of range" },
	{ "{\"linux\":{\"resources\":{\"cpu\":{\"shares\":-1}}}}",
	  "c:1:40: linux.resources.cpu.shares: -1 is out of range" },
	{ "{\"linux\":{\"resources\":{\"cpu\":{\"cpus\":0}}}}",
	  "c:1:38: linux.resources.cpu.cpus: did not expect a number here" },
	{ "{\"linux\":{\"resources\":{\"pids\":{\"limit\":[]}}}}",
	  "c:1:40: linux.resources.pids.limit: did not expect an array here" },
	{ "{\"linux\":{\"resources\":{\"blockIO\":{\"weight\":65536}}}}",
	  "c:1:44: linux.resources.blockIO.weight: 65536 is out of range" },
	{ "{\"linux\":{\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":8}]}}}}",
	  "c:1:51: linux.resources.blockIO.weightDevice[0].minor: required, but missing" },
	{ "{\"linux\":{\"resources\":{\"blockIO\":{\"throttleReadBpsDevice\":[{"
	  "\"major\":8,\"minor\":0}]}}}}",
	  "c:1:60: linux.resources.blockIO.throttleReadBpsDevice[0].rate: required, "
	  "but missing" },
	{ "{\"linux\":{\"resources\":{\"hugepageLimits\":[{\"pageSize\":\"2MB\"}]}}}",
	  "c:1:42: linux.resources.hugepageLimits[0].limit: required, but missing" },
	{ "{\"linux\":{\"resources\":{\"network\":{\"priorities\":[{"
	  "\"name\":\"eth0\"}]}}}}",
	  "c:1:49: linux.resources.network.priorities[0].priority: required, but "
	  "missing" },
	{ "{\"linux\":{\"resources\":{\"rdma\":{\"mlx5_1\":{"
	  "\"hcaHandles\":4294967296}}}}}",
	  "c:1:55: linux.resources.rdma[\"mlx5_1\"].hcaHandles: 4294967296 is out of "
	  "range" },
	{ "{\"linux\":{\"resources\":{\"unified\":{\"memory.high\":1}}}}",
	  "c:1:49: linux.resources.unified[\"memory.high\"]: did not expect a number "
	  "here" },
	{ "{\"linux\":{\"seccomp\":{}}}",
	  "c:1:21: linux.seccomp.defaultAction: required, but missing" },
	{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"ALLOW\"}}}",
	  "c:1:38: linux.seccomp.defaultAction: unknown value \"ALLOW\"" },
	{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\","
	  "\"architectures\":[\"SCMP_ARCH_Z80\"]}}}",
	  "c:1:72: linux.seccomp.architectures[0]: unknown value \"SCMP_ARCH_Z80\"" },
	{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\","
	  "\"flags\":[\"x\"]}}}",
	  "c:1:64: linux.seccomp.flags[0]: unknown value \"x\"" },
	{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\","
	  "\"syscalls\":[{\"names\":[\"a\"]}]}}}",
	  "c:1:67: linux.seccomp.syscalls[0].action: required, but missing" },
	{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\","
	  "\"syscalls\":[{\"action\":\"SCMP_ACT_LOG\"}]}}}",
	  "c:1:67: linux.seccomp.syscalls[0].names: required, but missing" },
	{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\","
	  "\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_LOG\",\"args\":[{"
	  "\"index\":0,\"value\":1,\"op\":\"==\"}]}]}}}",
	  "c:1:140: linux.seccomp.syscalls[0].args[0].op: unknown value \"==\"" },
	{ "{\"linux\":{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\","
	  "\"syscalls\":[{\"names\":[\"a\"],\"action\":\"SCMP_ACT_LOG\",\"args\":[{"
	  "\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]}]}}}",
	  "c:1:114: linux.seccomp.syscalls[0].args[0].index: required, but missing" },
	{ "{\"linux\":{\"personality\":{\"domain\":\"linux\"}}}",
	  "c:1:35: linux.personality.domain: unknown value \"linux\"" },
	{ "{\"linux\":{\"memoryPolicy\":{\"mode\":\"MPOL_BIND\","
	  "\"flags\":[\"MPOL_F_X\"]}}}",
	  "c:1:55: linux.memoryPolicy.flags[0]: invalid memory policy flag \"MPOL_F_X\"" },
	{ "{\"linux\":{\"intelRdt\":{\"schemata\":\"L3\"}}}",
	  "c:1:34: linux.intelRdt.schemata: did not expect a string here" },
	{ "{\"linux\":{\"intelRdt\":{\"enableMonitoring\":\"yes\"}}}",
	  "c:1:42: linux.intelRdt.enableMonitoring: did not expect a string here" },
	{ "{\"linux\":{"
	  "\"rootfsPropagation\":\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
	  "\"}}",
	  "c:1:31: linux.rootfsPropagation: unknown value "
	  "\"abcdefghijklmnopqrstuvwxyzabcdefghijklmn\"..." },
	{ "{\"linux\":{\"rootfsPropagation\":\"a\\u001b[31m\\nb\"}}",
	  "c:1:31: linux.rootfsPropagation: unknown value \"a?[31m?b\"" },
	{ "{\"process\":{\"cwd\":\"/\",\"env\":\"A=b\"}}",
	  "c:1:29: process.env: did not expect a string here" },
	{ "{\"linux\":\"none\"}",
	  "c:1:10: linux: did not expect a string here" },
	{ "{\"linux\":{\"maskedPaths\":[[\"/proc\"]]}}",
	  "c:1:26: linux.maskedPaths[0]: did not expect an array here" },
	{ "{\"linux\":{\"mountLabel\":{}}}",
	  "c:1:24: linux.mountLabel: did not expect an object here" },
	{ "{\"process\":{\"user\":{"
	  "\"uid\":99999999999999999999999999999999999999999999}}}",
	  "c:1:27: process.user.uid: 9999999999999999999999999999999999999999... is "
	  "out of range" },
	{ "{\"process\":{\"args\":[\"a\",\n\n\t\"b\", 3]}}",
	  "c:3:7: process.args[2]: did not expect a number here" },
	{ "{\"annotations\":{\"a\\nb\":1}}",
	  "c:1:24: annotations[\"a?b\"]: did not expect a number here" },
	{ "{\"annotations\":{\"é\":1}}",
	  "c:1:22: annotations[\"é\"]: did not expect a number here" },
};
/* clang-format on */

START_TEST(what_does_not_fit_is_refused_at_its_place)
{
	check_refusal(&refusals[_i]);
}
END_TEST

Suite *test_refusals_values(void)
{
	Suite *suite = suite_create("libocispec/refusals_values");
	TCase *refused = tcase_create("refused");
	int count = sizeof(refusals) / sizeof(refusals[0]);

	tcase_add_loop_test(refused, what_does_not_fit_is_refused_at_its_place, 0, count);
	suite_add_tcase(suite, refused);
	return suite;
}
