"""One country on one page: the last two years compared, a forecast scored, and one ahead."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.measures import nowcast
from helpers.measures.inflation import of_sums
from helpers.stats.checks import counts
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.estimate import Estimate
from helpers.stats.forecast.rolling import ENSEMBLE
from helpers.stats.forecast.scores import crps_ensemble

NAIVE = "naive"
WORLDS = 6  # possible pasts, where the last months are provisional


def change(before: pd.Series, after: pd.Series) -> Estimate:
    """Return the ratio of two sums of counts by month, as what happened.

    Parameters
    ----------
    before, after : pandas.Series of float, shape (n_months,) each
        Counts by month of spans of one length.

    Returns
    -------
    Estimate
        The ratio of the sums, with the scatter that their months show about their own level.

    Raises
    ------
    InputError
        As of :func:`helpers.stats.counts.rates.rate_ratio` and
        :func:`helpers.measures.inflation.of_sums`.

    Examples
    --------
    >>> one = pd.Series([4.0, 6, 5, 5], pd.period_range("2023-01", periods=4, freq="M"))
    >>> change(one, 2 * one).value
    2.0
    """
    inflation = of_sums([before, after], "both spans").months
    return rate_ratio(after.sum(), before.sum(), inflation=inflation)


def log_change(before: pd.Series, after: pd.Series) -> tuple[float, float]:
    """Return the logarithm of the ratio of two sums of counts by month, and its standard error.

    Half a count is added to each sum, so that a span without any has a value too.

    Parameters
    ----------
    before, after : pandas.Series of float, shape (n_months,) each
        Counts by month of spans of one length.

    Returns
    -------
    value, error : float
        Natural logarithms; the error holds the scatter of the months.

    Examples
    --------
    >>> one = pd.Series([4.0, 6, 5, 5], pd.period_range("2023-01", periods=4, freq="M"))
    >>> value, error = log_change(one, one)
    >>> value, round(error, 2)
    (0.0, 0.31)
    """
    sums = [counts(one, "the counts").sum() + 0.5 for one in (before, after)]
    inflation = max(of_sums([before, after], "both spans").months.value, 1.0)
    return math.log(sums[1] / sums[0]), math.sqrt(inflation * (1 / sums[0] + 1 / sums[1]))


def scores(found: Mapping[str, np.ndarray], outcome: pd.Series) -> dict[str, float]:
    """Return the mean score of the pool of models and of the naive forecast.

    Parameters
    ----------
    found : mapping of str to numpy.ndarray, shape (draws, n_months) each
        Ensembles by model, as of :func:`helpers.stats.forecast.rolling.ensembles`.
    outcome : pandas.Series of float, shape (n_months,)
        What came.

    Returns
    -------
    dict of str to float
        ``crps_pool`` and ``crps_naive``, in the unit of the counts; lower is better.

    Examples
    --------
    >>> sure, months = np.full((4, 2), 3.0), pd.Series([3.0, 5.0])
    >>> scores({ENSEMBLE: sure, NAIVE: sure + 1}, months)
    {'crps_pool': 1.0, 'crps_naive': 1.0}
    """
    seen = outcome.to_numpy()
    return {
        f"crps_{name}": float(crps_ensemble(found[model][:, : len(seen)], seen).mean())
        for name, model in (("pool", ENSEMBLE), ("naive", NAIVE))
    }


def pasts(
    final: pd.Series, fresh: pd.Series, ratios: pd.Series, generator: np.random.Generator
) -> list[pd.Series]:
    """Return the pasts that a forecast is made from.

    Parameters
    ----------
    final, fresh : pandas.Series of float, PeriodIndex "M"
        Counts by month of the release, and provisional ones, of which there may be none.
    ratios : pandas.Series of float
        Final over provisional counts, where both were known; there may be none.
    generator : numpy.random.Generator
        Draws the ratios.

    Returns
    -------
    list of pandas.Series of float
        One where no month is provisional or no ratio is known, else :data:`WORLDS`; each as long as
        ``final``.

    Examples
    --------
    >>> months = pd.period_range("2025-11", periods=3, freq="M")
    >>> final, fresh = pd.Series([5.0, 6.0], months[:2]), pd.Series([4.0], months[2:])
    >>> found = pasts(final, fresh, pd.Series([1.5]), np.random.default_rng(1))
    >>> len(found), found[0].tolist()
    (6, [6.0, 6.0])
    """
    later = fresh[fresh.index > final.index[-1]]
    if later.empty or ratios.empty:
        return [final]
    worlds = nowcast.pasts(final, later, ratios, WORLDS, generator)
    return [one.iloc[-len(final) :] for one in worlds]


def bands(draws: np.ndarray, first: pd.Period) -> pd.DataFrame:
    """Return the middle eight in ten of simulated futures by month.

    Parameters
    ----------
    draws : numpy.ndarray, shape (draws, n_months)
        Simulated futures.
    first : pandas.Period
        Their first month.

    Returns
    -------
    pandas.DataFrame, index of months
        ``low``, ``median`` and ``high``.

    Examples
    --------
    >>> futures = np.arange(11.0)[:, None]
    >>> bands(futures, pd.Period("2026-01", "M")).iloc[0].tolist()
    [1.0, 5.0, 9.0]
    """
    index = pd.period_range(first, periods=draws.shape[1], freq="M")
    ends = np.quantile(draws, [0.1, 0.5, 0.9], axis=0).T
    return pd.DataFrame(ends, index, ["low", "median", "high"])
