"""Which markup a page may use: the directives, roles, tags and links that are listed here.

A page is written by people, and checked all the same: what reads a file, runs code or writes HTML
of its own has no place in a book that is built from tables. What is not listed is refused with its
page and line.
"""

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from helpers.prose.digits import DIRECTIVE, called, parser, sources

if TYPE_CHECKING:
    from markdown_it.token import Token

ADMONITIONS = {
    "admonition",
    "attention",
    "caution",
    "danger",
    "error",
    "hint",
    "important",
    "note",
    "seealso",
    "tip",
    "warning",
}
DIRECTIVES = ADMONITIONS | {
    "bibliography",
    "caption",
    "div",
    "dropdown",
    "figure",
    "glossary",
    "image",
    "list-table",
    "margin",
    "math",
    "numbered-table",
    "switched-figures",
    "table",
}
PICTURES = {"figure", "image"}
LITERAL = {"bibliography", "math"}
ROLES = {"abbr", "cite", "cite:p", "cite:t", "doc", "eq", "math", "num", "numref", "ref", "says"}
ROLES |= {"sub", "sup", "term"}
TAGS = {"br", "details", "em", "kbd", "strong", "sub", "summary", "sup"}
TAG = re.compile(r"</?([a-zA-Z][\w-]*)\s*/?>")
OPTION = re.compile(r"^\s*:([\w-]+):\s*(.*)$")
ADDRESSES = {"target", "file", "url", "src", "link", "img-top", "img-bottom", "img-background"}
SCHEME = re.compile(r"^\s*([a-zA-Z][a-zA-Z0-9+.-]*):")


class Refused(NamedTuple):
    """Markup that a page may not use.

    Attributes
    ----------
    place : str
        File and line, or cell.
    what : str
        What stands there.
    """

    place: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.place}: {self.what} is not among the markup that a page may use "
            "(helpers.book.allowed lists it)"
        )


def refused(text: str, folder: str = "") -> Iterator[tuple[int, str]]:
    """Yield what a text may not use.

    Parameters
    ----------
    text : str
        A page or a Markdown cell, as MyST.
    folder : str, default ""
        The folder of the page inside the book, from which its links are read.

    Yields
    ------
    tuple of int and str
        Line, from one, and what stands there.

    Examples
    --------
    >>> list(refused("# A\\n\\n{download}`x` and {num}`a.b`"))
    [(3, "the role '{download}'")]
    >>> list(refused("```{include} /etc/passwd\\n```"))
    [(1, "the directive '{include}'")]
    """
    for token in parser().parse(text):
        first = token.map[0] + 1 if token.map else 1
        if token.type == "front_matter":
            yield first, "a head of settings (front matter)"
        elif token.type in ("html_block", "html_inline"):
            yield from ((first, what) for what in _html(token.content))
        elif token.type == "inline":
            yield from ((first, what) for what in _inline(token, folder))
        elif token.type in ("fence", "colon_fence") and "{" in token.info:
            yield from ((first + line, what) for line, what in _directive(token, folder))
        elif token.type.startswith("substitution"):
            yield first, "a substitution"


def _html(content: str) -> Iterator[str]:
    if "<" in TAG.sub(lambda found: "" if found[1].lower() in TAGS else found[0], content):
        yield f"the HTML '{content.strip().splitlines()[0][:60]}'"


def _inline(token: "Token", folder: str) -> Iterator[str]:
    for child in token.children or []:
        if child.type == "myst_role" and child.meta["name"] not in ROLES:
            yield f"the role '{{{child.meta['name']}}}'"
        elif child.type == "html_inline":
            yield from _html(child.content)
        elif child.type.startswith("substitution"):
            yield "a substitution"
        elif child.type == "link_open":
            yield from _address(str(child.attrs.get("href", "")), folder)
        elif child.type == "image":
            yield from _address(str(child.attrs.get("src", "")), folder, picture=True)


def _address(address: str, folder: str, *, picture: bool = False) -> Iterator[str]:
    """Yield an address that leads neither to the web nor to a file inside the book."""
    kind = "picture" if picture else "link"
    if scheme := SCHEME.match(address):
        if picture or scheme[1].lower() not in ("http", "https", "mailto"):
            yield f"the {kind} to '{address[:60]}'"
        return
    path = posixpath.normpath(posixpath.join(folder, address.partition("#")[0]))
    if address.startswith(("/", "\\")) or path.startswith(".."):
        yield f"the {kind} to '{address[:60]}'"


def _directive(token: "Token", folder: str) -> Iterator[tuple[int, str]]:
    named = DIRECTIVE.match(token.info.strip())
    name, argument = named.groups() if named else (token.info.strip(), "")
    if name not in DIRECTIVES:
        yield 0, f"the directive '{{{name}}}'"
        return
    if name in PICTURES:
        yield from ((0, what) for what in _address(argument, folder, picture=True))
    elif name != "numbered-table":
        yield from ((0, what) for _, what in refused(argument, folder))
    body = token.content.split("\n")
    if body and body[0].strip() == "---":
        yield 1, "a block of options between dashes"
    start = 0
    while start < len(body) and (option := OPTION.match(body[start])):
        if option[1] in ADDRESSES:
            yield from ((start + 1, what) for what in _address(option[2], folder))
        start += 1
    if name not in LITERAL:
        rest = refused("\n".join(body[start:]), folder)
        yield from ((start + line, what) for line, what in rest)


def in_file(path: Path, folder: str = "") -> list[Refused]:
    """Return what a page or a notebook may not use.

    Parameters
    ----------
    path : Path
        A page of Markdown, or a notebook.
    folder : str, default ""
        Its folder inside the book.

    Returns
    -------
    list of Refused
        In the order in which it stands.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return [
            Refused(f"{called(path)}, line {line}", what) for line, what in refused(text, folder)
        ]
    found = []
    for number, cell in enumerate(json.loads(text)["cells"], start=1):
        if cell["cell_type"] == "raw":
            found.append(Refused(f"{path.name}, cell {number}", "a raw cell"))
        elif cell["cell_type"] == "markdown":
            found += [
                Refused(f"{path.name}, cell {number}, line {line}", what)
                for line, what in refused("".join(cell["source"]), folder)
            ]
    return found


def findings() -> list[Refused]:
    """Return what the pages and notebooks of the book may not use, in the order of the book."""
    return [
        one
        for path in sources()
        for one in in_file(path, "" if path.suffix == ".md" else "notebooks")
    ]
