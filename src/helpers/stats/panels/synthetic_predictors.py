"""Synthetic control matched on traits of units, not on the course of the outcome alone.

Abadie and Gardeazabal (2003): weights bring the donors' traits closest to the treated unit's, each
trait counting as much as it helps to predict the outcome before the event. That importance is
searched for by pysyncon; the weights for it are the exact solution of a convex program
(:mod:`helpers.stats.panels.convex`). The search ends in one of several good answers: report the
importance beside the weights, or give it.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import numbers
from helpers.stats.panels.convex import convex_weights
from helpers.stats.panels.synthetic import Donors, Scale, SyntheticControl, controlled, donors_of
from helpers.stats.panels.unit_panel import When


@dataclass(frozen=True)
class PredictorControl:
    """A synthetic control matched on traits.

    Attributes
    ----------
    control : SyntheticControl
        Weights, gaps, paths and their tests; the donors' placebos use the same importance.
    importance : pandas.Series of float, shape (k,)
        By trait, at least 0, with a sum of 1, for traits in units of their spread.
    balance : pandas.DataFrame of float, shape (k, 3)
        By trait the treated unit's, its synthetic control's and the donors' mean.
    """

    control: SyntheticControl
    importance: pd.Series
    balance: pd.DataFrame


def predictor_control(
    panel: pd.DataFrame,
    traits: pd.DataFrame,
    treated: str,
    at: When,
    *,
    importance: pd.Series | None = None,
    scale: Scale = "level",
    steps: int = 1000,
) -> PredictorControl:
    """Return the synthetic control of a treated unit that resembles it in traits.

    Parameters
    ----------
    panel : pandas.DataFrame of float, shape (t, u), regular periods by units
        Outcome without gaps; every column but the treated one is a donor.
    traits : pandas.DataFrame of float, shape (u, k), units by traits
        What is matched, known before the event, such as means of other series or of the outcome.
    treated : str
        The treated unit, a column of ``panel``.
    at : str, pandas.Period or pandas.Timestamp
        The event: the first treated period, with at least two before it.
    importance : pandas.Series of float, by trait, optional
        How much each trait counts, at least 0; searched for without it.
    scale : {"log", "index", "level"}
        As in :func:`helpers.stats.panels.synthetic.synthetic_control`.
    steps : int
        Most steps of the search.

    Returns
    -------
    PredictorControl
        The control, the importance of traits and their balance.

    Raises
    ------
    InputError
        As :func:`helpers.stats.panels.synthetic.synthetic_control` does, and for traits that miss a
        unit, a value or all variation, or an importance that misses a trait or is below 0.

    References
    ----------
    Abadie and Gardeazabal (2003), The economic costs of conflict: a case study of the Basque
    Country. Abadie, Diamond and Hainmueller (2011), Synth: an R package for synthetic control
    methods.

    Examples
    --------
    "a" has the traits of a quarter of "b" and three quarters of "c".

    >>> import pandas as pd
    >>> years = pd.period_range("2018", periods=4, freq="Y")
    >>> table = pd.DataFrame(
    ...     {"a": [2, 3, 8, 8], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4], "d": [9, 7, 8, 9]}, years
    ... )
    >>> traits = pd.DataFrame({"coast": [3, 0, 4, 0], "wealth": [7, 4, 8, 0]}, list("abcd"))
    >>> even = pd.Series(1.0, ["coast", "wealth"])
    >>> found = predictor_control(table, traits, "a", "2020", importance=even)
    >>> found.control.weights.round(6).abs().to_dict()
    {'b': 0.25, 'c': 0.75, 'd': 0.0}
    """
    donors = donors_of(panel, treated, at, scale)
    table = _traits(traits, donors)
    spread = table / table.std(ddof=1)
    if importance is None:
        importance = _searched(spread, donors, steps)
    importance = _importance(importance, table.columns)
    root = np.sqrt(importance.to_numpy())

    def weights(target: str, others: pd.Index) -> np.ndarray:
        return convex_weights(
            root * spread.loc[target].to_numpy(), root[:, None] * spread.loc[others].to_numpy().T
        )

    control = controlled(donors, weights)
    shown = control.weights.to_numpy() @ table.iloc[1:]
    balance = pd.DataFrame(
        {"actual": table.iloc[0], "synthetic": shown, "donors": table.iloc[1:].mean()}
    )
    said: tuple[str, ...] = ()
    if table.shape[1] > donors.event:
        said = (f"{table.shape[1]} traits for {donors.event} periods before the event: many agree",)
    control = replace(control, donors=replace(donors, warnings=control.donors.warnings + said))
    return PredictorControl(control, importance, balance)


def _traits(traits: pd.DataFrame, donors: Donors) -> pd.DataFrame:
    """Return the traits of the treated unit and its donors, in their order."""
    names = donors.scaled.columns
    if not isinstance(traits, pd.DataFrame) or not traits.index.is_unique or traits.empty:
        raise InputError("the traits are not a table with one row for each unit")
    missing = names.difference(traits.index)
    if len(missing):
        raise InputError(f"the traits miss the unit {missing[0]}")
    table = pd.DataFrame(
        {name: numbers(traits.loc[names, name], f"trait {name}") for name in traits.columns}, names
    )
    for name in table.columns:
        if table[name].nunique() == 1:
            raise InputError(f"trait {name} is the same for all units: leave it out")
    return table


def _importance(importance: pd.Series, names: pd.Index) -> pd.Series:
    values = numbers(importance.reindex(names), "the importance of traits")
    if (values < 0).any() or values.sum() == 0:
        raise InputError("the importance of traits is below 0 or all 0")
    return pd.Series(values / values.sum(), names, name="importance")


def _searched(spread: pd.DataFrame, donors: Donors, steps: int) -> pd.Series:
    """Return the importance under which donors follow the outcome best before the event."""
    from pysyncon import Synth

    before, name = donors.scaled.iloc[: donors.event], donors.scaled.columns[0]
    search = Synth()
    search.fit(
        X0=spread.drop(index=name).T,
        X1=spread.loc[name],
        Z0=before.drop(columns=name),
        Z1=before[name],
        optim_options={"maxiter": steps},
    )
    return pd.Series(search.V, spread.columns)
