# Run `make` for the list. Everything happens in .venv, made on first use.

BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: help demo test test-slow lint format fuzz faults bench calibrate calibrate-pooled findings tools clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

$(STAMP): pyproject.toml uv.lock scripts/make-venv scripts/find-python
	@scripts/make-venv
	@touch $@

demo: $(STAMP) ## a whole trial, from protocol to report, into ./nof1-demo
	@rm -rf nof1-demo
	@$(BIN)/nof1 demo

test: $(STAMP) ## every test but the slow ones, on all cores; then what of nof1 was not run
	@$(BIN)/python -m pytest -q -n auto --dist worksteal --cov=nof1 --cov-report=

test-slow: $(STAMP) ## the slow tests: error rates, coverage, recovery
	@$(BIN)/python -m pytest -q -n auto --dist worksteal -m slow

lint: $(STAMP) ## style, types and floors
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo 'Run: make format'; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache >.venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }
	@echo 'Style, types and floors are sound.'

format: $(STAMP) ## let ruff put the style right
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format .

# Inputs FIRST to FIRST + N - 1; what is done is kept in .fuzz, so that a run stopped goes on there.
FIRST := 0
N := 1000000
WORKERS := 2

fuzz: $(STAMP) ## N inputs with something wrong through every reader, kept in .fuzz; PAGE=1 writes docs/robustness.md
	@PYTHONPATH=tests $(BIN)/python -m fuzzing --first $(FIRST) --n $(N) --workers $(WORKERS) \
	  $(if $(PAGE),--page docs/robustness.md)

# Faults of each command, and pairs for each kind of file locks.
EACH := 160
PAIRS := 200

faults: $(STAMP) ## disk faults and kills in every writing command, and recorders in pairs; PAGE=1 writes docs/robustness.md
	@PYTHONPATH=tests $(BIN)/python -m faults --each $(EACH) --pairs $(PAIRS) \
	  $(if $(PAGE),--page docs/robustness.md)

bench: $(STAMP) ## speed and memory, written to docs/benchmarks.md
	@$(BIN)/python benchmarks/run.py

calibrate: $(STAMP) ## error rates of the shipped defaults, measured anew; QUICK=1 for a few
ifdef QUICK
	@$(BIN)/python -m nof1.calibration --quick
else
	@$(BIN)/python -m nof1.calibration --out src/nof1/calibration/data
	@$(BIN)/python scripts/calibration-page
endif

calibrate-pooled: $(STAMP) ## how often pooled answers hold what they promise, measured anew; an hour
	@$(BIN)/python benchmarks/pooled_calibration.py

findings: $(STAMP) ## what other libraries do that surprises, shown again; needs the network
	@for script in findings/*.sh; do echo "== $$script"; PYTHON=$(abspath $(BIN))/python bash "$$script" || exit 1; done

# For developers only: to look at pages and to make the reference numbers again.
TOOLS := chromium poppler-utils imagemagick r-base-core r-cran-nlme r-cran-lme4 r-cran-lmertest \
         r-cran-pbkrtest r-cran-metafor r-cran-jsonlite
SUDO := $(if $(filter-out 0,$(shell id -u)),sudo)

tools: ## what only developers need, through apt: a browser, pdftoppm, R
	@command -v apt-get >/dev/null || { \
	  echo 'There is no apt-get here. Install by other means: $(TOOLS)'; exit 1; }
	@echo 'Installing $(TOOLS)'
	@echo 'nof1 itself needs none of them; they show pages as pictures and make reference numbers.'
	@$(SUDO) apt-get update -qq
	@$(SUDO) apt-get install -y -qq --no-install-recommends $(TOOLS)

clean: ## remove .venv, caches and the demo
	@rm -rf .venv nof1-demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .fuzz .coverage
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
