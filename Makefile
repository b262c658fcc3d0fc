# The front door. Every verb is one line; what it does is in src/helpers.
PYTHON ?= python3
PARAMS ?= params/pakistan.yml
JOBS ?=
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help env report pdf test audit calibrate lab new lock verify bench clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

env: ## install requirements.lock into .venv (nothing happens when it is there)
	@command -v $(PYTHON) >/dev/null || { echo "error: $(PYTHON) was not found; name a Python of 3.11 to 3.13, as in make report PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -I src/helpers/cli/bootstrap.py

report: env ## run what has changed and build the book (PARAMS=params/NAME.yml JOBS=n)
	@$(PY) -m helpers.cli.report --params $(PARAMS) $(if $(JOBS),--jobs $(JOBS))

pdf: report ## print the whole book as one PDF with the system's Chromium
	@$(PY) -m helpers.book.print --params $(PARAMS)

test: env ## run the tests
	@$(PY) -m pytest

lab: env ## open a working copy of the notebooks in JupyterLab
	@$(PY) -m helpers.cli.lab

new: env ## make a notebook from the template, in the graph and the book (NAME=my-question)
	@$(PY) -m helpers.cli.new "$(NAME)"

calibrate: env ## simulate size and power of the tests, write data/processed/calibration.json
	@$(PY) -m helpers.cli.calibrate

lock: env ## resolve pyproject.toml anew into requirements.lock
	@$(PY) -m helpers.cli.lock

audit: env ## list the digits in prose that no recorded result stands behind
	@$(PY) -m helpers.prose.digits

verify: env ## rebuild twice in fresh folders and compare every byte
	@$(PY) -m helpers.cli.verify --params $(PARAMS)

bench: env ## measure the graph against plain scripts, the statistics against plain loops
	@$(PY) -m helpers.cli.bench --params $(PARAMS)

clean: ## remove everything generated, keep the environment
	rm -rf data/processed/* book/_build .pytask pytask.lock .pytest_cache
