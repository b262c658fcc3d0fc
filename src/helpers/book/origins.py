"""Which tables a line of a notebook rests on, followed through the names in its code.

A name rests on what the statements that made or changed it read; so does what is computed from it.
The code is read, not run: a table that is asked for by a name that is computed is not found.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from helpers.run.cells import python

STAGE = "stage"  # its name in a notebook
READERS = ("read", "kept")  # the methods of a stage that give a table
Tables = dict[str, None]  # a set in the order of reading


class Origins(NamedTuple):
    """What a cell rests on.

    Attributes
    ----------
    reads : tuple of str
        The tables that it reads itself, as the stage names them.
    lines : dict of int to tuple of str
        Line, from 1, to the tables that its statement rests on; none where it rests on none.
    writes : dict of str to tuple of str
        The tables that it writes, to those that each is made of.
    """

    reads: tuple[str, ...]
    lines: dict[int, tuple[str, ...]]
    writes: dict[str, tuple[str, ...]]


def origins(cells: Sequence[str]) -> list[Origins]:
    """Return what each cell of a notebook rests on.

    Parameters
    ----------
    cells : sequence of str
        The code cells, in order.

    Returns
    -------
    list of Origins
        One a cell; empty for a cell that is no code.

    Examples
    --------
    >>> found = origins([
    ...     'deaths = stage.read("months")["deaths"]',
    ...     'total = sum(deaths)\\nstage.record("a.total", total)',
    ... ])
    >>> found[0].reads, found[1].lines
    (('months',), {1: ('months',), 2: ('months',)})
    """
    trail = _Trail()
    return [trail.cell(source) for source in cells]


class _Trail:
    """The tables on which each name rests, as far as the code was read."""

    def __init__(self) -> None:
        self.known, self.inside = dict[str, Tables](), 0
        self.lines, self.writes = dict[int, tuple[str, ...]](), dict[str, tuple[str, ...]]()

    def cell(self, source: str) -> Origins:
        """Read one cell."""
        self.lines, self.writes = {}, {}
        try:
            tree = ast.parse(python(source))
        except SyntaxError:
            return Origins((), {}, {})
        self.block(tree.body, {})
        return Origins(tuple(dict.fromkeys(self.read_by(tree))), self.lines, self.writes)

    def block(self, body: Iterable[ast.stmt], around: Tables) -> None:
        """Read statements; what they rest on besides is what decides whether they run."""
        for statement in body:
            self.statement(statement, around)

    def statement(self, one: ast.stmt, around: Tables) -> None:
        """Read a statement: its head, then what stands in it."""
        inside = [
            part for name in ("body", "orelse", "finalbody") for part in getattr(one, name, ())
        ]
        inside += [part for handler in getattr(one, "handlers", ()) for part in handler.body]
        if isinstance(one, (ast.FunctionDef, ast.ClassDef)) or not inside:
            tables = around | self.rests(ast.walk(one))
            self.make(one, tables)
            if not inside:
                self.lines |= dict.fromkeys(
                    range(one.lineno, (one.end_lineno or one.lineno) + 1), tuple(tables)
                )
            return
        within = {id(part) for part in inside}
        head = [
            node
            for part in ast.iter_child_nodes(one)
            if id(part) not in within
            for node in ast.walk(part)
        ]
        tables = around | self.rests(head)
        self.assign(head, tables)
        self.lines |= dict.fromkeys(range(one.lineno, inside[0].lineno), tuple(tables))
        self.inside += 1
        for _ in range(2):  # what the end of a loop makes, its beginning uses
            self.block(inside, tables)
        self.inside -= 1

    def rests(self, nodes: Iterable[ast.AST]) -> Tables:
        """Return the tables that an expression reads or whose names it uses."""
        found: Tables = {}
        for node in nodes:
            found |= dict.fromkeys(self.read_by(node, deep=False))
            changed = node.target if isinstance(node, ast.AugAssign) else node
            if isinstance(changed, ast.Name) and (
                changed is not node or isinstance(changed.ctx, ast.Load)
            ):
                found |= self.known.get(changed.id, {})
        return found

    def make(self, one: ast.stmt, tables: Tables) -> None:
        """Note what a statement makes, changes and writes."""
        if isinstance(one, (ast.FunctionDef, ast.ClassDef)):
            self.known[one.name] = tables
            return
        self.assign(ast.walk(one), tables)
        for call in (node for node in ast.walk(one) if isinstance(node, ast.Call)):
            if (name := self.asked(call, ("write",))) is not None:
                self.writes[name] = tuple(tables)
            elif isinstance(one, ast.Expr) and isinstance(call.func, ast.Attribute):
                self.change(call.func.value, tables)  # such as rows.append(table)

    def assign(self, nodes: Iterable[ast.AST], tables: Tables) -> None:
        """Note that names are made anew, or parts of what they name are."""
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                # In a branch or a loop the value before may be the one that stays.
                before = self.known.get(node.id, {}) if self.inside else {}
                self.known[node.id] = before | tables
            elif isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(
                node.ctx, ast.Store
            ):
                self.change(node.value, tables)

    def change(self, node: ast.AST, tables: Tables) -> None:
        """Note that what a name stands for rests on more than before."""
        while isinstance(node, (ast.Subscript, ast.Attribute)):
            node = node.value
        if isinstance(node, ast.Name) and node.id != STAGE:
            self.known[node.id] = self.known.get(node.id, {}) | tables

    def read_by(self, node: ast.AST, *, deep: bool = True) -> Iterator[str]:
        """Yield the tables that code reads."""
        for part in ast.walk(node) if deep else (node,):
            if isinstance(part, ast.Call) and (name := self.asked(part, READERS)) is not None:
                yield name

    def asked(self, call: ast.Call, methods: Sequence[str]) -> str | None:
        """Return the table for which a method of the stage is called."""
        of = call.func
        first = call.args[0] if call.args else None
        if (
            isinstance(of, ast.Attribute)
            and of.attr in methods
            and isinstance(of.value, ast.Name)
            and of.value.id == STAGE
            and isinstance(first, ast.Constant)
            and isinstance(first.value, str)
        ):
            return first.value
        return None
