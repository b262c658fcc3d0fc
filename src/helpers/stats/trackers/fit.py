"""Fit the measurement model, and refuse a fit that did not converge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.trackers.design import Design, design
from helpers.stats.trackers.model import Priors, assumed, expected, log_density, named, size, spreads

STEPS = 25
LARGEST_RHAT, LEAST_DRAWS = 1.01, 400.0
KEPT = ("intensity", "coverage", "mean", "noise")


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
    priors: Priors = Priors(),
    chains: int = 4,
    warmup: int = 500,
    kept: int = 500,
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
        self, arranged: Design, priors: Priors, chains: int = 4, warmup: int = 200, kept: int = 500
    ) -> None:
        import jax
        import jax.numpy as jnp
        import numpyro

        numpyro.enable_x64()
        from numpyro.infer import MCMC, NUTS, init_to_uniform

        self.design, self.n = arranged, size(arranged)

        def cost(z: Any, value: Any) -> Any:
            return -log_density(arranged, priors, z, value)

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
        moves = NUTS(
            _whitened(self.n, jax.jit(cost)),
            target_accept_prob=0.9,
                        init_strategy=init_to_uniform(radius=1.0),
        )
        self._chains = MCMC(
            moves,
            num_warmup=warmup,
            num_samples=kept,
            num_chains=chains,
            chain_method="vectorized",
            progress_bar=False,
            jit_model_args=True,
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
        import jax

        value = np.asarray(value, float)
        centre, root = self._mode(value, np.zeros(self.n))
        self._chains.run(
            jax.random.PRNGKey(seed), value, centre, root, extra_fields=("diverging", "num_steps")
        )
        moved = np.asarray(self._chains.get_samples(group_by_chain=True)["w"])
        z = centre + moved @ root.T
        shown = self._shown(z.reshape(-1, self.n))
        diverging = np.asarray(self._chains.get_extra_fields()["diverging"])
        draws = {name: np.asarray(one) for name, one in shown.items()}
        return Fit(self.design, draws, _convergence(z, int(diverging.sum())))

    def _mode(self, value: np.ndarray, scales: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the mode given the scales, and a root of the inverse information there."""
        z = np.where(self._scales, scales, 0.0)
        for _ in range(STEPS):
            slope, bend = self._newton(z, value)
            step = np.linalg.solve(bend, slope)
            z = z + step * min(1.0, 2.0 / np.abs(step).max())
        variance, axes = np.linalg.eigh(np.asarray(self._newton(z, value)[1]))
        return z, axes / np.sqrt(variance)


def _whitened(n: int, cost: Any) -> Any:
    """Return a NumPyro model of the posterior in coordinates about its mode."""

    def posterior(value: Any, centre: Any, root: Any) -> None:
        import numpyro
        import numpyro.distributions as dist

        w = numpyro.sample("w", dist.ImproperUniform(dist.constraints.real_vector, (), (n,)))
        numpyro.factor("posterior", -cost(centre + root @ w, value))

    return posterior


def _convergence(z: np.ndarray, divergences: int) -> Convergence:
    """Return how chains of shape (n_chains, n_kept, n_variables) mixed."""
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    chains, kept, _ = z.shape
    rhat, draws = split_gelman_rubin(z).max(), effective_sample_size(z).min()
    return Convergence(float(rhat), float(draws), divergences, chains, kept)
