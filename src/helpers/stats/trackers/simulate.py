"""Worlds in which the truth is planted, for trials of the measurement model.

The figures have the kinds that trackers print: some by month, some by quarter, some by year, of all
families of quantities. The worlds are made without the model, and break what it assumes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.trackers.quantities import FAMILIES, FAMILY, QUANTITIES

ANCHOR = "A"
FIRST, LAST = 2022, 2024
MONTHS = pd.period_range(f"{FIRST}-01", f"{LAST}-12", freq="M")
# Source, quantity, and months of each figure in each of the years; an empty year is not printed.
LAYOUT: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("A", "attacks", (1, 1, 1)),
    ("A", "victims", (3, 1, 1)),
    ("A", "militants", (12, 1, 1)),
    ("B", "attacks", (1, 1, 1)),
    ("B", "civilians", (12, 3, 1)),
    ("B", "security_forces", (12, 3, 1)),
    ("C", "events_state_based", (1, 1, 1)),
    ("C", "events_one_sided", (1, 1, 1)),
    ("C", "deaths_state_based", (1, 1, 1)),
    ("C", "deaths_one_sided", (1, 1, 1)),
    ("D", "attacks", (3, 3, 3)),
    ("D", "attacks_on_forces", (12, 12, 12)),
    ("D", "killed", (3, 3, 3)),
    ("D", "militants_by_state", (12, 12, 12)),
    ("E", "attacks", (12, 12, 12)),
    ("E", "killed_in_attacks", (12, 12, 12)),
    ("E", "attackers", (0, 12, 12)),
    ("E", "operations", (0, 12, 12)),
)
SOURCES = tuple(sorted({source for source, *_ in LAYOUT}))
ATTACKS = 60.0  # a month, in the first year
NOISE = 30.0  # concentration of a figure of one month


@dataclass(frozen=True)
class World:
    """A world with a planted rise of the last year, and what the model does not assume.

    Attributes
    ----------
    name : str
        The world in words.
    ratio : float
        Attacks of the last year over those of the year before, where no month bursts.
    deadlier : float
        The same of the victims per attack.
    shared : float
        Factor by which the nets of two sources both widen with the last year.
    widened : float
        Factor by which the net of one source widens.
    since : str
        The month from which on it does.
    burst : float
        Factor of everything in one month of the last year.
    noisy : float
        Factor of the standard deviation of the noise of one source.

    Examples
    --------
    >>> world = World("flat", ratio=1.0)
    >>> figures, truth = world.draw(np.random.default_rng(1))
    >>> round(truth["attacks"], 3), len(figures)
    (1.0, 343)
    """

    name: str
    ratio: float = 1.6
    deadlier: float = 1.15
    shared: float = 1.0
    widened: float = 1.0
    since: str = f"{LAST}-01"
    burst: float = 1.0
    noisy: float = 1.0

    def draw(self, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, float]]:
        """Return figures of this world, and the true yearly ratios.

        Parameters
        ----------
        rng : numpy.random.Generator
            Where the draws come from.

        Returns
        -------
        figures : pandas.DataFrame
            What :func:`~helpers.stats.trackers.design.design` takes.
        truth : dict of str to float
            Ratio of the last two years of ``attacks``, ``victims`` and ``killed_per_attack``.
        """
        latent = self._latent(rng)
        figures = printed()
        nets = self._nets(rng)
        levels = {pair: rng.normal(0, 0.08) for pair in zip(figures["source"], figures["quantity"])}
        means = []
        for source, quantity, run in zip(figures["source"], figures["quantity"], figures["months"]):
            seen = sum(latent[part] for part in QUANTITIES[quantity])
            seen = seen * nets[source, FAMILY[quantity]] * np.exp(levels[source, quantity])
            means.append(seen[MONTHS.isin(run)].sum())
        noise = NOISE * figures["months"].map(len).to_numpy(float)
        noise[figures["source"] == "B"] /= self.noisy**2
        return figures.assign(value=counts(np.array(means), noise, rng)), _truth(latent)

    def _latent(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Return the intensity of each component by month."""
        last = MONTHS.year == LAST
        attacks = ATTACKS * _wander(0.2, rng)
        for number, factor in zip(range(FIRST, LAST + 1), (1.0, 1.2, 1.2 * self.ratio)):
            inside = MONTHS.year == number
            attacks[inside] *= factor * ATTACKS / attacks[inside].mean()
        per_attack = 1.4 * _wander(0.15, rng) * np.where(last, self.deadlier, 1.0)
        forces = 0.45 + 0.1 * np.sin(np.arange(len(MONTHS)) / 7 + rng.uniform(0, 6))
        militants = 40 * _wander(0.35, rng) * np.where(last, 1.5, 1.0)
        found = {
            "attacks_on_forces": 0.55 * attacks,
            "attacks_on_others": 0.45 * attacks,
            "operations": 0.5 * militants,
            "civilians": attacks * per_attack * (1 - forces),
            "security_forces": attacks * per_attack * forces,
            "attackers": 0.3 * attacks,
            "militants_by_state": militants,
        }
        hit = np.where(MONTHS[-1] - rng.integers(1, 11) == MONTHS, self.burst, 1.0)
        return {name: one * hit for name, one in found.items()}

    def _nets(self, rng: np.random.Generator) -> dict[tuple[str, str], np.ndarray]:
        """Return the coverage of each source and family by month; the first is about one."""
        found = {}
        for source in SOURCES:
            for family in FAMILIES:
                level = 0.0 if source == ANCHOR else rng.normal(-0.2, 0.3)
                drift = rng.normal(0, 0.1, LAST - FIRST + 1)
                found[source, family] = np.exp(level + drift[MONTHS.year.to_numpy() - FIRST])
                if source in "BD":
                    found[source, family][MONTHS.year == LAST] *= self.shared
                if source == "B":
                    found[source, family][pd.Period(self.since, "M") <= MONTHS] *= self.widened
        return found


KINDS: Mapping[str, Mapping[str, float | str]] = {
    "as assumed": {},
    "two nets widen by a quarter": {"shared": 1.25},
    "a month ten-fold": {"burst": 10.0},
    "a net widens by 60 % at new year": {"widened": 1.6},
    "a net widens by 60 % in July": {"widened": 1.6, "since": f"{LAST}-07"},
    "a source five times noisier": {"noisy": 5.0},
}
RISES = {
    "a rise": (1.6, 1.15),
    "no rise": (1.0, 1.0),
    "a trebling": (3.0, 1.15),
    "a fall to a third": (1 / 3, 1.0),
}
WORLDS = tuple(
    World(f"{kind}, {rise}", ratio, deadlier, **what)  # type: ignore[arg-type]
    for kind, what in KINDS.items()
    for rise, (ratio, deadlier) in RISES.items()
)


def printed() -> pd.DataFrame:
    """Return what is printed in these worlds, without the values.

    Returns
    -------
    pandas.DataFrame, one row a figure
        ``source``, ``quantity``, ``unit`` and ``months``.

    Examples
    --------
    >>> printed()["months"].map(len).unique().tolist()
    [1, 3, 12]
    """
    rows = []
    for source, quantity, spans in LAYOUT:
        for number, span in enumerate(spans):
            year = MONTHS[12 * number : 12 * number + 12]
            starts = range(0, 12, span) if span else ()
            rows += [(source, quantity, "", tuple(year[at : at + span])) for at in starts]
    return pd.DataFrame(rows, columns=["source", "quantity", "unit", "months"])


def counts(mean: np.ndarray, size: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return negative-binomial counts.

    Parameters
    ----------
    mean : numpy.ndarray of float
        Expected counts.
    size : numpy.ndarray of float, of the same shape
        Concentration: the variance is ``mean + mean ** 2 / size``.
    rng : numpy.random.Generator
        Where the draws come from.

    Returns
    -------
    numpy.ndarray of float, of the same shape

    Examples
    --------
    >>> drawn = counts(np.full(20_000, 50.0), np.full(20_000, 10.0), np.random.default_rng(1))
    >>> bool(abs(drawn.var() / 300 - 1) < 0.05)
    True
    """
    # A mean beyond all counts would overflow: a prior can draw one.
    drawn = np.minimum(rng.gamma(size, mean / size), 1e15)
    return rng.poisson(drawn).astype(float)


def _wander(scale: float, rng: np.random.Generator) -> np.ndarray:
    """Return a factor by month that comes back to about one, with shocks and a season."""
    found, now = [], 0.0
    for _ in MONTHS:
        now = 0.8 * now + rng.normal(0, 0.5 * scale)
        found.append(now + rng.normal(0, 0.8 * scale))
    wave = 0.1 * np.cos(2 * np.pi * (MONTHS.month.to_numpy() - 5) / 12)
    return np.exp(np.array(found) + wave)


def _truth(latent: Mapping[str, np.ndarray]) -> dict[str, float]:
    def of(quantity: str) -> float:
        monthly = np.sum([latent[part] for part in QUANTITIES[quantity]], axis=0)
        return float(monthly[MONTHS.year == LAST].sum() / monthly[MONTHS.year == LAST - 1].sum())

    attacks = of("attacks")
    return {
        "attacks": attacks,
        "victims": of("victims"),
        "killed_per_attack": of("killed_in_attacks") / attacks,
    }
