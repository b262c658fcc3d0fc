"""Two spans of months whose true sums differ by a known ratio, to try a comparison of sums on.

What happened is the sum of what each month was meant to bring, spells and seasons among it; what is
counted scatters about it, since events come in clusters. A comparison that is read as a fact has
to hold the ratio of the true sums, however they came about.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError


@dataclass(frozen=True)
class TwoSpans:
    """A world of two spans.

    Attributes
    ----------
    mean : float
        Expected count of a month, above 0.
    months : int, default 12
        Months of each span, at least 2.
    cluster : float, default 1
        Mean number counted at once, at least 1; sizes are geometric, so that the variance of a
        count is ``2 * cluster - 1`` times its mean.
    spread : float, default 0
        Standard deviation of the level of months on the log scale.
    memory : float, default 0
        Autocorrelation of that level, from 0 to below 1.

    Examples
    --------
    >>> later, earlier = TwoSpans(200.0).draw(2.0, np.random.default_rng(1))
    >>> len(later), round(float(later.sum() / earlier.sum()), 1)
    (12, 2.0)
    """

    mean: float
    months: int = 12
    cluster: float = 1.0
    spread: float = 0.0
    memory: float = 0.0

    def __post_init__(self) -> None:
        if not self.mean > 0 or self.months < 2 or not self.cluster >= 1 or not self.spread >= 0:
            raise InputError(
                "a world of two spans has a 'mean' above 0, at least 2 'months', a 'cluster' of "
                f"at least 1 and a 'spread' of at least 0; got {self}"
            )
        if not 0 <= self.memory < 1:
            raise InputError(f"'memory' is {self.memory}, expected 0 to below 1")

    def draw(self, ratio: float, generator: np.random.Generator) -> list[pd.Series]:
        """Draw the counts of both spans.

        Parameters
        ----------
        ratio : float
            True sum of the later span over that of the earlier, above 0.
        generator : numpy.random.Generator
            Source of the data.

        Returns
        -------
        list of two pandas.Series of int, shape (months,) each
            The later span and the earlier.
        """
        shocks = generator.normal(size=(2, self.months))
        level = shocks.copy()
        for month in range(1, self.months):
            kept = self.memory * level[:, month - 1]
            level[:, month] = kept + np.sqrt(1 - self.memory**2) * shocks[:, month]
        expected = np.exp(self.spread * level)
        expected *= self.mean / expected.mean(axis=1, keepdims=True) * [[ratio], [1.0]]
        clusters = generator.poisson(expected / self.cluster)
        extra = generator.negative_binomial(np.maximum(clusters, 1), 1 / self.cluster)
        counts = np.where(clusters, clusters + extra, 0)
        return [pd.Series(span) for span in counts]
