"""Figures over spans of months, each counted once.

Trackers print months, quarters, half-years, "January to October" and years of one series, and
totals beside their parts. A model that took them all would count the same dead several times. Two
rules keep them apart: of spans that overlap, the finest enter and a wider one gives its rest
(:func:`nested`); of figures that follow from others, none enters (:func:`independent`).
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

COVERED = "finer figures cover its months"
CROSSED = "overlaps a figure that reaches beyond it"
UNDATED = "no exact figure was printed after the span ended, so it has no rest"
SHORT = "less than the figures that it should hold"
UNLIKE = "its rest is too unlike the months beside it: the texts are of different times"
DEPENDENT = "follows from figures that enter"

UNLIKELY = 4.0  # a rest whose months hold so many times more, or fewer, than those beside it
SLACK = 10.0  # added to both sides of that comparison, so that small numbers may differ


def nested(figures: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let the figures of one series enter so that no month is covered twice.

    The finest enter first. A wider one that holds others whole gives its rest: its value at the
    time when they were printed, less theirs, over the months that they do not cover. A rest that is
    negative, or whose months are :data:`UNLIKELY` times as violent as those beside it (or as calm),
    is the difference between texts of different times and not a count; it does not enter.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a figure of one series
        ``months`` (tuple of pandas.Period), ``value``, ``vintage`` and ``url``; ``value_then``,
        ``vintage_then`` and ``url_then``: the total that finer figures of its time add up to
        (missing where there is none); ``derived`` (bool), and any further columns.

    Returns
    -------
    entered, left_out : pandas.DataFrame
        The rows that enter, a rest as a row with the months that are left and ``derived`` set; and
        the rows that do not, as they came, with the ``reason``.

    Examples
    --------
    >>> year = tuple(pd.period_range("2024-01", "2024-12", freq="M"))
    >>> rows = pd.DataFrame({"months": [year, year[:6]], "value": [100.0, 45.0]})
    >>> rows = rows.assign(value_then=rows["value"], derived=False, url="", url_then="")
    >>> rows = rows.assign(vintage="2025", vintage_then="2025")
    >>> entered, _ = nested(rows)
    >>> [(str(row.months[0]), len(row.months), row.value) for row in entered.itertuples()]
    [('2024-01', 6, 45.0), ('2024-07', 6, 55.0)]
    """
    order = figures.assign(
        _width=figures["months"].map(len),
        _first=[months[0].ordinal for months in figures["months"]],
    ).sort_values(["_width", "_first", "derived", "vintage"], ascending=[True, True, True, False])
    rows = order.drop(columns=["_width", "_first"]).to_dict("records")
    owner: dict[pd.Period, int] = {}
    entered: list[dict] = []
    left_out: list[dict] = []
    for row in rows:
        reason, row_in = _place(row, owner, entered)
        if reason:
            left_out.append(row | {"reason": reason})
        else:
            owner |= dict.fromkeys(row_in["months"], len(entered))
            entered.append(row_in)
    columns = list(figures)
    return (
        pd.DataFrame(entered, columns=columns),
        pd.DataFrame(left_out, columns=[*columns, "reason"]),
    )


def _place(row: dict, owner: dict[pd.Period, int], entered: list[dict]) -> tuple[str, dict]:
    """Return why a figure does not enter (``""`` where it does) and the form in which it does."""
    months = set(row["months"])
    held = [entered[number] for number in {owner[month] for month in months if month in owner}]
    free = tuple(month for month in row["months"] if month not in owner)
    if not held:
        return "", row
    if not free:
        return COVERED, row
    if any(not months.issuperset(other["months"]) for other in held):
        return CROSSED, row
    if pd.isna(row["value_then"]):
        return UNDATED, row
    known = sum(other["value"] for other in held)
    rest = row["value_then"] - known
    if rest < 0:
        return SHORT, row
    expected = known * len(free) / (len(months) - len(free))
    if not 1 / UNLIKELY <= (rest + SLACK) / (expected + SLACK) <= UNLIKELY:
        return UNLIKE, row
    then = {"vintage": row["vintage_then"], "url": row["url_then"], "value_then": rest}
    return "", row | then | {"months": free, "value": rest, "derived": True}


def independent(
    figures: pd.DataFrame, cells: Mapping[str, Iterable[str]], by: str = "quantity"
) -> pd.Series:
    """Say which figures of one source do not follow from those before them.

    Each figure is a sum over cells (what it counts, by month). One that is a linear combination of
    others tells nothing new, be it a total beside its parts or one part beside the total and the
    rest.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a figure, in the order in which they may enter
        ``months`` (tuple of pandas.Period) and the column ``by``.
    cells : mapping of str to iterable of str
        What each value of ``by`` is the sum of.
    by : str, default "quantity"
        The column that says what a figure counts.

    Returns
    -------
    pandas.Series of bool
        With the index of ``figures``.

    Examples
    --------
    >>> month = (pd.Period("2024-01", "M"),)
    >>> rows = pd.DataFrame({"quantity": ["civilians", "forces", "victims"], "months": [month] * 3})
    >>> parts = {"civilians": ["c"], "forces": ["f"], "victims": ["c", "f"]}
    >>> independent(rows, parts).tolist()
    [True, True, False]
    """
    held = [
        {(cell, month) for cell in cells[what] for month in months}
        for what, months in zip(figures[by], figures["months"])
    ]
    number = {cell: n for n, cell in enumerate(sorted(set().union(*held), key=str))}
    basis = np.empty((0, len(number)))
    new = []
    for own in held:
        vector = np.zeros(len(number))
        vector[[number[cell] for cell in own]] = 1.0
        size = np.linalg.norm(vector)
        for _ in range(2):  # twice, because one pass leaves errors of rounding
            vector = vector - basis.T @ (basis @ vector)
        rest = np.linalg.norm(vector)
        new.append(bool(rest > 1e-8 * size))
        if new[-1]:
            basis = np.vstack([basis, vector / rest])
    return pd.Series(new, index=figures.index, dtype=bool)
