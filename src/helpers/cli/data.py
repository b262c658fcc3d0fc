"""``make data``: put a researcher's own files in place, after a look at what they hold.

Everything is built beside the tables first, and checked against them. Without a yes that is all:
the preview is printed and nothing is changed. With it the new tables are moved into place, all or
none.
"""

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpers.base import names, paths
from helpers.base.errors import InputError
from helpers.base.files import listed, whole
from helpers.base.models import validated
from helpers.base.reading import read_yaml
from helpers.cli import data_preview
from helpers.ingest import own_acled, own_acled_weekly, own_gtd, own_plain, own_tables, ucdp_own
from helpers.ingest.facts import facts_path
from helpers.ingest.own_facts import CriteriaFacts, TypedFacts
from helpers.ingest.own_kinds import UCDP, kind_of
from helpers.ingest.own_rows import OwnRows, joined
from helpers.ingest.ucdp_layout import Sheet, open_sheet
from helpers.ingest.ucdp_versions import order
from helpers.raw.contract import recheck
from helpers.raw.sidecar import sidecar_path

# What a file given under an option may be.
OPTIONS = {
    "GED": [UCDP],
    "CANDIDATE": [UCDP],
    "ACLED": [own_acled.KIND, own_acled_weekly.KIND],
    "GTD": [own_gtd.KIND],
    "FIGURES": [own_plain.KIND],
}


@dataclass(frozen=True)
class Given:
    """A file that was given.

    Attributes
    ----------
    option : str
        A key of :data:`OPTIONS`.
    path : pathlib.Path
        The file.
    kind : str
        What its columns say that it is.
    sheet : Sheet
        The file, opened.
    """

    option: str
    path: Path
    kind: str
    sheet: Sheet


def data(files: Mapping[str, Sequence[Path]], country: str, yes: bool) -> list[str]:
    """Look at a researcher's files and, with a yes, put their tables in place.

    Parameters
    ----------
    files : mapping of str to sequence of pathlib.Path
        Files by option, a key of :data:`OPTIONS`.
    country : str
        As UCDP spells it.
    yes : bool
        Whether to put the tables in place.

    Returns
    -------
    list of str
        The preview, a line each.

    Raises
    ------
    InputError
        When a file is not what it should be; no table is changed.

    Examples
    --------
    >>> data({}, "Chad", yes=False)
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: no file is given; name one, as in make data ACLED=path
    """
    given = [opened(option, path) for option, every in files.items() for path in every]
    if not given:
        raise InputError("no file is given; name one, as in make data ACLED=path")
    _require_once(given)
    with staged() as stage:
        lines = _events(given, country, stage) + _own(given, country, stage)
        changed = changed_tables(stage)
        lines += data_preview.of_tables(changed)
        if yes:
            place(changed)
    end = "put in place" if yes else "nothing is changed yet: YES=1 puts these tables in place"
    return [*lines, end]


def parted(value: str) -> list[Path]:
    """Return the files that an option names.

    Parameters
    ----------
    value : str
        A path, or several parted by the character that parts those of PATH.

    Returns
    -------
    list of pathlib.Path
        A value that is a path as it stands is one.

    Examples
    --------
    >>> [path.name for path in parted(os.pathsep.join(["a.csv", "b.csv"]))]
    ['a.csv', 'b.csv']
    """
    if Path(value).exists():
        return [Path(value)]
    return [Path(part) for part in value.split(os.pathsep) if part]


def country_of(params: Path, named: str | None) -> str:
    """Return the country whose rows are taken, as UCDP spells it.

    Parameters
    ----------
    params : pathlib.Path
        Parameters of a run, whose country is taken where none is named.
    named : str or None
        As a person writes it.

    Returns
    -------
    str
        The name; one that UCDP's tables do not have stands as it is written.

    Raises
    ------
    InputError
        When the parameters name none.

    Examples
    --------
    >>> country_of(Path("nowhere.yml"), "Burma")
    'Myanmar (Burma)'
    """
    word = named or _country(params)
    with (paths.RAW / "country_month.csv").open(encoding="utf-8", newline="") as handle:
        known = {row["country"] for row in csv.DictReader(handle)}
    if word in known:
        return word
    found = names.meant(word, known, names.also_known(paths.RAW / "country_names.csv"))
    return found[0] if len(found) == 1 else word


def _country(params: Path) -> str:
    told = read_yaml(params)
    if not isinstance(told, dict) or not isinstance(told.get("country"), str):
        raise InputError(f"{params.name}: parameter 'country' is missing; name it with COUNTRY")
    return str(told["country"])


def opened(option: str, path: Path) -> Given:
    """Open a file, and say where it belongs when it is none of the option's.

    Parameters
    ----------
    option : str
        A key of :data:`OPTIONS`.
    path : pathlib.Path
        The file.

    Returns
    -------
    Given
        The file and what it is.

    Raises
    ------
    InputError
        When it cannot be read, or is of another kind.

    Examples
    --------
    >>> opened("GTD", Path("nowhere.xlsx"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.xlsx does not exist; ...
    """
    sheet = open_sheet(path)
    kind = kind_of(sheet) or own_plain.KIND
    if kind == own_plain.KIND and option != "FIGURES":
        raise InputError(
            f"{path.name}, given as {option}, has not the columns of {' or '.join(OPTIONS[option])}"
            "; give a table of your own as FIGURES, with a mapping beside it"
        )
    # Two names of columns make a table of days and countries one of UCDP; a mapping tells better.
    if kind == UCDP and option == "FIGURES" and own_plain.mapping_path(path).exists():
        kind = own_plain.KIND
    if kind not in OPTIONS[option]:
        right = next(name for name, kinds in OPTIONS.items() if kind in kinds)
        raise InputError(
            f"{path.name}, given as {option}, is {kind} by its columns; give it as {right}"
        )
    return Given(option, path, kind, sheet)


def _require_once(given: Sequence[Given]) -> None:
    names_of = [one.path.name for one in given if one.option == "GED"]
    if len(names_of) > 1:
        raise InputError(f"GED is one file, found {len(names_of)}: {', '.join(names_of)}")


def _events(given: Sequence[Given], country: str, stage: Path) -> list[str]:
    """Build the tables of UCDP events and return what was read."""
    ours = [one for one in given if one.kind == UCDP]
    if not ours:
        return []
    own = ucdp_own.read([one.sheet for one in ours], country)
    _require_versions(ours, own)
    built = ucdp_own.build(own, [one.path for one in ours], stage)
    return data_preview.of_events(own, [one.path for one in ours], built, stage)


def _require_versions(given: Sequence[Given], own: ucdp_own.OwnEvents) -> None:
    """Refuse a release given as candidate events, or the other way."""
    for one in given:
        release = own.releases[one.sheet.name]
        provisional = len(release.split(".")) != 2 if order(release) else True
        if provisional != (one.option == "CANDIDATE"):
            right = "CANDIDATE" if provisional else "GED"
            raise InputError(
                f"{one.path.name}, given as {one.option}, is of version {release}; give it as "
                f"{right}"
            )


def _own(given: Sequence[Given], country: str, stage: Path) -> list[str]:
    """Build the tables of other sources and return what was read."""
    lines = []
    parts: dict[str, list[tuple[OwnRows, Path]]] = {}
    for one in given:
        if one.kind != UCDP:
            rows = _rows(one, country)
            parts.setdefault(rows.facts.source, []).append((rows, one.path))
            lines += data_preview.of_rows(rows, one.path)
    for read in parts.values():
        own_tables.write(joined([rows for rows, _ in read]), [path for _, path in read], stage)
    return lines


def _rows(one: Given, country: str) -> OwnRows:
    if one.kind == own_plain.KIND:
        return own_plain.read(one.sheet, own_plain.read_mapping(one.path), country)
    if one.kind == own_gtd.KIND:
        path = facts_path("own-gtd")
        return own_gtd.read(
            one.sheet, validated(CriteriaFacts, read_yaml(path), path.name), country
        )
    weekly = one.kind == own_acled_weekly.KIND
    path = facts_path("own-acled-weekly" if weekly else "own-acled")
    facts = validated(TypedFacts, read_yaml(path), path.name)
    return (own_acled_weekly if weekly else own_acled).read(one.sheet, facts, country)


@contextmanager
def staged() -> Iterator[Path]:
    """Give a folder with a copy of all tables, raw and own, to build in.

    Yields
    ------
    pathlib.Path
        The folder, which is gone afterwards.

    Examples
    --------
    >>> with staged() as stage:
    ...     (stage / "article.csv").exists()
    True
    """
    with tempfile.TemporaryDirectory(prefix="data-") as name:
        stage = Path(name)
        for folder in (paths.RAW, paths.OWN):
            for path in listed(folder, "*.csv", "*.source.yml"):
                shutil.copyfile(path, stage / path.name)
        yield stage


def changed_tables(stage: Path) -> dict[Path, Path]:
    """Return which tables are new or other than before, all of them checked again.

    Parameters
    ----------
    stage : pathlib.Path
        As of :func:`staged`.

    Returns
    -------
    dict of pathlib.Path to pathlib.Path
        Tables and sidecars of the stage, each with its place.

    Raises
    ------
    InputError
        When one of them does not add up to those beside it.
    """
    changed: dict[Path, Path] = {}
    for path in listed(stage, "*.csv"):
        place_of = (paths.OWN if path.name.startswith("own_") else paths.RAW) / path.name
        pairs = {path: place_of, sidecar_path(path): sidecar_path(place_of)}
        if any(not to.exists() or to.read_bytes() != one.read_bytes() for one, to in pairs.items()):
            changed |= pairs
    recheck([path for path in changed if path.suffix == ".csv"])
    return changed


def place(changed: Mapping[Path, Path]) -> None:
    """Move files into place: all of them, or none.

    Parameters
    ----------
    changed : mapping of pathlib.Path to pathlib.Path
        Where each is, and where it goes.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as name:
    ...     new, old = Path(name, "new.csv"), Path(name, "old.csv")
    ...     _ = new.write_text("n"), old.write_text("o")
    ...     place({new: old})
    ...     old.read_text()
    'n'
    """
    before = {to: to.read_bytes() if to.exists() else None for to in changed.values()}
    try:
        for path, to in changed.items():
            with whole(to) as temporary:
                shutil.copyfile(path, temporary)
    except BaseException:  # Ctrl-C too: half of the tables is worse than none
        for to, held in before.items():
            if held is None:
                to.unlink(missing_ok=True)
            else:
                with whole(to) as temporary:
                    temporary.write_bytes(held)
        raise
