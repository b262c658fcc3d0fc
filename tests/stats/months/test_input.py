"""Every function of months that takes a series: an answer in numbers, or one sentence.

The functions are found by their signatures, so that a new one is tried as well.
"""

import datetime
import importlib
import inspect
import pkgutil
import warnings
from dataclasses import fields, is_dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import helpers.stats.months
from helpers.base.errors import InputError
from helpers.stats.months.gls import RHOS, _whiten

MONTHS = pd.period_range("2016-01", periods=48, freq="M")
GOOD = pd.Series(np.random.default_rng(1).poisson(40, 48), MONTHS)
# How to call what takes more than a series, by the name of the parameter.
GIVEN = {
    "comparison": lambda y: pd.Series(np.random.default_rng(2).poisson(9, 48), MONTHS),
    "second": lambda y: pd.Series(np.random.default_rng(2).poisson(9, 48), MONTHS),
    "steps": lambda y: "2018-01",
    "at": lambda y: "2018-01",
    "windows": lambda y: ("2018-01", "2018-04"),
    "lags": lambda y: [0, 1],
    "generator": lambda y: np.random.default_rng(3),
    "design": lambda y: pd.DataFrame({"const": 1.0, "trend": np.arange(float(len(y)))}),
    "draws": lambda y: 99,
    "grid": lambda y: RHOS,
    "whiten": lambda y: _whiten,
    "method": lambda y: "a grid",
}
OPTIONAL = ("draws", "generator", "steps")


def functions():
    """Return the public functions whose first parameter is a series, by name."""
    found = {}
    for one in pkgutil.iter_modules(helpers.stats.months.__path__):
        module = importlib.import_module(f"helpers.stats.months.{one.name}")
        for name, call in inspect.getmembers(module, inspect.isfunction):
            own = call.__module__ == module.__name__ and not name.startswith("_")
            first = next(iter(inspect.signature(call).parameters.values()), None)
            if own and first is not None and first.annotation is pd.Series:
                found[f"{one.name}.{name}"] = call
    return found


FUNCTIONS = functions()


def called(call, y, **more):
    """Call a function with a series, and with what its other parameters need."""
    for name, one in list(inspect.signature(call).parameters.items())[1:]:
        needed = one.default is inspect.Parameter.empty or name in OPTIONAL
        if needed and name not in more and one.kind is not inspect.Parameter.VAR_KEYWORD:
            assert name in GIVEN, f"say in GIVEN what {name} is"
            more[name] = GIVEN[name](y)
    return call(y, **more)


def numbers_in(found):
    """Return all numbers of an answer, save the p-values of worlds that a break leaves out."""
    if is_dataclass(found):
        names = [one.name for one in fields(found) if one.name != "worlds"]
        return [number for name in names for number in numbers_in(getattr(found, name))]
    if isinstance(found, (dict, list, tuple)):
        parts = found.values() if isinstance(found, dict) else found
        return [number for part in parts for number in numbers_in(part)]
    if isinstance(found, pd.DataFrame):
        return found.select_dtypes("number").to_numpy("float64").ravel().tolist()
    if isinstance(found, (pd.Series, np.ndarray)):
        return np.asarray(found).ravel().tolist() if found.dtype.kind == "f" else []
    return [found] if isinstance(found, float) else []


def answer_or_sentence(call, y, **more):
    """Check that a call gives finite numbers, or is refused in one line."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        try:
            found = called(call, y, **more)
        except InputError as error:
            assert str(error) and "\n" not in str(error)
            return None
    assert np.isfinite(numbers_in(found)).all()
    return found


def on(values, index=MONTHS, **kind):
    return pd.Series(values, index[: len(values)], **kind)


STARTS = MONTHS.to_timestamp()
SERIES = {
    "constant": on([7] * 48),
    "zeros": on([0] * 48),
    "one count": on([0] * 47 + [1]),
    "constant tail": on([*GOOD[:24], *[5] * 24]),
    "zero tail": on([*GOOD[:24], *[0] * 24]),
    "constant start": on([*[5] * 24, *GOOD[24:]]),
    "two values": on([3, 9] * 24),
    "a step": on([3] * 24 + [90] * 24),
    "a line": on(np.arange(48) + 1),
    "huge": on(GOOD.to_numpy() * 1e15),
    "enormous": on(GOOD.to_numpy() * 1e200),
    "tiny": on(GOOD.to_numpy() * 1e-200),
    "one outlier": on([*GOOD[:40], 10**9, *GOOD[41:]]),
    "short": GOOD[:3],
    "a dozen": GOOD[:12],
    "one period": GOOD[:1],
    "none": GOOD[:0],
    "decimals": on([Decimal(int(one)) for one in GOOD]),
    "nullable": GOOD.astype("Int64"),
    "small integers": GOOD.astype("int16"),
}
WRONG = {
    "missing": on([*GOOD[:5], np.nan, *GOOD[6:]]),
    "infinite": on([*GOOD[:5], np.inf, *GOOD[6:]]),
    "nullable, missing": GOOD.astype("Int64").where(GOOD.index != MONTHS[3]),
    "truth values": GOOD > 40,
    "strings": GOOD.astype(str),
    "words": on(["many"] * 48),
    "complex": GOOD + 1j,
    "dates as values": on(STARTS),
}
PLACED = {
    "month starts": GOOD.set_axis(STARTS),
    "month ends": GOOD.set_axis(MONTHS.to_timestamp("M")),
    "mid-months": GOOD.set_axis(STARTS + pd.Timedelta(days=14, hours=9)),
    "a zone": GOOD.set_axis(STARTS.tz_localize("Asia/Karachi")),
}
MISPLACED = {
    "unsorted": GOOD[::-1],
    "twice": GOOD.set_axis(MONTHS.insert(1, MONTHS[0])[:48]),
    "a gap": GOOD.drop(MONTHS[7]),
    "weeks": GOOD.set_axis(pd.date_range("2016-01-03", periods=48, freq="W")),
    "days": GOOD.set_axis(pd.date_range("2016-01-01", periods=48, freq="D")),
    "every second month": GOOD.set_axis(pd.date_range("2016-01-01", periods=48, freq="2MS")),
    "another zone": GOOD.set_axis(STARTS.tz_localize("Asia/Karachi").tz_convert("UTC")),
    "places": GOOD.reset_index(drop=True),
    "a missing date": GOOD.set_axis([pd.NaT, *STARTS[1:]]),
    "dates as objects": GOOD.set_axis([one.date() for one in STARTS]),
}
WITHOUT_DATES = {"ar_bootstrap", "averaged", "gls", "local_level", "memory", "noise", "sandwich"}
# Gaps are its business, and it says itself which periods it takes: tests/stats/months/test_gaps.py.
WITHOUT_DATES |= {"gaps"}
DATED = [
    name for name, call in FUNCTIONS.items() if name.split(".")[0] not in WITHOUT_DATES
]  # the others take a series in order, whatever its index


def cases(names, kinds):
    """Return pairs of a function and a kind of input."""
    return [(name, kind) for name in names for kind in kinds(name)]


@pytest.mark.parametrize(("name", "series"), cases(FUNCTIONS, lambda name: SERIES))
def test_an_odd_series_has_an_answer_or_is_refused_in_one_line(name, series):
    answer_or_sentence(FUNCTIONS[name], SERIES[series])


def wrong(name):
    """Return the kinds that a function refuses: a gap may lack, where gaps are its business."""
    return [kind for kind in WRONG if not (name.startswith("gaps.") and "missing" in kind)]


@pytest.mark.parametrize(("name", "series"), cases(FUNCTIONS, wrong))
def test_what_is_no_number_is_refused(name, series):
    with pytest.raises(InputError, match="^[^\n]+$"):
        called(FUNCTIONS[name], WRONG[series])


@pytest.mark.parametrize("series", MISPLACED)
@pytest.mark.parametrize("name", DATED)
def test_months_that_are_not_one_after_the_other_are_refused(name, series):
    with pytest.raises(InputError, match="^[^\n]+$"):
        called(FUNCTIONS[name], MISPLACED[series])


@pytest.mark.parametrize("name", DATED)
def test_dates_of_any_kind_give_the_answer_of_their_months(name):
    plain = numbers_in(called(FUNCTIONS[name], GOOD))
    for dated in PLACED.values():
        assert numbers_in(called(FUNCTIONS[name], dated)) == pytest.approx(plain)


OPTIONS = {
    "level": (95, 0, 1, np.nan, "0.95", None, True),
    "harmonics": (7, -1, 1.5, "2", None, True),
    "order": (4, -1, 1.5, "1", None, True),
    "draws": (0, -1, 1.5, "9", None, True),
    "generator": (7, "seed", np.random.RandomState(1)),
    "trim": (0, 0.6, -1, "a lot", np.nan, None),
    "lags": (None, 1.5, ["1"], [99], []),
    "at": (None, 7, "soon", "", "1990-01", "2050-01", 2018, datetime.time(3)),
}


def takes(name, *options):
    """Return the options that a function has."""
    return [one for one in options if one in inspect.signature(FUNCTIONS[name]).parameters]


@pytest.mark.parametrize(("name", "option"), cases(FUNCTIONS, lambda name: takes(name, *OPTIONS)))
def test_an_option_out_of_bounds_is_refused(name, option):
    chosen = inspect.signature(FUNCTIONS[name]).parameters[option].default is None
    for value in OPTIONS[option]:
        if value is None and chosen:
            continue  # the function chooses one itself
        with pytest.raises(InputError, match="^[^\n]+$"):
            called(FUNCTIONS[name], GOOD, **{option: value})


@pytest.mark.parametrize(("name", "option"), cases(DATED, lambda name: takes(name, "at", "steps")))
def test_a_date_of_any_kind_is_its_month(name, option):
    parameter = inspect.signature(FUNCTIONS[name]).parameters[option]
    several = parameter.default is not inspect.Parameter.empty

    def at(date):
        return numbers_in(called(FUNCTIONS[name], GOOD, **{option: [date] if several else date}))

    plain = at("2018-01")
    for date in (
        datetime.date(2018, 1, 15),
        datetime.datetime(2018, 1, 31, 23),
        np.datetime64("2018-01-20"),
        pd.Timestamp("2018-01-01", tz="Asia/Karachi"),
        pd.Period("2018Q1"),
        pd.Period("2018", "Y"),
    ):
        assert at(date) == pytest.approx(plain)
