"""What the errors of an interrupted series say of the model that was fitted to it.

A p-value rests on the noise model. Four questions are asked of each fit: do the errors that it
could not foresee still resemble each other, have the counts the distribution that it supposes, did
the level shift or turn before the event, and does one month carry the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.checks import generator_of
from helpers.stats.estimate import Estimate
from helpers.stats.months.ar_bootstrap import ArBootstrap
from helpers.stats.months.averaged import AveragedFit
from helpers.stats.months.count_regression import CountRegression
from helpers.stats.months.forms import unforeseen
from helpers.stats.months.interrupted import Fit, Interrupted
from helpers.stats.months.local_level import LocalLevel
from helpers.stats.months.memory import MemoryFit, fit_memory_counts, fit_memory_ratio

ALPHA = 0.05
LEAST = 12  # periods on either side of a shift before the event


@dataclass(frozen=True)
class Diagnostics:
    """What speaks against a fitted interrupted series.

    Attributes
    ----------
    innovations : pandas.Series of float, shape (n,), PeriodIndex
        Errors that the noise model could not foresee, in units of their scale.
    quantiles : pandas.Series of float, shape (n,), PeriodIndex
        Randomised quantile residuals of the counts about their fitted local means: standard normal
        where the distribution is right.
    autocorrelation : float
        Lag-one autocorrelation of the innovations.
    ljung_box : Estimate
        Ljung-Box statistic of the innovations with its p-value: is memory left?
    shape : Estimate
        Kolmogorov-Smirnov distance of the quantile residuals from a normal distribution, with its
        p-value.
    before : Estimate
        Rate ratio of the largest shift before the event, with a p-value that allows for the choice
        of its place and looks for turns of slope too.
    influence : pandas.DataFrame, one row a period
        Columns ``ratio``, the effect by the primary method with the period left out, and
        ``change``, by what factor that moves it; PeriodIndex.
    effect : Estimate
        The effect with all periods.
    """

    innovations: pd.Series
    quantiles: pd.Series
    autocorrelation: float
    ljung_box: Estimate
    shape: Estimate
    before: Estimate
    influence: pd.DataFrame
    effect: Estimate

    @property
    def memory_left(self) -> bool:
        """Whether the innovations still resemble each other."""
        return self.ljung_box.p is not None and self.ljung_box.p <= ALPHA

    @property
    def shifted_before(self) -> bool:
        """Whether the level shifted before the event, by the noise model's own measure."""
        return self.before.p is not None and self.before.p <= ALPHA

    @property
    def misshapen(self) -> bool:
        """Whether the counts have another distribution than the one supposed."""
        return self.shape.p is not None and self.shape.p <= ALPHA

    @property
    def one_month_decides(self) -> bool:
        """Whether leaving one period out moves the effect to the other side of none."""
        without = np.log(self.influence.dropna())
        return bool((without["ratio"] * (without["ratio"] - without["change"]) < 0).any())

    def words(self) -> str:
        """Return in one line what a reader must know.

        Returns
        -------
        str
            Such as "memory left in the residuals; a shift before the event".

        Examples
        --------
        >>> from helpers.stats.months.interrupted import interrupted
        >>> months = pd.period_range("2016-01", periods=60, freq="M")
        >>> y = pd.Series(np.random.default_rng(5).poisson(40, 60), months)
        >>> diagnose(interrupted(y, "2020-01", harmonics=0), np.random.default_rng(1)).words()
        'nothing speaks against the noise model'
        """
        found = {
            "memory left in the residuals": self.memory_left,
            "a shift before the event": self.shifted_before,
            "counts of another shape than supposed": self.misshapen,
            "one month decides the direction": self.one_month_decides,
        }
        said = [words for words, holds in found.items() if holds]
        return "; ".join(said) or "nothing speaks against the noise model"


def diagnose(
    fit: Interrupted,
    generator: np.random.Generator,
    *,
    lags: int = 12,
    omit: Iterable[int] | None = None,
) -> Diagnostics:
    """Return what speaks against a fitted interrupted series.

    Parameters
    ----------
    fit : Interrupted
        By any method.
    generator : numpy.random.Generator
        Source of the numbers that break ties in the quantile residuals.
    lags : int, default 12
        Lags of the Ljung-Box test, cut to a fifth of the periods.
    omit : iterable of int, optional
        Places of the periods that are left out one by one; all from the first term on when not
        given.

    Returns
    -------
    Diagnostics

    Raises
    ------
    InputError
        ``generator`` is a seed.

    References
    ----------
    * Ljung and Box (1978), On a measure of lack of fit in time series models.
    * Dunn and Smyth (1996), Randomized quantile residuals.
    * Andrews (1993), Tests for parameter instability and structural change with unknown change
      point.

    Examples
    --------
    Months that remember, fitted as if they did not.

    >>> from helpers.stats.months.interrupted import interrupted
    >>> months = pd.period_range("2014-01", periods=120, freq="M")
    >>> walk = np.random.default_rng(3).standard_normal(120).cumsum()
    >>> y = pd.Series(np.round(100 * np.exp(0.1 * walk)), months)
    >>> found = diagnose(interrupted(y, "2022-01", method="hac"), np.random.default_rng(1))
    >>> found.memory_left, found.autocorrelation > 0.5
    (True, True)
    """
    index = fit.series.index
    errors, scale = _innovations(fit)
    innovations = pd.Series(errors / scale, index)
    quantiles = pd.Series(_quantiles(fit, generator_of(generator)), index)
    centred = innovations - innovations.mean()
    first = float((centred[1:].to_numpy() @ centred[:-1].to_numpy()) / (centred @ centred))
    return Diagnostics(
        innovations,
        quantiles,
        first,
        _ljung_box(innovations.to_numpy(), min(lags, len(index) // 5)),
        _shape(quantiles.to_numpy()),
        _before(fit, errors, generator),
        _influence(fit, omit),
        fit.effect(),
    )


def _innovations(fit: Interrupted) -> tuple[np.ndarray, float]:
    """Return the errors (n,) that the fitted noise model could not foresee, and their scale."""
    model, counted = fit.fit, fit.series.to_numpy()
    lines = fit.design.to_numpy() @ model.params.to_numpy() + fit.offset
    if isinstance(model, MemoryFit):
        errors = model.errors
    elif isinstance(model, AveragedFit):
        errors = np.log(counted + 0.5) - lines
    else:  # a quasi-likelihood, whose latent noise alone remembers
        errors = (counted - np.exp(lines)) / np.exp(lines / 2)
    found = unforeseen(errors, *_form(model))
    return found, model.sigma if isinstance(model, MemoryFit) else float(found.std())


def _form(model: Fit) -> tuple[float, float]:
    """Return autocorrelation and moving average of the noise that a model was fitted with."""
    if isinstance(model, MemoryFit):
        return model.rho, model.theta
    if isinstance(model, LocalLevel):
        return 1.0, model.parameter
    if isinstance(model, AveragedFit):
        return model.parameter, 0.0
    return (float(model.noise.rho) if isinstance(model, ArBootstrap) else 0.0), 0.0


def _quantiles(fit: Interrupted, generator: np.random.Generator) -> np.ndarray:
    """Return randomised quantile residuals (n,) of the counts about their local means."""
    from scipy.stats import nbinom, norm, poisson

    values = fit.series.to_numpy()
    if isinstance(fit.fit, MemoryFit):
        offset = np.broadcast_to(fit.offset, len(values))[:, None]
        linear = fit.fit.outcome[:, None] + offset
        means = np.exp(CountRegression(fit.fit.design).level(linear, offset)[:, 0])
    else:
        means = np.exp(fit.design.to_numpy() @ fit.fit.params.to_numpy() + fit.offset)
    spread = float((np.square(values - means) - means).sum() / np.square(means).sum())
    if spread > 1e-6:
        size = 1 / spread
        below, above = (nbinom.cdf(values - less, size, size / (size + means)) for less in (1, 0))
    else:
        below, above = (poisson.cdf(values - less, means) for less in (1, 0))
    drawn = below + generator.random(len(values)) * (above - below)
    return norm.ppf(np.clip(drawn, 1e-10, 1 - 1e-10))


def _ljung_box(innovations: np.ndarray, lags: int) -> Estimate:
    """Return the Ljung-Box test over ``lags`` lags."""
    from statsmodels.stats.diagnostic import acorr_ljungbox

    found = acorr_ljungbox(innovations, lags=[max(lags, 1)]).iloc[0]
    words = f"Ljung-Box, {max(lags, 1)} lags"
    return Estimate(
        float(found["lb_stat"]), p=float(found["lb_pvalue"]), n=len(innovations), method=words
    )


def _shape(quantiles: np.ndarray) -> Estimate:
    """Return the distance of the quantile residuals, standardised, from a normal distribution."""
    from statsmodels.stats.diagnostic import lilliefors

    distance, p = lilliefors(quantiles, dist="norm", pvalmethod="table")
    return Estimate(float(distance), p=float(p), n=len(quantiles), method="Lilliefors")


def _before(
    fit: Interrupted, errors: np.ndarray, generator: np.random.Generator, draws: int = 499
) -> Estimate:
    """Return the largest shift or turn before the event, with a p-value for the choice of place.

    It is added to the regression in the directions in which the noise model has made the errors
    independent; normal numbers in their place give the distribution of the largest.
    """
    index, first = fit.series.index, _first(fit)
    time, places = np.arange(len(index)), np.arange(LEAST, first - LEAST + 1)
    if not len(places):
        return Estimate(1.0, n=first, method=f"fewer than {2 * LEAST} periods before the event")
    shifts = (time[:, None] >= places) * (time[:, None] < first).astype(float)
    turns = np.maximum(time[:, None] - places, 0) * (time[:, None] < first)
    white, k = _whitened(fit, np.column_stack([fit.design, shifts, turns])), fit.design.shape[1]
    basis = np.linalg.qr(white[:, :k])[0]
    added = white[:, k:] - basis @ (basis.T @ white[:, k:])
    sizes = np.sqrt(np.square(added).sum(axis=0))
    free = sizes > 1e-8
    added = added[:, free] / sizes[free]

    def largest(errors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rest = errors - basis @ (basis.T @ errors)
        scores = added.T @ rest
        ratio = np.abs(scores) / np.sqrt(np.square(rest).sum(axis=0))
        return ratio.max(axis=0), scores

    seen, scores = largest(errors[:, None])
    simulated = largest(generator.standard_normal((len(index), draws)))[0]
    p = (1 + int((simulated >= seen[0]).sum())) / (1 + draws)
    only = free[: len(places)]
    best = int(np.abs(scores[: only.sum(), 0]).argmax())
    words = f"largest of {len(places)} shifts before the event, {index[places[only][best]]}"
    ratio = float(np.exp(scores[best, 0] / sizes[free][best]))
    return Estimate(ratio, p=p, n=first, method=words)


def _whitened(fit: Interrupted, columns: np.ndarray) -> np.ndarray:
    """Return columns (n, c) in the directions in which the noise model's errors are independent."""
    if not isinstance(fit.fit, AveragedFit):  # errors are in units of the root of the mean
        logs = fit.design.to_numpy() @ fit.fit.params.to_numpy() + fit.offset
        columns = columns * np.exp(logs / 2)[:, None]
    return unforeseen(columns, *_form(fit.fit))


def _influence(fit: Interrupted, omit: Iterable[int] | None) -> pd.DataFrame:
    """Return the effect with each period left out, by the primary method."""
    term, index = fit.terms[0], fit.series.index
    places = list(range(_first(fit), len(index)) if omit is None else omit)

    def effect(design: pd.DataFrame) -> float:
        if np.linalg.matrix_rank(design) < design.shape[1]:
            return np.nan  # the term is this period alone
        if fit.comparison is not None:
            return fit_memory_ratio(fit.series, fit.comparison, design).effect(term).value
        offset = np.broadcast_to(fit.offset, len(index))
        return fit_memory_counts(fit.series, design, offset).effect(term).value

    time, whole = np.arange(len(index)), effect(fit.design)
    logs = [effect(fit.design.assign(**{"left out": 1.0 * (time == one)})) for one in places]
    ratios = np.exp(np.array(logs, dtype="float64"))
    return pd.DataFrame({"ratio": ratios, "change": ratios / np.exp(whole)}, index=index[places])


def _first(fit: Interrupted) -> int:
    """Return the place of the first period that any term reaches."""
    return min(int(np.argmax(fit.design[name].to_numpy() != 0)) for name in fit.terms)
