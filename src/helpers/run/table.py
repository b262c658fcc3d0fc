"""The stage table: which notebook reads and writes what. Nothing else knows the order."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean

RAW_ENDINGS = (".csv", ".yml", ".geojson")
RESULTS = "results"  # among the inputs: what all stages before recorded


class Window(BaseModel):
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

    model_config = ConfigDict(extra="forbid")
    first: str = Field(pattern=r"^\d{4}-\d{2}$")
    last: str = Field(pattern=r"^\d{4}-\d{2}$")


class Needs(BaseModel):
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

    model_config = ConfigDict(extra="forbid")
    first: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}$")
    last: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}$")
    sources: list[str] = []
    candidate: bool = False


class StageEntry(BaseModel):
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

    model_config = ConfigDict(extra="forbid")
    name: str = Field(pattern=r"^\d\d-[a-z0-9-]+$")
    reads: list[str]
    writes: list[str]
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


class StageTable(BaseModel):
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

    model_config = ConfigDict(extra="forbid")
    window: Window
    stage: list[StageEntry]

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
        When the file is no such table, a stage reads what no earlier one writes, or two write one
        table.

    Examples
    --------
    >>> table = read_stages()
    >>> table[table.stage[0].name].notebook.exists()
    True
    """
    path = path or paths.STAGES
    try:
        table = StageTable.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise InputError(f"{path.name}: {' '.join(str(error).split())}") from None
    written: dict[str, str] = {}
    for entry in table.stage:
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
