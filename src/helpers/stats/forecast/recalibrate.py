"""The spread of a forecast, learned from how it did before.

Where outcomes fell too often in the middle of an ensemble, it was too wide, and the next one is
narrowed by as much, about its median and on the scale of logarithms; and the other way round.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of, level_of, numbers, positive, shown, whole

LEVEL = 0.8  # central interval that is to hold as often as it says
PRIOR = 6  # periods that a spread of 1 is worth, against those seen


def spread_of(places: ArrayLike, periods: int, level: float = LEVEL) -> float:
    """Return how much wider than before an ensemble should be.

    The ``level`` quantile of the outcomes' distance from the middle, in deviations of a normal
    distribution, over the one that a calibrated ensemble has. With few periods it is drawn towards
    1, as if six periods had been seen at which the spread was right.

    Parameters
    ----------
    places : array-like of float, shape (n,)
        Probability integral transforms of past forecasts, from 0 to 1; there may be none.
    periods : int
        Different periods that they foretold: forecasts of one period from several origins are right
        or wrong together.
    level : float
        Chance that the central interval states, between 0 and 1.

    Returns
    -------
    float
        Factor, below 1 for an ensemble that was too wide.

    Raises
    ------
    InputError
        When a place lies outside 0 and 1 or is missing, or a number is out of range.

    References
    ----------
    Dawid (1984), Statistical theory: the prequential approach.

    Examples
    --------
    Ten years of outcomes that all fell between the quartiles: far too wide.

    >>> import numpy as np
    >>> round(spread_of(np.linspace(0.25, 0.75, 120), 120), 2)
    0.43
    >>> spread_of([], 0)
    1.0
    """
    from scipy.stats import norm

    share = 0.5 + level_of(level) / 2
    seen = numbers(places, "the places", 0)
    if ((seen < 0) | (seen > 1)).any():
        raise InputError("the places hold a value outside 0 and 1")
    if len(seen) == 0:
        return 1.0
    distances = np.abs(norm.ppf(np.clip(seen, 1e-4, 1 - 1e-4)))
    wide = np.quantile(distances, level) / norm.ppf(share)
    return float(wide ** (whole(periods, "periods") / (periods + PRIOR)))


def rescaled(ensemble: np.ndarray, spread: float) -> np.ndarray:
    """Return an ensemble with its draws closer to their median, or further from it.

    Parameters
    ----------
    ensemble : numpy.ndarray of float, shape (m, h)
        Draws of counts by periods.
    spread : float
        Factor of the distance of ``ln(y + 0.5)`` from its median by period, above 0.

    Returns
    -------
    numpy.ndarray of float64, shape (m, h)
        Whole numbers of at least 0, in the same order.

    Raises
    ------
    InputError
        When ``spread`` is not above 0, or the ensemble is no table of draws of at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> rescaled(np.array([[4.0], [9.0], [20.0]]), 0.5).T
    array([[ 6.,  9., 13.]])
    """
    try:
        draws = np.asarray(ensemble, dtype="float64")
    except (TypeError, ValueError):
        raise InputError("the ensemble holds something that is not a number") from None
    if draws.ndim != 2 or draws.size == 0 or not np.isfinite(draws).all() or draws.min() < 0:
        raise InputError(
            f"the ensemble has the shape {draws.shape}: expected draws by periods, all finite and "
            "at least 0"
        )
    logs = np.log(draws + 0.5)
    middle = np.median(logs, axis=0)
    moved = np.exp(np.minimum(middle + positive(spread, "the spread") * (logs - middle), 40))
    return np.round(np.maximum(moved - 0.5, 0))


def spread_at(scored: pd.DataFrame, model: str, origin: pd.Period) -> float:
    """Return the spread that the scores of a backtest teach by some origin.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scores as of :func:`helpers.stats.forecast.rolling.backtest`; ``model``, ``origin``,
        ``horizon`` and ``pit`` are read.
    model : str
        The model whose scores count.
    origin : pandas.Period
        Outcomes up to this period, itself included, are known.

    Returns
    -------
    float
        As of :func:`spread_of`.

    Raises
    ------
    InputError
        When the scores lack a column, or the model is no name or the origin no period.

    Examples
    --------
    Of two forecasts from December only the one of January is known in January.

    >>> import pandas as pd
    >>> scored = pd.DataFrame({"model": "pool", "origin": "2020-12", "horizon": [1, 2]})
    >>> scored["pit"] = [0.9, 0.5]
    >>> round(spread_at(scored, "pool", pd.Period("2021-01", "M")), 3)
    1.0
    >>> spread_at(scored, "pool", pd.Period("2021-02", "M")) < 1
    True
    """
    if not isinstance(model, str) or not isinstance(origin, pd.Period):
        raise InputError(
            f"the model is {shown(model)} and the origin {shown(origin)}: expected a name and a "
            "pandas.Period"
        )
    table = columns_of(scored, ("model", "origin", "horizon", "pit"), "the scores")
    own = table[table["model"] == model]
    foretold = pd.PeriodIndex(own["origin"], freq=origin.freq).asi8 + own["horizon"].to_numpy()
    known = foretold <= origin.ordinal
    return spread_of(own.loc[known, "pit"], len(np.unique(foretold[known])))
