"""The mothers of warm kernels as the process sees them that asks for kernels.

A mother (:mod:`helpers.run.mother`) is known by what all her kernels have in common: interpreter,
modules, and variables. She ends with the process that started her, and serves those that it forks.
"""

import atexit
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpers.run import mother

OURS = ("JPY_PARENT_PID", "JPY_SESSION_NAME")  # said to each kernel by Jupyter
PATIENCE = 120.0  # seconds that the imports may take
PATIENCE_AT_END = 5.0  # seconds that a mother may take to end her kernels
STEP = 0.005  # seconds between two looks
_mothers: dict[Any, "Mother"] = {}
_starting = threading.Lock()


class CannotFork(Exception):
    """Why a kernel has to be started in the ordinary way."""


class Forked:
    """A kernel that was forked, with the methods of :class:`subprocess.Popen` that are asked for.

    Parameters
    ----------
    line : socket.socket
        Stands for it at its mother, who ends it when this is closed.
    """

    stdin = stdout = stderr = None

    def __init__(self, line: socket.socket) -> None:
        self.pid = 0
        self.returncode: int | None = None
        self._line: socket.socket | None = line

    def listen(self) -> dict[str, Any] | None:
        """Return what the mother says.

        Returns
        -------
        dict or None
            None where she says nothing yet; that she was killed where she can say no more, or
            the kernel was given back.
        """
        try:
            text = self._line.recv(mother.LARGEST) if self._line is not None else b""
        except BlockingIOError:
            return None
        except ConnectionError:
            text = b""
        return json.loads(text) if text else {"status": -signal.SIGKILL}

    def poll(self) -> int | None:
        """Return how it ended.

        Returns
        -------
        int or None
            Its exit status, less than 0 where a signal ended it; None while it runs.
        """
        if self.returncode is None and (said := self.listen()) is not None:
            self.returncode = int(said["status"])
            self.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Returns
        -------
        int
            As of :meth:`poll`.

        Raises
        ------
        subprocess.TimeoutExpired
            When it has not.
        """
        until = time.monotonic() + (timeout or 0)
        while (status := self.poll()) is None:
            if timeout is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(STEP)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, where it has not ended.

        Parameters
        ----------
        number : int
            The signal.
        """
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Give it back to its mother, who ends it where it has not ended."""
        if self._line is not None:
            self._line.close()
            self._line = None


class Mother:
    """A process with the imports done.

    Parameters
    ----------
    interpreter : list of str
        Python and its options.
    preload : list of str
        Modules to import.
    env : dict of str to str
        Its variables.
    apart : list of str
        Variables that name an empty folder each, in the place of what ``env`` says.
    """

    def __init__(
        self, interpreter: list[str], preload: list[str], env: dict[str, str], apart: list[str]
    ) -> None:
        self.kernels: list[Forked] = []
        self._owner = os.getpid()
        self._fault: str | None = None  # until it has said whether there is one
        self._until = time.monotonic() + PATIENCE
        self._folder = Path(tempfile.mkdtemp(prefix="m"))
        own = {name: str(self._folder / name) for name in apart if name in env}
        rest = {name: text for name, text in env.items() if name not in OURS}
        for one in (*own, "work"):
            (self._folder / one).mkdir()
        self._control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        words = [*interpreter, mother.__file__, str(self._folder), *preload]
        try:
            self._process = subprocess.Popen(
                words, stdin=other.fileno(), env={**rest, **own}, start_new_session=True
            )
        except OSError:
            self.close()
            raise
        finally:
            other.close()

    def ready(self) -> bool:
        """Return whether the imports are done.

        Returns
        -------
        bool
            False while they are not.

        Raises
        ------
        CannotFork
            When they failed, or take too long.
        """
        if self._fault is None:
            try:  # what she said stays, for the other processes that she serves
                text = self._control.recv(mother.LARGEST, socket.MSG_PEEK)
            except BlockingIOError:
                if time.monotonic() < self._until:
                    return False
                text = json.dumps({"fault": f"the imports took over {PATIENCE:.0f} s"}).encode()
            except ConnectionError:
                text = b""
            fault = json.loads(text)["fault"] if text else "the process with the imports ended"
            self._fault = str(fault)
        if self._fault:
            raise CannotFork(self._fault)
        return True

    def fork(self, order: dict[str, Any], files: list[int]) -> Forked:
        """Ask for a kernel, which then tells its number.

        Parameters
        ----------
        order : dict
            As of :func:`helpers.run.mother.become`.
        files : list of int
            Its standard input, output and error.

        Returns
        -------
        Forked
            The kernel, without its number.

        Raises
        ------
        OSError
            When the mother is gone, or cannot be told so much.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs:
            text = json.dumps(order).encode()
            socket.send_fds(self._control, [text], [theirs.fileno(), *files])
        self.kernels = [one for one in self.kernels if one.poll() is None]
        self.kernels.append(made := Forked(ours))
        return made

    @property
    def lives(self) -> bool:
        """Whether kernels can be asked for, or the reason is known why not."""
        ended = select.poll()  # of the socket: a process that was forked cannot ask for another's
        ended.register(self._control, 0)
        return bool(self._fault) or not ended.poll(0)

    @property
    def idle(self) -> bool:
        """Whether all its kernels have ended."""
        return all(one.poll() is not None for one in self.kernels)

    def let_go(self) -> None:
        """Give back the kernels of this process, or those of the one of which it is a fork."""
        while self.kernels:
            self.kernels.pop().close()

    def close(self) -> None:
        """Give the kernels back, and let the mother end where this process started her."""
        self.let_go()
        if os.getpid() != self._owner:
            self._control.close()
            return
        with suppress(OSError):  # she has ended
            self._control.shutdown(socket.SHUT_RDWR)  # closing ends no copy of it
        self._control.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        process = getattr(self, "_process", None)
        if process is None:
            return
        try:
            process.wait(0 if self._fault is None else PATIENCE_AT_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def prepared(
    interpreter: list[str], preload: list[str], apart: list[str], env: dict[str, str]
) -> Mother:
    """Return the mother of such kernels; start it where there is none.

    Parameters
    ----------
    interpreter : list of str
        Python and its options.
    preload : list of str
        Modules to import.
    apart : list of str
        Variables in which her kernels differ.
    env : dict of str to str
        The variables of a kernel.

    Returns
    -------
    Mother
        Perhaps while it imports.

    Raises
    ------
    CannotFork
        When the system or the variables forbid it.
    OSError
        When no process can be started.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin":
        raise CannotFork(f"processes cannot safely be forked on {sys.platform}")
    if not env.get("PYTHONHASHSEED", "random").isdigit():
        raise CannotFork("PYTHONHASHSEED is not set, and would be drawn once for all kernels")
    shared = sorted((name, text) for name, text in env.items() if name not in (*OURS, *apart))
    key = (tuple(interpreter), tuple(preload), tuple(shared))
    forget_killed()
    with _starting:
        if key not in _mothers:
            for other in [one for one, kept in _mothers.items() if kept.idle]:
                _mothers.pop(other).close()
            _mothers[key] = Mother(interpreter, preload, env, apart)
        return _mothers[key]


def forget_killed() -> bool:
    """Let go of mothers that have ended, and their kernels with them.

    Returns
    -------
    bool
        Whether there was one.
    """
    with _starting:
        killed = [key for key, one in _mothers.items() if not one.lives]
        for key in killed:
            _mothers.pop(key).close()
    return bool(killed)


def _inherit() -> None:
    """In a process that was forked."""
    global _starting
    _starting = threading.Lock()  # perhaps held by a thread that is not here
    for one in _mothers.values():
        one.let_go()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_inherit)


@atexit.register
def end_mothers() -> None:
    """End the kernels of this process, and the mothers that it started."""
    while _mothers:
        _mothers.popitem()[1].close()
