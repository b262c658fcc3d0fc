"""Verdicts under every combination of the choices that a reader could make otherwise.

A cell is one combination: the smallest effect (half, as written, double; of a ratio on the scale of
logarithms), the inflation of the variance of intervals (as recorded, twice, four times), the
trackers that are silenced (none, each, each pair), which of those left is primary, and which
recorded result stands for it (its own, or a named variant). Every cell is judged by the one rule of
:mod:`helpers.claims.rule`.
"""

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from helpers.claims.choices import Results, led_by, widened, with_smallest
from helpers.claims.decisions import DECIDED
from helpers.claims.plan import Checkable, Claim
from helpers.claims.rule import judge

SMALLEST, INFLATION = (0.5, 1.0, 2.0), (1.0, 2.0, 4.0)
DIMENSIONS = ("smallest", "inflation", "dropped", "primary", "variant")
FIRM = 0.9  # share of cells with the same verdict from which a decided verdict is called firm


class Cell(NamedTuple):
    """One combination of choices, and its verdict.

    Attributes
    ----------
    smallest, inflation : float
        Factors of the smallest effect and of the variance of intervals; 1 is as written.
    dropped : str
        The trackers silenced, joined by `` and ``; empty for none.
    primary : str
        The source made primary; empty for the first that is left.
    variant : str
        The result that stands for the primary source; empty for its own.
    verdict : str
        What the rule says.
    """

    smallest: float
    inflation: float
    dropped: str
    primary: str
    variant: str
    verdict: str


def drops(claim: Checkable, chosen: Iterable[str]) -> list[tuple[str, ...]]:
    """List the sets of trackers that can be silenced: none, each, each pair.

    Parameters
    ----------
    claim : Checkable
        The claim; what stands whichever trackers take part cannot be silenced.
    chosen : iterable of str
        The trackers that take part.

    Returns
    -------
    list of tuple of str
        In the order of the claim's evidence.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "abc"]
    >>> drops(Checkable.model_construct(evidence=heard), "ab")
    [(), ('a',), ('b',), ('a', 'b')]
    """
    part = set(chosen)
    speak = [one.source for one in claim.evidence if not one.always and one.source in part]
    return [one for size in range(3) for one in itertools.combinations(speak, size)]


def cells(claim: Checkable, results: Results, chosen: Iterable[str]) -> list[Cell]:
    """Judge a claim in every cell.

    Parameters
    ----------
    claim : Checkable
        The claim as written.
    results, chosen
        As in :func:`helpers.claims.rule.judge`.

    Returns
    -------
    list of Cell
        The first one is as written. Where too few sources are left the verdict is One source only;
        where nobody is left there is no cell.

    Raises
    ------
    InputError
        As :func:`helpers.claims.rule.judge`.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "abc"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {f"t.{name}": {"value": 1.5, "low": 1.2, "high": 1.9} for name in "abc"}
    >>> found = cells(claim, recorded, "abc")
    >>> len(found), found[0].verdict, found[-1].verdict
    (108, 'Supported', 'One source only')
    """
    chosen = set(chosen)
    found = []
    for dropped in drops(claim, chosen):
        left = chosen - set(dropped)
        for primary, key, led in _leads(claim, results, left):
            for smallest, inflation in itertools.product(SMALLEST, INFLATION):
                other = with_smallest(led, smallest)
                verdict = judge(other, widened(other, results, inflation), left).verdict
                choice = (smallest, inflation, " and ".join(dropped), primary, key)
                found.append(Cell(*choice, verdict))
    return sorted(found, key=lambda one: one[:5] != AS_WRITTEN)


AS_WRITTEN = (1.0, 1.0, "", "", "")


def _leads(
    claim: Checkable, results: Results, left: set[str]
) -> Iterator[tuple[str, str, Checkable]]:
    """Yield who may be primary among those left, by which result, and the claim led so."""
    heard = [one for one in claim.evidence if one.always or one.source in left]
    able = [one for one in heard if claim.stated or _interval(one.key, results)]
    if heard and not able:
        yield "", "", claim
    for number, one in enumerate(able):
        name = one.source if number else ""
        yield name, "", led_by(claim, one.source)
        for variant in one.variants:
            yield name, variant.key, led_by(claim, one.source, variant.key)


def _interval(key: str, results: Results) -> bool:
    # What is not recorded is left to the rule, which says so in a sentence.
    return key not in results or results[key]["low"] is not None


def multiverse(claims: Iterable[Claim], results: Results, chosen: Iterable[str]) -> pd.DataFrame:
    """Judge all checkable claims in every cell.

    Parameters
    ----------
    claims : iterable of Claim
        The plan; what is not checkable is passed over.
    results, chosen
        As in :func:`helpers.claims.rule.judge`.

    Returns
    -------
    pandas.DataFrame, one row a claim and cell
        ``id``, the choices of :class:`Cell`, its ``verdict``, and whether it is the ``same`` as the
        one written.

    Examples
    --------
    >>> multiverse([], {}, []).columns.tolist()[:3]
    ['id', 'smallest', 'inflation']
    """
    chosen = list(chosen)
    rows = []
    for claim in (one for one in claims if isinstance(one, Checkable)):
        found = cells(claim, results, chosen)
        rows += [(claim.id, *one, one.verdict == found[0].verdict) for one in found]
    return pd.DataFrame(rows, columns=["id", *Cell._fields, "same"])


def shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return how often each verdict stays, over all cells and choice by choice.

    Parameters
    ----------
    table : pandas.DataFrame, one row a claim and cell
        As of :func:`multiverse`.

    Returns
    -------
    pandas.DataFrame, one row a claim
        ``id``, the ``verdict`` as written, the number of ``cells``, the share with the ``same``
        verdict, and the same share by choice: over the cells that leave all others as written,
        missing where there is none. ``firm`` is True for a decided verdict that at least nine in
        ten cells share.

    Examples
    --------
    >>> rows = [("a", *AS_WRITTEN, "Partly", True), ("a", 2.0, *AS_WRITTEN[1:], "Open", False)]
    >>> table = shares(pd.DataFrame(rows, columns=["id", *Cell._fields, "same"]))
    >>> table[["verdict", "same", "smallest"]].values.tolist()
    [['Partly', 0.5, 0.0]]
    """
    rows = [_share(name, of) for name, of in table.groupby("id", sort=False)]
    return pd.DataFrame(rows)


def _share(name: object, of: pd.DataFrame) -> dict[str, object]:
    moved = pd.DataFrame({one: of[one] != at for one, at in zip(DIMENSIONS, AS_WRITTEN)})
    alone = moved.sum(axis=1) == 1
    verdict, same = of["verdict"].iloc[0], of["same"].mean()
    by_choice = {
        one: of.loc[alone & moved[one], "same"].mean() if (alone & moved[one]).any() else math.nan
        for one in DIMENSIONS
    }
    told = {"id": name, "verdict": verdict, "cells": len(of), "same": same, **by_choice}
    return told | {"firm": bool(verdict in DECIDED and same >= FIRM)}
