# The way of the data:
#   config.yaml → measure → static/records/ → figures + summary → data/measured.json → embed → content/ → Hugo → public/
# `make figures` goes from the left to content/, `make site` from content/ to public/.

MAKEFLAGS += --warn-undefined-variables --no-builtin-rules
# Each target builds on what the one before it left, and recipes of one command need no bash.
.NOTPARALLEL:
.DEFAULT_GOAL := all

PYTHON ?= python3
QUICK ?=
ROUNDS ?=
RUNTIMES ?=
FORCE ?=
FRESH ?=
SCHEDULER ?=
TIMEOUT ?=
TLS_CA_FILE ?=
TLS_CERT_FILE ?=
TLS_KEY_FILE ?=
DRY_RUN ?=
FILE ?=
NAME ?=
ARGS ?=

# What somebody says with a variable reaches a recipe in its environment, as it was typed: neither
# make nor the shell reads it as their own text.
override SAID := PYTHON QUICK ROUNDS RUNTIMES FORCE FRESH SCHEDULER TIMEOUT DRY_RUN FILE NAME ARGS \
    TLS_CA_FILE TLS_CERT_FILE TLS_KEY_FILE
$(foreach name,$(SAID),$(eval override $(name) := $$(value $(name))))
export $(SAID)
# By these Python would take another program for itself, even when it heeds no other variable.
unexport PYTHONEXECUTABLE __PYVENV_LAUNCHER__

# All of this is ours, whatever a shell says to a make that heeds it (-e). 0 and nothing mean no,
# anything else yes.
override yes = $(filter-out 0,$(1))
override ROUNDS_OPTION = $${ROUNDS:+--rounds="$$ROUNDS"}
override FORCE_OPTION = $(if $(call yes,$(FORCE)),--force)

# Of the caller's variables none that speaks to Python is heard.
override IN_VENV := .venv/bin/python -E -s
# Files that were named are tested in one process, which begins at once.
override FEW = $(findstring tests/,$(ARGS))
# Nothing of ours asks; and with a folder as its standard input Python would not even start. In the
# place of its shell it gets the signals of who ends make.
override RUN := exec </dev/null $(IN_VENV) -m scripts
override SET_UP = @command -v "$$PYTHON" >/dev/null \
    || { echo "make: no $$PYTHON here (install Python 3.11 or newer, or make PYTHON=…)" >&2; exit 1; } \
    && exec </dev/null "$$PYTHON" -I scripts/bootstrap.py requirements.txt

.PHONY: all figures redraw add-record fleet site post serve check publish test lint bench lock clean help \
    ready ready-fleet ready-test

all: figures ## measure this machine, then build the site (what `make` does)
	@$(RUN) site

figures: ready ## measure, draw the figures, put the timings into the post (QUICK=1, ROUNDS=n, RUNTIMES="…", FORCE=1, FRESH=1)
	@$(RUN) figures $(ROUNDS_OPTION) $${RUNTIMES:+--runtimes="$$RUNTIMES"} $(FORCE_OPTION) \
	    $(if $(call yes,$(QUICK)),--quick) $(if $(call yes,$(FRESH)),--fresh)

redraw: ready ## draw and embed again from the record, without measuring
	@$(RUN) redraw

add-record: ready ## take in a record that was measured elsewhere (FILE=…), and derive everything anew
	@$(RUN) add-record -- "$$FILE"

fleet: ready-fleet ## every host of a Dask cluster measures itself (SCHEDULER=tls://…, TLS_CA_FILE=…, TLS_CERT_FILE=…, TLS_KEY_FILE=…, ROUNDS=n, FORCE=1, TIMEOUT=seconds)
	@$(RUN) fleet $(ROUNDS_OPTION) $(FORCE_OPTION) $${TIMEOUT:+--timeout="$$TIMEOUT"} -- "$$SCHEDULER"

site: ready ## build public/ from what is recorded; never measures
	@$(RUN) site

post: ready ## begin a post with an experiment of its own, to be rewritten (NAME=words-with-dashes)
	@$(RUN) post -- "$$NAME"

serve: ready ## preview on 127.0.0.1:1313 with live reload
	@$(RUN) serve

check: ready ## compare record, figures, data, post and measuring code; writes nothing
	@$(RUN) check

publish: ready ## check, build and deliver to where config.yaml says (DRY_RUN=1 says what would be sent, FORCE=1)
	@$(RUN) publish $(if $(call yes,$(DRY_RUN)),--dry-run) $(FORCE_OPTION)

test: ready-test ## run all tests (ARGS="…" goes to pytest)
	@$(if $(FEW),,$(IN_VENV) -m tests.site.browser &&) \
	    PYTEST_ADDOPTS="$(if $(FEW),,-n 2 --dist loadfile --no-loadscope-reorder) $$ARGS" \
	    $(IN_VENV) -m pytest

lint: ready-test ## ruff: rules and format; import-linter: which room may know which
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && $(IN_VENV) .venv/bin/lint-imports --no-logo --no-cache

bench: ready ## what the program itself costs, side by side; writes the costs in README.md
	@$(IN_VENV) -m tests.bench

lock: ready-test ## pin and hash the requirements anew from pyproject.toml
	@$(IN_VENV) -m scripts.lock

clean: ## remove what can be rebuilt; the record, the figures and the post stay
	@rm -rf public resources .run .hugo_build.lock

ready:
	$(SET_UP)

ready-fleet:
	$(SET_UP) requirements-fleet.txt

ready-test:
	$(SET_UP) requirements-test.txt

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile
