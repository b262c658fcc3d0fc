"""Unpacking an archive that somebody else may have made: nothing outside the folder, no flood."""

import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

from helpers.base.errors import InputError
from helpers.base.limits import Limits, limits


def unpack(archive: Path, target: Path, within: Limits | None = None) -> list[str]:
    """Unpack a zip archive into a new folder, whole or not at all.

    Parameters
    ----------
    archive : Path
        A zip archive, whoever made it.
    target : Path
        A folder that does not exist yet.
    within : Limits, optional
        How many files there may be and how large all may be together; the project's by default.

    Returns
    -------
    list of str
        Names of the files, relative to ``target``, as they stand in the archive.

    Raises
    ------
    InputError
        When it is no zip archive or damaged, would unpack to too much, or has an entry that is no
        plain file or folder below ``target``; ``target`` does not exist then.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     archive = Path(folder) / "one.zip"
    ...     with zipfile.ZipFile(archive, "w") as made:
    ...         made.writestr("../outside.txt", "x")
    ...     unpack(archive, Path(folder) / "new")
    Traceback (most recent call last):
    helpers.base.errors.InputError: one.zip: '../outside.txt' would leave the folder; refused
    """
    if target.exists():
        raise InputError(f"{target} is there already; name a folder that is not")
    try:
        with zipfile.ZipFile(archive) as packed:
            entries = packed.infolist()
            _refuse(archive.name, entries, within or limits())
            target.mkdir(parents=True)
            for entry in entries:
                _write(packed, entry, target / entry.filename)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        shutil.rmtree(target, ignore_errors=True)
        raise InputError(f"{archive.name} is no zip archive that can be read: {error}") from None
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        raise InputError(f"{archive.name} cannot be unpacked: {error.strerror or error}") from None
    return [entry.filename for entry in entries if not entry.is_dir()]


def _refuse(name: str, entries: list[zipfile.ZipInfo], within: Limits) -> None:
    if (number := len(entries)) > (allowed := within.unpacked_files):
        raise InputError(f"{name} has {number:,} entries, and {allowed:,} are allowed")
    # A reader gives no more bytes of an entry than it declares, so what is declared is enough.
    if (size := sum(entry.file_size for entry in entries)) > (
        allowed := within.unpacked_megabytes * 1_000_000
    ):
        raise InputError(f"{name} would unpack to {size:,} bytes, and {allowed:,} are allowed")
    seen: set[str] = set()
    for entry in entries:
        if not inside(entry.orig_filename):
            raise InputError(f"{name}: {entry.orig_filename!r} would leave the folder; refused")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise InputError(f"{name}: {entry.filename!r} is a link or a device; refused")
        if (folded := entry.filename.rstrip("/").casefold()) in seen:
            raise InputError(f"{name}: {entry.filename!r} is there twice; refused")
        seen.add(folded)


def inside(entry: str) -> bool:
    """Say whether a name of an archive lies below the folder that it is unpacked to.

    Parameters
    ----------
    entry : str
        The name as it stands in the archive.

    Returns
    -------
    bool
        Whether it does, on every system.

    Examples
    --------
    >>> inside("a/b.csv"), inside("../b.csv")
    (True, False)
    """
    posix, windows = PurePosixPath(entry), PureWindowsPath(entry)
    plain = not (posix.is_absolute() or windows.drive or windows.root)
    return plain and entry.isprintable() and "\\" not in entry and ".." not in posix.parts


def _write(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    if entry.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(entry) as read, path.open("xb") as written:
        shutil.copyfileobj(read, written)
    path.chmod(0o755 if (entry.external_attr >> 16) & stat.S_IXUSR else 0o644)
