"""One hash over the helper modules that a notebook or module imports, directly or through others."""

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError

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
    names = {
        name
        for name in _imported(path.read_text(encoding="utf-8"))
        if name.split(".")[0] == "helpers"
    }
    return frozenset(file for name in names if (file := _module_file(name)))


def modules(sources: Iterable[str], seeds: Iterable[str] = ()) -> list[Path]:
    """Return the files of all helper modules reached from code texts and module names, sorted."""
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
    """Return the sources of a notebook's code cells; :class:`InputError` when it is no notebook."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{notebook.name} is not a readable notebook ({type(error).__name__}: {error})"
        ) from None
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def fingerprint(
    sources: Iterable[str], seeds: Iterable[str] = (), extra: Iterable[Path] = ()
) -> str:
    """Return a SHA-256 over the reached modules and the ``extra`` files."""
    digest = hashlib.sha256()
    for path in [*modules(sources, seeds), *extra]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
