"""A share of a count, when what is counted comes in clusters."""

from helpers.base.errors import InputError
from helpers.stats.checks import count, level_of, positive
from helpers.stats.estimate import Estimate


def proportion(part: float, whole: float, *, inflation: float = 1, level: float = 0.95) -> Estimate:
    """Return ``part / whole`` (a fraction) with Wilson's interval.

    ``inflation`` is the ratio of variance to that of independent draws; the counts are worth as many fewer (a design
    effect, Kish 1965). Wilson (1927), as in statsmodels.
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
