# emoser: speech emotion recognition inside PostgreSQL
#
#   make setup        install the Debian packages that the rest needs (root or sudo)
#   make demo         all of it on a throw-away PostgreSQL: load, train, predict, evaluate
#   make test         lint, unit tests, regression tests, pgTAP, multi-session tests
#   make slowcheck    what "make test" leaves out as it takes too long: other servers' headers, the archive for PGXN, the demo,
#                     the notebook, the pictures of docs, memory, full disks, accuracy on the bundled corpus,
#                     encoders of published sizes beside PyTorch (TORCH_PYTHON=a Python that has it)
#   make              build; "make install" puts it into the PostgreSQL of PG_CONFIG
#   make installcheck regression tests against a running server (PGHOST, PGPORT, PGUSER)
#   make web          the web page on a throw-away PostgreSQL with the bundled corpus
#   make pictures     the pictures of README and docs, anew
#   make notebook     docs/report.ipynb, run on the bundled corpus and kept with what it shows
#   make report       docs/report.html, of the bundled model on EmoDB (EMODB=directory)
#   make bench        speed and accuracy beside other tools (EMODB=directory)
#   make dist         the archive for PGXN, of the last commit
#   make fuzz         coverage-guided fuzzing of the core, FUZZ_SECONDS=20 for each of some twenty targets;
#                     clang; FUZZ_RUNS=10000000 for so many executions, TARGETS="wav flac" for these alone
#   make fuzz-coverage what "make fuzz" has reached so far, as a table
#   make asancheck    the extension under AddressSanitizer and UBSan in a server: every algorithm in every function,
#                     hostile calls, the regression tests; half an hour, root
#   make packagecheck Debian packages and containers, built and used in fresh systems; ten minutes,
#                     root, debootstrap, network
#   make crashcheck   100 kills and shutdowns in the middle of trainings and deployments, and full disks;
#                     half an hour, the full disks as root only
#   make systemcheck  the commands of README in fresh systems of three Debian releases, and pg_upgrade;
#                     an hour and more; root, debootstrap, network

EXTENSION = emoser
MODULE_big = emoser

CORE_SOURCES = $(wildcard src/core/*/*.c)
PG_SOURCES = $(wildcard src/pg/*/*.c)
OBJS = $(patsubst %.c,%.o,$(CORE_SOURCES) $(PG_SOURCES))

# The install script is the topics of sql/install, in the order of their numbers, and before models the
# bundled one, which is data and kept apart.  Steps from released versions to this one are in sql/updates.
EXTENSION_VERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" emoser.control)
INSTALL_PARTS = $(sort $(wildcard sql/install/[1-3]*.sql)) data/emodb-model.sql \
	$(sort $(wildcard sql/install/[4-9]*.sql))
DATA_built = build/$(EXTENSION)--$(EXTENSION_VERSION).sql
DATA = $(wildcard sql/updates/*.sql)

REGRESS = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
REGRESS_OPTS = --load-extension=emoser

EXTRA_CLEAN = build emoser_av$(DLSUFFIX)

# The module with FFmpeg's libraries is built where they are, see src/av.  It takes of the core what it
# needs, as the symbols of the other module are not for it.
AV_PACKAGES = libavformat >= 59 libavcodec >= 59 libavutil >= 57
HAVE_AV := $(shell pkg-config --exists '$(AV_PACKAGES)' 2>/dev/null && echo yes)
AV_SOURCES = $(wildcard src/av/*.c) src/core/base/env.c src/core/audio/input.c src/core/audio/unreadable.c
AV_OBJS = $(AV_SOURCES:.c=.o)
AV_MODULE = $(if $(HAVE_AV),emoser_av$(DLSUFFIX))
# What both modules must have been built with, see decoder_module.h.
AV_INTERFACE := $(shell cat src/core/base/env.h src/core/audio/decoder.h src/core/audio/container.h \
	src/core/audio/chunks.h src/core/audio/codec.h src/core/audio/codec_boxes.h src/core/audio/input.h | cksum | cut -d ' ' -f 1)

# The flags of our own files.  Server headers are system headers, so that -Wextra is about us;
# -ffp-contract=off keeps sums the same bit for bit between gcc and clang.  Headers before 16 declare
# functions without their arguments, which the C of gcc 15 and later refuses, and those of 19 have
# typeof_unqual, which C11 has not.
C_DIALECT = $(if $(filter 14 15 16 17 18,$(MAJORVERSION)),-std=gnu11)
WARNINGS = -Wall -Wextra -Werror -Wno-declaration-after-statement
# The server was built with gcc and hands on its flags, of which clang doesn't know all.
ifneq ($(findstring clang,$(CC)),)
WARNINGS += -Wno-ignored-optimization-argument -Wno-unknown-warning-option
endif
# opusfile.h looks for its neighbours without a folder.
OPUS_HEADERS = -isystem /usr/include/opus
PG_CPPFLAGS = -isystem $(shell $(PG_CONFIG) --includedir-server) $(OPUS_HEADERS) -I$(CURDIR)/src
PG_CFLAGS = $(WARNINGS) $(C_DIALECT) -O3 -fno-math-errno -ffp-contract=off
SHLIB_LINK = -lsndfile -lmpg123 -lopusfile -lopus -lvorbisfile -lsoxr -lfftw3f -lopenblas -lpng -lm

# PGXS would also make LLVM bitcode, for inlining into queries: nothing here is worth inlining.
override with_llvm = no

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

ifneq ($(wildcard $(PGXS)),)
include $(PGXS)

# PGXS does not track headers.
$(OBJS) $(AV_OBJS): $(wildcard src/*/*/*.h src/av/*.h)

src/pg/base/av_module.o src/av/module.o: CPPFLAGS += -DEMO_DECODER_INTERFACE=$(AV_INTERFACE)u
src/pg/base/av_module.o: CPPFLAGS += -DEMO_AV_MODULE_FILE='"emoser_av$(DLSUFFIX)"'

all: $(AV_MODULE)

emoser_av$(DLSUFFIX): $(AV_OBJS) src/av/exports
	$(CC) $(CFLAGS) $(AV_OBJS) $(LDFLAGS) $(LDFLAGS_SL) -shared -o $@ \
		-Wl,--version-script=src/av/exports $$(pkg-config --libs $(foreach word,$(AV_PACKAGES),$(filter lib%,$(word))))

$(filter src/av/%,$(AV_OBJS)): CPPFLAGS += $(if $(HAVE_AV),$(shell pkg-config --cflags libavformat libavcodec libavutil))

install: install-av
uninstall: uninstall-av
install-av: $(AV_MODULE) | installdirs
	$(if $(AV_MODULE),$(INSTALL_SHLIB) $(AV_MODULE) '$(DESTDIR)$(pkglibdir)/$(AV_MODULE)')
uninstall-av:
	rm -f '$(DESTDIR)$(pkglibdir)/emoser_av$(DLSUFFIX)'

$(DATA_built): $(INSTALL_PARTS)
	@mkdir -p build
	cat $^ > $@
else
all install installcheck:
	@echo "PostgreSQL's development files are not installed; 'make setup' does that." >&2
	@false
clean:
	rm -rf build
endif

setup:
	@test/setup

demo: setup
	@test/demo

web: setup
	@test/setup --web
	@test/web

test:
	@test/setup --tests
	@test/all

slowcheck:
	@test/setup --tests
	@test/all --slow

unitcheck:
	$(MAKE) -C test/unit check

pgtap:
	test/pgtap/run

lint:
	test/lint

pictures:
	@test/setup --tests
	@docs/pictures/make
	@docs/pictures/page

report: setup
	@bench/report

notebook:
	@test/setup --tests
	@test/notebook.py

bench: setup
	bench/run

dist:
	git archive --format=zip --prefix=$(EXTENSION)-$(EXTENSION_VERSION)/ -o $(EXTENSION)-$(EXTENSION_VERSION).zip HEAD
	@echo $(EXTENSION)-$(EXTENSION_VERSION).zip

fuzz fuzz-coverage:
	test/setup --fuzz
	$(MAKE) -C test/fuzz $(subst fuzz-,,$@)

asancheck:
	test/asan

packagecheck:
	test/packages/all

crashcheck:
	test/shell/killed 100
	test/shell/disk_full

systemcheck:
	test/systems/all $(PARTS)

.PHONY: install-av uninstall-av setup demo web test slowcheck unitcheck pgtap lint pictures notebook report bench dist fuzz fuzz-coverage asancheck crashcheck packagecheck systemcheck
