"""A table needs no format for what is plain: years, whole numbers, what is missing."""

import pandas as pd

from helpers.figures.style import html_table


def cells(frame: pd.DataFrame, **formats: str) -> list[str]:
    lines = html_table(frame, "What.", formats).split("\n")
    return [
        line.strip().removeprefix("<td>").removesuffix("</td>") for line in lines if "<td>" in line
    ]


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
    assert 'class="dataframe compendium right-2 short-2 short-3"' in html_table(frame, "What.", {})


def test_a_long_text_is_folded_after_a_word_and_nothing_of_it_is_lost():
    frame = pd.DataFrame({"why": ["more <b> of it", "short", "unbroken-for-long", None]})
    html = html_table(frame, "What.", {}, fold=8)
    assert "<td><details><summary>more &lt;b&gt; …</summary>of it</details></td>" in html
    assert (
        "<td>short</td>" in html and "<td>unbroken-for-long</td>" in html and "<td>–</td>" in html
    )
    assert "details" not in html_table(frame, "What.", {})
