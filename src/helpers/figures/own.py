"""A researcher's own counts by year, beside UCDP's."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures.plots import whole_years
from helpers.figures.style import MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def side_by_side(panels: "Sequence[Axes]", years: pd.DataFrame) -> None:
    """Draw events and deaths by year, a line for each source and a dashed one for UCDP.

    Parameters
    ----------
    panels : sequence of matplotlib.axes.Axes
        Two: of events and of deaths.
    years : pandas.DataFrame, one row a source, scope and year
        ``source``, ``scope``, ``year``, and ``events`` and ``deaths`` of the source and, behind
        ``UCDP``, of UCDP; missing ones are not drawn.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, panels = plt.subplots(1, 2)
    >>> years = pd.DataFrame({"source": "A", "scope": "attacks", "year": [2023, 2024], "events": 4})
    >>> side_by_side(panels, years.assign(deaths=9, **{"UCDP events": 2, "UCDP deaths": 8}))
    >>> [len(axes.lines) for axes in panels]
    [2, 2]
    """
    for axes, what in zip(panels, ("events", "deaths")):
        for place, ((name, _), rows) in enumerate(years.groupby(["source", "scope"], sort=False)):
            values = rows[what].astype("float64")
            colour = PALETTE[place % len(PALETTE)]
            axes.plot(rows["year"], values, "o-", color=colour, markersize=3, label=name)
        shared = years.drop_duplicates("year").sort_values("year")
        values = shared[f"UCDP {what}"].astype("float64")
        axes.plot(shared["year"], values, "--", color=MUTED, label="UCDP")
        axes.set(ylabel=f"{what} in the year", ylim=(0, None))
        whole_years(axes)
    panels[0].legend(loc="best")
