"""Figures of the pooled series: every figure is on it, and a tracker looks the same everywhere."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from helpers.figures import trackers as draw

MONTHS = pd.period_range("2024-01", periods=6, freq="M")
ENDS = {f"{end}_{level}": 1.0 for level in (50, 80, 95) for end in ("low", "high")}
SERIES = pd.DataFrame({"month": MONTHS.to_timestamp(), "median": 1.0, **ENDS})


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_months_are_dots_and_longer_spans_lines_at_their_mean():
    rows = [("P", MONTHS[0], MONTHS[0], 1, 9.0), ("P", MONTHS[1], MONTHS[3], 3, 4.0)]
    names = ["source", "first", "last", "months", "per_month"]
    look = draw.looks(["P", "Q"])
    axes = plt.figure().subplots()
    draw.months(axes, SERIES, pd.DataFrame(rows, columns=names), look, "attacks")
    dots = [line for line in axes.lines if line.get_label() == "P" and len(line.get_xdata())]
    assert [line.get_ydata().tolist() for line in dots] == [[9.0]]
    spans = [segment for lines in axes.collections[-2:] for segment in lines.get_segments()]
    assert [segment[0][1] for segment in spans] == [4.0]
    days = spans[0][1][0] - spans[0][0][0]
    assert days == pytest.approx(90, abs=1)  # from the first of February to the end of April
    assert [text.get_text() for text in axes.get_legend().get_texts()][1:] == ["P"]


def test_a_tracker_has_one_colour_and_one_shape_of_its_own():
    look = draw.looks(["A", "B", "C", "D", "E", "F"])
    assert len({color for color, _ in look.values()}) == len(look)
    assert len({shape for _, shape in look.values()}) == len(look)
    rows = [
        {"source": name, "year": 2024, "coverage": 1.0, "low": 0.8, "high": 1.2} for name in look
    ]
    figure = draw.nets(pd.DataFrame(rows), look, "coverage")
    drawn = {
        axes.get_title(loc="left"): (
            to_hex(axes.lines[-1].get_color()).upper(),
            axes.lines[-1].get_marker(),
        )
        for axes in figure.axes
    }
    assert drawn == {name: (color.upper(), shape) for name, (color, shape) in look.items()}


def test_a_panel_without_a_tracker_is_not_shown():
    rows = [{"source": "A", "year": 2024, "coverage": 1.0, "low": 0.8, "high": 1.2}]
    figure = draw.nets(pd.DataFrame(rows), draw.looks(["A", "B"]), "coverage")
    assert [axes.get_visible() for axes in figure.axes] == [True, False, False]


def test_all_violence_is_hollow_and_dots_of_one_year_stand_apart():
    own = pd.DataFrame({"source": ["P", "Q"], "year": 2024, "ratio": 2.0})
    own["counts"] = ["attacks", "incidents"]
    pooled = pd.DataFrame({"year": [2024], "ratio": [2.0], "low": [1.5], "high": [2.5]})
    axes = plt.figure().subplots()
    draw.per_attack(axes, pooled, own, draw.looks(["P", "Q"]))
    full, hollow = axes.lines[1:]
    assert full.get_markerfacecolor() != "white" and hollow.get_markerfacecolor() == "white"
    assert full.get_xdata()[0] < 2024 < hollow.get_xdata()[0]


def test_a_tracker_stands_in_its_row_in_every_column():
    pairs = ["2024 against 2023", "2025 against 2024"]
    joint = pd.DataFrame({"measure": "attacks", "years": pairs, "ratio": [1.4, 1.1]})
    joint = joint.assign(low=joint["ratio"] / 1.2, high=joint["ratio"] * 1.2)
    own = pd.DataFrame(
        {"measure": "attacks", "years": [pairs[0], *pairs], "ratio": [1.5, 2.0, 0.9]}
    )
    own["source"] = ["P", "Q", "Q"]
    figure = draw.alone(joint, own, draw.looks(["P", "Q"]))
    first, second = figure.axes
    assert [text.get_text() for text in first.get_yticklabels()] == ["pooled", "P", "Q"]
    rows = [[int(line.get_ydata()[0]) for line in axes.lines[1:]] for axes in (first, second)]
    assert rows == [[0, -1, -2], [0, -2]]


def test_parts_share_a_colour_above_and_below():
    table = SERIES.assign(median=np.linspace(0.2, 0.4, 6), low_95=0.1, high_95=0.5)
    figure = draw.units(
        {"N": table, "S": table, "rest": table}, {"N": table, "S": table}, "attacks"
    )
    above, below = ([line.get_color() for line in axes.lines] for axes in figure.axes)
    assert above[:2] == below and len(set(above)) == 3


def test_each_series_has_a_panel():
    table = pd.concat([SERIES.assign(quantity=name) for name in ("attacks", "victims", "killed")])
    figure = draw.series(table)
    assert [axes.get_visible() for axes in figure.axes] == [True, True, True, False]
