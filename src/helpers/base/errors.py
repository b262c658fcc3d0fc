"""How bad input is told: one sentence, a non-zero exit, no traceback."""

import difflib
import functools
import sys
from collections.abc import Callable, Iterable
from typing import Any


class InputError(Exception):
    """Input that cannot be used.

    The message is one sentence that names the file, the row and the column where they
    are known, says what was expected, and what to do.
    """


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest known word, or an empty string."""
    near = difflib.get_close_matches(word, [str(k) for k in known], n=1, cutoff=0.5)
    return f"; did you mean '{near[0]}'?" if near else ""


def one_sentence(main: Callable[..., int | None]) -> Callable[..., int]:
    """Turn an :class:`InputError` of a command into one line on stderr and exit status 2."""

    @functools.wraps(main)
    def wrapped(*args: Any, **kwargs: Any) -> int:
        try:
            return main(*args, **kwargs) or 0
        except InputError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2

    return wrapped
