"""Growth of deaths split into more incidents and deadlier ones, in numbers of dead and with intervals from single events.

Shapley (1953) value of the two factors: each gets its change times the mean of the other before and after, and the two parts add
up to the growth exactly. The bootstrap resamples whole clusters of events (days, weeks, months) in each period.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import count, counts, generator_of, level_of
from helpers.stats.estimate import Estimate


def shapley(
    deaths_before: float, incidents_before: float, deaths_after: float, incidents_after: float
) -> tuple[float, float]:
    """Return the dead that more incidents and deadlier incidents account for; their sum is the growth of deaths.

    Raises :class:`InputError` when a period has no incidents: it has no deaths per incident.
    """
    given = {
        "deaths before": deaths_before,
        "incidents before": incidents_before,
        "deaths after": deaths_after,
        "incidents after": incidents_after,
    }
    d0, n0, d1, n1 = (count(value, name) for name, value in given.items())
    if min(n0, n1) == 0:
        raise InputError(
            f"{'incidents before' if n0 == 0 else 'incidents after'} is 0: deaths per incident are not defined"
        )
    more, deadlier = _parts(np.array([d0]), np.array([n0]), np.array([d1]), np.array([n1]))
    return float(more[0]), float(deadlier[0])


@dataclass(frozen=True)
class EventGrowth:
    """Growth between two sets of events: ``lethality_ratio``; ``from_incidents`` and ``from_lethality`` in dead (Shapley);
    ``share_incidents`` of the log growth (None when deaths did not change)."""

    lethality_ratio: Estimate
    from_incidents: Estimate
    from_lethality: Estimate
    share_incidents: Estimate | None


def event_growth(
    before: Iterable[float],
    after: Iterable[float],
    generator: np.random.Generator,
    *,
    clusters_before: Iterable | None = None,
    clusters_after: Iterable | None = None,
    draws: int = 1999,
    level: float = 0.95,
) -> EventGrowth:
    """Split the growth of deaths from their number in each event of two periods of equal length.

    ``clusters_…``: a label for each event (its day or month); without them events are drawn singly. Raises
    :class:`InputError` when a period has no deaths.
    """
    generator_of(generator)
    earlier, later = (
        _sums(*one)
        for one in ((before, clusters_before, "before"), (after, clusters_after, "after"))
    )
    seen = [part.sum(axis=0)[None] for part in (earlier, later)]
    drawn = [
        generator.multinomial(len(part), np.full(len(part), 1 / len(part)), size=draws) @ part
        for part in (earlier, later)
    ]
    usable = (
        (drawn[0][:, 1] > 0) & (drawn[1][:, 1] > 0) & (drawn[0][:, 0] > 0) & (drawn[1][:, 0] > 0)
    )
    values, sims = _all(*seen), _all(*(part[usable] for part in drawn))
    n, tail = int(seen[0][0, 1] + seen[1][0, 1]), 0.5 - level_of(level) / 2
    method = f"bootstrap of {len(earlier)} and {len(later)} clusters of events"

    def estimate(name: str) -> Estimate:
        low, high = np.quantile(sims[name], [tail, 1 - tail])
        return Estimate(float(values[name][0]), float(low), float(high), None, n, method, level)

    share = estimate("share") if np.isfinite(values["share"][0]) else None
    return EventGrowth(estimate("ratio"), estimate("more"), estimate("deadlier"), share)


def _sums(deaths: Iterable[float], clusters: Iterable | None, name: str) -> np.ndarray:
    """Return deaths and events by cluster (clusters by 2)."""
    values = counts(pd.Series(list(deaths)), f"the deaths {name}", 2)
    if values.sum() == 0:
        raise InputError(f"the events {name} hold no deaths: growth in logarithms is not defined")
    labels = (
        np.arange(len(values))
        if clusters is None
        else pd.factorize(np.asarray(list(clusters), dtype=object))[0]
    )
    if len(labels) != len(values) or (labels < 0).any():
        raise InputError(
            f"the events {name} need one cluster label each: {len(values)} events, {len(labels)} labels, none missing"
        )
    return np.column_stack([np.bincount(labels, weights=values), np.bincount(labels)])


def _parts(d0, n0, d1, n1) -> tuple[np.ndarray, np.ndarray]:
    before, after = d0 / n0, d1 / n1
    return (n1 - n0) * (before + after) / 2, (after - before) * (n0 + n1) / 2


def _all(earlier: np.ndarray, later: np.ndarray) -> dict[str, np.ndarray]:
    d0, n0, d1, n1 = *earlier.T, *later.T
    more, deadlier = _parts(d0, n0, d1, n1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.log(n1 / n0) / np.log(d1 / d0)
    return {"ratio": (d1 / n1) / (d0 / n0), "more": more, "deadlier": deadlier, "share": share}
