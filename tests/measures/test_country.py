"""What one country's months hold, by one rule, and where it stands among the others."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures import among_countries as among
from helpers.measures import country, look_ahead, two_years
from helpers.stats.months.noise import Noise
from helpers.stats.trust.power import World, detectable


def months(values, first="2020-01"):
    values = np.asarray(values, dtype=float)
    return pd.Series(values, pd.period_range(first, periods=len(values), freq="M", name="month"))


@pytest.mark.parametrize(
    ("lively", "length", "is_enough"),
    [(2, 12, False), (3, 12, True), (2, 4, False), (29, 120, False), (30, 120, True), (0, 12, 0)],
)
def test_enough_is_a_quarter_of_the_months_and_three(lively, length, is_enough):
    series = months([1] * lively + [0] * (length - lively))
    assert country.enough(series) is bool(is_enough)
    assert country.enough(months([1] * 12), series) is bool(is_enough)


def test_the_last_year_has_twelve_months():
    assert country.last_year(months([1] * 35, "2021-01")) == 2022
    assert country.last_year(months([1] * 36, "2021-01")) == 2023
    assert country.yearly(months([1] * 30, "2020-06")).to_dict() == {2021: 12.0}
    with pytest.raises(InputError, match="no year from 2020-06 to 2021-06 has twelve months"):
        country.last_year(months([1] * 13, "2020-06"))


def test_the_judged_year_is_the_last_that_both_releases_hold():
    years = pd.DataFrame({"year": np.repeat([2023, 2024, 2025], 12)})
    years["month"] = np.tile(range(1, 13), 3)
    final, fresh = years.iloc[:24].assign(version="f"), years.iloc[12:].assign(version="c")
    table = pd.concat([final, fresh])
    assert country.judged_year(table, "f", "c") == 2024
    assert country.judged_year(table, "f", "d") is None


def test_types_stand_in_the_order_of_their_deaths():
    rows = {"year": [2020, 2020, 2021], "type_of_violence": ["a", "b", "b"]}
    found = country.by_type(pd.DataFrame(rows | {"deaths_best": [5, 3, 4]}))
    assert found.to_dict() == {"b": {2020: 3, 2021: 4}, "a": {2020: 5, 2021: 0}}
    assert country.first_in(found.loc[2021]) == {"first": "b", "first_pct": 100.0}
    assert country.first_in(pd.Series(dtype="float64")) == {}


WORLD = pd.DataFrame(
    [
        ("A", 2020, 10, 90),
        ("A", 2019, 20, 30),
        ("B", 2020, 9, 200),
        ("B", 2019, 9, 24),
        ("C", 2020, 30, 90),
        ("C", 2019, 30, 90),
        ("D", 2019, 1, 5),
        ("E", 2020, 2, 0),
    ],
    columns=among.COLUMNS,
)


def test_countries_stand_in_order_where_they_have_enough():
    found = among.standing(WORLD, 2020)
    assert found.index.tolist() == ["B", "A", "C"]  # those with deaths, the first first
    assert found["per_event"].dropna().to_dict() == {"A": 9.0, "C": 3.0}
    assert found["ratio"].dropna().to_dict() == {"A": 3.0, "C": 1.0}
    assert among.place(found["deaths"], "C") == among.place(found["deaths"], "A") == (2, 3)
    assert among.place(found["ratio"], "C") == (2, 2)
    assert among.place(found["per_event"], "B") is None
    assert among.place(found["deaths"], "D") is None


def test_types_of_a_country_are_added_up():
    twice = pd.concat([WORLD, WORLD.query("country == 'A'")])
    assert among.standing(twice, 2020).loc["A", ["deaths", "before", "ratio"]].tolist() == [
        180.0,
        60.0,
        3.0,
    ]


def test_a_year_or_a_column_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="holds nothing of 2021"):
        among.standing(WORLD, 2021)
    with pytest.raises(InputError, match="no column 'events'"):
        among.standing(WORLD.drop(columns="events"), 2020)


def test_the_highest_are_shown_and_the_country_itself():
    values = pd.Series({"A": 1.0, "B": 3.0, "C": 2.0, "D": np.nan})
    assert among.around(values, "A", 2).index.tolist() == ["B", "C", "A"]
    assert among.around(values, "B", 2).index.tolist() == ["B", "C"]
    assert among.around(values, "D", 2).index.tolist() == ["B", "C"]


def world(sd=0.3, mean=50.0):
    index = pd.period_range("2023-01", periods=24, freq="M")
    return World(pd.Series(mean, index), Noise(0.0, sd), index[12])


def test_pairs_of_one_level_lie_about_one_and_pairs_with_a_step_about_it():
    null = two_years.drawn(world(), np.random.default_rng(1), 400)
    assert abs(np.log(null).mean()) < 0.03
    doubled = two_years.drawn(world(), np.random.default_rng(1), 400, effect=2.0)
    assert abs(np.log(doubled).mean() - np.log(2)) < 0.03


def test_the_share_of_chance_is_small_for_a_large_change_alone_and_never_zero():
    null = two_years.drawn(world(), np.random.default_rng(1), 400)
    assert two_years.as_far(null, 1.0) == 1.0
    assert two_years.as_far(null, 9.0) == two_years.as_far(null, 1 / 9) == 1 / 401
    assert 0.5 < two_years.as_far(null, float(np.quantile(np.abs(np.log(null)), 0.4)) + 1) < 1


def test_noisier_months_hide_larger_changes():
    calm, wild = (
        detectable(two_years.power(world(sd), np.random.default_rng(2), 150)) for sd in (0.2, 0.9)
    )
    assert 1 < calm.above < wild.above and wild.below < calm.below < 1


def test_the_ratio_of_sums_is_defined_for_an_empty_year():
    pair = months([0] * 12 + [2] * 12, "2023-01")
    assert two_years.ratio_of_sums(pair, pair.index[12]) == 49.0


def test_origins_go_back_while_the_past_is_enough():
    lively = months([1] * 180, "2011-01")
    assert [str(one) for one in look_ahead.origins(lively)] == [
        f"{year}-12" for year in range(2019, 2025)
    ]
    # Quiet years before: the ten years up to 2021-12 hold 24 months with deaths, too few.
    late = months([0] * 108 + [1] * 72, "2011-01").where(
        lambda x: x.index >= pd.Period("2020-01"), 0
    )
    assert [str(one) for one in look_ahead.origins(late)] == ["2022-12", "2023-12", "2024-12"]
    assert look_ahead.origins(months([1] * 71, "2019-01")) == []
    assert [str(one) for one in look_ahead.origins(months([1] * 72, "2019-01"))] == ["2023-12"]


def test_signs_are_dealt_about_zero():
    dealt = look_ahead.flipped(pd.Series([1.0, 2.0, 3.0]), np.random.default_rng(1), 500)
    assert set(np.round(dealt, 6)) <= {2.0, -2.0, 0.0, *np.round([4 / 3, -4 / 3, 2 / 3, -2 / 3], 6)}
    assert abs(dealt.mean()) < 0.2
    with pytest.raises(InputError, match="no differences"):
        look_ahead.flipped(pd.Series(dtype="float64"), np.random.default_rng(1))


def test_past_years_stand_in_for_a_model():
    totals = pd.Series([99.0] + [0.0] * 16 + [10.0] * 4, range(2000, 2021))
    assert look_ahead.as_before(totals) == {"value": 0.0, "low": 0.0, "high": 10.0, "n": 20}


def test_the_error_of_few_provisional_months_is_borrowed():
    own = pd.DataFrame({"provisional": [0] * 9 + [4, 5, 2], "final": [1] * 9 + [2, 5, 4]})
    borrowed = pd.DataFrame({"ratio": [7.0]})
    ratios, of_its_own = look_ahead.ratios_of(own, borrowed)
    assert of_its_own and ratios.tolist() == [0.5, 1.0, 2.0]
    ratios, of_its_own = look_ahead.ratios_of(own.replace({"provisional": {2: 0}}), borrowed)
    assert not of_its_own and ratios.tolist() == [7.0]
