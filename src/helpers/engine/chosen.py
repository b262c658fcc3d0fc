"""Some stages of a run, with those that they need, in the place of all of them."""

from collections.abc import Collection, Iterable

from helpers.run.run import Run
from helpers.run.table import RESULTS, StageEntry, StageTable


def needed(table: StageTable, names: Iterable[str]) -> list[str]:
    """Return stages with all that they need.

    Parameters
    ----------
    table : StageTable
        The stages.
    names : iterable of str
        Those that are wanted.

    Returns
    -------
    list of str
        In the order of the table: the wanted ones, the stages that write what these read, and all
        that stand before one that reads results.

    Raises
    ------
    InputError
        When there is no such stage; the nearest is named.

    Examples
    --------
    >>> from helpers.run.table import Window
    >>> month = Window(first="2018-01", last="2024-12")
    >>> one = StageEntry(name="01-a", reads=[], writes=["months"])
    >>> two, three = (StageEntry(name=n, reads=["months"], writes=[]) for n in ("02-b", "03-c"))
    >>> table = StageTable(window=month, stage=[one, two, three])
    >>> needed(table, ["03-c"])
    ['01-a', '03-c']
    """
    writer = {name: entry for entry in table.stage for name in entry.writes}
    waiting = [table[name] for name in names]
    found: set[str] = set()
    while waiting:
        entry = waiting.pop()
        if entry.name in found:
            continue
        found.add(entry.name)
        waiting += [writer[name] for name in entry.processed if name in writer]
        waiting += table.before(entry) if RESULTS in entry.reads else []
    return [entry.name for entry in table.stage if entry.name in found]


def without(run: Run, chosen: Collection[str]) -> list[str]:
    """Return the stages for which a book would have to wait: not chosen, and never run.

    Parameters
    ----------
    run : Run
        The run.
    chosen : collection of str
        As of :func:`needed`.

    Returns
    -------
    list of str
        Names, in the order of the table.
    """
    return [one.name for one in run.table.stage if one.name not in chosen and not _ran(run, one)]


def _ran(run: Run, entry: StageEntry) -> bool:
    made = [run.manifest(entry), run.executed(entry), *map(run.parquet, entry.writes)]
    return all(path.exists() for path in made)
