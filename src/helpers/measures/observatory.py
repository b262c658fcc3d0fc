"""Tables about the pooled series of trackers: what enters, each alone, and how far each lies off.

A tracker alone says of a quantity what follows from its figures: civilians and security forces give
victims, twelve months give a year. Whether a sum follows is a question of linear algebra, because
every figure is a sum over components and months (:mod:`helpers.stats.trackers.quantities`).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.measures import comparison, harm
from helpers.stats.trackers.fit import Fit
from helpers.stats.trackers.pooled import BANDS, monthly, summed, totals, year
from helpers.stats.trackers.quantities import QUANTITIES

Span = Sequence[pd.Period]
ATTACKS, PER_ATTACK = "attacks", "killed per attack"
MEASURES = [ATTACKS, harm.VICTIMS, harm.MILITANTS, PER_ATTACK]
EXACT, DIGITS = 1e-8, 6  # what is left of a sum that follows is error of rounding


def what_enters(entered: pd.DataFrame) -> pd.DataFrame:
    """Count the figures that enter, and the months that they cover.

    Parameters
    ----------
    entered : pandas.DataFrame, one row a figure
        ``source``, ``quantity``, ``months`` (tuples of pandas.Period) and ``value``.

    Returns
    -------
    pandas.DataFrame, one row a source and quantity
        ``figures``, ``months`` covered, ``longest`` span in months, ``first_year``, ``last_year``.

    Examples
    --------
    >>> year = tuple(pd.period_range("2024-01", "2024-12", freq="M"))
    >>> row = {"source": "P", "quantity": "attacks", "months": year, "value": 645.0}
    >>> what_enters(pd.DataFrame([row])).values.tolist()
    [['P', 'attacks', 1, 12, 12, 2024, 2024]]
    """
    rows = entered.assign(
        covers=entered["months"].map(len).astype("int64"),
        first=entered["months"].map(lambda span: span[0].year).astype("int64"),
        last=entered["months"].map(lambda span: span[-1].year).astype("int64"),
    )
    return rows.groupby(["source", "quantity"], as_index=False).agg(
        figures=("value", "size"),
        months=("covers", "sum"),
        longest=("covers", "max"),
        first_year=("first", "min"),
        last_year=("last", "max"),
    )


class Alone:
    """What follows from the figures of one tracker.

    Parameters
    ----------
    entered : pandas.DataFrame, one row a figure of one source
        ``quantity``, ``months`` and ``value``; none follows from the others.

    Examples
    --------
    >>> month = (pd.Period("2024-05", "M"),)
    >>> rows = pd.DataFrame({"quantity": ["civilians", "security_forces"], "value": [3.0, 4.0]})
    >>> own = Alone(rows.assign(months=[month] * 2))
    >>> own.total("victims", month), own.total("militants", month)
    (7.0, None)
    """

    def __init__(self, entered: pd.DataFrame) -> None:
        self.spans: list[tuple[pd.Period, ...]] = sorted(
            set(entered["months"]), key=lambda span: (len(span), span[0])
        )
        held = [_cells(*row) for row in zip(entered["quantity"], entered["months"])]
        self._number = {cell: n for n, cell in enumerate(sorted(set().union(*held), key=str))}
        self._sums = np.array([self._vector(own) for own in held])
        self._inverse = np.linalg.pinv(self._sums)
        self._value = entered["value"].to_numpy(float)

    def total(self, quantity: str, months: Span) -> float | None:
        """Return what the tracker counts of a quantity over some months.

        Parameters
        ----------
        quantity : str
            One of :data:`~helpers.stats.trackers.quantities.QUANTITIES`.
        months : sequence of pandas.Period
            The months.

        Returns
        -------
        float or None
            None where it does not follow from the figures.
        """
        wanted = _cells(quantity, months)
        if not wanted <= self._number.keys():
            return None
        vector = self._vector(wanted)
        weights = vector @ self._inverse
        left = np.linalg.norm(vector - weights @ self._sums)
        follows = left < EXACT * np.linalg.norm(vector)
        return round(float(weights @ self._value), DIGITS) if follows else None

    def _vector(self, cells: Iterable[tuple[str, pd.Period]]) -> np.ndarray:
        vector = np.zeros(len(self._number))
        vector[[self._number[cell] for cell in cells]] = 1.0
        return vector


def _cells(quantity: str, months: Span) -> set[tuple[str, pd.Period]]:
    return {(part, month) for part in QUANTITIES[quantity] for month in months}


def by_source(entered: pd.DataFrame) -> dict[str, Alone]:
    """Return each tracker by itself.

    Parameters
    ----------
    entered : pandas.DataFrame, one row a figure
        ``source`` and the columns of :class:`Alone`.

    Returns
    -------
    dict of str to Alone

    Examples
    --------
    >>> month = (pd.Period("2024-05", "M"),)
    >>> row = {"source": "P", "quantity": "attacks", "months": month, "value": 9.0}
    >>> by_source(pd.DataFrame([row]))["P"].total("attacks", month)
    9.0
    """
    return {str(source): Alone(own) for source, own in entered.groupby("source")}


def as_printed(trackers: Mapping[str, Alone], quantities: Sequence[str]) -> pd.DataFrame:
    """Return a quantity as each tracker prints it, its finest spans, none twice.

    Parameters
    ----------
    trackers : mapping of str to Alone
        Each tracker by itself.
    quantities : sequence of str
        Of these the first that a tracker has at all.

    Returns
    -------
    pandas.DataFrame, one row a source and run of months that follow each other
        ``source``, ``quantity``, ``first`` and ``last`` month (pandas.Period), ``months`` and
        ``value`` of the whole span, and ``per_month``.

    Examples
    --------
    >>> year = tuple(pd.period_range("2024-01", "2024-12", freq="M"))
    >>> row = {"source": "P", "quantity": "attacks", "months": year, "value": 600.0}
    >>> as_printed(by_source(pd.DataFrame([row])), ["attacks"])["per_month"].tolist()
    [50.0]
    """
    rows = []
    for source, own in trackers.items():
        for quantity in quantities:
            found = _finest(own, quantity)
            rows += [
                (source, quantity, run[0], run[-1], len(span), value, value / len(span))
                for span, value in found
                for run in _runs(span)
            ]
            if found:
                break
    names = ["source", "quantity", "first", "last", "months", "value", "per_month"]
    return pd.DataFrame(rows, columns=names)


def _finest(own: Alone, quantity: str) -> list[tuple[tuple[pd.Period, ...], float]]:
    found = []
    taken: set[pd.Period] = set()
    for span in own.spans:
        value = own.total(quantity, span) if taken.isdisjoint(span) else None
        if value is not None:
            found.append((span, value))
            taken |= set(span)
    return found


def _runs(span: Span) -> list[list[pd.Period]]:
    """Return the runs of months that follow each other in a span."""
    runs = [[span[0]]]
    for month in span[1:]:
        if month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return runs


def deaths_per_attack(trackers: Mapping[str, Alone], years: Iterable[int]) -> pd.DataFrame:
    """Return deaths per attack by year as each tracker alone has them.

    Parameters
    ----------
    trackers : mapping of str to Alone
        Each tracker by itself.
    years : iterable of int
        The years.

    Returns
    -------
    pandas.DataFrame, one row a tracker and year
        ``source``, ``year``, ``counts`` (``attacks``, or ``incidents`` where only all violence
        follows from its figures) and ``ratio``.

    Examples
    --------
    >>> months = tuple(year(2024))
    >>> rows = pd.DataFrame({"quantity": ["attacks", "killed_in_attacks"], "value": [10.0, 25.0]})
    >>> own = by_source(rows.assign(source="P", months=[months] * 2))
    >>> deaths_per_attack(own, [2023, 2024]).values.tolist()
    [['P', 2024, 'attacks', 2.5]]
    """
    rows = []
    for source, own in trackers.items():
        for killed, counts in (("killed_in_attacks", "attacks"), ("killed", "incidents")):
            for one in years:
                above, below = (own.total(quantity, year(one)) for quantity in (killed, counts))
                if above is not None and below:
                    rows.append((source, one, counts, above / below))
    table = pd.DataFrame(rows, columns=["source", "year", "counts", "ratio"])
    return table.drop_duplicates(["source", "year"], ignore_index=True)


def own_ratios(
    yearly: pd.DataFrame, released: pd.DataFrame, region: str, years: Sequence[int]
) -> pd.DataFrame:
    """Return what each tracker alone says of changes from year to year, as it prints its years.

    Parameters
    ----------
    yearly : pandas.DataFrame
        The tidy table of published years.
    released : pandas.DataFrame, one row a quantity and month
        As :func:`helpers.measures.releases.released` gives it.
    region : str
        The country.
    years : sequence of int
        The years, in order; at least two.

    Returns
    -------
    pandas.DataFrame, one row a measure, tracker and pair of years
        ``measure`` (:data:`MEASURES`), ``source``, ``years`` (such as ``2024 against 2023``) and
        ``ratio``. A source that has attacks by militants apart is taken with these, another with
        all incidents.
    """
    readings = harm.readings(yearly, region)
    parts = []
    for before, after in pairwise(years):
        pairs = pd.concat(
            [comparison.pairs(yearly, region, before, after), *_released(released, before, after)]
        )
        pairs = pairs.sort_values("scope", ascending=False, kind="stable")  # attacks alone first
        events = pairs[pairs["measure"] == "incidents"]
        both = comparison.with_both(pairs).sort_values("scope", ascending=False, kind="stable")
        deadly = both.assign(
            before=both["deaths_before"] / both["incidents_before"],
            after=both["deaths_after"] / both["incidents_after"],
        )
        changed = harm.changes(readings, before, after)
        found = [
            events.assign(measure=ATTACKS),
            *(changed[changed["harm"] == name].assign(measure=name) for name in MEASURES[1:3]),
            deadly.assign(measure=PER_ATTACK),
        ]
        rows = pd.concat([one.drop_duplicates("source") for one in found])
        ratio = rows["after"] / rows["before"]
        parts.append(rows.assign(years=f"{after} against {before}", ratio=ratio))
    return pd.concat(parts, ignore_index=True)[["measure", "source", "years", "ratio"]]


def _released(released: pd.DataFrame, before: int, after: int) -> list[pd.DataFrame]:
    """Return a release's events and deaths as pairs of years that it has whole."""
    found = []
    for what, measure in (("events", "incidents"), ("deaths", "deaths")):
        rows = released[released["quantity"].str.startswith(what)]
        by_year = rows.groupby(rows["month"].dt.year)
        if by_year["month"].nunique().reindex([before, after]).eq(12).all():
            totals, source = by_year["value"].sum(), str(rows["source"].iloc[0])
            found.append(comparison.pair_of(totals, source, "months", before, after, measure))
    return found


def first_of(fit: Fit, quantities: Sequence[str]) -> dict[str, str]:
    """Return by which quantity each tracker enters, of several that stand for one thing.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    quantities : sequence of str
        Those to be preferred first.

    Returns
    -------
    dict of str to str
        Source to quantity, without sources that have none of them.
    """
    levels = set(fit.design.levels)
    sources = dict.fromkeys(source for source, _ in fit.design.levels)
    found = {
        source: [quantity for quantity in quantities if (source, quantity) in levels]
        for source in sources
    }
    return {source: have[0] for source, have in found.items() if have}


def years_of(fit: Fit, quantity: str, per: str, years: Iterable[int]) -> pd.DataFrame:
    """Tabulate a pooled quantity, divided by another, by year.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    quantity, per : str
        What is counted, and what it is divided by.
    years : iterable of int
        Years of the series.

    Returns
    -------
    pandas.DataFrame, one row a year
        ``year``, ``ratio``, ``low`` and ``high`` (95 %).
    """
    rows = []
    for one in years:
        draws = totals(fit, quantity, year(one)) / totals(fit, per, year(one))
        found = summed(draws, len(fit.design.value))
        rows.append((one, found.value, found.low, found.high))
    return pd.DataFrame(rows, columns=["year", "ratio", "low", "high"])


def unit_figures(
    printed: pd.DataFrame, released: pd.DataFrame, national: pd.DataFrame
) -> pd.DataFrame:
    """Return attacks by unit, with national figures of the trackers that have none by unit.

    A release parts its events by type and not by who attacked, so they enter whole; what they hold
    beyond attacks is a matter of its level.

    Parameters
    ----------
    printed : pandas.DataFrame, one row a figure
        ``entered`` of :func:`helpers.measures.tracker_units.published_units`.
    released : pandas.DataFrame, one row a unit, month and type
        As :func:`helpers.measures.tracker_units.released_units` gives it.
    national : pandas.DataFrame, one row a figure
        What enters for the whole country.

    Returns
    -------
    pandas.DataFrame, one row a figure of ``attacks``
        The columns that :func:`helpers.stats.trackers.fit.fit` reads.

    Examples
    --------
    >>> month = (pd.Period("2024-05", "M"),)
    >>> row = {"source": "P", "quantity": "attacks", "unit": "N", "months": month, "value": 4.0}
    >>> whole = [row | {"unit": "", "value": 9.0}, row | {"source": "Q", "unit": "", "value": 7.0}]
    >>> kinds = [row | {"source": "U", "quantity": kind} for kind in ("events_a", "events_b")]
    >>> tables = [pd.DataFrame(rows) for rows in ([row], kinds, whole)]
    >>> unit_figures(*tables)[["source", "unit", "value"]].values.tolist()
    [['P', 'N', 4.0], ['U', 'N', 8.0], ['Q', '', 7.0]]
    """
    events = released.groupby(["source", "unit", "months"], as_index=False)["value"].sum()
    known = {*printed["source"], *events["source"]}
    rest = national[national["quantity"].eq("attacks") & ~national["source"].isin(known)]
    parts = [printed, events.assign(quantity="attacks"), rest]
    columns = ["source", "quantity", "unit", "months", "value"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def residuals(fit: Fit, entered: pd.DataFrame) -> pd.DataFrame:
    """Return how far each figure lies from what the pooled series expects.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    entered : pandas.DataFrame, one row a figure
        What was fitted, in the same order.

    Returns
    -------
    pandas.DataFrame, one row a figure, the farthest first
        ``source``, ``quantity``, ``first`` and ``last`` month, ``value``, ``expected``, and ``z``:
        the distance in standard deviations of figures that the fit would print, the doubt about its
        mean and the negative-binomial noise together.
    """
    mean, size = fit.draws["mean"], fit.draws["concentration"]
    expected = mean.mean(axis=0)
    noise = (mean + mean**2 / size).mean(axis=0) + mean.var(axis=0)
    value = entered["value"].to_numpy(float)
    found = entered[["source", "quantity"]].assign(
        first=[str(span[0]) for span in entered["months"]],
        last=[str(span[-1]) for span in entered["months"]],
        value=value,
        expected=expected,
        z=(value - expected) / np.sqrt(noise),
    )
    return found.sort_values("z", key=np.abs, ascending=False, ignore_index=True)


def long_series(fit: Fit, named: Mapping[str, tuple[str, str]], unit: str = "") -> pd.DataFrame:
    """Tabulate pooled series by month, one under the other.

    Parameters
    ----------
    fit : Fit
        The pooled series.
    named : mapping of str to (str, str)
        Name of a series in the table, its quantity and what it is divided by (or ``""``).
    unit : str, optional
        A part of the country; the whole without one.

    Returns
    -------
    pandas.DataFrame, one row a quantity and month
        ``month`` (timestamp), ``unit``, ``quantity``, ``median`` and the ends of the bands.
    """
    units = (unit,) if unit else ()
    parts = [
        monthly(fit, counted, units, per).assign(unit=unit, quantity=quantity)
        for quantity, (counted, per) in named.items()
    ]
    rows = pd.concat(parts, ignore_index=True)
    first = ["month", "unit", "quantity"]
    return rows[[*first, *rows.columns.drop(first)]]


def monthly_share(fit: Fit, quantity: str, units: Sequence[str]) -> pd.DataFrame:
    """Tabulate the share of some units in a quantity, with its uncertainty.

    Parameters
    ----------
    fit : Fit
        A pooled series of several units.
    quantity : str
        What is counted.
    units : sequence of str
        The units whose share it is.

    Returns
    -------
    pandas.DataFrame, one row a month
        As :func:`helpers.stats.trackers.pooled.monthly` gives it.
    """
    rows = []
    for month in fit.design.months:
        share = totals(fit, quantity, [month], units) / totals(fit, quantity, [month])
        sides = (("low", -1), ("high", 1))
        ends = {
            f"{end}_{band}": np.quantile(share, 0.5 + side * band / 200)
            for band in BANDS
            for end, side in sides
        }
        rows.append({"month": month.to_timestamp(), "median": np.median(share), **ends})
    return pd.DataFrame(rows)


def on_trial(figures: pd.DataFrame, released: pd.DataFrame, anchor: str) -> pd.DataFrame:
    """Return the figures in the form in which the trials of the model keep them.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a figure
        What enters the model: ``source``, ``quantity``, ``unit``, ``months`` and ``value``.
    released : pandas.DataFrame, one row a quantity and month
        As of :func:`helpers.measures.releases.released`.
    anchor : str
        The source on whose scale the series is.

    Returns
    -------
    pandas.DataFrame, one row a figure
        ``source``, ``quantity``, ``unit``, ``months`` (their names, parted by spaces), ``value``;
        ``lowest``: what is left of a released figure at least, had all that may be no militancy
        been taken out; and ``anchor``: whether the source is the anchor.

    Examples
    --------
    >>> month = (pd.Period("2025-05", "M"),)
    >>> one = {"source": "U", "quantity": "deaths_one_sided", "unit": "", "months": month}
    >>> counted = pd.DataFrame([one | {"value": 50.0, "removed": 2.0, "at_most": 12.0}])
    >>> on_trial(counted, counted, "P")[["months", "lowest", "anchor"]].values.tolist()
    [['2025-05', 40.0, False]]
    """
    key = ["source", "quantity", "months"]
    more = released.assign(more=released["at_most"] - released["removed"])[[*key, "more"]]
    rows = figures[[*key, "unit", "value"]].merge(more, on=key, how="left")
    lowest = (rows["value"] - rows.pop("more").fillna(0.0)).clip(lower=0.0)
    names = [" ".join(map(str, run)) for run in rows["months"]]
    return rows.assign(months=names, lowest=lowest, anchor=rows["source"] == anchor)
