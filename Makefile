# Yichuan (驿传). `make` alone prints what there is; every target makes its own set-up first.
# Decisions behind this file: docs/adr/0002-locks-and-tools.md

PYTHON ?= python3
BIN := .venv/bin
VENV := .venv/.ready
NODE := node_modules/.ready
VENDOR := src/yichuan/web/static/vendor/.ready

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo serve test e2e check bench contact fuzz explore soak fmt lock clean base system-base system-test fonts peers

help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: system-test base peers ## everything the other targets need, from nothing (as root also Chromium and PostgreSQL)

demo: base ## the founding document sent to 92 units; then a server (ONCE=1: check each step and stop)
	$(BIN)/yichuan demo $(if $(ONCE),--once)

serve: base ## the whole exchange on this machine: pages, feed and worker
	$(BIN)/yichuan serve

test: system-test base peers ## all tests: on SQLite, on a real PostgreSQL, in Chromium
	@scripts/test

e2e: system-test base peers ## only the tests in Chromium
	@scripts/test e2e

check: base ## style, types, layers, migrations, file lengths, lock files
	@scripts/check

bench: system-test base ## measure beside a reference; JSON lines in benchmarks/out/
	$(BIN)/python -m benchmarks

fuzz: base ## ten minutes of hostile input for each parser (SECONDS=600, TARGETS="package draw")
	$(BIN)/python -m fuzz --seconds $(or $(SECONDS),600) $(TARGETS)

explore: system-test base ## property tests with 2,000 other examples each, where they name no number of their own
	HYPOTHESIS_PROFILE=thorough $(BIN)/pytest -q -n 2 -m "hypothesis and not e2e and not postgres" tests

soak: system-test base ## 500 sends and 2,000 receipts while processes are killed (DATABASE=postgres, STORE=s3, SEED=7, SENDS=5000, MINUTES=40)
	$(BIN)/python -m soak --minutes $(or $(MINUTES),3) --sends $(or $(SENDS),500) --database $(or $(DATABASE),both) --store $(or $(STORE),folder) $(if $(SEED),--seed $(SEED))

contact: system-test base ## every page of every sample OFD on sheets to be looked at, in benchmarks/out/contact/
	$(BIN)/python -m benchmarks.contact_sheet

fmt: $(VENV) ## put the code into shape
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lock: $(VENV) ## make the lock files anew (UPGRADE=1: with newer versions)
	@scripts/lock $(if $(UPGRADE),--upgrade)

clean: ## remove what set-up and tests made in this folder (the data in var/ stays)
	rm -rf .venv node_modules src/yichuan/web/static/vendor src/*.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# The set-up. What is made is remembered by a stamp inside the thing itself, so that removing it makes it anew.

base: $(VENV) $(VENDOR) fonts

system-base:
	@PYTHON="$(PYTHON)" scripts/system-packages base

system-test: | system-base
	@scripts/system-packages test

$(VENV): requirements/dev.txt pyproject.toml scripts/venv | system-base
	@PYTHON="$(PYTHON)" scripts/venv
	@touch $@

$(NODE): package-lock.json | system-base
	npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(VENDOR): $(NODE) $(VENV) scripts/vendor.py src/yichuan/web/icons.json
	@$(BIN)/python scripts/vendor.py
	@touch $@

peers: $(VENV)
	@$(BIN)/python scripts/peers.py

fonts: $(VENV)
	@$(BIN)/python scripts/fonts.py
