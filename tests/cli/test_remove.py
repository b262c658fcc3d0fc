"""A notebook comes before who judges it, and goes without a trace; some chapters run alone."""

import json
import os
import random
import re
import shutil
import subprocess

import pytest
from conftest import Project, write_notebook

from helpers.base import paths
from helpers.cli import remove
from helpers.cli.new import with_chapter
from helpers.run.table import read_stages

UNTESTABLE = """- kind: untestable
  id: writ
  statement: The writ is challenged.
  place: nowhere
  reason: No series measures it.
"""
JUDGE = [
    """stage = Stage("09-judge")
seen = stage.read("results")
stage.record("judge.seen", len(seen), unit="results", source="made up")""",
    "stage.finish()",
]
ENTRY = '\n# Judges.\n[[stage]]\nname = "09-judge"\nreads = ["results"]\nwrites = []\n'
CLAIM = """- kind: checkable
  id: more
  evidence:
    - {source: UCDP, key: border_closure.ratio}
"""


@pytest.fixture(scope="module")
def judged(built_once, tmp_path_factory):
    """The tiny project with a stage that reads what all before it recorded."""
    folder = tmp_path_factory.mktemp("judged")
    shutil.copytree(built_once, folder / "project")
    project = Project(folder / "project")
    write_notebook(project.root / "notebooks/09-judge.ipynb", "Judge", JUDGE)
    stages = project.root / "notebooks/stages.toml"
    stages.write_text(stages.read_text() + ENTRY)
    toc = project.root / "book/_toc.yml"
    toc.write_text(
        toc.read_text().replace("- file: data", "- file: notebooks/09-judge\n- file: data")
    )
    project.ran()
    return project


@pytest.fixture
def project(judged, tmp_path):
    shutil.copytree(judged.root, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture(scope="module")
def with_new(judged, tmp_path_factory):
    """The same with a notebook of make new, built."""
    folder = tmp_path_factory.mktemp("new")
    shutil.copytree(judged.root, folder / "project")
    project = Project(folder / "project")
    assert project.python("helpers.cli", "new", "border-closure").returncode == 0
    project.ran()
    return project


@pytest.fixture
def fresh(with_new, tmp_path):
    shutil.copytree(with_new.root, tmp_path / "fresh")
    return Project(tmp_path / "fresh")


def results(project):
    return json.loads((project.root / "data/processed/results.json").read_text())


def files(project):
    """The names of all that stands in the project but times, logs and what the engine remembers."""
    left_out = {".pytask", ".run", "work", ".git", "__pycache__", "timings"}
    return {
        path.relative_to(project.root).as_posix()
        for path in project.root.rglob("*")
        if path.is_file() and not left_out & set(path.parts)
    }


def test_a_new_notebook_is_seen_by_who_judges_and_leaves_nothing(project):
    before = files(project)
    texts = {
        name: (project.root / name).read_text()
        for name in ("notebooks/stages.toml", "book/_toc.yml")
    }
    assert results(project)["judge.seen"]["value"] == 3
    assert project.python("helpers.cli", "new", "border-closure").returncode == 0
    table = read_stages(project.root / "notebooks/stages.toml")
    assert [one.name for one in table.stage][-2:] == ["04-border-closure", "09-judge"]
    toc = (project.root / "book/_toc.yml").read_text()
    assert "notebooks/04-border-closure\n- file: notebooks/09-judge\n" in toc
    assert {"04-border-closure", "09-judge"} <= set(project.ran())
    assert results(project)["judge.seen"]["value"] == 5
    ratio = results(project)["border_closure.ratio"]
    assert ratio["low"] < ratio["value"] < ratio["high"]

    gone = project.python("helpers.cli", "remove", "border-closure", "--yes=1")
    assert gone.returncode == 0, gone.stderr
    assert not any("border_closure" in key for key in results(project))
    assert (project.root / "work/removed/04-border-closure.ipynb").exists()
    for name, text in texts.items():
        assert (project.root / name).read_text() == text
    assert "09-judge" in project.ran()
    assert results(project)["judge.seen"]["value"] == 3
    assert files(project) == before


@pytest.mark.parametrize("toc", ["_toc.yml", "country/_toc.yml"])
@pytest.mark.parametrize("end", ["", "  # a word on it"])
def test_a_chapter_that_comes_and_goes_leaves_the_contents_to_the_letter(toc, end):
    text = (paths.BOOK / toc).read_text(encoding="utf-8")
    names = re.findall(r"- file: notebooks/(\S+)", text)
    for before in names:
        with_it = with_chapter(text, "00-mine", [before])
        with_it = with_it.replace("notebooks/00-mine", f"notebooks/00-mine{end}")
        assert with_it != text and remove.without_chapter(with_it, "00-mine") == text
    for name in names:
        gone = remove.without_chapter(text, name).splitlines()
        line = next(one for one in text.splitlines() if one.endswith(f"notebooks/{name}"))
        at = text.splitlines().index(line)
        assert gone == text.splitlines()[:at] + text.splitlines()[at + 1 :]


def test_a_stage_taken_out_by_hand_leaves_no_key_no_figure_and_no_table(project):
    stages, toc = project.root / "notebooks/stages.toml", project.root / "book/_toc.yml"
    stages.write_text(remove.without_stage(stages.read_text(), "03-right"))
    toc.write_text(remove.without_chapter(toc.read_text(), "03-right"))
    (project.root / "notebooks/03-right.ipynb").unlink()
    project.ran()
    assert not any("right" in key for key in results(project))
    processed = project.root / "data/processed"
    assert not [path for path in processed.rglob("*") if "right" in path.name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("01-clean", "02-left reads 'months', which it writes"),
        ("02-left", "book/index.md quotes its result 'left.mean'"),
        ("02-lefft", "no stage '02-lefft'; did you mean '02-left'?"),
        ("lefft", "no stage 'lefft'; did you mean"),
        ("", "no stage ''"),
        ("../x", "no stage '../x'"),
    ],
)
def test_what_something_rests_on_stays(project, name, said):
    before = files(project), results(project)
    run = project.python("helpers.cli", "remove", "--yes=1", "--", name)
    assert run.returncode == 2 and said in run.stderr and run.stderr.count("\n") == 1
    assert before == (files(project), results(project))


def test_a_claim_keeps_the_notebook_on_which_it_rests(project):
    assert project.python("helpers.cli", "new", "border-closure").returncode == 0
    (project.root / "data/raw/claims.yml").write_text(CLAIM)
    run = project.python("helpers.cli", "remove", "border-closure", "--yes=1")
    assert run.returncode == 2
    assert "the claim 'more' of claims.yml rests on its result 'border_closure.ratio'" in run.stderr


def add(path, text):
    path.write_text((path.read_text() if path.exists() else "") + text)


def add_cell(project, kind, source):
    """Add a cell to the notebook that reads results."""
    path = project.root / "notebooks/09-judge.ipynb"
    notebook = json.loads(path.read_text())
    cell = {"cell_type": kind, "id": "more", "metadata": {}, "source": source}
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    notebook["cells"].insert(1, cell | more)
    path.write_text(json.dumps(notebook))


CLAIMED = '- kind: checkable\n  id: more\n  proof:\n    size: "{}"\n'
LISTED = "- page: {}\n  phrases: [most]\n"
KEYS = ["border_closure.ratio", "border_closure.share_at_least"]
# How a key or a stage is quoted, by kind of place: a file to which a text is added, or a cell.
PLACES = [
    ("book/index.md", "\n\nSo {{num}}`{}:.2f`.\n", "line"),
    ("book/index.md", "\n\n:::{{note}}\nSo {{says}}`min({}) > 1|up`.\n:::\n", "line"),
    ("book/index.md", "\n\n| a |\n|---|\n| {{says}}`{}.low > 1\\|up\\|down` |\n", "line"),
    ("book/country/index.md", "# Any\n\n{{says}}`recorded({})|up|`\n", "line"),
    ("data/raw/claims.yml", CLAIMED, "line 4"),
    ("data/raw/claims/nigeria.yml", CLAIMED, "line 4"),
    ("data/raw/lists.yml", 'chosen:\n  - "{}"\n', "line 2"),
    ("book/allowed-words.yml", LISTED, "line"),
    ("book/sweep/chosen.yml", "rows: {{first: '{}'}}\n", "line 1"),
    ("markdown", "Before.\n\nSo {{num}}`{}:.2f` and {{says}}`{} > 1|up`.", "cell 2, line 3"),
    ("code", 'one = 1\nfound = ["{}"]', "cell 2, line 2"),
    ("code", "def broken(:\n    {}", "cell 2, line 2"),
]
STARS = ["border_*.{}", "border_closure.*", "b*.*", "border_closure.{}*", "b*e.*{}"]


@pytest.mark.parametrize(("file", "form", "at"), PLACES)
@pytest.mark.parametrize("seed", range(2))
def test_whoever_quotes_is_named_by_file_and_line(fresh, file, form, at, seed):
    draw = random.Random(f"{file} {form} {seed}")
    key = draw.choice(KEYS)
    token = key if seed == 0 else draw.choice(STARS).format(key.partition(".")[2])
    if file in ("markdown", "code"):
        add_cell(fresh, file, form.format(token, token))
        file = "notebooks/09-judge.ipynb"
    else:
        (fresh.root / file).parent.mkdir(exist_ok=True)
        add(fresh.root / file, form.format(token))
    before = files(fresh), (fresh.root / "notebooks/stages.toml").read_text()
    run = fresh.python("helpers.cli", "remove", "border-closure", "--yes=1")
    assert run.returncode == 2 and run.stderr.count("\n") == 1, run.stdout
    assert file in run.stderr and at in run.stderr and "border_closure." in run.stderr
    lines = (fresh.root / file).read_text().split("\n")
    if number := re.search(r"[(,] ?line (\d+)\)", run.stderr.replace("cell 2, ", "cell ")):
        assert file.endswith(".ipynb") or token in lines[int(number[1]) - 1]
    assert before == (files(fresh), (fresh.root / "notebooks/stages.toml").read_text())


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("code", 'name = "ratio"\nseen = f"border_closure.{name}"'),
        ("code", 'mine = [one for one in () if one.startswith("border_closure.")]'),
        ("code", 'page = "notebooks/04-border-closure.ipynb"'),
        ("markdown", "See [it](04-border-closure.ipynb#the-answer)."),
        ("book/index.md", "\n\nSee [it](notebooks/04-border-closure.ipynb).\n"),
        ("book/index.md", "\n\n```{figure} figures/border-closure-simulated.svg\nIt.\n```\n"),
        ("book/allowed-words.yml", LISTED.format("04-border-closure.ipynb")),
    ],
)
def test_what_is_not_spelt_out_or_is_quoted_by_its_name_is_seen(fresh, file, text):
    if file in ("markdown", "code"):
        add_cell(fresh, file, text)
        file = "notebooks/09-judge.ipynb"
    else:
        add(fresh.root / file, text)
    run = fresh.python("helpers.cli", "remove", "border-closure", "--yes=1")
    assert run.returncode == 2 and run.stderr.count("\n") == 1, run.stdout
    assert file in run.stderr and "line" in run.stderr and "border" in run.stderr


@pytest.mark.parametrize("read", ["border_*", "border_closure.*", "border_closure.ratio"])
def test_a_graph_that_names_no_table_is_refused_before_anything_goes(fresh, read):
    add(fresh.root / "notebooks/stages.toml", f'\n[about]\nNowhere = ["{read}"]\n')
    before = files(fresh), (fresh.root / "notebooks/stages.toml").read_text()
    run = fresh.python("helpers.cli", "remove", "border-closure", "--yes=1")
    assert run.returncode == 2 and run.stderr.count("\n") == 1
    assert "stages.toml" in run.stderr and read in run.stderr
    assert before == (files(fresh), (fresh.root / "notebooks/stages.toml").read_text())


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("book/index.md", "\n\nWrite ``{num}`border_closure.ratio` `` there.\n"),
        ("book/index.md", "\n\n{says}`min(left.*) > 0|Up` and 04-border-closure-two.\n"),
        ("notebooks/stages.toml", "\n# As 04-border-closure and border_closure.ratio.\n"),
        ("data/raw/claims.yml", CLAIMED.format("border_closure.*.ratio")),
        ("code", 'seen = "border_closures.ratio", "closure.ratio", "a.border_closure.ratio"'),
        ("markdown", "A border closure; {num}`left.mean`."),
    ],
)
def test_what_only_looks_like_a_quote_is_none(fresh, file, text):
    if file in ("markdown", "code"):
        add_cell(fresh, file, text)
    else:
        add(fresh.root / file, text)
    run = fresh.python("helpers.cli", "remove", "border-closure", "--yes=1")
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    "asked", ["Deaths rose.", 'They "rose": {more} - \\ in 2024, # so.', "é\u2028"]
)
def test_the_claim_that_was_made_goes_too_and_an_edited_one_stays(project, asked):
    raw = project.root / "data/raw"
    plan = raw / "claims.yml"
    plan.write_text("# Claims.\n" + UNTESTABLE)
    shutil.copy(paths.RAW / "claims.source.yml", raw)
    assert project.python("helpers.cli", "ingest", "stamp", "claims.yml").returncode == 0
    before = {path: path.read_bytes() for path in (*raw.iterdir(), *stages_and_contents(project))}
    made = project.python("helpers.cli", "new", "border-closure", f"--claim={asked}")
    assert made.returncode == 0, made.stderr
    path = project.root / "data/processed/results.json"
    told = {"claims.border_closure.verdict": {"value": "x", "notebook": "09-judge"}}
    path.write_text(json.dumps(results(project) | told))

    text = plan.read_text()
    plan.write_text(text.replace("smallest_effect: 1.10", "smallest_effect: 1.20"))
    refused = project.python("helpers.cli", "remove", "border-closure")
    assert refused.returncode == 2 and "the claim 'border_closure' of claims.yml" in refused.stderr
    plan.write_text(text)
    index = project.root / "book/index.md"
    page = index.read_text()
    index.write_text(page + "\n{num}`claims.border_closure.verdict`\n")
    refused = project.python("helpers.cli", "remove", "border-closure")
    assert refused.returncode == 2 and "'claims.border_closure.verdict' (line" in refused.stderr
    index.write_text(page)

    # Who goes through all claims, or counts them by a star, rests on none of them.
    add_cell(project, "code", 'claim = "more"\nseen = f"claims.{claim}.verdict"')
    index.write_text(page + "\n{says}`recorded(claims.*.verdict)|Some|`\n")
    gone = project.python("helpers.cli", "remove", "border-closure")
    assert gone.returncode == 0, gone.stderr
    assert before == {path: path.read_bytes() for path in before}
    assert set(raw.iterdir()) <= set(before)
    assert not any("border_closure" in key for key in results(project))
    assert not (project.root / "notebooks/04-border-closure.ipynb").exists()


def stages_and_contents(project):
    return project.root / "notebooks/stages.toml", project.root / "book/_toc.yml"


def test_a_notebook_that_git_has_not_stays_until_somebody_says_yes(project):
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    assert project.python("helpers.cli", "new", "mine").returncode == 0
    notebook = project.root / "notebooks/04-mine.ipynb"
    edited(project, "04-mine")
    kept = notebook.read_bytes()
    first = project.python("helpers.cli", "remove", "mine")
    assert "stays, since git does not have it" in first.stdout and notebook.read_bytes() == kept
    again = project.python("helpers.cli", "remove", "04-mine")
    assert again.returncode == 2 and "is no stage any more" in again.stderr
    shutil.copy(paths.ROOT / ".gitignore", project.root)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run([*git, *words], cwd=project.root, check=True, env={**os.environ})
    right = project.root / "notebooks/03-right.ipynb"
    assert project.python("helpers.cli", "remove", "03-right").returncode == 0
    assert not right.exists() and (project.root / "work/removed/03-right.ipynb").exists()
    project.ran()


def only(project, names):
    return project.python("helpers.cli", "report", f"--only={names}", "--jobs=1")


def edited(project, name):
    path = project.root / f"notebooks/{name}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][-1]["source"] = ["# again\n", *notebook["cells"][-1]["source"]]
    path.write_text(json.dumps(notebook))


def test_some_chapters_run_with_what_they_need_and_no_other(project):
    for name in ("01-clean", "02-left", "03-right"):
        edited(project, name)
    run = only(project, "03-right")
    assert run.returncode == 0, run.stderr
    line = run.stdout.splitlines()[-1]
    assert line.startswith("ran 01-clean, 03-right") and "02-left" not in line.split(";")[0]
    assert "left as they were, though they would run again: 02-left;" in line
    assert "left.mean" in results(project)
    assert project.ran() == ["02-left", "book"]
    assert only(project, "03-right,02-left").stdout.startswith("nothing had changed")


def test_where_others_never_ran_the_book_waits(project):
    shutil.rmtree(project.root / "data/processed")
    shutil.rmtree(project.root / ".pytask")
    run = only(project, "02-left")
    assert run.returncode == 0, run.stderr
    assert "ran 01-clean, 02-left; the book waits for 03-right, 09-judge" in run.stdout
    assert not (project.root / "data/processed/results.json").exists()
    assert {"03-right", "09-judge", "results"} <= set(project.ran())


@pytest.mark.parametrize("names", ["03-rihgt", "02-left,03-rihgt", "03-rihgt,02-left"])
def test_a_misspelt_chapter_is_one_sentence_and_nothing_runs(project, names):
    edited(project, "02-left")
    run = only(project, names)
    assert run.returncode == 2 and run.stdout == ""
    assert run.stderr.splitlines() == [
        "error: stages.toml has no stage '03-rihgt'; did you mean '03-right'?"
    ]
