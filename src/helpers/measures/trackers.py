"""The figures that enter the measurement model: whose they are, what they count, over which months.

**What a figure counts.** The scope and the metric of a published figure say which quantity it is
(:data:`QUANTITIES`), and each quantity is a sum of components (:data:`COMPONENTS`). Figures of
other scopes count something else and are left out.

**One series of a source for each quantity.** Where a source prints several series of one scope and
metric, that with the longest run of months enters, because years side by side are what is compared.
Civilians and security forces killed are printed for attacks alone and for all violence; they differ
by the few who die in operations. The scope that covers more months goes first, and the other fills
only spans that it does not touch.

**Which value.** A span that enters whole has the figure in force (the latest exact one). A rest is
taken from the first figure printed after the span ended, because its finer figures are of that time
(:mod:`helpers.measures.nesting`). So two years of a source, each the sum of its parts, are of one
age. Hedged figures are bounds or roundings and do not enter; flagged ones never do.

**Figures that are sums of others enter once.** Where all parts of a printed sum but one are printed
for the same span, the last part is what is left (:data:`SUMS`); then a figure that follows from
those before it does not enter, parts before sums and short spans before long ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.nesting import DEPENDENT, independent, nested

ENTRY = ["source", "quantity", "unit", "months", "value", "derived", "vintage", "url"]
FATE = ["source", "scope", "series", "region", "metric", "period", "value", "vintage", "reason"]
SERIES = ["source", "scope", "series", "region", "metric"]

# What the counts of attacks on one target are called, in the closed words of the collection.
FORCES = "security forces"

Key = tuple[str, str]

QUANTITIES: dict[Key, str] = {
    ("militant_attacks", "attacks"): "attacks",
    ("target", "attacks"): "attacks_on_forces",
    ("combined", "incidents"): "incidents",
    ("state_operations", "operations"): "operations",
    ("militant_attacks", "killed"): "killed_in_attacks",
    ("militant_attacks", "killed_militants"): "attackers",
    ("militant_attacks", "killed_civilians"): "civilians",
    ("combined", "killed_civilians"): "civilians",
    ("militant_attacks", "killed_security_forces"): "security_forces",
    ("combined", "killed_security_forces"): "security_forces",
    ("civilians_and_security_forces", "killed"): "victims",
    ("state_operations", "killed_militants"): "militants_by_state",
    ("combined", "killed_militants"): "militants",
    ("combined", "killed"): "killed",
}

COMPONENTS: dict[str, tuple[str, ...]] = {
    "attacks_on_forces": ("attacks_on_forces",),
    "attacks": ("attacks_on_forces", "attacks_on_others"),
    "operations": ("operations",),
    "incidents": ("attacks_on_forces", "attacks_on_others", "operations"),
    "civilians": ("civilians",),
    "security_forces": ("security_forces",),
    "attackers": ("attackers",),
    "militants_by_state": ("militants_by_state",),
    "victims": ("civilians", "security_forces"),
    "militants": ("attackers", "militants_by_state"),
    "killed_in_attacks": ("civilians", "security_forces", "attackers"),
    "killed": ("civilians", "security_forces", "attackers", "militants_by_state"),
}

# A printed sum and its parts, as the publishers draw them.
SUMS: list[tuple[Key, tuple[Key, ...]]] = [
    (
        (scope, "killed"),
        (
            (scope, "killed_civilians"),
            (scope, "killed_security_forces"),
            (scope, "killed_militants"),
        ),
    )
    for scope in ("militant_attacks", "combined")
]
SUMS += [
    (
        ("combined", "killed"),
        (("civilians_and_security_forces", "killed"), ("combined", "killed_militants")),
    ),
    (
        ("civilians_and_security_forces", "killed"),
        (("combined", "killed_civilians"), ("combined", "killed_security_forces")),
    ),
    (
        ("combined", "killed_militants"),
        (("militant_attacks", "killed_militants"), ("state_operations", "killed_militants")),
    ),
    (
        ("combined", "incidents"),
        (("militant_attacks", "attacks"), ("state_operations", "operations")),
    ),
]

OUTSIDE = "the span is not within the window"
OTHER_COUNT = "counts something else ({scope}, {metric})"
OTHER_SOURCE = "not a source of the run"
FLAGGED = "flagged by a correction"
HEDGED = "hedged ({precision})"
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
    rows = completed(victims_alone(rows))
    parts = [by_quantity(own) for _, own in rows.groupby(["source", "quantity"])]
    entered = in_order(pd.concat([part[0] for part in parts]))
    new = pd.concat([independent(own, COMPONENTS) for _, own in entered.groupby("source")])
    twice = entered[~new.reindex(entered.index)].assign(reason=DEPENDENT)
    left_out = pd.concat([left_out, *(part[1] for part in parts), twice])
    return tidy(entered[new.reindex(entered.index)].assign(unit=""), left_out)


def sound(
    rows: pd.DataFrame, sources: Iterable[str], first: str, last: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the figures that count what the model takes from the others, each with a reason.

    Parameters
    ----------
    rows : pandas.DataFrame, one row a series and run of months
        Rows of the processed table ``published_periods``.
    sources : iterable of str
        The sources of the run.
    first, last : str
        First and last month of the window, YYYY-MM.

    Returns
    -------
    kept, left_out : pandas.DataFrame
        The rows kept, with ``months``, ``quantity`` and ``derived``; and the rest with ``reason``.

    Examples
    --------
    >>> row = {"source": "P", "scope": "claims", "series": "s", "region": "X", "metric": "attacks"}
    >>> row |= {"precision": "exact", "flag": "", "n_months": 1}
    >>> table = pd.DataFrame([row | {"period_start": pd.Timestamp("2024-05-01")}])
    >>> sound(table, ["P"], "2024-01", "2024-12")[1]["reason"].tolist()
    ['counts something else (claims, attacks)']
    """
    start = pd.PeriodIndex(rows["period_start"], freq="M")
    months = [
        tuple(pd.period_range(month, periods=count, freq="M"))
        for month, count in zip(start, rows["n_months"])
    ]
    rows = rows.assign(months=pd.Series(months, index=rows.index, dtype=object), derived=False)
    rows["quantity"] = [quantity_of(*row) for row in rows[["scope", "metric", "series"]].to_numpy()]
    within = [
        span[0] >= pd.Period(first, "M") and span[-1] <= pd.Period(last, "M") for span in months
    ]
    rows = rows[within]
    reason = pd.Series("", index=rows.index)
    for wrong, text in (
        (rows["quantity"] == "", OTHER_COUNT),
        (~rows["source"].isin(list(sources)), OTHER_SOURCE),
        (rows["flag"] != "", FLAGGED),
        (rows["precision"] != "exact", HEDGED),
    ):
        told = [text.format(**row) for row in rows.astype(str).to_dict("records")]
        reason = reason.mask((reason == "") & wrong, pd.Series(told, index=rows.index, dtype=str))
    kept = reason == ""
    return rows[kept], rows[~kept].assign(reason=reason[~kept])


def quantity_of(scope: str, metric: str, series: str) -> str:
    """Return the quantity that a published figure counts, ``""`` where the model has none.

    Parameters
    ----------
    scope, metric, series : str
        As in the table of published figures.

    Returns
    -------
    str
        A key of :data:`COMPONENTS`, or ``""``.

    Examples
    --------
    >>> quantity_of("combined", "killed_militants", "all"), quantity_of("claims", "attacks", "all")
    ('militants', '')
    """
    if scope == "target" and series != FORCES:
        return ""
    return QUANTITIES.get((scope, metric), "")


def completed(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the one part of a printed sum that was not printed for the same span.

    Parameters
    ----------
    rows : pandas.DataFrame, one row a figure
        As :func:`sound` gives them.

    Returns
    -------
    pandas.DataFrame
        The rows, and the parts that follow, marked ``derived``; none is made of nothing or less.

    Examples
    --------
    >>> month = (pd.Period("2024-01", "M"),)
    >>> about = {"source": "P", "series": "s", "region": "X", "months": month, "derived": False}
    >>> about |= {"scope": "combined", "vintage": "2024", "url": "", "period": "2024-01"}
    >>> rows = [about | {"metric": "incidents", "value": 9.0, "value_then": 9.0}]
    >>> rows += [rows[0] | {"scope": "militant_attacks", "metric": "attacks", "value": 7.0}]
    >>> completed(pd.DataFrame(rows))[["metric", "value"]].values.tolist()[-1]
    ['operations', 2.0]
    """
    made = []
    for _, own in rows.groupby(["source", "region", "months"], sort=True):
        records = own.to_dict("records")
        known = {(row["scope"], row["metric"]): row for row in reversed(records)}
        made += list(_missing(known))
    return pd.concat([rows, pd.DataFrame(made)], ignore_index=True) if made else rows


def victims_alone(rows: pd.DataFrame) -> pd.DataFrame:
    """Read the dead of attacks as victims where a source counts no attackers among them.

    That is so where a source never prints attackers, and its dead of attacks are exactly the
    civilians and security forces wherever all three are printed for one span.

    Parameters
    ----------
    rows : pandas.DataFrame, one row a figure
        As :func:`sound` gives them.

    Returns
    -------
    pandas.DataFrame
        The rows, ``quantity`` changed where that is so.

    Examples
    --------
    >>> about = {"source": "P", "scope": "militant_attacks", "region": "X", "period": "2024"}
    >>> table = {"metric": ["killed", "killed_civilians", "killed_security_forces"]}
    >>> table = pd.DataFrame(table | {"value": [9.0, 4.0, 5.0]}).assign(**about)
    >>> table["quantity"] = [quantity_of(about["scope"], metric, "") for metric in table["metric"]]
    >>> victims_alone(table)["quantity"].tolist()
    ['victims', 'civilians', 'security_forces']
    """
    attacks = rows[rows["scope"] == "militant_attacks"]
    wide = attacks.pivot_table(
        index=["source", "region", "period"], columns="metric", values="value", aggfunc="first"
    ).reindex(columns=["killed", "killed_civilians", "killed_security_forces"])
    gap = wide["killed"] - wide["killed_civilians"] - wide["killed_security_forces"]
    exact = gap.dropna().eq(0).groupby("source").all()
    printing = attacks.loc[attacks["metric"] == "killed_militants", "source"]
    none = set(exact.index[exact]) - set(printing)
    dead = rows["quantity"].eq("killed_in_attacks") & rows["source"].isin(none)
    return rows.assign(quantity=rows["quantity"].mask(dead, "victims"))


def _missing(known: dict[Key, dict]) -> Iterator[dict]:
    """Yield the parts that follow from what is known of one source and span."""
    for whole, parts in SUMS:
        absent = [part for part in parts if part not in known]
        if whole in known and len(absent) == 1:
            total, others = known[whole], [known[part] for part in parts if part in known]
            value = total["value"] - sum(other["value"] for other in others)
            then = total["value_then"] - sum(other["value_then"] for other in others)
            if value > 0:
                scope, metric = absent[0]
                row = total | {"scope": scope, "metric": metric, "derived": True}
                row |= {"value": value, "value_then": then, "quantity": QUANTITIES[absent[0]]}
                known[absent[0]] = row
                yield row


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
    >>> rows = rows.assign(scope=["a", "a", "b"], metric="m", series="s", derived=False)
    >>> rows = rows.assign(value_then=rows["value"], vintage="", url="")
    >>> entered, left_out = by_quantity(rows.assign(vintage_then="", url_then=""))
    >>> entered["value"].tolist(), left_out["value"].tolist()
    ([3.0, 4.0], [5.0])
    """
    entered: list[pd.DataFrame] = []
    left_out: list[pd.DataFrame] = []
    taken: set[pd.Period] = set()
    groups = [_longest_run(own) for _, own in rows.groupby("scope")]
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
        runs[series] = (months - range(len(months))).value_counts().max(), months.iloc[-1]
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


def in_order(rows: pd.DataFrame, parts: Sequence[str] = ()) -> pd.DataFrame:
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
        Figures with at least the columns of :data:`ENTRY` and :data:`FATE`.

    Returns
    -------
    Figures
        Sorted by source, quantity, unit and month.

    Examples
    --------
    >>> month = (pd.Period("2024-01", "M"),)
    >>> row = dict.fromkeys(ENTRY, "x") | {"months": month}
    >>> tidy(pd.DataFrame([row]), pd.DataFrame(columns=FATE)).entered.shape
    (1, 8)
    """
    firsts = entered["months"].map(lambda months: months[0].ordinal)
    entered = entered.assign(_first=firsts, url=entered["url"].fillna(""))
    entered = entered.sort_values(["source", "quantity", "unit", "_first"], ignore_index=True)
    left_out = left_out[FATE].sort_values(FATE[:6], ignore_index=True)
    return Figures(entered[ENTRY], left_out)
