"""Several tests at once: Holm for the few primaries, Benjamini-Hochberg within a family of secondary ones."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.base.errors import InputError


def holm(p: pd.Series | Mapping[str, float]) -> pd.Series:
    """Return adjusted p-values by name (Holm 1979): the chance of any false finding stays below the level."""
    return _adjusted(p, "holm")


def benjamini_hochberg(p: pd.Series | Mapping[str, float]) -> pd.Series:
    """Return adjusted p-values by name (Benjamini and Hochberg 1995): the expected share of false findings stays below it."""
    return _adjusted(p, "fdr_bh")


def _adjusted(p: pd.Series | Mapping[str, float], method: str) -> pd.Series:
    from statsmodels.stats.multitest import multipletests

    values = pd.Series(p, dtype="float64")
    if values.empty:
        raise InputError("there is no p-value to adjust: expected at least one")
    wrong = ~(np.isfinite(values) & values.between(0, 1))
    if wrong.any():
        raise InputError(
            f"the p-value of '{values.index[wrong][0]}' is {values[wrong].iloc[0]}: expected a number from 0 to 1"
        )
    return pd.Series(multipletests(values, method=method)[1], index=values.index, name=values.name)
