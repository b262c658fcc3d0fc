"""A Sphinx extension that gives the lines that recorded results anchors in the code of a page."""

import re
from typing import Any

from docutils import nodes

OPEN = re.compile(r"(<pre>(?:<span></span>)?)(.*)(</pre>)", re.DOTALL)


def anchor(cell: str, line: int) -> str:
    """Return the anchor of a line of a cell.

    Parameters
    ----------
    cell : str
        The anchor of the cell.
    line : int
        The line in it, from 1; 0 for none.

    Returns
    -------
    str
        That of the cell where no line is known.

    Examples
    --------
    >>> anchor("cell-03-trend-sums", 4), anchor("cell-03-trend-sums", 0)
    ('cell-03-trend-sums-line-4', 'cell-03-trend-sums')
    """
    return f"{cell}-line-{line}" if line else cell


def marked(html: str, anchors: dict[int, str]) -> str:
    """Return highlighted code in which lines have anchors.

    Parameters
    ----------
    html : str
        As Pygments writes it: no element goes over the end of a line.
    anchors : dict of int to str
        The line, from 1, to its anchor.

    Returns
    -------
    str

    Examples
    --------
    >>> marked("<pre><span></span>a\\nb</pre>", {2: "here"})
    '<pre><span></span>a\\n<span class="recorded" id="here">b</span></pre>'
    """

    def with_anchors(found: re.Match[str]) -> str:
        lines = [
            f'<span class="recorded" id="{anchors[at]}">{line}</span>' if at in anchors else line
            for at, line in enumerate(found[2].split("\n"), start=1)
        ]
        return found[1] + "\n".join(lines) + found[3]

    return OPEN.sub(with_anchors, html)


def _mark(app: Any, doctree: Any, docname: str) -> None:
    """Put anchors into the cells of a page that recorded something."""
    labels = app.env.get_domain("std").anonlabels
    recorded: dict[str, set[int]] = {}
    for entry in app.compendium_results.values():
        recorded.setdefault(entry.get("cell", ""), set()).add(entry.get("line", 0))
    for cell in doctree.findall(nodes.container):
        anchors = {
            begin + line: anchor(labels[label][1], line)
            for label, begin in (cell.get("cell_metadata") or {}).get("begins", {}).items()
            for line in recorded.get(label, set()) - {0}
        }
        if anchors:
            block = next(cell.findall(nodes.literal_block))
            html = app.builder.highlighter.highlight_block(
                block.astext(), block.get("language", "python"), location=block
            )
            language = block.get("language", "python")
            html = f'<div class="highlight-{language} notranslate">{marked(html, anchors)}</div>'
            block.replace_self(nodes.raw("", html, format="html"))


def setup(app: Any) -> dict[str, Any]:
    """Mark the lines once all pages are read.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder, to which :mod:`helpers.book.binding` gave the results.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.connect("doctree-resolved", _mark)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
