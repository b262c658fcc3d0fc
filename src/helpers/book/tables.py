"""Directives for tables that were made as HTML: of a stage, with a number, or without.

::

    ```{numbered-table} ../tables/NAME.html
    :name: NAME
    :label: what a screen reader says of the table

    The caption, in which numbers can be bound.

    Links to the data and to the cell.
    ```

``{table-file}`` shows a table, or a drawing with links, that stands beside its page and has neither
caption nor number.
"""

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from helpers.base import markup

HREF = re.compile(r'href="#([\w-]+)"')


class numbered_table(nodes.General, nodes.Element):
    """A caption, links and a table that was made as HTML; Sphinx numbers it with the others."""


class NumberedTable(SphinxDirective):
    """Read the HTML beside the page and put the caption above it, where the number is written."""

    required_arguments = 1
    has_content = True
    option_spec = {"name": lambda text: text.strip(), "label": lambda text: text.strip()}

    def run(self) -> list[nodes.Node]:
        """Return the table as a node; called by docutils.

        Returns
        -------
        list of numbered_table
            One: the caption, the links, and the HTML in a region that scrolls.

        Raises
        ------
        FileNotFoundError
            When there is no HTML of that name beside the page.
        KeyError
            When the directive has no ``:label:``.
        """
        file = Path(self.env.doc2path(self.env.docname)).parent / self.arguments[0]
        self.env.note_dependency(str(file))
        said = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, said)
        caption, *links = said.children
        label = markup.html(self.options["label"])
        # The caption stands above, where numbers can be bound; the table keeps it as its label.
        lines = file.read_text(encoding="utf-8").splitlines()
        html = "\n".join(line for line in lines if not line.startswith("<caption>"))
        # What has another form than rows fits by itself.
        shown = _scrolling(html, label) if lines[0].startswith("<table") else html
        table = numbered_table(
            "",
            nodes.caption(caption.rawsource, "", *caption.children),
            nodes.container("", *links, classes=["legend"]),
            nodes.raw("", f"</figcaption>\n{shown}", format="html"),
        )
        self.set_source_info(table)
        self.add_name(table)
        return [table]


class TableFile(SphinxDirective):
    """Show the HTML beside the page."""

    required_arguments = 1
    option_spec = {"label": lambda text: text.strip()}

    def run(self) -> list[nodes.Node]:
        """Return the table as a node; called by docutils.

        Returns
        -------
        list of docutils.nodes.raw
            One: the HTML in a region that scrolls, or the drawing.

        Raises
        ------
        FileNotFoundError
            When there is no HTML of that name beside the page.
        KeyError
            When the directive has no ``:label:``.
        """
        file = Path(self.env.doc2path(self.env.docname)).parent / self.arguments[0]
        self.env.note_dependency(str(file))
        html = file.read_text(encoding="utf-8")
        if not html.startswith("<svg"):  # a drawing fits by itself
            html = _scrolling(html, markup.html(self.options["label"]))
        return [nodes.raw("", html, format="html")]


def _scrolling(html: str, label: str) -> str:
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n{html}\n</div>'


def _visit(self: Any, node: numbered_table) -> None:
    self.body.append(self.starttag(node, "figure", CLASS="numbered-table") + "<figcaption>\n")


def _depart(self: Any, node: numbered_table) -> None:
    self.body.append("</figure>\n")


def _link(app: Any, doctree: Any, docname: str) -> None:
    """Give each link of a table the address of its label; a label that no page has is a warning."""
    from sphinx.util import logging

    labels = app.env.get_domain("std").anonlabels

    def addressed(found: re.Match[str]) -> str:
        if found[1] not in labels:
            logging.getLogger(__name__).warning(
                f"a table links to '{found[1]}', which no page has", location=docname
            )
            return found[0]
        page, anchor = labels[found[1]]
        return f'href="{app.builder.get_relative_uri(docname, page).partition("#")[0]}#{anchor}"'

    for table in doctree.findall(numbered_table):
        for node in table.findall(nodes.raw):
            node.replace_self(nodes.raw("", HREF.sub(addressed, node.astext()), format="html"))


def _label(app: Any, doctree: Any, docname: str) -> None:
    """Write the heading of its column into each cell of a table of Markdown, for its card."""
    for table in doctree.findall(nodes.table):
        heads = [
            entry.astext()
            for head in table.findall(nodes.thead)
            for entry in head.findall(nodes.entry)
        ]
        if len(heads) < 3:
            continue
        table["classes"].append("cards")
        for row in next(table.findall(nodes.tbody)).findall(nodes.row):
            for entry, head in list(zip(row.children, heads))[1:]:
                entry.insert(0, nodes.paragraph("", head, classes=["card-label"]))


def setup(app: Any) -> dict[str, Any]:
    """Register the directives and let Sphinx count its tables.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.add_enumerable_node(numbered_table, "table", html=(_visit, _depart))
    app.add_directive("numbered-table", NumberedTable)
    app.add_directive("table-file", TableFile)
    app.connect("doctree-resolved", _link)
    app.connect("doctree-resolved", _label)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
