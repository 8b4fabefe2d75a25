# Luwte: `make help` lists what there is. Everything is set up by the targets themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECURE := .venv-secure
STAMPS := .make
SOURCES := pyproject.toml $(wildcard native/CMakeLists.txt native/src/*)
LETTER_PARTS := libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
TEST_PARTS := $(LETTER_PARTS) e2fsprogs mtools dosfstools ntfs-3g exfatprogs genisoimage ewf-tools bubblewrap libarchive13 libseccomp2 qemu-utils cryptsetup-bin apfsprogs iproute2 postgresql chromium softhsm2 systemd systemd-container
DESK_TESTS := tests/desk tests/model tests/cli tests/demo
HISTORIES ?= 100000
SEED ?= 0
TIME ?= 60
TARGET ?= all
SERVICE ?= pypi
export PYTHON
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test screenshots prove env lint bench fuzz secure lock clean

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' Makefile

demo: $(STAMPS)/env ## Run the main job on drawn pictures, then serve the desk (DEMO_EXIT=1 ends instead)
	@scripts/system-packages required e2fsprogs mtools
	@$(BIN)/luwte demo

test: $(STAMPS)/dev lint ## Check types, style, layers and the tree; run all tests, those of the desk on PostgreSQL too
	@scripts/system-packages optional $(TEST_PARTS)
	@$(BIN)/pytest -q -n 2 --dist worksteal $(TESTS)
	@$(if $(TESTS),,$(BIN)/pytest -q -n 2 --dist worksteal --on postgresql $(DESK_TESTS))

screenshots: $(STAMPS)/dev ## Take a picture of every page, in every language, on a phone and a desktop: build/screenshots/index.html
	@scripts/system-packages required chromium fonts-dejavu-core
	@mkdir -p build/screenshots
	@LUWTE_SCREENSHOTS=build/screenshots $(BIN)/pytest -q tests/browser/test_gallery.py -k without_script
	@echo "build/screenshots/index.html shows them all."

prove: $(STAMPS)/dev ## Hold the rules of telling against 100,000 random histories (HISTORIES=N) and every planted bug
	@HISTORIES=$(HISTORIES) SEED=$(SEED) $(BIN)/python -m tests.model.prove

env: $(STAMPS)/env ## Make .venv, where .venv/bin/luwte is the command

lint: $(STAMPS)/dev ## Check style, types and the import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(STAMPS)/bench ## Measure side by side with peers; writes docs/benchmarks.md and .json (BENCH="--part NAME": one part)
	@scripts/system-packages required e2fsprogs ntfs-3g ewf-tools sleuthkit
	@$(BIN)/python -m bench $(BENCH)

fuzz: $(STAMPS)/fuzz ## Fuzz the readers of foreign bytes (TIME=seconds each, TARGET=ewf|vics|csv_list|bundle|report|decisions|receipts|witness)
	@$(BIN)/python -m fuzz $(TARGET) --time $(TIME) --seed $(SEED)

secure: $(STAMPS)/secure ## Look for known weaknesses with bandit and pip-audit; needs the network (SERVICE=pypi|osv)
	@$(SECURE)/bin/python scripts/secure.py $(SERVICE)

lock: ## Pin requirements/*.txt anew with hashes (needs uv)
	@scripts/lock

clean: ## Remove what these targets made
	rm -rf $(VENV) $(SECURE) $(STAMPS) build .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(STAMPS)/venv: requirements/build.txt requirements/runtime.txt
	@scripts/system-packages required python3-venv
	@scripts/system-packages optional g++ python3-dev
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Luwte needs Python 3.11 or later; set PYTHON=/path/to/it.")'
	@echo "Setting up $(VENV) (a minute or two the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/env: $(STAMPS)/venv $(SOURCES)
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/env requirements/dev.txt requirements/cluster.txt
	@$(BIN)/pip install -q --require-hashes -r requirements/dev.txt -r requirements/cluster.txt
	@touch $@

$(STAMPS)/bench: $(STAMPS)/env requirements/bench.txt requirements/cluster.txt
	@$(BIN)/pip install -q --require-hashes -r requirements/bench.txt -r requirements/cluster.txt
	@touch $@

# Without Atheris (no wheel for this machine) the plain engine serves.
$(STAMPS)/fuzz: $(STAMPS)/env requirements/fuzz.txt
	@$(BIN)/pip install -q --require-hashes -r requirements/fuzz.txt || echo "Atheris is not installed: inputs are changed at random instead."
	@touch $@

# An environment of its own: the tools only read, and share no library with Luwte.
$(STAMPS)/secure: requirements/secure.txt
	@scripts/system-packages required python3-venv
	@test -x $(SECURE)/bin/python || $(PYTHON) -m venv $(SECURE)
	@$(SECURE)/bin/pip install -q --require-hashes -r requirements/secure.txt
	@mkdir -p $(STAMPS) && touch $@
