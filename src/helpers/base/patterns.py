"""Patterns that stand in files: bounded, so that no text can make one search for ever.

Python's engine tries every way to share a text between repeats that stand inside one another, and
the ways double with each letter. Such a pattern is refused when it is read, unless each round of
the outer repeat begins with a letter that the inner one cannot take.
"""

import re
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Annotated, Any

from pydantic import BeforeValidator

LONGEST = 1000  # letters
MANY = 20  # so many rounds are no bound
REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT)
CATEGORIES = {
    ops.CATEGORY_DIGIT: r"\d",
    ops.CATEGORY_NOT_DIGIT: r"\D",
    ops.CATEGORY_SPACE: r"\s",
    ops.CATEGORY_NOT_SPACE: r"\S",
    ops.CATEGORY_WORD: r"\w",
    ops.CATEGORY_NOT_WORD: r"\W",
}


def bounded(text: Any) -> re.Pattern[str]:
    """Return a pattern, compiled.

    Parameters
    ----------
    text : str
        A regular expression as a file holds it.

    Returns
    -------
    re.Pattern
        The pattern.

    Raises
    ------
    ValueError
        When it is no text, longer than :data:`LONGEST`, no regular expression, or may search for
        ever.

    Examples
    --------
    >>> bounded(r"table \\d+(\\.\\d+)*").pattern
    'table \\\\d+(\\\\.\\\\d+)*'
    >>> bounded(r"(\\w+\\s?)+x")
    Traceback (most recent call last):
    ValueError: '(\\w+\\s?)+x' repeats a repeat and may search for ever; write it without
    """
    if isinstance(text, re.Pattern):
        return text
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is no regular expression")
    if len(text) > LONGEST:
        raise ValueError(f"a pattern has at most {LONGEST} letters, this one {len(text)}")
    try:
        compiled = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"'{text}' is no regular expression: {error}") from None
    if _endless(parser.parse(text)):
        raise ValueError(f"'{text}' repeats a repeat and may search for ever; write it without")
    return compiled


Pattern = Annotated[re.Pattern[str], BeforeValidator(bounded)]


def _endless(tree: Any) -> bool:
    """Return whether a repeat stands inside another one without a letter that parts its rounds."""
    for op, argument in tree:
        if op in REPEATS and _many(argument) and not _parted(argument[2]):
            return True
        if any(map(_endless, _below(op, argument))):
            return True
    return False


def _many(repeat: Any) -> bool:
    return repeat[1] is ops.MAXREPEAT or repeat[1] > MANY


def _below(op: Any, argument: Any) -> list[Any]:
    """Return the parts of an item that are sequences themselves."""
    if op in REPEATS:
        return [argument[2]]
    if op is ops.SUBPATTERN:
        return [argument[3]]
    if op is ops.BRANCH:
        return list(argument[1])
    if op in (ops.ASSERT, ops.ASSERT_NOT):
        return [argument[1]]
    if op is ops.GROUPREF_EXISTS:
        return [part for part in argument[1:] if part is not None]
    return []


def _parted(body: Any) -> bool:
    """Return whether a round of a repeat holds no other, or begins with what no other takes."""
    inner = list(_repeated(body))
    if not inner:
        return True
    items = list(body)
    while items and items[0][0] is ops.SUBPATTERN:
        items = list(items[0][1][3])
    if not items or items[0][0] is not ops.LITERAL:
        return False
    letter = chr(items[0][1])
    return not any(_takes(part, letter) for part in inner)


def _repeated(tree: Any) -> Any:
    """Yield the items that stand inside repeats of a sequence."""
    for op, argument in tree:
        if op in REPEATS and (_many(argument) or argument[0] != argument[1]):
            yield from argument[2]
        else:
            for part in _below(op, argument):
                yield from _repeated(part)


def _takes(item: Any, letter: str) -> bool:
    """Return whether an item may take a letter; what is not known may."""
    op, argument = item
    if op is ops.LITERAL:
        return chr(argument) == letter
    if op is ops.NOT_LITERAL:
        return chr(argument) != letter
    if op is ops.RANGE:
        return bool(argument[0] <= ord(letter) <= argument[1])
    if op is ops.CATEGORY:
        return re.match(CATEGORIES[argument], letter) is not None
    if op is ops.IN:
        negated = argument[0][0] is ops.NEGATE
        return negated != any(_takes(one, letter) for one in argument[negated:])
    return True
