"""The rule of verdicts as one table of decisions, which Python and the pages of the book read.

Each list is read from the top; the first row decides all of whose conditions hold. A condition is a
fact that holds or not, or two numbers with a sign between them; ``-margin`` is the negative of
``margin``. Nothing here is code, so that a page asks the same rows as a notebook
(:mod:`helpers.claims.rule` says in words what they mean).
"""

import operator
from collections.abc import Mapping, Sequence
from typing import Any

SUPPORTED, PARTLY, NOT_SUPPORTED = "Supported", "Partly", "Not supported"
CONTRADICTED, TOO_IMPRECISE, ONE_SOURCE = "Contradicted", "Too imprecise", "One source only"
CAUSE_NOT_IDENTIFIED, NOT_TESTABLE = "Cause not identified", "Not testable"
DECIDED = (SUPPORTED, PARTLY, NOT_SUPPORTED, CONTRADICTED)
VERDICTS = (*DECIDED, TOO_IMPRECISE, ONE_SOURCE, CAUSE_NOT_IDENTIFIED, NOT_TESTABLE)

# Where an interval lies, in the direction of the claim; 0 is no effect.
READINGS: list[dict[str, Any]] = [
    {"when": [["low", ">=", "smallest"]], "then": "beyond"},
    {"when": [["high", "<", "zero"], ["low", "<", "-margin"]], "then": "opposite"},
    {"when": [["high", "<", "smallest"]], "then": "small"},
    {"when": [["low", ">", "zero"]], "then": "clear"},
    {"when": [], "then": "open"},
]
# What a reading says on a claim that something did not happen.
DENIED = {
    "beyond": "opposite",
    "clear": "small",
    "small": "beyond",
    "opposite": "beyond",
    "open": "open",
}
SHOWN = ("beyond", "clear")
# From the primary reading and what the sources say: agree, oppose, lean to the opposite, or hold
# one that is beyond. "why" is the sentence of the reading, "split" that and that sources disagree.
SOURCES: list[dict[str, Any]] = [
    {"when": ["beyond", "agree"], "then": SUPPORTED, "because": "why"},
    {"when": ["beyond"], "then": PARTLY, "because": "split"},
    {"when": ["clear", "agree"], "then": PARTLY, "because": "why"},
    {"when": ["clear"], "then": TOO_IMPRECISE, "because": "split"},
    {"when": ["small", "another_beyond"], "then": TOO_IMPRECISE, "because": "split"},
    {"when": ["small"], "then": NOT_SUPPORTED, "because": "why"},
    {"when": ["opposite", "oppose"], "then": CONTRADICTED, "because": "why"},
    {"when": ["opposite"], "then": NOT_SUPPORTED, "because": "split"},
    {"when": ["open", "lean"], "then": NOT_SUPPORTED, "because": "lean"},
    {"when": ["open"], "then": TOO_IMPRECISE, "because": "why"},
]
# How a result must stand to what a check asks for.
RELATIONS = {"above": ">", "below": "<", "at_least": ">=", "at_most": "<="}
# The checks that go with a primary result where their results are recorded beside it.
BESIDE: list[dict[str, Any]] = [
    {
        "what": "worst_size",
        "ending": "_size",
        "part": "value",
        "relation": "at_most",
        "value": 0.10,
        "says": "the test seldom finds an effect in series without one, in the worst world",
    },
    {
        "what": "diagnostics",
        "ending": "_memory_p",
        "part": "value",
        "relation": "above",
        "value": 0.01,
        "says": "the residuals of the test do not resemble each other",
    },
]
# What a check that is not met says, whatever the sources say.
FAILED = {
    "cause_not_identified": CAUSE_NOT_IDENTIFIED,
    "too_imprecise": TOO_IMPRECISE,
    "not_supported": NOT_SUPPORTED,
}
STAYS = [[CONTRADICTED, NOT_SUPPORTED]]  # the first is not lowered to the second
# The most that a design can say of a cause.
CAPS = {
    "association": {SUPPORTED: PARTLY, CONTRADICTED: NOT_SUPPORTED},
    "descriptive": {
        SUPPORTED: CAUSE_NOT_IDENTIFIED,
        PARTLY: CAUSE_NOT_IDENTIFIED,
        CONTRADICTED: NOT_SUPPORTED,
    },
}
TABLE: dict[str, Any] = {
    "readings": READINGS,
    "denied": DENIED,
    "shown": SHOWN,
    "sources": SOURCES,
    "relations": RELATIONS,
    "beside": BESIDE,
    "failed": FAILED,
    "stays": STAYS,
    "caps": CAPS,
    "one_source": ONE_SOURCE,
}
SIGNS = {"<": operator.lt, ">": operator.gt, ">=": operator.ge, "<=": operator.le}


def first(rows: Sequence[Mapping[str, Any]], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the first row of a table all of whose conditions hold.

    Parameters
    ----------
    rows : sequence of mapping
        Each with ``when``, a list of conditions; the last one should have none.
    known : mapping of str to float or bool
        The numbers and facts that the conditions name; a fact that is not named does not hold.

    Returns
    -------
    mapping
        The row.

    Examples
    --------
    >>> first(READINGS, {"low": 0.2, "high": 0.5, "smallest": 0.1, "margin": 0.1})["then"]
    'beyond'
    >>> first(SOURCES, {"clear": True, "agree": False})["then"]
    'Too imprecise'
    """
    return next(row for row in rows if all(_holds(one, known) for one in row["when"]))


def _holds(condition: str | list[str], known: Mapping[str, Any]) -> bool:
    if isinstance(condition, str):
        return bool(known.get(condition, False))
    left, sign, right = condition
    return SIGNS[sign](_number(left, known), _number(right, known))


def _number(name: str, known: Mapping[str, Any]) -> float:
    if name == "zero":
        return 0.0
    return -known[name[1:]] if name.startswith("-") else known[name]
