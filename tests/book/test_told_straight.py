"""No page says that the plan came before what was known; what is registered lies ahead.

The rule from results to verdict was fixed after the published totals of both years were known and
compared (``data/raw/amendments.csv`` and ``first_results.csv`` show it), so words such as
*beforehand* would claim too much. Only the forecast of months to come can be registered.
"""

import re

import pytest

from helpers.base import paths
from helpers.base.reading import read_yaml
from helpers.prose.digits import sources
from helpers.prose.words import SENTENCE, passages

MADE = (
    r"(?:written|fixed|chosen|chose|set|stated|named|decided|planned|settled|drawn up|specified"
    r"|committed|defined|laid down|picked|declared|frozen|agreed|selected|formulated|put down)"
)
FOUND_OUT = (
    r"(?:results?|outcomes?|verdicts?|answers?|tests?|data|numbers?|figures?|totals?|estimates?"
    r"|series|analys\w+|look\w*|saw|seeing|seen|known|knew|computed)"
)
PRIOR = r"(?:before|prior to|ahead of|in advance of|without (?:knowing|knowledge of|having seen))"
PLAN = r"(?:rules?|plans?|claims?|thresholds?|smallest effects?|hypothes[ei]s|estimands?|dates?)"
CLAIMS_TOO_MUCH = [
    r"beforehand|pre-?specif\w*|pre-?defin\w*|pre-?determin\w*|a priori|ex ante|in advance",
    rf"{MADE}\b[^.;:?]{{0,60}}?\b{PRIOR}\b[^.;:?]{{0,40}}?\b{FOUND_OUT}",
    rf"{PRIOR} (?:looking|seeing|any(?:one|body)\b|(?:the|any|these) {FOUND_OUT})[^.;:?]*\b{MADE}",
    rf"here, {PRIOR} (?:looking|seeing)",
    rf"{FOUND_OUT} (?:had|have|has|were|was) (?:still |yet )?(?:not|to be|never)"
    r" (?:yet |been )*(?:known|run|seen|computed|looked)",
    rf"{PLAN}\b[^.;:?]{{0,30}}?\b(?:came before|come before|precede[sd]?|predate[sd]?)\b",
]
TOO_MUCH = re.compile(rf"\b(?:{'|'.join(CLAIMS_TOO_MUCH)})\b".replace(" ", r"\s+"), re.IGNORECASE)
REGISTERED = re.compile(r"\b(?:pre-?)?regist(?:er|ra)\w*", re.IGNORECASE)
# What a sentence on registration must speak of: the future, or that there is none.
AHEAD = re.compile(r"forecast|ahead|months|to come|no registration|what is not|A registration")


def faults(text):
    """Yield what claims that a plan came first, sentence by sentence; a question claims nothing."""
    for sentence in SENTENCE.finditer(text):
        whole = " ".join(sentence[0].split())
        if whole.rstrip('"”)').endswith("?"):
            continue
        if found := TOO_MUCH.search(whole):
            yield f"'{found[0]}' in: {whole}"
        elif REGISTERED.search(whole) and not AHEAD.search(whole):
            yield f"what is registered is not said to lie ahead, in: {whole}"


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def of_sidecar(path):
    told = read_yaml(path)
    return [told["title"], told["description"], *told.get("notes", [])]


@pytest.mark.parametrize(
    "text",
    [
        "The rule was written before the results.",
        "The smallest effects were chosen before anyone had seen the numbers.",
        "Four dates were named before looking at any series.",
        "Thresholds were fixed beforehand.",
        "The windows are pre-specified.",
        "The windows are prespecified.",
        "These tests were preregistered.",
        "This is a pre-registered analysis.",
        "The plan was registered in November.",
        "The claims were stated in advance.",
        "Before seeing the data, the smallest effect was fixed.",
        "The totals were known, and the tests had not been run.",
        "The tests\nhad not been run.",
        "The rule came before the verdicts.",
        "The plan preceded the results.",
        "The thresholds were set prior to the analysis.",
        "The claims were drawn up without knowledge of the outcomes.",
        "What decides was laid down before the tests were run.",
        "Bannu is called southern here, before looking.",
        "A margin that was picked a priori.",
    ],
)
def test_a_sentence_that_claims_too_much_is_found(text):
    assert list(faults(text))


@pytest.mark.parametrize(
    "text",
    [
        "The rule was fixed after the published totals were known.",
        "The plan is a rule, and no registration.",
        "Only a forecast of what is still to come could be registered before.",
        "Before 2023 the series was calm.",
        "Three months before each clash are the control.",
        "The months before the step set the level.",
        "Where would you have put it, before seeing the numbers?",
        "Counts before any treatment are compared.",
        "The figures were not printed.",
    ],
)
def test_what_claims_nothing_is_left_alone(text):
    assert not list(faults(text))


@pytest.mark.parametrize("path", sources(), ids=lambda one: one.name)
def test_no_page_says_that_the_plan_came_first(path):
    assert [one for _, _, text in passages(path) for one in faults(text)] == []


def test_the_claims_do_not_say_that_they_came_first():
    said = strings(read_yaml(paths.RAW / "claims.yml"))
    assert [one for text in said for one in faults(text)] == []


@pytest.mark.parametrize("path", sorted(paths.RAW.glob("*.source.yml")), ids=lambda one: one.name)
def test_no_note_on_a_table_says_that_the_plan_came_first(path):
    assert [one for text in of_sidecar(path) for one in faults(text)] == []
