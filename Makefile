PYTHON ?= python3
BIN := .venv/bin
DEMO := build/demo
# Only what the lock names, to the byte. Carnet itself is run where it is: nothing to install.
PIP = $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
UV := build/lock/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-annotate --quiet --custom-compile-command 'make lock'

help: ## shows these lines
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Il faut Python 3.11 ou plus récent.")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --requirement $<
	@touch $@

.venv/installed-for-tests: requirements-test.txt .venv/installed
	$(PIP) --requirement $<
	@touch $@

# Compiled at once: whoever serves it may not write here, and would compile it at each start.
install: .venv/installed ## makes .venv and installs what Carnet needs
	@$(BIN)/python -m compileall -q app.py models views

demo: export CARNET_INSTANCE := $(DEMO)
demo: .venv/installed ## a fictional association, in a throwaway instance, at http://127.0.0.1:8000
	@rm -rf $(DEMO) && mkdir -p build
	@$(BIN)/flask demo
	@trap 'kill 0' EXIT INT TERM; $(BIN)/flask work --loop & $(BIN)/python app.py

run: .venv/installed ## the real instance, in instance/
	@$(BIN)/flask init --if-needed
	@trap 'kill 0' EXIT INT TERM; $(BIN)/flask work --loop & $(BIN)/python app.py

# What is compiled is kept, even where the environment says not to: each start of Carnet takes 0.55 s
# of processor with it, 0.9 without.
test: export PYTHONDONTWRITEBYTECODE :=
test: .venv/installed-for-tests ## every test, browser journeys included
	@$(BIN)/python -m tests.tools
	@$(BIN)/python -m pytest -n 4 --dist worksteal

check: .venv/installed-for-tests ## style, import rules, templates, dependencies
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/python -m tests.check
	@$(BIN)/python -m tests.audit

audit: .venv/installed-for-tests ## asks whether a hole is known in a dependency
	@$(BIN)/python -m tests.audit

build/lock/bin/uv:
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

lock: build/lock/bin/uv ## renews the lock: the newest versions that pyproject.toml allows
	$(UV) --upgrade pyproject.toml --output-file requirements.txt
	$(UV) --upgrade pyproject.toml --extra test --constraint requirements.txt \
		--output-file requirements-test.txt
	$(MAKE) .venv/installed-for-tests
	$(BIN)/python -m tests.licences

bench: .venv/installed-for-tests ## the budgets, beside what is measured here
	@$(BIN)/python -m tests.bench $(PART)

.PHONY: help install demo run test check audit lock bench
