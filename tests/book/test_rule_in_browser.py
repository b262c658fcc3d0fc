"""The rule in the browser says what Python says, on claims and results drawn by chance."""

import numpy as np
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.claims.choices import led_by, read_with, widened, with_smallest
from helpers.claims.panel import panel
from helpers.claims.plan import Check, Checkable, Evidence, Variant
from helpers.claims.rule import judge

CASES = [2_000, pytest.param(10_000, marks=pytest.mark.faults)]
NAMES = ["A", "B", "C", "D"]


def one_of(draw, *words):
    return words[int(draw.integers(len(words)))]


def result(draw, ratio):
    """A number and its interval, of which an end or all may be missing, some at a threshold."""
    value = float(np.exp(draw.normal(0, 0.4)) if ratio else draw.normal(0, 1))
    below, above = draw.exponential(0.3, 2)
    ends = (value / (1 + below), value * (1 + above)) if ratio else (value - below, value + above)
    low, high = float(ends[0]), float(ends[1])
    if draw.random() < 0.1:
        low = one_of(draw, 1.0, 1.1, 0.0)
    known = draw.random()
    return {
        "value": max(value, low),
        "low": low if known > 0.15 else None,
        "high": high if known > 0.2 else None,
    }


def number(draw, upper):
    return {"value": float(draw.uniform(0, upper)), "low": None, "high": None}


def evidence(draw, ratio):
    """Results of one to four sources, some with another result, and what is recorded of them."""
    heard, results = [], {}
    for place, name in enumerate(NAMES[: int(draw.integers(1, 5))]):
        key = f"t.{name.lower()}"
        kinds = [one_of(draw, "scope", "window") for _ in range(int(draw.integers(3)))]
        other = [Variant(what=what, key=f"{key}_{at}") for at, what in enumerate(kinds)]
        pools = NAMES[1:3] if place == 0 and draw.random() < 0.3 else []
        always = bool(draw.random() < 0.2)
        about = {"source": name, "key": key, "counts": "deaths", "pools": pools}
        heard.append(Evidence(**about, always=always, variants=other))
        for each in (key, *(one.key for one in other)):
            results[each] = result(draw, ratio)
            beside = {f"{each}_size": 0.2, f"{each}_memory_p": 0.03}
            results |= {
                more: number(draw, top) for more, top in beside.items() if draw.random() < 0.2
            }
    return heard, results


def promised(draw):
    """Up to two checks of a number or a month, and what is recorded of them."""
    checks, results = [], {}
    for place in range(int(draw.integers(3)) if draw.random() < 0.4 else 0):
        key, month = f"t.check_{place}", draw.random() < 0.3
        found = one_of(draw, "2021-08", "2022-01") if month else float(draw.uniform(0, 1))
        results[key] = {"value": found, "low": None, "high": None if month else 0.5}
        checks.append(
            Check(
                what="leads",
                key=key,
                part="value" if month else one_of(draw, "value", "low", "high"),
                relation=one_of(draw, "above", "below", "at_least", "at_most"),
                value="2021-08" if month else 0.5,
                says="x",
                decides=one_of(draw, "cause_not_identified", "too_imprecise", "not_supported"),
            )
        )
    return checks, results


def effects(draw, ratio, expected):
    """No effect, and the smallest one on the side that is expected."""
    near = 1.0 if ratio else float(draw.integers(2))
    away = float(draw.uniform(1.05, 1.5) if ratio else draw.uniform(0.05, 0.6))
    side = -1 if expected.endswith("below") else 1
    far = near * away**side if ratio else near + side * away
    return near, away if expected == "equal" else far


def drawn(draw):
    """A claim, what was recorded, the trackers that take part, and the choices of a reader."""
    ratio = bool(draw.random() < 0.6)
    expected = one_of(draw, "above", "below", "not_above", "not_below", "equal")
    heard, results = evidence(draw, ratio)
    checks, more = promised(draw)
    near, far = effects(draw, ratio, expected)
    claim = Checkable.model_construct(
        id="drawn",
        statement="x",
        effect_unit="x",
        evidence=heard,
        expected=expected,
        scale="ratio" if ratio else "difference",
        no_effect=near,
        smallest_effect=far,
        margin=float(draw.uniform(1.01, 1.2) if ratio else draw.uniform(0.01, 0.3)),
        agreement=one_of(draw, 0.66, 0.75, 1.0),
        least_sources=int(draw.integers(1, 4)),
        asserts=one_of(draw, "fact", "cause"),
        identification=one_of(draw, "descriptive", "association", "causal"),
        falsified_by=checks,
        stated="t.stated" if expected == "equal" else None,
    )
    results |= more | {"t.stated": {"value": 1.0, "low": None, "high": None}}
    lead = one_of(draw, "", *(one.source for one in heard))
    others = [other.key for one in heard if one.source == lead for other in one.variants]
    choices = {
        "smallest": one_of(draw, 0.5, 1.0, 2.0, 1.37),
        "inflation": one_of(draw, 1.0, 2.0, 4.0, 0.6),
        "read": one_of(draw, "", "scope", "window"),
        "primary": lead,
        "key": one_of(draw, "", *others),
    }
    return claim, results, [name for name in NAMES if draw.random() < 0.8], choices


def by_python(claim, results, chosen, choices):
    """The verdict of the rule, and of the sources alone; nothing where a claim cannot be judged."""
    other = with_smallest(read_with(claim, choices["read"]), choices["smallest"])
    if choices["primary"]:
        other = led_by(other, choices["primary"], choices["key"] or None)
    try:
        found = judge(other, widened(other, results, choices["inflation"]), chosen)
    except InputError:
        return None
    return [found.verdict, found.otherwise or found.verdict, [one.reading for one in found.voices]]


JUDGED = """cases => cases.map(([table, claim, results, chosen, choices]) => {
  const found = window.Rule.judge(table, claim, results, chosen, choices);
  return [found.verdict, found.otherwise, found.voices.map(one => one.reading)];
})"""


@pytest.fixture(scope="module")
def judged(browser):
    page = browser.new_page()
    page.add_script_tag(path=paths.BOOK / "_static" / "rule.js")
    yield lambda cases: page.evaluate(JUDGED, cases)
    page.close()


@pytest.mark.parametrize("count", CASES)
def test_python_and_the_browser_agree_on_every_case(judged, count):
    draw = np.random.default_rng(count)
    cases, said = [], []
    while len(cases) < count:
        claim, results, chosen, choices = drawn(draw)
        verdict = by_python(claim, results, chosen, choices)
        if verdict is not None:
            told = panel([claim], results, chosen)
            cases.append([told["table"], told["claims"][0], told["results"], chosen, choices])
            said.append(verdict)
    assert len({verdict for verdict, *_ in said}) >= 7
    assert judged(cases) == said


def test_a_table_with_another_row_is_noticed(judged):
    """The page asks the table; a row turned round changes what it says."""
    draw = np.random.default_rng(7)
    while (by_python(*(drawing := drawn(draw))) or [""])[0] != "Supported":
        pass
    claim, results, chosen, choices = drawing
    told = panel([claim], results, chosen)
    rows = [
        row | {"then": "Contradicted"} if row["then"] == "Supported" else row
        for row in told["table"]["sources"]
    ]
    case = [told["table"] | {"sources": rows}, told["claims"][0], told["results"], chosen, choices]
    assert judged([case])[0][0] == "Contradicted"
