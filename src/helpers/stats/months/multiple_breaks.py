"""Several breaks at unknown dates: how many, when, and how sure (Bai and Perron 1998, 2003).

The dates that leave the least squared error for each number of breaks come from an exact search
(dynamic programming, package ``ruptures``); their number from the Bayesian information criterion as
strucchange counts it (Zeileis et al. 2002): each regime has its coefficients, each date counts as
one more. BIC takes errors as independent: where they are not, it finds too many, and
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
    """The breaks of a series.

    Attributes
    ----------
    bic : pandas.Series of float, shape (most + 1,), index of numbers of breaks
        Bayesian information criterion; the lowest is chosen.
    rss : pandas.Series of float, shape (most + 1,), index of numbers of breaks
        Least sum of squared errors, in squared units of the outcome.
    dates : pandas.DataFrame of pandas.Period, one row a break
        Columns ``last`` (last period of the old regime), ``low`` and ``high`` (its interval).
    levels : pandas.DataFrame of float, shape (regimes, k)
        Coefficients of each regime, in units of the outcome.
    n : int
        Number of periods.
    number : int
        Number of breaks that ``dates`` holds.
    """

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
    """Return the breaks of a series in its mean, or in a regression.

    Parameters
    ----------
    y : pandas.Series of float, shape (n,), monthly, quarterly or yearly index without gaps
        Finite numbers, at least 8.
    design : pandas.DataFrame of float, shape (n, k), optional
        Columns whose coefficients all break, the constant among them; a constant alone when left
        out.
    most : int, default 5
        Largest number of breaks among which BIC chooses.
    trim : float, default 0.15
        Smallest share of the series that a regime holds, at most 0.5.
    number : int, optional
        Number of breaks where it is known; BIC then chooses nothing.
    level : float, default 0.95
        Coverage of the intervals of the dates, which take errors as independent.

    Returns
    -------
    Breaks

    Raises
    ------
    InputError
        So many regimes do not fit, they reproduce the series, the index is not regular, or a value
        is not finite.

    References
    ----------
    * Bai and Perron (1998), Estimating and testing linear models with multiple structural changes.
    * Bai and Perron (2003), Computation and analysis of multiple structural change models.
    * Zeileis et al. (2002), strucchange: an R package for testing for structural change in linear
      regression models.

    Examples
    --------
    A year about 10, one about 20, one about 10 again.

    >>> months = pd.period_range("2020-01", periods=36, freq="M")
    >>> y = pd.Series([9.0, 11] * 6 + [19, 21] * 6 + [9, 11] * 6, index=months)
    >>> found = multiple_breaks(y, most=3)
    >>> found.dates["last"].astype(str).tolist(), found.levels["const"].round(6).tolist()
    (['2020-12', '2021-12'], [10.0, 20.0, 10.0])
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
            f"{most} breaks with regimes of at least {least} of {n} periods and {k} coefficients "
            "each do not fit; ask for fewer, or trim less"
        )
    ends = _searches(values, matrix, least, most)
    rss = _squared_errors(values, matrix, ends)
    bic = _bic(rss, n, k)
    best = int(bic.idxmin()) if number is None else number
    dates, levels = _described(values, matrix, ends[best], level_of(level))
    shown = pd.DataFrame(
        {name: [index[min(max(place, 1), n) - 1] for place in dates[name]] for name in dates}
    )
    return Breaks(bic, rss, shown, pd.DataFrame(levels, columns=list(table.columns)), n)


def _squared_errors(values: np.ndarray, matrix: np.ndarray, ends: list[list[int]]) -> pd.Series:
    """Return the sum of squared errors for each number of breaks; none is a refusal."""
    sums = [sum(_regime(values, matrix, *span)[1] for span in _spans(part)) for part in ends]
    rss = pd.Series(sums, name="rss")
    if rss.min() <= 1e-20 * max(values @ values, 1e-300):
        raise InputError(
            "the regimes reproduce the series exactly: no error is left to weigh their number by"
        )
    return rss


def _bic(rss: pd.Series, n: int, k: int) -> pd.Series:
    """Return the criterion for each number of breaks, each date counted as a parameter."""
    regimes = np.arange(len(rss)) + 1
    bic = n * (np.log(rss / n) + 1 + np.log(2 * np.pi)) + np.log(n) * (k + 1) * regimes
    return bic.rename("bic")


def _searches(values: np.ndarray, matrix: np.ndarray, least: int, most: int) -> list[list[int]]:
    """Return for each number of breaks the ends of its regimes."""
    import ruptures

    search = ruptures.Dynp(model="linear", min_size=least, jump=1).fit(
        np.column_stack([values - values.mean(), matrix])
    )
    return [[len(values)], *(search.predict(number) for number in range(1, most + 1))]


def _spans(ends: list[int]) -> list[tuple[int, int]]:
    """Return where each regime begins and ends."""
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
    """Return the breaks with their intervals, in periods, and the coefficients of the regimes."""
    spans = _spans(ends)
    fits = [_regime(values, matrix, *span) for span in spans]
    variances = [
        max(rss / (end - first), 1e-150) for (_, rss), (first, end) in zip(fits, spans, strict=True)
    ]
    rows = []
    for old, place in enumerate(ends[:-1]):
        jump = matrix[slice(*spans[old])] @ (fits[old + 1][0] - fits[old][0])
        change = max(float(np.square(jump).mean()), 1e-150)
        both = (variances[old], variances[old + 1])
        rows.append((place, *date_interval(place, change, both, level)))
    levels = np.array([params for params, _ in fits])
    return pd.DataFrame(rows, columns=["last", "low", "high"]), levels
