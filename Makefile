# make demo: the main job on the data in demo/.   make test: every test.   Both install what is missing first.
# Other targets: build, bench, install, clean; tsan (all tests under ThreadSanitizer); fuzz (each fuzz target for SECONDS=60); page (builds report/dist); calibrate (scores of the lexicons).

BUILD := build
JOBS := $(shell nproc 2>/dev/null || echo 2)

.PHONY: all build demo test tsan fuzz bench install packages packages-test page calibrate clean

all: build

build: packages
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS)

packages:
	@tests/packages build

packages-test:
	@tests/packages test

demo: build
	@demo/run $(BUILD)/verbatim out/demo

test: packages-test
	@cmake --preset asan
	@cmake --build --preset asan -j $(JOBS)
	@ctest --preset asan -j $(JOBS)
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS)
	@ctest --preset release -j $(JOBS)

tsan:
	@tests/packages tsan
	@cmake --preset tsan
	@cmake --build --preset tsan -j $(JOBS)
	@TSAN_OPTIONS=ignore_noninstrumented_modules=1 ctest --preset tsan

SECONDS ?= 60

fuzz:
	@tests/packages fuzz
	@cmake --preset fuzz
	@cmake --build --preset fuzz -j $(JOBS)
	@tests/fuzz/run build-fuzz $(SECONDS)

bench: build
	@bench/run $(BUILD)/verbatim

page:
	cd report && npm ci && npm run build

calibrate: build
	@bench/calibrate $(BUILD)/verbatim

install: build
	@cmake --install $(BUILD)

clean:
	rm -rf build build-asan build-tsan build-fuzz build-dev out
