"""Text as a list of plain words in which one day, month or number is spelt one way.

What two texts have in common is then looked up, however either writes it: ``13 May 2021``,
``2021-05-13T00:00`` and ``20210513`` are one word, as are ``1,204``, ``1204`` and ``1204.0``.
"""

import re
from datetime import date
from functools import lru_cache

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
YEAR = r"((?:19|20)\d\d)"
DATES = re.compile(
    rf"(?<!\d){YEAR}[-/_](\d\d?)(?:[-/_](\d\d?))?(?!\d)"
    rf"|(?<!\d){YEAR}(\d\d)(\d\d)(?!\d)"
    rf"|(?<!\d)(\d\d?)[./-](\d\d?)[./-]{YEAR}(?!\d)"
    rf"|(?<!\w)(\d\d?)[ -]{NAME}[ ,-]+{YEAR}(?!\d)"
    rf"|(?<!\w){NAME} (\d\d?),? {YEAR}(?!\d)"
    rf"|(?<!\w){NAME}[ ,-]+{YEAR}(?!\d)"
)
PERIOD = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
WORD = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?![\w-])|\d+\.\d+|[^\W_]+")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def words(text: str) -> list[str]:
    """Return the words of a text in order.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Lower-case words, ISO days and months, and numbers without useless zeros. A day whose
        order is not plain (``3/4/2021``) stands in both.

    Examples
    --------
    >>> words("On 13 May 2021, 1,204.0 in Old-Town; 20210514T00:00")
    ['on', '2021-05-13', '1204', 'in', 'old', 'town', '2021-05-14', 't00', '0']
    """
    plain = DATES.sub(_iso, text.casefold())
    return [_number(one) for one in WORD.findall(THOUSANDS.sub("", plain))]


@lru_cache(maxsize=1 << 17)  # the cells of a table say few days
def period(text: str) -> str:
    """Return the day, month or year that a whole text is, or nothing.

    Parameters
    ----------
    text : str
        Such as a cell.

    Returns
    -------
    str
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; empty where it is none.

    Examples
    --------
    >>> period("May 2021"), period("2021-05-13 00:00:00"), period("2021"), period("14")
    ('2021-05', '2021-05-13', '2021', '')
    """
    found = [one for one in words(text) if one.strip("0") and one not in ("t00", "t")]
    if len(found) == 1 and PERIOD.fullmatch(found[0]):
        return found[0] if len(found[0]) > 4 or found[0][:2] in ("19", "20") else ""
    return ""


def number(text: str) -> float | None:
    """Return the number that a whole text is, or nothing.

    Parameters
    ----------
    text : str
        Such as a cell.

    Returns
    -------
    float or None

    Examples
    --------
    >>> number("1,204"), number("-3.5"), number("four")
    (1204.0, -3.5, None)
    """
    try:
        return float(THOUSANDS.sub("", text.strip().replace("−", "-")))
    except ValueError:
        return None


def _iso(found: re.Match[str]) -> str:
    """Return the days or the month that were found, with a space on both sides."""
    one = found.groups()
    months = {name: place for place, name in enumerate(MONTHS, start=1)}
    if one[0] and not one[2]:
        made = [f"{one[0]}-{int(one[1]):02d}"] if 1 <= int(one[1]) <= 12 else []
    elif one[0]:
        made = _days(one[0], (one[1], one[2]))
    elif one[3]:
        made = _days(one[3], (one[4], one[5]))
    elif one[8]:
        made = list(dict.fromkeys([*_days(one[8], (one[7], one[6])), *_days(one[8], one[6:8])]))
    elif one[11]:
        made = _days(one[11], (months[one[10][:3]], one[9]))
    elif one[14]:
        made = _days(one[14], (months[one[12][:3]], one[13]))
    else:
        made = [f"{one[16]}-{months[one[15][:3]]:02d}"]
    return f" {' '.join(made)} " if made else found[0]


def _days(year: str, rest: tuple[str | int, ...]) -> list[str]:
    try:
        return [date(int(year), *map(int, rest)).isoformat()]
    except ValueError:
        return []


def _number(word: str) -> str:
    if "." in word and "-" not in word:
        return word.rstrip("0").rstrip(".")
    return word.lstrip("0") or "0" if word.isdecimal() else word
