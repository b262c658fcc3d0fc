"""Writing files so that nobody ever sees half of one, and listing those that are a person's."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePath

# What a person names begins and ends with a letter or digit. What editors, systems and programs
# leave does not: ``.DS_Store``, ``._x``, ``.#x``, ``.x.swp``, ``#x#``, ``x~``, ``~$x``.
NAMED = re.compile(r"\w(?:.*\w)?", re.DOTALL)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a temporary path beside a file that is moved into its place when the block ends well.

    When the block raises, the file stays as it was. Folders on the way are made.

    Parameters
    ----------
    path : pathlib.Path
        File that is to be written.

    Yields
    ------
    pathlib.Path
        Empty file in the same folder, to write to; it has the same suffix.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "table.csv"
    ...     with whole(path) as temporary:
    ...         _ = temporary.write_text("a,b")
    ...         before = path.exists()
    ...     before, path.read_text()
    (False, 'a,b')
    """

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, whole.

    Parameters
    ----------
    path : pathlib.Path
        File that is made or replaced.
    text : str
        What it then holds.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "new" / "note.txt", "ten months")
    ...     (Path(folder) / "new" / "note.txt").read_bytes()
    b'ten months'
    """
    with whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: object) -> None:
    """Write a value as sorted, indented JSON, whole.

    Parameters
    ----------
    path : pathlib.Path
        File that is made or replaced.
    value : object
        Dicts, lists, strings, numbers, booleans and None.

    Raises
    ------
    ValueError
        A number is NaN or infinite, of which JSON has none.
    TypeError
        A part is of another type.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_json(Path(folder) / "one.json", {"b": 2, "a": [1.5]})
    ...     print((Path(folder) / "one.json").read_text(), end="")
    {
     "a": [
      1.5
     ],
     "b": 2
    }
    """
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n")


def sha256(path: Path) -> str:
    """Return the fingerprint of a file's bytes.

    Parameters
    ----------
    path : pathlib.Path
        File that exists.

    Returns
    -------
    str
        SHA-256 in 64 hexadecimal digits.

    Raises
    ------
    FileNotFoundError
        There is no such file.

    Examples
    --------
    The standard's own example, the three bytes "abc" (FIPS 180-4).

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "abc", "abc")
    ...     sha256(Path(folder) / "abc")[:16]
    'ba7816bf8f01cfea'
    """
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def remove(path: Path) -> None:
    """Remove whatever stands at a path: a file, a link (not what it leads to), a whole folder.

    Parameters
    ----------
    path : pathlib.Path
        It need not exist.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "new" / "note.txt", "ten months")
    ...     remove(Path(folder) / "new")
    ...     (Path(folder) / "new").exists()
    False
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def listed(folder: Path, *patterns: str, deep: bool = False) -> list[Path]:
    """Return the files of a folder that a person put there, and not what a program left beside.

    Parameters
    ----------
    folder : pathlib.Path
        It need not exist; its own name may hold any character.
    *patterns : str
        What a name must match, such as ``"*.csv"``: one of them; all names where none is given.
    deep : bool, default False
        Whether folders below are looked through too, links to folders not.

    Returns
    -------
    list of pathlib.Path
        Sorted.

    Raises
    ------
    OSError
        The folder cannot be read.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory(suffix="[1]") as folder:
    ...     for name in ("b.csv", "a.csv", ".#a.csv", "._b.csv", "a.csv~", "a.md"):
    ...         (Path(folder) / name).touch()
    ...     [path.name for path in listed(Path(folder), "*.csv")]
    ['a.csv', 'b.csv']
    """
    found = [
        path
        for path in everything(folder, deep=deep)
        if named(path.relative_to(folder))
        and any(fnmatchcase(path.name, one) for one in patterns or ["*"])
    ]
    return [path for path in found if path.is_file()]


def named(path: PurePath) -> bool:
    """Say whether a person gave a file, and each folder above it, its name.

    Parameters
    ----------
    path : pathlib.PurePath
        Relative to the project or to a folder of it.

    Returns
    -------
    bool
        False for what editors, systems and programs leave.

    Examples
    --------
    >>> named(PurePath("raw/a table.csv")), named(PurePath(".ipynb_checkpoints/1.ipynb"))
    (True, False)
    """
    return all(NAMED.fullmatch(part) for part in path.parts)


def everything(folder: Path, *, deep: bool = False) -> list[Path]:
    """Return all that stands in a folder, for who must see what does not belong there.

    Parameters
    ----------
    folder : pathlib.Path
        It need not exist.
    deep : bool, default False
        Whether what stands in folders below comes too, links to folders not.

    Returns
    -------
    list of pathlib.Path
        Files, folders and links, sorted.

    Raises
    ------
    OSError
        The folder cannot be read.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "new" / ".note~", "ten months")
    ...     [path.name for path in everything(Path(folder), deep=True)]
    ['new', '.note~']
    """
    if not folder.is_dir():
        return []
    found = []
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        found.append(folder / entry.name)
        if deep and entry.is_dir(follow_symlinks=False):
            found += everything(folder / entry.name, deep=True)
    return sorted(found)
