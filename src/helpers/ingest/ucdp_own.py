"""A researcher's own files of UCDP events: the tables of a country, and those of the world."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError
from helpers.base.files import sha256
from helpers.ingest import (
    ucdp_country_month,
    ucdp_events,
    ucdp_group_month,
    ucdp_province_month,
    ucdp_severity,
)
from helpers.ingest.as_published import as_published
from helpers.ingest.facts import facts_path, read_facts
from helpers.ingest.looked import one_country
from helpers.ingest.own_tables import changed
from helpers.ingest.ucdp_columns import CANDIDATE
from helpers.ingest.ucdp_facts import EventsFacts, UcdpFacts
from helpers.ingest.ucdp_ged import each_once, events_of
from helpers.ingest.ucdp_layout import Sheet
from helpers.ingest.ucdp_merged import Merged, merged
from helpers.ingest.ucdp_month_tables import KEY as MONTH_KEY
from helpers.ingest.ucdp_month_tables import MonthFacts
from helpers.ingest.ucdp_releases import stated
from helpers.ingest.ucdp_sums import inherited, spans, summed
from helpers.raw.contract import load
from helpers.raw.put import put
from helpers.raw.sidecar import Column, read_sidecar

WORLD = ["country", "dyad_id", *ucdp_events.NEEDED, "latitude", "longitude"]
# UCDP parts the world in so many regions; a file with events in all of them is of the world.
REGIONS = 5


@dataclass(frozen=True)
class OwnEvents:
    """What was read from a researcher's files of events.

    Attributes
    ----------
    country : str
        As UCDP spells it.
    merged : Merged
        The events of the country: of a release, and the candidate events after it.
    everywhere : pandas.DataFrame
        All events of the files, each once a version.
    releases : dict of str to str
        The release of each file.
    """

    country: str
    merged: Merged
    everywhere: pd.DataFrame
    releases: dict[str, str]

    def of_the_world(self) -> bool:
        """Say whether the files are of the world, not of some countries.

        Returns
        -------
        bool
            Whether each version has events in all regions.
        """
        return of_the_world(self.everywhere)

    def has_release(self) -> bool:
        """Say whether there is an annual release among the files.

        Returns
        -------
        bool
            Whether there is, so that candidate events have what they follow.
        """
        return bool((self.everywhere["version"] != CANDIDATE).any())


def of_the_world(events: pd.DataFrame) -> bool:
    """Say whether events are of the world, not of some countries.

    Parameters
    ----------
    events : pandas.DataFrame
        ``region`` and ``version``.

    Returns
    -------
    bool
        Whether each version has events in all regions.

    Examples
    --------
    >>> of_the_world(pd.DataFrame({"region": ["Asia", ""], "version": "26.1"}))
    False
    """
    named = events.assign(region=events["region"].replace("", None))
    return bool((named.groupby("version")["region"].nunique() >= REGIONS).all())


class MonthTable(NamedTuple):
    """How a table of months of the world comes from events.

    Attributes
    ----------
    command : str
        The command that builds it alone, whose facts describe it.
    of_events : callable
        Events to the rows of the table.
    key : list of str
        What identifies a row.
    columns : dict of str to Column
        The columns.
    facts : type
        The model of its facts.
    """

    command: str
    of_events: Callable[[pd.DataFrame], pd.DataFrame]
    key: list[str]
    columns: dict[str, Column]
    facts: type[UcdpFacts] = UcdpFacts


MONTH_TABLES = [
    MonthTable(
        "ucdp-country-month",
        lambda events: ucdp_country_month.joined(
            [summed(events, MONTH_KEY)], pd.DataFrame(columns=["deaths"])
        ),
        MONTH_KEY,
        ucdp_country_month.COLUMNS,
        MonthFacts,
    ),
    MonthTable(
        "ucdp-province-month",
        ucdp_province_month.of_events,
        ucdp_province_month.KEY,
        ucdp_province_month.COLUMNS,
    ),
    MonthTable(
        "ucdp-group-month",
        ucdp_group_month.of_events,
        ucdp_group_month.KEY,
        ucdp_group_month.COLUMNS,
    ),
]


def read(sheets: Sequence[Sheet], country: str) -> OwnEvents:
    """Return the events of a country, and those of the world beside it.

    Parameters
    ----------
    sheets : sequence of Sheet
        Files of events: of one release, of candidate events, or of both.
    country : str
        As UCDP spells it.

    Returns
    -------
    OwnEvents
        The events.

    Raises
    ------
    InputError
        When a file is not what it should be, or has no event of the country.
    """
    parts = [events_of(sheet, WORLD, maybe=["region"]).assign(file=sheet.name) for sheet in sheets]
    releases = {sheet.name: str(part["release"].iloc[0]) for sheet, part in zip(sheets, parts)}
    everywhere = each_once(parts)
    names = " and ".join(dict.fromkeys(sheet.name for sheet in sheets))
    here = one_country(everywhere, "country", country, names)
    return OwnEvents(country, merged(here), everywhere, releases)


def build(own: OwnEvents, files: Sequence[Path], out: Path) -> list[Path]:
    """Build the tables of a researcher's own events.

    Parameters
    ----------
    own : OwnEvents
        The events.
    files : sequence of pathlib.Path
        The files that they were read from.
    out : pathlib.Path
        Folder of the tables, those that are there among them.

    Returns
    -------
    list of pathlib.Path
        The tables that were built.

    Raises
    ------
    InputError
        When a table cannot be what its sidecar says, or candidate events of one country come
        without the release that they follow.
    """
    built = []
    if own.has_release():
        built += _of_country(own, files, out)
    elif not own.of_the_world():
        raise InputError(
            f"{files[0].name} holds candidate events alone, which are joined to an annual release "
            "by id, and our tables keep sums; give the release too (GED)"
        )
    if own.of_the_world():
        events = stated(own.everywhere).events
        built += [_of_world(table, events, files, out) for table in MONTH_TABLES]
    return built


def _of_country(own: OwnEvents, files: Sequence[Path], out: Path) -> list[Path]:
    events, date = own.merged.events, max(changed(file) for file in files)
    more = {
        "country": own.country,
        "n_events": f"{len(events):,}",
        "deaths": f"{events['deaths_best'].sum():,}",
        "spans": spans(events),
        "files": _named(files),
        "n_odd": f"{(events['deaths_low'] > events['deaths_high']).sum():,}",
    }
    built = []
    for command, module in (("ucdp-events", ucdp_events), ("ucdp-severity", ucdp_severity)):
        told = read_facts(facts_path(command), EventsFacts).of_file(own.country, date)
        built += module.write(events, told, out / told.table, **more)
    return built


def _named(files: Sequence[Path]) -> str:
    return ", ".join(f"{file.name} (SHA-256 {sha256(file)})" for file in files)


def _of_world(table: MonthTable, events: pd.DataFrame, files: Sequence[Path], out: Path) -> Path:
    """Build a table of months, whose rows of other versions stay as they are."""
    note = (
        f"{spans(events)}: from {_named(files)}, by make data; of these months all that the "
        "columns name is stated, and the notes above do not speak of them."
    )
    return renew(table, events, out, note, mark="by make data")


def renew(table: MonthTable, events: pd.DataFrame, out: Path, note: str, *, mark: str) -> Path:
    """Put events into a table of months; rows of other versions and months stay as they are.

    Parameters
    ----------
    table : MonthTable
        Which one.
    events : pandas.DataFrame
        Events of the world, each once a version, in months that their releases state.
    out : pathlib.Path
        Folder of the table; where it is not there yet, it is made.
    note : str
        What the sidecar says of these rows.
    mark : str
        Words by which an earlier note of this kind is known, in whose place the note comes.

    Returns
    -------
    pathlib.Path
        The table.

    Raises
    ------
    InputError
        When the table cannot be what its sidecar says.
    """
    facts = read_facts(facts_path(table.command), table.facts)
    path, new = out / facts.table, table.of_events(events)
    if path.exists():
        frame = pd.concat([_kept(load(path), events), new], ignore_index=True)
        sidecar = read_sidecar(path)
        notes = [one for one in sidecar.notes if mark not in one]
        sidecar = sidecar.model_copy(update={"notes": [*notes, note]})
    else:
        frame, sidecar = new, facts.of_events(table.key, table.columns, events)
    numbers = {name: "Int64" for name, one in table.columns.items() if one.type == "integer"}
    frame = frame.astype(numbers).sort_values(table.key, ignore_index=True)
    put(frame, path, as_published(frame, inherited(sidecar, frame, events)))
    return path


def _kept(there: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table that events do not replace: of other versions or months."""
    first = there["year"] * 12 + there["month"]
    replaced = pd.Series(False, index=there.index)
    for version, of_version in events.groupby("version"):
        months = of_version["year"] * 12 + of_version["month"]
        span = first.between(months.min(), months.max())
        # A release states all of its months; candidate events come month by month.
        replaced |= there["version"].eq(version) & (span | (version != CANDIDATE))
    return there[~replaced.astype(bool)]
