"""Being stopped: from the keyboard, by a signal, or because the parent process is gone.

What is written is moved into place whole, so a process that is killed loses nothing: all that work
for this one are killed at once, and the run says that it was stopped.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS = 0.3  # between two looks at the parent
_stopped: list[int] = []  # the first signal, once there was one
_process: list[int] = []  # that whose signals are turned into an exception; those it forks inherit


class Stopped(BaseException):
    """The run was stopped from outside.

    It is no :class:`Exception`, so that no library takes it for a failure of its own.

    Attributes
    ----------
    status : int
        The exit status of a process that this signal ended: 130 for Ctrl-C, 143 for SIGTERM.

    Examples
    --------
    >>> Stopped(signal.SIGINT).status, str(Stopped(signal.SIGTERM)).split(";")[0]
    (130, 'stopped by SIGTERM')
    """

    def __init__(self, number: int) -> None:
        by = "Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name
        super().__init__(
            f"stopped by {by}; what had been finished stays: run the same command again to go on"
        )
        self.status = 128 + number


def stopped() -> Stopped | None:
    """Return what stopped this process, or None while nothing has."""
    return Stopped(_stopped[0]) if _stopped else None


def kill_tree() -> None:
    """Kill every process that this one started, and all that those started."""
    import psutil

    for _ in range(3):  # one that was just being started is found at the next look
        try:
            found = psutil.Process().children(recursive=True)
        except psutil.Error:
            return
        for process in found:
            try:
                process.kill()
            except psutil.Error:
                continue
        psutil.wait_procs(found, timeout=1)


def _stop(number: int, frame: FrameType | None) -> None:
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)  # once is enough: what follows ends by itself
    _stopped.append(number)
    kill_tree()
    if os.getpid() not in _process:
        # A worker: its pool would take the exception for a result and wait for the next call, where
        # the one that was killed may hold the lock. What would be printed of its end is no news.
        os._exit(128 + number)
    raise Stopped(number)


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the signals that end a process into :class:`Stopped`, for the length of a block.

    All processes that this one has started are killed before it is raised. In a thread that is not
    the main one nothing changes.

    Yields
    ------
    None
        In the block.

    Raises
    ------
    Stopped
        When a signal comes.

    Examples
    --------
    >>> try:
    ...     with stoppable():
    ...         os.kill(os.getpid(), signal.SIGTERM)
    ... except Stopped as end:
    ...     print(end.status)
    143
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _stopped.clear()
    _process[:] = [os.getpid()]
    before = {one: signal.getsignal(one) for one in SIGNALS}
    for one in SIGNALS:
        if before[one] != signal.SIG_IGN or one == signal.SIGINT:  # nohup stays what it is
            signal.signal(one, _stop)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def end_with_parent(parent: int, leave: Callable[[], None]) -> None:
    """Kill this process, and all that it started, soon after its parent is gone.

    Parameters
    ----------
    parent : int
        The process that started this one.
    leave : callable
        What to do before this process ends.
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS)
        kill_tree()
        try:
            leave()
        finally:
            os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()
