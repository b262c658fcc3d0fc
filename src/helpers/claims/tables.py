"""Verdicts as tables: claim by claim, source by source, check by check, and what flips them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.claims.checks import shown
from helpers.claims.decisions import DECIDED, FAILED, TOO_IMPRECISE, VERDICTS
from helpers.claims.documents import Documentary
from helpers.claims.flips import Flip, line
from helpers.claims.needed import needed
from helpers.claims.plan import Checkable, Claim, Untestable
from helpers.claims.rule import Verdict

CAN_SHOW = {"descriptive": "counts", "association": "association", "causal": "cause"}
FAR = 100  # times as much data; beyond it a figure says nothing more
LEVEL = 0.05

# How a page shows the columns of these tables.
FORMATS = {
    **dict.fromkeys(["value", "low", "high", "find"], "{:.2f}"),
    **dict.fromkeys(["same", "smallest", "inflation", "dropped", "primary", "variant"], "{:.0%}"),
    **dict.fromkeys(["units_low", "times"], "{:.1f}"),
    "p_holm": "{:.3f}",
}


def overview(claims: Iterable[Claim], verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Tabulate the verdicts, one row a checkable claim.

    Parameters
    ----------
    claims : iterable of Checkable or Untestable
        The plan.
    verdicts : iterable of Verdict
        One a claim, in the same order.

    Returns
    -------
    pandas.DataFrame, one row a checkable claim
        ``id``, ``claim``, ``verdict``, ``family``; of the primary result ``effect``, ``low`` and
        ``high``, and what is ``expected``; ``matters_from``, the smallest effect, in ``unit``; the
        sources ``for`` and ``against``; what the design ``shows``; ``p_holm``, ``why`` and ``key``.

    Examples
    --------
    >>> from helpers.claims.voices import Voice
    >>> about = {"statement": "There is more.", "expected": "above", "smallest_effect": 1.1}
    >>> about |= {"effect_unit": "ratio", "identification": "descriptive", "family": "level"}
    >>> claim = Checkable.model_construct(id="more", **about)
    >>> voice = Voice("A", "t.a", 1.5, 1.2, 1.9, "beyond", True, 0.01)
    >>> table = overview([claim], [Verdict("more", "Supported", (voice,))])
    >>> table[["claim", "verdict", "effect", "for"]].values.tolist()
    [['There is more.', 'Supported', 1.5, 'A']]
    """
    rows = []
    for claim, one in _checkable(claims, verdicts):
        first = one.primary
        rows.append(
            {
                "id": claim.id,
                "claim": claim.statement,
                "verdict": one.verdict,
                "family": claim.family,
                "effect": first and first.value,
                "low": first and first.low,
                "high": first and first.high,
                "expected": claim.expected.replace("_", " "),
                "matters_from": claim.smallest_effect,
                "unit": claim.effect_unit,
                "for": ", ".join(one.sources(True)),
                "against": ", ".join(one.sources(False)),
                "shows": CAN_SHOW[claim.identification],
                "p_holm": one.p_holm,
                "why": "; ".join(one.reasons),
                "key": first.key if first else "",
            }
        )
    return pd.DataFrame(rows).astype(dict.fromkeys(["effect", "low", "high", "p_holm"], "float64"))


def brief(table: pd.DataFrame) -> pd.DataFrame:
    """Write the rows of :func:`overview` in few columns of words, for a page.

    Parameters
    ----------
    table : pandas.DataFrame, one row a claim
        As of :func:`overview`.

    Returns
    -------
    pandas.DataFrame, one row a claim
        ``claim``, ``verdict``, ``effect`` (with its interval, as text), ``matters`` (from which
        effect on it does, or how far a figure may lie from the stated one), ``sources``, ``shows``
        and ``why``.

    Examples
    --------
    >>> row = {"claim": "More.", "verdict": "Partly", "shows": "counts", "why": "it is", "for": "A"}
    >>> row |= {"against": "", "effect": 1.5, "low": 1.25, "high": 1.75, "matters_from": 1.1}
    >>> count = {"effect": 12, "low": math.nan, "matters_from": 2, "unit": "factions"}
    >>> rows = [row | {"expected": "above"}, row | count | {"expected": "equal"}]
    >>> brief(pd.DataFrame(rows))[["effect", "matters"]].values.tolist()
    [['1.50 (1.25\xa0to\xa01.75)', 'from 1.10'], ['12', 'beyond 2 factions']]
    """
    interval = [_shown(row.effect, row.low, row.high) for row in table.itertuples()]
    sides = [
        [f"{word} {names}" for word, names in (("for:", one), ("against:", other)) if names]
        for one, other in zip(table["for"], table["against"])
    ]
    words = table[["claim", "verdict", "shows", "why"]].assign(
        effect=interval,
        matters=[
            f"beyond {row.matters_from:g} {row.unit}"
            if row.expected == "equal"
            else f"from {row.matters_from:.2f}"
            for row in table.itertuples()
        ],
        sources=["; ".join(side) for side in sides],
    )
    return words[["claim", "verdict", "effect", "matters", "sources", "shows", "why"]]


def voices(claims: Iterable[Claim], verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Tabulate what each source says on each claim.

    Parameters
    ----------
    claims : iterable of Checkable or Untestable
        The plan.
    verdicts : iterable of Verdict
        One a claim, in the same order.

    Returns
    -------
    pandas.DataFrame, one row a checkable claim and source
        ``id``, ``source``, what it ``counts``; ``value``, ``low`` and ``high`` as recorded; the
        ``reading`` of the interval; whether it ``agrees`` and is ``primary``; the ``verdict``; and
        ``units``, ``units_low`` and ``units_high``: estimate and interval as multiples of the
        smallest effect, missing for a claim of a figure.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> from helpers.claims.voices import Voice
    >>> heard = Evidence(source="A", key="t.a", counts="deaths")
    >>> claim = Checkable.model_construct(id="more", evidence=[heard])
    >>> voice = Voice("A", "t.a", 1.5, 1.2, 1.9, "beyond", True, 0.01, (4.3, 1.9, 6.7))
    >>> table = voices([claim], [Verdict("more", "Supported", (voice,))])
    >>> table[["source", "counts", "reading", "units"]].values.tolist()
    [['A', 'deaths', 'beyond', 4.3]]
    """
    rows = []
    for claim, one in _checkable(claims, verdicts):
        counts = {item.source: item.counts for item in claim.evidence}
        for number, voice in enumerate(one.voices):
            units = voice.units or (math.nan,) * 3
            rows.append(
                {
                    "id": claim.id,
                    "source": voice.source,
                    "counts": counts[voice.source],
                    "value": voice.value,
                    "low": voice.low,
                    "high": voice.high,
                    "reading": voice.reading,
                    "agrees": voice.agrees,
                    "primary": number == 0,
                    "verdict": one.verdict,
                    "units": units[0],
                    "units_low": units[1],
                    "units_high": units[2],
                    "key": voice.key,
                }
            )
    return pd.DataFrame(rows).astype({"low": "float64", "high": "float64"})


def untested(claims: Iterable[Claim]) -> pd.DataFrame:
    """List the claims that cannot be tested.

    Parameters
    ----------
    claims : iterable of Checkable or Untestable
        The plan.

    Returns
    -------
    pandas.DataFrame, one row an untestable claim
        ``claim``, ``place`` and ``why_not``.

    Examples
    --------
    >>> told = {"statement": "Morale fell.", "place": "end", "reason": "Nobody counts it."}
    >>> untested([Untestable(kind="untestable", id="morale", **told)])["why_not"].tolist()
    ['Nobody counts it.']
    """
    rows = [(one.statement, one.place, one.reason) for one in claims if isinstance(one, Untestable)]
    return pd.DataFrame(rows, columns=["claim", "place", "why_not"])


def counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Count the verdicts.

    Parameters
    ----------
    verdicts : iterable of Verdict
        The verdicts.

    Returns
    -------
    dict of str to int
        Number of claims by verdict, all of them named, in lower case with underscores
        (``one_source`` for One source only).

    Examples
    --------
    >>> counts([Verdict("a", "Partly"), Verdict("b", "Partly")])["partly"]
    2
    """
    given = [one.verdict for one in verdicts]
    short = {name: name.lower().removesuffix(" only").replace(" ", "_") for name in VERDICTS}
    return {short[name]: given.count(name) for name in VERDICTS}


def counted(counts: Mapping[str, int]) -> pd.DataFrame:
    """Tabulate the number of claims by verdict.

    Parameters
    ----------
    counts : mapping of str to int
        As of :func:`counts`.

    Returns
    -------
    pandas.DataFrame, one row a verdict
        ``verdict`` and ``claims``.

    Examples
    --------
    >>> counted({"partly": 2, "one_source": 1}).values.tolist()
    [['partly', 2], ['one source', 1]]
    """
    rows = [(name.replace("_", " "), count) for name, count in counts.items()]
    return pd.DataFrame(rows, columns=["verdict", "claims"])


def checks(claims: Iterable[Claim], verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Tabulate what was promised of each claim, and whether it is met.

    Parameters
    ----------
    claims : iterable of Claim
        The plan.
    verdicts : iterable of Verdict
        One a claim, in the same order.

    Returns
    -------
    pandas.DataFrame of str, one row a claim and check
        ``id``, what the ``check`` says, the result that was ``found``, what is ``needed``, whether
        it is ``met`` (yes or no), the verdict ``else``, and the ``key`` of the result.

    Examples
    --------
    >>> from helpers.claims.checks import checked
    >>> from helpers.claims.plan import Check
    >>> about = {"what": "leads", "key": "t.lead", "relation": "at_most", "value": 1.1}
    >>> about |= {"says": "nothing rose before", "decides": "cause_not_identified"}
    >>> claim = Checkable.model_construct(id="more", falsified_by=[Check(**about)])
    >>> found = checked(claim, None, {"t.lead": {"value": 1.7268}}, [])
    >>> verdict = Verdict("more", "Cause not identified", checks=found)
    >>> checks([claim], [verdict]).iloc[0].tolist()[2:]
    ['1.73', 'at most 1.1', 'no', 'Cause not identified', 't.lead']
    """
    rows = [
        (
            claim.id,
            one.check.says,
            shown(one.found),
            one.needed,
            "yes" if one.met else "no",
            FAILED[one.check.decides],
            one.check.key,
        )
        for claim, verdict in _checkable(claims, verdicts)
        for one in verdict.checks
    ]
    return pd.DataFrame(rows, columns=["id", "check", "found", "needed", "met", "else", "key"])


def wanting(
    claims: Iterable[Claim],
    verdicts: Iterable[Verdict],
    results: Mapping[str, Mapping[str, Any]],
    chosen: Iterable[str],
) -> pd.DataFrame:
    """Tabulate what the undecided claims would need.

    Parameters
    ----------
    claims : iterable of Claim
        The plan.
    verdicts : iterable of Verdict
        One a claim, in the same order.
    results, chosen
        As in :func:`helpers.claims.rule.judge`.

    Returns
    -------
    pandas.DataFrame, one row an undecided claim
        ``id``, ``verdict``; the smallest effect that these data ``find`` in four of five cases, and
        how many ``times`` as much data would decide if the estimates stayed, both missing where
        nothing can be computed; and what is ``missing``, in words.

    Examples
    --------
    >>> claim = Checkable.model_construct(id="more", least_sources=2, evidence=[])
    >>> verdict = Verdict("more", "One source only", reasons=("1 source, and 2 are needed",))
    >>> wanting([claim], [verdict], {}, [])["missing"].tolist()
    ['1 source, and 2 are needed']
    """
    chosen = list(chosen)
    rows = []
    for claim, one in _checkable(claims, verdicts):
        if one.verdict in DECIDED:
            continue
        found = needed(claim, results, chosen) if one.verdict == TOO_IMPRECISE else None
        effect, more = (found.effect, found.times) if found else (math.nan, None)
        missing = _more(more) if found else one.reasons[0]
        rows.append((claim.id, one.verdict, effect, more or math.nan, missing))
    return pd.DataFrame(rows, columns=["id", "verdict", "find", "times", "missing"])


def _more(times: float | None) -> str:
    """Return how much more data would decide, in words."""
    if times is None:
        return "no amount at these estimates: the sources part"
    if times > FAR:
        return f"more than {FAR} times as much data"
    return f"{times:.1f} times as much data, were the estimates to stay"


def families(table: pd.DataFrame) -> pd.DataFrame:
    """Count the tests of each family.

    Parameters
    ----------
    table : pandas.DataFrame, one row a claim
        As of :func:`overview`.

    Returns
    -------
    pandas.DataFrame, one row a family
        ``family``, its ``tests`` (primary results that imply a p), how many of them stay
        ``below_5_pct`` after the adjustment, and the ``claims``.

    Examples
    --------
    >>> rows = {"family": ["place"] * 2, "id": ["a", "b"], "p_holm": [0.01, math.nan]}
    >>> families(pd.DataFrame(rows)).values.tolist()
    [['place', 1, 1, 'a, b']]
    """
    rows = [
        (name, of["p_holm"].count(), (of["p_holm"] < LEVEL).sum(), ", ".join(of["id"]))
        for name, of in table.groupby("family", sort=False)
    ]
    return pd.DataFrame(rows, columns=["family", "tests", "below_5_pct", "claims"])


def turns(
    claims: Iterable[Claim],
    verdicts: Iterable[Verdict],
    found: Mapping[str, list[Flip]],
) -> pd.DataFrame:
    """Tabulate what would flip each verdict.

    Parameters
    ----------
    claims : iterable of Claim
        The plan.
    verdicts : iterable of Verdict
        One a claim, in the same order.
    found : mapping of str to list of Flip
        The flips of each checkable claim, by its id.

    Returns
    -------
    pandas.DataFrame of str, one row a checkable claim
        ``id``, ``verdict`` and ``flips``, a line.

    Examples
    --------
    >>> claim = Checkable.model_construct(id="more")
    >>> found = {"more": [Flip("inflation", 2.1, "above", "Partly")]}
    >>> turns([claim], [Verdict("more", "Supported")], found)["flips"].tolist()
    ['to Partly if the inflation were above 2.1 times the one used']
    """
    rows = [
        (claim.id, one.verdict, line(one, found[claim.id]))
        for claim, one in _checkable(claims, verdicts)
    ]
    return pd.DataFrame(rows, columns=["id", "verdict", "flips"])


def with_documents(
    claims: Iterable[Claim],
    verdicts: Iterable[Verdict],
    results: Mapping[str, Mapping[str, Any]],
) -> list[Verdict]:
    """Put the recorded verdict on each claim that documents decide in the place of what is there.

    Parameters
    ----------
    claims : iterable of Claim
        The plan.
    verdicts : iterable of Verdict
        One a claim, in the same order, judged without documents.
    results : mapping of str to mapping
        Recorded entries by key, as in ``results.json``.

    Returns
    -------
    list of Verdict
        One a claim.

    Examples
    --------
    >>> claim = Documentary.model_construct(id="met")
    >>> found = {"claims.met.verdict": {"value": "Supported"}}
    >>> with_documents([claim], [Verdict("met", "One source only")], found)[0].verdict
    'Supported'
    """
    return [
        replace(one, verdict=results[f"claims.{claim.id}.verdict"]["value"], reasons=())
        if isinstance(claim, Documentary) and f"claims.{claim.id}.verdict" in results
        else one
        for claim, one in zip(claims, verdicts, strict=True)
    ]


def _checkable(
    claims: Iterable[Claim], verdicts: Iterable[Verdict]
) -> list[tuple[Checkable, Verdict]]:
    return [
        (claim, one)
        for claim, one in zip(claims, verdicts, strict=True)
        if isinstance(claim, Checkable)
    ]


def _shown(effect: float, low: float, high: float) -> str:
    """Return an effect and its interval, which no line end parts; what is missing is left out."""
    if math.isnan(effect):
        return ""
    if math.isnan(low):
        return f"{effect:.0f}" if effect == round(effect) else f"{effect:.2f}"
    return f"{effect:.2f} ({low:.2f}\u00a0to\u00a0{high:.2f})"


def since(
    first: pd.DataFrame, claims: Iterable[Claim], results: Mapping[str, Mapping[str, Any]]
) -> pd.DataFrame:
    """Tabulate what became of claims that had a verdict before.

    Parameters
    ----------
    first : pandas.DataFrame
        Columns ``claim`` (an id of the plan) and ``verdict``.
    claims : iterable of Checkable, Documentary or Untestable
        The plan.
    results : mapping of str to mapping
        Recorded entries by key; those of the chapter that judges are read.

    Returns
    -------
    pandas.DataFrame, one row a row of ``first``
        ``claim`` (the statement), ``before`` and ``now`` (verdicts), ``decided`` (bool), and
        ``rests_on``: who counted the primary result, and what it counts.

    Raises
    ------
    InputError
        For a claim that is not in the plan, or not tested by it any more.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> counted = [Evidence(source="A", key="t.a", counts="deaths")]
    >>> claim = Checkable.model_construct(id="more", statement="There is more.", evidence=counted)
    >>> first = pd.DataFrame({"claim": ["more"], "verdict": "Not identifiable"})
    >>> since(first, [claim], {"claims.more.verdict": {"value": "Supported"}}).values.tolist()
    [['There is more.', 'Not identifiable', 'Supported', True, 'A: deaths']]
    """
    tested = {one.id: one for one in claims if isinstance(one, Checkable)}
    rows = []
    for identity, before in zip(first["claim"], first["verdict"]):
        if identity not in tested:
            raise InputError(
                f"the plan tests no claim '{identity}'" + did_you_mean(identity, tested)
            )
        claim, now = tested[identity], results[f"claims.{identity}.verdict"]["value"]
        primary = claim.evidence[0]
        decided, rests = now in DECIDED, f"{primary.source}: {primary.counts}"
        rows.append((claim.statement, before, now, decided, rests))
    return pd.DataFrame(rows, columns=["claim", "before", "now", "decided", "rests_on"])
