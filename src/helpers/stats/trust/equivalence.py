"""Is an effect too small to matter? Two one-sided tests (Schuirmann 1987).

That no difference was found is not that there is none. Equivalence is shown when the effect is
found to lie above the lower margin and below the upper one, each by a one-sided test; the larger of
the two p-values counts.
"""

import math
from dataclasses import dataclass

from helpers.base.errors import InputError
from helpers.stats.checks import count, positive
from helpers.stats.estimate import Estimate


@dataclass(frozen=True)
class Equivalence:
    """Whether a ratio lies between 1 / ``margin`` and ``margin``.

    Attributes
    ----------
    p : float
        Larger p-value of the two one-sided tests.
    equivalent : bool
        Whether it is at most ``alpha``.
    margin : float
        Largest ratio that is too small to matter, above 1.
    alpha : float
        Level of each test.
    n : int
        Observations, or counts, behind it.
    method : str
        How it was made.
    """

    p: float
    equivalent: bool
    margin: float
    alpha: float
    n: int
    method: str


def equivalence(estimate: Estimate, margin: float = 1.25, *, alpha: float = 0.05) -> Equivalence:
    """Test whether a ratio lies within a margin, from its interval.

    The interval's width gives the standard error of the logarithm (normal reference, as most
    intervals of ratios nearly have).

    Parameters
    ----------
    estimate : Estimate
        A ratio with two finite ends above 0.
    margin : float, default 1.25
        Largest ratio that is too small to matter: 1.25 is a quarter more or a fifth less.
    alpha : float, default 0.05
        Level of each one-sided test.

    Returns
    -------
    Equivalence

    Raises
    ------
    InputError
        The estimate has no such interval, or the margin is not above 1.

    References
    ----------
    * Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach
      for assessing the equivalence of average bioavailability.
    * Lakens (2017), Equivalence tests: a practical primer for t tests, correlations, and
      meta-analyses.

    Examples
    --------
    A 90 % interval that just fills the margin is where p is 5 %; a narrower one lies within.

    >>> round(equivalence(Estimate(1.0, 0.8, 1.25, level=0.9), margin=1.25).p, 6)
    0.05
    >>> equivalence(Estimate(1.0, 0.9, 1.11, level=0.9), margin=1.25).equivalent
    True
    """
    from scipy.stats import norm

    if (
        estimate.low is None
        or estimate.high is None
        or not 0 < estimate.low <= estimate.high < math.inf
    ):
        raise InputError(
            f"the ratio has the interval {estimate.low} to {estimate.high}: "
            "expected two finite ends above 0"
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
    """Test whether the ratio of two rates lies within a margin, by score tests at its ends.

    Without inflation it is statsmodels' ``tost_poisson_2indep``. Arguments as in
    :func:`helpers.stats.counts.rates.rate_ratio`.

    Parameters
    ----------
    after, before : float
        Whole counts of the later and the earlier span.
    exposure_after, exposure_before : float, default 1
        Lengths of the spans, in any one unit.
    margin : float, default 1.25
        Largest ratio that is too small to matter.
    inflation : float, default 1
        Variance of the counts over their mean; 1 for Poisson counts.
    alpha : float, default 0.05
        Level of each one-sided test.

    Returns
    -------
    Equivalence

    Raises
    ------
    InputError
        A count is no whole number of at least 0, both are 0, an exposure or the inflation is not
        above 0, or the margin is not above 1.

    References
    ----------
    * Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach
      for assessing the equivalence of average bioavailability.

    Examples
    --------
    Equal counts of 250: each score is 0.25 * 250 / sqrt(1.25 * 500) = 2.5 standard errors from its
    margin, beyond which a normal tail holds 0.62 %.

    >>> found = equivalence_of_rates(250, 250)
    >>> round(found.p, 4), found.equivalent
    (0.0062, True)
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
            f"the margin is {margin}: expected a ratio above 1, "
            "such as 1.25 for a quarter more or a fifth less"
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
