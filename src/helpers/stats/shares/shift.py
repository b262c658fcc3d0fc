"""Did a share, or the whole spread, change between two periods?

Permutation of the periods' labels over whole clusters.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of
from helpers.stats.estimate import Estimate
from helpers.stats.shares.clusters import enough, few, filled, resampled, wide_of


@dataclass(frozen=True)
class Shift:
    """How the shares of units changed between two periods.

    Attributes
    ----------
    ratios : pandas.DataFrame, shape (u, 7)
        ``unit``, ``before`` and ``after`` (shares from 0 to 1), ``ratio`` of the two with half a
        count added to each unit's total, its ends ``low`` and ``high``, and its permutation ``p``.
    whole : Estimate
        Half the sum of absolute changes of all shares, 0 for no change and 1 for none in common,
        with its permutation p-value; ``n`` clusters of both periods.
    """

    ratios: pd.DataFrame
    whole: Estimate

    def of(self, unit: str) -> Estimate:
        """Return the ratio of a unit's shares, later over earlier.

        Parameters
        ----------
        unit : str
            A column of the tables that were compared.

        Returns
        -------
        Estimate
            Without unit; bootstrap interval and permutation p-value.

        Raises
        ------
        InputError
            When there is no such unit.

        Examples
        --------
        >>> import pandas as pd
        >>> row = {"unit": "north", "before": 0.5, "after": 0.75, "ratio": 1.5}
        >>> table = pd.DataFrame([row | {"low": 1.2, "high": 1.9, "p": 0.01}])
        >>> Shift(table, Estimate(0.25, n=24)).of("north").value
        1.5
        """
        if unit not in list(self.ratios["unit"]):
            raise InputError(f"there is no unit '{unit}'")
        row = self.ratios.set_index("unit").loc[unit]
        value, low, high, p = (float(row[name]) for name in ("ratio", "low", "high", "p"))
        return Estimate(
            value,
            low,
            high,
            p,
            self.whole.n,
            "ratio of shares, bootstrap and permutation of clusters",
            self.whole.level,
            self.whole.warnings,
        )


def shift(
    before: pd.DataFrame,
    after: pd.DataFrame,
    generator: np.random.Generator,
    *,
    draws: int = 1999,
    level: float = 0.95,
) -> Shift:
    """Compare the shares of the same units in two periods.

    p-values are (1 + hits) / (1 + draws) over clusters that change places at random; clusters must
    be exchangeable, so take whole years of months. Intervals are a bootstrap of the clusters of
    both periods.

    Parameters
    ----------
    before, after : pandas.DataFrame of float, shape (c, u) each
        What each cluster (row: a month) holds of each unit, such as deaths; the same columns in the
        same order, at least three clusters in each.
    generator : numpy.random.Generator
        Draws permutations first, then the bootstrap.
    draws : int
        Number of each, at least 99.
    level : float
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    Shift
        Ratios by unit, and the change of the whole spread.

    Raises
    ------
    InputError
        When the columns differ, a table holds what is no weight or too few clusters, or draws are
        too few.

    Examples
    --------
    The north goes from a half to three quarters: a quarter of the whole has changed places.

    >>> import numpy as np, pandas as pd
    >>> before = pd.DataFrame({"north": [1] * 12, "south": [1] * 12})
    >>> after = pd.DataFrame({"north": [3] * 12, "south": [1] * 12})
    >>> found = shift(before, after, np.random.default_rng(1), draws=199)
    >>> found.whole.value, found.whole.p
    (0.25, 0.005)
    >>> round(found.of("north").value, 2)  # 36.5 / 49 over 12.5 / 25
    1.49
    """
    (earlier, later), draws = _periods(before, after), enough(draws)
    both, cut = np.vstack([earlier, later]), len(earlier)
    logs, sizes = _changes(earlier.sum(axis=0)[None], later.sum(axis=0)[None])
    first = _halves(len(both), cut, generator_of(generator), draws)
    null_logs, null_sizes = _changes(first @ both, (1 - first) @ both)
    drawn, _ = _changes(resampled(earlier, generator, draws), resampled(later, generator, draws))
    low, high = np.exp(np.quantile(drawn, [0.5 - level_of(level) / 2, 0.5 + level / 2], axis=0))
    columns = {
        "unit": list(before.columns),
        "before": earlier.sum(axis=0) / earlier.sum(),
        "after": later.sum(axis=0) / later.sum(),
        "ratio": np.exp(logs[0]),
        "low": low,
        "high": high,
        "p": _p(np.abs(null_logs), np.abs(logs)),
    }
    p = float(_p(null_sizes, sizes))
    method = f"shift of shares, permutation of {len(both)} clusters"
    whole = Estimate(float(sizes[0]), None, None, p, len(both), method, level, few(filled(both)))
    return Shift(pd.DataFrame(columns), whole)


def _periods(before: pd.DataFrame, after: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return both periods as arrays (clusters by units)."""
    tables = (before, "the earlier period"), (after, "the later period")
    found = [wide_of(table, name) for table, name in tables]
    if list(before.columns) != list(after.columns):
        raise InputError(
            "the two periods have different units: expected the same columns in the same order"
        )
    return found[0], found[1]


def _halves(clusters: int, cut: int, generator: np.random.Generator, draws: int) -> np.ndarray:
    """Return 1 for the ``cut`` clusters that fall to the first period (draws by clusters)."""
    orders = np.argsort(generator.random((draws, clusters)), axis=1)
    first = np.zeros((draws, clusters))
    np.put_along_axis(first, orders[:, :cut], 1.0, axis=1)
    return first


def _p(null: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Return the permutation p-value of what was seen, among draws (first axis) of the null."""
    return (1 + (null >= seen - 1e-12).sum(axis=0)) / (1 + len(null))


def _changes(earlier: np.ndarray, later: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log ratios of shares (draws by units) and total changes (draws).

    Half a count is added to each unit's total, so that 0 has a logarithm.
    """
    parts = [
        totals / np.maximum(totals.sum(axis=1, keepdims=True), 1e-300)
        for totals in (earlier, later)
    ]
    smooth = [
        (totals + 0.5) / (totals.sum(axis=1, keepdims=True) + 0.5 * totals.shape[1])
        for totals in (earlier, later)
    ]
    return np.log(smooth[1] / smooth[0]), np.abs(parts[1] - parts[0]).sum(axis=1) / 2
