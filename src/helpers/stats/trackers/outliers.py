"""Figures that the others do not bear out, as one with a slipped digit."""

import numpy as np
import pandas as pd

from helpers.stats.parallel import over
from helpers.stats.trackers.calibration import SEED, sampler
from helpers.stats.trackers.fit import Fit
from helpers.stats.trackers.model import log_likelihood
from helpers.stats.trackers.simulate import WORLDS, printed
from helpers.stats.trackers.variables import Priors

ALARM = 0.001  # tail probability below which a figure is suspect
ERRORS = {"doubled": 2.0, "trebled": 3.0, "a digit more": 10.0, "a digit less": 0.1}
SETS, SPOILT = 12, 8  # data sets of the trial, and figures spoilt in each


def outliers(fit: Fit, value: np.ndarray) -> pd.DataFrame:
    """Return how far each figure is from what all other figures let expect.

    A figure is left out by weighing the draws by one over its likelihood, so that no fit is needed
    for it (Gelfand 1996); weights are cut at the mean times the root of the number of draws
    (Ionides 2008), because one draw must not speak for all.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    value : numpy.ndarray of float, shape (n_figures,)
        The figures that it was fitted to.

    Returns
    -------
    pandas.DataFrame, one row a figure in the order of the design
        ``source``, ``quantity``, ``first`` and ``last`` month, ``value``, ``expected`` (mean of the
        others' prediction), ``tail`` (two-sided probability of a figure as far out) and ``suspect``
        (below :data:`ALARM`).
    """
    from scipy.stats import nbinom

    design = fit.design
    mean, size = fit.draws["mean"], fit.draws["concentration"]
    given = nbinom(size, size / (size + mean))
    likely = np.asarray(log_likelihood(value, mean, size, Priors()))
    weight = np.exp(likely.min(axis=0) - likely)
    weight = np.minimum(weight, weight.mean(axis=0) * np.sqrt(len(weight)))
    weight /= weight.sum(axis=0)
    # Half of what is on the spot: a count is never surprising for being the likeliest one.
    below = (weight * (given.cdf(value) - 0.5 * given.pmf(value))).sum(axis=0)
    month = design.cells % len(design.months)
    first = np.full(len(value), len(design.months))
    last = np.zeros(len(value), int)
    np.minimum.at(first, design.cell_figure, month)
    np.maximum.at(last, design.cell_figure, month)
    source, quantity = zip(*(design.levels[place] for place in design.level))
    tail = 2 * np.minimum(below, 1 - below)
    return pd.DataFrame(
        {
            "source": source,
            "quantity": quantity,
            "first": design.months[first].astype(str),
            "last": design.months[last].astype(str),
            "value": value,
            "expected": (weight * mean).sum(axis=0),
            "tail": tail,
            "suspect": tail < ALARM,
        }
    )


def trial(seed: int = SEED, sets: int = SETS, workers: int = 1) -> pd.DataFrame:
    """Return which figures are suspect where some were spoilt.

    Parameters
    ----------
    seed : int
        Of the worlds, the errors and the fits.
    sets : int
        Data sets, each with some spoilt figures.
    workers : int
        Processes; the answers do not depend on it.

    Returns
    -------
    pandas.DataFrame, one row a data set and figure
        ``error`` (``none`` or one of :data:`ERRORS`), ``months`` and ``suspect``.
    """
    found = over(_spoilt, range(sets), np.random.default_rng(seed), workers=workers)
    return pd.concat(found, ignore_index=True)


def shares(tried: pd.DataFrame) -> pd.DataFrame:
    """Return the share of errors that are found, and of sound figures that are suspect.

    Parameters
    ----------
    tried : pandas.DataFrame
        As :func:`trial` returns it.

    Returns
    -------
    pandas.DataFrame, one row an error and number of months
        ``error``, ``months``, ``figures`` and the share ``suspect``.

    Examples
    --------
    >>> tried = pd.DataFrame({"error": ["none", "none"], "months": 1, "suspect": [True, False]})
    >>> shares(tried).values.tolist()
    [['none', 1, 2, 0.5]]
    """
    groups = tried.groupby(["error", "months"])["suspect"]
    return groups.agg(figures="size", suspect="mean").reset_index()


def _spoilt(number: int, rng: np.random.Generator) -> pd.DataFrame:
    figures, _ = WORLDS[0].draw(rng)
    value = figures["value"].to_numpy(float, copy=True)
    error = np.full(len(value), "none", dtype=object)
    at = rng.choice(np.flatnonzero(value >= 10), SPOILT, replace=False)
    error[at] = rng.choice(list(ERRORS), SPOILT)
    value[at] = np.round(value[at] * [ERRORS[name] for name in error[at]])
    told = outliers(sampler().draw(value, int(rng.integers(2**31))), value)
    months = printed()["months"].map(len)
    return pd.DataFrame({"error": error, "months": months, "suspect": told["suspect"]})
