"""How a recorded value is shown: its part, its format, and its words in the small box.

What a unit asks for stands once, in :data:`FORMS`: the format of a page that names none, and how
the box says number and unit.
"""

import re
from typing import Any, NamedTuple


class Form(NamedTuple):
    """How the numbers of a unit are shown.

    Attributes
    ----------
    units : re.Pattern
        The whole name of the unit.
    digits : str
        A Python format.
    words : str
        Number (``{0}``) and unit (``{1}``) in the box.
    """

    units: re.Pattern[str]
    digits: str
    words: str


FORMS = tuple(
    Form(re.compile(units), digits, words)
    for units, digits, words in (
        (r"year", "d", "{0}"),  # a year is a name
        (r"(.* )?p", ".3f", "{1} = {0}"),
        (r"((rate|odds) )?ratio", ".2f", "{0} times"),
        (r"(ratio|factor)\b.*", ".2f", "{0} times ({1})"),
        (r"%.*", ".2f", "{0}\N{NO-BREAK SPACE}{1}"),
        (r"(share|probability|power|size|largest size)\b.*", ".3f", "{0} ({1})"),
    )
)
ZERO = re.compile(r"0\.0+")
MANY = re.compile(r"^(?!series\b)(\w+?)(ies|s)\b(?=$|,| )")  # the plural that a count begins with
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


def form_of(unit: str) -> Form | None:
    """Return how the numbers of a unit are shown, where it asks for something of its own."""
    return next((one for one in FORMS if one.units.fullmatch(unit)), None)


def shown(value: Any, form: str, unit: str = "") -> str:
    """Return a value as a page shows it.

    Parameters
    ----------
    value : float, int, str, bool or None
        What was recorded; ``None`` for a part that was not.
    form : str
        A Python format; where it is empty, that of the unit; where it has none, a whole number gets
        thousands separators, any other number three significant digits.
    unit : str, default ""
        What the value is counted in.

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
    >>> shown(2019, "", "year"), shown(1.60017, "", "ratio"), shown(0.0001, "", "p")
    ('2019', '1.60', 'below 0.001')
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
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if asked := form_of(unit):
            return _above_zero(value, asked.digits)
        return f"{value:,.0f}" if value == int(value) else f"{value:.3g}"
    return str(value)


def _above_zero(value: float, digits: str) -> str:
    """Return a number by a format; what is not zero is not shown as zero."""
    text = format(int(value) if digits == "d" else value, digits)
    return f"below {text[:-1]}1" if ZERO.fullmatch(text) and value > 0 else text


def told(value: Any, unit: str, form: str) -> str:
    """Return number and unit as the small box says them.

    Parameters
    ----------
    value : float, int, str or bool
        What was recorded.
    unit : str
        What it is counted in.
    form : str
        The format of the page, which is kept where it shows more digits than the unit asks for.

    Returns
    -------
    str

    Examples
    --------
    >>> told(1.60017, "ratio", ".1f"), told(1, "claims", ""), told(2019, "year", "")
    ('1.60 times', '1 claim', '2019')
    >>> told(0.0001, "placebo p", ".3f"), told(37.0, "events", ".0f")
    ('placebo p below 0.001', '37 events')
    """
    asked = form_of(unit) if isinstance(value, (int, float)) else None
    if not asked:
        return f"{exact(value, form)} {_one(unit) if value == 1 else unit}".strip()
    number = shown(value, "", unit)
    if asked.digits != "d" and form and "%" not in form and "below" not in number:
        number = max(shown(value, form), number, key=_digits)
    return asked.words.format(number, unit).replace(" = below", " below")


def _one(unit: str) -> str:
    """Return the unit of one: its first word without the sign of the plural."""
    return MANY.sub(lambda word: word[1] + ("y" if word[2] == "ies" else ""), unit, count=1)


def _digits(text: str) -> int:
    return len(re.findall(r"\d", text.split("e")[0]))


def exact(value: Any, form: str) -> str:
    """Return a value as the small box tells it: six significant digits, a count without decimals.

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
    if value == int(value) and not form.strip(",.0f"):
        return f"{value:,.0f}"
    said = [f"{value:,.6g}", *([shown(value, form)] if form and "%" not in form else [])]
    return max(said, key=_digits)
