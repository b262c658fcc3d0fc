"""Tidy monthly, quarterly and yearly series from figures as published.

**Which value is in force.** A key (source, scope, series, region, metric, period) can have several
values. Of them is taken, in this order:

1. a figure that no correction flags, then an exact one before a hedged one (about, at least, at
   most);
2. the latest vintage, because a publisher revises what it knows; texts of one month are one
   vintage, because they repeat one release; a year without a month counts as its July, and an
   undated text comes before every dated one;
3. the value that most texts of that vintage print;
4. the value of the latest day (a month without a day counts as its 15th), then the smallest, so
   that a tie never overstates.

**Which months are filled.** A stated total (year, half-year, quarter, any run of months) with
exactly one missing month gives that month: the total less the other months, marked ``derived``. The
total is the first exact one printed after its period ended, because the months are of that time
too, or else one of its last month or undated. The narrowest total goes first; two missing months, a
hedged or flagged month, a negative rest or totals that disagree leave the month empty. Quarters are
filled from their months and from wider totals alike, years from their months or quarters.
"""

from collections import defaultdict
from collections.abc import Callable

import pandas as pd

from helpers.base.errors import InputError
from helpers.clean.totals import Total, fill
from helpers.raw.periods import Span, span, start_of

SERIES = ["source", "scope", "series", "region", "metric"]
KEY = [*SERIES, "period"]
COLUMNS = [
    *SERIES,
    "period_start",
    "value",
    "derived",
    "precision",
    "vintage",
    "n_values",
    "url",
    "flag",
]

# What cannot be added up over time is left out of the series.
NOT_COUNTS = {"share", "change", "summary", "index", "strength", "mergers"}

DAY = "datetime64[us]"
UNDATED = "undated"
NEVER = 10**6  # later than any month: a text that did not appear after its period ended


def select(figures: pd.DataFrame) -> pd.DataFrame:
    """Pick the value in force of each key, by the rule of this module.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a printed figure
        ``source``, ``scope``, ``series``, ``region``, ``metric``, ``period`` (as of
        :mod:`helpers.raw.periods`), ``value``, ``precision``, ``vintage`` (a year, month, day or
        ``undated``) and ``url``; ``flag`` where the ledger of corrections was applied.
        The order of rows does not matter.

    Returns
    -------
    pandas.DataFrame, one row a key
        The columns of :data:`KEY`, the value in force with its ``precision``, ``vintage``, ``url``
        and ``flag``, and in ``n_values`` how many different values were printed.

    Examples
    --------
    A later text revises an earlier one.

    >>> row = dict.fromkeys(KEY, "x") | {"precision": "exact", "url": "a"}
    >>> texts = pd.DataFrame([row | {"vintage": "2024-01", "value": 640.0}] * 2)
    >>> texts.loc[1, ["vintage", "value"]] = ["2024-12", 645.0]
    >>> select(texts)[["value", "vintage", "n_values"]].values.tolist()
    [[645.0, '2024-12', 2]]
    """
    ranked = figures.assign(
        url=figures["url"].fillna(""),
        exact=figures["precision"].eq("exact"),
        flag=_flags(figures),
        day=figures["vintage"].map(day_of),
    )
    ranked = ranked.assign(sound=ranked["flag"].eq(""), month=ranked["day"].str[:7])
    ranked["texts"] = ranked.groupby([*KEY, "month", "precision", "value"])["url"].transform(
        "nunique"
    )
    ranked["n_values"] = ranked.groupby(KEY)["value"].transform("nunique")
    ranked = ranked.sort_values(
        [*KEY, "sound", "exact", "month", "texts", "day", "value", "url"],
        ascending=[True] * len(KEY) + [False, False, False, False, False, True, True],
    )
    return ranked.drop_duplicates(KEY)[
        [*KEY, "value", "precision", "vintage", "n_values", "url", "flag"]
    ]


def monthly(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the months in force and those that stated totals give.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a printed figure
        ``source``, ``scope``, ``series``, ``region``, ``metric``, ``period`` (as of
        :mod:`helpers.raw.periods`), ``value``, ``precision``, ``vintage`` (a year, month, day or
        ``undated``) and ``url``; ``flag`` where the ledger of corrections was applied.

    Returns
    -------
    pandas.DataFrame, one row a series and month
        The columns of :data:`COLUMNS`, sorted; ``period_start`` is the first day, ``derived`` says
        that a stated total gave it.

    Raises
    ------
    InputError
        When a column is missing or a period is not known.

    Examples
    --------
    >>> row = dict.fromkeys(KEY, "x") | {"precision": "exact", "vintage": "2025-01", "url": "a"}
    >>> quarter = {"2024-01": 10, "2024-02": 20, "2024-Q1": 75}
    >>> printed = pd.DataFrame([row | {"period": p, "value": v} for p, v in quarter.items()])
    >>> monthly(printed)[["value", "derived"]].values.tolist()
    [[10.0, False], [20.0, False], [45.0, True]]
    """
    return _tidy(figures, 1, {})


def quarterly(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the quarters in force, sums of three known months, and those that wider totals give.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a printed figure
        ``source``, ``scope``, ``series``, ``region``, ``metric``, ``period`` (as of
        :mod:`helpers.raw.periods`), ``value``, ``precision``, ``vintage`` (a year, month, day or
        ``undated``) and ``url``; ``flag`` where the ledger of corrections was applied.

    Returns
    -------
    pandas.DataFrame, one row a series and quarter
        The columns of :data:`COLUMNS`, sorted; ``period_start`` is the first day, ``derived`` says
        that months or a wider total gave it.

    Raises
    ------
    InputError
        When a column is missing or a period is not known.

    Examples
    --------
    >>> row = dict.fromkeys(KEY, "x") | {"precision": "exact", "vintage": "2025-01", "url": "a"}
    >>> months = {"2024-01": 10, "2024-02": 20, "2024-03": 45}
    >>> printed = pd.DataFrame([row | {"period": p, "value": v} for p, v in months.items()])
    >>> quarterly(printed)[["period_start", "value", "derived"]].values.tolist()
    [[Timestamp('2024-01-01 00:00:00'), 75.0, True]]
    """
    return _tidy(figures, 3, {1: monthly(figures)})


def yearly(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the years in force, and where none is stated the sum of its quarters or months.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a printed figure
        ``source``, ``scope``, ``series``, ``region``, ``metric``, ``period`` (as of
        :mod:`helpers.raw.periods`), ``value``, ``precision``, ``vintage`` (a year, month, day or
        ``undated``) and ``url``; ``flag`` where the ledger of corrections was applied.

    Returns
    -------
    pandas.DataFrame, one row a series and year
        The columns of :data:`COLUMNS`, sorted; ``period_start`` is the first day, ``derived`` says
        that it is such a sum.

    Raises
    ------
    InputError
        When a column is missing or a period is not known.

    Examples
    --------
    >>> row = dict.fromkeys(KEY, "x") | {"precision": "exact", "vintage": "2025-01", "url": "a"}
    >>> quarters = {f"2024-Q{number}": 10 * number for number in (1, 2, 3, 4)}
    >>> printed = pd.DataFrame([row | {"period": p, "value": v} for p, v in quarters.items()])
    >>> yearly(printed)["value"].tolist()
    [100.0]
    """
    return _tidy(figures, 12, {1: monthly(figures), 3: quarterly(figures)})


def periods(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the figure in force of each period that is a run of months, however long.

    Beside it stands the first exact one that was printed after the period ended. Months and
    quarters are of that time too, so this is the total that they add up to.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a printed figure
        ``source``, ``scope``, ``series``, ``region``, ``metric``, ``period`` (as of
        :mod:`helpers.raw.periods`), ``value``, ``precision``, ``vintage`` (a year, month, day or
        ``undated``) and ``url``; ``flag`` where the ledger of corrections was applied.

    Returns
    -------
    pandas.DataFrame, one row a series and period, sorted
        The columns of :func:`select`, ``period_start`` (first day of the first month),
        ``n_months``, and ``value_then``, ``vintage_then`` and ``url_then`` (missing where no exact
        figure came after the end).

    Raises
    ------
    InputError
        When a column is missing or a period is not known.

    Examples
    --------
    >>> row = dict.fromkeys(KEY, "x") | {"precision": "exact", "url": "a", "period": "2024-H1"}
    >>> texts = pd.DataFrame([row | {"vintage": "2024-07", "value": 400.0}] * 2)
    >>> texts.loc[1, ["vintage", "value"]] = ["2025-12", 405.0]
    >>> periods(texts)[["n_months", "value", "value_then"]].values.tolist()
    [[6.0, 405.0, 400.0]]
    """
    require_columns(figures)
    counts = figures[~figures["scope"].isin(NOT_COUNTS)]
    counts = counts[_starts(counts) >= 0]
    rows = select(counts)
    rows["period_start"] = [start_of(_run(period)) for period in rows["period"]]
    rows["n_months"] = _ends(rows) - _starts(rows)
    then = _first(counts)[[*KEY, "value", "vintage", "url"]]
    rows = rows.merge(then, on=KEY, how="left", suffixes=("", "_then"), validate="1:1")
    rows = rows.astype({"period_start": DAY, "value": "float64", "value_then": "float64"})
    return rows.sort_values([*SERIES, "period_start", "n_months", "period"], ignore_index=True)


def _tidy(figures: pd.DataFrame, step: int, finer: dict[int, pd.DataFrame]) -> pd.DataFrame:
    """Return the series in steps of ``step`` months: stated, summed from ``finer``, then filled.

    ``finer`` maps the months of a part to the tidy frame of such parts.
    """
    require_columns(figures)
    counts = figures[~figures["scope"].isin(NOT_COUNTS)]
    counts = counts[_starts(counts) >= 0]
    rows = select(counts).assign(derived=False)
    rows = rows[(_starts(rows) % step == 0) & (_ends(rows) - _starts(rows) == step)]
    rows["period_start"] = [start_of(_run(period)) for period in rows["period"]]
    rows = rows.astype({"period_start": DAY})[COLUMNS]
    for width, parts in finer.items():
        rows = _add_sums(rows, parts, step // width, "Q" if step == 3 else "Y")
    rows = pd.concat([rows, _filled(rows, _first_totals(counts), step)])
    rows = rows.astype(
        {"value": "float64", "n_values": "int64", "derived": bool}
    )  # joining empty parts loosens types
    return rows.sort_values([*SERIES, "period_start"], ignore_index=True)


def _add_sums(rows: pd.DataFrame, parts: pd.DataFrame, needed: int, frequency: str) -> pd.DataFrame:
    """Append the sums of ``needed`` exact parts that make a whole unit which ``rows`` lack."""
    exact = parts[parts["precision"].eq("exact") & parts["flag"].eq("")]
    unit = exact["period_start"].dt.to_period(frequency).dt.start_time.astype(DAY)
    sums = (
        exact.assign(period_start=unit)
        .groupby([*SERIES, "period_start"], as_index=False)
        .agg(value=("value", "sum"), parts=("value", "size"), vintage=("vintage", "max"))
    )
    sums = sums[sums["parts"] == needed].assign(
        derived=True, precision="exact", n_values=0, url="", flag=""
    )
    return pd.concat([rows, sums])[COLUMNS].drop_duplicates([*SERIES, "period_start"])


def _first_totals(counts: pd.DataFrame) -> dict[tuple, list[Total]]:
    """Return the totals of each series to subtract from."""
    totals: dict[tuple, list[Total]] = defaultdict(list)
    for row in _first(counts).itertuples():
        run = _run(row.period)
        key = tuple(getattr(row, name) for name in SERIES)
        totals[key].append(Total(run.start, run.length, row.value, row.vintage, row.url))
    return totals


def _first(counts: pd.DataFrame) -> pd.DataFrame:
    """Return of each key the first exact figure that was printed after the period ended."""
    ends, printed = _ends(counts), _numbers(counts["vintage"], _month_number)
    usable = (
        counts["precision"].eq("exact")
        & _flags(counts).eq("")
        & ((printed < 0) | (printed >= ends - 1))
    )
    exact = counts[usable].assign(month=printed.where(printed >= ends, NEVER)[usable])
    first = exact[exact["month"] == exact.groupby(KEY)["month"].transform("min")]
    return select(first.drop(columns="month"))


def _filled(rows: pd.DataFrame, totals: dict[tuple, list[Total]], step: int) -> pd.DataFrame:
    """Return the units that ``totals`` give to the series in ``rows``."""
    known: dict[tuple, dict[int, float]] = defaultdict(dict)
    hedged: dict[tuple, set[int]] = defaultdict(set)
    for row in rows.itertuples():
        key = tuple(getattr(row, name) for name in SERIES)
        unit = row.period_start.year * 12 + row.period_start.month - 1
        known[key][unit] = row.value
        if row.precision != "exact" or row.flag:
            hedged[key].add(unit)
    found = []
    for key in known:
        aligned = [t for t in totals.get(key, []) if t.start % step == 0 and t.length % step == 0]
        for unit, value, total in fill(known[key], aligned, step, hedged[key]):
            start = start_of(Span(unit, step))
            found.append([*key, start, value, True, "exact", total.vintage, 0, total.url, ""])
    return pd.DataFrame(found, columns=COLUMNS).astype({"period_start": DAY, "derived": bool})


def _run(period: str) -> Span:
    """Return the months of a period that is known to be a run of them."""
    run = span(period)
    assert run is not None, f"{period} was kept, so it is a run of months"
    return run


def _starts(figures: pd.DataFrame) -> pd.Series:
    """Return the first month of each period as a number, -1 where it is not a run of months."""
    return _numbers(figures["period"], lambda period: run.start if (run := span(period)) else -1)


def _ends(figures: pd.DataFrame) -> pd.Series:
    """Return the month after each period as a number, -1 where it is not a run of months."""
    return _numbers(figures["period"], lambda period: sum(span(period) or (-1,)))


def _numbers(texts: pd.Series, number: Callable[[str], int]) -> pd.Series:
    return pd.Series([number(text) for text in texts], index=texts.index, dtype="int64")


def day_of(vintage: str) -> str:
    """Return the day for which a vintage counts.

    Parameters
    ----------
    vintage : str
        A year, a month, a day, or ``undated``.

    Returns
    -------
    str
        A day, so that vintages sort as texts: the first of July for a year, the 15th for a month,
        ``""`` when it is undated.

    Examples
    --------
    >>> day_of("2024"), day_of("2024-03"), day_of("2024-03-31"), day_of("undated")
    ('2024-07-01', '2024-03-15', '2024-03-31', '')
    """
    if vintage == UNDATED:
        return ""
    return vintage + {4: "-07-01", 7: "-15"}.get(len(vintage), "")


def _month_number(vintage: str) -> int:
    day = day_of(vintage)
    return int(day[:4]) * 12 + int(day[5:7]) - 1 if day else -1


def _flags(figures: pd.DataFrame) -> pd.Series:
    """Return the id of the correction that flags a figure, ``""`` where none does."""
    return figures["flag"] if "flag" in figures else pd.Series("", index=figures.index)


def require_columns(figures: pd.DataFrame) -> None:
    """Stop when a column of the published figures is missing.

    Parameters
    ----------
    figures : pandas.DataFrame
        The table to check.

    Raises
    ------
    InputError
        With the first column that is missing.

    Examples
    --------
    >>> require_columns(pd.DataFrame(columns=[*KEY, "value", "precision", "vintage", "url"]))
    """
    missing = [
        name for name in [*KEY, "value", "precision", "vintage", "url"] if name not in figures
    ]
    if missing:
        raise InputError(f"published figures lack the column '{missing[0]}'")
