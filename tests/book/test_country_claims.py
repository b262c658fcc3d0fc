"""The chapter on a country's own claims: run on results as the chapters record them."""

import json
import re
import shutil

import matplotlib as mpl
import pytest
from countries import run, words_of

from helpers.base import paths
from helpers.cli.new_country import new_country
from helpers.run.stage import COUNTRY
from helpers.run.table import read_stages

NAME = "09-country-claims"
TRIED = {
    "country.name": "Nigeria",
    "country.deaths_ratio": (2.0, 1.5, 2.6),
    "country.deaths_null_share": 0.01,
    "country.per_event_ratio": (1.1, 0.8, 1.5),
    "country.growth": (0.8, 0.7, 0.9),
    "country.expected": (900.0, 700.0, 1200.0),
}
NOTHING = {"country.name": "Nigeria"}


def entry(key, one):
    """Return a result as a stage records it."""
    value, low, high = one if isinstance(one, tuple) else (one, None, None)
    unit = "deaths (median, 80 % interval)" if key == "country.expected" else "ratio"
    told = {"unit": unit, "n": 24, "source": "made up", "notebook": "03-country-trend"}
    return {"value": value, "low": low, "high": high, **told}


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Return a function that runs the chapter beside results, and says what the page then says."""
    mpl.use("agg")
    raw = tmp_path / "data" / "raw"
    shutil.copytree(paths.RAW, raw)
    shutil.copytree(paths.PARAMS, tmp_path / "params")
    shutil.copy(paths.ROOT / "pyproject.toml", tmp_path)
    for name, folder in (("ROOT", tmp_path), ("RAW", raw), ("PARAMS", tmp_path / "params")):
        monkeypatch.setattr(paths, name, folder)
    monkeypatch.setenv(COUNTRY, "Nigeria")
    new_country("Nigeria")

    def of(recorded):
        results = {key: entry(key, one) for key, one in recorded.items()}
        table = read_stages().of("Nigeria")
        for before in table.before(table[NAME]):
            here = results if before.name == "03-country-trend" else {}
            path = tmp_path / "out" / "stages" / f"{before.name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"results": here, "cells": {}}))
        found = run("Nigeria", tmp_path / "out", monkeypatch, stages=[NAME])
        return found, words_of(NAME, results | found)

    return of


def test_claims_get_their_verdicts_and_are_called_examples(told, tmp_path):
    found, text = told(TRIED)
    verdicts = {key: one["value"] for key, one in found.items() if key.endswith(".verdict")}
    assert verdicts == {
        "country.claims.more_deaths.verdict": "Supported",
        "country.claims.deadlier_events.verdict": "One source only",
        "country.claims.growth.verdict": "Contradicted",
    }
    assert found["country.claims.more_deaths.effect"]["low"] == 1.5
    assert "their verdicts are no findings" in text and "checks 1 are met" in text
    assert found["country.claims.fooled"]["value"] < 0.05
    keys = (tmp_path / "out" / "tables" / "country-keys.csv").read_text()
    assert "country.growth" in keys and "country.expected" not in keys  # no 95 % interval


def test_a_country_without_results_says_so_and_shows_no_picture(told, tmp_path):
    found, text = told(NOTHING)
    assert found["country.claims.not_testable"]["value"] == 3
    for words in ("there is no picture either", "no source is heard", "cannot be tried here"):
        assert words in text
    assert "No result of this country has an interval" in text
    assert not (tmp_path / "out" / "figures").exists()
    table = (tmp_path / "out" / "tables" / "country-verdicts.csv").read_text()
    assert "'country.growth' is not recorded here" in table


def test_replaced_claims_are_no_examples(told):
    claims = paths.RAW / "claims" / "nigeria.yml"
    claims.write_text(claims.read_text().replace("Replace me by", "Stands for"))
    from helpers.cli.ingest import stamp_table

    stamp_table("claims/nigeria.yml")
    found, text = told(TRIED)
    assert found["country.claims.examples"]["value"] == 0
    assert "no findings" not in text


def test_every_result_that_its_words_rest_on_is_recorded(told):
    recorded = set(told(TRIED)[0]) | {"country.name"}
    text = (paths.NOTEBOOKS / f"{NAME}.ipynb").read_text(encoding="utf-8")
    wanted = set(re.findall(r"country(?:\.[a-z0-9_]+)+", " ".join(re.findall(r"`[^`]*`", text))))
    assert wanted <= recorded | {"country.py"}
