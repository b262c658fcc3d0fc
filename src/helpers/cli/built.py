"""What was built, as one file that is published beside the pages, and its use in a fresh checkout.

A machine that opens the notebooks for a reader (``.binder/``) needs tables and results, and has no
time to make them. It takes those of the pages, and ``make report`` then finds by its own hashes
what of them was made of other tables, code or notebooks, and runs only that.
"""

import os
import tempfile
import zipfile
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import everything, whole
from helpers.base.unpacked import unpack

NAME = "built.zip"
RESULTS = "data/processed/results.json"
# The last is what the engine remembers: where it is missing, nothing is taken for done.
PARTS = ("data/processed", "book/_build", ".pytask", "pytask.lock")
# What is in git, what another run made, and what failed.
LEFT_OUT = ("kept", ".gitkeep", "runs", "sweep", "book.pdf")
FAILED = ".failed.ipynb"
SECONDS = 60  # without a byte from the other side


def pack(target: Path) -> int:
    """Write what was built of the published run as one zip archive.

    Parameters
    ----------
    target : Path
        The archive; one that is there is replaced.

    Returns
    -------
    int
        How many files are in it.

    Raises
    ------
    InputError
        When nothing was built, or a stage read a table that may not be passed on.
    """
    from helpers.run import restricted
    from helpers.run.published import published_country
    from helpers.run.table import read_stages

    if not (paths.ROOT / RESULTS).exists():
        raise InputError(f"{RESULTS} is not there, so there is nothing to pack; make report first")
    if reached := restricted.reached(read_stages().of(published_country())):
        name, tables = next(iter(reached.items()))
        raise InputError(
            f"stage '{name}' reads '{paths.relative(tables[0])}', which may not be passed on, and "
            "what was built may hold parts of it; pack from a checkout without data/own"
        )
    files = [path for part in PARTS for path in _files(paths.ROOT / part)]
    with whole(target) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as made:
        for path in files:
            entry = zipfile.ZipInfo(paths.relative(path).as_posix())  # of a fixed date
            entry.external_attr = 0o644 << 16
            made.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return len(files)


def _files(path: Path) -> list[Path]:
    if path.is_symlink():
        return []
    if not path.is_dir():
        return [path] if path.is_file() and not path.name.endswith(FAILED) else []
    return [
        one for below in everything(path) if below.name not in LEFT_OUT for one in _files(below)
    ]


def take(source: str) -> int:
    """Put what was built elsewhere in its place, where nothing is built yet.

    Parameters
    ----------
    source : str
        The archive: a file, or its address on the web.

    Returns
    -------
    int
        How many files came.

    Raises
    ------
    InputError
        When something is built here already, or the archive cannot be had, is none, or holds
        anything else; nothing is put in place then.
    """
    if (paths.ROOT / RESULTS).exists():
        raise InputError(
            f"{RESULTS} is there already, and nothing is overwritten; make clean first"
        )
    (paths.ROOT / ".run").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="built-", dir=paths.ROOT / ".run") as folder:
        archive = Path(source)
        if source.startswith(("https://", "http://")):
            archive = Path(folder) / NAME
            _fetch(source, archive)
        elif not archive.is_file():
            raise InputError(f"{source} is neither a file nor an address; name one of {NAME}")
        names = unpack(archive, Path(folder) / "new")
        inside = tuple(f"{part}/" for part in PARTS[:-1])
        strange = [name for name in names if not name.startswith(inside)]
        if strange != [PARTS[-1]]:
            other = next((name for name in strange if name != PARTS[-1]), f"no {PARTS[-1]}")
            raise InputError(f"{source} is not what this project builds: it holds {other}")
        for name in names:
            target = paths.ROOT / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(Path(folder) / "new" / name, target)
    return len(names)


def published() -> str:
    """Return where the pages have the archive.

    Returns
    -------
    str
        An address.

    Raises
    ------
    InputError
        When the project has no public address, or pages whose address does not follow from it.
    """
    from helpers.base.reading import read_yaml
    from helpers.book.address import lit, repository

    settings = lit(read_yaml(paths.BOOK / "_config.yml"), repository())
    if not (pages := settings["html"]["baseurl"]):
        raise InputError(
            "the project's public address is not known, nor are its pages; say it in "
            "[project.urls] of pyproject.toml"
        )
    return f"{pages.rstrip('/')}/{NAME}"


def _fetch(address: str, target: Path) -> None:
    import requests

    try:
        with requests.get(address, stream=True, timeout=SECONDS) as answer:
            answer.raise_for_status()
            with target.open("wb") as file:
                for piece in answer.iter_content(1 << 20):
                    file.write(piece)
    except requests.RequestException as error:
        raise InputError(f"{address} cannot be had ({type(error).__name__})") from None
