"""Grades of frozen forecasts: scores by another route, versions apart, the verdict's rule."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.base.errors import InputError
from helpers.measures import grades
from helpers.measures.forecast import PARTS, quantiles
from helpers.stats.forecast.scores import crps_ensemble, crps_quantiles


def frozen(models=None, horizon=12, origin="2026-05"):
    """Return frozen quantiles of gamma distributions, a model a mean."""
    models = models or {grades.POOL: 100, "seasonal naive": 150, "naive": 200}
    begin = pd.Period(origin, "M")
    return pd.DataFrame(
        [
            (
                origin,
                target,
                str(begin + at),
                model,
                level,
                mean * stats.gamma(9, scale=1 / 9).ppf(level),
            )
            for target in (grades.ALL, grades.MILITANTS)
            for at in range(1, horizon + 1)
            for model, mean in models.items()
            for level in PARTS
        ],
        columns=["origin", "target", "month", "model", "level", "value"],
    )


def came(values, version="27.1", final=True, until=""):
    return pd.DataFrame(
        [
            (target, str(pd.Period("2026-05", "M") + at), version, until, final, value)
            for target in (grades.ALL, grades.MILITANTS)
            for at, value in enumerate(values, start=1)
        ],
        columns=["target", *grades.VERSION, "deaths"],
    )


@pytest.mark.parametrize("outcome", [0, 3.0, 90, 117.5, 1000])
def test_crps_of_quantiles_is_near_that_of_the_distribution(outcome):
    law = stats.gamma(9, scale=100 / 9)
    grid = np.linspace(0, 1500, 400_001)
    exact = np.trapezoid((law.cdf(grid) - (grid >= outcome)) ** 2, grid)
    found = crps_quantiles(law.ppf(PARTS), PARTS, outcome)
    assert found == pytest.approx(exact, rel=5e-3, abs=0.05)
    draws = law.rvs(20_000, random_state=1)[:, None]
    assert found == pytest.approx(crps_ensemble(draws, [outcome])[0], rel=2e-2, abs=0.5)


def test_quantiles_without_their_levels_have_no_score():
    with pytest.raises(InputError, match="levels"):
        crps_quantiles([1.0, 2.0], [0.5], 1)
    with pytest.raises(InputError, match="between 0 and 1"):
        crps_quantiles([1.0, 2.0], [0.5, 1.0], 1)


def test_frozen_quantiles_are_those_of_the_draws():
    months = pd.period_range("2026-06", periods=2, freq="M")
    draws = np.random.default_rng(1).poisson(50, (4000, 2)).astype(float)
    table = quantiles({"pool": draws}, months, months[0] - 1, "x", ["pool", "failed"])
    second = table[table["month"] == "2026-07"]
    assert len(table) == 2 * len(PARTS)
    assert second["value"].to_numpy() == pytest.approx(np.quantile(draws[:, 1], PARTS), abs=0.006)


@pytest.mark.parametrize("months", [0, 1, 5, 12])
def test_a_month_is_graded_when_it_comes_and_not_before(months):
    found = grades.graded(frozen(), came([100] * months))
    assert len(found) == months * 2 * 3
    assert found["inside_80"].dtype == bool or not months


def test_provisional_and_final_figures_are_both_graded():
    seen = pd.concat(
        [came([80], "candidate", False), came([60], "candidate", False, "26.0.7"), came([300])]
    )
    found = grades.graded(frozen(), seen)
    pool = found[(found["model"] == grades.POOL) & (found["target"] == grades.ALL)]
    assert pool["deaths"].tolist() == [80, 60, 300]
    assert pool["inside_95"].tolist() == [True, True, False]
    standing = grades.newest(found)
    assert set(standing["deaths"]) == {300} and len(standing) == 6


def test_the_first_final_figure_has_the_word():
    seen = pd.concat([came([90], "28.1"), came([100], "27.1"), came([80], "candidate", False)])
    assert set(grades.newest(grades.graded(frozen(), seen))["deaths"]) == {100}


@pytest.mark.parametrize(
    ("values", "final", "said"),
    [
        ([100] * 12, True, "held"),
        ([100] * 12, False, "waits"),
        ([100] * 11, True, "waits"),
        ([200] * 12, True, "failed"),  # the naive forecast was right
        ([100] * 6 + [900] * 6, True, "failed"),  # too few months inside
    ],
)
def test_the_verdict_goes_by_the_rule(values, final, said):
    found = grades.newest(grades.graded(frozen(), came(values, final=final)))
    ours = found[found["target"] == grades.ALL]
    assert grades.verdict(ours, 12) == said


def test_an_honest_forecast_rarely_fails_for_its_intervals():
    for months in (1, 6, 12, 24):
        least = grades.least_inside(months)
        assert stats.binom.cdf(least - 1, months, 0.8) <= grades.CHANCE
        assert stats.binom.cdf(least, months, 0.8) > grades.CHANCE


def test_a_month_without_a_row_of_the_country_counts_no_deaths():
    rows = [("A", 2026, 6, "candidate", 5), ("B", 2026, 7, "candidate", 9)]
    months = pd.DataFrame(rows, columns=["country", "year", "month", "version", "deaths_best"])
    groups = months.assign(dyad_id=[1, 2])
    named = pd.DataFrame({"dyad_id": [1], **grades.WAR})
    found = grades.outcomes(grades.Came(months, groups, named), "A", "candidate")
    assert dict(zip(zip(found["target"], found["month"]), found["deaths"])) == {
        (target, month): deaths
        for target in (grades.ALL, grades.MILITANTS)
        for month, deaths in (("2026-06", 5), ("2026-07", 0))
    }


def test_the_drawn_series_prefers_the_release_that_the_models_saw():
    seen = pd.concat([came([90], "27.1"), came([100, 70], "26.1"), came([1] * 3, "c", False)])
    found = grades.series(seen, grades.ALL, "26.1")
    assert found["came"].tolist() == [100, 70, 1]
    assert found["final"].tolist() == [True, True, False]


def test_bands_are_the_quantiles_between():
    fan = grades.bands(frozen(horizon=2), grades.MILITANTS)
    assert list(fan.index.astype(str)) == ["2026-06", "2026-07"]
    low = 100 * stats.gamma(9, scale=1 / 9).ppf(0.025)
    assert fan["low_95"].iloc[0] == pytest.approx(low)
    assert (fan["low_95"] < fan["low_50"]).all() and (fan["high_80"] < fan["high_95"]).all()
