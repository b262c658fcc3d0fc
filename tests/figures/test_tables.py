"""A table needs no format for what is plain: years, whole numbers, what is missing."""

import re

import pandas as pd
import pytest

from helpers.figures.tables import html_table


def cells(frame: pd.DataFrame, **formats: str) -> list[str]:
    body = html_table(frame, "What.", formats).partition("<tbody>")[2]
    return re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", body)


def test_years_are_names_and_whole_numbers_have_no_decimals():
    frame = pd.DataFrame({"year": [2024], "last_year": [2025], "deaths": [1234.0], "rows": [5678]})
    assert cells(frame) == ["2024", "2025", "1,234", "5,678"]


def test_a_column_with_one_broken_number_keeps_its_decimals():
    assert cells(pd.DataFrame({"ratio": [2.0, 1.5, None]})) == ["2.0", "1.5", "–"]


def test_a_given_format_goes_first():
    assert cells(pd.DataFrame({"year": [2024], "x": [3.0]}), year="{:,}", x="{:.1f}") == [
        "2,024",
        "3.0",
    ]


def test_numbers_are_right_and_short_words_stay_on_one_line():
    frame = pd.DataFrame({"who": ["a" * 17], "n": [1], "sure": [True]})
    html = html_table(frame, "What.", {})
    assert '<th scope="row">aaaaaaaaaaaaaaaaa</th><td class="right short">1</td>' in html
    assert '<td class="short">yes</td>' in html


def test_a_long_text_is_folded_after_a_word_and_nothing_of_it_is_lost():
    frame = pd.DataFrame({"why": ["more <b> of it", "short", "unbroken-for-long", None]})
    html = html_table(frame, "What.", {}, fold=8)
    assert "<details><summary>more &lt;b&gt; …</summary>of it</details>" in html
    assert all(f">{text}<" in html for text in ("short", "unbroken-for-long", "–"))
    assert "details" not in html_table(frame, "What.", {})


def test_numbers_of_a_column_share_their_decimals_and_none_is_shown_as_zero():
    assert cells(pd.DataFrame({"x": [0.5, 1.25, 1234.0]})) == ["0.50", "1.25", "1,234.00"]
    frame = pd.DataFrame({"p": [0.0, 0.0004, 0.2]})
    assert cells(frame, p="{:.3f}") == ["0.000", "&lt;0.001", "0.200"]


def test_addresses_are_links_that_show_their_hosts():
    frame = pd.DataFrame(
        {
            "url": [
                "https://www.example.org/a?b=1&c | http://example.net/",
                "see https://a.org",
                "no",
            ]
        }
    )
    first, second, third = cells(frame)
    assert first == (
        '<a href="https://www.example.org/a?b=1&amp;c">example.org</a>, '
        '<a href="http://example.net/">example.net</a>'
    )
    assert (second, third) == ("see https://a.org", "no")


@pytest.mark.parametrize(
    ("rows", "columns", "classes"),
    [
        (3, 2, "compendium"),
        (9, 7, "compendium cards"),
        (20, 13, "compendium cards dense"),
        (20, 30, "compendium cards always"),
    ],
)
def test_a_table_is_laid_out_by_how_wide_it_is(rows, columns, classes):
    html = html_table(pd.DataFrame({f"n {at}": [1234] * rows for at in range(columns)}), "x", {})
    assert html.startswith(f'<table class="{classes}">')
    assert ('data-label="n 1"' in html) == ("cards" in classes)


def test_a_wide_table_of_few_rows_is_turned_and_keeps_every_cell():
    names = [f"quantity {at}" for at in range(14)]
    frame = pd.DataFrame({"step": ["one", "two"], **{name: [1.5, 2.25] for name in names}})
    html = html_table(frame, "x", {})
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html) == ["step", "one", "two"]
    assert re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html) == names
    assert cells(frame)[:3] == ["quantity 0", "1.50", "2.25"]


def test_ids_are_words_and_what_only_code_calls_so_is_code():
    frame = pd.DataFrame(
        {
            "claims": ["deaths_2024, level", "see deaths_2024, and a.b_c.", "plain, words"],
            "column": ["deaths_best", "year", None],
        }
    )
    html = html_table(frame, "What.", {}, code=["column"])
    body = html.partition("<tbody>")[2]
    assert re.findall(r"<th[^>]*>(.*?)</th>", body) == [
        "deaths 2024, level",
        "see <em>deaths 2024</em>, and <code>a.b_c</code>.",
        "plain, words",
    ]
    assert re.findall(r"<td[^>]*>(.*?)</td>", body) == [
        "<code>deaths_best</code>",
        "<code>year</code>",
        "–",
    ]


def test_a_name_in_a_folded_text_is_words_too():
    frame = pd.DataFrame({"why": ["it is one_two <b> and three_four"], "n": [1]})
    html = html_table(frame, "What.", {}, fold=14)
    assert "it is <em>one two</em> …</summary>" in html and "<em>three four</em></details>" in html


@pytest.mark.parametrize("nothing", [None, "", " ", float("nan")])
def test_a_card_shows_no_label_without_a_value(nothing):
    """Whether a value is missing or an empty word: a label alone says nothing."""
    words = ["a long sentence about what was seen, in several words"] * 3
    frame = pd.DataFrame({"name": words, "why": [*words[:2], nothing], "then": words, "n": [1] * 3})
    table = html_table(frame, "What.", {})
    assert "cards" in table.splitlines()[0]
    assert re.findall(r'<td data-label="(\w+)" data-none', table) == ["why"]
