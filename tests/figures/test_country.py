"""What is drawn of one country and the others."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.figures import country as draw
from helpers.figures.style import PALETTE


@pytest.fixture
def axes():
    yield plt.figure().subplots()
    plt.close("all")


def test_the_line_of_the_country_lies_above_those_of_the_others(axes):
    wide = pd.DataFrame({"A": [0, 200], "B": [30_000, 4], "C": [1, 1]}, index=[2020, 2021])
    draw.among(axes, wide, "B")
    assert axes.lines[-1].get_color() == PALETTE[1]
    assert axes.lines[-1].get_ydata().tolist() == [30_000, 4]
    assert [one.get_text() for one in axes.get_yticklabels()][-1] == "10,000"


def test_a_world_without_deaths_is_drawn_as_well(axes):
    draw.among(axes, pd.DataFrame({"A": [0, 0], "B": [0, 0]}, index=[2020, 2021]), "A")
    assert axes.get_ylim()[0] == 0


def test_the_country_has_a_colour_of_its_own_in_an_order(axes):
    draw.ranked(axes, pd.Series({"A": 300.0, "B": 10.0}), "B", log=True)
    colours = [bar.get_facecolor() for bar in axes.patches]
    assert colours[0] != colours[1] and axes.get_xscale() == "log"
    assert axes.yaxis_inverted()  # the first on top


def test_the_parts_of_a_growth_add_up(axes):
    draw.two_parts(axes, {"events": 0.5, "deaths per event": -0.75})
    assert [bar.get_width() for bar in axes.patches] == [0.5, -0.75, -0.25]
    assert [one.get_text() for one in axes.get_yticklabels()][-1] == "deaths"
