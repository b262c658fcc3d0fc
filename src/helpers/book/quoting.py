"""What the roles ``{num}`` and ``{says}`` show: words over recorded results, or a sentence why not.

``{num}`key:format:part` ``; ``format`` is a Python format (default: as recorded), ``part`` one of
value, low, high, n and interval (default: value).

``{says}`condition|words` `` shows the words while the condition over results holds, and
``{says}`condition|words|otherwise` `` one or the other (:mod:`helpers.prose.said`).
"""

import re
from typing import Any

from helpers.base.errors import did_you_mean
from helpers.base.markup import line
from helpers.book import numerals
from helpers.book.numerals import PARTS, BindingError, exact, shown, split
from helpers.prose.conditions import ConditionError, Judged, MissingError, judged
from helpers.prose.said import BAR, QUOTED, Said, says

TABLES = "tables"  # on which a number rests; trail.js makes links of their names
ROLES = re.compile(r"\{(num|says)\}`([^`]*)`")


class AbsentError(BindingError):
    """Words over a result that is not recorded.

    Attributes
    ----------
    words, key : str
        What stands there for a reader, and the result.
    """

    def __init__(self, message: str, words: str, key: str) -> None:
        super().__init__(message)
        self.words, self.key = words, key


class FallenError(BindingError):
    """Words whose condition does not hold.

    Attributes
    ----------
    words, key, said : str
        As of :func:`stated` of words that stand.
    """

    def __init__(self, message: str, words: str, key: str, said: str) -> None:
        super().__init__(message)
        self.words, self.key, self.said = words, key, said


def quoted(text: str, results: dict[str, dict]) -> tuple[str, str]:
    """Return the words of a bound number and what it tells.

    Parameters
    ----------
    text : str
        The text of the role, as of :func:`split`.
    results : dict of str to dict
        ``results.json`` as read: key to entry.

    Returns
    -------
    tuple of (str, str)
        What the page shows, and what it rests on, as of :func:`told`.

    Raises
    ------
    BindingError
        When the part or the format does not exist.
    AbsentError
        When the key does not.

    Examples
    --------
    >>> entry = {"value": 1.60017, "low": 1.2, "high": 2.1, "unit": "ratio", "n": 24}
    >>> results = {"trend.ratio": entry | {"source": "made up", "notebook": "03-trend"}}
    >>> quoted("trend.ratio:.1f:interval", results)[0]
    '1.2 to 2.1'
    >>> quoted("nothing", results)
    Traceback (most recent call last):
    helpers.book.quoting.AbsentError: 'nothing' is quoted but no notebook recorded it
    """
    key, form, part = split(text)
    if key not in results:
        sentence = f"'{key}' is quoted but no notebook recorded it" + did_you_mean(key, results)
        raise AbsentError(sentence, "–", key)
    if part not in PARTS:
        raise BindingError(f"'{part}' is not a part of a result" + did_you_mean(part, PARTS))
    entry = results[key]
    unit = entry["unit"]
    try:
        words = (
            f"{shown(entry['low'], form, unit)} to {shown(entry['high'], form, unit)}"
            if part == "interval"
            else shown(entry[part], form, "" if part == "n" else unit)
        )
    except BindingError as error:
        raise BindingError(f"'{key}' {error}") from None
    return words, told(key, entry, form)


def told(key: str, entry: dict, form: str = "") -> str:
    """Return what a number rests on.

    Parameters
    ----------
    key : str
        The key of the result.
    entry : dict
        What :meth:`helpers.run.stage.Stage.record` wrote of it.
    form : str, default ""
        The format of the page.

    Returns
    -------
    str
        ``name: text`` between dots, since an attribute of HTML keeps no lines; value, interval, n,
        tables, source, notebook and key, without what was not recorded.

    Examples
    --------
    >>> entry = {"value": 12, "low": None, "high": None, "unit": "deaths", "n": None}
    >>> told("clean.deaths", entry | {"source": "made up", "notebook": "01-clean"})
    'value: 12 deaths · source: made up · notebook: 01-clean · key: clean.deaths'
    """
    lines = [("value", numerals.told(entry["value"], entry["unit"], form))]
    if entry["low"] is not None and entry["high"] is not None:
        lines.append(("interval", f"{exact(entry['low'], form)} to {exact(entry['high'], form)}"))
    if entry["n"] is not None:
        lines.append(("n", f"{entry['n']:,}"))
    if rests := entry.get("tables"):
        lines.append((TABLES, ", ".join(rests)))
    lines += [("source", entry["source"]), ("notebook", entry["notebook"]), ("key", key)]
    return " · ".join(f"{name}: {_part(text)}" for name, text in lines)


def _part(text: object) -> str:
    """Return a text that cannot begin another part of what a number tells."""
    return line(text).replace(" · ", " • ")


def stated(text: str, results: dict[str, dict]) -> tuple[str, str, str]:
    """Return the words of a claim whose condition holds, or what is said otherwise, and their base.

    Parameters
    ----------
    text : str
        ``condition|words`` or ``condition|words|otherwise``.
    results : dict of str to dict
        ``results.json`` as read: key to entry.

    Returns
    -------
    tuple of (str, str, str)
        The words, the key of the first result that they rest on (empty where they rest on none that
        is recorded), and condition and values, as of :func:`told`.

    Raises
    ------
    BindingError
        When the condition cannot be evaluated, or a quoted number has no such part or format.
    AbsentError
        When a result of it, or one that either of the alternatives quotes, is not recorded. Where
        the condition asks for records, only what it reaches and what is said must be.
    FallenError
        When it does not hold and nothing is said otherwise.

    Examples
    --------
    >>> entry = {"value": 48.84, "low": None, "high": None, "unit": "%", "notebook": "02-x"}
    >>> stated("share.militants > 40|Many", {"share.militants": entry})
    ('Many', 'share.militants', 'says: share.militants > 40 · share.militants: 48.84')
    >>> stated("share.militants > 50|Most", {"share.militants": entry})
    Traceback (most recent call last):
    helpers.book.quoting.FallenError: 'Most' rests on 'share.militants > 50', which does not hold
    >>> stated("recorded(share.civilians)|{share.civilians:.0f} %|nobody knows", {})[0]
    'nobody knows'
    """
    shown_of = [*BAR.split(text), text][1]
    try:
        said = says(text)
        found = judged(said.condition, results)
    except MissingError as error:
        raise AbsentError(f"'{shown_of}': {error}", QUOTED.sub("–", shown_of), error.key) from None
    except ConditionError as error:
        raise BindingError(f"'{shown_of}': {error}") from None
    for words in filter(None, said[1:]):
        _refuse_strange(words, found, results)
    return _chosen(said, found, results)


def _chosen(said: Said, found: Judged, results: dict[str, dict]) -> tuple[str, str, str]:
    """Return the alternative that stands, with its numbers, the first key and what it rests on."""
    chosen = said.words if found.holds or said.otherwise is None else said.otherwise
    quotes = [split(one)[0] for one in QUOTED.findall(chosen)]
    words = QUOTED.sub(lambda one: quoted(one[1], results)[0], chosen)
    values = {key: _listed(value) for key, value in found.values.items()}
    values |= {key: exact(results[key]["value"], "") for key in quotes}
    lines = [("says", said.condition), *values.items()]
    of = [name for key in values for name in results.get(key, {}).get("tables", ())]
    lines += [(TABLES, ", ".join(dict.fromkeys(of)))] if of else []
    told_of = words, next(iter([*found.keys, *quotes]), ""), " · ".join(map(": ".join, lines))
    if not found.holds and said.otherwise is None:
        are = ", ".join(f"{key} is {value}" for key, value in values.items())
        sentence = f"'{words}' rests on '{said.condition}', which does not hold: {are}"
        raise FallenError(sentence, *told_of)
    return told_of


def _refuse_strange(words: str, found: Judged, results: dict[str, dict]) -> None:
    """Refuse what an alternative quotes, chosen or not, and what no run could lack."""
    for one in QUOTED.findall(words):
        if not (found.asks and split(one)[0] not in results):
            quoted(one, results)


def _listed(value: Any) -> str:
    return ", ".join(exact(one, "") for one in (value if isinstance(value, tuple) else (value,)))


def softened(error: BindingError, told: dict[str, Any]) -> tuple[str, str] | None:
    """Return what stands in a run of other parameters where the published one would stop.

    Parameters
    ----------
    error : BindingError
        What :func:`quoted` or :func:`stated` raised.
    told : dict
        As of :func:`helpers.book.named.told`; empty for the published run.

    Returns
    -------
    tuple of (str, str) or None
        The words, and what is said of them; ``None`` where it is a fault of the page in any run.

    Examples
    --------
    >>> softened(FallenError("…", "Most", "a.b", "says: a.b > 1"), {"absent": []})
    ('Most', 'does not hold in this run')
    >>> softened(AbsentError("…", "–", "a.b"), {"absent": ["a.b"]})
    ('–', 'not recorded in this run')
    >>> softened(AbsentError("…", "–", "a.bb"), {"absent": ["a.b"]})
    """
    match error:
        case FallenError() if told:
            return error.words, "does not hold in this run"
        case AbsentError() if error.key in told.get("absent", ()):
            return error.words, "not recorded in this run"
    return None


def plain(text: str, results: dict[str, dict], told: dict[str, Any] | None = None) -> str:
    """Return a text in which the roles have become their words.

    Parameters
    ----------
    text : str
        A text alternative.
    results : dict of str to dict
        ``results.json`` as read: key to entry.
    told : dict, optional
        As of :func:`softened`.

    Returns
    -------
    str
        Without a link.

    Raises
    ------
    BindingError
        As of :func:`quoted` and :func:`stated`.

    Examples
    --------
    >>> plain("Up by {num}`a.b:.1f`.", {"a.b": {"value": 3.14, "low": None, "high": None, "n": None,
    ...     "unit": "", "source": "x", "notebook": "y"}})
    'Up by 3.1.'
    """
    shows = {"num": quoted, "says": stated}

    def words(found: re.Match[str]) -> str:
        try:
            return shows[found[1]](found[2], results)[0]
        except BindingError as error:
            if not (soft := softened(error, told or {})):
                raise
            return "{} ({})".format(*soft)

    return ROLES.sub(words, text)
