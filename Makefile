# Two commands: `make run` and `make test`. `make help` lists the others.

python := .venv/bin/python
sources := telemetry_site meters events alarms pollsters tests manage.py gunicorn.conf.py

.DEFAULT_GOAL := help
.PHONY: help run demo test test-fast check quick fix bench docs hooks lock dev

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: ## everything, on this machine; Ctrl-C stops it. make run ARGS="--port 9000"
	@.ci/bootstrap requirements.lock
	@exec $(python) manage.py up $(ARGS)

demo: ## fill the store with a month of a believable cloud
	@.ci/bootstrap requirements.lock
	@$(python) manage.py demo $(ARGS)
	@echo "Look at it: start 'make run' and open the address it prints, or ask 'manage.py meters'."

test: dev ## all tests, on SQLite and on a PostgreSQL of their own
	@.ci/packages
	@exec $(python) -m tests.run $(ARGS)

test-fast: dev ## the tests on SQLite alone, without processes and browsers
	@exec $(python) -m tests.run --fast $(ARGS)

check: quick ## style, types, migrations, settings, architecture, lock files
	@$(python) -m mypy
	@$(python) manage.py makemigrations --check --dry-run
	@$(python) manage.py check --deploy --fail-level WARNING
	@$(python) -m pytest -q tests/test_architecture.py tests/test_locks.py $(wildcard tests/test_docs.py)

quick: dev
	@$(python) -m ruff check $(sources)
	@$(python) -m ruff format --check $(sources)

fix: dev ## put right what ruff can put right
	@$(python) -m ruff check --fix $(sources)
	@$(python) -m ruff format $(sources)

bench: dev ## how fast it is
	@.ci/packages
	@exec $(python) -m tests.bench $(ARGS)

docs: dev ## rewrite the pages that are made from the code
	@exec $(python) -m tests.documents

hooks: dev ## let git run the quick half of `make check` before each commit
	@install -m 755 .ci/pre-commit "$$(git rev-parse --git-path hooks)/pre-commit"
	@echo "Git now runs .ci/pre-commit before each commit."

lock: dev ## make both lock files again from pyproject.toml
	@.ci/lock

dev:
	@.ci/bootstrap requirements-dev.lock
