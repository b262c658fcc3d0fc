"""The measurement model under trial, before it is believed.

Two trials. In **simulation-based calibration** (Talts et al. 2018) the truth is drawn from the
prior and the figures from the model: the rank of the truth among the draws of the fit is then
uniform, or the sampler or the model is wrong. **Planted worlds**
(:mod:`helpers.stats.trackers.simulate`) break what the model assumes: their yearly ratios should
lie in 90 to 99 of 100 intervals of 95 %.

The levels of the priors are centred by the figures of a design. Both trials therefore keep one
design and change the values that stand in it: its constants are part of the prior, and no data.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from helpers.stats.parallel import over
from helpers.stats.trackers.design import Design, design
from helpers.stats.trackers.fit import Convergence, Fit, Sampler
from helpers.stats.trackers.model import expected
from helpers.stats.trackers.pooled import totals, year
from helpers.stats.trackers.simulate import ANCHOR, LAST, WORLDS, World, counts
from helpers.stats.trackers.variables import Priors, named, prior_draw

SEED = 20241231  # of the trials: it is the same whatever a run is seeded with
SETS, EACH = 100, 9  # data sets drawn from the prior, and of each planted world
CHAINS, WARMUP, KEPT = 1, 150, 250
RANKS, BINS = 31, 8  # thinned draws among which the truth has its rank, and bars of the histogram
MIXED = 1.05  # R-hat of a quantity of one short chain, above which it is told as not mixed
WIDENED = ("B", "attacks")  # whose coverage is followed
MONTH = pd.Period(f"{LAST - 1}-06", "M")


def ranks(seed: int = SEED, sets: int = SETS, workers: int = 1) -> pd.DataFrame:
    """Return how the truth ranks among the draws of fits to figures that the model made.

    Parameters
    ----------
    seed : int
        Of the truths, the figures and the fits.
    sets : int
        Data sets.
    workers : int
        Processes; the answers do not depend on it.

    Returns
    -------
    pandas.DataFrame, one row a data set and quantity
        ``number``, ``quantity``, ``rank`` (0 to :data:`RANKS`) and ``rhat`` of the quantity.
    """
    found = over(_ranked, range(sets), np.random.default_rng(seed), workers=workers)
    return pd.concat(found, ignore_index=True)


def uniform(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return whether ranks are uniform.

    Parameters
    ----------
    ranked : pandas.DataFrame
        As :func:`ranks` returns it.

    Returns
    -------
    pandas.DataFrame, one row a quantity
        ``quantity``, ``sets``; ``p`` of a chi-square test over :data:`BINS` bars; ``middle``, the
        share of ranks in the middle half (above a half: intervals are too wide); ``not_mixed``, the
        share of data sets whose R-hat was above :data:`MIXED` (they are counted); ``bar_1`` and so
        on, ranks in each bar.

    Examples
    --------
    >>> even = pd.DataFrame({"quantity": "q", "rank": range(32), "rhat": 1.0})
    >>> uniform(even)[["sets", "p", "middle", "bar_1"]].values.tolist()
    [[32.0, 1.0, 0.5, 4.0]]
    """
    from scipy.stats import chisquare

    rows = []
    for quantity, ours in ranked.groupby("quantity", sort=False):
        bars = np.bincount(ours["rank"] * BINS // (RANKS + 1), minlength=BINS)
        row = {
            "quantity": quantity,
            "sets": len(ours),
            "p": float(chisquare(bars).pvalue),
            "middle": float(bars[BINS // 4 : -BINS // 4].sum() / bars.sum()),
            "not_mixed": float((ours["rhat"] > MIXED).mean()),
        }
        rows.append(row | {f"bar_{place}": int(bar) for place, bar in enumerate(bars, start=1)})
    return pd.DataFrame(rows)


def planted(
    seed: int = SEED, each: int = EACH, workers: int = 1, worlds: Sequence[World] = WORLDS
) -> pd.DataFrame:
    """Return how intervals hold the ratios that were planted in worlds of another making.

    Parameters
    ----------
    seed : int
        Of the worlds and the fits.
    each : int
        Data sets of each world.
    workers : int
        Processes; the answers do not depend on it.
    worlds : sequence of World
        The worlds.

    Returns
    -------
    pandas.DataFrame, one row a data set and ratio
        ``world``, ``ratio``, ``planted``, the median ``value`` with its interval of 95 % (``low``
        and ``high``), and ``rhat``.
    """
    tasks = [world for world in worlds for _ in range(each)]
    found = over(_recovered, tasks, np.random.default_rng(seed), workers=workers)
    return pd.concat(found, ignore_index=True)


def recovery(found: pd.DataFrame) -> pd.DataFrame:
    """Return the share of intervals that hold what was planted.

    Parameters
    ----------
    found : pandas.DataFrame
        As :func:`planted` returns it.

    Returns
    -------
    pandas.DataFrame, one row a world and ratio
        ``world``, ``ratio``, ``sets``, mean ``planted``, share ``held``, mean ``width`` (``high``
        over ``low``), mean ``error`` (geometric, of the median over the truth) and ``not_mixed``;
        a last world ``all`` has them together.

    Examples
    --------
    >>> one = {"world": "w", "ratio": "attacks", "planted": 2.0, "value": 2.0, "low": 1.0}
    >>> recovery(pd.DataFrame([one | {"high": 4.0, "rhat": 1.0}]))[["world", "held"]].values
    array([['w', 1.0],
           ['all', 1.0]], dtype=object)
    """
    told = pd.concat([found, found.assign(world="all")])
    told["held"] = told["planted"].between(told["low"], told["high"])
    told["width"] = np.log(told["high"] / told["low"])
    told["error"] = np.log(told["value"] / told["planted"])
    told["not_mixed"] = told["rhat"] > MIXED
    groups = told.groupby(["world", "ratio"], sort=False)
    means = groups[["planted", "held", "width", "error", "not_mixed"]].mean()
    means[["width", "error"]] = np.exp(means[["width", "error"]])
    return means.assign(sets=groups.size()).reset_index()


def followed(fit: Fit) -> dict[str, np.ndarray]:
    """Return draws of the quantities that the trials follow.

    Parameters
    ----------
    fit : Fit
        Of a design of :func:`~helpers.stats.trackers.simulate.printed`.

    Returns
    -------
    dict of str to numpy.ndarray of float, shape (n_draws,)
    """
    after, before = year(LAST), year(LAST - 1)

    def ratio(quantity: str) -> np.ndarray:
        return totals(fit, quantity, after) / totals(fit, quantity, before)

    coverage = fit.draws["coverage"][:, fit.design.levels.index(WIDENED)]
    return {
        "attacks": ratio("attacks"),
        "victims": ratio("victims"),
        "killed_per_attack": ratio("killed_in_attacks") / ratio("attacks"),
        "coverage": np.exp(coverage[:, -1] - coverage[:, -2]),
        "attacks_of_a_month": totals(fit, "attacks", [MONTH]),
    }


@lru_cache(maxsize=1)
def sampler() -> Sampler:
    """Return the sampler of the trials, compiled once in each process.

    Returns
    -------
    Sampler
        Its design is that of one planted world, whatever figures are drawn for.
    """
    figures, _ = WORLDS[0].draw(np.random.default_rng(SEED))
    return Sampler(design(figures, ANCHOR), Priors(), CHAINS, WARMUP, KEPT)


def _ranked(number: int, rng: np.random.Generator) -> pd.DataFrame:
    trial = sampler()
    truth = _one(trial.design, prior_draw(trial.design, Priors(), rng))
    mean, noise = truth.draws["mean"][0], truth.draws["concentration"][0]
    value = counts(mean, np.where(rng.random(mean.size) < Priors().error, 1.0, noise), rng)
    fit = trial.draw(value, int(rng.integers(2**31)))
    aims = followed(truth)
    rows = []
    for quantity, draws in followed(fit).items():
        thinned = draws[np.linspace(0, len(draws) - 1, RANKS).astype(int)]
        rank = int((thinned < aims[quantity][0]).sum())
        rows.append((number, quantity, rank, _rhat(draws)))
    return pd.DataFrame(rows, columns=["number", "quantity", "rank", "rhat"])


def _one(arranged: Design, z: np.ndarray) -> Fit:
    """Return one draw of the variables as a fit, so that both are asked the same."""
    found = expected(arranged, Priors(), named(arranged, z))
    draws = {name: np.asarray(one)[None] for name, one in found.items()}
    return Fit(arranged, draws, Convergence(1.0, 1.0, 0, 1, 1))


def _recovered(world: World, rng: np.random.Generator) -> pd.DataFrame:
    figures, truth = world.draw(rng)
    fit = sampler().draw(figures["value"].to_numpy(float), int(rng.integers(2**31)))
    draws = followed(fit)
    rows = []
    for ratio, aim in truth.items():
        low, middle, high = np.quantile(draws[ratio], [0.025, 0.5, 0.975])
        rows.append((world.name, ratio, aim, middle, low, high, _rhat(draws[ratio])))
    names = ["world", "ratio", "planted", "value", "low", "high", "rhat"]
    return pd.DataFrame(rows, columns=names)


def _rhat(draws: np.ndarray) -> float:
    from numpyro.diagnostics import split_gelman_rubin

    return float(split_gelman_rubin(np.log(draws).reshape(CHAINS, -1)))
