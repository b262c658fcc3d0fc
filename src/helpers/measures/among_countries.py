"""One country among all: places in the order of the world, in one year of one release."""

import pandas as pd

from helpers.base.errors import InputError

LEAST_EVENTS = 10  # below, deaths per event are those of one bad day
LEAST_DEATHS = 25  # in either year; UCDP's own bound for an armed conflict in a year
COLUMNS = ("country", "year", "events", "deaths")


def standing(world: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return what countries counted in a year, and how it compares with the year before.

    Parameters
    ----------
    world : pandas.DataFrame, one row a country and year
        Of one release: ``country``, ``year``, ``events`` and ``deaths``.
    year : int
        The year.

    Returns
    -------
    pandas.DataFrame, one row a country with deaths in the year, index ``country``
        ``deaths``, ``events``, ``before`` (deaths of the year before), ``per_event`` (missing where
        there are fewer events than :data:`LEAST_EVENTS`) and ``ratio`` of the deaths to those of
        the year before (missing where either is fewer than :data:`LEAST_DEATHS`); most deaths
        first.

    Raises
    ------
    InputError
        When the table lacks the year or a column.

    Examples
    --------
    >>> rows = [("A", 2020, 40, 90), ("A", 2019, 20, 30), ("B", 2020, 3, 8), ("C", 2020, 0, 0)]
    >>> found = standing(pd.DataFrame(rows, columns=COLUMNS), 2020)
    >>> found[["deaths", "per_event", "ratio"]].round(2).values.tolist()
    [[90.0, 2.25, 3.0], [8.0, nan, nan]]
    """
    if lost := [name for name in COLUMNS if name not in world]:
        raise InputError(f"the table of countries has no column '{lost[0]}'")
    if year not in set(world["year"]):
        raise InputError(f"the table of countries holds nothing of {year}")
    sums = world.groupby(["year", "country"])[["deaths", "events"]].sum().astype("float64")
    now = sums.loc[year]
    before = sums["deaths"].get(year - 1, pd.Series(dtype="float64")).reindex(now.index)
    found = now.assign(before=before.fillna(0.0))
    many, both = found["events"] >= LEAST_EVENTS, found[["deaths", "before"]].min(axis=1)
    found["per_event"] = (found["deaths"] / found["events"]).where(many)
    found["ratio"] = (found["deaths"] / found["before"]).where(both >= LEAST_DEATHS)
    kept = found[found["deaths"] > 0]
    return kept.sort_values("deaths", ascending=False, kind="stable")


def place(values: pd.Series, unit: str) -> tuple[int, int] | None:
    """Return the place of a unit in the order of values, the highest first.

    Parameters
    ----------
    values : pandas.Series of float
        By unit; missing ones have no place.
    unit : str
        The unit.

    Returns
    -------
    tuple of (int, int) or None
        Its place and how many have one; equal values share the better place. ``None`` where the
        unit has none.

    Examples
    --------
    >>> values = pd.Series({"A": 3.0, "B": 5.0, "C": 3.0, "D": None})
    >>> place(values, "C"), place(values, "D"), place(values, "E")
    ((2, 3), None, None)
    """
    known = values.dropna()
    if unit not in known.index:
        return None
    return int((known > known[unit]).sum()) + 1, len(known)


def around(values: pd.Series, unit: str, most: int = 15) -> pd.Series:
    """Return the highest values, and that of a unit, the highest first.

    Parameters
    ----------
    values : pandas.Series of float
        By unit; missing ones are left out.
    unit : str
        The unit, which need not have a value.
    most : int, default 15
        How many of the highest.

    Returns
    -------
    pandas.Series of float
        At most one more than ``most``.

    Examples
    --------
    >>> around(pd.Series({"A": 1.0, "B": 3.0, "C": 2.0}), "A", 1).to_dict()
    {'B': 3.0, 'A': 1.0}
    """
    ranked = values.dropna().sort_values(ascending=False, kind="stable")
    return ranked[(ranked.index == unit) | (ranked.index.isin(ranked.index[:most]))]
