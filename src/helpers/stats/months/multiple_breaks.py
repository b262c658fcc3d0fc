"""Several breaks at unknown dates: how many, when, and how sure (Bai and Perron 1998, 2003).

The dates that leave the least squared error for each number of breaks come from an exact search (dynamic programming, package
``ruptures``); their number from the Bayesian information criterion as strucchange counts it (Zeileis et al. 2002): each regime has
its coefficients, each date counts as one more. BIC takes errors as independent: where they are not, it finds too many, and
:mod:`helpers.stats.months.breaks` is the test.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import design_of, level_of, numbers, regular
from helpers.stats.months.break_dates import date_interval


@dataclass(frozen=True)
class Breaks:
    """``bic`` and ``rss`` by number of breaks; ``dates``: one row a break with the last period of the old regime (``last``) and
    the ends of its interval (``low``, ``high``); ``levels``: the coefficients of each regime (regimes by k)."""

    bic: pd.Series
    rss: pd.Series
    dates: pd.DataFrame
    levels: pd.DataFrame
    n: int

    @property
    def number(self) -> int:
        """How many breaks the dates hold."""
        return len(self.dates)


def multiple_breaks(
    y: pd.Series,
    design: pd.DataFrame | None = None,
    *,
    most: int = 5,
    trim: float = 0.15,
    number: int | None = None,
    level: float = 0.95,
) -> Breaks:
    """Return the breaks of ``y`` (n finite numbers, regular index) in its mean, or in a regression on ``design`` (n by k, with
    the constant).

    Regimes are at least ``trim`` of the series long. ``number`` fixes how many breaks there are; otherwise BIC
    chooses among 0 to ``most``. Raises :class:`InputError` when so many regimes do not fit, or nothing varies.
    """
    index = regular(y, "the series")
    values = numbers(y, "the series", 8)
    table = pd.DataFrame({"const": np.ones(len(values))}) if design is None else design
    matrix = design_of(table, len(values), spare=2)
    n, k = matrix.shape
    least = int(trim * n)
    most = most if number is None else number
    if not 0 < trim <= 0.5 or least <= k or (most + 1) * least > n or most < 0:
        raise InputError(
            f"{most} breaks with regimes of at least {least} of {n} periods and {k} coefficients each do not fit; "
            "ask for fewer, or trim less"
        )
    ends = _searches(values, matrix, least, most)
    rss = pd.Series(
        [sum(_regime(values, matrix, *span)[1] for span in _spans(part)) for part in ends],
        name="rss",
    )
    if rss.min() <= 1e-20 * max(values @ values, 1e-300):
        raise InputError(
            "the regimes reproduce the series exactly: no error is left to weigh their number by"
        )
    count = np.arange(len(rss))
    bic = n * (np.log(rss / n) + 1 + np.log(2 * np.pi)) + np.log(n) * (k + 1) * (count + 1)
    best = int(bic.idxmin()) if number is None else number
    dates, levels = _described(values, matrix, ends[best], level_of(level))
    shown = pd.DataFrame(
        {name: [index[min(max(place, 1), n) - 1] for place in dates[name]] for name in dates}
    )
    return Breaks(
        bic.rename("bic"), rss, shown, pd.DataFrame(levels, columns=list(table.columns)), n
    )


def _searches(values: np.ndarray, matrix: np.ndarray, least: int, most: int) -> list[list[int]]:
    """Return for each number of breaks the ends of its regimes."""
    import ruptures

    search = ruptures.Dynp(model="linear", min_size=least, jump=1).fit(
        np.column_stack([values - values.mean(), matrix])
    )
    return [[len(values)], *(search.predict(number) for number in range(1, most + 1))]


def _spans(ends: list[int]) -> list[tuple[int, int]]:
    return list(zip([0, *ends[:-1]], ends))


def _regime(
    values: np.ndarray, matrix: np.ndarray, first: int, end: int
) -> tuple[np.ndarray, float]:
    """Return the coefficients of a regime and its squared error."""
    params = np.linalg.lstsq(matrix[first:end], values[first:end], rcond=None)[0]
    return params, float(np.square(values[first:end] - matrix[first:end] @ params).sum())


def _described(
    values: np.ndarray, matrix: np.ndarray, ends: list[int], level: float
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the breaks with their intervals, as numbers of periods, and the coefficients of the regimes."""
    spans = _spans(ends)
    fits = [_regime(values, matrix, *span) for span in spans]
    rows = []
    for place, (before, after) in zip(ends[:-1], zip(range(len(fits)), range(1, len(fits)))):
        jump = matrix[slice(*spans[before])] @ (fits[after][0] - fits[before][0])
        variances = tuple(
            max(fits[one][1] / (spans[one][1] - spans[one][0]), 1e-150) for one in (before, after)
        )
        rows.append(
            (
                place,
                *date_interval(place, max(float(np.square(jump).mean()), 1e-150), variances, level),
            )
        )
    return pd.DataFrame(rows, columns=["last", "low", "high"]), np.array(
        [params for params, _ in fits]
    )
