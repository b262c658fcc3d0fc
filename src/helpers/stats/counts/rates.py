"""Ratios of two rates: exact, score, and with a stated variance inflation."""

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import count, counts, level_of, positive
from helpers.stats.counts.dispersion import dispersion, sum_inflation
from helpers.stats.counts.history import two_spans
from helpers.stats.counts.inflation import Inflation, as_inflation
from helpers.stats.estimate import Estimate, exponentiated, wald_ratio

Method = Literal["score", "exact", "midp", "wald"]
FEW = 10  # a sum below it tells too little of its own variance, and its logarithm is not normal


def rate_ratio(
    after: float,
    before: float,
    exposure_after: float = 1,
    exposure_before: float = 1,
    *,
    method: Method = "score",
    inflation: float | Inflation = 1,
    level: float = 0.95,
) -> Estimate:
    """Return the ratio of two rates with its interval and two-sided p-value.

    The ratio is (after / exposure_after) / (before / exposure_before).

    Parameters
    ----------
    after, before : float
        Counts of the later and the earlier period, whole numbers of at least 0.
    exposure_after, exposure_before : float
        What each count is divided by, above 0, both in one unit: days, people, incidents.
    method : {"score", "exact", "midp", "wald"}
        ``score`` inverts the score test, as in statsmodels. ``exact`` conditions on the sum and
        inverts the binomial test, as R's ``poisson.test``. ``midp`` does so with half the chance of
        what was seen, as R's ``epitools::rateratio.midp``. ``wald`` uses the normal approximation
        of the log ratio.
    inflation : float or Inflation
        Ratio of variance to mean of each *total*, 1 for a Poisson count. Above 1 counts are worth
        fewer: ``wald`` and ``score`` widen the standard error by its root. ``exact`` and ``midp``
        have no such form and refuse it. Two totals cannot tell it;
        :mod:`helpers.stats.counts.inflation` measures it from months and says which of two
        questions each answers, :func:`helpers.stats.counts.dispersion.compound_inflation` takes it
        from single events. A measured one brings its degrees of freedom, and the interval is then
        Student's; a plain number is taken as known.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        The ratio, without unit; ``n`` is the sum of the counts. A later count of 0 gives a ratio
        and a lower end of 0, an earlier one an infinite ratio with a finite lower bound; both a
        warning.

    Raises
    ------
    InputError
        When both counts are 0, a count is none, an exposure or the inflation is not above 0, the
        method is unknown, or does not go with a count of 0 (``wald``) or an inflation.

    References
    ----------
    Gu, Ng, Tang and Schucany (2008), Testing the ratio of two Poisson rates (``score``).
    Clopper and Pearson (1934), The use of confidence or fiducial limits (``exact``).
    McCullagh and Nelder (1989), Generalized Linear Models, 4.5 (``inflation``).

    Examples
    --------
    60 attacks after 40 in as many days are 1.5 times as many.

    >>> found = rate_ratio(60, 40)
    >>> found.value, round(found.low, 2), round(found.high, 2), round(found.p, 3)
    (1.5, 1.01, 2.23, 0.046)

    Where one attack tends to bring others, the same counts show less.

    >>> round(rate_ratio(60, 40, inflation=2).p, 3)
    0.157
    """
    a, b = count(after, "the later count"), count(before, "the earlier count")
    ea, eb = (
        positive(exposure_after, "the later exposure"),
        positive(exposure_before, "the earlier exposure"),
    )
    phi = as_inflation(inflation)
    if a + b == 0:
        raise InputError("both counts are 0: their ratio is not defined")
    warnings = () if a and b else (_of_zero("later" if b else "earlier"),)
    value = a / ea / (b / eb) if b else math.inf
    if b and not math.isfinite(value):
        raise InputError(f"the exposures {ea:g} and {eb:g} lie too far apart for a ratio")
    ends = {"score": _score, "exact": _exact, "midp": _midp, "wald": _wald}
    if not isinstance(method, str) or method not in ends:
        raise InputError(f"method is '{method}': expected one of {', '.join(ends)}")
    low, high, p = ends[method](a, b, ea, eb, phi, level_of(level))
    return Estimate(
        value, low, high, p, int(a + b), f"rate ratio, {method}{phi.said}", level, warnings
    )


def ratio_of_ratios(
    after: float,
    before: float,
    other_after: float,
    other_before: float,
    *,
    inflation: float | Inflation = 1,
    level: float = 0.95,
) -> Estimate:
    """Return the ratio of two changes: (after / before) / (other_after / other_before).

    Normal approximation of its logarithm, whose variance is ``inflation`` times the sum of the
    reciprocals of the counts (delta method).

    Parameters
    ----------
    after, before : float
        Later and earlier count of what is asked about, whole numbers above 0.
    other_after, other_before : float
        Later and earlier count of what it is compared with, whole numbers above 0.
    inflation : float or Inflation
        Ratio of variance to mean of the counts, 1 for Poisson. Where the two are parts of one whole
        and months make both rise together, what counts is how much their *shares* scatter:
        :func:`helpers.stats.shares.beta_binomial.share_inflation`.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        The ratio, without unit, 1 when both changed alike; ``n`` is the sum of the four counts.

    Raises
    ------
    InputError
        When a count is 0 or none, or the inflation is not above 0.

    Examples
    --------
    One place doubled while the other stayed as it was.

    >>> found = ratio_of_ratios(80, 40, 50, 50)
    >>> round(found.value, 6), round(found.low, 2), round(found.high, 2)
    (2.0, 1.16, 3.45)
    """
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
    phi = as_inflation(inflation)
    return wald_ratio(
        math.log(given[0] / given[1] / (given[2] / given[3])),
        math.sqrt(phi.value * sum(1 / value for value in given)),
        int(sum(given)),
        f"ratio of two changes{phi.said}",
        level=level_of(level),
        degrees=phi.degrees,
    )


def _exact(
    a: float, b: float, ea: float, eb: float, phi: Inflation, level: float
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
    a: float, b: float, ea: float, eb: float, phi: Inflation, level: float
) -> tuple[float, float, float]:
    from scipy.optimize import brentq
    from scipy.stats import binom

    _poisson_only(phi)
    n, tail = a + b, (1 - level) / 2

    def below(share: float) -> float:
        return float(binom.cdf(a, n, share) - binom.pmf(a, n, share) / 2)

    def end(chance: float) -> float:
        # The search is over ln(odds), as shares of huge counts lie close together.
        root = brentq(lambda log: below(1 / (1 + math.exp(-log))) - chance, -50, 50, xtol=1e-12)
        return math.exp(root) * eb / ea

    lower = below(ea / (ea + eb))
    return (
        end(1 - tail) if a else 0.0,
        end(tail) if b else math.inf,
        min(1.0, 2 * min(lower, 1 - lower)),
    )


def _of_zero(name: str) -> str:
    bound = "lower end of 0" if name == "later" else "no upper bound"
    return f"the {name} count is 0, so the ratio has {bound} and rests on the variance assumed"


def _poisson_only(phi: Inflation) -> None:
    if phi.value != 1 or phi.degrees is not None:
        raise InputError(
            "exact and mid-p intervals are for Poisson counts; "
            "use 'score' or 'wald' with an inflation"
        )


def _score(
    a: float, b: float, ea: float, eb: float, phi: Inflation, level: float
) -> tuple[float, float, float]:
    """Solve (a - r b)^2 = reach^2 r (a + b) for the ratio r of unit rates, counts of 0 too."""
    reach = phi.reach(level) ** 2 * (a + b)
    twice = 2 * a * b + reach + math.sqrt(reach * (4 * a * b + reach))
    low, high = 2 * a * a / twice, twice / (2 * b * b) if b else math.inf
    null = ea / eb
    distance = (a - null * b) / math.sqrt(null * (a + b))
    return low / null, high / null, phi.chance(distance)


def _wald(
    a: float, b: float, ea: float, eb: float, phi: Inflation, level: float
) -> tuple[float, float, float]:
    if min(a, b) == 0:
        raise InputError(
            "a count is 0: the log ratio has no standard error; use method 'score' or 'exact'"
        )
    log, error = math.log(a / ea / (b / eb)), math.sqrt(1 / a + 1 / b)
    reach = phi.reach(level) * error
    return math.exp(log - reach), math.exp(log + reach), phi.chance(log / error)


def series_ratio(
    after: pd.Series,
    before: pd.Series,
    level: float = 0.95,
    *,
    memory: bool = True,
    history: pd.Series | None = None,
) -> Estimate:
    """Return the ratio of the means of two series of counts.

    The variance is Pearson's, within the two series, times what the resemblance of neighbouring
    periods adds to the variance of a mean. Two years leave open how much they resemble each other:
    the interval is averaged over it (:mod:`helpers.stats.counts.memory`), and is wide where they
    do not tell. A longer stretch of the same series narrows it.

    Parameters
    ----------
    after, before : pandas.Series of int, shape (m,) each
        Counts by period in order of time, later and earlier, at least two in each.
    level : float
        Confidence level of the interval, between 0 and 1.
    memory : bool
        False takes periods as independent: quasi-Poisson, with Student's t on n - 2 degrees of
        freedom.
    history : pandas.Series of int, shape (h,), optional
        A longer stretch of the same series without gaps, both ``after`` and ``before`` within it by
        their index. The memory is then that of its logarithms, the other periods about a mean of
        their own; the variance stays that of the two series.

    Returns
    -------
    Estimate
        The ratio, without unit; ``n`` periods of the two series. A series of fewer than ten in all,
        zeros among them, gives the score interval of :func:`rate_ratio` with the variance of the
        other series, and a warning. A warning also says when the periods cannot rule out a level
        that wanders, under which the interval may be too narrow.

    Raises
    ------
    InputError
        When a series is shorter than two periods or holds what is no count, both hold only zeros,
        or the history has gaps or does not contain the two.

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, 4.5.
    Zellner and Tiao (1964), Bayesian analysis of the regression model with autocorrelated errors.

    Examples
    --------
    A mean of 20 after one of 10; the dispersion is (50 / 20 + 8 / 10) / 4 = 0.825.

    >>> import pandas as pd
    >>> after, before = pd.Series([15, 20, 25]), pd.Series([8, 10, 12])
    >>> found = series_ratio(after, before, memory=False)
    >>> round(found.value, 6), round(found.low, 2), round(found.high, 2)
    (2.0, 1.14, 3.52)

    Six months do not tell how much they resemble each other.

    >>> found = series_ratio(after, before)
    >>> round(found.value, 6), round(found.low, 2), round(found.high, 2), len(found.warnings)
    (2.0, 0.62, 6.49, 1)
    """
    later, earlier = counts(after, "the later series", 2), counts(before, "the earlier series", 2)
    level_of(level)
    if not memory and history is not None:
        raise InputError("a history tells the memory of periods: leave it out, or memory=False")
    if later.sum() + earlier.sum() == 0:
        raise InputError("both series hold only zeros: the ratio of their means is not defined")
    if min(later.sum(), earlier.sum()) < FEW:
        return _of_few(later, earlier, level, memory)
    if not memory:
        return _independent(later, earlier, level)
    found = two_spans(after, before, history)
    log, reach = math.log(later.mean() / earlier.mean()), found.reach(level)
    name = f"ratio of means, memory averaged (autocorrelation {found.rho:.2f})"
    if history is not None:
        name += f", {len(history)} periods of history"
    n, said = len(later) + len(earlier), found.said("months" if history is None else "history")
    told = Estimate(log, log - reach, log + reach, found.chance(log), n, name, level, said)
    return exponentiated(told)


def _independent(later: np.ndarray, earlier: np.ndarray, level: float) -> Estimate:
    """Return the quasi-Poisson ratio of independent periods."""
    n, phi = len(later) + len(earlier), dispersion(pd.Series(later), pd.Series(earlier))
    log = math.log(later.mean() / earlier.mean())
    error = math.sqrt(phi * (1 / later.sum() + 1 / earlier.sum()))
    if error == 0:
        said = "no variation within the series: the interval has no width and there is no test"
        return wald_ratio(log, 0.0, n, "quasi-Poisson ratio", level=level, warnings=(said,))
    method = f"quasi-Poisson ratio, dispersion {phi:.3g}, t with {n - 2} degrees of freedom"
    return wald_ratio(log, error, n, method, level=level, degrees=n - 2)


def _of_few(later: np.ndarray, earlier: np.ndarray, level: float, memory: bool) -> Estimate:
    """Return the score interval of a ratio whose one series is too small to tell its variance."""
    totals = later.sum(), earlier.sum()
    least, other = ("later", earlier) if totals[0] < totals[1] else ("earlier", later)
    part = pd.Series(other)
    phi = sum_inflation(part) if memory else max(dispersion(part), 1.0)
    found = rate_ratio(*totals, len(later), len(earlier), inflation=phi, level=level)
    said = (
        f"the {least} series holds {min(totals):.0f} in all: its variance is taken to be that "
        "of the other series"
    )
    return replace(found, n=len(later) + len(earlier), warnings=(said, *found.warnings))
