"""``make audit``: list the years and releases that are typed where a table's reach is meant.

*Ends in 2021*, *2018 to 2021*, *since 2012*, *release 22.1*: the next release of a table makes such
words false without anybody noticing, so a text quotes what a stage recorded of the rows, and a
source or a slice in code is made from them. A span that somebody chose, or a fact that no table can
change, is listed by page and phrase, each with its reason, in ``book/allowed-extents.yml``; page
``*`` stands for every one. An entry that nothing needs any more is a finding too.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from helpers.base import paths
from helpers.prose import words
from helpers.prose.digits import called, prose, sources
from helpers.prose.words import Finding
from helpers.run.cells import python

YEAR = r"(?<![\d.,-])(?:19|20)\d\d(?![\d]|[.,]\d)"
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven)"
REACHES = r"(?:ends|end in|end with|stops?|reach(?:es)?|goes on|covers?|lacks?)"
PART = r"(?:(?:the )?(?:end|middle|start|beginning) of )?"
EXTENT = re.compile(
    "|".join(
        (
            rf"{YEAR} (?:to|until|through|and up to) {PART}(?:{MONTH} )?{YEAR}",
            rf"{YEAR}–(?:19|20)\d\d",
            rf"\b{REACHES}\b[^.;:()]{{0,80}}?\b(?:in|to|with|at|until) {PART}(?:{MONTH} )?{YEAR}",
            rf"\b{REACHES} (?:{MONTH} )?{YEAR}",
            rf"\b(?:[Ss]ince|[Uu]ntil|[Uu]p to|[Tt]o|[Aa]fter) {PART}{YEAR}",
            rf"\b(?:[Uu]ntil|[Uu]p to|[Tt]o) {PART}{MONTH}(?: {YEAR}|(?=[,.;:)]|$))",
            rf"\bfirst {NUMBER} months of {YEAR}",
            r"\b(?:GED|UCDP|[Cc]andidate|[Rr]eleases?|[Vv]ersions?) v?\d\d\.\d+",
        )
    ).replace(" ", r"\s+")
)
SEASON = re.compile(rf"{MONTH}\s+\Z")  # before a month without a year: a part of any year
DATE, RELEASE = re.compile(r"(?:19|20)\d\d(?:-\d\d){0,2}"), re.compile(r"\d\d\.\d+")
PARAMETERS = "parameters"  # the tag of the cell whose values a run replaces
SAID = "is typed where a table's reach is meant, neither quoted nor allowed by name, in"


def typed(text: str) -> Iterator[tuple[int, str]]:
    """Yield the spans and releases that a text types.

    Parameters
    ----------
    text : str
        Prose; what a role shows is left out.

    Yields
    ------
    tuple of (int, str)
        Where it begins, and the words.

    Examples
    --------
    >>> [said for _, said in typed("UCDP 22.1 ends in 2021. In 2024 it was 2018 to 2021.")]
    ['UCDP 22.1', 'ends in 2021', '2018 to 2021']
    """
    for found in EXTENT.finditer(text):
        if re.search(YEAR, found[0]) or not SEASON.search(text, 0, found.start()):
            yield found.start(), " ".join(found[0].split())


def in_code(code: str) -> Iterator[tuple[int, str, str]]:
    """Yield the spans and releases that code types: in its texts, slices, ranges and limits.

    Parameters
    ----------
    code : str
        A code cell.

    Yields
    ------
    tuple of (int, str, str)
        Line, from one; the words; and the text or piece of code in which they stand.

    Examples
    --------
    >>> code = 'deaths["2008":"2021"]; range(2012, 2027); source = "UCDP, 2018 to 2021"; v = "22.1"'
    >>> sorted(said for _, said, _ in in_code(code))
    ["'2008':'2021'", "'22.1'", '2018 to 2021', 'range(2012, 2027)']
    """
    for node in ast.walk(ast.parse(python(code))):
        match node:
            case (
                ast.Slice(upper=ast.Constant(value=end))
                | ast.Call(func=ast.Name(id="range"), args=[_, ast.Constant(value=end)])
                | ast.Compare(ops=[ast.LtE() | ast.Lt()], comparators=[ast.Constant(value=end)])
            ) if DATE.fullmatch(str(end)):
                yield node.lineno, ast.unparse(node), ast.unparse(node)
            case ast.Call(
                args=[*_, ast.Constant(value=str() as start), ast.Constant(value=end)]
            ) if DATE.fullmatch(start) and DATE.fullmatch(str(end)):
                yield node.lineno, f"{start!r}, {end!r}", ast.unparse(node)
            case ast.Constant(value=str() as text) if RELEASE.fullmatch(text):
                yield node.lineno, repr(text), repr(text)
            case ast.Constant(value=str() as text):
                yield from ((node.lineno, said, text) for _, said in typed(text))


def in_file(path: Path, phrases: list[str]) -> tuple[list[Finding], set[str]]:
    """Return what a page or a notebook types of a table's reach, and the phrases that it needs.

    Parameters
    ----------
    path : Path
        A Markdown page or a notebook.
    phrases : list of str
        What may be typed in it.

    Returns
    -------
    tuple of (list of Finding, set of str)
        In the order in which they stand.
    """
    found, needed = [], set()
    for place, said, within in _passages(path):
        by = [one for one in phrases if said in one and one in within]
        needed.update(by)
        if not by:
            found.append(Finding(f"{called(path)}{place}", said, within, SAID))
    return found, needed


def _passages(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield where a span or release is typed, its words, and the sentence or text around it."""
    source = path.read_text(encoding="utf-8")
    cells = (
        [{"cell_type": "markdown", "source": source}]
        if path.suffix == ".md"
        else json.loads(source)["cells"]
    )
    for number, cell in enumerate(cells, start=1):
        text, at = "".join(cell["source"]), "" if path.suffix == ".md" else f", cell {number}"
        if cell["cell_type"] == "markdown":
            said = prose(text)
            for start, one in typed(said):
                line = said.count("\n", 0, start) + 1
                yield f"{at}, line {line}", one, _sentence(said, start)
        elif cell["cell_type"] == "code" and PARAMETERS not in cell["metadata"].get("tags", []):
            for line, one, within in in_code(text):
                yield f"{at}, line {line}", one, within


def _sentence(text: str, start: int) -> str:
    """Return the sentence that holds a place, on one line."""
    for one in words.SENTENCE.finditer(text):
        if one.start() <= start < one.end():
            return " ".join(one[0].split())
    return ""


def findings() -> list[Finding]:
    """Return what the book types of a table's reach, then the phrases that nothing needs.

    Returns
    -------
    list of Finding
        In the order of :func:`helpers.prose.digits.sources`.
    """
    allowed, _ = words.allowed(paths.BOOK / "allowed-extents.yml")
    everywhere, found = allowed.pop("*", []), []
    needed: dict[str, set[str]] = {}
    for path in sources():
        mine, needed[called(path)] = in_file(path, [*allowed.get(called(path), []), *everywhere])
        found += mine
    idle = [
        (page, one)
        for page, phrases in {**allowed, "*": everywhere}.items()
        for one in phrases
        if one not in (set().union(*needed.values()) if page == "*" else needed.get(page, set()))
    ]
    fault = "is an entry that its page does not need"
    return found + [Finding("allowed-extents.yml", one, page, fault) for page, one in idle]
