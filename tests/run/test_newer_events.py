"""With a newer file of events every chapter that reads them runs to its end and says so."""

import json
import os
import re
import shutil
import subprocess
import sys

import newer
import pytest

from helpers.base import paths
from helpers.run.baseline import BASELINE, moved, snapshot
from helpers.run.table import read_stages

pytestmark = pytest.mark.faults

COMMANDS = ("ucdp-events", "ucdp-severity", "ucdp-cell-events", "ucdp-cell-month")
RUN = """
import sys
from helpers.run.execute import run_stage
from helpers.run.run import default_params, open_run
run = open_run(default_params())
for name in sys.argv[1:]:
    run_stage(run, run.table[name])
"""
# What goes on with the events: at least one result of each chapter that reads them for more than a
# dated window. Of 05-border it is the table of cells; a chapter that is new has to be added.
GOES_ON = {
    "01-clean": ["clean.events_total", "clean.events_last_year"],
    "02-landscape": ["landscape.between_states_2025"],
    "03-where": [
        *("south_quotient", "south_share_ratio", "inflation", "theil", "first.quotient"),
    ],
    "03-whom": ["latest.mean", "latest.exponent", "growth.more_events", "hurdle.any"],
    "04-alliances": ["hazard_ratio", "largest_allied_share", "multiverse.specifications"],
    "05-sanctuaries": [
        *("ucdp.border_ratio", "ucdp.mainland_share_ratio", "multiverse.specifications"),
    ],
    "05-provinces": ["hypotheses.provinces.between_states"],
    "05-border": ["hypotheses.border.after"],
    "07-azm-i-istehkam": ["azm.permuted_rejects", "azm.placebo_rejects"],
    "07-controls": ["controls.provinces_dose", "controls.provinces_dose_reverse"],
}
READ = ("country_events.csv", "country_severity.csv", "events")
# Ends of the older file as a label would say them.
OLD = re.compile(r"\b(?:to|until|in) (?:the end of |December )?2021\b(?!-0)|to 2021-12|\b22\.1\b")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return what each chapter recorded in a copy of the project with the newer file."""
    root = tmp_path_factory.mktemp("newer") / "project"
    for name in ("src", "book", "notebooks", "params", "data/raw", "data/processed/kept"):
        shutil.copytree(
            paths.ROOT / name, root / name, ignore=shutil.ignore_patterns("_build", "__pycache__")
        )
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(paths.ROOT / name, root / name)
    file = newer.write(root)
    where = {"PYTHONPATH": str(root / "src"), "OPENBLAS_NUM_THREADS": "1"}

    def python(*words):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=root,
            env=os.environ | where,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-2000:]

    for command in COMMANDS:
        python("-m", "helpers.cli", "ingest", command, str(file))
    python("-c", RUN, *GOES_ON)
    listed = {name: root / f"data/processed/stages/{name}.json" for name in GOES_ON}
    return {name: json.loads(path.read_text())["results"] for name, path in listed.items()}


def test_the_list_holds_every_chapter_that_reads_events():
    reading = {one.name for one in read_stages().stage if set(READ) & set(one.reads)}
    assert reading == set(GOES_ON)


def test_the_first_chapter_tells_the_new_release_and_its_end(ran):
    told = {key: one["value"] for key, one in ran["01-clean"].items()}
    assert told["clean.events.release"] == newer.RELEASE
    assert told["clean.events.last_month"] == "December 2025"


@pytest.mark.parametrize("chapter", GOES_ON)
def test_results_that_rest_on_events_go_on_with_them(ran, chapter):
    before = json.loads(BASELINE.read_text(encoding="utf-8"))
    after = snapshot(ran[chapter])
    lines = moved({key: before[key] for key in after if key in before}, after)
    changed = {
        line.split(": ")[0] for line in lines
    }  # in its value, or in the window that it tells
    for ending in GOES_ON[chapter]:
        assert any(key.endswith(ending) for key in changed), f"{ending} did not move"


@pytest.mark.parametrize("chapter", GOES_ON)
def test_no_label_has_the_old_end_or_the_old_release(ran, chapter):
    labels = {key: f"{one['source']}; {one['unit']}" for key, one in ran[chapter].items()}
    assert [f"{key}: {said}" for key, said in labels.items() if OLD.search(said)] == []
    told = {key: one["value"] for key, one in ran[chapter].items()}
    spans = {key: one for key, one in told.items() if isinstance(one, str)}
    assert [f"{key}: {one}" for key, one in spans.items() if OLD.search(one)] == []
