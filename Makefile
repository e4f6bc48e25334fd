# mdmscope: one Makefile, not recursive. `make help` lists what there is to make.
#
#   make BUILD=dir      objects elsewhere      make SAN=1      with ASan and UBSan
#   make CC=clang       another compiler       make WERROR=1   warnings are errors (CI)

BUILD   ?= build
PREFIX  ?= /usr/local
VERSION := 0.1.0
CC      ?= cc
AR      ?= ar

# A folder is a floor; each may include what stands before it (see doc/ARCHITECTURE.md).
FOLDERS := base parsers themes filters session tui

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Wformat=2
OPTIMISE := -O2
ifeq ($(SAN),1)
OPTIMISE := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LDFLAGS  += -fsanitize=address,undefined
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
CFLAGS   += -std=c11 -g $(OPTIMISE) $(WARNINGS)
LIBS     := $(LIBDIRS) $(CURSES) -lpcre2-8 -ljansson -lutf8proc -lz -lm

# --- objects ----------------------------------------------------------------------------------

# main.c is linked into the program only; everything else also into the tests.
SOURCES := $(filter-out tui/main.c,$(foreach f,$(FOLDERS),$(wildcard $(f)/*.c)))
objects  = $(patsubst %.c,$(BUILD)/%.o,$(filter $(1)/%,$(SOURCES)))
LIBRARIES := $(foreach f,$(FOLDERS),$(BUILD)/lib$(f).a)

mdmscope: $(BUILD)/mdmscope
	cp $< $@.tmp && mv -f $@.tmp $@

$(BUILD)/mdmscope: $(BUILD)/tui/main.o $(BUILD)/gen/embedded.o $(LIBRARIES)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(BUILD)/tui/main.o $(call archives,tui) $(LIBS)

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
	$(AR) rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call library,$(f))))

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# --- data files that are compiled in ------------------------------------------------------------

EMBEDDED := $(wildcard themes/*.json filters/*.json session/*.ndjson)

$(BUILD)/embed-tool: base/tools/embed.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -lz

$(BUILD)/gen/embedded.c: $(BUILD)/embed-tool $(EMBEDDED) Makefile
	@mkdir -p $(@D)
	$(BUILD)/embed-tool $(EMBEDDED) > $@.tmp && mv $@.tmp $@

$(BUILD)/gen/embedded.o: $(BUILD)/gen/embedded.c
	$(CC) $(CPPFLAGS) -std=c11 -O1 -c -o $@ $<

# --- tests ----------------------------------------------------------------------------------------

TESTS := $(patsubst %.c,$(BUILD)/%,$(foreach f,$(FOLDERS),$(wildcard tests/$(f)/*_test.c)))

define test_rule
$(BUILD)/tests/$(1)/%_test: $(BUILD)/tests/$(1)/%_test.o $$(call archives,$(1))
	$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LIBS) -lcmocka
endef
$(foreach f,$(FOLDERS),$(eval $(call test_rule,$(f))))

# One folder's tests: make check-base, check-parsers, …
$(foreach f,$(FOLDERS),$(eval check-$(f): $$(filter $$(BUILD)/tests/$(f)/%,$$(TESTS)) ; tests/run $$^))

tests: $(TESTS)

clean:
	rm -rf build mdmscope

.PHONY: tests clean $(foreach f,$(FOLDERS),check-$(f))
.SECONDARY:

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
