"""What a published figure counts, in the terms of the measurement model.

The scope and the metric of a figure say which quantity it is (:data:`QUANTITIES`), and each
quantity is a sum of components (:data:`COMPONENTS`). Figures of other scopes count something else.
Where all parts of a printed sum but one are printed for the same span, the last part is what is
left (:data:`SUMS`).
"""

from collections.abc import Iterable, Mapping

import pandas as pd

# What the counts of attacks on one target are called, in the closed words of the collection.
FORCES = "security forces"

Key = tuple[str, str]
KEY = ["scope", "metric"]

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

# A printed sum and its parts, as the publishers draw them, small sums before those that hold them.
SUMS: list[tuple[Key, tuple[Key, ...]]] = [
    (
        ("combined", "incidents"),
        (("militant_attacks", "attacks"), ("state_operations", "operations")),
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
        ("militant_attacks", "killed"),
        tuple(
            ("militant_attacks", f"killed_{whom}")
            for whom in ("civilians", "security_forces", "militants")
        ),
    ),
    (
        ("combined", "killed"),
        (("civilians_and_security_forces", "killed"), ("combined", "killed_militants")),
    ),
    (
        ("combined", "killed"),
        tuple(
            ("combined", f"killed_{whom}") for whom in ("civilians", "security_forces", "militants")
        ),
    ),
]

OUTSIDE = "the span is not within the window"
OTHER_COUNT = "counts something else ({scope}, {metric})"
HOLLOW = "its printed parts alone make it up: it leaves out the part that was not printed"
OTHER_SOURCE = "not a source of the run"
FLAGGED = "flagged by a correction"
HEDGED = "hedged ({precision})"


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
        The rows kept, with ``months``, ``quantity``, ``derived`` and the value as ``printed``; and
        the rest with their ``reason``.

    Examples
    --------
    >>> row = {"source": "P", "scope": "claims", "series": "s", "region": "X", "metric": "attacks"}
    >>> row |= {"precision": "exact", "flag": "", "n_months": 1, "value": 9.0}
    >>> table = pd.DataFrame([row | {"period_start": pd.Timestamp("2024-05-01")}])
    >>> sound(table, ["P"], "2024-01", "2024-12")[1]["reason"].tolist()
    ['counts something else (claims, attacks)']
    """
    start = pd.PeriodIndex(rows["period_start"], freq="M")
    months = pd.Series(
        [
            tuple(pd.period_range(month, periods=count, freq="M"))
            for month, count in zip(start, rows["n_months"])
        ],
        index=rows.index,
        dtype=object,
    )
    from_, to = pd.Period(first, "M"), pd.Period(last, "M")
    within = months.map(lambda span: from_ <= span[0] and span[-1] <= to).astype(bool)
    counted = [quantity_of(*row) for row in zip(rows["scope"], rows["metric"], rows["series"])]
    rows = rows.assign(
        months=months,
        quantity=pd.Series(counted, index=rows.index, dtype=str),
        derived=False,
        printed=rows["value"],
    )[within]
    reason = _reasons(rows, list(sources))
    return rows[reason == ""], rows.assign(reason=reason)[reason != ""]


def _reasons(rows: pd.DataFrame, sources: list[str]) -> pd.Series:
    """Return why each figure is not taken, ``""`` where it is."""
    reason = pd.Series("", index=rows.index, dtype=str)
    for wrong, text in (
        (rows["quantity"] == "", OTHER_COUNT),
        (~rows["source"].isin(sources), OTHER_SOURCE),
        (rows["flag"] != "", FLAGGED),
        (rows["precision"] != "exact", HEDGED),
    ):
        told = [text.format(**row) for row in rows.astype(str).to_dict("records")]
        reason = reason.mask((reason == "") & wrong, pd.Series(told, index=rows.index, dtype=str))
    return reason


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


def completed(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the one part of a printed sum that was not printed for the same span.

    Where the printed parts alone make up the sum, the last part is zero if the source prints it at
    other times. If it never does, the sum does not hold that part, and it is the sum that does not
    enter.

    Parameters
    ----------
    rows : pandas.DataFrame, one row a figure
        As :func:`sound` gives them.

    Returns
    -------
    completed, left_out : pandas.DataFrame
        The rows, and the parts that follow, marked ``derived`` (a negative one is not made); and
        the sums that do not enter, with the ``reason``.

    Examples
    --------
    >>> month = (pd.Period("2024-01", "M"),)
    >>> about = {"source": "P", "series": "s", "region": "X", "months": month, "derived": False}
    >>> about |= {"scope": "combined", "vintage": "2024", "url": "", "period": "2024-01"}
    >>> rows = [about | {"metric": "incidents", "value": 9.0, "value_then": 9.0}]
    >>> rows += [rows[0] | {"scope": "militant_attacks", "metric": "attacks", "value": 7.0}]
    >>> completed(pd.DataFrame(rows))[0][["metric", "value"]].values.tolist()[-1]
    ['operations', 2.0]
    """
    prints = {own: set(zip(of["scope"], of["metric"])) for own, of in rows.groupby("source")}
    made: list[dict] = []
    hollow: set[tuple] = set()
    keys = ["source", "region", "months"]
    for span, own in rows.groupby(keys, sort=True):
        known = {(row["scope"], row["metric"]): row for row in own[::-1].to_dict("records")}
        for whole, parts in SUMS:
            found = {part: _found(part, known) for part in parts}
            absent = [part for part, row in found.items() if row is None]
            if whole not in known or len(absent) != 1:
                continue
            rest = less(known[whole], [row for row in found.values() if row is not None])
            if rest["value"] == 0 and absent[0] not in prints[span[0]]:
                hollow.add((*span, *whole))
            elif rest["value"] >= 0:
                about = {"quantity": QUANTITIES[absent[0]], **dict(zip(KEY, absent[0]))}
                known[absent[0]] = rest | about
                made.append(known[absent[0]])
    empty = [row in hollow for row in rows[[*keys, *KEY]].itertuples(index=False, name=None)]
    out = pd.Series(empty, index=rows.index, dtype=bool)
    kept = pd.concat([rows[~out], pd.DataFrame(made)], ignore_index=True) if made else rows[~out]
    return kept, rows[out].assign(reason=HOLLOW)


def _found(part: Key, known: Mapping[Key, dict]) -> dict | None:
    """Return a part as printed, or as the sum of its own parts where all of them are."""
    if part in known:
        return known[part]
    for whole, parts in SUMS:
        if whole == part and all(own in known for own in parts):
            return plus([known[own] for own in parts])
    return None


def plus(parts: list[dict]) -> dict:
    """Return the sum of figures.

    Parameters
    ----------
    parts : list of dict
        Figures, with ``value``, ``value_then`` and ``printed``; at least one.

    Returns
    -------
    dict
        The first, with the sums, ``derived`` where it is more than one.

    Examples
    --------
    >>> rows = [{"value": n, "value_then": n, "printed": n, "derived": False} for n in (4.0, 5.0)]
    >>> plus(rows)["value"], plus(rows)["derived"], plus(rows[:1])["derived"]
    (9.0, True, False)
    """
    names = ("value", "value_then", "printed")
    sums = {name: sum(part[name] for part in parts) for name in names}
    return parts[0] | (sums | {"derived": True} if len(parts) > 1 else {})


def less(total: dict, parts: list[dict]) -> dict:
    """Return what a total leaves when its known parts are taken out.

    Parameters
    ----------
    total : dict
        A figure, with ``value`` and ``value_then``.
    parts : list of dict
        Such figures.

    Returns
    -------
    dict
        The total with both values less those of the parts, ``derived``, and printed nowhere.

    Examples
    --------
    >>> row = less({"value": 9.0, "value_then": 8.0}, [{"value": 5.0, "value_then": 5.0}])
    >>> row["value"], row["value_then"], row["derived"]
    (4.0, 3.0, True)
    """
    rest = {
        name: total[name] - sum(part[name] for part in parts) for name in ("value", "value_then")
    }
    return total | rest | {"derived": True, "printed": float("nan")}
