"""One writer at a time: who comes second waits, and is told for whom."""

import fcntl
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(file: Path, verb: str) -> Iterator[None]:
    """Hold a lock for the length of a block.

    The system drops it when its holder ends in whatever way, so a dead holder is waited for by
    nobody, and no file has to be removed.

    Parameters
    ----------
    file : pathlib.Path
        The lock; it is made where there is none, and says who held it last.
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
    with file.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.seek(0)
            who = " ".join(handle.read(200).split()) or "another run"
            print(f"  waiting for {who}, which works on this folder", file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        handle.seek(0)
        handle.truncate()
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        handle.write(f"{verb} (process {os.getpid()} on {socket.gethostname()}, since {since})\n")
        handle.flush()
        yield
