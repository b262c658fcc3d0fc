"""One break at an unknown date: is there any, and when?

The largest, the average and the exponentially averaged F statistic over all dates away from the
ends (Andrews 1993; Andrews and Ploberger 1994). Their tabled critical values assume independent
errors; where the level wanders they find breaks that are none. Here the statistics allow for memory
that is not known, and are referred to series without a break from several worlds that remember, as
:mod:`helpers.stats.months.break_worlds` has it: the worst plausible one gives the p-value.
"""

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import design_of, generator_of, level_of, numbers, regular, whole
from helpers.stats.estimate import Estimate
from helpers.stats.months.break_dates import date_interval, likely_dates
from helpers.stats.months.break_worlds import (
    Scan,
    independent,
    memories,
    nulls,
    plausible,
    scan_of,
)

NAMES = ("sup", "ave", "exp")


@dataclass(frozen=True)
class Break:
    """The one break that a series may have, and the test of whether it has any.

    Attributes
    ----------
    f : pandas.Series of float, shape (n_dates,), PeriodIndex
        F statistic by the last period of the old regime, times the number of coefficients that
        break; with memory, the one that the averaged likelihood amounts to.
    last : pandas.Period
        Last period of the old regime at the largest F.
    low, high : pandas.Period
        Ends of the interval of ``last``.
    p : dict of str to float, or None
        p-value by statistic (sup, ave, exp): the largest among the plausible worlds; None without a
        generator.
    rho : float
        Lag-one autocorrelation of the residuals, the break taken out; too low in short series.
    n : int
        Number of periods.
    warnings : tuple of str
        What a reader must know.
    worlds : pandas.DataFrame, one row a world, or None
        Index of names; columns ``share`` (how plausible the world is, 0 to 1, together 1), ``sup``,
        ``ave`` and ``exp`` (its p-values, missing where the series speaks against the world); None
        without a generator.
    date : pandas.Period
        First period of the new regime.
    statistics : dict of str to float
        The three statistics by name.
    """

    f: pd.Series
    last: pd.Period
    low: pd.Period
    high: pd.Period
    p: dict[str, float] | None
    rho: float
    n: int
    warnings: tuple[str, ...] = ()
    worlds: pd.DataFrame | None = None

    @property
    def date(self) -> pd.Period:
        """The first period of the new regime."""
        return self.last + 1

    def likely(self, reach: int = 2) -> pd.Period:
        """Return the start of the new regime that is most likely right to within some periods.

        The largest F is the best single date. This one gathers the likelihood (Gaussian, every date
        as likely as another beforehand) of the dates around it, and errs by more than ``reach``
        less often.

        Parameters
        ----------
        reach : int, default 2
            Periods to each side that still count as right.

        Returns
        -------
        pandas.Period
            First period of the new regime.

        Examples
        --------
        >>> months = pd.period_range("2020-01", periods=24, freq="M")
        >>> found = break_test(pd.Series([9, 11] * 6 + [19, 21] * 6, index=months))
        >>> str(found.likely(reach=1))
        '2021-01'
        """
        logs = -0.5 * self.n * np.log1p(-self.f.to_numpy() / (self.f.to_numpy() + self.n))
        near = np.convolve(np.exp(logs - logs.max()), np.ones(2 * reach + 1), mode="same")
        return self.f.index[int(near.argmax())] + 1

    @property
    def statistics(self) -> dict[str, float]:
        """The three statistics by name: largest (sup), average (ave), exponential average (exp)."""
        return dict(zip(NAMES, _summaries(self.f.to_numpy()[None])[:, 0].tolist()))

    def estimate(self, which: str = "sup") -> Estimate:
        """Return a statistic with its simulated p-value.

        Parameters
        ----------
        which : {"sup", "ave", "exp"}, default "sup"
            Name of the statistic.

        Returns
        -------
        Estimate
            The statistic, without unit and without interval; p is None without a generator.

        Raises
        ------
        InputError
            There is no such statistic.

        Examples
        --------
        The largest F of a level that doubles among values one off their mean: the squared error is
        24 * (5 ** 2 + 1) = 624 without the break and 24 with it, on 22 degrees of freedom.

        >>> months = pd.period_range("2020-01", periods=24, freq="M")
        >>> y = pd.Series([9, 11] * 6 + [19, 21] * 6, index=months)
        >>> found = break_test(y, memory=False)
        >>> round(found.estimate("sup").value, 6), (624 - 24) / (24 / 22)
        (550.0, 550.0)
        """
        if which not in self.statistics:
            raise InputError(f"there is no statistic '{which}': expected sup, ave or exp")
        against = ""
        if self.worlds is not None:
            against = f", against {_plausible(self.worlds)[which].idxmax()} without a break"
        return Estimate(
            self.statistics[which],
            None,
            None,
            None if self.p is None else self.p[which],
            self.n,
            f"{which}-F over {len(self.f)} dates{against}",
            warnings=self.warnings,
        )


def break_test(
    y: pd.Series,
    generator: np.random.Generator | None = None,
    *,
    fixed: pd.DataFrame | None = None,
    breaking: pd.DataFrame | None = None,
    trim: float = 0.15,
    draws: int = 999,
    level: float = 0.95,
    memory: bool = True,
) -> Break:
    """Test for one break in the level of a series at an unknown date, and date it.

    Parameters
    ----------
    y : pandas.Series of float, shape (n,), monthly, quarterly or yearly index without gaps
        Finite numbers, at least 8. Of counts take ``ln(y + 0.5)``.
    generator : numpy.random.Generator, optional
        Source of the simulated series; without it there is no p-value.
    fixed : pandas.DataFrame of float, shape (n, k), optional
        Columns whose coefficients do not break, such as trend and seasons; no constant.
    breaking : pandas.DataFrame of float, shape (n, q - 1), optional
        Columns whose coefficients break together with the level, such as a trend; no constant.
    trim : float, default 0.15
        Share of the periods at each end where no break is looked for.
    draws : int, default 999
        Series that are simulated from each world.
    level : float, default 0.95
        Coverage of the interval of the date.
    memory : bool, default True
        Allow for errors that remember. Without it the statistics are those of published tables, the
        one world is that of independent errors, and the interval is that of Bai and Perron (1998),
        which is far too narrow where neighbouring periods resemble each other.

    Returns
    -------
    Break

    Raises
    ------
    InputError
        The index is not regular, a value is not finite, ``trim`` leaves no date or fewer than two
        periods at an end, the columns depend on each other or on a step, or nothing varies.

    References
    ----------
    * Andrews (1993), Tests for parameter instability and structural change with unknown change
      point.
    * Andrews and Ploberger (1994), Optimal tests when a nuisance parameter is present only under
      the alternative.
    * Bai and Perron (1998), Estimating and testing linear models with multiple structural changes.

    Examples
    --------
    Two years about 10, then two about 20.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([9, 10, 11, 10] * 6 + [19, 20, 21, 20] * 6, index=months)
    >>> found = break_test(y, np.random.default_rng(1), draws=99)
    >>> str(found.last), str(found.date), found.p["sup"] < 0.05
    ('2021-12', '2022-01', True)
    """
    index, values = regular(y, "the series"), numbers(y, "the series", 8)
    n, level, draws = len(values), level_of(level), whole(draws, "draws", 1)
    broken = _beside(np.ones((n, 1)), breaking)
    base, lasts = np.linalg.qr(_design(_beside(broken, fixed), broken.shape[1]))[0], _lasts(n, trim)
    rest = _standard(values - base @ (base.T @ values), values)
    scan = scan_of(base, broken, lasts, memories(n) if memory else independent(n))
    logs = scan.likelihoods(rest[None])
    f = scan.f_of(*logs)
    last = int(lasts[f[0].argmax()])
    own = _without_break(rest, base, broken, last)
    rho = float(own[1:] @ own[:-1] / max(own @ own, 1e-300))
    if memory:
        ends = likely_dates(logs[1][0], lasts, level)
    else:
        ends = _interval(rest, own, base, broken, last, level)
    low, high = (index[end - 1] for end in ends)
    worlds = None if generator is None else _worlds(scan, rest, f, draws, generator)
    p, by_date = _worst(worlds), pd.Series(f[0], index=index[lasts - 1])
    return Break(by_date, index[last - 1], low, high, p, rho, n, _said(ends, lasts), worlds)


def _lasts(n: int, trim: float) -> np.ndarray:
    """Return how many of ``n`` periods the old regime may hold, ``trim`` kept at each end."""
    first = int(trim * n) if isinstance(trim, Real) and 0 < trim < 0.5 else 0
    if first < 2 or n - 2 * first < 1:
        raise InputError(
            f"trim is {trim} with {n} observations: "
            "expected a share below 0.5 that leaves two periods at each end"
        )
    return np.arange(first, n - first + 1)


def _beside(columns: np.ndarray, more: pd.DataFrame | None) -> np.ndarray:
    """Return columns with those of a table to their right."""
    if more is None:
        return columns
    if len(more) != len(columns):
        raise InputError(f"the series has {len(columns)} rows and a table beside it {len(more)}")
    return np.column_stack([columns, design_of(more, len(columns), spare=0)])


def _design(columns: np.ndarray, breaking: int) -> np.ndarray:
    """Return a design that leaves observations for a break of so many coefficients."""
    return design_of(pd.DataFrame(columns), len(columns), spare=2 + breaking)


def _standard(rest: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return residuals over their root mean square: the statistics know no unit."""
    size = float(np.abs(rest).max())
    if size <= 1e-10 * max(float(np.abs(values).max()), 1e-300):
        raise InputError("the series does not vary about its design: there is nothing to break")
    return rest / size / np.sqrt(np.square(rest / size).mean())


def _without_break(rest: np.ndarray, base: np.ndarray, broken: np.ndarray, last: int) -> np.ndarray:
    """Return what the least-squares regression with a break leaves."""
    step = np.where(np.arange(len(rest))[:, None] >= last, broken, 0.0)
    design = np.column_stack([base, step])
    return rest - design @ np.linalg.lstsq(design, rest, rcond=None)[0]


def _said(ends: tuple[int, int], lasts: np.ndarray) -> tuple[str, ...]:
    """Return a warning where the interval of the date holds half of all dates or more."""
    share = (min(ends[1], lasts[-1]) - max(ends[0], lasts[0]) + 1) / len(lasts)
    said = (
        f"the interval of the date holds {100 * share:.0f} % of the dates looked at: "
        "the series does not say when it broke, if it did"
    )
    return (said,) if share >= 0.5 else ()


def _summaries(f: np.ndarray) -> np.ndarray:
    """Return sup-F, ave-F and exp-F (3 by draws)."""
    top = f.max(axis=1)
    return np.array(
        [top, f.mean(axis=1), top / 2 + np.log(np.exp((f - top[:, None]) / 2).mean(axis=1))]
    )


def _worlds(
    scan: Scan, rest: np.ndarray, f: np.ndarray, draws: int, generator: np.random.Generator
) -> pd.DataFrame:
    """Return for each world how plausible it is, and the share of its series with as large an F."""
    drawn, shares = nulls(scan, rest, draws, generator_of(generator))
    seen = _summaries(f)
    hits = {world: (_summaries(scan.f(one)) >= seen).sum(axis=1) for world, one in drawn.items()}
    table = (1 + pd.DataFrame(hits, index=list(NAMES)).T) / (1 + draws)
    return pd.concat([shares, table], axis=1)


def _plausible(worlds: pd.DataFrame) -> pd.DataFrame:
    """Return the worlds that the series does not speak against."""
    return worlds.loc[plausible(worlds["share"].to_dict())]


def _worst(worlds: pd.DataFrame | None) -> dict[str, float] | None:
    """Return the largest p-value among the plausible worlds by statistic."""
    return None if worlds is None else _plausible(worlds)[list(NAMES)].max().to_dict()


def _interval(
    rest: np.ndarray, own: np.ndarray, base: np.ndarray, broken: np.ndarray, last: int, level: float
) -> tuple[int, int]:
    """Return the interval of the last period of the old regime, counted from 1, within the series.

    Errors are taken as independent.
    """
    step = np.where(np.arange(len(rest))[:, None] >= last, broken, 0.0)
    step = step - base @ (base.T @ step)
    jump = broken @ np.linalg.lstsq(step, rest, rcond=None)[0]
    before, after = (
        max(float(np.square(part).mean()), 1e-150) for part in (own[:last], own[last:])
    )
    change = max(float(np.square(jump).mean()), 1e-150)
    low, high = date_interval(last, change, (before, after), level)
    return max(low, 1), min(high, len(rest))
