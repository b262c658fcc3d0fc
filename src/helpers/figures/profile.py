"""The picture of one country, and of all of them in order."""

from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures.steps import ratio_ticks
from helpers.figures.style import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def months(axes: "Axes", here: pd.DataFrame, fan: pd.DataFrame | None) -> pd.DataFrame:
    """Draw deaths by month, provisional ones as dots, and a forecast as a band.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    here : pandas.DataFrame, one row a month
        ``month`` (timestamp), ``version`` and ``deaths``; the first version is that of the line.
    fan : pandas.DataFrame or None, index of months
        ``low``, ``median`` and ``high`` of the months ahead.

    Returns
    -------
    pandas.DataFrame
        What is drawn: ``month``, ``what``, ``low``, ``deaths`` and ``high``.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> here = pd.DataFrame({"month": pd.to_datetime(["2025-12-01"]), "version": "1", "deaths": 4})
    >>> months(plt.figure().subplots(), here, None)["what"].tolist()
    ['release 1']
    """
    final = here["version"] == here["version"].iloc[0]
    release = f"release {here['version'].iloc[0]}"
    axes.plot(here["month"][final], here["deaths"][final], linewidth=0.9, label=release)
    if not final.all():
        later = here[~final]
        axes.plot(later["month"], later["deaths"], ".", color=PALETTE[1], label="provisional")
    drawn = here.assign(what=release).mask(~final, here.assign(what="provisional"))
    drawn = drawn[["month", "what", "deaths"]].assign(month=here["month"].dt.strftime("%Y-%m"))
    if fan is not None:
        dates = fan.index.to_timestamp()
        axes.fill_between(
            dates,
            fan["low"],
            fan["high"],
            color=PALETTE[2],
            alpha=0.35,
            linewidth=0,
            label="eight in ten futures",
        )
        axes.plot(dates, fan["median"], color=PALETTE[2], linewidth=1.2)
        ahead = fan.rename(columns={"median": "deaths"}).assign(what="forecast")
        ahead = ahead.assign(month=fan.index.astype(str)).reset_index(drop=True)
        drawn = pd.concat([drawn, ahead], ignore_index=True)
    axes.set_ylim(0, None)
    axes.legend(loc="upper left")
    columns = ["month", "what", "low", "deaths", "high"]
    return drawn.reindex(columns=columns)


def forest(axes: "Axes", table: pd.DataFrame, marked: str) -> None:
    """Draw ratios of countries with their intervals in order, one of them marked.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, index of names
        ``value``, ``low`` and ``high``, ratios above 0.
    marked : str
        The country that is marked and named.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"value": [1.0, 2], "low": [0.5, 1], "high": [2.0, 4]}, ["A", "B"])
    >>> forest(axes, table, "B")
    >>> [text.get_text() for text in axes.texts]
    ['B']
    """
    ordered = table.sort_values("value")
    places = range(len(ordered))
    axes.hlines(places, ordered["low"], ordered["high"], color=PALETTE[0], alpha=0.5, linewidth=1)
    axes.plot(ordered["value"], places, "o", markersize=3, color=PALETTE[0])
    axes.axvline(1, color="0.4", linewidth=0.8, linestyle=":")
    axes.set_xscale("log")
    ticks = ratio_ticks(float(ordered["low"].min()), float(ordered["high"].max()))
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    if marked in ordered.index:
        at = ordered.index.get_loc(marked)
        row = ordered.iloc[at]
        axes.hlines(at, row["low"], row["high"], color=PALETTE[1], linewidth=2.2)
        axes.plot(row["value"], at, "o", color=PALETTE[1])
        axes.annotate(marked, (row["high"], at), (6, 0), textcoords="offset points", va="center")
    axes.set_yticks([])
