"""The runner of the faults: what it draws, what it counts, and when it fails."""

import signal
import sys
import time

import pytest
from families import FAMILIES
from hostile import _active, _formulas
from main import drawn, status, table
from tables import DAMAGES
from tiny import Process, Ran, Verdict, descendants, differ

import helpers


class Told:
    """A try as the runner keeps it."""

    def __init__(self, family, **what):
        self.family, self.name, self.seconds = family, "a try", 1.0
        self.verdict = Verdict(**what)


def test_one_seed_draws_the_same_tries_and_another_seed_others():
    names = [(one.name, one.seed) for one in drawn(list(FAMILIES), 7, False)]
    assert names == [(one.name, one.seed) for one in drawn(list(FAMILIES), 7, False)]
    assert names != [(one.name, one.seed) for one in drawn(list(FAMILIES), 8, False)]


def test_the_names_of_the_tries_of_a_family_differ():
    for everything in (False, True):
        names = [(one.family, one.name) for one in drawn(list(FAMILIES), 7, everything)]
        assert len(names) == len(set(names))


def test_what_the_tests_leave_out_the_faults_run():
    told = {one.name for one in drawn(["suites"], 7, False)}
    assert "tests/book/test_hostile.py" in told and "tests/faults/test_runner.py" not in told


def test_a_family_draws_the_same_alone():
    alone = [one.name for one in drawn(["products"], 7, False)]
    among = [one.name for one in drawn(list(FAMILIES), 7, False) if one.family == "products"]
    assert alone == among


@pytest.mark.parametrize(
    ("what", "fails"),
    [
        ({}, 0),
        ({"recovered": True, "sentence": True}, 0),
        ({"skipped": "no root"}, 0),
        ({"lost": "a table"}, 1),
        ({"wrong": "exit 0"}, 1),
        ({"traceback": True}, 1),
        ({"hostile": "a script"}, 1),
        ({"sentence": False}, 1),
        ({"recovered": False}, 1),
    ],
)
def test_the_status_is_1_when_something_is_lost_wrong_shown_raw_or_run(what, fails):
    assert status([Told("one", recovered=True), Told("two", **what)]) == fails


def test_the_table_counts_each_family_and_all():
    rows = table(
        [
            Told("kills", recovered=True),
            Told("kills", recovered=False, lost="a page"),
            Told("cells", sentence=False, wrong="exit 0"),
            Told("cells", skipped="no root"),
        ]
    )
    assert [row.split()[:4] for row in rows] == [
        ["fault", "tries", "lost", "wrong"],
        ["kills", "2", "1", "0"],
        ["cells", "1", "0", "1"],
        ["all", "3", "1", "1"],
    ]
    assert "1 of 2" in rows[1] and "0 of 1" in rows[2]


@pytest.mark.parametrize(
    ("code", "err", "is_one"),
    [
        (2, "  01-clean  cell 1\nerror: t.csv, line 3: a word\n", True),
        (0, "error: t.csv, line 3: a word\n", False),
        (2, "error: one\nerror: two\n", False),
        (2, "Traceback (most recent call last)\nerror: one\n", False),
        (2, "error: one\n" + "and a line more\n" * 5, False),
        (2, "", False),
        (None, "error: one\n", False),
    ],
)
def test_a_sentence_is_one_line_that_a_failing_command_says(code, err, is_one):
    assert Ran(code, "", err).sentence is is_one


def test_products_that_differ_are_named():
    assert differ({"/a": "1"}, {"/a": "1"}) == ""
    said = differ({"/a": "1", "/b": "2"}, {"/b": "3", "/c": "4"})
    assert said == "1 missing (/a), 1 added (/c), 1 different (/b)"


def test_every_damage_changes_a_table():
    import random

    table = "place,year,deaths\n" + "".join(f"town {n},{2000 + n},{n * 7}\n" for n in range(30))
    for damage in DAMAGES:
        changed = sum(damage(table.encode(), random.Random(n)) != table.encode() for n in range(9))
        assert changed >= 5, damage.__name__


@pytest.mark.parametrize(
    ("page", "is_hole"),
    [
        ("<p>&lt;script&gt;window.hx1q=1&lt;/script&gt;</p>", False),
        ("<p><script>window.hx1q=1</script></p>", True),
        ("<img src=x onerror=window.hx1q=1>", True),
        ("<a href='javascript:window.hx1q=1'>x</a>", True),
        ("<a href='https://example.org'>javascript:window.hx1q=1</a>", False),
        ("<p title='<script>window.hx1q=1</script>'>x</p>", False),
        ('<script>var data = {"x": "window.hx1q=1"}</script>', False),
    ],
)
def test_a_hole_is_text_that_became_an_element_or_a_link(page, is_hole):
    from bs4 import BeautifulSoup

    found = _active(BeautifulSoup(page, "html.parser"), {"hx1q": "made up"}, "page.html")
    assert bool(found) is is_hole


def test_a_formula_is_a_cell_that_starts_as_one():
    assert _formulas("a,b\n1,=cmd hx1q\n", {"hx1q": "made up"}, "t.csv")
    assert not _formulas("a,b\n1,'=cmd hx1q\n", {"hx1q": "made up"}, "t.csv")


def test_processes_below_are_found_and_ended():
    import subprocess

    shell = subprocess.Popen(["sh", "-c", "sleep 60; true"])
    try:
        below: list[Process] = []
        while not below:
            below = descendants(shell.pid)
        assert all(one.alive for one in below)
        for one in below:
            one.send(signal.SIGKILL)
    finally:
        shell.kill()
        shell.wait()
    ends = time.monotonic() + 20  # who takes in an orphan that ended may be late
    while any(one.alive for one in below) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not any(one.alive for one in below)


def test_the_suite_tries_this_source():
    assert helpers.__file__ and sys.modules["tiny"].ROOT.joinpath("src/helpers").samefile(
        helpers.__path__[0]
    )
