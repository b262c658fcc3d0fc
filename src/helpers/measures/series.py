"""The series that tests are made on, each with what it counts and who did the harm.

Three kinds of table give them: deaths by month (totals), events (by place, group and victim, as far
as they reach), and figures as published (by source, scope, region and metric). Harm by militants,
harm by the state and totals of both are never mixed unseen: each series says in ``by`` whose harm
it counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.measures.extent import covered
from helpers.measures.summaries import GOVERNMENT

MILITANTS, STATE, EITHER = "militants", "the state", "either side"
EVERY = {"M": "month", "Q": "quarter", "Y": "year"}

# measure: (kind of violence, column, whose harm, words)
MEASURES = {
    "one_sided_events": (
        "one-sided",
        "events",
        MILITANTS,
        "events of one-sided violence by armed groups",
    ),
    "one_sided_civilians": (
        "one-sided",
        "civilians",
        MILITANTS,
        "civilians killed in one-sided violence by armed groups",
    ),
    "security_forces": (
        "fighting",
        "deaths_a",
        MILITANTS,
        "security forces killed in fighting with armed groups",
    ),
    "militants": (
        "fighting",
        "deaths_b",
        STATE,
        "militants killed in fighting with the government",
    ),
    "civilians_in_fighting": (
        "fighting",
        "civilians",
        EITHER,
        "civilians killed in fighting with armed groups",
    ),
    "fighting_events": ("fighting", "events", EITHER, "events of fighting with armed groups"),
    "fighting_deaths": ("fighting", "deaths_best", EITHER, "deaths in fighting with armed groups"),
    "events": (
        "both",
        "events",
        EITHER,
        "events of fighting with the government and of one-sided violence",
    ),
    "deaths": (
        "both",
        "deaths_best",
        EITHER,
        "deaths in fighting with the government and in one-sided violence",
    ),
}

SCOPES = {
    "militant_attacks": "attacks by militants",
    "state_operations": "operations by the state",
    "combined": "all violence",
}
OF_THE_STATE = ("killed_militants", "arrested", "operations")


@dataclass(frozen=True)
class Counted:
    """A series with its meaning.

    Attributes
    ----------
    values : pandas.Series of float, shape (n_periods,), PeriodIndex
        Counts by month, quarter or year, sorted, with gaps where nothing is printed.
    source : str
        Who counted.
    counts : str
        What is counted, in words.
    by : str
        Whose harm it is: :data:`MILITANTS`, :data:`STATE` or :data:`EITHER`.
    derived : tuple of pandas.Period
        Periods that a stated total gave.
    left_out : int
        Events that could not be placed in a month.
    """

    values: pd.Series
    source: str
    counts: str
    by: str
    derived: tuple[pd.Period, ...] = ()
    left_out: int = 0


def from_months(
    months: pd.DataFrame,
    version: str,
    count: str = "deaths",
    *,
    where: Mapping[str, str | Iterable[str]] | None = None,
    source: str = "UCDP",
) -> Counted:
    """Make a series by month of one release, 0 where nothing happened.

    The series runs over the months that the table holds of that release. Two releases never meet in
    one series: each counts anew.

    Parameters
    ----------
    months : pandas.DataFrame, one row a month, or a unit and month
        ``month`` (timestamp of its first day), ``version`` and columns of counts.
    version : str
        The release.
    count : str, default "deaths"
        The column that is counted.
    where : mapping of str to str or iterable of str, optional
        Column to the values that are kept, such as a province or a group; their rows are added.
    source : str, default "UCDP"
        Who counted.

    Returns
    -------
    Counted
        Events or persons killed a month in organized violence, of either side.

    Raises
    ------
    InputError
        For an unknown version, column or value, for a month that stands twice without a choice of
        units, and where the release does not state the count.

    Examples
    --------
    >>> months = pd.DataFrame({"month": pd.to_datetime(["2024-03-01", "2024-01-01", "2024-04-01"])})
    >>> months = months.assign(version=["26.1", "26.1", "candidate"], deaths=[8, 5, 9])
    >>> from_months(months, "26.1").values.tolist()
    [5.0, 0.0, 8.0]
    """
    rows = months[months["version"] == version]
    if rows.empty:
        raise InputError(
            f"the table has no month of version '{version}'"
            + did_you_mean(version, months["version"].unique())
        )
    if count not in rows:
        raise InputError(f"the table has no column '{count}'" + did_you_mean(count, rows.columns))
    at = pd.PeriodIndex(rows["month"], freq="M", name="month")
    over = pd.period_range(at.min(), at.max(), freq="M", name="month")
    kept = _placed(rows, where or {})
    if kept[count].isna().any():
        raise InputError(f"version {version} of {source} does not state '{count}' for every month")
    name = _with_place(f"{count.replace('_', ' ')} in organized violence", where, None)
    by_month = kept[count].astype("float64").set_axis(pd.PeriodIndex(kept["month"], freq="M"))
    if not where:
        _checked(by_month, f"{source} {count}")
    sums = by_month.groupby(level=0).sum().reindex(over, fill_value=0.0).rename(count)
    return Counted(sums, source, name, EITHER)


def from_events(
    events: pd.DataFrame,
    country: str,
    measure: str,
    *,
    where: Mapping[str, str | Iterable[str]] | None = None,
    groups: Iterable[str] | None = None,
    source: str = "UCDP",
) -> Counted:
    """Make a series by month from events, 0 where nothing happened.

    Only fighting of the country's own government with armed groups and one-sided violence by armed
    groups count. The series runs over all years of the event table, or to its last month where its
    ``version`` is none that closes a year.

    Parameters
    ----------
    events : pandas.DataFrame, one row a group of events
        ``year``, ``month_start`` (timestamp, missing where the month is not known),
        ``type_of_violence``, ``side_a``, ``side_b``, ``events`` and the columns of counts.
    country : str
        The country whose government it is.
    measure : str
        A key of :data:`MEASURES`: what is counted.
    where : mapping of str to str or iterable of str, optional
        Column to the values that are kept, such as a province.
    groups : iterable of str, optional
        Sides of which one must take part.
    source : str, default "UCDP"
        Who counted.

    Returns
    -------
    Counted
        Events or persons killed a month.

    Raises
    ------
    InputError
        For an empty table and for an unknown measure, column, value or group.

    Examples
    --------
    >>> fight = {"year": 2020, "type_of_violence": "state-based", "side_a": GOVERNMENT + "X"}
    >>> fight |= {"side_b": "M", "events": 1, "deaths_a": 4, "month_start": "2020-03-01"}
    >>> table = pd.DataFrame([fight]).astype({"month_start": "datetime64[us]"})
    >>> from_events(table, "X", "security_forces").values["2020-02":"2020-04"].tolist()
    [0.0, 4.0, 0.0]
    """
    if measure not in MEASURES:
        raise InputError(
            f"there is no measure '{measure}' of events" + did_you_mean(measure, MEASURES)
        )
    if events.empty:
        raise InputError("the event table is empty: no series can be made")
    kind, column, by, words = MEASURES[measure]
    rows = _placed(events, where or {})
    if groups is not None:
        groups = _known(groups, {*events["side_a"], *events["side_b"]}, "group")
        rows = rows[rows["side_a"].isin(groups) | rows["side_b"].isin(groups)]
    rows = _of_kind(rows, GOVERNMENT + country, kind)
    dated = rows[rows["month_start"].notna()]
    index = covered(events)
    sums = dated.groupby(pd.PeriodIndex(dated["month_start"], freq="M"))[column].sum()
    values = sums.reindex(index, fill_value=0).astype("float64").rename(measure)
    lost = int(rows.loc[rows["month_start"].isna(), "events"].sum())
    return Counted(values, source, _with_place(words, where, groups), by, left_out=lost)


def from_published(
    table: pd.DataFrame,
    source: str,
    metric: str,
    *,
    region: str,
    scope: str = "militant_attacks",
    series: str | None = None,
    every: str = "M",
    flagged: bool = False,
) -> Counted:
    """Make a series from figures as published.

    Parameters
    ----------
    table : pandas.DataFrame, one row a figure
        The tidy table of months, quarters or years: ``source``, ``scope``, ``region``, ``metric``,
        ``series``, ``period_start`` (timestamp), ``value``, ``derived`` and ``flag``.
    source, metric, region, scope : str
        Whose figure it is, what it counts, where, and which kind of violence.
    series : str, optional
        Which series, where the source prints several.
    every : {"M", "Q", "Y"}
        The step of ``table``: month, quarter or year.
    flagged : bool, default False
        Keep the figures that the ledger of corrections flags.

    Returns
    -------
    Counted
        The figure by period, with gaps where nothing is printed.

    Raises
    ------
    InputError
        When nothing is printed, when everything is flagged, when a period stands twice, and when a
        source prints two series and ``series`` does not choose.

    Examples
    --------
    >>> row = {"source": "P", "scope": "militant_attacks", "region": "X", "metric": "attacks"}
    >>> row |= {"series": "s", "value": 9, "derived": False, "flag": ""}
    >>> table = pd.DataFrame([row | {"period_start": pd.Timestamp("2024-05-01")}])
    >>> from_published(table, "P", "attacks", region="X").counts
    'attacks (attacks by militants), X'
    """
    rows = _chosen(table, source=source, scope=scope, region=region, metric=metric, series=series)
    rows = (rows if flagged else rows[rows["flag"] == ""]).sort_values("period_start")
    if rows.empty:
        raise InputError(
            f"every figure of {source} for '{metric}' in {region} is flagged; take them with "
            "flagged=True"
        )
    index = pd.PeriodIndex(rows["period_start"], freq=every, name=EVERY[every])
    values = pd.Series(rows["value"].to_numpy("float64"), index=index, name=metric)
    words = f"{metric.replace('_', ' ')} ({SCOPES.get(scope, scope.replace('_', ' '))}), {region}"
    derived = tuple(index[rows["derived"].to_numpy()])
    return Counted(
        _checked(values, f"{source} {metric}"), source, words, _whose(scope, metric), derived
    )


def together(*parts: Counted) -> Counted:
    """Add several series over the periods that all of them have.

    Parameters
    ----------
    *parts : Counted
        Series of one step.

    Returns
    -------
    Counted
        The sum; harm of either side where the parts count that of different ones.

    Raises
    ------
    InputError
        When the steps differ, or no period is common.

    Examples
    --------
    >>> months = pd.period_range("2024-01", periods=3, freq="M")
    >>> one = Counted(pd.Series([1.0, 2.0, 3.0], index=months), "P", "attacks", MILITANTS)
    >>> other = Counted(pd.Series([5.0, 5.0], index=months[1:]), "P", "raids", STATE)
    >>> both = together(one, other)
    >>> both.values.tolist(), both.counts, both.by
    ([7.0, 8.0], 'attacks plus raids', 'either side')
    """
    if len({part.values.index.freqstr for part in parts}) != 1:
        raise InputError(
            "the series to add have different steps; take all by month, by quarter or by year"
        )
    values = pd.concat([part.values for part in parts], axis=1, join="inner").sum(axis=1)
    if values.empty:
        raise InputError("the series to add share no period")
    derived = {period for part in parts for period in part.derived} & set(values.index)
    whose = {part.by for part in parts}
    sources = " and ".join(dict.fromkeys(part.source for part in parts))
    return Counted(
        values,
        sources,
        " plus ".join(part.counts for part in parts),
        whose.pop() if len(whose) == 1 else EITHER,
        tuple(sorted(derived)),
        sum(part.left_out for part in parts),
    )


def _chosen(table: pd.DataFrame, **wanted: str | None) -> pd.DataFrame:
    """Return the figures that have every wanted value, refused where they are of several series."""
    rows = table
    for name, value in wanted.items():
        if value is not None:
            found = rows[rows[name] == value]
            if found.empty:
                raise InputError(
                    f"no figure of {wanted['source']} has the {name} '{value}'"
                    + did_you_mean(value, rows[name])
                )
            rows = found
    if rows["series"].nunique() > 1:
        raise InputError(
            f"{wanted['source']} prints {rows['series'].nunique()} series of '{wanted['metric']}' "
            f"for {wanted['region']} in the scope '{wanted['scope']}'; choose one, such as "
            f"series='{rows['series'].iloc[0]}'"
        )
    return rows


def _whose(scope: str, metric: str) -> str:
    """Return whose harm a published figure is; of a militant killed in his own attack, either's."""
    if scope == "militant_attacks" and metric != "killed_militants":
        return MILITANTS
    return STATE if scope == "state_operations" and metric in OF_THE_STATE else EITHER


def _placed(events: pd.DataFrame, where: Mapping[str, str | Iterable[str]]) -> pd.DataFrame:
    rows = pd.Series(True, index=events.index)
    for column, wanted in where.items():
        if column not in events:
            raise InputError(
                f"the table has no column '{column}'" + did_you_mean(column, events.columns)
            )
        rows &= events[column].isin(_known(wanted, events[column].dropna(), column))
    return events[rows]


def _known(wanted: str | Iterable[str], known: Iterable[str], kind: str) -> list[str]:
    names, known = [wanted] if isinstance(wanted, str) else list(wanted), set(known)
    for name in names:
        if name not in known:
            raise InputError(f"no row has the {kind} '{name}'" + did_you_mean(name, known))
    return names


def _of_kind(rows: pd.DataFrame, home: str, kind: str) -> pd.DataFrame:
    """Return the rows of fighting of ``home`` with armed groups, of one-sided violence, or both."""
    group_a, group_b = (~rows[side].str.startswith(GOVERNMENT) for side in ("side_a", "side_b"))
    fighting = (rows["type_of_violence"] == "state-based") & (rows["side_a"] == home) & group_b
    one_sided = (rows["type_of_violence"] == "one-sided") & group_a
    return rows[{"fighting": fighting, "one-sided": one_sided, "both": fighting | one_sided}[kind]]


def _with_place(
    words: str, where: Mapping[str, str | Iterable[str]] | None, groups: Iterable[str] | None
) -> str:
    kept = [
        value if isinstance(value, str) else " + ".join(value) for value in (where or {}).values()
    ]
    return ", ".join([words, *kept, *([" or ".join(groups)] if groups is not None else [])])


def _checked(values: pd.Series, name: str) -> pd.Series:
    twice = values.index[values.index.duplicated()]
    if len(twice):
        raise InputError(f"{name}: {twice[0]} stands twice; keep one value a period")
    return values
