"""What ``make data`` says before it changes anything: what was read, dropped, and is new."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from helpers.base import paths
from helpers.base.files import sha256
from helpers.clean.suggestions import unknown_places
from helpers.ingest.as_published import named_rows
from helpers.ingest.looked import named
from helpers.ingest.own_rows import OwnRows
from helpers.ingest.ucdp_own import OwnEvents
from helpers.ingest.ucdp_sums import spans
from helpers.raw.contract import load
from helpers.raw.sidecar import read_sidecar

SHOWN = 12  # rows that are listed of each kind


def of_rows(rows: OwnRows, path: Path) -> list[str]:
    """Return what was read of a source other than UCDP.

    Parameters
    ----------
    rows : OwnRows
        What was read.
    path : pathlib.Path
        The file.

    Returns
    -------
    list of str
        Lines.
    """
    events, dates = rows.events, rows.events["date"]
    months = dates[dates.str.len() > len("2024")].str[:7]
    deaths = f"{float(events['deaths'].sum()):,.1f}".removesuffix(".0")
    lines = [
        f"{path.name} is {rows.kind}: {rows.version}",
        f"  {rows.rows:,} rows, of which {len(events):,} count for {rows.country}: "
        f"{events['events'].sum():,} events, {deaths} deaths",
        f"  {months.nunique():,} months, {months.min()} to {months.max()}; last date {dates.max()}",
        f"  first-level units: {_units(events['admin1'])}",
        f"  counts: {rows.facts.scope}; terms: {rows.facts.licence.name}, redistribution "
        f"{rows.facts.redistribution}",
    ]
    if unstated := int(events["deaths_unstated"].sum()):
        lines.append(f"  {unstated:,} events state no deaths, which is not 0")
    lines += [f"  dropped: {number:,} rows of {why}" for why, number in rows.dropped.items()]
    if undated := int((dates.str.len() == len("2024")).sum()):
        lines.append(f"  {undated:,} events of an unknown month are in no month")
    return [*lines, f"  SHA-256 {sha256(path)}"]


def _units(column: pd.Series) -> str:
    found = sorted(set(column) - {""})
    nowhere = int(column.eq("").sum())
    return f"{len(found)} ({named(found)})" + (f", {nowhere:,} rows in none" if nowhere else "")


def of_events(
    own: OwnEvents, files: Sequence[Path], built: Sequence[Path], stage: Path
) -> list[str]:
    """Return what was read of UCDP.

    Parameters
    ----------
    own : OwnEvents
        The events.
    files : sequence of pathlib.Path
        Their files.
    built : sequence of pathlib.Path
        The tables that were built.
    stage : pathlib.Path
        Where they were built.

    Returns
    -------
    list of str
        Lines.
    """
    events, everywhere = own.merged.events, own.everywhere
    releases = ", ".join(sorted(everywhere["release"].unique()))
    lines = [
        f"{', '.join(file.name for file in files)}: UCDP events of release {releases}",
        f"  {len(everywhere):,} events in {everywhere['country'].nunique()} countries, of which "
        f"{len(events):,} in {own.country} with {events['deaths_best'].sum():,} deaths",
        f"  months: {spans(events)}; last day {events['date_start'].max():%Y-%m-%d}",
        f"  first-level units: {_units(events['province'])}",
    ]
    if own.merged.revised:
        lines.append(f"  dropped: {own.merged.revised:,} candidate events that the release has")
    if own.merged.decided:
        lines.append(
            f"  dropped: {own.merged.decided:,} candidate events of months that the release "
            "covers, which it did not take over"
        )
    if not own.has_release():
        lines.append("  the events of the country stay as they are: no release is given (GED)")
    lines += [f"  SHA-256 {sha256(file)} ({file.name})" for file in files]
    return [*lines, *_places(own, stage), *_odd(built)]


def _places(own: OwnEvents, stage: Path) -> list[str]:
    """Return the names that the table of places lacks, where it is of this country at all."""
    table = stage / "places.csv"
    places = load(table) if table.exists() else pd.DataFrame()
    here = own.merged.events
    if places.empty or not here["province"].isin(places["spelling"]).any():
        return []  # the table is of another country
    rows = unknown_places(here, places)
    if rows.empty:
        return []
    lines = [
        f"  {len(rows)} names are not in places.csv; the first notebook will ask for them. Rows "
        "that may serve, to be added and stamped (python -m helpers.cli ingest stamp places.csv):"
    ]
    for row in rows.head(SHOWN).itertuples():
        lines.append(
            f"    {row.level},{row.name},{row.province},{row.spelling},{row.source},,,,"
            f"{row.latitude},{row.longitude},,,  ({row.events} events)"
        )
    return lines + _more(len(rows))


def _more(number: int) -> list[str]:
    return [f"    and {number - SHOWN} more"] if number > SHOWN else []


def _odd(built: Sequence[Path]) -> list[str]:
    """Return the rows that the tables name as odd, beside those that were named before."""
    lines = []
    for table in built:
        before = paths.RAW / table.name
        rules = read_sidecar(table).rules
        old = read_sidecar(before).rules if before.exists() else []
        if [rule.rule for rule in old] != [rule.rule for rule in rules]:
            old = [rule.model_copy(update={"known": []}) for rule in rules]
        rows = named_rows(read_sidecar(table), old)
        if rows:
            lines.append(f"  {table.name}, odd as published and named so in its sidecar:")
            lines += [f"    {row}" for row in rows[:SHOWN]] + _more(len(rows))
    return lines


def of_tables(changed: Mapping[Path, Path]) -> list[str]:
    """Return which tables are replaced, and by what.

    Parameters
    ----------
    changed : mapping of pathlib.Path to pathlib.Path
        New files, and where they go.

    Returns
    -------
    list of str
        A line for each table.
    """
    lines = []
    for path, to in changed.items():
        if path.suffix == ".csv":
            rows = read_sidecar(path).rows
            old = f"in place of {read_sidecar(to).rows:,}" if to.exists() else "new"
            lines.append(f"{paths.relative(to)}: {rows:,} rows, {old}")
    return lines or ["the tables hold all of it already"]
