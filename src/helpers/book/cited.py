"""A citation as words, for where no page is built: names and years, as the book shows them."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from helpers.base import paths


def cited(keys: str, file: Path | None = None) -> str | None:
    """Return what a citation shows.

    Parameters
    ----------
    keys : str
        Of the bibliography, parted by commas.
    file : Path, optional
        A bibliography of BibTeX; by default the book's.

    Returns
    -------
    str or None
        Names and year of each work, sorted, between brackets; ``None`` where one is not there.

    Examples
    --------
    >>> cited("nobody1900") is None
    True
    """
    works = _works(file or paths.BOOK / "references.bib")
    found = [works.get(key.strip()) for key in keys.split(",")]
    return None if None in found else f"[{', '.join(sorted(filter(None, found)))}]"


@lru_cache
def _works(file: Path) -> dict[str, str]:
    from pybtex.database import parse_file
    from pybtex.exceptions import PybtexError

    try:
        entries = parse_file(str(file)).entries
    except (OSError, PybtexError):
        return {}  # the build of the book says what is wrong with it
    return {key: _work(entry) for key, entry in entries.items()}


def _work(entry: Any) -> str:
    """Return names and year of a work, or what it has of them; its title where it has no names."""
    persons = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join(map(str, [*one.rich_prelast_names, *one.rich_last_names])) for one in persons]
    who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    if not who:
        who = str(entry.rich_fields["title"]) if "title" in entry.fields else entry.key
    return ", ".join(filter(None, [who, entry.fields.get("year", "")]))
