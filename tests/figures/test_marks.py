"""The marks of a figure: what they say, whose they are, and where they lie in each drawing."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.figures.drawn import drawings
from helpers.figures.marks import MOST, marks, name_series, say
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


def spans(figure):
    name_series(figure)
    figure.draw_without_rendering()
    return [mark.ends for mark in marks(figure)]


@pytest.mark.parametrize("upright", [False, True])
def test_a_dot_says_where_its_interval_ends_and_answers_all_along_it(upright):
    figure, axes = plt.subplots()
    draw, lines = axes.plot, (axes.vlines if upright else axes.hlines)
    lines([0, 1], [1, 2], [3, 5])
    places = [[2, 4], [0, 1]]
    draw(*(places[::-1] if upright else places), "o")
    ends = [(1, 0, 3, 0), (2, 1, 5, 1)]
    assert spans(figure) == [(*one[1::-1], *one[:1:-1]) if upright else one for one in ends]
    assert [mark[-1] for mark in told(figure)] == ["from 1 to 3", "from 2 to 5"]


def test_a_bar_of_errors_is_an_interval_and_its_caps_say_nothing():
    figure, axes = plt.subplots()
    axes.errorbar([2020, 2021], [4, 5], yerr=[[1, 2], [2, 3]], fmt="o", capsize=3)
    assert told(figure) == [("", "2020", "4", "from 3 to 6"), ("", "2021", "5", "from 3 to 8")]


def test_a_line_without_a_dot_says_its_period_and_a_stem_nothing_more_than_its_dot():
    figure, axes = plt.subplots()
    axes.hlines([3, 9], pd.to_datetime(["2023-01-01", "2024-01-01"]), pd.Timestamp("2024-12-01"))
    axes.plot(pd.to_datetime(["2024-12-01"]), [9], "o")
    few_dates(axes)
    assert told(figure) == [("", "2024-12", "9"), ("", "2023-01 to 2024-12", "3")]


def test_an_interval_ends_at_the_limits_of_its_panel_and_turns_with_its_axis():
    figure, axes = plt.subplots()
    axes.hlines([1], [2], [90])
    axes.plot([3], [1], "o")
    axes.set(xlim=(10, 0), xscale="linear")
    assert spans(figure) == [(2, 1, 10, 1)]
    assert told(figure) == [("", "3", "1", "from 2 to 90")]


def test_bars_answer_all_over_in_both_drawings():
    figure, axes = plt.subplots()
    axes.bar(["A", "B"], [10, 20], label="first")
    axes.set_axis_off()
    drawn = drawings(figure)
    for at, (_, _, x, y, nx, ny, *_) in enumerate(drawn.marks["marks"]):
        left, top, right, bottom, *narrow = drawn.marks["spans"][str(at)]
        assert left < x < right and abs(top - y) <= 1 and bottom > top + 50
        assert narrow[0] < nx < narrow[2] and abs(narrow[1] - ny) <= 1 and narrow[3] > narrow[1]


def test_parts_of_a_unit_are_one_mark_in_the_largest():
    figure, axes = plt.subplots()
    for corner, side in ((0, 1), (2, 4)):
        say(axes.add_patch(plt.Rectangle((corner, 0), side, side)), ("an island", "2 deaths"))
    say(axes.add_patch(plt.Rectangle((7, 0), 1, 1)), ("a plain", "1 death"))
    axes.axis([0, 9, 0, 9])
    name_series(figure)
    found = marks(figure)
    assert [(mark.said[0], mark.shapes, mark.x) for mark in found] == [
        ("an island", (0, 1), 4),
        ("a plain", (2,), 7.5),
    ]
    assert [one.get_gid() for one in axes.patches] == ["shape-0", "shape-1", "shape-2"]


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
