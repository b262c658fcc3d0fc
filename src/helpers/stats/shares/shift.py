"""Did a share, or the whole spread, change between two periods? Permutation of the periods' labels over whole clusters."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of
from helpers.stats.estimate import Estimate
from helpers.stats.shares.clusters import few, resampled, wide_of


@dataclass(frozen=True)
class Shift:
    """``ratios``: unit, before, after (shares), ratio, low, high, p by unit; ``whole``: half the sum of absolute changes of
    all shares (0 for no change, 1 for none in common) with its permutation p-value."""

    ratios: pd.DataFrame
    whole: Estimate

    def of(self, unit: str) -> Estimate:
        """Return the ratio of a unit's shares."""
        if unit not in set(self.ratios["unit"]):
            raise InputError(f"there is no unit '{unit}'")
        row = self.ratios.set_index("unit").loc[unit]
        return Estimate(
            row["ratio"],
            row["low"],
            row["high"],
            row["p"],
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
    """Compare the shares of the same units in two periods (both clusters by units, with the same columns).

    p-values: (1 + hits) / (1 + draws) over clusters that change places at random; clusters must be exchangeable, so take
    whole years of months. Intervals: bootstrap of the clusters of both periods.
    """
    if list(before.columns) != list(after.columns):
        raise InputError(
            "the two periods have different units: expected the same columns in the same order"
        )
    earlier, later = wide_of(before, "the earlier period"), wide_of(after, "the later period")
    both, cut = np.vstack([earlier, later]), len(earlier)
    generator_of(generator)
    logs, sizes = _changes(earlier.sum(axis=0)[None], later.sum(axis=0)[None])
    orders = np.argsort(generator.random((draws, len(both))), axis=1)
    first = np.zeros((draws, len(both)))
    np.put_along_axis(first, orders[:, :cut], 1.0, axis=1)
    null_logs, null_sizes = _changes(first @ both, (1 - first) @ both)
    drawn, _ = _changes(resampled(earlier, generator, draws), resampled(later, generator, draws))
    low, high = np.exp(np.quantile(drawn, [0.5 - level_of(level) / 2, 0.5 + level / 2], axis=0))
    p = (1 + (np.abs(null_logs) >= np.abs(logs) - 1e-12).sum(axis=0)) / (1 + draws)
    parts = [part.sum(axis=0) / part.sum() for part in (earlier, later)]
    ratios = pd.DataFrame(
        {
            "unit": list(before.columns),
            "before": parts[0],
            "after": parts[1],
            "ratio": np.exp(logs[0]),
            "low": low,
            "high": high,
            "p": p,
        }
    )
    whole = Estimate(
        float(sizes[0]),
        None,
        None,
        float((1 + (null_sizes >= sizes[0] - 1e-12).sum()) / (1 + draws)),
        len(both),
        f"shift of shares, permutation of {len(both)} clusters",
        level,
        few(len(both)),
    )
    return Shift(ratios, whole)


def _changes(earlier: np.ndarray, later: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return log ratios of shares (draws by units), half a count added to each so that 0 has a logarithm, and total changes."""
    parts = [
        totals / np.maximum(totals.sum(axis=1, keepdims=True), 1e-300)
        for totals in (earlier, later)
    ]
    smooth = [
        (totals + 0.5) / (totals.sum(axis=1, keepdims=True) + 0.5 * totals.shape[1])
        for totals in (earlier, later)
    ]
    return np.log(smooth[1] / smooth[0]), np.abs(parts[1] - parts[0]).sum(axis=1) / 2
