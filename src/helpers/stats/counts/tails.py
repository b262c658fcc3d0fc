"""Is severity heavy-tailed? A power law against a lognormal, and the weight of the worst.

Where the tail is heavy a few events carry a year's dead, and a year's mean says little. The power
law is that of Clauset, Shalizi and Newman (2009), its fits those of the package ``powerlaw``
(Alstott, Bullmore and Plenz 2014) for whole numbers.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from helpers.base.errors import InputError
from helpers.stats.checks import count, counts, generator_of, level_of
from helpers.stats.counts.sizes import listed
from helpers.stats.estimate import Estimate

if TYPE_CHECKING:
    from powerlaw import Fit

LEAST = 50  # events above 0: with fewer the cut-off of a tail cannot be told
FEW, DRAWS = 10, 99  # events with deaths, and draws, below which an interval says too little
EXPONENTS = np.linspace(1.01, 8.0, 1400)


@dataclass(frozen=True)
class Tail:
    """A discrete power law fitted to the sizes of events.

    Attributes
    ----------
    exponent : Estimate
        The a of the density k^-a, without unit; below 3 the variance of sizes has no bound.
    start : int
        Size from which on it holds, in deaths an event.
    n_tail : int
        Number of events of that size or more.
    against_lognormal : Estimate
        Normalised log-likelihood ratio, above 0 for the power law, with Vuong's p-value.
    warnings : tuple of str
        Sentences to read before relying on it.
    """

    exponent: Estimate
    start: int
    n_tail: int
    against_lognormal: Estimate
    warnings: tuple[str, ...] = ()


def tail(
    sizes: Iterable[float],
    generator: np.random.Generator,
    *,
    start: int | None = None,
    draws: int = 999,
    level: float = 0.95,
) -> Tail:
    """Fit a discrete power law to the sizes of events.

    Parameters
    ----------
    sizes : iterable of int
        Deaths of each event; events of size 0 are left out.
    generator : numpy.random.Generator
        Draws the bootstrap of the exponent.
    start : int, optional
        Smallest size of the tail; without it, that of the smallest Kolmogorov-Smirnov distance.
    draws : int
        Number of bootstrap samples of the events from ``start`` on, the start taken as known.
    level : float
        Confidence level of the exponent's interval, between 0 and 1.

    Returns
    -------
    Tail
        Exponent, start and the comparison with a lognormal.

    Raises
    ------
    InputError
        When there are fewer than 50 events above 0, fewer than three sizes, or too few events from
        ``start`` on; when the start is no size, or draws are fewer than 99.

    References
    ----------
    Clauset, Shalizi and Newman (2009), Power-law distributions in empirical data.
    Alstott, Bullmore and Plenz (2014), powerlaw: a Python package.
    Vuong (1989), Likelihood ratio tests for model selection and non-nested hypotheses.

    Examples
    --------
    The i-th deadliest of 300 events kills 300 / i: k or more die in 300 / k of them, so the
    density falls about as k^-2.

    >>> import numpy as np
    >>> found = tail([300 // i for i in range(1, 301)], np.random.default_rng(1), start=5)
    >>> round(found.exponent.value, 1), found.n_tail
    (2.0, 60)
    """
    values = _positive(sizes)
    if start is not None and count(start, "the start of the tail") == 0:
        raise InputError("the start of the tail is 0: expected a size of at least 1")
    fit = _fitted(values, start)
    if not np.isfinite(fit.xmin):
        raise InputError("no start of a tail fits these sizes: give one, or more events")
    first = int(fit.xmin)
    part = values[values >= first]
    if len(part) < 10 or len(np.unique(part)) < 2:
        raise InputError(
            f"{len(part)} events of size {first} or more, of {len(np.unique(part))} sizes: "
            "no tail to fit"
        )
    exponent = _exponent(part, first, generator_of(generator), _enough(draws), level_of(level))
    few = (
        (f"{len(part)} events in the tail: its form is hardly determined",)
        if len(part) < LEAST
        else ()
    )
    return Tail(exponent, first, len(part), _against_lognormal(fit, len(part)), few)


def worst_share(
    sizes: Iterable[float],
    generator: np.random.Generator,
    *,
    worst: float = 0.05,
    draws: int = 999,
    level: float = 0.95,
) -> Estimate:
    """Return the share of all dead who died in the worst events.

    Parameters
    ----------
    sizes : iterable of int
        Deaths of each event, zeros included.
    generator : numpy.random.Generator
        Draws the bootstrap of events.
    worst : float
        Share of the events that counts as the worst, between 0 and 1; at least one event.
    draws : int
        Number of bootstrap samples.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        A share from 0 to 1 of the dead; ``n`` events. Each sample is cut at its own worst events,
        and drawn anew where nobody died. Fewer than ten events with deaths give a warning.

    Raises
    ------
    InputError
        When there are fewer than two events or no deaths, ``worst`` lies outside 0 and 1, or draws
        are fewer than 99.

    Examples
    --------
    One of 20 events killed 81 of 100.

    >>> import numpy as np
    >>> worst_share([1] * 19 + [81], np.random.default_rng(1)).value
    0.81
    """
    values = counts(listed(sizes, "the sizes of events"), "the sizes of events", 2)
    if values.sum() == 0:
        raise InputError("the events hold no deaths: there is nothing to divide")
    if not isinstance(worst, Real) or not 0 < worst < 1:
        raise InputError(
            f"worst is {worst}: expected a share of the events between 0 and 1, such as 0.05"
        )
    top = max(1, round(worst * len(values)))
    drawn = np.sort(_drawn(values, generator_of(generator), _enough(draws)), axis=1)
    parts = drawn[:, -top:].sum(axis=1) / drawn.sum(axis=1)
    low, high = np.quantile(parts, [0.5 - level_of(level) / 2, 0.5 + level / 2])
    ordered = np.sort(values)
    return Estimate(
        float(ordered[-top:].sum() / ordered.sum()),
        float(low),
        float(high),
        None,
        len(values),
        f"share in the worst {top} of {len(values)} events, bootstrap of events",
        level,
        _said((values > 0).sum()),
    )


def _drawn(values: np.ndarray, generator: np.random.Generator, draws: int) -> np.ndarray:
    """Return samples of the events (draws by n), those without deaths drawn anew."""
    drawn = generator.choice(values, size=(draws, len(values)))
    while (empty := drawn.sum(axis=1) == 0).any():
        drawn[empty] = generator.choice(values, size=(int(empty.sum()), len(values)))
    return drawn


def _said(deadly: int) -> tuple[str, ...]:
    one = f"{deadly} events with deaths: the interval is likely too narrow"
    return (one,) if deadly < FEW else ()


def _enough(draws: int) -> int:
    if count(draws, "the number of draws") < DRAWS:
        raise InputError(f"draws is {draws}: expected at least {DRAWS} for an interval")
    return int(draws)


def _positive(sizes: Iterable[float]) -> np.ndarray:
    values = counts(listed(sizes, "the sizes of events"), "the sizes of events", 2)
    values = values[values > 0]
    if len(values) < LEAST:
        raise InputError(f"{len(values)} events above 0: expected at least {LEAST} to fit a tail")
    if len(np.unique(values)) < 3:
        raise InputError("the events have fewer than three sizes: no tail can be fitted")
    return values


def _fitted(values: np.ndarray, start: int | None) -> "Fit":
    import powerlaw

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return powerlaw.Fit(values, discrete=True, xmin=start, verbose=0)
        except (ValueError, IndexError) as error:
            raise InputError(
                f"the power law could not be fitted: {' '.join(str(error).split())}"
            ) from None


def _exponent(
    part: np.ndarray, first: int, generator: np.random.Generator, draws: int, level: float
) -> Estimate:
    """Return the exponent of sizes (n) from ``first`` on, with a bootstrap interval of events."""
    logs, n = np.log(part), len(part)
    means = generator.multinomial(n, np.full(n, 1 / n), size=draws) @ logs / n
    low, high = np.quantile(_exponents(means, first), [0.5 - level / 2, 0.5 + level / 2])
    value = float(_exponents(np.array([logs.mean()]), first)[0])
    method = f"discrete power law from {first}, bootstrap"
    return Estimate(value, float(low), float(high), None, n, method, level)


def _against_lognormal(fit: "Fit", n: int) -> Estimate:
    """Return Vuong's likelihood ratio of a fitted power law against a lognormal on the tail."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        ratio, p = fit.distribution_compare("power_law", "lognormal", normalized_ratio=True)
    if not np.isfinite([ratio, p]).all():
        raise InputError("the lognormal could not be fitted to the tail; choose another start")
    method = "Vuong's likelihood ratio against a lognormal"
    return Estimate(float(ratio), None, None, float(p), n, method)


def _exponents(means: np.ndarray, first: int) -> np.ndarray:
    """Return the maximum-likelihood exponents for mean logarithms of sizes from ``first`` on.

    The mean logarithm falls as the exponent rises: it is minus the derivative of the log of
    Hurwitz's zeta function, read from a fine grid.
    """
    from scipy.special import zeta

    logs = np.log(zeta(EXPONENTS, first))
    expected = -np.gradient(logs, EXPONENTS)
    return np.interp(-means, -expected, EXPONENTS)
