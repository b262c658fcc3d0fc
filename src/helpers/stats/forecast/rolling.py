"""Forecasts scored out of sample: at each origin the models see only what had happened, and are judged by what came."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, place_of, regular
from helpers.stats.forecast import scores
from helpers.stats.forecast.models import MODELS, Model, pool
from helpers.stats.parallel import over

ENSEMBLE = "equal-weight pool"


def ensembles(
    past: pd.Series,
    horizon: int,
    generator: np.random.Generator,
    *,
    models: Mapping[str, Model] = MODELS,
    draws: int = 300,
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Return the ensemble of each model and of their pool from ``past`` alone, and the reasons of those that failed."""
    found, failed = {}, {}
    for (name, model), own in zip(models.items(), generator.spawn(len(models))):
        try:
            found[name] = model(past, horizon, draws, own)
        except InputError as error:
            failed[name] = str(error)
    if len(found) > 1:
        found[ENSEMBLE] = pool(found, generator)
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
    """Return scores (a row for origin, model and horizon) and failures (origin, model, reason).

    Origins run from ``first`` to the last but one period, ``every`` so many; models see the ``window`` periods up to the origin. Columns: origin, model,
    horizon, outcome, median, crps, log_score, interval_80, covered_80, covered_95, absolute_error, scaled_error (by the seasonal naive errors
    of the window), pit.
    """
    clean = pd.Series(counts(series, "the series", 24), index=regular(series, "the series"))
    start = place_of(first, clean.index, "the first origin")
    if not 23 <= start < len(clean) - 1:
        raise InputError(
            f"the first origin {first} leaves too little: expected a period from {clean.index[23]} to {clean.index[-2]}"
        )

    def one(place: int, own: np.random.Generator) -> tuple[list[dict], list[dict]]:
        past, future = (
            clean.iloc[max(0, place + 1 - window) : place + 1],
            clean.iloc[place + 1 : place + 1 + horizon],
        )
        found, failed = ensembles(past, horizon, own, models=models, draws=draws)
        rows = [
            row
            for name, draws_of in found.items()
            for row in _scored(name, draws_of[:, : len(future)], past, future, own)
        ]
        return (
            [{"origin": str(clean.index[place]), **row} for row in rows],
            [
                {"origin": str(clean.index[place]), "model": name, "reason": why}
                for name, why in failed.items()
            ],
        )

    parts = over(one, range(start, len(clean) - 1, every), generator, workers=workers)
    return (
        pd.DataFrame([row for rows, _ in parts for row in rows]),
        pd.DataFrame(
            [row for _, rows in parts for row in rows], columns=["origin", "model", "reason"]
        ),
    )


def _scored(
    name: str, draws: np.ndarray, past: pd.Series, future: pd.Series, generator: np.random.Generator
) -> list[dict]:
    seen, values = future.to_numpy(), past.to_numpy()
    scale = max(float(np.abs(values[12:] - values[:-12]).mean()), 1e-9)
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
    """Return the mean of each score by model, best CRPS first, with the number of forecasts."""
    wanted = ["crps", "log_score", "interval_80", "covered_80", "covered_95", "scaled_error"]
    means = table.groupby("model")[wanted].mean()
    return means.assign(forecasts=table.groupby("model").size()).sort_values("crps").reset_index()
