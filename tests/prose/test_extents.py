"""Where a table ends is quoted from its rows: a year or release that is typed there is found."""

import json

import pytest

from helpers.prose import extents

ENDS = [
    ("UCDP's single events end in 2021.", "end in 2021"),
    ("The chapter ends where the single events do, in 2021.", "ends where"),
    ("The provinces reach to the end of 2024.", "reach to the end of 2024"),
    ("Four panels of lines, 2012 to 2026, with gaps.", "2012 to 2026"),
    ("Bars; hollow: provisional, to May.", "to May"),
    ("In the first five months of 2026 it rose.", "first five months of 2026"),
    ("No event is at hand after 2021.", "after 2021"),
    ("National figures since 2022 differ.", "since 2022"),
    ("The file is of release 22.1 here.", "release 22.1"),
    ("Deaths by year (UCDP 25.1), sorted.", "UCDP 25.1"),
    ("It speaks of harm until\nDecember 2021 alone.", "until December 2021"),
]
FREE = [
    "In 2024 attacks doubled.",
    "The article was printed in January 2025.",
    "Attacks of 2024 are compared with those of 2023.",
    "July to December against January to June.",
    "The single events end in {num}`clean.events.last_month`.",
    "Kabul fell in August 2021.",
]
CODE = [
    ('deaths = counted["2008":"2021"]', "'2008':'2021'"),
    ("parts.loc[2010:2014]", "2010:2014"),
    ('targets.by_place(events, names, "2018-01", "2021-12")', "'2018-01', '2021-12'"),
    ("table = harm.by_year(found, range(2012, 2027))", "range(2012, 2027)"),
    ('gaps = table[table["year"] <= 2025]', "table['year'] <= 2025"),
    ('stage.record("a.b", 1, source="UCDP events, 2018 to 2021")', "2018 to 2021"),
    ('source = f"{ucdp}, 2018 to 2021"', "2018 to 2021"),
    ('named = reconcile(years, months, events, "22.1")', "'22.1'"),
]


@pytest.mark.parametrize(("text", "said"), ENDS)
def test_a_typed_end_is_found_in_prose(tmp_path, text, said):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    found, needed = extents.in_file(page, [])
    assert len(found) == 1 and said in found[0].word and not needed


@pytest.mark.parametrize("text", FREE)
def test_what_names_no_end_is_left_alone(tmp_path, text):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert extents.in_file(page, [])[0] == []


@pytest.mark.parametrize(("code", "said"), CODE)
def test_a_typed_end_is_found_in_code(code, said):
    assert [one for _, one, _ in extents.in_code(code)] == [said]


def test_the_cell_of_parameters_and_what_follows_the_rows_are_left_alone(tmp_path):
    cells = [
        ('version = "26.1"', ["parameters"]),
        ('wide = by_place(events, names, f"{begins}-01", str(reach.last))', []),
        ('source = f"UCDP events, {window}"', []),
    ]
    notebook = tmp_path / "x.ipynb"
    made = [
        {"cell_type": "code", "source": code, "metadata": {"tags": tags}} for code, tags in cells
    ]
    notebook.write_text(json.dumps({"cells": made}), encoding="utf-8")
    assert extents.in_file(notebook, [])[0] == []
    made[0]["metadata"] = {}
    notebook.write_text(json.dumps({"cells": made}), encoding="utf-8")
    assert [one.word for one in extents.in_file(notebook, [])[0]] == ["'26.1'"]


def test_an_allowed_phrase_frees_its_own_sentence_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("The plan ends in 2024. The table ends in 2024.", encoding="utf-8")
    found, needed = extents.in_file(page, ["The plan ends in 2024", "never said"])
    assert [one.sentence for one in found] == ["The table ends in 2024."]
    assert needed == {"The plan ends in 2024"}


def test_no_page_or_notebook_types_where_a_table_ends():
    assert [str(one) for one in extents.findings()] == []
