"""The path of one unit's counts over another's, by whole years from a date, as an event study.

Each span of the ratio is measured from the last one before the event, as bounds for violated
parallel trends need it (:mod:`helpers.stats.panels.parallel_trends`). Two units give no clusters to
take a covariance from: it is that of the months, averaged over how long their errors remember
(:mod:`helpers.stats.months.memory`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, place_of, regular, whole
from helpers.stats.months.averaged import AveragedFit
from helpers.stats.months.design import Seasons, base_design
from helpers.stats.months.memory import fit_memory_ratio

LAST = -1  # the span that all others are measured from


@dataclass(frozen=True)
class RatioPath:
    """The log ratio of two series by spans, measured from the last span before an event.

    Attributes
    ----------
    effects : pandas.Series of float, shape (k,), by spans since the event
        Differences of log ratios; span -1 is left out, spans below it came before the event.
    covariance : pandas.DataFrame of float, shape (k, k), by the same spans
        Of the effects.
    weights : pandas.Series of float, by spans from 0 on
        Share of the periods from the event on; they sum to 1.
    """

    effects: pd.Series
    covariance: pd.DataFrame
    weights: pd.Series

    def table(self) -> pd.DataFrame:
        """Return the ratios with pointwise intervals of 95 %.

        Returns
        -------
        pandas.DataFrame
            Columns ``since``, ``ratio``, ``low`` and ``high``; span -1 is 1 by definition.

        Examples
        --------
        >>> since = [-2, 0]
        >>> path = RatioPath(
        ...     pd.Series([0.0, np.log(2)], since),
        ...     pd.DataFrame(np.eye(2) / 100, since, since),
        ...     pd.Series([1.0], [0]),
        ... )
        >>> path.table()["ratio"].round(6).tolist()
        [1.0, 1.0, 2.0]
        """
        from scipy.stats import norm

        errors = pd.Series(np.sqrt(np.diag(self.covariance)), self.effects.index)
        reach = float(norm.ppf(0.975)) * errors
        ends = {"ratio": self.effects, "low": self.effects - reach, "high": self.effects + reach}
        logs = pd.DataFrame(ends)
        logs.loc[LAST] = 0.0
        return np.exp(logs.sort_index()).rename_axis("since").reset_index()


def ratio_path(
    series: pd.Series,
    comparison: pd.Series,
    at: When,
    *,
    every: int = 12,
    harmonics: Seasons = 2,
) -> RatioPath:
    """Return how the ratio of two series of counts stood in each span before and after a date.

    Parameters
    ----------
    series, comparison : pandas.Series of int, shape (n,), same monthly, quarterly or yearly index
        Counts.
    at : str, pandas.Period or pandas.Timestamp
        First period after the event.
    every : int, default 12
        Periods a span; the first and the last may be shorter.
    harmonics : int or "dummies", default 2
        Seasons of the ratio.

    Returns
    -------
    RatioPath

    Raises
    ------
    InputError
        The two have other periods, fewer than two spans lie before the date or none after, or as of
        :func:`helpers.stats.months.memory.fit_memory_ratio`.

    Examples
    --------
    Both double in 2022; in 2023 the first alone is halved.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> other = pd.Series([90, 110] * 12 + [180, 220] * 12, index=months)
    >>> y = other.where(months < "2023-01", other // 2)
    >>> ratio_path(y, other, "2023-01", harmonics=0).table()["ratio"].round(1).tolist()
    [1.0, 1.0, 1.0, 0.5]
    """
    index = regular(series, "the series")
    if not index.equals(regular(comparison, "the comparison")):
        raise InputError("the series and the comparison do not run over the same periods")
    since = (np.arange(len(index)) - place_of(at, index, "the date")) // whole(every, "every")
    spans = [int(one) for one in np.unique(since) if one != LAST]
    if sum(one < LAST for one in spans) < 1 or spans[-1] < 0:
        raise InputError(
            f"the periods from {index[0]} to {index[-1]} hold no two spans of {every} before {at} "
            "and one after it"
        )
    dummies = pd.DataFrame({f"span {one}": (since == one) * 1.0 for one in spans}, index)
    design = dummies.join(base_design(index, harmonics, 0))
    effects, covariance = _averaged(fit_memory_ratio(series, comparison, design), len(spans))
    after = pd.Series(since[since >= 0]).value_counts(normalize=True).sort_index()
    return RatioPath(
        pd.Series(effects, spans), pd.DataFrame(covariance, spans, spans), after.rename(None)
    )


def _averaged(fit: AveragedFit, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first k coefficients and their covariance, over all forms of the memory.

    The forms' own covariances and the scatter of their answers add up (the law of total variance).
    """
    profile, df = fit.profile, fit.n - len(fit.params)
    shares, roots = profile.weights(), profile.roots[:, :k]
    within = roots @ roots.transpose(0, 2, 1) * (profile.rss / df)[:, None, None]
    if isinstance(profile.extra, np.ndarray):
        sizes, axes = np.linalg.eigh(profile.extra[:, :k, :k])
        within = within + (axes * np.maximum(sizes, 0)[:, None, :]) @ axes.transpose(0, 2, 1)
    found = profile.params[:, :k]
    mean = shares @ found
    apart = found - mean
    return mean, np.einsum("g,gij->ij", shares, within) + (apart.T * shares) @ apart
