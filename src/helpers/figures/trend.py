"""Figures of a change from one year to the next: by source, by part, and against a trend."""

from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures import plots
from helpers.figures.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def by_measure(table: pd.DataFrame, label: str) -> "Figure":
    """Return a figure with a panel of ratios for each measure, incidents before deaths.

    Parameters
    ----------
    table : pandas.DataFrame
        ``measure``, ``name``, ``ratio``, ``low``, ``high``.
    label : str
        What the common axis shows.

    Returns
    -------
    matplotlib.figure.Figure
        One panel a measure, on a logarithmic scale.

    Examples
    --------
    >>> row = {"name": "A", "ratio": 1.4, "low": 1.1, "high": 1.8}
    >>> table = pd.DataFrame([{**row, "measure": "deaths"}, {**row, "measure": "incidents"}])
    >>> [axes.get_title(loc="left") for axes in by_measure(table, "ratio").axes]
    ['Incidents', 'Deaths']
    """
    import matplotlib.pyplot as plt

    groups = list(table.groupby("measure"))[::-1]
    figure, panels = plt.subplots(1, len(groups), figsize=(9, 3.4), sharex=True, squeeze=False)
    for axes, (measure, part), color in zip(panels[0], groups, PALETTE):
        plots.forest(axes, part, part["name"], color)
        axes.set_title(str(measure).capitalize(), loc="left")
    figure.supxlabel(label, fontsize=10)
    return figure


def decomposition(axes: "Axes", table: pd.DataFrame, names: pd.Series) -> None:
    """Draw the two parts of the growth of deaths, a pair of bars for each source.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame
        ``log_incidents`` and ``log_lethality``.
    names : pandas.Series of str
        One name a row.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"log_incidents": [0.3], "log_lethality": [-0.1]})
    >>> decomposition(axes, table, pd.Series(["A, all violence"]))
    >>> len(axes.patches)
    2
    """
    parts = {"log_incidents": "more incidents", "log_lethality": "more deaths per incident"}
    plots.paired_bars(axes, table, names.str.replace(", ", ",\n"), parts)
    axes.set_ylabel("part of the log growth of deaths")


def expected(
    axes: "Axes", prediction: pd.DataFrame, seen: pd.Series, fitted: pd.Series, label: str
) -> None:
    """Draw a series, the trend fitted to a part of it, and what the trend predicts for the rest.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    prediction : pandas.DataFrame, PeriodIndex
        ``median`` and the ends of its bands, as :func:`helpers.figures.plots.fan` wants them.
    seen, fitted : pandas.Series of float, PeriodIndex
        Counts a period, and the trend's own.
    label : str
        The trend's name in the legend.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes, index = plt.figure().subplots(), pd.period_range("2024-01", periods=2, freq="M")
    >>> ends = {f"{end}_{level}": 1.0 for end in ("low", "high") for level in (50, 80, 95)}
    >>> line = pd.Series([1.0, 2.0], index=index)
    >>> expected(axes, pd.DataFrame({"median": 1.0, **ends}, index=index), line, line, "trend")
    >>> len(axes.lines)
    3
    """
    plots.fan(axes, prediction)
    axes.plot(seen.index.to_timestamp(), seen, color="black", linewidth=1.1, label="observed")
    axes.plot(fitted.index.to_timestamp(), fitted, color=PALETTE[1], label=label)
    axes.set(ylim=(0, None), ylabel="deaths in the month")
    axes.legend(loc="upper left", ncols=2)
