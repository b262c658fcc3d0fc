"""Both levels are drawn: the fitted one throughout, the one without a step from the date on."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers.figures.group_steps import levels


def test_the_level_without_a_step_begins_at_the_date_and_every_month_is_a_dot():
    months = pd.period_range("2020-01", periods=24, freq="M")
    table = pd.DataFrame(
        {"observed": np.arange(24.0), "fitted": 10.0, "without": 5.0}, index=months
    )
    axes = plt.figure().subplots()
    levels(axes, table, "2021-08")
    dots, fitted, without = (line.get_xydata() for line in axes.lines[:3])
    assert len(dots) == len(fitted) == 24 and len(without) == 5
    assert dots[:, 1].tolist() == table["observed"].tolist()
    assert set(without[:, 1]) == {5.0} and set(fitted[:, 1]) == {10.0}
    assert axes.lines[3].get_xdata()[0] == pd.Timestamp("2021-08-01")
    assert axes.get_ylim()[0] == 0
    plt.close("all")
