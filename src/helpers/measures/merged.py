"""Groups by month where some of them merged: deaths per event, and harm that moves by name.

A merger changes the name under which an event is booked, not the event. So those who joined and
left are one group in every month, and groups that nobody joined stand beside it.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of, counts, generator_of, level_of, regular, whole
from helpers.stats.counts.negbin import fit_quasi_poisson
from helpers.stats.estimate import Estimate
from helpers.stats.months.design import base_design

COLUMNS = ("group", "month", "events", "deaths")
LEAST = 3  # months with events that a group needs before and after
ROUNDS = 8  # of Newton's method, from the answer of all months
RIDGE = 1e-6  # deaths: what a draw without a death needs to have an answer


def per_event_design(
    months: pd.DataFrame, at: str, joined: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the months with events, and the design of their deaths with an effect for each group.

    Parameters
    ----------
    months : pandas.DataFrame, one row a group and month
        ``group``, ``month`` (Period), ``events`` and ``deaths``, counts.
    at : str
        First month of what comes after.
    joined : str, optional
        The group that was joined; without it all groups share one change.

    Returns
    -------
    rows : pandas.DataFrame, shape (n, 4)
        The months that hold an event.
    design : pandas.DataFrame of float, shape (n, k)
        The change that is asked for comes first: that of the joined group over that of the others,
        or that of all; then the change that all share, and a column for each group.

    Raises
    ------
    InputError
        A column is missing, a month has deaths without an event, ``joined`` is not there or alone,
        or a group has fewer than three months with events before or after.

    Examples
    --------
    >>> at = pd.period_range("2020-05", periods=6, freq="M")
    >>> one = pd.DataFrame({"group": "A", "month": at, "events": 2, "deaths": 5})
    >>> per_event_design(one, "2020-08")[1].columns.tolist()
    ['after', 'A']
    """
    table = columns_of(months, COLUMNS, "the months of groups")
    rows = table[table["events"] > 0].reset_index(drop=True)
    silent = table[(table["events"] == 0) & (table["deaths"] > 0)]
    if len(silent):
        one = silent.iloc[0]
        raise InputError(
            f"{one['group']} in {one['month']} has {one['deaths']} deaths and no event: "
            "expected none without the other"
        )
    groups = sorted(table["group"].unique())
    after = rows["month"] >= pd.Period(at, "M")
    _enough(rows, after, groups)
    design = pd.DataFrame({"after": after, **{one: rows["group"] == one for one in groups}})
    if joined is not None:
        if joined not in groups or len(groups) < 2:
            raise InputError(f"'{joined}' is not one of several groups: {', '.join(groups)}")
        design.insert(0, "joined", after & (rows["group"] == joined))
    return rows, design.astype("float64")


def deaths_per_event(
    months: pd.DataFrame,
    at: str,
    generator: np.random.Generator,
    *,
    joined: str | None = None,
    draws: int = 999,
    level: float = 0.95,
) -> Estimate:
    """Return how many times as many people an event killed after a date as before it.

    Deaths given events, with an effect for each group, have a Poisson mean; how much they scatter
    is left to the months. These are drawn anew within each group, before and after, and what each
    draw is off by is measured in its own sandwich errors: the symmetric bootstrap-t. A percentile
    of the draws is too narrow where a few months of many deaths decide. Months count as unrelated.

    Parameters
    ----------
    months : pandas.DataFrame, one row a group and month
        As of :func:`per_event_design`.
    at : str
        First month of what comes after.
    generator : numpy.random.Generator
        Draws the months.
    joined : str, optional
        The group whose ratio is set over that of the others; without it, the ratio that all share.
    draws : int, default 999
        Number of draws.
    level : float, default 0.95
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        A ratio, or a ratio of ratios, with two-sided p-value against 1; ``n`` is the number of
        months with events.

    Raises
    ------
    InputError
        As of :func:`per_event_design`, and for counts that no regression can be fitted to.

    References
    ----------
    * Davison and Hinkley (1997), Bootstrap Methods and their Application, 5.2.
    * White (1982), Maximum likelihood estimation of misspecified models.

    Examples
    --------
    The events of A become twice as deadly.

    >>> at = pd.period_range("2019-01", periods=40, freq="M")
    >>> table = pd.DataFrame({"group": "A", "month": at, "events": 2, "deaths": [3, 5] * 20})
    >>> table.loc[20:, "deaths"] *= 2
    >>> found = deaths_per_event(table, "2020-09", np.random.default_rng(1), draws=199)
    >>> round(found.value, 2), found.low > 1.5
    (2.0, True)
    """
    rows, design = per_event_design(months, at, joined)
    whole(draws, "draws")
    deaths, matrix = rows["deaths"].astype("float64"), design.to_numpy()
    fit = fit_quasi_poisson(deaths, design, np.log(rows["events"].to_numpy("float64")))
    weights = _drawn(rows.groupby(["group", design["after"]]).indices, draws, generator)
    weights = np.vstack([np.ones(len(rows)), weights])
    logs, errors = _fits(weights, rows, matrix, fit.params.to_numpy())
    log, error = logs[0], errors[0]
    scores = np.abs(logs[1:] - log) / errors[1:]
    far = float(np.quantile(scores, level_of(level)))
    return Estimate(
        float(np.exp(log)),
        float(np.exp(log - far * error)),
        float(np.exp(log + far * error)),
        float((1 + (scores >= abs(log) / error).sum()) / (1 + draws)),
        len(rows),
        f"Poisson means, effects of groups, bootstrap-t of {draws} draws of months within groups",
        level,
    )


@dataclass(frozen=True)
class Displacement:
    """Whether one series is low where another is high.

    Attributes
    ----------
    correlation : Estimate
        Rank correlation of the deviations, with the share of rotations at least as far from 0 as p.
    rotations : numpy.ndarray of float, shape (n - 1,)
        The correlation for each rotation of the second series.
    """

    correlation: Estimate
    rotations: np.ndarray


def displacement(one: pd.Series, other: pd.Series, *, level: float = 0.95) -> Displacement:
    """Return the rank correlation of what two series of counts deviate by from their trends.

    The null turns one series round the other, its end joined to its beginning: that keeps the
    memory of both, which shuffled months would lose. With n periods p is at least 1 / n.

    Parameters
    ----------
    one, other : pandas.Series of int, shape (n,), same regular index
        Counts a period.
    level : float, default 0.95
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Displacement
        Below 0 where one is low when the other is high. The interval is Fisher's z with the
        variance for ranks; it takes the periods for unrelated.

    Raises
    ------
    InputError
        The periods differ, fewer than eight are there, a value is no count, or a series does not
        vary about its trend.

    References
    ----------
    * Bonett and Wright (2000), Sample size requirements for estimating Pearson, Kendall and
      Spearman correlations.

    Examples
    --------
    What one gains the other loses.

    >>> months = pd.period_range("2023-01", periods=24, freq="M")
    >>> moved = np.random.default_rng(1).binomial(10, 0.5, 24)
    >>> found = displacement(pd.Series(20 - moved, months), pd.Series(moved, months))
    >>> found.correlation.value < -0.9, round(found.correlation.p * 24)
    (True, 1)
    """
    first, second = _deviations(one, "the first series"), _deviations(other, "the second series")
    if not first.index.equals(second.index):
        raise InputError("the two series count different periods: expected the same")
    n = len(first)
    turned = np.array([np.roll(second, move) for move in range(n)])
    found = np.array([_rank_correlation(first.to_numpy(), row) for row in turned])
    p = float((np.abs(found) >= abs(found[0]) - 1e-12).mean())
    low, high = _fisher(found[0], n, level_of(level))
    method = f"rank correlation of deviations from trends, rank among {n} rotations"
    return Displacement(Estimate(float(found[0]), low, high, p, n, method, level), found[1:])


def _enough(rows: pd.DataFrame, after: pd.Series, groups: list[str]) -> None:
    """Refuse a group that has too few months with events on one side of the date."""
    held = rows.groupby(["group", after.rename("after")]).size()
    for group in groups:
        for side, words in ((False, "before"), (True, "after")):
            if (months := int(held.get((group, side), 0))) < LEAST:
                raise InputError(
                    f"{group} has {months} months with events {words} the date: "
                    f"expected at least {LEAST}"
                )


def _drawn(
    strata: Mapping[Hashable, np.ndarray], draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return how often each row is drawn, each stratum as often as it has rows, (draws, n)."""
    own = generator_of(generator)
    weights = np.zeros((draws, sum(len(places) for places in strata.values())))
    for places in strata.values():
        even = np.full(len(places), 1 / len(places))
        weights[:, places] = own.multinomial(len(places), even, size=draws)
    return weights


def _fits(
    weights: np.ndarray, rows: pd.DataFrame, matrix: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first coefficient, a log ratio, and its sandwich error, for weights (s, n)."""
    deaths, events = rows["deaths"].to_numpy("float64"), rows["events"].to_numpy("float64")
    params = np.tile(start, (len(weights), 1))
    squares = np.einsum("nj,nk->njk", matrix, matrix).reshape(len(matrix), -1)
    shape, ridge = (len(weights), len(start), len(start)), RIDGE * np.eye(len(start))
    for _ in range(ROUNDS):
        means = events * np.exp(params @ matrix.T)
        bread = np.linalg.inv(((weights * means) @ squares).reshape(shape) + ridge)
        params += np.einsum("sjk,sk->sj", bread, (weights * (deaths - means)) @ matrix)
    meat = ((weights * np.square(deaths - means)) @ squares).reshape(shape)
    return params[:, 0], np.sqrt((bread @ meat @ bread)[:, 0, 0])


def _deviations(series: pd.Series, name: str) -> pd.Series:
    """Return what counts deviate by from their log-linear trend, in standard errors, (n,)."""
    clean = pd.Series(counts(series, name, 8), index=regular(series, name))
    if clean.nunique() == 1:
        raise InputError(f"{name} does not vary about its trend: nothing can be correlated")
    fit = fit_quasi_poisson(clean, base_design(clean.index, 0, 1))
    return (clean - fit.fitted) / np.sqrt(fit.fitted)


def _rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    from scipy.stats import rankdata

    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])


def _fisher(correlation: float, n: int, level: float) -> tuple[float, float]:
    """Return the interval of a rank correlation of ``n`` pairs."""
    from scipy.stats import norm

    centre = np.arctanh(np.clip(correlation, -1 + 1e-12, 1 - 1e-12))
    reach = norm.ppf((1 + level) / 2) * np.sqrt((1 + correlation**2 / 2) / (n - 3))
    return float(np.tanh(centre - reach)), float(np.tanh(centre + reach))
