"""Forecasts scored out of sample.

At each origin the models see only what had happened, and are judged by what came. The pool learns
its spread on the way, from the outcomes that were known by then.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of, counts, generator_of, place_of, regular, shown, whole
from helpers.stats.forecast import scores
from helpers.stats.forecast.models import MODELS, Model, pool
from helpers.stats.forecast.recalibrate import rescaled, spread_at
from helpers.stats.parallel import over

ENSEMBLE = "pool"
RAW = "pool, spread as it comes"


def ensembles(
    past: pd.Series,
    horizon: int,
    generator: np.random.Generator,
    *,
    models: Mapping[str, Model] = MODELS,
    draws: int = 300,
    scored: pd.DataFrame | None = None,
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Return the ensemble of each model and of their pool, and the reasons of those that failed.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin: all that the models see.
    horizon : int
        Periods to forecast.
    generator : numpy.random.Generator
        Parent of the models' own generators; also draws the pool.
    models : mapping of str to callable
        As in :data:`helpers.stats.forecast.models.MODELS`.
    draws : int
        Paths of each ensemble.
    scored : pandas.DataFrame, optional
        Scores of a :func:`backtest` of the same series: the pool takes the spread that they teach
        by the end of ``past``.

    Returns
    -------
    ensembles : dict of str to numpy.ndarray, shape (draws, horizon)
        By model, and the pool of two or more under ``ENSEMBLE``, with as many draws from each.
    failed : dict of str to str
        Sentence by model.

    Raises
    ------
    InputError
        When there is no model, a seed stands in for the generator, or the scores are not those of a
        backtest.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from helpers.stats.forecast.models import drift, naive
    >>> past = pd.Series([7] * 12, pd.period_range("2000", periods=12, freq="Y"))
    >>> models = {"naive": naive, "drift": drift}
    >>> found, failed = ensembles(past, 3, np.random.default_rng(1), models=models, draws=5)
    >>> {name: one.shape for name, one in found.items()}
    {'naive': (5, 3), 'drift': (5, 3), 'pool': (10, 3)}
    """
    _models_of(models)
    found, failed = {}, {}
    for (name, model), own in zip(models.items(), generator_of(generator).spawn(len(models))):
        try:
            found[name] = model(past, horizon, draws, own)
        except InputError as error:
            failed[name] = str(error)
    if len(found) > 1:
        found[ENSEMBLE] = pool(found, generator)
    if scored is not None and ENSEMBLE in found:
        last = regular(past, "the past")[-1]
        found[ENSEMBLE] = rescaled(found[ENSEMBLE], spread_at(scored, RAW, last))
    return found, failed


def backtest(
    series: pd.Series,
    first: str,
    generator: np.random.Generator,
    *,
    horizon: int = 12,
    window: int = 120,
    every: int = 1,
    models: Mapping[str, Model] = MODELS,
    draws: int = 300,
    workers: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the scores of each model at each origin and horizon, and the failures.

    Origins run from ``first`` to the last period but one. At each the models see the ``window``
    periods up to it, and are judged by the ``horizon`` periods after it, as far as there are any.
    The pool of two or more stands there twice: under ``RAW`` as it comes, and under ``ENSEMBLE``
    with the spread that its own earlier forecasts teach, as far as their outcomes are known at the
    origin.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), regular periods
        Counts by period.
    first : str
        The first origin, with at least 23 periods before it.
    generator : numpy.random.Generator
        Parent of the generators of the origins.
    horizon : int
        Periods to forecast from each origin.
    window : int
        Periods that the models see, at most.
    every : int
        Periods from one origin to the next.
    models : mapping of str to callable
        As in :data:`helpers.stats.forecast.models.MODELS`.
    draws : int
        Paths of each ensemble.
    workers : int
        Number of processes; it changes no answer.

    Returns
    -------
    scores : pandas.DataFrame
        A row for each origin, model and horizon: ``origin``, ``model``, ``horizon``; in counts
        ``outcome``, ``median``, ``crps``, ``interval_80`` and ``absolute_error``; in nats
        ``log_score``; as bool ``covered_80`` and ``covered_95``; ``scaled_error`` (by the mean
        absolute change over 12 periods in the window) and ``pit``.
    failures : pandas.DataFrame
        ``origin``, ``model`` and ``reason`` of each model that could not be fitted.

    Raises
    ------
    InputError
        When the series is shorter than 24 periods, irregular or holds what is no count, the first
        origin leaves too little, or a number is out of range.

    Examples
    --------
    The naive forecast of a steady series is right until the last year, which brings 2 more.

    >>> import numpy as np, pandas as pd
    >>> from helpers.stats.forecast.models import naive
    >>> years = pd.period_range("1990", periods=30, freq="Y")
    >>> series = pd.Series([7] * 29 + [9], years)
    >>> scores, failures = backtest(
    ...     series, "2016", np.random.default_rng(1), horizon=1, models={"naive": naive}, draws=9
    ... )
    >>> scores.set_index("origin")["crps"].to_dict(), len(failures)
    ({'2016': 0.0, '2017': 0.0, '2018': 2.0}, 0)
    """
    clean = pd.Series(counts(series, "the series", 24), index=regular(series, "the series"))
    start = place_of(first, clean.index, "the first origin")
    if not 23 <= start < len(clean) - 1:
        raise InputError(
            f"the first origin {first} leaves too little: expected a period from {clean.index[23]} "
            f"to {clean.index[-2]}"
        )
    for number, name in ((horizon, "horizon"), (window, "window"), (every, "every")):
        whole(number, name)
    _models_of(models)
    one = partial(_at_origin, clean, horizon=horizon, window=window, models=models, draws=draws)
    parts = over(one, range(start, len(clean) - 1, every), generator, workers=workers)
    scored = pd.DataFrame([row for rows, _, _ in parts for row in rows])
    failures = [row for _, rows, _ in parts for row in rows]
    learned = _learned(scored, [pooled for _, _, pooled in parts if pooled], generator)
    every_score = pd.concat([scored, pd.DataFrame(learned)], ignore_index=True)
    return every_score, pd.DataFrame(failures, columns=["origin", "model", "reason"])


def _models_of(models: Mapping[str, Model]) -> None:
    """Refuse what is no mapping of names to functions, or an empty one."""
    if not isinstance(models, Mapping) or not all(callable(one) for one in models.values()):
        raise InputError(
            f"the models are {shown(models)}: expected a mapping of names to functions"
        )
    if not models:
        raise InputError("there is no model to forecast with")


def _learned(
    scored: pd.DataFrame,
    pools: list[tuple[np.ndarray, pd.Series, pd.Series]],
    generator: np.random.Generator,
) -> list[dict]:
    """Return rows of scores of each pool with the spread that is known at the end of its past."""
    rows = []
    for (pooled, past, future), own in zip(pools, generator.spawn(len(pools))):
        draws = rescaled(pooled, spread_at(scored, RAW, past.index[-1]))
        origin = str(past.index[-1])
        rows += [{"origin": origin, **row} for row in _scored(ENSEMBLE, draws, past, future, own)]
    return rows


def _at_origin(
    series: pd.Series,
    place: int,
    generator: np.random.Generator,
    *,
    horizon: int,
    window: int,
    models: Mapping[str, Model],
    draws: int,
) -> tuple[list[dict], list[dict], tuple[np.ndarray, pd.Series, pd.Series] | None]:
    """Return rows of scores, rows of failures, and the pool with its past and future."""
    past = series.iloc[max(0, place + 1 - window) : place + 1]
    future = series.iloc[place + 1 : place + 1 + horizon]
    found, failed = ensembles(past, horizon, generator, models=models, draws=draws)
    found = {RAW if name == ENSEMBLE else name: one for name, one in found.items()}
    origin = str(series.index[place])
    rows = [
        {"origin": origin, **row}
        for name, draws_of in found.items()
        for row in _scored(name, draws_of[:, : len(future)], past, future, generator)
    ]
    failures = [{"origin": origin, "model": name, "reason": why} for name, why in failed.items()]
    return rows, failures, (found[RAW][:, : len(future)], past, future) if RAW in found else None


def _scored(
    name: str, draws: np.ndarray, past: pd.Series, future: pd.Series, generator: np.random.Generator
) -> list[dict]:
    seen, values = future.to_numpy(), past.to_numpy()
    changes = np.abs(values[12:] - values[:-12])
    scale = max(float(changes.mean()), 1e-9) if len(changes) else np.nan
    median = np.median(draws, axis=0)
    columns = {
        "outcome": seen,
        "median": median,
        "crps": scores.crps_ensemble(draws, seen),
        "log_score": scores.log_score(draws, seen),
        "interval_80": scores.interval_score(draws, seen, 0.8),
        "covered_80": scores.covered(draws, seen, 0.8),
        "covered_95": scores.covered(draws, seen, 0.95),
        "absolute_error": np.abs(median - seen),
        "scaled_error": np.abs(median - seen) / scale,
        "pit": scores.pit(draws, seen, generator),
    }
    return [
        {"model": name, "horizon": step + 1, **{key: value[step] for key, value in columns.items()}}
        for step in range(len(seen))
    ]


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of each score by model, best CRPS first, with the number of forecasts.

    Parameters
    ----------
    table : pandas.DataFrame
        Scores as :func:`backtest` returns them.

    Returns
    -------
    pandas.DataFrame
        ``model``, the means of ``crps`` and ``interval_80`` (counts), ``log_score`` (nats),
        ``covered_80`` and ``covered_95`` (shares from 0 to 1) and ``scaled_error``, and
        ``forecasts``, a row for each model.

    Raises
    ------
    InputError
        When the table lacks a column, as that of a backtest in which every model failed.

    Examples
    --------
    >>> import pandas as pd
    >>> names = ["crps", "log_score", "interval_80", "covered_80", "covered_95", "scaled_error"]
    >>> table = pd.DataFrame(1.0, range(3), names).assign(model=["naive", "naive", "ETS"])
    >>> table.loc[0, "crps"] = 4.0
    >>> summary(table)[["model", "crps", "forecasts"]].values.tolist()
    [['ETS', 1.0, 1], ['naive', 2.5, 2]]
    """
    wanted = ["crps", "log_score", "interval_80", "covered_80", "covered_95", "scaled_error"]
    columns_of(table, ("model", *wanted), "the scores")
    means = table.groupby("model")[wanted].mean()
    return means.assign(forecasts=table.groupby("model").size()).sort_values("crps").reset_index()
