"""The form in which every statistical function answers."""

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Estimate:
    """An estimate with its interval, its p-value and what a reader must know of it.

    Attributes
    ----------
    value : float
        The estimate, in the unit that the function which made it states.
    low, high : float or None
        Ends of the interval, in the unit of ``value``; None where no interval is due.
    p : float or None
        Two-sided p-value, from 0 to 1; None where there is no test.
    n : int
        Number of observations behind it.
    method : str
        How it was made.
    level : float
        Confidence level of the interval, between 0 and 1.
    warnings : tuple of str
        Sentences to read before relying on it.

    Examples
    --------
    >>> doubled = Estimate(2.0, 1.5, 2.7, p=0.001, n=240, method="rate ratio, score")
    >>> doubled.low > 1
    True
    >>> doubled.level
    0.95
    """

    value: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n: int = 0
    method: str = ""
    level: float = 0.95
    warnings: tuple[str, ...] = ()


def exponentiated(estimate: Estimate) -> Estimate:
    """Return an estimate of a natural logarithm as one of a ratio.

    Parameters
    ----------
    estimate : Estimate
        An estimate whose ``value``, ``low`` and ``high`` are natural logarithms.

    Returns
    -------
    Estimate
        The same with e to the power of each of the three; an end that is None stays so.
        Exponents above 700 are cut there, as larger ones overflow.

    Examples
    --------
    >>> import math
    >>> ratio = exponentiated(Estimate(math.log(2), math.log(1), math.log(4), p=0.05))
    >>> [round(end, 6) for end in (ratio.value, ratio.low, ratio.high)], ratio.p
    ([2.0, 1.0, 4.0], 0.05)
    """

    def ratio(end: float) -> float:
        return math.exp(min(end, 700))

    return replace(
        estimate,
        value=ratio(estimate.value),
        low=None if estimate.low is None else ratio(estimate.low),
        high=None if estimate.high is None else ratio(estimate.high),
    )


def wald_ratio(
    log: float,
    error: float,
    n: int,
    method: str,
    *,
    level: float = 0.95,
    degrees: float | None = None,
    warnings: tuple[str, ...] = (),
) -> Estimate:
    """Return a ratio with the Wald interval and p-value of its logarithm.

    Parameters
    ----------
    log : float
        Natural logarithm of the ratio.
    error : float
        Standard error of ``log``, at least 0.
    n : int
        Number of observations.
    method : str
        How ``log`` and ``error`` were made.
    level : float
        Confidence level of the interval, between 0 and 1.
    degrees : float, optional
        Degrees of freedom of Student's t; the normal distribution without them.
    warnings : tuple of str
        Sentences to hand on.

    Returns
    -------
    Estimate
        Ratio, without unit; ``p`` for a ratio of 1, None when ``error`` is 0.

    Examples
    --------
    A logarithm 1.96 standard errors from 0 is just significant at 5 %, so one end is 1.

    >>> found = wald_ratio(1.96, 1.0, 50, "by hand")
    >>> round(found.low, 3), round(found.p, 3)
    (1.0, 0.05)
    >>> round(wald_ratio(1.96, 1.0, 50, "by hand", degrees=5).p, 3)
    0.107
    """
    from scipy.stats import norm, t

    reference = norm if degrees is None else t(degrees)
    reach = float(reference.ppf(0.5 + level / 2)) * error
    p = float(2 * reference.sf(abs(log) / error)) if error else None
    return exponentiated(Estimate(log, log - reach, log + reach, p, n, method, level, warnings))
