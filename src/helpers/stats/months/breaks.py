"""One break at an unknown date: is there any, and when?

The largest, the average and the exponentially averaged F statistic over all dates away from the
ends (Andrews 1993; Andrews and Ploberger 1994). Their tabled critical values assume independent
errors; where neighbouring months resemble each other they find breaks that are none. Here the
statistics are referred to series simulated without a break from first-order autoregressive errors.
How strong the autocorrelation is, is uncertain, and estimates of it are biased; both are carried by
weighing all its values by how well they agree with the estimate.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import design_of, generator_of, level_of, numbers, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.break_dates import date_interval

NAMES = ("sup", "ave", "exp")
# Of the arcsine of the autocorrelation, whose prior is uniform (Berger and Yang 1994).
LIMITS = (-0.6, np.arcsin(0.99))
PER_DRAW = 8  # simulated series for each draw asked for
WIDTH = 0.4  # how closely the simulated autocorrelations must resemble, in standard errors


@dataclass(frozen=True)
class Break:
    """The one break that a series may have, and the test of whether it has any.

    Attributes
    ----------
    f : pandas.Series of float, shape (n_dates,), PeriodIndex
        F statistic by the last period of the old regime.
    last : pandas.Period
        Last period of the old regime at the largest F.
    low, high : pandas.Period
        Ends of the interval of ``last``.
    p : dict of str to float, or None
        p-value by statistic (sup, ave, exp); None without a generator.
    rho : float
        Lag-one autocorrelation of the errors, the break taken out.
    n : int
        Number of periods.
    warnings : tuple of str
        What a reader must know.
    date : pandas.Period
        First period of the new regime.
    statistics : dict of str to float
        The three statistics by name.
    """

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
        """Return the start of the new regime that is most likely right to within some periods.

        The largest F is the best single date. This one gathers the likelihood (Gaussian, every date
        as likely as another beforehand) of the dates around it, and errs by more than ``reach``
        less often.

        Parameters
        ----------
        reach : int, default 2
            Periods to each side that still count as right.

        Returns
        -------
        pandas.Period
            First period of the new regime.

        Examples
        --------
        >>> months = pd.period_range("2020-01", periods=24, freq="M")
        >>> found = break_test(pd.Series([9, 11] * 6 + [19, 21] * 6, index=months))
        >>> str(found.likely(reach=1))
        '2021-01'
        """
        logs = -0.5 * self.n * np.log1p(-self.f.to_numpy() / (self.f.to_numpy() + self.n))
        near = np.convolve(np.exp(logs - logs.max()), np.ones(2 * reach + 1), mode="same")
        return self.f.index[int(near.argmax())] + 1

    @property
    def statistics(self) -> dict[str, float]:
        """The three statistics by name: largest (sup), average (ave), exponential average (exp)."""
        return dict(zip(NAMES, _summaries(self.f.to_numpy()[None])[:, 0].tolist()))

    def estimate(self, which: str = "sup") -> Estimate:
        """Return a statistic with its bootstrap p-value.

        Parameters
        ----------
        which : {"sup", "ave", "exp"}, default "sup"
            Name of the statistic.

        Returns
        -------
        Estimate
            The statistic, without unit and without interval; p is None without a generator.

        Raises
        ------
        InputError
            There is no such statistic.

        Examples
        --------
        The largest F of a level that doubles among values one off their mean: the squared error is
        24 * (5 ** 2 + 1) = 624 without the break and 24 with it, on 22 degrees of freedom.

        >>> months = pd.period_range("2020-01", periods=24, freq="M")
        >>> found = break_test(pd.Series([9, 11] * 6 + [19, 21] * 6, index=months))
        >>> round(found.estimate("sup").value, 6), (624 - 24) / (24 / 22)
        (550.0, 550.0)
        """
        if which not in self.statistics:
            raise InputError(f"there is no statistic '{which}': expected sup, ave or exp")
        return Estimate(
            self.statistics[which],
            None,
            None,
            None if self.p is None else self.p[which],
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
    """Test for one break in the level of a series at an unknown date, and date it.

    Parameters
    ----------
    y : pandas.Series of float, shape (n,), monthly, quarterly or yearly index without gaps
        Finite numbers, at least 8. Of counts take ``ln(y + 0.5)``.
    generator : numpy.random.Generator, optional
        Source of the simulated series; without it there is no p-value.
    fixed : pandas.DataFrame of float, shape (n, q), optional
        Columns whose coefficients do not break, such as trend and seasons; no constant.
    trim : float, default 0.15
        Share of the periods at each end where no break is looked for.
    draws : int, default 999
        Measure of the effort: eight series are simulated for each, and weighted.
    level : float, default 0.95
        Coverage of the interval of the date, which takes errors as independent, as published tables
        do.
    carry : bool, default False
        Widen that interval by (1 + rho) / (1 - rho) where rho is above 0.

    Returns
    -------
    Break

    Raises
    ------
    InputError
        The index is not regular, a value is not finite, ``trim`` leaves no date or fewer than two
        periods at an end, the columns depend on each other or on a step, or nothing varies.

    References
    ----------
    * Andrews (1993), Tests for parameter instability and structural change with unknown change
      point.
    * Andrews and Ploberger (1994), Optimal tests when a nuisance parameter is present only under
      the alternative.
    * Berger and Yang (1994), Noninformative priors and Bayesian testing for the AR(1) model.

    Examples
    --------
    Two years about 10, then two about 20.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([9, 10, 11, 10] * 6 + [19, 20, 21, 20] * 6, index=months)
    >>> found = break_test(y, np.random.default_rng(1), draws=99)
    >>> str(found.last), str(found.date), found.p["sup"] < 0.05
    ('2021-12', '2022-01', True)
    """
    index = regular(y, "the series")
    values = numbers(y, "the series", 8)
    n, lasts = len(values), _lasts(len(values), trim)
    base = _base(fixed, n)
    steps = _directions(base, lasts, n)
    rest = values - base @ (base.T @ values)
    if rest @ rest <= 1e-20 * max(values @ values, 1e-300):
        raise InputError("the series does not vary about its design: there is nothing to break")
    freedom = n - base.shape[1] - 1
    f = _f(rest[None], steps, freedom)
    best = int(f[0].argmax())
    own = rest - steps[best] * (steps[best] @ rest)
    rho, p = float(_lag_one(own[None])[0]), None
    if generator is not None:
        rho, p = _p_values(f, own, base, steps, freedom, generator_of(generator), draws)
    widening = (1 + rho) / (1 - rho) if carry and rho > 0 else 1.0
    last = int(lasts[best])
    ends = _interval(values, own, base, last, widening, level_of(level))
    low, high = (index[min(max(end, 1), n) - 1] for end in ends)
    return Break(pd.Series(f[0], index=index[lasts - 1]), index[last - 1], low, high, p, rho, n)


def _lasts(n: int, trim: float) -> np.ndarray:
    """Return how many of ``n`` periods the old regime may hold, ``trim`` kept at each end."""
    first = int(trim * n)
    if not 0 < trim < 0.5 or first < 2 or n - 2 * first < 1:
        raise InputError(
            f"trim is {trim} with {n} observations: "
            "expected a share below 0.5 that leaves two periods at each end"
        )
    return np.arange(first, n - first + 1)


def _base(fixed: pd.DataFrame | None, n: int) -> np.ndarray:
    """Return an orthonormal basis (n, 1 + q) of the constant and the ``fixed`` columns."""
    extra = np.empty((n, 0)) if fixed is None else np.asarray(fixed, dtype="float64")
    design = pd.DataFrame(np.column_stack([np.ones(n), extra]))
    return np.linalg.qr(design_of(design, n, spare=3))[0]


def _directions(base: np.ndarray, lasts: np.ndarray, n: int) -> np.ndarray:
    """Return unit vectors (dates, n): a step after each date, less what the base explains.

    The columns of the base (n, q) are orthonormal.
    """
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
    f: np.ndarray,
    own: np.ndarray,
    base: np.ndarray,
    steps: np.ndarray,
    freedom: int,
    generator: np.random.Generator,
    draws: int,
) -> tuple[float, dict[str, float]]:
    """Return the autocorrelation, and the share of simulated series with statistics as large.

    Series are simulated with all autocorrelations. Each counts as much as its own estimate, after
    its own largest break is taken out, resembles that of the series under test.
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
    rho = float(weights @ rhos / max(total, 1e-300))
    return rho, dict(zip(NAMES, ((1 + hits) / (1 + total)).tolist()))


def _interval(
    values: np.ndarray, own: np.ndarray, base: np.ndarray, last: int, widening: float, level: float
) -> tuple[int, int]:
    """Return the interval of the number of periods in the old regime."""
    step = (np.arange(len(values)) >= last).astype(float)
    step -= base @ (base.T @ step)
    jump = float(step @ values / (step @ step))
    before, after = (
        max(widening * float(np.square(part).mean()), 1e-150) for part in (own[:last], own[last:])
    )
    return date_interval(last, max(jump**2, 1e-150), (before, after), level)
