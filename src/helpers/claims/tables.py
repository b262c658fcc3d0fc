"""Verdicts as tables: claim by claim, source by source, and how they change with the rule's own numbers."""

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
    **dict.fromkeys(["value", "low", "high", "at_least"], "{:.2f}"),
    "units_low": "{:.1f}",
    "p_holm": "{:.3f}",
}


def overview(claims: Iterable[Claim], verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Return one row a checkable claim: verdict, primary effect and interval, sources on either side, limit, p and key."""
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
    return pd.DataFrame(rows).astype(
        {name: "float64" for name in ("effect", "low", "high", "p_holm")}
    )


def brief(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of :func:`overview` in few columns of words, for a page."""
    interval = [_shown(row.effect, row.low, row.high) for row in table.itertuples()]
    sides = [
        [f"{word} {names}" for word, names in (("for:", one), ("against:", other)) if names]
        for one, other in zip(table["for"], table["against"])
    ]
    words = table[["claim", "verdict", "shows", "why"]].assign(
        effect=interval, at_least=table["matters_from"], sources=["; ".join(side) for side in sides]
    )
    return words[["claim", "verdict", "effect", "at_least", "sources", "shows", "why"]]


def voices(claims: Iterable[Claim], verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Return one row a claim and source: result, where the interval lies, and the effect in units of the smallest one."""
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
    """Return the claims that cannot be tested, with the reason."""
    rows = [(one.statement, one.place, one.reason) for one in claims if isinstance(one, Untestable)]
    return pd.DataFrame(rows, columns=["claim", "place", "why_not"])


def counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Return how many claims have each verdict, all five named."""
    given = [one.verdict for one in verdicts]
    return {name.lower().replace(" ", "_"): given.count(name) for name in VERDICTS}


def with_smallest(claim: Checkable, factor: float) -> Checkable:
    """Return ``claim`` with its smallest effect ``factor`` times as far from no effect (a ratio on the log scale)."""
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
    """Return each checkable claim's verdict as written, with half and double the smallest effect, without each tracker."""
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
        As of :func:`sensitivity`: ``id``, ``as_written``, and a verdict for each variant of the rule.

    Returns
    -------
    pandas.DataFrame of bool, shape (n_claims, n_variants)
        True where a variant changes the verdict; a missing one, of a source without a voice, does not.

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
    return (
        f"{effect:.2f}" if math.isnan(low) else f"{effect:.2f} ({low:.2f}\u00a0to\u00a0{high:.2f})"
    )
