"""The intervals of a panel: lines along an axis, alone or with the dot that stands on each."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOUCH = 1.5  # points: a dot no farther from a line stands on it

Ends = tuple[float, float, float, float]
Tellers = tuple[Callable[[float], str], Callable[[float], str]]


def inside(axes: "Axes", corners: Sequence[float]) -> Ends:
    """Return what of a bar or an interval lies inside a panel.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The panel.
    corners : sequence of float, shape (4,)
        Left, low, right and high, in its units.

    Returns
    -------
    tuple of float
        The same, no farther than the limits.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> inside(plt.figure().subplots(), (0.5, -3, 7, 0.25))
    (0.5, 0.0, 1.0, 0.25)
    """
    limits = np.sort([axes.get_xlim(), axes.get_ylim()], axis=1)
    x0, y0, x1, y1 = np.clip(corners, [*limits[:, 0]] * 2, [*limits[:, 1]] * 2).tolist()
    return x0, y0, x1, y1


class Intervals:
    """The lines of a panel that are drawn many at once, each along one of its axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        The panel, drawn once.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> _ = axes.hlines([0, 1], [1, 2], [3, 4])
    >>> lines = Intervals(axes)
    >>> lines.around(2, 0, (str, str))
    ((1.0, 0.0, 3.0, 0.0), ('from 1.0 to 3.0',))
    >>> [ends for _, ends in lines.bare()]
    [(2.0, 1.0, 4.0, 1.0)]
    """

    def __init__(self, axes: "Axes") -> None:
        self._axes = axes
        self._of: list[Any] = []
        ends: list[np.ndarray] = []
        for artist, segments in _along(axes):
            self._of += [artist] * len(segments)
            ends += [np.sort(one, axis=0).ravel() for one in segments]
        self._ends = np.reshape(np.array(ends, dtype=float), (-1, 4))
        pixels = axes.transData.transform(self._ends.reshape(-1, 2)).reshape(-1, 2, 2)
        self._low, self._high = pixels.min(axis=1), pixels.max(axis=1)
        self._touch = TOUCH * axes.figure.get_figure(root=True).dpi / 72
        self._held: set[int] = set()

    def around(self, x: float, y: float, tell: Tellers) -> tuple[Ends | None, tuple[str, ...]]:
        """Return the interval on which a dot stands, and what it says.

        Parameters
        ----------
        x, y : float
            The place of the dot, in the units of the axes.
        tell : tuple of callable
            What either axis says at a place.

        Returns
        -------
        tuple
            Its ends inside the panel, None where the dot stands on none, and where it ends in
            words; a dot at one end of its line is a stem, of which the words would say nothing.
        """
        place = self._axes.transData.transform((x, y))
        off = np.maximum(self._low - place, place - self._high).max(axis=1, initial=-np.inf)
        found = np.flatnonzero(off <= self._touch)
        if not len(found):
            return None, ()
        at = int(found[0])
        self._held.add(at)
        ends = self._ends[at]
        sides = np.abs(np.stack([self._low[at], self._high[at]]) - place).max(axis=1)
        along = int(ends[0] == ends[2])
        words = f"from {tell[along](ends[along])} to {tell[along](ends[along + 2])}"
        return inside(self._axes, ends), () if sides.min() <= self._touch else (words,)

    def bare(self) -> Iterator[tuple[Any, Ends]]:
        """Yield the lines on which no dot was found, with what drew them.

        Yields
        ------
        tuple
            The artist, and the ends inside the panel.
        """
        for at, (artist, ends) in enumerate(zip(self._of, self._ends)):
            shown = inside(self._axes, ends)
            if at not in self._held and shown[:2] != shown[2:]:
                yield artist, shown


def _along(axes: "Axes") -> Iterator[tuple[Any, list[np.ndarray]]]:
    """Yield what draws lines all of which run along an axis, with those lines."""
    from matplotlib.collections import LineCollection

    for artist in axes.collections:
        if not isinstance(artist, LineCollection) or artist.get_transform() != axes.transData:
            continue
        lines = [np.asarray(one, dtype=float) for one in artist.get_segments()]
        lines = [one for one in lines if one.shape == (2, 2) and np.isfinite(one).all()]
        if all((one[0] == one[1]).sum() == 1 for one in lines if (one[0] != one[1]).any()):
            yield artist, [one for one in lines if (one[0] != one[1]).any()]
