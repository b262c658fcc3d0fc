"""``python -m helpers.ingest``: build a raw table from the publisher's own file, or stamp an edited one."""

import argparse
import importlib
import sys
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError, one_sentence

COMMANDS = {
    "ucdp-country-year": "ucdp_country_year",
    "ucdp-country-month": "ucdp_country_month",
    "ucdp-events": "ucdp_events",
    "ucdp-severity": "ucdp_severity",
    "places": "places",
    "vdem": "vdem",
    "natural-earth": "natural_earth",
    "published": "published",
    "mergers": "mergers",
    "external-support": "external_support",
}


def _module(command: str):
    return importlib.import_module(f"helpers.ingest.{COMMANDS[command]}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m helpers.ingest", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        sources = _module(command).SOURCES
        one = commands.add_parser(command, help=sources, description=f"From: {sources}.")
        one.add_argument(
            "sources", nargs="+", type=Path, help="the publisher's file or files, in that order"
        )
        one.add_argument(
            "--out", type=Path, default=paths.RAW, help="folder of the tables (default: data/raw)"
        )
    stamp = commands.add_parser("stamp", help="take a meant edit of a raw table into its sidecar")
    stamp.add_argument("tables", nargs="+", help="name or path of a table of data/raw")
    return parser


@one_sentence
def main(arguments: list[str] | None = None) -> int:
    """Build or stamp; a file that cannot be used is one sentence and leaves data/raw as it was."""
    options = _parser().parse_args(arguments)
    if options.command == "stamp":
        from helpers.raw.put import stamp

        for name in options.tables:
            table = Path(name) if Path(name).exists() else paths.RAW / Path(name).name
            if not table.exists():
                raise InputError(f"there is no table {table}")
            stamp(table)
            print(f"stamped {table.name}")
        return 0
    for source in options.sources:
        if not source.exists():
            raise InputError(
                f"the publisher's file {source} does not exist; download it and name its path"
            )
    for table in _module(options.command).build(options.sources, options.out):
        print(f"wrote {table}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
