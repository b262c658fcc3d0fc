"""The stage table: which notebook reads and writes what. Nothing else knows the order."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import listed
from helpers.base.models import Strict, validated
from helpers.base.names import as_slug
from helpers.base.reading import read_toml

RAW_ENDINGS = (".csv", ".yml", ".geojson")
RESULTS = "results"  # among the inputs: what all stages before recorded
OWN = "own_"  # what the name of a table begins with that a researcher brought: it is in data/own
FORECASTS = "forecasts"  # among the inputs: all forecasts that were ever frozen
PROFILES = "profiles"  # among the inputs: what a sweep recorded of each country
Kind = Literal["own", "general", "any", "each", "sweep"]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
# Names, never paths: where a table stands follows from its name.
Read = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.csv|\.yml|\.geojson)?$")]
Written = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
# A file of data/raw, which may stand in a folder there; {country} stands for the country's name.
Followed = Annotated[
    str, Field(pattern=r"^([a-z0-9_]+/)?[a-z0-9_]*\{country\}[a-z0-9_]*(\.csv|\.yml|\.geojson)$")
]


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
    years : int
        Whole years of the final release that the months must hold.

    Examples
    --------
    >>> Needs(last="2025-12").candidate
    False
    """

    years: int = 0
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
        Raw tables with their ending, processed tables without one, ``results`` for what all
        stages before recorded, ``forecasts`` for all that were ever frozen, and ``profiles`` for
        what a sweep recorded of each country.
    may_read : list of str
        Raw tables that it reads where they are there.
    writes : list of str
        Processed tables, without an ending.
    needs : Needs
        What it needs of the parameters.
    kind : str
        ``own``, a chapter of the country that its tables are about; ``general``, one that knows no
        country and runs where a country has none of its own; ``any``, one that stands in both
        books; of a sweep over all countries ``each``, once for each of them, and ``sweep``, once.

    Examples
    --------
    >>> entry = StageEntry(name="02-trend", reads=["places.csv", "months", "results"], writes=[])
    >>> [path.name for path in entry.raw], entry.processed
    (['places.csv'], ['months'])
    """

    name: str = Field(pattern=r"^\d\d-[a-z0-9-]+$")
    reads: Annotated[list[Read], AfterValidator(_once)]
    may_read: Annotated[list[Read], AfterValidator(_once)] = []
    writes: Annotated[list[Written], AfterValidator(_once)]
    needs: Needs = Needs()
    kind: Kind = "own"
    _files: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def notebook(self) -> Path:
        """The source notebook, ``notebooks/NAME.ipynb``."""
        return paths.NOTEBOOKS / f"{self.name}.ipynb"

    @property
    def raw(self) -> list[Path]:
        """The raw tables among the inputs, as paths."""
        return [self.path(name) for name in self.reads if name.endswith(RAW_ENDINGS)]

    def path(self, name: str) -> Path:
        """Return where a raw table stands.

        Parameters
        ----------
        name : str
            As ``reads`` has it.

        Returns
        -------
        Path
            In ``data/own`` for a table that a researcher brought, else in ``data/raw``.

        Examples
        --------
        >>> entry = StageEntry(name="02-a", reads=["own_month.csv"], writes=[])
        >>> paths.relative(entry.path("own_month.csv")).as_posix()
        'data/own/own_month.csv'
        """
        folder = paths.OWN if name.startswith(OWN) else paths.RAW
        return folder / self._files.get(name, name)

    @property
    def processed(self) -> list[str]:
        """The processed tables among the inputs, by name."""
        special = (RESULTS, FORECASTS, PROFILES)
        return [
            name for name in self.reads if not name.endswith(RAW_ENDINGS) and name not in special
        ]


class StageTable(Strict):
    """All stages in the order in which they stand.

    Attributes
    ----------
    window : Window
        The months that every stage needs, but those that know no country.
    catalogue : dict of str to str
        Data sets that follow the country of a run: their name among the reads to their file in
        ``data/raw``, where ``{country}`` stands for the country.
    about : dict of str to list of str
        Country to the raw tables that are about it alone and whose names do not say so.
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
    catalogue: dict[Read, Followed] = {}
    about: dict[str, list[Read]] = {}
    stage: list[StageEntry] = Field(min_length=1)
    _left: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def left_out(self) -> dict[str, str]:
        """Name of each stage that :meth:`of` left out, to the input that is not there."""
        return self._left

    def of(self, country: str, *, kind: Kind | None = None) -> "StageTable":
        """Return the stages that a country can have.

        A stage is left out where it reads a table that is about another country, a data set of the
        catalogue that the country lacks, a table that no researcher brought, or what such a stage
        would have written. A country that ``about`` names lacks nothing: a table of it that is
        missing is a fault.

        Parameters
        ----------
        country : str
            As the data spell it.
        kind : str, optional
            Which stages; by default the country's own, and the general ones where it has none.

        Returns
        -------
        StageTable
            Its entries know their files and read what they may; :attr:`left_out` tells the others.

        Examples
        --------
        >>> month = Window(first="2018-01", last="2024-12")
        >>> own = StageEntry(name="01-own", reads=["towns.csv"], writes=["months"])
        >>> later = StageEntry(name="02-later", reads=["months"], writes=[])
        >>> any_ = StageEntry(name="03-any", reads=[], writes=[], kind="general")
        >>> about = {"Freedonia": ["towns.csv"]}
        >>> table = StageTable(window=month, about=about, stage=[own, later, any_])
        >>> [entry.name for entry in table.of("Freedonia").stage]
        ['01-own', '02-later']
        >>> [entry.name for entry in table.of("Sylvania").stage], table.of("Sylvania").left_out
        (['03-any'], {'01-own': 'towns.csv', '02-later': 'months'})
        """
        kept: list[StageEntry] = []
        left: dict[str, str] = {}
        unwritten: set[str] = set()
        for entry in (self._located(one, country) for one in self.stage):
            lacking = [name for name in entry.reads if self._lacks(entry, name, country)]
            lacking += [name for name in entry.reads if name in unwritten]
            if lacking:
                left[entry.name] = lacking[0]
                unwritten |= set(entry.writes)
            else:
                kept.append(entry)
        if kind is None or kind == "any":
            kind = "own" if any(entry.kind == "own" for entry in kept) else "general"
        wanted = (kind, "any") if kind in ("own", "general") else (kind,)
        table = self.model_copy(update={"stage": [one for one in kept if one.kind in wanted]})
        would = ("own", *wanted) if kind == "general" else wanted
        table._left = {name: what for name, what in left.items() if self[name].kind in would}
        return table

    def _located(self, entry: StageEntry, country: str) -> StageEntry:
        """Return an entry that knows its files, with what it may read where that is there."""
        slug = as_slug(country)
        files = {
            name: self.catalogue[name].format(country=slug)
            for name in [*entry.reads, *entry.may_read]
            if name in self.catalogue
        }
        found = entry.model_copy()
        found._files = files
        there = [name for name in entry.may_read if found.path(name).exists()]
        found.reads = [*entry.reads, *there]
        return found

    def _lacks(self, entry: StageEntry, name: str, country: str) -> bool:
        if name.startswith(OWN):
            return not entry.path(name).exists()
        if country in self.about:
            return any(name in tables for one, tables in self.about.items() if one != country)
        return any(name in tables for tables in self.about.values()) or (
            name in self.catalogue and not entry.path(name).exists()
        )

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
        _check_may_read(path.name, entry)
        for name in entry.processed:
            if name not in written:
                raise InputError(
                    f"{path.name}, stage '{entry.name}': no earlier stage writes '{name}'"
                    + did_you_mean(name, written)
                )
        for name in (RESULTS, FORECASTS, PROFILES):
            if name in entry.writes:
                raise InputError(
                    f"{path.name}, stage '{entry.name}': "
                    f"'{name}' is what stages record or a person freezes, no table to write"
                )
        for name in entry.writes:
            if name in written:
                raise InputError(
                    f"{path.name}: both '{written[name]}' and '{entry.name}' write '{name}'"
                )
            written[name] = entry.name
    return table


def _check_may_read(file: str, entry: StageEntry) -> None:
    where = f"{file}, stage '{entry.name}', 'may_read'"
    for name in entry.may_read:
        if not name.endswith(RAW_ENDINGS):
            raise InputError(f"{where}: expected raw tables with their ending, not '{name}'")
        if name in entry.reads:
            raise InputError(f"{where}: '{name}' stands in 'reads' already; name it once")


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
