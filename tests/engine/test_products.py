"""Whatever is done to a product is noticed by the next plain run, which makes the same bytes."""

import os
import random
import signal
import subprocess
import sys

import pytest

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


EDITED = """
import sys
from helpers.base import paths
from helpers.book import build
from helpers.cli.app import main
_, moment, file, old, new = sys.argv
holder = {"write": build.manifest, "built": build.builder}.get(moment, build)
real = getattr(holder, moment)
def edited(*given, **named):
    page = paths.ROOT / file
    done = real(*given, **named)
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(old, new), encoding="utf-8")
    return done
setattr(holder, moment, edited)
sys.argv[1:] = ["report", "--jobs", "1"]
sys.exit(main())
"""
EDITS = {
    "page": ("book/index.md", "Deaths:", "The deaths:"),
    "settings": ("book/_config.yml", "title:", "# edited\ntitle:"),
    "results": ("data/processed/results.json", "made up", "edited"),
}


@pytest.mark.parametrize("what", EDITS)
@pytest.mark.parametrize("moment", ["assemble", "built", "_write_times", "write"])
def test_what_is_edited_while_the_book_is_built_is_in_the_next_one(built, moment, what):
    """The last moment lies after the last look at the inputs, so that run says nothing."""
    file, old, new = EDITS[what]
    index = built.root / "book" / "index.md"
    index.write_text(index.read_text() + "\nOne line more.\n")
    page = built.root / "book/_build/html/index.html"
    before = page.read_bytes()
    run = subprocess.run(
        [sys.executable, "-c", EDITED, moment, file, old, new],
        cwd=built.root,
        env=environment(built.root),
        capture_output=True,
        text=True,
        timeout=300,
    )
    if moment == "write":
        assert run.returncode == 0, run.stderr
    else:
        assert run.returncode == 2 and page.read_bytes() == before
        assert f"{file} was edited while the build of the book ran" in run.stderr
    # Edited results are a product, which is made again; the book then holds what was recorded.
    assert "book" in built.ran() and built.ran() == []
    if what == "page":
        assert "The deaths:" in page.read_text()
