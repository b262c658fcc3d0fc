"""The effect of a treatment of a few units in a panel of counts.

It is judged by what other units and other dates would show. Poisson regression with an effect for
each unit and each period (Gourieroux, Monfort and Trognon 1984; Wooldridge 1999). With a handful of
units its cluster-robust errors are far too small; the tests here rank a studentised score among
those for all other choices of the treated units, or for earlier dates (Fisher 1935; Conley and
Taber 2011; MacKinnon and Webb 2020). Ranks compare like with like only if the score of a large or
noisy unit is no larger by chance: it is one of counts weighted by their noise, in standard errors
from what they did before any treatment, memory included. A rank among 15 has no p-value below 1/15:
the smallest that a panel allows stands beside each.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of
from helpers.stats.estimate import Estimate, wald_ratio
from helpers.stats.panels.permutation import Permutation, accepted, arrangements, rank, smallest_p
from helpers.stats.panels.two_way import log_ratios, scores, spans_of, working_weights
from helpers.stats.panels.unit_panel import Panel, Treated, When, panel_of

FEW_PERIODS = 8

Ends = tuple[float | None, float | None]


@dataclass(frozen=True)
class PanelFit:
    """The rate ratio of a treatment in a panel of counts.

    Attributes
    ----------
    panel : Panel
        Counts and dates of treatment.
    ratio : float
        Counts of the treated over what they would have been, without unit.
    """

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
        """Rank the effect's score among those of all other choices of treated units.

        Exact when which units were treated is as good as drawn by lot, close to it when the treated
        are larger, noisier or slower than the others. The interval holds the ratios that, divided
        out of the treated units' counts, the same test does not reject; there is none when no
        p-value of 1 - ``level`` is possible.

        Parameters
        ----------
        generator : numpy.random.Generator
            Draws choices where there are more than ``draws`` + 1.
        draws : int
            Number of choices to draw.
        level : float
            Confidence level of the interval, between 0 and 1.
        interval : bool
            Search for the interval, which takes most of the time.

        Returns
        -------
        Permutation
            The ratio with its rank p-value; scores in standard errors.

        Raises
        ------
        InputError
            When one period comes before the first date, or a seed stands in for the generator.

        Examples
        --------
        One of four units doubles: no other choice scores as much, so p is 1/4, too much for an
        interval of 95 %.

        >>> import numpy as np, pandas as pd
        >>> years = pd.period_range("2018", periods=4, freq="Y")
        >>> table = pd.DataFrame(
        ...     {"a": [10, 10, 20, 20], "b": [9, 11, 10, 10], "c": [30] * 4, "d": [19, 20, 21, 20]},
        ...     years,
        ... )
        >>> found = panel_effect(table, "a", "2020").by_units(np.random.default_rng(1))
        >>> found.estimate.p, found.smallest_p, found.exact, found.estimate.low
        (0.25, 0.25, True, None)
        """
        values, treated = self.panel.counts.to_numpy(), self.panel.since >= 0
        if self.panel.first.min() < 2:
            raise InputError(
                "one period before the first date shows no variation to judge a change by: "
                "expected at least two"
            )
        rows, exact = arrangements(self.panel.kinds, draws, generator_of(generator))
        cells = treated[self.panel.kinds].T

        def drawn(log: float) -> np.ndarray:
            return scores(values * np.where(cells, np.exp(-log), 1.0), treated, rows)

        found = drawn(0.0)
        ends, notes = self._interval(drawn, found, level_of(level), interval)
        what = f"{'all' if exact else 'a sample of'} {len(rows)} choices of the treated units"
        return self._permutation(found, smallest_p(found), exact, what, ends, level, notes)

    def _interval(
        self, drawn: Callable[[float], np.ndarray], found: np.ndarray, level: float, interval: bool
    ) -> tuple[Ends, tuple[str, ...]]:
        """Return the ends of the ratios not rejected, or None where there are none to find.

        ``drawn`` gives the scores of all choices once a log ratio is divided out.
        """
        if smallest_p(found) > 1 - level + 1e-12:
            said = (
                f"the smallest p-value that {len(found)} choices allow is {smallest_p(found):.3f}: "
                f"no {100 * level:.3g} % interval"
            )
            return (None, None), (said,)
        if not interval or self.ratio <= 0:
            return (None, None), ()
        # 1 - 0.8 is a little less than a fifth: a rank p of exactly the level is rejected.
        alpha = 1 - level + 1e-9
        ends = accepted(lambda log: rank(drawn(log)), self._centre(), alpha)
        notes: tuple[str, ...] = ()
        if ends[0] == 0 or ends[1] == np.inf:
            notes += ("no ratio on one side is rejected: the interval has no end there",)
        if not ends[0] <= self.ratio <= ends[1]:
            notes += (
                "the ratio of totals lies outside the interval of the test, in which large units "
                "weigh less: units of different size moved differently",
            )
        return ends, notes

    def _centre(self) -> float:
        """Return the log ratio of weighted counts, or of totals where those determine none."""
        values = self.panel.counts.to_numpy()
        weighted = values * working_weights(values[: self.panel.first.min()])
        labels, sums = spans_of((self.panel.since >= 0).astype(int), weighted)
        log = float(log_ratios(sums, labels, self.panel.kinds[None])[0, 0])
        return log if np.isfinite(log) else float(np.log(self.ratio))

    def by_dates(self, *, before: int = 12) -> Permutation:
        """Rank the effect's score among those for earlier dates, before any treatment.

        All treatment dates are moved back together, and the panel's end with them, until no treated
        period is left and as long as ``before`` periods come first. A rank gives no interval.
        Placebo dates near each other share their periods: the p-value is approximate.

        Parameters
        ----------
        before : int
            Periods before the earliest placebo date; below 2 it is 2.

        Returns
        -------
        Permutation
            The ratio with its rank p-value; scores in standard errors, the actual dates first.

        Raises
        ------
        InputError
            When no earlier date has enough periods before it and after it.

        Examples
        --------
        With one period from the date on there are 8 - 1 - 3 = 4 earlier dates, so p is 1/5 at best.

        >>> import pandas as pd
        >>> years = pd.period_range("2014", periods=8, freq="Y")
        >>> a, b = [10, 11, 9, 10, 11, 9, 10, 30], [20, 19, 21, 20, 19, 20, 21, 20]
        >>> fit = panel_effect(pd.DataFrame({"a": a, "b": b}, years), "a", "2021")
        >>> found = fit.by_dates(before=3)
        >>> len(found.drawn), found.smallest_p
        (5, 0.2)
        """
        earliest, length = int(self.panel.first.min()), len(self.panel.counts)
        before = max(before, 2)
        lags = range(length - earliest, earliest - before + 1)
        if not len(lags):
            raise InputError(
                f"no date before {self.panel.counts.index[earliest]} has {before} periods before "
                f"it and {length - earliest} after it; "
                "lengthen the panel or ask for fewer periods before"
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
        ends: Ends,
        level: float,
        notes: tuple[str, ...] = (),
    ) -> Permutation:
        method = f"Poisson with unit and period effects, rank among {what}, smallest p {least:.3f}"
        before = int(self.panel.first.min())
        if before < FEW_PERIODS:
            notes += (
                f"{before} periods before the first date show little of each unit's noise: "
                "the rank is rough",
            )
        low, high = ends
        estimate = Estimate(
            self.ratio,
            low,
            high,
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
    """Fit counts with unit and period effects and one ratio for the treated from their dates on.

    With several dates the one ratio is an average that weighs early and late treatment unevenly
    when the effect grows or fades. Large units weigh most, as the ratio is one of totals.

    Parameters
    ----------
    panel : pandas.DataFrame of int, shape (t, u), regular periods by units
        Counts.
    treated : str, iterable of str, or mapping of str to date
        The names of units treated from ``at`` on, or each name with its own date.
    at : str, pandas.Period or pandas.Timestamp, optional
        The date of the units that ``treated`` only names.
    least : float
        Smallest sum of counts that an untreated unit needs before the first date to be kept.

    Returns
    -------
    PanelFit
        The ratio, to be tested by units or by dates.

    Raises
    ------
    InputError
        For unknown units, dates outside the panel, no unit never treated, what is no count, and
        counts that determine no ratio.

    References
    ----------
    Gourieroux, Monfort and Trognon (1984), Pseudo maximum likelihood methods: applications to
    Poisson models. Wooldridge (1999), Distribution-free estimation of some nonlinear panel data
    models. Goodman-Bacon (2021), Difference-in-differences with variation in treatment timing.

    Examples
    --------
    "a" goes from 20 to 40 while the others stay at 100 in two years each.

    >>> import pandas as pd
    >>> years = pd.period_range("2018", periods=4, freq="Y")
    >>> table = pd.DataFrame({"a": [10, 10, 20, 20], "b": [20] * 4, "c": [30] * 4}, years)
    >>> round(panel_effect(table, "a", "2020").ratio, 6)
    2.0
    """
    ready = panel_of(panel, treated, at, least=least)
    labels, sums = spans_of((ready.since >= 0).astype(int), ready.counts.to_numpy())
    log = float(log_ratios(sums, labels, ready.kinds[None])[0, 0])
    if not log < np.inf:
        raise InputError(
            "the counts determine no ratio: the treated units need some before their dates, the "
            "others some in the same spans; lengthen the panel or add units"
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
    """Return the ratio of a panel with cluster-robust (CRV1) errors: a contrast, not for use.

    By pyfixest, with Student's t of as many degrees of freedom as units less one. With few treated
    units it rejects a true null far too often.

    Parameters
    ----------
    panel : pandas.DataFrame of int, shape (t, u), regular periods by units
        Counts.
    treated : str, iterable of str, or mapping of str to date
        The names of units treated from ``at`` on, or each name with its own date.
    at : str, pandas.Period or pandas.Timestamp, optional
        The date of the units that ``treated`` only names.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        The ratio of :func:`panel_effect`, without unit; ``n`` cells, periods by units.

    Raises
    ------
    InputError
        As :func:`panel_effect` does, but for counts that determine no ratio.

    References
    ----------
    MacKinnon and Webb (2020), Randomization inference for difference-in-differences with few
    treated clusters.

    Examples
    --------
    "a" doubles while the others go from 101 to 99: 2 over 99 / 101.

    >>> import pandas as pd
    >>> years = pd.period_range("2018", periods=4, freq="Y")
    >>> table = pd.DataFrame({"a": [9, 11, 21, 19], "b": [20, 21, 19, 20], "c": [30] * 4}, years)
    >>> found = clustered_contrast(table, "a", "2020")
    >>> round(found.value, 2), found.n
    (2.04, 12)
    """
    import pyfixest

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
    degrees = ready.counts.shape[1] - 1
    return wald_ratio(
        float(fit.coef()["after"]),
        float(fit.se()["after"]),
        ready.counts.size,
        f"contrast: CRV1, t with {degrees} degrees of freedom; over-rejects with few treated units",
        level=level_of(level),
        degrees=degrees,
        warnings=(
            *ready.warnings,
            "few treated units make this error too small: rank them instead",
        ),
    )
