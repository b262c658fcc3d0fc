"""How sure one can be of a break's date: the distribution of the estimated date about the true one (Bai 1997)."""

import numpy as np

FARTHEST = 1e6  # scaled periods: no quantile lies beyond
UNEVEN = 1e3  # a regime that hardly varies counts as varying a thousandth as much as the other


def date_interval(
    after: int, change: float, variances: tuple[float, float], level: float = 0.95
) -> tuple[int, int]:
    """Return the interval of a break, as numbers of periods in the old regime (``after`` is the estimate).

    ``change``: the squared jump of the mean function at the break, ``variances``: of the errors before and after it, both in
    squared units of the outcome. Bai (1997), with variances of their own on both sides (Bai and Perron 1998).
    """
    before, behind = (max(one, max(variances) / UNEVEN) for one in variances)
    ratio, tail = behind / before, (1 - level) / 2
    # An estimate that errs to late means a break that came earlier. Each side is the mirror image of the other.
    late, early = (
        _quantile(1 - tail, 1.0, ratio) * before,
        _quantile(1 - tail, 1.0, 1 / ratio) * behind,
    )
    return after - _periods(late / change), after + _periods(early / change)


def _periods(distance: float) -> int:
    return int(np.ceil(min(distance, FARTHEST)))


def _quantile(chance: float, xi: float, phi: float) -> float:
    """Return the distance that the date errs by to one side with ``1 - chance``; 0 when it seldom errs to that side."""
    from scipy.optimize import brentq

    if _below(1e-9, xi, phi) >= chance:
        return 0.0
    return float(brentq(lambda x: _below(x, xi, phi) - chance, 1e-9, FARTHEST))


def _below(x: float, xi: float, phi: float) -> float:
    """Return the chance that the maximum of the two-sided random walk with drift lies below ``x`` > 0 (Bai 1997, app. B)."""
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
