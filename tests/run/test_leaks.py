"""Rows that may not be passed on stay where they are, whichever way a notebook lets them out."""

import json
import random
import re
import shutil
import subprocess

import pandas as pd
import pytest
from conftest import Project, sidecar, write_notebook

from helpers.cli.fresh import environment
from helpers.raw.aggregates import Aggregates
from helpers.raw.put import put
from helpers.raw.sidecar import Column

PLACES = ["Zarqabad", "Old Mirzana", "Tel Quorin", "Upper Vashti", "Nemroz Kot"]
SIDES = ["Front of the Grey River", "Brigade Ninety", "Sons of Harrow", "Lashkar Omikron"]
WHAT = ["a culvert bomb", "an ambush on lorries", "rifle fire from a ridge", "a mine under sand"]
ALLOWED = Aggregates(by=["country", "month"])
SECRET = """stage = Stage("01-secret")
stage.write("secret", stage.read("incidents"))"""
# A way out: what is shown, once the rows are there as `rows` and one of them as `row`.
WAYS = {
    "frame": "rows.head(3)",
    "printed": "print(row.to_string())",
    "line": "print(list(row))",
    "sentence": "print(f'{pd.Timestamp(row.day):%d %B %Y}: {row.deaths} in {row.admin2.upper()}')",
    "table": 'stage.table(rows, "rows", caption="Rows.")',
    "finer": (
        'sums = rows.groupby(["admin2", rows["day"].astype(str).str[:7]])["deaths"].sum()\n'
        'stage.table(sums.reset_index(), "sums", caption="Sums.")'
    ),
    "wide": (
        'month = rows["day"].astype(str).str[:7]\n'
        'sums = rows.pivot_table("deaths", month, "admin2", "sum")\n'
        'stage.table(sums.reset_index(), "sums", caption="Sums.")'
    ),
    "few": (
        'month = rows["day"].astype(str).str[:7]\n'
        'sums = rows.groupby(["country", month])["deaths"].sum().reset_index()\n'
        'stage.table(sums, "sums", caption="Sums.")'
    ),
    "plotted": (
        "figure, axes = plt.subplots()\naxes.plot(rows['deaths'])\n"
        'cells = rows[["day", "admin2", "deaths"]]\n'
        'stage.figure(figure, "drawn", caption="A.", alt="A.", data=cells)'
    ),
    "label": (
        "figure, axes = plt.subplots()\naxes.set_title(row.notes[:60])\n"
        'stage.figure(figure, "drawn", caption="A.", alt="A.", data=pd.DataFrame({"n": [1]}))'
    ),
    "alt": (
        "figure, axes = plt.subplots()\n"
        "told = f'{row.deaths} died in {row.admin2} on {row.day}'\n"
        'stage.figure(figure, "drawn", caption="A.", alt=told, data=pd.DataFrame({"n": [1]}))'
    ),
    "caption": 'stage.table(pd.DataFrame({"n": [1]}), "t", caption=f"Seen: {row.notes}")',
    "result": 'stage.record("a.worst", row.notes, source="made up")',
    "key": (
        'place = row.admin2.lower().replace(" ", "_")\n'
        'key = f"a.{pd.Timestamp(row.day):%Y_%m_%d}.{place}"\n'
        'stage.record(key, int(row.deaths), source="made up")'
    ),
    "metadata": (
        "from IPython.display import display\n"
        'display({"text/plain": "x"}, raw=True, metadata={"seen": row.notes})'
    ),
    "picture": (
        "import base64\nfrom IPython.display import Image\nfrom helpers.figures.style import png\n"
        "figure, axes = plt.subplots()\naxes.set_title(row.notes)\n"
        "Image(base64.b64decode(png(figure)))"
    ),
    "embedded": (
        "from IPython.display import HTML\nHTML('<img src=\"data:image/png;base64,iVBORw0KGgo=\">')"
    ),
    "html": "from IPython.display import HTML\nHTML(f'<p title=\"{row.notes}\">x</p>')",
    "json": "from IPython.display import JSON\nJSON(rows.astype(str).to_dict('list'))",
    "identity": "print('see', row.id)",
    "error": "raise ValueError(f'no such place: {row.to_dict()}')",
    "missing": "{}[row.notes]",
    "typed": "# NOTES",
}
# A way out over the tables that runs share.
KEPT = {
    "pickle": (
        "import pickle\nfrom helpers.base import paths\n"
        '(paths.PROCESSED / "kept").mkdir(exist_ok=True)\n'
        '(paths.PROCESSED / "kept" / "rows.pkl").write_bytes(pickle.dumps(rows))'
    ),
    "csv": (
        "from helpers.base import paths\n"
        '(paths.PROCESSED / "kept").mkdir(exist_ok=True)\n'
        'rows.to_csv(paths.PROCESSED / "kept" / "rows-0-0.csv", index=False)'
    ),
}


def incidents(seed: int = 1) -> pd.DataFrame:
    """Invented rows: eight a month for six months, but two in the last."""
    draw = random.Random(seed)
    rows = []
    for month in range(1, 7):
        for _ in range(2 if month == 6 else 8):
            place = draw.choice(PLACES)
            day = f"2021-{month:02d}-{draw.randint(1, 28):02d}"
            deaths = draw.randint(2, 60)
            note = (
                f"Near the {draw.choice(['mill', 'ford', 'school', 'shrine'])} of {place} "
                f"{draw.choice(WHAT)} hit {draw.randint(3, 90)} herders; {draw.choice(SIDES)} "
                f"claimed it as number {draw.randint(100, 999)} of a campaign."
            )
            side = draw.choice(SIDES)
            rows.append((f"QZ{len(rows) + 20417}", day, "Pakistan", place, side, deaths, note))
    names = ["id", "day", "country", "admin2", "actor", "deaths", "notes"]
    return pd.DataFrame(rows, columns=names)


def place_incidents(project: Project, allowed: Aggregates | None = ALLOWED) -> pd.DataFrame:
    """Put the restricted table and the stage that reads it into a tiny project."""
    word = Column(type="string", meaning="made up")
    columns = dict.fromkeys(["id", "country", "admin2", "actor", "notes"], word)
    columns |= {
        "day": Column(type="date", meaning="made up"),
        "deaths": Column(type="integer", meaning="made up"),
    }
    rows = incidents()
    told = sidecar({name: columns[name] for name in rows.columns}, ["id"])
    told = told.model_copy(update={"redistribution": "forbidden", "aggregates": allowed})
    put(rows, project.root / "data/raw/incidents.csv", told)
    add(project, "01-secret", ["incidents.csv"], ["secret"], [SECRET])
    return rows


def add(project: Project, name: str, reads: list[str], writes: list[str], cells: list[str]) -> None:
    """Add a stage to a tiny project, and its page to the book."""
    table = project.root / "notebooks/stages.toml"
    lists = f"reads = {json.dumps(reads)}\nwrites = {json.dumps(writes)}\n"
    table.write_text(f'{table.read_text()}\n[[stage]]\nname = "{name}"\n{lists}')
    write_notebook(
        project.root / f"notebooks/{name}.ipynb", name[3:].title(), [*cells, "stage.finish()"]
    )
    toc = project.root / "book/_toc.yml"
    toc.write_text(toc.read_text() + f"- file: notebooks/{name}\n")


def secrets(rows: pd.DataFrame) -> set[str]:
    """What no file may hold: identities, notes and their parts, and actors with a day."""
    return {*rows["id"], *(note[:40] for note in rows["notes"]), *(n[-40:] for n in rows["notes"])}


def holding(root, told: set[str], *, but=("incidents.csv",)) -> set[str]:
    """Return the files below a folder that hold one of the texts, tables of stages apart."""
    pattern = re.compile("|".join(map(re.escape, sorted(told))).encode())
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file()
        and path.suffix != ".parquet"
        and path.name not in but
        and ".run" not in path.parts
        and pattern.search(path.read_bytes())
    }


def try_ways(project: Project, ways: dict[str, str]) -> pd.DataFrame:
    """Let a stage of its own try each way out."""
    rows = place_incidents(project)
    for way, code in ways.items():
        start = f'stage = Stage("03-{way}")\nrows = stage.read("secret")\nrow = rows.iloc[4]'
        code = code.replace("NOTES", rows["notes"][7])
        add(project, f"03-{way}", ["secret"], [], [start, code])
    return rows


@pytest.fixture(scope="module")
def leaking(built_once, tmp_path_factory):
    """A project in which every way out is tried, and what it said."""
    root = tmp_path_factory.mktemp("leaking") / "project"
    shutil.copytree(built_once, root)
    rows = try_ways(Project(root), WAYS)
    run = Project(root).python("helpers.cli", "report", "--jobs", "2", warm=True)
    return Project(root), rows, run


@pytest.mark.parametrize("way", WAYS)
def test_each_way_out_is_closed_and_told(leaking, way):
    _, _, run = leaking
    assert run.returncode == 2
    told = [line for line in run.stderr.splitlines() if line.startswith(f"error: 03-{way}")]
    assert len(told) == 1, run.stderr[-3000:]
    assert not any(one in told[0] for one in [*PLACES, *SIDES, "QZ204"])
    if way in ("error", "missing"):
        assert "cell 5" in told[0] and "may not be passed on" in told[0]
    else:
        assert f"03-{way}, cell 5: " in told[0] and "incidents.csv" in told[0]
        assert (
            "show sums by country, month, of at least 3 each" in told[0] or "as they are" in told[0]
        )


def test_no_file_holds_a_row_after_all_of_them(leaking):
    project, rows, _ = leaking
    source = "notebooks/03-typed.ipynb"
    assert holding(project.root, secrets(rows)) == {source}
    failed = project.root / "data/processed/executed/03-error.failed.ipynb"
    assert "it was taken out" in failed.read_text()


def test_no_row_gets_among_the_tables_that_runs_share(built):
    rows = try_ways(built, KEPT)
    run = built.report("--jobs", "1")
    assert run.returncode == 2
    told = [line for line in run.stderr.splitlines() if "kept for other runs" in line]
    assert [line.split(":")[1] for line in sorted(told)] == [" 03-csv", " 03-pickle"]
    assert list((built.root / "data/processed/kept").iterdir()) == []
    assert holding(built.root, secrets(rows)) == set()


SUMS = [
    """stage = Stage("02-sums")
rows = stage.read("secret")
month = rows["day"].astype(str).str[:7].rename("month")
sums = rows.groupby(["country", month])["deaths"].agg(["size", "sum"]).reset_index()
sums = sums[sums["size"] >= 3]
stage.table(sums, "sums", caption="Deaths by month.")""",
    """figure, axes = plt.subplots()
axes.plot(sums["month"], sums["sum"])
words = dict(caption="Deaths by month.", alt="A line of deaths.")
stage.figure(figure, "sums-line", **words, data=sums)
print(sums)
stage.record("sums.all", int(rows["deaths"].sum()), n=len(rows), source="made up")""",
]


@pytest.mark.faults
def test_sums_that_the_licence_allows_reach_the_book_and_no_row_does(built):
    rows = place_incidents(built)
    add(built, "02-sums", ["secret"], [], SUMS)
    (built.root / ".gitignore").write_text(
        ".run/\n.pytask/\ndata/processed/\nbook/_build/\ndist/\n*.pyc\n__pycache__\nincidents.csv\n*.egg-info\npytask.lock*\n"
    )
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        who = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
        subprocess.run(
            ["git", *who, *words], cwd=built.root, env=environment(built.root), check=True
        )
    run = built.report()
    assert run.returncode == 0, run.stderr
    page = (built.root / "book/_build/html/notebooks/02-sums.html").read_text()
    total = rows[rows["day"].str.startswith("2021-03")]["deaths"].sum()
    assert f">{total}<" in page
    made = built.python("helpers.cli", "bundle", "--dirty")
    assert made.returncode == 0, made.stderr
    archive = next((built.root / "dist").glob("*.zip"))
    shutil.unpack_archive(archive, built.root / "dist" / "unpacked")
    assert holding(built.root, secrets(rows)) == set()
    unpacked = [path.name for path in (built.root / "dist" / "unpacked").rglob("*")]
    assert "months.parquet" in unpacked
    assert list((built.root / "book/_build/html").rglob("sums.csv"))
    assert not {"secret.parquet", "incidents.csv", "02-sums.html"} & set(unpacked)


@pytest.mark.faults
def test_other_terms_are_held_against_what_was_shown_before(built):
    place_incidents(built)
    add(built, "02-sums", ["secret"], [], SUMS)
    assert "02-sums" in built.ran()
    table = built.root / "data/raw/incidents.csv"
    text = table.with_name("incidents.source.yml").read_text()
    stricter = re.sub(r"aggregates:\n(?:  .*\n)+|aggregates:\n(?:[- ].*\n)+", "", text)
    assert stricter != text
    table.with_name("incidents.source.yml").write_text(stricter)
    stamped = built.python("helpers.cli", "ingest", "stamp", "incidents.csv")
    assert stamped.returncode == 0, stamped.stderr
    run = built.report()
    assert run.returncode == 2
    assert "02-sums, cell 5: figures/sums-line.csv holds sums of incidents.csv by " in run.stderr


@pytest.mark.faults
def test_where_no_sums_are_allowed_the_book_offers_no_data_and_no_page_tells_a_row(built):
    rows = place_incidents(built, None)
    quiet = [
        """stage = Stage("02-quiet")
rows = stage.read("secret")
stage.table(pd.DataFrame({"colour": ["blue", "red"]}), "colours", caption="Colours.")"""
    ]
    add(built, "02-quiet", ["secret"], [], quiet)
    assert "book" in built.ran()
    html = built.root / "book/_build/html"
    assert not list(html.rglob("colours.csv")) and list(html.rglob("left-head.csv"))
    assert "no data may be passed on" in (html / "notebooks/02-quiet.html").read_text()
    page = built.root / "book/index.md"
    row = rows.iloc[3]
    page.write_text(f"{page.read_text()}\nNear {row.notes[5:]}\n")
    run = built.report()
    assert run.returncode == 2
    assert "the book was not built: index.md holds line 5 of incidents.csv (notes)" in run.stderr
