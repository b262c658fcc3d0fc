"""The Sphinx roles ``{num}`` and ``{says}``: what a page says stands on results, or it fails.

What the text of a role means is :mod:`helpers.book.quoting`'s matter. Here the words become part of
a page: a link to the cell that recorded the result, with what it rests on (interval, n, unit,
source) as a title that ``numbers.js`` shows as a small box. In a text alternative, which is no
place for links, both roles give their words. In a run of other parameters words whose condition
does not hold, or whose result is not there, are marked (:mod:`helpers.book.named`).
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes

from helpers.book import lines, named
from helpers.book.numerals import BindingError, split
from helpers.book.quoting import FallenError, plain, quoted, softened, stated


class bound(nodes.inline):
    """Bound words until the labels of all pages are known."""


def _role(
    name: str,
    rawtext: str,
    text: str,
    lineno: int,
    inliner: Any,
    options: Any = None,
    content: Any = None,
) -> tuple[list, list]:
    env = inliner.document.settings.env
    results = env.app.compendium_results
    try:
        if name == "says":
            words, key, said = stated(text, results)
        else:
            key, (words, said) = split(text)[0], quoted(text, results)
    except BindingError as error:
        if soft := softened(error, env.app.compendium_told):
            mark = nodes.inline("", f" ({soft[1]})", classes=["fallen"])
            if isinstance(error, FallenError):
                return [bound(rawtext, soft[0], key=error.key, said=error.said), mark], []
            return [nodes.inline(rawtext, soft[0]), mark], []
        # myst-parser counts a notebook's lines by cell; the page alone is sure.
        _warn(name, error, (env.docname, lineno))
        return [nodes.literal(rawtext, text)], []
    if not key:  # rests on what is not recorded: there is no cell to link to
        return [nodes.inline(rawtext, words)] if words else [], []
    return [bound(rawtext, words, key=key, said=said)] if words else [], []


def _warn(role: str, error: object, location: Any) -> None:
    from sphinx.util import logging

    what = {"num": "the number", "says": "the claim"}[role]
    logging.getLogger(__name__).warning(f"{what} {error}", location=location, type=role)


def _alternatives(app: Any, doctree: Any) -> None:
    """Put words in the place of roles in text alternatives, which no parser reads."""
    for image in doctree.findall(nodes.image):
        try:
            image["alt"] = plain(image.get("alt", ""), app.compendium_results, app.compendium_told)
        except BindingError as error:
            _warn("says", error, app.env.docname)


def _link(app: Any, doctree: Any, docname: str) -> None:
    """Link what is bound to the cell that recorded it; warn where there is none."""
    labels = app.env.get_domain("std").anonlabels
    for node in list(doctree.findall(bound)):
        label = app.compendium_results[node["key"]].get("cell", "")
        if label not in labels:
            _warn("num", f"'{node['key']}' has no cell to link to", docname)
            continue
        page, anchor = labels[label]
        anchor = lines.anchor(anchor, app.compendium_results[node["key"]].get("line", 0))
        address = app.builder.get_relative_uri(docname, page).partition("#")[0] + f"#{anchor}"
        node.replace_self(
            nodes.reference(
                "",
                node.astext(),
                internal=True,
                refuri=address,
                reftitle=node["said"],
                classes=["num"],
            )
        )


def _pass(translator: Any, node: bound) -> None:
    """Write the words alone."""


def setup(app: Any) -> dict[str, Any]:
    """Register the roles; the results stand beside the pages as ``results.json``.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; without a ``results.json`` every role is a warning.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    from docutils.parsers.rst import roles

    file = Path(app.srcdir) / "results.json"
    app.compendium_results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    app.compendium_told = named.read(Path(app.srcdir))
    # A heading's words come again in the contents, where nothing is linked.
    app.add_node(bound, html=(_pass, _pass))
    for name in ("num", "says"):
        roles.register_local_role(name, _role)
    app.connect("doctree-read", _alternatives)
    app.connect("doctree-resolved", _link)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
