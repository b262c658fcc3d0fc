"""What would flip a verdict, and at which value: found where it changes, not by trial.

A verdict moves with the smallest effect and with the width of intervals only where an estimate or
an end of an interval meets a threshold of the rule. All these places are known in closed form; the
rule is asked between them, outward from what is written, until it says another word.
"""

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from helpers.claims.choices import Results, widened, with_smallest
from helpers.claims.decisions import ONE_SOURCE
from helpers.claims.multiverse import drops
from helpers.claims.plan import Checkable
from helpers.claims.rule import Verdict, judge
from helpers.claims.voices import sizes

FARTHEST = 1000  # times; a change beyond it says nothing to anybody
WORDS = {
    "smallest": "the smallest effect",
    "tolerance": "the tolerance",
    "inflation": "the inflation",
}


@dataclass(frozen=True)
class Flip:
    """The nearest change of one choice that changes a verdict.

    Attributes
    ----------
    choice : {"smallest", "tolerance", "inflation", "dropped"}
        What changes; the tolerance is the smallest effect of a claim of a figure.
    at : float or tuple of str
        The smallest effect in the unit of the claim, the factor on the variance of intervals, or
        the trackers silenced.
    side : {"above", "below", ""}
        On which side of ``at`` the other verdict stands.
    to : str
        The other verdict.
    """

    choice: str
    at: float | tuple[str, ...]
    side: str
    to: str

    @property
    def shown(self) -> float | str:
        """The place as it is printed: a number in four digits, rounded to the side that flips."""
        if isinstance(self.at, tuple):
            return " and ".join(self.at)
        scale = 10.0 ** (3 - math.floor(math.log10(abs(self.at))))
        # The last places of a product are noise; an edge at 1.2 is printed as such.
        units = round(self.at * scale, 6)
        return (math.ceil if self.side == "above" else math.floor)(units) / scale

    @property
    def sentence(self) -> str:
        """The clause that says it."""
        if isinstance(self.at, tuple):
            verb = "are" if len(self.at) > 1 else "is"
            return f"to {self.to} if {self.shown} {verb} dropped"
        times = " times the one used" if self.choice == "inflation" else ""
        return f"to {self.to} if {WORDS[self.choice]} were {self.side} {self.shown:.3g}{times}"


def flips(claim: Checkable, results: Results, chosen: Iterable[str]) -> list[Flip]:
    """Find the nearest flip of a verdict by smallest effect, by inflation, and by dropped sources.

    Parameters
    ----------
    claim : Checkable
        The claim as written.
    results, chosen
        As in :func:`helpers.claims.rule.judge`.

    Returns
    -------
    list of Flip
        At most one a choice; none for a choice that leaves the verdict as it is, or that would
        have to change a thousandfold. Of sources a single one comes before a pair, and what leaves
        enough sources before what does not.

    Raises
    ------
    InputError
        As :func:`helpers.claims.rule.judge`.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {key: {"value": 1.5, "low": 1.2, "high": 1.9} for key in ("t.a", "t.b")}
    >>> for one in flips(claim, recorded, "ab"):
    ...     print(one.sentence)
    to Partly if the smallest effect were above 1.2
    to Partly if the inflation were above 1.93 times the one used
    to One source only if a is dropped
    """
    chosen = set(chosen)
    stands = judge(claim, results, chosen)
    moved = _turns(
        stands.verdict,
        _sizes(claim, results, stands),
        lambda factor: judge(with_smallest(claim, factor), results, chosen).verdict,
    )
    near = _nearest(moved), _nearest(_by_width(claim, results, chosen))
    found = [_of_size(claim, *near[0])] if near[0] else []
    found += [Flip("inflation", *near[1])] if near[1] else []
    return found + _dropped(claim, results, chosen, stands.verdict)


def until_decided(claim: Checkable, results: Results, chosen: Iterable[str]) -> float | None:
    """Return below which factor of the variance an undecided claim would be decided.

    Parameters
    ----------
    claim : Checkable
        The claim as written.
    results, chosen
        As in :func:`helpers.claims.rule.judge`.

    Returns
    -------
    float or None
        Below 1, or 1; ``None`` where narrower intervals about the same estimates change nothing.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {key: {"value": 1.2, "low": 0.9, "high": 1.6} for key in ("t.a", "t.b")}
    >>> round(until_decided(claim, recorded, "ab"), 3)
    0.402
    """
    turns = _by_width(claim, results, set(chosen))
    return next((place for place, side, _ in turns if side == "below"), None)


def line(stands: Verdict, found: Iterable[Flip]) -> str:
    """Write what would flip a verdict in one line.

    Parameters
    ----------
    stands : Verdict
        As written.
    found : iterable of Flip
        As of :func:`flips`.

    Returns
    -------
    str
        What follows *flips*; for a verdict that a failed check decided it names the verdict that
        the sources alone would give.

    Examples
    --------
    >>> line(Verdict("a", "Partly"), [Flip("dropped", ("A", "B"), "", "Supported")])
    'to Supported if A and B are dropped'
    >>> line(Verdict("a", "Partly"), [])
    'no such change'
    """
    clauses = [one.sentence for one in found]
    if any(not one.met for one in stands.checks) and stands.otherwise != stands.verdict:
        clauses.insert(0, f"to {stands.otherwise} if the checks that fail were met")
    return "; ".join(clauses) or "no such change"


def _of_size(claim: Checkable, factor: float, side: str, to: str) -> Flip:
    """Return the flip at a factor of the smallest effect, in the unit of the claim."""
    at = with_smallest(claim, factor).smallest_effect
    if claim.expected == "equal":
        return Flip("tolerance", at, side, to)
    falls = at < claim.no_effect
    return Flip("smallest", at, {"above": "below", "below": "above"}[side] if falls else side, to)


def _by_width(claim: Checkable, results: Results, chosen: set[str]) -> list[tuple[float, str, str]]:
    """Return the turns of a verdict with the variance of the intervals."""
    stands = judge(claim, results, chosen)
    return _turns(
        stands.verdict,
        _widths(claim, stands),
        lambda factor: judge(claim, widened(claim, results, factor), chosen).verdict,
    )


def _sizes(claim: Checkable, results: Results, stands: Verdict) -> list[float]:
    """Return the factors of the smallest effect at which a reading can change."""
    if claim.stated is not None:
        stated = results[claim.stated]["value"]
        return [abs(one.value - stated) / claim.smallest_effect for one in stands.voices]
    return [at for one in stands.voices for at in one.units or ()]


def _widths(claim: Checkable, stands: Verdict) -> list[float]:
    """Return the factors of the variance at which an end of an interval meets a threshold."""
    found = []
    smallest, margin = sizes(claim)
    for one in stands.voices:
        if one.units is None or one.low is None or not math.isfinite(one.units[0]):
            continue
        middle, *ends = one.units
        for end, at in itertools.product(ends, (0.0, 1.0, -margin / smallest)):
            if end != middle and (at - middle) / (end - middle) > 0:
                found.append(((at - middle) / (end - middle)) ** 2)
    return found


def _turns(
    verdict: str, places: Iterable[float], judged: Callable[[float], str]
) -> list[tuple[float, str, str]]:
    """Return the first place above 1 past which the verdict is another, and the first below.

    Each comes with its side and the other verdict.
    """
    known = {place for place in places if place > 0 and math.isfinite(place)}
    up = sorted(place for place in known if place >= 1)
    down = sorted((place for place in known if place <= 1), reverse=True)
    found = []
    for side, way, beyond in (("above", up, 2.0), ("below", down, 0.5)):
        nexts = [*way[1:], way[-1] * beyond] if way else []
        between = ((place, judged(math.sqrt(place * after))) for place, after in zip(way, nexts))
        found += [(place, side, said) for place, said in between if said != verdict][:1]
    return found


def _nearest(turns: list[tuple[float, str, str]]) -> tuple[float, str, str] | None:
    within = [one for one in turns if 1 / FARTHEST <= one[0] <= FARTHEST]
    return min(within, key=lambda one: abs(math.log(one[0])), default=None)


def _dropped(claim: Checkable, results: Results, chosen: set[str], verdict: str) -> list[Flip]:
    said = [
        Flip("dropped", out, "", judge(claim, results, chosen - set(out)).verdict)
        for out in drops(claim, chosen)[1:]
    ]
    turns = [one for one in said if one.to != verdict]
    return sorted(turns, key=lambda one: one.to == ONE_SOURCE)[:1]
