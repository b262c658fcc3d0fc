"""A figure drawn again for a phone: narrow, its panels under one another, its words whole.

What is drawn stays; where it stands changes. A panel keeps its height, so that rows keep theirs; a
map keeps its shape. A legend gets a row of its own below its panel.
"""

from typing import TYPE_CHECKING, Any, cast

from helpers.figures.ends import spread_ends
from helpers.figures.events import spread_events
from helpers.figures.labels import (
    EDGE,
    fold,
    fold_rows,
    fold_words,
    folded,
    labels_left,
    spread,
    taller,
    worded,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Rows = dict[Any, float]  # panels, and the axes that hold a legend, to their inches

WIDTH = 3.6  # inches: a phone of 390 px less the margins of a page
LEAST, MOST = 7.0, 9.5  # points of letters; 7 are 9.7 px where 3.6 inches are shown on 358 px
SHRINK = 0.84  # of the letters of the wide drawing
FLAT, TALL = 1.6, 2.5  # inches of a panel of lines at least and at most
MANY = 4  # small panels that share both axes stand two beside each other from more on


def make_narrow(fig: "Figure") -> None:
    """Lay a figure out anew for a narrow page.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure, drawn with a constrained layout; it is changed.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, panels = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    >>> make_narrow(figure)
    >>> boxes = [axes.get_position() for axes in panels]
    >>> float(figure.get_figwidth()), bool(boxes[0].y0 > boxes[1].y1)
    (3.6, True)
    """
    if not fig.axes:  # nothing but words, which stand where they were put
        return
    _lay_out(fig)
    panels = _panels(fig)
    columns = 2 if len(panels) > MANY and all(_small(one, panels[0]) for one in panels) else 1
    heights = [_height(fig, axes, columns) for axes in panels]
    _smaller(fig)
    inside = [axes.get_legend() for axes in fig.axes if axes.get_visible()]
    legends = [*fig.legends, *(one for one in inside if one)]
    fig.set_figwidth(WIDTH)
    _bars_below(fig)
    rows = _stack(fig, panels, columns, heights, legends)
    for axes in panels:
        fold_rows(axes)
    _settle(fig, rows)
    if max(factors := [taller(axes) for axes in panels], default=1) > 1:
        for axes, factor in zip(panels, factors):
            rows[axes] *= factor
        _settle(fig, rows)
    for _ in range(2):
        changed = [
            change
            for axes in fig.axes
            if axes.get_visible() and axes.axison
            for change in (spread(axes), fold_words(axes))
        ]
        if title := cast(Any, fig)._suptitle:
            changed.append(fold(title, fig.bbox.width - 2 * EDGE * fig.dpi / 72))
        if not any(changed):
            break
        _settle(fig, rows)


def _panels(fig: "Figure") -> list[Any]:
    """Return the axes of the grid in reading order, one for each place; no scales of colour."""
    found: dict[tuple[int, int], Any] = {}
    for axes in fig.axes:
        place = axes.get_subplotspec()
        if place is None or not axes.get_visible() or hasattr(axes, "_colorbar"):
            continue
        where = place.get_topmost_subplotspec()
        key = (where.rowspan.start * 1000 + place.rowspan.start, place.colspan.start)
        found.setdefault(key, axes)
    return [found[key] for key in sorted(found)]


def _beside(fig: "Figure", axes: Any) -> list[Any]:
    """Return all axes at the place of a panel: itself, and a second scale on the same place."""
    return [one for one in fig.axes if one.get_subplotspec() == axes.get_subplotspec()]


def _small(axes: Any, first: Any) -> bool:
    both = (
        axes.get_shared_x_axes().joined(axes, first),
        axes.get_shared_y_axes().joined(axes, first),
    )
    return all(both) and not worded(axes.yaxis)


def _height(fig: "Figure", axes: Any, columns: int) -> float:
    """Return the inches that a panel is to have."""
    box = axes.get_position()
    width, height = box.width * fig.get_figwidth(), box.height * fig.get_figheight()
    if axes.get_aspect() != "auto":
        return height * min(1.0, 0.95 * WIDTH / columns / width)
    if worded(axes.yaxis):
        return height
    return min(max(height, FLAT), TALL) / (1.3 if columns > 1 else 1)


def _smaller(fig: "Figure") -> None:
    """Make all letters smaller, those of labels that are yet to be drawn too."""
    from matplotlib.text import Text

    for axes in fig.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if axis.majorTicks:
                axis.set_tick_params(labelsize=_size(axis.majorTicks[0].label1))
            if axis.minorTicks:
                axis.set_tick_params("minor", labelsize=_size(axis.minorTicks[0].label1))
    ours = {
        id(one)
        for axes in fig.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in (*axis.majorTicks, *axis.minorTicks)
        for one in (tick.label1, tick.label2)
    }
    for text in fig.findobj(Text):
        if id(text) not in ours:
            text.set_fontsize(_size(text))


def _size(text: Any) -> float:
    return min(max(SHRINK * float(text.get_fontsize()), LEAST), MOST)


def _bars_below(fig: "Figure") -> None:
    """Lay scales of colours that stand beside a panel below it."""
    for axes in list(fig.axes):
        bar, about = getattr(axes, "_colorbar", None), getattr(axes, "_colorbar_info", None)
        if bar is None or not about or about.get("location") not in ("left", "right"):
            continue
        words, size = axes.get_ylabel(), axes.yaxis.label.get_fontsize()
        letters, same = _size(axes.yaxis.majorTicks[0].label1), {"format": bar.formatter}
        same |= {"ticks": bar.get_ticks(), "ax": about["parents"]}
        bar.remove()
        new = fig.colorbar(bar.mappable, location="bottom", aspect=30, **same)
        new.set_label(words, size=size)
        new.ax.tick_params(labelsize=letters)


def _stack(
    fig: "Figure",
    panels: list[Any],
    columns: int,
    heights: list[float],
    legends: list[Any],
) -> Rows:
    """Put panels and legends into a grid of rows; return the inches of each."""
    rows: list[Any] = [one for one in legends if one.axes is None]
    for first in range(0, len(panels), columns):
        beside = panels[first : first + columns]
        rows += [
            beside,
            *(one for one in legends if one.axes is not None and _at(one.axes, beside)),
        ]
    rows += [one for one in legends if one not in rows]
    grid = fig.add_gridspec(max(len(rows), 1), columns)
    inches: Rows = {}
    for number, row in enumerate(rows):
        if not isinstance(row, list):
            holder = fig.add_subplot(grid[number, :], label=f"legend {number}")
            holder.set_axis_off()
            inches[holder] = _put(row, holder)
            continue
        for column, axes in enumerate(row):
            for one in _beside(fig, axes):
                one.set_subplotspec(grid[number, column])
                _tell_again(one, panels, last=axes is panels[-1], alone=columns == 1)
            inches[axes] = heights[panels.index(axes)]
    return inches


def _at(axes: Any, row: list[Any]) -> bool:
    return any(axes is one or axes.get_subplotspec() == one.get_subplotspec() for one in row)


def _put(legend: Any, holder: Any) -> float:
    """Move a legend into a row of its own, and return the inches that it takes."""
    from matplotlib import rc_context
    from matplotlib.transforms import blended_transform_factory

    entries = list(zip(legend.legend_handles, (text.get_text() for text in legend.get_texts())))
    entries = [entries[place] for place in _reading(len(entries), legend._ncols)]
    title, size = legend.get_title(), legend.get_texts()[0].get_fontsize()
    figure: Any = holder.figure
    edge = EDGE / 72 / WIDTH
    room = (1 - 2 * edge) * WIDTH * figure.dpi
    for columns in range(min(len(entries), 4), 0, -1):
        seen = sorted(zip(_reading(len(entries), columns), range(len(entries))))
        with rc_context({"text.parse_math": False}):  # a dollar in a word is a dollar
            new = holder.legend(
                [entries[place][0] for _, place in seen],
                [folded(entries[place][1], 40) for _, place in seen],
                title=title.get_text() or None,
                loc="upper left",
                bbox_to_anchor=(edge, 1),
                bbox_transform=blended_transform_factory(figure.transFigure, holder.transAxes),
                borderaxespad=0,
                borderpad=0.1,
                ncols=columns,
                fontsize=size,
                columnspacing=1.2,
                handlelength=1.6,
                frameon=False,
                alignment="left",
            )
        if title.get_text():
            new.get_title().set_fontsize(size)
        box = new.get_window_extent(figure._get_renderer())
        if box.width <= room:
            break
    new.set_in_layout(False)
    legend.remove()
    return float(box.height / figure.dpi)


def _reading(count: int, columns: int) -> list[int]:
    """Return the entries of a legend, which fill its columns, in the order of reading its rows."""
    each, longer = divmod(count, columns)
    starts = [column * each + min(column, longer) for column in range(columns)]
    rows = [(row, column) for row in range(each + 1) for column in range(columns)]
    return [starts[column] + row for row, column in rows if row < each + (column < longer)]


def _tell_again(axes: Any, panels: list[Any], *, last: bool, alone: bool) -> None:
    """Show labels that stood only at the edge of the wide grid, where the panel now is alone."""
    hidden = {
        side: not axis.get_tick_params().get(side, True)
        for side, axis in (("labelleft", axes.yaxis), ("labelbottom", axes.xaxis))
    }
    shared = axes.get_shared_y_axes()
    like = [one for one in panels if one is not axes and shared.joined(one, axes)]
    if alone and hidden["labelleft"] and like:
        axes.yaxis.set_tick_params(labelleft=True)
        axes.set_ylabel(axes.get_ylabel() or like[0].get_ylabel())
    if last and hidden["labelbottom"]:
        axes.xaxis.set_tick_params(labelbottom=True)


def _settle(fig: "Figure", inches: Rows) -> None:
    """Give the figure the height in which each row has the inches that it is to have."""
    if not inches:  # axes that stand where they were put, in no grid
        return
    grid = next(iter(inches)).get_subplotspec().get_gridspec()
    ratios = [0.01] * grid.nrows
    for axes, height in inches.items():
        row = axes.get_subplotspec().rowspan.start
        ratios[row] = max(ratios[row], height)
    grid.set_height_ratios(ratios)
    needed = sum(ratios)
    fig.set_figheight(needed + len(ratios))  # and so much for words, at first
    for _ in range(4):
        _lay_out(fig)
        spread_ends(fig)
        spread_events(fig)
        _titles_to_the_edge(fig)
        had = sum(_had(fig, grid, row, inches) for row in range(grid.nrows))
        if abs(had - needed) < 0.02:
            break
        fig.set_figheight(max(fig.get_figheight() + needed - had, 0.8))


def _lay_out(fig: "Figure") -> None:
    engine = fig.get_layout_engine()
    if engine is None:
        fig.draw_without_rendering()
    else:
        engine.execute(fig)


def _had(fig: "Figure", grid: Any, row: int, inches: Rows) -> float:
    """Return the inches that a row has now; of a map, those of the place that it was given."""
    heights = [
        axes.get_position(original=True).height * fig.get_figheight()
        for axes in inches
        if axes.get_subplotspec().rowspan.start == row
    ]
    return max(heights, default=0.0)


def _titles_to_the_edge(fig: "Figure") -> None:
    """Let a title begin where the labels of its rows do, so that it has the whole width."""
    axes: Any
    for axes in fig.axes:
        title = axes._left_title
        if axes.get_visible() and title.get_text():
            box, tight = axes.get_window_extent(), labels_left(axes)
            title.set_x(min((tight - box.x0) / box.width, 0))
