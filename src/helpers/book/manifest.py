"""What a built book consists of, by hash, so that whether it is whole is looked up."""

import json
from collections.abc import Iterable
from pathlib import Path

from helpers.base.files import everything, sha256, write_json


def listed(html: Path) -> dict[str, str]:
    """Return the hash of every file of a built book.

    Parameters
    ----------
    html : Path
        Its folder.

    Returns
    -------
    dict of str to str
        Name relative to the folder to SHA-256; ``"link"`` stands for what is no plain file or
        cannot be read, since a build makes neither.
    """
    found = {}
    for path in everything(html, deep=True):
        name = path.relative_to(html).as_posix()
        try:
            if path.is_symlink() or not path.is_dir():
                plain = path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o400
                found[name] = sha256(path) if plain else "link"
        except OSError:
            found[name] = "link"
    return found


def write(html: Path, manifest: Path) -> None:
    """Write the list of a book that has just been built.

    Parameters
    ----------
    html : Path
        Its folder.
    manifest : Path
        The list, JSON.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     html, manifest = Path(folder) / "html", Path(folder) / "manifest.json"
    ...     html.mkdir()
    ...     _ = (html / "index.html").write_text("ten months")
    ...     write(html, manifest)
    ...     before = whole(html, manifest)
    ...     _ = (html / "index.html").write_text("nine months")
    ...     before, whole(html, manifest)
    (True, False)
    """
    write_json(manifest, listed(html))


def add(html: Path, added: Path, names: Iterable[str]) -> None:
    """Write the list of what was put among the pages of a built book since.

    Parameters
    ----------
    html : Path
        Its folder.
    added : Path
        The list, JSON.
    names : iterable of str
        Files that are new or others than when it was built, relative to the folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     root = Path(folder)
    ...     (root / "html").mkdir()
    ...     _ = (root / "html" / "index.html").write_text("ten months")
    ...     write(root / "html", root / "manifest.json")
    ...     _ = (root / "html" / "book.pdf").write_text("%PDF")
    ...     add(root / "html", root / "added.json", ["book.pdf"])
    ...     told = root / "html", root / "manifest.json", root / "added.json"
    ...     before = whole(*told[:2]), whole(*told)
    ...     _ = (root / "html" / "book.pdf").write_text("%PDx")
    ...     before, whole(*told)
    ((False, True), False)
    """
    write_json(added, {name: sha256(html / name) for name in names})


def whole(html: Path, manifest: Path, added: Path | None = None) -> bool:
    """Say whether a book is what was built: every file with its hash, and none beside.

    Parameters
    ----------
    html : Path
        Its folder.
    manifest : Path
        The list, as of :func:`write`.
    added : Path, optional
        The list of :func:`add`, where there is one: its files have the hashes that it says.

    Returns
    -------
    bool
        False where there is no list that can be read either.
    """
    try:
        if any(one.is_symlink() for one in (html, manifest, added) if one is not None):
            return False
        told = json.loads(manifest.read_text(encoding="utf-8"))
        if added is not None and added.exists():
            told = told and told | json.loads(added.read_text(encoding="utf-8"))
        return bool(told) and told == listed(html)
    except (OSError, ValueError, TypeError, RecursionError):
        return False
