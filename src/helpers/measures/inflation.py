"""Which months tell the inflation of a yearly figure: the source's own, or the nearest ones.

A ratio of two yearly figures needs to know how much such a figure varies by chance, and only months
tell. A source that prints no months borrows from the nearest series that does. *Nearest* is one
rule, :func:`nearest`: counts of events lend to counts of events, and counts of people killed to
such counts; then the same measure goes first, then the same scope, the same region, the same
source, and the series that has most of the years compared.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.series import SCOPES
from helpers.stats.counts.inflation import Inflation, months_inflation, year_inflation
from helpers.stats.estimate import Estimate
from helpers.stats.shares.beta_binomial import share_inflation

SOME, ALL = 6, 12  # months of a year that tell how months scatter, and how they follow each other
TWO, DOZEN, FAR = 2, 12, 5  # years and months that are enough, and years that are too far apart
HISTORY = 120  # months, at most
EVENTS = ("attacks", "incidents", "events", "operations")
KEY = ["source", "scope", "region", "metric"]
NEAR = ["metric", "scope", "region", "source"]  # what makes a lender near, the first first


@dataclass(frozen=True)
class Months:
    """A series of months that can lend its inflation.

    Attributes
    ----------
    source, scope, region, metric : str
        Who counts, which kind of violence, where, and what.
    values : pandas.Series of float, PeriodIndex "M"
        Counts, sorted; months may be missing.
    per : pandas.Series of float, PeriodIndex "M", optional
        What they are divided by, such as attacks, or the whole that they are a part of.
    share : bool
        Whether ``values`` are a part of ``per``.
    """

    source: str
    scope: str
    region: str
    metric: str
    values: pd.Series
    per: pd.Series | None = None
    share: bool = False


@dataclass(frozen=True)
class Measured:
    """The inflation of a yearly figure, without and with the memory of months.

    Attributes
    ----------
    months : Inflation
        For what happened: months scatter about the level of their year.
    year : Inflation
        For the level of the process: months also resemble their neighbours.
    months_source, year_source : str
        Whose months told each, of which years, and for whom they stand in.
    """

    months: Inflation
    year: Inflation
    months_source: str
    year_source: str

    def results(
        self, ratio: Callable[..., Estimate], *, unit: str, source: str
    ) -> dict[str, dict[str, Any]]:
        """Return what to record of a ratio that rests on it.

        Parameters
        ----------
        ratio : callable
            Takes the keyword ``inflation`` and returns an Estimate.
        unit, source : str
            Of the ratio.

        Returns
        -------
        dict of str to dict
            Each with ``value``, ``unit`` and ``source``, by the ending of its key: none for the
            ratio of what happened, ``.with_memory`` for that of the levels of the process,
            ``.inflation_months`` and ``.inflation_year`` for what each rests on.

        Examples
        --------
        >>> told = Measured(Inflation(4.0, 2.0, 8.0), Inflation(30.0, 9.0, 99.0), "A", "B")
        >>> found = told.results(lambda inflation: inflation, unit="ratio", source="C")
        >>> [(end, one["value"].value, one["source"]) for end, one in found.items()][1:3]
        [('.with_memory', 30.0, 'C'), ('.inflation_months', 4.0, 'A')]
        """
        about, of = {"unit": unit, "source": source}, "variance over that of independent events"
        return {
            "": {"value": ratio(inflation=self.months), **about},
            ".with_memory": {"value": ratio(inflation=self.year), **about},
            ".inflation_months": {"value": self.months, "unit": of, "source": self.months_source},
            ".inflation_year": {"value": self.year, "unit": of, "source": self.year_source},
        }


def printed(monthly: pd.DataFrame, *, per: str | None = None) -> list[Months]:
    """Return all series of published months, flagged figures left out.

    Parameters
    ----------
    monthly : pandas.DataFrame
        The tidy table of published months.
    per : str, optional
        A metric that the others are divided by, such as ``attacks``, of the same source, scope and
        region; series without it are left out.

    Returns
    -------
    list of Months
        One for each source, scope, region, metric and series.

    Examples
    --------
    >>> row = {"source": "A", "scope": "s", "region": "R", "metric": "killed", "series": "x"}
    >>> months = pd.date_range("2024-01", periods=2, freq="MS")
    >>> table = pd.DataFrame([{**row, "period_start": one, "value": 5.0, "flag": ""}
    ...                       for one in months])
    >>> [(one.metric, one.values.tolist()) for one in printed(table)]
    [('killed', [5.0, 5.0])]
    """
    rows = monthly[monthly["flag"] == ""]
    found: dict[tuple[str, ...], Months] = {}
    for key, part in rows.groupby([*KEY, "series"]):
        source, scope, region, metric, series = map(str, key)
        index = pd.PeriodIndex(part["period_start"], freq="M", name="month")
        values = pd.Series(part["value"].to_numpy("float64"), index=index).sort_index()
        found[source, scope, region, metric, series] = Months(source, scope, region, metric, values)
    if per is None:
        return list(found.values())
    divided = []
    for (source, scope, region, metric, series), one in found.items():
        by = found.get((source, scope, region, per, series))
        if by is not None and metric != per:
            values, exposure = one.values.align(by.values, join="inner")
            divided.append(replace(one, values=values, per=exposure))
    return divided


def part_of(
    pool: Iterable[Months],
    source: str,
    metric: str,
    *,
    scope: str,
    parts: Sequence[str],
    whole: Sequence[str],
    region: str,
) -> Months:
    """Return some regions as a part of others, in the months that a source prints for all of them.

    Parameters
    ----------
    pool : iterable of Months
        As of :func:`printed`, without ``per``.
    source, metric, scope : str
        Which figures.
    parts, whole : sequence of str
        Regions that are added up to the part and to the whole, such as two provinces and the
        country.
    region : str
        A name for the part.

    Returns
    -------
    Months
        A share.

    Raises
    ------
    InputError
        When the source prints no month for all of them.

    Examples
    --------
    >>> months = pd.period_range("2024-01", periods=2, freq="M")
    >>> one = Months("A", "s", "P", "attacks", pd.Series([2.0, 3.0], index=months))
    >>> all_of = Months("A", "s", "W", "attacks", pd.Series([4.0, 5.0], index=months))
    >>> places = {"parts": ["P"], "whole": ["W"], "region": "north"}
    >>> part_of([one, all_of], "A", "attacks", scope="s", **places).per.tolist()
    [4.0, 5.0]
    """
    wide = pd.DataFrame(
        {
            one.region: one.values
            for one in pool
            if (one.source, one.metric, one.scope) == (source, metric, scope)
        }
    )
    named = list(dict.fromkeys([*parts, *whole]))
    both = wide.reindex(columns=named).dropna()
    if both.empty:
        raise InputError(f"{source} prints {metric} of {', '.join(named)} in no month alike")
    part, of = (both[list(one)].sum(axis=1) for one in (parts, whole))
    return Months(source, scope, region, metric, part, of, share=True)


def nearest(pool: Iterable[Months], wanted: Months, years: Sequence[int], least: int) -> Months:
    """Return the series whose months stand in for those of a yearly figure.

    Parameters
    ----------
    pool : iterable of Months
        Series that may lend.
    wanted : Months
        The figure: its ``source``, ``scope``, ``region`` and ``metric`` count.
    years : sequence of int
        The years compared.
    least : int
        Months of a year that a lender must have.

    Returns
    -------
    Months
        The nearest, by the rule of this module.

    Raises
    ------
    InputError
        When no series of the same kind has the months.

    Examples
    --------
    >>> year = pd.Series(5.0, pd.period_range("2024-01", periods=12, freq="M"))
    >>> one, other = (Months(name, name, "R", "killed", year) for name in "AB")
    >>> nearest([one, other], Months("C", "B", "R", "killed", year), [2024], 12).source
    'B'
    """
    kind = _kind(wanted.metric)
    lenders = [one for one in pool if _kind(one.metric) == kind and _years(one, years, least)]
    if not lenders:
        raise InputError(
            f"no series of the kind of '{wanted.metric}' has a dozen months within {FAR} years of "
            f"{', '.join(map(str, years))}: its inflation cannot be measured"
        )

    def distance(one: Months) -> tuple[bool | int, ...]:
        apart = (getattr(one, name) != getattr(wanted, name) for name in NEAR)
        return *apart, -len(_full(one, least) & set(years)), -len(one.values)

    return min(lenders, key=distance)


def measured(
    pool: Iterable[Months],
    source: str,
    metric: str,
    *,
    scope: str,
    region: str,
    years: Sequence[int],
) -> Measured:
    """Return the inflation of a source's yearly figure, without and with the memory of months.

    Taken are the years compared that have their months, six for the first and all twelve for the
    second; where these are fewer than two, the years nearest to them as well, up to five years
    away. A series lends where this makes a dozen months. The memory is learnt from its longest
    stretch without gaps, of at most ten years.

    Parameters
    ----------
    pool : iterable of Months
        Series that may lend, all of one sort: counts, counts by ``per``, or shares.
    source, metric, scope, region : str
        The figure.
    years : sequence of int
        The years compared.

    Returns
    -------
    Measured
        With the words for the ``source`` of a record.

    Raises
    ------
    InputError
        When no series has the months.

    Examples
    --------
    >>> index = pd.period_range("2023-01", periods=24, freq="M")
    >>> months = pd.Series([3.0, 5.0, 4.0, 8.0] * 6, index=index)
    >>> pool = [Months("A", "combined", "R", "killed", months)]
    >>> about = {"scope": "combined", "region": "R", "years": [2023, 2024]}
    >>> measured(pool, "B", "killed", **about).months_source
    'A, killed (all violence), R: months of 2023, 2024; nearest to B, R'
    """
    pool = list(pool)
    wanted = Months(source, scope, region, metric, pd.Series(dtype="float64"))
    lender = nearest(pool, wanted, years, SOME)
    gapless = nearest([_gapless(one) for one in pool], wanted, years, ALL)
    some, all_of = _years(lender, years, SOME), _years(gapless, years, ALL)
    return Measured(
        _without_memory(lender, some),
        _with_memory(gapless, all_of),
        _words(lender, some, wanted),
        _words(gapless, all_of, wanted),
    )


def of_shares(spans: Sequence[pd.DataFrame], words: str) -> Measured:
    """Return the inflation of a share that is measured on the very spans that are compared.

    Parameters
    ----------
    spans : sequence of pandas.DataFrame of int, shape (n_months, 2) each
        ``part`` and ``whole`` by month, in order and without gaps.
    words : str
        Whose months they are.

    Returns
    -------
    Measured
        Both inflations are of these months.

    Raises
    ------
    InputError
        As :func:`helpers.stats.shares.beta_binomial.share_inflation`.

    Examples
    --------
    >>> months = pd.DataFrame({"part": [2, 5, 8], "whole": [10, 10, 10]})
    >>> round(of_shares([months], "three months").months.value, 2)
    3.6
    """
    without, remembered = (share_inflation(*spans, memory=memory) for memory in (False, True))
    return Measured(without, remembered, f"{words}, months", f"{words}, months")


def of_sums(series: Sequence[pd.Series], words: str) -> Measured:
    """Return the inflation of a sum that is measured on the very spans that are compared.

    Parameters
    ----------
    series : sequence of pandas.Series of float, shape (n_months,) each
        Counts by month in order; where months are missing the others are taken for neighbours.
    words : str
        Whose months they are.

    Returns
    -------
    Measured
        Both inflations are of these months.

    Raises
    ------
    InputError
        As :func:`helpers.stats.counts.inflation.months_inflation`.

    Examples
    --------
    >>> of_sums([pd.Series([0.0, 6, 6])], "three months").months.value
    3.0
    """
    told = f"{words}, months"
    return Measured(months_inflation(*series), year_inflation(*series), told, told)


def of_rates(series: Sequence[pd.Series], exposures: Sequence[pd.Series], words: str) -> Measured:
    """Return the inflation of a rate that is measured on the very spans that are compared.

    Parameters
    ----------
    series, exposures : sequence of pandas.Series of float, shape (n_months,) each
        Counts by month, in order and without gaps, and what each is divided by.
    words : str
        Whose months they are.

    Returns
    -------
    Measured
        Both inflations are of these months.

    Raises
    ------
    InputError
        As :func:`helpers.stats.counts.inflation.months_inflation`.

    Examples
    --------
    >>> deaths, attacks = pd.Series([0.0, 6, 6]), pd.Series([2.0, 2, 2])
    >>> of_rates([deaths], [attacks], "three months").months.value
    3.0
    """
    without = months_inflation(*series, exposures=exposures)
    remembered = year_inflation(*series, exposures=exposures)
    return Measured(without, remembered, f"{words}, months", f"{words}, months")


def _spans(one: Months, years: list[int]) -> tuple[list[pd.Series], list[pd.Series] | None]:
    """Return values and exposures by year."""
    values = [one.values[str(year)] for year in years]
    return values, None if one.per is None else [one.per[str(year)] for year in years]


def _without_memory(one: Months, years: list[int]) -> Inflation:
    values, per = _spans(one, years)
    if one.share and per:
        return share_inflation(*_parts(values, per))
    return months_inflation(*values, exposures=per)


def _with_memory(one: Months, years: list[int]) -> Inflation:
    values, per = _spans(one, years)
    if one.share and per:
        return share_inflation(*_parts(values, per), memory=True)
    history = one.values[: values[-1].index[-1]].iloc[-HISTORY:] if per is None else None
    return year_inflation(*values, history=history, exposures=per)


def _parts(values: list[pd.Series], per: list[pd.Series]) -> list[pd.DataFrame]:
    return [pd.DataFrame({"part": part, "whole": whole}) for part, whole in zip(values, per)]


def _full(one: Months, least: int) -> set[int]:
    """Return the years of which a series has so many months, and not only zeros."""
    by_year = one.values.groupby(one.values.index.year)
    return set(by_year.size().index[(by_year.size() >= least) & (by_year.sum() > 0)])


def _kind(metric: str) -> str:
    """Return whether events are counted, people killed, or something of its own."""
    if metric.endswith(EVENTS):
        return "events"
    return "killed" if metric.startswith("killed") else metric


def _years(one: Months, years: Sequence[int], least: int) -> list[int]:
    """Return the years compared that a series has, or else the nearest, two where it has two.

    There are none where they hold fewer than a dozen months.
    """

    def apart(year: int) -> int:
        return min(abs(year - other) for other in years)

    have = {year for year in _full(one, least) if apart(year) <= FAR}
    chosen = have & set(years)
    rest = sorted(have - chosen, key=lambda year: (apart(year), -year))
    found = sorted([*chosen, *rest[: max(0, TWO - len(chosen))]])
    return found if one.values.index.year.isin(found).sum() >= DOZEN else []


def _gapless(one: Months) -> Months:
    """Return the longest stretch of a series without gaps, the last of several."""
    if one.values.empty:
        return one
    breaks = pd.Series(one.values.index.asi8).diff().ne(1).cumsum()
    sizes = breaks.value_counts()
    held = (breaks == sizes.index[sizes == sizes.max()].max()).to_numpy()
    return replace(one, values=one.values[held], per=None if one.per is None else one.per[held])


def _words(lender: Months, years: list[int], wanted: Months) -> str:
    """Return whose months, of which years, and for whom they stand in."""
    scope = SCOPES.get(lender.scope, lender.scope.replace("_", " "))
    said = f"{lender.source}, {lender.metric.replace('_', ' ')} ({scope}), {lender.region}"
    said += f": months of {', '.join(map(str, years))}"
    own = all(getattr(lender, name) == getattr(wanted, name) for name in KEY)
    return said if own else f"{said}; nearest to {wanted.source}, {wanted.region}"
