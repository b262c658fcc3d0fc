"""Names of places through time: one table of spellings with start and end dates, no guessing.

The table (``places.csv``) has one row for each level, spelling and span of validity. A unit that
ended names its successor, so that any figure can be put on today's map.
"""

import difflib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean

LONG_AGO, FAR = pd.Timestamp("1800-01-01"), pd.Timestamp("2200-01-01")


class Gazetteer:
    """Look up canonical names of provinces and districts.

    Parameters
    ----------
    table : pandas.DataFrame, one row a level, spelling and span of validity
        ``level``, ``name``, ``province``, ``spelling``, ``source``, ``valid_from``, ``valid_to``,
        ``successor``, ``undivided``, ``latitude`` and ``longitude``. Dates are texts (YYYY-MM-DD)
        or missing; ``valid_to`` is the first day on which the row no longer holds.

    Examples
    --------
    >>> names = {"spelling": ["Old City", "Newtown"], "name": ["Old", "New"]}
    >>> rows = pd.DataFrame(names | {"level": "district", "valid_from": None})
    >>> places = Gazetteer(rows.assign(valid_to=["2018-06-01", None], successor=["New", None]))
    >>> old = places.canonical(pd.Series(["Old City"]), "district", pd.Series(["2018-05-31"]))
    >>> old.tolist(), places.today(old, "district").tolist()
    (['Old'], ['New'])
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table.assign(
            start=pd.to_datetime(table["valid_from"]).fillna(LONG_AGO),
            end=pd.to_datetime(table["valid_to"]).fillna(FAR),
        )

    def canonical(
        self, spellings: pd.Series, level: str, dates: pd.Series | None = None
    ) -> pd.Series:
        """Return the canonical name of each spelling at its date.

        Parameters
        ----------
        spellings : pandas.Series of str, shape (n,)
            Names as a source writes them; missing ones stay missing.
        level : str
            ``province`` or ``district``.
        dates : pandas.Series of datetime or str, shape (n,), optional
            The day of each; without dates the latest name is taken.

        Returns
        -------
        pandas.Series of str, shape (n,)
            Canonical names, with the index of ``spellings``.

        Raises
        ------
        InputError
            For unknown spellings, all at once, each with the nearest known one and the row that it
            may need; and for a spelling that was not in use at its date.

        Examples
        --------
        >>> row = {"level": "province", "spelling": "N.W.F.P.", "name": "Frontier"}
        >>> places = Gazetteer(pd.DataFrame([row | {"valid_from": None, "valid_to": None}]))
        >>> places.canonical(pd.Series(["N.W.F.P.", None]), "province").tolist()
        ['Frontier', nan]
        """
        known = self._table[self._table["level"] == level]
        _require_known(spellings, known, level)
        asked = pd.DataFrame({"spelling": spellings, "row": range(len(spellings))})
        asked["date"] = FAR - pd.Timedelta(days=1) if dates is None else pd.to_datetime(dates)
        found = asked.merge(known[["spelling", "name", "start", "end"]], on="spelling")
        found = found[(found["start"] <= found["date"]) & (found["date"] < found["end"])]
        names = (
            found.drop_duplicates("row")
            .set_index("row")["name"]
            .reindex(asked["row"])
            .set_axis(spellings.index)
        )
        lost = spellings.notna() & names.isna()
        if lost.any():
            raise InputError(_out_of_use(spellings[lost], asked["date"].to_numpy()[lost], level))
        return names

    def require(self, named: Mapping[str, pd.Series], table: str) -> None:
        """Refuse a table with spellings that no row has, of all levels at once.

        Parameters
        ----------
        named : mapping of str to pandas.Series of str
            Level to the spellings of the table; missing ones are left out.
        table : str
            What the table is called.

        Raises
        ------
        InputError
            With the nearest known spelling of each, the row that it may need, and what to do.

        Examples
        --------
        >>> row = {"level": "province", "spelling": "N.W.F.P.", "name": "Frontier"}
        >>> places = Gazetteer(pd.DataFrame([row | {"valid_from": None, "valid_to": None}]))
        >>> places.require({"province": pd.Series(["N.W.F.P.", None])}, "events.csv")
        """
        told: list[str] = []
        rows: list[str] = []
        for level, spellings in named.items():
            more = _unknown(spellings, self._table[self._table["level"] == level], level)
            told, rows = told + more[0], rows + more[1]
        if told:
            raise InputError(f"{table}: {_in_one(told, rows)}")

    def today(self, names: pd.Series, level: str) -> pd.Series:
        """Return for each canonical name the unit that holds it today, through its successors.

        Parameters
        ----------
        names : pandas.Series of str, shape (n,)
            Canonical names.
        level : str
            Their level.

        Returns
        -------
        pandas.Series of str, shape (n,)
            Names of units that still exist, with the index of ``names``.

        Examples
        --------
        >>> units = pd.DataFrame({"name": ["A", "B", "C"], "successor": ["B", "C", None]})
        >>> places = Gazetteer(units.assign(level="district", valid_from=None, valid_to=None))
        >>> places.today(pd.Series(["A", "C"]), "district").tolist()
        ['C', 'C']
        """
        rows = self._table[(self._table["level"] == level) & self._table["successor"].notna()]
        successor = dict(zip(rows["name"], rows["successor"]))
        while names.isin(successor.keys()).any():
            names = names.replace(successor)
        return names

    def undivided(self, names: pd.Series, level: str) -> pd.Series:
        """Return for each canonical name the unit that all sources can be counted in.

        A unit that ended is its successor; one that a source may count undivided is the whole.

        Parameters
        ----------
        names : pandas.Series of str, shape (n,)
            Canonical names.
        level : str
            Their level.

        Returns
        -------
        pandas.Series of str, shape (n,)
            Names of units, with the index of ``names``.

        Examples
        --------
        >>> units = pd.DataFrame({"name": ["Upper A", "F.R. B"], "successor": [None, "B"]})
        >>> units = units.assign(undivided=["A", None], level="district")
        >>> places = Gazetteer(units.assign(valid_from=None, valid_to=None))
        >>> places.undivided(pd.Series(["Upper A", "F.R. B", "C"]), "district").tolist()
        ['A', 'B', 'C']
        """
        rows = self._table[(self._table["level"] == level) & self._table["undivided"].notna()]
        return self.today(names, level).replace(dict(zip(rows["name"], rows["undivided"])))

    def coordinates(self) -> pd.DataFrame:
        """Return where the districts lie that have a place on the map.

        Returns
        -------
        pandas.DataFrame, one row a district
            ``name``, ``province``, and ``latitude`` and ``longitude`` in degrees.

        Examples
        --------
        >>> row = {"level": "district", "name": "A", "province": "P", "latitude": 30.0}
        >>> row |= {"longitude": 67.0, "valid_from": None, "valid_to": None}
        >>> Gazetteer(pd.DataFrame([row, row])).coordinates().values.tolist()
        [['A', 'P', 30.0, 67.0]]
        """
        rows = self._table[(self._table["level"] == "district") & self._table["latitude"].notna()]
        return rows.drop_duplicates("name")[
            ["name", "province", "latitude", "longitude"]
        ].reset_index(drop=True)


def _unknown(spellings: pd.Series, known: pd.DataFrame, level: str) -> tuple[list[str], list[str]]:
    """Return what is wrong with each spelling that no row has, and the row that it may need."""
    words = known["spelling"].drop_duplicates()
    unknown = [one for one in spellings.dropna().unique() if one not in set(words)]
    told = [f"{level} '{one}' is not in places.csv{did_you_mean(one, words)}" for one in unknown]
    return told, [_suggested(one, known, level) for one in unknown]


def _in_one(told: list[str], rows: list[str]) -> str:
    """Return one sentence on unknown spellings: what they are, the rows, and the verb."""
    return (
        f"{'; '.join(told)}; else add {'rows' if len(rows) > 1 else 'a row'} with name, province, "
        f"source and dates, such as {'; '.join(rows)}, and run "
        "python -m helpers.cli ingest stamp data/raw/places.csv"
    )


def _require_known(spellings: pd.Series, known: pd.DataFrame, level: str) -> None:
    """Refuse spellings that no row has: all of them at once, each with the row that it may need."""
    told, rows = _unknown(spellings, known, level)
    if told:
        raise InputError(_in_one(told, rows))


def _out_of_use(spellings: pd.Series, dates: np.ndarray, level: str) -> str:
    """Return the sentence on spellings that were not in use at their dates: each with its first."""
    first = pd.Series(dates, spellings.to_numpy()).groupby(level=0).min()
    rows = pd.Series(spellings.index, spellings.to_numpy()).groupby(level=0).first()
    each = [f"'{one}' at {date:%Y-%m-%d}, row {rows[one]}" for one, date in first.items()]
    return (
        f"{level} {'; '.join(each)}: no row of places.csv covers that date; add one with its "
        "valid_from and valid_to, and run python -m helpers.cli ingest stamp data/raw/places.csv"
    )


def _suggested(spelling: str, known: pd.DataFrame, level: str) -> str:
    """Return how the row of a spelling may begin: as that of the nearest one does."""
    near = difflib.get_close_matches(spelling, known["spelling"].astype(str), n=1, cutoff=0.5)
    rows = known[known["spelling"].isin(near)].reindex(columns=["name", "province"])
    name, province = rows.iloc[-1].fillna("?") if len(rows) else (spelling, "?")
    return f'"{level},{name},{province},{spelling}"'
