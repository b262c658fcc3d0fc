"""What is counted event by event, as a series."""

from collections.abc import Iterable

import pandas as pd

from helpers.base.errors import InputError


def listed(values: Iterable[float], name: str) -> pd.Series:
    """Return values of any iterable as a series.

    Parameters
    ----------
    values : iterable of float
        Such as the deaths of each event; a generator will do.
    name : str
        What the message calls them.

    Returns
    -------
    pandas.Series, shape (n,)
        In the same order.

    Raises
    ------
    InputError
        When a single number or nothing is given.

    Examples
    --------
    >>> listed((size for size in (3, 1)), "deaths").tolist()
    [3, 1]
    >>> listed(3, "deaths")
    Traceback (most recent call last):
    helpers.base.errors.InputError: deaths: expected several numbers, found int
    """
    if not isinstance(values, Iterable):
        raise InputError(f"{name}: expected several numbers, found {type(values).__name__}")
    return pd.Series(list(values))
