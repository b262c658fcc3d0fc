"""Which of two series moves first? Rank correlations at leads and lags, judged without supposing independent periods.

The p-value ranks the correlation among those of all circular shifts of one series: each keeps the memory of both and breaks
what they have in common. With n periods it cannot be below 1 / n, and short series say little.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import numbers, regular

LEAST = 8


def lead_lag(
    first: pd.Series, second: pd.Series, lags: Iterable[int] = range(-3, 4)
) -> pd.DataFrame:
    """Return lag, correlation (Spearman), n and p for each lag.

    At a positive lag ``first`` leads: its values are compared with those of ``second`` that many periods later. Both series are regular and of the
    same step; only the periods that both have count. Raises :class:`InputError` for fewer than 8 common periods, or a constant.
    """
    from scipy.stats import rankdata

    for name, series in (("the first series", first), ("the second series", second)):
        numbers(series, name, LEAST)
    one, other = (
        pd.Series(series.to_numpy("float64"), index=regular(series, name))
        for series, name in ((first, "the first series"), (second, "the second series"))
    )
    if one.index.freqstr != other.index.freqstr:
        raise InputError(
            f"the series have steps of {one.index.freqstr} and {other.index.freqstr}: expected the same"
        )
    both = pd.concat([one, other], axis=1, join="inner")
    if len(both) < LEAST:
        raise InputError(f"the series share {len(both)} periods: expected at least {LEAST}")
    x, y = both.to_numpy().T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise InputError(
            "a series does not vary over the periods that both have: there is no correlation"
        )

    def correlation(earlier: np.ndarray, later: np.ndarray) -> float:
        if np.ptp(earlier) == 0 or np.ptp(later) == 0:
            return 0.0
        return float(np.corrcoef(rankdata(earlier), rankdata(later))[0, 1])

    rows = []
    for lag in lags:
        if abs(lag) > len(x) - LEAST:
            raise InputError(
                f"lag is {lag} with {len(x)} common periods: at least {LEAST} pairs must be left"
            )
        cut = slice(None, len(x) - lag) if lag >= 0 else slice(-lag, None)
        match = slice(lag, None) if lag >= 0 else slice(None, len(x) + lag)
        found = correlation(x[cut], y[match])
        shifted = [correlation(np.roll(x, move)[cut], y[match]) for move in range(1, len(x))]
        p = (1 + sum(abs(value) >= abs(found) - 1e-12 for value in shifted)) / len(x)
        rows.append((lag, found, len(x) - abs(lag), p))
    return pd.DataFrame(rows, columns=["lag", "correlation", "n", "p"])
