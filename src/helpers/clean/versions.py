"""Versions: UCDP counts anew with each release, and two releases never meet in one series."""

import pandas as pd

from helpers.base.errors import InputError, did_you_mean

CANDIDATE = "candidate"  # the provisional months
VERSION = ["year", "month", "version"]


def of_version(table: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the rows of one version.

    Parameters
    ----------
    table : pandas.DataFrame
        With the column ``version``.
    version : str
        The release, as the table spells it.

    Returns
    -------
    pandas.DataFrame
        At least one row.

    Raises
    ------
    InputError
        When the table does not hold the version.

    Examples
    --------
    >>> table = pd.DataFrame({"version": ["25.1", "26.1"], "deaths": [5, 6]})
    >>> of_version(table, "26.1")["deaths"].tolist()
    [6]
    >>> of_version(table, "26.2")
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the table has no version '26.2'; did you mean '26.1'?
    """
    rows = table[table["version"] == version]
    if rows.empty:
        raise InputError(
            f"the table has no version '{version}'" + did_you_mean(version, table["version"])
        )
    return rows


def span(table: pd.DataFrame, version: str) -> pd.PeriodIndex:
    """Return the months that a version covers: its first to its last in any row.

    Parameters
    ----------
    table : pandas.DataFrame
        ``year``, ``month`` and ``version``.
    version : str
        The release.

    Returns
    -------
    pandas.PeriodIndex
        Months, without a gap.

    Raises
    ------
    InputError
        When the table does not hold the version.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2024, 2025], "month": [11, 2], "version": "26.1"})
    >>> len(span(table, "26.1"))
    4
    """
    months = _month(of_version(table, version))
    return pd.period_range(months.min(), months.max(), freq="M", name="month")


def whole(table: pd.DataFrame, version: str, keys: list[str], over: pd.PeriodIndex) -> pd.DataFrame:
    """Return one version with a row for each unit and month, 0 where the table has none.

    A column that the version states nowhere stays missing, and so does a single figure that a row
    leaves out.

    Parameters
    ----------
    table : pandas.DataFrame, one row a unit, month and version
        ``keys``, ``year``, ``month``, ``version`` and columns of counts.
    version : str
        The release.
    keys : list of str
        Columns that name the unit; at least one.
    over : pandas.PeriodIndex
        The months that each unit gets, as of :func:`span`.

    Returns
    -------
    pandas.DataFrame, shape (n_units * n_months, n_keys + 2 + n_counts), sorted
        ``keys``, ``month`` (timestamp of its first day), ``version`` and the counts (Int64).

    Raises
    ------
    InputError
        When a unit has a month twice, or the table does not hold the version.

    Examples
    --------
    >>> table = pd.DataFrame({"who": ["A", "A"], "year": 2024, "month": [1, 3], "version": "v",
    ...                       "events": [2, 5]})
    >>> whole(table, "v", ["who"], span(table, "v"))["events"].tolist()
    [2, 0, 5]
    """
    rows = of_version(table, version)
    counts = [name for name in rows if name not in {*keys, *VERSION}]
    dated = rows.assign(month=_month(rows).dt.to_timestamp())[[*keys, "month", *counts]]
    twice = dated[dated.duplicated([*keys, "month"])]
    if len(twice):
        unit = ", ".join(str(twice.iloc[0][key]) for key in keys)
        raise InputError(f"{unit} has {twice.iloc[0]['month']:%Y-%m} twice in version {version}")
    grid = (
        dated[keys]
        .drop_duplicates()
        .merge(pd.DataFrame({"month": over.to_timestamp()}), how="cross")
    )
    full = grid.merge(dated, on=[*keys, "month"], how="left", indicator=True)
    full = full.astype(dict.fromkeys(counts, "Int64"))
    stated = [name for name in counts if dated[name].notna().any()]
    full.loc[full["_merge"] == "left_only", stated] = 0
    full = full.drop(columns="_merge")
    full.insert(len(keys) + 1, "version", version)
    return full.sort_values([*keys, "month"], ignore_index=True)


def held(table: pd.DataFrame, wanted: str) -> str:
    """Return the release to take from a table: the wanted one, or the newest final one it holds.

    Parameters
    ----------
    table : pandas.DataFrame
        With the column ``version``.
    wanted : str
        The release of the run.

    Returns
    -------
    str
        A release of the table.

    Raises
    ------
    InputError
        When the table holds provisional rows only.

    Examples
    --------
    >>> held(pd.DataFrame({"version": ["17.1", "25.1", "candidate"]}), "26.1")
    '25.1'
    """
    known = set(table["version"]) - {CANDIDATE}
    if not known:
        raise InputError("the table holds provisional months only, expected a final release")
    return wanted if wanted in known else max(known, key=_number)


def after(table: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the provisional rows that lie after the end of a version.

    Parameters
    ----------
    table : pandas.DataFrame
        ``year``, ``month`` and ``version``.
    version : str
        The release.

    Returns
    -------
    pandas.DataFrame
        Rows of :data:`CANDIDATE`; none where the version is that itself.

    Examples
    --------
    >>> table = pd.DataFrame({"year": 2025, "month": [11, 11, 12], "deaths": [4, 5, 6]})
    >>> table["version"] = ["26.1", "candidate", "candidate"]
    >>> after(table, "26.1")["deaths"].tolist()
    [6]
    """
    end = span(table, version)[-1]
    return table[(table["version"] == CANDIDATE) & (_month(table) > end)]


def _month(table: pd.DataFrame) -> pd.Series:
    dates = pd.to_datetime({"year": table["year"], "month": table["month"], "day": 1})
    return dates.dt.to_period("M")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
