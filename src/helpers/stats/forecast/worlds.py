"""Forecasts from a past that is not known for certain.

Where the last periods are provisional, a forecast from one guess of them is too sure. So the models
are fitted to several possible pasts, and their futures are laid together.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of
from helpers.stats.forecast.models import MODELS, Model
from helpers.stats.forecast.rolling import ensembles
from helpers.stats.parallel import over


def from_worlds(
    pasts: Sequence[pd.Series],
    horizon: int,
    generator: np.random.Generator,
    *,
    models: Mapping[str, Model] = MODELS,
    draws: int = 300,
    scored: pd.DataFrame | None = None,
    workers: int = 1,
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Return the ensembles of each model and of the pool over several possible pasts.

    Parameters
    ----------
    pasts : sequence of pandas.Series of int, shape (n,) each, regular periods
        Possible counts up to the origin, each as likely as the others, all of the same periods.
    horizon, models, scored
        As of :func:`helpers.stats.forecast.rolling.ensembles`.
    generator : numpy.random.Generator
        Parent of the generators of the pasts.
    draws : int
        Paths of each ensemble from each past.
    workers : int
        Number of processes; it changes no answer.

    Returns
    -------
    ensembles : dict of str to numpy.ndarray, shape (draws, horizon)
        By model, the draws from one past after those from another.
    failed : dict of str to str
        Sentence by model that failed with at least one past; it is left out whole, or else its
        cloud would stand for other pasts than those of the others.

    Raises
    ------
    InputError
        When there is no past, their periods differ, or as of
        :func:`helpers.stats.forecast.rolling.ensembles`.

    Examples
    --------
    The last value of two pasts is 6 or 8, and so is a naive forecast.

    >>> import numpy as np, pandas as pd
    >>> from helpers.stats.forecast.models import naive
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> pasts = [pd.Series([last] * 12, years) for last in (6, 8)]
    >>> found, _ = from_worlds(
    ...     pasts, 1, np.random.default_rng(1), models={"naive": naive}, draws=2
    ... )
    >>> found["naive"].T.tolist()
    [[6.0, 6.0, 8.0, 8.0]]
    """
    if not isinstance(pasts, (list, tuple)) or not pasts:
        raise InputError("there is no past to forecast from; expected a list of series")
    if not all(isinstance(one, pd.Series) for one in pasts):
        raise InputError("a possible past is no series of counts by period")
    if any(not one.index.equals(pasts[0].index) for one in pasts):
        raise InputError("the possible pasts are not of the same periods")
    generator = generator_of(generator)
    one = partial(_of_past, horizon=horizon, models=models, draws=draws, scored=scored)
    parts = over(one, pasts, generator, workers=workers)
    failed = {name: why for _, reasons in parts for name, why in reasons.items()}
    kept = [name for name in parts[0][0] if name not in failed]
    return {name: np.concatenate([found[name] for found, _ in parts]) for name in kept}, failed


def _of_past(
    past: pd.Series,
    generator: np.random.Generator,
    *,
    horizon: int,
    models: Mapping[str, Model],
    draws: int,
    scored: pd.DataFrame | None,
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Return the ensembles from one past, in the order in which workers call."""
    return ensembles(past, horizon, generator, models=models, draws=draws, scored=scored)
