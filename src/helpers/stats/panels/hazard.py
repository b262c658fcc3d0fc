"""The hazard that a unit's life ends in a period, period by period.

A complementary log-log regression of whether a period is the last: the discrete form of
proportional hazards, so that e to a coefficient is a ratio of hazards (Prentice and Gloeckler
1978). Lives that have not ended when the watch does are censored there. Errors leave out a cluster
at a time. Beside it stands Cox's regression, which leaves the course of the hazard over age open.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import (
    columns_of,
    design_of,
    generator_of,
    level_of,
    numbers,
    positive,
    whole,
)
from helpers.stats.estimate import Estimate, wald_ratio
from helpers.stats.panels.jackknife import jackknife_error
from helpers.stats.panels.within_units import conditional_poisson

ROUNDS, CLOSE, LONGEST = 60, 1e-9, 1.0  # of Fisher's scoring
FARTHEST = 30.0  # logarithm of a hazard beyond which it is none or certain
FRAILTY, SHARED = 0.7, 0.6  # standard deviations of logarithms of hazards


@dataclass(frozen=True)
class Hazard:
    """Periods at risk, ready to be asked for a ratio; made by :func:`hazard_of`.

    Attributes
    ----------
    index : pandas.Index
        Labels of the rows, in the order of the arrays.
    design : numpy.ndarray of float, shape (n, k)
        The term that is asked for, other terms, and a constant.
    clusters : numpy.ndarray of int, shape (n,)
        Of each row, in order.
    """

    index: pd.Index
    design: np.ndarray
    clusters: np.ndarray

    def __call__(self, ended: pd.Series, generator: np.random.Generator) -> Estimate:
        """Return the ratio, as a test that can be tried in worlds; the generator is not used."""
        return self.ratio(ended)

    def ratio(self, ended: pd.Series, level: float = 0.95) -> Estimate:
        """Return the hazard where the term is one as a multiple of where it is zero.

        Parameters
        ----------
        ended : pandas.Series, shape (m,)
            One where a period is the last, else zero, under the labels of the table; NaN where the
            unit is not at risk.
        level : float, default 0.95
            Coverage of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            Ratio of hazards; ``n`` is the number of periods at risk.

        Raises
        ------
        InputError
            An entry is neither zero nor one, or the ends determine no ratio.

        Examples
        --------
        Of four units with the term one ends, of four without it three do.

        >>> import math
        >>> rows = pd.DataFrame({"unit": list("abcdefgh"), "on": [1] * 4 + [0] * 4})
        >>> watch = hazard_of(rows, ["on"], cluster="unit")
        >>> found = watch.ratio(pd.Series([1, 0, 0, 0, 1, 1, 1, 0]))
        >>> round(found.value, 3), round(math.log(1 - 1 / 4) / math.log(1 - 3 / 4), 3)
        (0.208, 0.208)
        """
        asked = ended.reindex(self.index)
        here = asked.notna().to_numpy()
        values = numbers(asked[here], "ends", 2)
        if not np.isin(values, (0, 1)).all():
            raise InputError("the ends hold something other than 0 and 1")
        design, clusters = self.design[here], self.clusters[here]
        point, scores, curvature = _scored(design, values)
        error = jackknife_error(scores, curvature, clusters)
        groups = len(np.unique(clusters))
        words = f"complementary log-log, jackknife of {groups} clusters"
        return wald_ratio(
            float(point[0]),
            error,
            len(values),
            words,
            level=level_of(level),
            degrees=groups - 1,
        )

    def expected(self, ended: pd.Series) -> pd.Series:
        """Return the fitted chance that a period is the last, were the term asked for of no effect.

        Parameters
        ----------
        ended : pandas.Series, shape (m,)
            As of :meth:`ratio`, without NaN.

        Returns
        -------
        pandas.Series of float, shape (n,)
            Chances, 0 to 1, under the labels of the rows.

        Examples
        --------
        >>> rows = pd.DataFrame({"unit": list("abcd"), "on": [1, 1, 0, 0]})
        >>> watch = hazard_of(rows, ["on"], cluster="unit")
        >>> watch.expected(pd.Series([1, 0, 0, 0])).round(3).tolist()
        [0.25, 0.25, 0.25, 0.25]
        """
        values = numbers(ended.reindex(self.index), "ends", 2)
        others = self.design[:, 1:]
        point, *_ = _scored(others, values)
        return pd.Series(1 - np.exp(-np.exp(others @ point)), self.index)


def hazard_of(table: pd.DataFrame, terms: Sequence[str], *, cluster: str) -> Hazard:
    """Return periods at risk, to be compared by a term.

    Parameters
    ----------
    table : pandas.DataFrame, one row a unit and period at risk
        Without missing values.
    terms : sequence of str
        Columns of numbers; the ratio of the first is wanted.
    cluster : str
        Column of labels: within it rows hang together.

    Returns
    -------
    Hazard

    Raises
    ------
    InputError
        A column is missing, or a term is the sum of others.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": list("bac"), "on": [0, 1, 1]})
    >>> hazard_of(rows, ["on"], cluster="unit").index.tolist()
    [1, 0, 2]
    """
    rows = columns_of(table, dict.fromkeys([*terms, cluster]), "the periods at risk")
    rows = rows.sort_values(cluster, kind="stable")
    design = design_of(rows[list(terms)].astype("float64").assign(const=1.0), len(rows))
    return Hazard(rows.index, design, pd.factorize(rows[cluster])[0])


def cox_ratio(
    table: pd.DataFrame,
    terms: Sequence[str],
    generator: np.random.Generator,
    *,
    age: str,
    ended: str,
    cluster: str,
    draws: int = 199,
) -> Estimate:
    """Return the same ratio by Cox's partial likelihood: units are compared at the same age.

    Parameters
    ----------
    table : pandas.DataFrame, one row a unit and period at risk
        Without missing values.
    terms : sequence of str
        Columns of numbers; the ratio of the first is wanted.
    generator : numpy.random.Generator
        Draws the clusters.
    age : str
        Column of whole numbers from 1 on: the period of a unit's life.
    ended, cluster : str
        Columns as of :class:`Hazard`.
    draws : int, default 199
        How often clusters are drawn anew for the error.

    Returns
    -------
    Estimate
        Ratio of hazards, with the error of a bootstrap of whole clusters.

    Raises
    ------
    InputError
        A column is missing, or the ends determine no ratio.

    References
    ----------
    Cox (1972), Regression models and life-tables. Cameron, Gelbach and Miller (2008),
    Bootstrap-based improvements for inference with clustered errors.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": range(8), "on": [1] * 4 + [0] * 4, "age": [1, 2, 3, 4] * 2,
    ...                      "ended": [0, 0, 1, 1, 1, 1, 1, 0]})
    >>> about = {"age": "age", "ended": "ended", "cluster": "unit"}
    >>> cox_ratio(rows, ["on"], np.random.default_rng(1), draws=9, **about).value < 1
    True
    """
    own = generator_of(generator)
    rows = columns_of(table, dict.fromkeys([*terms, age, ended, cluster]), "the periods at risk")
    design = rows[list(terms)].to_numpy(dtype="float64")
    years, ends = numbers(rows[age], age, 2), numbers(rows[ended], ended, 2)
    log = _cox(design, years, ends)
    members = list(rows.groupby(cluster).indices.values())
    drawn = []
    for _ in range(whole(draws, "draws", 2)):
        chosen = own.integers(len(members), size=len(members))
        here = np.concatenate([members[one] for one in chosen])
        with suppress(InputError):  # a draw without ends on one side
            drawn.append(_cox(design[here], years[here], ends[here]))
    error = float(np.std(drawn, ddof=1))
    return wald_ratio(log, error, len(rows), f"Cox, bootstrap of {len(members)} clusters")


def _cox(design: np.ndarray, years: np.ndarray, ends: np.ndarray) -> float:
    """Return the first coefficient of Cox's regression, in which the units at risk share an age."""
    order = np.argsort(years, kind="stable")
    ages = np.unique(years[order], return_inverse=True)[1]
    return float(conditional_poisson(design[order], np.ones(len(ages)), ages, ends[order])[0][0])


@dataclass(frozen=True)
class LifeWorld:
    """Lives that end by chances of a model; made by :func:`life_worlds`.

    Attributes
    ----------
    chances : pandas.Series of float, shape (n,)
        That a period is the last, without an effect; rows of a unit follow each other in time.
    term : numpy.ndarray of float, shape (n,)
        By how much of the effect a row is moved.
    units, regions, periods : numpy.ndarray of int, shape (n,)
        Of each row.
    frailty, shared, years : float
        Standard deviations of the logarithm of the hazard by unit, by region, and by period.
    """

    chances: pd.Series
    term: np.ndarray
    units: np.ndarray
    regions: np.ndarray
    periods: np.ndarray
    frailty: float = 0.0
    shared: float = 0.0
    years: float = 0.0

    def draw(self, ratio: float, generator: np.random.Generator) -> pd.Series:
        """Return one set of ends; after its end a unit is no longer at risk.

        Parameters
        ----------
        ratio : float
            Factor of the hazard where the term is one, above 0; 1 for no effect.
        generator : numpy.random.Generator
            Source of the ends.

        Returns
        -------
        pandas.Series of float, shape (n,)
            One, zero, or NaN once the unit has ended.

        Examples
        --------
        >>> chances, rows = pd.Series([1.0, 0.5, 0.0]), np.array([0, 0, 1])
        >>> world = LifeWorld(chances, np.zeros(3), rows, rows, np.arange(3))
        >>> world.draw(1.0, np.random.default_rng(1)).tolist()
        [1.0, nan, 0.0]
        """
        moved = self.term * np.log(positive(ratio, "the ratio"))
        for sd, labels in (
            (self.frailty, self.units),
            (self.shared, self.regions),
            (self.years, self.periods),
        ):
            moved = moved + sd * generator.normal(size=labels.max() + 1)[labels]
        stays = (1 - self.chances.to_numpy()) ** np.exp(moved)
        ends = pd.Series((generator.random(len(stays)) > stays).astype("float64"))
        before = ends.groupby(self.units).cumsum() - ends
        return ends.mask(before.to_numpy() > 0).set_axis(self.chances.index)


def life_worlds(
    table: pd.DataFrame,
    watch: Hazard,
    term: str,
    *,
    ended: str,
    unit: str,
    region: str,
    period: str,
) -> dict[str, LifeWorld]:
    """Return the worlds in which lives may end, none of which the regression assumes but the first.

    Parameters
    ----------
    table : pandas.DataFrame, one row a unit and period at risk
        As :func:`hazard_of` was given it.
    watch : Hazard
        The test; its other terms give the chances.
    term, ended, unit, region, period : str
        Columns of the table.

    Returns
    -------
    dict of str to LifeWorld
        ``alike``, ``frailty`` of units, ``shared fate`` of regions, and ``good and bad years``.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": list("abcd"), "place": 1, "year": 1, "on": [1, 1, 0, 0],
    ...                      "ended": [1, 0, 0, 0]})
    >>> watch = hazard_of(rows, ["on"], cluster="unit")
    >>> list(life_worlds(rows, watch, "on", ended="ended", unit="unit", region="place",
    ...                  period="year"))
    ['alike', 'frailty', 'shared fate', 'good and bad years']
    """
    rows = table.sort_values([unit, period])
    alike = LifeWorld(
        watch.expected(rows[ended]).reindex(rows.index),
        numbers(rows[term], term, 2),
        pd.factorize(rows[unit])[0],
        pd.factorize(rows[region])[0],
        pd.factorize(rows[period])[0],
    )
    return {
        "alike": alike,
        "frailty": replace(alike, frailty=FRAILTY),
        "shared fate": replace(alike, shared=SHARED),
        "good and bad years": replace(alike, years=SHARED),
    }


def _scored(design: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients, scores of rows and rows whose products are the information."""
    point = np.zeros(design.shape[1])
    point[-1] = np.log(-np.log(1 - np.clip(y.mean(), 1e-6, 1 - 1e-6)))
    for _ in range(ROUNDS):
        linear = np.clip(design @ point, -FARTHEST, np.log(FARTHEST))
        hazard = np.exp(linear)
        chance = -np.expm1(-hazard)
        slope = hazard * np.exp(-hazard)
        scores = design * ((y - chance) * slope / (chance * (1 - chance)))[:, None]
        curvature = design * (slope / np.sqrt(chance * (1 - chance)))[:, None]
        try:
            step = np.linalg.solve(curvature.T @ curvature, scores.sum(axis=0))
        except np.linalg.LinAlgError:
            break
        if np.abs(step).max() < CLOSE:
            return point, scores, curvature
        point = point + step * min(1.0, LONGEST / np.abs(step).max())
    raise InputError("the ends determine no ratio: expected some, and not all, with and without")
