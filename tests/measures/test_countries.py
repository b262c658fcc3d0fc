"""Countries: quarters add up, remainders stay out, and donors follow the stated rule."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.countries import donors, quarters


def table():
    rows = [
        (country, year, month, deaths)
        for country, deaths in (("A", 3), ("B", 2), ("C", 0), ("D", 1))
        for year in (2020, 2021)
        for month in range(1, 13)
    ]
    return pd.DataFrame(
        [*rows, ("A", 2020, np.nan, 500)], columns=["country", "year", "month", "deaths"]
    )


def test_quarters_are_sums_of_their_months_and_hold_no_remainder():
    panel = quarters(table(), "2020Q2", "2021Q4")
    assert len(panel) == 7 and panel["A"].unique().tolist() == [9] and panel["B"].sum() == 42


def test_donors_have_deaths_before_and_are_not_touched():
    panel = quarters(table(), "2020Q1", "2021Q4")
    assert donors(panel, "A", "2021Q3") == ["B", "D"]
    with pytest.raises(InputError, match="expected at least two donors"):
        donors(panel, "A", "2021Q3", without=["B"])
    with pytest.raises(InputError, match="no country 'Z'"):
        donors(panel, "A", "2021Q3", without=["Z"])
