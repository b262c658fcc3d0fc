"""The narrow drawing of a figure: nothing is cut, no words lie over others, letters are large."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.figures.drawn import drawings
from helpers.figures.ends import label_ends
from helpers.figures.fit import misfits, words
from helpers.figures.narrow import WIDTH, make_narrow
from helpers.figures.plots import coverage_grid, few_dates, forest, paired_bars
from helpers.figures.style import svg, use_style

PHONE = 358  # pixels on which the drawing is shown: a phone of 390 less the margins
LONG = [
    "killed in attacks by armed groups on the forces",
    "killed in operations",
    "of a third kind",
]


@pytest.fixture(autouse=True)
def look():
    use_style()
    yield
    plt.close("all")


def beside():
    """Two panels beside each other, rows named at the left one only."""
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True)
    ratios = pd.DataFrame(
        {"ratio": [1.2, 0.9, 2.0], "low": [1.0, 0.6, 1.1], "high": [1.5, 1.4, 3.1]}
    )
    for axes, title in zip(
        panels, ("The first half of the period", "The second half of the period")
    ):
        forest(axes, ratios, pd.Series(LONG))
        axes.set_title(title)
        axes.set_xlabel("deaths an attack, later years as a multiple of the earlier (log scale)")
    return figure


def remote():
    """Lines with a legend beside the axes."""
    figure, axes = plt.subplots(figsize=(8.2, 3.8))
    for number, name in enumerate(LONG * 2):
        axes.plot(range(2010, 2025), np.arange(15) + number, label=f"{name} {number}")
    axes.set(xlabel="year", ylabel="deaths in the year of organized violence")
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def dates():
    figure, axes = plt.subplots(figsize=(7.2, 3))
    axes.plot(pd.date_range("2012-01-01", periods=150, freq="MS"), range(150), label="a month")
    few_dates(axes)
    axes.legend()
    return figure


def categories():
    figure, axes = plt.subplots()
    table = pd.DataFrame({"a": [1, 2, 3], "b": [3, 2, 1]})
    paired_bars(axes, table, pd.Series(LONG), {"a": "in the year before", "b": "in the year after"})
    return figure


def grid():
    figure, axes = plt.subplots(figsize=(7.6, 2))
    table = pd.DataFrame(np.arange(36).reshape(3, 12) % 13, LONG, range(2010, 2022))
    coverage_grid(axes, table)
    return figure


def many():
    """Twelve small panels on common scales."""
    figure, panels = plt.subplots(4, 3, figsize=(9, 8), sharex=True, sharey=True)
    for number, axes in enumerate(panels.flat):
        axes.plot([2020, 2022, 2024], [number, 3, 5])
        axes.set_title(f"place {number}")
    return figure


def aside():
    """A long label under a panel that is not in the middle, as names stand beside it."""
    figure, axes = plt.subplots(figsize=(7.2, 3.2))
    for number, name in enumerate(("military power", "polarisation", "liberal democracy")):
        axes.plot([-3, 0, 3], [number, 0.5, -number], label=name)
    label_ends(axes)
    axes.set_xlabel("years by which the rating moves before violence does")
    return figure


FIGURES = [beside, remote, dates, categories, grid, many, aside]


@pytest.mark.parametrize("draw", FIGURES, ids=lambda one: one.__name__)
def test_every_word_is_whole_on_a_phone_and_large_enough(draw):
    figure = draw()
    make_narrow(figure)
    assert misfits(figure) == []
    assert figure.get_figwidth() == WIDTH
    assert min(text.get_fontsize() for text in words(figure)) * PHONE / (72 * WIDTH) >= 9


@pytest.mark.parametrize("draw", [beside, categories], ids=lambda one: one.__name__)
def test_the_check_finds_what_is_wrong_where_only_the_width_changes(draw):
    figure = draw()
    figure.set_figwidth(WIDTH)
    assert misfits(figure)


def test_panels_stand_under_one_another_and_each_names_its_rows():
    figure = beside()
    make_narrow(figure)
    upper, lower = (axes.get_position() for axes in figure.axes[:2])
    assert upper.y0 > lower.y1 and upper.x0 == pytest.approx(lower.x0)
    for axes in figure.axes[:2]:
        said = [" ".join(text.get_text().split()) for text in axes.get_yticklabels()]
        assert said == LONG and axes.yaxis.get_tick_params()["labelleft"]


def test_many_small_panels_stand_in_two_columns():
    figure = many()
    make_narrow(figure)
    assert len({round(axes.get_position().x0, 3) for axes in figure.axes}) == 2


def test_rows_keep_their_height_and_a_map_its_shape():
    figure, (rows, country) = plt.subplots(1, 2, figsize=(9, 5))
    rows.barh([f"district {number}" for number in range(14)], range(14))
    country.fill([0, 3, 3, 0], [0, 0, 2, 2])
    country.set_aspect(1.2)
    figure.draw_without_rendering()
    before = rows.get_position().height * 5
    make_narrow(figure)
    assert rows.get_position().height * figure.get_figheight() == pytest.approx(before, rel=0.1)
    box = country.get_position()
    shape = box.height * figure.get_figheight() / (box.width * WIDTH)
    ranges = np.ptp(country.get_ylim()) / np.ptp(country.get_xlim())
    assert shape == pytest.approx(1.2 * ranges, rel=0.01)


def test_a_legend_leaves_the_panel_and_keeps_its_words():
    figure = remote()
    make_narrow(figure)
    legend = next(one for axes in figure.axes if (one := axes.get_legend()))
    said = [" ".join(text.get_text().split()) for text in legend.get_texts()]
    assert said == [f"{name} {number}" for number, name in enumerate(LONG * 2)]
    assert not legend.get_window_extent().overlaps(figure.axes[0].get_window_extent())


def test_a_legend_is_read_in_the_same_order_in_fewer_columns():
    figure, axes = plt.subplots(figsize=(9, 3))
    # A legend fills its columns; by rows these are read from one to seven.
    for name in ("one", "five", "two", "six", "three", "seven", "four"):
        axes.plot([1, 2], label=f"the class of {name}")
    axes.legend(ncols=4)
    make_narrow(figure)
    figure.draw_without_rendering()
    legend = next(one for axes in figure.axes if (one := axes.get_legend()))
    boxes = [(text.get_window_extent(), text.get_text()) for text in legend.get_texts()]
    rows = sorted((-round(box.y0, -1), box.x0, said) for box, said in boxes)
    assert [said.split()[-1] for *_, said in rows] == [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
    ]


@pytest.mark.parametrize("draw", FIGURES, ids=lambda one: one.__name__)
def test_two_drawings_of_one_figure_have_the_same_bytes(draw):
    one, other = drawings(draw()), drawings(draw())
    assert (one.wide, one.narrow, one.marks) == (other.wide, other.narrow, other.marks)


def test_the_wide_drawing_is_the_figure_as_it_was_drawn():
    figure = remote()
    drawn = svg(figure)
    assert drawings(remote()).wide.count("<text") == drawn.count("<text")
    assert f">{LONG[0]} 0</text>" in drawn
