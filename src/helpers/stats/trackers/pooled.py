"""What the pooled series says: months, ratios, shares, and the coverage of each tracker."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.estimate import Estimate
from helpers.stats.trackers.fit import Fit
from helpers.stats.trackers.quantities import FAMILY, QUANTITIES

METHOD = "measurement model of trackers"
BANDS = (95, 80, 50)


def totals(
    fit: Fit, quantity: str, months: Sequence[pd.Period], units: Sequence[str] = ()
) -> np.ndarray:
    """Return draws of what happened over some months.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    quantity : str
        One of :data:`~helpers.stats.trackers.quantities.QUANTITIES` whose components were fitted.
    months : sequence of pandas.Period
        Months of the series.
    units : sequence of str, optional
        Parts of the country; all of them where none is named.

    Returns
    -------
    numpy.ndarray of float, shape (n_draws,)
        On the scale of the anchor: what it would have counted at its mean coverage.

    Raises
    ------
    InputError
        An unknown quantity, unit or month.
    """
    design = fit.design
    if quantity not in QUANTITIES:
        raise InputError(
            f"the quantity '{quantity}' is unknown{did_you_mean(quantity, QUANTITIES)}"
        )
    missing = [part for part in QUANTITIES[quantity] if part not in design.components]
    if missing:
        raise InputError(f"no figure holds '{missing[0]}', so '{quantity}' is not known")
    outside = [month for month in months if month not in design.months]
    if outside or not len(months):
        raise InputError(
            f"{outside[0] if outside else 'no month'} is asked of a series from "
            f"{design.months[0]} to {design.months[-1]}"
        )
    wrong = [unit for unit in units if unit not in design.units]
    if wrong:
        raise InputError(f"'{wrong[0]}' is none of the units {', '.join(design.units)}")
    parts = [design.components.index(part) for part in QUANTITIES[quantity]]
    places = [design.units.index(unit) for unit in units or design.units]
    when = [design.months.get_loc(month) for month in months]
    return fit.draws["intensity"][..., when][:, parts][:, :, places].sum(axis=(1, 2, 3))


def year(number: int) -> pd.PeriodIndex:
    """Return the months of a year.

    Parameters
    ----------
    number : int
        The year.

    Returns
    -------
    pandas.PeriodIndex, shape (12,)

    Examples
    --------
    >>> str(year(2024)[-1])
    '2024-12'
    """
    return pd.period_range(f"{number}-01", f"{number}-12", freq="M")


def ratio(
    fit: Fit,
    quantity: str,
    after: Sequence[pd.Period],
    before: Sequence[pd.Period],
    *,
    per: str = "",
    units: Sequence[str] = (),
) -> Estimate:
    """Return how many times a quantity of some months is that of others.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    quantity : str
        What is counted.
    after, before : sequence of pandas.Period
        The months that are compared.
    per : str, optional
        A quantity by which both are divided first: dead per attack.
    units : sequence of str, optional
        Parts of the country.

    Returns
    -------
    Estimate
        Median of the posterior, and its interval of 95 %.
    """
    later, earlier = (totals(fit, quantity, months, units) for months in (after, before))
    if per:
        later = later / totals(fit, per, after, units)
        earlier = earlier / totals(fit, per, before, units)
    return summed(later / earlier, len(fit.design.value))


def share(
    fit: Fit,
    part: str,
    whole: str,
    months: Sequence[pd.Period],
    *,
    units: Sequence[str] = (),
) -> Estimate:
    """Return the share of a quantity that is another, or that falls in some units.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    part, whole : str
        The quantities; the same where the share is one of units.
    months : sequence of pandas.Period
        The months.
    units : sequence of str, optional
        Units of ``part``; ``whole`` is that of the whole country where both quantities are one, and
        of the same units else.

    Returns
    -------
    Estimate
        From 0 to 1.
    """
    inside = totals(fit, part, months, units)
    return summed(
        inside / totals(fit, whole, months, () if part == whole else units), len(fit.design.value)
    )


def coverage_ratio(fit: Fit, source: str, quantity: str, after: int, before: int) -> Estimate:
    """Return by how much a tracker's net for a quantity widened from one year to another.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    source, quantity : str
        The tracker, and what it prints.
    after, before : int
        The years.

    Returns
    -------
    Estimate
        Above one where it saw a larger part of the same violence.

    Raises
    ------
    InputError
        When the tracker has no figure of the kind in one of the years.
    """
    at = _covered(fit, source, quantity)
    known = dict(zip(fit.design.years, fit.design.covered[fit.design.net_of_level[at]]))
    for one in (after, before):
        if not known.get(one, False):
            raise InputError(
                f"no figure of {source} tells of its net for {quantity} in {one}; it has "
                f"{', '.join(str(year) for year, told in known.items() if told)}"
            )
    later, earlier = (fit.design.years.index(one) for one in (after, before))
    draws = fit.draws["coverage"][:, at, :]
    return summed(np.exp(draws[:, later] - draws[:, earlier]), len(fit.design.value))


def coverage(fit: Fit) -> pd.DataFrame:
    """Tabulate the coverage of each tracker and quantity by year.

    Parameters
    ----------
    fit : Fit
        The pooled series.

    Returns
    -------
    pandas.DataFrame, one row a source, quantity and year with a figure of its family
        ``source``, ``quantity``, ``family``, ``year``, ``coverage`` with ``low`` and ``high``
        (95 %): what the source counts of what the anchor would at its mean coverage.
    """
    rows = []
    for place, (source, quantity) in enumerate(fit.design.levels):
        net = fit.design.net_of_level[place]
        draws = np.exp(fit.draws["coverage"][:, place])
        low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975], axis=0)
        rows += [
            (source, quantity, FAMILY[quantity], one, middle[at], low[at], high[at])
            for at, one in enumerate(fit.design.years)
            if fit.design.covered[net, at]
        ]
    names = ["source", "quantity", "family", "year", "coverage", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def monthly(fit: Fit, quantity: str, units: Sequence[str] = (), per: str = "") -> pd.DataFrame:
    """Tabulate the pooled series of a quantity with its uncertainty.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    quantity : str
        What is counted.
    units : sequence of str, optional
        Parts of the country; all of them together where none is named.
    per : str, optional
        A quantity by which it is divided.

    Returns
    -------
    pandas.DataFrame, one row a month
        ``month`` (timestamp), ``median``, and ``low_95``, ``high_95`` and so on for the intervals
        of :data:`BANDS`.
    """
    rows = []
    for month in fit.design.months:
        draws = totals(fit, quantity, [month], units)
        if per:
            draws = draws / totals(fit, per, [month], units)
        ends = {
            f"{end}_{band}": np.quantile(draws, 0.5 + side * band / 200)
            for band in BANDS
            for end, side in (("low", -1), ("high", 1))
        }
        rows.append({"month": month.to_timestamp(), "median": np.median(draws), **ends})
    return pd.DataFrame(rows)


def summed(draws: np.ndarray, n: int) -> Estimate:
    """Return the median of draws with the interval that holds 95 % of them.

    Parameters
    ----------
    draws : numpy.ndarray of float, shape (n_draws,)
        Draws of a quantity.
    n : int
        Number of figures behind it.

    Returns
    -------
    Estimate

    Examples
    --------
    >>> found = summed(np.arange(101.0), 12)
    >>> found.low, found.value, found.high
    (2.5, 50.0, 97.5)
    """
    low, middle, high = (float(one) for one in np.quantile(draws, [0.025, 0.5, 0.975]))
    return Estimate(middle, low, high, n=n, method=METHOD)


def _covered(fit: Fit, source: str, quantity: str) -> int:
    pair = (source, quantity)
    if pair not in fit.design.levels:
        raise InputError(f"'{source}' has no figure of '{quantity}' in the pooled series")
    return fit.design.levels.index(pair)
