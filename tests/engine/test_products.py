"""Whatever is done to a product is noticed by the next plain run, which makes the same bytes."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys

import pytest
from conftest import Project

from helpers.base.files import remove
from helpers.book.manifest import listed
from helpers.cli.fresh import environment

WAYS = ("delete", "cut", "add", "folder", "link", "loop")


def alter(path, way):
    if way == "delete":
        path.unlink()
    elif way == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif way == "add":
        path.write_bytes(path.read_bytes() + b"\n")
    else:
        remove(path)
        if way == "folder":
            path.mkdir()
        else:
            path.symlink_to("/dev/null" if way == "link" else path.parent)


def built_files(root):
    processed = listed(root / "data/processed")
    return {
        name: one
        for name, one in (processed | listed(root / "book/_build/html")).items()
        if "timings/" not in name and name != "_static/run.js"
    }


def test_altered_products_are_made_again(built):
    """Each way once; the families of tests/faults draw more."""
    draw, root = random.Random(1), built.root
    before = built_files(root)
    everywhere = [root / "data/processed", root / "book/_build/html"]
    files = sorted(
        path for top in everywhere for path in top.rglob("*")
        if path.is_file() and "timings" not in path.parts
    )  # fmt: skip
    for path, way in zip(draw.sample(files, len(WAYS)), WAYS):
        alter(path, way)
    (root / "book/_build/html/ghost.html").write_text("no stage made this")
    (root / "data/processed/figures/ghost.svg").write_text("nor this")
    assert built.ran() != []
    assert built_files(root) == before
    assert built.ran() == []


def test_a_stage_taken_out_of_the_table_leaves_nothing(built):
    table = built.root / "notebooks/stages.toml"
    table.write_text(table.read_text().split('\n[[stage]]\nname = "03-right"')[0])
    toc = built.root / "book/_toc.yml"
    toc.write_text(toc.read_text().replace("- file: notebooks/03-right\n", ""))
    assert built.ran() == ["book", "results"]
    processed = built.root / "data/processed"
    assert "right" not in (processed / "results.json").read_text()
    left = [path.name for path in processed.rglob("*") if "right" in path.name]
    assert left == []


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_the_run_and_says_so(built, number, status):
    notebook = built.root / "notebooks/03-right.ipynb"
    text = notebook.read_text()
    notebook.write_text(text.replace("stage.finish()", "import time; time.sleep(60)"))
    run = subprocess.Popen(
        [sys.executable, "-m", "helpers.cli", "report", "--jobs", "1"],
        cwd=built.root,
        env=environment(built.root),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in run.stderr:
        if "03-right" in line:
            break
    os.kill(run.pid, number)
    said = run.communicate(timeout=60)
    assert run.returncode == status
    assert said[0] == "" and said[1].splitlines()[-1].startswith("stopped by ")


def test_a_damaged_memory_of_the_graph_is_made_anew(built):
    (built.root / "pytask.lock").write_bytes(b"\0[[")
    run = built.report()
    assert run.returncode == 0, run.stderr
    assert "what the graph remembers of earlier runs was damaged" in run.stderr
    assert built.ran() == []


EDIT = """
import json, shutil, sys
from pathlib import Path
from helpers.base import paths
from helpers.base.errors import InputError
from helpers.book import build
def edit_after(moment, file, old, new):
    "Let a file be edited when a step of the build has been taken."
    holder = {"write": build.manifest, "built": build.builder}.get(moment, build)
    real = getattr(holder, moment)
    def edited(*given, **named):
        page = paths.ROOT / file
        done = real(*given, **named)
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(old, new), encoding="utf-8")
        return done
    setattr(holder, moment, edited)
    return lambda: setattr(holder, moment, real)
"""
REPORT = f"""{EDIT}
from helpers.cli.app import main
edit_after(*sys.argv[1:])
sys.argv[1:] = ["report", "--jobs", "1"]
sys.exit(main())
"""
# Every moment and every file in one process: the builder gives back the pages that are there.
EACH = f"""{EDIT}
from helpers.run.run import open_run
run = open_run(paths.PARAMS / "pakistan.yml")
def kept(source, out):
    shutil.copytree(run.book / "html", out / "_build" / "html")
    return False, ""
build.builder.built = kept
moments, edits = json.loads(sys.argv[1])
told = {{}}
for moment in moments:
    for what, (file, old, new) in edits.items():
        text, said = (paths.ROOT / file).read_bytes(), ""
        assert build.current(run)
        undo = edit_after(moment, file, old, new)
        try:
            build.build(run)
        except InputError as error:
            said = str(error)
        undo()
        told[f"{{moment}} {{what}}"] = said, build.current(run)
        (paths.ROOT / file).write_bytes(text)
print(json.dumps(told))
"""
EDITS = {
    "page": ("book/index.md", "Deaths:", "The deaths:"),
    "settings": ("book/_config.yml", "title:", "# edited\ntitle:"),
    "results": ("data/processed/results.json", "made up", "edited"),
}
MOMENTS = ("assemble", "built", "_write_times", "write")


def python(project, *arguments):
    return subprocess.run(
        [sys.executable, "-c", *arguments],
        cwd=project.root,
        env=environment(project.root),
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def each(built_once, tmp_path_factory):
    """What a build said and whether its book counts as current, by moment and what was edited."""
    root = tmp_path_factory.mktemp("each") / "project"
    shutil.copytree(built_once, root)
    run = python(Project(root), EACH, json.dumps([MOMENTS, EDITS]))
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("what", EDITS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_no_book_is_current_after_an_edit_at_any_moment(each, moment, what):
    """The last moment lies after the last look at the inputs, so that run says nothing."""
    said, current = each[f"{moment} {what}"]
    refused = f"{EDITS[what][0]} was edited while the build of the book ran"
    assert not current and (said == "" if moment == "write" else refused in said)


@pytest.mark.parametrize(
    "moment, what", list(zip(MOMENTS, ("page", "settings", "results", "page")))
)
def test_what_is_edited_while_the_book_is_built_is_in_the_next_one(built, moment, what):
    index = built.root / "book" / "index.md"
    index.write_text(index.read_text() + "\nOne line more.\n")
    page = built.root / "book/_build/html/index.html"
    before = page.read_bytes()
    run = python(built, REPORT, moment, *EDITS[what])
    if moment == "write":
        assert run.returncode == 0, run.stderr
    else:
        assert run.returncode == 2 and page.read_bytes() == before
        assert f"{EDITS[what][0]} was edited while the build of the book ran" in run.stderr
    # Edited results are a product, which is made again; the book then holds what was recorded.
    assert "book" in built.ran() and built.ran() == []
    if what == "page":
        assert "The deaths:" in page.read_text()
