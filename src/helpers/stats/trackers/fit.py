"""Fit the measurement model, and refuse a fit that did not converge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.trackers.design import Design, design
from helpers.stats.trackers.model import expected, log_density
from helpers.stats.trackers.variables import Priors, assumed, named, size, spreads

STEPS = 25  # of Newton's method
CHUNK = 50  # draws at a time
TRAJECTORY = 1.6  # about a quarter turn where the posterior is about standard normal
LARGEST_RHAT, LEAST_DRAWS = 1.01, 400.0
EXTENSIONS = 6  # times that a third of the draws is added to chains that have not met
PRIORS = Priors()


@dataclass(frozen=True)
class Convergence:
    """How well the chains of a fit mixed.

    Attributes
    ----------
    rhat : float
        The largest split R-hat of all quantities that were sampled.
    draws : float
        The smallest effective number of draws.
    divergences : int
        Draws at which the sampler lost its way.
    chains, kept : int
        Chains, and draws of each that were kept.
    """

    rhat: float
    draws: float
    divergences: int
    chains: int
    kept: int

    @property
    def good(self) -> bool:
        """Whether the fit can be believed."""
        return self.rhat < LARGEST_RHAT and self.draws >= LEAST_DRAWS and not self.divergences

    def require(self) -> None:
        """Stop when the fit cannot be believed.

        Raises
        ------
        InputError
            R-hat at or above 1.01, fewer than 400 effective draws, or a divergence.

        Examples
        --------
        >>> Convergence(1.004, 900.0, 0, 4, 500).require()
        """
        if self.good:
            return
        raise InputError(
            f"the pooled series did not converge: R-hat {self.rhat:.3f} (below {LARGEST_RHAT} is "
            f"needed), {self.draws:.0f} effective draws ({LEAST_DRAWS:.0f}), "
            f"{self.divergences} divergences (none); draw more, or look at what was changed"
        )


@dataclass(frozen=True)
class Fit:
    """Draws from the posterior of the measurement model.

    Attributes
    ----------
    design : Design
        What was fitted.
    draws : mapping of str to numpy.ndarray, first axis n_draws
        ``intensity`` (n_components, n_units, n_months) on the anchor's scale, log ``coverage``
        (n_levels, n_years), and the ``mean`` and ``concentration`` of the figures (n_figures,).
    convergence : Convergence
        Whether the chains mixed.
    """

    design: Design
    draws: Mapping[str, np.ndarray]
    convergence: Convergence


def fit(
    figures: pd.DataFrame,
    anchor: str,
    seed: int,
    *,
    units: Sequence[str] = ("",),
    priors: Priors = PRIORS,
    chains: int = 4,
    warmup: int = 300,
    kept: int = 1500,
) -> Fit:
    """Fit the measurement model to a table of figures.

    Parameters
    ----------
    figures : pandas.DataFrame, one row a figure
        As of :func:`helpers.stats.trackers.design.design`.
    anchor : str
        The source whose mean coverage is one: the pooled series is on its scale.
    seed : int
        The same seed gives the same draws.
    units : sequence of str, default one unit without a name
        The parts of the country.
    priors : Priors
        Scales of the priors.
    chains, warmup, kept : int
        Chains, and draws of each that are dropped and kept.

    Returns
    -------
    Fit
        Whether it may be believed is asked by ``Fit.convergence.require``.

    Raises
    ------
    InputError
        When the figures do not fit together.

    References
    ----------
    Duane, Kennedy, Pendleton and Roweth (1987), Hybrid Monte Carlo.
    """
    arranged = design(figures, anchor, units)
    return Sampler(arranged, priors, chains, warmup, kept).draw(arranged.value, seed, EXTENSIONS)


class Sampler:
    """The sampler of one design, compiled once for any figures that stand in it.

    The mode and the curvature there are found first; the chains then move in coordinates in which
    the posterior is about standard normal, so that few steps carry them across it.

    Parameters
    ----------
    arranged : Design
        The figures, arranged.
    priors : Priors
        Scales of the priors.
    chains, warmup, kept : int
        Chains, and draws of each that are dropped and kept.
    """

    def __init__(
        self, arranged: Design, priors: Priors, chains: int = 4, warmup: int = 300, kept: int = 1500
    ) -> None:
        import jax
        import jax.numpy as jnp
        import numpyro

        numpyro.enable_x64()
        self.design, self.n = arranged, size(arranged)
        self.chains, self.warmup, self.kept = chains, warmup, kept
        self._scales = scales = assumed(arranged)

        def logs(z: Any) -> Any:
            return jnp.log(expected(arranged, priors, named(arranged, z))["mean"])

        @jax.jit
        def newton(z: Any, value: Any) -> Any:
            """Return the slope of the log density, and the expected information."""
            found = expected(arranged, priors, named(arranged, z))
            mean, noise = found["mean"], found["concentration"]
            weight = mean * noise / (mean + noise)
            turns = jnp.where(scales, 0.0, jax.jacfwd(logs)(z))
            held = 1 / spreads(arranged, priors, z) ** 2
            slope = turns.T @ (weight * (value / mean - 1)) - jnp.where(scales, 0.0, held * z)
            return slope, turns.T @ (weight[:, None] * turns) + jnp.diag(held)

        self._newton = newton
        self._shown = jax.jit(
            lambda z: jax.lax.map(lambda one: expected(arranged, priors, named(arranged, one)), z)
        )
        self._begin, self._move = _moves(
            lambda z, value: -log_density(arranged, priors, z, value), self.n, warmup
        )

    def draw(self, value: np.ndarray, seed: int, extensions: int = 0) -> Fit:
        """Return draws from the posterior given some figures.

        Parameters
        ----------
        value : numpy.ndarray of float, shape (n_figures,)
            The figures.
        seed : int
            The same seed gives the same draws.
        extensions : int, default 0
            How often a third of the draws is added to chains that have not met.

        Returns
        -------
        Fit
        """
        value = np.asarray(value, float)
        centre, root = self._mode(value, np.zeros(self.n))
        half = self.warmup // 2
        tried = self._path(seed, value, centre, root).after(half, half)
        # The scales are known now, about: the axes are laid once more.
        centre, root = self._mode(value, tried.z.mean(axis=(0, 1)))
        path = self._path(seed + 1, value, centre, root).after(self.warmup, self.kept)
        for _ in range(extensions):
            if path.convergence().good:
                break
            path = path.after(0, self.kept // 3)
        shown = self._shown(path.z.reshape(-1, self.n))
        draws = {name: np.asarray(one) for name, one in shown.items()}
        return Fit(self.design, draws, path.convergence())

    def _path(self, seed: int, value: Any, centre: Any, root: Any) -> "_Path":
        """Return where the chains begin."""
        import jax

        data = (value, centre, root)
        keys = jax.random.split(jax.random.PRNGKey(seed), self.chains)
        return _Path(
            self._move, data, self._begin(keys, *data), np.empty((self.chains, 0, self.n)), 0
        )

    def _mode(self, value: np.ndarray, scales: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the mode given the scales, and a root of the inverse information there."""
        z = np.where(self._scales, scales, 0.0)
        for _ in range(STEPS):
            slope, bend = self._newton(z, value)
            step = np.linalg.solve(bend, slope)
            z = z + step * min(1.0, 2.0 / np.abs(step).max())
        variance, axes = np.linalg.eigh(np.asarray(self._newton(z, value)[1]))
        return z, axes / np.sqrt(variance)


@dataclass(frozen=True)
class _Path:
    """Chains on their way: their draws, (n_chains, n_draws, n_variables), and how to move on."""

    move: Any
    data: tuple[Any, Any, Any]
    state: Any
    z: np.ndarray
    lost: int

    def after(self, dropped: int, kept: int) -> "_Path":
        """Return the chains with more draws, after some that are dropped."""
        _, centre, root = self.data
        state, found, lost = self.state, [self.z], self.lost
        for number in range(-(-(dropped + kept) // CHUNK)):
            state, (w, diverging) = self.move(state, *self.data)
            since = max(dropped - number * CHUNK, 0)
            found.append(centre + np.asarray(w)[:, since:] @ root.T)
            lost += int(np.asarray(diverging)[:, since:].sum())
        return replace(self, state=state, z=np.concatenate(found, axis=1), lost=lost)

    def convergence(self) -> Convergence:
        """Return how the chains mixed."""
        return _convergence(self.z, self.lost)


def _moves(cost: Any, n: int, warmup: int) -> tuple[Any, Any]:
    """Return how chains begin, and how they move on by some draws, about a mode and its axes.

    Data, mode and axes are arguments of the compiled functions, so that other figures of one design
    need no other compilation.
    """
    import jax
    from numpyro.infer.hmc import hmc

    def given(value: Any, centre: Any, root: Any) -> Any:
        return lambda w: cost(centre + root @ w, value)

    init, sample = hmc(potential_fn_gen=given, algo="HMC")

    @jax.jit
    def begin(keys: Any, *data: Any) -> Any:
        def one(key: Any) -> Any:
            start = jax.random.uniform(key, (n,), minval=-1.0, maxval=1.0)
            options = {"step_size": 0.1, "trajectory_length": TRAJECTORY, "rng_key": key}
            return init(start, warmup, model_args=data, model_kwargs={}, **options)

        return jax.vmap(one)(keys)

    @jax.jit
    def move(states: Any, *data: Any) -> Any:
        def step(state: Any, _: None) -> Any:
            state = sample(state, data, {})
            return state, (state.z, state.diverging)

        return jax.vmap(lambda state: jax.lax.scan(step, state, None, CHUNK))(states)

    return begin, move


def _convergence(z: np.ndarray, divergences: int) -> Convergence:
    """Return how chains of shape (n_chains, n_kept, n_variables) mixed."""
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    chains, kept, _ = z.shape
    rhat, draws = split_gelman_rubin(z).max(), effective_sample_size(z).min()
    return Convergence(float(rhat), float(draws), divergences, chains, kept)
