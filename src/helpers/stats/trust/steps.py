"""One pre-specified step in a count series, told whole: effect by every method in use, and what the test could have found.

What the chapters on causes share: the estimate with its interval (REML-GLS), the second primary test and the conservative
one, the rank among placebo dates, size and power under the noise of the series itself, the smallest effects within
reach, and whether the effect can be called too small to matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import When, interrupted
from helpers.stats.trust.equivalence import equivalence
from helpers.stats.trust.placebo import placebo_in_time
from helpers.stats.trust.power import Detectable, detectable, power_curve, world_of

EFFECTS = (0.35, 0.5, 0.65, 0.8, 1.0, 1.25, 1.6, 2.1, 3.0)


@dataclass(frozen=True)
class StepTest:
    """A tested step: ``reml`` (primary), ``bootstrap`` and ``local`` (second opinions), ``placebo`` (None without room for
    it), ``size`` and ``power`` at ``smallest`` (shares of simulated series), ``mde``, ``equal_p`` within ``margin``."""

    name: str
    at: str
    n: int
    reml: Estimate
    bootstrap: Estimate
    local: Estimate
    placebo: Estimate | None
    smallest: float
    size: float
    power: float
    mde: Detectable
    equal_p: float
    margin: float

    def row(self) -> dict[str, object]:
        """Return the test as a row of a table."""
        return {
            "series": self.name,
            "from": self.at,
            "months": self.n,
            "ratio": self.reml.value,
            "low": self.reml.low,
            "high": self.reml.high,
            "p_reml": self.reml.p,
            "p_bootstrap": self.bootstrap.p,
            "p_local": self.local.p,
            "p_placebo": self.placebo.p if self.placebo else np.nan,
            "size": self.size,
            f"power_at_{self.smallest:g}": self.power,
            "detectable_fall": self.mde.below or np.nan,
            "detectable_rise": self.mde.above or np.nan,
            "p_equal": self.equal_p,
        }

    def record(self, stage, key: str, source: str) -> None:
        """Record the test under ``key``: the ratio, and beside it (key_…) what a reader needs to weigh it."""
        stage.record(key, self.reml, unit="ratio of levels", source=source)
        beside = {
            "bootstrap_p": self.bootstrap.p,
            "local_p": self.local.p,
            "placebo_p": self.placebo and self.placebo.p,
            "size": self.size,
            "power": self.power,
            "detectable_fall": self.mde.below,
            "detectable_rise": self.mde.above,
            "equivalence_p": self.equal_p,
        }
        for name, value in beside.items():
            if value is not None:
                stage.record(
                    f"{key}_{name}", float(value), unit=name.replace("_", " "), source=source
                )


def step_test(
    name: str,
    series: pd.Series,
    at: When,
    generator: np.random.Generator,
    *,
    others: Iterable[When] = (),
    smallest: float = 0.75,
    margin: float = 1.25,
    harmonics: int = 2,
    order: int = 1,
    simulated: int = 120,
    before: int = 24,
    effects: Sequence[float] = EFFECTS,
) -> StepTest:
    """Test the step of a count ``series`` at ``at``, with ``others`` (steps stated beforehand) beside it.

    Size, power and detectable effects come from ``simulated`` series of the same length, mean and noise. Errors as in
    :func:`helpers.stats.months.interrupted.interrupted`.
    """
    steps = [at, *others]

    def fit(y: pd.Series, method: str) -> Estimate:
        return interrupted(
            y, steps, harmonics=harmonics, order=order, method=method, generator=generator
        ).effect()

    found = {method: fit(series, method) for method in ("reml", "bootstrap", "local level")}
    world = world_of(series, at, generator, harmonics=harmonics, order=order)
    curve = power_curve(
        lambda y, _: fit(y, "reml"),
        world.draw,
        sorted({*effects, smallest, 1.0}),
        generator,
        series=simulated,
    )
    powers = curve.set_index("effect")["power"]
    try:
        placebo = placebo_in_time(
            series, at, before=before, harmonics=harmonics, order=order
        ).effect()
    except InputError:
        placebo = None  # too little room before the event; the table shows a dash
    return StepTest(
        name,
        str(at),
        len(series),
        found["reml"],
        found["bootstrap"],
        found["local level"],
        placebo,
        smallest,
        float(powers[1.0]),
        float(powers[smallest]),
        detectable(curve),
        equivalence(found["reml"], margin).p,
        margin,
    )


def table(tests: Iterable[StepTest]) -> pd.DataFrame:
    """Return the tests one below the other."""
    return pd.DataFrame([test.row() for test in tests])


FORMATS = {
    "ratio": "{:.2f}",
    "low": "{:.2f}",
    "high": "{:.2f}",
    "p_reml": "{:.3f}",
    "p_bootstrap": "{:.3f}",
    "p_local": "{:.3f}",
    "p_placebo": "{:.2f}",
    "size": "{:.2f}",
    "detectable_fall": "{:.2f}",
    "detectable_rise": "{:.2f}",
    "p_equal": "{:.2f}",
    **{f"power_at_{value:g}": "{:.2f}" for value in (0.75, 1.25, 1.1)},
}


def false_alarms(
    series: pd.Series,
    at: When,
    generator: np.random.Generator,
    *,
    permutations: int = 200,
    before: int = 36,
    harmonics: int = 2,
    order: int = 1,
) -> dict[str, Estimate]:
    """Return how often the primary test finds a step where none is claimed, as shares with Wilson intervals.

    ``permuted``: the months of the series in random order, tested at ``at``; ``placebo``: the series up to each earlier date and as many
    periods as follow the event, tested there. Placebo dates are the series' own past, which may hold real steps.
    """
    from helpers.stats.checks import place_of, regular
    from helpers.stats.shares.proportion import proportion

    index = regular(series, "the series")
    event = place_of(at, index, "the date")
    after = len(series) - event

    def rejects(y: pd.Series, date: When) -> bool:
        return interrupted(y, date, harmonics=harmonics, order=order).effect().p <= 0.05

    shuffled = [
        rejects(pd.Series(generator.permutation(series.to_numpy()), index=index), at)
        for _ in range(permutations)
    ]
    earlier = [
        rejects(series.iloc[: date + after], index[date])
        for date in range(before, event - after + 1)
    ]
    found = {"permuted": proportion(sum(shuffled), len(shuffled))}
    return found | ({"placebo": proportion(sum(earlier), len(earlier))} if earlier else {})
