"""One sentence for any exception: what happened, with which file, and what to do."""

import errno
import os
import re
from concurrent.futures.process import BrokenProcessPool
from io import IOBase
from pathlib import Path
from types import TracebackType

from helpers.base import paths
from helpers.base.errors import InputError

SYSTEM = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the quota of this user is used up; free some space",
    errno.EROFS: "the disk can only be read; move the project to one that can be written",
    errno.EACCES: "this user has no right to it; change its owner or its rights",
    errno.EPERM: "this user has no right to it; change its owner or its rights",
    errno.EISDIR: "a folder stands where a file is expected; move it away",
    errno.ENOTDIR: "a file stands where a folder is expected; move it away",
    errno.EMFILE: "too many files are open; raise the limit (ulimit -n)",
    errno.ENFILE: "too many files are open on this machine; end other programs",
    errno.ENAMETOOLONG: "its name is too long for this disk; use a shorter folder",
    errno.ELOOP: "its links lead in a circle; remove them",
    errno.EIO: "the disk cannot be read or written; check it",
    errno.ENOMEM: "the memory is used up; end other programs, or run with JOBS=1",
    errno.EAGAIN: "the machine has no process or thread left; end other programs",
}
AGAIN = "then run the same command again"
KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (MemoryError, "the memory is used up; end other programs, or run with JOBS=1, " + AGAIN),
    (RecursionError, "its parts stand too deep in one another; make it flatter, " + AGAIN),
    (
        BrokenProcessPool,
        "its process was killed from outside, as happens when the memory is used up; "
        "end other programs, or run with JOBS=1, " + AGAIN,
    ),
    (UnicodeError, "it is not text in UTF-8; save it as UTF-8, " + AGAIN),
)


def sentence(error: BaseException) -> str:
    """Return one line about an exception.

    Parameters
    ----------
    error : BaseException
        What was raised; an :class:`~helpers.base.errors.InputError` says it by itself.

    Returns
    -------
    str
        The file where one is known, what happened, and what to do.

    Examples
    --------
    >>> sentence(InputError("the month is 13"))
    'the month is 13'
    >>> sentence(OSError(errno.ENOSPC, "No space left on device", "table.csv"))
    'table.csv: the disk is full; free some space, then run the same command again'
    >>> sentence(FileNotFoundError(errno.ENOENT, "No such file or directory", "git"))
    'the program git was not found; install it or put it on PATH, then run the same command again'
    >>> sentence(ZeroDivisionError("division by zero"))
    'unexpected ZeroDivisionError: division by zero; this is a fault of the code'
    """
    if isinstance(error, InputError):
        return _line(str(error))
    where = in_hand(error)
    place = f"{where}: " if where else ""
    if isinstance(error, OSError) and error.errno is not None:
        return _system(error, where)
    for kind, words in KINDS:
        if isinstance(error, kind):
            return place + words
    name = type(error).__name__
    return f"{place}unexpected {name}: {_line(str(error)) or 'no message'}" + (
        f"; check that file, {AGAIN}" if where else "; this is a fault of the code"
    )


def _system(error: OSError, where: str) -> str:
    place = f"{where}: " if where else ""
    if error.errno == errno.ENOENT:
        if where and os.sep not in where and "." not in where:
            return f"the program {where} was not found; install it or put it on PATH, {AGAIN}"
        return f"{place}it does not exist; put it back, {AGAIN}"
    words = SYSTEM.get(error.errno or 0, f"{_line(error.strerror or str(error))}; mend that")
    return f"{place}{words}, {AGAIN}"


def in_hand(error: BaseException) -> str:
    """Return the file that an exception is about, as a reader of the project knows it.

    Parameters
    ----------
    error : BaseException
        What was raised. Where it names no file, that counts which the code held that was nearest
        to it: an open file, or the path of one.

    Returns
    -------
    str
        Empty where there is none.
    """
    named = error.filename if isinstance(error, OSError) else None
    if isinstance(named, bytes):
        named = os.fsdecode(named)
    if isinstance(named, (str, os.PathLike)):
        return _line(str(paths.relative(Path(named)))) if Path(named).is_absolute() else str(named)
    for frame in reversed(_frames(error.__traceback__)):
        for held in frame.values():
            name = getattr(held, "name", None) if isinstance(held, IOBase) else held
            if isinstance(name, str) and not isinstance(held, IOBase):
                continue  # a text may be anything
            if isinstance(name, (str, Path)) and Path(name).is_file():
                path = Path(name).absolute()
                if path.suffix != ".py":
                    return _line(str(paths.relative(path)))
    return ""


def _frames(traceback: TracebackType | None) -> list[dict]:
    found = []
    while traceback is not None:
        found.append(dict(traceback.tb_frame.f_locals))
        traceback = traceback.tb_next
    return found


def _line(text: str) -> str:
    """Return a text as one line of moderate length, without control characters."""
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)
    plain = " ".join(plain.encode("utf-8", "replace").decode().split())
    return plain if len(plain) <= 2000 else plain[:2000] + " …"
