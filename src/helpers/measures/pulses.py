"""Whether two places part for a while after dated events, and what could have been found.

The estimate is the factor of the windows in the ratio of the two series
(:class:`helpers.stats.panels.pulse_pairs.PulseInRatio`). Beside it stand its rank among windows
elsewhere, the size of its test in the worst of the plausible worlds, and its power.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.stats.estimate import Estimate
from helpers.stats.months.pulse import pulse_rank
from helpers.stats.panels.pairs import PairWorld
from helpers.stats.panels.pulse_pairs import PulseInRatio, pulse_pair_worlds
from helpers.stats.trust.power import Detectable, detectable, power_curve
from helpers.stats.trust.worlds import Size, worst_size

PLANTED = (0.03, 0.06, 0.12, 0.25, 0.5, 0.75, 1.0, 1.1, 1.5, 2.0, 4.0, 8.0, 16.0)
NOISY = "AR(1) plus noise"  # the world in which power is measured
FORMATS = {
    **dict.fromkeys(("ratio", "low", "high", "p", "rank_p"), "{:.2f}"),
    **dict.fromkeys(("worst_size", "power_at_2"), "{:.3f}"),
    **dict.fromkeys(("detectable_fall", "detectable_rise"), "{:.1f}"),
}


@dataclass(frozen=True)
class PairPulse:
    """The ratio of two places in windows.

    Attributes
    ----------
    name : str
        The ratio, in words.
    pulse : Estimate
        By what factor the ratio differs in the windows.
    rank : Estimate
        The same with the rank of the windows among windows elsewhere.
    worlds : dict of str to PairWorld
        Pairs without an effect.
    size : Size
        How often the test finds one in them.
    curve : pandas.DataFrame
        Columns ``effect`` and ``power``.
    """

    name: str
    pulse: Estimate
    rank: Estimate
    worlds: dict[str, PairWorld]
    size: Size
    curve: pd.DataFrame

    @property
    def detectable(self) -> Detectable:
        """The ratios nearest to one, below and above, that are found four times in five."""
        return detectable(self.curve)

    def power(self, effect: float) -> float:
        """Return the share of worlds with a planted ratio in which the test finds it.

        Parameters
        ----------
        effect : float
            One of :data:`PLANTED`.

        Returns
        -------
        float
            A share, 0 to 1.
        """
        return float(self.curve.set_index("effect")["power"][effect])

    def beside(self) -> dict[str, float | str]:
        """Return the numbers and words that weigh the estimate, by name; unknown ones left out.

        Returns
        -------
        dict of str to float or str
            ``p``, ``placebo_p``, ``size``, ``worst_world``, ``power`` (at a rise by a tenth),
            ``power_at_2`` and the detectable ratios.
        """
        every = {
            "p": self.pulse.p,
            "placebo_p": self.rank.p,
            "size": self.size.share,
            "worst_world": self.size.worst,
            "power": self.power(1.1),
            "power_at_2": self.power(2.0),
            "detectable_fall": self.detectable.below,
            "detectable_rise": self.detectable.above,
        }
        return {name: value for name, value in every.items() if value is not None}


def pair_pulse(
    series: pd.Series,
    comparison: pd.Series,
    test: PulseInRatio,
    generator: np.random.Generator,
    *,
    name: str,
    apart: bool = False,
    simulated: int = 200,
) -> PairPulse:
    """Return whether the ratio of two monthly series moved in windows, and what weighs the answer.

    Parameters
    ----------
    series, comparison : pandas.Series of int, shape (n,), PeriodIndex without gaps
        Counts.
    test : PulseInRatio
        The windows, and the model of the ratio.
    generator : numpy.random.Generator
        Source of the places and of the simulated series.
    name : str
        The ratio, in words.
    apart : bool, default False
        Whether each window is dealt out by itself, as of
        :func:`helpers.stats.months.pulse.pulse_rank`.
    simulated : int, default 200
        Pairs of each plausible world and of each planted ratio.

    Returns
    -------
    PairPulse

    Raises
    ------
    InputError
        As of :func:`helpers.stats.panels.pulse_pairs.pulse_ratio`.

    Examples
    --------
    >>> months = pd.period_range("2019-01", periods=60, freq="M")
    >>> other = pd.Series([8, 13, 10] * 20, months)
    >>> y, test = other + [1, 0, 2, 0] * 15, PulseInRatio(("2021-03", "2021-08"), harmonics=0)
    >>> about = {"name": "y", "simulated": 2}
    >>> found = pair_pulse(y, other, test, np.random.default_rng(1), **about)
    >>> found.pulse.low < 1 < found.pulse.high
    True
    """
    form = {one: getattr(test, one) for one in ("steps", "harmonics", "order", "controls")}
    about: dict[str, Any] = form | {"comparison": comparison, "apart": apart}
    worlds = pulse_pair_worlds(series, comparison, test, generator)
    return PairPulse(
        name,
        test((series, comparison), generator),
        pulse_rank(series, test.windows, generator, **about),
        worlds,
        worst_size(test, worlds, generator, series=simulated),
        power_curve(test, worlds[NOISY].draw, PLANTED, generator, series=simulated),
    )


def table(found: Iterable[PairPulse]) -> pd.DataFrame:
    """Return ratios one below the other, missing numbers as NaN.

    Parameters
    ----------
    found : iterable of PairPulse
        At least one.

    Returns
    -------
    pandas.DataFrame
        A row a ratio; :data:`FORMATS` says how each column is shown.
    """
    rows = []
    for one in found:
        beside: dict[str, Any] = {"detectable_fall": np.nan, "detectable_rise": np.nan}
        beside |= one.beside()
        row = {"ratio_of": one.name, "ratio": one.pulse.value}
        row |= {"low": one.pulse.low, "high": one.pulse.high, "p": one.pulse.p}
        row |= {"rank_p": one.rank.p, "worst_size": one.size.share, "worst_world": one.size.worst}
        row |= {key: beside[key] for key in ("power_at_2", "detectable_fall", "detectable_rise")}
        rows.append(row)
    return pd.DataFrame(rows)


def standing(found: dict[str, Estimate], name: str) -> Estimate:
    """Return one unit's ratio with its rank among all that were taken for it.

    Parameters
    ----------
    found : dict of str to Estimate
        Ratios with p-values, by unit.
    name : str
        The unit that the claim names.

    Returns
    -------
    Estimate
        Its ratio; p is the share of units, itself among them, whose p-value is no larger, and
        ``n`` counts the units. A rank gives no interval.

    Examples
    --------
    >>> found = {"a": Estimate(2.0, p=0.02), "b": Estimate(0.9, p=0.6), "c": Estimate(1.1, p=0.8)}
    >>> round(standing(found, "a").p, 3), round(standing(found, "b").p, 3)
    (0.333, 0.667)
    """
    p = np.array([one.p for one in found.values()], dtype="float64")
    own = found[name]
    rank = float((p <= float(own.p or 0.0)).sum() / len(p))
    return Estimate(own.value, None, None, rank, len(p), f"rank among {len(p)} units")
