"""One hash over the helper modules that a notebook or module reaches by imports."""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.run.cells import read_cells

PACKAGE = paths.ROOT / "src" / "helpers"


def _module_file(name: str) -> Path | None:
    path = PACKAGE.joinpath(*name.split(".")[1:])
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def _imported(source: str) -> Iterator[str]:
    """Yield the names of the package's modules that ``source`` imports, at any depth."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@lru_cache
def _direct(path: Path) -> frozenset[Path]:
    try:
        imported = list(_imported(path.read_text(encoding="utf-8")))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise InputError(
            f"{paths.relative(path)}, line {line}: {getattr(error, 'msg', error)}; mend the module"
        ) from None
    names = {name for name in imported if name.split(".")[0] == "helpers"}
    return frozenset(file for name in names if (file := _module_file(name)))


def modules(sources: Iterable[str], seeds: Iterable[str] = ()) -> list[Path]:
    """Return the files of the helper modules that code reaches by imports.

    Imports inside of functions count, imports under ``TYPE_CHECKING`` too: a module too many costs
    a run, one too few a stale result.

    Parameters
    ----------
    sources : iterable of str
        Texts of Python code, such as the code cells of a notebook.
    seeds : iterable of str, optional
        Names of modules that count as reached.

    Returns
    -------
    list of Path
        Sorted, each once; only modules of this package.

    Raises
    ------
    SyntaxError
        When a text is no Python.
    InputError
        When a module that is reached is none.

    Examples
    --------
    >>> [path.name for path in modules(["import numpy", "from helpers.base import paths"])]
    ['__init__.py', 'paths.py']
    """
    waiting = {
        file
        for text in sources
        for name in _imported(text)
        if name.split(".")[0] == "helpers" and (file := _module_file(name))
    }
    waiting |= {file for name in seeds if (file := _module_file(name))}
    reached: set[Path] = set()
    while waiting:
        path = waiting.pop()
        reached.add(path)
        waiting |= _direct(path) - reached
    return sorted(reached)


def code_cells(notebook: Path) -> list[str]:
    """Return the sources of the code cells of a notebook.

    Parameters
    ----------
    notebook : Path
        A notebook of nbformat 4.

    Returns
    -------
    list of str
        One text a cell, in order, as they stand.

    Raises
    ------
    InputError
        When the file is missing or is no notebook.
    """
    return [cell.source for cell in read_cells(notebook)]


def fingerprint(
    sources: Iterable[str], seeds: Iterable[str] = (), extra: Iterable[Path] = ()
) -> str:
    """Return one hash over everything that code reaches.

    The texts themselves are not part of it, since the graph hashes notebooks as files.

    Parameters
    ----------
    sources : iterable of str
        Texts of Python code.
    seeds : iterable of str, optional
        Names of modules that count as reached.
    extra : iterable of Path, optional
        Files that count as well, such as the lock file.

    Returns
    -------
    str
        SHA-256 in 64 hexadecimal digits.

    Examples
    --------
    >>> one = fingerprint(["import helpers.base.paths"])
    >>> one == fingerprint(["from helpers.base.paths import ROOT  # the same module"])
    True
    >>> one == fingerprint(["import helpers.base.files"])
    False
    """
    digest = hashlib.sha256()
    for path in [*modules(sources, seeds), *extra]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
