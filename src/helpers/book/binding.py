"""The Sphinx role ``{num}``: a number of a page is a recorded result, or the build fails.

``{num}`key:format:part` ``; ``format`` is a Python format (default: as recorded), ``part`` one of
value, low, high, n and interval (default: value). The number links to the cell that recorded it
and carries what it rests on (interval, n, unit, source) as a title that ``numbers.js`` shows as a
small box.
"""

import json
import re
from pathlib import Path
from typing import Any

from docutils import nodes

from helpers.base.errors import did_you_mean

PARTS = ("value", "low", "high", "n", "interval")


class BindingError(ValueError):
    """A role that quotes what is not recorded, or in a form that does not exist.

    The message is the end of a sentence that begins with the quoted key.
    """


def split(text: str) -> tuple[str, str, str]:
    """Return the three parts of a role's text.

    Parameters
    ----------
    text : str
        ``key``, ``key:format`` or ``key:format:part``.

    Returns
    -------
    tuple of (str, str, str)
        Key, format (empty: as recorded) and part (``value`` where none is named).

    Examples
    --------
    >>> split("trend.ratio:.2f"), split("trend.ratio::n")
    (('trend.ratio', '.2f', 'value'), ('trend.ratio', '', 'n'))
    """
    key, _, rest = text.partition(":")
    form, _, part = rest.partition(":")
    return key.strip(), form.strip(), part.strip() or "value"


def shown(value: Any, form: str) -> str:
    """Return a value as a page shows it.

    Parameters
    ----------
    value : float, int, str, bool or None
        What was recorded; ``None`` for a part that was not.
    form : str
        A Python format; where it is empty, a whole number gets thousands separators, any other
        number three significant digits.

    Returns
    -------
    str
        Words without a unit.

    Raises
    ------
    BindingError
        When the value is ``None``, or has no such format.

    Examples
    --------
    >>> shown(1885, ""), shown(1.60017, ""), shown(1.60017, ".1f")
    ('1,885', '1.6', '1.6')
    """
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
    """Return a value as the small box tells it: six significant digits.

    Parameters
    ----------
    value : float, int, str or bool
        What was recorded.
    form : str
        The format of the page, which is kept where it shows more digits than that.

    Returns
    -------
    str
        Words without a unit.

    Examples
    --------
    >>> exact(1.600172, ".2f"), exact(12345.678901, ".3f")
    ('1.60017', '12345.679')
    """
    if not isinstance(value, float):
        return shown(value, "")
    said = [f"{value:,.6g}", *([shown(value, form)] if form and "%" not in form else [])]
    return max(said, key=lambda text: len(re.findall(r"\d", text.split("e")[0])))


def quoted(text: str, results: dict[str, dict]) -> tuple[str, str]:
    """Return the words of a bound number and what it tells.

    Parameters
    ----------
    text : str
        The text of the role, as of :func:`split`.
    results : dict of str to dict
        ``results.json`` as read: key to entry.

    Returns
    -------
    tuple of (str, str)
        What the page shows, and what it rests on, as of :func:`told`.

    Raises
    ------
    BindingError
        When the key, the part or the format does not exist.

    Examples
    --------
    >>> entry = {"value": 1.60017, "low": 1.2, "high": 2.1, "unit": "ratio", "n": 24}
    >>> results = {"trend.ratio": entry | {"source": "made up", "notebook": "03-trend"}}
    >>> quoted("trend.ratio:.1f:interval", results)[0]
    '1.2 to 2.1'
    >>> quoted("nothing", results)
    Traceback (most recent call last):
    helpers.book.binding.BindingError: 'nothing' is quoted but no notebook recorded it
    """
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
    """Return what a number rests on.

    Parameters
    ----------
    key : str
        The key of the result.
    entry : dict
        What :meth:`helpers.run.stage.Stage.record` wrote of it.
    form : str, default ""
        The format of the page.

    Returns
    -------
    str
        ``name: text`` between dots, since an attribute of HTML keeps no lines; value, interval, n,
        source, notebook and key, without what was not recorded.

    Examples
    --------
    >>> entry = {"value": 12, "low": None, "high": None, "unit": "deaths", "n": None}
    >>> told("clean.deaths", entry | {"source": "made up", "notebook": "01-clean"})
    'value: 12 deaths · source: made up · notebook: 01-clean · key: clean.deaths'
    """
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
    """Make each bound number a link to the cell that recorded it; warn where there is none."""
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
    """Register the role; the results stand beside the pages as ``results.json``.

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
    roles.register_local_role("num", _role)
    app.connect("doctree-resolved", _link)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
