"""One country and all others: its line among theirs, its place in an order, its years in panels."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.plots import whole_years
from helpers.figures.style import INK, MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def among(axes: "Axes", wide: pd.DataFrame, unit: str) -> None:
    """Draw a line for each unit, that of one unit dark above the others.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    wide : pandas.DataFrame of int, shape (n_years, n_units), index of years
        Counts; on a scale that is linear up to ten and logarithmic above.
    unit : str
        The column that is marked and named.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> among(axes, pd.DataFrame({"A": [1, 20], "B": [300, 4]}, index=[2020, 2021]), "B")
    >>> len(axes.lines), axes.texts[0].get_text().strip()
    (2, 'B')
    """
    others = wide.drop(columns=unit)
    axes.plot(others.index, others, color=MUTED, linewidth=0.5, alpha=0.35)
    axes.plot(wide.index, wide[unit], color=PALETTE[1], linewidth=2.2)
    axes.annotate(
        unit, (wide.index[-1], wide[unit].iloc[-1]), (5, 0), textcoords="offset points", va="center"
    )
    axes.set_yscale("symlog", linthresh=10)
    ticks = [0, 10, *(10**power for power in range(2, 7) if 10**power <= 2 * wide.max().max())]
    axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.set_ylim(0)
    whole_years(axes)


def ranked(
    axes: "Axes", values: pd.Series, marked: str | None = None, *, log: bool = False
) -> None:
    """Draw values as bars from top to bottom, that of one unit in a colour of its own.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    values : pandas.Series of float
        By unit, the first on top.
    marked : str, optional
        The unit.
    log : bool, default False
        Draw them on a logarithmic axis; all must then be positive.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> ranked(axes, pd.Series({"A": 3.0, "B": 1.0}), "B")
    >>> [label.get_text() for label in axes.get_yticklabels()], len(axes.patches)
    (['A', 'B'], 2)
    """
    places = np.arange(len(values))
    colours = [PALETTE[1] if name == marked else PALETTE[0] for name in values.index]
    axes.barh(places, values, color=colours, height=0.75)
    axes.set_yticks(places, [str(name) for name in values.index])
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    if log:
        axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,g}")


def panels(axes: "Sequence[Axes] | np.ndarray", table: pd.DataFrame, labels: Mapping) -> None:
    """Draw the columns of a table over its years, a panel a column.

    Parameters
    ----------
    axes : sequence of matplotlib.axes.Axes
        A panel for each of ``labels``.
    table : pandas.DataFrame of float, index of years
        What is drawn; missing years leave a gap.
    labels : mapping of str to str
        Column to the title of its panel.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots(1, 2)
    >>> table = pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=[2020, 2021])
    >>> panels(axes, table, {"a": "how many", "b": "how much"})
    >>> [one.get_title(loc="left") or one.get_title() for one in axes]
    ['how many', 'how much']
    """
    from matplotlib.ticker import MaxNLocator

    for one, (name, title) in zip(axes, labels.items()):
        one.plot(table.index, table[name], "o-", color=PALETTE[0], markersize=3, linewidth=1.2)
        one.set_title(title)
        one.set_ylim(0)
        one.yaxis.set_major_formatter("{x:,g}")
        one.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))


def two_parts(axes: "Axes", parts: Mapping[str, float]) -> None:
    """Draw the parts of a growth in logarithms as bars from 0, and their sum below them.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    parts : mapping of str to float
        Name to natural logarithm of a factor.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> two_parts(axes, {"events": 0.4, "deaths per event": -0.1})
    >>> [round(float(bar.get_width()), 1) for bar in axes.patches]
    [0.4, -0.1, 0.3]
    """
    shown = {**parts, "deaths": sum(parts.values())}
    places = np.arange(len(shown))
    colours = [PALETTE[0]] * len(parts) + [PALETTE[1]]
    axes.barh(places, list(shown.values()), color=colours, height=0.6)
    axes.set_yticks(places, list(shown))
    axes.invert_yaxis()
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.grid(axis="y", visible=False)
