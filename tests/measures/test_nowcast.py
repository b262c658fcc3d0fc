"""Provisional counts beside final ones: absent months are zero, the final one never chooses."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.nowcast import by_country, by_month, finals, pasts


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


def test_worlds_hold_what_each_seen_ratio_makes_of_a_provisional_figure():
    worlds = finals([100, 0, 40], [0.5, 1.25], 4000, np.random.default_rng(1))
    assert worlds.shape == (4000, 3) and (worlds[:, 1] == 0).all()
    assert set(worlds[:, 0]) == {50, 125} and set(worlds[:, 2]) == {20, 50}
    assert (worlds[:, 0] == 50).mean() == pytest.approx(0.5, abs=0.03)


def test_months_of_a_world_share_what_few_ratios_leave_open():
    """With two ratios a world drew one of them twice in half of all worlds."""
    two = finals([100, 100], [0.5, 1.5], 4000, np.random.default_rng(2))
    assert np.corrcoef(two.T)[0, 1] == pytest.approx(0.5, abs=0.05)
    many = finals([100, 100], [0.5, 1.5] * 200, 4000, np.random.default_rng(2))
    assert abs(np.corrcoef(many.T)[0, 1]) < 0.05


@pytest.mark.parametrize(
    ("given", "ratios", "worlds", "said"),
    [
        ([1.5], [1.0], 2, "the provisional figures"),
        ([5], [], 2, "the ratios"),
        ([5], [np.nan], 2, "the ratios"),
        ([5], [-0.1], 2, "the ratios hold -0.1"),
        ([5], [1.0], 0, "worlds"),
    ],
)
def test_bad_provisional_figures_and_ratios_are_refused(given, ratios, worlds, said):
    with pytest.raises(InputError, match=said):
        finals(given, ratios, worlds, np.random.default_rng(1))


MONTHS = pd.period_range("2025-10", periods=6, freq="M")


def test_a_past_is_final_as_far_as_it_can_be_and_provisional_figures_follow():
    final = pd.Series([10.0, 11.0, 12.0], MONTHS[:3])
    provisional = pd.Series([99.0, 20.0, 30.0, 40.0], MONTHS[2:])
    found = pasts(final, provisional, [0.5, 2.0], 50, np.random.default_rng(1))
    assert len(found) == 50 and all(one.index.equals(MONTHS) for one in found)
    assert all((one[:3] == final).all() for one in found)
    assert {one.iloc[3] for one in found} == {10, 40} and {one.iloc[5] for one in found} == {20, 80}


def test_without_provisional_figures_each_past_is_the_final_one():
    final = pd.Series([10.0, 11.0], MONTHS[:2])
    found = pasts(final, final[:0], [0.5], 3, np.random.default_rng(1))
    assert len(found) == 3 and all(one.equals(final) for one in found)


def test_a_gap_behind_the_final_figures_is_refused():
    final, late = pd.Series([10.0], MONTHS[:1]), pd.Series([9.0, 8.0], MONTHS[2:4])
    with pytest.raises(InputError, match="2025-11 to 2025-12"):
        pasts(final, late, [1.0], 2, np.random.default_rng(1))
