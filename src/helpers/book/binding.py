"""The Sphinx role ``{num}``: a number of a page is a recorded result, or the build fails.

``{num}`key:format:part` ``; ``format`` is a Python format (default: as recorded), ``part`` one of
value, low, high, n and interval (default: value). The number carries its interval, source and
notebook as a title that shows on hovering.
"""

import json
from pathlib import Path
from typing import Any

from helpers.errors import did_you_mean

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


def quoted(text: str, results: dict[str, dict]) -> tuple[str, str]:
    """Return the text and the title of a bound number; :class:`BindingError` when it cannot be had."""
    key, form, part = split(text)
    if key not in results:
        raise BindingError(f"'{key}' is quoted but no notebook recorded it" + did_you_mean(key, results))
    if part not in PARTS:
        raise BindingError(f"'{part}' is not a part of a result" + did_you_mean(part, PARTS))
    entry = results[key]
    try:
        words = (f"{shown(entry['low'], form)} to {shown(entry['high'], form)}" if part == "interval"
                 else shown(entry[part], form))
    except BindingError as error:
        raise BindingError(f"'{key}' {error}") from None
    return words, title(key, entry)


def title(key: str, entry: dict) -> str:
    """Return what hovering over a number says: what it is, its interval, its source."""
    said = [f"{key} = {shown(entry['value'], '')} {entry['unit']}".strip()]
    if entry["low"] is not None and entry["high"] is not None:
        said.append(f"interval {shown(entry['low'], '')} to {shown(entry['high'], '')}")
    if entry["n"] is not None:
        said.append(f"n = {entry['n']:,}")
    return "; ".join([*said, f"source: {entry['source']}", f"computed in {entry['notebook']}"])


def _role(name, rawtext, text, lineno, inliner, options=None, content=None):
    from docutils import nodes
    from sphinx.util import logging

    env = inliner.document.settings.env
    try:
        words, hover = quoted(text, env.app.compendium_results)
    except BindingError as error:
        # myst-parser counts a notebook's lines by cell; the page alone is sure.
        logging.getLogger(__name__).warning(f"the number {error}", location=(env.docname, lineno), type="num")
        return [nodes.literal(rawtext, text)], []
    return [nodes.abbreviation(rawtext, words, explanation=hover, classes=["num"])], []


def setup(app) -> dict[str, Any]:
    """Register the role; the results stand beside the pages as ``results.json``."""
    from docutils.parsers.rst import roles

    file = Path(app.srcdir) / "results.json"
    app.compendium_results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    roles.register_local_role("num", _role)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
