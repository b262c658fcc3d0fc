"""The Sphinx role ``{num}``: a number of a page is a recorded result, or the build fails.

``{num}`key:format:part` ``; ``format`` is a Python format (default: as recorded), ``part`` one of
value, low, high, n and interval (default: value). The number links to the cell that recorded it and
carries what it rests on (interval, n, unit, source) as a title that ``numbers.js`` shows as a small box.
"""

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes

from helpers.base.errors import did_you_mean

PARTS = ("value", "low", "high", "n", "interval")


class BindingError(ValueError):
    """A role that quotes what is not recorded, or in a form that does not exist."""


def split(text: str) -> tuple[str, str, str]:
    """Return key, format and part of a role's text."""
    key, _, rest = text.partition(":")
    form, _, part = rest.partition(":")
    return key.strip(), form.strip(), part.strip() or "value"


def shown(value: Any, form: str) -> str:
    """Return ``value`` in Python format ``form``; whole numbers get thousands separators by default."""
    if value is None:
        raise BindingError("has no such part: it was recorded without it")
    try:
        if form:
            return format(value, form)
    except (ValueError, TypeError):
        raise BindingError(f"cannot be shown as '{form}'") from None
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def exact(value: Any, form: str) -> str:
    """Return ``value`` with six significant digits, or in ``form`` where the page itself shows more."""
    if not isinstance(value, float):
        return shown(value, "")
    said = [f"{value:,.6g}", *([shown(value, form)] if form and "%" not in form else [])]
    return max(said, key=lambda text: len(re.findall(r"\d", text.split("e")[0])))


def quoted(text: str, results: dict[str, dict]) -> tuple[str, str]:
    """Return the text of a bound number and what it tells; :class:`BindingError` when it cannot be had."""
    key, form, part = split(text)
    if key not in results:
        raise BindingError(
            f"'{key}' is quoted but no notebook recorded it" + did_you_mean(key, results)
        )
    if part not in PARTS:
        raise BindingError(f"'{part}' is not a part of a result" + did_you_mean(part, PARTS))
    entry = results[key]
    try:
        words = (
            f"{shown(entry['low'], form)} to {shown(entry['high'], form)}"
            if part == "interval"
            else shown(entry[part], form)
        )
    except BindingError as error:
        raise BindingError(f"'{key}' {error}") from None
    return words, told(key, entry, form)


def told(key: str, entry: dict, form: str = "") -> str:
    """Return what a number rests on, as ``name: text`` between dots (an attribute of HTML keeps no lines)."""
    lines = [("value", f"{exact(entry['value'], form)} {entry['unit']}".strip())]
    if entry["low"] is not None and entry["high"] is not None:
        lines.append(("interval", f"{exact(entry['low'], form)} to {exact(entry['high'], form)}"))
    if entry["n"] is not None:
        lines.append(("n", f"{entry['n']:,}"))
    lines += [("source", entry["source"]), ("notebook", entry["notebook"]), ("key", key)]
    return " · ".join(f"{name}: {text}" for name, text in lines)


class bound(nodes.inline):
    """A bound number until the labels of all pages are known."""


def _role(
    name: str,
    rawtext: str,
    text: str,
    lineno: int,
    inliner: Any,
    options: Any = None,
    content: Any = None,
) -> tuple[list, list]:
    from sphinx.util import logging

    env = inliner.document.settings.env
    results = env.app.compendium_results
    try:
        words, said = quoted(text, results)
    except BindingError as error:
        # myst-parser counts a notebook's lines by cell; the page alone is sure.
        logging.getLogger(__name__).warning(
            f"the number {error}", location=(env.docname, lineno), type="num"
        )
        return [nodes.literal(rawtext, text)], []
    return [bound(rawtext, words, key=split(text)[0], said=said)], []


def _link(app: Any, doctree: Any, docname: str) -> None:
    """Make each bound number a link to the cell that recorded it; a cell without an anchor is a warning."""
    from sphinx.util import logging

    labels = app.env.get_domain("std").anonlabels
    for node in list(doctree.findall(bound)):
        label = app.compendium_results[node["key"]].get("cell", "")
        if label not in labels:
            said = f"the number '{node['key']}' has no cell to link to"
            logging.getLogger(__name__).warning(said, location=docname, type="num")
            continue
        page, anchor = labels[label]
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


def setup(app: Any) -> dict[str, Any]:
    """Register the role; the results stand beside the pages as ``results.json``."""
    from docutils.parsers.rst import roles

    file = Path(app.srcdir) / "results.json"
    app.compendium_results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    roles.register_local_role("num", _role)
    app.connect("doctree-resolved", _link)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
