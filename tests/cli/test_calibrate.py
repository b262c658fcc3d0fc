"""``make calibrate``: the parts that it runs, and that what it kept is of today's code."""

import os
import subprocess
import sys

import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli import calibrate as trials
from helpers.run.kept import code_key, read
from helpers.run.kernel import PROCESSOR, environment
from helpers.stats.trackers import calibration, left_out, outliers, sensitivity

KEPT = {
    "trackers-ranks": calibration,
    "trackers-worlds": calibration,
    "trackers-errors": outliers,
    "trackers-left-out": left_out,
    "trackers-left-out-held": left_out,
    "trackers-sensitivity": sensitivity,
}
OF_FIGURES = {"trackers-left-out", "trackers-left-out-held", "trackers-sensitivity"}


@pytest.mark.parametrize("name", sorted(KEPT))
def test_the_kept_tables_are_of_the_code_and_the_figures_of_today(name):
    if name in OF_FIGURES and not trials.FILE.exists():
        pytest.skip(f"{trials.FIGURES} is not there: run make report")
    tables = [trials.figures()] if name in OF_FIGURES else []
    assert read(name, code_key(KEPT[name].__name__, *tables)).current, "run make calibrate"


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder of processed tables, and trials that take no time."""
    monkeypatch.setattr(paths, "PROCESSED", tmp_path)
    monkeypatch.setattr(trials, "FILE", tmp_path / "trackers_figures.parquet")
    told = pd.DataFrame({"source": ["P"], "held": [1.0]})
    predicted = pd.DataFrame(
        {"prior": ["as assumed", "drift doubled"], "source": "P", "place": 0.5}
    )
    monkeypatch.setattr(trials, "calibrate", lambda series, workers: told)
    for module, name, table in (
        (calibration, "ranks", told),
        (calibration, "uniform", told),
        (calibration, "planted", told),
        (calibration, "recovery", told),
        (outliers, "trial", told),
        (outliers, "shares", told),
        (left_out, "left_out", predicted),
        (left_out, "held", told),
        (sensitivity, "sensitivity", told),
    ):
        monkeypatch.setattr(module, name, lambda *_, table=table, **__: table)
    return tmp_path


def figures(**other):
    """Return figures of two sources as a stage writes them."""
    about = {"source": ["P", "Q"], "quantity": "attacks", "unit": "", "months": "2024-01 2024-02"}
    return pd.DataFrame(about | {"value": [1.0, 2.0], "anchor": [True, False]} | other)


def test_every_part_keeps_its_tables_and_the_figures_key_theirs(empty):
    figures().to_parquet(trials.FILE)
    assert [name for name, _ in trials.trials(1, 1, None)] == ["calibration", *KEPT]
    for name, module in KEPT.items():
        tables = [figures()] if name in OF_FIGURES else []
        assert read(name, code_key(module.__name__, *tables)).current
    others = figures(value=[1.0, 3.0])
    assert not read("trackers-left-out", code_key(left_out.__name__, others)).current
    assert read("trackers-left-out", "").table.to_dict("list") == {"source": ["P"], "place": [0.5]}


def test_without_figures_the_rest_is_tried_and_figures_alone_are_refused(empty):
    assert [name for name, _ in trials.trials(1, 1, None)] == ["calibration", *list(KEPT)[:3]]
    assert [name for name, _ in trials.trials(1, 1, "tests")] == ["calibration"]
    with pytest.raises(InputError, match="trackers_figures.parquet is not there yet; run make rep"):
        list(trials.trials(1, 1, "figures"))


@pytest.mark.parametrize("marks", [[False, False], [True, True]])
def test_figures_without_one_anchor_are_refused(marks):
    with pytest.raises(InputError, match=f"marks {sum(marks)} sources as the anchor; expected one"):
        trials.arranged(figures(anchor=marks))


ASKED = """import sys
from click.testing import CliRunner
from helpers.cli import app, calibrate

def trials(*_):
    import os, pandas as pd
    yield "seen", pd.DataFrame(sorted(os.environ.items()), columns=["name", "value"])

assert "numpy" not in sys.modules, "loaded before its processor is chosen"
calibrate.trials = trials
print(CliRunner().invoke(app.calibrate, []).output)
"""


def test_a_trial_computes_as_a_kernel_does(tmp_path):
    """Each tells its libraries the same processor and threads, whatever the shell says."""
    run = subprocess.run(
        [sys.executable, "-c", ASKED],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "2", "NPY_DISABLE_CPU_FEATURES": ""},
    )
    told = dict(line.split(maxsplit=1) for line in run.stdout.splitlines() if len(line.split()) > 1)
    place = environment(tmp_path)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", *PROCESSOR):
        assert told.get(name) == place.get(name), name
