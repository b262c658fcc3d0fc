"""Whether places grew the more, the further along a line they lie, where neighbours move together.

Each place has a count before and one after. Given their sum, the share that comes after needs no
level of the place: that is a Poisson model with an effect for each place. What scatters beyond
chance is measured, and the test flips the signs of whole blocks of places, so that what neighbours
share stays shared. Where they share more than a block holds, that rejects too often; so the test is
tried in worlds without a gradient, and its p-value read against those of the worst.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, whole
from helpers.stats.estimate import Estimate

LEVEL = 0.95
WIDEST = 7.0  # on the log scale: a factor of a thousand for each unit
STEPS = 20
KILOMETRES = {
    "no neighbour alike": 0.0,
    "alike within 50 km": 50.0,
    "alike within 100 km": 100.0,
}
NEXT = 75.0  # km between the middles of cells of half a degree that touch, at most
RADIUS = 6371.0  # of the earth, km


@dataclass(frozen=True)
class Gradient:
    """The test of a gradient of growth over places.

    Attributes
    ----------
    along : pandas.Series of float, shape (n_places,)
        Where each place lies, such as how near to a border, in the unit of the answer.
    blocks : pandas.Series, index of ``along``
        The block of each place: what is shared within one is not taken for evidence.
    draws : int, default 1999
        Random signs of the blocks.
    interval : bool, default True
        Whether to invert the test for an interval, which simulations do without.
    reference : numpy.ndarray of float, shape (n_worlds,), optional
        p-values by signs in worlds without a gradient, see :func:`calibrated`; the answer's p-value
        is then its rank among them.

    Examples
    --------
    Counts double with each unit.

    >>> along = pd.Series(np.linspace(0, 4, 40))
    >>> places = pd.DataFrame({"before": 50, "after": (50 * 2**along).round()})
    >>> test = Gradient(along, pd.Series(np.arange(40) // 2))
    >>> found = test(places, np.random.default_rng(1))
    >>> round(found.value, 2), found.p
    (2.0, 0.0005)
    """

    along: pd.Series
    blocks: pd.Series
    draws: int = 1999
    interval: bool = True
    reference: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)

    def __post_init__(self) -> None:
        whole(self.draws, "draws", 19)
        if not self.blocks.index.equals(self.along.index):
            raise InputError("the blocks are not of the places that lie along the line")
        if not np.isfinite(self.along.to_numpy(float)).all() or self.along.nunique() < 2:
            raise InputError("expected places at two or more known distances along the line")
        if self.blocks.nunique() < 6:
            raise InputError(
                f"{self.blocks.nunique()} blocks: with fewer than 6 no test by blocks can reject"
            )

    def __call__(self, places: pd.DataFrame, generator: np.random.Generator) -> Estimate:
        """Return the ratio of growth for each unit along the line.

        Parameters
        ----------
        places : pandas.DataFrame of int, index of ``along``
            Columns ``before`` and ``after``; a place without any count tells nothing.
        generator : numpy.random.Generator
            Draws the signs.

        Returns
        -------
        Estimate
            Above 1 where places further along grew more; ``n`` counts those that were used.

        Raises
        ------
        InputError
            Other places, no counts, or nothing counted before or after.
        """
        fit, labels = self._fitted(places)
        signs = generator_of(generator).choice([-1.0, 1.0], (self.draws, labels.max() + 1))
        p = self._rank(fit.chance(0.0, labels, signs))
        low, high = (self._end(fit, labels, signs, side) for side in (-1, 1))
        words = f"share after by distance, overdispersion {fit.rho:.2f}, signs of blocks"
        return Estimate(float(np.exp(fit.slope)), low, high, p, len(fit.x), words)

    def alike(self, places: pd.DataFrame, points: pd.DataFrame) -> float:
        """Return how alike neighbours are in what the gradient leaves unexplained.

        Parameters
        ----------
        places : pandas.DataFrame
            As for a call.
        points : pandas.DataFrame, index of ``along``
            ``latitude`` and ``longitude`` in degrees.

        Returns
        -------
        float
            Correlation of the residuals of places at most :data:`NEXT` km apart (Moran's I).
        """
        fit, _ = self._fitted(places)
        used = places["before"] + places["after"] > 0
        away, residuals = kilometres(points[used], points[used]), fit.residuals()
        near, apart = (away > 0) & (away <= NEXT), residuals - residuals.mean()
        return float(np.outer(apart, apart)[near].mean() / (apart**2).mean())

    def shares(self, places: pd.DataFrame, along: np.ndarray) -> np.ndarray:
        """Return the fitted share of counts that come after.

        Parameters
        ----------
        places : pandas.DataFrame
            As for a call.
        along : numpy.ndarray of float, shape (n,)
            Where along the line.

        Returns
        -------
        numpy.ndarray of float, shape (n,)
            0 to 1.
        """
        fit, _ = self._fitted(places)
        return _expit(fit.level + fit.slope * np.asarray(along, dtype=float))

    def scatter(self, places: pd.DataFrame) -> float:
        """Return the overdispersion: the correlation of two deaths of one place.

        Parameters
        ----------
        places : pandas.DataFrame
            As for a call.

        Returns
        -------
        float
            0 for independent counts, 1 where a place has all before or all after.
        """
        return self._fitted(places)[0].rho

    def _fitted(self, places: pd.DataFrame) -> tuple["_Fit", np.ndarray]:
        if not places.index.equals(self.along.index):
            raise InputError("the counts are not of the places that lie along the line")
        counts = places[["before", "after"]].to_numpy(float)
        if not np.isfinite(counts).all() or (counts < 0).any() or (counts % 1).any():
            raise InputError("expected whole numbers of at least 0 before and after")
        if (counts.sum(axis=0) == 0).any():
            raise InputError("nothing is counted before, or nothing after: no growth can be told")
        used = counts.sum(axis=1) > 0
        x = self.along.to_numpy(float)[used]
        labels = pd.factorize(self.blocks[used])[0]
        return _Fit.of(counts[used, 1], counts[used].sum(axis=1), x), labels

    def _rank(self, p: float) -> float:
        """Return a p-value by signs as a share of the worlds that have as small a one."""
        known = self.reference
        return float((1 + (known <= p).sum()) / (1 + len(known))) if len(known) else p

    def _end(self, fit: "_Fit", labels: np.ndarray, signs: np.ndarray, side: int) -> float | None:
        """Return the last slope on one side that the test does not reject, as a ratio."""
        if not self.interval:
            return None
        inside, outside = 0.0, WIDEST

        def held(slope: float) -> bool:
            return self._rank(fit.chance(slope, labels, signs)) > 1 - LEVEL

        if held(fit.slope + side * outside):
            return np.inf if side > 0 else 0.0
        for _ in range(STEPS):
            middle = (inside + outside) / 2
            within = held(fit.slope + side * middle)
            inside, outside = (middle, outside) if within else (inside, middle)
        return float(np.exp(fit.slope + side * inside))


@dataclass(frozen=True)
class Places:
    """Places whose counts may be drawn anew, with growth that neighbours share.

    Attributes
    ----------
    total : pandas.Series of int, shape (n_places,)
        Counts before and after together, kept as they are.
    along : pandas.Series of float
        As of :class:`Gradient`.
    share : float
        Of all counts, those after.
    rho : float
        Overdispersion, as of :meth:`Gradient.scatter`.
    root : numpy.ndarray, shape (n_places, n_places)
        Square root of the correlation of their growth.
    """

    total: pd.Series
    along: pd.Series
    share: float
    rho: float
    root: np.ndarray

    def draw(self, ratio: float, generator: np.random.Generator) -> pd.DataFrame:
        """Return counts of the places, with a gradient of known size.

        Parameters
        ----------
        ratio : float
            Ratio of growth for each unit along the line; 1 for none.
        generator : numpy.random.Generator
            Source of the counts.

        Returns
        -------
        pandas.DataFrame
            Columns ``before`` and ``after``.
        """
        from scipy.special import expit, logit, ndtr
        from scipy.stats import beta

        x, n = self.along.to_numpy(float), self.total.to_numpy(int)
        middle = float(np.average(x, weights=n))
        mean = expit(logit(self.share) + np.log(ratio) * (x - middle))
        alike = ndtr(self.root @ generator.standard_normal(len(x)))
        strength = (1 - self.rho) / self.rho
        chance = beta.ppf(alike, mean * strength, (1 - mean) * strength)
        after = generator.binomial(n, np.clip(chance, 0, 1))
        return pd.DataFrame({"before": n - after, "after": after}, self.total.index)


def worlds(test: Gradient, places: pd.DataFrame, points: pd.DataFrame) -> dict[str, Places]:
    """Return the worlds without a gradient that the counts may come from.

    Parameters
    ----------
    test : Gradient
        The test.
    places : pandas.DataFrame
        Columns ``before`` and ``after``.
    points : pandas.DataFrame, index of ``places``
        ``latitude`` and ``longitude`` in degrees.

    Returns
    -------
    dict of str to Places
        By how far neighbours grow alike (:data:`KILOMETRES`): the correlation of their growth
        falls by a factor of e over that distance.

    Examples
    --------
    >>> points = pd.DataFrame({"latitude": np.linspace(24, 36, 40), "longitude": 70.0})
    >>> places = pd.DataFrame({"before": [3, 9, 5, 7] * 10, "after": [8, 1, 6, 4] * 10})
    >>> test = Gradient(points["latitude"], pd.Series(np.arange(40) // 4))
    >>> list(worlds(test, places, points))[0]
    'no neighbour alike'
    """
    away, total = kilometres(points, points), places["before"] + places["after"]
    share, rho = float(places["after"].sum() / total.sum()), test.scatter(places)
    found = {}
    for name, reach in KILOMETRES.items():
        alike = np.exp(-away / reach) if reach else np.eye(len(away))
        root = np.linalg.cholesky(alike + 1e-9 * np.eye(len(away)))
        found[name] = Places(total, test.along, share, min(max(rho, 0.001), 0.999), root)
    return found


def calibrated(
    test: Gradient, found: Mapping[str, Places], generator: np.random.Generator, draws: int = 300
) -> Gradient:
    """Return the test with its p-values read against those in the worst of some worlds.

    Parameters
    ----------
    test : Gradient
        The test by signs of blocks.
    found : mapping of str to Places
        Worlds, as of :func:`worlds`.
    generator : numpy.random.Generator
        Draws them.
    draws : int, default 300
        Of each world.

    Returns
    -------
    Gradient
        With the ``reference`` of the world in which the test rejects most often at 5 %.

    Raises
    ------
    InputError
        No world was given, or fewer than 19 draws.

    Examples
    --------
    >>> points = pd.DataFrame({"latitude": np.linspace(24, 36, 40), "longitude": 70.0})
    >>> places = pd.DataFrame({"before": [3, 9, 5, 7] * 10, "after": [8, 1, 6, 4] * 10})
    >>> test = Gradient(points["latitude"], pd.Series(np.arange(40) // 4), draws=99)
    >>> strict = calibrated(test, worlds(test, places, points), np.random.default_rng(1), 20)
    >>> len(strict.reference)
    20
    """
    times, plain = whole(draws, "draws", 19), replace(test, interval=False, reference=np.empty(0))
    if not found:
        raise InputError("no world was given: expected at least one")
    known = [
        np.array([plain(world.draw(1.0, generator), generator).p for _ in range(times)])
        for world in found.values()
    ]
    return replace(test, reference=max(known, key=lambda p: (p <= 1 - LEVEL).sum()))


def kilometres(points: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    """Return the distances between points on the sphere.

    Parameters
    ----------
    points, others : pandas.DataFrame
        ``latitude`` and ``longitude`` in degrees.

    Returns
    -------
    numpy.ndarray of float, shape (n_points, n_others)
        Kilometres.

    Examples
    --------
    A degree along a meridian.

    >>> points = pd.DataFrame({"latitude": [30.0, 31.0], "longitude": 70.0})
    >>> kilometres(points, points).round(1).tolist()
    [[0.0, 111.2], [111.2, 0.0]]
    """
    y, x = np.radians(points[["latitude", "longitude"]].to_numpy(float).T)[:, :, None]
    v, u = np.radians(others[["latitude", "longitude"]].to_numpy(float).T)
    half = np.sin((y - v) / 2) ** 2 + np.cos(y) * np.cos(v) * np.sin((x - u) / 2) ** 2
    return np.asarray(2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


@dataclass(frozen=True)
class _Fit:
    """Shares after by distance: logits linear in it, weights by Williams' moments."""

    after: np.ndarray
    total: np.ndarray
    x: np.ndarray
    level: float
    slope: float
    rho: float

    @classmethod
    def of(cls, after: np.ndarray, total: np.ndarray, x: np.ndarray) -> "_Fit":
        rho, level, slope = 0.0, 0.0, 0.0
        for _ in range(12):  # weights and fit in turn, until the scatter is what was assumed
            weights = 1 / (1 + (total - 1) * rho)
            level, slope = _newton(after, total, x, weights, (level, slope))
            before, rho = rho, _overdispersion(after, total, _expit(level + slope * x))
            if abs(rho - before) < 1e-4:
                break
        return cls(after, total, x, level, slope, rho)

    def residuals(self) -> np.ndarray:
        """Return what is unexplained, over its standard deviation."""
        mean = _expit(self.level + self.slope * self.x)
        variance = self.total * mean * (1 - mean) * (1 + (self.total - 1) * self.rho)
        return np.asarray((self.after - self.total * mean) / np.sqrt(variance))

    def chance(self, slope: float, labels: np.ndarray, signs: np.ndarray) -> float:
        """Return the p-value of a slope: how often random signs of blocks give as large a score."""
        weights = 1 / (1 + (self.total - 1) * self.rho)
        level = _newton(self.after, self.total, self.x, weights, (self.level, slope), fixed=True)[0]
        mean = _expit(level + slope * self.x)
        weight = weights * self.total * mean * (1 - mean)
        centred = self.x - np.average(self.x, weights=weight + 1e-12)
        parts = np.bincount(labels, weights * (self.after - self.total * mean) * centred)
        beyond = np.abs(signs @ parts) >= abs(parts.sum()) - 1e-9
        return float((1 + beyond.sum()) / (1 + len(signs)))


def _expit(logit: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def _newton(
    after: np.ndarray,
    total: np.ndarray,
    x: np.ndarray,
    weights: np.ndarray,
    start: tuple[float, float],
    fixed: bool = False,
) -> tuple[float, float]:
    """Return level and slope of largest weighted likelihood, the slope held where it is fixed."""
    middle, scale = float(x.mean()), float(x.std()) or 1.0  # far from 0 the steps would overshoot
    z, slope = (x - middle) / scale, start[1] * scale
    level = start[0] + start[1] * middle
    if fixed:  # a start that fits: the level at which the shares are right in the middle
        level = float(np.log(after.sum() / (total - after).sum()))
    for _ in range(50):
        mean = _expit(level + slope * z)
        gap, weight = weights * (after - total * mean), weights * total * mean * (1 - mean) + 1e-12
        a, b, c = weight.sum(), weight @ z, weight @ z**2
        u, v = gap.sum(), gap @ z
        shape = a * c - b * b
        step = (u / a, 0.0) if fixed else ((c * u - b * v) / shape, (a * v - b * u) / shape)
        step = float(np.clip(step[0], -2, 2)), float(np.clip(step[1], -2, 2))
        level, slope = level + step[0], slope + step[1]
        if max(map(abs, step)) < 1e-9:
            break
    return float(level - slope / scale * middle), float(slope / scale)


def _overdispersion(after: np.ndarray, total: np.ndarray, mean: np.ndarray) -> float:
    """Return the correlation within places at which Pearson's sum is its degrees of freedom."""
    square = (after - total * mean) ** 2 / np.maximum(total * mean * (1 - mean), 1e-12)

    def excess(rho: float) -> float:
        return float((square / (1 + (total - 1) * rho)).sum() - (len(total) - 2))

    low, high = 0.0, 1.0
    if excess(low) <= 0 or excess(high) >= 0:
        return low if excess(low) <= 0 else high
    for _ in range(20):  # to a millionth
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
