"""Predictions of a source that was left out, and the pooled series under other assumptions."""

import numpy as np
import pandas as pd
import pytest

from helpers.stats.trackers import left_out, sensitivity
from helpers.stats.trackers.design import design
from helpers.stats.trackers.fit import Convergence, Fit
from helpers.stats.trackers.left_out import VARIANTS, changes, held
from helpers.stats.trackers.variables import Priors

RISE = 1.5
MONTHS = pd.period_range("2023-01", "2024-12", freq="M")


class Known:
    """A sampler that knows the violence: 40 attacks a month, and half as many again a year on."""

    def __init__(self, arranged, priors, *_):
        self.design, self.priors = arranged, priors

    def draw(self, value, seed, extensions=0):
        level = np.repeat([40.0, 40.0 * RISE], 12)
        intensity = np.tile(level / 2, (200, 2, 1, 1))
        coverage = np.zeros((200, len(self.design.levels), 2))
        draws = {"intensity": intensity, "coverage": coverage}
        return Fit(self.design, draws, Convergence(1.0, 1.0, 0, 1, 200))


def figures(factors, rng):
    """Return attacks of sources whose nets widen by some factors, by month."""
    rows = []
    for source, factor in factors.items():
        for place, month in enumerate(MONTHS):
            mean = 40.0 * (RISE * factor if place >= 12 else 1.0)
            rows.append((source, "attacks", "", (month,), float(rng.poisson(mean))))
    return pd.DataFrame(rows, columns=["source", "quantity", "unit", "months", "value"])


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(left_out, "Sampler", Known)
    monkeypatch.setattr(sensitivity, "Sampler", Known)


def test_a_change_as_the_prior_of_drift_has_it_is_held_and_a_wild_one_is_not():
    told = figures({"P": 1.0, "Q": 1.05, "R": 3.0}, np.random.default_rng(1))
    found = left_out.left_out(told, "P", 1)
    assert set(found["prior"]) == set(VARIANTS) and len(found) == 3 * len(VARIANTS)
    ours = found[found["prior"] == "as assumed"].set_index("source")
    assert ours["predicted"].to_numpy() == pytest.approx(RISE, rel=0.05)
    assert (ours["observed"] / ours["predicted"]).to_numpy() == pytest.approx([1, 1.05, 3], rel=0.1)
    assert ours.loc["R", "place"] > 0.98 > 0.9 > ours.loc["Q", "place"]
    shares = held(found).set_index(["prior", "source"])["held"]
    assert shares["as assumed", "all"] == pytest.approx(2 / 3) and shares["as assumed", "R"] == 0


def test_intervals_hold_as_many_changes_as_they_say_where_drift_is_as_assumed():
    rng = np.random.default_rng(3)
    priors = Priors()
    scale = priors.drift * np.exp(left_out.SCALE_WIDTH * rng.normal(size=40))
    steps = np.exp(scale * rng.standard_t(priors.tail, 40))
    told = figures({f"S{place:02d}": step for place, step in enumerate(steps)}, rng)
    shares = held(left_out.left_out(told, "S00", 2)).set_index(["prior", "source"])["held"]
    assert 0.7 < shares["as assumed", "all"] < 0.9 + 0.04  # these figures have less noise
    assert shares["drift halved", "all"] < shares["as assumed", "all"]
    assert shares["drift doubled", "all"] > shares["as assumed", "all"]


def test_wider_priors_widen_the_prediction():
    found = held(left_out.left_out(figures({"P": 1.0, "Q": 1.0}, np.random.default_rng(2)), "P", 1))
    width = found[found["source"] == "all"].set_index("prior")["width"]
    assert width["drift halved"] < width["as assumed"] < width["drift doubled"]
    assert width["steps without heavy tails"] < width["as assumed"]
    assert width["noise of a third"] < width["as assumed"] < width["noise three times larger"]


def run(start, months):
    return tuple(pd.period_range(start, periods=months, freq="M"))


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        # A year by months against a year whole.
        ([*[run(f"2023-{at:02d}", 1) for at in range(1, 13)], run("2024-01", 12)], (12, 12.0, 1.0)),
        # March is in a quarter of one year alone: the quarter of the other has nothing to stand by.
        ([run("2023-01", 1), run("2023-02", 1), run("2024-01", 3)], None),
        # Half a year against its quarters, of which one is all that both have.
        ([run("2023-01", 3), run("2024-01", 3), run("2024-04", 3)], (3, 1.0, 1.0)),
        # A figure over the turn of the year is of no year.
        ([run("2023-11", 4), run("2024-11", 2)], None),
        # Two years apart are no neighbours.
        ([run("2022-01", 12), run("2024-01", 12)], None),
    ],
)
def test_changes_compare_the_same_months_of_neighbouring_years(runs, expected):
    told = pd.DataFrame({"quantity": "attacks", "months": runs, "value": 1.0})
    found = changes(told)
    rows = [(len(row.months), row.earlier, row.later) for row in found.itertuples()]
    assert rows == ([] if expected is None else [expected])


def test_a_quantity_that_nobody_else_counts_is_not_predicted():
    told = figures({"P": 1.0, "Q": 1.0}, np.random.default_rng(1))
    alone = told[told["source"] == "Q"].assign(quantity="victims")
    found = left_out.left_out(pd.concat([told, alone]), "P", 1)
    assert set(found["quantity"]) == {"attacks"}


def test_every_assumption_is_made_and_the_lowest_values_enter():
    told = figures({"P": 1.0, "Q": 1.0, "R": 1.0}, np.random.default_rng(1))
    told["lowest"] = np.where(told["source"] == "R", 0.0, np.nan)
    made = sensitivity.variants(told, "P", without=["R", "P"], anchors=["Q"])
    by = {one.name: one for one in made}
    assert len(by) == len(made)
    assert by["drift doubled"].priors.drift == 2 * Priors().drift
    assert by["no error that all share"].priors.common == 0
    assert "R" not in set(by["without R"].figures["source"])
    assert set(by["without P"].figures["source"]) == {"Q", "R"} and by["without P"].anchor == "Q"
    least = by["the lowest that figures may be"].figures.groupby("source")["value"].sum()
    assert least["R"] == 0 and least["P"] == told.loc[told["source"] == "P", "value"].sum()
    assert design(by["the anchor is Q"].figures, by["the anchor is Q"].anchor).anchor == "Q"
