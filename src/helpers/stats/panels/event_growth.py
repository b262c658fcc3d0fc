"""Growth of deaths split into more incidents and deadlier ones, in numbers of dead.

Shapley (1953) value of the two factors: each gets its change times the mean of the other before and
after, and the two parts add up to the growth exactly. The intervals come from single events: the
bootstrap resamples whole clusters of them (days, weeks, months) in each period.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import count, counts, generator_of, level_of
from helpers.stats.estimate import Estimate


def shapley(
    deaths_before: float, incidents_before: float, deaths_after: float, incidents_after: float
) -> tuple[float, float]:
    """Return the dead that more incidents and deadlier incidents account for.

    Parameters
    ----------
    deaths_before, incidents_before, deaths_after, incidents_after : float
        Counts of the two periods, whole numbers of at least 0, incidents above 0.

    Returns
    -------
    more, deadlier : float
        Deaths; their sum is the growth of deaths.

    Raises
    ------
    InputError
        When a period has no incidents, and so no deaths an incident, or a count is none.

    References
    ----------
    Shapley (1953), A value for n-person games.

    Examples
    --------
    From 10 incidents with 2 dead each to 20 with 3: 10 more of 2.5 dead, and 15 deadlier by 1.

    >>> shapley(20, 10, 60, 20)
    (25.0, 15.0)
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
            f"{'incidents before' if n0 == 0 else 'incidents after'} is 0: "
            "deaths per incident are not defined"
        )
    more, deadlier = _parts(np.array([d0]), np.array([n0]), np.array([d1]), np.array([n1]))
    return float(more[0]), float(deadlier[0])


FEW_CLUSTERS = 12


@dataclass(frozen=True)
class EventGrowth:
    """Growth of deaths between two sets of events.

    Attributes
    ----------
    lethality_ratio : Estimate
        Later over earlier deaths an incident, without unit.
    from_incidents, from_lethality : Estimate
        Deaths that more incidents and deadlier incidents account for (Shapley).
    share_incidents : Estimate or None
        Share of incidents in the growth of the logarithm; None when deaths did not change.
    """

    lethality_ratio: Estimate
    from_incidents: Estimate
    from_lethality: Estimate
    share_incidents: Estimate | None


def event_growth(
    before: Iterable[float],
    after: Iterable[float],
    generator: np.random.Generator,
    *,
    clusters_before: Iterable[Hashable] | None = None,
    clusters_after: Iterable[Hashable] | None = None,
    draws: int = 1999,
    level: float = 0.95,
) -> EventGrowth:
    """Split the growth of deaths between two periods of equal length, event by event.

    Parameters
    ----------
    before, after : iterable of int
        Deaths of each event of the earlier and the later period, at least two events in each.
    generator : numpy.random.Generator
        Draws the bootstrap of clusters.
    clusters_before, clusters_after : iterable, optional
        A label for each event, its day or month: events of one label are drawn together. Without
        labels events are drawn singly.
    draws : int
        Number of bootstrap draws; those in which nobody dies are left out.
    level : float
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    EventGrowth
        The estimates, each with ``n`` events of both periods; a warning where a period has few
        clusters, of which the bootstrap makes too little spread.

    Raises
    ------
    InputError
        When a period has no deaths or fewer than two events, or labels are missing.

    References
    ----------
    Shapley (1953), A value for n-person games.

    Examples
    --------
    Twice as many events, all with 3 dead in place of 2: see :func:`shapley`.

    >>> import numpy as np
    >>> found = event_growth([2] * 10, [3] * 20, np.random.default_rng(1), draws=99)
    >>> found.from_incidents.value, found.from_lethality.value, found.lethality_ratio.value
    (25.0, 15.0, 1.5)
    """
    generator_of(generator)
    earlier = _sums(before, clusters_before, "before")
    later = _sums(after, clusters_after, "after")
    seen = [part.sum(axis=0)[None] for part in (earlier, later)]
    drawn = [
        generator.multinomial(len(part), np.full(len(part), 1 / len(part)), size=draws) @ part
        for part in (earlier, later)
    ]
    usable = (drawn[0] > 0).all(axis=1) & (drawn[1] > 0).all(axis=1)
    values, sims = _all(*seen), _all(*(part[usable] for part in drawn))
    n, tail = int(seen[0][0, 1] + seen[1][0, 1]), 0.5 - level_of(level) / 2
    method = f"bootstrap of {len(earlier)} and {len(later)} clusters of events"

    def estimate(name: str) -> Estimate:
        low, high = np.quantile(sims[name], [tail, 1 - tail])
        value, ends = float(values[name][0]), (float(low), float(high))
        return Estimate(value, *ends, None, n, method, level, _few(len(earlier), len(later)))

    share = estimate("share") if np.isfinite(values["share"][0]) else None
    return EventGrowth(estimate("ratio"), estimate("more"), estimate("deadlier"), share)


def _sums(deaths: Iterable[float], clusters: Iterable[Hashable] | None, name: str) -> np.ndarray:
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
            f"the events {name} need one cluster label each: {len(values)} events, "
            f"{len(labels)} labels, none missing"
        )
    return np.column_stack([np.bincount(labels, weights=values), np.bincount(labels)])


def _few(earlier: int, later: int) -> tuple[str, ...]:
    """Return what to say where a period has few clusters."""
    fewest = min(earlier, later)
    said = f"{fewest} clusters of events in one period are few: the intervals are too narrow"
    return (said,) if fewest < FEW_CLUSTERS else ()


def _parts(
    d0: np.ndarray, n0: np.ndarray, d1: np.ndarray, n1: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    before, after = d0 / n0, d1 / n1
    return (n1 - n0) * (before + after) / 2, (after - before) * (n0 + n1) / 2


def _all(earlier: np.ndarray, later: np.ndarray) -> dict[str, np.ndarray]:
    d0, n0, d1, n1 = *earlier.T, *later.T
    more, deadlier = _parts(d0, n0, d1, n1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.log(n1 / n0) / np.log(d1 / d0)
    return {"ratio": (d1 / n1) / (d0 / n0), "more": more, "deadlier": deadlier, "share": share}
