"""Which stages a table reaches whose rows may not be passed on: directly, by tables, by results."""

import hashlib
from functools import lru_cache
from pathlib import Path

from helpers.base import paths
from helpers.base.files import listed, sha256
from helpers.raw.folders import raw_files
from helpers.raw.grains import Grains
from helpers.raw.public import Public
from helpers.raw.sidecar import publishable, read_sidecar, sidecar_path
from helpers.raw.traces import Traces
from helpers.run.table import RESULTS, StageTable


def reached(table: StageTable) -> dict[str, list[Path]]:
    """Return the restricted tables that reach each stage.

    Parameters
    ----------
    table : StageTable
        The stages.

    Returns
    -------
    dict of str to list of Path
        Name of a stage to raw tables, each once; a stage that none reaches is not among them. A
        stage reaches all that read what it wrote, and all that read results after it.

    Raises
    ------
    InputError
        When a sidecar cannot be read.

    Examples
    --------
    >>> from helpers.run.table import read_stages
    >>> reached(read_stages())
    {}
    """
    stages: dict[str, list[Path]] = {}
    written: dict[str, list[Path]] = {}
    for entry in table.stage:
        sources = [one for one in entry.raw if is_restricted(one)]
        sources += [one for name in entry.processed for one in written.get(name, ())]
        if RESULTS in entry.reads:
            sources += [
                one for before in table.before(entry) for one in stages.get(before.name, ())
            ]
        if sources:
            stages[entry.name] = list(dict.fromkeys(sources))
            written |= dict.fromkeys(entry.writes, stages[entry.name])
    return stages


def is_restricted(table: Path) -> bool:
    """Say whether the rows of a raw table may not be passed on.

    Parameters
    ----------
    table : Path
        A raw table; one that is missing, or has no sidecar, is told by others.

    Returns
    -------
    bool
    """
    return sidecar_path(table).exists() and not publishable(read_sidecar(table))


def restricted_tables() -> list[Path]:
    """Return the raw tables of the project whose rows may not be passed on.

    Returns
    -------
    list of Path
        Sorted, of ``data/own`` and of ``data/raw`` with the folders below.
    """
    files = [*listed(paths.OWN), *raw_files(paths.RAW)]
    return [one for one in files if not one.name.endswith(".source.yml") and is_restricted(one)]


def silent(table: StageTable) -> set[str]:
    """Return the stages that a table reaches of which not even sums may be passed on.

    Parameters
    ----------
    table : StageTable
        The stages.

    Returns
    -------
    set of str
        Names of stages, whose data nobody is offered to download.
    """
    return {
        name
        for name, tables in reached(table).items()
        if any(read_sidecar(one).aggregates is None for one in tables)
    }


def state(tables: list[Path]) -> str:
    """Return a text that changes with restricted tables and their terms.

    Parameters
    ----------
    tables : list of Path
        Restricted tables.

    Returns
    -------
    str
        A hash; empty where there are no tables.
    """
    found = "".join(f"{one.name} {sha256(one)} {sha256(sidecar_path(one))}\n" for one in tables)
    return hashlib.sha256(found.encode()).hexdigest() if found else ""


def watchers(tables: list[Path]) -> list[tuple[Traces, Grains]]:
    """Return what finds rows and sums of restricted tables in what is shown.

    Parameters
    ----------
    tables : list of Path
        Restricted tables; those that are no CSV have no rows and are left out.

    Returns
    -------
    list of (Traces, Grains)
        One of each for a table; made once for a process and a state of the tables.

    Raises
    ------
    InputError
        When a table or a sidecar cannot be read.
    """
    known = [one for one in listed(paths.RAW, "*.csv") if sidecar_path(one).exists()]
    open_tables = tuple((one, sha256(one)) for one in known if not is_restricted(one))
    return [_watcher(one, state([one]), open_tables) for one in tables if one.suffix == ".csv"]


@lru_cache
def _watcher(
    table: Path, now: str, open_tables: tuple[tuple[Path, str], ...]
) -> tuple[Traces, Grains]:
    traces = Traces(table, _public(open_tables))
    return traces, Grains(traces)


@lru_cache
def _public(open_tables: tuple[tuple[Path, str], ...]) -> Public:
    return Public(table for table, _ in open_tables)
