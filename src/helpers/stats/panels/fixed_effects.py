"""Linear regression with fixed effects and errors that hold with few clusters.

Cluster-robust errors assume many clusters, each a small part of the whole. With fewer than fifty
the usual ones (CR1) are too small; CR2 with Satterthwaite's degrees of freedom (Bell and McCaffrey
2002; Pustejovsky and Tipton 2018), the jackknife CR3 and the wild cluster bootstrap (Cameron,
Gelbach and Miller 2008) hold with a dozen. Coefficients, CR1 and CR3 are pyfixest's, CR2 and the
bootstrap diff-diff's.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.checks import design_of, generator_of, level_of, numbers
from helpers.stats.estimate import Estimate

FEW_CLUSTERS = 12
FEW_TREATED = 4
Errors = Literal["CR1", "CR2", "CR3", "wild"]


@dataclass(frozen=True)
class FixedEffects:
    """A linear regression with fixed effects.

    Attributes
    ----------
    terms : dict of str to Estimate
        By term its coefficient, in units of the outcome for one unit of the term.
    errors : pandas.Series of float
        By term the standard error; CR1 beside the wild bootstrap, which needs none.
    degrees : pandas.Series of float
        By term the degrees of freedom of Student's t; NaN for the wild bootstrap.
    clusters : int
        Number of clusters.
    """

    terms: dict[str, Estimate]
    errors: pd.Series
    degrees: pd.Series
    clusters: int


def fixed_effects(
    table: pd.DataFrame,
    outcome: str,
    terms: Iterable[str],
    *,
    absorb: Iterable[str],
    cluster: str,
    errors: Errors = "CR2",
    generator: np.random.Generator | None = None,
    draws: int = 1999,
    level: float = 0.95,
) -> FixedEffects:
    """Regress an outcome on terms and on effects of groups, with errors clustered.

    Parameters
    ----------
    table : pandas.DataFrame, shape (n, ...)
        One row for each observation.
    outcome : str
        A column of numbers.
    terms : iterable of str
        Columns of numbers whose coefficients are wanted.
    absorb : iterable of str
        Columns of labels, such as unit and period, each label with an effect of its own.
    cluster : str
        A column of labels: errors of one label may depend on each other.
    errors : {"CR1", "CR2", "CR3", "wild"}
        How errors are found; CR1 is for comparison.
    generator : numpy.random.Generator, optional
        Draws the wild bootstrap, which cannot do without.
    draws : int
        Number of draws; all 2^clusters signs where these are no more.
    level : float
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    FixedEffects
        Coefficients with intervals and p-values; a warning where clusters are few, or few of them
        change in a term.

    Raises
    ------
    InputError
        For unknown columns, missing values, terms that the effects or other terms absorb, fewer
        than three clusters, or unknown errors.

    References
    ----------
    Bell and McCaffrey (2002), Bias reduction in standard errors for linear regression with
    multi-stage samples. Cameron, Gelbach and Miller (2008), Bootstrap-based improvements for
    inference with clustered errors. Pustejovsky and Tipton (2018), Small-sample methods for
    cluster-robust variance estimation and hypothesis testing in fixed effects models.

    Examples
    --------
    Four units over four years, of which two rise by 2 and 3.

    >>> import pandas as pd
    >>> table = pd.DataFrame({
    ...     "unit": list("aaaabbbbccccdddd"), "year": [1, 2, 3, 4] * 4,
    ...     "on": [0, 0, 1, 1] * 2 + [0] * 8,
    ...     "y": [1, 2, 5, 6, 3, 4, 8, 9, 2, 3, 4, 5, 0, 1, 2, 3],
    ... })
    >>> by = {"absorb": ["unit", "year"], "cluster": "unit", "errors": "CR3"}
    >>> found = fixed_effects(table, "y", ["on"], **by)
    >>> round(found.terms["on"].value, 3), found.clusters
    (2.5, 4)
    """
    terms, absorb = list(terms), list(absorb)
    if errors not in ("CR1", "CR2", "CR3", "wild"):
        raise InputError(f"errors is '{errors}': expected CR1, CR2, CR3 or wild")
    data, design = _checked(table, outcome, terms, absorb, cluster)
    level_of(level)
    if errors == "wild":
        if generator is None:
            raise InputError("the wild bootstrap needs a generator: numpy.random.default_rng(seed)")
        found = _wild(data, design, len(terms), generator_of(generator), draws, level)
    else:
        found = _student(data, design, len(terms), len(absorb), errors, level)
    method = f"fixed effects, {errors} errors of {data['cluster'].nunique()} clusters"
    return FixedEffects(
        {
            term: Estimate(value, low, high, p, len(data), method, level, _few(data, place))
            for place, (term, (value, low, high, p)) in enumerate(zip(terms, found[:, :4].tolist()))
        },
        pd.Series(found[:, 4], terms, name="error"),
        pd.Series(found[:, 5], terms, name="degrees"),
        data["cluster"].nunique(),
    )


def _checked(
    table: pd.DataFrame, outcome: str, terms: list[str], absorb: list[str], cluster: str
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the columns under names of our own, and the design with a dummy for each label."""
    for name in (outcome, *terms, *absorb, cluster):
        if name not in table.columns:
            raise InputError(
                f"the table has no column '{name}'" + did_you_mean(str(name), table.columns)
            )
    if not terms or not absorb:
        raise InputError("expected at least one term and one column of labels to absorb")
    data = pd.DataFrame({"y": numbers(table[outcome], outcome, 4)})
    for place, name in enumerate(terms):
        data[f"x{place}"] = numbers(table[name], name)
    groups = {f"g{place}": name for place, name in enumerate(absorb)}
    for label, name in {**groups, "cluster": cluster}.items():
        data[label] = pd.factorize(table[name])[0]
        if (data[label] < 0).any():
            raise InputError(f"a label of {name} is missing")
    if data["cluster"].nunique() < 3:
        raise InputError(f"{data['cluster'].nunique()} clusters: expected at least 3")
    dummies = pd.get_dummies(data[list(groups)].astype("category"), dtype=float)
    design = pd.concat([data.filter(regex="^x"), dummies], axis=1)
    # The effects of the first column hold the constant: the others leave out one label each.
    spare = [f"{label}_0" for label in list(groups)[1:]]
    return data, design_of(design.drop(columns=spare), len(data))


def _few(data: pd.DataFrame, place: int) -> tuple[str, ...]:
    """Return what to say where clusters are few, or few are treated."""
    said: tuple[str, ...] = ()
    clusters, term = data["cluster"].nunique(), data[f"x{place}"]
    if clusters < FEW_CLUSTERS:
        said += (f"{clusters} clusters are few: no errors hold well with fewer than a dozen",)
    on = data["cluster"][term == 1].nunique()
    if term.isin([0, 1]).all() and on < FEW_TREATED:
        said += (f"{on} clusters are ever treated: rank them among the others instead",)
    return said


def _student(
    data: pd.DataFrame, design: np.ndarray, terms: int, groups: int, errors: str, level: float
) -> np.ndarray:
    """Return value, ends, p, error and degrees of freedom of each term (terms by 6)."""
    import pyfixest
    from diff_diff.linalg import compute_robust_vcov
    from scipy.stats import t

    right = " + ".join(f"x{place}" for place in range(terms))
    absorbed = " + ".join(f"g{place}" for place in range(groups))
    jackknife = errors == "CR3"
    try:
        fit = pyfixest.feols(
            f"y ~ {right} | {absorbed}",
            data,
            vcov={"CRV3" if jackknife else "CRV1": "cluster"},
            ssc=pyfixest.ssc(k_adj=not jackknife, G_adj=not jackknife),
            fixef_rm="none",
        )
    except ValueError:
        raise InputError(
            "without one of the clusters a term is not determined, which CR3 needs: rank the "
            "treated clusters among the others instead"
        ) from None
    value, error = fit.coef().to_numpy(), fit.se().to_numpy()
    degrees = np.full(terms, data["cluster"].nunique() - 1.0)
    if jackknife:
        error = error * np.sqrt(degrees / (degrees + 1))
    if errors == "CR2":
        residuals = (
            data["y"].to_numpy() - design @ np.linalg.lstsq(design, data["y"], rcond=None)[0]
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # The effects of groups need no degrees of freedom.
            covariance, every = compute_robust_vcov(
                design,
                residuals,
                cluster_ids=data["cluster"].to_numpy(),
                vcov_type="hc2_bm",
                return_dof=True,
            )
        error, degrees = np.sqrt(np.diag(covariance))[:terms], np.asarray(every)[:terms]
        if not np.isfinite(degrees).all():
            raise InputError("CR2 finds no degrees of freedom for a term: use CR3 or wild errors")
    reach = t.ppf(0.5 + level / 2, degrees) * error
    p = 2 * t.sf(np.abs(value) / error, degrees)
    return np.column_stack([value, value - reach, value + reach, p, error, degrees])


def _wild(
    data: pd.DataFrame,
    design: np.ndarray,
    terms: int,
    generator: np.random.Generator,
    draws: int,
    level: float,
) -> np.ndarray:
    """Return the same by the wild cluster bootstrap with the null imposed."""
    from diff_diff.utils import wild_bootstrap_se

    seed = int(generator.integers(2**31))
    y, clusters = data["y"].to_numpy(), data["cluster"].to_numpy()
    value = np.linalg.lstsq(design, y, rcond=None)[0]
    rows = []
    for place in range(terms):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Few clusters are said in the estimate.
            found = wild_bootstrap_se(
                design, y, y, clusters, place, draws, alpha=1 - level, seed=seed
            )
        ends = (found.ci_lower, found.ci_upper)
        rows.append((value[place], *ends, found.p_value, found.se, np.nan))
    return np.array(rows, dtype=float)
