"""From a table of figures to the arrays of the measurement model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.trackers.quantities import COMPONENTS, FAMILY, QUANTITIES

COLUMNS = ["source", "quantity", "unit", "months", "value"]


@dataclass(frozen=True)
class Design:
    """The figures as the model reads them.

    A *cell* is one month of one figure in one unit; a figure is the sum over its cells.

    Attributes
    ----------
    months : pandas.PeriodIndex, shape (n_months,)
        The months from the first to the last that a figure holds.
    units : tuple of str
        Parts of the country, or one empty name for the whole.
    years : tuple of int
        Years of the months.
    nets : tuple of (str, str)
        Source and family of quantities: what a tracker's net is for, with a drift of its own.
    levels : tuple of (str, str)
        Source and quantity: each has a level of coverage.
    anchor : str
        The source whose mean coverage is one.
    components : tuple of str
        Those that a figure holds.
    value : numpy.ndarray of float, shape (n_figures,)
        The figures.
    level : numpy.ndarray of int, shape (n_figures,)
        Place of each figure in ``levels``.
    net_of_level : numpy.ndarray of int, shape (n_levels,)
        Place of each of these in ``nets``.
    spans : numpy.ndarray of float, shape (n_figures,)
        Months of each figure.
    cell_figure, cells : numpy.ndarray of int, shape (n_cells,)
        The figure of each cell, and its place among all levels, units and months.
    holds : numpy.ndarray of float, shape (n_levels, n_components)
        Which components a quantity sums.
    telling : mapping of str to numpy.ndarray of bool, shape (n_figures,)
        Figures that tell how many attacks, or dead militants, there are about.
    covered : numpy.ndarray of bool, shape (n_nets, n_years)
        Years in which a net has a figure.
    """

    months: pd.PeriodIndex
    units: tuple[str, ...]
    years: tuple[int, ...]
    nets: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    anchor: str
    components: tuple[str, ...]
    value: np.ndarray
    level: np.ndarray
    net_of_level: np.ndarray
    spans: np.ndarray
    cell_figure: np.ndarray
    cells: np.ndarray
    holds: np.ndarray
    telling: Mapping[str, np.ndarray]
    covered: np.ndarray

    @property
    def month_year(self) -> np.ndarray:
        """Place of each month's year in ``years``, shape (n_months,)."""
        return self.months.year.to_numpy() - self.years[0]


def design(figures: pd.DataFrame, anchor: str, units: Sequence[str] = ("",)) -> Design:
    """Arrange figures for the model.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a figure
        ``source``, ``quantity`` (of :data:`~helpers.stats.trackers.quantities.QUANTITIES`),
        ``unit`` (one of ``units``, or empty for all of them together), ``months`` (a tuple of
        monthly periods, which need not follow each other) and ``value``, a count.
    anchor : str
        The source whose coverage is one on average over its years.
    units : sequence of str, default one unit without a name
        The parts of the country.

    Returns
    -------
    Design

    Raises
    ------
    InputError
        When a column is missing, a quantity or unit is unknown, a value is no count, a figure has
        no month or something else than one, the same month enters twice, or the anchor counts no
        attack.

    Examples
    --------
    >>> year = tuple(pd.period_range("2023-01", "2023-12", freq="M"))
    >>> told = {"source": ["P", "Q"], "quantity": "attacks", "unit": "", "value": [30.0, 500.0]}
    >>> found = design(pd.DataFrame(told | {"months": [year[:1], year]}), "P")
    >>> found.spans.tolist(), len(found.cell_figure), found.nets
    ([1.0, 12.0], 13, (('P', 'events'), ('Q', 'events')))
    """
    _check(figures, anchor, units)
    figures = figures.reset_index(drop=True)
    everything = [month for run in figures["months"] for month in run]
    months = pd.period_range(min(everything), max(everything), freq="M")
    years = tuple(range(months[0].year, months[-1].year + 1))
    nets = _pairs(figures["source"], figures["quantity"].map(FAMILY))
    levels = _pairs(figures["source"], figures["quantity"])
    of_level = np.array([nets.index((source, FAMILY[name])) for source, name in levels])
    level = np.array([levels.index(pair) for pair in zip(figures["source"], figures["quantity"])])
    parts = {part for _, name in levels for part in QUANTITIES[name]}
    components = tuple(one for one in COMPONENTS if one in parts)
    figure, unit, month = _cells(figures, months, units)
    covered = np.zeros((len(nets), len(years)), bool)
    covered[of_level[level[figure]], months.year.to_numpy()[month] - years[0]] = True
    return Design(
        months,
        tuple(units),
        years,
        nets,
        levels,
        anchor,
        components,
        figures["value"].to_numpy(float),
        level,
        of_level,
        np.array([len(run) for run in figures["months"]], float),
        figure,
        (level[figure] * len(units) + unit) * len(months) + month,
        np.array([[part in QUANTITIES[name] for part in components] for _, name in levels], float),
        {
            "attacks": figures["quantity"].eq("attacks").to_numpy(),
            "militants": figures["quantity"].isin(["militants", "militants_by_state"]).to_numpy(),
        },
        covered,
    )


def _pairs(sources: pd.Series, others: pd.Series) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(set(zip(sources, others))))


def _cells(
    figures: pd.DataFrame, months: pd.PeriodIndex, units: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the figure, unit and month of each cell."""
    at = {unit: [place] for place, unit in enumerate(units)}
    at[""] = list(range(len(units)))  # the whole is the sum of its parts
    rows = [
        (number, unit, months.get_loc(month))
        for number, (name, run) in enumerate(zip(figures["unit"], figures["months"]))
        for unit in at[name]
        for month in run
    ]
    figure, unit, month = np.array(rows, int).T
    return figure, unit, month


def _check(figures: pd.DataFrame, anchor: str, units: Sequence[str]) -> None:
    for column in COLUMNS:
        if column not in figures:
            raise InputError(f"the figures of trackers lack the column '{column}'")
    for row, (quantity, unit, months, value) in enumerate(
        zip(figures["quantity"], figures["unit"], figures["months"], figures["value"]), start=1
    ):
        where = f"figure {row} of the trackers"
        if quantity not in QUANTITIES:
            raise InputError(
                f"{where}: the quantity '{quantity}' is unknown"
                + did_you_mean(quantity, QUANTITIES)
            )
        if unit and unit not in units:
            raise InputError(f"{where}: '{unit}' is none of the units {', '.join(units)}")
        if not len(months):
            raise InputError(f"{where} covers no month")
        other = [one for one in months if getattr(one, "freqstr", "") != "M"]
        if other:
            raise InputError(f"{where}: {other[0]!r} is no month; expected pandas periods of 'M'")
        if not (np.isfinite(value) and value >= 0 and value == round(value)):
            raise InputError(f"{where}: {value} is no count; expected a whole number from 0 on")
    _once(figures)
    if not ((figures["source"] == anchor) & (figures["quantity"] == "attacks")).any():
        raise InputError(f"the anchor '{anchor}' has no figure of attacks to fix the scale by")


def _once(figures: pd.DataFrame) -> None:
    """Refuse figures of one source, quantity and unit that share a month."""
    long = figures[["source", "quantity", "unit", "months"]].explode("months")
    twice = long[long.duplicated()]
    if not twice.empty:
        row = twice.iloc[0]
        raise InputError(
            f"{row['source']}, {row['quantity']}: the month {row['months']} enters twice; give the "
            "wider figure without the months that a finer one covers"
        )
