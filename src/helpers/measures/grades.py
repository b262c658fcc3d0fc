"""Grades of frozen forecasts: what came, in every version of the data, and how far off it was.

A month is graded once for each version that tells it: provisional ones, as they stood until a later
release revised them, and final ones. None takes the place of another.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of
from helpers.stats.forecast import scores

# What is foretold of the war with militants: the dyads of which the table of groups says so.
WAR = {"kind": "militants", "inside": "mostly inside the country"}
ALL, MILITANTS = "all deaths", "militants"
POOL, NAIVE = "pool", ("seasonal naive", "naive")  # what is graded, and what it is held against
IN_WORDS = {"seasonal naive": "the same month of last year", "naive": "the last month carried on"}
KEPT = (POOL, *NAIVE)  # the models of a forecast that is frozen
VERSION = ["month", "version", "until", "final"]
KEYS = ["origin", "target", "month", "version", "until"]
CHANCE = 0.05  # how rarely a good forecast may count as failed for its intervals


class Came(NamedTuple):
    """The tables that tell what came.

    Attributes
    ----------
    months, groups : pandas.DataFrame
        ``country_month`` and ``group_month``, as published.
    named : pandas.DataFrame
        ``groups``: what each dyad is.
    months_before, groups_before : pandas.DataFrame or None
        What later releases replaced in the first two, with the release in ``replaced_by``; None
        where nothing was.
    """

    months: pd.DataFrame
    groups: pd.DataFrame
    named: pd.DataFrame
    months_before: pd.DataFrame | None = None
    groups_before: pd.DataFrame | None = None


def outcomes(came: Came, country: str, provisional: str) -> pd.DataFrame:
    """Return what each version of the data tells of each target and month.

    Parameters
    ----------
    came : Came
        The tables.
    country : str
        Where deaths are counted, as the tables spell it.
    provisional : str
        The name of the version that is not final.

    Returns
    -------
    pandas.DataFrame
        ``target``, ``month`` (YYYY-MM), ``version``, ``until`` (the release that replaced the
        figure, empty where it stands), ``final`` and ``deaths``; a month in which a version has no
        row of the country, but one of another, counts no deaths.

    Examples
    --------
    >>> row = {"country": "X", "year": 2026, "month": [1, 2], "version": "c", "deaths_best": [5, 7]}
    >>> months = pd.DataFrame(row)
    >>> groups = months.assign(dyad_id=1)
    >>> named = pd.DataFrame({"dyad_id": [1], **WAR})
    >>> older = months[:1].assign(deaths_best=4, replaced_by="2")
    >>> found = outcomes(Came(months, groups, named, older), "X", "c")
    >>> found.loc[found["target"] == ALL, ["month", "until", "deaths"]].values.tolist()
    [['2026-01', '', 5], ['2026-01', '2', 4], ['2026-02', '', 7]]
    """
    ours = came.named
    for column, word in WAR.items():
        ours = ours[ours[column] == word]
    told = {
        ALL: (came.months, came.months_before, "country", [country]),
        MILITANTS: (came.groups, came.groups_before, "dyad_id", list(ours["dyad_id"])),
    }
    parts = [
        _told(table.assign(until=""), column, kept).assign(target=target)
        for target, (table, _, column, kept) in told.items()
    ]
    parts += [
        _told(old.assign(until=old["replaced_by"].astype(str)), column, kept).assign(target=target)
        for target, (_, old, column, kept) in told.items()
        if old is not None
    ]
    found = pd.concat(parts, ignore_index=True)
    found["final"] = found["version"] != provisional
    order = ["target", "month", "final", "version", "until"]
    return found.sort_values(order, ignore_index=True)[["target", *VERSION, "deaths"]]


def _told(table: pd.DataFrame, column: str, kept: Sequence[object]) -> pd.DataFrame:
    month = table["year"].astype(str) + "-" + table["month"].astype(str).str.zfill(2)
    deaths = table["deaths_best"].where(table[column].isin(kept), 0).fillna(0)
    rows = table[["version", "until"]].assign(month=month, deaths=deaths.astype("int64"))
    return rows.groupby(["month", "version", "until"], as_index=False)["deaths"].sum()


def graded(table: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Return how each model of frozen forecasts did in each month that came, version by version.

    Parameters
    ----------
    table : pandas.DataFrame
        Frozen quantiles: ``origin``, ``target``, ``month``, ``model``, ``level`` and ``value``, of
        one origin or several.
    seen : pandas.DataFrame
        As of :func:`outcomes`.

    Returns
    -------
    pandas.DataFrame
        A row for each ``origin``, ``target``, ``month``, version and ``model``: ``deaths``, the
        ``median`` and the ends of the 80 and 95 % intervals, whether they held what came
        (``inside_80``, ``inside_95``), ``crps`` (deaths) and ``log_score`` (nats); lower scores
        are better. Empty where no month has come.

    Raises
    ------
    InputError
        When the table lacks a column.

    Examples
    --------
    >>> level = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]
    >>> about = {"origin": "2025-12", "target": "all deaths", "month": "2026-01", "model": "pool"}
    >>> table = pd.DataFrame(about | {"level": level, "value": range(10, 20)})
    >>> came = {"month": "2026-01", "version": ["c", "f"], "until": "", "final": [False, True]}
    >>> seen = pd.DataFrame(came | {"target": "all deaths", "deaths": [15, 90]})
    >>> graded(table, seen)[["version", "deaths", "median", "inside_80"]].values.tolist()
    [['c', 15, 14.5, True], ['f', 90, 14.5, False]]
    """
    by = ["origin", "target", "month", "model"]
    columns_of(table, (*by, "level", "value"), "the frozen forecast")
    told = dict(tuple(seen.groupby(["target", "month"])))
    rows = []
    for key, part in table.groupby(by, sort=False):
        about = dict(zip(by, key))
        came = told.get((about["target"], about["month"]))
        if came is None:
            continue
        level, value = part["level"].to_numpy("float64"), part["value"].to_numpy("float64")
        chances = [0.5, 0.1, 0.9, 0.025, 0.975]
        median, *ends = (float(one) for one in np.interp(chances, level, value))
        bands = dict(zip(("low_80", "high_80", "low_95", "high_95"), ends))
        for row in came.itertuples():
            rows.append(
                about
                | {name: getattr(row, name) for name in VERSION if name != "month"}
                | {"deaths": row.deaths, "median": median, **bands}
                | {"inside_80": ends[0] <= row.deaths <= ends[1]}
                | {"inside_95": ends[2] <= row.deaths <= ends[3]}
                | {"crps": scores.crps_quantiles(value, level, row.deaths)}
                | {"log_score": float(scores.log_score(value[:, None], [row.deaths])[0])}
            )
    names = [*KEYS, "final", "model", "deaths", "median", "low_80", "high_80", "low_95", "high_95"]
    frame = pd.DataFrame(rows, columns=[*names, "inside_80", "inside_95", "crps", "log_score"])
    return frame.sort_values([*KEYS[:3], "final", "version", "until"], ignore_index=True)


def newest(grades: pd.DataFrame) -> pd.DataFrame:
    """Return of each month that came the grade by the figure that stands: final before provisional.

    Parameters
    ----------
    grades : pandas.DataFrame
        As of :func:`graded`.

    Returns
    -------
    pandas.DataFrame
        At most one row for each origin, target, month and model; of several final releases the
        first that told the month, which no later count can move.
    """
    standing = grades[grades["until"] == ""]
    order = standing.assign(rank=_ranks(standing))
    one = ["origin", "target", "month", "model"]
    return order.sort_values("rank").drop_duplicates(one).drop(columns="rank").sort_index()


def _ranks(rows: pd.DataFrame) -> list[tuple[int, ...]]:
    return [
        (0, *(int(part) for part in str(name).split("."))) if final else (1,)
        for name, final in zip(rows["version"], rows["final"])
    ]


def summed(grades: pd.DataFrame) -> pd.DataFrame:
    """Return how frozen forecasts did over their months, provisional and final figures apart.

    Parameters
    ----------
    grades : pandas.DataFrame
        As of :func:`newest`.

    Returns
    -------
    pandas.DataFrame
        A row for each ``origin``, ``target``, ``final`` and ``model``: ``months``, mean ``crps``
        and ``log_score``, and the shares of months that the intervals held, ``covered_80`` and
        ``covered_95``.
    """
    by = ["origin", "target", "final", "model"]
    means = {
        "months": ("crps", "size"),
        "crps": ("crps", "mean"),
        "log_score": ("log_score", "mean"),
        "covered_80": ("inside_80", "mean"),
        "covered_95": ("inside_95", "mean"),
    }
    return grades.groupby(by, sort=False, as_index=False).agg(**means)


def least_inside(months: int, level: float = 0.8) -> int:
    """Return how many months intervals must hold, or else the forecast counts as failed.

    Parameters
    ----------
    months : int
        How many are foretold, at least 1.
    level : float, default 0.8
        What the intervals promise.

    Returns
    -------
    int
        The least number that a forecast whose intervals keep their promise, month by month and
        each for itself, falls below in at most :data:`CHANCE` of all cases.

    Examples
    --------
    >>> least_inside(12)
    7
    """
    from scipy.stats import binom

    if months < 1:
        raise InputError(f"{months} months are foretold; expected at least 1")
    return int(binom.ppf(CHANCE, months, level))


def verdict(grades: pd.DataFrame, foretold: int) -> str:
    """Return what became of one forecast of one target, by the rule that was set beforehand.

    Parameters
    ----------
    grades : pandas.DataFrame
        As of :func:`newest`, of one origin and target.
    foretold : int
        How many months it foretells.

    Returns
    -------
    str
        ``waits`` until all months have final figures; then ``failed`` where the mean CRPS of the
        pool is no lower than that of a naive forecast, or its 80 % intervals held too few months,
        else ``held``.

    Examples
    --------
    >>> verdict(pd.DataFrame({"final": [], "model": []}), 12)
    'waits'
    """
    last = grades[grades["final"].astype(bool)]
    pool = last[last["model"] == POOL]
    if len(pool) < foretold:
        return "waits"
    others: Mapping[str, float] = last.groupby("model")["crps"].mean().to_dict()
    beaten = all(others[POOL] < others[name] for name in NAIVE if name in others)
    return "held" if beaten and pool["inside_80"].sum() >= least_inside(foretold) else "failed"


def nothing() -> pd.DataFrame:
    """Return the table of grades before any forecast is frozen.

    Returns
    -------
    pandas.DataFrame
        As of :func:`graded`, without a row.

    Examples
    --------
    >>> len(nothing())
    0
    """
    empty = pd.DataFrame(columns=[*KEYS[:3], "model", "level", "value"])
    return graded(empty, pd.DataFrame(columns=["target", *VERSION, "deaths"]))


def bands(table: pd.DataFrame, target: str) -> pd.DataFrame:
    """Return median and central intervals of the pool's frozen forecast of one target.

    Parameters
    ----------
    table : pandas.DataFrame
        Frozen quantiles of one origin, as for :func:`graded`.
    target : str
        One of its targets.

    Returns
    -------
    pandas.DataFrame, PeriodIndex of months
        ``median``, and ``low_L`` and ``high_L`` for 50, 80 and 95 %, in deaths a month.
    """
    ours = table[(table["target"] == target) & (table["model"] == POOL)]
    chances = {"median": 0.5}
    for part in (50, 80, 95):
        chances |= {f"low_{part}": 0.5 - part / 200, f"high_{part}": 0.5 + part / 200}
    rows = {
        pd.Period(month, "M"): np.interp(list(chances.values()), one["level"], one["value"])
        for month, one in ours.groupby("month")
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(chances))


def series(seen: pd.DataFrame, target: str, release: str) -> pd.DataFrame:
    """Return what came of one target by month, by the figure that stands.

    Parameters
    ----------
    seen : pandas.DataFrame
        As of :func:`outcomes`.
    target : str
        One of its targets.
    release : str
        The final release that goes before the others, such as the one that the models saw.

    Returns
    -------
    pandas.DataFrame, PeriodIndex of months
        ``came``: the figure of that release, else that of the first other final one, else the
        provisional; ``final``: whether it is not the last of these.
    """
    ours = seen[(seen["target"] == target) & (seen["until"] == "")]
    rank = [(name != release, *one) for name, one in zip(ours["version"], _ranks(ours))]
    one = ours.assign(rank=rank).sort_values("rank").drop_duplicates("month").sort_values("month")
    one.index = pd.PeriodIndex(one["month"], freq="M")
    return one.rename(columns={"deaths": "came"})[["came", "final"]]
