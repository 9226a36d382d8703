# SPDX-License-Identifier: GPL-2.0-or-later
# tare - everything is built into $(B); run "autoconf && ./configure" first.

B ?= build
CONFIG = build/config.mk
ifeq ($(filter help clean format dist,$(or $(MAKECMDGOALS),all)),)
ifeq ($(wildcard $(CONFIG)),)
$(error $(CONFIG) is missing: run "autoconf && ./configure" first)
endif
endif
-include $(CONFIG)

ifeq ($(prefix),NONE)
prefix := /usr/local
endif
PREFIX ?= $(prefix)
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share
# Podman looks nowhere else than in /etc.
SYSCONFDIR ?= $(if $(filter /usr /usr/local,$(PREFIX)),/etc,$(PREFIX)/etc)

quiet = $(if $(V),,@printf '  %-6s %s\n' '$(1)' '$@';)

WARNINGS = -Wall -Wextra -Wshadow -Wformat=2 -Wundef -Wwrite-strings -Wvla \
	-Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wimplicit-fallthrough \
	-Wno-missing-field-initializers
HARDENING = -fstack-protector-strong -fno-strict-aliasing
FORTIFY ?= -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
COMMIT := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

BASE_CFLAGS = -std=gnu17 -D_GNU_SOURCE $(WARNINGS) $(WERROR) -I. -Isrc -I$(B) \
	-include build/config.h
# The assertions (a swallowed error aborts) are for test builds.
ASSERTIONS ?= $(if $(filter yes,$(WITH_FAULTS)),,-DNDEBUG)
PIE = $(if $(filter yes,$(WITH_STATIC)),,-fPIE)
PIE_LINK = $(if $(filter yes,$(WITH_STATIC)),-static,-pie)
ALL_CFLAGS = $(BASE_CFLAGS) $(PIE) $(HARDENING) $(FORTIFY) $(CPPFLAGS) $(CFLAGS) $(EXTRA_CFLAGS)
ALL_LDFLAGS = $(PIE_LINK) -Wl,-z,relro,-z,now,--as-needed $(WRAP) $(LDFLAGS) $(EXTRA_CFLAGS)
LIBRARIES = $(LIBS)

# ---- which files

DIRS = libocispec $(addprefix src/,base kernel cgroup resctrl seccomp hooks criu state plan launch container cli)
pick = $(if $(filter yes,$(1)),$(2),$(3))
MACHINE := $(subst -pc-,-,$(shell $(CC) -dumpmachine 2>/dev/null))
# One of several, by processor: $(call machine,src/kernel/clone3).
machine = $(or $(wildcard $(1)_$(firstword $(subst -, ,$(MACHINE))).c),$(1)_other.c)
CLONE3 = $(call machine,src/kernel/clone3)
# What can be loaded when it is asked for, and what a static program has in it instead.
LOADED_lsm = src/kernel/lsm_library.c
LINKED_lsm = src/kernel/lsm_selinuxfs.c
LOADED_bus = src/cgroup/bus_sdbus.c src/cgroup/sdbus.c
LINKED_bus = src/cgroup/bus_libdbus.c
LOADED_seccomp = src/seccomp/library.c
LINKED_seccomp = src/seccomp/library_linked.c
other = $(call pick,$(WITH_STATIC),$(LOADED_$(1)),$(LINKED_$(1)))
# In place of musl's, where that is slow for a few bytes.
SLOW = $(if $(and $(findstring musl,$(CC)),$(filter x86_64-%,$(MACHINE))),memcpy strlen)
WRAP = $(SLOW:%=-Wl$(comma)--wrap=%)
comma := ,
# One of each pair is left out: x.c or x_none.c.
UNUSED = $(if $(SLOW),,src/base/memcpy.c) $(call pick,$(WITH_SELINUX),src/kernel/lsm_none.c $(call other,lsm), \
		src/kernel/lsm.c $(LOADED_lsm) $(LINKED_lsm)) \
	$(call pick,$(WITH_SYSTEMD),src/cgroup/unit_none.c $(call other,bus), \
		$(addprefix src/cgroup/,unit.c manager.c) $(LOADED_bus) $(LINKED_bus)) \
	$(call pick,$(WITH_CRIU),src/criu/rpc_none.c,src/criu/rpc.c) \
	$(call other,seccomp) \
	src/base/malloc.c \
	$(call pick,$(WITH_FAULTS),src/launch/fault_none.c,src/launch/fault.c) \
	$(filter-out $(CLONE3),$(wildcard src/kernel/clone3_*.c))
library.c := $(filter-out $(UNUSED),$(wildcard $(addsuffix /*.c,$(DIRS))))
rpc.o := $(call pick,$(WITH_CRIU),$(B)/criu/rpc.pb-c.o)
library.o := $(library.c:%.c=$(B)/%.o) $(rpc.o) $(B)/src/launch/embed.o
plan.o := $(patsubst %.c,$(B)/%.o,$(wildcard src/plan/*.c))

# What of base and kernel tare-init shares with the parent; nothing else enters the container.
INIT_SHARED = $(addprefix src/,base/err.c base/errname.c base/fd.c base/number.c kernel/caps.c kernel/pty.c \
	kernel/mountfd.c kernel/namespace.c kernel/channel.c kernel/executable.c \
	kernel/target.c) $(CLONE3)
init.c := $(filter-out src/init/stack_%,$(wildcard src/init/*.c)) $(call machine,src/init/stack) \
	$(INIT_SHARED)
init_libc.c := $(wildcard src/init/libc/*.c)

programs = $(B)/tare $(call pick,$(WITH_SHIM),$(B)/containerd-shim-tare-v2)
all: $(programs) ## the runtime and the shim

# ---- tare-init: static, without any library; our own small libc or musl's
#
# Ours makes a program of two thirds of the size, which is copied for each container. INIT_LIBC=musl
# takes the other one; where ours does not know the machine it is the default.
INIT_LIBC ?= $(if $(or $(filter x86_64-% aarch64-% riscv64-%,$(MACHINE)),$(if $(MUSL_GCC),,none)),own,musl)
INIT_HOST_CC ?= $(CC)

INIT_CFLAGS = -std=gnu17 -D_GNU_SOURCE $(WARNINGS) $(WERROR) -I. -Isrc -Os -DNDEBUG \
	-fno-pie -fno-strict-aliasing -ffunction-sections -fdata-sections \
	-fno-asynchronous-unwind-tables -fomit-frame-pointer $(call init_gcc,-fconserve-stack)
init_gcc = $(if $(findstring clang,$(notdir $(INIT_CC))),,$(1))
INIT_LDFLAGS = -static $(call init_gcc,-no-pie) -Wl,--gc-sections,--build-id=none,-z,noexecstack,-z,norelro,-z,noseparate-code
ifeq ($(INIT_LIBC),musl)
INIT_CC = $(MUSL_GCC)
# The kernel's headers come behind musl's own.
INIT_CFLAGS += -fno-stack-protector -idirafter /usr/include \
	-idirafter /usr/include/$(MACHINE)
INIT_SOURCES = $(init.c)
else
INIT_CC = $(INIT_HOST_CC)
INIT_CFLAGS += -fno-builtin -fno-stack-protector -U_FORTIFY_SOURCE
INIT_LDFLAGS += -nostdlib
INIT_LIBS = -lgcc
INIT_SOURCES = $(init.c) $(init_libc.c)
endif
init.o := $(INIT_SOURCES:%.c=$(B)/init/%.o)

$(B)/init/%.o: %.c $(CONFIG) Makefile
	@mkdir -p $(@D)
	$(call quiet,INIT)$(INIT_CC) $(INIT_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/init/tare-init: $(init.o)
	$(call quiet,LINK)$(INIT_CC) $(INIT_LDFLAGS) -o $@ $(init.o) $(INIT_LIBS) && $(STRIP) $@

$(B)/src/launch/embed.o: src/launch/embed.S $(B)/init/tare-init
	@mkdir -p $(@D)
	$(call quiet,EMBED)$(CC) $(PIE) -Wa,-I$(B)/init -c -o $@ $<

# ---- tare

$(B)/%.o: %.c $(CONFIG) build/config.h Makefile
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) $(ASSERTIONS) -MMD -MP -c -o $@ $<

$(B)/commit.h: FORCE
	@mkdir -p $(@D); printf '#define TARE_COMMIT "%s"\n' '$(COMMIT)' >$@.new; \
	cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# Filters that another compiler of profiles has made are not to be found again.
seccomp.files := $(sort $(wildcard src/seccomp/*.[ch]))
$(B)/seccomp-sources.h: $(seccomp.files) Makefile
	@mkdir -p $(@D); sum=$$(cat $(seccomp.files) | cksum) && test -n "$$sum" && \
	printf '#define SECCOMP_SOURCES "%s"\n' "$$sum" >$@

$(B)/src/seccomp/cache.o: BASE_CFLAGS += -include $(B)/seccomp-sources.h
$(B)/src/seccomp/cache.o: $(B)/seccomp-sources.h

# Or the compiler makes a calloc() of malloc() and memset() in calloc().
$(B)/src/base/malloc.o: BASE_CFLAGS += -fno-builtin

$(B)/src/cli/%.o $(B)/src/container/features.o: BASE_CFLAGS += -include $(B)/commit.h
$(patsubst %.c,$(B)/%.o,$(wildcard src/cli/*.c)) $(B)/src/container/features.o: $(B)/commit.h

# What protoc-c makes of the messages; it is not ours to be warned about.
$(B)/criu/rpc.pb-c.c: src/criu/rpc.proto
	@mkdir -p $(@D)
	$(call quiet,PROTO)$(PROTOC_C) -Isrc/criu --c_out=$(@D) $<
$(B)/criu/rpc.pb-c.h: $(B)/criu/rpc.pb-c.c ;
$(B)/criu/rpc.pb-c.o: $(B)/criu/rpc.pb-c.c
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) -w -c -o $@ $<
$(B)/src/criu/rpc.o: $(B)/criu/rpc.pb-c.h

$(B)/libtare.a: $(library.o)
	$(call quiet,AR)rm -f $@ && $(AR) rcs $@ $(library.o)

# The shim, which lives long, has libc's own.
HEAP = $(call pick,$(WITH_HEAP),$(B)/src/base/malloc.o)
$(B)/tare: $(B)/src/main.o $(HEAP) $(B)/libtare.a
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARIES)

# ---- the static release: musl, and libraries that hack/musl-libs makes of Debian's sources

STATIC_FLAGS = -O2 -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables
static: ## the programs as single static files with musl and every feature, in build-static
	@made=$$(MUSL_GCC='$(MUSL_GCC)' hack/musl-libs) && $(MAKE) B=build-static FORTIFY= \
		CC='$(or $(MUSL_GCC),musl-gcc)' INIT_HOST_CC='$(CC)' WITH_STATIC=yes WITH_HEAP=yes \
		WITH_SELINUX=yes WITH_SYSTEMD=yes WITH_SHIM=yes \
		CFLAGS='$(STATIC_FLAGS)' CPPFLAGS="-isystem $$made/include" \
		LDFLAGS="-s -Wl,--gc-sections -L$$made/lib" \
		WITH_CRIU=yes LIBS='-ldbus-1 -lprotobuf-c -lseccomp -lcap -lyajl' \
		SHIM_LIBS='-lprotobuf-c -lyajl' all

# ---- containerd-shim-tare-v2: one static file; it runs tare and has nothing of it but base and
# two modules of kernel

shim.c := $(wildcard $(addsuffix /*.c,shim $(addprefix shim/,loop ttrpc io task)))
shim.o := $(patsubst %.c,$(B)/%.o,$(filter-out shim/main.c,$(shim.c)))
api := $(patsubst %.proto,$(B)/%.pb-c,$(wildcard shim/api/*.proto))
SHIM_LINK = -static -Wl,-z,relro,-z,now,--gc-sections $(LDFLAGS) $(EXTRA_CFLAGS)

$(B)/shim/api/%.pb-c.c $(B)/shim/api/%.pb-c.h &: shim/api/%.proto
	@mkdir -p $(@D)
	$(call quiet,PROTO)cd shim/api && $(PROTOC_C) --c_out=$(abspath $(@D)) $*.proto

$(api:=.o): %.o: %.c $(api:=.h)
	$(call quiet,CC)$(CC) $(filter-out -Wundef,$(ALL_CFLAGS)) -c -o $@ $<

# It is small in memory, and waits most of the time. Nobody unwinds it: debuggers have .debug_frame.
$(B)/shim/%.o: ALL_CFLAGS += -Os -ffunction-sections -fno-asynchronous-unwind-tables
$(shim.o) $(B)/shim/main.o: | $(api:=.h)
$(B)/shim/info.o: BASE_CFLAGS += -include $(B)/commit.h
$(B)/shim/info.o: $(B)/commit.h

$(B)/libshim.a: $(shim.o) $(api:=.o)
	$(call quiet,AR)rm -f $@ && $(AR) rcs $@ $^

$(B)/containerd-shim-tare-v2: $(B)/shim/main.o $(B)/libshim.a $(B)/libtare.a
	$(call quiet,LINK)$(CC) $(SHIM_LINK) -o $@ $^ $(SHIM_LIBS)

# ---- tests

unit.c := $(sort $(shell find tests/unit -name '*.c' $(call pick,$(WITH_SHIM),,! -path 'tests/unit/shim/*') 2>/dev/null))
unit.o := $(unit.c:%.c=$(B)/%.o)
# Before libtare.a, which it needs something of.
UNIT_SHIM = $(call pick,$(WITH_SHIM),$(B)/libshim.a)
UNIT_LIBRARIES = $(call pick,$(WITH_SHIM),-lprotobuf-c)
$(filter $(B)/tests/unit/shim/%,$(unit.o)): | $(api:=.h)

$(B)/tests/unit_main.c: $(unit.c) hack/unit-main
	@mkdir -p $(@D)
	$(call quiet,GEN)hack/unit-main $(unit.c) >$@

$(B)/tests/unit_main.o: $(B)/tests/unit_main.c
	$(call quiet,CC)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/unit: $(unit.o) $(B)/tests/unit_main.o $(UNIT_SHIM) $(B)/libtare.a
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $$(pkg-config --libs check) $(UNIT_LIBRARIES) $(LIBRARIES)

golden.o := $(patsubst %.c,$(B)/%.o,$(wildcard tests/golden/*.c))
$(B)/golden: $(golden.o) $(B)/libtare.a
	$(call quiet,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARIES)

check: layers pure man unit golden libc scoreboard traps dialect installed reported ## unit and golden tests, layering, purity, man pages: no root
unit: $(B)/unit ## unit tests (Check)
	$(B)/unit
golden: $(B)/golden ## config.json -> plan pairs
	$(B)/golden tests/golden
reported: ## the tables of hack/bench (bats)
	bats tests/bench
installed: $(B)/tare ## what make install puts where (bats)
	bats tests/install
libc: ## tare-init's small libc beside the machine's (bats)
	bats tests/init-libc
layers: ## who includes whom
	hack/layers
pure: $(plan.o) ## plan/ makes no system call
	hack/pure $(plan.o)
man: $(B)/tare ## man pages: lint, and every option is in them
	mandoc -Tlint -Wwarning man/*.8
	hack/mansync $(B)/tare
scoreboard: $(B)/golden ## each member of config.json has a test; docs/ says which
	hack/scoreboard --check $(B)/golden
traps: ## each trap of tests/traps has its tests
	hack/traps
dialect: $(B)/tare ## each option of runc and crun is there and has its test
	hack/dialect $(B)/tare
docs: $(B)/golden ## write docs/scoreboard.md from the tests
	@mkdir -p docs
	hack/scoreboard $(B)/golden >docs/scoreboard.md.new && mv docs/scoreboard.md.new docs/scoreboard.md
check-root: $(B)/tare ## integration tests: real containers, needs root
	TARE=$(abspath $(B)/tare) tests/integration/run --mode root
faults: ## every step failed and killed, in a build of its own
	$(MAKE) B=build-faults WITH_FAULTS=yes ASSERTIONS= build-faults/tare
	tests/faults/sweep.sh

conformance: $(B)/tare ## runtime-tools' validation suite, runc and crun beside tare
	hack/conformance

bench: $(B)/tare ## what containers cost, beside crun, runc and the least possible: needs root
	TARE=$(abspath $(B)/tare) hack/bench

ASAN = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan: asan-build ## unit and golden tests under ASan and UBSan, in build-asan; build-asan/tare for others
	build-asan/unit
	build-asan/golden tests/golden
asan-build:
	$(MAKE) B=build-asan FORTIFY= ASSERTIONS= EXTRA_CFLAGS='$(ASAN)' \
		build-asan/unit build-asan/golden build-asan/tare

# Whole documents, good and bad; those of the malformed cases are in tests/fuzz/corpus.
FUZZ_SEEDS = tests/golden
FUZZERS = $(filter-out $(call pick,$(WITH_SHIM),,ttrpc options), \
	$(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c)))
FUZZED_seccomp = $(addprefix tests/unit/seccomp/,anyprofile.c difference.c interpreter.c meaning.c)
FUZZED = $(call pick,$(WITH_SHIM),build-fuzz/libshim.a) build-fuzz/libtare.a
FUZZ_SECONDS ?= 60
# The words that a document is made of, for the fuzzers: taken from the tables that read it.
build-fuzz/words.dict: $(wildcard libocispec/spec*.c src/plan/*.c) Makefile
	@mkdir -p $(@D)
	$(call quiet,GEN)grep -oh '"[A-Za-z0-9_][A-Za-z0-9_]*"' $(filter %.c,$^) | sort -u | \
		sed 's/^"\(.*\)"$$/"\\"\1\\""/' >$@

fuzz: build-fuzz/words.dict ## libFuzzer (clang) over each parser, FUZZ_SECONDS each
	$(MAKE) B=build-fuzz CC=clang FORTIFY= ASSERTIONS= \
		EXTRA_CFLAGS='$(ASAN) -fsanitize=fuzzer-no-link' $(FUZZED)
	for f in $(FUZZERS); do mkdir -p build-fuzz/corpus/$$f && \
		clang $(BASE_CFLAGS) -Ibuild-fuzz $(ASAN) -fsanitize=fuzzer -o build-fuzz/fuzz_$$f \
			tests/fuzz/fuzz_$$f.c $$([ $$f != seccomp ] || echo $(FUZZED_seccomp)) \
			$(FUZZED) $(UNIT_LIBRARIES) $(LIBRARIES) && \
		build-fuzz/fuzz_$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
			-dict=build-fuzz/words.dict build-fuzz/corpus/$$f \
			tests/fuzz/corpus/$$f $$([ $$f = seccomp ] || echo $(FUZZ_SEEDS)) || exit 1; done

# ---- tidiness

own.c = $(shell git ls-files '*.c' '*.h')
format: ## clang-format over all sources
	@clang-format -i $(own.c)
tidied := $(addprefix tidy-,$(shim.c) $(library.c) src/main.c $(filter src/init/%,$(init.c)))
tidy: $(tidied) ## clang-tidy over all sources
TIDY_NODES ?= 225000 # states that its analyzer follows in a function
$(tidied): | $(call pick,$(WITH_SHIM),$(api:=.h))
$(tidied): tidy-%:
	$(call quiet,TIDY)clang-tidy --quiet $* -- $(BASE_CFLAGS) -DTARE_COMMIT='"tidy"' -DSECCOMP_SOURCES='"tidy"' \
		-Xclang -analyzer-config -Xclang max-nodes=$(TIDY_NODES)

# ---- install

# What managers are told of tare, with the path of the program filled in.
managers = containers.conf containerd.toml docker.json
# Where Debian's zsh looks depends on who installed it.
completions = bash-completion/completions/tare \
	$(if $(filter /usr,$(PREFIX)),zsh/vendor-completions,zsh/site-functions)/_tare \
	fish/vendor_completions.d/tare.fish

install: $(programs) ## DESTDIR= and PREFIX= (default /usr/local)
	install -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(MANDIR)/man8
	install -m 0755 $(programs) $(DESTDIR)$(SBINDIR)
	install -m 0644 man/*.8 $(DESTDIR)$(MANDIR)/man8
	install -d $(addprefix $(DESTDIR)$(DATADIR)/,tare $(dir $(completions)))
	for name in $(managers); do \
		sed 's|@SBINDIR@|$(SBINDIR)|' hack/managers/$$name.in >$(DESTDIR)$(DATADIR)/tare/$$name && \
		chmod 0644 $(DESTDIR)$(DATADIR)/tare/$$name || exit 1; done
	install -m 0644 hack/managers/runtimeclass.yaml $(DESTDIR)$(DATADIR)/tare
	install -d $(DESTDIR)$(SYSCONFDIR)/containers/containers.conf.d
	install -m 0644 $(DESTDIR)$(DATADIR)/tare/containers.conf \
		$(DESTDIR)$(SYSCONFDIR)/containers/containers.conf.d/50-tare.conf
	$(B)/tare completion bash >$(DESTDIR)$(DATADIR)/$(word 1,$(completions))
	$(B)/tare completion zsh >$(DESTDIR)$(DATADIR)/$(word 2,$(completions))
	$(B)/tare completion fish >$(DESTDIR)$(DATADIR)/$(word 3,$(completions))
	cd $(DESTDIR)$(DATADIR) && chmod 0644 $(completions)

dist: ## a tar archive of what is committed
	git archive --prefix=tare-$(VERSION)/ -o tare-$(VERSION).tar.gz HEAD

clean: ## remove what was built (configure's findings stay)
	rm -rf build-asan build-fuzz build-static
	find build -mindepth 1 ! -name config.mk ! -name config.h -delete 2>/dev/null || true

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

FORCE:
.PHONY: all static check unit golden libc layers pure man scoreboard traps dialect installed reported docs check-root faults conformance bench asan asan-build \
	fuzz format tidy install $(tidied) dist clean help FORCE
.DELETE_ON_ERROR:

-include $(shim.o:.o=.d) $(library.o:.o=.d) $(init.o:.o=.d) $(unit.o:.o=.d) $(golden.o:.o=.d) $(B)/src/main.d
