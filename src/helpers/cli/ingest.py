"""``python -m helpers.cli ingest``: build a raw table from a publisher's file, or stamp one."""

import argparse
import hashlib
import importlib
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.cli.edge import at_edge
from helpers.ingest.facts import facts_path
from helpers.raw.folders import called, raw_files
from helpers.raw.put import stamp

COMMANDS = {
    "ucdp-country-year": "ucdp_country_year",
    "ucdp-country-month": "ucdp_country_month",
    "ucdp-province-month": "ucdp_province_month",
    "ucdp-group-month": "ucdp_group_month",
    "ucdp-cell-month": "ucdp_cell_month",
    "ucdp-cell-events": "ucdp_cell_events",
    "ucdp-events": "ucdp_events",
    "ucdp-severity": "ucdp_severity",
    "places": "places",
    "census": "census",
    "road-deaths": "road_deaths",
    "police-figures": "area_figures",
    "group-claims": "area_figures",
    "vdem": "vdem",
    "natural-earth": "natural_earth",
    "natural-earth-world": "natural_earth_world",
    "borders": "borders",
    "published": "published",
    "mergers": "mergers",
    "external-support": "external_support",
    "own-acled": "own_acled",
    "own-acled-weekly": "own_acled_weekly",
    "own-gtd": "own_gtd",
    "own-plain": "own_plain",
}
# What some commands take beside files.
OPTIONS = {
    "version": "version of the files that tell none in a column or their name",
    "country": "country as UCDP spells it (default: that of the facts)",
}


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"helpers.ingest.{COMMANDS[command]}")


def folder_of(command: str) -> Path:
    """Return where the tables of a command go unless another folder is named.

    Parameters
    ----------
    command : str
        One of :data:`COMMANDS`.

    Returns
    -------
    pathlib.Path
        ``data/raw``; for a researcher's own source ``data/own``, which git does not see.

    Examples
    --------
    >>> folder_of("vdem").name, folder_of("own-plain").name
    ('raw', 'own')
    """
    return paths.OWN if command.startswith("own-") else paths.RAW


def build(
    command: str,
    sources: list[Path],
    out: Path | None = None,
    facts: Path | None = None,
    **more: str,
) -> list[Path]:
    """Build the table of a command.

    Parameters
    ----------
    command : str
        One of :data:`COMMANDS`.
    sources : list of pathlib.Path
        The publisher's file or files, in the order that the command names.
    out : pathlib.Path, optional
        Folder of the table and its sidecar; by default that of :func:`folder_of`.
    facts : pathlib.Path, optional
        The facts of the country; by default those beside the raw tables.
    **more : str
        For a command that takes them: ``version`` of files that tell none, ``country``.

    Returns
    -------
    list of pathlib.Path
        The tables.

    Raises
    ------
    InputError
        When a file is missing or is not what it should be; ``out`` is left as it was.

    Examples
    --------
    >>> build("vdem", [Path("nowhere.csv")])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    for source in sources:
        if not source.exists():
            raise InputError(
                f"the publisher's file {source} does not exist; download it and name its path"
            )
    _require_different(sources)
    module = _module(command)
    told = facts or getattr(module, "facts_of", lambda _: facts_path(command))(sources)
    try:
        return module.build(sources, out or folder_of(command), told, **more)
    except InputError as error:
        names = [one.name for one in sources]
        if any(name in str(error) for name in [*names, told.name]):
            raise
        raise InputError(f"{', '.join(names)}: {error}") from None


def _require_different(sources: list[Path]) -> None:
    """Refuse a file that is given twice, under one name or two: its rows would count twice."""
    seen: dict[str, Path] = {}
    for source in sources:
        if source.is_file():
            with source.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if digest in seen:
                raise InputError(f"{source} is the same file as {seen[digest]}; give it once")
            seen[digest] = source


def stamp_table(name: str) -> Path:
    """Take a meant edit of a raw table into its sidecar.

    Parameters
    ----------
    name : str
        Path of a table, or its name in ``data/raw``, with its folder where it stands in one below.

    Returns
    -------
    pathlib.Path
        The table.

    Raises
    ------
    InputError
        When there is no such table, or it is not what its sidecar says of its columns.

    Examples
    --------
    >>> stamp_table("nothing.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: there is no table ...
    """
    tables = {called(one): one for one in raw_files(paths.RAW)}
    table = Path(name).resolve() if Path(name).exists() else tables.get(name)
    table = table or paths.RAW / Path(name).name
    if not table.exists():
        raise InputError(f"there is no table {table}" + did_you_mean(name, tables))
    stamp(table)
    return table


class Parser(argparse.ArgumentParser):
    """A parser, and those of its commands, that tell a wrong word in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print in many lines.

        Parameters
        ----------
        message : str
            What argparse has to say.
        """
        raise InputError(f"{self.prog}: {message}; --help tells the words")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m helpers.cli ingest", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        sources = _module(command).SOURCES
        one = commands.add_parser(command, help=sources, description=f"From: {sources}.")
        one.add_argument(
            "sources", nargs="+", type=Path, help="the publisher's file or files, in that order"
        )
        one.add_argument(
            "--out",
            type=Path,
            default=folder_of(command),
            help=f"folder of the tables (default: {paths.relative(folder_of(command))})",
        )
        one.add_argument(
            "--facts",
            type=Path,
            help=f"facts of another country (default: data/raw/ingest/{command}.yml)",
        )
        for option, words in OPTIONS.items():
            if option in inspect.signature(_module(command).build).parameters:
                one.add_argument(f"--{option}", help=words)
    one = commands.add_parser("stamp", help="take a meant edit of a raw table into its sidecar")
    one.add_argument("tables", nargs="+", help="name or path of a table of data/raw")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Build or stamp; a file that cannot be used is one sentence and leaves data/raw as it was.

    Parameters
    ----------
    arguments : list of str, optional
        Words of the command line; by default those of the process.

    Returns
    -------
    int
        Exit status: 0, or 2 for input that cannot be used.

    Examples
    --------
    >>> from contextlib import redirect_stderr
    >>> with redirect_stderr(sys.stdout):
    ...     main(["vdem", "nowhere.csv"])
    error: the publisher's file nowhere.csv does not exist; download it and name its path
    2
    """
    return at_edge("ingest", lambda: _run(arguments))


def _run(arguments: list[str] | None) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "stamp":
        for name in options.tables:
            print(f"stamped {called(stamp_table(name))}")
        return 0
    given = {name: getattr(options, name, None) for name in OPTIONS}
    more = {name: value for name, value in given.items() if value}
    for table in build(options.command, options.sources, options.out, options.facts, **more):
        print(f"wrote {table}")
    return 0


if __name__ == "__main__":  # the same as the verb, which waits for others on this folder
    from helpers.cli import app

    sys.exit(app.main(["ingest", *sys.argv[1:]]))
