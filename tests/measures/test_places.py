"""People between censuses, rates, and parts against a population."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.clean.gazetteer import Gazetteer
from helpers.measures import places
from helpers.raw.contract import load
from helpers.stats.shares.proportion import proportion

CENSUS = pd.DataFrame({"A": [100.0, 121.0, 242.0], "B": [9.0, 9.0, 9.0]}, index=[2000, 2002, 2010])


@pytest.fixture(scope="module")
def census():
    return load(paths.RAW / "population.csv")


def test_a_census_is_hit_growth_is_constant_between_and_the_last_rate_is_carried():
    found = places.population(CENSUS, range(2000, 2019)).pivot(
        index="year", columns="unit", values="population"
    )
    assert found.loc[CENSUS.index, "A"].to_numpy() == pytest.approx(CENSUS["A"].to_numpy())
    assert found.loc[2001, "A"] == pytest.approx(110)
    assert found.loc[2018, "A"] == pytest.approx(484)  # twice again in eight years
    assert found["B"].to_numpy() == pytest.approx(9) and len(found) == 19


def test_what_is_no_census_is_flagged():
    how = places.population(CENSUS[["A"]], [2000, 2001, 2010, 2011])["how"].tolist()
    assert how == ["census", "between", "census", "carried"]


@settings(max_examples=50, deadline=None)
@given(
    first=strategies.integers(10, 10**8),
    growth=strategies.floats(-0.05, 0.08),
    years=strategies.sets(strategies.integers(1998, 2040), min_size=1),
)
def test_a_population_that_grows_steadily_is_found_in_every_year(first, growth, years):
    true = {year: first * (1 + growth) ** (year - 1998) for year in (1998, 2017, 2023, *years)}
    counted = pd.DataFrame({"A": {year: true[year] for year in (1998, 2017, 2023)}})
    found = places.population(counted, years).set_index("year")["population"]
    assert all(found[year] == pytest.approx(true[year]) for year in years)


@pytest.mark.parametrize(
    ("counted", "years", "words"),
    [
        (CENSUS.iloc[:1], [2000], "needs two censuses, found \\[2000\\]"),
        (CENSUS, [1999], "the first census is that of 2000: 1999 lies before it"),
        (CENSUS.assign(A=[100.0, 0.0, 242.0]), [2001], "'A' at the census of 2002 is 0"),
        (CENSUS.assign(B=[9.0, 9.0, np.nan]), [2001], "'B' at the census of 2010 is nan"),
        (CENSUS.assign(B=[9.0, 9.0, np.inf]), [2001], "'B' at the census of 2010 is inf"),
    ],
)
def test_a_census_without_people_is_refused(counted, years, words):
    with pytest.raises(InputError, match=words):
        places.population(counted, years)


def test_equal_rates_are_equal_and_a_double_rate_is_double():
    people = places.population(CENSUS * 1e5, [2000, 2010])
    even = people.assign(deaths=people["population"] / 1e4)[["unit", "year", "deaths"]]
    assert places.rates(even, people, ["deaths"])["deaths_rate"].to_numpy() == pytest.approx(10)
    twice = even.assign(deaths=even["deaths"].where(even["unit"] == "A", 2 * even["deaths"]))
    found = places.rates(twice, people, ["deaths"]).groupby("unit")["deaths_rate"].mean()
    assert found["B"] / found["A"] == pytest.approx(2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "a"}, "no population of 'a' in 2000"),
        ({"year": 1990}, "no population of 'A' in 1990"),
        ({"deaths": -1}, "'deaths' holds a count that is missing or negative"),
        ({"deaths": np.nan}, "'deaths' holds a count that is missing or negative"),
    ],
)
def test_a_rate_without_people_or_counts_is_refused(change, words):
    people = places.population(CENSUS, [2000])
    counts = pd.DataFrame([{"unit": "A", "year": 2000, "deaths": 3} | change])
    with pytest.raises(InputError, match=words):
        places.rates(counts, people, ["deaths"])


def test_months_sum_to_years():
    months = pd.DataFrame({"month": pd.date_range("2023-11-01", periods=4, freq="MS")})
    months = months.assign(province=["A", "B", "A", "A"], events=1, deaths=[1, 2, 3, 4])
    found = places.by_month(months, ["B", "A"])["deaths"]
    assert list(found) == ["B", "A"] and found.loc["2024-01", "B"] == 0
    years = places.by_year(months, ["B", "A"], ["deaths"]).set_index(["year", "unit"])["deaths"]
    assert found.groupby(found.index.year).sum().stack().to_dict() == years.to_dict()


def test_two_versions_never_meet_and_an_unknown_unit_is_refused():
    months = pd.DataFrame({"month": pd.Timestamp("2024-01-01"), "province": ["A", "A"]})
    months = months.assign(deaths=1, version=["25.1", "26.1"])
    with pytest.raises(InputError, match="versions \\['25.1', '26.1'\\]: take one"):
        places.by_year(months, ["A"], ["deaths"])
    with pytest.raises(InputError, match="no month of 'a'"):
        places.by_year(months.iloc[:1], ["a"], ["deaths"])


@settings(max_examples=50, deadline=None)
@given(
    part=strategies.integers(0, 300),
    rest=strategies.integers(1, 300),
    people=strategies.floats(1e-4, 1),
)
def test_a_quotient_is_a_share_over_a_share_of_people(part, rest, people):
    counts = pd.Series({"part": part, "whole": part + rest})
    found = places.quotient(counts, people, inflation=2)
    share = proportion(part, part + rest, inflation=2)
    assert found.value == pytest.approx(share.value / people)
    assert (found.low, found.high) == pytest.approx((share.low / people, share.high / people))


def test_a_quotient_is_one_in_its_interval_where_nothing_is_concentrated():
    draw = np.random.default_rng(20241231).binomial(500, 0.2, size=400)
    held = [
        places.quotient(pd.Series({"part": one, "whole": 500}), 0.2, inflation=1) for one in draw
    ]
    share = np.mean([one.low <= 1 <= one.high for one in held])
    assert 0.92 < share < 0.98
    heavy = places.quotient(pd.Series({"part": 200, "whole": 500}), 0.2, inflation=1)
    assert heavy.value == pytest.approx(2) and heavy.low > 1


@pytest.mark.parametrize("people", [0, -0.1, 1.1, np.nan])
def test_a_part_of_nobody_is_refused(people):
    counts = pd.Series({"part": 3, "whole": 10})
    with pytest.raises(InputError, match="expected above 0 and at most 1"):
        places.quotient(counts, people, inflation=1)


def test_a_part_of_the_people_is_taken_in_one_year():
    people = places.population(CENSUS, [2000, 2010])
    assert places.part_of(people, ["A"], 2000) == pytest.approx(100 / 109)
    assert places.part_of(people, ["A", "B"], 2010) == pytest.approx(1)
    with pytest.raises(InputError, match="no population of 'A' in 2001"):
        places.part_of(people, ["A"], 2001)


def test_points_are_within_a_country_of_two_parts_and_not_in_the_bay_between():
    bay = [[0, 0], [4, 0], [4, 4], [3, 4], [3, 1], [1, 1], [1, 4], [0, 4], [0, 0]]
    island = [[6, 0], [7, 0], [7, 1], [6, 1], [6, 0]]
    country = {"features": [{"geometry": {"coordinates": [[bay], [island]]}}]}
    points = pd.DataFrame(
        {"longitude": [0.5, 2, 3.5, 6.5, 5, -1], "latitude": [3, 3, 3, 0.5, 0.5, 3]}
    )
    points.index = list("abcdef")
    found = places.within(points, country)
    assert list(found.index[found]) == ["a", "c", "d"]


def test_the_tribal_areas_are_in_their_province_throughout(census):
    counted = places.counted(census, "province")
    assert counted.notna().all(axis=None) and "FATA" not in counted
    assert counted.at[1998, "Khyber Pakhtunkhwa"] == 17_743_645 + 3_176_331


def test_districts_meet_in_units_that_every_source_can_be_counted_in(census):
    table = load(paths.RAW / "places.csv")
    names = pd.Series(census["name"].unique())
    units = dict(zip(names, Gazetteer(table).undivided(names, "district")))
    counted = places.counted(census, "district", units).loc[2023]
    assert counted["Karachi"] == 20_382_881 and "Chaman" not in counted
    assert counted.sum() == 241_499_431
