"""Who quotes what a stage records or shows: pages and lists of the book, claims, other notebooks.

A key is quoted as it stands, with a part of it (``trend.ratio.low``), or by a star that stands for
any name (``trend.*.ratio``), as :mod:`helpers.prose.conditions` reads it; in the code of a notebook
that reads results also by a text with places to fill (``f"trend.{name}.ratio"``) or by its
beginning (``"trend."``). Tables, figures and the stage itself are quoted by their names. The stage
table holds no keys, and who reads what a stage writes is seen there by name.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from helpers.base import paths
from helpers.base.files import listed
from helpers.base.reading import decoded
from helpers.book.edition import FOLDERS
from helpers.prose.conditions import PARTS
from helpers.prose.digits import prose
from helpers.raw.folders import raw_files
from helpers.run.declared import read_notebook
from helpers.run.table import RESULTS, StageEntry, read_stages

TOKEN = re.compile(r"(?<![\w.*])[a-z][\w*]*(?:\.[\w*]+)+")
BEGINNING = re.compile(r"(?:[a-z][a-z0-9_]*\.)+")
BEGINS, ENDS = "\ue000", "\ue001"  # about what a role says
COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
CLAIM = re.compile(r"^(?:- |  )id:\s*[\"']?([\w-]+)")


class Made(NamedTuple):
    """What others may quote of a stage.

    Attributes
    ----------
    entry : StageEntry
        The stage.
    keys : set of str
        Results.
    names : set of str
        Figures and tables that it shows.
    spoken : set of str
        Results of others that speak of its claim, and go with it. They are quoted as they stand
        alone: a star over claims stands for those that there are.
    """

    entry: StageEntry
    keys: set[str]
    names: set[str]
    spoken: set[str]


class Quote(NamedTuple):
    """A place where something of a stage is quoted.

    Attributes
    ----------
    file, at : str
        Where: ``book/index.md``, ``line 3``.
    words : str
        What stands there.
    what : str
        What is quoted: ``its result 'trend.ratio'``, ``'03-trend'``.
    claim : str
        The claim of a plan in which it stands; empty elsewhere.
    """

    file: str
    at: str
    words: str
    what: str
    claim: str = ""

    def __str__(self) -> str:
        by = f" as '{self.words}'" if f"'{self.words}'" not in self.what else ""
        return f"{self.file} quotes {self.what}{by} ({self.at})"


def quotes(made: Made) -> Iterator[Quote]:
    """Yield where something of a stage is quoted outside of it.

    Parameters
    ----------
    made : Made
        The stage, its results, and what it shows.

    Yields
    ------
    Quote
        Claims first, and what else stands in the raw YAML, then pages and lists of the book, and
        notebooks. The line of the stage in contents is no quote.
    """
    for path in raw_files(paths.RAW):
        if path.suffix == ".yml" and not path.name.endswith(".source.yml"):
            yield from _in_lines(path, made, _lines(path), claims=True)
    for folder in (paths.BOOK, *FOLDERS.values()):
        for path in listed(folder, "*.md"):
            yield from _in_page(path, made)
        for path in listed(folder, "*.yml"):
            chapter = re.compile(rf"\s*- file: notebooks/{re.escape(made.entry.name)}(\.ipynb)?\s*")
            lines = [(n, line) for n, line in _lines(path) if not chapter.fullmatch(line)]
            yield from _in_lines(path, made, lines)
    for other in read_stages().stage:
        if other.name != made.entry.name and other.notebook.exists():
            yield from _in_notebook(other, made)


def matched(token: str, keys: Iterable[str]) -> str | None:
    """Return the key of a set that a word quotes.

    Parameters
    ----------
    token : str
        A key, with or without a part of it, in which stars may stand.
    keys : iterable of str
        The set.

    Returns
    -------
    str or None
        The first of those that it stands for.

    Examples
    --------
    >>> keys = {"trend.ucdp.ratio"}
    >>> matched("trend.*.ratio.low", keys), matched("trend.u*.ratio", keys)
    ('trend.ucdp.ratio', 'trend.ucdp.ratio')
    >>> matched("trend.*", keys), matched("trend.ucdp.ratio.more", keys)
    (None, None)
    """
    whole, _, part = token.rpartition(".")
    for asked in (token, whole) if part in PARTS else (token,):
        for key in sorted(keys):
            if key.count(".") == asked.count(".") and fnmatchcase(key, asked):
                return key
    return None


def _lines(path: Path) -> list[tuple[int, str]]:
    """Return the lines of a file by number, without comments of YAML or TOML."""
    lines = decoded(path.read_bytes(), path.name).split("\n")
    return [(number, COMMENT.sub("", line)) for number, line in enumerate(lines, start=1)]


def _in_lines(
    path: Path, made: Made, lines: Iterable[tuple[int, str]], claims: bool = False
) -> Iterator[Quote]:
    claim = ""
    for number, line in lines:
        if claims and line.startswith("- "):
            claim = ""
        if claims and (found := CLAIM.match(line)):
            claim = found[1]
        where = paths.relative(path).as_posix(), f"line {number}"
        yield from (one._replace(claim=claim) for one in _told(where, line, line, made))


def _in_page(path: Path, made: Made) -> Iterator[Quote]:
    text = decoded(path.read_bytes(), path.name)
    bound = _bound(text)
    for number, line in enumerate(text.split("\n"), start=1):
        where = paths.relative(path).as_posix(), f"line {number}"
        yield from _told(where, bound[number - 1], line, made)


def _in_notebook(other: StageEntry, made: Made) -> Iterator[Quote]:
    name = f"notebooks/{other.notebook.name}"
    for number, cell in enumerate(read_notebook(other.notebook, name)["cells"], start=1):
        source = cell["source"]
        lines = source.split("\n")
        if cell["cell_type"] == "code":
            reads = RESULTS in other.reads
            for line, text in _texts(source, fills=reads):
                where = name, f"cell {number}, line {line}"
                yield from _told(where, text, text, made, begins=reads)
            continue
        bound = _bound(source)
        for line, (said, whole) in enumerate(zip(bound, lines, strict=False), start=1):
            yield from _told((name, f"cell {number}, line {line}"), said, whole, made)


def _bound(markdown: str) -> list[str]:
    """Return by line what the roles of a text say; a role that is shown as code is none."""
    told = prose(markdown, lambda _, text: BEGINS + text.replace("\n", " ") + ENDS)
    said = [" ".join(re.findall(f"{BEGINS}([^{ENDS}]*){ENDS}", one)) for one in told.split("\n")]
    return said + [""] * (markdown.count("\n") + 1 - len(said))


def _texts(source: str, fills: bool) -> list[tuple[int, str]]:
    """Return the texts in a cell by line; where places are filled in one, a star stands for each.

    A cell that is no Python is one text a line.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return list(enumerate(source.split("\n"), start=1))
    found, inside = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(one) for one in node.values}
            parts = [one.value if isinstance(one, ast.Constant) else "*" for one in node.values]
            if fills:
                found.append((node.lineno, "".join(map(str, parts))))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            lines = node.value.split("\n") if id(node) not in inside else []
            found += [(node.lineno + more, line) for more, line in enumerate(lines)]
    return sorted(found)


def _told(
    where: tuple[str, str], bound: str, whole: str, made: Made, begins: bool = False
) -> Iterator[Quote]:
    """Yield what a line quotes: keys in what it binds, names anywhere in it."""
    for token in TOKEN.findall(bound):
        alone = made.spoken if "*" not in token else set()
        if key := matched(token, made.keys) or matched(token, alone):
            yield Quote(*where, token, f"its result '{key}'")
    if begins and BEGINNING.fullmatch(bound):
        for key in sorted(made.keys):
            if key.startswith(bound):
                yield Quote(*where, bound, f"its result '{key}'")
                break
    if re.search(rf"(?<![\w-]){re.escape(made.entry.name)}(?![\w-])", whole):
        yield Quote(*where, made.entry.name, f"'{made.entry.name}'")
    for name in sorted(made.names):
        if "-" in name and re.search(rf"(?<!\w){re.escape(name)}(?![\w-])", whole):
            yield Quote(*where, name, f"'{name}', which it shows")
