"""Ratios of two rates: exact, score, and with a stated variance inflation."""

import math
from typing import Literal

import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import count, counts, level_of, positive
from helpers.stats.counts.dispersion import dispersion, pooled_autocorrelation
from helpers.stats.estimate import Estimate

Method = Literal["score", "exact", "midp", "wald"]


def rate_ratio(
    after: float,
    before: float,
    exposure_after: float = 1,
    exposure_before: float = 1,
    *,
    method: Method = "score",
    inflation: float = 1,
    level: float = 0.95,
) -> Estimate:
    """Return (after / exposure_after) / (before / exposure_before) with an interval and a two-sided p-value.

    ``score`` inverts the score test (Gu, Ng, Tang and Schucany 2008, as in statsmodels), ``exact``
    conditions on the sum and inverts the binomial test (Clopper and Pearson 1934; as R's
    ``poisson.test``), ``midp`` does so with half the chance of what was seen (as R's
    ``epitools::rateratio.midp``), ``wald`` uses the normal approximation of the log ratio.

    ``inflation`` is the ratio of variance to mean, 1 for a Poisson count. Above 1 counts are
    worth fewer: ``wald`` and ``score`` widen the standard error by its root (McCullagh and Nelder
    1989, 4.5). ``exact`` and ``midp`` have no such form and refuse it.
    A second count of 0 gives an infinite ratio with a finite lower bound; two zeros are refused.
    """
    a, b = count(after, "the later count"), count(before, "the earlier count")
    ea, eb = (
        positive(exposure_after, "the later exposure"),
        positive(exposure_before, "the earlier exposure"),
    )
    phi = positive(inflation, "the variance inflation")
    if a + b == 0:
        raise InputError("both counts are 0: their ratio is not defined")
    warnings = () if b else ("the earlier count is 0, so the ratio has no upper bound",)
    value = a / ea / (b / eb) if b else math.inf
    ends = {"score": _score, "exact": _exact, "midp": _midp, "wald": _wald}
    if method not in ends:
        raise InputError(f"method is '{method}': expected one of {', '.join(ends)}")
    low, high, p = ends[method](a, b, ea, eb, phi, level_of(level))
    name = f"rate ratio, {method}" + (f", variance inflation {phi:g}" if phi != 1 else "")
    return Estimate(value, low, high, p, int(a + b), name, level, warnings)


def ratio_of_ratios(
    after: float,
    before: float,
    other_after: float,
    other_before: float,
    *,
    inflation: float = 1,
    level: float = 0.95,
) -> Estimate:
    """Return (after / before) / (other_after / other_before), all four counts above 0, by the normal approximation of its logarithm.

    Its variance is ``inflation`` times the sum of the reciprocals of the counts (delta method).
    """
    from scipy.stats import norm

    names = (
        "the later count",
        "the earlier count",
        "the other later count",
        "the other earlier count",
    )
    given = [
        count(value, name) for value, name in zip((after, before, other_after, other_before), names)
    ]
    if min(given) == 0:
        raise InputError(f"{names[given.index(0)]} is 0: the ratio of two changes has no interval")
    phi = positive(inflation, "the variance inflation")
    log, error = (
        math.log(given[0] / given[1] / (given[2] / given[3])),
        math.sqrt(phi * sum(1 / value for value in given)),
    )
    reach = norm.ppf(0.5 + level_of(level) / 2) * error
    return Estimate(
        math.exp(log),
        math.exp(log - reach),
        math.exp(log + reach),
        float(2 * norm.sf(abs(log) / error)),
        int(sum(given)),
        f"ratio of two changes, variance inflation {phi:g}",
        level,
    )


def _exact(
    a: float, b: float, ea: float, eb: float, phi: float, level: float
) -> tuple[float, float, float]:
    from scipy.stats import binomtest

    _poisson_only(phi)
    test = binomtest(int(a), int(a + b), ea / (ea + eb))
    ends = test.proportion_ci(level, method="exact")
    low, high = (
        end / (1 - end) * eb / ea if end < 1 else math.inf for end in (ends.low, ends.high)
    )
    return float(low), float(high), float(test.pvalue)


def _midp(
    a: float, b: float, ea: float, eb: float, phi: float, level: float
) -> tuple[float, float, float]:
    from scipy.optimize import brentq
    from scipy.stats import binom

    _poisson_only(phi)
    n, tail = a + b, (1 - level) / 2

    def below(share: float) -> float:
        return float(binom.cdf(a, n, share) - binom.pmf(a, n, share) / 2)

    def end(
        chance: float,
    ) -> float:  # the search is over ln(odds): shares of huge counts lie close together
        root = brentq(lambda log: below(1 / (1 + math.exp(-log))) - chance, -50, 50, xtol=1e-12)
        return math.exp(root) * eb / ea

    lower = below(ea / (ea + eb))
    return (
        end(1 - tail) if a else 0.0,
        end(tail) if b else math.inf,
        min(1.0, 2 * min(lower, 1 - lower)),
    )


def _poisson_only(phi: float) -> None:
    if phi != 1:
        raise InputError(
            "exact and mid-p intervals are for Poisson counts; use 'score' or 'wald' with an inflation"
        )


def _score(
    a: float, b: float, ea: float, eb: float, phi: float, level: float
) -> tuple[float, float, float]:
    """Solve (a - r b)^2 = phi z^2 r (a + b) for the ratio r of unit rates; it has roots where a count is 0 too."""
    from scipy.stats import norm

    reach = phi * norm.ppf(0.5 + level / 2) ** 2 * (a + b)
    twice = 2 * a * b + reach + math.sqrt(reach * (4 * a * b + reach))
    low, high = 2 * a * a / twice, twice / (2 * b * b) if b else math.inf
    null = ea / eb
    z = (a - null * b) / math.sqrt(phi * null * (a + b))
    return low / null, high / null, float(2 * norm.sf(abs(z)))


def _wald(
    a: float, b: float, ea: float, eb: float, phi: float, level: float
) -> tuple[float, float, float]:
    from scipy.stats import norm

    if min(a, b) == 0:
        raise InputError(
            "a count is 0: the log ratio has no standard error; use method 'score' or 'exact'"
        )
    log, error = math.log(a / ea / (b / eb)), math.sqrt(phi * (1 / a + 1 / b))
    reach = norm.ppf(0.5 + level / 2) * error
    return math.exp(log - reach), math.exp(log + reach), float(2 * norm.sf(abs(log) / error))


def series_ratio(
    after: pd.Series, before: pd.Series, level: float = 0.95, *, carry: bool = False
) -> Estimate:
    """Return the ratio of the means of two series of counts by quasi-Poisson.

    The dispersion is Pearson's chi-square over its degrees of freedom within the two series, the
    reference Student's t with as many (McCullagh and Nelder 1989, 4.5). At least two observations in each.

    This allows for variance above the mean, not for dependence between neighbouring months. ``carry=True``
    allows for that too: the dispersion is that of a sum (see :func:`helpers.stats.counts.dispersion.dispersion`), with fewer degrees of
    freedom, n (1 - rho^2) / (1 + rho^2) (Bartlett 1935). It takes each series in order of time.
    """
    from scipy.stats import t

    later, earlier = counts(after, "the later series", 2), counts(before, "the earlier series", 2)
    if later.sum() == 0 or earlier.sum() == 0:
        raise InputError(
            "a series holds only zeros: the ratio of its mean has no interval by this method"
        )
    n, phi = len(later) + len(earlier), dispersion(later, earlier, carry=carry)
    rho = pooled_autocorrelation(later, earlier) if carry else 0.0
    degrees = max((n - 2) * (1 - rho**2) / (1 + rho**2), 1.0)
    log = math.log(later.mean() / earlier.mean())
    error = math.sqrt(phi * (1 / later.sum() + 1 / earlier.sum()))
    if error == 0:
        return Estimate(
            math.exp(log),
            math.exp(log),
            math.exp(log),
            None,
            n,
            "quasi-Poisson ratio",
            level,
            ("no variation within the series: the interval has no width and there is no test",),
        )
    reach = t.ppf(0.5 + level_of(level) / 2, degrees) * error
    method = f"quasi-Poisson ratio, dispersion {phi:.3g}, t with {degrees:.3g} degrees of freedom"
    return Estimate(
        math.exp(log),
        math.exp(log - reach),
        math.exp(log + reach),
        float(2 * t.sf(abs(log) / error, degrees)),
        n,
        method + (f", autocorrelation {rho:.2f} carried" if carry else ""),
        level,
    )
