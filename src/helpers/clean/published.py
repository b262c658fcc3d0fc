"""Tidy monthly, quarterly and yearly series from figures as published.

**Which value is in force.** A key (source, scope, series, region, metric, period) can have several values.
Of them is taken, in this order:

1. a figure that no correction flags, then an exact one before a hedged one (about, at least, at most);
2. the latest vintage, because a publisher revises what it knows; texts of one month are one vintage,
   because they repeat one release; a year without a month counts as its July, and an undated text
   comes before every dated one;
3. the value that most texts of that vintage print;
4. the value of the latest day (a month without a day counts as its 15th), then the smallest, so that a
   tie never overstates.

**Which months are filled.** A stated total (year, half-year, quarter, any run of months) with exactly one
missing month gives that month: the total less the other months, marked ``derived``. The total is the first
exact one printed after its period ended, because the months are of that time too, or else one of its last
month or undated. The narrowest total goes first; two missing months, a hedged or flagged month, a negative
rest or totals that disagree leave the month empty. Quarters are filled from their months and from wider
totals alike, years from their months or quarters.
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


def in_force(figures: pd.DataFrame) -> pd.DataFrame:
    """Return one row per key, the value in force by the rule above, with ``n_values`` different ones printed.

    ``figures`` has the columns of KEY and value, precision, vintage, url, and flag where the ledger of
    corrections was applied; the order of rows does not matter.
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
    """Return the months in force and those that stated totals give (columns COLUMNS)."""
    return _tidy(figures, 1, {})


def quarterly(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the quarters in force, sums of three known months, and those that wider totals give."""
    return _tidy(figures, 3, {1: monthly(figures)})


def yearly(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the years in force, and where none is stated the sum of its quarters or months."""
    return _tidy(figures, 12, {1: monthly(figures), 3: quarterly(figures)})


def _tidy(figures: pd.DataFrame, step: int, finer: dict[int, pd.DataFrame]) -> pd.DataFrame:
    """Return the series in steps of ``step`` months: stated, summed from ``finer``, then filled.

    ``finer`` maps the months of a part to the tidy frame of such parts.
    """
    require_columns(figures)
    counts = figures[~figures["scope"].isin(NOT_COUNTS)]
    counts = counts[_starts(counts) >= 0]
    rows = in_force(counts).assign(derived=False)
    rows = rows[(_starts(rows) % step == 0) & (_ends(rows) - _starts(rows) == step)]
    rows["period_start"] = [start_of(span(period)) for period in rows["period"]]
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
    """Return per series the totals to subtract from: the first exact vintage after the period's end."""
    ends, printed = _ends(counts), _numbers(counts["vintage"], _month_number)
    usable = (
        counts["precision"].eq("exact")
        & _flags(counts).eq("")
        & ((printed < 0) | (printed >= ends - 1))
    )
    exact = counts[usable].assign(month=printed.where(printed >= ends, NEVER)[usable])
    first = exact[exact["month"] == exact.groupby(KEY)["month"].transform("min")]
    totals = defaultdict(list)
    for row in in_force(first.drop(columns="month")).itertuples():
        run: Span = span(row.period)
        key = tuple(getattr(row, name) for name in SERIES)
        totals[key].append(Total(run.start, run.length, row.value, row.vintage, row.url))
    return totals


def _filled(rows: pd.DataFrame, totals: dict[tuple, list[Total]], step: int) -> pd.DataFrame:
    """Return the units that ``totals`` give to the series in ``rows``."""
    known, hedged = defaultdict(dict), defaultdict(set)
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


def _starts(figures: pd.DataFrame) -> pd.Series:
    """Return the first month of each period as a number, -1 where it is not a run of months."""
    return _numbers(figures["period"], lambda period: run.start if (run := span(period)) else -1)


def _ends(figures: pd.DataFrame) -> pd.Series:
    """Return the month after each period as a number, -1 where it is not a run of months."""
    return _numbers(figures["period"], lambda period: sum(span(period) or (-1,)))


def _numbers(texts: pd.Series, number: Callable[[str], int]) -> pd.Series:
    return pd.Series([number(text) for text in texts], index=texts.index, dtype="int64")


def day_of(vintage: str) -> str:
    """Return the day for which a vintage counts, ``""`` when it is undated."""
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
    """Raise :class:`InputError` when a column of the published figures is missing."""
    missing = [
        name for name in [*KEY, "value", "precision", "vintage", "url"] if name not in figures
    ]
    if missing:
        raise InputError(f"published figures lack the column '{missing[0]}'")
