# Every target sets up .venv by itself: what the product needs, or what developing it needs too.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: demo test lint types bench soak pictures up constraints

demo: $(READY)
	$(BIN)/kybaocao demo

test: $(READY_DEV)
	$(BIN)/python -m pytest

lint: $(READY_DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(READY_DEV)
	$(BIN)/mypy

bench: $(READY_DEV)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.uploads

soak: $(READY_DEV)
	KYBAOCAO_TEST_MUTANTS=4000 KYBAOCAO_TEST_REQUESTS=500 KYBAOCAO_TEST_CONSOLIDATIONS=2000 \
		KYBAOCAO_TEST_VARIANTS=2000 KYBAOCAO_TEST_REWRITINGS=400 KYBAOCAO_TEST_LOCK_SECONDS=45 \
		KYBAOCAO_TEST_PLAYS=400 KYBAOCAO_TEST_KILLS=60 KYBAOCAO_TEST_COPIES=60 \
		KYBAOCAO_TEST_EXAMPLES=2000 \
		$(BIN)/python -m pytest tests/test_fuzz.py tests/test_variants.py \
		tests/test_marked_copies.py tests/portal/test_reach.py tests/portal/test_busy.py \
		tests/rules \
		tests/adapters/workbooks/reading/test_one_grammar.py tests/steps/test_what_counts.py \
		tests/steps/test_at_once.py tests/steps/intake/test_receive.py tests/steps/post/test_send.py

# Every page of the portal, by name and width, to be looked at.
pictures: $(READY_DEV)
	KYBAOCAO_TEST_REQUIRE=1 KYBAOCAO_TEST_PICTURES=data/pictures \
		$(BIN)/python -m pytest tests/browser/test_pages.py

up: $(READY)
	$(BIN)/kybaocao up

# Pins every package to one version and its hashes, again: `make constraints` takes over what
# pyproject.toml newly says, `make constraints RENEW=--upgrade` the newest of everything, and
# `make constraints RENEW='-P prefect'` of one. To be run with the oldest Python that counts.
constraints: export CUSTOM_COMPILE_COMMAND = make constraints
constraints: $(READY_DEV)
	$(BIN)/pip-compile $(RENEW) -o constraints.txt pyproject.toml
	$(BIN)/pip-compile $(RENEW) -o constraints-dev.txt -c constraints.txt --extra dev pyproject.toml

$(READY): constraints.txt
$(READY_DEV): constraints-dev.txt
# The packages come by their hashes, and then ours alone, which has none: pip takes no mixture.
$(READY) $(READY_DEV): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --no-deps --require-hashes -r $(filter constraints%,$^)
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@
