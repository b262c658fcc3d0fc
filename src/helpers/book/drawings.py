"""A Sphinx extension that puts the drawings of a figure into the page in place of a picture.

A ``{figure}`` whose file a stage drew has a narrow drawing beside it; then both stand in the page,
and its style sheet shows the one that fits. What the marks say comes along, for
``_static/figure.js``. Captions, numbers and links are those of any figure.
"""

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes

from helpers.base import markup
from helpers.base.reading import read_json
from helpers.book.fonts import write_fonts
from helpers.book.inline import Looks, inline, known_colours
from helpers.run.proof import MARKS, NARROW

VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ')
LARGEST = 1.6  # pixels of the page for a point of the drawing
SMALL = 360  # points: a drawing no wider than this is legible where others give way to the narrow
SHEET = "_static/figures.css"


def drawn(file: Path, name: str, alt: str, known: set[str], width: str = "") -> str:
    """Return the drawings of a figure as a part of a page.

    Parameters
    ----------
    file : Path
        The wide drawing, with the narrow one, and where it is there what its marks say, beside it.
    name : str
        What ids begin with; no other figure of the page has it.
    alt : str
        The text alternative.
    known : set of str
        Colours that the page's style sheet has a dark value for.
    width : str, default ""
        How wide the wide drawing is at most, as in CSS; else as wide as its letters stay modest.

    Returns
    -------
    str
        HTML.
    """
    looks = Looks()
    parts = [
        inline(path.read_text(encoding="utf-8"), f"{name}{css[0]}", css, alt, looks)
        for path, css in ((file, "wide"), (file.with_suffix(f".{NARROW}"), "narrow"))
    ]
    told = file.with_suffix(f".{MARKS}")
    if told.exists():
        text = json.dumps(read_json(told), ensure_ascii=False, separators=(",", ":"))
        text = text.replace("<", "\\u003c")  # so that no word of a table ends the element
        parts.append(f'<script type="application/json" class="marks">{text}</script>')
    points = float(VIEW.findall(parts[0])[0])
    most = width if width.endswith("px") else f"{LARGEST * points:.0f}px"
    css = "drawn small" if points <= SMALL else "drawn"
    return (
        f'<div class="{css}" data-name="{markup.html(file.stem)}" style="--most:{most}">'
        f"<style>{looks.sheet(known)}</style>{''.join(parts)}</div>"
    )


def _draw(app: Any, doctree: Any, docname: str) -> None:
    if app.builder.format != "html":
        return
    known = known_colours(Path(app.srcdir) / SHEET)
    for place, figure in enumerate(doctree.findall(nodes.figure)):
        for image in list(figure.findall(nodes.image)):
            file = Path(app.srcdir) / image["uri"]
            if not file.with_suffix(f".{NARROW}").exists():
                continue
            html = drawn(file, f"d{place}", image.get("alt", ""), known, image.get("width", ""))
            image.replace_self(nodes.raw("", html, format="html"))


def _write_fonts(app: Any) -> None:
    write_fonts(Path(app.srcdir) / "figures", Path(app.srcdir) / "_static")


def setup(app: Any) -> dict[str, Any]:
    """Draw when the pages are whole; write the fonts of the drawings before.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.connect("builder-inited", _write_fonts)
    app.connect("doctree-resolved", _draw, priority=600)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
