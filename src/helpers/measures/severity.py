"""How many events killed how many: the shape of a distribution of severity over spans of years."""

import numpy as np
import pandas as pd

from helpers.stats.counts.tails import tail, worst_share
from helpers.stats.shares.proportion import proportion

SIZES = (1, 10, 21)


def each(severity: pd.DataFrame, first: int, last: int) -> np.ndarray:
    """Return the deaths of each single event of the years ``first`` to ``last``; events without a month are tallies, not events.

    ``severity``: year, month, deaths_best and events (number of events with that many dead).
    """
    part = severity[severity["year"].between(first, last) & severity["month"].notna()]
    return np.repeat(
        part["deaths_best"].to_numpy(dtype="int64"), part["events"].to_numpy(dtype="int64")
    )


def shape(
    severity: pd.DataFrame,
    spans: list[tuple[int, int]],
    generator: np.random.Generator,
    start: int = 5,
) -> pd.DataFrame:
    """Return by span: events, mean deaths, shares of events with at least so many dead, the share of the dead in the worst
    twentieth of events, and the exponent of a power law from ``start`` dead on with its interval."""
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
