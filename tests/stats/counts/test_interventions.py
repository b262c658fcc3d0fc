"""Courses of an intervention, and dates that leave nothing to compare."""

import datetime

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.counts.interventions import intervention

MONTHS = pd.period_range("2020-01", periods=6, freq="M")


@pytest.mark.parametrize(
    ("kind", "course"),
    [
        ("step", [0, 0, 1, 1, 1, 1]),
        ("ramp", [0, 0, 1, 2, 3, 4]),
        ("pulse", [0, 0, 1, 0, 0, 0]),
        ("transient", [0, 0, 1, 0.8, 0.64, 0.512]),
    ],
)
def test_each_kind_has_its_course_on_dates_and_on_numbers(kind, course):
    for index, when in [
        (MONTHS, "2020-03-31"),
        (MONTHS, datetime.date(2020, 3, 9)),
        (MONTHS.to_timestamp(), pd.Timestamp("2020-03-05")),
        (pd.RangeIndex(1, 7), 3),
    ]:
        found = intervention(index, when, kind)
        assert found.tolist() == pytest.approx(course) and found.name == kind
        assert found.index.equals(index)


@pytest.mark.parametrize(
    ("when", "kind", "said"),
    [
        ("2020-01", "step", "leaves no period"),
        ("2021-06", "step", "leaves no period"),
        ("x", "step", "not a date"),
        ("2020-03", "wave", "kind is 'wave'"),
    ],
)
def test_wrong_interventions_are_refused(when, kind, said):
    with pytest.raises(InputError, match=said):
        intervention(pd.period_range("2020-01", periods=12, freq="M"), when, kind)
    with pytest.raises(InputError, match="level"):
        intervention(pd.RangeIndex(9), 4, "transient", decay=2)
    with pytest.raises(InputError, match="leaves no period"):
        intervention(pd.RangeIndex(9), 40)
