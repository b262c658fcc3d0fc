"""A sweep over all countries: one graph, each country once, one book in which nothing is mixed."""

import json
import re
import shutil

import pandas as pd
import pytest
from conftest import Project, sidecar, write_notebook

from helpers.base.reading import read_json
from helpers.raw.put import put
from helpers.raw.sidecar import Column

COUNTRIES = {"Freedonia": 3, "Sylvania (Old)": 0, "Grand Fenwick": 11, "Pakistan": 7}
STAGES = """
[[stage]]
name = "20-world"
kind = "sweep"
reads = ["country_month.csv"]
writes = ["world"]

[[stage]]
name = "21-profile"
kind = "each"
reads = ["world"]
writes = []

[[stage]]
name = "22-comparison"
kind = "sweep"
reads = ["profiles"]
writes = []
"""
WORLD = [
    """stage = Stage("20-world")
months = stage.read("country_month")
stage.write("world", months)
stage.record("world.deaths", int(months["deaths"].sum()), unit="deaths", source="made up")""",
    "stage.finish()",
]
PROFILE = [
    """stage = Stage("21-profile")
months = stage.read("world").query("country == @country")
stage.record("profile.name", country, source="made up")
stage.record("profile.deaths", int(months["deaths"].sum()), unit="deaths", source="made up")""",
    """figure, axes = plt.subplots()
axes.plot(months["deaths"])
words = dict(caption="Deaths of {num}`profile.name`.", alt="A line of {num}`profile.deaths`.")
stage.figure(figure, "profile-deaths", **words, data=months)""",
    "stage.finish()",
]
COMPARISON = [
    """stage = Stage("22-comparison")
found = stage.read("profiles").query("key == 'profile.deaths'")
stage.record("sweep.deaths", int(found["value"].sum()), unit="deaths", source="made up")
stage.record("sweep.countries", len(found), unit="countries", source="made up")""",
    "stage.finish()",
]
TOC = """format: jb-book
root: index
chapters:
- file: notebooks/20-world
- file: notebooks/22-comparison
- file: countries
"""


def add_countries(root):
    months = pd.DataFrame(
        [
            (country, year, month, deaths * (month % 3), "26.1")
            for country, deaths in COUNTRIES.items()
            for year in range(2018, 2025)
            for month in range(1, 13)
        ],
        columns=["country", "year", "month", "deaths", "version"],
    )
    count = Column(type="integer", meaning="made up", minimum=0)
    word = Column(type="string", meaning="made up")
    columns = {"country": word, "year": count, "month": count, "deaths": count, "version": word}
    key = ["country", "year", "month"]
    put(months, root / "data/raw/country_month.csv", sidecar(columns, key))


def add_sweep(root):
    stages = root / "notebooks/stages.toml"
    stages.write_text(stages.read_text() + STAGES)
    for name, cells in (
        ("20-world", WORLD),
        ("21-profile", PROFILE),
        ("22-comparison", COMPARISON),
    ):
        write_notebook(root / f"notebooks/{name}.ipynb", name[3:].title(), cells)
    notebook = json.loads((root / "notebooks/21-profile.ipynb").read_text())
    words = "In {num}`profile.name` {says}`profile.deaths > 0|{profile.deaths} died|nobody died`."
    notebook["cells"][0]["source"] = f"# Profile\n\n{words}"
    (root / "notebooks/21-profile.ipynb").write_text(json.dumps(notebook))
    pages = root / "book/sweep"
    pages.mkdir()
    (pages / "_toc.yml").write_text(TOC)
    (pages / "_config.yml").write_text("title: All\n")
    (pages / "index.md").write_text("# All\n\n{num}`sweep.deaths` of {num}`world.deaths`.\n")
    (pages / "countries.md").write_text("# Countries\n\nBy name.\n")
    (root / "book/references.md").unlink(missing_ok=True)
    add_countries(root)


@pytest.fixture
def unswept(built):
    """The tiny project with a sweep in it, which has not run yet."""
    add_sweep(built.root)
    return built


@pytest.fixture(scope="module")
def swept_once(built_once, tmp_path_factory):
    """The same, run once; tests take copies of it, and of what the run said."""
    root = tmp_path_factory.mktemp("swept") / "project"
    shutil.copytree(built_once, root)
    add_sweep(root)
    return root, sweep(Project(root))


@pytest.fixture
def swept(swept_once, tmp_path):
    shutil.copytree(swept_once[0], tmp_path / "project")
    return Project(tmp_path / "project")


def sweep(project):
    run = project.python("helpers.cli", "sweep", "--jobs", "2")
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-1]


def text_of(root, page):
    html = (root / f"book/_build/sweep/pakistan/html/{page}.html").read_text()
    main = html[html.index("<article") : html.index("</article>")]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_each_country_has_its_page_and_its_numbers(built_once, swept_once, swept):
    root, said = swept.root, swept_once[1]
    default = (built_once / "data/processed/results.json").read_bytes()
    assert said.startswith("ran 6 stages for 4 countries; the book is book/_build/sweep/")
    sums = {name: 84 * deaths for name, deaths in COUNTRIES.items()}
    results = read_json(root / "data/processed/sweep/pakistan/results.json")
    assert (
        results["sweep.deaths"]["value"] == results["world.deaths"]["value"] == sum(sums.values())
    )
    assert results["sweep.countries"]["value"] == 4
    for name, place in (
        ("Freedonia", "freedonia"),
        ("Sylvania (Old)", "sylvania"),
        ("Grand Fenwick", "grand-fenwick"),
        ("Pakistan", "pakistan"),
    ):
        page = text_of(root, f"countries/{place}")
        told = f"{sums[name]} died" if sums[name] else "nobody died"
        assert f"In {name} {told} ." in page or f"In {name} {told}." in page
        assert f"Deaths of {name} ." in page or f"Deaths of {name}." in page
        assert not [other for other in COUNTRIES if other != name and other in page]
    assert (root / "data/processed/results.json").read_bytes() == default
    assert sweep(swept).startswith("nothing had changed")


def test_only_what_has_changed_runs_and_a_country_that_goes_leaves_nothing(swept):
    root = swept.root
    (root / "data/processed/sweep/pakistan/freedonia/stages/21-profile.json").unlink()
    assert sweep(swept).startswith("ran 1 stages") or "ran 2 stages" in sweep(swept)
    COUNTRIES_BEFORE = dict(COUNTRIES)
    try:
        del COUNTRIES["Freedonia"]
        add_countries(root)
        assert "for 3 countries" in sweep(swept)
    finally:
        COUNTRIES.clear()
        COUNTRIES.update(COUNTRIES_BEFORE)
    assert not (root / "data/processed/sweep/pakistan/freedonia").exists()
    assert not (root / "book/_build/sweep/pakistan/html/countries/freedonia.html").exists()
    assert (
        read_json(root / "data/processed/sweep/pakistan/results.json")["sweep.countries"]["value"]
        == 3
    )


def test_a_country_that_fails_is_named_and_the_others_run(unswept):
    root = unswept.root
    notebook = json.loads((root / "notebooks/21-profile.ipynb").read_text())
    bad = 'if country == "Freedonia":\n    raise ValueError("no such hill")\n'
    notebook["cells"][3]["source"] = bad + "".join(notebook["cells"][3]["source"])
    (root / "notebooks/21-profile.ipynb").write_text(json.dumps(notebook))
    run = unswept.python("helpers.cli", "sweep")
    assert run.returncode == 2
    assert "no such hill" in run.stderr and "freedonia" in run.stderr.lower()
    done = root / "data/processed/sweep/pakistan"
    assert {path.parent.parent.name for path in done.glob("*/stages/*.json")} == {
        "sylvania",
        "grand_fenwick",
        "pakistan",
    }
    assert not (root / "book/_build/sweep").exists() or not shutil.os.listdir(
        root / "book/_build/sweep"
    )
