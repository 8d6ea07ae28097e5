# postmortem: one non-recursive Makefile.
#
#   make            build build/$(MODE)/postmortem   (MODE=release|debug|asan)
#   make demo       install what is missing, build, run the demo case
#   make check      the same set-up, then every test
#   make install    PREFIX=/usr/local DESTDIR=
#   make bench      speed beside the peers, as ratios
#   make lint       clang-tidy, cppcheck, arrows between folders, format
#   make fuzz       libFuzzer targets: build/fuzz/tests/fuzz/live_X
#   V=1 shows commands; WERROR=1 stops at warnings

MODE ?= release
CC = gcc
CXX = g++
PREFIX ?= /usr/local
BUILD = build/$(MODE)
Q = $(if $(V),,@)

PACKAGES = libarchive libpff libqpdf libxml-2.0 zlib sqlite3 libcrypto libhs libpcre2-8 yaml-0.1 libunistring simdjson libzstd
CPPFLAGS = -I. -I$(BUILD)/generated -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
WARN = -Wall -Wextra -Wconversion -Wshadow -Wvla -Wpointer-arith \
	-Wwrite-strings -Wformat=2 $(if $(WERROR),-Werror)
CWARN = $(WARN) -Wstrict-prototypes -Wmissing-prototypes
HARDEN = -fstack-protector-strong -fPIE -fno-strict-aliasing
FLAGS.release = -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
FLAGS.debug = -O0 -g3 -DFAULT_INJECTION
FLAGS.asan = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer -DFAULT_INJECTION
FLAGS.fuzz = $(FLAGS.asan) -fsanitize=fuzzer-no-link
CFLAGS = -std=gnu11 $(CWARN) $(HARDEN) $(FLAGS.$(MODE)) -pthread
CXXFLAGS = -std=c++17 -DPOINTERHOLDER_TRANSITION=4 $(WARN) $(HARDEN) $(FLAGS.$(MODE)) -pthread
LDFLAGS = -pie -Wl,-z,relro,-z,now -pthread $(filter -fsanitize%,$(FLAGS.$(MODE)))
LIBS = -larchive -lpff -lbfio -lqpdf -lxml2 -lz -lsqlite3 -lcrypto -lhs -lpcre2-8 -lyaml -lunistring -lsimdjson -lzstd -lstdc++ -lm

SOURCES := $(sort $(wildcard parsers/*.c parsers/*/*.c forensics/*.c \
	forensics/*/*.c reports/*.c reports/*/*.c))
CXXSOURCES := $(sort $(wildcard parsers/*/*.cc))
# Data compiled in: rule tables, the schema, the report's style and script.
TABLES := $(sort $(wildcard forensics/*/tables/* forensics/case/*.sql \
	reports/html/assets/* reports/html/words/*))
UNITS := $(sort $(wildcard tests/unit_*.c))
FUZZERS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
GENERATORS := $(sort $(wildcard testdata/pstgen/*.c))
TEXTS := $(sort $(wildcard testdata/text/*.c))
BENCHGEN := $(sort $(wildcard testdata/bench/*.c))

OBJECTS = $(SOURCES:%.c=$(BUILD)/%.o) $(CXXSOURCES:%.cc=$(BUILD)/%.o) \
	$(BUILD)/generated/tables.o
LIBRARY = $(BUILD)/libpostmortem.a

all: $(BUILD)/postmortem
.PHONY: all demo demo-evidence check install bench lint lint-deps format fuzz \
	fuzz-live fuzz-replay clean packages generators unit tools
.SECONDARY:

$(BUILD)/postmortem: $(BUILD)/main.o $(LIBRARY)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $(BUILD)/main.o $(LIBRARY) $(LIBS)

$(LIBRARY): $(OBJECTS)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(OBJECTS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -isystem /usr/include/libxml2 -isystem /usr/include/hs -MMD -MP -c -o $@ $<

$(BUILD)/%.o: %.cc
	@mkdir -p $(@D)
	@echo "  CXX   $<"
	$(Q)$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/embed: testdata/embed.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O1 -o $@ $<

$(BUILD)/generated/tables.c: $(BUILD)/embed $(TABLES) Makefile
	@mkdir -p $(@D)
	@echo "  DATA  $@"
	$(Q)$(BUILD)/embed $(TABLES) > $@.new && mv $@.new $@

$(BUILD)/generated/tables.o: $(BUILD)/generated/tables.c
	$(Q)$(CC) $(CPPFLAGS) -std=gnu11 -fPIE -c -o $@ $<

# ---- tests

TESTLIBS = -lcmocka
TESTOBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/support_*.c)))

$(BUILD)/tests/unit_%: $(BUILD)/tests/unit_%.o $(TESTOBJECTS) $(LIBRARY)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS) $(TESTLIBS)

unit: $(UNITS:%.c=$(BUILD)/%)

# Tools for comparisons (tests/tools/*.py and tests/cli/corpus.sh call them).
$(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o $(BUILD)/tests/support_sink.o $(LIBRARY)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

tools: $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/tools/*.c)))

# Fuzz targets hold LLVMFuzzerTestOneInput; replay.c gives them a main().
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(LIBRARY)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

fuzz-replay: $(FUZZERS:%.c=$(BUILD)/%)

# The same targets under libFuzzer: build/fuzz/tests/fuzz/live_X FOLDER...
$(BUILD)/tests/fuzz/live_%: $(BUILD)/tests/fuzz/fuzz_%.o $(LIBRARY)
	@echo "  LINK  $@"
	$(Q)$(CXX) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

fuzz-live: $(FUZZERS:tests/fuzz/fuzz_%.c=$(BUILD)/tests/fuzz/live_%)

fuzz: packages
	@tests/packages.sh clang libclang-rt-14-dev
	@$(MAKE) --no-print-directory -j2 MODE=fuzz CC=clang CXX=clang++ fuzz-live

generators: $(BUILD)/pstgen $(BUILD)/benchgen

$(BUILD)/benchgen: $(BENCHGEN:%.c=$(BUILD)/%.o) $(TEXTS:%.c=$(BUILD)/%.o)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^

$(BUILD)/pstgen: $(GENERATORS:%.c=$(BUILD)/%.o) $(TEXTS:%.c=$(BUILD)/%.o)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcrypto -lz

# ---- speed beside the peers (BENCH=--quick, --big)

BENCH_PACKAGES = pff-tools pst-utils jq sqlite3 libgmime-3.0-dev

$(BUILD)/bench/gmime_walk: tests/bench/gmime_walk.c
	@mkdir -p $(@D)
	$(Q)$(CC) -O2 -o $@ $< $$(pkg-config --cflags --libs gmime-3.0)

# The demo case: evidence from testdata/demo's scenario, then the whole run.
# Status 3 is a run with losses, which the demo has on purpose.
DEMO = build/demo

demo-evidence: $(BUILD)/pstgen
	@python3 testdata/demo/make_demo.py $(BUILD)/pstgen $(DEMO)

demo: packages
	@$(MAKE) --no-print-directory -j$$(nproc) all generators
	@$(MAKE) --no-print-directory demo-evidence
	@$(BUILD)/postmortem analyze -i $(DEMO)/incident.yaml -o $(DEMO)/case \
		$(DEMO)/evidence || [ $$? = 3 ]

bench: packages
	@tests/packages.sh $(BENCH_PACKAGES)
	@$(MAKE) --no-print-directory -j2 all generators $(BUILD)/bench/gmime_walk
	@python3 tests/bench/bench.py $(BENCH) $(BUILD)

clean:
	rm -rf build

-include $(OBJECTS:.o=.d) $(BUILD)/main.d $(wildcard $(BUILD)/tests/*.d \
	$(BUILD)/tests/*/*.d $(BUILD)/testdata/*/*.d)

# ---- what a user runs

INSTALL_PACKAGES = g++ pkg-config libarchive-dev libqpdf-dev libpff-dev libbfio-dev libxml2-dev zlib1g-dev libzstd-dev \
	libsqlite3-dev libssl-dev libhyperscan-dev libpcre2-dev libyaml-dev \
	libunistring-dev libsimdjson-dev libcmocka-dev python3 sqlite3 pff-tools \
	pst-utils chromium poppler-utils tzdata libarchive-tools p7zip-full gcab \
	zip

# Installs what is missing, and says so in one line; silent when all is there.
packages:
	@tests/packages.sh $(INSTALL_PACKAGES)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BUILD)/postmortem $(DESTDIR)$(PREFIX)/bin/postmortem
	install -m 644 postmortem.1 $(DESTDIR)$(PREFIX)/share/man/man1/postmortem.1

# Faults are told to the debug build alone, so that one is built as well.
check: packages
	@command -v npm >/dev/null || tests/packages.sh npm || :
	@$(MAKE) --no-print-directory -j2 MODE=$(MODE) all generators unit fuzz-replay tools
	@$(MAKE) --no-print-directory -j2 MODE=debug all
	@tests/run.sh $(BUILD)

lint: lint-deps
	tests/lint.sh

lint-deps:
	@tests/lint_deps.sh

format:
	clang-format -i $(SOURCES) $(UNITS) main.c
