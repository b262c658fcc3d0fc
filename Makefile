# The front door. Every verb is one line; what it does is in src/helpers.
PYTHON ?= python3
# What a person gave is a value to make and shell, never text of theirs; processes share the cores.
GIVEN := PYTHON PARAMS JOBS NAME ALL FAMILY SEED YES DASK_SCHEDULER GED CANDIDATE ACLED GTD FIGURES COUNTRY SOURCE FILE OLD NEW VERSION ONLY UPGRADE CLAIM
$(foreach name,$(GIVEN),$(eval override $(name) := $$(value $(name))))
export $(GIVEN)
export OPENBLAS_NUM_THREADS := 1
PY := .venv/bin/python
DO := $(PY) -I -m helpers.cli

.PHONY: help env report sweep data update freeze grade pdf test check mutants faults new new-country remove lock diff release verify bench baseline amendments lab calibrate audit across licences bundle archive clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

env: ## install requirements.lock into .venv (nothing happens when it is there)
	@command -v "$$PYTHON" >/dev/null || { printf 'error: %s\n' "$$PYTHON was not found; name a Python of 3.11 to 3.13, as in make report PYTHON=python3.12" >&2; exit 2; }
	@"$$PYTHON" -I src/helpers/cli/bootstrap.py

report: ## run what has changed and build the book (PARAMS=params/NAME.yml JOBS=n ONLY=03-trend,…)
sweep: ## run one notebook for each country of the tables, and compare them in a book of its own
data: ## look at files of your own, and with YES=1 use them (GED= CANDIDATE= ACLED= GTD= FIGURES= COUNTRY=)
update: ## put a newer file of a publisher's into the tables (SOURCE=ucdp-candidate FILE=path)
freeze: ## commit the forecast of the published run, so that it can be graded
grade: ## hold every frozen forecast against the months that have come
pdf: report ## print the whole book as one PDF with the system's Chromium

test: env ## run the tests, a file a core at a time
	@$(PY) -m pytest -m "not faults" -n auto --dist loadfile --no-loadscope-reorder

check: env ## format, lint, types, rooms, declared imports, facts in code, notebooks, docstrings
	@.venv/bin/ruff format --check --quiet . || { echo "error: run .venv/bin/ruff format ." >&2; exit 1; }
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/deptry src
	@$(DO) habits && $(DO) guard && $(PY) -m pytest -m house $$(grep -rl --include="*.py" "mark\.house" tests)

mutants: env ## break the code on purpose and count which breaks the tests notice (slow)
	@$(PY) tests/mutants/run.py

faults: env ## break it on purpose: kills, full disks, damage, hostile text (ALL=1 FAMILY=name SEED=n)
	@$(PY) tests/faults/main.py $${ALL:+--all} $${FAMILY:+--family="$$FAMILY"} $${SEED:+--seed="$$SEED"}

lock: env ## resolve pyproject.toml anew into the locks (UPGRADE=1: to the newest; then compare versions and results)
	@$(DO) lock && { [ -z "$$UPGRADE" ] || { $(MAKE) report && $(MAKE) diff OLD=HEAD; } || { cp .run/locks/*.lock . && $(MAKE) env && echo "error: the locks are as they were before" >&2; exit 1; }; }

new: ## make a notebook from the template, in the graph and the book (NAME=my-question CLAIM="…")
new-country: ## make the parameters of a country of the data, and skeletons of its tables (NAME=nigeria)
remove: ## take a notebook out of graph, book and results (NAME=my-question YES=1)
diff: ## say which results, verdicts and rows changed (OLD=rev NEW=rev)
release: ## write a release into the tree, and say what remains (VERSION=x.y.z)
verify: ## rebuild twice, the second time in other surroundings; compare every byte
bench: ## measure the graph against plain scripts, the statistics against plain loops
baseline: ## take the results of the published run as those that the tests compare with
amendments: ## write what was amended in the claims since they were stated, from git
lab: ## open a working copy of the notebooks in JupyterLab (PARAMS=params/NAME.yml)
calibrate: ## simulate size and power of the tests; try the model of trackers
audit: ## list the digits and words of quantity in prose that no recorded result stands behind
across: ## build with each Python that is there and the newest packages; compare results
licences: ## list the licence of each locked package and compare it with the policy
bundle: ## write source, data, results and book of the commit as one archive in dist
archive: bundle ## let frictionless and roc-validator judge the bundle, in .venv-archive
clean: ## remove everything generated, keep the environment
report sweep pdf verify bench data freeze: OF = $${PARAMS:+--params="$$PARAMS"}
new new-country remove: WITH = -- "$$NAME"
data: WITH = $${YES:+--yes}
report sweep bundle: WITH = $${JOBS:+--jobs="$$JOBS"}
report sweep data update freeze grade pdf new new-country remove diff release verify bench baseline amendments lab calibrate audit across licences bundle archive clean: env
	@$(DO) $@ $(OF) $(WITH)
