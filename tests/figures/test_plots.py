"""What is drawn is what the table says: heights, areas, names, and the order of rows."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.figures import maps, plots


@pytest.fixture
def axes():
    yield plt.figure().subplots()
    plt.close("all")


def test_bars_stand_on_each_other_and_reach_the_sum(axes):
    plots.stacked_bars(axes, pd.DataFrame({"a": [1, 2], "b": [10, 20]}, index=[2020, 2021]))
    tops = [bar.get_y() + bar.get_height() for bar in axes.patches]
    assert tops == [1, 2, 11, 22]


def test_the_grid_is_read_from_top_to_bottom_and_full_is_darkest(axes):
    plots.coverage_grid(axes, pd.DataFrame([[12, 6], [0, 1]], ["full", "empty"], [2020, 2021]))
    mesh = axes.collections[0]
    assert mesh.get_array().tolist() == [[12, 6], [0, 1]] and mesh.get_clim() == (0, 12)
    assert axes.yaxis_inverted()


def test_outlines_are_shaded_by_name_and_stretched_at_their_latitude(axes):
    square = {"type": "MultiPolygon", "coordinates": [[[[0, 59], [1, 59], [1, 61], [0, 59]]]]}
    there = {"features": [{"properties": {"name": name}, "geometry": square} for name in "AB"]}
    maps.outlines(axes, there, {"A": "#ff0000"})
    first, second = (plt.matplotlib.colors.to_hex(one.get_facecolor()) for one in axes.patches)
    assert first == "#ff0000" and second == maps.LAND.lower()
    assert axes.get_aspect() == pytest.approx(
        2
    )  # a degree of longitude is half as long at 60 degrees
