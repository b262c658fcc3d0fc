"""``make report``: check the parameters and the raw tables, run what has changed, build the book."""

import argparse
import os
import sys
import time
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import one_sentence
from helpers.raw.contract import verify
from helpers.run.execute import drop_leftovers
from helpers.run.run import open_run
from helpers.run.table import raw_tables, read_stages


@one_sentence
def main(arguments: list[str] | None = None) -> int:
    """Run the graph for one parameter file; return 0 when the book stands."""
    parser = argparse.ArgumentParser(prog="python -m helpers.cli.report", description=main.__doc__)
    parser.add_argument(
        "--params", type=Path, default=paths.PARAMS / "pakistan.yml", help="a file of params/"
    )
    parser.add_argument(
        "--jobs",
        type=_jobs,
        default=os.cpu_count() or 1,
        help="stages at once (default: the cores)",
    )
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    for table in raw_tables(read_stages()):
        verify(table)
    run = open_run(options.params.resolve())
    drop_leftovers(run)
    from helpers.engine.graph import run_graph

    ran = run_graph(options.params.resolve(), options.jobs)
    index = run.book / "html" / "index.html"
    what = f"ran {', '.join(ran)}" if ran else "nothing had changed"
    print(f"{what}; the book is {_relative(index)} ({time.perf_counter() - started:.1f} s)")
    return 0


def _jobs(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"JOBS is '{text}', expected a whole number of at least 1")
    return int(text)


def _relative(path: Path) -> Path:
    return path.relative_to(paths.ROOT) if path.is_relative_to(paths.ROOT) else path


if __name__ == "__main__":
    sys.exit(main())
