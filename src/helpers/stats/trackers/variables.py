"""The variables of the measurement model: what they are called, and what the prior says of them.

Everything else is made of these. Most are standard normal; the waves of a process and the steps of
a net's coverage have scales that are variables too.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.stats.trackers.design import Design
from helpers.stats.trackers.quantities import FAMILIES

HARMONICS = 2  # of the year
# A net that widens looks like a yearly step of these; dead per attack step half as far as the rest.
STEPPED = {"attacks": 1.0, "victims": 0.5, "militants": 1.0}
FEW = 8  # events in a month of a unit
SCALE_WIDTH = 0.4  # of the log of a scale about its prior median
NOISE_WIDTH = 0.6  # of the log of the concentration of the noise


@dataclass(frozen=True)
class Priors:
    """Scales of the priors, on the log scale.

    Attributes
    ----------
    walk : float
        Median scale of a step of a log intensity from month to month.
    own : float
        Median scale of a month's own shock.
    step : float
        Normal scale of a log intensity's step from year to year.
    season : float
        Normal scale of the waves of the year.
    level : float
        Normal scale of a source's coverage about the anchor's.
    scope : float
        Normal scale of a quantity's coverage about that of the other quantities of its net.
    drift : float
        Median scale of a yearly step of a source's coverage.
    tail : float
        Degrees of freedom of these steps, by Student's t.
    common : float
        Scale of a yearly step of the error that all sources share; it is assumed, not estimated.
    share : float
        Normal scale of a yearly step of a share or a ratio between components.
    noise : float
        Median of the concentration of a month's noise: the larger, the less figures scatter.
    error : float
        Share of figures that are errors of print or of reading.
    """

    walk: float = 0.08
    own: float = 0.25
    step: float = 0.7
    season: float = 0.1
    level: float = 0.6
    scope: float = 0.1
    drift: float = 0.12
    tail: float = 4.0
    common: float = 0.05
    share: float = 0.2
    noise: float = 20.0
    error: float = 0.01


def centred_walk(n: int) -> np.ndarray:
    """Return the covariance of a random walk with unit steps, less its mean.

    Parameters
    ----------
    n : int
        Number of places.

    Returns
    -------
    numpy.ndarray, shape (n, n)

    Examples
    --------
    >>> centred_walk(2).tolist()
    [[0.25, -0.25], [-0.25, 0.25]]
    """
    places = np.arange(n)
    walk = np.minimum.outer(places, places).astype(float)
    centre = np.eye(n) - 1 / n
    return centre @ walk @ centre


def size(design: Design) -> int:
    """Return the number of standard normal variables that the model is made of.

    Parameters
    ----------
    design : Design
        The figures, arranged.

    Returns
    -------
    int
    """
    return sum(math.prod(shape) for shape in shapes(design).values())


def assumed(design: Design) -> np.ndarray:
    """Return which variables are scales, about which little is known before the rest is.

    Parameters
    ----------
    design : Design
        The figures, arranged.

    Returns
    -------
    numpy.ndarray of bool, shape (size(design),)
    """
    return np.concatenate(
        [
            np.full(math.prod(shape), name.endswith("_scale") or name == "noise")
            for name, shape in shapes(design).items()
        ]
    )


def named(design: Design, z: Any) -> dict[str, Any]:
    """Return the variables by name and shape, from one vector.

    Parameters
    ----------
    design : Design
        The figures, arranged.
    z : array of float, shape (size(design),)
        The variables one after the other.

    Returns
    -------
    dict of str to array
    """
    found, at = {}, 0
    for name, shape in shapes(design).items():
        end = at + math.prod(shape)
        found[name], at = z[at:end].reshape(shape), end
    return found


def spreads(design: Design, priors: Priors, z: Any) -> Any:
    """Return the prior scale of each variable, given the variables that are scales.

    Parameters
    ----------
    design : Design
        The figures, arranged.
    priors : Priors
        Scales of the priors.
    z : array of float, shape (size(design),)
        The variables.

    Returns
    -------
    array of float, shape (size(design),)
    """
    import jax.numpy as jnp

    by_name = named(design, z)
    found = []
    for name, shape in shapes(design).items():
        kind = name.rpartition("_")[0]
        if name.endswith("_wave"):
            one = jnp.where(sparse(design)[:, None], 1.0, spread(kind, design, priors, by_name))
        elif name == "drift_step":
            one = jnp.exp(SCALE_WIDTH * by_name["drift_scale"]) * priors.drift
        else:
            one = jnp.ones(shape)
        found.append(jnp.broadcast_to(one, shape).ravel())
    return jnp.concatenate(found)


def prior_draw(design: Design, priors: Priors, rng: np.random.Generator) -> np.ndarray:
    """Return the variables as the prior has them, before any figure is seen.

    Parameters
    ----------
    design : Design
        The figures, arranged; their values set where the levels are centred, and nothing else.
    priors : Priors
        Scales of the priors.
    rng : numpy.random.Generator
        Where the draws come from.

    Returns
    -------
    numpy.ndarray of float, shape (size(design),)
    """
    heavy = are_steps(design)
    unit = np.where(heavy, rng.standard_t(priors.tail, heavy.size), rng.normal(size=heavy.size))
    scales = np.where(assumed(design), unit, 0.0)
    return unit * np.asarray(spreads(design, priors, scales))


def are_steps(design: Design) -> np.ndarray:
    """Return which variables are steps of drift, whose tails are heavy.

    Parameters
    ----------
    design : Design
        The figures, arranged.

    Returns
    -------
    numpy.ndarray of bool, shape (size(design),)
    """
    return np.concatenate(
        [np.full(math.prod(shape), name == "drift_step") for name, shape in shapes(design).items()]
    )


def reached(design: Design) -> np.ndarray:
    """Return the yearly steps between the first and the last year of a net.

    No figure tells of the others: drawn from their heavy tails alone, they would never settle.

    Parameters
    ----------
    design : Design
        The figures, arranged.

    Returns
    -------
    numpy.ndarray of bool, shape (n_nets, n_years - 1)
    """
    since = np.logical_or.accumulate(design.covered, axis=1)[:, :-1]
    until = np.logical_or.accumulate(design.covered[:, ::-1], axis=1)[:, ::-1][:, 1:]
    return since & until


def shapes(design: Design) -> dict[str, tuple[int, ...]]:
    """Return the variables that everything else is made of, with their shapes.

    Parameters
    ----------
    design : Design
        The figures, arranged.

    Returns
    -------
    dict of str to tuple of int
    """
    units, months, years = len(design.units), len(design.months), len(design.years)
    found: dict[str, tuple[int, ...]] = {}
    for name in _processes(design):
        found |= {f"{name}_level": (units,), f"{name}_scale": (2, units)}
        found |= {f"{name}_wave": (units, months), f"{name}_season": (2 * HARMONICS,)}
        if name in STEPPED:
            found[f"{name}_step"] = (units, years - 1)
    for name in _yearly(design):
        found |= {f"{name}_level": (units,), f"{name}_z": (units, years - 1)}
    nets = len(design.nets)
    found |= {"drift_scale": (1,), "drift_step": (int(reached(design).sum()),), "noise": (nets,)}
    return found | {
        "common": (len(FAMILIES), years - 1),
        "net": (nets,),
        "level": (len(design.levels),),
    }


def _processes(design: Design) -> list[str]:
    """Return the names of the processes by month that the components need."""
    wanted = set(design.components)
    needs = {
        "attacks": {"attacks_on_forces", "attacks_on_others"},
        "victims": {"civilians", "security_forces"},
        "forces": {"civilians", "security_forces"},
        "militants": {"militants_by_state", "operations"},
    }
    return [name for name, parts in needs.items() if name == "attacks" or wanted & parts]


def _yearly(design: Design) -> list[str]:
    """Return the names of the ratios between components that move by year."""
    return ["aimed", *(name for name in ("attackers", "operations") if name in design.components)]


def spread(name: str, design: Design, priors: Priors, z: Mapping[str, Any]) -> Any:
    """Return the scale of a process along each of its axes.

    Parameters
    ----------
    name : str
        The process.
    design : Design
        The figures, arranged.
    priors : Priors
        Scales of the priors.
    z : mapping of str to array
        The variables by name.

    Returns
    -------
    array of float, shape (n_units, n_months)
    """
    import jax.numpy as jnp

    # Walk and shocks have the same axes, so that their sum is drawn axis by axis.
    variance = np.maximum(np.linalg.eigvalsh(centred_walk(len(design.months))), 0)
    scales = jnp.exp(SCALE_WIDTH * z[f"{name}_scale"])
    walk, own = scales[0] * priors.walk, scales[1] * priors.own
    return jnp.sqrt(walk[:, None] ** 2 * variance + own[:, None] ** 2)


def sparse(design: Design) -> np.ndarray:
    """Return the units whose waves are drawn apart from their scale.

    Where a month has few events its figure says little about its shock, and the scale of the shocks
    and the shocks themselves cannot be drawn as one.

    Parameters
    ----------
    design : Design
        The figures, arranged.

    Returns
    -------
    numpy.ndarray of bool, shape (n_units,)
    """
    unit = design.cells // len(design.months) % len(design.units)
    alone = (np.bincount(design.cell_figure) == design.spans)[design.cell_figure]
    each = (design.value / design.spans)[design.cell_figure]
    count = np.bincount(unit[alone], each[alone], len(design.units))
    months = np.bincount(unit[alone], minlength=len(design.units))
    return count / np.maximum(months, 1) < FEW
