"""The edge of every verb: whatever happens inside, outside it is one sentence and a status.

What Python said goes to ``.run/VERB.log``, whose name is printed, so that nothing is lost either.
"""

import os
import sys
import traceback
from collections.abc import Callable, Iterator

from helpers.base import paths
from helpers.base.aloud import tell
from helpers.base.errors import InputError
from helpers.base.files import write_text
from helpers.base.sentences import sentence
from helpers.base.stopping import Stopped, stoppable, stopped

FAILED = 2


def at_edge(verb: str, work: Callable[[], int | None]) -> int:
    """Do the work of a verb and tell what stops it.

    Parameters
    ----------
    verb : str
        Its name, which names the log too.
    work : callable
        Takes nothing and returns an exit status, None for 0.

    Returns
    -------
    int
        That status; 2 after any exception, 130 after Ctrl-C, 143 after SIGTERM.

    Examples
    --------
    >>> from contextlib import redirect_stderr
    >>> def refuses():
    ...     raise InputError("the month is 13: expected 1 to 12")
    >>> with redirect_stderr(sys.stdout):
    ...     at_edge("report", refuses)
    error: the month is 13: expected 1 to 12
    2
    """
    try:
        with stoppable():
            status = work() or 0
        # An exception that came while a library cleaned up is dropped there, and work goes on.
        return _ended(end_in) if (end_in := stopped()) else status
    except Stopped as end:
        return _ended(end)
    except BrokenPipeError:
        # Who read the output has gone; what Python would still write goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (Exception, KeyboardInterrupt) as error:
        if end_of := stopped():  # a library took the signal's exception for one of its own
            return _ended(end_of)
        if isinstance(error, KeyboardInterrupt):
            import signal

            return _ended(Stopped(signal.SIGINT))
        return _failed(verb, error)


def _ended(end: Stopped) -> int:
    tell(end)
    return end.status


def _failed(verb: str, error: BaseException) -> int:
    leaves = list(_leaves(error))
    for leaf in leaves:
        tell(f"error: {sentence(leaf)}")
    if any(not isinstance(leaf, InputError) or leaf.__cause__ for leaf in leaves):
        log = paths.ROOT / ".run" / f"{verb}.log"
        try:
            write_text(log, "".join(traceback.format_exception(error)))
            tell(f"  what Python said stands in {paths.relative(log)}")
        except (OSError, RecursionError, MemoryError) as also:
            tell(f"  no log could be written: {sentence(also)}")
    return FAILED


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """Yield the exceptions of which a group is made, or the one that is none."""
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _leaves(one)
    else:
        yield error
