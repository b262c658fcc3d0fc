"""Shares of counts and how they change, when what is counted may come in clusters.

Draws that are independent are binomial. Where they come in clusters a measured ``inflation``
(:func:`helpers.stats.shares.beta_binomial.share_inflation`) makes the counts worth as many times
fewer (a design effect), and its degrees of freedom make the interval Student's. That of *counts*
(:mod:`helpers.stats.counts.inflation`) is another number: months in which everything doubles move
the counts and leave the share.
"""

import math

from helpers.base.errors import InputError
from helpers.stats.checks import count, level_of
from helpers.stats.counts.inflation import Inflation, as_inflation
from helpers.stats.estimate import Estimate

WIDEST, FAR = 40.0, 1e9  # logarithm of a ratio that no counts reach, and a distance beyond them


def proportion(
    part: float, whole: float, *, inflation: float | Inflation = 1, level: float = 0.95
) -> Estimate:
    """Return a share of a count with Wilson's interval, as in statsmodels.

    Parameters
    ----------
    part, whole : float
        Whole numbers of at least 0, the whole above 0 and the part no more than it.
    inflation : float or Inflation
        Variance over that of independent draws; 1 where what is counted comes singly.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        ``part / whole``, from 0 to 1; ``n`` is the whole.

    Raises
    ------
    InputError
        When a count is none, the whole is 0 or less than the part, or the inflation is not above 0.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference.
    Kish (1965), Survey Sampling (design effect).

    Examples
    --------
    >>> found = proportion(30, 100)
    >>> found.value, round(found.low, 3), round(found.high, 3)
    (0.3, 0.219, 0.396)

    Counts that come in fours are worth a quarter as many.

    >>> wider, quarter = proportion(40, 100, inflation=4), proportion(10, 25)
    >>> (wider.low, wider.high) == (quarter.low, quarter.high)
    True
    """
    from statsmodels.stats.proportion import proportion_confint

    a, n = _counted(part, whole, "the part", "the whole")
    phi = as_inflation(inflation)
    alpha = _alpha(phi, level)
    low, high = proportion_confint(a / phi.value, n / phi.value, alpha, method="wilson")
    name = f"share, Wilson{phi.said}"
    return Estimate(a / n, max(float(low), 0.0), min(float(high), 1.0), None, int(n), name, level)


def share_ratio(
    part: float,
    whole: float,
    earlier_part: float,
    earlier_whole: float,
    *,
    inflation: float | Inflation = 1,
    level: float = 0.95,
) -> Estimate:
    """Return a later share as a multiple of an earlier one.

    The interval inverts the score test of two binomials (Koopman), as in statsmodels. One that
    takes the part for a Poisson count given the whole is too wide, by the root of 1 - share.

    Parameters
    ----------
    part, whole, earlier_part, earlier_whole : float
        Whole numbers of at least 0, each whole above 0 and each part no more than it; of the
        parts at least one above 0.
    inflation : float or Inflation
        Variance over that of independent draws; 1 where what is counted comes singly.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        The ratio, without unit, infinite for an earlier share of 0; ``n`` is the sum of the wholes.

    Raises
    ------
    InputError
        When a count is none, a part is more than its whole, a whole or both parts are 0, or the
        inflation is not above 0.

    References
    ----------
    Koopman (1984), Confidence intervals for the ratio of two binomial proportions.

    Examples
    --------
    >>> found = share_ratio(40, 100, 20, 100)
    >>> found.value, round(found.low, 2), round(found.high, 2), round(found.p, 4)
    (2.0, 1.28, 3.18, 0.002)

    Where deaths come in fours the same counts show nothing.

    >>> round(share_ratio(40, 100, 20, 100, inflation=4).p, 2)
    0.12
    """
    a, n = _counted(part, whole, "the later part", "the later whole")
    b, m = _counted(earlier_part, earlier_whole, "the earlier part", "the earlier whole")
    if a + b == 0:
        raise InputError("both parts are 0: the ratio of their shares is not defined")
    phi = as_inflation(inflation)
    z = phi.reach(level_of(level)) / math.sqrt(phi.value)
    fewer = (a / phi.value, n / phi.value, b / phi.value, m / phi.value)
    low, high = _koopman(*fewer, z)
    value = a / n / (b / m) if b else math.inf
    p = _chance(phi, a, n, b, m)
    return Estimate(value, low, high, p, int(n + m), f"ratio of shares, score{phi.said}", level)


def share_change(
    part: float,
    whole: float,
    earlier_part: float,
    earlier_whole: float,
    *,
    inflation: float | Inflation = 1,
    level: float = 0.95,
) -> Estimate:
    """Return a later share less an earlier one.

    The interval combines Wilson's intervals of the two shares (Newcombe's method 10); the p-value
    is that of the score test, as for :func:`share_ratio`.

    Parameters
    ----------
    part, whole, earlier_part, earlier_whole : float
        Whole numbers of at least 0, each whole above 0 and each part no more than it.
    inflation : float or Inflation
        Variance over that of independent draws; 1 where what is counted comes singly.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        From -1 to 1, in shares; ``n`` is the sum of the wholes.

    Raises
    ------
    InputError
        When a count is none, a part is more than its whole, a whole is 0, or the inflation is not
        above 0.

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions.

    Examples
    --------
    >>> found = share_change(56, 70, 48, 80)
    >>> round(found.value, 2), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    later = proportion(part, whole, inflation=inflation, level=level)
    earlier = proportion(earlier_part, earlier_whole, inflation=inflation, level=level)
    value, phi = later.value - earlier.value, as_inflation(inflation)
    low, high = (
        value + side * math.hypot(one - later.value, other - earlier.value)
        for side, one, other in (
            (-1, later.low or 0.0, earlier.high or 0.0),
            (1, later.high or 0.0, earlier.low or 0.0),
        )
    )
    p = _chance(phi, part, whole, earlier_part, earlier_whole)
    n, name = later.n + earlier.n, f"change of shares, Newcombe{phi.said}"
    return Estimate(value, low, high, p, n, name, level)


def _counted(part: float, whole: float, of: str, all_of: str) -> tuple[float, float]:
    """Return a part and a whole as floats, refused where one is no part of the other."""
    a, n = count(part, of), count(whole, all_of)
    if n == 0 or a > n:
        raise InputError(f"{of} is {part} and {all_of} {whole}: expected a part of a whole above 0")
    return a, n


def _alpha(phi: Inflation, level: float) -> float:
    """Return the chance beyond a normal quantile that equals that of the inflation."""
    from scipy.stats import norm

    return float(2 * norm.sf(phi.reach(level_of(level)) / math.sqrt(phi.value)))


def _chance(phi: Inflation, a: float, n: float, b: float, m: float) -> float | None:
    """Return the p-value of equal shares by the pooled score, None where both are 0 or 1."""
    pooled = (a + b) / (n + m)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return phi.chance((a / n - b / m) / error) if error else None


def _koopman(a: float, n: float, b: float, m: float, z: float) -> tuple[float, float]:
    """Return the ratios of two shares that a score test of quantile z just does not reject."""
    from scipy.optimize import brentq

    def distance(log: float) -> float:
        ratio = math.exp(log)
        # The restricted share of the earlier sample solves a quadratic (Miettinen and Nurminen).
        square, linear = ratio * (n + m), ratio * n + a + m + b * ratio
        root = math.sqrt(max(linear**2 - 4 * square * (a + b), 0.0))
        q = 2 * (a + b) / (linear + root)
        p = min(ratio * q, 1.0)
        error = math.sqrt(p * (1 - p) / n + ratio**2 * q * (1 - q) / m)
        apart = a / n - ratio * b / m
        return apart / error if error else math.copysign(FAR, apart)

    low = float(brentq(lambda log: distance(log) - z, -WIDEST, WIDEST)) if a else -math.inf
    high = float(brentq(lambda log: distance(log) + z, -WIDEST, WIDEST)) if b else math.inf
    return math.exp(low), math.exp(high)
