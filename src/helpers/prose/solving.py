"""The solutions of a notebook's exercises, each run on a copy of what the notebook leaves.

The cells that any solution needs are run once. Each solution then gets names of its own, so that
none sees what another made or changed.
"""

import pickle
from contextlib import redirect_stdout
from io import BytesIO, StringIO
from pathlib import Path
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

from helpers.base.errors import InputError
from helpers.prose.exercises import Solution, needed, solutions
from helpers.run.fingerprint import code_cells

Names = dict[str, Any]
# What pickle says of an object that it cannot copy; functions can hold each other without end.
UNCOPIED = (pickle.PicklingError, TypeError, AttributeError, RecursionError)


class _Copier(pickle.Pickler):
    """Pickles names; functions of the notebook get the copied names for their globals."""

    def __init__(self, names: Names) -> None:
        self.file, self.names = BytesIO(), names
        self.kept: dict[int, Any] = {}
        super().__init__(self.file)

    def persistent_id(self, one: Any) -> int | None:
        """Number what is not copied: code, and what is made outside of the notebook."""
        own = one.__globals__ is self.names if isinstance(one, FunctionType) else None
        if isinstance(one, type) and one.__module__ == self.names["__name__"]:
            raise pickle.PicklingError("a class of the notebook")
        if one is self.names or own is False or isinstance(one, ModuleType | type | CodeType):
            self.kept[id(one)] = one
            return id(one)
        return None

    def reducer_override(self, one: Any) -> Any:
        """Take apart a function of the notebook, and a variable that it shares with another."""
        if isinstance(one, FunctionType):
            parts = one.__code__, self.names, one.__name__, one.__defaults__, one.__closure__
            return FunctionType, parts, (None, {"__kwdefaults__": one.__kwdefaults__})
        return (CellType, (one.cell_contents,)) if isinstance(one, CellType) else NotImplemented


class _Reader(pickle.Unpickler):
    """Makes the names anew from what a copier wrote."""

    def __init__(self, copier: _Copier) -> None:
        super().__init__(BytesIO(copier.file.getvalue()))
        self.fresh: Names = {}
        self.kept = copier.kept | {id(copier.names): self.fresh}

    def persistent_load(self, pid: int) -> Any:
        return self.kept[pid]

    def names(self) -> Names:
        """Return the names; functions among them read these."""
        self.fresh.update(self.load())
        return self.fresh


class Chapter:
    """A notebook whose solutions are to be run.

    Parameters
    ----------
    notebook : Path
        A notebook.

    Raises
    ------
    InputError
        For an exercise against the convention, or a file that is no notebook.
    """

    def __init__(self, notebook: Path) -> None:
        cells = code_cells(notebook)
        self.notebook = notebook
        codes = {one.number: one.code for one in solutions(notebook)}
        self._own = {number: needed(cells, code) for number, code in codes.items()}
        self.cells = needed(cells, *codes.values())
        self._copier: _Copier | None = None
        self._copied = True  # until it is found that the names cannot be

    def _ran(self, cells: list[str]) -> Names:
        names: Names = {"__name__": "__main__"}
        for number, cell in enumerate(cells, start=1):
            self._run(cell, f"{self.notebook.name}, cell {number} of {len(cells)}", names)
        return names

    @staticmethod
    def _run(code: str, place: str, names: Names) -> None:
        with redirect_stdout(StringIO()):  # outside a kernel a shown figure is printed as text
            exec(compile(code, place, "exec"), names)

    def _names(self, solution: Solution) -> Names:
        """Return names that no solution has seen, copied if they can be and made anew if not."""
        if self._copier:
            return _Reader(self._copier).names()
        if not self._copied:
            return self._ran(self._own[solution.number])
        names = self._ran(self.cells)
        copier = _Copier(names)
        try:
            copier.dump(dict(names))
            fresh = _Reader(copier).names()
        except UNCOPIED:
            self._copied = False
            return names
        self._copier = copier
        return fresh

    def run(self, solution: Solution) -> Names:
        """Run a solution after the cells and return the names that it leaves.

        Parameters
        ----------
        solution : Solution
            One of the notebook's.

        Returns
        -------
        dict
            Names and their values.

        Raises
        ------
        InputError
            For a name to which nothing in the chapter gives a value.
        AssertionError
            When what the solution says does not hold.
        """
        place = f"{self.notebook.name}, exercise {solution.number}"
        names = self._names(solution)
        try:
            self._run(solution.code, place, names)
        except NameError as error:
            raise InputError(
                f"{place} reads '{error.name}', to which no cell of the chapter gives a value: "
                "define it in the chapter or in the solution"
            ) from error
        return names
