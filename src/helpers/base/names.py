"""Which of the known names somebody meant: by what people write, before how letters look."""

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

# What a name may be written with; a path or a pattern is none.
WRITTEN = re.compile(r"\s*\w[\w\s.,'’()&-]*")
CUTOFF = 0.8  # share of letters in common below which two names are two names, not a slip


def as_slug(name: str) -> str:
    """Return a name as files and folders are named after it.

    Parameters
    ----------
    name : str
        A name in any letters.

    Returns
    -------
    str
        Lower-case letters, digits and ``_``; what stands in brackets, such as a former name, and
        accents are left out.

    Examples
    --------
    >>> as_slug("Ruritania (Old Ruritania)"), as_slug("São Côte d'Or")
    ('ruritania', 'sao_cote_d_or')
    """
    bare = re.sub(r"\([^)]*\)", " ", name) if not name.startswith("(") else name
    letters = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().lower()
    return "_".join(re.findall(r"[a-z0-9]+", letters))


def also_known(table: Path) -> dict[str, str]:
    """Read what people write instead of the names in the data.

    Parameters
    ----------
    table : Path
        A CSV file with the columns ``written`` and ``name``.

    Returns
    -------
    dict of str to str
        What people write to the name; empty where there is no such file.

    Examples
    --------
    >>> also_known(Path("nowhere.csv"))
    {}
    """
    if not table.exists():
        return {}
    with table.open(encoding="utf-8", newline="") as handle:
        return {row["written"]: row["name"] for row in csv.DictReader(handle)}


def accepted(word: str, known: Iterable[str], also: Mapping[str, str] | None = None) -> str | None:
    """Return the known name that a word is, or that people write it for.

    Parameters
    ----------
    word : str
        What was written; capitals, accents and signs between words do not count.
    known : iterable of str
        The names that count.
    also : mapping of str to str, optional
        What people write to the name in the data.

    Returns
    -------
    str or None
        None where it is no name that is known, or could be two.

    Examples
    --------
    >>> known = ["Ruritania (Old Ruritania)", "Freedonia"]
    >>> accepted("ruritania", known), accepted("FRE", known, {"FRE": "Freedonia"})
    ('Ruritania (Old Ruritania)', 'Freedonia')
    >>> accepted("Freedoni", known) is None
    True
    """
    names = set(known)
    if word in names:
        return word
    if not WRITTEN.fullmatch(word):
        return None
    told = {_plain(one): name for one, name in (also or {}).items() if name in names}
    if _plain(word) in told:
        return told[_plain(word)]
    found = [
        name for name in names if _plain(word) in (_plain(name), as_slug(name).replace("_", " "))
    ]
    return found[0] if len(found) == 1 else None


def meant(word: str, known: Iterable[str], also: Mapping[str, str] | None = None) -> list[str]:
    """Return the known names that somebody may have meant.

    Parameters
    ----------
    word : str
        What was written.
    known : iterable of str
        The names that count.
    also : mapping of str to str, optional
        What people write to the name in the data.

    Returns
    -------
    list of str
        Sorted: the name that people write so, else those that hold all its words, else those whose
        words it holds, else the nearest by letters; empty where none is near.

    Examples
    --------
    >>> known = ["Ruritania (Old Ruritania)", "Freedonia", "Freedonia and Sylvania", "Tomainia"]
    >>> meant("ruritania", known), meant("Sylvania", known), meant("Tomaina", known)
    (['Ruritania (Old Ruritania)'], ['Freedonia and Sylvania'], ['Tomainia'])
    >>> meant("Tommania", known, {"Tommania": "Tomainia"}), meant("Grand Fenwick", known)
    (['Tomainia'], [])
    """
    names = sorted(set(known))
    written = {_plain(one): name for one, name in (also or {}).items() if name in names}
    if _plain(word) in written:
        return [written[_plain(word)]]
    asked = _words(word)
    if not asked:
        return []
    if within := [name for name in names if asked <= _words(name)]:
        return within
    if holding := [name for name in names if _words(name) and _words(name) <= asked]:
        return holding
    spelt = {**{_plain(name): name for name in names}, **written}
    near = difflib.get_close_matches(_plain(word), spelt, n=1, cutoff=CUTOFF)
    return [spelt[one] for one in near]


def did_you_mean(word: str, known: Iterable[str], also: Mapping[str, str] | None = None) -> str:
    """Return the end of a sentence that names what somebody may have meant.

    Parameters
    ----------
    word, known, also
        As of :func:`meant`.

    Returns
    -------
    str
        Empty where no name is near.

    Examples
    --------
    >>> did_you_mean("Sylvania", ["Freedonia", "Freedonia and Sylvania"])
    "; did you mean 'Freedonia and Sylvania'?"
    """
    found = meant(word, known, also)
    return f"; did you mean {' or '.join(repr(one) for one in found)}?" if found else ""


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.casefold())) - {"the", "of", "and"}


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))
