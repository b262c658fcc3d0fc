"""The figures that enter the measurement model: whose they are, what they count, over which months.

**What a figure counts.** The scope and the metric of a published figure say which quantity it is
X

**One series of a source for each quantity.** Where a source prints several series of one scope and
metric, that with the longest run of months enters, because years side by side are what is compared.
Civilians and security forces killed are printed for attacks alone and for all violence; they differ
by the few who die in operations. The scope that covers more months goes first (attacks
where both cover as many), and the other fills only spans that it does not touch.

**Which value.** A span that enters whole has the figure in force (the latest exact one). A rest is
taken from the first figure printed after the span ended, because its finer figures are of that time
(:mod:`helpers.measures.nesting`). So two years of a source, each the sum of its parts, are of one
age. Hedged figures are bounds or roundings and do not enter; flagged ones never do.

**Figures that are sums of others enter once.** Where all parts of a printed sum but one are printed
for the same span, the last part is what is left. Then a figure that follows from those before it
does not enter, parts before sums and short spans before long ones.
"""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.nesting import DEPENDENT, independent, nested
from helpers.measures.quantities import COMPONENTS, QUANTITIES, completed, sound

ENTRY = ["source", "quantity", "unit", "months", "value", "derived", "vintage", "url"]
FATE = ["source", "scope", "series", "region", "metric", "period", "value", "vintage", "reason"]

OTHER_SERIES = "another series of the source has a longer run"
OTHER_SCOPE = "the same count in another scope covers its months"


class Figures(NamedTuple):
    """What enters the model, and what does not.

    Attributes
    ----------
    entered : pandas.DataFrame, one row a figure
        The columns of :data:`ENTRY`; ``months`` is a tuple of pandas.Period.
    left_out : pandas.DataFrame, one row a figure
        The columns of :data:`FATE`.
    """

    entered: pd.DataFrame
    left_out: pd.DataFrame


def published(
    periods: pd.DataFrame, country: str, sources: Iterable[str], first: str, last: str
) -> Figures:
    """Return the published figures of a country that enter the model.

    Parameters
    ----------
    periods : pandas.DataFrame, one row a series and run of months
        The processed table ``published_periods``.
    country : str
        The region whose figures are taken.
    sources : iterable of str
        The sources of the run; others are left out.
    first, last : str
        First and last month of the window, YYYY-MM; a span must lie within it.

    Returns
    -------
    Figures
        ``unit`` is empty: figures of the whole country.

    Raises
    ------
    InputError
        When no figure of the country enters.

    Examples
    --------
    >>> about = {"source": "P", "scope": "militant_attacks", "series": "s", "region": "X"}
    >>> about |= {"metric": "attacks", "precision": "exact", "flag": "", "vintage": "2025-01"}
    >>> table = pd.DataFrame([{"period": "2024", "n_months": 12, "value": 645.0}])
    >>> table = table.assign(**about, url="", value_then=645.0, vintage_then="2025-01", url_then="")
    >>> table = table.assign(period_start=pd.Timestamp("2024"))
    >>> published(table, "X", ["P"], "2018-01", "2025-12").entered["value"].tolist()
    [645.0]
    """
    rows, left_out = sound(periods[periods["region"] == country], sources, first, last)
    if rows.empty:
        raise InputError(f"no published figure of '{country}' enters between {first} and {last}")
    rows, hollow = completed(rows)
    parts = [by_quantity(own) for _, own in rows.groupby(["source", "quantity"])]
    entered = in_order(pd.concat([part[0] for part in parts]))
    new = pd.concat([independent(own, COMPONENTS) for _, own in entered.groupby("source")])
    new = new.reindex(entered.index)
    twice = entered[~new].assign(reason=DEPENDENT)
    left_out = pd.concat([left_out, hollow, twice, *(part[1] for part in parts)])
    return tidy(entered[new].assign(unit=""), left_out)


def by_quantity(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let the figures of one source, quantity and unit enter, none twice.

    Parameters
    ----------
    rows : pandas.DataFrame, one row a figure
        ``scope``, ``metric``, ``series`` and the columns of
        :func:`helpers.measures.nesting.nested`.

    Returns
    -------
    entered, left_out : pandas.DataFrame
        The rows that enter, rests among them, and those that do not with their ``reason``.

    Examples
    --------
    >>> month = [(pd.Period("2024-01", "M"),), (pd.Period("2024-02", "M"),)]
    >>> rows = pd.DataFrame({"months": [*month, month[0]], "value": [3.0, 4.0, 5.0]})
    >>> rows = rows.assign(metric="killed_civilians", series="s", derived=False)
    >>> rows["scope"] = ["militant_attacks", "militant_attacks", "combined"]
    >>> rows = rows.assign(value_then=rows["value"], vintage="", url="")
    >>> entered, left_out = by_quantity(rows.assign(vintage_then="", url_then=""))
    >>> entered["value"].tolist(), left_out["value"].tolist()
    ([3.0, 4.0], [5.0])
    """
    entered: list[pd.DataFrame] = []
    left_out: list[pd.DataFrame] = []
    taken: set[pd.Period] = set()
    counts = [own for own in QUANTITIES if own in set(zip(rows["scope"], rows["metric"]))]
    groups = [_longest_run(rows[rows["scope"] == scope]) for scope, _ in counts]
    for kept, others in sorted(groups, key=lambda group: -len(covered(group[0]))):
        own, lost = nested(kept)
        free = own["months"].map(taken.isdisjoint).astype(bool)
        taken |= covered(own[free])
        entered.append(own[free])
        left_out += [others, lost, own[~free].assign(reason=OTHER_SCOPE)]
    return pd.concat(entered), pd.concat(left_out)


def _longest_run(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of the series with the longest run of months, and the others."""
    printed = rows[~rows["derived"]]
    if printed.empty or printed["series"].nunique() == 1:
        return rows, rows[:0].assign(reason="")
    runs = {}
    for series, own in printed.groupby("series"):
        months = pd.Series(sorted(month.ordinal for month in covered(own)))
        runs[series] = (months - months.index).value_counts().max(), months.iloc[-1]
    best = max(sorted(runs), key=lambda series: runs[series])
    ours = rows["series"].eq(best) | rows["derived"]
    return rows[ours], rows[~ours].assign(reason=OTHER_SERIES)


def covered(rows: pd.DataFrame) -> set[pd.Period]:
    """Return the months that figures cover.

    Parameters
    ----------
    rows : pandas.DataFrame, one row a figure
        ``months``: tuples of pandas.Period.

    Returns
    -------
    set of pandas.Period
        Each month once.

    Examples
    --------
    >>> months = tuple(pd.period_range("2024-01", "2024-03", freq="M"))
    >>> len(covered(pd.DataFrame({"months": [months, months[:1]]})))
    3
    """
    return {month for months in rows["months"] for month in months}


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort figures in the order in which they enter: parts before sums, short before long.

    Parameters
    ----------
    rows : pandas.DataFrame, one row a figure
        ``source``, ``quantity``, ``months``, ``derived``, and ``unit`` where they have one.

    Returns
    -------
    pandas.DataFrame
        The rows with a new index.

    Examples
    --------
    >>> months = tuple(pd.period_range("2024-01", "2024-03", freq="M"))
    >>> rows = pd.DataFrame({"quantity": ["killed", "civilians"], "months": [months] * 2})
    >>> in_order(rows.assign(source="P", derived=False))["quantity"].tolist()
    ['civilians', 'killed']
    """
    keys = rows.assign(
        _parts=rows["quantity"].map(lambda quantity: len(COMPONENTS[quantity])),
        _width=rows["months"].map(len),
        _first=rows["months"].map(lambda months: months[0].ordinal),
    )
    order = ["source", "_parts", "_width", "derived", "quantity", "_first"]
    return keys.sort_values(order, ignore_index=True)[list(rows)]


def tidy(entered: pd.DataFrame, left_out: pd.DataFrame) -> Figures:
    """Return both tables with the columns that readers of them expect, sorted.

    Parameters
    ----------
    entered, left_out : pandas.DataFrame
        Figures with at least the columns of :data:`ENTRY` and :data:`FATE`, and ``printed``: of
        those left out only what was printed is told.

    Returns
    -------
    Figures
        Sorted by source, quantity, unit and month.

    Examples
    --------
    >>> month = (pd.Period("2024-01", "M"),)
    >>> row = dict.fromkeys(ENTRY, "x") | {"months": month}
    >>> tidy(pd.DataFrame([row]), pd.DataFrame(columns=[*FATE, "printed"])).entered.shape
    (1, 8)
    """
    firsts = entered["months"].map(lambda months: months[0].ordinal)
    entered = entered.assign(_first=firsts, url=entered["url"].fillna(""))
    entered = entered.sort_values(["source", "quantity", "unit", "_first"], ignore_index=True)
    printed = left_out[left_out["printed"].notna()].assign(value=lambda row: row["printed"])
    return Figures(entered[ENTRY], printed[FATE].sort_values(FATE[:6], ignore_index=True))


def by_year(entered: pd.DataFrame) -> pd.DataFrame:
    """Count the figures that enter, the months that they cover and their sum, by year.

    Parameters
    ----------
    entered : pandas.DataFrame, one row a figure
        The columns of :data:`ENTRY`.

    Returns
    -------
    pandas.DataFrame, one row a source, quantity, unit and year
        ``figures``, ``months`` and ``total``. A figure over two years stands in the year of its
        first month.

    Examples
    --------
    >>> year = tuple(pd.period_range("2024-01", "2024-12", freq="M"))
    >>> row = {"source": "P", "quantity": "attacks", "unit": "", "months": year, "value": 645.0}
    >>> by_year(pd.DataFrame([row])).values.tolist()
    [['P', 'attacks', '', 2024, 1, 12, 645.0]]
    """
    rows = entered.assign(
        year=entered["months"].map(lambda months: months[0].year).astype("int64"),
        _width=entered["months"].map(len),
    )
    keys = ["source", "quantity", "unit", "year"]
    sums = {"figures": ("value", "size"), "months": ("_width", "sum"), "total": ("value", "sum")}
    return rows.groupby(keys, as_index=False).agg(**sums)
