"""A bundle repeats to the byte, elsewhere and without git; no restricted row is in it."""

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from conftest import Project, make_project, sidecar, write_notebook

from helpers.base import paths
from helpers.base.unpacked import unpack
from helpers.book import manifest
from helpers.cli.bundle import faults
from helpers.cli.verify import built_files
from helpers.raw.put import put
from helpers.raw.sidecar import Column

pytestmark = pytest.mark.faults
GIT = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
SECRET = "Quillfeather"  # stands in no other table
DATE = {"GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"}


def committed(project: Project) -> Project:
    """Make the project a repository with one commit."""
    for name in (".gitignore", "CITATION.cff", "LICENSE"):
        shutil.copy(paths.ROOT / name, project.root / name)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run([*GIT, *words], cwd=project.root, check=True, env={**os.environ, **DATE})
    return project


def bundled(project: Project, *words: str) -> Path:
    """Make a bundle and return it."""
    run = project.python("helpers.cli", "bundle", *words)
    assert run.returncode == 0, run.stderr
    (archive,) = (project.root / "dist").glob("*.zip")
    return archive


def opened(archive: Path, folder: Path) -> Path:
    """Unpack a bundle and return its one folder."""
    unpack(archive, folder)
    (inside,) = folder.iterdir()
    return inside


@pytest.fixture(scope="module")
def made(built_once, tmp_path_factory):
    """The tiny project as a repository, and its bundle."""
    folder = tmp_path_factory.mktemp("bundle")
    shutil.copytree(built_once, folder / "project")
    project = committed(Project(folder / "project"))
    return project, bundled(project)


def test_a_bundle_says_what_it_is_and_made_again_is_the_same(made):
    project, archive = made
    first = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert hashlib.sha256(bundled(project).read_bytes()).hexdigest() == first
    # So it is whether a PDF has been made of the pages or not.
    html = project.root / "book/_build/html"
    (html / "book.pdf").write_bytes(b"%PDF")
    manifest.add(html, html.with_name("added.json"), ["book.pdf"])
    assert hashlib.sha256(bundled(project).read_bytes()).hexdigest() == first
    (html / "book.pdf").unlink()
    html.with_name("added.json").unlink()
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
        assert names == sorted(names)
        assert {entry.date_time for entry in packed.infolist()} == {(2026, 1, 2, 3, 4, 4)}
        top = archive.stem
        read = {name.removeprefix(f"{top}/"): packed.read(name) for name in names}
    assert all(name.startswith(f"{top}/") for name in names)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=project.root, text=True)
    assert read["COMMIT"].decode() == head and archive.stem.endswith(head[:12])
    wanted = {
        "BUNDLE.md", "CITATION.cff", "LICENSE", "datapackage.json", "manifest-sha256.txt",
        "ro-crate-metadata.json", "requirements.lock", "src/helpers/base/source.py",
        "data/raw/country_month.csv", "data/raw/country_month.source.yml",
        "data/processed/results.json", "data/processed/executed/02-left.ipynb",
        "data/processed/months.parquet", "data/processed/figures/left-deaths.svg",
        "book/_build/html/index.html",
    }  # fmt: skip
    assert wanted <= read.keys()
    assert not any("__pycache__" in name or ".pytask" in name or ".git/" in name for name in read)
    assert not [name for name, data in read.items() if str(project.root).encode() in data]
    # The crate and the package name what is there, with its hash and size.
    graph = {one["@id"]: one for one in json.loads(read["ro-crate-metadata.json"])["@graph"]}
    parts = [one["@id"] for one in graph["./"]["hasPart"]]
    for name in (one for one in parts if not one.endswith("/")):
        assert graph[name]["sha256"] == hashlib.sha256(read[name]).hexdigest()
    assert graph["./"]["identifier"] == head.strip()
    held = {one["@id"] for one in graph["#run"]["object"]}
    assert held == {"data/raw/country_month.csv", "data/raw/published_figures.csv"}
    for one in json.loads(read["datapackage.json"])["resources"]:
        data = read[one["path"]]
        assert one["bytes"] == len(data)
        assert one["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert one["licenses"] and one["schema"]["fields"]


def test_unpacked_elsewhere_it_gives_the_same_results_and_pages_without_git(made, tmp_path):
    project, archive = made
    inside = opened(archive, tmp_path / "an other place")
    assert faults(inside) == []
    assert not (inside / ".git").exists()
    there = Project(inside)
    assert there.ran() == ["01-clean", "02-left", "03-right", "book", "results"]
    here, repeated = built_files(project.root), built_files(inside)
    assert here.keys() == repeated.keys() and len(here) > 30
    assert [n for n in here if here[n].read_bytes() != repeated[n].read_bytes()] == []
    head = archive.stem[-12:]
    page = (inside / "book/_build/html/colophon.html").read_text()
    assert head in page and "not committed" not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda f: (f / "data/raw/country_month.csv").write_text("x"),
            "country_month.csv: changed",
        ),
        (lambda f: (f / "data/processed/results.json").unlink(), "results.json: missing"),
        (lambda f: (f / "src/new.py").write_text("x"), "src/new.py: not in the manifest"),
    ],
)
def test_a_change_of_any_file_is_told_by_name(made, tmp_path, change, said):
    inside = opened(made[1], tmp_path / "out")
    change(inside)
    (line,) = faults(inside)
    assert line.endswith(said)
    run = subprocess.run(
        ["sha256sum", "--quiet", "-c", "manifest-sha256.txt"], cwd=inside, capture_output=True
    )
    assert (run.returncode != 0) == ("not in" not in said)


@pytest.mark.parametrize("reader", ["02-left", None])
def test_no_row_that_may_not_be_passed_on_is_in_a_bundle(tmp_path, reader):
    project = make_project(tmp_path)
    root, terms = project.root, "forbidden"
    word = Column(type="string", meaning="made up")
    told = sidecar({"name": word}).model_copy(update={"redistribution": terms})
    put(pd.DataFrame({"name": [SECRET]}), root / "data/raw/names.csv", told)
    shutil.copy(root / "data/raw/names.csv", root / "notebooks/copy.csv")
    if reader:
        stages = root / "notebooks/stages.toml"
        start = f'name = "{reader}"\nreads = ['
        stages.write_text(stages.read_text().replace(start, f'{start}"names.csv", '))
        notebook = json.loads((root / f"notebooks/{reader}.ipynb").read_text())
        cells = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"][2:]
        show = 'names = stage.read("names")\nnames["name"].iloc[0]'
        if reader != "01-clean":
            cells[2] = cells[2].replace("months.head()", "stage.read('names')")
        write_notebook(root / f"notebooks/{reader}.ipynb", "Title", [cells[0], show, *cells[1:]])
    committed(project)
    run = project.python("helpers.cli", "bundle")
    assert run.returncode == 0, run.stderr
    assert (
        f"left out: data/raw/names.csv (its sidecar says of redistribution: {terms})" in run.stdout
    )
    (archive,) = (root / "dist").glob("*.zip")
    inside = opened(archive, tmp_path / "out")
    names = {path.relative_to(inside).as_posix(): path for path in inside.rglob("*")}
    assert [n for n, p in names.items() if p.is_file() and SECRET.encode() in p.read_bytes()] == []
    for path in inside.rglob("*.parquet"):
        assert SECRET not in pd.read_parquet(path).to_csv()
    assert (
        f"`data/raw/names.csv`: its sidecar says of redistribution: {terms}"
        in (inside / "BUNDLE.md").read_text()
    )
    assert "data/raw/names.source.yml" in names and "data/raw/names.csv" not in names
    executed = {n.split("/")[-1][:-6] for n in names if n.startswith("data/processed/executed/0")}
    below = {"01-clean": {"01-clean", "02-left", "03-right"}}.get(reader, {reader})
    assert executed == {"01-clean", "02-left", "03-right"} - below
    assert ("book/_build/html/index.html" in names) == (reader is None)
    assert "names.csv" not in (inside / "datapackage.json").read_text()


def test_a_tree_that_differs_is_refused_by_name_or_named_so(made, tmp_path):
    shutil.copytree(made[0].root, tmp_path / "project", ignore=shutil.ignore_patterns("dist"))
    project = Project(tmp_path / "project")
    page = project.root / "book/index.md"
    page.write_text(page.read_text() + "\nOne more sentence.\n")
    (project.root / "private.txt").write_text(SECRET)
    run = project.python("helpers.cli", "bundle")
    assert run.returncode == 2 and "Traceback" not in run.stderr
    assert run.stderr.startswith("error: book/index.md differs from the commit (2 files in all)")
    assert not (project.root / "dist").exists()
    inside = opened(bundled(project, "--dirty"), tmp_path / "out")
    assert inside.name.endswith("-changed")
    assert (inside / "COMMIT").read_text().endswith(", with changes not committed\n")
    assert not (inside / "private.txt").exists()
    assert "One more sentence" in (inside / "book/_build/html/index.html").read_text()


def test_where_there_is_no_repository_it_is_one_sentence(built):
    run = built.python("helpers.cli", "bundle")
    assert run.returncode == 2
    assert run.stderr == (
        "error: a bundle is made of a commit, and there is no history of git here\n"
    )
