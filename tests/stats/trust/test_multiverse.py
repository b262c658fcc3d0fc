"""Multiverse and multiplicity: declared grids, the same answer for any number of workers, published
adjustments.
"""

import matplotlib
import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.figures.curves import specification_curve
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import interrupted
from helpers.stats.months.noise import Noise
from helpers.stats.trust.multiplicity import benjamini_hochberg, holm
from helpers.stats.trust.multiverse import median_test, multiverse, specifications

matplotlib.use("agg")
GRID = {
    "start": [0, 24],
    "harmonics": [0, 1, 2],
    "order": [0, 1],
    "method": ["memory", "local level"],
}


def series(generator, ratio=1.0):
    means = np.where(np.arange(96) < 84, 80.0, 80.0 * ratio)
    return pd.Series(
        Noise(0.4, 0.2).draw(means, 1, generator)[0],
        index=pd.period_range("2016-01", periods=96, freq="M"),
    )


def analysis(y, at="2023-01"):
    def analyse(choice, generator):
        return interrupted(
            y[choice["start"] :],
            at,
            harmonics=choice["harmonics"],
            order=choice["order"],
            method=choice["method"],
        ).effect()

    return analyse


def test_adjusted_p_values_are_those_of_the_textbook():
    p = pd.Series([0.01, 0.02, 0.03, 0.2], index=list("abcd"))
    assert benjamini_hochberg(p).tolist() == pytest.approx([0.04, 0.04, 0.04, 0.20])
    assert holm(p).tolist() == pytest.approx([0.04, 0.06, 0.06, 0.20]) and list(
        holm(p).index
    ) == list("abcd")
    for wrong in ({}, {"a": 1.2}, {"a": float("nan")}):
        with pytest.raises(InputError):
            holm(wrong)


def test_the_grid_is_every_allowed_combination():
    assert len(specifications(GRID)) == 24
    assert len(specifications(GRID, lambda one: one["order"] == 1 or one["harmonics"] > 0)) == 20
    for wrong in ({}, {"a": []}):
        with pytest.raises(InputError, match="the grid is empty"):
            specifications(wrong)
    with pytest.raises(InputError, match="allows no combination"):
        specifications(GRID, lambda one: False)


def test_a_planted_effect_shows_in_the_curve_and_workers_change_nothing():
    y = series(np.random.default_rng(1), ratio=0.5)
    one, two = (
        multiverse(GRID, analysis(y), np.random.default_rng(0), workers=workers)
        for workers in (1, 2)
    )
    pd.testing.assert_frame_equal(one.table, two.table)
    said = one.summary()
    assert said["specifications"] == 24 and said["median"] == pytest.approx(0.5, abs=0.12)
    assert said["same_side"] == 1 and said["significant"] > 0.7
    assert one.table["value"].is_monotonic_increasing and one.failed.empty


def test_what_cannot_be_estimated_is_listed_and_not_counted():
    y = series(np.random.default_rng(2))
    found = multiverse({**GRID, "start": [0, 90]}, analysis(y), np.random.default_rng(0))
    assert (
        len(found.table) == 12
        and len(found.failed) == 12
        and found.failed["reason"].str.contains("lies outside").all()
    )
    with pytest.raises(InputError, match="none of the 12 specifications"):
        multiverse({**GRID, "start": [90]}, analysis(y), np.random.default_rng(0))


def test_the_median_is_judged_by_placebo_curves():
    generator = np.random.default_rng(3)
    small = {"harmonics": [0, 1], "order": [0, 1]}

    def analyse_at(y, at):
        return lambda choice, own: interrupted(y, at, **choice).effect()

    def p_of(y, draws):
        def placebo(own):
            return multiverse(small, analyse_at(y[:84], y.index[own.integers(30, 72)]), own)

        return median_test(
            multiverse(small, analyse_at(y, "2023-01"), generator), placebo, generator, draws=draws
        )

    assert p_of(series(generator, ratio=0.3), 39).p == pytest.approx(1 / 40)
    assert np.mean([p_of(series(generator), 19).p for _ in range(6)]) > 0.2
    with pytest.raises(InputError, match="at least 19"):
        median_test(None, None, generator, draws=5)


def test_the_curve_is_drawn_with_a_row_for_each_choice_that_varies():
    found = multiverse(GRID, analysis(series(np.random.default_rng(4))), np.random.default_rng(0))
    figure = specification_curve(found.table)
    labels = [text.get_text() for text in figure.axes[1].get_yticklabels()]
    assert len(labels) == 9 and "method: memory" in labels
    constant = multiverse(
        {"method": ["memory"]},
        lambda choice, own: Estimate(1.2, 1.0, 1.4, 0.04),
        np.random.default_rng(0),
    )
    assert specification_curve(constant.table).axes[1].get_yticklabels() == []
