"""Each source left out in turn, and its yearly changes predicted by the others.

A source that the fit has not seen changes from one year to the next as the violence does, times a
step of its net drawn from the prior of drift, with the noise of its figures. The fits are made
without the error that all sources share: it moves the pooled series and the source left out alike,
so that it leaves no trace in the prediction.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.stats.parallel import over
from helpers.stats.trackers.design import design
from helpers.stats.trackers.fit import Fit, Sampler
from helpers.stats.trackers.pooled import totals
from helpers.stats.trackers.quantities import QUANTITIES
from helpers.stats.trackers.variables import NOISE_WIDTH, SCALE_WIDTH, Priors

ASSUMED = Priors()
CHAINS, WARMUP, KEPT = 1, 150, 300
LEVEL = 0.8
NORMAL = 1e6  # degrees of freedom at which Student's t is a normal
# What the prediction would be, were one prior another: the priors of the fit stay.
VARIANTS: Mapping[str, Mapping[str, float]] = {
    "as assumed": {},
    "drift halved": {"drift": 0.5},
    "drift half as large again": {"drift": 1.5},
    "drift doubled": {"drift": 2.0},
    "steps without heavy tails": {"tail": NORMAL},
    "noise of a third": {"noise": 3.0},
    "noise three times larger": {"noise": 1 / 3},
}


def left_out(
    figures: pd.DataFrame, anchor: str, seed: int, priors: Priors = ASSUMED, workers: int = 1
) -> pd.DataFrame:
    """Return how the yearly changes of each source lie in what the other sources predict.

    Parameters
    ----------
    figures : pandas.DataFrame
        The figures of the whole, as :func:`~helpers.stats.trackers.design.design` takes them.
    anchor : str
        Its anchor; where that is left out, the source with most figures of attacks stands in, as
        changes have no scale.
    seed : int
        Of the fits and the predictions.
    priors : Priors
        Scales of the priors.
    workers : int
        Processes; the answers do not depend on it.

    Returns
    -------
    pandas.DataFrame, one row a prior, source, quantity and pair of years
        ``prior`` (one of :data:`VARIANTS`), ``source``, ``quantity``, ``before`` and ``after``
        (years), ``months`` of each, the change ``observed`` (a ratio), the median ``predicted``
        with its interval of 80 % (``low`` and ``high``), and ``place``: the share of predictions
        below the change.
    """
    tasks = [(figures, name, anchor, priors) for name in sorted(figures["source"].unique())]
    found = over(_predicted, tasks, np.random.default_rng(seed), workers=workers)
    return pd.concat(found, ignore_index=True)


def held(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return the share of yearly changes in their intervals of 80 %.

    Parameters
    ----------
    predictions : pandas.DataFrame
        As :func:`left_out` returns it.

    Returns
    -------
    pandas.DataFrame, one row a prior and source
        ``prior``, ``source`` (``all`` last), ``changes``, the share ``held`` and the mean ``width``
        (``high`` over ``low``).

    Examples
    --------
    >>> one = {"prior": "p", "source": "S", "observed": 1.0, "low": 0.5, "high": 2.0}
    >>> held(pd.DataFrame([one]))[["source", "held", "width"]].values.tolist()
    [['S', 1.0, 4.0], ['all', 1.0, 4.0]]
    """
    told = pd.concat([predictions, predictions.assign(source="all")])
    told["held"] = told["observed"].between(told["low"], told["high"])
    told["width"] = np.log(told["high"] / told["low"])
    groups = told.groupby(["prior", "source"], sort=False)
    means = groups[["held", "width"]].mean().assign(changes=groups.size())
    return means.assign(width=np.exp(means["width"])).reset_index()


def changes(figures: pd.DataFrame) -> pd.DataFrame:
    """Return what a source counts in the same months of two neighbouring years.

    Parameters
    ----------
    figures : pandas.DataFrame
        Figures of one source.

    Returns
    -------
    pandas.DataFrame, one row a quantity and pair of years
        ``quantity``, ``before`` and ``after`` (years), ``months`` (a tuple of numbers from 1 to
        12), ``earlier`` and ``later`` (counts). Months that only one of the years has, or has in a
        figure with others, are left out; so are pairs in which nothing was counted.

    Examples
    --------
    >>> runs = [tuple(pd.period_range(f"{year}-01", periods=6, freq="M")) for year in (2023, 2024)]
    >>> told = pd.DataFrame({"quantity": "attacks", "months": runs, "value": [10.0, 15.0]})
    >>> changes(told)[["after", "earlier", "later"]].values.tolist()
    [[2024.0, 10.0, 15.0]]
    """
    rows = []
    runs = figures["months"].map(lambda run: frozenset(month.month for month in run))
    years = figures["months"].map(lambda run: {month.year for month in run})
    inside = figures.assign(run=runs, year=years.map(min))[years.map(len) == 1]
    for quantity, ours in inside.groupby("quantity"):
        for before in sorted(set(ours["year"]) & set(ours["year"] - 1)):
            pair = [ours[ours["year"] == year] for year in (before, before + 1)]
            shared, (earlier, later) = _shared(*pair)
            if shared and earlier and later:
                rows.append((quantity, before, before + 1, shared, earlier, later))
    names = ["quantity", "before", "after", "months", "earlier", "later"]
    return pd.DataFrame(rows, columns=names)


def _shared(*pair: pd.DataFrame) -> tuple[tuple[int, ...], list[float]]:
    """Return the months that both years have in figures of their own, and both counts."""
    while True:
        sets = [frozenset().union(*one["run"]) for one in pair]
        both = sets[0] & sets[1]
        fewer = tuple(one[one["run"].map(both.issuperset).astype(bool)] for one in pair)
        if all(len(now) == len(then) for now, then in zip(fewer, pair)):
            return tuple(sorted(both)), [float(one["value"].sum()) for one in pair]
        pair = fewer


def _predicted(
    task: tuple[pd.DataFrame, str, str, Priors], rng: np.random.Generator
) -> pd.DataFrame:
    figures, source, anchor, priors = task
    theirs = figures["source"] == source
    others = figures[~theirs]
    if source == anchor:
        attacks = others.loc[others["quantity"] == "attacks", "source"]
        anchor = str(attacks.value_counts().idxmax())
    arranged = design(others, anchor)
    sampler = Sampler(arranged, replace(priors, common=0.0), CHAINS, WARMUP, KEPT)
    fit = sampler.draw(arranged.value, int(rng.integers(2**31)))
    rows = []
    for change in changes(figures[theirs]).to_dict("records"):
        if not set(QUANTITIES[change["quantity"]]) <= set(arranged.components):
            continue  # nobody else counts it
        violence = _violence(fit, change)
        if violence is None:
            continue  # nobody else counts these years
        for name, factors in VARIANTS.items():
            others_priors = {key: getattr(priors, key) * by for key, by in factors.items()}
            drawn = _drawn(change, violence, replace(priors, **others_priors), rng)
            rows.append(_row(name, source, change, drawn))
    return pd.DataFrame(rows)


def _violence(fit: Fit, change: Mapping) -> np.ndarray | None:
    """Return draws of the ratio of what happened, or nothing where the series does not reach."""
    after, before = (
        [pd.Period(year=change[year], month=month, freq="M") for month in change["months"]]
        for year in ("after", "before")
    )
    if fit.design.months.isin([*after, *before]).sum() < 2 * len(after):
        return None
    return totals(fit, change["quantity"], after) / totals(fit, change["quantity"], before)


def _drawn(
    change: Mapping, violence: np.ndarray, priors: Priors, rng: np.random.Generator
) -> np.ndarray:
    """Return draws of the change of a source that was not seen."""
    ratio = np.tile(violence, 10)
    scale = priors.drift * np.exp(SCALE_WIDTH * rng.normal(size=ratio.size))
    ratio = ratio * np.exp(scale * rng.standard_t(priors.tail, ratio.size))
    noise = np.exp(NOISE_WIDTH * rng.normal(size=ratio.size))
    size = priors.noise * noise * len(change["months"])
    # The same true count in the year before, about: what was counted, and what that lets expect.
    means = change["earlier"], np.minimum(change["earlier"] * ratio, 1e12)
    earlier, later = (rng.poisson(rng.gamma(size, mean / size)) + 0.5 for mean in means)
    return later / earlier


def _row(name: str, source: str, change: Mapping, drawn: np.ndarray) -> dict[str, object]:
    observed = change["later"] / change["earlier"]
    low, middle, high = np.quantile(drawn, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    return {
        "prior": name,
        "source": source,
        **{key: change[key] for key in ("quantity", "before", "after")},
        "months": len(change["months"]),
        "observed": observed,
        "predicted": float(middle),
        "low": float(low),
        "high": float(high),
        "place": float((drawn < observed).mean()),
    }
