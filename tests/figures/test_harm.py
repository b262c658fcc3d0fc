"""A line of harm shows what is printed, what is derived, and what is missing."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.figures import harm


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def rows(values, **change):
    years = range(2020, 2020 + len(values))
    table = pd.DataFrame({"year": years, "value": values}, dtype="float64").astype({"year": int})
    usual = {"source": "P", "status": "printed", "counts": "all", "precision": "exact"}
    return table.assign(**{**usual, **change})


def spans(axes):
    return {
        tuple(line.get_xdata()): line.get_linestyle()
        for line in axes.lines
        if len(line.get_xdata()) == 2
    }


def dots(axes):
    return {
        line.get_xdata()[0]: (line.get_ydata()[0], line.get_marker(), line.get_markerfacecolor())
        for line in axes.lines
        if len(line.get_xdata()) == 1
    }


def test_a_missing_year_is_a_gap_and_no_dot(axes):
    harm.lines(axes, rows([5, 6, np.nan, 9]), {"P": "red"}, main="all")
    assert spans(axes) == {(2020, 2021): "-", (2021, 2023): ":"}
    assert {year: value for year, (value, *_) in dots(axes).items()} == {2020: 5, 2021: 6, 2023: 9}


def test_a_change_of_what_is_counted_is_dotted_and_a_part_is_a_diamond(axes):
    harm.lines(axes, rows([5, 6, 7], counts=["all", "part", "part"]), {"P": "red"}, main="all")
    assert spans(axes) == {(2020, 2021): ":", (2021, 2022): "-"}
    assert [marker for _, marker, _ in dots(axes).values()] == ["o", "D", "D"]


def test_derived_and_hedged_dots_are_open(axes):
    status = ["printed", "derived", "counted", "printed"]
    precision = ["exact", "exact", "exact", "about"]
    table = rows([5, 6, 7, 8], status=status, precision=precision)
    harm.lines(axes, table, {"P": "red"}, main="all")
    assert [face for *_, face in dots(axes).values()] == ["red", "white", "red", "white"]


def test_a_provisional_part_of_a_year_stands_alone_with_its_words(axes):
    status = ["counted", "counted", "provisional"]
    table = rows([5, 6, 2], status=status)
    harm.lines(axes, table, {"P": "red"}, main="all", notes={"P": "+20 %"}, part="to May")
    assert spans(axes) == {(2020, 2021): "-"}
    assert [text.get_text() for text in axes.texts] == ["to May", "P +20 %"]
    assert dots(axes)[2022] == (2, "o", "white")


def test_a_line_that_ends_early_says_when_and_its_change_is_not_said(axes):
    table = pd.concat([rows([5, 6, 7]), rows([3, 4, np.nan], source="Q")])
    colours, notes = {"P": "red", "Q": "blue"}, {"P": "+17 %", "Q": "+33 %"}
    harm.lines(axes, table, colours, main="all", notes=notes, against="2022 against 2021")
    assert [text.get_text() for text in axes.texts] == ["Q to 2021", "P +17 %"]
    assert axes.get_title(loc="right") == "2022 against 2021"


@pytest.mark.parametrize("seed", range(8))
def test_names_keep_their_order_and_their_distance_inside_the_picture(axes, seed):
    values = np.random.default_rng(seed).integers(1, 100, 6)
    table = pd.concat([rows([value], source=name) for name, value in zip("ABCDEF", values)])
    harm.lines(axes, table, dict.fromkeys("ABCDEF", "red"), main="all")
    heights = [text.xyann[1] for text in axes.texts]
    assert np.diff(heights).min() >= harm.APART * axes.get_ylim()[1] - 1e-9
    assert min(heights) >= -1e-9
    assert [values["ABCDEF".index(text.get_text())] for text in axes.texts] == sorted(values)


@pytest.mark.parametrize(
    ("change", "values", "words"),
    [
        ({}, [5, 6], []),
        ({}, [5, np.nan, 6], ["a gap, or counted otherwise"]),
        ({"status": "derived"}, [5, 6], ["derived, rounded, provisional"]),
        ({"precision": "about"}, [5, 6], ["derived, rounded, provisional"]),
        ({"counts": ["all", "part"]}, [5, 6], ["attacks only", "a gap, or counted otherwise"]),
    ],
)
def test_the_key_names_the_signs_that_are_drawn_and_no_other(axes, change, values, words):
    table = rows(values, **change)
    harm.lines(axes, table, {"P": "red"}, main="all")
    harm.key(axes.figure, table, "all", "attacks only")
    told = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert told == ["printed, counted", *words]


def test_bars_stand_on_each_other_and_a_year_that_is_not_whole_is_hollow(axes):
    parts = pd.DataFrame({"a": [3, 4, 1], "b": [2, 0, 5]}, index=[2024, 2025, 2026])
    harm.bars(axes, parts, [2026], "to May")
    heights = np.reshape([bar.get_height() for bar in axes.patches], (2, 3))
    assert heights.T.tolist() == parts.to_numpy().tolist()
    assert [bar.get_y() for bar in axes.patches][3:] == parts["a"].tolist()
    hollow = [bar.get_facecolor()[:3] == (1, 1, 1) for bar in axes.patches]
    assert hollow == [False, False, True] * 2
    assert [(text.get_text(), text.xy) for text in axes.texts] == [("to May", (2026 - 0.4, 6))]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]


@pytest.mark.parametrize("before", [1, 50, 1000])
def test_words_over_a_hollow_bar_lie_on_no_other_bar_and_inside_the_axes(axes, before):
    harm.bars(
        axes,
        pd.DataFrame({"a": range(before, before + 15)}, index=range(2012, 2027)),
        [2026],
        "to May",
    )
    axes.figure.canvas.draw()
    words = axes.texts[0].get_window_extent()
    others = [bar.get_window_extent() for bar in axes.patches[:-1]]
    assert not any(words.overlaps(bar) for bar in others)
    assert words.x1 <= axes.figure.bbox.x1
