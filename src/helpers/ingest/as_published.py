"""Rows that a rule of plausibility calls odd and that a file states all the same.

A rule of steadiness knows the table at hand: how far its largest value stands from the next. A
smaller file of somebody else's has other distances, and what it states is what was published. So a
table built from a file takes such rows as they are and names them in its sidecar, where whoever
looks finds them; an edit by hand meets the rule as before.
"""

from pathlib import Path

import pandas as pd

from helpers.raw.contract import typed
from helpers.raw.put import as_text, put
from helpers.raw.rules import Rule, Steady, breaking
from helpers.raw.sidecar import Sidecar


def publish(frame: pd.DataFrame, table: Path, sidecar: Sidecar) -> None:
    """Put a table that was built from a publisher's file in place.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        The table.
    table : pathlib.Path
        Where to write it; the sidecar goes beside it.
    sidecar : Sidecar
        The description; rows that break a rule of steadiness become known to it.

    Raises
    ------
    InputError
        As of :func:`helpers.raw.put.put`.
    """
    put(frame, table, as_published(frame, sidecar))


def as_published(frame: pd.DataFrame, sidecar: Sidecar) -> Sidecar:
    """Return the sidecar with the rows named that are not steady as published.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    sidecar : Sidecar
        With its key; without one no row can be named, and the rules stay as they are.

    Returns
    -------
    Sidecar
        With the rows under each rule of steadiness that they break.

    Examples
    --------
    >>> from helpers.raw.sidecar import Column
    >>> columns = {name: Column(type="integer", meaning="a number") for name in ("year", "n")}
    >>> sidecar = Sidecar.model_construct(
    ...     key=["year"], columns=columns, rules=[Steady(rule="steady", column="n", factor=5)])
    >>> frame = pd.DataFrame({"year": [2001, 2002, 2003], "n": [12, 900, 15]})
    >>> as_published(frame, sidecar).rules[0].known
    [{'year': '2002'}]
    """
    rules = [rule for rule in sidecar.rules if isinstance(rule, Steady)]
    if not rules or not sidecar.key or list(frame.columns) != list(sidecar.columns):
        return sidecar
    text = as_text(frame)
    try:
        values = typed(text, sidecar)
    except (ValueError, TypeError):  # a cell of another type: the contract tells which
        return sidecar
    known = [_named(rule, text, values, sidecar.key) for rule in sidecar.rules]
    return sidecar.model_copy(update={"rules": known})


def _named(rule: Rule, text: pd.DataFrame, values: pd.DataFrame, key: list[str]) -> Rule:
    """Return a rule that knows the rows that break it; with one row gone the next may stand out."""
    if not isinstance(rule, Steady):
        return rule
    while (odd := breaking(rule, text, values)).any():
        rows = [
            {str(name): str(cell) for name, cell in row.items()}
            for row in text.loc[odd, key].to_dict("records")
        ]
        rule = rule.model_copy(update={"known": rule.known + rows})
    return rule


def named_rows(sidecar: Sidecar, before: list[Rule]) -> list[str]:
    """Return in words which rows break a rule as published beside those known before.

    Parameters
    ----------
    sidecar : Sidecar
        Of the table that was built.
    before : list of Rule
        The rules as the facts state them.

    Returns
    -------
    list of str
        One a row.

    Examples
    --------
    >>> rule = Steady(rule="steady", column="n", factor=5)
    >>> after = rule.model_copy(update={"known": [{"year": "2002"}]})
    >>> named_rows(Sidecar.model_construct(rules=[after]), [rule])
    ['year 2002: n is not steady']
    """
    found = []
    for rule, old in zip(sidecar.rules, before):
        what = getattr(rule, "column", "") or ", ".join(getattr(rule, "columns", []))
        words = {"steady": "is not steady", "order": "are out of order", "total": "is no sum"}
        for row in rule.known:
            if row not in old.known and rule.rule in words:
                where = ", ".join(f"{name} {cell}" for name, cell in row.items())
                found.append(f"{where}: {what} {words[rule.rule]}")
    return found
