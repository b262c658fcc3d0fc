"""Worlds from which an uneven panel of counts may come, none of which its regression assumes.

A ratio within units, with errors by cluster, should hold whatever the counts scatter by. Whether it
does with the units at hand, their sizes and the years in which they change, only trying tells. So
the real panel keeps its rows and its term, and the counts are drawn: with tails that are heavy,
with scatter that differs by unit, with memory, with shocks that neighbours share, and under a
threshold that lets in deadly rows alone.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of, numbers, positive

CUT = 6.0  # standard deviations at which noise is cut: a count must be a number
ROUNDS = 40  # of drawing rows anew that fall short of the threshold
HEAVY, MEMORY, SHARED, UNEVEN = 3.0, 0.7, 0.5, 0.6


@dataclass(frozen=True)
class RateWorld:
    """A panel of counts whose rates scatter; made by :func:`rate_worlds`.

    Attributes
    ----------
    means : pandas.Series of float, shape (n,)
        Means without the effect, under the labels of the panel's rows.
    term : numpy.ndarray of float, shape (n,)
        By how much of the effect each row is moved.
    units, regions, periods : numpy.ndarray of int, shape (n,)
        Unit, neighbourhood and period of each row; a unit's rows stand together, in order.
    sd : float
        Standard deviation of the logarithm of a rate.
    heavy : bool
        Whether that noise is Student's t with three degrees of freedom instead of normal.
    spread : float
        Standard deviation of the logarithm of a unit's own ``sd``.
    memory : float
        Correlation of the noise from one period to the next.
    shared : float
        Share of the variance that all units of a neighbourhood have in common.
    least : int
        Smallest count that is let in; smaller ones are drawn anew.
    """

    means: pd.Series
    term: np.ndarray
    units: np.ndarray
    regions: np.ndarray
    periods: np.ndarray
    sd: float
    heavy: bool = False
    spread: float = 0.0
    memory: float = 0.0
    shared: float = 0.0
    least: int = 0

    def draw(self, ratio: float, generator: np.random.Generator) -> pd.Series:
        """Return one panel of counts.

        Parameters
        ----------
        ratio : float
            Factor of a rate where the term is one, above 0; 1 for no effect.
        generator : numpy.random.Generator
            Source of the counts.

        Returns
        -------
        pandas.Series of float, shape (n,)
            Counts under the labels of ``means``.

        Examples
        --------
        >>> means = pd.Series([900.0, 900.0])
        >>> rows = np.array([0, 0])
        >>> world = RateWorld(means, np.array([0.0, 1.0]), rows, rows, np.array([1, 2]), sd=0.0)
        >>> (world.draw(4.0, np.random.default_rng(1)) > 1500).tolist()
        [False, True]
        """
        means = self.means.to_numpy() * positive(ratio, "the ratio") ** self.term
        drawn = self._counts(means, generator)
        for _ in range(ROUNDS):
            short = drawn < self.least
            if not short.any():
                break
            drawn = np.where(short, self._counts(means, generator), drawn)
        return pd.Series(np.maximum(drawn, self.least), self.means.index)

    def _counts(self, means: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        own = self._paths(self.units, generator)
        common = self._paths(self.regions, generator) if self.shared else 0.0
        noise = np.sqrt(1 - self.shared) * own + np.sqrt(self.shared) * common
        scale = self.sd * np.exp(self.spread * generator.normal(size=self.units.max() + 1))
        noise = np.clip(noise, -CUT, CUT) * scale[self.units]
        return generator.poisson(means * np.exp(np.minimum(noise, np.log(1e6)))).astype("float64")

    def _paths(self, labels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """Return noise of variance one: a path for each label over all periods."""
        first, length = self.periods.min(), int(np.ptp(self.periods)) + 1
        size = (labels.max() + 1, length)
        fresh = generator.standard_t(HEAVY, size) / np.sqrt(3) if self.heavy else None
        fresh = generator.normal(size=size) if fresh is None else fresh
        for place in range(1, length if self.memory else 0):
            fresh[:, place] *= np.sqrt(1 - self.memory**2)
            fresh[:, place] += self.memory * fresh[:, place - 1]
        return np.asarray(fresh[labels, self.periods - first])


def rate_worlds(
    table: pd.DataFrame,
    term: str,
    *,
    unit: str,
    region: str,
    period: str,
    exposure: str,
    counts: str,
    least: int = 0,
) -> dict[str, RateWorld]:
    """Return the worlds that a panel may come from, each without an effect.

    Each unit keeps its own rate, its total over its exposure; the scatter of the logarithms of
    rates about it is that of the panel.

    Parameters
    ----------
    table : pandas.DataFrame, one row a unit and period
        The panel, without missing values.
    term : str
        Column of numbers: where an effect would be.
    unit, region, period : str
        Columns of a unit, of its neighbourhood, and of the period, a whole number.
    exposure, counts : str
        Columns of numbers above 0, and of counts.
    least : int, default 0
        The smallest count with which a row enters such a panel; above 0 one world more.

    Returns
    -------
    dict of str to RateWorld
        ``even scatter``, ``heavy tails``, ``scatter by unit``, ``memory``, ``shared shocks``, and
        ``threshold``.

    Raises
    ------
    InputError
        A column is missing, an exposure is not above 0, or no unit is seen twice.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": list("aabb"), "place": 1, "year": [1, 2] * 2, "on": [0, 1] * 2,
    ...                      "n": [1, 2, 3, 4], "dead": [5, 9, 8, 20]})
    >>> worlds = rate_worlds(rows, "on", unit="unit", region="place", period="year", exposure="n",
    ...                      counts="dead")
    >>> len(worlds), worlds["memory"].means.round(1).tolist()
    (5, [4.8, 9.7, 12.2, 16.3])
    """
    wanted = dict.fromkeys([term, unit, region, period, exposure, counts])
    rows = columns_of(table, wanted, "the panel").sort_values([unit, period])
    n, y = numbers(rows[exposure], exposure, 2), numbers(rows[counts], counts, 2)
    if (n <= 0).any():
        raise InputError(f"'{exposure}' holds {n.min():g}: expected numbers above 0")
    labels = pd.factorize(rows[unit])[0]
    seen, dead = np.bincount(labels, n), np.bincount(labels, y)
    logs = pd.Series(np.log((y + 0.5) / n))
    spare = len(rows) - len(seen)
    if spare < 1:
        raise InputError(f"no unit of '{unit}' is seen twice: expected scatter within units")
    sd = float(np.sqrt(((logs - logs.groupby(labels).transform("mean")) ** 2).sum() / spare))
    even = RateWorld(
        pd.Series(n * ((dead + 0.5) / seen)[labels], rows.index),
        numbers(rows[term], term, 2),
        labels,
        pd.factorize(rows[region])[0],
        rows[period].to_numpy(dtype=int),
        sd,
    )
    worlds = {
        "even scatter": even,
        "heavy tails": replace(even, heavy=True),
        "scatter by unit": replace(even, spread=UNEVEN),
        "memory": replace(even, memory=MEMORY),
        "shared shocks": replace(even, memory=MEMORY, shared=SHARED),
    }
    return worlds | ({"threshold": replace(even, least=least)} if least else {})
