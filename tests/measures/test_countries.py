"""Countries: quarters add up, releases stay apart, and donors follow the stated rule."""

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.countries import donors, quarters


def table():
    rows = [
        (country, pd.Timestamp(year, month, 1), "v", deaths)
        for country, deaths in (("A", 3), ("B", 2), ("C", 0), ("D", 1))
        for year in (2020, 2021)
        for month in range(1, 13)
    ]
    return pd.DataFrame(rows, columns=["country", "month", "version", "deaths"])


def test_quarters_are_sums_of_the_months_of_one_release():
    panel = quarters(table(), "2020Q2", "2021Q4")
    assert len(panel) == 7 and panel["A"].unique().tolist() == [9] and panel["B"].sum() == 42
    with pytest.raises(InputError, match="holds 2 versions, expected one"):
        quarters(pd.concat([table(), table().assign(version="w")]), "2020Q1", "2021Q4")


def test_donors_have_deaths_before_and_are_not_touched():
    panel = quarters(table(), "2020Q1", "2021Q4")
    assert donors(panel, "A", "2021Q3") == ["B", "D"]
    with pytest.raises(InputError, match="expected at least two donors"):
        donors(panel, "A", "2021Q3", without=["B"])
    with pytest.raises(InputError, match="no country 'Z'"):
        donors(panel, "A", "2021Q3", without=["Z"])
