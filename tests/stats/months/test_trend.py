"""The trend: what was planted is found, and a year's sum is covered only with autocorrelation."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.base.errors import InputError
from helpers.stats.months.prediction import predict
from helpers.stats.months.seasons import seasonal_factors
from helpers.stats.months.trend import deterministic, fit_trend


def simulated(generator, months, phi=0.0, sd=0.2, slope=0.01, level=4.3):
    latent = np.zeros(months)
    latent[0] = generator.normal() * sd / np.sqrt(1 - phi**2)
    for step in range(1, months):
        latent[step] = phi * latent[step - 1] + sd * generator.normal()
    time = np.arange(months)
    mean = np.exp(level + slope * time + 0.2 * np.sin(2 * np.pi * time / 12) + latent)
    return pd.Series(
        generator.poisson(mean), index=pd.period_range("2015-01", periods=months, freq="M")
    )


def test_planted_growth_is_recovered():
    trend = fit_trend(simulated(np.random.default_rng(3), 240))
    growth = trend.growth()
    assert growth.low < np.exp(0.12) < growth.high
    assert growth.value == pytest.approx(np.exp(0.12), rel=0.02)


def held_sums(months, interval, seed=11, series=150):
    """Share of 80 % and of 95 % intervals that hold the sum of the twelve months after the first
    ``months``.
    """
    generator, held = np.random.default_rng(seed), []
    for _ in range(series):
        y = simulated(generator, months + 12, phi=0.5)
        ends = [interval(y[:months], level, generator) for level in (0.8, 0.95)]
        held.append([low <= y[months:].sum() <= high for low, high in ends])
    return np.mean(held, axis=0)


def carried(y, level, generator):
    total = predict(fit_trend(y), 12, generator, draws=400).total(level)
    return total.low, total.high


def independent(y, level, generator):
    """The obvious interval: least squares on logarithms, months drawn singly from its errors."""
    design = deterministic(y.index, 2, 1)
    fit = sm.OLS(np.log(y + 0.5), design.in_sample()).fit()
    mean = design.out_of_sample(12).to_numpy() @ fit.params.to_numpy()
    sums = np.exp(mean + np.sqrt(fit.scale) * generator.standard_normal((400, 12))).sum(axis=1)
    return np.quantile(sums, [0.5 - level / 2, 0.5 + level / 2])


@pytest.mark.parametrize("months", [36, 84])
def test_a_years_sum_is_covered_as_often_as_said_only_with_the_autocorrelation(months):
    eight_in_ten, nineteen_in_twenty = held_sums(months, carried)
    assert 0.72 <= eight_in_ten <= 0.9 and nineteen_in_twenty >= 0.9
    eight_in_ten, nineteen_in_twenty = held_sums(months, independent)
    assert eight_in_ten < 0.6 and nineteen_in_twenty < 0.8


def test_an_ordinary_year_is_not_called_unusual_and_a_doubled_one_is():
    generator = np.random.default_rng(5)
    y = simulated(generator, 72)
    prediction = predict(fit_trend(y[:60]), 12, generator)
    assert prediction.p_value(y[60:].sum(), "two-sided") > 0.05
    assert prediction.p_value(2 * y[60:].sum()) < 0.01
    assert (prediction.table["low_95"] <= prediction.table["low_50"]).all()
    assert prediction.table.index[0] == pd.Period("2020-01", "M")


def test_the_same_seed_gives_the_same_prediction():
    trend = fit_trend(simulated(np.random.default_rng(5), 60))
    one, two = (predict(trend, 6, np.random.default_rng(9)) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, two.table)


def test_quarters_and_years_work_too():
    months = simulated(np.random.default_rng(2), 240)
    quarters = months.groupby(months.index.asfreq("Q")).sum()
    years = months.groupby(months.index.asfreq("Y")).sum()
    truth = np.exp(0.12)
    assert fit_trend(quarters, harmonics=1).growth().value == pytest.approx(truth, rel=0.03)
    assert fit_trend(years).growth().value == pytest.approx(truth, rel=0.03)


@pytest.mark.parametrize(("freq", "season"), [("M", 12), ("Q", 4)])
def test_all_waves_are_the_seasons_themselves(freq, season):
    """With every wave in, the fit is that of one mean a season, and no column is idle."""
    index = pd.period_range("2010", periods=6 * season, freq=freq)
    waves = deterministic(index, season // 2, 0).in_sample()
    means = pd.get_dummies(np.arange(6 * season) % season, dtype=float).to_numpy()
    assert waves.shape[1] == season == np.linalg.matrix_rank(waves)
    y = np.random.default_rng(1).normal(size=6 * season)
    fitted = [one @ np.linalg.lstsq(one, y, rcond=None)[0] for one in (waves.to_numpy(), means)]
    assert fitted[0] == pytest.approx(fitted[1])
    later = deterministic(index, season // 2, 0).out_of_sample(season)
    assert later.to_numpy() == pytest.approx(waves.to_numpy()[:season])


@pytest.mark.parametrize(
    ("freq", "columns"), [("M", [1, 3, 5, 7, 9, 11, 12]), ("Q", [1, 3] + 5 * [4]), ("Y", 7 * [1])]
)
def test_each_number_of_waves_has_the_columns_that_its_frequency_has(freq, columns):
    index = pd.period_range("2010", periods=48, freq=freq)
    found = [deterministic(index, waves, 0).in_sample() for waves in range(7)]
    assert [one.shape[1] for one in found] == columns
    assert all(np.abs(one).max().min() > 0.5 for one in found)


def test_seasonal_factors_find_the_planted_wave():
    factors = seasonal_factors(simulated(np.random.default_rng(8), 240, sd=0.05)).set_index(
        "season"
    )
    assert factors["ratio"].idxmax() in (3, 4, 5) and factors["ratio"].idxmin() in (9, 10, 11)
    assert np.log(factors["ratio"]).sum() == pytest.approx(0, abs=1e-8)
    assert factors.loc[4, "ratio"] == pytest.approx(np.exp(0.2), rel=0.06)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda y: y.drop(y.index[5]), "no observation follows 2015-05"),
        (lambda y: y.iloc[::-1], "is not later"),
        (lambda y: pd.concat([y, y.iloc[-1:]]), "is not later"),
        (lambda y: y.astype(float).where(y.index != y.index[3]), "observation 4"),
        (lambda y: y.reset_index(drop=True), "expected an index of dates"),
        (lambda y: y * 0, "only zeros"),
        (lambda y: y.iloc[:4], "carry|independent"),
    ],
)
def test_a_series_that_is_not_regular_counts_is_refused(change, words):
    y = simulated(np.random.default_rng(4), 48)
    with pytest.raises(InputError, match=words):
        fit_trend(change(y))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda y: fit_trend(y, order=-1), "order is -1"),
        (lambda y: fit_trend(y, harmonics=9), "harmonics is 9"),
        (lambda y: fit_trend(y, harmonics="2"), "harmonics is '2'"),
        (lambda y: fit_trend(y, order=True), "order is True"),
        (lambda y: fit_trend(y).growth(95), "level is 95"),
        (lambda y: seasonal_factors(y, level=95), "level is 95"),
        (lambda y: predict(fit_trend(y), 3, np.random.default_rng(0)).total(95), "level is 95"),
        (lambda y: predict(fit_trend(y), 2.5, np.random.default_rng(0)), "steps is 2.5"),
        (
            lambda y: predict(fit_trend(y), 3, np.random.default_rng(0)).p_value("9"),
            "observed sum is 9",
        ),
        (lambda y: fit_trend(y, order=2).growth(), "order 2"),
        (lambda y: fit_trend(y, order=0).growth(), "order 0"),
        (lambda y: predict(fit_trend(y), 3, 5), "default_rng"),
        (lambda y: predict(fit_trend(y), 0, np.random.default_rng(0)), "at least 1"),
        (
            lambda y: predict(fit_trend(y), 3, np.random.default_rng(0)).p_value(np.nan),
            "observed sum is nan",
        ),
        (
            lambda y: predict(fit_trend(y), 3, np.random.default_rng(0)).p_value(9, "both"),
            "side is 'both'",
        ),
        (lambda y: seasonal_factors(y.where(y.index.month != 1, 0)), "season 1 holds only zeros"),
        (lambda y: seasonal_factors(y.groupby(y.index.asfreq("Y")).sum()), "seasons need months"),
        (
            lambda y: fit_trend(y.set_axis(pd.period_range("2015-01-01", periods=48, freq="W"))),
            "expected months",
        ),
        (
            lambda y: fit_trend(y.set_axis(pd.date_range("2015-01-01", periods=48, freq="D"))),
            "expected months",
        ),
        (
            lambda y: fit_trend(y.set_axis(pd.date_range("2015-01-01", periods=48, freq="2MS"))),
            "follows 2015-01",
        ),
        (lambda y: fit_trend(y.set_axis([pd.NaT, *y.index.to_timestamp()[1:]])), "date is missing"),
        (lambda y: fit_trend(list(y)), "index of dates"),
    ],
)
def test_what_has_no_answer_is_refused(call, words):
    with pytest.raises(InputError, match=words):
        call(simulated(np.random.default_rng(4), 48))


def test_a_constant_series_has_nothing_to_judge_a_trend_by():
    flat = pd.Series([5] * 60, index=pd.period_range("2015-01", periods=60, freq="M"))
    with pytest.raises(InputError, match="no error is left"):
        fit_trend(flat)


def test_huge_and_rare_counts_give_finite_predictions():
    months, generator = pd.period_range("2015-01", periods=60, freq="M"), np.random.default_rng(0)
    huge = predict(
        fit_trend(pd.Series(generator.gamma(50, 2e7, 60).round(), index=months)), 12, generator
    ).total()
    assert 5e9 < huge.low < huge.high < 3e10
    rare = predict(
        fit_trend(pd.Series(generator.poisson(0.3, 60), index=months), harmonics=1), 12, generator
    ).total()
    assert rare.low < 3.6 < rare.high < 20 and "poor scale" in rare.warnings[0]


@pytest.mark.parametrize("frequency", ["MS", "ME", "BMS", "BME"])
def test_month_starts_and_ends_are_months(frequency):
    y = simulated(np.random.default_rng(4), 48)
    dated = y.set_axis(pd.date_range("2015-01-01", periods=48, freq=frequency, tz="UTC"))
    assert fit_trend(dated).series.index.equals(y.index)


@pytest.mark.parametrize(("frequency", "letter"), [("QS", "Q"), ("QE", "Q"), ("YS", "Y")])
def test_a_gap_is_named_in_the_series_own_periods(frequency, letter):
    dates = pd.date_range("2000-01-01", periods=20, freq=frequency)
    with pytest.raises(InputError, match=f"follows {dates[6].to_period(letter)}"):
        fit_trend(pd.Series(range(5, 24), index=dates.delete(7)), harmonics=0)


def test_dates_count_as_periods():
    y = simulated(np.random.default_rng(4), 48)
    dated = pd.Series(y.to_numpy(), index=y.index.to_timestamp())
    assert fit_trend(dated).fit.llf == pytest.approx(fit_trend(y).fit.llf)
