"""Several tests at once: Holm for the few primaries, Benjamini-Hochberg for secondary ones."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.base.errors import InputError


def holm(p: pd.Series | Mapping[str, float]) -> pd.Series:
    """Return p-values so adjusted that the chance of any false finding stays below the level.

    Parameters
    ----------
    p : pandas.Series of float or mapping of str to float, length m
        p-values by name, 0 to 1.

    Returns
    -------
    pandas.Series of float, shape (m,), same index and order
        Adjusted p-values.

    Raises
    ------
    InputError
        There is no p-value, or one is no number from 0 to 1.

    References
    ----------
    * Holm (1979), A simple sequentially rejective multiple test procedure.

    Examples
    --------
    The smallest of three is taken three times, the next twice, the last once.

    >>> holm({"incidents": 0.01, "deaths": 0.02, "lethality": 0.2}).round(6).to_dict()
    {'incidents': 0.03, 'deaths': 0.04, 'lethality': 0.2}
    """
    return _adjusted(p, "holm")


def benjamini_hochberg(p: pd.Series | Mapping[str, float]) -> pd.Series:
    """Return p-values so adjusted that the expected share of false findings stays below the level.

    Parameters
    ----------
    p : pandas.Series of float or mapping of str to float, length m
        p-values by name, 0 to 1.

    Returns
    -------
    pandas.Series of float, shape (m,), same index and order
        Adjusted p-values.

    Raises
    ------
    InputError
        There is no p-value, or one is no number from 0 to 1.

    References
    ----------
    * Benjamini and Hochberg (1995), Controlling the false discovery rate: a practical and powerful
      approach to multiple testing.

    Examples
    --------
    The smallest of three is taken 3 / 1 times, the next 3 / 2 times, the last 3 / 3 times.

    >>> benjamini_hochberg({"a": 0.01, "b": 0.03, "c": 0.2}).round(6).to_dict()
    {'a': 0.03, 'b': 0.045, 'c': 0.2}
    """
    return _adjusted(p, "fdr_bh")


def _adjusted(p: pd.Series | Mapping[str, float], method: str) -> pd.Series:
    from statsmodels.stats.multitest import multipletests

    values = pd.Series(p, dtype="float64")
    if values.empty:
        raise InputError("there is no p-value to adjust: expected at least one")
    wrong = ~(np.isfinite(values) & values.between(0, 1))
    if wrong.any():
        raise InputError(
            f"the p-value of '{values.index[wrong][0]}' is {values[wrong].iloc[0]}: "
            "expected a number from 0 to 1"
        )
    return pd.Series(multipletests(values, method=method)[1], index=values.index, name=values.name)
