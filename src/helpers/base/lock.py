"""One writer at a time: who comes second waits, and is told for whom."""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from helpers.base.aloud import tell


@contextmanager
def alone(file: Path, verb: str) -> Iterator[None]:
    """Hold a lock for the length of a block.

    The system drops it when its holder ends in whatever way, so a dead holder is waited for by
    nobody, and no file has to be removed.

    Parameters
    ----------
    file : pathlib.Path
        The lock; it is made where there is none, and says who holds it.
    verb : str
        What the holder does, for those who wait.

    Yields
    ------
    None
        While the lock is held.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with alone(Path(folder) / "lock", "report"):
    ...         (Path(folder) / "lock").read_text().split()[0]
    'report'
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with file.open("a+", encoding="utf-8") as handle:
            _wait(handle)
            if not _is(handle, file):
                continue  # it was removed while we waited: who comes now would take a new one
            handle.seek(0)
            handle.truncate()
            since = time.strftime("%Y-%m-%d %H:%M:%S")
            who = f"{verb} (process {os.getpid()} on {socket.gethostname()}, since {since})"
            handle.write(f"{who}\n")
            handle.flush()
            try:
                yield
            finally:
                handle.truncate(0)
            return


def _wait(handle: TextIO) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        who = ""
        for _ in range(50):  # a holder that has just come is still writing its name
            handle.seek(0)
            if who := " ".join(handle.read(200).split()):
                break
            time.sleep(0.01)
        who = who or "another run"
        tell(f"  waiting for {who}, which works on this folder")
        fcntl.flock(handle, fcntl.LOCK_EX)


def _is(handle: TextIO, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle.fileno()), file.stat())
    except FileNotFoundError:
        return False
