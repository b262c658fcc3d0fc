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
from typing import Any

import numpy as np

from helpers.stats.trackers.design import Design
from helpers.stats.trackers.quantities import FAMILIES, TYPED
from helpers.stats.trackers.variables import (
    HARMONICS,
    NOISE_WIDTH,
    STEPPED,
    Priors,
    are_steps,
    centred_walk,
    named,
    reached,
    sparse,
    spread,
    spreads,
)


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
    scale = spreads(design, priors, z)
    unit = z / scale
    half = (priors.tail + 1) / 2
    prior = jnp.where(are_steps(design), -half * jnp.log1p(unit**2 / priors.tail), -0.5 * unit**2)
    return likely.sum() + (prior - jnp.log(scale)).sum()


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


def _start(design: Design) -> dict[str, float]:
    """Return how many attacks and dead militants a month of a unit has, about, for wide priors."""
    each = design.value / design.spans / np.bincount(design.cell_figure) * design.spans
    found = {"attacks": 1.0, "militants": 1.0}
    return found | {
        name: float(np.median(each[rows]))
        for name, rows in design.telling.items()
        if rows.any() and np.median(each[rows]) > 0
    }


def _waves(design: Design) -> np.ndarray:
    """Return the waves of the year, shape (2 * HARMONICS, n_months)."""
    angle = 2 * np.pi * np.arange(1, HARMONICS + 1)[:, None] * design.months.month.to_numpy() / 12
    return np.concatenate([np.sin(angle), np.cos(angle)])


def _process(name: str, design: Design, priors: Priors, z: Mapping[str, Any]) -> Any:
    """Return a walk with the months' own shocks and seasons about zero, (n_units, n_months)."""

    import jax.numpy as jnp

    axes = np.linalg.eigh(centred_walk(len(design.months)))[1]
    scale = jnp.where(sparse(design)[:, None], spread(name, design, priors, z), 1.0)
    waves = priors.season * z[f"{name}_season"] @ _waves(design)
    return (scale * z[f"{name}_wave"]) @ axes.T + waves


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

    told = reached(design)
    steps = jnp.zeros(told.shape).at[np.nonzero(told)].set(z["drift_step"])
    drift = jnp.pad(jnp.cumsum(steps, axis=1), ((0, 0), (1, 0)))
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
