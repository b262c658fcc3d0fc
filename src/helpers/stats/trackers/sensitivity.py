"""What the pooled series says under other assumptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.stats.parallel import over
from helpers.stats.trackers.design import design
from helpers.stats.trackers.fit import EXTENSIONS, Sampler
from helpers.stats.trackers.pooled import coverage_ratio, ratio, year
from helpers.stats.trackers.variables import Priors

ASSUMED = Priors()
CHAINS, WARMUP, KEPT = 4, 300, 600
FACTORS: Mapping[str, Mapping[str, float]] = {
    "as assumed": {},
    "no error that all share": {"common": 0.0},
    "an error that all share of twice the size": {"common": 2.0},
    "drift halved": {"drift": 0.5},
    "drift doubled": {"drift": 2.0},
    "walk halved": {"walk": 0.5},
    "walk doubled": {"walk": 2.0},
}


@dataclass(frozen=True)
class Variant:
    """The pooled series under one other assumption.

    Attributes
    ----------
    name : str
        The assumption in words.
    figures : pandas.DataFrame
        The figures.
    anchor : str
        Their anchor.
    priors : Priors
        Scales of the priors.
    """

    name: str
    figures: pd.DataFrame
    anchor: str
    priors: Priors


def variants(
    figures: pd.DataFrame,
    anchor: str,
    without: Sequence[str] = (),
    anchors: Sequence[str] = (),
    priors: Priors = ASSUMED,
) -> list[Variant]:
    """Return the assumptions under which the pooled series is made again.

    Parameters
    ----------
    figures : pandas.DataFrame
        As :func:`~helpers.stats.trackers.design.design` takes them; with ``lowest``, where there is
        one: the least that a figure may be (missing: the figure itself).
    anchor : str
        Their anchor.
    without : sequence of str
        Sources that are left out, one in each variant; without the anchor the first of ``anchors``
        stands in.
    anchors : sequence of str
        Other anchors.
    priors : Priors
        The priors, of which one is another in each of :data:`FACTORS`.

    Returns
    -------
    list of Variant

    Examples
    --------
    >>> figures = pd.DataFrame({"source": ["P", "Q"]})
    >>> [one.name for one in variants(figures, "P", without=["Q"], anchors=["Q"])][-2:]
    ['without Q', 'the anchor is Q']
    """
    found = [
        Variant(
            name,
            figures,
            anchor,
            replace(priors, **{key: getattr(priors, key) * by for key, by in factors.items()}),
        )
        for name, factors in FACTORS.items()
    ]
    found += [
        Variant(f"without {name}", figures[figures["source"] != name], other, priors)
        for name in without
        for other in ([anchor] if name != anchor else anchors[:1])
    ]
    if "lowest" in figures:
        least = figures.assign(value=figures["lowest"].fillna(figures["value"]))
        found.append(Variant("the lowest that figures may be", least, anchor, priors))
    return found + [Variant(f"the anchor is {name}", figures, name, priors) for name in anchors]


def sensitivity(assumed: Sequence[Variant], last: int, seed: int, workers: int = 1) -> pd.DataFrame:
    """Return the yearly ratios under each assumption.

    Parameters
    ----------
    assumed : sequence of Variant
        The assumptions.
    last : int
        The last of the three years that are compared.
    seed : int
        Of the fits: all have the same, so that they differ by what is assumed.
    workers : int
        Processes; the answers do not depend on it.

    Returns
    -------
    pandas.DataFrame, one row an assumption, quantity and pair of years
        ``assumption``, ``quantity`` (``coverage.SOURCE`` is that of its attacks), ``after`` (year),
        the median ``value`` with its interval of 95 % (``low`` and ``high``), and ``rhat`` of the
        whole chains.
    """
    tasks = [(one, last, seed) for one in assumed]
    found = over(_ratios, tasks, np.random.default_rng(seed), workers=workers)
    return pd.concat(found, ignore_index=True)


def _ratios(task: tuple[Variant, int, int], _: np.random.Generator) -> pd.DataFrame:
    one, last, seed = task
    arranged = design(one.figures, one.anchor)
    sampler = Sampler(arranged, one.priors, CHAINS, WARMUP, KEPT)
    fit = sampler.draw(arranged.value, seed, EXTENSIONS)
    rows = []
    for after in (last - 1, last):
        years, at = (year(after), year(after - 1)), arranged.years.index(after)
        found = {
            "attacks": ratio(fit, "attacks", *years),
            "victims": ratio(fit, "victims", *years),
            "killed_per_attack": ratio(fit, "killed_in_attacks", *years, per="attacks"),
        }
        found |= {
            f"coverage.{source}": coverage_ratio(fit, source, "attacks", after, after - 1)
            for net, (source, quantity) in zip(arranged.net_of_level, arranged.levels)
            if quantity == "attacks" and arranged.covered[net, at - 1 : at + 1].all()
        }
        rows += [
            (one.name, name, after, got.value, got.low, got.high, fit.convergence.rhat)
            for name, got in found.items()
        ]
    names = ["assumption", "quantity", "after", "value", "low", "high", "rhat"]
    return pd.DataFrame(rows, columns=names)
