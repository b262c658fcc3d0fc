"""Several breaks at unknown dates: how many, when, and how sure (Bai and Perron 1998, 2003).

Where errors are independent, the dates that leave the least squared error for each number of breaks
come from an exact search (dynamic programming, package ``ruptures``), and their number from the
Bayesian information criterion as strucchange counts it (Zeileis et al. 2002): each regime has its
coefficients, each date counts as one more. Where months remember, that finds breaks that are none.
With memory the likelihood is averaged over how the errors may remember
(:mod:`helpers.stats.months.break_worlds`), each of these dates is moved to where it is most likely
given the others, and the criterion is the stricter one of Liu, Wu and Zidek (1997). Whether there
is any break at all is the question of :mod:`helpers.stats.months.breaks`.
"""

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import design_of, level_of, numbers, regular, whole
from helpers.stats.months.break_dates import date_interval, likely_dates
from helpers.stats.months.break_worlds import Scan, memories, scan_of

PATIENCE = 2  # numbers in a row that are no better before the search ends


@dataclass(frozen=True)
class Breaks:
    """The breaks of a series.

    Attributes
    ----------
    bic : pandas.Series of float, shape (tried + 1,), index of numbers of breaks
        Bayesian information criterion; the lowest is chosen. With memory it has the penalty of Liu,
        Wu and Zidek, that of no break taken off, and the search ends after two numbers in a row
        that are no better.
    rss : pandas.Series of float, shape (tried + 1,), index of numbers of breaks
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
    memory: bool = True,
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
        Coverage of the intervals of the dates.
    memory : bool, default True
        Allow for errors that remember. Without it number, dates and intervals are those of Bai and
        Perron for independent errors.

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
    * Liu, Wu and Zidek (1997), On segmented multivariate regression: the penalty with memory, as
      BIC's is too small where errors depend on each other (Bai and Perron 2003).
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
    level, most = (
        level_of(level),
        whole(most if number is None else number, "the number of breaks", 0),
    )
    least = _least(trim, n, k, most)
    search = _remembered if memory else _independent
    ends, bic = search(values, matrix, least, most, number is None)
    rss = _squared_errors(values, matrix, ends)
    best = ends[int(bic.idxmin()) if number is None else number]
    dates, levels = _described(values, matrix, best, level)
    if memory:
        dates[["low", "high"]] = _spread(values, matrix, best[:-1], least, level)
    at = {name: index[one.clip(1, n).astype(int) - 1] for name, one in dates.items()}
    return Breaks(bic, rss, pd.DataFrame(at), pd.DataFrame(levels, columns=list(table.columns)), n)


def _least(trim: float, n: int, k: int, most: int) -> int:
    """Return the smallest number of periods that a regime holds; so many regimes must fit."""
    if not isinstance(trim, Real) or not 0 < trim <= 0.5:
        raise InputError(f"trim is {trim}: expected a share above 0 and at most 0.5")
    least = int(trim * n)
    if least <= k or (most + 1) * least > n:
        raise InputError(
            f"{most} breaks with regimes of at least {least} of {n} periods and {k} coefficients "
            "each do not fit; ask for fewer, or trim less"
        )
    return least


def _remembered(
    values: np.ndarray, matrix: np.ndarray, least: int, most: int, choose: bool
) -> tuple[list[list[int]], pd.Series]:
    """Return for each number of breaks the ends of its regimes, and the criterion.

    The dates of least squared error are moved to where they are most likely. The criterion has the
    penalty of Liu, Wu and Zidek (1997).
    """
    n, k = matrix.shape
    _squared_errors(values, matrix, [[n]])
    ends, bic, starts = [[n]], [0.0], _searches(values, matrix, least, most)
    for number in range(1, most + 1):
        if choose and number - 1 - np.argmin(bic) >= PATIENCE:
            break
        places = _moved(values, matrix, starts[number][:-1], least)
        gain = sum(_gain(values, matrix, places[:at], one) for at, one in enumerate(places))
        bic.append(number * (k + 1) * 0.299 * np.log(n) ** 2.1 - 2 * gain)
        ends.append([*places, n])
    return ends, pd.Series(bic, name="bic")


def _moved(values: np.ndarray, matrix: np.ndarray, places: list[int], least: int) -> list[int]:
    """Return the dates, each the most likely one given the others."""
    places = list(places)
    for _ in range(10):
        old = list(places)
        for at in range(len(places)):
            lasts, logs = _where(values, matrix, places, at, least)
            places[at] = int(lasts[logs.argmax()])
        if places == old or len(places) == 1:
            break
    return places


def _where(
    values: np.ndarray, matrix: np.ndarray, places: list[int], at: int, least: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the dates that one break can have between its neighbours, and their likelihood."""
    edges = [0, *places, len(values)]
    lasts = np.arange(edges[at] + least, edges[at + 2] - least + 1)
    scan = _scan(matrix, [*places[:at], *places[at + 1 :]], lasts)
    return lasts, scan.likelihoods(values[None])[1][0]


def _gain(values: np.ndarray, matrix: np.ndarray, others: list[int], place: int) -> float:
    """Return how much a break adds to the log-likelihood beside others."""
    without, with_one = _scan(matrix, others, np.array([place])).likelihoods(values[None])
    top = without.max()
    return float(with_one[0, 0] - top - np.log(np.exp(without - top).mean()))


def _scan(matrix: np.ndarray, others: list[int], lasts: np.ndarray) -> Scan:
    """Return the scan for one break beside others."""
    time = np.arange(len(matrix))[:, None]
    base = np.column_stack([matrix, *(np.where(time >= one, matrix, 0) for one in others)])
    return scan_of(base, matrix, lasts, memories(len(matrix)))


def _spread(
    values: np.ndarray, matrix: np.ndarray, places: list[int], least: int, level: float
) -> np.ndarray:
    """Return the span of the likely dates of each break given the others, (breaks, 2)."""
    found = (_where(values, matrix, places, at, least) for at in range(len(places)))
    spans = [likely_dates(logs, lasts, level) for lasts, logs in found]
    return np.array(spans, dtype=int).reshape(len(places), 2)


def _squared_errors(values: np.ndarray, matrix: np.ndarray, ends: list[list[int]]) -> pd.Series:
    """Return the sum of squared errors for each number of breaks; none is a refusal."""
    sums = [sum(_regime(values, matrix, *span)[1] for span in _spans(part)) for part in ends]
    rss = pd.Series(sums, name="rss")
    if rss.min() <= 1e-20 * max(values @ values, 1e-300):
        raise InputError(
            "the regimes reproduce the series exactly: no error is left to weigh their number by"
        )
    return rss


def _independent(
    values: np.ndarray, matrix: np.ndarray, least: int, most: int, choose: bool
) -> tuple[list[list[int]], pd.Series]:
    """Return for each number of breaks the ends of its regimes, and BIC, all numbers tried.

    Each date counts as a parameter.
    """
    n, k = matrix.shape
    ends = _searches(values, matrix, least, most)
    rss = _squared_errors(values, matrix, ends)
    bic = n * (np.log(rss / n) + 1 + np.log(2 * np.pi)) + np.log(n) * (k + 1) * (rss.index + 1)
    return ends, bic.rename("bic")


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
