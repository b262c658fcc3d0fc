"""``make report``: check the parameters and the raw tables, run what has changed, build the book."""

import argparse
import io
import os
import sys
import time
from pathlib import Path

from helpers import paths
from helpers.contracts import verify
from helpers.errors import InputError, one_sentence
from helpers.execute import drop_leftovers
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
    drop_leftovers(run)
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
    console.file = said = io.StringIO()      # pytask's own account is shown only when it is needed
    session = build(paths=paths.ROOT / "src" / "helpers" / "engine", config=paths.ROOT / "pyproject.toml",
                    capture="no", n_workers=jobs, parallel_backend="processes" if jobs > 1 else "none")
    if session.exit_code == ExitCode.OK:
        reports = session.execution_reports
        return [_short(report.task) for report in reports if report.outcome == TaskOutcome.SUCCESS]
    raise InputError(_sentence(session) or f"the graph could not be run:\n{said.getvalue()}")


def _short(task) -> str:
    return task.name.rsplit("/", 1)[-1]


def _sentence(session) -> str:
    """Return the sentence of the first failure that has one, of collection or of a task."""
    for report in [*session.collection_reports, *session.execution_reports]:
        error = report.exc_info[1] if report.exc_info else None
        if isinstance(error, InputError):
            return str(error)
    return ""


if __name__ == "__main__":
    sys.exit(main())
