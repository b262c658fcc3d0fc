"""``make report``: check the parameters and the raw tables, run what has changed, build the book."""

import argparse
import contextlib
import os
import sys
import time
from pathlib import Path

from helpers import paths
from helpers.contracts import verify
from helpers.errors import InputError, one_sentence
from helpers.runs import Run, open_run
from helpers.stages import raw_tables, read_stages


@one_sentence
def main(arguments: list[str] | None = None) -> int:
    """Run the graph for one parameter file; return 0 when the book stands."""
    parser = argparse.ArgumentParser(prog="python -m helpers.report", description=main.__doc__)
    parser.add_argument("--params", type=Path, default=paths.PARAMS / "pakistan.yml", help="a file of params/")
    parser.add_argument("--jobs", type=_jobs, default=os.cpu_count() or 1, help="stages at once (default: the cores)")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    for table in raw_tables(read_stages()):
        verify(table)
    run = open_run(options.params.resolve())
    ran = _run_graph(options.params.resolve(), options.jobs)
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


def _run_graph(params: Path, jobs: int) -> list[str]:
    """Run pytask; return the stages that ran, or raise with the sentence of the first that failed."""
    from pytask import ExitCode, TaskOutcome, build, console

    os.environ["COMPENDIUM_PARAMS"] = str(params)
    # Remembered hashes go by time stamp; hashing all inputs anew costs milliseconds and misses nothing.
    (paths.ROOT / ".pytask" / "file_hashes.json").unlink(missing_ok=True)
    console.quiet = True
    session = build(paths=paths.ROOT / "src" / "helpers" / "engine", config=paths.ROOT / "pyproject.toml",
                    capture="no", n_workers=jobs, parallel_backend="processes" if jobs > 1 else "none",
                    stop_after_first_failure=False)
    if session.exit_code == ExitCode.OK:
        return [_short(report.task) for report in session.execution_reports if report.outcome == TaskOutcome.SUCCESS]
    raise InputError(_failure(session))


def _short(task) -> str:
    return task.base_name.split("[")[-1].rstrip("]").split("/")[-1]


def _failure(session) -> str:
    """Return the sentence of the first failure, of collection or of a task."""
    for report in [*session.execution_reports, *session.collection_reports]:
        if report.exc_info:
            error = report.exc_info[1] if isinstance(report.exc_info, tuple) else report.exc_info
            if isinstance(error, InputError):
                return str(error)
    with contextlib.suppress(Exception):
        from pytask import console
        console.quiet = False
        for report in [*session.execution_reports, *session.collection_reports]:
            if report.exc_info:
                console.print(*report.__rich_console__(console, console.options), file=sys.stderr)
    return f"the graph could not be run (exit code {session.exit_code.value})"


if __name__ == "__main__":
    sys.exit(main())
