"""The graph end to end on a tiny project: what runs, what does not, and what a failure says."""

import json
import os
import signal
import subprocess
import sys
import time

from conftest import write_notebook

from helpers.cli.fresh import environment


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_what_a_change_makes_run(built):
    root, project = built.root, built
    page = (root / "book/_build/html/index.html").read_text()
    total = json.loads((root / "data/processed/results.json").read_text())["clean.deaths"]["value"]
    assert f"{total:,}" in page
    assert project.ran() == []

    replace(root / "book/index.md", "Deaths:", "The deaths:")
    assert project.ran() == ["book"]

    # A comment in a helper that two notebooks reach: their bytes stay, so the chain stops there.
    (root / "src/helpers/extra.py").write_text("VALUE = 1\n")
    replace(
        root / "notebooks/02-left.ipynb",
        "import matplotlib.pyplot as plt",
        "import matplotlib.pyplot as plt\\nimport helpers.extra",
    )
    assert project.ran() == ["02-left", "book"]
    (root / "src/helpers/extra.py").write_text("VALUE = 1  # why\n")
    assert project.ran() == ["02-left"]

    # An output edited by hand is made anew.
    (root / "data/processed/results.json").write_text("{}")
    assert project.ran() == ["results"]


def test_a_changed_value_with_an_older_time_stamp_is_noticed(built):
    project = built
    table = project.root / "data/raw/country_month.csv"
    replace(table, "Pakistan,2018,1,", "Pakistan,2018,1,1")
    assert "line 2, column 'deaths'" in project.report().stderr
    assert project.python("helpers.cli", "ingest", "stamp", "country_month.csv").returncode == 0
    for path in (table, table.with_name("country_month.source.yml")):
        os.utime(path, (0, 0))
    assert project.ran() == ["01-clean", "02-left", "03-right", "book", "results"]


def test_a_failing_cell_is_one_sentence_and_leaves_the_outputs(built):
    project = built
    notebook = project.root / "notebooks/03-right.ipynb"
    before = (project.root / "data/processed/executed/03-right.ipynb").read_bytes()
    replace(notebook, "stage.finish()", "months['nope']")
    run = project.report()
    assert run.returncode == 2
    assert "error: 03-right, cell 7: KeyError: 'nope'" in run.stderr.splitlines()[-1]
    assert (project.root / "data/processed/executed/03-right.failed.ipynb").exists()
    assert (project.root / "data/processed/executed/03-right.ipynb").read_bytes() == before
    replace(notebook, "months['nope']", "stage.finish()")
    assert "03-right" not in project.ran()


def test_a_killed_run_is_finished_by_the_next(built):
    project = built
    replace(
        project.root / "notebooks/03-right.ipynb",
        "stage.finish()",
        "import time; time.sleep(2)\\nstage.finish()",
    )
    run = subprocess.Popen(
        [sys.executable, "-m", "helpers.cli", "report"],
        cwd=project.root,
        env=environment(project.root),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    for line in run.stderr:
        if b"03-right" in line and b"cell 5" in line:
            break
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    time.sleep(0.2)
    again = project.ran()
    assert "03-right" in again and "01-clean" not in again
    assert not list((project.root / "data/processed").glob(".03*"))
    assert project.ran() == []


def test_a_page_that_quotes_a_missing_key_fails_the_build(built):
    project = built
    before = (project.root / "book/_build/html/index.html").read_bytes()
    replace(project.root / "book/index.md", "clean.deaths", "clean.death")
    run = project.report()
    assert run.returncode == 2
    sentence = run.stderr.splitlines()[-1]
    assert "clean.death" in sentence and "clean.deaths" in sentence and "index.md" in sentence
    assert (project.root / "book/_build/html/index.html").read_bytes() == before


def test_a_stage_reads_what_the_stages_before_it_recorded_and_its_table_links_there(built):
    project, root = built, built.root
    with (root / "notebooks/stages.toml").open("a") as file:
        file.write('\n[[stage]]\nname = "04-sum"\nreads = ["results"]\nwrites = []\n')
    cells = [
        """stage = Stage("04-sum")
results = stage.read("results")
stage.record("sum.keys", len(results), unit="results", source="all stages before")""",
        """import pandas as pd
keys = sorted(results)
cells = [results[key]["cell"] for key in keys]
table = pd.DataFrame({"result": keys})
stage.table(table, "sum-keys", caption="Results.", links={"result": cells})""",
        "stage.finish()",
    ]
    write_notebook(root / "notebooks/04-sum.ipynb", "Sum", cells)
    replace(root / "book/_toc.yml", "- file: data", "- file: notebooks/04-sum\n- file: data")
    assert project.ran() == ["04-sum", "book", "results"]
    assert json.loads((root / "data/processed/results.json").read_text())["sum.keys"]["value"] == 3
    page = (root / "book/_build/html/notebooks/04-sum.html").read_text()
    assert '<a href="02-left.html#cell-02-left-cell-0">left.mean</a>' in page.replace("<wbr>", "")

    # A result that changes makes the reader run; a label that no page has stops the book.
    replace(
        root / "notebooks/02-left.ipynb",
        'months[\\"deaths\\"].mean()',
        'months[\\"deaths\\"].max()',
    )
    assert project.ran() == ["02-left", "04-sum", "book", "results"]
    replace(root / "notebooks/04-sum.ipynb", 'results[key][\\"cell\\"]', '\\"cell-nowhere\\"')
    assert "a table links to 'cell-nowhere', which no page has" in project.report().stderr
