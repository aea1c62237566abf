# Bascule's commands for people; the build itself is CMake's (CMakeLists.txt, CMakePresets.json).

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# The steps depend on each other in the order they are named; ninja and ctest do the work in parallel.
.NOTPARALLEL:
FUZZ_SECONDS ?= 60
TEST_JOBS ?= 2
CTEST_ARGS ?=

.PHONY: help demo test build debug docs bench lint check format fuzz asan-test clean deps deps-build deps-test bench-online test-postgres-matrix

help: ## list these commands
	@echo "make COMMAND, where COMMAND is one of"
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{ printf "  %-21s %s\n", $$1, $$2 }'

demo: build ## see it work: build it and run the quickstart on SQLite
	@scripts/demo

test: deps-build deps-test check build-tests ## everything CI runs: install what is missing, build, check, test
	@ctest --preset release -j $(TEST_JOBS) --timeout 300 $(CTEST_ARGS)

build: deps-build build/build.ninja ## the release binary, build/bascule
	@cmake --build --preset release --target bascule

docs: deps-build build/build.ninja ## write the pages that are made from the program: docs/rules/
	@cmake --build --preset release --target bascule_rule_docs
	@build/tests/lint/bascule_rule_docs docs/rules

bench: deps-build deps-test build ## measure it beside Alembic and psql
	@bench/run

bench-online: deps-build deps-test build ## what an application feels while migrations run (needs a quiet machine)
	@bench/run --online

check: ## the quick checks of the tree: layout, layers, file length
	@scripts/check

lint: deps-build deps-test build/build.ninja ## the quick checks and clang-tidy (unchanged files are skipped)
	@scripts/check
	@scripts/tidy

format: ## lay out all sources with clang-format
	@scripts/format

fuzz: deps-build deps-test ## run each fuzz target for FUZZ_SECONDS (60)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz

test-postgres-matrix: deps-build build/build.ninja ## locks and online runs on PostgreSQL 11 to 18, where npm can get them
	@scripts/install-deps test
	@scripts/postgres-matrix
	@cmake --build --preset release --target bascule_lock_lab bascule
	@tools/lock_lab --matrix || [ $$? -eq 77 ]
	@JOBS=$(TEST_JOBS) scripts/test-python tests/online/matrix.py build/bascule || [ $$? -eq 77 ]

asan-test: deps-build deps-test ## the tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@[ -f build-asan/build.ninja ] || cmake --preset asan
	@cmake --build --preset asan
	@ctest --preset asan -j $(TEST_JOBS) --timeout 600 $(CTEST_ARGS)

debug: deps-build ## a debug build, build-debug/bascule
	@[ -f build-debug/build.ninja ] || cmake --preset debug
	@cmake --build --preset debug

deps: deps-build deps-test ## install missing packages (apt; asks sudo when not root)

clean: ## remove what the builds made
	rm -rf build build-debug build-asan build-fuzz

# Steps of the above.
.PHONY: build-tests
build-tests: deps-build build/build.ninja
	@cmake --build --preset release

deps-build:
	@scripts/install-deps build
	@scripts/fetch-grammars

deps-test:
	@scripts/install-deps test
	@scripts/venv
	@scripts/flyway
	@scripts/prisma
	@scripts/dbmate
	@scripts/go-tools
	@scripts/squawk

build/build.ninja: | deps-build
	@cmake --preset release
