"""The tables of a researcher's own sources: the rows of one replaced, those of others kept."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.base.errors import InputError
from helpers.base.files import sha256
from helpers.ingest.as_published import publish
from helpers.ingest.own_rows import (
    EVENT_COLUMNS,
    KEY,
    MONTH_COLUMNS,
    MONTH_KEY,
    OwnRows,
    summed,
)
from helpers.raw.aggregates import PERIODS, Aggregates
from helpers.raw.contract import load
from helpers.raw.sidecar import (
    PUBLISHABLE,
    Column,
    Licence,
    Redistribution,
    Sidecar,
    read_sidecar,
)

EVENTS, MONTHS = "own_events.csv", "own_month.csv"
MARK = ": "  # stands in a note behind the name of its source
PART = " | "  # parts what a sidecar says of its sources, which stand in order
# What may be passed on, from least to most: a table has the terms of the strictest of its sources.
STRICTEST: list[Redistribution] = [
    "forbidden",
    "aggregates only",
    "facts only",
    "allowed with credit",
    "allowed",
]
TELLS_APART = ["source", "scope"]  # columns that say whose sums they are: no finer grain
WORDS = ["producer", "citation_full", "version", "url"]


def write(rows: OwnRows, files: Sequence[Path], out: Path) -> list[Path]:
    """Put the rows of a source into the tables, in place of what they held of it.

    Parameters
    ----------
    rows : OwnRows
        What was read.
    files : sequence of pathlib.Path
        Those that it was read from.
    out : pathlib.Path
        Folder of the tables and their sidecars.

    Returns
    -------
    list of pathlib.Path
        The tables of events and of months.

    Raises
    ------
    InputError
        When a value is not as described, or a table that is there is not whole.
    """
    tables = [out / EVENTS, out / MONTHS]
    described = [(EVENT_COLUMNS, KEY), (MONTH_COLUMNS, MONTH_KEY)]
    for table, frame, (columns, key) in zip(tables, summed(rows), described):
        kept = _others(table, rows.facts.source)
        whole = pd.concat([kept, frame], ignore_index=True) if len(kept) else frame
        sidecar = _sidecar(table, rows, files, columns, key)
        publish(_plain(whole).sort_values(key, ignore_index=True), table, sidecar)
    return tables


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return whole numbers as such, so that 3 is not written as 3.0."""
    deaths = frame["deaths"].astype("Float64")
    whole = deaths.dropna().mod(1).eq(0).all()
    texts = frame.select_dtypes(exclude="number").fillna("")
    return frame.assign(**texts, deaths=deaths.astype("Int64") if whole else deaths)


def _others(table: Path, source: str) -> pd.DataFrame:
    """Return the rows of other sources of a table, which need not be there."""
    if not table.exists():
        return pd.DataFrame()
    there = load(table)
    return there[there["source"] != source]


def _sidecar(
    table: Path,
    rows: OwnRows,
    files: Sequence[Path],
    columns: dict[str, Column],
    key: Sequence[str],
) -> Sidecar:
    facts = rows.facts
    said = _said(table)
    said.pop(facts.source, None)
    terms = [(facts.redistribution, facts.aggregates)]
    if said:  # those of all that were there: which of them was the strictest is not told
        told = read_sidecar(table)
        terms.append((told.redistribution, told.aggregates))
    said[facts.source] = _words_of(rows, files)
    ordered = [words for _, words in sorted(said.items())]
    joined: dict[str, Any] = {name: PART.join(words[name] for words in ordered) for name in WORDS}
    what = "events by day, place, type and side" if table.name == EVENTS else "events by month"
    return Sidecar(
        **joined,
        title=f"A researcher's own {what}",
        description=(
            "Events and deaths of files that a researcher put in place. Each source is a series of "
            "its own, with the scope that its note tells; a month within its span that has no row "
            "is zero."
        ),
        date_accessed=max(words["date_accessed"] for words in ordered),
        licence=Licence(
            name=PART.join(words["licence"] for words in ordered),
            url=PART.join(words["terms"] for words in ordered),
        ),
        redistribution=min((one for one, _ in terms), key=_strictness),
        aggregates=_allowed(terms, columns),
        built_by="make data",
        notes=[words["note"] for words in ordered],
        key=list(key),
        columns=columns,
    )


def _allowed(
    terms: Sequence[tuple[Redistribution, Aggregates | None]], columns: Collection[str]
) -> Aggregates | None:
    """Return the sums that all terms let one show; whose they are may always be said."""
    strict = [sums for one, sums in terms if one not in PUBLISHABLE]
    known = [sums for sums in strict if sums]
    if not strict or len(known) < len(strict):
        return None
    apart = [name for name in TELLS_APART if name in columns]
    by = [
        name
        for name in known[0].by
        if all(name in one.by for one in known) and (name in columns or name in PERIODS)
    ]
    least = max(one.least for one in known)
    return Aggregates(by=list(dict.fromkeys([*apart, *by])), least=least, of="events")


def _strictness(redistribution: Redistribution) -> int:
    return STRICTEST.index(redistribution)


def _words_of(rows: OwnRows, files: Sequence[Path]) -> dict[str, str]:
    facts, months = rows.facts, rows.events["date"].str[:7]
    dropped = "; ".join(f"{number:,} rows of {why}" for why, number in rows.dropped.items())
    note = (
        f"{facts.source}{MARK}{rows.country}, {months.min()} to {months.max()}; "
        f"scope: {facts.scope}; {', '.join(one.name for one in files)}, {rows.rows:,} rows, "
        f"SHA-256 {', '.join(sha256(one) for one in files)}"
        f"{'; not counted: ' + dropped if dropped else ''}. {' '.join(facts.notes)}".strip()
    )
    words = {
        "producer": facts.producer,
        "citation_full": facts.citation_full.replace("{version}", rows.version),
        "version": f"{facts.source} {rows.version}",
        "url": facts.url,
        "licence": facts.licence.name,
        "terms": facts.licence.url,
        "date_accessed": max(changed(one) for one in files),
        "note": note,
    }
    if MARK in facts.source:
        raise InputError(
            f"the facts of {facts.source}, entry 'source': found '{MARK}', behind which its words "
            "begin; write it without"
        )
    for name, word in words.items():
        if PART in word:
            raise InputError(
                f"the facts of {facts.source}, entry '{name}': found '{PART}', which parts the "
                "words of several sources; write it without"
            )
    return words


def changed(path: Path) -> str:
    """Return the day on which a file was last written, which is when it was fetched.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        YYYY-MM-DD, in universal time.
    """
    return f"{pd.Timestamp(path.stat().st_mtime, unit='s'):%Y-%m-%d}"


def _said(table: Path) -> dict[str, dict[str, str]]:
    """Return what the sidecar of a table says of each source."""
    if not table.exists():
        return {}
    told = read_sidecar(table)
    parts = {name: getattr(told, name).split(PART) for name in WORDS}
    parts |= {"licence": told.licence.name.split(PART), "terms": told.licence.url.split(PART)}
    parts |= {"note": told.notes, "date_accessed": [told.date_accessed] * len(told.notes)}
    if len({len(one) for one in parts.values()}) != 1:
        raise InputError(
            f"the sidecar of {table.name} does not tell its sources apart; remove the table and "
            "give all files again"
        )
    names = [note.split(MARK)[0] for note in told.notes]
    rows = [dict(zip(parts, one)) for one in zip(*parts.values())]
    return dict(zip(names, rows))
