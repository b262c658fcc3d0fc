"""How the plan of claims came about: each amendment, from one version of the file to the next.

A version is compared with the versions that its commit started from, claim by claim and field by
field, after folding white space and without regard to order: what was only reformatted is no
amendment. A list, such as the evidence of a claim, is compared item by item, and the first item of
the evidence is *primary*, so that another primary source is an amendment though no source came or
went. What a merge took from either side is no amendment of the merge's own.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pandas as pd

Claims = Mapping[str, Mapping[str, Any]]

# Fields that say what is meant and decide nothing; the statement is the claim itself, and all
# others are read by the rule.
WORDS = {
    *("place", "estimand", "unit", "test", "effect_unit"),
    *("limits", "reason", "secondary", "comparisons", "proof"),
}
FIRST = ("source", "key", "counts")  # of an item of evidence, in this order
COLUMNS = ["commit", "date", "time", "claim", "field", "part", "change", "before", "after"]
COLUMNS += ["result_known", "why"]


@dataclass(frozen=True)
class Version:
    """The plan as one commit left it.

    Attributes
    ----------
    commit, time, why : str
        Short name of the commit, its time as ``YYYY-MM-DDTHH:MM:SSZ``, and its reason.
    after : mapping of str to mapping
        The claims by id, each with its fields; empty where there was no plan.
    before : tuple of mappings
        The same for each commit that this one started from: one, or several for a merge.
    base : mapping, optional
        The same where the sides of a merge parted.
    """

    commit: str
    time: str
    why: str
    after: Claims
    before: tuple[Claims, ...]
    base: Claims | None = None


def part(field: str) -> str:
    """Return which part of a claim a field belongs to.

    Parameters
    ----------
    field : str
        A field of a claim.

    Returns
    -------
    str
        ``claim`` for the statement, ``words`` for what explains, ``rule`` for what decides.

    Examples
    --------
    >>> part("statement"), part("limits"), part("smallest_effect")
    ('claim', 'words', 'rule')
    """
    return "claim" if field == "statement" else "words" if field in WORDS else "rule"


def families(versions: Iterable[Version]) -> list[str]:
    """Return the families of the results that any version names as evidence.

    Parameters
    ----------
    versions : iterable of Version
        The history.

    Returns
    -------
    list of str
        The first two names of each key, sorted.

    Examples
    --------
    >>> plan = {"more": {"evidence": [{"source": "A", "key": "trend.a.ratio"}]}}
    >>> families([Version("1a2b", "2026-01-01T00:00:00Z", "Start.", plan, ())])
    ['trend.a']
    """
    claims = chain.from_iterable((one.after, *one.before) for one in versions)
    return sorted({family for plan in claims for claim in plan.values() for family in _of(claim)})


def amendments(versions: Iterable[Version], first_results: Mapping[str, str]) -> pd.DataFrame:
    """Return every amendment of the plan as a table.

    Parameters
    ----------
    versions : iterable of Version
        The history, in any order.
    first_results : mapping of str to str
        Family of results, as of :func:`families`, to the time from which on it was known.

    Returns
    -------
    pandas.DataFrame of str, in order of time
        ``commit``, ``date`` and ``time``; ``claim``, ``field`` and its ``part``; the ``change``
        (``stated`` in the first version, ``added`` or ``dropped`` for a claim, else ``amended``);
        ``before`` and ``after`` (only the items that differ, parted by " | "); ``result_known``,
        whether a result of the claim was known by then (``true`` or ``false``, empty where no
        result is evidence); ``why``.

    Examples
    --------
    >>> one, two = ({"more": {"statement": "More.", "margin": margin}} for margin in (1.1, 1.2))
    >>> start = Version("1a2b", "2026-01-01T10:00:00Z", "Start.", one, ({},))
    >>> later = Version("3c4d", "2026-01-02T10:00:00Z", "Widen.", two, (one,))
    >>> amendments([later, start], {})[["change", "field", "before", "after"]].values.tolist()
    [['stated', 'statement', '', 'More.'], ['amended', 'margin', '1.1', '1.2']]
    """
    rows = []
    ordered = sorted(versions, key=lambda one: (one.time, one.commit))
    for place, one in enumerate(ordered):
        about = {"commit": one.commit, "date": one.time[:10], "time": one.time[11:19]}
        for claim, change, field, before, after in _changes(one):
            rows.append(
                about
                | {"claim": claim, "field": field, "part": part(field), "why": one.why}
                | {"change": "stated" if change == "added" and place == 0 else change}
                | {"before": " | ".join(before), "after": " | ".join(after)}
                | {"result_known": _known(one, claim, first_results)}
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def _of(claim: Mapping[str, Any]) -> set[str]:
    """Return the families of the results that a claim names as evidence."""
    keys = [item["key"] for item in claim.get("evidence") or () if "key" in item]
    return {".".join(key.split(".")[:2]) for key in keys}


def _known(version: Version, claim: str, first_results: Mapping[str, str]) -> str:
    """Return whether a result of a claim, as it was or became, was known by then."""
    plans = (version.after, *version.before)
    named = set().union(*(_of(plan.get(claim, {})) for plan in plans))
    times = [first_results[family] for family in named if family in first_results]
    return str(any(time <= version.time for time in times)).lower() if named else ""


def _merged(base: Iterable[str], sides: Sequence[Iterable[str]]) -> list[str]:
    """Return what the sides of a merge leave: all but what one of them took out of the base."""
    every = dict.fromkeys(chain.from_iterable(sides))
    return [one for one in every if all(one in side for side in sides) or one not in base]


def _changes(version: Version) -> Iterable[tuple[str, str, str, list[str], list[str]]]:
    """Yield claim, kind of change, field, and its items before and after that differ."""
    base = version.base or {}
    left = _merged(base, version.before)
    for claim in dict.fromkeys([*version.after, *left]):
        earlier = [plan[claim] for plan in version.before if claim in plan]
        now = version.after.get(claim)
        if now is None:
            yield claim, "dropped", "statement", items("statement", earlier[0]["statement"]), []
        elif claim not in left:
            yield claim, "added", "statement", [], items("statement", now["statement"])
        else:
            parted = base.get(claim, {})
            for field in dict.fromkeys(chain(now, *earlier)):
                after = items(field, now.get(field))
                before = _merged(
                    items(field, parted.get(field)),
                    [items(field, one.get(field)) for one in earlier],
                )
                came = [one for one in after if one not in before]
                went = [one for one in before if one not in after]
                if came or went:
                    yield claim, "amended", field, went, came


def items(field: str, value: Any) -> list[str]:
    """Return the value of a field as texts that compare equal where only the form differs.

    Parameters
    ----------
    field : str
        A field of a claim.
    value : Any
        Its value; missing as ``None``.

    Returns
    -------
    list of str
        One for a single value, one an item for a list; of the evidence, the first is marked.

    Examples
    --------
    >>> items("limits", ["One  year\\nalone."]), items("margin", 1.10), items("control", None)
    (['One year alone.'], ['1.1'], [])
    >>> items("evidence", [{"key": "t.a", "source": "A"}, {"source": "B", "key": "t.b"}])
    ['primary: source A, key t.a', 'source B, key t.b']
    """
    if value is None:
        return []
    found = [_text(one) for one in (value if isinstance(value, list) else [value])]
    return [f"primary: {found[0]}", *found[1:]] if field == "evidence" and found else found


def _text(value: Any) -> str:
    """Return a value as text, white space folded and names in a fixed order."""
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda one: (FIRST.index(one) if one in FIRST else 9, one))
        return ", ".join(f"{name} {_text(value[name])}" for name in names)
    if isinstance(value, list):
        return "; ".join(sorted(map(_text, value)))  # their order means nothing
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:g}"
    return " ".join(str(value).split())


def by_commit(table: pd.DataFrame) -> pd.DataFrame:
    """Return what each commit amended, and why.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`amendments`.

    Returns
    -------
    pandas.DataFrame, one row a commit, in order of time
        ``date``, ``commit``, the number of ``amendments``, how many of them touch what is claimed
        or what the rule reads (``decide``), and ``why``.

    Examples
    --------
    >>> told = {"date": "2026-01-02", "time": "10:00:00", "commit": "3c4d", "why": "So."}
    >>> rows = pd.DataFrame([told | {"part": "rule"}, told | {"part": "words"}])
    >>> by_commit(rows)[["commit", "amendments", "decide"]].values.tolist()
    [['3c4d', 2, 1]]
    """
    grouped = table.assign(decides=table["part"] != "words").groupby(
        ["date", "time", "commit", "why"], as_index=False
    )
    found = grouped.agg(amendments=("part", "size"), decide=("decides", "sum"))
    return found[["date", "commit", "amendments", "decide", "why"]]


def digest(table: pd.DataFrame) -> str:
    """Return the SHA-256 of a table, by which it is known again.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table; it is written as CSV, numbers with six digits.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> digest(pd.DataFrame({"month": ["2026-06"], "median": [190.0000001]}))[:8]
    '6d521bd2'
    """
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    return hashlib.sha256(text.encode()).hexdigest()
