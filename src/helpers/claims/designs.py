"""How each claim is tested, and how good the test is, in one table.

What a design is set against, what it shows where nothing can have happened yet or nowhere at all,
how often it cries wolf, what it could have found, and what would turn the verdict: a reader of a
verdict needs all of these, and finds them in one row.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from helpers.base.errors import InputError
from helpers.claims.choices import Results
from helpers.claims.flips import Flip, flips, line
from helpers.claims.needed import chance_to_find, detectable
from helpers.claims.plan import Checkable, Claim
from helpers.claims.rule import Verdict
from helpers.claims.voices import sizes

UNRECORDED = "not recorded in this run"  # as where its tracker takes no part
PARTS = {
    "leads": "leads",
    "placebo": "placebo",
    "worst_size": "size",
    "power": "power",
    "detectable_effect": "detectable",
}


NUMBERS = [*PARTS, "flip_value"]


class Told(NamedTuple):
    """One fact about a test.

    Attributes
    ----------
    value : float or str
        The number, or the reason why there is none.
    source : str
        Where it comes from: the key of a result, or how it follows.
    """

    value: float | str
    source: str


def designs(
    claims: Iterable[Claim],
    verdicts: Iterable[Verdict],
    results: Results,
    chosen: Iterable[str],
) -> dict[str, dict[str, Told]]:
    """Collect for each tested claim what is known of its test.

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
    dict of str to dict of str to Told
        By claim: ``design``, ``comparison``, ``leads``, ``placebo``, ``worst_size``, ``power``,
        ``detectable_effect``, ``flip_value`` and ``flips``.

    Raises
    ------
    InputError
        When a claim says nothing of its test.

    Examples
    --------
    >>> from helpers.claims.plan import Proof
    >>> proof = Proof(
    ...     design="two years", comparison="the year before", size="t.size",
    ...     without={"leads": "a fact", "placebo": "a fact"},
    ... )
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact", "evidence": []}
    >>> claim = Checkable.model_construct(id="more", proof=proof, **about)
    >>> told = designs([claim], [Verdict("more", "Partly")], {"t.size": {"value": 0.06}}, "a")
    >>> told["more"]["worst_size"], told["more"]["power"].value
    (Told(value=0.06, source='t.size'), 'no interval is recorded')
    """
    chosen = list(chosen)
    return {
        claim.id: _of_one(claim, verdict, results, chosen)
        for claim, verdict in zip(claims, verdicts)
        if isinstance(claim, Checkable)
    }


def table(found: Mapping[str, Mapping[str, Told]], verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Lay the facts about the tests out as rows.

    Parameters
    ----------
    found : mapping of str to mapping of str to Told
        As of :func:`designs`.
    verdicts : iterable of Verdict
        Verdicts, of which those on these claims are shown.

    Returns
    -------
    pandas.DataFrame, one row a claim
        ``id``, ``verdict``, ``design`` and ``comparison``, and each part as a number, missing where
        :func:`lacking` has the reason.

    Examples
    --------
    >>> one = {"design": Told("two years", "claims.yml"), "comparison": Told("2023", "claims.yml")}
    >>> one |= dict.fromkeys(NUMBERS, Told("arithmetic", "claims.yml"))
    >>> one["worst_size"] = Told(0.06, "t.size")
    >>> table({"more": one}, [Verdict("more", "Partly")])["worst_size"].tolist()
    [0.06]
    """
    words = {one.id: one.verdict for one in verdicts}
    rows: list[dict[str, Any]] = [
        {"id": name, "verdict": words[name]}
        | {part: facts[part].value for part in ("design", "comparison")}
        | {part: _number(facts[part].value) for part in NUMBERS}
        for name, facts in found.items()
    ]
    return pd.DataFrame(rows).astype(dict.fromkeys(NUMBERS, float))


def lacking(found: Mapping[str, Mapping[str, Told]]) -> pd.DataFrame:
    """List why a number is missing, each reason once.

    Parameters
    ----------
    found : mapping of str to mapping of str to Told
        As of :func:`designs`.

    Returns
    -------
    pandas.DataFrame, one row a reason
        ``reason``, the ``parts`` that it excuses, and the ``claims``.

    Examples
    --------
    >>> one = dict.fromkeys(NUMBERS, Told(0.1, "t.key")) | {"leads": Told("a fact", "claims.yml")}
    >>> lacking({"more": one, "worse": one}).values.tolist()
    [['a fact', 'leads', 'more, worse']]
    """
    rows = [
        (facts[part].value, part.replace("_", " "), name)
        for name, facts in found.items()
        for part in NUMBERS
        if isinstance(facts[part].value, str)
    ]
    every = pd.DataFrame(rows, columns=["reason", "parts", "claims"])
    joined = every.groupby("reason", sort=False).agg(lambda one: ", ".join(dict.fromkeys(one)))
    return joined.reset_index()


def reach(found: Mapping[str, Mapping[str, Told]], claims: Iterable[Claim]) -> pd.DataFrame:
    """Set what each test finds in four of five cases beside the smallest effect that matters.

    Parameters
    ----------
    found : mapping of str to mapping of str to Told
        As of :func:`designs`.
    claims : iterable of Claim
        The plan.

    Returns
    -------
    pandas.DataFrame, one row a claim with a detectable effect
        ``id``, ``asserts``, ``detectable``, ``smallest``, and ``times``: how many times the
        smallest effect it is, for a ratio on the scale of logarithms; the most precise first.

    Examples
    --------
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> claim = Checkable.model_construct(id="more", asserts="fact", margin=1.1, **about)
    >>> told = {"more": {"detectable_effect": Told(1.21, "t.more")}}
    >>> reach(told, [claim]).round(2).values.tolist()
    [['more', 'fact', 1.21, 1.1, 2.0]]
    """
    rows = []
    for claim in claims:
        told = found.get(claim.id, {}).get("detectable_effect")
        if told is None or isinstance(told.value, str) or not isinstance(claim, Checkable):
            continue
        at, none = told.value, claim.no_effect
        effect = abs(math.log(at / none) if claim.scale == "ratio" else at - none)
        times = effect / sizes(claim)[0]
        rows.append((claim.id, claim.asserts, at, claim.smallest_effect, times))
    columns = ["id", "asserts", "detectable", "smallest", "times"]
    return pd.DataFrame(rows, columns=columns).sort_values("times", ignore_index=True)


def _of_one(
    claim: Checkable, verdict: Verdict, results: Results, chosen: list[str]
) -> dict[str, Told]:
    if claim.proof is None:
        raise InputError(
            f"claims.yml, claim '{claim.id}': 'proof' is missing; name the design, the comparison, "
            "and the results that tell how good the test is"
        )
    planned = "claims.yml"
    told = {
        "design": Told(claim.proof.design, planned),
        "comparison": Told(claim.proof.comparison, planned),
    }
    told |= {name: _part(claim, part, verdict, results) for name, part in PARTS.items()}
    turns = flips(claim, results, chosen) if claim.evidence else []
    told["flip_value"] = _flip(turns)
    told["flips"] = Told(line(verdict, turns), "helpers.claims.flips")
    return told


def _part(claim: Checkable, part: str, verdict: Verdict, results: Results) -> Told:
    """Return a recorded part, what follows from the primary interval, or the reason for neither."""
    proof: Any = claim.proof
    key = getattr(proof, part)
    if key is not None:
        return Told(results[key]["value"] if key in results else UNRECORDED, key)
    if part in proof.without:
        return Told(proof.without[part], "claims.yml")
    first = verdict.primary
    value = None
    if first is not None:
        value = chance_to_find(first) if part == "power" else detectable(claim, first)
    if first is None or value is None:
        return Told("no interval is recorded", "helpers.claims.needed")
    return Told(value, f"the interval of {first.key}")


def _flip(turns: list[Flip]) -> Told:
    """Return the nearest flip by a number: by the smallest effect, else by the inflation."""
    order = {"smallest": 0, "tolerance": 0, "inflation": 1, "dropped": 2}
    nearest = min(turns, key=lambda one: order[one.choice], default=None)
    if nearest is None:
        return Told("no such change", "helpers.claims.flips")
    return Told(nearest.shown, nearest.sentence)


def _number(value: float | str) -> float:
    return math.nan if isinstance(value, str) else value
