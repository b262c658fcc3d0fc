"""Captions however they are put together: every part that is typed is read, wherever it stands."""

import json
import re

import pytest

from helpers.prose.digits import in_notebook, in_page, spoken, unbound


def numbers(tmp_path, code, patterns=()):
    path = tmp_path / "05-x.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": code.splitlines(True)}]}))
    return [(one.number, one.place.rpartition(" ")[2]) for one in in_notebook(path, list(patterns))]


@pytest.mark.parametrize(
    ("caption", "found"),
    [
        ('"5 and 6"', ["5", "6"]),
        ('"5 in " + "6"', ["5", "6"]),
        ('"5 in " + name + " of 6"', ["5", "6"]),
        ('name + " of 6"', ["6"]),
        ('"of 5" + name', ["5"]),
        ('f"5 {name} " + f"{rows[7]} 6"', ["5", "6"]),
        ('"5 %s" % name', ["5"]),
        ('f"{rows[7]:.2f}"', []),
        ("name", []),
        ("7", []),
    ],
)
@pytest.mark.parametrize("call", ["stage.figure(f, 'a-1', {}=%s)", "stage.table(t, 'a-1', {}=%s)"])
@pytest.mark.parametrize("word", ["caption", "alt"])
def test_every_part_of_a_sum_of_strings_is_read(tmp_path, caption, found, call, word):
    code = call.format(word) % caption
    assert [number for number, _ in numbers(tmp_path, code)] == found


@pytest.mark.parametrize(
    "code",
    [
        'stage.figure(f, "a-5", data=t, title="6")',
        'stage.record("a.b", 5, unit="6", caption="7")',
        'figure(f, caption="5")',
        'print("5")',
    ],
)
def test_what_no_reader_sees_is_no_prose(tmp_path, code):
    assert numbers(tmp_path, code) == []


def test_a_number_stands_on_the_line_where_its_caption_begins(tmp_path):
    code = 'x = 1\nstage.figure(\n    f,\n    caption="Of "\n    + "9",\n    alt="8",\n)'
    assert numbers(tmp_path, code) == [("9", "4"), ("8", "6")]
    assert dict(spoken(code)) == {4: "Of 9", 6: "8"}


def test_what_is_allowed_is_blanked_before_digits_are_looked_for():
    text = "In 2024,\nof 7 and 2024."
    assert list(unbound(text, [])) == [(1, "2024"), (2, "7"), (2, "2024")]
    assert list(unbound(text, [re.compile("2024")])) == [(2, "7")]
    assert list(unbound("1,234.5 then 6. And 7", [])) == [(1, "1,234.5"), (1, "6"), (1, "7")]


def test_a_page_names_the_line_and_shows_it(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("# Title\n\n  Text with 12.  \n")
    (found,) = in_page(path, [])
    assert (found.place, found.number, found.line) == ("page.md, line 3", "12", "Text with 12.")
