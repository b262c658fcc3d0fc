"""Provisional counts beside final ones: absent months are zero, the final one never chooses."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.nowcast import by_country, by_month


def table(*rows):
    return pd.DataFrame(rows, columns=["country", "year", "month", "version", "deaths_best"])


ROWS = (
    ("X", 2025, 1, "c", 30),
    ("X", 2025, 1, "f", 20),
    ("X", 2025, 4, "f", 5),
    ("X", 2024, 1, "f", 900),
    ("Y", 2025, 1, "c", 120),
    ("Y", 2025, 2, "f", 60),
    ("Z", 2025, 1, "f", 7000),  # many in the end, none at first: it does not choose itself in
)


def test_each_month_has_both_counts_and_no_error_where_the_final_one_is_none():
    found = by_month(table(*ROWS), "X", 2025, "f", "c").set_index("month")
    assert len(found) == 12 and found["final"].sum() == 25 and found["provisional"].sum() == 30
    assert found.loc[1, "error_pct"] == 50 and found.loc[4, "error_pct"] == -100
    assert found["error_pct"].isna().sum() == 10


def test_countries_are_chosen_by_what_was_known_first():
    found = by_country(table(*ROWS), 2025, "f", "c", least=25)
    assert found[["country", "ratio"]].to_numpy().tolist() == [["Y", 0.5], ["X", 25 / 30]]
    with pytest.raises(InputError, match="no country had 500 deaths in 2025 by version c"):
        by_country(table(*ROWS), 2025, "f", "c", least=500)


@pytest.mark.parametrize(("year", "version"), [(2023, "f"), (2025, "g")])
def test_a_release_without_the_year_is_refused(year, version):
    with pytest.raises(InputError, match=f"of the table holds nothing of {year}"):
        by_month(table(*ROWS), "X", year, version, "c")


def test_the_ratio_is_that_of_sums_whatever_the_order_of_rows():
    generator = np.random.default_rng(3)
    rows = [
        (name, 2025, int(month), version, int(generator.integers(1, 90)))
        for name in "ABC"
        for month in range(1, 13)
        for version in "cf"
    ]
    found = by_country(
        table(*generator.permutation(np.array(rows, dtype=object))).infer_objects(),
        2025,
        "f",
        "c",
        least=1,
    )
    sums = pd.DataFrame(rows).groupby([0, 3])[4].sum().unstack()
    expected = (sums["f"] / sums["c"]).reindex(found["country"])
    assert np.allclose(found["ratio"].astype(float), expected)
