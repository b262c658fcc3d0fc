"""A share of a count, when what is counted comes in clusters."""

from helpers.base.errors import InputError
from helpers.stats.checks import count, level_of, positive
from helpers.stats.estimate import Estimate


def proportion(part: float, whole: float, *, inflation: float = 1, level: float = 0.95) -> Estimate:
    """Return a share of a count with Wilson's interval, as in statsmodels.

    Parameters
    ----------
    part, whole : float
        Whole numbers of at least 0, the whole above 0 and the part no more than it.
    inflation : float
        Variance over that of independent draws; the counts are worth as many times fewer (a design
        effect). 1 where what is counted comes singly.
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

    a, n = count(part, "the part"), count(whole, "the whole")
    phi = positive(inflation, "the variance inflation")
    if n == 0 or a > n:
        raise InputError(
            f"the part is {part} and the whole {whole}: expected a part of a whole above 0"
        )
    low, high = proportion_confint(a / phi, n / phi, 1 - level_of(level), method="wilson")
    name = "share, Wilson" + (f", variance inflation {phi:.3g}" if phi != 1 else "")
    return Estimate(a / n, max(float(low), 0.0), min(float(high), 1.0), None, int(n), name, level)
