"""``make calibrate``: the tests of an interrupted series and the model of trackers under trial."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from helpers.base import paths

if TYPE_CHECKING:
    import pandas as pd

SERIES = 400  # in each row of the table that the book shows
SHOWN = ["scenario", "span", "method", "effect", "share", "low", "high", "covered", "series"]
FIGURES = "trackers_figures"  # the processed table of what enters the model of trackers
FILE = paths.PROCESSED / f"{FIGURES}.parquet"


def trials(series: int, workers: int, only: str | None) -> Iterator[tuple[str, "pd.DataFrame"]]:
    """Run the trials one after the other, or one part of them, and keep their tables.

    Parameters
    ----------
    series, workers : int
        As of :func:`calibrate`.
    only : str or None
        ``tests``, ``model`` or ``figures``. Where nothing is named, the figures are tried if the
        latest run has made them.

    Yields
    ------
    tuple of str and pandas.DataFrame
        Name and content of each table.

    Raises
    ------
    InputError
        When the figures are named, and no run has made them.
    """
    told = figures() if only == "figures" or (only is None and FILE.exists()) else None
    if only in (None, "tests"):
        yield "calibration", calibrate(series, workers)
    if only in (None, "model"):
        yield from of_model(workers)
    if told is not None:
        yield from of_figures(told, workers)


def calibrate(series: int, workers: int) -> "pd.DataFrame":
    """Return how often each test rejects with and without an effect, and keep it for the book.

    Parameters
    ----------
    series : int
        Simulated series for each scenario and effect; a table of :data:`SERIES` is kept.
    workers : int
        Processes; the answers do not depend on it.

    Returns
    -------
    pandas.DataFrame
        One row a scenario, method and effect (1 is none): the share of series in which the test
        rejects with its interval, and the share whose interval covers the effect.
    """
    from helpers.run.kept import code_key, keep
    from helpers.stats.trust import calibration

    table = calibration.calibration(calibration.SEED, series=series, workers=workers)
    if series == SERIES:
        keep("calibration", code_key(calibration.__name__), table)
    return table[SHOWN]


def of_model(workers: int) -> Iterator[tuple[str, "pd.DataFrame"]]:
    """Put the model of trackers on trial in worlds whose truth is known, and keep the tables.

    Parameters
    ----------
    workers : int
        Processes; the answers do not depend on it.

    Yields
    ------
    tuple of str and pandas.DataFrame
        Name and content of each table: ranks of the truth, planted ratios, spoilt figures.
    """
    from helpers.run.kept import code_key, keep
    from helpers.stats.trackers import calibration, outliers

    def ranks() -> "pd.DataFrame":
        return calibration.uniform(calibration.ranks(workers=workers))

    def worlds() -> "pd.DataFrame":
        return calibration.recovery(calibration.planted(workers=workers))

    def errors() -> "pd.DataFrame":
        return outliers.shares(outliers.trial(workers=workers))

    made: dict[str, tuple[str, Callable[[], pd.DataFrame]]] = {
        "trackers-ranks": (calibration.__name__, ranks),
        "trackers-worlds": (calibration.__name__, worlds),
        "trackers-errors": (outliers.__name__, errors),
    }
    for name, (module, make) in made.items():
        table = make()
        keep(name, code_key(module), table)
        yield name, table


def of_figures(told: "pd.DataFrame", workers: int) -> Iterator[tuple[str, "pd.DataFrame"]]:
    """Put the figures of trackers on trial, and keep the tables under a key of code and figures.

    Parameters
    ----------
    told : pandas.DataFrame, one row a figure
        The processed table :data:`FIGURES`: ``source``, ``quantity``, ``unit``, ``months`` (their
        names, parted by spaces), ``value``, ``lowest`` (what it may be at least) and ``anchor``
        (whether the source is it).
    workers : int
        Processes; the answers do not depend on it.

    Yields
    ------
    tuple of str and pandas.DataFrame
        Name and content of each table: yearly changes of each source as the others predict them,
        how many lie in their intervals, and the ratios under other assumptions.
    """
    from helpers.run.kept import code_key, keep
    from helpers.stats.trackers import left_out, sensitivity
    from helpers.stats.trackers.calibration import SEED

    figures, anchor = arranged(told)
    key = code_key(left_out.__name__, told)
    changes = left_out.left_out(figures, anchor, SEED, workers=workers)
    as_assumed = changes[changes["prior"] == next(iter(left_out.VARIANTS))]
    for name, table in (
        ("trackers-left-out", as_assumed.drop(columns="prior")),
        ("trackers-left-out-held", left_out.held(changes)),
    ):
        keep(name, key, table)
        yield name, table
    attacks = figures.loc[figures["quantity"] == "attacks", "source"]
    others = sorted(set(attacks) - {anchor})
    everybody = sorted(figures["source"].unique())
    assumed = sensitivity.variants(figures, anchor, without=everybody, anchors=others[:1])
    last = max(run[-1].year for run in figures["months"])
    table = sensitivity.sensitivity(assumed, last, SEED, workers=workers)
    keep("trackers-sensitivity", code_key(sensitivity.__name__, told), table)
    yield "trackers-sensitivity", table


def arranged(told: "pd.DataFrame") -> tuple["pd.DataFrame", str]:
    """Return figures as the model takes them, and their anchor.

    Parameters
    ----------
    told : pandas.DataFrame
        As :func:`of_figures` takes it.

    Returns
    -------
    figures : pandas.DataFrame
        ``months`` are tuples of periods.
    anchor : str
        The one source that is marked.

    Raises
    ------
    InputError
        When no source, or more than one, is marked.

    Examples
    --------
    >>> import pandas as pd
    >>> told = {"source": ["P"], "months": ["2024-01 2024-02"], "anchor": [True]}
    >>> figures, anchor = arranged(pd.DataFrame(told))
    >>> len(figures["months"][0]), anchor
    (2, 'P')
    """
    import pandas as pd

    from helpers.base.errors import InputError

    marked = told.loc[told["anchor"], "source"].unique()
    if len(marked) != 1:
        raise InputError(
            f"{FIGURES} marks {len(marked)} sources as the anchor; expected one: run make report"
        )
    months = [tuple(pd.Period(one, "M") for one in run.split()) for run in told["months"]]
    return told.assign(months=months), str(marked[0])


def figures() -> "pd.DataFrame":
    """Return the figures of the latest run.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    InputError
        When no run has made them yet.
    """
    import pandas as pd

    from helpers.base.errors import InputError

    if not FILE.exists():
        raise InputError(f"{paths.relative(FILE)} is not there yet; run make report first")
    return pd.read_parquet(FILE)
