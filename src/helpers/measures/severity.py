"""How many events killed how many: the shape of a distribution of severity over spans of years."""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.counts.tails import tail, worst_share
from helpers.stats.shares.proportion import proportion

SIZES = (1, 10, 21)
FORMATS = {
    "mean": "{:.2f}",
    **{f"at_least_{size}": "{:.3f}" for size in SIZES},
    "in_worst_twentieth": "{:.3f}",
    **dict.fromkeys(("exponent", "exponent_low", "exponent_high"), "{:.2f}"),
}


def single(severity: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the single events of a span of years, from a table that counts events by size.

    Events without a month are tallies of a year, not events, and are left out.

    Parameters
    ----------
    severity : pandas.DataFrame
        ``year``, ``month``, ``deaths_best``, and ``events``: the number of events with that many
        dead.
    first, last : int
        The years, both included.

    Returns
    -------
    pandas.DataFrame, one row an event
        ``deaths`` (int) and ``month`` (period).

    Raises
    ------
    InputError
        When the span holds no event.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2020, 2020], "month": [5, None],
    ...                       "deaths_best": [3, 90], "events": [2, 1]})
    >>> single(table, 2020, 2020)["deaths"].tolist()
    [3, 3]
    """
    part = severity[severity["year"].between(first, last) & severity["month"].notna()]
    if part.empty:
        raise InputError(f"there is no event with a month from {first} to {last}")
    month = pd.PeriodIndex.from_fields(
        year=part["year"].to_numpy(), month=part["month"].to_numpy("int64"), freq="M"
    )
    rows = pd.DataFrame({"deaths": part["deaths_best"].to_numpy("int64"), "month": month})
    return rows.loc[rows.index.repeat(part["events"])].reset_index(drop=True)


def each(severity: pd.DataFrame, first: int, last: int) -> np.ndarray:
    """Return the deaths of each single event of a span of years, as of :func:`single`.

    Parameters
    ----------
    severity : pandas.DataFrame
        As for :func:`single`.
    first, last : int
        The years, both included.

    Returns
    -------
    numpy.ndarray of int, shape (n_events,)
        Deaths.

    Examples
    --------
    >>> table = pd.DataFrame({"year": 2020, "month": 5, "deaths_best": [3, 1], "events": [1, 2]})
    >>> each(table, 2020, 2021).tolist()
    [3, 1, 1]
    """
    return single(severity, first, last)["deaths"].to_numpy()


def two_periods(earlier: pd.DataFrame, later: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """Return the outcome and the design of a regression that compares two periods of events.

    Parameters
    ----------
    earlier, later : pandas.DataFrame
        Events, as of :func:`single`.

    Returns
    -------
    deaths : pandas.Series of int, shape (n_events,)
        The outcome.
    design : pandas.DataFrame of float, shape (n_events, 2)
        ``const`` and ``later`` (1 in the later period).

    Examples
    --------
    >>> deaths, design = two_periods(pd.DataFrame({"deaths": [4]}), pd.DataFrame({"deaths": [1]}))
    >>> deaths.tolist(), design["later"].tolist()
    ([4, 1], [0.0, 1.0])
    """
    both = pd.concat({0.0: earlier["deaths"], 1.0: later["deaths"]}, names=["later"]).reset_index()
    return both["deaths"], pd.DataFrame({"const": 1.0, "later": both["later"]})


def shape(
    severity: pd.DataFrame,
    spans: list[tuple[int, int]],
    generator: np.random.Generator,
    start: int = 5,
) -> pd.DataFrame:
    """Return how severe events were in several spans of years.

    Parameters
    ----------
    severity : pandas.DataFrame
        As for :func:`single`.
    spans : list of tuple of int
        First and last year of each span.
    generator : numpy.random.Generator
        For the bootstrap.
    start : int, default 5
        Where the tail begins, in dead.

    Returns
    -------
    pandas.DataFrame, one row a span
        ``years``, ``events``, ``mean`` (dead an event), ``at_least_N`` (share of the events),
        ``in_worst_twentieth`` (share of the dead), and ``exponent``, ``exponent_low``,
        ``exponent_high`` of a power law from ``start`` dead on.

    Examples
    --------
    >>> sizes = pd.DataFrame({"deaths_best": [1, 2, 5, 6, 9, 30], "events": [30, 20, 5, 4, 3, 1]})
    >>> table = shape(sizes.assign(year=2020, month=1), [(2020, 2021)], np.random.default_rng(1))
    >>> int(table["events"].iloc[0]), round(float(table["at_least_10"].iloc[0]), 3)
    (63, 0.016)
    """
    rows = []
    for first, last in spans:
        deaths = each(severity, first, last)
        heavy = tail(deaths, generator, start=start).exponent
        shares = {
            f"at_least_{size}": proportion(int((deaths >= size).sum()), len(deaths)).value
            for size in SIZES
        }
        rows.append(
            {
                "years": f"{first} to {last}",
                "events": len(deaths),
                "mean": deaths.mean(),
                **shares,
                "in_worst_twentieth": worst_share(deaths, generator).value,
                "exponent": heavy.value,
                "exponent_low": heavy.low,
                "exponent_high": heavy.high,
            }
        )
    return pd.DataFrame(rows)
