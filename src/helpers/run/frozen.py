"""Frozen forecasts: read as they were committed, or refused.

A forecast is three files of ``data/forecasts``: ``ORIGIN.csv``, which holds its quantiles,
``ORIGIN.md``, which says beforehand how it will be judged, and ``ORIGIN.source.yml``, which holds
the hash of both and of what made them. ORIGIN is the last month that the models saw. None of the
three is ever written again: each must have the bytes of the first commit that holds it.
"""

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import everything, sha256
from helpers.base.git import git
from helpers.base.models import Strict, validated
from helpers.base.reading import read_yaml
from helpers.raw.sidecar import Licence

if TYPE_CHECKING:
    import pandas as pd

NAME = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(\.csv|\.md|\.source\.yml)")
ENDINGS = (".csv", ".md", ".source.yml")
KEY = ["origin", "target", "month", "model", "level"]
COLUMNS = {
    "origin": "last month that the models saw, YYYY-MM",
    "target": "what is foretold",
    "month": "the month that is foretold, YYYY-MM",
    "model": "whose forecast it is",
    "level": "the chance that the month stays at or below the value",
    "value": "the quantile, deaths in the month",
}
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class About(Strict):
    """What the sidecar of a frozen forecast says.

    Attributes
    ----------
    origin, country : str
        Last month that the models saw, ``YYYY-MM``, and where the deaths are counted.
    date, commit : str
        The day of freezing, ``YYYY-MM-DD``, and the commit whose code and data made it.
    model : str
        The model of the table that is graded; the others of the table are what it must beat.
    release, provisional, retrieved : str
        The publisher's release that the models saw, the name of the version of the months after
        it, and the day on which they were retrieved.
    first, last : str
        First and last month that is foretold.
    sha256, registration : str
        SHA-256 of the table, and of the text that says how it will be judged.
    data, code : str
        SHA-256 over the raw tables, and over notebooks, modules and lock that made it.
    tables : dict of str to str
        SHA-256 of each of those raw tables, by path.
    columns : dict of str to str
        Meaning of each column.
    credit : str
        Whom to cite for the data.
    licence : Licence
        Terms of the table.
    """

    origin: str
    country: str
    date: str
    commit: str
    model: str
    release: str
    provisional: str
    retrieved: str
    first: str
    last: str
    sha256: Hash
    registration: Hash
    data: Hash
    code: Hash
    tables: dict[str, Hash]
    columns: dict[str, str]
    credit: str
    licence: Licence


class Forecast(NamedTuple):
    """A frozen forecast.

    Attributes
    ----------
    about : About
        Its sidecar.
    table : pandas.DataFrame
        The columns of :data:`COLUMNS`; levels rise within a month, and so do values.
    registration : str
        The text that says how it will be judged.
    """

    about: About
    table: "pd.DataFrame"
    registration: str


def origins(folder: Path | None = None) -> list[str]:
    """Return the origins of all forecasts that were ever frozen.

    Parameters
    ----------
    folder : Path, optional
        Where they are; ``data/forecasts`` by default.

    Returns
    -------
    list of str
        ``YYYY-MM``, in order; empty where there is none.

    Raises
    ------
    InputError
        When a file there is none of a forecast, or one of the three files of a forecast is missing.

    Examples
    --------
    >>> origins(Path("nowhere"))
    []
    """
    folder = folder or paths.FORECASTS
    found: dict[str, set[str]] = {}
    for path in files(folder):
        told = NAME.fullmatch(path.name)
        if told is None or not path.is_file():
            raise InputError(
                f"{_called(path)} is no file of a frozen forecast; expected names like 2026-05.csv "
                "(make freeze writes them); move it elsewhere"
            )
        found.setdefault(told[1], set()).add(told[2])
    for origin, endings in sorted(found.items()):
        for ending in ENDINGS:
            if ending not in endings:
                lost = folder / f"{origin}{ending}"
                raise InputError(
                    f"{_called(lost)} is missing beside the other files of that forecast; restore "
                    f"it: git checkout HEAD -- {_called(lost)}, or make freeze again if that was "
                    "cut short"
                )
    return sorted(found)


def files(folder: Path | None = None) -> list[Path]:
    """Return the files of all forecasts.

    Parameters
    ----------
    folder : Path, optional
        As of :func:`origins`.

    Returns
    -------
    list of Path
        Three for each, whether they are sound or not.
    """
    folder = folder or paths.FORECASTS
    return everything(folder) if folder.exists() else []


def read(origin: str, folder: Path | None = None) -> Forecast:
    """Read a frozen forecast after checking all of it against its sidecar.

    Parameters
    ----------
    origin : str
        ``YYYY-MM``.
    folder : Path, optional
        As of :func:`origins`.

    Returns
    -------
    Forecast

    Raises
    ------
    InputError
        When a file is missing, or is not what was frozen.
    """
    import pandas as pd

    folder = folder or paths.FORECASTS
    table, text, sidecar = (folder / f"{origin}{ending}" for ending in ENDINGS)
    about = validated(About, read_yaml(sidecar), _called(sidecar))
    for path, told in ((table, about.sha256), (text, about.registration)):
        if not path.is_file() or sha256(path) != told:
            raise InputError(
                f"{_called(path)} is not what was frozen on {about.date} (its sidecar says SHA-256 "
                f"{told[:12]}…); a frozen forecast is never changed, so restore it: git checkout "
                f"HEAD -- {_called(path)}"
            )
    kinds = dict.fromkeys([*KEY[:-1]], "str") | {"level": "float64", "value": "float64"}
    frame = pd.read_csv(table, dtype=kinds)
    if about.origin != origin or set(frame["origin"]) != {origin}:
        raise InputError(
            f"{_called(table)} and its sidecar do not both speak of the origin {origin}; restore "
            f"them: git checkout HEAD -- {_called(folder)}"
        )
    return Forecast(about, frame, text.read_text(encoding="utf-8"))


def read_all(folder: Path | None = None) -> list[Forecast]:
    """Read all frozen forecasts.

    Parameters
    ----------
    folder : Path, optional
        As of :func:`origins`.

    Returns
    -------
    list of Forecast
        In order of origin.

    Raises
    ------
    InputError
        As of :func:`read`, for the first that is not what was frozen.
    """
    return [read(origin, folder) for origin in origins(folder)]


def asked(registration: str) -> dict[str, str]:
    """Return what a text of registration answers.

    Parameters
    ----------
    registration : str
        Markdown, a section for each question.

    Returns
    -------
    dict of str to str
        Heading to the text below it, in order, as one line without marks of code.

    Examples
    --------
    >>> asked("# A forecast\\n\\n## Model\\n\\nA pool\\nof models.\\n")
    {'Model': 'A pool of models.'}
    """
    parts = re.split(r"^## +(.+)$", registration, flags=re.MULTILINE)[1:]
    texts = [" ".join(text.replace("`", "").split()) for text in parts[1::2]]
    return dict(zip(parts[::2], texts))


def require() -> None:
    """Refuse forecasts that are not what was frozen, or not what was first committed.

    Where git does not know the project, hashes alone are looked at.

    Raises
    ------
    InputError
        For the first file that was changed or removed since.
    """
    root, folder = paths.ROOT, paths.FORECASTS
    for name, (commit, blob) in sorted(_first(root, folder).items()):
        path = root / name
        if not path.is_file():
            said = "was removed"
        elif _blob(path, len(blob)) != blob:
            said = "was changed"
        else:
            continue
        raise InputError(
            f"{name} {said} since commit {commit[:12]} froze it; a frozen forecast stays as it "
            f"was, right or wrong: git checkout {commit[:12]} -- {name}"
        )
    read_all(folder)


def cut_short() -> dict[str, list[Path]]:
    """Return what a freezing that was cut short left: files that no commit holds.

    Returns
    -------
    dict of str to list of Path
        By origin; empty where git does not know the project, since nothing is committed there.
    """
    if git(paths.ROOT, "rev-parse", "HEAD") is None:
        return {}
    committed, found = _first(paths.ROOT, paths.FORECASTS), dict[str, list[Path]]()
    for path in files():
        told = NAME.fullmatch(path.name)
        if told and path.is_file() and _called(path) not in committed:
            found.setdefault(told[1], []).append(path)
    return found


def _first(root: Path, folder: Path) -> dict[str, tuple[str, str]]:
    """Return by path the first commit that holds each file, and the name of its content there."""
    where = paths.relative(folder).as_posix()
    told = git(
        root,
        *("log", "--reverse", "--topo-order", "--diff-filter=A", "--no-renames", "--raw", "-m"),
        *("--no-abbrev", "--format=commit %H", "-z", "--", where),
    )
    first: dict[str, tuple[str, str]] = {}
    commit, words = "", iter((told or "").split("\0"))
    for word in words:
        for line in word.split("\n"):
            if line.startswith("commit "):
                commit = line.removeprefix("commit ")
            elif line.startswith(":"):
                first.setdefault(next(words), (commit, line.split()[3]))
    return first


def _blob(path: Path, digits: int) -> str:
    """Return the name that git gives to the content of a file, whose lines end as git has them."""
    content = path.read_bytes().replace(b"\r\n", b"\n")
    kind = hashlib.sha1 if digits == 40 else hashlib.sha256
    return kind(b"blob %d\0" % len(content) + content).hexdigest()


def _called(path: Path) -> str:
    return paths.relative(path).as_posix()
