"""A ratio is shown as finely as its interval supports: where that is wide, with one decimal.

The small box at the number still has the figure in full.
"""

import json
import re

import pytest

from helpers.base import paths
from helpers.book.numerals import split
from helpers.prose import digits

RESULTS = json.loads((paths.ROOT / "tests" / "baseline" / "results.json").read_text())
QUOTED = re.compile(r"\{num\}`([^`]+)`|\{([a-z][\w.]*:[^{}`|]*)\}")
RATIO = re.compile(r"(?!variance)(?:.*\b)?(?:ratio|quotient|over)\b")
FINER = re.compile(r"\.([2-9])f")


def markdown(path):
    """Return the prose of a page or of a notebook as it is written, roles included."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")


def needs_one_decimal(result):
    """Return whether an interval is wider than a tenth of its ratio, and one decimal is enough.

    It is not where one of the three would be shown as one, or as zero, without being it: the side
    on which it lies would be hidden.
    """
    value, low, high = (result[part] for part in ("value", "low", "high"))
    if low is None or high is None or not RATIO.match(result["unit"]):
        return False
    shown = {f"{one:.1f}" for one in (low, value, high) if one != 1}
    return high - low > 0.1 * abs(value) and shown.isdisjoint({"0.0", "1.0"})


def too_fine(text, results=RESULTS):
    """Return what a text quotes with decimals that the interval does not support."""
    quoted = (split(number or part) for number, part in QUOTED.findall(text))
    return [
        f"{key}:{form}"
        for key, form, _ in quoted
        if key in results and FINER.fullmatch(form) and needs_one_decimal(results[key])
    ]


@pytest.mark.parametrize("path", digits.sources(), ids=lambda path: path.stem)
def test_no_ratio_is_finer_than_its_interval(path):
    assert too_fine(markdown(path)) == []


def ratio(value, low, high, unit="ratio of shares"):
    return {"a.b": {"value": value, "low": low, "high": high, "unit": unit}}


@pytest.mark.parametrize(
    ("text", "result", "found"),
    [
        ("{num}`a.b:.2f` times", ratio(1.44, 1.12, 1.9), True),
        ("{num}`a.b:.2f:interval`", ratio(1.44, 1.12, 1.9), True),
        ("{says}`a.b > 1|Up {a.b:.2f} times|Down`", ratio(1.44, 1.12, 1.9), True),
        ("{num}`a.b:.1f` times", ratio(1.44, 1.12, 1.9), False),
        ("{num}`a.b:.2f` times", ratio(1.44, 1.42, 1.46), False),
        ("{num}`a.b:.2f` times", ratio(1.44, 1.04, 1.9), False),
        ("{num}`a.b:.2f` times", ratio(0.97, 0.6, 1.6), False),
        ("{num}`a.b:.2f` times", ratio(0.4, 0.02, 0.9), False),
        ("{num}`a.b:.2f` times", ratio(1.44, None, None), False),
        ("{num}`a.b:.2f`", ratio(0.44, 0.12, 0.6, "correlation"), False),
        ("{num}`a.b:.2f`", ratio(4.4, 2.2, 9.9, "variance over that of independent events"), False),
    ],
)
def test_a_ratio_that_is_too_fine_is_found(text, result, found):
    assert bool(too_fine(text, result)) == found
