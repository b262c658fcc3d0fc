"""One break at an unknown date: is there any, and when?

The largest, the average and the exponentially averaged F statistic over all dates away from the ends (Andrews 1993; Andrews
and Ploberger 1994). Their tabled critical values assume independent errors; where neighbouring months resemble each other
they find breaks that are none. Here the statistics are referred to series simulated without a break from first-order
autoregressive errors. How strong the autocorrelation is, is uncertain, and estimates of it are biased; both are
carried by weighing all its values by how well they agree with the estimate.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import design_of, generator_of, level_of, numbers, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.break_dates import date_interval

LIMITS = (
    -0.6,
    np.arcsin(0.99),
)  # of the arcsine of the autocorrelation, uniform (Berger and Yang 1994)
PER_DRAW, WIDTH = (
    8,
    0.4,
)  # simulated series for each draw asked for; how closely they must resemble, in standard errors


@dataclass(frozen=True)
class Break:
    """``f``: the F statistic by the last period of the old regime; ``last``: that period at the largest, with the ends
    ``low`` and ``high`` of its interval; ``p`` by statistic (None without a generator); ``rho`` the autocorrelation."""

    f: pd.Series
    last: pd.Period
    low: pd.Period
    high: pd.Period
    p: dict[str, float] | None
    rho: float
    n: int
    warnings: tuple[str, ...] = ()

    @property
    def date(self) -> pd.Period:
        """The first period of the new regime."""
        return self.last + 1

    def likely(self, reach: int = 2) -> pd.Period:
        """Return the first period of the new regime that is most likely right to within ``reach`` periods.

        The largest F is the best single date; this one gathers the likelihood (Gaussian, every date as likely as another
        beforehand) of the dates around it, and errs by more than ``reach`` less often.
        """
        logs = -0.5 * self.n * np.log1p(-self.f.to_numpy() / (self.f.to_numpy() + self.n))
        near = np.convolve(np.exp(logs - logs.max()), np.ones(2 * reach + 1), mode="same")
        return self.f.index[int(near.argmax())] + 1

    @property
    def statistics(self) -> dict[str, float]:
        """The three statistics by name: sup, ave and exp."""
        return dict(
            zip(
                ("sup", "ave", "exp"),
                (float(one) for one in _summaries(self.f.to_numpy()[None])[:, 0]),
            )
        )

    def estimate(self, which: str = "sup") -> Estimate:
        """Return a statistic with its bootstrap p-value."""
        if which not in self.statistics:
            raise InputError(f"there is no statistic '{which}': expected sup, ave or exp")
        return Estimate(
            self.statistics[which],
            None,
            None,
            self.p and self.p[which],
            self.n,
            f"{which}-F over {len(self.f)} dates, AR bootstrap",
            warnings=self.warnings,
        )


def break_test(
    y: pd.Series,
    generator: np.random.Generator | None = None,
    *,
    fixed: pd.DataFrame | None = None,
    trim: float = 0.15,
    draws: int = 999,
    level: float = 0.95,
    carry: bool = False,
) -> Break:
    """Test for one break in the level of ``y`` (n finite numbers, regular index) and date it.

    Take ``ln(y + 0.5)`` of counts. ``fixed`` (n by q, no constant): trend and seasons that do not break. ``trim`` is the share
    of periods at each end where no break is looked for. Without a ``generator`` there is no p-value. The interval of the date takes
    errors as independent (as published tables do); ``carry=True`` widens it by (1 + rho) / (1 - rho).
    Raises :class:`InputError` when the trimmed series leaves no date or the design leaves no error.
    """
    index = regular(y, "the series")
    values = numbers(y, "the series", 8)
    n, first = len(values), int(trim * len(values))
    if not 0 < trim < 0.5 or first < 2 or n - 2 * first < 1:
        raise InputError(
            f"trim is {trim} with {n} observations: expected a share below 0.5 that leaves two periods at each end"
        )
    extra = np.empty((n, 0)) if fixed is None else np.asarray(fixed, dtype="float64")
    base = np.linalg.qr(design_of(pd.DataFrame(np.column_stack([np.ones(n), extra])), n, spare=3))[
        0
    ]
    lasts = np.arange(first, n - first + 1)
    steps = _directions(base, lasts, n)
    rest = values - base @ (base.T @ values)
    if rest @ rest <= 1e-20 * max(values @ values, 1e-300):
        raise InputError("the series does not vary about its design: there is nothing to break")
    freedom = n - base.shape[1] - 1
    f = _f(rest[None], steps, freedom)
    best = int(f[0].argmax())
    own = rest - steps[best] * (steps[best] @ rest)
    rho, p = (
        _p_values(f, own, base, steps, freedom, generator_of(generator), draws)
        if generator is not None
        else (float(_lag_one(own[None])[0]), None)
    )
    widening = (1 + rho) / (1 - rho) if carry and rho > 0 else 1.0
    ends = _interval(values, own, base, int(lasts[best]), widening, level_of(level))
    place = [min(max(one, 1), n) - 1 for one in (int(lasts[best]), *ends)]
    return Break(pd.Series(f[0], index=index[lasts - 1]), *(index[one] for one in place), p, rho, n)


def _directions(base: np.ndarray, lasts: np.ndarray, n: int) -> np.ndarray:
    """Return unit vectors (dates by n): a step after each date, less what the base (n by q, orthonormal) explains."""
    steps = (np.arange(n)[None] >= lasts[:, None]).astype(float)
    steps -= (steps @ base) @ base.T
    sizes = np.linalg.norm(steps, axis=1, keepdims=True)
    if (sizes < 1e-8).any():
        raise InputError("a fixed column repeats a step at one of the dates; drop it")
    return steps / sizes


def _f(rests: np.ndarray, steps: np.ndarray, freedom: int) -> np.ndarray:
    """Return F statistics (draws by dates) of residuals (draws by n)."""
    gained = np.square(rests @ steps.T)
    left = np.maximum(np.square(rests).sum(axis=1, keepdims=True) - gained, 1e-300)
    return gained / (left / freedom)


def _summaries(f: np.ndarray) -> np.ndarray:
    """Return sup-F, ave-F and exp-F (3 by draws)."""
    top = f.max(axis=1)
    return np.array(
        [top, f.mean(axis=1), top / 2 + np.log(np.exp((f - top[:, None]) / 2).mean(axis=1))]
    )


def _lag_one(rests: np.ndarray) -> np.ndarray:
    """Return the lag-one autocorrelation of each row."""
    return (rests[:, 1:] * rests[:, :-1]).sum(axis=1) / np.maximum(
        np.square(rests).sum(axis=1), 1e-300
    )


def _errors(rhos: np.ndarray, n: int, generator: np.random.Generator) -> np.ndarray:
    """Return one stationary AR(1) path of ``n`` periods for each autocorrelation."""
    paths = generator.standard_normal((len(rhos), n))
    paths[:, 0] /= np.sqrt(1 - rhos**2)
    for step in range(1, n):
        paths[:, step] += rhos * paths[:, step - 1]
    return paths


def _p_values(
    f, own, base, steps, freedom, generator, draws: int
) -> tuple[float, dict[str, float]]:
    """Return the autocorrelation and the p-values: the share of simulated series with statistics at least as large.

    Series are simulated with all autocorrelations; each counts as much as its own estimate, after its own largest break
    is taken out, resembles that of the series under test.
    """
    n, seen = len(own), _lag_one(own[None])[0]
    rhos = np.sin(generator.uniform(*LIMITS, PER_DRAW * draws))
    errors = _errors(rhos, n, generator)
    errors -= (errors @ base) @ base.T
    null = _f(errors, steps, freedom)
    best = steps[null.argmax(axis=1)]
    looks = _lag_one(errors - best * (best * errors).sum(axis=1, keepdims=True))
    weights = np.exp(-0.5 * np.square((looks - seen) / (WIDTH / np.sqrt(n))))
    hits = (_summaries(null) >= _summaries(f)) @ weights
    total = weights.sum()
    return float(weights @ rhos / max(total, 1e-300)), dict(
        zip(("sup", "ave", "exp"), ((1 + hits) / (1 + total)).tolist())
    )


def _interval(
    values: np.ndarray, own: np.ndarray, base: np.ndarray, last: int, widening: float, level: float
) -> tuple[int, int]:
    """Return the interval of the number of periods in the old regime."""
    step = (np.arange(len(values)) >= last).astype(float)
    step -= base @ (base.T @ step)
    jump = float(step @ values / (step @ step))
    parts = tuple(
        max(widening * float(np.square(part).mean()), 1e-150) for part in (own[:last], own[last:])
    )
    return date_interval(last, max(jump**2, 1e-150), parts, level)
