PYTHON ?= python3
BIN := .venv/bin
DEMO := build/demo

help: ## shows these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Il faut Python 3.11 ou plus récent.")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-for-tests: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

install: .venv/installed ## makes .venv and installs what Carnet needs

demo: export CARNET_INSTANCE := $(DEMO)
demo: .venv/installed ## a fictional association, in a throwaway instance, at http://127.0.0.1:8000
	@rm -rf $(DEMO) && mkdir -p build
	@$(BIN)/flask demo
	@trap 'kill 0' EXIT INT TERM; $(BIN)/flask work --loop & $(BIN)/python app.py

run: .venv/installed ## the real instance, in instance/
	@$(BIN)/flask init --if-needed
	@trap 'kill 0' EXIT INT TERM; $(BIN)/flask work --loop & $(BIN)/python app.py

test: .venv/installed-for-tests ## every test, browser journeys included
	@$(BIN)/python -m tests.tools
	@$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/installed-for-tests ## style, import rules, templates, dependencies
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/python -m tests.check

bench: .venv/installed-for-tests ## the budgets, beside what is measured here
	@$(BIN)/python -m tests.bench

.PHONY: help install demo run test check bench
