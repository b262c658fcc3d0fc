"""Lines that carry their names at their ends, in place of a legend that is read apart from them."""

from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.figures.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 6  # lines; more names than these are a list beside the axes anyhow
SIDE = 1.03  # of the width of the axes: where names begin
APART = 1.2  # of the height of the letters, from one name to the next
MARK = "end of a line"  # the id by which such names are found again


def label_ends(axes: "Axes") -> None:
    """Write the name of each labelled line level with its end.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        At most six of its lines have a label; more get a legend.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> _ = axes.plot([1, 2], [3, 4], label="A") + axes.plot([1, 2], [4, 3], label="B")
    >>> label_ends(axes)
    >>> [text.get_text() for text in axes.texts], axes.get_legend() is None
    (['A', 'B'], True)
    """
    named = [line for line in axes.lines if not str(line.get_label()).startswith("_")]
    if len(named) > MOST:
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
        return
    for line in named:
        seen = np.asarray(line.get_xydata(), dtype=float)
        seen = seen[np.isfinite(seen).all(axis=1)]
        if len(seen):
            axes.annotate(
                str(line.get_label()),
                (float(seen[-1, 0]), float(seen[-1, 1])),
                (SIDE, 0.5),
                textcoords="axes fraction",
                color=INK,
                va="center",
                annotation_clip=False,
                gid=MARK,
                arrowprops={
                    "arrowstyle": "-",
                    "color": line.get_color(),
                    "linewidth": 1,
                    "shrinkA": 1,
                    "shrinkB": 3,
                },
            )
    spread_ends(axes.figure.get_figure(root=True))


def spread_ends(fig: "Figure") -> None:
    """Put the names at the ends of lines as near to them as leaves each legible.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        A figure whose height is known; asked again when that changes.
    """
    for axes in fig.axes:
        names: list[Any] = [text for text in axes.texts if text.get_gid() == MARK]
        if not names:
            continue
        axes.get_ylim()  # limits that are yet to be found are found by asking
        tall = axes.get_window_extent().height * 72 / fig.dpi  # in points, as letters are
        gap = APART * max(text.get_fontsize() for text in names) / tall
        to_axes = axes.transData + axes.transAxes.inverted()
        wanted = np.array([to_axes.transform(text.xy)[1] for text in names])
        for text, height in zip(names, apart(wanted, gap)):
            text.set_position((SIDE, height))


def apart(wanted: np.ndarray, gap: float) -> np.ndarray:
    """Return places that are a gap apart and else as near to the wanted ones as can be.

    Parameters
    ----------
    wanted : numpy.ndarray of float, shape (n,)
        Places, in any order.
    gap : float
        The least distance, in their unit.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        In the order of ``wanted``; the sum of squared moves is the least.

    Examples
    --------
    >>> apart(np.array([5.0, 1.0, 1.0]), 1.0).tolist()
    [5.0, 0.5, 1.5]
    """
    order = np.argsort(wanted, kind="stable")
    groups: list[list[float]] = []  # of places that touch, without their gaps: one height each
    for place, value in enumerate(wanted[order]):
        groups.append([value - gap * place])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            last = groups.pop()
            groups[-1] += last
    heights = np.array([np.mean(group) for group in groups for _ in group])
    result = np.empty(len(wanted))
    result[order] = heights + gap * np.arange(len(wanted))
    return result
