"""``make report``: check tables and parameters, run what has changed, and build the book."""

import time
from pathlib import Path

from helpers.base import paths
from helpers.raw.contract import verify, verify_all
from helpers.run.execute import drop_leftovers
from helpers.run.run import open_run
from helpers.run.table import raw_tables, read_stages


def report(params: Path, jobs: int) -> str:
    """Run the graph for one parameter file.

    Parameters
    ----------
    params : Path
        The parameters of the run.
    jobs : int
        Stages at once.

    Returns
    -------
    str
        One sentence: what ran, where the book is, and how long it took.

    Raises
    ------
    InputError
        When a table, the parameters, a notebook or a page cannot be used.
    """
    started = time.perf_counter()
    for table in raw_tables(read_stages()):
        verify(table)
    verify_all(paths.RAW)
    run = open_run(params.resolve())
    drop_leftovers(run)
    from helpers.engine.graph import run_graph  # the engine is imported when the input is good

    ran = run_graph(params.resolve(), jobs)
    what = f"ran {', '.join(ran)}" if ran else "nothing had changed"
    index = paths.relative(run.book / "html" / "index.html")
    return f"{what}; the book is {index} ({time.perf_counter() - started:.1f} s)"
