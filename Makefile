# Every task of a developer, by name: `make help`. Needs Python 3.11 or later, git and make; all else is installed here.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
# Test processes that run side by side; 0 runs all tests in one, as a debugger wants it.
JOBS ?= 2
# What `make test` runs: TESTS=tests/models runs a part of it.
TESTS ?= tests
# What `make bench` measures: PARTS="account pages" measures those alone, and then RESULTS.md stays as it is.
PARTS ?=

BIN := .venv/bin
PACKAGES := .venv/packages.stamp
ASSETS := assets/built/stamp.txt
PEERS := .venv-bench/packages.stamp
export PIP_DISABLE_PIP_VERSION_CHECK := 1

$(PACKAGES): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Turva needs Python 3.11 or later." if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; echo "Install Python's venv module (on Debian: python3-venv), then try again." >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

$(ASSETS): $(PACKAGES) assets/package.json assets/package-lock.json assets/install.py
	$(BIN)/python -m assets.install
	@touch $@

$(PEERS): benchmarks/requirements.txt
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --requirement benchmarks/requirements.txt
	@touch $@

.PHONY: help install assets run demo test types lint format bench

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(PACKAGES) $(ASSETS) ## Make .venv and install what Turva and its pages need

assets: $(ASSETS) ## Install the styles and scripts of the pages

run: install ## Serve on http://127.0.0.1:8000 with SQLite in var/, or as the environment says
	@exec $(BIN)/python main.py serve --development

demo: install ## Put the demonstration project into the development database
	@$(BIN)/python main.py migrate --development
	@$(BIN)/python main.py demo --development

test: install ## Run every test on SQLite and PostgreSQL, and measure coverage
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses=$(JOBS) --maxschedchunk=8 $(TESTS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report $(if $(filter-out tests,$(TESTS)),--fail-under=0)

types: $(PACKAGES) ## Check the types
	$(BIN)/mypy

lint: $(PACKAGES) ## Check rules and layout of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(PACKAGES) ## Lay the code out and mend what can be mended safely
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: install $(PEERS) ## Measure ratios against floors and peers, side by side
	$(BIN)/python -m benchmarks $(PARTS)
