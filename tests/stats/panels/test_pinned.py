"""Panels: every arrangement written out, scores by statsmodels, ends where ranks pass a level."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import t
from statsmodels.stats.sandwich_covariance import S_hac_simple

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.stats.panels.panel import clustered_contrast, panel_effect
from helpers.stats.panels.permutation import accepted, arrangements, rank, smallest_p
from helpers.stats.panels.synthetic import synthetic_control
from helpers.stats.panels.synthetic_did import synthetic_did


def panel(values, first="2015-01"):
    index = pd.period_range(first, periods=len(values), freq="M")
    return pd.DataFrame(values, index=index, columns=[f"u{n}" for n in range(len(values[0]))])


@pytest.fixture(scope="module")
def counts():
    """Six units over twelve months; the first two triple from the ninth on."""
    means = np.outer(np.linspace(0.8, 1.2, 12), [20, 35, 30, 50, 15, 40])
    means[8:, :2] *= 3
    return panel(np.random.default_rng(7).poisson(means))


def weights(before):
    """One over 1 + a m, a the median share of noise beyond Poisson's among units."""
    shares = []
    for unit in range(before.shape[1]):
        fit = before.sum(axis=1) * before[:, unit].sum() / before.sum()
        variance = len(before) / (len(before) - 1) * np.square(before[:, unit] - fit)
        shares.append((variance - fit).sum() / np.square(fit).sum())
    return 1 / (1 + max(np.median(shares), 0) * (before.mean(axis=0) + 0.5 / len(before)))


def score(values, chosen, event):
    """The studentised score of a treatment: two-way effects as dummies, and the long-run variance
    of the treated share before the event, by statsmodels.
    """
    weight = weights(values[:event])
    weighted, squared = values * weight, values * weight**2
    other = np.setdiff1d(np.arange(values.shape[1]), chosen)
    y = np.c_[weighted[:, chosen].sum(axis=1), weighted[:, other].sum(axis=1)].ravel()
    place, own = np.divmod(np.arange(len(y)), 2)
    dummies = np.c_[np.eye(len(values))[place], own]
    treated = ((place >= event) & (own == 0)).astype(float)
    mean = sm.GLM(y, dummies, family=sm.families.Poisson()).fit(tol=1e-13).mu
    rest = sm.WLS(treated, dummies, weights=mean).fit().resid
    all_of = y.reshape(-1, 2).sum(axis=1)
    share = y[: 2 * event : 2] / all_of[:event]
    share -= y[: 2 * event : 2].sum() / all_of[:event].sum()
    noise = S_hac_simple(share, nlags=int(1.3 * math.sqrt(event))).item() / event
    by_share = noise * np.square((rest[::2] - rest[1::2]) * all_of).sum()
    parts = np.c_[squared[:, chosen].sum(axis=1), squared[:, other].sum(axis=1)].ravel()
    return rest @ (y - mean) / math.sqrt(max(by_share, rest**2 @ parts))


def test_the_rank_of_a_panel_is_that_of_scores_by_statsmodels_over_all_pairs(counts):
    found = panel_effect(counts, ["u0", "u1"], "2015-09").by_units(np.random.default_rng(1))
    pairs = list(combinations(range(6), 2))
    values = counts.to_numpy().astype(float)
    expected = [score(values, list(pair), 8) for pair in pairs]
    assert found.drawn[0] == pytest.approx(expected[0], rel=1e-5)
    assert sorted(found.drawn) == pytest.approx(sorted(expected), rel=1e-5)
    sizes = np.abs(expected)
    assert found.estimate.p == pytest.approx((sizes >= sizes[0] - 1e-9).mean())
    assert found.estimate.n == 72 and found.exact and found.estimate.level == 0.95
    totals = counts.to_numpy()
    ratio = [
        part.sum() for part in (totals[8:, :2], totals[:8, :2], totals[8:, 2:], totals[:8, 2:])
    ]
    assert found.estimate.value == pytest.approx(ratio[0] / ratio[1] / (ratio[2] / ratio[3]))


def test_the_ends_of_an_interval_are_where_the_rank_passes_the_level(counts):
    fit = panel_effect(counts, ["u0", "u1"], "2015-09")
    effect = fit.by_units(np.random.default_rng(1), level=0.85).estimate
    values = counts.to_numpy().astype(float)

    def p(ratio):
        divided = values.copy()
        divided[8:, :2] /= ratio
        sizes = np.abs([score(divided, list(pair), 8) for pair in combinations(range(6), 2)])
        return (sizes >= sizes[0] - 1e-9).mean()

    for end, inward in ((effect.low, 1.002), (effect.high, 1 / 1.002)):
        assert p(end * inward) > 0.15 >= p(end / inward)
    assert 1 < effect.low < effect.value < effect.high
    assert fit.by_units(np.random.default_rng(1), interval=False).estimate.low is None


def test_a_date_is_ranked_among_the_earlier_ones_that_have_room(counts):
    found = panel_effect(counts, ["u0", "u1"], "2015-09").by_dates(before=3)
    values = counts.to_numpy().astype(float)
    expected = [
        score(values, [0, 1], 8),
        score(values[:8], [0, 1], 4),
        score(values[:7], [0, 1], 3),
    ]
    assert found.drawn == pytest.approx(expected, rel=1e-5)
    assert found.smallest_p == 1 / 3 and found.estimate.low is None
    with pytest.raises(InputError, match="has 5 periods before it and 4 after it"):
        panel_effect(counts, ["u0", "u1"], "2015-09").by_dates(before=5)
    assert len(panel_effect(counts, ["u0", "u1"], "2015-09").by_dates(before=4).drawn) == 2


def test_ranks_count_what_is_as_far_and_what_is_not_determined():
    drawn = np.array([-2.0, 2.0, 1.0, np.nan, 3.0])
    assert rank(drawn) == 4 / 5 and smallest_p(drawn) == 1 / 5
    assert smallest_p(np.array([1.0, -3.0, 3.0, 0.0])) == 2 / 4


def test_all_arrangements_are_taken_where_the_draws_reach_and_a_sample_beyond():
    kinds = np.array([1, 0, 2, 0, 0])
    rows, exact = arrangements(kinds, 19, np.random.default_rng(1))
    assert exact and len(rows) == len({tuple(row) for row in rows}) == 20
    assert rows[0].tolist() == kinds.tolist()
    rows, exact = arrangements(kinds, 18, np.random.default_rng(1))
    assert not exact and len(rows) == 19 and rows[0].tolist() == kinds.tolist()
    assert (np.sort(rows, axis=1) == np.sort(kinds)).all()


def test_what_is_accepted_ends_where_the_p_value_falls():
    def within(log):
        return 0.2 if -0.3 < log < 0.7 else 0.05

    low, high = accepted(within, 0.1, 0.05)
    assert (math.log(low), math.log(high)) == pytest.approx((-0.3, 0.7), abs=2e-4)
    assert accepted(lambda log: 1.0, 0.0, 0.05) == (0.0, math.inf)
    assert accepted(lambda log: 0.05, 0.0, 0.05) == pytest.approx((1, 1), abs=2e-4)


def test_the_contrast_has_one_error_for_interval_and_p(counts):
    for level in (0.95, 0.8):
        found = clustered_contrast(counts, ["u0", "u1"], "2015-09", level)
        error = math.log(found.high / found.value) / t.ppf(0.5 + level / 2, 5)
        assert found.p == pytest.approx(2 * t.sf(math.log(found.value) / error, 5))
        assert math.log(found.value / found.low) == pytest.approx(
            math.log(found.high / found.value)
        )
    assert found.value == pytest.approx(panel_effect(counts, ["u0", "u1"], "2015-09").ratio)


def test_units_with_as_many_counts_as_asked_for_stay(counts):
    counts = counts.assign(u5=[3, 0, 2, 0, 0, 0, 0, 0, 9, 9, 9, 9])
    fit = panel_effect(counts, ["u0", "u1"], "2015-09", least=5)
    assert "u5" in fit.panel.counts and fit.panel.warnings == ()
    fit = panel_effect(counts, ["u0", "u1"], "2015-09", least=6)
    assert "u5" not in fit.panel.counts
    assert "1 units with fewer than 6 counts" in fit.panel.warnings[0]


@pytest.fixture(scope="module")
def smoking():
    table = pd.read_csv(paths.ROOT / "tests" / "data" / "california_smoking.csv", index_col="year")
    return table.set_axis(pd.PeriodIndex(table.index.astype(str), freq="Y"))[
        ["California", "Nevada", "Utah", "Texas", "Ohio", "Maine", "Idaho", "Iowa", "Kansas"]
    ]


@pytest.mark.parametrize("donor", ["Nevada", "Iowa"])
def test_the_placebo_of_a_donor_is_its_own_effect_without_the_treated_unit(smoking, donor):
    found = synthetic_did(smoking, "California", "1989", scale="level")
    alone = smoking.drop(columns="California")
    assert found.placebos[donor] == pytest.approx(
        synthetic_did(alone, donor, "1989", scale="level").effect
    )
    gaps = synthetic_control(smoking, "California", "1989", scale="level").gaps[donor]
    other = synthetic_control(alone, donor, "1989", scale="level").gaps[donor]
    assert gaps.to_numpy() == pytest.approx(other.to_numpy())


def gap_noise(panel, unit):
    """The long-run deviation of a unit's gap before 1989, by statsmodels."""
    found = synthetic_did(panel, unit, "1989", scale="level")
    gap = (panel[unit] - panel[found.weights.index] @ found.weights).loc[:"1988"]
    lags = int(1.3 * math.sqrt(len(gap)))
    return math.sqrt(S_hac_simple((gap - gap.mean()).to_numpy(), nlags=lags).item() / len(gap))


def test_scores_of_a_synthetic_difference_are_effects_in_units_of_noise(smoking):
    found = synthetic_did(smoking, "California", "1989", scale="level")
    assert found.noise == pytest.approx(gap_noise(smoking, "California"))
    for donor in ("Utah", "Iowa"):
        for column, unit, without in (
            ("placebo", donor, "California"),
            ("treated", "California", donor),
        ):
            rest = smoking.drop(columns=without)
            effect = synthetic_did(rest, unit, "1989", scale="level").effect
            assert found.scores.loc[donor, column] == pytest.approx(effect / gap_noise(rest, unit))


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_the_ends_of_a_synthetic_difference_are_the_spread_of_scores(smoking, level):
    found = synthetic_did(smoking, "California", "1989", scale="level")
    effect, spread = found.difference(level), math.sqrt(np.mean(found.scores["placebo"] ** 2))
    reach = t.ppf(0.5 + level / 2, 8) * spread * found.noise
    assert (effect.low, effect.high) == pytest.approx((found.effect - reach, found.effect + reach))
    larger = (found.scores["placebo"].abs() >= found.scores["treated"].abs()).sum()
    assert effect.p == pytest.approx((1 + larger) / 9) and effect.n == 31
    ratio, after = found.ratio(level), smoking.loc["1989":, "California"].mean()
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
        tuple(after / (after - end) for end in (effect.value, effect.low, effect.high))
    )


def test_a_synthetic_control_is_ranked_by_how_much_worse_it_fits_after_the_event(smoking):
    found = synthetic_control(smoking, "California", "1989")
    gaps, event = found.gaps.to_numpy(), 19
    before, after = (np.sqrt((part**2).mean(axis=0)) for part in (gaps[:event], gaps[event:]))
    table = found.placebos()
    assert table["before"].to_numpy() == pytest.approx(before)
    assert table["ratio"].to_numpy() == pytest.approx(after / before)
    effect = found.difference()
    assert effect.p == pytest.approx(np.mean(after / before >= after[0] / before[0] * (1 - 1e-9)))
    assert effect.value == pytest.approx(gaps[event:, 0].mean()) and effect.n == 31
    assert effect.low is None and "8 donors allow no p-value of 0.05" in effect.warnings[-1]
    assert found.ratio().value == pytest.approx(np.exp(effect.value))
    kept = found.placebos(2.0)
    assert len(kept) == (before <= 2 * before[0]).sum() and kept.index[0] == "California"


def test_the_fewest_donors_and_periods_are_two(smoking):
    two = smoking[["California", "Nevada", "Utah"]]
    found = synthetic_control(two, "California", "1972", scale="level")
    assert found.donors.event == 2 and "donors" not in found.donors.warnings[0]
    assert (
        synthetic_control(smoking, "California", "1972")
        .donors.warnings[0]
        .startswith("8 donors for 2 periods")
    )
    for at in ("1971", "2001"):
        with pytest.raises(InputError, match="expected a date from 1972 to 2000"):
            synthetic_control(two, "California", at)
