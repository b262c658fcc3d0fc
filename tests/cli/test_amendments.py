"""The history of the claims read from git: renames, merges, cut histories, and tables that lag."""

import functools
import os
import shutil
import subprocess

import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.claims.history import families
from helpers.cli import amendments
from helpers.raw.contract import load

needs_history = pytest.mark.skipif(
    bool(amendments.missing_history(paths.ROOT)), reason=amendments.missing_history(paths.ROOT)
)
CLAIM = "- {{kind: untestable, id: {id}, statement: {said}, place: end, reason: '{why}'}}\n"


class Repository:
    """A repository whose commits are a minute apart."""

    def __init__(self, root):
        self.root, self.minute = root, 0
        self("init", "-q", "-b", "main")

    def __call__(self, *words):
        self.minute += 1
        when = f"2026-01-01T10:{self.minute:02}:00+02:00"
        names = {
            f"GIT_{who}_{what}": "x"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        dates = {
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        run = subprocess.run(
            ["git", "-C", str(self.root), *words],
            env=os.environ | names | dates,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    def write(self, place, text):
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self, message, **files):
        for place, text in files.items():
            self.write({"plan": amendments.PLAN}.get(place, place), text)
        self("add", "-A")
        self("commit", "-q", "-m", message)
        return self("rev-parse", "HEAD").strip()[: amendments.DIGITS]


def claim(said="More.", why="Nobody counts.", id="more"):
    return CLAIM.format(id=id, said=said, why=why)


@pytest.fixture
def repository(tmp_path):
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    root = tmp_path / "project"
    root.mkdir()
    return Repository(root)


def told(repository):
    table = amendments.tables(repository.root)["amendments"]
    return table[["commit", "change", "field", "before", "after"]].values.tolist()


def test_an_earlier_place_of_the_file_is_followed(repository):
    filler = "# a plan that is long enough to be known again\n" * 9
    repository.write("plans/claims.yml", filler + claim())
    first = repository.commit("State the claims")
    (repository.root / "data" / "raw").mkdir(parents=True)
    repository("mv", "plans/claims.yml", amendments.PLAN)
    moved = repository.commit("Move them", plan=filler + claim(why="No series."))
    last = repository.commit(
        "Say more", plan=filler + claim(said="Much more.", why="No\n    series.")
    )
    assert told(repository) == [
        [first, "stated", "statement", "", "More."],
        [moved, "amended", "reason", "Nobody counts.", "No series."],
        [last, "amended", "statement", "More.", "Much more."],
    ]


def test_the_reason_is_the_subject_and_the_first_paragraph_in_utc(repository):
    repository.commit("State the claims", plan=claim())
    body = "It was\ntoo weak.\n\nMore of it.\n\nReviewed-by: x"
    repository.commit(f"Say more\n\n{body}", plan=claim(said="Much."))
    repository.commit("Say less\n\nReviewed-by: x", plan=claim(said="Little."))
    table = amendments.tables(repository.root)["amendments"]
    assert table["why"].tolist() == ["State the claims", "Say more. It was too weak.", "Say less"]
    assert table["date"].unique().tolist() == ["2026-01-01"] and table["time"].max() < "09:00:00"


def test_a_merge_tells_what_it_left_out_and_nothing_else(repository):
    lines = "\n" * 9  # far enough apart for git to merge them
    one, two = claim(id="one"), claim(id="two")
    repository.commit("State the claims", plan=one + lines + two)
    repository("checkout", "-q", "-b", "side")
    side = repository.commit("Change two", plan=one + lines + claim(id="two", why="Not so."))
    repository("checkout", "-q", "main")
    main = repository.commit("Change one", plan=claim(id="one", why="Too few.") + lines + two)
    repository("merge", "-q", "--no-ff", "side", "-m", "Merge both")
    assert [row[0] for row in told(repository)[2:]] == [side, main]
    repository("reset", "-q", "--hard", "HEAD^")
    repository("merge", "-q", "--no-commit", "--no-ff", "side")
    merge = repository.commit("Merge one side", plan=claim(id="one", why="Too few.") + lines + two)
    assert told(repository)[-1] == [merge, "amended", "reason", "Not so.", "Nobody counts."]


def test_a_result_is_known_from_the_first_notebook_that_names_it(repository):
    plan = "- {id: more, statement: %s, evidence: [{source: A, key: trend.a.ratio}]}\n"
    repository.commit("State", plan=plan % "More.")
    repository.commit("Say more", plan=plan % "Much.")
    known = repository.commit("Count", **{"notebooks/x.ipynb": "{num}`trend.a.ratio`"})
    repository.commit("Count again", **{"notebooks/y.ipynb": "{num}`trend.a.ratio`"})
    repository.commit("Say less", plan=plan % "Little.")
    found = amendments.tables(repository.root)
    assert found["amendments"]["result_known"].tolist() == ["false", "false", "true"]
    assert found["first_results"][["family", "commit"]].values.tolist() == [["trend.a", known]]


@pytest.fixture
def published(repository):
    """A repository with both tables as of its first two commits."""
    for name in ("amendments", "first_results"):
        place = f"data/raw/{name}.source.yml"
        repository.write(place, (paths.ROOT / place).read_text())
    repository.commit("State the claims", plan=claim())
    repository.commit("Say more", plan=claim(said="Much more."))
    return repository


def written(repository):
    out = repository.root / "data" / "raw"
    amendments.write(out, repository.root)
    return amendments.stale(out, repository.root)


def test_the_newest_commit_may_be_missing_and_an_older_one_may_not(published):
    out = published.root / "data" / "raw"
    assert written(published) == []
    assert len(load(out / "amendments.csv")) == 2
    published.commit("Add the tables", plan=claim(said="Much more.", why="No series."))
    assert amendments.stale(out, published.root) == []
    commit = published("rev-parse", "HEAD").strip()[: amendments.DIGITS]
    published.commit("Something else", other="x")
    (said,) = amendments.stale(out, published.root)
    assert said == (
        f"amendments.csv is not what git tells (commits {commit} are missing); run make amendments"
    )
    assert written(published) == [] and len(load(out / "amendments.csv")) == 3


def test_what_a_merge_brings_may_be_missing_until_the_commit_after_it(published):
    out = published.root / "data" / "raw"
    written(published)
    published.commit("Add the tables")
    published("checkout", "-q", "-b", "side")
    published.commit("Change it", plan=claim(said="Much more.", why="No series."))
    published.commit("And again", plan=claim(said="Much more.", why="No series at hand."))
    published("checkout", "-q", "main")
    published("merge", "-q", "--no-ff", "side", "-m", "Merge it")
    assert amendments.stale(out, published.root) == []
    published.commit("Something else", other="x")
    assert "are missing" in amendments.stale(out, published.root)[0]


def test_a_row_that_was_changed_by_hand_is_seen(published):
    written(published)
    table = published.root / "data" / "raw" / "amendments.csv"
    table.write_text(table.read_text().replace("Much more.", "Much less."))
    (said,) = amendments.stale(table.parent, published.root)
    assert "rows differ" in said


def test_the_same_history_gives_the_same_bytes_in_any_clone(published, tmp_path):
    written(published)
    published.commit("Add the tables")
    subprocess.run(["git", "clone", "-q", str(published.root), str(tmp_path / "clone")], check=True)
    one, two = (root / "data/raw/amendments.csv" for root in (published.root, tmp_path / "clone"))
    before = two.read_bytes()
    two.unlink()
    amendments.write(two.parent, tmp_path / "clone")
    assert one.read_bytes() == before == two.read_bytes()


def test_no_history_a_shallow_one_and_that_of_another_project_are_said(published, tmp_path):
    (tmp_path / "download").mkdir()
    assert "no history of git here" in amendments.missing_history(tmp_path / "download")
    inside = published.root / "unpacked"
    inside.mkdir()
    assert "not the project's" in amendments.missing_history(inside)
    source, shallow = published.root.as_uri(), tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", source, str(shallow)], check=True)
    with pytest.raises(InputError, match="the clone is shallow; run git fetch --unshallow"):
        amendments.write(shallow / "data" / "raw", shallow)


def test_a_version_that_is_no_list_of_claims_is_named(published):
    commit = published.commit("Break it", plan="nothing: [")
    with pytest.raises(InputError, match=f"claims.yml of commit {commit} is no list of claims"):
        amendments.versions(published.root)


@pytest.fixture(scope="module")
def remembered():
    """Read the history of the project, which no test changes, once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("versions", "tables"):
            patch.setattr(amendments, name, functools.cache(getattr(amendments, name)))
        yield


@needs_history
def test_the_tables_of_the_project_are_those_of_its_history(remembered):
    assert amendments.stale() == []


@needs_history
def test_following_the_amendments_leads_from_the_first_version_to_the_last_told(
    remembered,
):
    history = sorted(amendments.versions(paths.ROOT), key=lambda one: one.time)
    table = amendments.tables(paths.ROOT)["amendments"]
    stated = set(table.query("change == 'stated'")["claim"])
    assert stated == set(history[0].after)
    gone, came = (set(table.query(f"change == '{one}'")["claim"]) for one in ("dropped", "added"))
    newest = next(one for one in reversed(history) if one.after)
    assert (stated | came) - gone == set(newest.after)


def test_the_rule_is_younger_than_the_comparison_of_the_published_totals():
    first, table = (load(paths.RAW / f"{name}.csv") for name in ("first_results", "amendments"))
    moments = [pd.to_datetime(one["date"] + " " + one["time"]) for one in (first, table)]
    assert moments[0].min() < moments[1].min()
    assert {"trend.picss", "trend.ucdp"} <= set(first["family"]) and families([]) == []
