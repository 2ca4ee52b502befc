# Tasks for people and for CI. `make` alone lists them.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
PYTEST := $(BIN)/pytest -n auto --maxprocesses 4
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header
SEED := seeds/us-russia-policy-2025

.DEFAULT_GOAL := help
.PHONY: help run test coverage lint check messages format lock fuzz fuzz-api bench-admin bench-exports checker screenshots

help: ## list the tasks
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: export INSECURE_LOCAL = 1
run: export PORT := $(PORT)
run: .venv/runtime var/secret_key ## start the demo on http://127.0.0.1:8000 (PORT, DATABASE_URL); stop it with Ctrl-C
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_vocabulary
	@$(BIN)/python manage.py load_package $(SEED) --publish
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/python manage.py demo
	@exec $(BIN)/gunicorn tracker.wsgi

test: .venv/dev ## run the tests on SQLite, and all that asks a database again on PostgreSQL
	$(PYTEST)
	DATABASE=postgresql $(PYTEST)

coverage: .venv/dev ## run the tests on SQLite and measure what they cover
	$(PYTEST) --cov --cov-report=term

lint: .venv/dev ## read the code: ruff, mypy, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint --lint templates

check: export ALLOWED_HOSTS = timeline.example
check: export DATABASE_URL = sqlite://:memory:
check: export PUBLIC_URL = https://timeline.example
check: .venv/dev ## ask Django: is a migration missing, is production safe
	@SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') && export SECRET_KEY && \
		$(BIN)/python manage.py makemigrations --check --dry-run && \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

fuzz: export FUZZ_QUERIES = 10000
fuzz: .venv/dev ## ask every address of data 10,000 hostile query strings and print how it answered (an hour or more)
	$(BIN)/pytest -q -s -n 0 --timeout 0 tests/timeline/api/test_fuzzed.py -k query_strings

fuzz-api: export FUZZ_CASES = 10000
fuzz-api: .venv/dev ## call the API 10,000 times as its description allows and forbids, and print how it answered
	$(BIN)/pytest -q -s -n 0 --timeout 0 tests/timeline/api/test_fuzzed.py -k description

messages: .venv/dev ## collect what is to be translated and compile the catalogues in locale/ (needs GNU gettext)
	@SECRET_KEY=collecting INSECURE_LOCAL=1 $(BIN)/python manage.py messages

format: .venv/dev ## write Python as ruff would
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench-admin: .venv/dev ## measure the admin's lists at 100,000 entries, on both databases (some minutes)
	$(BIN)/python -m tests.benchmarks.admin_lists
	DATABASE=postgresql $(BIN)/python -m tests.benchmarks.admin_lists

bench-exports: .venv/dev ## measure the files of everything beside psql and the sqlite3 shell (ROWS, DATABASE)
	$(BIN)/python -m tests.benchmarks.exports

screenshots: export INSECURE_LOCAL = 1
screenshots: .venv/dev var/secret_key ## take a picture of every page in every look (var/screenshots), and those of the README
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(BIN)/python -m tests.browser.screenshots --of seeds
	@$(BIN)/python -m tests.browser.screenshots

# Without its scripts: the package holds the checker itself.
checker: ## fetch the Nu HTML checker for the tests (npm and Java)
	@mkdir -p var/checker && cp tests/browser/package.json tests/browser/package-lock.json var/checker/
	@npm ci --prefix var/checker --ignore-scripts --no-audit --no-fund --loglevel=error

lock: .venv/dev ## write the locks from pyproject.toml (UPGRADE=--upgrade takes newer versions)
	$(COMPILE) $(UPGRADE) --output-file requirements.txt
	$(COMPILE) $(UPGRADE) --group dev --constraint requirements.txt --output-file requirements-dev.txt

# The stamps make a second run quick; a changed lock makes them old.
.venv/runtime: requirements.txt | $(BIN)/python
	@echo "Installing what the demo needs (once, about a minute) ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | $(BIN)/python
	@echo "Installing what the tests need (once, a few minutes) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed: make PYTHON=..." if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv

# 0600 from the first byte: the key is written by a process whose files nobody else may read.
var/secret_key: | $(BIN)/python
	@umask 077 && mkdir -p var && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))' > $@
