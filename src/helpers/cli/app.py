"""One command line behind the Makefile's verbs: ``python -m helpers.cli VERB``.

A verb parses its options, calls one function, and prints what it says; what a verb needs is
imported when it is called. Whatever goes wrong is one sentence on stderr and exit status 2, for
every verb (:mod:`helpers.cli.edge`).
What stands in a docstring after ``\\f`` is not part of what ``--help`` shows.
"""

import functools
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.lock import alone
from helpers.base.stopping import Stopped
from helpers.base.varied import VARIATIONS
from helpers.cli.edge import at_edge

FILE = click.Path(path_type=Path)
ONE_OR_MORE = click.IntRange(min=1)
PARTS = ["tests", "model", "figures"]  # of what make calibrate tries
MEASURED = ["graph", "statistics", "files", "engine", "sweep", "book"]  # by make bench


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb.

    Parameters
    ----------
    arguments : sequence of str, optional
        The verb and its options; those of the process where none are given.

    Returns
    -------
    int
        The exit status: 0, 1 where a check found something, 2 where something went wrong, 130 and
        143 where a signal ended it.

    Examples
    --------
    >>> from contextlib import redirect_stderr
    >>> with redirect_stderr(sys.stdout):
    ...     main(["reprot"])
    error: No such command 'reprot'. Did you mean 'report'?
    2
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    verb = next((word for word in words if word in app.commands), "compendium")
    return at_edge(verb, lambda: _run(words))


def _run(words: Sequence[str]) -> int:
    """Run a verb; what click has to say of the command line becomes an error like any other."""
    try:
        status = app(words, standalone_mode=False, prog_name="python -m helpers.cli")
        return status if isinstance(status, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return 2
    except click.ClickException as error:
        raise InputError(error.format_message()) from None
    except click.exceptions.Abort:
        raise Stopped(signal.SIGINT) from None


def _published(context: click.Context, option: click.Parameter, given: Path | None) -> Path:
    from helpers.run.published import default_params

    return (given or default_params()).resolve()


def with_params(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option ``--params``, a file, which is the published run's by default.

    Parameters
    ----------
    command : callable
        Takes the path as ``params``, resolved.

    Returns
    -------
    callable
        The same, with the option.
    """
    return _params_option()(command)


def _params_option(variable: str | None = None) -> Callable[..., Any]:
    words = "A file of params/ (default: the published run)."
    return click.option("--params", type=FILE, callback=_published, envvar=variable, help=words)


def with_workers(name: str, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command an option for how much goes on at once, the machine's cores by default.

    Parameters
    ----------
    name : str
        The option, such as ``--jobs``.
    words : str
        What it counts.

    Returns
    -------
    callable
        A decorator; the command takes an int of at least 1.
    """
    return click.option(
        name, type=ONE_OR_MORE, default=os.cpu_count() or 1, help=f"{words} (default: the cores)."
    )


def alone_on_tree(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command begin when no other one that writes works on this folder.

    Parameters
    ----------
    command : callable
        Its name is told to who waits.

    Returns
    -------
    callable
        The same, which waits.
    """

    @functools.wraps(command)
    def waits(*arguments: Any, **options: Any) -> Any:
        with alone(paths.ROOT / ".run" / "tree.lock", command.__name__):
            return command(*arguments, **options)

    return waits


def with_scheduler(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option ``--scheduler``, an address, or nothing.

    Parameters
    ----------
    command : callable
        Takes it as ``scheduler``.

    Returns
    -------
    callable
        The same, with the option.
    """
    words = "A Dask scheduler whose workers run the stages."
    return click.option("--scheduler", envvar="DASK_SCHEDULER", help=words)(command)


def told_unchanged(params: Path, *, sweep: bool) -> bool:
    """Say that nothing had changed, where that is so, before anything else is imported.

    Parameters
    ----------
    params : Path
        The parameter file of the run.
    sweep : bool
        Whether it is the sweep over all countries.

    Returns
    -------
    bool
        Whether it was said.
    """
    from helpers.engine.looked import unchanged

    started = time.perf_counter()
    if (book := unchanged(params, sweep=sweep)) is None:
        return False
    index = paths.relative(book / "html" / "index.html")
    print(f"nothing had changed; the book is {index} ({time.perf_counter() - started:.1f} s)")
    return True


@click.group()
def app() -> None:
    """Build, check and change the compendium."""


@app.command()
@with_params
@with_workers("--jobs", "Stages at once")
@with_scheduler
@click.option("--only", envvar="ONLY", help="Chapters, parted by commas, and what they need.")
@alone_on_tree
def report(params: Path, jobs: int, scheduler: str | None, only: str | None) -> None:
    """Run what has changed and build the book.

    \f
    Parameters
    ----------
    params : Path
        The parameters of the run.
    jobs : int
        Stages at once.
    scheduler : str or None
        Its address, such as ``tcp://host:8786``.
    only : str or None
        Names of stages, parted by commas; all where none is named.
    """
    if only or not told_unchanged(params, sweep=False):
        from helpers.cli.report import report as run

        print(run(params, jobs, scheduler or None, only or ""))


@app.command()
@with_params
@with_workers("--jobs", "Stages at once")
@with_scheduler
@alone_on_tree
def sweep(params: Path, jobs: int, scheduler: str | None) -> None:
    """Run one notebook for each country of the tables, and compare them in one book.

    \f
    Parameters
    ----------
    params : Path
        The parameters, all of which count but the country.
    jobs : int
        Stages at once.
    scheduler : str or None
        Its address, such as ``tcp://host:8786``.
    """
    if not told_unchanged(params, sweep=True):
        from helpers.cli.report import sweep as run

        print(run(params, jobs, scheduler or None))


@app.command()
@with_params
@alone_on_tree
def pdf(params: Path) -> None:
    """Print the built book as one PDF with Chromium.

    \f
    Parameters
    ----------
    params : Path
        The parameters of the run.
    """
    from helpers.book.print import write_book
    from helpers.run.run import open_run

    print(f"the PDF is {paths.relative(write_book(open_run(params)))}")


@app.command()
def audit() -> int:
    """List digits, words of quantity and ends of tables that no result stands behind.

    \f
    Returns
    -------
    int
        Exit status: 1 when there is one.
    """
    from helpers.prose import digits, extents, words

    typed, ends = digits.findings(), extents.findings()
    said, waiting = words.findings()
    for one in (*typed, *ends, *said, *waiting):
        print(one)
    if waiting:
        print(f"{len(waiting)} of these words stand in pages that wait (book/allowed-words.yml)")
    what = f"{len(typed)} unbound digits, {len(ends)} typed ends and {len(said)} unbound words"
    print(f"{what} in {len(digits.sources())} pages and notebooks")
    return 1 if typed or ends or said else 0


@app.command()
def habits() -> int:
    """List what notebooks do against the habits.

    \f
    Returns
    -------
    int
        Exit status: 1 when there is something.
    """
    from helpers.prose.habits import findings
    from helpers.run.table import read_stages

    found = [
        one
        for entry in read_stages().stage
        for one in findings(entry.notebook, entry.kind in ("each", "sweep"))
    ]
    for one in found:
        print(one)
    return 1 if found else 0


@app.command()
@click.argument("name", required=False)
@alone_on_tree
def fetch(name: str | None) -> None:
    """Fetch an open file by name, or list those that are known.

    \f
    Parameters
    ----------
    name : str or None
        An entry of ``data/raw/ingest/downloads.yml``.
    """
    from helpers.ingest.download import catalogue, named
    from helpers.ingest.download import fetch as get

    if name is None:
        for one, entry in catalogue().items():
            known = "" if entry.sha256 else " (its first download pins its hash)"
            print(f"{one}: {entry.title}, {entry.licence}{known}")
        return
    print(f"fetched: {paths.relative(get(named(name), paths.OWN / 'downloads'))}")


@app.command()
@click.argument("files", type=FILE, nargs=-1)
def guard(files: tuple[Path, ...]) -> int:
    """List what git holds (or FILES) of tables that may not be passed on.

    \f
    Parameters
    ----------
    files : tuple of Path
        What is to be looked at; all that git tracks where nothing is named.

    Returns
    -------
    int
        Exit status: 1 when there is something.
    """
    from helpers.cli.guard import findings

    found = findings(files)
    for one in found:
        print(one)
    return 1 if found else 0


@app.command()
@_params_option("PARAMS")
@click.option("--copy-only", is_flag=True, help="Make the copies and stop.")
@click.option("--take", metavar="NAME", help="Put the copy NAME.ipynb in place of the original.")
@alone_on_tree
def lab(params: Path, copy_only: bool, take: str | None) -> None:
    """Open a working copy of the notebooks, or take one back.

    \f
    Parameters
    ----------
    params : Path
        The parameters of the run whose numbers and tables the copies have.
    copy_only : bool
        Whether to stop when the copies are made.
    take : str or None
        A notebook, without its ending, that is put in place of its original; nothing is opened
        then.
    """
    from helpers.cli import lab as room
    from helpers.run.run import open_run

    run = open_run(params)
    if take is not None:
        room.take(take, run)
        print(f"notebooks/{take}.ipynb is your copy now; make report runs it")
        return
    for sentence in room.copy_notebooks(run):
        print(sentence)
    if not copy_only:
        room.lab(run)


@app.command()
@click.option("--pack", type=FILE, metavar="FILE", help="Write what was built as one zip archive.")
@click.option("--take", metavar="FILE|ADDRESS", help="Use such an archive in a fresh checkout.")
@click.option("--published", is_flag=True, help="Take the one beside the published pages.")
@alone_on_tree
def built(pack: Path | None, take: str | None, published: bool) -> None:
    """Pack what was built, or take what was built elsewhere.

    \f
    Parameters
    ----------
    pack : Path or None
        The archive that is written.
    take : str or None
        An archive, by file or address.
    published : bool
        Whether to take the one that stands beside the pages of the project's public address.
    """
    from helpers.cli import built as room

    if pack is not None:
        print(f"{pack} holds {room.pack(pack):,} files")
    elif source := room.published() if published else take:
        print(f"took {room.take(source):,} files; make report runs what they were not made of")
    else:
        raise InputError("nothing was asked for; say --pack FILE, --take FILE or --published")


@app.command()
@click.argument("name")
@click.option("--claim", envvar="CLAIM", help="What it is to decide, added to the claims.")
@alone_on_tree
def new(name: str, claim: str | None) -> None:
    """Make a notebook from the template, in graph and book.

    \f
    Parameters
    ----------
    name : str
        Lower-case words joined by hyphens.
    claim : str or None
        A statement that its result decides.
    """
    from helpers.cli.new import new as make

    print(make(name, claim or ""))


@app.command()
@click.argument("name")
@click.option("--yes", envvar="YES", help="Whatever is given: move a notebook that git has not.")
@alone_on_tree
def remove(name: str, yes: str | None) -> None:
    """Take a notebook out of graph, book and results.

    \f
    Parameters
    ----------
    name : str
        A stage, with or without its number.
    yes : str or None
        Any text to move away a notebook that git does not have as it stands.
    """
    from helpers.cli.remove import remove as take_out

    for line in take_out(name, yes=bool(yes)):
        print(line)


@app.command()
@click.argument("name")
@alone_on_tree
def new_country(name: str) -> None:
    """Make the parameters of a country's run, and tables for its own claims.

    \f
    Parameters
    ----------
    name : str
        The country, as people write it.
    """
    from helpers.cli.new_country import new_country as make

    for sentence in make(name):
        print(sentence)


@app.command()
@alone_on_tree
def baseline() -> None:
    """Take the results of the published run as agreed."""
    from helpers.run.baseline import renew

    moved = renew(paths.PROCESSED / "results.json")
    for line in moved:
        print(line)
    print(f"{len(moved)} results moved; say why in the commit" if moved else "nothing has moved")


@app.command()
@click.option("--series", type=ONE_OR_MORE, default=400, help="Series a scenario and effect.")
@with_workers("--workers", "Processes")
@click.option("--only", type=click.Choice(PARTS), help="One of the three parts.")
@alone_on_tree
def calibrate(series: int, workers: int, only: str | None) -> None:
    """Simulate size and power of the tests; try the model of trackers.

    \f
    Parameters
    ----------
    series : int
        Series for each scenario and effect.
    workers : int
        Processes.
    only : str or None
        ``tests`` of an interrupted series, the ``model`` of trackers in worlds whose truth is
        known, or the model on the ``figures`` of the latest run.
    """
    from helpers.run.kernel import compute_alike

    compute_alike()  # before what follows loads numpy
    from helpers.cli.calibrate import trials

    for name, table in trials(series, workers, only):
        print(f"{name}\n{table.to_string(index=False, float_format='{:.3f}'.format)}\n")


@app.command()
@alone_on_tree
@with_workers("--jobs", "Stages at once")
@click.option("--dirty", is_flag=True, help="Pack tracked files as they stand, and say so.")
def bundle(jobs: int, dirty: bool) -> None:
    """Write source, data, results and book as one archive.

    \f
    Parameters
    ----------
    jobs : int
        Stages at once.
    dirty : bool
        Whether files may differ from the commit.
    """
    from helpers.base.source import MANIFEST
    from helpers.cli.bundle import bundle as write

    made = write(jobs, dirty=dirty)
    for name, reason in sorted(made.left_out.items()):
        print(f"left out: {name} ({reason})")
    where = paths.relative(made.path)
    print(f"{where} holds {made.files:,} files in {made.size / 1e6:.1f} MB")
    print(f"unpack it, and in its folder check it: sha256sum --quiet -c {MANIFEST}")


@app.command()
@click.argument("bundle", type=FILE, required=False)
@alone_on_tree
def archive(bundle: Path | None) -> int:
    """Judge a bundle (by default the newest) as an archive would.

    \f
    Parameters
    ----------
    bundle : Path or None
        A bundle; the newest of ``dist`` where none is named.

    Returns
    -------
    int
        Exit status: 1 when something is damaged or lacks what a standard requires.
    """
    from helpers.cli.archive import OFFLINE
    from helpers.cli.archive import archive as judge

    found = judge(bundle)
    for line in found.wrong:
        print(line)
    print(
        f"{found.files:,} files, {len(found.wrong)} faults by the bundle's hashes, frictionless "
        f"and roc-validator ({len(found.advised)} more that RO-Crate only recommends)"
    )
    print(OFFLINE)
    return 1 if found.wrong else 0


@app.command()
def licences() -> int:
    """List the licence of each locked package against the policy.

    \f
    Returns
    -------
    int
        Exit status: 1 when one is not allowed or not known.
    """
    from helpers.cli.licences import NO_DATABASE, read

    found = read()
    for one in found:
        print(one)
    wrong = [one for one in found if one.fault]
    print(f"{len(found)} packages, {len(wrong)} not allowed or not known; {NO_DATABASE}")
    return 1 if wrong else 0


@app.command()
@alone_on_tree
def clean() -> None:
    """Remove everything generated, keep the environment."""
    from helpers.cli.clean import clean as remove

    remove()


@app.command()
@click.option("--old", envvar="OLD", help="A revision or version (default: the last release).")
@click.option("--new", envvar="NEW", help="Another one (default: the working tree).")
def diff(old: str | None, new: str | None) -> None:
    """Say which results, verdicts and rows of raw tables changed.

    \f
    Parameters
    ----------
    old, new : str or None
        Revisions of git, or versions of the ledger.
    """
    from helpers.book.changed import lines
    from helpers.cli.diff import changed, default_old

    for line in lines(changed(old or default_old(), new or None)):
        print(line)


@app.command()
@click.option("--upgrade", envvar="UPGRADE", help="Whatever is given: take the newest versions.")
@alone_on_tree
def lock(upgrade: str | None) -> None:
    """Resolve pyproject.toml anew into the locks, and say which versions changed.

    \f
    Parameters
    ----------
    upgrade : str or None
        Any text to take the newest versions that are allowed.
    """
    from helpers.cli.lock import lock as resolve

    for line in resolve(upgrade=bool(upgrade)):
        print(line)


@app.command()
@click.argument("version", envvar="VERSION")
@alone_on_tree
def release(version: str) -> None:
    """Write a release into the tree, and print the commands that remain.

    \f
    Parameters
    ----------
    version : str
        ``x.y.z``, greater than that of the project.
    """
    from helpers.cli.release import release as write

    for line in write(version):
        print(line)


@app.command()
@alone_on_tree
def amendments() -> None:
    """Write what was amended in the claims, from git."""
    from helpers.cli.amendments import write

    for line in write():
        print(line)


@app.command()
@with_params
@click.option(
    "--vary", multiple=True, type=click.Choice(VARIATIONS), help="Vary this alone (repeatable)."
)
@alone_on_tree
def verify(params: Path, vary: tuple[str, ...]) -> int:
    """Rebuild twice, the second time elsewhere; compare every byte.

    \f
    Parameters
    ----------
    params : Path
        The parameters of the run.
    vary : tuple of str
        What differs in the second build; everything where nothing is named.

    Returns
    -------
    int
        Exit status: 1 when the builds differ, or a result from the baseline.
    """
    from helpers.cli.verify import told
    from helpers.cli.verify import verify as compare

    found = compare(str(paths.relative(params)), vary or VARIATIONS)
    for line in told(found):
        print(line)
    return 1 if found.different or found.moved else 0


@app.command()
@alone_on_tree
def across() -> int:
    """Build with other Pythons and newer packages; compare the results.

    \f
    Returns
    -------
    int
        Exit status: 1 when a result moved under the lock; newer packages only warn.
    """
    from helpers.cli.across import across as build

    found = list(build())
    for one in found:
        print(one)
    return 1 if any(one.moved and one.locked for one in found) else 0


@app.command()
@with_params
@click.option("--only", type=click.Choice(MEASURED), help="One of the parts.")
@alone_on_tree
def bench(params: Path, only: str | None) -> None:
    """Measure the graph and the statistics against plain ones.

    \f
    Parameters
    ----------
    params : Path
        The parameters of the run.
    only : str or None
        One of :data:`MEASURED` for that part alone.
    """
    from helpers.cli.bench import bench as measure

    measure(str(paths.relative(params)), only)


@app.command()
@with_params
@click.option(
    "--ged", envvar="GED", help="UCDP GED of one release: CSV, or a zip or workbook with one table."
)
@click.option(
    "--candidate",
    envvar="CANDIDATE",
    help="UCDP Candidate events; several files are parted by ':'.",
)
@click.option(
    "--acled",
    envvar="ACLED",
    help="ACLED export of events, or its weekly aggregate, or both (':').",
)
@click.option("--gtd", envvar="GTD", help="Global Terrorism Database.")
@click.option(
    "--figures", envvar="FIGURES", help="A table of your own, with a mapping NAME.yml beside it."
)
@click.option(
    "--country",
    envvar="COUNTRY",
    help="Country as UCDP spells it (default: that of the parameters).",
)
@click.option("--yes", is_flag=True, help="Put the tables in place; without it, only look.")
@alone_on_tree
def data(params: Path, country: str | None, yes: bool, **files: str | None) -> None:
    """Look at files of your own and put their tables in place.

    \f
    Parameters
    ----------
    params : Path
        The parameters of the run, whose country is taken where none is named.
    country : str or None
        As UCDP spells it.
    yes : bool
        Whether to put the tables in place.
    **files : str or None
        Paths by option, parted as in PATH.
    """
    from helpers.cli.data import country_of, parted
    from helpers.cli.data import data as look

    given = {name.upper(): parted(value) for name, value in files.items() if value}
    for line in look(given, country_of(params, country), yes):
        print(line)


@app.command()
@click.option("--source", envvar="SOURCE", help="Which kind of file, or one of downloads.yml.")
@click.option("--file", envvar="FILE", help="The file; without it, it is fetched.")
@alone_on_tree
def update(source: str | None, file: str | None) -> None:
    """Put a newer file of a publisher's into the tables.

    \f
    Parameters
    ----------
    source : str or None
        A kind of ``data/raw/ingest/updates.yml``, or a name of ``downloads.yml``.
    file : str or None
        Its path; empty where it is to be fetched.
    """
    from helpers.cli.update import update as renew

    for line in renew(source or "", Path(file) if file else None):
        print(line)


@app.command()
@with_params
@alone_on_tree
def freeze(params: Path) -> None:
    """Commit the forecast of the published run, so that it can be graded.

    \f
    Parameters
    ----------
    params : Path
        The parameters of the run.
    """
    from helpers.cli.freeze import freeze as keep

    for line in keep(params):
        print(line)


@app.command()
def grade() -> None:
    """Hold every frozen forecast against the months that have come."""
    from helpers.cli.grade import grade as judge

    for line in judge():
        print(line)


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.pass_context
@alone_on_tree
def ingest(context: click.Context) -> int:
    """Build a raw table from a publisher's file, or stamp one.

    \f
    Parameters
    ----------
    context : click.Context
        Its words, of which :mod:`helpers.cli.ingest` makes sense.

    Returns
    -------
    int
        Exit status, as of :func:`helpers.cli.ingest.main`.
    """
    from helpers.cli.ingest import COMMANDS
    from helpers.cli.ingest import main as build

    word, known = next(iter(context.args), ""), [*COMMANDS, "stamp"]
    if word not in known and word != "--help":  # argparse would say it in many lines
        near = did_you_mean(word, known) or f"; there are {', '.join(known)}"
        raise InputError(f"ingest has no command '{word}'{near}")
    return build(context.args)
