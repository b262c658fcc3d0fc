"""Two years of a researcher's own counts beside the same two of UCDP's: do both point one way?"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from helpers.measures.country import enough
from helpers.measures.inflation import of_rates, of_sums
from helpers.measures.own import Source, by_year
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.estimate import Estimate
from helpers.stats.months.lead_lag import lead_lag

TOGETHER = 36  # months that two series must share before their movement is compared
UP, DOWN, OPEN = "up", "down", "not shown"
SAME, APART = "the same way", "opposite ways"
WAYS = {"same": SAME, "opposite": APART, "open": OPEN}


def last_two(one: Source, other: pd.DataFrame, least: int) -> int | None:
    """Return the last of two whole years in a row that two series have and that can be compared.

    Parameters
    ----------
    one : Source
        The source.
    other : pandas.DataFrame of float, PeriodIndex "M"
        ``events`` by month.
    least : int
        Fewer events of the source in a year may not be shown.

    Returns
    -------
    int or None
        The later year; None where no two whole years are shared, or either series has events in too
        few months of them (:func:`helpers.measures.country.enough`).

    Examples
    --------
    >>> months = pd.period_range("2022-01", periods=30, freq="M")
    >>> counts = pd.DataFrame({"events": 1.0}, months)
    >>> last_two(Source("A", "attacks", "a", counts), counts, 3)
    2023
    """
    shared = by_year(one.counts).index.intersection(by_year(other).index)
    if len(shared) < 2 or shared[-1] - shared[-2] != 1:
        return None
    last = int(shared[-1])
    years = [part["events"][str(year)] for part in (one.counts, other) for year in (last - 1, last)]
    few = min(one.counts["events"][str(year)].sum() for year in (last - 1, last))
    return last if enough(*years) and few >= least else None


def ratios(counts: pd.DataFrame, last: int, words: str) -> dict[str, dict[str, Any]]:
    """Return the last year as a multiple of the year before, with what its months tell of chance.

    Parameters
    ----------
    counts : pandas.DataFrame of float, PeriodIndex "M"
        ``events``, and ``deaths`` where they are stated.
    last : int
        The later year.
    words : str
        Whose counts they are.

    Returns
    -------
    dict of str to dict
        As of :meth:`helpers.measures.inflation.Measured.results`: its endings behind
        ``events_ratio``, and, where both years have enough deaths, ``deaths_ratio`` and
        ``per_event_ratio``, of deaths for each event.

    Raises
    ------
    InputError
        When a year holds only zeros.

    Examples
    --------
    >>> months = pd.period_range("2022-01", periods=24, freq="M")
    >>> found = ratios(pd.DataFrame({"events": [1.0] * 12 + [3.0] * 12}, months), 2023, "A")
    >>> round(found["events_ratio"]["value"].value, 6), "deaths_ratio" in found
    (3.0, False)
    """
    pair = [counts.loc[str(year)] for year in (last - 1, last)]
    about = {"unit": "ratio to the year before", "source": words}
    found: dict[str, dict[str, Any]] = {}
    sums = {name: [one[name].sum() for one in pair] for name in counts}
    for name in counts:
        parts = [one[name] for one in pair]
        if name == "events" or enough(*parts):
            ratio = partial(rate_ratio, *sums[name][::-1])
            told = of_sums(parts, words).results(ratio, **about)
            found |= {f"{name}_ratio{end}": entry for end, entry in told.items()}
    if "deaths_ratio" in found:
        deaths, events = ([one[name] for one in pair] for name in ("deaths", "events"))
        ratio = partial(rate_ratio, *sums["deaths"][::-1], *sums["events"][::-1])
        told = of_rates(deaths, events, words).results(ratio, **about)
        found |= {f"per_event_ratio{end}": entry for end, entry in told.items()}
    return found


def way(ratio: Estimate) -> str:
    """Return which way a ratio points, where its interval leaves out one.

    Parameters
    ----------
    ratio : Estimate
        With an interval.

    Returns
    -------
    str
        :data:`UP`, :data:`DOWN` or :data:`OPEN`.

    Examples
    --------
    >>> way(Estimate(2.0, 1.5, 2.7)), way(Estimate(2.0, 0.9, 4.7))
    ('up', 'not shown')
    """
    if ratio.low is None or ratio.high is None or ratio.low <= 1 <= ratio.high:
        return OPEN
    return UP if ratio.low > 1 else DOWN


def together(ways: Sequence[str]) -> str:
    """Return whether two ratios point the same way, where both point anywhere.

    Parameters
    ----------
    ways : sequence of str
        Two, as of :func:`way`.

    Returns
    -------
    str
        :data:`SAME`, :data:`APART` or :data:`OPEN`.

    Examples
    --------
    >>> together(["up", "up"]), together(["up", "down"]), together(["up", "not shown"])
    ('the same way', 'opposite ways', 'not shown')
    """
    if OPEN in ways:
        return OPEN
    return SAME if len(set(ways)) == 1 else APART


def movement(one: Source, other: pd.DataFrame) -> dict[str, Any] | None:
    """Return whether the months of two series move together, trend, seasons and memory taken out.

    Parameters
    ----------
    one : Source
        The source.
    other : pandas.DataFrame of float, PeriodIndex "M"
        ``events`` by month.

    Returns
    -------
    dict or None
        ``correlation`` (Spearman's, of what is new in each month, -1 to 1), ``p`` and ``n`` months,
        as of :func:`helpers.stats.months.lead_lag.lead_lag`; None where the two share fewer than
        :data:`TOGETHER` months, or either has events in too few of them.

    Raises
    ------
    InputError
        When a series does not vary.

    Examples
    --------
    >>> import numpy as np
    >>> months = pd.period_range("2021-01", periods=36, freq="M")
    >>> counts = np.random.default_rng(1).poisson(30, 36).astype(float)
    >>> other = pd.DataFrame({"events": counts}, months)
    >>> found = movement(Source("A", "attacks", "a", 2 * other), other)
    >>> round(found["correlation"], 6), found["n"]
    (1.0, 36)
    """
    pair = pd.concat([one.counts["events"], other["events"]], axis=1, join="inner")
    if len(pair) < TOGETHER or not enough(pair.iloc[:, 0], pair.iloc[:, 1]):
        return None
    found = lead_lag(pair.iloc[:, 0], pair.iloc[:, 1], [0], order=1).iloc[0]
    return {"correlation": float(found["correlation"]), "p": float(found["p"]), "n": len(pair)}
