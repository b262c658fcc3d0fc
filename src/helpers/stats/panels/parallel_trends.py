"""How far trends may part before a difference-in-differences says nothing any more.

Parallel trends cannot be tested after the event. Rambachan and Roth (2023) bound how far they part
by what the periods before show: from one period to the next the slope of the difference changes by
at most a given amount (smoothness), or the difference moves by at most a multiple of its largest
move before (relative). Under smoothness the interval is diff-diff's shortest of fixed length, which
agrees with the authors' R package ``HonestDiD``. Under the relative bound diff-diff takes the
largest move before as known; here every move before may have been the largest, which makes each end
linear in the estimates, and the interval is the union of theirs: a little longer than R's
conditional test, and as safe.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import level_of, numbers
from helpers.stats.estimate import Estimate

Bound = Literal["smoothness", "relative"]


@dataclass(frozen=True)
class TrendBounds:
    """An effect under bounded violations of parallel trends.

    Attributes
    ----------
    set_low, set_high : float
        Ends of what the estimates allow were they without error; NaN where the differences before
        the event bend more than the bound allows.
    effect : Estimate
        The effect under parallel trends with its robust interval, in the unit of the outcome.
    """

    set_low: float
    set_high: float
    effect: Estimate


def trend_bounds(
    effects: pd.Series,
    covariance: pd.DataFrame,
    size: float,
    *,
    bound: Bound = "smoothness",
    weights: pd.Series | None = None,
    level: float = 0.95,
) -> TrendBounds:
    """Return the interval of an effect that holds although trends part by a bounded amount.

    Parameters
    ----------
    effects : pandas.Series of float, shape (k,), by periods since treatment
        An event study measured from period -1, which is left out or 0: periods -2 and before are
        what trends did, from 0 on effects; as ``by_event`` of
        :func:`helpers.stats.panels.staggered.group_time_effects` with ``universal``.
    covariance : pandas.DataFrame of float, shape (k, k), by the same periods
        Of the effects.
    size : float
        At least 0: how much the slope of the difference may change from period to period, in the
        unit of the outcome (smoothness), or the multiple of the largest move before (relative).
    bound : {"smoothness", "relative"}
        What is bounded.
    weights : pandas.Series of float, optional, by periods since treatment
        Weights of the periods from 0 on whose sum is the effect; their mean without it.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    TrendBounds
        The estimated bounds and the interval.

    Raises
    ------
    InputError
        For periods that are no consecutive whole numbers, fewer than two before the event or none
        after, an unknown bound, a negative size, or a covariance that does not fit.

    References
    ----------
    Rambachan and Roth (2023), A more credible approach to parallel trends.

    Examples
    --------
    A difference of 2 after a flat course before; the more it may bend, the less is known.

    >>> import numpy as np, pandas as pd
    >>> since = [-3, -2, 0, 1]
    >>> effects = pd.Series([0.0, 0.0, 2.0, 2.0], since)
    >>> covariance = pd.DataFrame(np.eye(4) / 100, since, since)
    >>> first = pd.Series([1.0, 0.0], [0, 1])
    >>> found = [trend_bounds(effects, covariance, m, weights=first) for m in (0.0, 0.5)]
    >>> [(round(one.set_low, 3), round(one.set_high, 3)) for one in found]
    [(2.0, 2.0), (1.5, 2.5)]
    >>> bool(found[1].effect.low < found[0].effect.low)
    True
    """
    values, matrix, since = _checked(effects, covariance)
    if bound not in ("smoothness", "relative"):
        raise InputError(f"bound is '{bound}': expected smoothness or relative")
    if not (np.isfinite(size) and size >= 0):
        raise InputError(f"size is {size}: expected a number of at least 0")
    share = _shares(weights, since[since >= 0])
    ends = _smooth if bound == "smoothness" else _relative
    low, high, set_low, set_high = ends(values, matrix, since, share, size, level_of(level))
    said = "before the event the differences bend more than the bound allows: raise it"
    estimate = Estimate(
        float(share @ values[since >= 0]),
        low,
        high,
        None,
        len(since),
        f"{bound} of violations of parallel trends at most {size:g}",
        level,
        (said,) if np.isnan(set_low) else (),
    )
    return TrendBounds(set_low, set_high, estimate)


def _smooth(
    values: np.ndarray,
    matrix: np.ndarray,
    since: np.ndarray,
    share: np.ndarray,
    size: float,
    level: float,
) -> tuple[float, float, float, float]:
    """Return the ends of the interval and of the set where slopes change by at most ``size``."""
    from diff_diff import HonestDiD
    from diff_diff.results_base import EventStudyResults

    put = int((since < -1).sum())
    labels, att = np.insert(since, put, -1), np.insert(values, put, 0.0)
    errors = np.insert(np.sqrt(np.diag(matrix)), put, np.nan)
    study = EventStudyResults(
        *(labels, att, errors, att / errors, errors, errors, errors, labels == -1, errors),
        reference_period=-1,
        vcov=matrix,
        vcov_index=since,
        source="CallawaySantAnnaResults",
        base_period="universal",
        anticipation=0,
        reference_event_times=(-1,),
    )
    try:
        found = HonestDiD("smoothness", float(size), 1 - level, share).fit(study)
    except ValueError as error:
        raise InputError(f"the bounds cannot be computed: {error}") from None
    return float(found.ci_lb), float(found.ci_ub), float(found.lb), float(found.ub)


def _relative(
    values: np.ndarray,
    matrix: np.ndarray,
    since: np.ndarray,
    share: np.ndarray,
    size: float,
    level: float,
) -> tuple[float, float, float, float]:
    """Return the same where moves are at most ``size`` times the largest one before."""
    from scipy.stats import norm

    before = int((since < -1).sum())
    # The moves before lead from each period to the next, the last to period -1, which is 0.
    moves = np.eye(before, len(since), 1) - np.eye(before, len(since))
    moves[-1, before:] = 0
    # The move into a period after the event shifts that period and all that follow.
    reach = size * np.abs(np.cumsum(share[::-1])).sum()
    target = np.r_[np.zeros(before), share]
    largest = np.vstack([moves, -moves]) * reach
    quantile = float(norm.ppf(0.5 + level / 2))

    def farthest(sign: int) -> tuple[float, float]:
        lines = sign * target + largest
        centres = lines @ values
        errors = np.sqrt(np.einsum("ij,jk,ik->i", lines, matrix, lines))
        return sign * float((centres + quantile * errors).max()), sign * float(centres.max())

    (low, set_low), (high, set_high) = farthest(-1), farthest(1)
    return low, high, set_low, set_high


def _checked(
    effects: pd.Series, covariance: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return effects, covariance and periods without period -1, in order."""
    if not isinstance(effects, pd.Series) or not isinstance(covariance, pd.DataFrame):
        raise InputError("expected effects as a Series and their covariance as a DataFrame")
    since = numbers(pd.Series(effects.index), "the periods since treatment", 1)
    effects = effects.set_axis(since).sort_index().drop(-1.0, errors="ignore")
    steps = np.r_[effects.index, -1.0]
    steps.sort()
    if (np.diff(steps) != 1).any() or (steps != np.floor(steps)).any():
        raise InputError(
            "the periods since treatment are not consecutive whole numbers around -1, the last "
            "before treatment"
        )
    before, after = int((effects.index < -1).sum()), int((effects.index >= 0).sum())
    if before < 2 or after < 1:
        raise InputError(
            f"{before} periods before -1 and {after} from 0 on: expected at least 2 and 1"
        )
    try:
        matrix = covariance.loc[list(effects.index), list(effects.index)].to_numpy(dtype="float64")
    except (KeyError, TypeError, ValueError):
        raise InputError("the covariance does not hold the periods of the effects") from None
    smallest = np.linalg.eigvalsh(matrix).min() if np.isfinite(matrix).all() else -np.inf
    if not np.allclose(matrix, matrix.T) or smallest <= 0:
        raise InputError("the covariance is not symmetric and positive definite")
    return numbers(effects, "the effects"), matrix, effects.index.to_numpy().astype(int)


def _shares(weights: pd.Series | None, after: np.ndarray) -> np.ndarray:
    if weights is None:
        return np.full(len(after), 1 / len(after))
    return numbers(weights.reindex(after), "the weights of periods from 0 on")
