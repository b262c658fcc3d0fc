"""Is an effect too small to matter? Two one-sided tests (Schuirmann 1987).

That no difference was found is not that there is none. Equivalence is shown when the effect is found to lie above the lower
margin and below the upper one, each by a one-sided test; the larger of the two p-values counts.
"""

import math
from dataclasses import dataclass

from helpers.base.errors import InputError
from helpers.stats.checks import count, positive
from helpers.stats.estimate import Estimate


@dataclass(frozen=True)
class Equivalence:
    """``p`` of the two one-sided tests that a ratio lies between 1 / ``margin`` and ``margin``; ``equivalent`` at ``alpha``."""

    p: float
    equivalent: bool
    margin: float
    alpha: float
    n: int
    method: str


def equivalence(estimate: Estimate, margin: float = 1.25, *, alpha: float = 0.05) -> Equivalence:
    """Test whether a ratio lies within ``margin``, from its estimate and interval.

    The interval's width gives the standard error of the logarithm (normal reference, as most intervals of ratios
    nearly have). Raises :class:`InputError` for an estimate without a finite interval above 0.
    """
    from scipy.stats import norm

    if (
        estimate.low is None
        or estimate.high is None
        or not 0 < estimate.low <= estimate.high < math.inf
    ):
        raise InputError(
            f"the ratio has the interval {estimate.low} to {estimate.high}: expected two finite ends above 0"
        )
    error = math.log(estimate.high / estimate.low) / (2 * norm.ppf(0.5 + estimate.level / 2))
    middle = math.log(estimate.low * estimate.high) / 2
    reach = math.log(_margin(margin))
    if error == 0:
        return _result(
            0.0 if abs(middle) < reach else 1.0, margin, alpha, estimate.n, estimate.method
        )
    p = max(norm.sf((middle + reach) / error), norm.cdf((middle - reach) / error))
    return _result(float(p), margin, alpha, estimate.n, estimate.method)


def equivalence_of_rates(
    after: float,
    before: float,
    exposure_after: float = 1,
    exposure_before: float = 1,
    *,
    margin: float = 1.25,
    inflation: float = 1,
    alpha: float = 0.05,
) -> Equivalence:
    """Test whether the ratio of two rates lies within ``margin``, by score tests at its ends.

    Arguments as in :func:`helpers.stats.counts.rates.rate_ratio`; without inflation as statsmodels' ``tost_poisson_2indep``.
    """
    from scipy.stats import norm

    a, b = count(after, "the later count"), count(before, "the earlier count")
    ea, eb = (
        positive(exposure_after, "the later exposure"),
        positive(exposure_before, "the earlier exposure"),
    )
    phi, top = positive(inflation, "the variance inflation"), _margin(margin)
    if a + b == 0:
        raise InputError("both counts are 0: their ratio is not defined")
    scores = [
        (a - null * ea / eb * b) / math.sqrt(phi * null * ea / eb * (a + b))
        for null in (1 / top, top)
    ]
    p = float(max(norm.sf(scores[0]), norm.cdf(scores[1])))
    return _result(p, margin, alpha, int(a + b), f"score, variance inflation {phi:g}")


def _margin(margin: float) -> float:
    if not 1 < positive(margin, "the margin") < math.inf:
        raise InputError(
            f"the margin is {margin}: expected a ratio above 1, such as 1.25 for a quarter more or a fifth less"
        )
    return float(margin)


def _result(p: float, margin: float, alpha: float, n: int, method: str) -> Equivalence:
    return Equivalence(
        p,
        p <= alpha,
        margin,
        alpha,
        n,
        f"two one-sided tests within a ratio of {margin:g}; {method}",
    )
