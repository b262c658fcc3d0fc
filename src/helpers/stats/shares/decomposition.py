"""Growth of deaths as growth of incidents times growth of deaths per incident."""

import math
from dataclasses import dataclass

from helpers.base.errors import InputError
from helpers.stats.checks import count
from helpers.stats.counts.inflation import Inflation
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.estimate import Estimate


@dataclass(frozen=True)
class Growth:
    """The log decomposition of growth in deaths between two periods.

    Attributes
    ----------
    deaths_change_pct, incidents_change_pct : float
        Changes in percent of the earlier count.
    lethality_before, lethality_after : float
        Deaths an incident.
    lethality_ratio : Estimate
        Later over earlier lethality, without unit.
    share_incidents, share_lethality : float or None
        Shares of the growth in logarithms, which add up to 1. They lie outside 0 and 1 when
        incidents and lethality moved apart, and are None when deaths did not change.
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
    inflation: float | Inflation = 1,
    level: float = 0.95,
) -> Growth:
    """Split ``ln(deaths ratio)`` into ``ln(incidents ratio)`` plus ``ln(lethality ratio)``.

    The interval of the lethality ratio takes incidents as given and deaths as a compound Poisson
    sum.

    Parameters
    ----------
    deaths_before, incidents_before, deaths_after, incidents_after : float
        Counts of the two periods, whole numbers above 0.
    inflation : float or Inflation
        Variance of the deaths over their mean, given the incidents: measured by months (with
        ``exposures``, :func:`helpers.stats.counts.inflation.months_inflation`) or by events
        (:func:`helpers.stats.counts.dispersion.compound_inflation`), 1 for Poisson.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Growth
        Changes, lethalities and shares.

    Raises
    ------
    InputError
        When a count is 0 or none, or the inflation is not above 0.

    Examples
    --------
    Deaths tripled: twice the incidents, each 1.5 times as deadly. ln 2 / ln 3 is 0.63.

    >>> found = decompose(100, 50, 300, 100)
    >>> found.lethality_before, found.lethality_after, found.lethality_ratio.value
    (2.0, 3.0, 1.5)
    >>> round(found.share_incidents, 2), round(found.share_lethality, 2)
    (0.63, 0.37)
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
