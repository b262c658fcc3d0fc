"""The chapter of a researcher's own counts: right against plain pandas, and no row shown."""

import re
import shutil
import subprocess

import numpy as np
import pandas as pd
import publishers
import pytest
from conftest import Project
from countries import run, words_of

from helpers.base import paths
from helpers.book import edition
from helpers.book.pages import raw_files
from helpers.cli.fresh import environment
from helpers.cli.ingest import build
from helpers.ingest.facts import facts_path
from helpers.raw.put import put as put_table
from helpers.raw.sidecar import read_sidecar
from helpers.run import leaks
from helpers.run.restricted import restricted_tables, watchers
from helpers.run.run import default_params, open_run
from helpers.run.stage import COUNTRY
from helpers.run.table import read_stages
from helpers.stats.counts.inflation import months_inflation
from helpers.stats.counts.rates import rate_ratio

STAGE, TABLES = "03-own", ["own_events.csv", "own_month.csv"]
HOME, AWAY = publishers.COUNTRY, "Nigeria"
UNITS = ["Old Mirzana", "Tel Quorin", "Upper Vashti"]


def export(country, seed=1, rise=2.0):
    """Return invented events in the layout of ACLED: the last of five years the worst."""
    (sample,) = publishers.acled().files.values()
    draw = np.random.default_rng(seed)
    rows = []
    for month in pd.period_range("2021-01", "2025-12", freq="M"):
        for _ in range(draw.poisson(9 * (rise if month.year == 2025 else 1))):
            row = sample.iloc[0].to_dict() | {"country": country, "event_type": "Battles"}
            row |= {"event_id_cnty": f"QZV{len(rows) + 20417}", "year": month.year}
            row |= {"event_date": f"{month}-{draw.integers(1, 28):02d}"}
            row |= {"admin1": UNITS[draw.integers(3)], "fatalities": draw.integers(0, 9)}
            rows.append(row)
    return pd.DataFrame(rows).astype(str)


def put(folder, frame, country, source="ACLED"):
    """Make the tables of a file in a folder, as ``make data`` does."""
    folder.parent.mkdir(exist_ok=True)
    path = folder.parent / f"{folder.name}.csv"
    frame.to_csv(path, index=False)
    facts = folder.parent / "own-acled.yml"
    text = facts_path("own-acled").read_text(encoding="utf-8")
    text = text.replace("\ncountry: Pakistan", f"\ncountry: {country}")
    facts.write_text(text.replace("\nsource: ACLED", f"\nsource: {source}"))
    build("own-acled", [path], folder, facts)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder of tables of one's own, empty at first."""
    monkeypatch.setattr(paths, "OWN", tmp_path / "own")
    return tmp_path / "own"


def told(own, monkeypatch, country, tmp_path):
    monkeypatch.setenv(COUNTRY, country)
    out = tmp_path / "out"
    return run(country, out, monkeypatch, [STAGE]), out


@pytest.mark.parametrize("country", [HOME, AWAY])
def test_the_sums_and_ratios_are_those_of_plain_pandas(own, monkeypatch, tmp_path, country):
    frame = export(country)
    put(own, frame, country)
    results, out = told(own, monkeypatch, country, tmp_path)
    sums = frame.assign(fatalities=frame["fatalities"].astype(int)).groupby("year")["fatalities"]
    shown = pd.read_csv(out / "tables/own-years.csv")
    assert shown[["events", "deaths"]].values.tolist() == sums.agg(["size", "sum"]).values.tolist()
    theirs = pd.read_csv(paths.RAW / "country_month.csv")
    theirs = theirs[(theirs["country"] == country) & (theirs["version"] == "26.1")]
    expected = theirs.groupby("year")["deaths_best"].sum().reindex(shown["year"])
    assert shown["UCDP deaths"].tolist() == expected.tolist()

    by_month = frame["event_date"].str[:7].value_counts().sort_index()
    pair = [by_month[by_month.index.str[:4] == year] for year in ("2024", "2025")]
    plain = rate_ratio(pair[1].sum(), pair[0].sum(), inflation=months_inflation(*pair))
    ours = results["own.source.acled.events_ratio"]
    assert (ours["value"], ours["low"]) == pytest.approx((plain.value, plain.low))
    assert results["own.main.last_year"]["value"] == 2025 and ours["low"] > 1
    assert results["own.main.null_share"]["value"] < 0.05


def test_words_hold_and_say_what_was_found(own, monkeypatch, tmp_path):
    put(own, export(HOME), HOME)
    results, _ = told(own, monkeypatch, HOME, tmp_path)
    words = words_of(STAGE, results)
    assert "The files read are ACLED (battles" in words
    assert "{num}" not in words and "{says}" not in words
    assert "Chance alone hardly ever" in words and "nan" not in words


def test_nothing_that_is_shown_is_a_row_or_too_fine_a_sum(own, monkeypatch, tmp_path):
    put(own, export(HOME), HOME)
    _, out = told(own, monkeypatch, HOME, tmp_path)
    held = watchers(restricted_tables())
    assert {traces.name for traces, _ in held} == set(TABLES)
    nothing = {"cells": [], "metadata": {}}
    leaks.refuse(STAGE, held, nothing, out, lambda place: place)
    files = [path for path in out.rglob("*") if path.suffix in (".csv", ".html", ".json", ".svg")]
    assert len(files) > 8
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not any(secret in text for secret in [*UNITS, "QZV2"]), path.name


def test_two_sources_stand_side_by_side_and_give_no_row_away(own, monkeypatch, tmp_path):
    put(own, export(HOME), HOME)
    put(own, export(HOME, seed=2, rise=0.4), HOME, "Press (daily)")
    results, out = told(own, monkeypatch, HOME, tmp_path)
    assert results["own.compared"]["value"] == 2
    shown = pd.read_csv(out / "tables/own-changes.csv")
    pointed = shown[shown["measure"] == "events"].set_index("source")["both point"]
    assert pointed.to_dict() == {"ACLED": "the same way", "Press (daily)": "opposite ways"}
    assert "own.source.press.events_ratio" in results
    nothing = {"cells": [], "metadata": {}}
    leaks.refuse(STAGE, watchers(restricted_tables()), nothing, out, lambda place: place)


def test_years_of_few_events_are_not_shown(own, monkeypatch, tmp_path):
    frame = export(HOME)
    few = frame[frame["year"] == "2022"].head(2)
    put(own, pd.concat([frame[frame["year"] != "2022"], few]), HOME)
    _, out = told(own, monkeypatch, HOME, tmp_path)
    years = pd.read_csv(out / "tables/own-years.csv")["year"].tolist()
    assert years == [2021, 2023, 2024, 2025]


def test_a_file_of_another_country_is_told_as_nothing(own, monkeypatch, tmp_path):
    put(own, export("Chad"), "Chad")
    results, out = told(own, monkeypatch, HOME, tmp_path)
    assert results["own.sources"]["value"] == 0 and not list((out / "tables").glob("*"))
    assert "nothing of this country" in words_of(STAGE, results)


def test_without_a_licence_for_sums_nothing_is_shown(own, monkeypatch, tmp_path):
    put(own, export(HOME), HOME)
    table = own / "own_month.csv"
    told_of = read_sidecar(table).model_copy(update={"aggregates": None})
    put_table(pd.read_csv(table, dtype=str, keep_default_na=False), table, told_of)
    results, out = told(own, monkeypatch, HOME, tmp_path)
    assert results["own.shown"]["value"] is False and not (out / "tables").exists()
    assert "Their terms do not allow sums to be shown" in words_of(STAGE, results)


def test_without_a_file_the_chapter_is_left_out_and_no_other(own):
    for country in (HOME, AWAY):
        table = read_stages().of(country)
        assert table.left_out[STAGE] == "own_month.csv"
        assert STAGE not in [one.name for one in table.stage]


def test_the_contents_have_the_chapter_where_the_file_is_and_else_no_word_of_it(own):
    toc = (paths.BOOK / "_toc.yml").read_text(encoding="utf-8")
    without = open_run(default_params())
    assert STAGE not in edition.chapters(toc, without)
    assert edition.left_out_page(without) == ""
    put(own, export(HOME), HOME)
    there = open_run(default_params())
    assert STAGE in edition.chapters(toc, there)
    assert set(raw_files(there)) - set(raw_files(without)) == {own / "own_month.csv"}


def copied(folder):
    """Return a copy of the project, under git, whose published country is another one."""
    root = folder / "project"
    for name in ("src", "book", "notebooks", "params", "data/raw"):
        ignored = shutil.ignore_patterns("_build", "__pycache__", "*.egg-info")
        shutil.copytree(paths.ROOT / name, root / name, ignore=ignored)
    for path in paths.ROOT.iterdir():
        if path.is_file() and path.name != ".git":
            shutil.copy(path, root / path.name)
    params = root / "params/pakistan.yml"
    params.write_text(params.read_text(encoding="utf-8").replace(HOME, AWAY))
    who = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        subprocess.run(["git", *who, *words], cwd=root, env=environment(root), check=True)
    return Project(root)


@pytest.mark.faults
def test_the_book_of_another_country_has_the_chapter_and_no_row(tmp_path):
    project = copied(tmp_path)
    put(tmp_path / "made/own", export(AWAY), AWAY)
    shutil.copytree(tmp_path / "made/own", project.root / "data/own")
    run = project.report()
    assert run.returncode == 0, run.stderr[-3000:]
    page = (project.root / "book/_build/html/notebooks/03-own.html").read_text(encoding="utf-8")
    assert "ACLED" in page
    links = re.findall(r'href="([^"]+\.(?:csv|parquet|zip))"', page)
    assert links and not [one for one in links if "own_" in one]
    made = project.python("helpers.cli", "bundle", "--dirty")
    assert made.returncode == 0, made.stderr[-3000:]
    archive = next((project.root / "dist").glob("*.zip"))
    shutil.unpack_archive(archive, project.root / "dist/unpacked")
    assert list((project.root / "dist/unpacked").rglob("*.parquet"))
    secrets = re.compile("|".join([*UNITS, "QZV2"]).encode())
    kept = {"data/own/own_events.csv", "data/own/own_month.csv"}
    holding = {
        path.relative_to(project.root).as_posix()
        for path in project.root.rglob("*")
        if path.is_file() and ".run" not in path.parts and secrets.search(path.read_bytes())
    }
    assert holding == kept
