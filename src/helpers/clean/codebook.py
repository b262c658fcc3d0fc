"""The codebook of processed tables: every column with its type, its filling and its meaning."""

import pandas as pd

from helpers.base.errors import InputError

# What the cleaning adds to the columns of the raw tables, or changes in them.
ADDED = {
    "month": "first day of the month",
    "deaths": "best estimate of deaths",
    "month_start": "first day of the event's month",
    "province_then": "province at the time",
    "province": "province under today's borders",
    "ucdp_world_province_month.province": "province of today; abroad as UCDP spells it",
    "district": "canonical district",
    "period_start": "first day of the period",
    "value": "figure in force",
    "derived": "follows from totals, not printed",
    "n_values": "different values printed",
    "flag": "correction that flags it",
    "n_months": "months of the period",
    "value_then": "first exact figure printed after the period ended",
    "vintage_then": "when that text appeared",
    "url_then": "address of that text",
}


def codebook(tables: dict[str, pd.DataFrame], meanings: dict[str, str]) -> pd.DataFrame:
    """Say what stands in every column of several tables.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        The tables by name.
    meanings : dict of str to str
        Meaning by ``column``, or by ``table.column`` where a table means something of its own.

    Returns
    -------
    pandas.DataFrame, one row a column
        ``table``, ``column``, ``type`` (in plain words), ``filled_pct`` (percent of rows that are
        not missing) and ``meaning``.

    Raises
    ------
    InputError
        When a column has no meaning.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2020, 2021], "deaths": [5.0, None]})
    >>> meanings = {"year": "calendar year", "deaths": "all deaths", "t.deaths": "best estimate"}
    >>> book = codebook({"t": table}, meanings)
    >>> book[["column", "type", "filled_pct", "meaning"]].values.tolist()[1]
    ['deaths', 'number', 50.0, 'best estimate']
    """
    rows = []
    for name, frame in tables.items():
        for column in frame:
            meaning = meanings.get(f"{name}.{column}") or meanings.get(column)
            if not meaning:
                raise InputError(f"codebook: column '{column}' of '{name}' has no meaning")
            rows.append(
                (name, column, _kind(frame[column]), 100 * frame[column].notna().mean(), meaning)
            )
    return pd.DataFrame(rows, columns=["table", "column", "type", "filled_pct", "meaning"])


def _kind(series: pd.Series) -> str:
    checks = {
        "date": pd.api.types.is_datetime64_any_dtype,
        "yes or no": pd.api.types.is_bool_dtype,
        "whole number": pd.api.types.is_integer_dtype,
        "number": pd.api.types.is_numeric_dtype,
    }
    return next((name for name, check in checks.items() if check(series)), "text")
