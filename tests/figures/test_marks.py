"""The marks of a figure: what they say, whose they are, and where they lie in each drawing."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.figures.drawn import drawings
from helpers.figures.marks import MOST, marks, name_series
from helpers.figures.plots import coverage_grid, few_dates
from helpers.figures.style import use_style

USE = re.compile(r'<use [^>]*x="([\d.]+)" y="([\d.]+)"')


@pytest.fixture(autouse=True)
def look():
    use_style()
    yield
    plt.close("all")


def told(figure):
    series = name_series(figure)
    figure.draw_without_rendering()
    return [(series[mark.series] if mark.series >= 0 else "", *mark.said) for mark in marks(figure)]


def test_dots_lie_where_both_drawings_have_them():
    figure, axes = plt.subplots()
    axes.plot([2020, 2021, 2024], [1, 900, 3000], "o", label="A")
    axes.set_axis_off()  # so that nothing else is drawn by a marker
    drawn = drawings(figure)
    for svg, at in ((drawn.wide, 2), (drawn.narrow, 4)):
        places = [(float(x), float(y)) for x, y in USE.findall(svg)]
        assert np.allclose(places, [mark[at : at + 2] for mark in drawn.marks["marks"]], atol=0.11)
    assert [mark[6:] for mark in drawn.marks["marks"]] == [
        ["2020", "1"],
        ["2021", "900"],
        ["2024", "3,000"],
    ]


def test_bars_on_bars_say_how_long_each_is():
    figure, axes = plt.subplots()
    axes.bar(["A", "B"], [10, 20], label="first")
    axes.bar(["A", "B"], [1, 2], bottom=[10, 20], label="second")
    axes.legend()
    assert told(figure) == [
        ("first", "A", "10"),
        ("first", "B", "20"),
        ("second", "A", "1"),
        ("second", "B", "2"),
    ]


def test_bars_across_name_their_row_and_dates_their_month():
    figure, (left, right) = plt.subplots(1, 2)
    left.barh(["a district", "another"], [3, 4.25])
    right.plot(pd.to_datetime(["2024-01-01", "2024-02-01", "2024-02-15"]), [1, 2, 3])
    few_dates(right)
    assert told(figure) == [
        ("", "3", "a district"),
        ("", "4.25", "another"),
        ("", "2024-01", "1"),
        ("", "2024-02", "2"),
        ("", "2024-02-15", "3"),
    ]


def test_what_has_no_label_belongs_to_the_series_of_its_colour():
    figure, axes = plt.subplots()
    for color, name in (("#0072b2", "A"), ("#d55e00", "B")):
        (line,) = axes.plot([1, 2, 3], color=color, label=name)
        band = axes.fill_between([0, 1, 2], 0, 1, color=color, alpha=0.2)
        assert band.get_gid() is None and line.get_label() == name
    axes.axhline(1, color="#5a5a5a")
    name_series(figure)
    assert [one.get_gid() for one in (*axes.lines, *axes.collections)] == [
        "series-0-0",
        "series-1-0",
        None,
        "series-0-1",
        "series-1-1",
    ]


def test_two_series_of_one_colour_keep_what_is_theirs():
    figure, axes = plt.subplots()
    axes.plot([1, 2], "o-", color="black", label="A")
    axes.plot([2, 1], "o--", color="black", label="B")
    axes.plot([3, 3], "o", color="black")
    assert {mark[0] for mark in told(figure)} == {"A", "B", ""}


def test_a_grid_says_its_row_its_column_and_its_value():
    figure, axes = plt.subplots()
    table = pd.DataFrame([[12, 6], [0, 1]], ["deaths", "attacks"], [2020, 2021])
    coverage_grid(axes, table)
    assert ("", "2021", "deaths", "6") in told(figure)


def test_lines_of_reference_and_points_beyond_the_limits_say_nothing():
    figure, axes = plt.subplots()
    axes.plot([1, 2, 50], [1, 2, 3], "o")
    axes.plot([1, 2], [1, 2])  # two points without a mark: a line that leads the eye
    axes.axvline(1.5)
    axes.set_xlim(0, 3)
    assert [mark[1] for mark in told(figure)] == ["1", "2"]


def test_a_figure_of_very_many_marks_says_every_nth():
    figure, axes = plt.subplots()
    axes.scatter(range(4000), range(4000))
    assert MOST / 2 < len(told(figure)) <= MOST


@pytest.mark.parametrize("word", ["$$ \\x", "$\\frac{$", "5 $ of 10 $ \\y", "a$b$c^", "$_$"])
def test_a_dollar_in_any_word_is_a_dollar_in_both_drawings(word):
    use_style()
    figure, panels = plt.subplots(1, 2)
    for axes in panels:
        axes.plot([1, 10, 100], [1, 2, 3], label=word)
        axes.set(title=word, xlabel=word, ylabel=word, xscale="log")
        axes.set_yticks([1, 2], [word, "x"])
        axes.annotate(word, (1, 1))
        axes.legend(title=word)
    figure.suptitle(word)
    drawn = drawings(figure)
    for drawing in (drawn.wide, drawn.narrow):
        assert drawing.count(f">{word.replace('&', '&amp;')}<") >= 7
        assert "mathdefault" not in re.sub(
            "<!--.*?-->", "", drawing
        )  # what an axis writes of numbers is a power
