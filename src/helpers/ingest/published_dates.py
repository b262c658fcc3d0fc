"""The dates of a published figure: the period that it covers, and when it was published.

The grammar of periods is that of :mod:`helpers.raw.periods`.
"""

import re
from collections.abc import Mapping, Sequence

from helpers.ingest.published_facts import Narrowed
from helpers.raw.periods import span

NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
MONTHS = {name: number for number, name in enumerate(NAMES.split(), start=1)}
MONTH = "(" + "|".join(MONTHS) + ")[a-z]*"


def period(year: str, month: str, words: str, narrowed: Sequence[Narrowed]) -> str:
    """Return the period of a figure.

    Parameters
    ----------
    year, month : str
        As the collections give them; an empty month means the whole year.
    words : str
        "series metric" of the figure, which may narrow it ("year to 16 Apr").
    narrowed : sequence of Narrowed
        Words of the collections that give a period of their own.

    Returns
    -------
    str
        In the grammar of :mod:`helpers.raw.periods`.

    Raises
    ------
    InputError
        When it is no period.

    Examples
    --------
    >>> period("2024", "03", "attacks", []), period("2025", "01", "year to 1 Feb", [])
    ('2024-03', '2025-01-01/2025-02-01')
    """
    found = _narrowed(year, words, narrowed) or _plain(year, month)
    span(found)
    return found


def _narrowed(year: str, words: str, narrowed: Sequence[Narrowed]) -> str | None:
    """Return the days that the words of a series give where year and month are only near them."""
    if days := re.search(rf"\b(\d\d?)-(\d\d?) {MONTH} only", words):
        month = MONTHS[days[3]]
        return f"{year}-{month:02}-{int(days[1]):02}/{year}-{month:02}-{int(days[2]):02}"
    for one in narrowed:
        if one.pattern.search(words):
            return one.period.replace("{year}", year)
    if until := re.search(rf"\bto (\d\d?) {MONTH}\b", words):
        return f"{year}-01-01/{year}-{MONTHS[until[2]]:02}-{int(until[1]):02}"
    return None


def _plain(year: str, month: str) -> str:
    """Return the period that the columns year and month give."""
    if run := re.fullmatch(r"(\d{4})-(\d{4})", year):
        if until := re.fullmatch(r"to (\d\d)", month):
            return f"{run[1]}-01/{run[2]}-{until[1]}"
        return f"{run[1]}/{run[2]}"
    if until := re.fullmatch(r"to (\d{4})", year):
        return f"../{until[1]}"
    if re.fullmatch(r"\d{4}-\d\d/\d{4}-\d\d-\d\d", year):
        return f"{year[:7]}-01/{year[8:]}"
    if "/" in year or month == "":
        return year
    if until := re.fullmatch(r"to (\d\d)(-(\d\d))?", month):
        return f"{year}-01-01/{year}-{until[1]}-{until[3] or '01'}"
    if run := re.fullmatch(r"(\d\d)-(\d\d)", month):
        return f"{year}-{run[1]}/{year}-{run[2]}"
    return f"{year}-{month}"


def vintage_in_text(text: Mapping[str, str], by_address: Mapping[str, str]) -> str:
    """Return when a figure was published.

    Taken from the collection's own column, else from the series ("vintage Jan 2014"), else from
    another figure of the same address, else from a date inside the address.

    Parameters
    ----------
    text : mapping
        ``vintage``, ``series`` and ``url`` of the figure.
    by_address : mapping of str to str
        Vintage that is stated most often at an address.

    Returns
    -------
    str
        ``YYYY[-MM[-DD]]``, else ``undated``.

    Examples
    --------
    >>> vintage_in_text({"vintage": "", "series": "a (vintage Jan 2014)", "url": ""}, {})
    '2014-01'
    """
    for candidate in (
        text["vintage"],
        _spelt(text["series"]),
        by_address.get(text["url"], ""),
        _in_address(text["url"]),
    ):
        if found := re.match(r"\d{4}(-\d\d(-\d\d)?)?", candidate):
            return found[0]
    return "undated"


def _spelt(series: str) -> str:
    if day := re.search(rf"(?:preliminary, |stated )(\d\d?) {MONTH} (\d{{4}})", series):
        return f"{day[3]}-{MONTHS[day[2]]:02}-{int(day[1]):02}"
    for form in ("vintage {}", "{} vintage", "late {}"):
        if month := re.search(form.format(rf"{MONTH} (\d{{4}})"), series):
            return f"{month[2]}-{MONTHS[month[1]]:02}"
    return ""


def _in_address(url: str) -> str:
    names = "|".join(MONTHS)
    if day := re.search(rf"(?i)/(\d\d)-({names})-(20\d\d)", url):
        return f"{day[3]}-{MONTHS[day[2].title()]:02}-{day[1]}"
    if day := re.search(rf"(?i)/(20\d\d)/({names})/(\d\d)/", url):
        return f"{day[1]}-{MONTHS[day[2].title()]:02}-{day[3]}"
    if day := re.search(r"/(20\d\d)/(\d\d)/(\d\d)/|[-/](20\d\d)-(\d\d)-(\d\d)\b", url):
        return "-".join(part for part in day.groups() if part)
    if day := re.search(r"/(\d\d)/?(\d\d)/?(20\d\d)[/-]", url):
        return f"{day[3]}-{day[2]}-{day[1]}"
    if month := re.search(r"/(20\d\d)/(\d\d)/", url):
        return f"{month[1]}-{month[2]}"
    return ""
