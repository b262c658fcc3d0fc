"""Forecasts arranged for tables: chances and their worth, bands, grades, two years in pairs."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of
from helpers.stats.forecast import scores
from helpers.stats.forecast.rolling import ENSEMBLE, RAW, summary

LEVELS = (50, 80, 95)  # per cent of the central intervals
# The middles of a hundred equal parts of chance: what a forecast keeps of its draws.
PARTS = np.arange(0.005, 1, 0.01).round(3)
SCORE_FORMATS = {
    "crps": "{:.1f}",
    "interval_80": "{:.1f}",
    "log_score": "{:.2f}",
    "covered_80": "{:.2f}",
    "covered_95": "{:.2f}",
    "scaled_error": "{:.2f}",
}
BAND_FORMATS = dict.fromkeys(
    ["median", *(f"{end}_{level}" for level in LEVELS for end in ("low", "high"))], "{:.0f}"
)


def chances(ensembles: Mapping[str, np.ndarray], level: float) -> pd.Series:
    """Return the chance that each model gives to a total above ``level``.

    Parameters
    ----------
    ensembles : mapping of str to numpy.ndarray, shape (draws, periods)
        By model: simulated futures, such as deaths a month.
    level : float
        The total to be exceeded, in the same unit, over all periods.

    Returns
    -------
    pandas.Series of float, index of model names
        Shares of draws, the lowest first.

    Examples
    --------
    >>> draws = {"calm": np.array([[1, 1], [2, 2]]), "grim": np.array([[3, 3], [4, 4]])}
    >>> chances(draws, 3).to_dict()
    {'calm': 0.5, 'grim': 1.0}
    """
    return pd.Series(
        {name: float((draws.sum(axis=1) > level).mean()) for name, draws in ensembles.items()}
    ).sort_values()


def base_rate(series: pd.Series) -> float:
    """Return how often a year had more than the year before.

    Parameters
    ----------
    series : pandas.Series of float, PeriodIndex of months
        Counts by month, in whole years.

    Returns
    -------
    float
        The share of years with a rise among those that have a year before.

    Raises
    ------
    InputError
        When there are fewer than two years.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=36, freq="M")
    >>> base_rate(pd.Series([1.0] * 12 + [2.0] * 12 + [1.0] * 12, months))
    0.5
    """
    changes = series.groupby(series.index.year).sum().diff().dropna()
    if changes.empty:
        raise InputError("a base rate needs at least two years")
    return float((changes > 0).mean())


def merits(chances: Mapping[str, float], happened: bool, floor: float = 1e-3) -> pd.DataFrame:
    """Return the scores of chances that were given to something that did or did not happen.

    Parameters
    ----------
    chances : mapping of str to float
        By who gave it: a chance from 0 to 1.
    happened : bool
        Whether it did.
    floor : float, default 0.001
        The least chance that the log score allows, which else punishes certainty without end.

    Returns
    -------
    pandas.DataFrame, one row a giver
        ``Brier``, the squared error, and ``log``, minus the logarithm of the chance of what
        happened, in nats. Lower is better.

    Raises
    ------
    InputError
        When a chance lies outside 0 and 1.

    Examples
    --------
    >>> merits({"bold": 1.0, "coin": 0.5}, True)["Brier"].to_dict()
    {'bold': 0.0, 'coin': 0.25}
    """
    brier = {name: scores.brier(chance, happened) for name, chance in chances.items()}
    given = pd.Series(dict(chances), dtype="float64")
    logs = -np.log((given if happened else 1 - given).clip(lower=floor))
    return pd.DataFrame({"Brier": pd.Series(brier), "log": logs})


def standing(scored: pd.DataFrame) -> dict[str, float]:
    """Return how the pool did in a backtest.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scores as of :func:`helpers.stats.forecast.rolling.backtest`.

    Returns
    -------
    dict of str to float
        ``rank`` by mean CRPS among ``models`` (the pool with its spread as it comes is none of
        them), ``crps`` (counts), ``covered_80`` and ``covered_95``, ``raw_covered_80`` of the pool
        with its spread as it comes, and ``above_middle``: the share of its ``places`` outcomes that
        lay in the upper half of its draws.

    Raises
    ------
    InputError
        When the table lacks a column, or holds no pool.

    Examples
    --------
    >>> names = ["crps", "log_score", "interval_80", "covered_80", "covered_95", "scaled_error"]
    >>> table = pd.DataFrame(1.0, range(3), names).assign(pit=0.7, model=["naive", ENSEMBLE, RAW])
    >>> table.loc[0, "crps"] = 0.5
    >>> found = standing(table)
    >>> found["rank"], found["models"], found["above_middle"]
    (2, 2, 1.0)
    """
    table = columns_of(scored, ("model", "pit"), "the scores")
    places = table.loc[table["model"] == ENSEMBLE, "pit"]
    if places.empty:
        raise InputError("the scores hold no pool: two models or more make one")
    by_model = summary(table).set_index("model")
    order = by_model.index.drop(RAW)
    return {
        "rank": 1 + order.get_loc(ENSEMBLE),
        "models": len(order),
        **by_model.loc[ENSEMBLE, ["crps", "covered_80", "covered_95"]].to_dict(),
        "raw_covered_80": float(by_model.loc[RAW, "covered_80"]),
        "above_middle": float((places > 0.5).mean()),
        "places": len(places),
    }


def bands(draws: np.ndarray, index: pd.PeriodIndex, levels: Sequence[int] = LEVELS) -> pd.DataFrame:
    """Return median and central intervals of simulated futures by period.

    Parameters
    ----------
    draws : numpy.ndarray, shape (draws, periods)
        Simulated futures, such as deaths a month.
    index : pandas.PeriodIndex, length of the periods
        The periods that they are of.
    levels : sequence of int
        Per cent of draws within each interval.

    Returns
    -------
    pandas.DataFrame, one row a period
        ``median``, and ``low_L`` and ``high_L`` for each level L, in the unit of the draws.

    Examples
    --------
    >>> months = pd.period_range("2025-01", periods=1, freq="M")
    >>> bands(np.arange(101).reshape(-1, 1), months, [80]).iloc[0].round(6).to_dict()
    {'median': 50.0, 'low_80': 10.0, 'high_80': 90.0}
    """
    table = pd.DataFrame({"median": np.median(draws, axis=0)}, index=index)
    for level in levels:
        ends = np.quantile(draws, [0.5 - level / 200, 0.5 + level / 200], axis=0)
        table[f"low_{level}"], table[f"high_{level}"] = ends
    return table


def frozen(
    ensembles: Mapping[str, np.ndarray], index: pd.PeriodIndex, origin: pd.Period, target: str
) -> pd.DataFrame:
    """Return the forecasts of all models in a form that can be kept and scored later.

    Parameters
    ----------
    ensembles : mapping of str to numpy.ndarray, shape (draws, periods)
        By model: simulated futures.
    index : pandas.PeriodIndex, length of the periods
        The periods that are foretold.
    origin : pandas.Period
        The last period that the models saw.
    target : str
        What is foretold, such as ``all deaths``.

    Returns
    -------
    pandas.DataFrame
        A row for each model and period: ``origin``, ``target``, ``month`` and ``model`` (str), and
        the columns of :func:`bands`.

    Examples
    --------
    >>> months = pd.period_range("2025-01", periods=2, freq="M")
    >>> table = frozen({"calm": np.ones((9, 2))}, months, pd.Period("2024-12", "M"), "deaths")
    >>> table[["origin", "target", "month", "model", "median"]].to_numpy().tolist()
    [['2024-12', 'deaths', '2025-01', 'calm', 1.0], ['2024-12', 'deaths', '2025-02', 'calm', 1.0]]
    """
    parts = [
        bands(draws, index).rename_axis("month").reset_index().assign(model=name)
        for name, draws in ensembles.items()
    ]
    table = pd.concat(parts, ignore_index=True).astype({"month": str})
    table = table.assign(origin=str(origin), target=target)
    return table[["origin", "target", "month", "model", *BAND_FORMATS]]


def quantiles(
    ensembles: Mapping[str, np.ndarray],
    index: pd.PeriodIndex,
    origin: pd.Period,
    target: str,
    models: Sequence[str],
) -> pd.DataFrame:
    """Return the forecasts of some models as the quantiles that are frozen and graded later.

    Parameters
    ----------
    ensembles, index, origin, target
        As of :func:`frozen`.
    models : sequence of str
        Models among the ensembles; one that failed, and so is not there, is left out.

    Returns
    -------
    pandas.DataFrame
        A row for each model, period and level of :data:`PARTS`: ``origin``, ``target``, ``month``,
        ``model``, ``level`` and ``value``, in the unit of the draws with two digits.

    Examples
    --------
    >>> months = pd.period_range("2025-01", periods=1, freq="M")
    >>> draws = {"calm": np.arange(1001.0).reshape(-1, 1)}
    >>> table = quantiles(draws, months, pd.Period("2024-12", "M"), "deaths", ["calm"])
    >>> len(table), table["level"].tolist()[:2], table["value"].tolist()[:2]
    (100, [0.005, 0.015], [5.0, 15.0])
    """
    about = {"origin": str(origin), "target": target}
    parts = [
        pd.DataFrame(about | {"month": str(month), "model": name, "level": PARTS, "value": told})
        for name in models
        if name in ensembles
        for month, told in zip(index, np.quantile(ensembles[name], PARTS, axis=0).round(2).T)
    ]
    return pd.concat(parts, ignore_index=True)


def graded(frozen: pd.DataFrame, months: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return how well frozen forecasts did in the months that have come since.

    Months that have not come are left out, and so are targets of which no month has.

    Parameters
    ----------
    frozen : pandas.DataFrame
        As of :func:`frozen`; forecasts of several origins are graded apart.
    months : mapping of str to pandas.Series of float, PeriodIndex
        By target: what happened by month, in the unit of the forecast; missing where nobody knows.

    Returns
    -------
    pandas.DataFrame
        A row for each ``origin``, ``target`` and ``model``: ``months`` (how many have come), the
        shares of them inside the 80 and 95 % intervals, ``covered_80`` and ``covered_95``, and
        ``weighted_interval_score``, the mean over months of the score of median and intervals, in
        the unit of the forecast. Lower is better, and it comes near the CRPS.

    Raises
    ------
    InputError
        When the table lacks a column, or no month of it has come.

    References
    ----------
    Bracher, Ray, Gneiting and Reich (2021), Evaluating epidemic forecasts in an interval format.

    Examples
    --------
    Of two months one has come, far above its intervals.

    >>> months = pd.period_range("2025-01", periods=2, freq="M")
    >>> table = frozen({"calm": np.full((9, 2), 5)}, months, months[0] - 1, "deaths")
    >>> found = graded(table, {"deaths": pd.Series([12.0], months[:1])}).iloc[0]
    >>> int(found["months"]), float(found["covered_95"])
    (1, 0.0)
    >>> round(float(found["weighted_interval_score"]), 6)
    7.0
    """
    keys = ["origin", "target", "model"]
    columns_of(frozen, (*keys, "month", *BAND_FORMATS), "the frozen forecast")
    came = {
        (target, str(month)): value
        for target, series in months.items()
        for month, value in series.dropna().items()
    }
    seen = [came.get(pair, np.nan) for pair in zip(frozen["target"], frozen["month"])]
    rows = frozen.assign(seen=seen).dropna(subset="seen")
    if rows.empty:
        raise InputError(
            "no month of the frozen forecast has come: expected months from "
            f"{frozen['month'].min()} to {frozen['month'].max()} of the targets "
            + ", ".join(f"'{one}'" for one in frozen["target"].unique())
        )
    return _scores(rows).groupby(keys, sort=False).agg(**_GRADES).reset_index()


_GRADES = {"months": ("covered_80", "size")} | {
    name: (name, "mean") for name in ("covered_80", "covered_95", "weighted_interval_score")
}


def _scores(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the score of each, from its median and the ends of its intervals."""
    import scoringrules

    seen = rows["seen"].to_numpy("float64")
    total, inside = 0.5 * (rows["median"] - seen).abs(), {}
    for level in LEVELS:
        low, high = (rows[f"{end}_{level}"].to_numpy("float64") for end in ("low", "high"))
        alpha = 1 - level / 100
        total = total + alpha / 2 * scoringrules.interval_score(seen, low, high, alpha)
        inside[f"covered_{level}"] = (low <= seen) & (seen <= high)
    return rows.assign(**inside, weighted_interval_score=total / (len(LEVELS) + 0.5))


def one_scope(pairs: pd.DataFrame, wanted: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Return one row for each source and measure where a source counts in several scopes.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Two years side by side, as of :func:`helpers.measures.comparison.pairs`.
    wanted : mapping of (str, str) to str
        By source and measure: the scope to keep. What is not named keeps its first row.

    Returns
    -------
    pandas.DataFrame
        Rows of ``pairs``, in their order.

    Examples
    --------
    >>> pairs = pd.DataFrame(
    ...     {"source": "A", "measure": "deaths", "scope": ["combined", "militant_attacks"]}
    ... )
    >>> one_scope(pairs, {("A", "deaths"): "militant_attacks"})["scope"].tolist()
    ['militant_attacks']
    """
    kept = [
        wanted.get((row.source, row.measure), row.scope) == row.scope for row in pairs.itertuples()
    ]
    return pairs[kept].drop_duplicates(["source", "measure"])
