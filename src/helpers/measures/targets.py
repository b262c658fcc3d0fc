"""Parts of a whole: whom violence kills, and where it happens."""

from collections.abc import Collection, Sequence

import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.counts.inflation import Inflation
from helpers.stats.estimate import Estimate
from helpers.stats.shares.proportion import share_ratio as ratio_of_shares


def by_year(monthly: pd.DataFrame, part: str) -> pd.DataFrame:
    """Return one class of the dead and all classes together, by year.

    Parameters
    ----------
    monthly : pandas.DataFrame of float, shape (n_months, n_classes), PeriodIndex "M"
        Deaths a month, a column for each class; months without one of them left out.
    part : str
        The class.

    Returns
    -------
    pandas.DataFrame of float, shape (n_years, 2), index of years
        ``part`` and ``whole``: deaths a year, in the months at hand.

    Examples
    --------
    >>> index = pd.period_range("2024-01", periods=2, freq="M")
    >>> dead = pd.DataFrame({"police": [3.0, 1.0], "civilians": [5.0, 1.0]}, index=index)
    >>> by_year(dead, "police").to_dict("index")
    {2024: {'part': 4.0, 'whole': 10.0}}
    """
    rows = pd.DataFrame({"part": monthly[part], "whole": monthly.sum(axis=1)})
    return rows.groupby(monthly.index.year).sum()


def classes_of(
    yearly: pd.DataFrame, source: str, scope: str, region: str, part: Sequence[str]
) -> pd.DataFrame:
    """Return one class of the dead and all classes together, in years that name every class.

    Parameters
    ----------
    yearly : pandas.DataFrame
        The tidy table of published years.
    source, scope, region : str
        Who counts, which violence, and where.
    part : sequence of str
        Metrics of the classes, first the one whose part is asked for.

    Returns
    -------
    pandas.DataFrame of float, shape (n_years, 2), index of years
        ``part`` and ``whole``: deaths a year.

    Raises
    ------
    InputError
        When no year has all classes.

    Examples
    --------
    >>> row = {"source": "A", "scope": "s", "region": "R", "flag": "",
    ...        "period_start": pd.Timestamp("2024-01-01")}
    >>> table = pd.DataFrame([{**row, "metric": "police", "value": 4.0},
    ...                       {**row, "metric": "civilians", "value": 6.0}])
    >>> classes_of(table, "A", "s", "R", ["police", "civilians"]).to_dict("index")
    {2024: {'part': 4.0, 'whole': 10.0}}
    """
    rows = yearly[
        (yearly["source"] == source)
        & (yearly["scope"] == scope)
        & (yearly["region"] == region)
        & yearly["metric"].isin(part)
        & yearly["flag"].eq("")
    ]
    year = rows["period_start"].dt.year.rename("year")
    wide = rows.set_index([year, "metric"])["value"].unstack("metric").reindex(columns=part)
    both = wide.dropna()
    if both.empty:
        raise InputError(f"{source} prints {', '.join(part)} of {region} in no year together")
    return pd.DataFrame({"part": both[part[0]], "whole": both.sum(axis=1)})


def printed(
    yearly: pd.DataFrame, source: str, region: str, part: tuple[str, str], whole: tuple[str, str]
) -> pd.DataFrame:
    """Return a part and a whole that a source prints under two headings, by year.

    Parameters
    ----------
    yearly : pandas.DataFrame
        The tidy table of published years.
    source, region : str
        Who counts, and where.
    part, whole : tuple of str
        Metric and scope of each.

    Returns
    -------
    pandas.DataFrame of float, shape (n_years, 2), index of years
        ``part`` and ``whole``: deaths a year, in the years that have both.

    Raises
    ------
    InputError
        When no year has both.

    Examples
    --------
    >>> row = {"source": "A", "region": "R", "period_start": pd.Timestamp("2024-01-01")}
    >>> table = pd.DataFrame([{**row, "metric": "killed_x", "scope": "all", "value": 4.0},
    ...                       {**row, "metric": "killed", "scope": "victims", "value": 10.0}])
    >>> printed(table, "A", "R", ("killed_x", "all"), ("killed", "victims")).to_dict("index")
    {2024: {'part': 4.0, 'whole': 10.0}}
    """
    rows = yearly[(yearly["source"] == source) & (yearly["region"] == region)]
    rows = rows.set_index(["metric", "scope", rows["period_start"].dt.year.rename("year")])["value"]
    found = {
        name: rows[rows.index.droplevel("year") == which].droplevel(["metric", "scope"])
        for name, which in {"part": part, "whole": whole}.items()
    }
    both = pd.DataFrame(found).dropna()
    if both.empty:
        raise InputError(f"{source} prints {part[0]} and {whole[0]} of {region} in no year alike")
    return both


def share_ratio(
    earlier: pd.Series | pd.DataFrame,
    later: pd.Series | pd.DataFrame,
    *,
    inflation: float | Inflation,
) -> Estimate:
    """Return the share of a part in a later period as a multiple of its share in an earlier one.

    Parameters
    ----------
    earlier, later : pandas.Series of float, shape (2,)
        The counts ``part`` and ``whole`` of the two periods.
    inflation : float or Inflation
        The variance inflation of the shares (1 for independent events).

    Returns
    -------
    Estimate
        The ratio of shares with its 95 % interval.

    Examples
    --------
    >>> counts = pd.DataFrame({"part": [20, 40], "whole": [100, 100]}, index=[2023, 2024])
    >>> share_ratio(counts.loc[2023], counts.loc[2024], inflation=2).value
    2.0
    """
    return ratio_of_shares(
        later["part"], later["whole"], earlier["part"], earlier["whole"], inflation=inflation
    )


def in_texts(figures: pd.DataFrame, names: Collection[str], whole: str) -> pd.DataFrame:
    """Return what some places had of a whole, by period, where a text names all of them.

    A text that leaves one of the places out says nothing of their sum, and is left out.

    Parameters
    ----------
    figures : pandas.DataFrame
        ``area``, ``period_start`` and ``period_end`` (days) and ``value``: counts of one kind, as
        one or more texts print them.
    names : collection of str
        The places.
    whole : str
        The area that holds them.

    Returns
    -------
    pandas.DataFrame
        ``period_start`` and ``period_end`` (timestamps), ``days``, ``part`` and ``whole``, one row
        a period, in order of time.

    Raises
    ------
    InputError
        When no text names the whole and all the places, or two texts contradict each other on one
        of them in one period.

    Examples
    --------
    >>> row = {"period_start": "2024-01-01", "period_end": "2024-01-31"}
    >>> figures = pd.DataFrame([{**row, "area": name, "value": value}
    ...                         for name, value in {"A": 2, "B": 3, "P": 10}.items()])
    >>> in_texts(figures, ["A", "B"], "P")[["days", "part", "whole"]].values.tolist()
    [[31, 5, 10]]
    """
    period = ["period_start", "period_end"]
    rows = figures[figures["area"].isin([*names, whole])].drop_duplicates(
        [*period, "area", "value"]
    )
    named = rows.groupby(period)["area"].transform("nunique")
    complete = rows[named > len(set(names))].set_index([*period, "area"])["value"]
    if complete.empty:
        raise InputError(f"no text gives {', '.join(names)} and {whole} for the same period")
    if complete.index.has_duplicates:
        start, end, area = complete.index[complete.index.duplicated()][0]
        raise InputError(f"two texts contradict each other on {area} from {start} to {end}")
    table = complete.unstack("area")
    found = pd.DataFrame({"part": table[list(names)].sum(axis=1), "whole": table[whole]})
    found = found.reset_index()
    found[period] = found[period].apply(pd.to_datetime)
    days = (found["period_end"] - found["period_start"]).dt.days + 1
    return found.assign(days=days)[[*period, "days", "part", "whole"]]


def by_day(figures: pd.DataFrame) -> pd.DataFrame:
    """Return counts of one kind with the days that they cover, one a year: the longest to its end.

    Parameters
    ----------
    figures : pandas.DataFrame
        ``period_start`` and ``period_end`` (days) and ``value``; periods within one year.

    Returns
    -------
    pandas.DataFrame, index of years
        ``value`` and ``days``, of the longest period of each year.

    Raises
    ------
    InputError
        When a period runs over the end of a year.

    Examples
    --------
    >>> figures = pd.DataFrame({"period_start": "2024-01-01", "value": [9, 4],
    ...                         "period_end": ["2024-03-31", "2024-01-31"]})
    >>> by_day(figures).to_dict("index")
    {2024: {'value': 9, 'days': 91}}
    """
    start, end = (pd.to_datetime(figures[f"period_{one}"]) for one in ("start", "end"))
    if (start.dt.year != end.dt.year).any():
        raise InputError("a period runs over the end of a year: it belongs to none")
    rows = pd.DataFrame({"value": figures["value"], "days": (end - start).dt.days + 1})
    longest = rows.assign(year=start.dt.year).sort_values("days", kind="stable")
    return longest.groupby("year").last()


def level_pair(
    yearly: pd.DataFrame,
    figures: pd.DataFrame,
    source: str,
    metric: str,
    scope: str,
    region: str,
    year: int,
) -> tuple[float, float]:
    """Return a source's count of a region in a year and in the year before.

    Where the source prints the year and by how many percent it changed, the year before follows
    from these two, to the whole number.

    Parameters
    ----------
    yearly : pandas.DataFrame
        The tidy table of published years.
    figures : pandas.DataFrame
        The published figures, for changes: ``source``, ``region``, ``metric`` ``change_pct``,
        ``series`` that ends in "change YEAR on YEAR" and names no group, and ``value``.
    source, metric, scope, region : str
        Who counts, what, which violence, and where.
    year : int
        The later year.

    Returns
    -------
    tuple of float
        The later count and the earlier one.

    Raises
    ------
    InputError
        When the source prints neither the earlier count nor one change of the whole.

    Examples
    --------
    >>> row = {"source": "A", "metric": "attacks", "scope": "s", "region": "R", "flag": ""}
    >>> yearly = pd.DataFrame([{**row, "value": 30.0, "period_start": pd.Timestamp("2024-01-01")}])
    >>> figures = pd.DataFrame([{"source": "A", "region": "R", "metric": "change_pct",
    ...                          "series": "attacks, change 2024 on 2023", "value": 50.0}])
    >>> level_pair(yearly, figures, "A", "attacks", "s", "R", 2024)
    (30.0, 20.0)
    """
    key = {"source": source, "metric": metric, "scope": scope, "region": region, "flag": ""}
    rows = yearly[(yearly[list(key)] == pd.Series(key)).all(axis=1)]
    counts = rows.set_index(rows["period_start"].dt.year)["value"]
    if {year, year - 1} <= set(counts.index):
        return float(counts[year]), float(counts[year - 1])
    key = {"source": source, "region": region, "metric": "change_pct"}
    changes = figures[(figures[list(key)] == pd.Series(key)).all(axis=1)]
    whole = changes["series"].str.contains(f"change {year} on {year - 1}$")
    changes = changes[whole & ~changes["series"].str.contains(" by ")]
    if year not in counts.index or changes["value"].nunique() != 1:
        raise InputError(f"{source} prints no {metric} of {region} in {year - 1}, and no change")
    now = float(counts[year])
    return now, float(round(now / (1 + changes["value"].iloc[0] / 100)))


def by_place(events: pd.DataFrame, names: Collection[str], first: str, last: str) -> pd.DataFrame:
    """Return events by month and district, with a zero where nothing happened.

    Parameters
    ----------
    events : pandas.DataFrame
        ``month_start``, ``district`` and ``events``; rows without a month or a district of
        ``names`` are left out.
    names : collection of str
        The districts, all of them.
    first, last : str
        The months, both included.

    Returns
    -------
    pandas.DataFrame of int, shape (n_months, n_districts), PeriodIndex "M"
        Events.

    Examples
    --------
    >>> rows = {"month_start": [pd.Timestamp("2020-02-01")], "district": ["A"], "events": [3]}
    >>> by_place(pd.DataFrame(rows), ["A", "B"], "2020-01", "2020-02").values.tolist()
    [[0, 0], [3, 0]]
    """
    dated = events[events["month_start"].notna() & events["district"].isin(names)]
    wide = dated.pivot_table(
        index=pd.PeriodIndex(dated["month_start"], freq="M", name="month"),
        columns="district",
        values="events",
        aggfunc="sum",
    )
    every = pd.period_range(first, last, freq="M", name="month")
    return wide.reindex(index=every, columns=sorted(names)).fillna(0).astype("int64")
