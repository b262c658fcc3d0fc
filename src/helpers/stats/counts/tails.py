"""Is severity heavy-tailed? The power law of Clauset, Shalizi and Newman (2009) against a lognormal, and the weight of the worst.

Where the tail is heavy a few events carry a year's dead, and a year's mean says little. Fits are those of the package ``powerlaw``
(Alstott, Bullmore and Plenz 2014) for whole numbers.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, generator_of, level_of
from helpers.stats.estimate import Estimate

LEAST = 50  # events above 0: with fewer the cut-off of a tail cannot be told
EXPONENTS = np.linspace(1.01, 8.0, 1400)


@dataclass(frozen=True)
class Tail:
    """``exponent`` of the density k^-a for sizes from ``start`` on, ``n_tail`` events; ``against_lognormal``: the normalised
    log-likelihood ratio (above 0 for the power law) with Vuong's p-value."""

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
    """Fit a discrete power law to event sizes; events of size 0 are left out.

    ``start`` is chosen by the smallest Kolmogorov-Smirnov distance unless given. The exponent's interval is a bootstrap of the
    events from ``start`` on, with the start taken as known. Raises :class:`InputError` for fewer than 50 events above 0.
    """
    values = _positive(sizes)
    fit = _fitted(values, start)
    first = int(fit.xmin)
    part = values[values >= first]
    if len(part) < 10 or len(np.unique(part)) < 2:
        raise InputError(
            f"{len(part)} events of size {first} or more, of {len(np.unique(part))} sizes: no tail to fit"
        )
    logs = np.log(part)
    means = (
        generator_of(generator).multinomial(
            len(part), np.full(len(part), 1 / len(part)), size=draws
        )
        @ logs
        / len(part)
    )
    drawn = _exponents(means, first)
    low, high = np.quantile(drawn, [0.5 - level_of(level) / 2, 0.5 + level / 2])
    value = float(_exponents(np.array([logs.mean()]), first)[0])
    exponent = Estimate(
        value,
        float(low),
        float(high),
        None,
        len(part),
        f"discrete power law from {first}, bootstrap",
        level,
    )
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        ratio, p = fit.distribution_compare("power_law", "lognormal", normalized_ratio=True)
    if not np.isfinite([ratio, p]).all():
        raise InputError("the lognormal could not be fitted to the tail; choose another start")
    against = Estimate(
        float(ratio),
        None,
        None,
        float(p),
        len(part),
        "Vuong's likelihood ratio against a lognormal",
    )
    few = (
        (f"{len(part)} events in the tail: its form is hardly determined",)
        if len(part) < LEAST
        else ()
    )
    return Tail(exponent, first, len(part), against, few)


def worst_share(
    sizes: Iterable[float],
    generator: np.random.Generator,
    *,
    worst: float = 0.05,
    draws: int = 999,
    level: float = 0.95,
) -> Estimate:
    """Return the share of all dead in the ``worst`` share of events (ties cut by size), with a bootstrap interval of events."""
    values = counts(pd.Series(list(sizes)), "the sizes of events", 2)
    if values.sum() == 0:
        raise InputError("the events hold no deaths: there is nothing to divide")
    if not 0 < worst < 1:
        raise InputError(
            f"worst is {worst}: expected a share of the events between 0 and 1, such as 0.05"
        )
    top = max(1, round(worst * len(values)))
    drawn = np.sort(generator_of(generator).choice(values, size=(draws, len(values))), axis=1)
    parts = drawn[:, -top:].sum(axis=1) / np.maximum(drawn.sum(axis=1), 1)
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
    )


def _positive(sizes: Iterable[float]) -> np.ndarray:
    values = counts(pd.Series(list(sizes)), "the sizes of events", 2)
    values = values[values > 0]
    if len(values) < LEAST:
        raise InputError(f"{len(values)} events above 0: expected at least {LEAST} to fit a tail")
    if len(np.unique(values)) < 3:
        raise InputError("the events have fewer than three sizes: no tail can be fitted")
    return values


def _fitted(values: np.ndarray, start: int | None):
    import powerlaw

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return powerlaw.Fit(values, discrete=True, xmin=start, verbose=0)
        except (ValueError, IndexError) as error:
            raise InputError(
                f"the power law could not be fitted: {' '.join(str(error).split())}"
            ) from None


def _exponents(means: np.ndarray, first: int) -> np.ndarray:
    """Return the maximum-likelihood exponents for mean logarithms of sizes from ``first`` on, from a fine grid.

    The mean logarithm falls as the exponent rises: it is minus the derivative of the log of Hurwitz's zeta function.
    """
    from scipy.special import zeta

    logs = np.log(zeta(EXPONENTS, first))
    expected = -np.gradient(logs, EXPONENTS)
    return np.interp(-means, -expected, EXPONENTS)
