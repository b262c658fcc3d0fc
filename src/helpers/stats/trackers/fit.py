"""Fit the measurement model, and refuse a fit that did not converge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.trackers.design import Design, design
from helpers.stats.trackers.model import (
    Priors,
    assumed,
    expected,
    log_density,
    named,
    size,
    spreads,
)

STEPS = 25  # of Newton's method
CHUNK = 50  # draws at a time
TRAJECTORY = 1.6  # about a quarter turn where the posterior is about standard normal
LARGEST_RHAT, LEAST_DRAWS = 1.01, 400.0
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
        if self.rhat < LARGEST_RHAT and self.draws >= LEAST_DRAWS and not self.divergences:
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
        ``intensity`` (components, units, months), ``drift`` (nets, years), ``level``, ``noise`` and
        the expected figures, ``mean``.
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
    arranged = design(figures, anchor, units)
    return Sampler(arranged, priors, chains, warmup, kept).draw(arranged.value, seed)


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

    def draw(self, value: np.ndarray, seed: int) -> Fit:
        """Return draws from the posterior given some figures.

        Parameters
        ----------
        value : numpy.ndarray of float, shape (n_figures,)
            The figures.
        seed : int
            The same seed gives the same draws.

        Returns
        -------
        Fit
        """
        value = np.asarray(value, float)
        centre, root = self._mode(value, np.zeros(self.n))
        tried, _ = self._run(seed, self.warmup // 2, self.warmup // 2, value, centre, root)
        # The scales are known now, about: the axes are laid once more.
        centre, root = self._mode(value, tried.mean(axis=(0, 1)))
        z, lost = self._run(seed + 1, self.warmup, self.kept, value, centre, root)
        shown = self._shown(z.reshape(-1, self.n))
        draws = {name: np.asarray(one) for name, one in shown.items()}
        return Fit(self.design, draws, _convergence(z, lost))

    def _run(
        self, seed: int, dropped: int, kept: int, value: Any, centre: Any, root: Any
    ) -> tuple[np.ndarray, int]:
        """Return draws of the variables, (n_chains, n_kept, n_variables), and divergences."""
        import jax

        state = self._begin(
            jax.random.split(jax.random.PRNGKey(seed), self.chains), value, centre, root
        )
        found, lost = [], 0
        for number in range(-(-(dropped + kept) // CHUNK)):
            state, (draws, diverging) = self._move(state, value, centre, root)
            since = max(dropped - number * CHUNK, 0)
            found.append(np.asarray(draws)[:, since:])
            lost += int(np.asarray(diverging)[:, since:].sum())
        return centre + np.concatenate(found, axis=1)[:, :kept] @ root.T, lost

    def _mode(self, value: np.ndarray, scales: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the mode given the scales, and a root of the inverse information there."""
        z = np.where(self._scales, scales, 0.0)
        for _ in range(STEPS):
            slope, bend = self._newton(z, value)
            step = np.linalg.solve(bend, slope)
            z = z + step * min(1.0, 2.0 / np.abs(step).max())
        variance, axes = np.linalg.eigh(np.asarray(self._newton(z, value)[1]))
        return z, axes / np.sqrt(variance)


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
