"""Counts whose mean remembers: integer-valued GARCH, Poisson or negative binomial.

``g(mean_t) = const + sum b_i h(y_{t-i}) + sum a_j g(mean_{t-j}) + x_t'c``. With the identity link
``h(y) = y`` and coefficients are counts (Ferland, Latour and Oraichi 2006). With the log link
``h(y) = ln(y + 1)`` and they are log rates (Fokianos and Tjostheim 2011). The mean is fitted by the
Poisson likelihood, which needs no more than a right mean; an overdispersion is estimated from
Pearson's residuals after it and widens the errors, as in R's package tscount.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Literal

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.checks import contrast_of, counts, design_of, generator_of, level_of
from helpers.stats.counts.ingarch_mean import EDGE, Link, Orders, fit_mean, mean_of
from helpers.stats.counts.negbin import FitError, few_said, log_likelihood, named, same_rows
from helpers.stats.estimate import Estimate, wald_ratio

Family = Literal["nb", "poisson"]
LASTING = 0.95  # a persistence from which on a trend or a step would look the same


@dataclass(frozen=True)
class Ingarch:
    """A fitted integer-valued GARCH.

    Attributes
    ----------
    params : pandas.Series of float, shape (k,)
        ``const``, ``count_i`` and ``mean_j`` for the lags, then the columns of the design; in
        counts or log rates, as the link has it.
    cov : pandas.DataFrame of float, shape (k, k)
        Their covariances.
    alpha : float
        NB2 dispersion: variance ``mean + alpha mean^2``; 0 for Poisson counts.
    llf : float
        Log-likelihood.
    fitted : pandas.Series of float, shape (n,)
        Means given the past, in counts.
    y : pandas.Series of float, shape (n,)
        The counts.
    orders : Orders
        Lags and link.
    warnings : tuple of str
        Sentences to read before relying on it.
    """

    params: pd.Series
    cov: pd.DataFrame
    alpha: float
    llf: float
    fitted: pd.Series
    y: pd.Series
    orders: Orders
    warnings: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """What was fitted."""
        family = "NB" if self.alpha else "Poisson"
        return f"INGARCH, {family}, {self.orders.link} link"

    @property
    def aic(self) -> float:
        """Akaike's information criterion, the dispersion counted where there is one."""
        return 2 * (len(self.params) + (self.alpha > 0)) - 2 * self.llf

    def coefficient(self, name: str, level: float = 0.95) -> Estimate:
        """Return a coefficient with its Wald interval and p-value.

        Parameters
        ----------
        name : str
            ``const``, ``count_i``, ``mean_j`` or a column of the design.
        level : float
            Confidence level of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            In counts (identity link), log rates (log link) or, for memory, without unit.

        Raises
        ------
        InputError
            When the fit has no such coefficient.

        Examples
        --------
        >>> fit = fit_ingarch(pd.Series([3, 5, 4, 6, 2, 4, 5, 3] * 4), family="poisson")
        >>> fit.coefficient("count_1").n
        32
        """
        weights = contrast_of(name, self.params.index)
        return self._wald(float(self.params[name]), weights, f"{self.method}, Wald", level)

    def ratio(self, name: str, level: float = 0.95) -> Estimate:
        """Return the rate ratio of a column in the first period that it acts in.

        Parameters
        ----------
        name : str
            A column of the design.
        level : float
            Confidence level of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            Without unit; memory adds to it in later periods, see :meth:`long_run`.

        Raises
        ------
        InputError
            When the fit has no such column, or its link is the identity, where a column adds counts
            and multiplies nothing.

        Examples
        --------
        Six quiet months in a row, then twice as many deaths at once.

        >>> y = pd.Series([8, 12, 10, 9, 11, 10] * 4 + [16, 24, 20, 18, 22, 20] * 4)
        >>> step = pd.DataFrame({"step": (y.index >= 24).astype(float)})
        >>> fit = fit_ingarch(y, step, past_means=(), family="poisson")
        >>> 1.5 < fit.ratio("step").value < 3
        True
        """
        self._column(name)
        if self.orders.link != "log":
            raise InputError(
                "with the identity link a column adds counts: ask for its coefficient or long_run"
            )
        error = float(np.sqrt(self.cov.loc[name, name]))
        method = f"{self.method}, rate ratio at once"
        return self._ratio(float(self.params[name]), error, method, level)

    def long_run(self, name: str, level: float = 0.95) -> Estimate:
        """Return the rate ratio that a lasting column ends at, its echo in the memory included.

        Parameters
        ----------
        name : str
            A column of the design that stays at 1, such as a step.
        level : float
            Confidence level of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            Ratio of the level that it leads to, other columns at 0, to the one without it, without
            unit; by the delta method.

        Raises
        ------
        InputError
            When the fit has no such column.

        Examples
        --------
        >>> y = pd.Series([8, 12, 10, 9, 11, 10] * 4 + [16, 24, 20, 18, 22, 20] * 4)
        >>> step = pd.DataFrame({"step": (y.index >= 24).astype(float)})
        >>> fit = fit_ingarch(y, step, past_means=(), family="poisson")
        >>> round(fit.long_run("step").value, 1)
        2.0
        """
        self._column(name)
        memory, slope = self._memory(), pd.Series(0.0, index=self.params.index)
        left, effect = 1 - float(self.params[memory].sum()), float(self.params[name])
        if self.orders.link == "log":
            log = effect / left
            slope[name], slope[memory] = 1 / left, effect / left**2
        else:
            const = float(self.params["const"])
            log = float(np.log1p(effect / const))
            slope[name], slope["const"] = 1 / (const + effect), 1 / (const + effect) - 1 / const
        error = float(np.sqrt(slope @ self.cov @ slope))
        return self._ratio(log, error, f"{self.method}, rate ratio in the long run", level)

    def persistence(self, level: float = 0.95) -> Estimate:
        """Return the sum of the memory's coefficients: what of a shock to the mean goes on.

        Parameters
        ----------
        level : float
            Confidence level of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            Without unit; 0 for counts without memory, near 1 for a level that hardly returns.

        Examples
        --------
        >>> y = pd.Series(np.repeat([2, 9, 4, 15, 7, 3], 8))
        >>> 0.5 < fit_ingarch(y, past_means=(), family="poisson").persistence().value < 1
        True
        """
        weights = np.array([float(name in self._memory()) for name in self.params.index])
        value = float(weights @ self.params)
        return self._wald(value, weights, f"{self.method}, sum of the memory", level)

    def residuals(self, generator: np.random.Generator) -> pd.Series:
        """Return randomised quantile residuals, standard normal when the model holds.

        Parameters
        ----------
        generator : numpy.random.Generator
            Draws each residual between the quantiles of the count and of the one below it.

        Returns
        -------
        pandas.Series of float, shape (n,)
            Without unit.

        References
        ----------
        Dunn and Smyth (1996), Randomized quantile residuals.

        Examples
        --------
        >>> fit = fit_ingarch(pd.Series([3, 5, 4, 6, 2, 4, 5, 3] * 4), family="poisson")
        >>> bool(abs(fit.residuals(np.random.default_rng(1)).mean()) < 0.3)
        True
        """
        from scipy.stats import norm

        upper, lower = self.chances(self.y), self.chances(self.y - 1)
        drawn = generator_of(generator).uniform(lower, upper)
        return pd.Series(norm.ppf(np.clip(drawn, 1e-12, 1 - 1e-12)), self.y.index)

    def chances(self, values: pd.Series) -> np.ndarray:
        """Return the chance of no more than so many counts in each period, given its past.

        Parameters
        ----------
        values : pandas.Series of float, shape (n,)
            Whole numbers, one a period; below 0 the chance is 0.

        Returns
        -------
        numpy.ndarray of float, shape (n,)
            From 0 to 1; with the counts themselves, the upper ends of the probability integral
            transform.

        Examples
        --------
        >>> fit = fit_ingarch(pd.Series([3, 5, 4, 6, 2, 4, 5, 3] * 4), family="poisson")
        >>> bool((fit.chances(fit.y - 1) < fit.chances(fit.y)).all())
        True
        """
        from scipy.stats import nbinom, poisson

        if not self.alpha:
            return np.asarray(poisson.cdf(values, self.fitted))
        size = 1 / self.alpha
        return np.asarray(nbinom.cdf(values, size, size / (size + self.fitted)))

    def simulate(
        self, generator: np.random.Generator, design: pd.DataFrame | None = None, draws: int = 1
    ) -> np.ndarray:
        """Return paths of counts from the fitted model, each from its stationary level on.

        Parameters
        ----------
        generator : numpy.random.Generator
            Source of the draws.
        design : pandas.DataFrame of float, shape (h, r), optional
            The columns of the fit; as many periods as the series without any when left out.
        draws : int
            Number of paths.

        Returns
        -------
        numpy.ndarray of int, shape (draws, h)
            Counts.

        Raises
        ------
        InputError
            When the design lacks a column of the fit.

        Examples
        --------
        >>> fit = fit_ingarch(pd.Series([3, 5, 4, 6, 2, 4, 5, 3] * 4), family="poisson")
        >>> fit.simulate(np.random.default_rng(1), draws=5).shape
        (5, 32)
        """
        columns = [name for name in self.params.index if name not in self.orders.names]
        if design is None:
            design = pd.DataFrame(0.0, index=range(len(self.y)), columns=columns)
        if missing := [name for name in columns if name not in design]:
            raise InputError(f"the design lacks the column '{missing[0]}' of the fit")
        push = design[columns].to_numpy("float64") @ self.params[columns].to_numpy()
        return _paths(self.params, self.orders, self.alpha, push, draws, generator_of(generator))

    def _memory(self) -> list[str]:
        return self.orders.names[1:]

    def _column(self, name: str) -> None:
        if name not in self.params.index or name in self.orders.names:
            columns = [one for one in self.params.index if one not in self.orders.names]
            raise InputError(f"the design has no column '{name}'" + did_you_mean(name, columns))

    def _wald(self, value: float, weights: np.ndarray, method: str, level: float) -> Estimate:
        from scipy.stats import norm

        error = float(np.sqrt(weights @ self.cov.to_numpy() @ weights))
        reach = float(norm.ppf(0.5 + level_of(level) / 2)) * error
        p = float(2 * norm.sf(abs(value) / error)) if error else None
        ends = value - reach, value + reach
        return Estimate(value, *ends, p, len(self.y), method, level, self.warnings)

    def _ratio(self, log: float, error: float, method: str, level: float) -> Estimate:
        return wald_ratio(
            log, error, len(self.y), method, level=level_of(level), warnings=self.warnings
        )


def fit_ingarch(
    y: pd.Series,
    design: pd.DataFrame | None = None,
    *,
    past_counts: Sequence[int] = (1,),
    past_means: Sequence[int] = (1,),
    link: Link = "log",
    family: Family = "nb",
) -> Ingarch:
    """Return an integer-valued GARCH of counts, with interventions or other columns.

    Parameters
    ----------
    y : pandas.Series of int, shape (n,)
        Counts by period in order of time.
    design : pandas.DataFrame of float, shape (n, r), optional
        Columns that act on the mean, such as of
        :func:`helpers.stats.counts.interventions.intervention`, the constant left out; none below 0
        with the identity link.
    past_counts, past_means : sequence of int
        Lags in periods of the counts and of the means that the mean depends on; (1,) and (1,) for
        INGARCH(1, 1), (1,) and (13,) for a season of 13 periods.
    link : {"log", "identity"}
        Whether columns multiply the mean or add to it; the identity lets none take away from it.
    family : {"nb", "poisson"}
        Distribution given the past.

    Returns
    -------
    Ingarch
        The mean by Poisson quasi-likelihood from the stationary level on, errors from the
        information and the variance of the family.

    Raises
    ------
    FitError
        When all counts are 0, or the search finds no maximum or an information that is singular.
    InputError
        When the counts, the design, a lag, the link or the family are not what is expected.

    References
    ----------
    Ferland, Latour and Oraichi (2006), Integer-valued GARCH process.
    Fokianos and Tjostheim (2011), Log-linear Poisson autoregression.
    Liboschik, Fokianos and Fried (2017), tscount: An R package for analysis of count time series.

    Examples
    --------
    Each count is close to the one before it.

    >>> y = pd.Series(np.repeat([2, 9, 4, 15, 7, 3], 8))
    >>> fit = fit_ingarch(y, past_means=(), link="identity", family="poisson")
    >>> fit.params.index.tolist(), bool(fit.params["count_1"] > 0.6)
    (['const', 'count_1'], True)
    """
    values = counts(y, "the counts", 3)
    orders = _orders(past_counts, past_means, link, len(values))
    if family not in ("nb", "poisson"):
        raise InputError(f"family is '{family}': expected nb or poisson")
    if values.sum() == 0:
        raise FitError("the counts are all 0: no mean can be fitted")
    table = pd.DataFrame(index=range(len(values))) if design is None else named(design)
    same_rows(y, table if design is not None else None, "design")
    matrix = _matrix(table, values, orders)
    found = fit_mean(values, matrix, orders)
    params = pd.Series(found, index=[*orders.names, *table.columns])
    mean, slopes = mean_of(found, values, matrix, orders)
    alpha = _alpha(values, mean, len(params)) if family == "nb" else 0.0
    index, cov = pd.Series(y).index, _covariance(mean, slopes, alpha)
    return Ingarch(
        params,
        pd.DataFrame(cov, index=params.index, columns=params.index),
        alpha,
        _llf(values, mean, alpha),
        pd.Series(mean, index),
        pd.Series(values, index),
        orders,
        _said(params, orders, alpha, family) + few_said(values, matrix, list(table.columns)),
    )


def _orders(
    past_counts: Sequence[int], past_means: Sequence[int], link: Link, periods: int
) -> Orders:
    if link not in ("identity", "log"):
        raise InputError(f"link is '{link}': expected identity or log")
    lags = []
    for given, name in ((past_counts, "past_counts"), (past_means, "past_means")):
        if not isinstance(given, Sequence) or not all(
            isinstance(lag, Integral) and 1 <= lag < periods / 2 for lag in given
        ):
            raise InputError(f"{name} is {given!r}: expected lags from 1 to half the periods")
        if len(set(given)) < len(given):
            raise InputError(f"{name} is {given!r}: a lag is given twice")
        lags.append(tuple(int(lag) for lag in given))
    if lags[1] and not lags[0]:
        raise InputError("past means without past counts remember nothing: give past_counts too")
    return Orders(lags[0], lags[1], link)


def _matrix(table: pd.DataFrame, values: np.ndarray, orders: Orders) -> np.ndarray:
    """Return the columns of the design, which with constant and memory are not too many."""
    if taken := set(orders.names) & set(table.columns):
        raise InputError(f"the design has a column '{min(taken)}', which the model names itself")
    full = design_of(table.assign(const=1.0), len(values), spare=len(orders.names))
    matrix = full[:, :-1]
    if orders.link == "identity" and (matrix < 0).any():
        raise InputError("a column is below 0, where the identity link may have no mean; use log")
    return matrix


def _alpha(values: np.ndarray, mean: np.ndarray, coefficients: int) -> float:
    """Return the dispersion at which Pearson's chi-square is its degrees of freedom, at least 0."""
    from scipy.optimize import brentq

    degrees = len(values) - coefficients

    def excess(alpha: float) -> float:
        return float(((values - mean) ** 2 / (mean + alpha * mean**2)).sum()) - degrees

    if excess(0.0) <= 0:
        return 0.0
    high = 1.0
    while excess(high) > 0 and high < 1e9:
        high *= 4
    return float(brentq(excess, 0.0, high, xtol=1e-12)) if excess(high) <= 0 else high


def _covariance(mean: np.ndarray, slopes: np.ndarray, alpha: float) -> np.ndarray:
    """Return the covariance of quasi-likelihood estimates under the variance of the family."""
    bread = (slopes / mean[:, None]).T @ slopes
    if not np.isfinite(bread).all() or np.linalg.cond(bread) > 1e15:
        raise FitError("a coefficient is not determined: memory and columns say the same")
    inverse = np.linalg.inv(bread)
    return inverse @ ((slopes * (1 / mean + alpha)[:, None]).T @ slopes) @ inverse


def _llf(values: np.ndarray, mean: np.ndarray, alpha: float) -> float:
    from scipy.stats import poisson

    if alpha:
        return log_likelihood(values, mean, alpha)
    return float(poisson.logpmf(values, mean).sum())


def _said(params: pd.Series, orders: Orders, alpha: float, family: Family) -> tuple[str, ...]:
    memory, said = params[orders.names[1:]], []
    if family == "nb" and not alpha:
        said.append("no variance above the mean: these are Poisson errors")
    if memory.sum() > LASTING:
        said.append(
            f"the memory sums to {memory.sum():.3f}: a level that hardly returns, which a trend or "
            "a step that was left out looks like"
        )
    outer = params.drop(orders.names)
    if orders.link == "identity":
        edge = [name for name in [*memory.index, *outer.index] if params[name] < 10 * EDGE]
        said += [
            f"'{name}' is 0, the border of the identity link: it may be below; use link 'log'"
            for name in edge
        ]
    return tuple(said)


def _paths(
    params: pd.Series,
    orders: Orders,
    alpha: float,
    push: np.ndarray,
    draws: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return simulated counts (draws, h)."""
    b = params[[f"count_{lag}" for lag in orders.counts]].to_numpy()
    a = params[[f"mean_{lag}" for lag in orders.means]].to_numpy()
    reach = max((*orders.counts, *orders.means), default=0)
    start = float(params["const"]) / (1 - b.sum() - a.sum())
    linear = np.full((draws, reach + len(push)), start)
    scaled, drawn = linear.copy(), np.zeros((draws, len(push)), dtype="int64")
    for step, shift in enumerate(push):
        at = reach + step
        linear[:, at] = float(params["const"]) + shift
        linear[:, at] += scaled[:, [at - lag for lag in orders.counts]] @ b
        linear[:, at] += linear[:, [at - lag for lag in orders.means]] @ a
        level = (
            linear[:, at] if orders.link == "identity" else np.exp(np.minimum(linear[:, at], 30))
        )
        if alpha:
            level = level * generator.gamma(1 / alpha, alpha, draws)
        drawn[:, step] = generator.poisson(level)
        scaled[:, at] = orders.scaled(drawn[:, step])
    return drawn
