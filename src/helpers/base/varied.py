"""What may not matter, made different on purpose, for a rebuild that must give the same bytes.

``make verify`` builds the second time in other surroundings, after the example of Debian's
reprotest. What an environment variable can say is said by one (:func:`environment`); the rest is
told to Python's own functions when the package is imported (:func:`begin`), in every process of
that build. A run without :data:`ASKED` in its environment is not touched.

Not varied: what compiled code asks of the system by itself, such as ``numpy.datetime64("today")``,
the processor, and the libraries, which are those of the first build.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

ASKED = "COMPENDIUM_VARIED"  # the variations of this build, parted by commas
DAYS = 403.37  # another year, month, weekday, day and hour
PLACE = "elsewhere"  # the other name of user and host
VARIABLES = {
    "zone": {"TZ": "<-0930>+09:30"},  # POSIX form, which needs no list of zones on the machine
    "locale": {"LANG": "C", "LC_ALL": "C", "LANGUAGE": "C"},
    "user": {"USER": PLACE, "LOGNAME": PLACE, "USERNAME": PLACE, "LNAME": PLACE},
    "hash": {"PYTHONHASHSEED": "4177"},
    "terminal": {"COLUMNS": "61", "LINES": "17", "TERM": "dumb", "EDITOR": "ed"},
}
VARIATIONS = (*VARIABLES, "clock", "host", "home", "folders", "cores", "path", "workers")


def asked() -> list[str]:
    """Return the variations that this process is asked for.

    Returns
    -------
    list of str
        Names of :data:`VARIATIONS`; empty in every build but the second of ``make verify``.
    """
    return [name for name in os.environ.get(ASKED, "").split(",") if name]


def environment() -> dict[str, str]:
    """Return the variables in which the processes of a varied build differ from others.

    Returns
    -------
    dict of str to str
        To be laid over the environment that a kernel or a builder has otherwise; :data:`ASKED`
        itself is among them, so that those processes know. Empty where nothing is asked for.

    Examples
    --------
    >>> environment()
    {}
    """
    names = asked()
    if not names:
        return {}
    found = {ASKED: os.environ[ASKED]}
    for name in names:
        found |= VARIABLES.get(name, {})
    if "home" in names:
        found["HOME"] = os.environ["HOME"]  # that which the one who asked has made
    return found


def begin() -> None:
    """Make this process answer otherwise, as far as it was asked to.

    Called when the package is imported, before anything else of it.
    """
    for name in asked():
        if change := CHANGES.get(name):
            change()


def _clock() -> None:
    import time

    import time_machine

    # A number, since a date with a zone would set this process's zone too.
    time_machine.travel(time.time() + DAYS * 86_400, tick=True).start()


def _host() -> None:
    import platform
    import socket

    real = os.uname()
    other = os.uname_result((real.sysname, PLACE, real.release, real.version, real.machine))
    os.uname = lambda: other
    socket.gethostname = lambda: PLACE
    socket.getfqdn = lambda name="": name or PLACE
    platform.node = lambda: PLACE


def _user() -> None:
    import pwd

    real = pwd.getpwuid

    def getpwuid(uid: int) -> pwd.struct_passwd:
        _name, *rest = real(uid)
        return pwd.struct_passwd((PLACE, *rest))

    pwd.getpwuid = getpwuid
    os.getlogin = lambda: PLACE


def _folders() -> None:
    os.listdir = _reversed(os.listdir)
    os.scandir = _Scandir.of(os.scandir)  # type: ignore[assignment]


def _reversed(real: Callable[..., list]) -> Callable[..., list]:
    return lambda *place: real(*place)[::-1]


class _Scandir:
    """The entries of a folder from the last to the first, with the methods of ``os.scandir``."""

    real: Callable[..., Any]

    @classmethod
    def of(cls, real: Callable[..., Any]) -> type["_Scandir"]:
        cls.real = staticmethod(real)
        return cls

    def __init__(self, *place: Any) -> None:
        with self.real(*place) as entries:
            self._entries = iter(list(entries)[::-1])

    def __iter__(self) -> "_Scandir":
        return self

    def __next__(self) -> Any:
        return next(self._entries)

    def __enter__(self) -> "_Scandir":
        return self

    def __exit__(self, *_: Iterable) -> None:
        self.close()

    def close(self) -> None:
        """Drop what was not asked for."""
        self._entries = iter(())


def _cores() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    seen = 1 if (os.cpu_count() or 1) > 1 else 3
    os.cpu_count = lambda: seen
    if hasattr(os, "process_cpu_count"):
        os.process_cpu_count = lambda: seen


CHANGES: dict[str, Callable[[], None]] = {
    "clock": _clock,
    "host": _host,
    "user": _user,
    "folders": _folders,
    "cores": _cores,
}
