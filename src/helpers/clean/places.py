"""Names of places through time: one table of spellings with start and end dates, no guessing.

The table (``places.csv``) has one row for each level, spelling and span of validity. A unit that
ended names its successor, so that any figure can be put on today's map.
"""

import pandas as pd

from helpers.base.errors import InputError, did_you_mean

LONG_AGO, FAR = pd.Timestamp("1800-01-01"), pd.Timestamp("2200-01-01")


class Places:
    """Look up canonical names of provinces, districts and reporting areas.

    ``table`` has the columns level, name, province, spelling, source, valid_from, valid_to and
    successor; dates are texts (YYYY-MM-DD) or missing, and ``valid_to`` is the first day on
    which the row no longer holds.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table.assign(
            start=pd.to_datetime(table["valid_from"]).fillna(LONG_AGO),
            end=pd.to_datetime(table["valid_to"]).fillna(FAR),
        )

    def canonical(
        self, spellings: pd.Series, level: str, dates: pd.Series | None = None
    ) -> pd.Series:
        """Return the canonical name of each spelling at its date (without dates: the latest name).

        Missing spellings stay missing; an unknown one is an :class:`InputError` that names the
        nearest known one, and so is a spelling that was not in use at its date.
        """
        known = self._table[self._table["level"] == level]
        for spelling in spellings.dropna().unique():
            if spelling not in set(known["spelling"]):
                raise InputError(
                    f"{level} '{spelling}' is not in places.csv"
                    + did_you_mean(spelling, known["spelling"])
                    + " else add a row with its name, source and dates"
                )
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
            raise InputError(
                f"{level} '{spellings[lost].iloc[0]}' was not in use at the date of row "
                f"{spellings.index[lost][0]}; add a row to places.csv that covers it"
            )
        return names

    def today(self, names: pd.Series, level: str) -> pd.Series:
        """Return for each canonical name the unit that holds it today, through its successors."""
        rows = self._table[(self._table["level"] == level) & self._table["successor"].notna()]
        successor = dict(zip(rows["name"], rows["successor"]))
        while names.isin(successor.keys()).any():
            names = names.replace(successor)
        return names

    def province_of(self, districts: pd.Series) -> pd.Series:
        """Return the province that each canonical district name lies in today."""
        rows = self._table[self._table["level"] == "district"].drop_duplicates("name")
        return districts.map(rows.set_index("name")["province"])

    def coordinates(self) -> pd.DataFrame:
        """Return name, province, latitude and longitude of the districts that have a place on the map."""
        rows = self._table[(self._table["level"] == "district") & self._table["latitude"].notna()]
        return rows.drop_duplicates("name")[
            ["name", "province", "latitude", "longitude"]
        ].reset_index(drop=True)
