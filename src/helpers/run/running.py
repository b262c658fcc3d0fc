"""Which cell runs, and in which line of it: how a page leads from a result to what recorded it."""

import sys
from typing import NamedTuple


class Running(NamedTuple):
    """Where a notebook is.

    Attributes
    ----------
    name : str
        The id of the cell, as the notebook has it; empty where what runs it does not tell.
    number : int
        Its execution number, from 1.
    line : int
        The line of the cell that runs, from 1, or that called what runs; 0 where none did.
    """

    name: str
    number: int
    line: int


def running_cell() -> Running | None:
    """Return the running cell and its line.

    Returns
    -------
    Running or None
        ``None`` outside a notebook.

    Examples
    --------
    >>> running_cell()
    """
    from IPython import get_ipython

    if not (shell := get_ipython()):
        return None
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    name = (parent.get("metadata") or {}).get("cellId") or ""
    # Not shell.execution_count: versions of IPython differ in whether they raise it before the
    # cell runs or after.
    return Running(name, len(shell.user_ns["In"]) - 1, _line(shell.user_ns))


def _line(names: dict[str, object]) -> int:
    """Return the line of the outermost frame of the notebook: of a function, where it is called."""
    line, frame = 0, sys._getframe()
    while frame is not None:
        if frame.f_globals is names:
            line = frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]
    return line
