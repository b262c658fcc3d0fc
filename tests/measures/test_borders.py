"""Distances to lines: known cases, and corners that add nothing to a straight line."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.measures.borders import crossed, distance
from helpers.raw.contract import load

DEGREE = 6371 * np.pi / 180


def of(*corners, part=1):
    return pd.DataFrame(corners, columns=["longitude", "latitude"]).assign(part=part)


@given(st.floats(-1, 1), st.floats(0.01, 2), st.lists(st.floats(-5, 5), max_size=4))
def test_a_point_beside_a_meridian_is_as_far_however_many_corners_it_has(y, x, more):
    line = of(*[(70.0, at) for at in sorted([-5.0, 5.0, *more])])
    found = distance(pd.DataFrame({"latitude": [y], "longitude": [70 + x]}), line)
    # along a parallel near the equator, and no more than a step astray
    assert found.item() == pytest.approx(DEGREE * x * np.cos(np.radians(y)), abs=0.3)


def test_no_line_is_drawn_between_two_stretches():
    whole = of((70.0, -2.0), (70.0, 2.0))
    broken = pd.concat([of((70.0, -2.0), (70.0, -1.0)), of((70.0, 1.0), (70.0, 2.0), part=2)])
    point = pd.DataFrame({"latitude": [0.0], "longitude": [70.0]}, index=["a"])
    assert distance(point, whole)["a"] < 1
    assert distance(point, broken)["a"] == pytest.approx(DEGREE)
    assert crossed(point, whole, 0.5)["a"] and not crossed(point, broken, 0.5)["a"]


def test_without_a_line_or_a_place_there_is_no_distance():
    point = pd.DataFrame({"latitude": [0.0], "longitude": [70.0]})
    with pytest.raises(InputError, match="no corner"):
        distance(point, of((70.0, 0.0)).iloc[:0])
    with pytest.raises(InputError, match="has no place"):
        distance(point.assign(latitude=np.nan), of((70.0, 0.0)))


def test_the_lines_of_the_country_lie_where_its_places_do():
    borders, places = load(paths.RAW / "borders.csv"), load(paths.RAW / "places.csv")
    known = places.dropna(subset=["latitude"]).drop_duplicates("name").set_index("name")
    far = {
        name: distance(known, borders[borders["line"] == name]) for name in borders["line"].unique()
    }
    # Torkham, Wagah and the sea are day trips from these; they are far from the other lines.
    assert far["Afghanistan"]["Khyber"] < 30 and far["India"]["Lahore"] < 30
    assert far["Coast"]["Karachi"] < 50 and far["Afghanistan"]["Karachi"] > 500
    assert far["Iran"]["Kech"] < 150 and far["Coast"]["Khyber"] > 900
