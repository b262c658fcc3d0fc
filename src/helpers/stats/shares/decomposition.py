"""Growth of deaths as growth of incidents times growth of deaths per incident."""

import math
from dataclasses import dataclass

from helpers.base.errors import InputError
from helpers.stats.checks import count
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.estimate import Estimate


@dataclass(frozen=True)
class Growth:
    """The log decomposition of growth between two periods.

    Changes are in percent. ``lethality`` is deaths per incident. The shares add up to 1; they lie
    outside 0 and 1 when incidents and lethality moved apart, and are ``None`` when deaths did not change.
    """

    deaths_change_pct: float
    incidents_change_pct: float
    lethality_before: float
    lethality_after: float
    lethality_ratio: Estimate
    share_incidents: float | None
    share_lethality: float | None


def decompose(
    deaths_before: float,
    incidents_before: float,
    deaths_after: float,
    incidents_after: float,
    *,
    inflation: float = 1,
    level: float = 0.95,
) -> Growth:
    """Split ``ln(deaths ratio)`` into ``ln(incidents ratio)`` plus ``ln(lethality ratio)``.

    The interval of the lethality ratio takes incidents as given and deaths as a compound Poisson sum
    with variance ``inflation`` times the mean (see :func:`helpers.stats.counts.dispersion.compound_inflation`).
    Counts must be above 0.
    """
    names = ("deaths before", "incidents before", "deaths after", "incidents after")
    given = (deaths_before, incidents_before, deaths_after, incidents_after)
    d0, n0, d1, n1 = (count(value, name) for value, name in zip(given, names))
    if min(d0, n0, d1, n1) == 0:
        raise InputError(
            f"{names[(d0, n0, d1, n1).index(0)]} is 0: growth in logarithms is not defined"
        )
    deaths, incidents = math.log(d1 / d0), math.log(n1 / n0)
    share = incidents / deaths if deaths else None
    ratio = rate_ratio(d1, d0, n1, n0, method="wald", inflation=inflation, level=level)
    return Growth(
        100 * (d1 / d0 - 1),
        100 * (n1 / n0 - 1),
        d0 / n0,
        d1 / n1,
        ratio,
        share,
        1 - share if share is not None else None,
    )
