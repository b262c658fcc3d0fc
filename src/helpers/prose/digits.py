"""``make audit``: list the digits in prose that are neither bound to a result nor allowed by name.

Prose is what a reader of the page reads or hears: the text of pages and of Markdown cells as MyST
parses it, with titles, captions and text alternatives of directives, and the words that a notebook
passes to ``stage.figure`` and ``stage.table``. Code, links' addresses, roles, equations and the
numbers of list items are not. What else may stand unbound is listed, each with its reason, in
``book/allowed-digits.yml``.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed
from helpers.base.patterns import bounded
from helpers.base.reading import read_yaml
from helpers.prose import said
from helpers.run.cells import python
from helpers.run.table import read_stages

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")
OPTION = re.compile(r"^\s*:([\w-]+):\s?")
# Directives that hold no prose; those whose argument is an address; options that are read or heard.
SILENT = {
    "bibliography",
    "code",
    "code-block",
    "code-cell",
    "literalinclude",
    "math",
    "raw",
    "toctree",
}
ADDRESSED = {"caption", "figure", "image", "include", "numbered-table"}
SPOKEN = {"alt", "label", "caption", "legend", "words"}
# What code writes into a figure: methods that draw their text, and keywords that are drawn.
DRAWN = {
    "annotate",
    "figtext",
    "set_title",
    "set_xlabel",
    "set_ylabel",
    "suptitle",
    "text",
    "title",
}
WRITTEN = {"label", "suptitle", "title", "xlabel", "ylabel"}
DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")
# The index of a symbol is part of its name, also where a dollar is too few for mathematics.
INDEX = re.compile(r"(?:\\[A-Za-z]+|(?<![A-Za-z])[A-Za-z])_(?:\d(?![\d.,])|\{[^{}\n]*\})")
ADDRESS = re.compile(r"https?://\S+")
BREAKS = {"softbreak", "hardbreak"}
END = (
    "\u2029"  # ends a paragraph, a heading, a cell of a table: what stands beside it is no sentence
)


class Finding(NamedTuple):
    """A number in prose that nothing stands behind."""

    place: str
    number: str
    line: str

    def __str__(self) -> str:
        said = f"'{self.number}' is neither bound to a result nor allowed by name"
        return f"{self.place}: {said}, in: {self.line}"


def allowed(path: Path | None = None) -> list[re.Pattern[str]]:
    """Return the patterns of what may stand unbound.

    Parameters
    ----------
    path : Path, optional
        A list of entries; ``book/allowed-digits.yml`` where none is named.

    Returns
    -------
    list of re.Pattern
        One an entry.

    Raises
    ------
    InputError
        For an entry without a reason, or whose pattern does not match its own examples.
    """
    path = path or paths.BOOK / "allowed-digits.yml"
    patterns = []
    for entry in read_yaml(path):
        try:
            pattern = bounded(entry["pattern"].replace(" ", r"\s+"))
        except ValueError as error:
            raise InputError(f"{path.name}: '{entry['name']}': {error}") from None
        if not entry.get("reason") or not all(
            pattern.fullmatch(example) for example in entry.get("examples") or [""]
        ):
            raise InputError(
                f"{path.name}: '{entry['name']}' needs a reason, and examples that its pattern "
                "matches whole"
            )
        patterns.append(pattern)
    return patterns


def blank(found: re.Match[str]) -> str:
    """Return white space in the form of what was found, so that lines keep their numbers."""
    return re.sub(r"[^\n]", " ", found[0])


@lru_cache
def parser() -> "MarkdownIt":
    """Return a parser of MyST with the extensions of the book."""
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    extensions = {"colon_fence", "deflist", "dollarmath"}
    config = MdParserConfig(
        enable_extensions=extensions, dmath_allow_space=False, dmath_allow_digits=False
    )
    return create_md_parser(config, RendererHTML)


class _Words(HTMLParser):
    """What stands between the tags of HTML, by line."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        first = self.getpos()[0] - 1
        self.found += [(first + n, line) for n, line in enumerate(data.split("\n"))]


def _said_by_role(name: str, text: str) -> str:
    """Return the words that stand on a condition; what else a role shows is not typed."""
    return said.spoken(text) if name == "says" else " "


def prose(markdown: str, role: Callable[[str, str], str] = _said_by_role) -> str:
    """Return the prose of a MyST text, on the lines where it stands.

    Parameters
    ----------
    markdown : str
        A page or a Markdown cell.
    role : callable, optional
        From name and text of a role to what stands for it; a space where none is given, or the
        words of ``{says}``, whose digits are typed like others.

    Returns
    -------
    str
        As many lines as ``markdown``; what is not prose is left out, :data:`END` stands after
        each block.

    Examples
    --------
    >>> prose("# Deaths\\n\\nIn {num}`a.b` of `7` cases $x_3$, 5 die.").split("\\n")
    ['Deaths\\u2029', '', 'In   of   cases  , 5 die.\\u2029']
    """
    lines = [""] * (markdown.count("\n") + 1)
    for line, words in _spoken_in(markdown, role):
        lines[min(line, len(lines) - 1)] += words
    return "\n".join(line.rstrip(" ") for line in lines)


def _spoken_in(markdown: str, role: Callable[[str, str], str]) -> Iterator[tuple[int, str]]:
    """Yield line (from zero) and words of everything in a text that is prose."""
    for token in parser().parse(markdown):
        first = token.map[0] if token.map else 0
        if token.type == "inline":
            yield from _inline(token, first, role)
        elif token.type == "html_block":
            yield from ((first + line, words) for line, words in _Words(token.content).found)
        elif token.type == "colon_fence" or (token.type == "fence" and "{" in token.info):
            yield from ((first + line, words) for line, words in _directive(token, role))


def _inline(
    token: "Token", line: int, role: Callable[[str, str], str]
) -> Iterator[tuple[int, str]]:
    shown_address = False
    for child in token.children or []:
        if child.type in BREAKS:
            line += 1
        elif child.type == "link_open":
            shown_address = child.info == "auto"
        elif child.type == "text":
            yield line, " " if shown_address else ADDRESS.sub(" ", child.content)
            shown_address = False
        elif child.type == "image":
            yield line, child.content  # its text alternative
        elif child.type == "myst_role":
            yield line, role(child.meta["name"], child.content)
            line += child.content.count("\n")
        elif child.content:
            # Code, an equation or a tag is no prose; it may hold line breaks of its own.
            yield line, "" if child.type == "html_inline" else " "
            line += child.content.count("\n")
    yield line, END


def _directive(token: "Token", role: Callable[[str, str], str]) -> Iterator[tuple[int, str]]:
    """Yield what a directive says: its title, its spoken options, and the text in it."""
    named = DIRECTIVE.match(token.info.strip())
    name, argument = named.groups() if named else ("", "")
    if name in SILENT:
        return
    if name not in ADDRESSED:
        yield from _spoken_in(argument, role)
    body = token.content.split("\n")
    start = 0
    while start < len(body) and (option := OPTION.match(body[start])):
        if option[1] in SPOKEN:
            words = _spoken_in(body[start][option.end() :], role)
            yield from ((start + 1, text) for _, text in words)
        start += 1
    rest = _spoken_in("\n".join(body[start:]), role)
    yield from ((start + 1 + line, words) for line, words in rest)


def unbound(text: str, patterns: list[re.Pattern[str]]) -> Iterator[tuple[int, str]]:
    """Yield the digit groups in a text that no pattern allows.

    Parameters
    ----------
    text : str
        Prose, as of :func:`prose`.
    patterns : list of re.Pattern
        As of :func:`allowed`.

    Yields
    ------
    tuple of int and str
        Line, from one, and the digits.

    Examples
    --------
    >>> list(unbound("In 2024\\n7 died.", [re.compile(r"[12]\\d{3}")]))
    [(2, '7')]
    """
    for pattern in (INDEX, *patterns):
        text = pattern.sub(blank, text)
    for number, line in enumerate(text.split("\n"), start=1):
        yield from ((number, found[0]) for found in DIGITS.finditer(line))


def _said(node: ast.expr) -> str:
    """Return the literal text of a string expression; what is computed has nothing to bind."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_said(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _said(node.left) + _said(node.right)
    return ""


def spoken(code: str) -> Iterator[tuple[int, str]]:
    """Yield the words that code passes to ``figure`` or ``table`` as caption and alternative.

    Parameters
    ----------
    code : str
        A code cell.

    Yields
    ------
    tuple of int and str
        Line, from one, and the literal text; what is computed has nothing to bind.

    Examples
    --------
    >>> list(spoken('stage.table(t, "n", caption="Seen " + "twice.")'))
    [(1, 'Seen twice.')]
    """
    for node in ast.walk(ast.parse(python(code))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("figure", "table")
        ):
            yield from (
                (word.value.lineno, _said(word.value))
                for word in node.keywords
                if word.arg in ("caption", "alt")
            )


def drawn(code: str) -> Iterator[tuple[int, str]]:
    """Yield the words that code writes into a figure.

    Parameters
    ----------
    code : str
        A code cell.

    Yields
    ------
    tuple of int and str
        Line, from one, and the literal text; what is computed follows the data by itself.

    Examples
    --------
    >>> list(drawn('axes.set_title("Most " + where); panel.set(title="None")'))
    [(1, 'Most '), (1, 'None')]
    """
    for node in ast.walk(ast.parse(python(code))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            texts = list(node.args) if name in DRAWN else []
            texts += [word.value for word in node.keywords if word.arg in WRITTEN]
            yield from ((text.lineno, words) for text in texts if (words := _said(text)))


def in_page(path: Path, patterns: list[re.Pattern[str]]) -> list[Finding]:
    """Return what a page says in digits of its own."""
    source = path.read_text(encoding="utf-8")
    lines = source.split("\n")
    return [
        Finding(f"{called(path)}, line {number}", digits, lines[number - 1].strip())
        for number, digits in unbound(prose(source), patterns)
    ]


def in_notebook(path: Path, patterns: list[re.Pattern[str]]) -> list[Finding]:
    """Return what a notebook says in digits of its own.

    Parameters
    ----------
    path : Path
        A notebook; its Markdown, and captions and text alternatives in its code, are prose.
    patterns : list of re.Pattern
        As of :func:`allowed`.

    Returns
    -------
    list of Finding
        In the order in which they stand.
    """
    found = []
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], start=1):
        source = "".join(cell["source"])
        place, lines = f"{called(path)}, cell {number}", source.split("\n")
        if cell["cell_type"] == "markdown":
            texts = [(1, prose(source))]
        else:
            texts = (
                [(line, prose(text)) for line, text in spoken(source)]
                if cell["cell_type"] == "code"
                else []
            )
        for first, text in texts:
            found += [
                Finding(
                    f"{place}, line {first + line - 1}", digits, lines[first + line - 2].strip()
                )
                for line, digits in unbound(text, patterns)
            ]
    return found


def called(path: Path) -> str:
    """Return what a page or a notebook is called where words are allowed in it.

    Parameters
    ----------
    path : Path
        A page or a notebook.

    Returns
    -------
    str
        Its name, and the folder of the book in which it stands where it is another's.

    Examples
    --------
    >>> called(paths.BOOK / "index.md"), called(paths.BOOK / "country" / "index.md")
    ('index.md', 'country/index.md')
    """
    inside = path.is_relative_to(paths.BOOK)
    return path.relative_to(paths.BOOK).as_posix() if inside else path.name


def sources() -> list[Path]:
    """Return what the book is written in: its pages and the notebooks of the stage table."""
    folders = (paths.BOOK, paths.BOOK / "country", paths.BOOK / "sweep")
    pages = [one for folder in folders for one in listed(folder, "*.md")]
    return [*pages, *(entry.notebook for entry in read_stages().stage)]


def findings() -> list[Finding]:
    """Return every unbound number of the book, in the order of :func:`sources`."""
    patterns = allowed()
    return [
        one
        for path in sources()
        for one in (in_page if path.suffix == ".md" else in_notebook)(path, patterns)
    ]
