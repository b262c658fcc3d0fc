"""Patterns of files: what may search for ever is refused, what may not is kept."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.base.patterns import bounded

ENDLESS = [
    r"(a+)+$",
    r"(a*)*b",
    r"(\w+\s?)+x",
    r"(a|a)*(b+)+c",
    r"((ab)*)*c",
    r"([a-z]+)*\d",
    r"(.*,)*x",
    r"(-[a-z-]+)+x",
    r"(?:x(?=(y+)+))z",
    r"(a?){50}b+(c+)+",
    r"(?P<one>(\d+\.?)+)x",
    r"(a+?)+b",
    r"(a{1,}){2,}b",
    r"(?:(?:a+){1,50})$",
]
BOUNDED = [
    r"\d+(\.\d+)*",
    r"AR\(\d+(,\s*\d+)*\)",
    r"(north|south) of .+",
    r"a+b+c*",
    r"(ab){2,}",
    r"(\d{4}-\d{2})+",
    r"(-[a-z]+)+x",
    r"(?i)killed in (\w+)",
    r"(a+){3}",
]


@pytest.mark.parametrize("text", ENDLESS)
def test_a_repeat_inside_a_repeat_is_refused(text):
    with pytest.raises(ValueError, match="search for ever"):
        bounded(text)


@pytest.mark.parametrize("text", BOUNDED)
def test_what_ends_is_kept(text):
    assert bounded(text).pattern == text


@pytest.mark.parametrize("text", ["(", "[a", "x" * 1001, 3, None, r"\1", "a{9999999999}", "*"])
def test_what_is_no_pattern_is_refused_as_a_value(text):
    with pytest.raises(ValueError):
        bounded(text)


PIECES = st.sampled_from(["a", "b", "ab", r"\w", r"\d", "[ab]", ",", " ", "a?", "."])


def repeated(inner):
    sign = st.sampled_from(["*", "+", "{2,}", "*?", "+?"])
    return st.builds(lambda one, two, end: f"({one}{two}){end}", inner, st.just("") | PIECES, sign)


@settings(max_examples=200, deadline=None)
@given(text=st.recursive(PIECES, repeated, max_leaves=4), letters=st.text("ab1, ", max_size=30))
def test_what_is_kept_ends_soon_on_any_text(text, letters):
    try:
        pattern = bounded(text)
    except ValueError:
        return
    started = time.process_time()
    re.fullmatch(pattern, letters * 20 + "!")
    assert time.process_time() - started < 20
