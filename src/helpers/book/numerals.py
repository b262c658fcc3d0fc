"""How a recorded value is shown: its part, its format, and its digits in the small box."""

import re
from typing import Any

PARTS = ("value", "low", "high", "n", "interval")


class BindingError(ValueError):
    """A role that quotes what is not recorded, or in a form that does not exist.

    The message is the end of a sentence that begins with the quoted key.
    """


def split(text: str) -> tuple[str, str, str]:
    """Return the three parts of a role's text.

    Parameters
    ----------
    text : str
        ``key``, ``key:format`` or ``key:format:part``.

    Returns
    -------
    tuple of (str, str, str)
        Key, format (empty: as recorded) and part (``value`` where none is named).

    Examples
    --------
    >>> split("trend.ratio:.2f"), split("trend.ratio::n")
    (('trend.ratio', '.2f', 'value'), ('trend.ratio', '', 'n'))
    """
    key, _, rest = text.partition(":")
    form, _, part = rest.partition(":")
    return key.strip(), form.strip(), part.strip() or "value"


def shown(value: Any, form: str) -> str:
    """Return a value as a page shows it.

    Parameters
    ----------
    value : float, int, str, bool or None
        What was recorded; ``None`` for a part that was not.
    form : str
        A Python format; where it is empty, a whole number gets thousands separators, any other
        number three significant digits.

    Returns
    -------
    str
        Words without a unit.

    Raises
    ------
    BindingError
        When the value is ``None``, or has no such format, or the format is the name of a part.

    Examples
    --------
    >>> shown(1885, ""), shown(1.60017, ""), shown(1.60017, ".1f")
    ('1,885', '1.6', '1.6')
    """
    if value is None:
        raise BindingError("has no such part: it was recorded without it")
    if form in PARTS:  # "n" is a format of Python's as well, and shows the value
        raise BindingError(f"is shown with the part '{form}' in the place of a format: '::{form}'")
    try:
        if form:
            # A share shown in percent looks like a figure that was recorded in percent.
            space = "\N{NO-BREAK SPACE}" if form.endswith("%") else ""
            return format(value, form).replace("%", f"{space}%")
    except (ValueError, TypeError):
        raise BindingError(f"cannot be shown as '{form}'") from None
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def exact(value: Any, form: str) -> str:
    """Return a value as the small box tells it: six significant digits.

    Parameters
    ----------
    value : float, int, str or bool
        What was recorded.
    form : str
        The format of the page, which is kept where it shows more digits than that.

    Returns
    -------
    str
        Words without a unit.

    Examples
    --------
    >>> exact(1.600172, ".2f"), exact(12345.678901, ".3f")
    ('1.60017', '12345.679')
    """
    if not isinstance(value, float):
        return shown(value, "")
    said = [f"{value:,.6g}", *([shown(value, form)] if form and "%" not in form else [])]
    return max(said, key=lambda text: len(re.findall(r"\d", text.split("e")[0])))
