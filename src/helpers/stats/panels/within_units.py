"""Counts given what they might have been, compared within each unit of an uneven panel.

With an effect for each unit a Poisson regression needs only how the counts of a unit are shared
out among its periods: the unit's effect falls out of the likelihood (Hausman, Hall and Griliches
1984), and the ratio is right whatever the counts scatter by, as long as their means are (Wooldridge
1999). Large units weigh most. Beside it stands a regression of logarithms, in which a small unit
weighs as much as a large one.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of, level_of, numbers
from helpers.stats.estimate import Estimate, wald_ratio
from helpers.stats.panels.jackknife import jackknife_error

ROUNDS = 60  # of Newton's method
CLOSE = 1e-9  # of the largest step, in logarithms
LONGEST = 2.0  # step of a coefficient: counts of one row can throw the first ones far


@dataclass(frozen=True)
class WithinUnits:
    """An uneven panel, ready to be asked for a ratio; made by :func:`within_units`.

    Attributes
    ----------
    index : pandas.Index
        Labels of the rows that inform, in the order of the arrays: units seen more than once.
    design : numpy.ndarray of float, shape (n, k)
        The term that is asked for, other terms, and a column for each period but one.
    exposure : numpy.ndarray of float, shape (n,)
        What the counts are set in relation to, above 0.
    units, clusters : numpy.ndarray of int, shape (n,)
        Of each row, sorted by cluster and unit.
    logs : bool
        Whether logarithms of rates are regressed instead of counts.
    """

    index: pd.Index
    design: np.ndarray
    exposure: np.ndarray
    units: np.ndarray
    clusters: np.ndarray
    logs: bool = False

    def __call__(self, counts: pd.Series, generator: np.random.Generator) -> Estimate:
        """Return the ratio, as a test that can be tried in worlds; the generator is not used."""
        return self.ratio(counts)

    def ratio(self, counts: pd.Series, level: float = 0.95) -> Estimate:
        """Return the rate where the term is one as a multiple of where it is zero.

        Parameters
        ----------
        counts : pandas.Series, shape (m,)
            Counts of the table's rows, under their labels.
        level : float, default 0.95
            Coverage of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            Ratio, with errors that leave out a cluster at a time; ``n`` is the number of rows.

        Raises
        ------
        InputError
            The counts are negative or not numbers, or determine no ratio.

        Examples
        --------
        One unit triples, one doubles and the last, which never changes, says nothing.

        >>> rows = pd.DataFrame({"unit": list("aabbccdd"), "year": [1, 2] * 4, "n": [1] * 8,
        ...                      "on": [0, 1, 0, 1, 1, 0, 0, 0]})
        >>> panel = within_units(rows, ["on"], unit="unit", cluster="unit", exposure="n")
        >>> found = panel.ratio(pd.Series([10, 30, 10, 20, 25, 10, 7, 9]))
        >>> round(found.value, 6), found.n
        (2.5, 8)
        """
        values = numbers(counts.reindex(self.index), "counts", 2)
        if (values < 0).any():
            raise InputError(f"the counts hold {values.min():g}: expected none below 0")
        point, scores, curvature = (
            _of_logs(self, values)
            if self.logs
            else conditional_poisson(self.design, self.exposure, self.units, values)
        )
        error = jackknife_error(scores, curvature, self.clusters)
        groups = len(np.unique(self.clusters))
        words = "logarithms of rates" if self.logs else "counts"
        return wald_ratio(
            float(point[0]),
            error,
            len(values),
            f"{words} within units, jackknife of {groups} clusters",
            level=level_of(level),
            degrees=groups - 1,
        )


def within_units(
    table: pd.DataFrame,
    terms: Sequence[str],
    *,
    unit: str,
    cluster: str,
    exposure: str,
    period: str | None = None,
    logs: bool = False,
) -> WithinUnits:
    """Return a panel to be compared within units, with an effect for each period.

    Parameters
    ----------
    table : pandas.DataFrame, one row a unit and period
        Periods may be missing; a unit that is seen once falls out.
    terms : sequence of str
        Columns of numbers; the ratio of the first is wanted.
    unit, cluster : str
        Columns of labels: what has a level of its own, and within what rows hang together. All rows
        of a unit are of one cluster.
    exposure : str
        Column of numbers above 0 to which the counts are set in relation.
    period : str, optional
        Column of labels with an effect each; without it there is none.
    logs : bool, default False
        Regress the logarithm of (count + 1/2) / exposure instead, each row with the same weight.

    Returns
    -------
    WithinUnits

    Raises
    ------
    InputError
        A column is missing, an exposure is not above 0, a unit lies in two clusters, or the first
        term changes within no unit or is the sum of other terms and effects.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": list("aab"), "on": [0, 1, 1], "n": [2, 2, 1]})
    >>> within_units(rows, ["on"], unit="unit", cluster="unit", exposure="n").index.tolist()
    [0, 1]
    """
    wanted = [*terms, unit, cluster, exposure, *([period] if period else [])]
    rows = columns_of(table, dict.fromkeys(wanted), "the panel")
    if (rows.groupby(unit)[cluster].nunique() > 1).any():
        raise InputError(f"a unit of '{unit}' lies in two clusters of '{cluster}'")
    rows = rows[rows.groupby(unit)[unit].transform("size") > 1]
    rows = rows.sort_values([cluster, unit], kind="stable")
    weights = numbers(rows[exposure], exposure, 2)
    if (weights <= 0).any():
        raise InputError(f"'{exposure}' holds {weights.min():g}: expected numbers above 0")
    parts = [rows[list(terms)].astype("float64")]
    if period:
        parts.append(pd.get_dummies(rows[period].astype("category"), dtype=float).iloc[:, 1:])
    units = pd.factorize(rows[unit])[0]
    design = _determined(pd.concat(parts, axis=1).to_numpy(), units, terms[0])
    clusters = pd.factorize(rows[cluster])[0]
    return WithinUnits(rows.index, design, weights, units, clusters, logs)


def _determined(design: np.ndarray, units: np.ndarray, name: str) -> np.ndarray:
    """Return the columns that change within units and are no sum of those before them."""
    within = _centred(design, units, np.ones(len(design)))
    scale = np.sqrt((within**2).sum(axis=0))
    kept: list[int] = []
    basis = np.empty((len(within), 0))
    for place in [*range(1, within.shape[1]), 0]:  # the term that is asked for comes last
        left = within[:, place] - basis @ (basis.T @ within[:, place])
        size = np.sqrt((left**2).sum())
        if size > 1e-8 * max(1.0, scale[place]):
            basis = np.column_stack([basis, left / size])
            kept.append(place)
    if 0 not in kept:
        raise InputError(
            f"'{name}' changes within no unit, or only as other terms and periods do: "
            "expected units with rows of both kinds"
        )
    return design[:, [0, *sorted(kept[:-1])]]


def _centred(matrix: np.ndarray, units: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return columns less their weighted mean within each unit; rows of a unit stand together."""
    starts = np.flatnonzero(np.r_[True, units[1:] != units[:-1]])
    total = np.add.reduceat(weights, starts)
    sums = np.add.reduceat(matrix * weights[:, None], starts)
    means = sums / np.where(total > 0, total, 1.0)[:, None]
    return np.asarray(matrix - means[units])


def conditional_poisson(
    design: np.ndarray, exposure: np.ndarray, units: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the fit of counts given the total of each unit.

    With ends of lives for counts and age for the unit it is Cox's regression, ties by Breslow.

    Parameters
    ----------
    design : numpy.ndarray of float, shape (n, k)
        Terms that change within units.
    exposure : numpy.ndarray of float, shape (n,)
        Above 0.
    units : numpy.ndarray of int, shape (n,)
        Numbered from 0 on in the order in which they stand together.
    y : numpy.ndarray of float, shape (n,)
        Counts.

    Returns
    -------
    point : numpy.ndarray of float, shape (k,)
        Logarithms of ratios.
    scores, curvature : numpy.ndarray of float, shape (n, k)
        As of :func:`helpers.stats.panels.jackknife.jackknife_error`.

    Raises
    ------
    InputError
        The counts determine no ratio.

    Examples
    --------
    >>> point, *_ = conditional_poisson(
    ...     np.array([[0.0], [1.0]]), np.ones(2), np.array([0, 0]), np.array([10.0, 20.0]))
    >>> np.exp(point).round(6).tolist()
    [2.0]
    """
    starts = np.flatnonzero(np.r_[True, units[1:] != units[:-1]])
    total = np.add.reduceat(y, starts)[units]
    logs, point = np.log(exposure), np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        linear = logs + design @ point
        linear -= np.maximum.reduceat(linear, starts)[units]
        weights = np.exp(linear)
        means = total * weights / np.add.reduceat(weights, starts)[units]
        inner = _centred(design, units, means)
        curvature, scores = inner * np.sqrt(means)[:, None], inner * (y - means)[:, None]
        try:
            step = np.linalg.solve(curvature.T @ curvature, scores.sum(axis=0))
        except np.linalg.LinAlgError:
            break
        if np.abs(step).max() < CLOSE:
            return point, scores, curvature
        point = point + step * min(1.0, LONGEST / np.abs(step).max())
    raise InputError("the counts determine no ratio: expected some on both sides of the term")


def _of_logs(panel: WithinUnits, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the same of a regression of logarithms of rates."""
    logs = np.log((y + 0.5) / panel.exposure)
    both = _centred(np.column_stack([panel.design, logs]), panel.units, np.ones(len(y)))
    inner, outcome = both[:, :-1], both[:, -1]
    point = np.linalg.lstsq(inner, outcome, rcond=None)[0]
    return point, inner * (outcome - inner @ point)[:, None], inner


def changing(table: pd.DataFrame, term: str, unit: str) -> list[Hashable]:
    """Return the units in which a term takes more than one value.

    Parameters
    ----------
    table : pandas.DataFrame, one row a unit and period
        The panel.
    term, unit : str
        Its columns.

    Returns
    -------
    list
        Labels of units, as they first appear.

    Examples
    --------
    >>> changing(pd.DataFrame({"unit": list("aab"), "on": [0, 1, 1]}), "on", "unit")
    ['a']
    """
    kinds = table.groupby(unit, sort=False)[term].nunique()
    return kinds[kinds > 1].index.tolist()
