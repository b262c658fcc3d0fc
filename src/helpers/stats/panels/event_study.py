"""An event study of counts: the rate ratio by time since treatment, against the last periods before it.

Poisson regression with an effect for each unit, each period and each bin of periods since treatment. Ratios before the
event (leads) show whether the treated moved like the others until then; those after it (lags) show how the effect grows
or fades. Inference is by permutation of the treated units (:mod:`helpers.stats.panels.permutation`). With several treatment dates a
bin averages over them with weights that other bins contaminate when the effect differs by date (Sun and Abraham 2021).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of
from helpers.stats.estimate import Estimate
from helpers.stats.panels.permutation import Permutation, arrangements, rank, smallest_p
from helpers.stats.panels.two_way import log_ratios, spans_of
from helpers.stats.panels.unit_panel import Panel, Treated, When, panel_of

REFERENCE = -1


@dataclass(frozen=True)
class EventStudy:
    """``table``: rel (first period of the bin, the event is 0), ratio, low, high; ``leads``: the joint test that nothing
    moved before the event, its estimate the largest of the leads' ratios; ``n`` cells and ``warnings``."""

    table: pd.DataFrame
    leads: Permutation
    n: int
    warnings: tuple[str, ...] = ()


def event_study(
    panel: pd.DataFrame,
    treated: Treated,
    at: When | None = None,
    *,
    generator: np.random.Generator,
    leads: int = 4,
    lags: int = 4,
    width: int = 3,
    draws: int = 999,
    level: float = 0.95,
    least: float = 1,
) -> EventStudy:
    """Fit an event study with ``leads`` bins before the event and ``lags`` from it on, each of ``width`` periods.

    ``panel``, ``treated``, ``at``, ``least`` as in :func:`helpers.stats.panels.panel.panel_effect`. The bin just before the event
    is the reference (ratio 1); the outermost bins hold all periods beyond. Intervals are pointwise: the estimated ratios are
    divided out of the treated units' counts, and the width is that of the estimates for other choices of the treated units.
    It is 0 to infinity where there are too few choices for ``level``, or too many units whose bins hold nothing: ask for
    more counts (``least``) or wider bins. Raises :class:`InputError` as ``panel_effect``
    does, and for bins that the counts say nothing about.
    """
    if leads < 2 or lags < 1 or width < 1:
        raise InputError(
            f"leads is {leads}, lags is {lags} and width is {width}: expected at least 2, 1 and 1"
        )
    ready = panel_of(panel, treated, at, least=least)
    bins, labels = _bins(ready, leads, lags, width)
    labels, sums = spans_of(labels, ready.counts.to_numpy())
    rows, exact = arrangements(ready.kinds, draws, generator_of(generator))
    logs = log_ratios(sums, labels, rows[:1])[0]
    if not (logs < np.inf).all():
        bad = bins[int(np.argmin(logs < np.inf))] * width
        raise InputError(
            f"the counts determine no ratio for the bin from period {bad} on; widen the bins"
        )
    factor = np.exp(-np.where(np.isfinite(logs), logs, 0.0))
    null = log_ratios(sums * np.r_[1.0, factor][labels[ready.kinds]], labels, rows)
    reach = _reach(np.abs(null[1:]), level_of(level))
    # Only effects after the event are divided out here: the leads are what is tested.
    after = np.r_[1.0, np.where(np.array(bins) >= 0, factor, 1.0)][labels[ready.kinds]]
    drawn = log_ratios(sums * after, labels, rows)[:, np.array(bins) < 0]
    return EventStudy(
        _table(np.array(bins) * width, logs, reach, REFERENCE * width),
        _joint(drawn, exact, ready),
        ready.counts.size,
        _warnings(ready, logs, reach, len(rows), level),
    )


def _bins(ready: Panel, leads: int, lags: int, width: int) -> tuple[list[int], np.ndarray]:
    """Return the bins that occur, the reference left out, and the label of each history and period (0 for no effect)."""
    which = np.clip(np.floor_divide(ready.since, width), -leads, lags - 1)
    which[0] = REFERENCE
    bins = [int(one) for one in np.unique(which[1:]) if one != REFERENCE]
    if min(bins, default=0) >= 0:
        raise InputError(
            f"no period lies before the reference bin of {width}: expected an earlier one to test the leads by"
        )
    return bins, np.select([which == one for one in bins], range(1, len(bins) + 1), 0)


def _table(rel: np.ndarray, logs: np.ndarray, reach: np.ndarray, reference: int) -> pd.DataFrame:
    """Return the ratios with their intervals by bin, the reference among them; a ratio of 0 has no upper end."""
    table = pd.DataFrame(
        {
            "rel": rel,
            "ratio": np.exp(logs),
            "low": np.exp(logs - reach),
            "high": np.exp(np.where(np.isneginf(logs), np.inf, logs) + reach),
        }
    )
    one = pd.DataFrame({"rel": [reference], "ratio": 1.0, "low": 1.0, "high": 1.0})
    return pd.concat([table, one]).sort_values("rel", ignore_index=True)


def _reach(sizes: np.ndarray, level: float) -> np.ndarray:
    """Return by bin the distance from which an estimate would be rejected, given those of all other arrangements."""
    beyond = int(np.floor((1 - level) * (len(sizes) + 1) + 1e-9)) - 1
    if beyond < 0:
        return np.full(sizes.shape[1], np.inf)
    sizes = np.where(np.isnan(sizes), np.inf, sizes)
    return np.sort(sizes, axis=0)[::-1][min(beyond, len(sizes) - 1)]


def _joint(drawn: np.ndarray, exact: bool, ready: Panel) -> Permutation:
    """Return the joint test of leads (arrangements by leads): the sum of their squares, each over its typical square."""
    sizes = np.where(np.isnan(drawn), np.inf, np.abs(drawn))
    typical = np.median(sizes, axis=0)
    usable = np.isfinite(typical) & (typical > 0)
    statistic = np.square(sizes[:, usable] / typical[usable]).sum(axis=1)
    if not usable.any() or not np.isfinite(statistic[0]):
        raise InputError(
            "the counts before the event are too few to test the leads; widen the bins"
        )
    largest = float(np.exp(drawn[0][np.argmax(np.abs(drawn[0]))]))
    method = (
        f"joint test of {drawn.shape[1]} leads, rank among {len(drawn)} choices of the treated units, "
        f"smallest p {smallest_p(statistic):.3f}"
    )
    estimate = Estimate(largest, None, None, rank(statistic), ready.counts.size, method)
    return Permutation(estimate, statistic, smallest_p(statistic), exact)


def _warnings(
    ready: Panel, logs: np.ndarray, reach: np.ndarray, choices: int, level: float
) -> tuple[str, ...]:
    said = list(ready.warnings)
    if len(np.unique(ready.kinds)) > 2:
        said.append(
            "several treatment dates: a bin mixes them, and bins contaminate each other when effects differ by date"
        )
    if np.isinf(reach).any():
        said.append(
            f"not every {100 * level:.3g} % interval has ends: {choices} choices of the treated units, or their "
            "counts, are too few"
        )
    if np.isneginf(logs).any():
        said.append("the treated units have no count in at least one bin: its ratio is 0")
    return tuple(said)
