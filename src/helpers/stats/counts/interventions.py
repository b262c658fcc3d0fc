"""Columns of a design that say how an intervention acts over time."""

from typing import Any, Literal

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import level_of, place_of, regular

Kind = Literal["step", "ramp", "pulse", "transient"]


def intervention(
    index: pd.Index,
    when: Any,
    kind: Kind = "step",
    *,
    decay: float = 0.8,
) -> pd.Series:
    """Return the course of an intervention: from a period on, in it alone, growing or fading.

    Parameters
    ----------
    index : pandas.Index, n labels
        Periods of the series in order of time: dates, periods or numbers.
    when : str, pandas.Period, pandas.Timestamp or label
        The first period that it acts in: any date within it, or a label of an index of numbers.
    kind : {"step", "ramp", "pulse", "transient"}
        1 from then on; 1, 2, 3, ... from then on; 1 in that period alone; or 1, decay, decay^2, ...
    decay : float
        What a transient effect keeps of itself from one period to the next, between 0 and 1.

    Returns
    -------
    pandas.Series of float, shape (n,)
        0 before the intervention; named after its kind.

    Raises
    ------
    InputError
        When the kind is unknown, the decay is no share, or ``when`` lies outside the index or is
        its first period, which leaves nothing to compare with.

    References
    ----------
    Fokianos and Fried (2010), Interventions in INGARCH processes.

    Examples
    --------
    >>> months = pd.period_range("2021-01", periods=5, freq="M")
    >>> intervention(months, "2021-03-15").tolist()
    [0.0, 0.0, 1.0, 1.0, 1.0]
    >>> intervention(months, "2021-03", "ramp").tolist()
    [0.0, 0.0, 1.0, 2.0, 3.0]
    >>> intervention(months, "2021-03", "transient", decay=0.5).tolist()
    [0.0, 0.0, 1.0, 0.5, 0.25]
    """
    since = np.arange(len(index)) - _place(index, when)
    courses = {
        "step": np.ones(len(index)),
        "ramp": since + 1.0,
        "pulse": since == 0,
        "transient": level_of(decay) ** np.maximum(since, 0),
    }
    if kind not in courses:
        raise InputError(f"kind is '{kind}': expected one of {', '.join(courses)}")
    return pd.Series(np.where(since >= 0, courses[kind], 0.0), index, name=kind, dtype="float64")


def _place(index: pd.Index, when: Any) -> int:
    """Return how many periods lie before the intervention, at least one."""
    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        periods = regular(pd.Series(0, index=index), "the periods")
        place = place_of(when, periods, "the intervention")
    else:
        places = np.flatnonzero(np.asarray(index) == when)
        place = int(places[0]) if len(places) == 1 else -1
    if not 1 <= place < len(index):
        raise InputError(
            f"the intervention at {when} leaves no period on one side: "
            "expected one after the first and within the series"
        )
    return place
