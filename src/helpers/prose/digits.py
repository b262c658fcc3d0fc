"""``make audit``: list the digits in prose that are neither bound to a result nor allowed by name.

Prose is the text of the book's pages and of the notebooks' Markdown cells, and the captions and text alternatives that
notebooks pass to ``stage.figure`` and ``stage.table``. Code, links, the inside of roles and numbers of list items are
not. What else may stand unbound is listed, each with its reason, in ``book/allowed-digits.yml``.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.run.table import read_stages

FENCE = re.compile(r"^\s*(`{3,}|~{3,}|:{3,})\s*(?:\{([\w:-]+)\})?(.*)$")
OPTION = re.compile(r"^\s*:([\w-]+):\s?")
SILENT = {
    "",
    "bibliography",
    "code",
    "code-block",
    "code-cell",
    "literalinclude",
    "math",
    "raw",
    "toctree",
}
ADDRESSED = {
    "caption",
    "figure",
    "image",
    "include",
    "numbered-table",
}  # what follows the name is an address
SPOKEN = {"alt", "label", "caption"}  # options that a reader sees or hears
NOT_PROSE = [
    re.compile(pattern, re.MULTILINE | re.DOTALL)
    for pattern in (
        r"\A---\n.*?\n---\n",
        r"<!--.*?-->",
        r"\$\$.+?\$\$",
        r"(?<![\\$\w])\$(?=[^\s$])[^$\n]*?(?<=[^\s\\])\$(?![\d$])",
        r"^% [^\n]*",
        r"(?:\{[\w:+-]+\})?(`+)(?!`).+?(?<!`)\1(?!`)",
        r"\]\([^)\s]*\)",
        r"</?[A-Za-z][^<>]*>",
        r"<?https?://[^\s>]+>?",
        r"^\([\w.-]+\)=",
        r"^\s*\d+[.)]\s",
    )
]
DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")


class Finding(NamedTuple):
    """A number in prose that nothing stands behind."""

    place: str
    number: str
    line: str

    def __str__(self) -> str:
        return f"{self.place}: '{self.number}' is neither bound to a result nor allowed by name, in: {self.line}"


def allowed(path: Path | None = None) -> list[re.Pattern[str]]:
    """Return the patterns of ``book/allowed-digits.yml``; each entry must say why, and match its own examples."""
    path = path or paths.BOOK / "allowed-digits.yml"
    patterns = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        pattern = re.compile(entry["pattern"].replace(" ", r"\s+"))
        if not entry.get("reason") or not all(
            pattern.fullmatch(example) for example in entry.get("examples") or [""]
        ):
            raise InputError(
                f"{path.name}: '{entry['name']}' needs a reason, and examples that its pattern matches whole"
            )
        patterns.append(pattern)
    return patterns


def _blank(found: re.Match[str]) -> str:
    """Return white space in the form of what was found, so that lines keep their numbers."""
    return re.sub(r"[^\n]", " ", found[0])


def prose(markdown: str) -> str:
    """Return ``markdown`` with everything that is not prose blanked out; every line stays where it is."""
    kept: list[str] = []
    fences: list[tuple[str, str]] = []
    for line in markdown.split("\n"):
        fence = FENCE.match(line)
        silent = bool(fences) and fences[-1][1] in SILENT
        if (
            fence
            and fences
            and not fence[2]
            and not fence[3].strip()
            and fence[1].startswith(fences[-1][0])
        ):
            fences.pop()
            line = ""
        elif silent:
            line = ""
        elif fence:
            fences.append((fence[1], fence[2] or ""))
            line = "" if fences[-1][1] in SILENT | ADDRESSED else fence[3]
        elif fences and (option := OPTION.match(line)):
            line = line[option.end() :] if option[1] in SPOKEN else ""
        kept.append(line)
    text = "\n".join(kept)
    for pattern in NOT_PROSE:
        text = pattern.sub(_blank, text)
    return text


def unbound(text: str, patterns: list[re.Pattern[str]]) -> Iterator[tuple[int, str]]:
    """Yield line number (from one) and number of each digit group in ``text`` that no pattern allows."""
    for pattern in patterns:
        text = pattern.sub(_blank, text)
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
    """Yield line and text of each caption and text alternative that ``code`` passes to ``figure`` or ``table``."""
    for node in ast.walk(ast.parse(code)):
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


def in_page(path: Path, patterns: list[re.Pattern[str]]) -> list[Finding]:
    """Return what a page says in digits of its own."""
    source = path.read_text(encoding="utf-8")
    lines = source.split("\n")
    return [
        Finding(f"{path.name}, line {number}", digits, lines[number - 1].strip())
        for number, digits in unbound(prose(source), patterns)
    ]


def in_notebook(path: Path, patterns: list[re.Pattern[str]]) -> list[Finding]:
    """Return what a notebook's Markdown, captions and text alternatives say in digits of their own."""
    found = []
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], start=1):
        source = "".join(cell["source"])
        place, lines = f"{path.name}, cell {number}", source.split("\n")
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


def sources() -> list[Path]:
    """Return what the book is written in: its pages and the notebooks of the stage table."""
    return [*sorted(paths.BOOK.glob("*.md")), *(entry.notebook for entry in read_stages().stage)]


def findings() -> list[Finding]:
    """Return every unbound number of the book, in the order of :func:`sources`."""
    patterns = allowed()
    return [
        one
        for path in sources()
        for one in (in_page if path.suffix == ".md" else in_notebook)(path, patterns)
    ]
