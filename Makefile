# Two commands from a fresh clone, with nothing but Python 3.11 and make:
#   make demo   trains on the embedded digits for about a minute and says how good they are
#   make test   runs every test

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: install demo test lint types check bench clean

install: $(READY)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,check]'
	touch $(READY)

demo: install
	$(BIN)/counterplay train digits

test: install
	$(BIN)/python -m pytest -rs

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install
	$(BIN)/pyright

check: lint types test

bench: install
	$(BIN)/python -m benchmarks.run

clean:
	rm -rf .venv build dist
