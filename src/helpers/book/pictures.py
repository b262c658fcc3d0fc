"""A Sphinx extension that lets pictures wait until a reader comes near, in the room they will need.

A chapter has figures of half a megabyte far below its first words. What is not seen yet is not
loaded; the room is kept, so that a link to a place below leads there.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from helpers.base.files import listed

PICTURE = re.compile(r'<img\b(?![^>]*\bloading=)[^>]*?\bsrc="([^":?#]+)"[^>]*>')
BOX = re.compile(r'<svg[^>]*?\bviewBox="\s*[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)\s*"', re.DOTALL)
HEAD = 4000  # characters in which the box of a drawing stands


def size(file: Path) -> tuple[int, int] | None:
    """Return the width and height of a drawing.

    Parameters
    ----------
    file : Path
        An SVG; what is none has no size here.

    Returns
    -------
    tuple of (int, int) or None
        In the units of its own box, rounded; a page takes their ratio.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.svg")
    ...     _ = file.write_text('<svg viewBox="0 0 640.2 320.1"></svg>')
    ...     size(file)
    (640, 320)
    """
    if file.suffix != ".svg" or not file.is_file():
        return None
    with file.open(encoding="utf-8") as stream:
        found = BOX.search(stream.read(HEAD))
    return (round(float(found[1])), round(float(found[2]))) if found else None


def waiting(page: str, folder: Path) -> str:
    """Return a page whose pictures wait.

    Parameters
    ----------
    page : str
        HTML.
    folder : Path
        Where it stands, for the pictures beside it.

    Returns
    -------
    str
        Each drawing with its width and height; the style of the page says how wide it is shown.
    """

    def told(found: re.Match[str]) -> str:
        room = size(folder / unquote(found[1]))
        box = f' width="{room[0]}" height="{room[1]}"' if room else ""
        return found[0].replace("<img", f'<img loading="lazy"{box}', 1)

    return PICTURE.sub(told, page)


def _all(app: Any, failed: Exception | None) -> None:
    if failed is None and app.builder.name == "html":
        for path in listed(Path(app.outdir), "*.html", deep=True):
            page = waiting(path.read_text(encoding="utf-8"), path.parent)
            path.write_text(page, encoding="utf-8")


def setup(app: Any) -> dict[str, Any]:
    """Let the pictures of all pages wait when these are written.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; on paper, which has all pages as one, nothing waits.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.connect("build-finished", _all)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
