# mdmscope: one Makefile, not recursive. `make help` lists what there is to make.
#
#   make BUILD=dir      objects elsewhere      make SAN=1      with ASan and UBSan
#   make CC=clang       another compiler       make WERROR=1   warnings are errors (CI)
#   make V=1            with the commands      make TSAN=1     with ThreadSanitizer

BUILD   ?= build
PREFIX  ?= /usr/local
VERSION := 0.1.0
CC      ?= cc
AR      ?= ar

# A make of ours inside a recipe works in parallel, unless the caller has said how.
JOBS    ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
SUBMAKE  = $(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS))$(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

ifneq ($(V),1)
Q := @
endif
say = $(if $(Q),@printf '  %-5s %s\n' $(1) $(2))

# A folder is a floor; each may include what stands before it (see doc/ARCHITECTURE.md).
FOLDERS := base parsers themes filters session tui

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Wformat=2
OPTIMISE := -O2
ifeq ($(SAN),1)
OPTIMISE := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS  += -fsanitize=address,undefined
endif
ifeq ($(TSAN),1)
OPTIMISE := -O1 -fno-omit-frame-pointer -fsanitize=thread
LDFLAGS  += -fsanitize=thread
endif
ifeq ($(WERROR),1)
WARNINGS += -Werror
endif

ifeq ($(shell uname -s),Darwin)
BREW     := $(shell brew --prefix 2>/dev/null)
PLATFORM := -D_DARWIN_C_SOURCE -mmacosx-version-min=11.0 -I$(BREW)/include
LIBDIRS  := -L$(BREW)/lib
ifneq ($(wildcard $(BREW)/opt/ncurses),)
PLATFORM += -I$(BREW)/opt/ncurses/include
LIBDIRS  += -L$(BREW)/opt/ncurses/lib
CURSES   := -lncursesw
else
CURSES   := -lncurses
endif
else
PLATFORM := -D_GNU_SOURCE
CURSES   := -lncursesw -ltinfo
endif

CPPFLAGS += -I. -I$(BUILD)/gen $(PLATFORM) -DNCURSES_WIDECHAR=1 -D_XOPEN_SOURCE_EXTENDED=1 \
            -DMDMSCOPE_VERSION='"$(VERSION)"' -DMDMSCOPE_DATA_DIR='"$(PREFIX)/share/mdmscope"'
CFLAGS   += -std=c11 -g -pthread $(OPTIMISE) $(WARNINGS)
LIBS     := $(LIBDIRS) $(CURSES) -lpcre2-8 -ljansson -lutf8proc -lz -lm

# --- objects ----------------------------------------------------------------------------------

# main.c is linked into the program only; everything else also into the tests.
SOURCES := $(filter-out tui/main.c,$(foreach f,$(FOLDERS),$(wildcard $(f)/*.c)))
objects  = $(patsubst %.c,$(BUILD)/%.o,$(filter $(1)/%,$(SOURCES)))
LIBRARIES := $(foreach f,$(FOLDERS),$(BUILD)/lib$(f).a)

# Out of another build directory nothing is put beside the sources.
mdmscope: $(BUILD)/mdmscope
ifeq ($(BUILD),build)
	cp $< $@.tmp && mv -f $@.tmp $@
endif

$(BUILD)/mdmscope: $(BUILD)/tui/main.o $(BUILD)/gen/embedded.o $(LIBRARIES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(BUILD)/tui/main.o $(call archives,tui) $(LIBS)

# The archives of a folder and of all floors below it, highest first.
archives_base    := base
archives_parsers := parsers base
archives_themes  := themes base
archives_filters := filters parsers base
archives_session := session filters parsers base
archives_tui     := tui session filters themes parsers base
archives = $(BUILD)/gen/embedded.o $(foreach f,$(archives_$(1)),$(BUILD)/lib$(f).a)

define library
$(BUILD)/lib$(1).a: $(call objects,$(1))
	@rm -f $$@
	$$(call say,AR,$$@)
	$$(Q)$$(AR) rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call library,$(f))))

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# --- data files that are compiled in ------------------------------------------------------------

EMBEDDED := $(wildcard themes/*.json filters/*.json filters/playbook/*.md session/*.ndjson)
# The tool runs on this machine, whatever the program is built for.
HOSTCC   ?= cc
HOST     := build/host

$(HOST)/embed-tool: base/tools/embed.c base/embed.h
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(HOSTCC) -std=c11 -O2 $(WARNINGS) -I. $(PLATFORM) $(LIBDIRS) -o $@ $< -lz

$(BUILD)/gen/embedded.c: $(HOST)/embed-tool $(EMBEDDED)
	@mkdir -p $(@D)
	$(HOST)/embed-tool $(EMBEDDED) > $@.tmp && mv $@.tmp $@

$(BUILD)/gen/embedded.o: $(BUILD)/gen/embedded.c
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) -std=c11 -O1 -c -o $@ $<

# --- tests ----------------------------------------------------------------------------------------

TESTS := $(patsubst %.c,$(BUILD)/%,$(foreach f,$(FOLDERS),$(wildcard tests/$(f)/*_test.c)))

define test_rule
$(BUILD)/tests/$(1)/%_test: $(BUILD)/tests/$(1)/%_test.o $$(call archives,$(1))
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$(filter %.o,$$<) $$(call archives,$(1)) $$(LIBS) -lcmocka
endef
$(foreach f,$(FOLDERS),$(eval $(call test_rule,$(f))))

# Some tests run these: the stand-in for Apple's log, the generator, the program itself.
$(BUILD)/tests/bin/log: $(BUILD)/tests/bin/log.o $(call archives,session)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(call archives,session) $(LIBS)

$(BUILD)/tests/tools/gen_ndjson: $(BUILD)/tests/tools/gen_ndjson.o $(call archives,base)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(call archives,base) $(LIBS)

PTY_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/pty/*_test.c))
PTY_PARTS := $(BUILD)/tests/pty/harness.o $(BUILD)/tests/pty/draw.o

$(BUILD)/tests/pty/%_test: $(BUILD)/tests/pty/%_test.o $(PTY_PARTS) $(call archives,tui)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(PTY_PARTS) $(call archives,tui) $(LIBS) -lcmocka -lvterm -lutil

TEST_PROGRAMS := $(TESTS) $(PTY_TESTS)
TEST_TOOLS    := $(BUILD)/mdmscope $(BUILD)/tests/bin/log $(BUILD)/tests/tools/gen_ndjson
RUN_TESTS      = MDMSCOPE_BUILD=$(BUILD) $(BEFORE) tests/run

# One folder's tests: make check-base, check-parsers, …
define folder_check
check-$(1): $$(filter $$(BUILD)/tests/$(1)/%,$$(TESTS)) $(2)
	@$$(RUN_TESTS) $$(filter $$(BUILD)/tests/$(1)/%_test,$$^)
endef
$(foreach f,base parsers themes filters,$(eval $(call folder_check,$(f),)))
$(eval $(call folder_check,tui,$(BUILD)/tests/bin/log))
$(eval $(call folder_check,session,$(BUILD)/tests/bin/log $(BUILD)/tests/tools/gen_ndjson))

check-pty: $(PTY_TESTS) $(TEST_TOOLS)
	@$(RUN_TESTS) $(PTY_TESTS)

# All tests of one build, golden frames included.
check-programs: $(TEST_PROGRAMS) $(TEST_TOOLS)
	@$(RUN_TESTS) $(TEST_PROGRAMS) tests/golden/run tests/docs tests/pictures

check: ## all tests, under ASan and UBSan; installs what is missing
	@.ci/deps build test
	@+if tests/tsan $(CC) >/dev/null; then $(SUBMAKE) check-tsan; fi
	@+$(SUBMAKE) check-asan
	@+$(SUBMAKE) check-floors

check-asan: ## the tests with AddressSanitizer and UndefinedBehaviorSanitizer
	@+$(SUBMAKE) SAN=1 BUILD=$(BUILD)/asan check-programs

# The tests in which there is a second thread: that of the capture.
THREAD_TESTS := $(patsubst %,$(BUILD)/tests/session/%_test,capture capture_fault capture_random \
                                                          session_capture)

check-threads: $(THREAD_TESTS) $(BUILD)/tests/bin/log
	@TSAN_OPTIONS=halt_on_error=1 $(RUN_TESTS) $(THREAD_TESTS)

check-tsan: ## the tests of the capture's thread with ThreadSanitizer
	@+before=$$(tests/tsan $(CC)) && \
	    $(SUBMAKE) TSAN=1 BUILD=$(BUILD)/tsan BEFORE="$$before" check-threads

check-plain: check-programs ## the tests without sanitizers

check-gnustep: $(call archives,filters) ## compares predicates with GNUstep's; needs gobjc and gnustep
	$(Q)gcc -x objective-c -std=gnu11 -Wall -I. $$(gnustep-config --objc-flags | sed 's/-MMD -MP//') \
	    tests/gnustep/check.m -x none $(call archives,filters) -o $(BUILD)/gnustep-check \
	    $$(gnustep-config --base-libs) $(LIBS)
	$(Q)$(BUILD)/gnustep-check

check-floors: $(LIBRARIES) ## the floors, from includes and from the objects' symbols
	@.ci/check-floors $(BUILD)

golden: $(BUILD)/mdmscope ## writes the golden frames anew; review them as a diff
	@MDMSCOPE_BUILD=$(BUILD) tests/golden/run --update

pictures: $(BUILD)/mdmscope ## draws the pictures of the README and doc/ anew
	@MDMSCOPE_BUILD=$(BUILD) tests/pictures --update

# --- what users do -----------------------------------------------------------------------------------

# The capture lasts twelve minutes; at this speed a good twenty seconds.
DEMO_SPEED ?= 30

demo: ## opens the explorer on the bundled capture; installs what is missing
	@.ci/deps build
	@+$(SUBMAKE) mdmscope
	./mdmscope --demo --speed $(DEMO_SPEED)

install: mdmscope ## PREFIX (/usr/local) and DESTDIR are honoured
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	    $(foreach d,themes filters filters/playbook session,$(DESTDIR)$(PREFIX)/share/mdmscope/$(d))
	install -m 755 mdmscope $(DESTDIR)$(PREFIX)/bin/mdmscope.new
	mv -f $(DESTDIR)$(PREFIX)/bin/mdmscope.new $(DESTDIR)$(PREFIX)/bin/mdmscope
	install -m 644 doc/mdmscope.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(wildcard themes/*.json) $(DESTDIR)$(PREFIX)/share/mdmscope/themes/
	install -m 644 $(wildcard filters/*.json) $(DESTDIR)$(PREFIX)/share/mdmscope/filters/
	install -m 644 $(wildcard filters/playbook/*.md) $(DESTDIR)$(PREFIX)/share/mdmscope/filters/playbook/
	install -m 644 $(wildcard session/*.ndjson) $(DESTDIR)$(PREFIX)/share/mdmscope/session/

uninstall: ## takes away what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/mdmscope $(DESTDIR)$(PREFIX)/share/man/man1/mdmscope.1
	rm -rf $(DESTDIR)$(PREFIX)/share/mdmscope

# --- what developers do --------------------------------------------------------------------------------

docs: $(BUILD)/mdmscope ## writes the generated pages of doc/ anew
	@MDMSCOPE_BUILD=$(BUILD) tests/docs --update

bench: ## measures side by side with the peers and writes doc/benchmarks.md
	@.ci/deps build bench
	@+$(SUBMAKE) $(BUILD)/tests/bench/bench $(TEST_TOOLS)
	tests/bench/run $(BUILD)

$(BUILD)/tests/bench/bench: $(BUILD)/tests/bench/bench.o $(call archives,session)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(call archives,session) $(LIBS)

FUZZ_SECONDS ?= 60
FUZZERS      := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))

fuzz: $(BUILD)/gen/embedded.c ## fuzzes each parser for FUZZ_SECONDS (60); needs clang
	@.ci/deps build fuzz
	@mkdir -p $(BUILD)/fuzz
	for name in $(FUZZERS); do \
	    clang $(CPPFLAGS) -std=c11 -g -O1 -fsanitize=fuzzer,address,undefined \
	        -o $(BUILD)/fuzz/$$name tests/fuzz/$${name}_fuzz.c \
	        $(filter base/%.c parsers/%.c themes/%.c filters/%.c tui/key.c,$(SOURCES)) \
	        $(BUILD)/gen/embedded.c $(LIBS) && \
	    mkdir -p $(BUILD)/fuzz/$$name.corpus && \
	    $(BUILD)/fuzz/$$name -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -print_final_stats=1 \
	        $(BUILD)/fuzz/$$name.corpus tests/data/fuzz/$$name || exit 1; \
	done

cross-macos: $(BUILD)/gen/embedded.c ## compiles and links for macOS arm64 and x86_64, from Debian
	@.ci/cross-macos $(BUILD) $(SOURCES) tui/main.c $(BUILD)/gen/embedded.c

check-size: ## lists files, functions and include lists that have grown too long
	@.ci/check-size $(SOURCES) tui/main.c

lint: ## clang-format, clang-tidy and cppcheck
	@.ci/deps build lint
	@.ci/lint $(SOURCES) tui/main.c

clean: ## removes what was built
	rm -rf build mdmscope

help: ## this list
	@echo "make            builds ./mdmscope"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	    while IFS='|' read -r name text; do printf 'make %-14s %s\n' "$$name" "$$text"; done

.PHONY: check check-gnustep check-asan check-tsan check-threads check-plain check-floors \
        check-programs check-pty check-size golden pictures demo \
        install uninstall docs bench fuzz cross-macos lint clean help \
        $(foreach f,$(FOLDERS),check-$(f))
.PRECIOUS: $(BUILD)/%.o

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
