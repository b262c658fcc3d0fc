"""The measurement model: latent intensities, nets that drift, and noise.

With :math:`\\lambda_{c,t}` the intensity of component :math:`c` in month :math:`t`, a figure of
source :math:`s` over the months :math:`M` is

.. math:: y \\sim \\mathrm{NB} \\left( \\sum_{t \\in M} e^{a_{sq} + d_{s,y(t)} + e_{y(t)}}
          \\sum_{c \\in q} \\lambda_{c,t}, |M| \\phi_s \\right),

where :math:`a` is the level of the source's coverage of quantity :math:`q`, :math:`d` its drift by
year (a walk with heavy-tailed steps, so that one widening of a net is no scandal for the rest), and
:math:`e` an error that all sources share because they read the same press. The log intensity of
attacks, victims per attack and militants killed by the state is each a random walk with seasons, a
shock of the month's own, which all sources see, and a step with each year.

A common drift of all nets cannot be told from a change in violence: the data are silent on it, and
the priors decide. The steps of violence are wide, so that what all nets show is violence, up to the
``common`` error that is thought possible; without them many nets that widen at once would pass for
likelier than a year in which violence trebles.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.stats.trackers.design import Design
from helpers.stats.trackers.quantities import FAMILIES, TYPED

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


def _waves(design: Design) -> np.ndarray:
    """Return the waves of the year, shape (2 * HARMONICS, n_months)."""
    angle = 2 * np.pi * np.arange(1, HARMONICS + 1)[:, None] * design.months.month.to_numpy() / 12
    return np.concatenate([np.sin(angle), np.cos(angle)])


def _start(design: Design) -> dict[str, float]:
    """Return how many attacks and dead militants a month of a unit has, about, for wide priors."""
    each = design.value / design.spans / np.bincount(design.cell_figure) * design.spans
    found = {"attacks": 1.0, "militants": 1.0}
    return found | {
        name: float(np.median(each[rows]))
        for name, rows in design.telling.items()
        if rows.any() and np.median(each[rows]) > 0
    }


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
    return sum(math.prod(shape) for shape in _shapes(design).values())


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
            for name, shape in _shapes(design).items()
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
    for name, shape in _shapes(design).items():
        end = at + math.prod(shape)
        found[name], at = z[at:end].reshape(shape), end
    return found


def log_density(design: Design, priors: Priors, z: Any, value: Any) -> Any:
    """Return the log of the posterior density, up to a constant.

    Parameters
    ----------
    design : Design
        The figures, arranged.
    priors : Priors
        Scales of the priors.
    z : array of float, shape (size(design),)
        The variables.
    value : array of float, shape (n_figures,)
        The figures.

    Returns
    -------
    float
    """
    import jax.numpy as jnp

    found = expected(design, priors, named(design, z))
    likely = log_likelihood(value, found["mean"], found["concentration"], priors)
    spread = spreads(design, priors, z)
    steps = _steps(design)
    unit = z / spread
    half = (priors.tail + 1) / 2
    prior = jnp.where(steps, -half * jnp.log1p(unit**2 / priors.tail), -0.5 * unit**2)
    return likely.sum() + (prior - jnp.log(spread)).sum()


def log_likelihood(value: Any, mean: Any, size: Any, priors: Priors) -> Any:
    """Return the log likelihood of each figure, some of which may be errors.

    An error is drawn as if its concentration were one, whatever the noise of its net: so it takes
    no part in telling how much that net scatters, and moves the rest little.

    Parameters
    ----------
    value : array of float, shape (..., n_figures)
        The figures.
    mean, size : array of float, of the same shape
        What they are expected to be, and their concentration.
    priors : Priors
        ``error`` is the share of errors.

    Returns
    -------
    array of float, of the same shape

    Examples
    --------
    >>> import numpy as np
    >>> near, far = log_likelihood(np.array([50.0, 500.0]), 50.0, 1e3, Priors())
    >>> bool(near > -4 > -16 > far > -22)
    True
    """
    import jax.numpy as jnp
    from jax.scipy.special import gammaln

    both = jnp.log(mean + size)
    sound = (
        gammaln(value + size)
        - gammaln(size)
        - gammaln(value + 1)
        + size * (jnp.log(size) - both)
        + value * (jnp.log(mean) - both)
    )
    wrong = value * (jnp.log(mean) - jnp.log1p(mean)) - jnp.log1p(mean)
    return jnp.logaddexp(sound + math.log1p(-priors.error), wrong + math.log(priors.error))


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
    for name, shape in _shapes(design).items():
        kind = name.rpartition("_")[0]
        if name.endswith("_wave"):
            one = jnp.where(_sparse(design)[:, None], 1.0, _spread(kind, design, priors, by_name))
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
    scales, steps = assumed(design), _steps(design)
    unit = np.where(steps, rng.standard_t(priors.tail, steps.size), rng.normal(size=steps.size))
    return unit * np.asarray(spreads(design, priors, np.where(scales, unit, 0.0)))


def _steps(design: Design) -> np.ndarray:
    """Return which variables are steps of drift, whose tails are heavy."""
    shapes = _shapes(design).items()
    return np.concatenate([np.full(math.prod(s), name == "drift_step") for name, s in shapes])


def _shapes(design: Design) -> dict[str, tuple[int, ...]]:
    """Return the variables that everything else is made of, with their shapes."""
    units, months, years = len(design.units), len(design.months), len(design.years)
    shapes: dict[str, tuple[int, ...]] = {}
    for name in _processes(design):
        shapes |= {f"{name}_level": (units,), f"{name}_scale": (2, units)}
        shapes |= {f"{name}_wave": (units, months), f"{name}_season": (2 * HARMONICS,)}
        if name in STEPPED:
            shapes[f"{name}_step"] = (units, years - 1)
    for name in _yearly(design):
        shapes |= {f"{name}_level": (units,), f"{name}_z": (units, years - 1)}
    nets = len(design.nets)
    shapes |= {"drift_scale": (1,), "drift_step": (nets, years - 1), "noise": (nets,)}
    return shapes | {
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


def expected(design: Design, priors: Priors, z: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the figures are expected to be, given standard normal variables.

    Parameters
    ----------
    design : Design
        The figures, arranged.
    priors : Priors
        Scales of the priors.
    z : mapping of str to array
        The variables by name, as :func:`model` draws them.

    Returns
    -------
    dict of str to array
        ``intensity`` (n_components, n_units, n_months), log ``coverage`` (n_levels, n_years),
        ``mean`` and ``concentration`` of the figures.
    """
    import jax
    import jax.numpy as jnp

    intensity = _intensities(design, priors, z)
    coverage = _coverage(design, priors, z)
    kinds = jnp.asarray(design.holds) @ intensity.reshape(len(design.components), -1)
    by_month = jnp.tile(jnp.exp(coverage)[:, design.month_year], (1, len(design.units)))
    cells = (kinds * by_month).reshape(-1)[design.cells]
    mean = jax.ops.segment_sum(
        cells, design.cell_figure, len(design.value), indices_are_sorted=True
    )
    noise = priors.noise * jnp.exp(NOISE_WIDTH * z["noise"])
    return {
        "intensity": intensity,
        "coverage": coverage,
        "mean": mean + 1e-9,
        "concentration": noise[design.net_of_level][design.level] * design.spans,
    }


def _process(name: str, design: Design, priors: Priors, z: Mapping[str, Any]) -> Any:
    """Return a walk with the months' own shocks and seasons about zero, (n_units, n_months)."""

    import jax.numpy as jnp

    axes = np.linalg.eigh(centred_walk(len(design.months)))[1]
    scale = jnp.where(_sparse(design)[:, None], _spread(name, design, priors, z), 1.0)
    waves = priors.season * z[f"{name}_season"] @ _waves(design)
    return (scale * z[f"{name}_wave"]) @ axes.T + waves


def _sparse(design: Design) -> np.ndarray:
    """Return the units whose waves are drawn apart from their scale, (n_units,).

    Where a month has few events its figure says little about its shock, and the scale of the shocks
    and the shocks themselves cannot be drawn as one.
    """
    unit = design.cells // len(design.months) % len(design.units)
    alone = (np.bincount(design.cell_figure) == design.spans)[design.cell_figure]
    each = (design.value / design.spans)[design.cell_figure]
    count = np.bincount(unit[alone], each[alone], len(design.units))
    months = np.bincount(unit[alone], minlength=len(design.units))
    return count / np.maximum(months, 1) < FEW


def _spread(name: str, design: Design, priors: Priors, z: Mapping[str, Any]) -> Any:
    """Return the scale of a process along each of its axes, (n_units, n_months)."""
    import jax.numpy as jnp

    # Walk and shocks have the same axes, so that their sum is drawn axis by axis.
    variance = np.maximum(np.linalg.eigvalsh(centred_walk(len(design.months))), 0)
    scales = jnp.exp(SCALE_WIDTH * z[f"{name}_scale"])
    walk, own = scales[0] * priors.walk, scales[1] * priors.own
    return jnp.sqrt(walk[:, None] ** 2 * variance + own[:, None] ** 2)


def _by_year(name: str, design: Design, priors: Priors, z: Mapping[str, Any]) -> Any:
    """Return a walk by year about zero, given to each month, (n_units, n_months)."""
    return priors.share * _stairs(z[f"{name}_z"], design)


def _stairs(z: Any, design: Design) -> Any:
    """Return walks by year with unit steps, given to each month, (n_units, n_months)."""
    return (z @ _yearly_axes(len(design.years)).T)[:, design.month_year]


def _yearly_axes(years: int) -> np.ndarray:
    """Return the axes of a centred walk by year, scaled, (n_years, n_years - 1)."""
    variance, axes = np.linalg.eigh(centred_walk(years))
    return axes[:, 1:] * np.sqrt(variance[1:])


def _intensities(design: Design, priors: Priors, z: Mapping[str, Any]) -> Any:
    """Return the intensity of each component, (n_components, n_units, n_months)."""
    import jax
    import jax.numpy as jnp

    start, wanted = _start(design), set(design.components)

    def level(name: str, centre: float, width: float) -> Any:
        return (centre + width * z[f"{name}_level"])[:, None]

    def log(name: str, centre: float) -> Any:
        steps = STEPPED[name] * priors.step * _stairs(z[f"{name}_step"], design)
        return level(name, centre, 1.0) + steps + _process(name, design, priors, z)

    made = {}
    attacks = jnp.exp(log("attacks", np.log(start["attacks"])))
    aimed = jax.nn.sigmoid(level("aimed", 0.0, 0.5) + _by_year("aimed", design, priors, z))
    made["attacks_on_forces"] = attacks * aimed
    made["attacks_on_others"] = attacks * (1 - aimed)
    if "victims_wave" in z:
        victims = attacks * jnp.exp(log("victims", 0.3))
        forces = jax.nn.sigmoid(level("forces", 0.0, 0.5) + _process("forces", design, priors, z))
        made |= {"civilians": victims * (1 - forces), "security_forces": victims * forces}
    if "attackers" in wanted:
        each = level("attackers", -1.0, 1.0) + _by_year("attackers", design, priors, z)
        made["attackers"] = attacks * jnp.exp(each)
    if "militants_wave" in z:
        made["militants_by_state"] = jnp.exp(log("militants", np.log(start["militants"])))
    if "operations" in wanted:
        each = level("operations", -1.0, 1.0) + _by_year("operations", design, priors, z)
        made["operations"] = made["militants_by_state"] * jnp.exp(each)
    return jnp.stack([made[name] for name in design.components])


def _coverage(design: Design, priors: Priors, z: Mapping[str, Any]) -> Any:
    """Return the log coverage of each source and quantity by year, (n_levels, n_years)."""
    import jax.numpy as jnp

    drift = jnp.pad(jnp.cumsum(z["drift_step"], axis=1), ((0, 0), (1, 0)))
    weight = design.covered / design.covered.sum(axis=1, keepdims=True)
    drift = drift - (drift * weight).sum(axis=1, keepdims=True)
    common = priors.common * z["common"] @ _yearly_axes(len(design.years)).T
    family = np.array([FAMILIES.index(name) for _, name in design.nets])
    return _levels(design, priors, z)[:, None] + (drift + common[family])[design.net_of_level]


def _levels(design: Design, priors: Priors, z: Mapping[str, Any]) -> Any:
    """Return the mean log coverage of each source and quantity, (n_levels,)."""
    scale = [
        0.0
        if (source, quantity) == (design.anchor, "attacks")
        else priors.level
        if quantity in TYPED
        else priors.scope
        for source, quantity in design.levels
    ]
    of_net = priors.level * np.array([source != design.anchor for source, _ in design.nets])
    return (of_net * z["net"])[design.net_of_level] + np.array(scale) * z["level"]
