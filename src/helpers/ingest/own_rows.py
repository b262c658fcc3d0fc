"""The rows of a researcher's own file in our schema: events, and months of first-level units."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.looked import NAME, named
from helpers.ingest.own_facts import OwnFacts
from helpers.ingest.publisher import count, text
from helpers.ingest.ucdp_layout import Sheet
from helpers.raw.sidecar import Column

PLACE = ["admin1", "admin2"]
SIDES = ["side_a", "side_b"]
KEY = ["source", "country", "date", *PLACE, "type", *SIDES]
MONTH_KEY = ["source", "country", "admin1", "month", "scope"]
COUNTS = ["events", "deaths", "deaths_unstated"]
_COUNTS = {
    "events": count("events", "number of events"),
    "deaths": Column(
        type="number",
        unit="deaths",
        minimum=0,
        nullable=True,
        meaning="deaths of the events that state them; empty where none does",
    ),
    "deaths_unstated": count("events", "events of which the file states no deaths"),
}
EVENT_COLUMNS = {
    "source": text("the source"),
    "country": text("country as UCDP spells it"),
    "date": Column(
        type="date",
        meaning="day, or the first day of a week; month or year where the day is unknown",
    ),
    "admin1": text("first-level unit as the source spells it; empty where unknown", nullable=True),
    "admin2": text("second-level unit as the source spells it; empty where unknown", nullable=True),
    "type": text("type of event, in the source's words", nullable=True),
    "side_a": text("first side, in the source's words", nullable=True),
    "side_b": text("second side, in the source's words", nullable=True),
    **_COUNTS,
}
MONTH_COLUMNS = {
    **{name: EVENT_COLUMNS[name] for name in ("source", "country", "admin1")},
    "month": Column(type="month", meaning="month"),
    "scope": text("what counts"),
    **_COUNTS,
}


@dataclass(frozen=True)
class OwnRows:
    """What was read from a file.

    Attributes
    ----------
    file : str
        Its name.
    kind : str
        What it is, in words.
    facts : OwnFacts
        What is known of its source.
    country : str
        The country, as UCDP spells it.
    version : str
        What the file tells of its edition.
    events : pandas.DataFrame
        Columns of :data:`EVENT_COLUMNS` less the source and country, one row a record that counts.
    rows : int
        Rows of the file.
    dropped : dict of str to int
        Why rows do not count, and how many.
    ids : pandas.Series of str, optional
        What identifies each row of the country, those that do not count among them.
    """

    file: str
    kind: str
    facts: OwnFacts
    country: str
    version: str
    events: pd.DataFrame
    rows: int
    dropped: dict[str, int] = field(default_factory=dict)
    ids: pd.Series | None = None


def spellings(facts: OwnFacts, country: str) -> list[str]:
    """Return how a file may spell a country.

    Parameters
    ----------
    facts : OwnFacts
        How its source does.
    country : str
        As UCDP spells it.

    Returns
    -------
    list of str
        The source's names first.

    Examples
    --------
    >>> facts = OwnFacts.model_construct(countries={"Burma": "Myanmar", "Congo": ["A", "B"]})
    >>> spellings(facts, "Burma"), spellings(facts, "Congo"), spellings(facts, "Chad")
    (['Myanmar', 'Burma'], ['A', 'B', 'Congo'], ['Chad'])
    """
    told = facts.countries.get(country, [])
    return list(dict.fromkeys([*([told] if isinstance(told, str) else told), country]))


def require_country(
    others: Mapping[str, int], n_here: int, country: str, sheet: Sheet, at: int
) -> None:
    """Refuse a file without a row of a country, or with a country that is no name.

    Parameters
    ----------
    others : mapping of str to int
        The other countries as the file spells them, and the first row of each.
    n_here : int
        How many rows are of the country.
    country : str
        As UCDP spells it.
    sheet : Sheet
        The file.
    at : int
        Position of the column of countries.

    Raises
    ------
    InputError
        It names the nearest country that is there.

    Examples
    --------
    >>> sheet = Sheet("a.csv", ("a.csv",), ["country"], lambda positions: None)
    >>> require_country({"Chad": 2}, 0, "Tchad", sheet, 0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv has no row of 'Tchad'; did you mean 'Chad'?; it is of ...
    """
    for name, row in others.items():
        if not re.match(NAME, name):
            raise InputError(
                f"{sheet.name}, row {row}, column '{sheet.header[at]}': found {name!r}, expected "
                "the name of a country"
            )
    if not n_here:
        known = sorted(others)
        raise InputError(
            f"{sheet.name} has no row of '{country}'{did_you_mean(country, known)}; it is of "
            f"{named(known)}: name the country with COUNTRY"
        )


def joined(parts: Sequence[OwnRows]) -> OwnRows:
    """Return the rows of files of one source, as a source parts what it publishes by years.

    Parameters
    ----------
    parts : sequence of OwnRows
        At least one.

    Returns
    -------
    OwnRows
        All of them, each once.

    Raises
    ------
    InputError
        When an event stands in two files, or, where they have no numbers of events, when a file
        begins before another ends; and when two are called alike and are not of one source.
    """
    for one in parts:
        if one.facts.model_dump(exclude={"version"}) != parts[0].facts.model_dump(
            exclude={"version"}
        ):
            raise InputError(
                f"{parts[0].file} and {one.file} are both of the source '{one.facts.source}' and "
                "do not tell the same of it; call one of the sources otherwise"
            )
    parts = sorted(parts, key=lambda one: (one.events["date"].min(), one.file))
    for at, one in enumerate(parts):
        for other in parts[:at]:
            if said := _both(other, one):
                raise InputError(f"{other.file} and {one.file} both hold {said}; give one of them")
    whys = dict.fromkeys(why for one in parts for why in one.dropped)
    return replace(
        parts[0],
        version="; ".join(dict.fromkeys(one.version for one in parts)),
        events=pd.concat([one.events for one in parts], ignore_index=True),
        rows=sum(one.rows for one in parts),
        dropped={why: sum(one.dropped.get(why, 0) for one in parts) for why in whys},
    )


def _both(one: OwnRows, other: OwnRows) -> str:
    """Return what two files both hold, in words; empty where that is nothing."""
    if one.ids is not None and other.ids is not None:
        again = other.ids[other.ids.isin(one.ids)]
        return f"event {again.iloc[0]}" if len(again) else ""
    last, first = one.events["date"].max(), other.events["date"].min()
    return f"events of {first}" if first <= last else ""


def summed(rows: OwnRows) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the events and the months of a file.

    Parameters
    ----------
    rows : OwnRows
        What was read.

    Returns
    -------
    events : pandas.DataFrame
        Columns of :data:`EVENT_COLUMNS`, one row a key of :data:`KEY`.
    months : pandas.DataFrame
        Columns of :data:`MONTH_COLUMNS`; events of an unknown month are in none.
    """
    facts = rows.facts
    events = rows.events.assign(source=facts.source, country=rows.country, scope=facts.scope)
    dated = events[events["date"].str.len() >= len("2024-02")]
    months = dated.assign(month=dated["date"].str[: len("2024-02")])
    return (
        _sums(events, KEY)[list(EVENT_COLUMNS)],
        _sums(months, MONTH_KEY)[list(MONTH_COLUMNS)],
    )


def _sums(frame: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    # A sum of deaths of which none is stated is missing, not 0.
    grouped = frame.groupby(list(key), dropna=False, sort=True)[COUNTS]
    sums = grouped.sum(min_count=1).reset_index()
    return sums.assign(deaths=whole_where_whole(sums["deaths"]))


def whole_where_whole(values: pd.Series) -> pd.Series:
    """Return numbers as whole ones where all of them are.

    Parameters
    ----------
    values : pandas.Series of float
        Numbers, missing ones among them.

    Returns
    -------
    pandas.Series of Int64 or float
        The same numbers.

    Examples
    --------
    >>> [whole_where_whole(pd.Series(one)).tolist() for one in ([2.0, None], [2.5])]
    [[2, <NA>], [2.5]]
    """
    whole = values.dropna().mod(1).eq(0).all()
    return values.astype("Int64") if whole else values
