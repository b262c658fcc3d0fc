"""Where raw tables stand: in ``data/raw``, and those of single countries in folders below.

A table of one country is named after it (``claims/NAME.yml``), so a file's name alone may stand for
several tables; what a person is told is the name with the folder.
"""

from pathlib import Path

from helpers.base import paths
from helpers.base.files import listed

FACTS = "ingest"  # the folder of data/raw with rules and texts for building tables, no tables


def raw_files(folder: Path) -> list[Path]:
    """Return the tables and sidecars of a folder and of those below.

    Parameters
    ----------
    folder : Path
        ``data/raw``, or another one; it need not exist.

    Returns
    -------
    list of Path
        Sorted; what a person put there, as of :func:`helpers.base.files.listed`.

    Examples
    --------
    >>> import tempfile
    >>> from helpers.base.files import write_text
    >>> with tempfile.TemporaryDirectory() as name:
    ...     for one in ("a.csv", "claims/b.yml", "ingest/c.yml"):
    ...         write_text(Path(name, one), "made up")
    ...     [path.name for path in raw_files(Path(name))]
    ['a.csv', 'b.yml']
    """
    found = listed(folder, deep=True)
    return [path for path in found if path.relative_to(folder).parts[0] != FACTS]


def called(table: Path) -> str:
    """Return what a person is told a raw table is called, and what the verb ``stamp`` takes.

    Parameters
    ----------
    table : Path
        The table.

    Returns
    -------
    str
        Its name, with its folder where that is one below ``data/raw``.

    Examples
    --------
    >>> called(paths.RAW / "places.csv"), called(paths.RAW / "claims" / "freedonia.yml")
    ('places.csv', 'claims/freedonia.yml')
    >>> called(Path("elsewhere") / "places.csv")
    'places.csv'
    """
    inside = table.is_relative_to(paths.RAW)
    return table.relative_to(paths.RAW).as_posix() if inside else table.name
