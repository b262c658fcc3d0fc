"""How unevenly violence is spread over places or groups, with intervals that draw whole clusters.

Shares, location quotients, the Gini coefficient, the Herfindahl-Hirschman index and Theil's T with its split between and within
groups of units (Theil 1967; Cowell 2011).
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import level_of
from helpers.stats.estimate import Estimate
from helpers.stats.shares.clusters import few, resampled, wide_of

DRAWS = 1999


def shares(
    table: pd.DataFrame, generator: np.random.Generator, *, draws: int = DRAWS, level: float = 0.95
) -> pd.DataFrame:
    """Return unit, share, low and high by unit (columns of ``table``; rows are clusters such as months)."""
    values = wide_of(table)
    totals = resampled(values, generator, draws)
    drawn = totals / totals.sum(axis=1, keepdims=True)
    low, high = np.quantile(drawn, [0.5 - level_of(level) / 2, 0.5 + level / 2], axis=0)
    return pd.DataFrame(
        {
            "unit": list(table.columns),
            "share": values.sum(axis=0) / values.sum(),
            "low": low,
            "high": high,
        }
    )


def location_quotients(
    table: pd.DataFrame,
    reference: pd.Series,
    generator: np.random.Generator,
    *,
    draws: int = DRAWS,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return unit, quotient, low and high: a unit's share over its share of ``reference`` (population, area; by unit, above 0)."""
    missing = [unit for unit in table.columns if unit not in reference.index]
    if missing:
        raise InputError(f"the reference has no value for '{missing[0]}'")
    base = reference.loc[list(table.columns)].to_numpy("float64")
    if not (np.isfinite(base) & (base > 0)).all():
        raise InputError(
            f"the reference of '{table.columns[int(np.argmin(np.isfinite(base) & (base > 0)))]}' is not above 0"
        )
    found, scale = shares(table, generator, draws=draws, level=level), base.sum() / base
    columns = {
        "share": found["share"] * scale,
        "low": found["low"] * scale,
        "high": found["high"] * scale,
    }
    return found.assign(**columns).rename(columns={"share": "quotient"})


def gini(
    table: pd.DataFrame, generator: np.random.Generator, *, draws: int = DRAWS, level: float = 0.95
) -> Estimate:
    """Return the Gini coefficient over units: 0 when all have the same, (n - 1) / n when one of n has all."""
    return _measure(_gini, "Gini coefficient", table, generator, draws, level)


def herfindahl(
    table: pd.DataFrame, generator: np.random.Generator, *, draws: int = DRAWS, level: float = 0.95
) -> Estimate:
    """Return the sum of squared shares over units: 1 / n when all of n have the same, 1 when one has all."""
    return _measure(_herfindahl, "Herfindahl-Hirschman index", table, generator, draws, level)


def theil(
    table: pd.DataFrame,
    groups: Mapping[str, str],
    generator: np.random.Generator,
    *,
    draws: int = DRAWS,
    level: float = 0.95,
) -> dict[str, Estimate]:
    """Return Theil's T over units as total, between and within ``groups`` (unit to group); the last two add up to the first.

    0 when all units have the same, ln n when one of n has all.
    """
    missing = [unit for unit in table.columns if unit not in groups]
    if missing:
        raise InputError(f"the unit '{missing[0]}' has no group")
    names = [groups[unit] for unit in table.columns]
    member = np.array(
        [[name == group for name in names] for group in dict.fromkeys(names)], dtype=float
    )
    parts: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "total": _theil,
        "between": lambda totals: _between(totals, member),
        "within": lambda totals: _theil(totals) - _between(totals, member),
    }
    states = generator.spawn(1)[0].bit_generator.seed_seq
    return {
        name: _measure(
            measure, f"Theil's T, {name}", table, np.random.default_rng(states), draws, level
        )
        for name, measure in parts.items()
    }


def _measure(
    measure: Callable[[np.ndarray], np.ndarray],
    name: str,
    table: pd.DataFrame,
    generator: np.random.Generator,
    draws: int,
    level: float,
) -> Estimate:
    values = wide_of(table)
    if values.shape[1] < 2:
        raise InputError("there is one unit: expected at least two to be uneven")
    drawn = measure(resampled(values, generator, draws))
    low, high = np.quantile(drawn, [0.5 - level_of(level) / 2, 0.5 + level / 2])
    return Estimate(
        float(measure(values.sum(axis=0)[None])[0]),
        float(low),
        float(high),
        None,
        len(values),
        f"{name} of {values.shape[1]} units, bootstrap of {len(values)} clusters",
        level,
        few(len(values)),
    )


def _gini(totals: np.ndarray) -> np.ndarray:
    ordered, n = np.sort(totals, axis=1), totals.shape[1]
    return ordered @ (2 * np.arange(1, n + 1) - n - 1) / (n * totals.sum(axis=1))


def _herfindahl(totals: np.ndarray) -> np.ndarray:
    return np.square(totals / totals.sum(axis=1, keepdims=True)).sum(axis=1)


def _theil(totals: np.ndarray) -> np.ndarray:
    part = totals / totals.sum(axis=1, keepdims=True)
    return np.where(part > 0, part * np.log(np.where(part > 0, part, 1) * totals.shape[1]), 0).sum(
        axis=1
    )


def _between(totals: np.ndarray, member: np.ndarray) -> np.ndarray:
    part = totals @ member.T / totals.sum(axis=1, keepdims=True)
    fair = member.sum(axis=1) / member.shape[1]
    return np.where(part > 0, part * np.log(np.where(part > 0, part, 1) / fair), 0).sum(axis=1)
