"""The figure of what a test could have found."""

import matplotlib.pyplot as plt
import pandas as pd

from helpers.figures.methods import USUAL, power_curves


def test_every_effect_is_a_tick_and_the_usual_power_a_line():
    axes = plt.figure().subplots()
    curve = pd.DataFrame({"effect": [0.5, 1.0, 2.0], "power": [0.9, 0.05, 0.7]})
    power_curves(axes, {"six": curve, "ten": curve.assign(power=1.0)})
    assert axes.get_xticks().tolist() == [0.5, 1.0, 2.0] and axes.get_xscale() == "log"
    six, ten, line = axes.lines
    assert six.get_ydata().tolist() == [0.9, 0.05, 0.7] and ten.get_ydata().tolist() == [1.0] * 3
    assert six.get_color() != ten.get_color() and line.get_ydata()[0] == USUAL
    plt.close("all")
