"""Rows that the table of places may need for names that it does not know yet."""

import difflib

import numpy as np
import pandas as pd

LEVELS = ("province", "district")
CUTOFF = 0.6  # share of letters in common below which two names are two places


def unknown_places(named: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the names of units that no row of the table of places has, with a row for each.

    Parameters
    ----------
    named : pandas.DataFrame, one row an event
        ``province`` and ``district`` as a source spells them, empty where unknown; ``latitude`` and
        ``longitude`` in degrees where the source has them.
    table : pandas.DataFrame
        The table of places: ``level``, ``spelling``, ``name``, ``province``, and for districts
        ``latitude`` and ``longitude``.

    Returns
    -------
    pandas.DataFrame, one row an unknown name
        ``level``, ``name``, ``province``, ``spelling``, ``source``, ``latitude``, ``longitude`` as
        the row may begin, the name being the nearest known one, and ``events``. A name without a
        near one is its own.

    Examples
    --------
    >>> known = {"level": ["province", "district"], "spelling": ["North", "Kurram Agency"]}
    >>> table = pd.DataFrame(known).assign(name=["North", "Kurram"], province="North")
    >>> named = pd.DataFrame({"province": ["North"], "district": ["Kurram district"]})
    >>> unknown_places(named, table)[["level", "name", "province", "spelling"]].values.tolist()
    [['district', 'Kurram', 'North', 'Kurram district']]
    """
    parts = [_of_level(named, table, level) for level in LEVELS]
    return pd.concat(parts, ignore_index=True)


def _of_level(named: pd.DataFrame, table: pd.DataFrame, level: str) -> pd.DataFrame:
    known = table[table["level"] == level]
    asked = named[named[level].fillna("").ne("") & ~named[level].isin(known["spelling"])]
    provinces = table[table["level"] == "province"].drop_duplicates("spelling", keep="last")
    home = dict(zip(provinces["spelling"], provinces["name"]))
    rows = []
    for spelling, events in asked.groupby(level):
        above = events["province"].mode()
        row = {
            "level": level,
            "name": _nearest(str(spelling), known),
            "province": "" if level == "province" else home.get(above.iloc[0], above.iloc[0]),
            "spelling": spelling,
            "source": "UCDP",
        }
        for axis in ("latitude", "longitude"):
            mean = events[axis].mean() if axis in events and level == "district" else np.nan
            row[axis] = "" if pd.isna(mean) else f"{mean:.3f}"
        rows.append(row | {"events": len(events)})
    columns = ["level", "name", "province", "spelling", "source", "latitude", "longitude", "events"]
    return pd.DataFrame(rows, columns=columns)


def _nearest(spelling: str, known: pd.DataFrame) -> str:
    """Return the name of the unit whose spelling, or first word, is nearest."""
    spellings = known["spelling"].astype(str)
    near = difflib.get_close_matches(spelling, spellings, n=1, cutoff=CUTOFF)
    if near:
        return str(known.loc[spellings == near[0], "name"].iloc[-1])
    bare = spelling.removesuffix(" district").removesuffix(" agency")
    same = known[known["name"].astype(str).str.lower() == bare.lower()]
    return str(same["name"].iloc[-1]) if len(same) else bare
