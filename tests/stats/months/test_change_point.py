"""When a rate changed: the coal mines, planted dates, quiet series and noise of another kind."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaln
from scipy.stats import poisson

from helpers.base.errors import InputError
from helpers.stats.months.change_point import change_point, change_points

# British coal mining disasters by year, 1851 to 1962 (Jarrett 1979; ``coal`` of R's boot).
COAL = """
4 5 4 1 0 4 3 4 0 6 3 3 4 0 2 6 3 3 5 4 5 3 1 4 4 1 5 5 3 4 2 5 2 2 3 4 2 1 3 2 2 1 1 1 1 3 0 0
1 0 1 1 0 0 3 1 0 3 2 2 0 1 1 1 0 1 0 1 0 0 0 2 1 0 0 0 1 1 0 2 3 3 1 1 2 1 1 1 1 2 3 3 0 0 0 1
4 0 0 0 1 0 0 0 0 0 1 0 0 1 0 1
"""


def months(values, start="2010-01"):
    return pd.Series(values, pd.period_range(start, periods=len(values), freq="M"))


@pytest.fixture(scope="module")
def coal():
    values = [int(one) for one in COAL.split()]
    assert len(values) == 112 and sum(values) == 191
    return pd.Series(values, pd.period_range("1851", periods=112, freq="Y"))


def test_the_coal_mines_changed_about_1891_from_3_to_1_a_year(coal):
    """Rates of 3.1 and .9, a change between 1886 and 1896 (Raftery and Akman 1986)."""
    found = change_point(coal, np.random.default_rng(1))
    assert found.first.year in (1890, 1891, 1892)
    assert found.before == pytest.approx(3.1, abs=0.1) and found.after == pytest.approx(
        0.9, abs=0.05
    )
    assert found.ratio.p == 1 / 2000 and 0.2 < found.ratio.low < found.ratio.high < 0.41
    assert 1884 <= found.low.year <= 1890 and 1891 <= found.high.year <= 1897
    assert found.posterior.sum() == pytest.approx(1) and found.warnings == ()
    assert 0.7 < found.dispersion < 1.2


def test_the_posterior_of_the_date_is_bayes_theorem_written_out(coal):
    """Each rate is exponential beforehand with the mean of the series."""
    y, rate = coal.to_numpy(float), 1 / coal.mean()
    grid = np.linspace(1e-3, 12, 6000)
    prior = rate * np.exp(-rate * grid)
    weights = []
    for cut in (30, 40, 41, 42, 50):
        chances = 1.0
        for part in (y[:cut], y[cut:]):
            likelihood = np.exp(part.sum() * np.log(grid) - len(part) * grid)
            chances *= (likelihood * prior).sum()
        weights.append(chances)
    found = change_point(coal, np.random.default_rng(1), draws=99).posterior.iloc[
        [29, 39, 40, 41, 49]
    ]
    assert (found / found.iloc[2]).to_numpy() == pytest.approx(
        np.array(weights) / weights[2], rel=1e-3
    )


def test_the_most_likely_single_date_is_that_of_the_poisson_likelihood(coal):
    y = coal.to_numpy()

    def llf(cut):
        return (
            poisson.logpmf(y[:cut], y[:cut].mean()).sum()
            + poisson.logpmf(y[cut:], y[cut:].mean()).sum()
        )

    best = max(range(1, 112), key=llf)
    assert change_point(coal, np.random.default_rng(1), draws=99).first == coal.index[best]


def test_several_changes_are_those_of_a_sum_over_all_cuts():
    y = months([4, 6, 5, 12, 10, 14, 11, 3, 2, 4])
    found = change_points(y, most=2, number=2)
    values, rate, n = y.to_numpy(float), 1 / y.mean(), 10

    def log_of(part):
        total = part.sum()
        return np.log(rate) + gammaln(1 + total) - (1 + total) * np.log(rate + len(part))

    sums, cuts = [], {}
    for number in range(3):
        ways = list(combinations(range(1, n), number))
        logs = [sum(log_of(part) for part in np.split(values, list(cut))) for cut in ways]
        sums.append(np.mean(np.exp(logs)))
        cuts[number] = ways[int(np.argmax(logs))]
    assert found.numbers.to_numpy() == pytest.approx(np.array(sums) / sum(sums))
    assert list(found.dates["first"]) == [y.index[cut] for cut in cuts[2]]
    assert found.rates.tolist() == [5.0, 11.75, 3.0]
    one = change_points(y, most=2, number=1)
    single = change_point(y, np.random.default_rng(1), draws=99)
    assert tuple(one.dates.loc[0, ["low", "high"]]) == (single.low, single.high)


def test_the_coal_mines_changed_more_than_once_with_the_first_change_about_1891(coal):
    """Nobody doubts the first; how many smaller ones followed stays open."""
    found = change_points(coal)
    assert found.numbers[0] < 1e-6 and found.numbers.max() < 0.5
    assert found.numbers.sum() == pytest.approx(1)
    assert found.dates["first"].iloc[0].year in range(1887, 1896)


def test_a_rate_that_never_changed_is_found_to_change_in_one_of_twenty():
    generator, hits, none = np.random.default_rng(2), 0, 0
    for mean in (0.5, 5.0):
        for _ in range(100):
            y = months(generator.poisson(mean, 60))
            hits += change_point(y, generator, draws=199).ratio.p <= 0.05
            none += change_points(y, most=3).numbers.idxmax() == 0
    assert 2 <= hits <= 18 and none >= 165


def test_planted_dates_and_ratios_are_held():
    generator, dates, ratios, found = np.random.default_rng(3), 0, 0, 0
    for _ in range(150):
        y = months(np.r_[generator.poisson(10, 40), generator.poisson(15, 30)])
        one = change_point(y, generator, draws=199)
        dates += one.low <= y.index[40] <= one.high
        ratios += one.ratio.low <= 1.5 <= one.ratio.high
        found += one.ratio.p <= 0.05
    assert dates >= 135 and ratios >= 135 and found >= 140


def test_overdispersed_months_need_the_inflation_that_the_warning_names():
    generator, plain, wide, said = np.random.default_rng(4), 0, 0, 0
    for _ in range(150):
        y = months(generator.negative_binomial(5, 1 / 5, 60))  # mean 20, variance 5 times as large
        one = change_point(y, generator, draws=99)
        said += any("inflation=" in warning for warning in one.warnings)
        plain += one.ratio.p <= 0.05
        wide += change_point(y, generator, draws=99, inflation=5).ratio.p <= 0.05
    assert plain > 75 and wide <= 15 and said >= 145


def test_a_level_that_wanders_is_said_to():
    generator, said = np.random.default_rng(5), 0
    for _ in range(40):
        level = np.cumsum(generator.normal(0, 0.15, 120))
        found = change_point(months(generator.poisson(30 * np.exp(level))), generator, draws=99)
        said += any("wanders" in one for one in found.warnings)
    assert said >= 38


def test_zeros_on_one_side_have_a_finite_interval():
    found = change_point(months([20, 22, 18, 19, 21, 0, 0, 0, 0, 0]), np.random.default_rng(6))
    assert found.ratio.value == 0 and 0 < found.ratio.low < found.ratio.high < 0.1
    rising = change_point(months([0, 0, 0, 0, 20, 22, 18, 19]), np.random.default_rng(6))
    assert np.isinf(rising.ratio.value) and 10 < rising.ratio.low < rising.ratio.high < np.inf


def test_dates_with_a_time_zone_count_for_their_own_month():
    stamps = pd.date_range("2020-01-01", periods=12, freq="MS", tz="Asia/Karachi")
    y = pd.Series([5] * 6 + [25] * 6, stamps)
    assert str(change_point(y, np.random.default_rng(7), draws=99).first) == "2020-07"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"level": 95}, "level is 95"),
        ({"draws": 10}, "draws is 10"),
        ({"draws": 1.5}, "draws"),
        ({"inflation": 0}, "inflation is 0"),
        ({"generator": 7}, "default_rng"),
    ],
)
def test_wrong_options_are_refused(coal, options, said):
    with pytest.raises(InputError, match=said):
        change_point(coal, **{"generator": np.random.default_rng(1)} | options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"most": 0}, "most is 0"),
        ({"most": 50}, "most is 50"),
        ({"number": 6}, "number is 6"),
        ({"level": 1.5}, "level is 1.5"),
    ],
)
def test_wrong_numbers_of_changes_are_refused(coal, options, said):
    with pytest.raises(InputError, match=said):
        change_points(coal, **options)


def test_wrong_series_are_refused(coal):
    generator = np.random.default_rng(1)
    for wrong in (
        coal * 0,
        coal[:3],
        coal + 0.5,
        coal.drop(coal.index[5]),
        coal.reset_index(drop=True),
    ):
        with pytest.raises(InputError):
            change_point(wrong, generator)
        with pytest.raises(InputError):
            change_points(wrong)
