"""What changed between two states: what depends on an altered number, and nothing for a comment."""

import json
import re
import shutil
import subprocess

import pandas as pd
import pytest
import yaml
from conftest import Project

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli import release
from helpers.raw.put import put
from helpers.raw.sidecar import read_sidecar

GIT = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
CHANGES = "# Changelog\n\n## Unreleased\n\n- One thing.\n"


def git(project: Project, *words: str) -> str:
    run = subprocess.run(
        [*GIT, *words], cwd=project.root, check=True, capture_output=True, text=True
    )
    return run.stdout


def commit(project: Project, subject: str) -> None:
    git(project, "add", "-A")
    git(project, "commit", "-qm", subject)


def told(project: Project, **given: str) -> list[str]:
    words = [f"--{name}={value}" for name, value in given.items()]
    run = project.python("helpers.cli", "diff", *words)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    return run.stdout.splitlines()


def keys(lines: list[str]) -> list[str]:
    return [re.findall(r"\((\S+)\)$", one)[0] for one in lines if one.startswith("result: ")]


def alter(project: Project, row: int, by: int) -> None:
    """Change one number of the raw table, and stamp it."""
    table = project.root / "data/raw/country_month.csv"
    frame = pd.read_csv(table, dtype={"version": str})
    frame.loc[row, "deaths"] += by
    put(frame, table, read_sidecar(table))


@pytest.fixture(scope="module")
def kept(built_once, tmp_path_factory):
    """The tiny project as a repository with results, and a page that says what changed."""
    folder = tmp_path_factory.mktemp("diff")
    shutil.copytree(built_once, folder / "project")
    project = Project(folder / "project")
    shutil.copy(paths.ROOT / ".gitignore", project.root)
    shutil.copy(paths.ROOT / "CITATION.cff", project.root)
    (project.root / "CHANGELOG.md").write_text(CHANGES)
    toc = project.root / "book/_toc.yml"
    toc.write_text(toc.read_text() + "- file: changed\n")
    table = project.root / "data/raw/country_month.csv"
    months = pd.read_csv(table, dtype={"version": str})
    other = months.head(2).assign(country="Elsewhere")
    put(pd.concat([months, other]), table, read_sidecar(table))
    project.ran()
    assert project.python("helpers.cli", "baseline").returncode == 0
    git(project, "init", "-q", "-b", "main")
    commit(project, "Begin")
    project.ran()
    return project


@pytest.fixture
def project(kept, tmp_path):
    shutil.copytree(kept.root, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")


def test_one_altered_death_lists_what_depends_on_it(project):
    alter(project, 84, 1)  # of another country, which one result counts and two do not
    project.ran()
    lines = told(project)
    assert keys(lines) == ["clean.deaths"]
    assert "no verdict turned and 1 result moved; rows of 1 raw table changed" in lines[0]
    (row,) = [one for one in lines if one.startswith("  ")]
    assert row.startswith("  revised: Elsewhere, 2018, 1: deaths ")
    was, now = map(int, re.findall(r"deaths (\d+) → (\d+)", row)[0])
    assert now == was + 1
    alter(project, 0, 1)
    project.ran()
    assert keys(told(project)) == ["clean.deaths", "left.mean", "right.mean"]


def test_a_changed_comment_lists_none(project):
    path = project.root / "notebooks/02-left.ipynb"
    notebook = json.loads(path.read_text())
    cell = next(one for one in notebook["cells"] if "months.head()" in "".join(one["source"]))
    cell["source"] = ["# A comment.\n", *cell["source"]]
    path.write_text(json.dumps(notebook))
    assert "02-left" in project.ran()
    (line,) = told(project)
    assert line.endswith("nothing has changed: no result, no verdict, no row of a raw table")


def test_two_revisions_are_read_without_a_checkout(project):
    alter(project, 84, 3)
    project.ran()
    assert project.python("helpers.cli", "baseline").returncode == 0
    commit(project, "Alter")
    before = git(project, "status", "--porcelain"), git(project, "rev-parse", "HEAD")
    assert keys(told(project, old="HEAD~1", new="HEAD")) == ["clean.deaths"]
    assert keys(told(project, old="HEAD", new="HEAD~1")) == ["clean.deaths"]
    assert len(told(project, old="HEAD", new="main")) == 1
    assert before == (git(project, "status", "--porcelain"), git(project, "rev-parse", "HEAD"))


def test_rows_added_and_gone_are_named_by_their_keys(project):
    table = project.root / "data/raw/country_month.csv"
    frame = pd.read_csv(table, dtype={"version": str}).iloc[::-1]
    new = frame.head(1).assign(year=2017)
    put(pd.concat([frame.iloc[1:], new]), table, read_sidecar(table))
    project.ran()
    rows = [one for one in told(project) if one.startswith("  ")]
    assert rows == ["  added: Elsewhere, 2017, 2", "  gone: Elsewhere, 2018, 2"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nowhere", "there is no revision 'nowhere' here"),
        ("--output=x", "there is no revision '--output=x' here"),
        ("9.9.9", "there is no revision '9.9.9' here"),
        ("HEAD:notebooks", "there is no revision 'HEAD:notebooks' here"),
    ],
)
def test_what_is_no_revision_is_one_sentence(project, given, said):
    run = project.python("helpers.cli", "diff", f"--old={given}")
    assert run.returncode == 2 and run.stdout == ""
    assert said in run.stderr and run.stderr.count("\n") == 1


def test_results_of_an_earlier_tree_are_told(project):
    alter(project, 84, 1)
    run = project.python("helpers.cli", "diff")
    assert "01-clean" in run.stderr and "would run again (make report)" in run.stderr
    shutil.rmtree(project.root / ".git")
    run = project.python("helpers.cli", "diff")
    assert run.returncode == 2 and "there is no history of git here" in run.stderr


def test_a_revision_without_results_says_so(project):
    git(project, "rm", "-q", "tests/baseline/results.json")
    commit(project, "Take the baseline away")
    run = project.python("helpers.cli", "diff", "--old=HEAD")
    assert run.returncode == 2
    assert "revision 'HEAD' holds no results: it has no tests/baseline/results.json" in run.stderr


def released(project: Project, version: str):
    return project.python("helpers.cli", "release", "--", version)


def test_a_release_and_what_changed_since(project):
    run = released(project, "1.0.0")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert "  git push origin main v1.0.0" in lines and git(project, "tag") == ""
    remains = [line.split()[:2] for line in lines if line.startswith("  ")]
    assert remains == [
        ["git", "add"], ["git", "commit"], ["make", "report"], ["git", "tag"], ["git", "push"]
    ]  # fmt: skip
    root = project.root
    assert 'version = "1.0.0"' in (root / "pyproject.toml").read_text()
    cited = yaml.safe_load((root / "CITATION.cff").read_text())
    assert cited["version"] == "1.0.0"
    (identifier,) = cited["identifiers"]
    assert "placeholder" in identifier["description"]
    assert re.search(
        r"## Unreleased\n\n## 1\.0\.0 - \d{4}-\d\d-\d\d\n", (root / "CHANGELOG.md").read_text()
    )
    deposit = json.loads((root / ".zenodo.json").read_text())
    required = {"title", "upload_type", "description", "creators", "access_right", "license"}
    assert required <= deposit.keys() and deposit["version"] == "1.0.0" and "doi" not in deposit
    assert all(one["name"] for one in deposit["creators"])

    dirty = released(project, "1.1.0")
    assert dirty.returncode == 2 and "changes that are not committed" in dirty.stderr
    commit(project, "Release 1.0.0")
    stale = released(project, "1.1.0")
    assert stale.returncode == 2 and "the book is not of this tree" in stale.stderr
    project.ran()
    again = released(project, "1.0.0")
    assert again.returncode == 2 and "1.0.0, which there is already" in again.stderr
    assert again.stderr.count("\n") == 1
    git(project, "tag", "v1.1.0")
    tagged = released(project, "1.1.0")
    assert tagged.returncode == 2 and "git has a tag v1.1.0 already" in tagged.stderr
    git(project, "tag", "-d", "v1.1.0")
    empty = released(project, "1.1.0")
    assert empty.returncode == 2 and "nothing under Unreleased" in empty.stderr
    page = (root / "book/_build/html/changed.html").read_text()
    assert "<h1>Changed since 1.0.0" in page and "nothing has changed" in page

    alter(project, 84, 1)
    project.ran()
    page = (root / "book/_build/html/changed.html").read_text()
    assert "1 result moved" in page and "Elsewhere, 2018, 1" in page and "Clean: deaths" in page
    assert keys(told(project)) == ["clean.deaths"] == keys(told(project, old="1.0.0"))
    feed = (root / "book/_build/html/feed.xml").read_text()
    assert "Since 1.0.0 no verdict turned and 1 result moved" in feed
    without = shutil.move(root / ".git", root.parent / "kept.git")
    shutil.rmtree(root / "book/_build")
    project.ran()
    assert "Elsewhere, 2018, 1" in (root / "book/_build/html/changed.html").read_text()
    shutil.move(without, root / ".git")

    assert project.python("helpers.cli", "baseline").returncode == 0
    (root / "CHANGELOG.md").write_text(CHANGES)
    commit(project, "Alter one number")
    project.ran()
    assert released(project, "1.1.0").returncode == 0
    rows = (root / "data/ledger/results.csv").read_text().splitlines()
    assert [one.split(",")[:3] for one in rows if one.startswith("1.1.0,")] == [
        ["1.1.0", "clean.deaths", "moved"]
    ]
    tables = (root / "data/ledger/tables.csv").read_text().splitlines()
    assert [one.split(",")[4:] for one in tables if "1.1.0,country_month.csv" in one] == [
        ["0", "1", "0"]
    ]
    commit(project, "Release 1.1.0")
    project.ran()
    page = (root / "book/_build/html/changed.html").read_text()
    assert "<h1>Changed since 1.1.0" in page and "Since 1.0.0 no verdict turned" in page


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9", "1.0", "v1.0.0", "1.0.0-rc1", "", "01.0.0"])
def test_a_version_that_is_none_or_not_greater_is_refused(project, version):
    before = git(project, "status", "--porcelain")
    run = released(project, version)
    assert run.returncode == 2 and run.stderr.count("\n") == 1
    assert git(project, "status", "--porcelain") == before


def test_a_citation_keeps_what_a_person_wrote():
    text = (
        "# Ours\ncff-version: 1.2.0\nversion: 0.1.0\ndate-released: 2026-01-02\nidentifiers:\n"
        "- type: doi\n  value: 10.1234/concept\nlicense: MIT\n"
    )
    once = release.cited(text, "0.2.0", "2026-03-04")
    twice = yaml.safe_load(release.cited(once, "0.3.0", "2026-04-05"))
    assert once.startswith("# Ours\n") and twice["license"] == "MIT"
    assert [one["value"] for one in twice["identifiers"]] == ["10.1234/concept", release.DOI]
    with pytest.raises(InputError, match="expected one line 'version: …'"):
        release.cited("cff-version: 1.2.0\n", "0.2.0", "2026-03-04")
