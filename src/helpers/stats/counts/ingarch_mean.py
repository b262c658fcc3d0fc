"""The mean of an integer-valued GARCH: recursion, derivatives and Poisson likelihood."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from helpers.stats.counts.negbin import FitError

Link = Literal["identity", "log"]
EDGE = 1e-6  # how close a parameter may come to the border of what is stationary
STARTS = ((0.2, 0.5), (0.6, 0.3), (0.3, 0.05))  # sums of the coefficients of counts and of means


@dataclass(frozen=True)
class Orders:
    """What the mean depends on.

    Attributes
    ----------
    counts, means : tuple of int
        Lags of past counts and of past means, in periods.
    link : {"identity", "log"}
        Scale on which it does.
    """

    counts: tuple[int, ...]
    means: tuple[int, ...]
    link: Link

    @property
    def names(self) -> list[str]:
        """Names of the constant and of the memory's coefficients."""
        return [
            "const",
            *(f"count_{lag}" for lag in self.counts),
            *(f"mean_{lag}" for lag in self.means),
        ]

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Return counts on the scale of the link.

        Parameters
        ----------
        values : numpy.ndarray of float, shape (n,)
            Counts.

        Returns
        -------
        numpy.ndarray of float, shape (n,)
            The same, or ``ln(y + 1)``.

        Examples
        --------
        >>> Orders((1,), (), "log").scaled(np.array([0.0, 1.0])).round(3).tolist()
        [0.0, 0.693]
        """
        return np.log1p(values) if self.link == "log" else values


def mean_of(
    params: np.ndarray, values: np.ndarray, matrix: np.ndarray, orders: Orders
) -> tuple[np.ndarray, np.ndarray]:
    """Return the means given the past, and their derivatives.

    What lies before the first period is the stationary level of the parameters.

    Parameters
    ----------
    params : numpy.ndarray of float, shape (k,)
        Constant, coefficients of past counts and of past means, then of the columns.
    values : numpy.ndarray of float, shape (n,)
        Counts.
    matrix : numpy.ndarray of float, shape (n, r)
        Columns that act on the mean.
    orders : Orders
        Lags and link.

    Returns
    -------
    tuple of numpy.ndarray, shapes (n,) and (n, k)
        In counts, and counts for one more of a parameter.

    Examples
    --------
    The level before the first count is 2 / (1 - .5) = 4; then 2 + .5 y of the count before.

    >>> y, none = np.array([6.0, 2.0, 0.0]), np.empty((3, 0))
    >>> mean_of(np.array([2, 0.5]), y, none, Orders((1,), (), "identity"))[0].tolist()
    [4.0, 5.0, 3.0]
    """
    p, q = len(orders.counts), len(orders.means)
    b, a = params[1 : 1 + p], params[1 + p : 1 + p + q]
    left = 1 - b.sum() - a.sum()
    level, slope = params[0] / left, params[0] / left**2  # stationary, and its derivative
    scaled = orders.scaled(values)
    past = [_lagged(scaled, lag, level) for lag in orders.counts]
    push = params[0] + matrix @ params[1 + p + q :]
    push = push + sum((w * one for w, one in zip(b, past)), np.zeros(len(values)))
    linear = _passed(push, a, orders.means, level)
    # Where a lag reaches before the first period the derivative is that of the level.
    early = [np.arange(len(values)) < lag for lag in orders.counts]
    known = sum((w * one for w, one in zip(b, early)), np.zeros(len(values)))
    echoes = [*past, *(_lagged(linear, lag, level) for lag in orders.means)]
    columns = [_passed(1 + known / left, a, orders.means, 1 / left)]
    columns += [_passed(one + known * slope, a, orders.means, slope) for one in echoes]
    columns += [_passed(one, a, orders.means, 0.0) for one in matrix.T]
    slopes = np.column_stack(columns)
    if orders.link == "identity":
        return linear, slopes
    mean = np.exp(np.clip(linear, -30, 30))
    return mean, slopes * mean[:, None]


def fit_mean(values: np.ndarray, matrix: np.ndarray, orders: Orders) -> np.ndarray:
    """Return the parameters of the highest Poisson likelihood found from several starts.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n,)
        Counts, not all 0.
    matrix : numpy.ndarray of float, shape (n, r)
        Columns that act on the mean.
    orders : Orders
        Lags and link.

    Returns
    -------
    numpy.ndarray of float, shape (k,)
        As :func:`mean_of` takes them; stationary, and with the identity link none below 0.

    Raises
    ------
    FitError
        When no search ends at a maximum.

    Examples
    --------
    Without memory the mean is that of the sample.

    >>> values, none = np.array([2.0, 4.0, 6.0, 4.0]), np.empty((4, 0))
    >>> fit_mean(values, none, Orders((), (), "identity")).round(4).tolist()
    [4.0]
    """
    from scipy.optimize import minimize

    def loss(params: np.ndarray) -> tuple[float, np.ndarray]:
        with np.errstate(all="ignore"):
            mean, slopes = mean_of(params, values, matrix, orders)
            mean = np.maximum(mean, 1e-10)
            value = float((mean - values * np.log(mean)).mean())
            slope = slopes.T @ (1 - values / mean) / len(values)
        fine = np.isfinite(value) and np.isfinite(slope).all()
        return (value, slope) if fine else (1e10, np.zeros(len(params)))

    limits, options = _limits(matrix.shape[1], orders), {"maxiter": 500, "ftol": 1e-13}
    tries = [
        minimize(loss, start, jac=True, method="SLSQP", options=options, **limits)
        for start in _starts(values, matrix.shape[1], orders)
    ]
    found = [one for one in tries if np.isfinite(one.x).all() and one.fun < 1e9]
    if not found:
        raise FitError("the search for the mean found no maximum: shorten the design or the lags")
    return np.asarray(min(found, key=lambda one: float(one.fun)).x)


def _lagged(series: np.ndarray, lag: int, before: float) -> np.ndarray:
    return np.r_[np.full(lag, before), series[: len(series) - lag]]


def _passed(
    push: np.ndarray, weights: np.ndarray, lags: tuple[int, ...], before: float
) -> np.ndarray:
    """Return what a series becomes that adds weights times its own past to each ``push``."""
    from scipy.signal import lfilter, lfiltic

    if not lags:
        return push
    back = np.zeros(max(lags) + 1)
    back[0], back[list(lags)] = 1, -weights
    state = lfiltic([1.0], back, np.full(max(lags), before))
    return np.asarray(lfilter([1.0], back, push, zi=state)[0])


def _limits(columns: int, orders: Orders) -> dict[str, Any]:
    """Return bounds and constraints that keep the mean above 0 and the memory stationary."""
    memory = len(orders.names) - 1
    weights = np.r_[0, np.ones(memory), np.zeros(columns)]
    bounds: list[tuple[float | None, float | None]]
    below = {"type": "ineq", "fun": lambda x: 1 - EDGE - weights @ x, "jac": lambda _: -weights}
    above = {"type": "ineq", "fun": lambda x: 1 - EDGE + weights @ x, "jac": lambda _: weights}
    if orders.link == "identity":
        bounds = [(EDGE, None), *[(0.0, 1 - EDGE)] * memory, *[(0.0, None)] * columns]
        return {"bounds": bounds, "constraints": [below] if memory else []}
    bounds = [(None, None), *[(EDGE - 1, 1 - EDGE)] * memory, *[(None, None)] * columns]
    return {"bounds": bounds, "constraints": [below, above] if memory else []}


def _starts(values: np.ndarray, columns: int, orders: Orders) -> list[np.ndarray]:
    """Return points to search from, whose stationary level is that of the counts."""
    level, starts = float(orders.scaled(np.array([values.mean()]))[0]), []
    for share, rest in STARTS:
        memory = [share / max(len(orders.counts), 1)] * len(orders.counts)
        memory += [rest / max(len(orders.means), 1)] * len(orders.means)
        starts.append(np.r_[level * (1 - sum(memory)) + EDGE, memory, np.full(columns, 1e-3)])
    return starts
