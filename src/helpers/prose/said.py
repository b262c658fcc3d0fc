"""The text of a role ``{says}``: a condition, words that stand on it, and what is said otherwise.

``{says}`CONDITION|words` `` says the words while the condition holds; where it does not, the page
is at fault. ``{says}`CONDITION|words|otherwise` `` says one thing or the other, so that a page can
be true of any data; what is said otherwise may be nothing. Both may quote results between braces,
with a format and a part as ``{num}`` has them: ``{trend.ratio:.2f:interval}``.
"""

import re
from typing import NamedTuple

from helpers.prose.conditions import ConditionError

BAR = re.compile(r"\\?\|")  # in a table of Markdown the bar needs a backslash
QUOTED = re.compile(r"\{([^{}]*)\}")


class Said(NamedTuple):
    """The parts of a role's text, each on one line.

    Attributes
    ----------
    condition, words : str
        What is judged, and what stands where it holds.
    otherwise : str or None
        What stands where it does not; ``None`` where nothing may.
    """

    condition: str
    words: str
    otherwise: str | None = None


def says(text: str) -> Said:
    """Return condition and words of a role's text.

    Parameters
    ----------
    text : str
        ``CONDITION|words`` or ``CONDITION|words|otherwise``.

    Returns
    -------
    Said
        The parts.

    Raises
    ------
    ConditionError
        Where condition or words are missing, or there are more parts.

    Examples
    --------
    >>> says("trend.ratio.low > 1|nearly all")
    Said(condition='trend.ratio.low > 1', words='nearly all', otherwise=None)
    >>> says("trend.ratio > 1|more|fewer").otherwise
    'fewer'
    """
    parts = [" ".join(part.split()) for part in BAR.split(text)]
    if len(parts) not in (2, 3) or not all(parts[:2]):
        raise ConditionError(
            f"'{text}' is not of the form CONDITION|words or CONDITION|words|otherwise"
        )
    return Said(*parts)


def spoken(text: str) -> str:
    """Return what a role may say, whatever holds, without what it quotes.

    Parameters
    ----------
    text : str
        As of :func:`says`, or a text of another form, of which all after the first bar is taken.

    Returns
    -------
    str
        Its words, those of both alternatives.

    Examples
    --------
    >>> spoken("a.b > 1|up {a.b:.1f} times|no more than 2")
    'up   times no more than 2'
    """
    return QUOTED.sub(" ", " ".join(BAR.split(text)[1:]) or text)
