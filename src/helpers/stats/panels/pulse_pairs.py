"""Two units of a panel, one over the other: does their ratio pass through a change in windows?

The windows are those of :mod:`helpers.stats.months.pulse`. What moves both units falls out of their
ratio, month by month; what is left is how far the first went its own way while a window lasted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, counts, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.design import Seasons
from helpers.stats.months.interrupted import Interrupted
from helpers.stats.months.memory import fit_memory_counts, fit_memory_ratio
from helpers.stats.months.pulse import Controls, Window, pulse_design
from helpers.stats.panels.pairs import InRatio, Pair, PairWorld
from helpers.stats.trust.power import World
from helpers.stats.trust.worlds import plausible_noise


def pulse_ratio(
    series: pd.Series,
    comparison: pd.Series,
    windows: Window | Sequence[Window],
    *,
    steps: When | Iterable[When] = (),
    harmonics: Seasons = 2,
    order: int = 1,
    controls: Controls = None,
) -> Estimate:
    """Return by what factor the ratio of two series differs in windows from what is expected.

    Parameters
    ----------
    series, comparison : pandas.Series of int, shape (n,), same regular index
        Counts.
    windows : pair of dates or sequence of pairs
        First and last period of each window, both included. All share one factor.
    steps, harmonics, order, controls
        Of the ratio, as of :func:`helpers.stats.months.pulse.pulse`.

    Returns
    -------
    Estimate
        A ratio of rate ratios with interval and two-sided p-value against 1.

    Raises
    ------
    InputError
        The two have other periods, the comparison counts nothing in the windows or outside, or as
        of :func:`helpers.stats.months.pulse.pulse`.

    Examples
    --------
    Both rise in the spring of 2022, the first to twice as much.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> other = pd.Series([90, 100, 110, 100] * 12, months)
    >>> y = other + [5, 0, 2] * 16
    >>> other["2022-03":"2022-05"] *= 3
    >>> y["2022-03":"2022-05"] *= 6
    >>> round(pulse_ratio(y, other, ("2022-03", "2022-05"), harmonics=0, order=0).value, 1)
    2.0
    """
    clean, other = (
        pd.Series(counts(one, name, 4), index=regular(one, name))
        for one, name in ((series, "the series"), (comparison, "the comparison"))
    )
    if not clean.index.equals(other.index):
        raise InputError("the series and the comparison do not run over the same periods")
    terms: dict[str, Any] = {"steps": steps, "harmonics": harmonics, "order": order}
    design = pulse_design(clean.index, windows, **terms, controls=controls)
    within = design["window"] != 0
    if not (other[within].any() and other[~within].any()):
        raise InputError(
            "the comparison counts no event in the windows, or none outside: nothing to compare "
            "with; take a comparison that counts more"
        )
    fit, offset = fit_memory_ratio(clean, other, design), np.log(other.to_numpy() + 0.5)
    return Interrupted(clean, design, fit, ("window",), offset=offset, comparison=other).effect()


@dataclass(frozen=True)
class PulseInRatio(InRatio):
    """The test of :func:`pulse_ratio`, for one pair or for many at once.

    Attributes
    ----------
    windows : pair of dates or sequence of pairs
        First and last period of each window.
    steps : date or sequence of dates
        First period of each lasting change of the ratio.
    harmonics : int or "dummies"
        Seasons.
    order : int
        Order of the trend.
    controls : pandas.DataFrame or pandas.Series of float, optional
        Further columns, with a row for each period.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> other = pd.Series([90, 110] * 24, months)
    >>> y = other + [5, 0, 2, 9] * 12
    >>> y["2022-03":"2022-05"] *= 2
    >>> test = PulseInRatio(("2022-03", "2022-05"), harmonics=0)
    >>> alone, (together,) = test((y, other), np.random.default_rng(1)), test.many([(y, other)])
    >>> round(alone.value, 1), round(alone.p - together.p, 6)
    (2.0, 0.0)
    """

    windows: Window | Sequence[Window]
    steps: When | Sequence[When] = ()
    harmonics: Seasons = 2
    order: int = 1
    controls: Controls = field(default=None, compare=False)  # tables have no one truth value

    def __call__(self, pair: Pair, generator: np.random.Generator) -> Estimate:
        """Return the ratio of rate ratios in one pair; the generator is not used."""
        return pulse_ratio(*pair, self.windows, **self._form)

    def design(self, index: pd.PeriodIndex) -> pd.DataFrame:
        """Return the columns of the regression, the windows first.

        Parameters
        ----------
        index : pandas.PeriodIndex, shape (n,)
            Periods of a pair.

        Returns
        -------
        pandas.DataFrame of float, shape (n, k), PeriodIndex

        Examples
        --------
        >>> months = pd.period_range("2024-01", periods=3, freq="M")
        >>> PulseInRatio(("2024-02", "2024-02"), harmonics=0).design(months)["window"].tolist()
        [0.0, 1.0, 0.0]
        """
        return pulse_design(index, self.windows, **self._form)

    @property
    def _form(self) -> dict[str, Any]:
        names = ("steps", "harmonics", "order", "controls")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class PulseWorld(World):
    """A series of counts as it might have been, with an effect in windows alone.

    Attributes
    ----------
    means : pandas.Series of float, shape (n,), PeriodIndex
        Expected counts a period without an effect.
    noise : Noise or Walk
        Noise about them.
    at : pandas.Period
        First period of the first window.
    inside : numpy.ndarray of bool, shape (n,)
        True in a window.
    """

    inside: np.ndarray

    def draw(self, ratio: float, generator: np.random.Generator) -> pd.Series:
        """Return one series of counts.

        Parameters
        ----------
        ratio : float
            Factor of the means in the windows, at least 0; 1 for no effect.
        generator : numpy.random.Generator
            Source of the counts.

        Returns
        -------
        pandas.Series of float, shape (n,), PeriodIndex
            Counts a period.

        Examples
        --------
        >>> from helpers.stats.months.noise import Noise
        >>> months = pd.period_range("2024-01", periods=3, freq="M")
        >>> means, inside = pd.Series(1000.0, months), np.array([False, True, False])
        >>> world = PulseWorld(means, Noise(0.0, 0.1), months[1], inside)
        >>> world.draw(0.0, np.random.default_rng(1)).gt(500).tolist()
        [True, False, True]
        """
        means = np.where(self.inside, ratio, 1.0) * self.means.to_numpy()
        return pd.Series(self.noise.draw(means, 1, generator)[0], index=self.means.index)


def pulse_worlds(
    series: pd.Series, test: PulseInRatio, generator: np.random.Generator
) -> dict[str, PulseWorld]:
    """Return the worlds that a series may come from, each fitted to it, without the windows.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), regular index
        Counts.
    test : PulseInRatio
        Its windows get the effect; its other terms are kept in the means.
    generator : numpy.random.Generator
        Source of the series by which the bias of the noise is found.

    Returns
    -------
    dict of str to PulseWorld
        By the names of :func:`helpers.stats.trust.worlds.plausible_worlds`.

    Raises
    ------
    InputError
        As of :func:`helpers.stats.trust.worlds.plausible_noise`.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> test = PulseInRatio(("2022-03", "2022-05"), harmonics=0)
    >>> worlds = pulse_worlds(pd.Series([80, 130] * 24, months), test, np.random.default_rng(1))
    >>> str(worlds["AR(1)"].at), int(worlds["AR(1)"].inside.sum())
    ('2022-03', 3)
    """
    index = regular(series, "the series")
    design = test.design(index)
    inside, base = design["window"].to_numpy() != 0, design.drop(columns="window")
    logs = base.to_numpy() @ fit_memory_counts(series, base).params.to_numpy()
    noises = plausible_noise(series, base, generator)
    means, first = pd.Series(np.exp(logs), index), index[inside][0]
    return {name: PulseWorld(means, noise, first, inside) for name, noise in noises.items()}


def pulse_pair_worlds(
    series: pd.Series, comparison: pd.Series, test: PulseInRatio, generator: np.random.Generator
) -> dict[str, PairWorld]:
    """Return the worlds that a pair may come from, the effect in the first series alone.

    Parameters
    ----------
    series, comparison : pandas.Series of int, shape (n,), same regular index
        Counts.
    test : PulseInRatio
        As of :func:`pulse_worlds`.
    generator : numpy.random.Generator
        Source of the series by which the bias of the noise is found.

    Returns
    -------
    dict of str to PairWorld
        By the names of :func:`pulse_worlds`.

    Raises
    ------
    InputError
        As of :func:`pulse_worlds`.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y, test = pd.Series([80, 130] * 24, months), PulseInRatio(("2022-03", "2022-05"))
    >>> list(pulse_pair_worlds(y, 2 * y, test, np.random.default_rng(1)))
    ['AR(1)', 'AR(1) plus noise', 'random walk']
    """
    first, other = (pulse_worlds(one, test, generator) for one in (series, comparison))
    return {name: PairWorld(first[name], other[name]) for name in first}
