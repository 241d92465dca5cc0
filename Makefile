# The way of the data:
#   config.yaml → measure → static/records/ → figures + summary → data/measured.json → embed → content/ → Hugo → public/
# `make figures` goes from the left to content/, `make site` from content/ to public/.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --warn-undefined-variables --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

PYTHON ?= python3
QUICK ?=
ROUNDS ?=
RUNTIMES ?=
FORCE ?=
FRESH ?=
SCHEDULER ?=
TIMEOUT ?=
DRY_RUN ?=
FILE ?=
ARGS ?=

# 0 and nothing mean no, anything else yes.
yes = $(filter-out 0,$(1))
MEASURE_OPTIONS = $(if $(call yes,$(QUICK)),--quick) $(if $(ROUNDS),--rounds '$(ROUNDS)') \
    $(if $(RUNTIMES),--runtimes '$(RUNTIMES)') $(if $(call yes,$(FORCE)),--force) \
    $(if $(call yes,$(FRESH)),--fresh)
PUBLISH_OPTIONS = $(if $(call yes,$(DRY_RUN)),--dry-run) $(if $(call yes,$(FORCE)),--force)

VENV := .venv
RUN := $(VENV)/bin/python -m scripts
# The name of the interpreter is part of the stamp's: another PYTHON makes another environment.
STAMP := $(VENV)/ready-$(subst /,-,$(PYTHON))
TEST_STAMP := $(STAMP)-test
FLEET_STAMP := $(STAMP)-fleet

.PHONY: all figures redraw add-record fleet site serve check publish test lint bench lock clean help

all: figures ## measure this machine, then build the site (what `make` does)
	@$(RUN) site

figures: $(STAMP) ## measure, draw the figures, put the timings into the post (QUICK=1, ROUNDS=n, RUNTIMES="…", FORCE=1, FRESH=1)
	@$(RUN) figures $(MEASURE_OPTIONS)

redraw: $(STAMP) ## draw and embed again from the record, without measuring
	@$(RUN) redraw

add-record: $(STAMP) ## take in a record that was measured elsewhere (FILE=…), and derive everything anew
	@$(RUN) add-record '$(FILE)'

fleet: $(FLEET_STAMP) ## every host of a Dask cluster measures itself (SCHEDULER=tcp://…, ROUNDS=n, FORCE=1, TIMEOUT=seconds)
	@$(RUN) fleet $(if $(ROUNDS),--rounds '$(ROUNDS)') $(if $(call yes,$(FORCE)),--force) \
	    $(if $(TIMEOUT),--timeout '$(TIMEOUT)') '$(SCHEDULER)'

site: $(STAMP) ## build public/ from what is recorded; never measures
	@$(RUN) site

serve: $(STAMP) ## preview on 127.0.0.1:1313 with live reload
	@$(RUN) serve

check: $(STAMP) ## compare record, figures, data, post and measuring code; writes nothing
	@$(RUN) check

publish: $(STAMP) ## check, build and deliver to where config.yaml says (DRY_RUN=1 says what would be sent, FORCE=1)
	@$(RUN) publish $(PUBLISH_OPTIONS)

test: $(TEST_STAMP) ## run all tests (ARGS="…" goes to pytest)
	@$(VENV)/bin/python -m tests.site.browser
	@$(VENV)/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(TEST_STAMP) ## ruff: rules and format
	@$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .

bench: $(STAMP) ## what the program itself costs, side by side
	@$(VENV)/bin/python -m tests.bench

lock: $(TEST_STAMP) ## pin and hash the requirements anew from pyproject.toml
	@$(VENV)/bin/python -m scripts.lock

clean: ## remove what can be rebuilt; the record, the figures and the post stay
	@rm -rf public resources .run .hugo_build.lock

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

$(STAMP): requirements.txt scripts/bootstrap.py
	@command -v $(PYTHON) >/dev/null || { echo "make: no $(PYTHON) here (install Python 3.11 or newer, or make PYTHON=…)" >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py $(VENV) requirements.txt $@

$(FLEET_STAMP): requirements-fleet.txt $(STAMP)
	@$(PYTHON) scripts/bootstrap.py $(VENV) requirements-fleet.txt $@

$(TEST_STAMP): requirements-test.txt $(STAMP)
	@$(PYTHON) scripts/bootstrap.py $(VENV) requirements-test.txt $@
