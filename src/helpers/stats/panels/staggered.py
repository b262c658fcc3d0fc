"""Effects of a treatment that reaches units at different dates: one for each group and period.

A regression with unit and period effects compares late groups with early ones that are treated
already, and an effect that grows or fades then enters with the wrong sign (Goodman-Bacon 2021).
Callaway and Sant'Anna (2021) compare each group's change since its last untreated period with that
of units not treated meanwhile, period by period, and average afterwards. The estimates and their
influence functions are those of diff-diff, which agrees with the authors' R package ``did``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.checks import level_of, numbers, place_of, regular
from helpers.stats.estimate import Estimate
from helpers.stats.panels.unit_panel import When

if TYPE_CHECKING:
    from diff_diff import CallawaySantAnnaResults

FEW_UNITS = 12
Control = Literal["never", "not_yet"]


@dataclass(frozen=True)
class GroupTime:
    """Group-time effects and their averages, all in the unit of the outcome.

    Attributes
    ----------
    cells : pandas.DataFrame
        By ``group`` (first treated period) and ``period`` the ``effect``, its standard ``error``,
        ``low`` and ``high``; before the group's date they show whether trends were parallel.
    simple : Estimate
        Mean of the effects from each group's date on, by number of units.
    by_event : pandas.DataFrame
        The same columns by periods since treatment, below 0 before it.
    dynamic : Estimate
        Mean of ``by_event`` from 0 on: all lengths of treatment count alike.
    by_group : pandas.DataFrame
        The same columns by group, each the mean of its treated periods.
    covariance : pandas.DataFrame, periods since treatment by the same
        Of the effects in ``by_event``, for :mod:`helpers.stats.panels.parallel_trends`.
    """

    cells: pd.DataFrame
    simple: Estimate
    by_event: pd.DataFrame
    dynamic: Estimate
    by_group: pd.DataFrame
    covariance: pd.DataFrame


def group_time_effects(
    panel: pd.DataFrame,
    treated: Mapping[str, When],
    *,
    control: Control = "never",
    covariates: pd.DataFrame | None = None,
    universal: bool = False,
    level: float = 0.95,
) -> GroupTime:
    """Return the effect of treatment on each group of units in each period, and averages.

    Parameters
    ----------
    panel : pandas.DataFrame of float, shape (t, u), regular periods by units
        Outcome, without gaps.
    treated : mapping of str to date
        The first treated period of each unit that is ever treated.
    control : {"never", "not_yet"}
        Compare with units never treated, or with all that are not treated yet.
    covariates : pandas.DataFrame of float, shape (u, k), optional
        Traits of units, fixed over time, on which trends may depend; doubly robust.
    universal : bool
        Measure effects before treatment from the last untreated period too, as bounds on violations
        of parallel trends need them, and not each from the period before.
    level : float
        Confidence level of the intervals, between 0 and 1.

    Returns
    -------
    GroupTime
        Effects with pointwise intervals, clustered by unit; a warning where few units stand behind
        them.

    Raises
    ------
    InputError
        For unknown units, dates outside the panel, missing values, no unit treated after the first
        period, no unit never treated, or covariates that miss a unit.

    References
    ----------
    Callaway and Sant'Anna (2021), Difference-in-differences with multiple time periods.
    Goodman-Bacon (2021), Difference-in-differences with variation in treatment timing.

    Examples
    --------
    "a" and "b" rise by 3 from 2020 on, "c" and "d" follow the others' course.

    >>> import pandas as pd
    >>> years = pd.period_range("2018", periods=4, freq="Y")
    >>> table = pd.DataFrame(
    ...     {"a": [1, 2, 6, 7], "b": [2, 3, 7, 7], "c": [1, 2, 3, 4], "d": [5, 6, 7, 7.0]}, years
    ... )
    >>> found = group_time_effects(table, {"a": "2020", "b": "2020"})
    >>> round(found.simple.value, 6), found.cells["effect"].round(6).tolist()
    (3.0, [0.0, 3.0, 3.0])
    """
    from diff_diff import CallawaySantAnna

    values, first, notes = _checked(panel, treated)
    long, names = _long(values, first, covariates)
    model = CallawaySantAnna(
        control_group={"never": "never_treated", "not_yet": "not_yet_treated"}[_control(control)],
        base_period="universal" if universal else "varying",
        alpha=1 - level_of(level),
    )
    try:
        fit = model.fit(long, "y", "unit", "time", "first", covariates=names or None)
    except ValueError as error:
        raise InputError(f"the group-time effects cannot be estimated: {error}") from None
    return _answer(fit, values.index, control, level, notes + _few(first))


def _control(control: str) -> str:
    if control not in ("never", "not_yet"):
        raise InputError(f"control is '{control}': expected never or not_yet")
    return control


def _checked(
    panel: pd.DataFrame, treated: Mapping[str, When]
) -> tuple[pd.DataFrame, pd.Series, tuple[str, ...]]:
    """Return values, the number of each unit's first treated period (0 for never) and notes."""
    if not isinstance(panel, pd.DataFrame) or not panel.columns.is_unique:
        raise InputError("the panel is not a table with one column for each unit")
    index = regular(panel, "the panel")
    values = pd.DataFrame(
        {name: numbers(panel[name], f"unit {name}", 2) for name in panel.columns}, index=index
    )
    first = pd.Series(0, index=values.columns)
    for name, date in treated.items():
        if name not in values.columns:
            raise InputError(
                f"the panel has no unit '{name}'" + did_you_mean(str(name), values.columns)
            )
        place = place_of(date, index, f"the date of {name}")
        first[name] = 0 if place >= len(index) else place + 1
    always = first.index[(first == 1) | (first < 0)]
    values, first = values.drop(columns=always), first.drop(always)
    if not (first > 0).any() or (first > 0).all():
        raise InputError(
            "expected units that are treated after the first period and units never treated"
        )
    said = f"{len(always)} units treated from the first period on are left out"
    return values, first, (said,) if len(always) else ()


def _long(
    values: pd.DataFrame, first: pd.Series, covariates: pd.DataFrame | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return one row for each unit and period, and the names of its covariates."""
    periods, units = values.shape
    unit = np.tile(np.arange(units), periods)
    long = pd.DataFrame(
        {
            "unit": unit,
            "time": np.repeat(np.arange(1, periods + 1), units),
            "first": first.to_numpy()[unit],
            "y": values.to_numpy().ravel(),
        }
    )
    names: list[str] = []
    if covariates is None:
        return long, names
    for name in covariates.columns:
        traits = numbers(covariates[name].reindex(values.columns), f"covariate {name}")
        long[f"x{len(names)}"] = traits[unit]
        names.append(f"x{len(names)}")
    return long, names


def _few(first: pd.Series) -> tuple[str, ...]:
    """Return what to say where few units stand behind the errors."""
    groups = {"treated": int((first > 0).sum()), "never treated": int((first == 0).sum())}
    return tuple(
        f"{number} units are {which}: with fewer than {FEW_UNITS} the errors are too small"
        for which, number in groups.items()
        if number < FEW_UNITS
    )


def _answer(
    fit: "CallawaySantAnnaResults",
    index: pd.PeriodIndex,
    control: Control,
    level: float,
    notes: tuple[str, ...],
) -> GroupTime:
    from scipy.stats import norm

    cells = pd.DataFrame(
        [
            (index[group - 1], index[time - 1], cell["effect"], cell["se"], *cell["conf_int"])
            for (group, time), cell in fit.group_time_effects.items()
        ],
        columns=["group", "period", "effect", "error", "low", "high"],
    )
    events = fit.aggregate("event_study")
    labels = pd.Index(events.vcov_index.astype(int), name="since")
    covariance = pd.DataFrame(events.vcov, labels, labels)
    after = (labels >= 0) / (labels >= 0).sum()
    by_event = _rows(events.event_time.astype(int), events, "since")
    by_group = fit.aggregate("group")

    def estimate(value: float, error: float, what: str) -> Estimate:
        reach = float(norm.ppf(0.5 + level / 2)) * error
        p = float(2 * norm.sf(abs(value) / error)) if error > 0 else None
        method = f"group-time effects against units {control.replace('_', ' ')} treated, {what}"
        return Estimate(value, value - reach, value + reach, p, fit.n_obs, method, level, notes)

    mean = float(after @ by_event["effect"].reindex(labels))
    error = float(np.sqrt(after @ events.vcov @ after))
    return GroupTime(
        cells,
        estimate(float(fit.overall_att), float(fit.overall_se), "mean by units"),
        by_event,
        estimate(mean, error, "mean by periods since treatment"),
        _rows(pd.Index([index[int(group) - 1] for group in by_group.label]), by_group, "group"),
        covariance,
    )


def _rows(index: pd.Index | np.ndarray, found: object, name: str) -> pd.DataFrame:
    columns = {
        "effect": "att",
        "error": "se",
        "low": "conf_int_lower",
        "high": "conf_int_upper",
    }
    return pd.DataFrame(
        {column: getattr(found, theirs) for column, theirs in columns.items()},
        index=pd.Index(index, name=name),
    )
