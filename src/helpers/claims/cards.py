"""All claims as cards: sentence, verdict, interval against the smallest effect, sources, flips.

The cards are HTML that is whole without a script: what a reader without one sees is what was
judged. With one, ``book/_static/cards.js`` shows some of them at a time, and judges them again by
choices of the reader (:mod:`helpers.claims.panel`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.base.markup import html as escaped
from helpers.claims.decisions import VERDICTS
from helpers.claims.flips import WORDS, Flip
from helpers.claims.multiverse import FIRM
from helpers.claims.plan import Checkable, Claim
from helpers.claims.rule import Verdict

LOW, HIGH = -3.0, 5.0  # smallest effects that a strip shows; what lies beyond ends at its edge
WIDTH = 100 / (HIGH - LOW)
# One sign a verdict, so that it is not told by colour alone.
SIGNS = dict(zip(VERDICTS, ["✓", "◐", "✗", "⊘", "≈", "①", "?", "–"], strict=True))
PARTS = {
    "level": "How much, how deadly",
    "figures": "The article's own figures",
    "place": "Where",
    "factors": "The three factors",
    "strategy": "The strategy",
    "forecast": "The outlook",
    "documentary": "What documents say",
    "untestable": "Beyond data",
}
SHOWS = {
    "descriptive": "what was counted",
    "association": "an association, not its cause",
    "causal": "a cause",
}


@dataclass(frozen=True)
class Card:
    """What a card says beside the claim and its verdict.

    Attributes
    ----------
    link : str
        The label of the cell that made the primary result, or that judged; empty for none.
    same : float or None
        The share of other choices with the same verdict.
    flips : tuple of str
        Clauses that say what would change it.
    """

    link: str = ""
    same: float | None = None
    flips: tuple[str, ...] = ()


def slug(verdict: str) -> str:
    """Return the class of a verdict on a page.

    Parameters
    ----------
    verdict : str
        One of :data:`helpers.claims.decisions.VERDICTS`.

    Returns
    -------
    str

    Examples
    --------
    >>> slug("Too imprecise")
    'too-imprecise'
    """
    return verdict.lower().replace(" ", "-")


def badge(verdict: str) -> str:
    """Return a verdict with its sign, in the colour of its class.

    Parameters
    ----------
    verdict : str
        One of :data:`helpers.claims.decisions.VERDICTS`.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> badge("Partly")
    '<span class="verdict partly"><span aria-hidden="true">◐</span> Partly</span>'
    """
    sign = f'<span aria-hidden="true">{SIGNS[verdict]}</span>'
    return f'<span class="verdict {slug(verdict)}">{sign} {escaped(verdict)}</span>'


def bar(verdicts: Iterable[str]) -> str:
    """Return one bar of all verdicts, each as long as it has claims.

    Parameters
    ----------
    verdicts : iterable of str
        One a claim.

    Returns
    -------
    str
        HTML, in the order of :data:`helpers.claims.decisions.VERDICTS`.

    Examples
    --------
    >>> [part[0] for part in bar(["Partly", "Partly", "Supported"]).split("flex-grow:")[1:]]
    ['1', '2']
    """
    found = list(verdicts)
    counts = {name: found.count(name) for name in VERDICTS if name in found}
    parts = [
        f'<i class="{slug(name)}" style="flex-grow:{count}"></i>' for name, count in counts.items()
    ]
    words = [
        f'<li class="{slug(name)}"><b>{count}</b> <span aria-hidden="true">{SIGNS[name]}</span> '
        f"{escaped(name)}</li>"
        for name, count in counts.items()
    ]
    return "\n".join(
        [
            f'<div class="verdict-bar" aria-hidden="true">{"".join(parts)}</div>',
            f'<ul class="verdict-legend" aria-label="Verdicts on {len(found)} claims">',
            *words,
            "</ul>",
        ]
    )


def cards(
    claims: Iterable[Claim],
    verdicts: Iterable[Verdict],
    beside: Mapping[str, Card],
    panel: Mapping[str, Any],
) -> str:
    """Write all claims as cards, in the order of the plan.

    Parameters
    ----------
    claims : iterable of Checkable, Documentary or Untestable
        The plan.
    verdicts : iterable of Verdict
        One a claim, in the same order.
    beside : mapping of str to Card
        What else a card says, by claim; a claim that is not in it says nothing else.
    panel : mapping
        As of :func:`helpers.claims.panel.panel`, which goes along for the script.

    Returns
    -------
    str
        HTML: one bar of all verdicts, and an article a claim.

    Examples
    --------
    >>> from helpers.claims.plan import Untestable
    >>> about = {"id": "luck", "statement": "It was luck.", "place": "end", "reason": "No count."}
    >>> claim = Untestable.model_construct(kind="untestable", **about)
    >>> text = cards([claim], [Verdict("luck", "Not testable", reasons=("No count.",))], {}, {})
    >>> 'id="claim-luck"' in text, "No count." in text, text.count("<article")
    (True, True, 1)
    """
    pairs = list(zip(claims, verdicts, strict=True))
    shown = [_card(claim, one, beside.get(claim.id, Card())) for claim, one in pairs]
    about = {"signs": SIGNS, "order": list(VERDICTS), "strip": [LOW, HIGH]}
    data = json.dumps({**panel, **about}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    safe = data.replace("<", "\\u003c")
    return "\n".join(
        [
            '<div class="claim-cards">',
            bar(one.verdict for _, one in pairs),
            '<div class="claim-list">',
            *shown,
            "</div>",
            f'<script type="application/json" class="claim-data">{safe}</script>',
            "</div>",
        ]
    )


def recorded(claim: Claim, one: Verdict, results: Mapping[str, Mapping[str, Any]]) -> Card:
    """Return what other chapters recorded of a claim.

    Parameters
    ----------
    claim : Checkable, Documentary or Untestable
        The claim.
    one : Verdict
        What the rule says of it.
    results : mapping of str to mapping
        Recorded entries by key, as in ``results.json``.

    Returns
    -------
    Card
        Without what was not recorded.

    Examples
    --------
    >>> claim = Checkable.model_construct(id="more")
    >>> flip = {"value": 1.2, "unit": "above it: Partly", "cell": "cell-09-3"}
    >>> found = {"claims.more.flips.smallest": flip, "claims.more.same": {"value": 0.4}}
    >>> recorded(claim, Verdict("more", "Supported"), found)
    Card(link='', same=0.4, flips=('to Partly if the smallest effect were above 1.2',))
    """
    name = f"claims.{claim.id}"
    keys = [one.primary.key if one.primary else "", f"{name}.verdict"]
    links = (results[key].get("cell", "") for key in keys if key in results)
    turns = [
        _turn(choice, results[f"{name}.flips.{choice}"])
        for choice in (*WORDS, "dropped")
        if f"{name}.flips.{choice}" in results
    ]
    same = results.get(f"{name}.same", {}).get("value")
    return Card(next(links, ""), same, tuple(turns))


def _turn(choice: str, entry: Mapping[str, Any]) -> str:
    """Return the clause of :attr:`helpers.claims.flips.Flip.sentence` from what was recorded."""
    side, _, verdict = entry["unit"].partition(" it: ")
    at = entry["value"]
    if side == "without":
        return Flip(choice, tuple(at.split(" and ")), "", verdict).sentence
    return Flip(choice, at, side, verdict).sentence


def as_rows(
    claims: Iterable[Claim], verdicts: Iterable[Verdict], beside: Mapping[str, Card]
) -> pd.DataFrame:
    """Return what the cards say as a table, for those who read on with a program.

    Parameters
    ----------
    claims, verdicts, beside
        As of :func:`cards`.

    Returns
    -------
    pandas.DataFrame, one row a claim
        ``id``, ``kind``, ``claim``, ``place``, ``verdict``, ``why``, ``value``, ``low``, ``high``,
        ``source``, ``key``, ``same`` and ``flips``; empty where there is none.

    Examples
    --------
    >>> claim = Checkable.model_construct(kind="checkable", id="more", statement="M.", place="end")
    >>> table = as_rows([claim], [Verdict("more", "Partly", reasons=("so",))], {"more": Card()})
    >>> table[["id", "verdict", "why"]].values.tolist()
    [['more', 'Partly', 'so']]
    """
    rows = []
    for claim, one in zip(claims, verdicts, strict=True):
        first, more = one.primary, beside[claim.id]
        rows.append(
            {
                "id": claim.id,
                "kind": claim.kind,
                "claim": claim.statement,
                "place": claim.place,
                "verdict": one.verdict,
                "why": "; ".join(one.reasons),
                "value": first and first.value,
                "low": first and first.low,
                "high": first and first.high,
                "source": first.source if first else "",
                "key": first.key if first else "",
                "same": more.same,
                "flips": "; ".join(more.flips),
            }
        )
    return pd.DataFrame(rows).astype(dict.fromkeys(["value", "low", "high", "same"], "float64"))


def _card(claim: Claim, one: Verdict, more: Card) -> str:
    part = claim.family if isinstance(claim, Checkable) else claim.kind
    told = _told(claim, one, more)
    rows = [f"<dt>{name}</dt><dd>{text}</dd>" for name, text in told if text]
    return "\n".join(
        [
            f'<article class="claim-card" id="claim-{claim.id.replace("_", "-")}" '
            f'data-claim="{claim.id}" data-verdict="{slug(one.verdict)}" data-part="{part}">',
            f'<p class="claim-head">{badge(one.verdict)} '
            f'<span class="claim-part">{escaped(PARTS.get(part, part))}</span></p>',
            f'<p class="claim-text">{escaped(claim.statement)}</p>',
            strip(one.primary.units) if one.primary and one.primary.units else "",
            f'<dl class="claim-told">{"".join(rows)}</dl>',
            "</article>",
        ]
    )


def _told(claim: Claim, one: Verdict, more: Card) -> list[tuple[str, str]]:
    """Return what a card says in rows: a name, and HTML."""
    why = escaped("; ".join(one.reasons))
    link = f'<a href="#{more.link}">open the cell that decides</a>' if more.link else ""
    if not isinstance(claim, Checkable):
        return [
            ("Why", why),
            ("Article", escaped(claim.place)),
            ("Cell", link),
        ]
    sources = [escaped(", ".join(one.sources(agree))) for agree in (True, False)]
    return [
        ("Found", _effect(claim, one)),
        ("Why", why),
        ("For", sources[0]),
        ("Against", sources[1]),
        ("Shows", SHOWS[claim.identification]),
        ("How firm", _firm(more.same)),
        ("Turns", escaped("; ".join(more.flips))),
        ("Article", escaped(claim.place)),
        ("Cell", link),
    ]


def _effect(claim: Checkable, one: Verdict) -> str:
    if not (first := one.primary):
        return ""
    matters = (
        f"agrees within {claim.smallest_effect:g}"
        if claim.expected == "equal"
        else f"matters from {claim.smallest_effect:.2f}"
    )
    told = f"{first.value:.4g}"
    if first.low is not None and first.high is not None:
        told = f"{first.value:.2f} ({first.low:.2f} to {first.high:.2f})"
    return escaped(f"{told}; {matters} ({claim.effect_unit}); {first.source}")


def _firm(same: float | None) -> str:
    if same is None:
        return ""
    word = "firm" if same >= FIRM else "hangs on choices"
    return f"{word}: the same word under {same:.0%} of other choices".replace("%", "\u00a0%")


def strip(units: tuple[float, float, float]) -> str:
    """Draw an interval in units of the smallest effect, with the lines of none and of one.

    Parameters
    ----------
    units : tuple of three floats
        Estimate, lower and upper end.

    Returns
    -------
    str
        HTML with a text alternative; ends beyond the strip lie at its edge.

    Examples
    --------
    >>> drawn = strip((2.0, 1.0, 9.0))
    >>> "left:50%;width:50%" in drawn, "from 1.0 to 9.0" in drawn
    (True, True)
    """
    value, low, high = (min(max(one, LOW), HIGH) for one in units)
    places = [(one - LOW) * WIDTH for one in (value, low, high)]
    said = f"{units[0]:.1f} smallest effects, from {units[1]:.1f} to {units[2]:.1f}"
    return (
        f'<div class="claim-strip" role="img" aria-label="{said}">'
        f'<i class="none" style="left:{-LOW * WIDTH:.4g}%"></i>'
        f'<i class="least" style="left:{(1 - LOW) * WIDTH:.4g}%"></i>'
        f'<b style="left:{places[1]:.4g}%;width:{places[2] - places[1]:.4g}%"></b>'
        f'<u style="left:{places[0]:.4g}%"></u>'
        '<span class="at none" aria-hidden="true" '
        f'style="left:{-LOW * WIDTH:.4g}%">no effect</span>'
        '<span class="at least" aria-hidden="true" '
        f'style="left:{(1 - LOW) * WIDTH:.4g}%">it matters from here</span>'
        "</div>"
    )
