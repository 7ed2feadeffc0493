# make demo, test, eval, quality, fuzz, soak, bench, lint, docs, picture, wheel. Everything runs in .venv, which the first target creates.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test eval quality fuzz soak lint docs picture bench wheel wheels clean

demo: $(READY)
	$(BIN)/narrcheck check --fail-on never examples

test: lint
	$(BIN)/python docs/generate.py --check
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(READY)
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/letters.py

# docs/report.png: the html report of an example in Chromium.
picture: $(READY)
	$(BIN)/python docs/picture.py

# Thousands of spoilt files of every format; the table of docs/robustness.md.
fuzz: $(READY)
	cd tests && ../$(BIN)/python fuzzing.py 5000

# A batch killed at twenty points and resumed; a line a point.
soak: $(READY)
	cd tests && ../$(BIN)/python soak.py

# The fixtures against the floors and the committed baseline; what was lost is listed.
eval: $(READY)
	$(BIN)/narrcheck eval run eval/fixtures eval/batches --floors eval/floors.toml --against eval/baseline.json --fail-on-lost

# docs/quality.md and the baseline, from the fixtures.
quality: $(READY)
	$(BIN)/python eval/quality.py

bench: $(READY)
	$(BIN)/python -m bench

wheel: $(READY)
	$(BIN)/python -m build --wheel --no-isolation

# A folder of wheels for a machine without network: narrcheck and everything it needs.
wheels: $(READY)
	$(BIN)/python -m pip wheel --wheel-dir dist/wheels .

clean:
	rm -rf $(VENV) dist build

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@
