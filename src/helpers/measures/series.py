"""The series that tests are made on, each with what it counts and who did the harm.

Three kinds of table give them: UCDP's deaths by month (totals), its events (by place, group and victim, as far as
they reach), and figures as published (by source, scope, region and metric). Harm by militants, harm by the state
and totals of both are never mixed unseen: each series says in ``by`` whose harm it counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
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

    ``values`` are floats by month, quarter or year (PeriodIndex), sorted, with gaps where nothing is printed;
    ``by`` is whose harm it is; ``derived`` are the periods that a stated total gave; ``left_out`` counts the
    events that could not be placed in a month.
    """

    values: pd.Series
    source: str
    counts: str
    by: str
    derived: tuple[pd.Period, ...] = ()
    left_out: int = 0


def from_months(months: pd.DataFrame, source: str = "UCDP") -> Counted:
    """Return deaths by month of a table with ``month`` (timestamps) and ``deaths``: totals of all violence."""
    values = pd.Series(
        months["deaths"].to_numpy("float64"),
        index=pd.PeriodIndex(months["month"], freq="M", name="month"),
    )
    return Counted(
        _checked(values.sort_index(), f"{source} deaths"),
        source,
        "deaths in organized violence",
        EITHER,
    )


def from_events(
    events: pd.DataFrame,
    country: str,
    measure: str,
    *,
    where: Mapping[str, str | Iterable[str]] | None = None,
    groups: Iterable[str] | None = None,
    source: str = "UCDP",
) -> Counted:
    """Return a ``measure`` (of MEASURES) of the event table by month, 0 where nothing happened.

    Only fighting of the country's own government with armed groups and one-sided violence by armed groups count;
    ``where`` maps columns to the values that are kept (a province, districts), ``groups`` names sides of which one
    must take part. The series runs over all years of ``events``. Raises :class:`InputError` for an unknown
    measure, column, value or group.
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
        sides = {*events["side_a"], *events["side_b"]}
        rows = rows[
            rows["side_a"].isin(_known(groups, sides, "group")) | rows["side_b"].isin(list(groups))
        ]
    rows = _of_kind(rows, GOVERNMENT + country, kind)
    dated = rows[rows["month_start"].notna()]
    years = events["year"]
    index = pd.period_range(f"{years.min()}-01", f"{years.max()}-12", freq="M", name="month")
    values = (
        dated.groupby(pd.PeriodIndex(dated["month_start"], freq="M"))[column]
        .sum()
        .reindex(index, fill_value=0)
    )
    lost = int(rows.loc[rows["month_start"].isna(), "events"].sum())
    return Counted(
        values.astype("float64").rename(measure),
        source,
        _with_place(words, where, groups),
        by,
        left_out=lost,
    )


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
    """Return a published figure as a series by month (``every="M"``), quarter (``"Q"``) or year (``"Y"``).

    ``table`` is the tidy table of that step (published_month, …_quarter, …_year). Figures that the ledger of
    corrections flags are left out unless ``flagged``. Raises :class:`InputError` when nothing is printed, or when
    a source prints two series of one scope and ``series`` does not choose.
    """
    rows = table
    for name, wanted in {
        "source": source,
        "scope": scope,
        "region": region,
        "metric": metric,
        "series": series,
    }.items():
        if wanted is not None:
            found = rows[rows[name] == wanted]
            if found.empty:
                raise InputError(
                    f"no figure of {source} has the {name} '{wanted}'"
                    + did_you_mean(wanted, rows[name])
                )
            rows = found
    if rows["series"].nunique() > 1:
        raise InputError(
            f"{source} prints {rows['series'].nunique()} series of '{metric}' for {region} in the scope "
            f"'{scope}'; choose one, such as series='{rows['series'].iloc[0]}'"
        )
    rows = (rows if flagged else rows[rows["flag"] == ""]).sort_values("period_start")
    if rows.empty:
        raise InputError(
            f"every figure of {source} for '{metric}' in {region} is flagged; take them with flagged=True"
        )
    index = pd.PeriodIndex(rows["period_start"], freq=every, name=EVERY[every])
    values = pd.Series(rows["value"].to_numpy("float64"), index=index, name=metric)
    words = f"{metric.replace('_', ' ')} ({SCOPES.get(scope, scope.replace('_', ' '))}), {region}"
    derived = tuple(index[rows["derived"].to_numpy()])
    return Counted(
        _checked(values, f"{source} {metric}"), source, words, _whose(scope, metric), derived
    )


def together(*parts: Counted) -> Counted:
    """Return the sum of several series over the periods that all of them have."""
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


def _whose(scope: str, metric: str) -> str:
    """Return whose harm a published figure is; a militant killed in an attack of his own may be either's."""
    if scope == "militant_attacks" and metric != "killed_militants":
        return MILITANTS
    return STATE if scope == "state_operations" and metric in OF_THE_STATE else EITHER


def _placed(events: pd.DataFrame, where: Mapping[str, str | Iterable[str]]) -> pd.DataFrame:
    rows = pd.Series(True, index=events.index)
    for column, wanted in where.items():
        if column not in events:
            raise InputError(
                f"the event table has no column '{column}'" + did_you_mean(column, events.columns)
            )
        rows &= events[column].isin(_known(wanted, events[column].dropna(), column))
    return events[rows]


def _known(wanted: str | Iterable[str], known: Iterable[str], kind: str) -> list[str]:
    names, known = [wanted] if isinstance(wanted, str) else list(wanted), set(known)
    for name in names:
        if name not in known:
            raise InputError(f"no event has the {kind} '{name}'" + did_you_mean(name, known))
    return names


def _of_kind(rows: pd.DataFrame, home: str, kind: str) -> pd.DataFrame:
    """Return the rows of fighting of ``home`` with armed groups, of one-sided violence by armed groups, or of both."""
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
