"""The stage table: which notebook reads and writes what. Nothing else knows the order."""

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import listed
from helpers.base.models import Strict, validated
from helpers.base.reading import read_toml

RAW_ENDINGS = (".csv", ".yml", ".geojson")
RESULTS = "results"  # among the inputs: what all stages before recorded
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
# Names, never paths: where a table stands follows from its name.
Read = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.csv|\.yml|\.geojson)?$")]
Written = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


def _once(names: list[str]) -> list[str]:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise ValueError(f"each name once, '{twice[0]}' stands there twice")
    return names


class Window(Strict):
    """The months that every stage needs; a run may have more.

    Attributes
    ----------
    first, last : str
        ``YYYY-MM``; both are part of the window.

    Examples
    --------
    >>> Window(first="2018-01", last="2024-12").last
    '2024-12'
    """

    first: Month
    last: Month

    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        if self.first > self.last:
            raise ValueError(f"'first' {self.first} comes after 'last' {self.last}")
        return self


class Needs(Strict):
    """What a stage needs of the parameters of a run, found by trying it with less.

    Attributes
    ----------
    first, last : str, optional
        ``YYYY-MM``; the series must hold both months.
    sources : list of str
        Publishers that must be among the sources.
    candidate : bool
        Whether the provisional months must be in.

    Examples
    --------
    >>> Needs(last="2025-12").candidate
    False
    """

    first: Month | None = None
    last: Month | None = None
    sources: list[str] = []
    candidate: bool = False


class StageEntry(Strict):
    """One notebook with its inputs and outputs, by name.

    Attributes
    ----------
    name : str
        Two digits, a hyphen, and lower-case words joined by hyphens.
    reads : list of str
        Raw tables with their ending, processed tables without one, and ``results`` for what all
        stages before recorded.
    writes : list of str
        Processed tables, without an ending.
    needs : Needs
        What it needs of the parameters.

    Examples
    --------
    >>> entry = StageEntry(name="02-trend", reads=["places.csv", "months", "results"], writes=[])
    >>> [path.name for path in entry.raw], entry.processed
    (['places.csv'], ['months'])
    """

    name: str = Field(pattern=r"^\d\d-[a-z0-9-]+$")
    reads: Annotated[list[Read], AfterValidator(_once)]
    writes: Annotated[list[Written], AfterValidator(_once)]
    needs: Needs = Needs()

    @property
    def notebook(self) -> Path:
        """The source notebook, ``notebooks/NAME.ipynb``."""
        return paths.NOTEBOOKS / f"{self.name}.ipynb"

    @property
    def raw(self) -> list[Path]:
        """The raw tables among the inputs, as paths in ``data/raw``."""
        return [paths.RAW / name for name in self.reads if name.endswith(RAW_ENDINGS)]

    @property
    def processed(self) -> list[str]:
        """The processed tables among the inputs, by name."""
        return [name for name in self.reads if not name.endswith(RAW_ENDINGS) and name != RESULTS]


class StageTable(Strict):
    """All stages in the order in which they stand.

    Attributes
    ----------
    window : Window
        The months that every stage needs.
    stage : list of StageEntry
        One for each notebook.

    Examples
    --------
    >>> clean = StageEntry(name="01-clean", reads=[], writes=["months"])
    >>> trend = StageEntry(name="02-trend", reads=["months", "results"], writes=[])
    >>> table = StageTable(window=Window(first="2018-01", last="2024-12"), stage=[clean, trend])
    >>> [entry.name for entry in table.before(table["02-trend"])]
    ['01-clean']
    """

    window: Window
    stage: list[StageEntry] = Field(min_length=1)

    def __getitem__(self, name: str) -> StageEntry:
        """Return a stage by name; :class:`InputError` names the nearest where there is none."""
        for entry in self.stage:
            if entry.name == name:
                return entry
        known = [entry.name for entry in self.stage]
        raise InputError(f"stages.toml has no stage '{name}'" + did_you_mean(name, known))

    def before(self, entry: StageEntry) -> list[StageEntry]:
        """Return the stages whose results a stage reads.

        Parameters
        ----------
        entry : StageEntry
            A stage of the table.

        Returns
        -------
        list of StageEntry
            All that stand before it when it asks for ``results``, else none.
        """
        return self.stage[: self.stage.index(entry)] if RESULTS in entry.reads else []


def read_stages(path: Path | None = None) -> StageTable:
    """Read the stage table.

    Parameters
    ----------
    path : Path, optional
        A TOML file with ``[window]`` and ``[[stage]]``; by default ``notebooks/stages.toml``.

    Returns
    -------
    StageTable
        Every processed table that a stage reads is written by exactly one stage before it.

    Raises
    ------
    InputError
        When the file is no such table, two stages have one name, a stage reads what no earlier one
        writes, or two write one table.

    Examples
    --------
    >>> table = read_stages()
    >>> table[table.stage[0].name].notebook.exists()
    True
    """
    path = path or paths.STAGES
    table = validated(StageTable, read_toml(path), path.name)
    written: dict[str, str] = {}
    names: set[str] = set()
    for entry in table.stage:
        if entry.name in names:
            raise InputError(f"{path.name}: two stages are named '{entry.name}'")
        names.add(entry.name)
        for name in entry.processed:
            if name not in written:
                raise InputError(
                    f"{path.name}, stage '{entry.name}': no earlier stage writes '{name}'"
                    + did_you_mean(name, written)
                )
        if RESULTS in entry.writes:
            raise InputError(
                f"{path.name}, stage '{entry.name}': "
                f"'{RESULTS}' is what stages record, no table to write"
            )
        for name in entry.writes:
            if name in written:
                raise InputError(
                    f"{path.name}: both '{written[name]}' and '{entry.name}' write '{name}'"
                )
            written[name] = entry.name
    return table


def require_notebooks(table: StageTable) -> None:
    """Refuse a table with a stage whose notebook is not there.

    Parameters
    ----------
    table : StageTable
        The stages.

    Raises
    ------
    InputError
        For the first such stage; a name that differs by little is suggested.

    Examples
    --------
    >>> window = Window(first="2018-01", last="2024-12")
    >>> stage = StageEntry(name="03-nowhere", reads=[], writes=[])
    >>> require_notebooks(StageTable(window=window, stage=[stage]))
    Traceback (most recent call last):
    helpers.base.errors.InputError: stages.toml, stage '03-nowhere': notebooks/03-nowhere.ipynb ...
    """
    for entry in table.stage:
        if not entry.notebook.exists():
            known = [path.stem for path in listed(paths.NOTEBOOKS, "*.ipynb")]
            raise InputError(
                f"stages.toml, stage '{entry.name}': notebooks/{entry.notebook.name} does not exist"
                + did_you_mean(entry.name, known)
            )


def raw_tables(table: StageTable) -> list[Path]:
    """Return every raw table that some stage reads.

    Parameters
    ----------
    table : StageTable
        The stages.

    Returns
    -------
    list of Path
        Each once, in the order of the first stage that reads it.

    Examples
    --------
    >>> window = Window(first="2018-01", last="2024-12")
    >>> one = StageEntry(name="01-a", reads=["places.csv"], writes=[])
    >>> two = StageEntry(name="02-b", reads=["months.csv", "places.csv"], writes=[])
    >>> [path.name for path in raw_tables(StageTable(window=window, stage=[one, two]))]
    ['places.csv', 'months.csv']
    """
    return list(dict.fromkeys(path for entry in table.stage for path in entry.raw))
