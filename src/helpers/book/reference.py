"""The reference: what each public function and class of the package takes, returns and refuses.

It is read from the sources without importing them, so that a page costs no import of a library,
and written as MyST with a label for each name, to which the cells of notebooks link.
"""

import ast
import re
from collections.abc import Container, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from helpers.base import paths
from helpers.base.files import listed
from helpers.run.cells import python

PACKAGE = paths.ROOT / "src" / "helpers"
# The rooms that a notebook may import, and those that make its inputs; the others are commands and
# machinery.
ROOMS = (
    "stats/counts",
    "stats/months",
    "stats/panels",
    "stats/shares",
    "stats/trackers",
    "stats/trust",
    "stats/forecast",
    "measures",
    "clean",
    "claims",
    "figures",
    "run",
    "raw",
    "ingest",
)
Named = ast.FunctionDef | ast.ClassDef
DEFINED = ("Parameters", "Attributes", "Returns", "Yields", "Raises")
MARKUP = (
    (re.compile(r":[\w:]+:`~?([^`]+)`"), r"`\1`"),  # a role of Sphinx
    (re.compile(r"``([^`]+)``"), r"`\1`"),
    (re.compile(r"`([^`<]+?)\s*<(https?://[^>]+)>`_"), r"[\1](\2)"),
)


INTRODUCTION = """# Reference

What the functions and classes behind the chapters take, return and refuse, by room. Under each cell
of a chapter stands which of them it calls.

"""


class Entry(NamedTuple):
    """A public name.

    Attributes
    ----------
    module : str
        Dotted name of the module.
    name : str
        Name in the module; ``Class.method`` for a method.
    node : ast.FunctionDef or ast.ClassDef
        Its definition.
    """

    module: str
    name: str
    node: Named

    @property
    def label(self) -> str:
        """The label to which a page can link."""
        return label(f"{self.module}.{self.name}")


def label(dotted: str) -> str:
    """Return the label of a public name.

    Parameters
    ----------
    dotted : str
        Module and name.

    Returns
    -------
    str
        Lower-case words joined by hyphens.

    Examples
    --------
    >>> label("helpers.stats.counts.rates.rate_ratio")
    'api-stats-counts-rates-rate-ratio'
    """
    # Labels know no capitals, so a class says that it is one: a function may have its name.
    marked = re.sub(r"\.(?=[A-Z])", ".class-", dotted.removeprefix("helpers."))
    return "api-" + re.sub(r"[._]+", "-", marked).lower()


def sources() -> list[Path]:
    """Return the modules of the rooms that the reference tells of, in its order."""
    return [path for room in ROOMS for path in listed(PACKAGE / room, "*.py")]


@cache
def entries(path: Path) -> tuple[Entry, ...]:
    """Return the public names of a module.

    Parameters
    ----------
    path : Path
        A source of the package.

    Returns
    -------
    tuple of Entry
        Functions and classes in their order, each class followed by its public methods.
    """
    module = ".".join(["helpers", *path.relative_to(PACKAGE).with_suffix("").parts])
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, Named) and not node.name.startswith("_"):
            found.append(Entry(module, node.name, node))
            for part in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                    found.append(Entry(module, f"{node.name}.{part.name}", part))
    return tuple(found)


def known() -> dict[str, str]:
    """Return the label of every public name of the reference, by dotted name."""
    return {
        f"{one.module}.{one.name}": one.label
        for path in sources()
        for one in entries(path)
        if "." not in one.name
    }


def called(cells: Iterable[str], there: Container[str]) -> list[list[str]]:
    """Return which public names of the package each cell of a notebook uses.

    Parameters
    ----------
    cells : iterable of str
        The code of a notebook's cells, in order.
    there : container of str
        The dotted names to look for, such as those of :func:`known`.

    Returns
    -------
    list of list of str
        For each cell the dotted names, in the order in which they are met; an import is no use.

    Examples
    --------
    >>> cells = ["from helpers.stats.counts.rates import rate_ratio", "rate_ratio(3, 2)"]
    >>> called(cells, known())
    [[], ['helpers.stats.counts.rates.rate_ratio']]
    """
    result, imported = [], dict[str, str]()
    for cell in cells:
        tree = ast.parse(python(cell))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("helpers"):
                imported |= {
                    one.asname or one.name: f"{node.module}.{one.name}" for one in node.names
                }
        used = dict.fromkeys(name for name in _dotted(tree, imported) if name in there)
        result.append(list(used))
    return result


def _dotted(tree: ast.AST, imported: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in imported:
            yield imported[node.id]
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in imported
        ):
            yield f"{imported[node.value.id]}.{node.attr}"


def pages() -> dict[str, str]:
    """Return the pages of the reference.

    Returns
    -------
    dict of str to str
        MyST by name of the page: ``reference`` with the list of rooms, and ``reference/ROOM`` for
        each.
    """
    rooms = {f"reference/{room.replace('/', '-')}": _room(room) for room in ROOMS}
    rows = []
    for page, room in zip(rooms, ROOMS, strict=True):
        name = page.removeprefix("reference/").replace("-", "/")
        rows.append(f"- [{name}]({page}.md): {_first_line(PACKAGE / room)}")
    return {"reference": INTRODUCTION + "\n".join(rows) + "\n", **rooms}


def _first_line(room: Path) -> str:
    told = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    return _markdown(told.split("\n\n")[0])


def _room(room: str) -> str:
    parts = [f"# helpers.{room.replace('/', '.')}\n\n{_first_line(PACKAGE / room)}"]
    for path in listed(PACKAGE / room, "*.py"):
        if told := entries(path):
            text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            parts.append(f"## {path.stem}\n\n{_paragraphs(text)}")
            parts += [_entry(one) for one in told]
    return "\n\n".join(parts) + "\n"


def _entry(one: Entry) -> str:
    """Return one name: its signature, what it is, and the sections of its docstring."""
    from numpydoc.docscrape import NumpyDocString

    told = NumpyDocString(ast.get_docstring(one.node) or "")
    parts = [
        f"({one.label})=\n### {one.name}",
        f"```python\n{_signature(one.node)}\n```",
        _markdown(" ".join(told["Summary"])),
        _paragraphs("\n".join(told["Extended Summary"])),
    ]
    parts += [f"**{name}**\n\n{_defined(told[name])}" for name in DEFINED if told[name]]
    for name in ("Notes", "References"):
        if told[name]:
            parts.append(f"**{name}**\n\n" + _paragraphs("\n".join(told[name])))
    if told["Examples"]:
        parts.append("**Example**\n\n```pycon\n" + "\n".join(told["Examples"]).strip() + "\n```")
    return "\n\n".join(part for part in parts if part)


def _signature(node: Named) -> str:
    """Return how a name is called, without its annotations, which the parameters tell better."""
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    if any(isinstance(one, ast.Name) and one.id == "property" for one in node.decorator_list):
        return node.name
    bare = ast.parse(f"def {node.name}({ast.unparse(node.args)}): ...").body[0]
    assert isinstance(bare, ast.FunctionDef)
    for one in (
        *bare.args.posonlyargs,
        *bare.args.args,
        *bare.args.kwonlyargs,
        *filter(None, (bare.args.vararg, bare.args.kwarg)),
    ):
        one.annotation = None
    shown = re.sub(r"^(self|cls)(, )?", "", ast.unparse(bare.args))
    return f"{node.name}({shown})"


def _defined(items: Iterable) -> str:
    lines = []
    for name, kind, text in items:
        said = " ".join(filter(None, (f"`{name}`" if name else "", _markdown(kind))))
        lines.append(f"- {said}: {_markdown(' '.join(text))}".rstrip(": "))
    return "\n".join(lines)


def _paragraphs(text: str) -> str:
    """Return text by paragraphs; a block that the docstring indents stays a block."""
    parts = []
    for part in re.split(r"\n\s*\n", text.strip()):
        if part.startswith((" ", "\t")):
            parts.append(f"```text\n{part}\n```")
        else:
            parts.append(_markdown(part.removesuffix("::")))
    return "\n\n".join(parts)


def _markdown(text: str) -> str:
    for pattern, plain in MARKUP:
        text = pattern.sub(plain, text)
    return re.sub(r"(?<![`\\])\$", r"\\$", text)
