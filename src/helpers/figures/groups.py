"""Groups month by month, with the means of twelve months before and after a date."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.figures import plots
from helpers.figures.style import MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TWELVE = 12


def twelves(
    panels: "Sequence[Axes] | np.ndarray", counted: pd.DataFrame, at: str, label: str
) -> pd.DataFrame:
    """Draw counts by month, a panel a group, and the mean of each twelve months from a date on.

    Parameters
    ----------
    panels : sequence of matplotlib.axes.Axes, shape (n_groups,)
        Where to draw, from top to bottom.
    counted : pandas.DataFrame of float, shape (n_months, n_groups), PeriodIndex "M"
        Counts; whole years lie before and after the date.
    at : str
        The month at which years begin, before it and after it.
    label : str
        What the years after the date are called.

    Returns
    -------
    pandas.DataFrame
        What was drawn: ``group``, ``month``, ``counted`` and ``mean``, in counts a month.

    Raises
    ------
    InputError
        When the months before or after the date do not fill whole years.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> months = pd.period_range("2022-01", periods=24, freq="M")
    >>> table = pd.DataFrame({"one": [2.0] * 12 + [4, 6] * 6}, months)
    >>> drawn = twelves([plt.figure().subplots()], table, "2023-01", "from 2023 on")
    >>> drawn["mean"].unique().tolist()
    [2.0, 5.0]
    """
    place = int((counted.index < pd.Period(at, "M")).sum())
    if not 0 < place < len(counted) or place % TWELVE or len(counted) % TWELVE:
        raise InputError(
            f"{place} months lie before {at} and {len(counted) - place} from it on: "
            "expected whole years on both sides"
        )
    year = np.arange(len(counted)) // TWELVE
    means = counted.groupby(year).transform("mean")
    for axes, name in zip(panels, counted.columns, strict=True):
        axes.bar(counted.index.to_timestamp(), counted[name], width=25, color=MUTED, alpha=0.5)
        for which, part in means[name].groupby(year):
            late = which >= place // TWELVE
            axes.plot(
                part.index.to_timestamp(),
                part,
                color=PALETTE[1] if late else PALETTE[0],
                linewidth=2.6,
                label=label if late else "mean of twelve months",
            )
        axes.set_title(name, loc="left")
        plots.few_dates(axes)
    handles = dict(zip(*panels[0].get_legend_handles_labels()[::-1]))
    panels[0].legend(handles.values(), handles.keys(), loc="upper center", ncols=2)
    long = {"counted": counted.unstack(), "mean": means.unstack()}
    table = pd.DataFrame(long).rename_axis(["group", "month"]).reset_index()
    return table.astype({"month": str})
