"""How sure one can be of a break's date: how the estimated date spreads about the true one."""

import numpy as np

from helpers.stats.checks import level_of

FARTHEST = 1e6  # scaled periods: no quantile lies beyond
UNEVEN = 1e3  # a regime that hardly varies counts as varying a thousandth as much as the other


def date_interval(
    after: int, change: float, variances: tuple[float, float], level: float = 0.95
) -> tuple[int, int]:
    """Return the confidence interval of a break's date.

    The variances may differ between the two sides (Bai and Perron 1998). Errors are taken as
    independent.

    Parameters
    ----------
    after : int
        Estimate: the number of periods in the old regime.
    change : float
        Squared jump of the mean at the break, above 0, in squared units of the outcome.
    variances : tuple of float, length 2
        Of the errors before and after the break, above 0, in the same units.
    level : float, default 0.95
        Coverage, between 0 and 1.

    Returns
    -------
    tuple of int, length 2
        Lowest and highest number of periods in the old regime. They may pass the ends of the
        series, which is for the caller to clip.

    References
    ----------
    * Bai (1997), Estimation of a change point in multiple regression models.
    * Bai and Perron (1998), Estimating and testing linear models with multiple structural changes.

    Examples
    --------
    With equal variances the 95 % interval reaches 11.03 variances over squared jumps to each side,
    rounded up to whole periods; a jump twice as large is dated four times as closely.

    >>> date_interval(50, change=1.0, variances=(1.0, 1.0))
    (38, 62)
    >>> date_interval(50, change=4.0, variances=(1.0, 1.0))
    (47, 53)
    """
    before, behind = (max(one, max(variances) / UNEVEN) for one in variances)
    ratio, tail = behind / before, (1 - level_of(level)) / 2
    # A late estimate means a break that came earlier. Each side mirrors the other.
    late, early = (
        _quantile(1 - tail, 1.0, ratio) * before,
        _quantile(1 - tail, 1.0, 1 / ratio) * behind,
    )
    return after - _periods(late / change), after + _periods(early / change)


def likely_dates(logs: np.ndarray, lasts: np.ndarray, level: float = 0.95) -> tuple[int, int]:
    """Return the span of the most likely dates, every date as likely as another beforehand.

    Parameters
    ----------
    logs : numpy.ndarray of float, shape (dates,)
        Log-likelihood of a break at each date, up to a constant.
    lasts : numpy.ndarray of int, shape (dates,)
        Number of periods in the old regime, by date, in rising order.
    level : float, default 0.95
        Probability that the most likely dates hold together, between 0 and 1.

    Returns
    -------
    tuple of int, length 2
        Lowest and highest number of periods in the old regime among these dates.

    Examples
    --------
    The dates with 60 and 30 of 100 chances hold nine in ten of them.

    >>> likely_dates(np.log([4.0, 60, 30, 6]), np.array([10, 11, 12, 13]), 0.9)
    (11, 12)
    """
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    order = np.argsort(-chances, kind="stable")
    reached = np.cumsum(chances[order]) >= level_of(level) - 1e-9
    kept = lasts[order[: int(reached.argmax()) + 1 if reached.any() else len(lasts)]]
    return int(kept.min()), int(kept.max())


def _periods(distance: float) -> int:
    return int(np.ceil(min(distance, FARTHEST)))


def _quantile(chance: float, xi: float, phi: float) -> float:
    """Return the distance by which the date errs to one side with ``1 - chance``.

    It is 0 when the date errs to that side less often than that.
    """
    from scipy.optimize import brentq

    if _below(1e-9, xi, phi) >= chance:
        return 0.0
    return float(brentq(lambda x: _below(x, xi, phi) - chance, 1e-9, FARTHEST))


def _below(x: float, xi: float, phi: float) -> float:
    """Return the chance that a two-sided random walk with drift has its maximum below ``x`` > 0.

    Bai (1997), appendix B.
    """
    from scipy.stats import norm

    root, share = np.sqrt(x), xi**2 / phi
    near = np.sqrt(share) * np.exp(np.log(x) / 2 - share * x / 8 - np.log(2 * np.pi) / 2)
    drift = (
        np.log(xi / phi * (2 * phi + xi) / (phi + xi))
        + (phi + xi) * x / 2
        + norm.logcdf(-(phi + xi / 2) / np.sqrt(phi) * root)
    )
    wide = (2 * phi + xi) ** 2 / ((phi + xi) * phi) - 2 + share * x / 2
    return float(1 + near + np.exp(drift) - wide * norm.cdf(-np.sqrt(share) * root / 2))
