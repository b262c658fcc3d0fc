"""What a notebook may read, write, record and show."""

import json

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.figures.tables import html_table
from helpers.run.results import merged
from helpers.run.stage import OUT, Stage
from helpers.stats.estimate import Estimate


def write_notebook(path, words):
    cell = {"cell_type": "markdown", "id": "w", "metadata": {}, "source": words}
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))


@pytest.fixture
def stage(tmp_path, monkeypatch, request):
    monkeypatch.setenv(OUT, str(tmp_path))
    monkeypatch.chdir(tmp_path)  # a working copy stands before the original
    words = ":::{caption} trend-fall\n:alt: A falling line.\nIt falls.\n:::"
    write_notebook(tmp_path / "03-trend.ipynb", words if "captioned" in request.keywords else "")
    return Stage("03-trend")


def test_only_declared_inputs_and_outputs(stage):
    with pytest.raises(
        InputError,
        match=r"does not declare the input 'ucdp_years' in stages\.toml; did you mean 'ucdp_year'",
    ):
        stage.read("ucdp_years")
    with pytest.raises(InputError, match="does not declare the output 'x'"):
        stage.write("x", pd.DataFrame())


def test_a_stage_says_when_a_raw_table_was_retrieved(stage):
    text = (paths.RAW / "country_month.source.yml").read_text(encoding="utf-8")
    assert f"date_accessed: '{stage.retrieved('country_month')}'" in text
    with pytest.raises(InputError, match="country_moon"):
        stage.retrieved("country_moon")


def test_a_stage_that_did_not_write_what_it_declares_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv(OUT, str(tmp_path))
    with pytest.raises(InputError, match=r"declares but did not write: .*events"):
        Stage("01-clean").finish()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("Trend", 1.0, "lower-case words joined by dots"),
        ("trend.a", float("nan"), "must be finite"),
        ("trend.a", float("inf"), "must be finite"),
    ],
)
def test_results_that_cannot_be_quoted_are_refused(stage, key, value, words):
    with pytest.raises(InputError, match=words):
        stage.record(key, value, source="x")


def test_what_is_recorded_and_shown_is_listed(stage, tmp_path):
    stage.record(
        "trend.a",
        Estimate(value=1.5, low=1.0, high=2.0, p=0.1, n=12, method="m"),
        unit="ratio",
        source="UCDP",
    )
    with pytest.raises(InputError, match="recorded twice"):
        stage.record("trend.a", 1.0, source="x")
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    stage.figure(
        figure,
        "trend-line",
        caption="A line.",
        alt="A rising line.",
        data=pd.DataFrame({"x": [1, 2]}),
    )
    stage.table(pd.DataFrame({"who": ["a<b"], "n": [1234]}), "trend-who", caption="Who.")
    stage.finish()
    listed = json.loads((tmp_path / "stages/03-trend.json").read_text())
    assert listed["figures"] == ["trend-line"] and listed["tables"] == ["trend-who"]
    assert listed["results"]["trend.a"] == {
        "value": 1.5,
        "low": 1.0,
        "high": 2.0,
        "unit": "ratio",
        "n": 12,
        "source": "UCDP",
        "notebook": "03-trend",
    }
    assert listed["cells"] == {}  # outside a notebook there is no cell
    assert (tmp_path / "figures/trend-line.csv").read_text() == "x\n1\n2\n"
    html = (tmp_path / "tables/trend-who.html").read_text()
    assert "a&lt;b" in html and "1,234" in html and "<caption>Who.</caption>" in html


def test_a_figure_needs_words(stage):
    with pytest.raises(InputError, match="needs a caption and a text alternative"):
        stage.figure(plt.figure(), "x", caption="A line.", alt=" ", data=pd.DataFrame())


def manifest(folder, name, key, cells):
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"results": {key: {"value": 1, "notebook": name}}, "cells": cells}))
    return path


def test_results_are_merged_with_the_cells_that_recorded_them(tmp_path):
    place = {"name": "sums", "number": 4, "line": 2}
    one, two = (
        manifest(tmp_path, "01-a", "a.x", {"a.x": place}),
        manifest(tmp_path, "02-b", "b.x", {}),
    )
    found = merged([one, two])
    assert (found["a.x"]["cell"], found["a.x"]["line"]) == ("cell-01-a-sums", 2)
    assert "cell" not in found["b.x"]
    with pytest.raises(InputError, match=r"result 'a\.x' is recorded by 01-a and by 03-c"):
        merged([one, manifest(tmp_path, "03-c", "a.x", {})])
    with pytest.raises(InputError, match="the results of '09-z' are not there yet; run it first"):
        merged([tmp_path / "09-z.json"])


def test_cells_of_a_table_link_to_labels_and_stay_escaped():
    frame = pd.DataFrame({"a<b": ["x & y", "z" * 80]})
    html = html_table(frame, "What.", {}, {"a<b": ["cell-01-a-4", ""]})
    assert (
        '<a href="#cell-01-a-4">x &amp; y</a></th>' in html
        and "a&lt;b" in html
        and "z" * 80 in html
    )
    with pytest.raises(ValueError, match="shorter"):
        html_table(frame, "What.", {}, {"a<b": ["cell-01-a-4"]})


@pytest.mark.captioned
def test_words_come_from_the_notebook(stage, tmp_path):
    frame = pd.DataFrame({"x": [2, 1]})
    with pytest.raises(InputError, match="'trend-fal' needs a caption.*did you mean 'trend-fall'"):
        stage.figure(plt.figure(), "trend-fal", data=frame)
    stage.figure(plt.figure(), "trend-fall", data=frame)
    about = json.loads((tmp_path / "figures/trend-fall.json").read_text())
    assert (about["caption"], about["alt"]) == ("It falls.", "A falling line.")
    stage.finish()


@pytest.mark.captioned
def test_a_caption_for_nothing_stops_the_stage(stage):
    with pytest.raises(InputError, match="shows nothing for the caption 'trend-fall'"):
        stage.finish()


@pytest.mark.captioned
def test_what_is_left_out_needs_no_figure_and_may_have_none(stage, tmp_path):
    with pytest.raises(InputError, match=r"'trend-fal' is left out, but .* mean 'trend-fall'"):
        stage.leave_out("trend-fal")
    stage.leave_out("trend-fall")
    with pytest.raises(InputError, match="figure 'trend-fall' is shown in 03-trend, which leaves"):
        stage.figure(plt.figure(), "trend-fall", data=pd.DataFrame({"a": [1]}))
    stage.finish()
    shown = json.loads((tmp_path / "stages" / "03-trend.json").read_text())
    assert shown["figures"] == []


@pytest.mark.captioned
def test_what_is_shown_is_not_left_out(stage):
    stage.figure(plt.figure(), "trend-fall", data=pd.DataFrame({"a": [1]}))
    with pytest.raises(InputError, match="'trend-fall' is left out of 03-trend, which shows it"):
        stage.leave_out("trend-fall")


@pytest.mark.parametrize("kind", ["figures", "tables"])
def test_two_stages_may_not_write_one_figure_or_table(tmp_path, kind):
    manifests = [manifest(tmp_path, f"0{n}-s", f"s{n}.x", {}) for n in range(3)]
    for path, names in zip(manifests, (["s-null"], ["s-bars"], ["s-null", "s-line"])):
        told = json.loads(path.read_text()) | {kind: names}
        path.write_text(json.dumps(told))
    assert set(merged(manifests[:2])) == {"s0.x", "s1.x"}
    with pytest.raises(InputError, match="'s-null' is written by 00-s and by 02-s"):
        merged(manifests)
