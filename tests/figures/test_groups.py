"""The months of groups are drawn with the means of the years that begin at the date."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.figures.groups import twelves
from helpers.figures.style import PALETTE

MONTHS = pd.period_range("2018-08", periods=36, freq="M")
COUNTED = pd.DataFrame(np.random.default_rng(1).poisson(5, (36, 2)), MONTHS, ["one", "two"])


def test_each_year_has_its_mean_and_the_years_after_the_date_a_colour_of_their_own():
    figure, panels = plt.subplots(2, 1)
    drawn = twelves(panels, COUNTED, "2020-08", "after")
    plt.close(figure)
    two = drawn[drawn["group"] == "two"].set_index("month")
    assert two["counted"].tolist() == COUNTED["two"].tolist()
    by_year = COUNTED["two"].groupby(np.arange(36) // 12).mean()
    assert two.loc[["2018-08", "2019-07", "2020-08"], "mean"].tolist() == pytest.approx(
        [by_year[0], by_year[0], by_year[2]]
    )
    assert [line.get_color() for line in panels[1].lines] == [PALETTE[0]] * 2 + [PALETTE[1]]
    assert [text.get_text() for text in panels[0].get_legend().get_texts()] == [
        "mean of twelve months",
        "after",
    ]
    assert panels[1].get_title(loc="left") == "two" and len(panels[1].patches) == 36


@pytest.mark.parametrize("at", ["2020-09", "2018-08", "2021-08"])
def test_a_date_that_parts_no_whole_years_is_refused(at):
    figure, panels = plt.subplots(2, 1)
    with pytest.raises(InputError, match="expected whole years on both sides"):
        twelves(panels, COUNTED, at, "after")
    plt.close(figure)
