"""The effect of a treatment of a few units in a panel of counts, judged by what other units and other dates would show.

Poisson regression with an effect for each unit and each period (Gourieroux, Monfort and Trognon 1984; Wooldridge 1999).
With a handful of units its cluster-robust errors are far too small; the tests here rank a studentised score among those for
all other choices of the treated units, or for earlier dates (Fisher 1935; Conley and Taber 2011; MacKinnon and Webb 2020). A
rank among 15 has no p-value below 1/15: the smallest that a panel allows stands beside each.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of
from helpers.stats.estimate import Estimate
from helpers.stats.panels.permutation import Permutation, accepted, arrangements, rank, smallest_p
from helpers.stats.panels.two_way import log_ratios, scores, spans_of
from helpers.stats.panels.unit_panel import Panel, Treated, When, panel_of


@dataclass(frozen=True)
class PanelFit:
    """The rate ratio of a treatment (``ratio``) in a ``panel``."""

    panel: Panel
    ratio: float

    def by_units(
        self,
        generator: np.random.Generator,
        *,
        draws: int = 999,
        level: float = 0.95,
        interval: bool = True,
    ) -> Permutation:
        """Rank the effect's score among those of all other choices of treated units (``draws`` of them when there are more).

        Exact when which units were treated is as good as drawn by lot. The interval holds the ratios that, divided out of
        the treated units' counts, the same test does not reject; there is none when no p-value of 1 - ``level`` is possible.
        """
        values, treated = self.panel.counts.to_numpy(), self.panel.since >= 0
        if len(values) < 3:
            raise InputError(
                "two periods show no variation to judge a change by: expected at least three"
            )
        rows, exact = arrangements(self.panel.kinds, draws, generator_of(generator))
        cells = treated[self.panel.kinds].T

        def drawn(log: float) -> np.ndarray:
            return scores(values * np.where(cells, np.exp(-log), 1.0), treated, rows)

        found = drawn(0.0)
        least, ends, notes = smallest_p(found), (None, None), ()
        if least > 1 - level_of(level) + 1e-12:
            notes = (
                f"the smallest p-value that {len(rows)} choices allow is {least:.3f}: no {100 * level:.3g} % interval",
            )
        elif interval and self.ratio > 0:
            ends = accepted(lambda log: rank(drawn(log)), float(np.log(self.ratio)), 1 - level)
            if ends[0] == 0 or ends[1] == np.inf:
                notes = ("no ratio on one side is rejected: the interval has no end there",)
        what = f"{'all' if exact else 'a sample of'} {len(rows)} choices of the treated units"
        return self._permutation(found, least, exact, what, ends, level, notes)

    def by_dates(self, *, before: int = 12) -> Permutation:
        """Rank the effect's score among those for earlier dates, on the periods before any treatment.

        All treatment dates are moved back together, and the panel's end with them, until no treated period is left and as
        long as ``before`` (2 or more) periods come first. A rank gives no interval. Placebo dates near each other share
        their periods: the p-value is approximate.
        """
        earliest, length = int(self.panel.first.min()), len(self.panel.counts)
        before = max(before, 2)
        lags = range(length - earliest, earliest - before + 1)
        if not len(lags):
            raise InputError(
                f"no date before {self.panel.counts.index[earliest]} has {before} periods before it "
                f"and {length - earliest} after it; lengthen the panel or ask for fewer periods before"
            )
        values, treated, kinds = (
            self.panel.counts.to_numpy(),
            self.panel.since >= 0,
            self.panel.kinds[None],
        )
        found = np.array(
            [scores(values[: length - lag], treated[:, lag:], kinds)[0] for lag in (0, *lags)]
        )
        return self._permutation(
            found, 1 / len(found), True, f"{len(lags)} earlier dates", (None, None), 0.95
        )

    def _permutation(
        self,
        drawn: np.ndarray,
        least: float,
        exact: bool,
        what: str,
        ends: tuple,
        level: float,
        notes: tuple[str, ...] = (),
    ) -> Permutation:
        method = f"Poisson with unit and period effects, rank among {what}, smallest p {least:.3f}"
        estimate = Estimate(
            self.ratio,
            *ends,
            rank(drawn),
            self.panel.counts.size,
            method,
            level,
            self.panel.warnings + notes,
        )
        return Permutation(estimate, drawn, least, exact)


def panel_effect(
    panel: pd.DataFrame, treated: Treated, at: When | None = None, *, least: float = 1
) -> PanelFit:
    """Fit counts with an effect for each unit, one for each period, and one ratio for the treated from their dates on.

    ``panel``: regular periods (rows) by units (columns). ``treated``: the names of units treated from ``at`` on, or a
    mapping of each name to its own date; ``least`` as in :func:`helpers.stats.panels.unit_panel.panel_of`. With several dates the
    one ratio is an average that weighs early and late treatment unevenly when the effect grows or fades (Goodman-Bacon
    2021). Large units weigh most, as the ratio is one of totals. Raises :class:`InputError` for unknown units, dates outside
    the panel, no unit never treated, and counts that determine no ratio.
    """
    ready = panel_of(panel, treated, at, least=least)
    labels, sums = spans_of((ready.since >= 0).astype(int), ready.counts.to_numpy())
    log = float(log_ratios(sums, labels, ready.kinds[None])[0, 0])
    if not log < np.inf:
        raise InputError(
            "the counts determine no ratio: the treated units need some before their dates, the others some in "
            "the same spans; lengthen the panel or add units"
        )
    notes = (
        ("the treated units have no count after their dates: the ratio is 0",)
        if log == -np.inf
        else ()
    )
    return PanelFit(Panel(ready.counts, ready.first, ready.warnings + notes), float(np.exp(log)))


def clustered_contrast(
    panel: pd.DataFrame, treated: Treated, at: When | None = None, level: float = 0.95
) -> Estimate:
    """Return the same ratio with cluster-robust (CRV1) errors and Student's t: a contrast, not for use with few units.

    By pyfixest; as many degrees of freedom as units less one. With few treated units it rejects a true null far too often
    (MacKinnon and Webb 2020).
    """
    import pyfixest
    from scipy.stats import t

    ready = panel_of(panel, treated, at)
    after = np.arange(len(ready.counts))[:, None] >= ready.first.to_numpy()
    periods, units = np.indices(ready.counts.shape)
    long = pd.DataFrame(
        {
            "y": ready.counts.to_numpy().ravel(),
            "after": after.ravel().astype(float),
            "unit": units.ravel(),
            "period": periods.ravel(),
        }
    )
    fit = pyfixest.fepois("y ~ after | unit + period", long, vcov={"CRV1": "unit"})
    value, error, degrees = (
        float(fit.coef()["after"]),
        float(fit.se()["after"]),
        ready.counts.shape[1] - 1,
    )
    reach = t.ppf(0.5 + level_of(level) / 2, degrees) * error
    return Estimate(
        float(np.exp(value)),
        float(np.exp(value - reach)),
        float(np.exp(value + reach)),
        float(2 * t.sf(abs(value) / error, degrees)),
        ready.counts.size,
        f"contrast: CRV1, t with {degrees} degrees of freedom; over-rejects with few treated units",
        level,
    )
