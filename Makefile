# `make` alone lists the targets. A machine with Python 3.11 and make is enough; the rest comes into .venv.
PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask
# Whole files go to one of two processes: each keeps its databases, and the files are independent of each other. They go
# in their order (tests/support/following.py): by the number of their tests the slowest would come last, and one wait.
SIDE_BY_SIDE := -rs -n 2 --dist loadfile --no-loadscope-reorder
PYTEST ?= $(BIN)/pytest $(SIDE_BY_SIDE)
INSTALLED := .venv/.installed
# What is compiled from each messages.po; without it the pages are English.
CATALOGS := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
READY := $(INSTALLED) $(CATALOGS)
GATED := directory/domain/*,directory/queries/*,directory/services/*

.DEFAULT_GOAL := help
.PHONY: help run test check style types markup security drift gate format lock bench relevance mutate soak lighthouse pictures translations clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(INSTALLED): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed. Install it, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing into .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

%.mo: %.po $(INSTALLED)
	@$(BIN)/pybabel --quiet compile --input-file=$< --output-file=$@

run: export DEMO = 1
run: $(READY)  ## Set up what is missing and serve the demonstration on this machine
	@$(FLASK) db upgrade
	@$(FLASK) places load
	@$(FLASK) demo load
	@exec $(FLASK) serve

test: $(READY)  ## Run the tests; what this machine cannot run is skipped, with the reason
	@$(PYTEST)

check: style types markup security drift gate  ## Run everything that CI runs

style: $(INSTALLED)  ## Check the shape and the style of the code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(INSTALLED)  ## Check the types
	$(BIN)/mypy

markup: $(INSTALLED)  ## Check the templates
	$(BIN)/djlint --quiet --lint templates

security: $(INSTALLED)  ## Look for patterns that are known to be dangerous
	$(BIN)/bandit -q -r directory

drift: $(INSTALLED)  ## Check that models and migrations describe the same tables
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && export DATABASE_URL="sqlite:///$$folder/drift.sqlite3" && \
		$(FLASK) db upgrade && $(FLASK) db check

gate: $(READY)  ## Run the tests and hold their coverage against the gate
	@$(BIN)/coverage erase
	$(MAKE) --no-print-directory test PYTEST="$(BIN)/coverage run -m pytest $(SIDE_BY_SIDE)"
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='$(GATED)' --fail-under=100

format: $(INSTALLED)  ## Bring the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(INSTALLED)  ## Write the lock files anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-annotate --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-annotate --no-header --extra dev pyproject.toml \
		-o requirements-dev.lock

bench: $(READY)  ## Measure the searches against their targets
	@$(BIN)/python -m benchmarks

relevance: $(READY)  ## Put 200 queries to the search box and print what it did not understand
	@$(BIN)/python -m benchmarks.relevance

mutate: $(READY)  ## Change the scorer in many ways and count what the tests notice
	@$(BIN)/python -m tests.mutation

soak: $(READY)  ## Race with many processes, clear a long queue by keyboard, and do all that can be done at random
	@$(BIN)/python -m tests.soak

lighthouse: $(READY)  ## Have Lighthouse judge three pages as a phone sees them; needs node
	@$(BIN)/python -m benchmarks.lighthouse

pictures: $(READY)  ## Take pictures of the pages
	@$(BIN)/python -m tests.browser.pictures

translations: $(INSTALLED)  ## Gather new words to translate, and name those without a translation
	@$(BIN)/python -m translations

clean:  ## Remove what the tools left behind; the environment and the database stay
	@rm -rf .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis build mutants pictures
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
