"""A Sphinx extension that tells what has changed as an Atom feed.

What people did stands in ``CHANGELOG.md``, what became of results and tables in the ledger.
"""

import re
import uuid
from collections.abc import Mapping
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from helpers.base import paths
from helpers.base.files import write_text
from helpers.base.reading import read_json
from helpers.book import changed, opening

CHANGES = paths.ROOT / "CHANGELOG.md"
FILE = "feed.xml"
VERSION = re.compile(r"^## \[?(?P<name>[^\]\s]+)\]?(?:\s+-\s+(?P<date>\d{4}-\d\d-\d\d))?", re.M)
ITEM = re.compile(r"^- (.*(?:\n  .*)*)", re.M)
BEGUN = "1970-01-01"  # of changes whose day nothing tells


def entries(changes: str) -> list[tuple[str, str, list[str]]]:
    """Return the versions of a list of changes.

    Parameters
    ----------
    changes : str
        Markdown that follows Keep a Changelog.

    Returns
    -------
    list of (str, str, list of str)
        Name, day (empty where none is told) and changes of each version, the newest first.

    Examples
    --------
    >>> entries("# C\\n## 1.0 - 2026-01-02\\n### Added\\n- One thing\\n  in two lines.\\n")
    [('1.0', '2026-01-02', ['One thing in two lines.'])]
    """
    found = list(VERSION.finditer(changes))
    ends = [*(one.start() for one in found[1:]), len(changes)]
    return [
        (
            one["name"],
            one["date"] or "",
            [" ".join(item.split()) for item in ITEM.findall(changes[one.end() : end])],
        )
        for one, end in zip(found, ends)
    ]


def with_ledger(
    found: list[tuple[str, str, list[str]]], told: Mapping[str, Mapping[str, Any]]
) -> list[tuple[str, str, list[str]]]:
    """Return versions with what the ledger says of them.

    Parameters
    ----------
    found : list of (str, str, list of str)
        As of :func:`entries`.
    told : mapping of str to mapping
        As of :func:`helpers.book.changed.items`.

    Returns
    -------
    list of (str, str, list of str)
        The same with the sentences of the ledger first; versions that it alone knows come last.

    Examples
    --------
    >>> told = {"1.0": {"date": "2026-01-02", "items": ["Nothing moved."]}}
    >>> with_ledger([("Unreleased", "", ["One thing"])], told)
    [('Unreleased', '', ['One thing']), ('1.0', '2026-01-02', ['Nothing moved.'])]
    """
    more: list[tuple[str, str, list[str]]]
    more = [(name, "", []) for name in told if name not in [one for one, _, _ in found]]
    return [
        (
            name,
            date or told.get(name, {}).get("date", ""),
            [*told.get(name, {}).get("items", ()), *items],
        )
        for name, date, items in [*found, *more]
    ]


def feed(
    changes: str,
    title: str,
    author: str,
    *,
    day: str,
    address: str,
    told: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> str:
    """Return the feed.

    Parameters
    ----------
    changes : str
        Markdown, as for :func:`entries`.
    title, author : str
        Of the book, as plain text.
    day : str
        Of a version that tells none.
    address : str
        The address of the pages; empty where there is none.
    told : mapping of str to mapping, optional
        What the ledger says, as of :func:`helpers.book.changed.items`.

    Returns
    -------
    str
        Atom; the same changes give the same names of entries wherever they are built.
    """

    def name(*words: str) -> str:
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join((title, *words)))}"

    versions = with_ledger(entries(changes), told)
    found = [(one, date or day, items) for one, date, items in versions]
    base = f"{address.rstrip('/')}/" if address else ""
    latest = max((date for _, date, _ in found), default=day)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{escape(title)}: changes</title>",
        f"<id>{name()}</id>",
        f"<updated>{latest}T00:00:00Z</updated>",
        f"<author><name>{escape(author)}</name></author>",
        *([f'<link rel="self" href="{escape(base)}{FILE}"/>'] if base else []),
    ]
    for version, date, items in found:
        listed = "".join(f"<li>{escape(item)}</li>" for item in items)
        lines += [
            f"<entry><title>{escape(version)}</title><id>{name(version)}</id>",
            f"<updated>{date}T00:00:00Z</updated>",
            *([f'<link href="{escape(base)}index.html"/>'] if base else []),
            f'<content type="html">{escape(f"<ul>{listed}</ul>")}</content></entry>',
        ]
    return "\n".join([*lines, "</feed>"]) + "\n"


def _name(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    if app.builder.name == "html" and CHANGES.exists():
        up = "../" * page.count("/")
        link = f'<link rel="alternate" type="application/atom+xml" href="{up}{FILE}">'
        context["metatags"] = f"{context.get('metatags', '')}\n{link}"


def _write(app: Any, failed: Exception | None) -> None:
    if failed is None and app.builder.name == "html" and CHANGES.exists():
        ledger = Path(app.srcdir) / changed.FILE
        told = feed(
            CHANGES.read_text(encoding="utf-8"),
            app.config.html_title or app.config.project,
            app.config.author,
            day=str(opening.cited().get("date-released", BEGUN)),
            address=app.config.html_baseurl,
            told=read_json(ledger) if ledger.exists() else {},
        )
        write_text(Path(app.outdir) / FILE, told)


def setup(app: Any) -> dict[str, Any]:
    """Name the feed in every page and write it.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; a project without a list of changes has no feed.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.connect("html-page-context", _name)
    app.connect("build-finished", _write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
