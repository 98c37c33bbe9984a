# Mainstay needs make, git and Python 3.11+ with its venv package; everything else comes into .venv and node_modules.
.DEFAULT_GOAL := help
.PHONY: help demo test lint drill bench assets shots locks wheel clean

PORT ?= 8000
SIZE ?= normal
python := .venv/bin/python

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## the demo province on http://localhost:8000 (PORT=… moves it, SIZE=small|large); Ctrl-C stops it
	@tools/setup run
	@$(python) -m tools.assets
	@exec .venv/bin/mainstay demo run --port $(PORT) --size $(SIZE)

test: ## everything: lint, types, import contracts, SQLite, PostgreSQL, browser
	@tools/setup dev
	@$(python) -m tools.assets
	@$(python) -m tools.chromium
	@$(python) -m tools.verify test

lint: ## only what reads the code: style, format, types, import contracts
	@tools/setup dev
	@$(python) -m tools.verify lint

drill: ## one long proof from tests/drills, outside `make test`: make drill NAME=…
	@test -f "tests/drills/$(NAME).py" || { echo "Say which: make drill NAME=…, one of:"; \
		ls tests/drills 2>/dev/null | sed -n 's/^\([a-z].*\)\.py$$/    \1/p'; exit 2; }
	@tools/setup dev
	@$(python) -m tools.assets
	@exec $(python) -m tests.drills.$(NAME) $(ARGS)

bench: ## how fast, beside real alternatives: all questions into benchmarks/RESULTS.md; NAME=… asks one
	@tools/setup dev
	@tools/bench-setup
	@exec $(python) -m benchmarks $(NAME) $(ARGS)

assets: ## scripts, styles, icons and translations, where they are out of date
	@tools/setup run
	@$(python) -m tools.assets

shots: ## the screenshots of the README, from a demo on PORT: SHOT_USER=… SHOT_PASSWORD=… [NAME=…]
	@tools/setup dev
	@$(python) -m tools.chromium
	@$(python) -m tools.shots --url http://localhost:$(PORT) --user "$(SHOT_USER)" --password "$(SHOT_PASSWORD)" $(NAME)

locks: ## compile requirements/*.in and package.json anew into locks that name no index
	@tools/setup dev
	@tools/locks

wheel: ## a wheel in dist/, with its assets built in
	@tools/setup run
	@$(python) -m hatchling build -t wheel

clean: ## remove what is built and the caches; keeps .venv, node_modules and var
	rm -rf dist mainstay/faces/ui/static/mainstay .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find mainstay tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
