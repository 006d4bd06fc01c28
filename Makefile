# Every target sets up .venv by itself from pyproject.toml and constraints.txt.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint types bench soak pictures up

demo: $(READY)
	$(BIN)/kybaocao demo

test: $(READY)
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(READY)
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.uploads

soak: $(READY)
	KYBAOCAO_TEST_MUTANTS=4000 KYBAOCAO_TEST_REQUESTS=500 \
		$(BIN)/python -m pytest tests/test_fuzz.py tests/portal/test_reach.py

# Every page of the portal, by name and width, to be looked at.
pictures: $(READY)
	KYBAOCAO_TEST_REQUIRE=1 KYBAOCAO_TEST_PICTURES=data/pictures \
		$(BIN)/python -m pytest tests/browser/test_pages.py

up: $(READY)
	$(BIN)/kybaocao up

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(READY)
