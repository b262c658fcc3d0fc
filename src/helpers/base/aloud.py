"""Lines for a person to see, each written at once, since several processes share a terminal."""

import sys
from typing import TextIO


def tell(text: object, stream: TextIO | None = None) -> None:
    """Write one line.

    ``print`` writes a text and its line end one after the other, and what another process says
    may come between.

    Parameters
    ----------
    text : object
        The line, or lines.
    stream : file object, optional
        Where to; the standard error where it is not given. Where there is none, nothing is written.

    Examples
    --------
    >>> tell("half a line more", sys.stdout)
    half a line more
    """
    where = sys.stderr if stream is None else stream
    if where is not None:
        where.write(f"{text}\n")
        where.flush()
