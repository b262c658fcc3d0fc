"""Verdicts as tables: claim by claim, source by source, and under other numbers of the rule."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers.claims.plan import Checkable, Claim, Untestable
from helpers.claims.rule import VERDICTS, Verdict, judge

CAN_SHOW = {"descriptive": "counts", "association": "association", "causal": "cause"}
FACTORS = {"half": 0.5, "double": 2.0}

# How a page shows the columns of these tables.
FORMATS = {
    **dict.fromkeys(["value", "low", "high"], "{:.2f}"),
    "units_low": "{:.1f}",
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
        ``id``, ``claim``, ``verdict``; of the primary result ``effect``, ``low`` and ``high``, and
        what is ``expected``; ``matters_from``, the smallest effect, in ``unit``; the sources
        ``for`` and ``against``; what the design ``shows``; ``p_holm``, ``why`` and ``key``.

    Examples
    --------
    >>> from helpers.claims.rule import Voice
    >>> about = {"statement": "There is more.", "expected": "above", "smallest_effect": 1.1}
    >>> about |= {"effect_unit": "ratio", "identification": "descriptive"}
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
    >>> from helpers.claims.rule import Voice
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
        Number of claims by verdict, all five named, in lower case with underscores.

    Examples
    --------
    >>> counts([Verdict("a", "Partly"), Verdict("b", "Partly")])["partly"]
    2
    """
    given = [one.verdict for one in verdicts]
    return {name.lower().replace(" ", "_"): given.count(name) for name in VERDICTS}


def with_smallest(claim: Checkable, factor: float) -> Checkable:
    """Move the smallest effect of a claim nearer to no effect, or farther from it.

    Parameters
    ----------
    claim : Checkable
        The claim as written.
    factor : float
        How many times as far from no effect; for a ratio on the scale of logarithms, for a claim of
        a figure the tolerance.

    Returns
    -------
    Checkable
        The claim with another smallest effect.

    Examples
    --------
    >>> claim = Checkable.model_construct(
    ...     expected="above", scale="ratio", no_effect=1.0, smallest_effect=1.1
    ... )
    >>> round(with_smallest(claim, 2).smallest_effect, 2)
    1.21
    """
    near, far = claim.no_effect, claim.smallest_effect
    if claim.expected == "equal":
        far = factor * far
    else:
        far = (
            near * (far / near) ** factor
            if claim.scale == "ratio"
            else near + factor * (far - near)
        )
    return claim.model_copy(update={"smallest_effect": far})


def sensitivity(
    claims: Iterable[Claim], results: Mapping[str, Mapping[str, Any]], chosen: Iterable[str]
) -> pd.DataFrame:
    """Judge each claim again with other numbers in the rule, and without each source.

    Parameters
    ----------
    claims : iterable of Checkable or Untestable
        The plan; what cannot be tested is passed over.
    results, chosen
        As in :func:`helpers.claims.rule.judge`.

    Returns
    -------
    pandas.DataFrame of str, one row a checkable claim
        ``id``, the verdict ``as_written``, with ``half_effect`` and ``double_effect``, and
        ``without_NAME`` for each source, missing where it has no voice on the claim.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {key: {"value": 1.5, "low": 1.2, "high": 1.9} for key in ("t.a", "t.b")}
    >>> sensitivity([claim], recorded, ["a", "b"]).iloc[0, 1:4].tolist()
    ['Supported', 'Supported', 'Partly']
    """
    chosen, rows = list(chosen), []
    for claim in (one for one in claims if isinstance(one, Checkable)):
        row = {"id": claim.id, "as_written": judge(claim, results, chosen).verdict}
        row |= {
            f"{name}_effect": judge(with_smallest(claim, factor), results, chosen).verdict
            for name, factor in FACTORS.items()
        }
        speaking = {item.source for item in claim.evidence if not item.always}
        row |= {
            f"without_{name}": judge(claim, results, [one for one in chosen if one != name]).verdict
            for name in chosen
            if name in speaking
        }
        rows.append(row)
    return pd.DataFrame(rows)


def changed(variants: pd.DataFrame) -> pd.DataFrame:
    """Return where a verdict is another than as it was written.

    Parameters
    ----------
    variants : pandas.DataFrame of str, shape (n_claims, n_variants + 2)
        As of :func:`sensitivity`: ``id``, ``as_written``, and a verdict for each variant.

    Returns
    -------
    pandas.DataFrame of bool, shape (n_claims, n_variants)
        True where a variant changes the verdict; a missing one, of a source without a voice, does
        not.

    Examples
    --------
    >>> table = {"id": ["a"], "as_written": ["Partly"], "x": ["Supported"], "y": ["Partly"]}
    >>> changed(pd.DataFrame(table | {"z": [None]})).to_dict("records")
    [{'x': True, 'y': False, 'z': False}]
    """
    others = variants.drop(columns=["id", "as_written"])
    return others.ne(variants["as_written"], axis=0) & others.notna()


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
