"""How bad input is told: one sentence, a non-zero exit, no traceback."""

import difflib
import functools
import sys
from collections.abc import Callable, Iterable
from typing import Any


class InputError(Exception):
    """Input that cannot be used.

    The message is one sentence that names the file, the row and the column where they are known,
    says what was expected, and what to do.

    Examples
    --------
    >>> try:
    ...     raise InputError("deaths.csv, row 7, column 'deaths': -3 is no count")
    ... except InputError as error:
    ...     print(error)
    deaths.csv, row 7, column 'deaths': -3 is no count
    """


def did_you_mean(word: str, known: Iterable[object]) -> str:
    """Return the end of a sentence that offers the nearest known word.

    Parameters
    ----------
    word : str
        What was written.
    known : iterable
        What could have been meant; compared as strings.

    Returns
    -------
    str
        ``"; did you mean 'x'?"``, or an empty string where nothing is near.

    Examples
    --------
    >>> "there is no column 'deths'" + did_you_mean("deths", ["deaths", "month"])
    "there is no column 'deths'; did you mean 'deaths'?"
    >>> did_you_mean("place", ["deaths", "month"])
    ''
    """
    near = difflib.get_close_matches(word, [str(k) for k in known], n=1, cutoff=0.5)
    return f"; did you mean '{near[0]}'?" if near else ""


def one_sentence(main: Callable[..., int | None]) -> Callable[..., int]:
    """Return a command that tells bad input in one line on stderr instead of a traceback.

    Parameters
    ----------
    main : callable
        Command that returns an exit status, None for 0; it may raise :class:`InputError`.

    Returns
    -------
    callable
        Takes the same arguments; returns the exit status, 2 after an :class:`InputError`.

    Examples
    --------
    >>> one_sentence(lambda: None)()
    0
    >>> @one_sentence
    ... def refuses():
    ...     raise InputError("the month is 13: expected 1 to 12")
    >>> refuses()
    2
    """

    @functools.wraps(main)
    def wrapped(*args: Any, **kwargs: Any) -> int:
        try:
            return main(*args, **kwargs) or 0
        except InputError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2

    return wrapped
