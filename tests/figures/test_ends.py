"""Names at the ends of lines: each is there, none lies over another, none is far from its line."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.figures.ends import MOST, apart, label_ends
from helpers.figures.fit import misfits
from helpers.figures.narrow import make_narrow
from helpers.figures.style import use_style

PLACES = st.lists(st.floats(-10, 10), min_size=1, max_size=7).map(np.array)


@given(PLACES, st.floats(0.01, 3))
def test_places_are_a_gap_apart_in_their_order_and_no_move_is_for_nothing(wanted, gap):
    found = apart(wanted, gap)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(found[order]) >= gap - 1e-9).all()
    assert np.mean(found) == pytest.approx(np.mean(wanted), abs=1e-9)
    if (np.diff(np.sort(wanted)) >= gap).all():
        assert found == pytest.approx(wanted)


@given(PLACES, st.floats(0.01, 3), st.integers(0, 100))
def test_no_other_places_a_gap_apart_are_nearer(wanted, gap, seed):
    rng = np.random.default_rng(seed)
    found, order = apart(wanted, gap), np.argsort(wanted, kind="stable")
    steps = gap + rng.exponential(gap, len(wanted))
    other = np.empty(len(wanted))
    other[order] = np.cumsum(steps) - steps[0] + rng.normal(wanted.min(), 1)
    assert ((found - wanted) ** 2).sum() <= ((other - wanted) ** 2).sum() + 1e-6


def lines(count):
    use_style()
    figure, axes = plt.subplots(figsize=(7.2, 3))
    for number in range(count):
        axes.plot([2020, 2022, 2024], [number, 5, 5 + 0.02 * number], label=f"source {number}")
    label_ends(axes)
    return figure


def test_names_are_whole_on_a_page_and_on_a_phone():
    figure = lines(MOST)
    assert misfits(figure) == [] and figure.axes[0].get_legend() is None
    make_narrow(figure)
    assert misfits(figure) == []
    names = [text.get_text() for text in figure.axes[0].texts]
    assert names == [f"source {number}" for number in range(MOST)]
    plt.close("all")


def test_more_lines_than_that_have_a_legend():
    figure = lines(MOST + 1)
    assert not figure.axes[0].texts and len(figure.axes[0].get_legend().get_texts()) == MOST + 1
    plt.close("all")


def test_a_line_that_ends_early_or_has_gaps_is_named_where_it_was_last_seen():
    axes = plt.figure().subplots()
    axes.plot([1, 2, 3], [4, 5, np.nan], label="A")
    axes.plot([1, 2], [np.nan, np.nan], label="nothing")
    axes.plot([1, 2], [1, 2])
    label_ends(axes)
    assert [(text.get_text(), *text.xy) for text in axes.texts] == [("A", 2.0, 5.0)]
    plt.close("all")
