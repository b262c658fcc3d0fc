"""Which months lend their inflation: the rule, its words, and what it measures."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.inflation import (
    Months,
    measured,
    nearest,
    of_rates,
    of_shares,
    of_sums,
    part_of,
    printed,
)
from helpers.stats.counts.inflation import months_inflation, year_inflation
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.shares.beta_binomial import share_inflation


def of(first="2020-01", n=60, mean=40.0, seed=1, **about):
    """Return months of a source, by default five years of a country's attacks."""
    index = pd.period_range(first, periods=n, freq="M")
    values = pd.Series(np.random.default_rng(seed).poisson(mean, n).astype(float), index)
    key = {"source": "A", "scope": "attacks", "region": "R", "metric": "attacks"} | about
    return Months(values=values, **key)


WANTED = of(source="W", n=0)


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ({"scope": "other"}, {"metric": "suicide_attacks"}),
        ({"region": "elsewhere"}, {"scope": "other"}),
        ({}, {"region": "elsewhere", "source": "W"}),
        ({"source": "W", "first": "2022-01", "n": 24}, {"source": "B"}),
        ({"first": "2022-01", "n": 24}, {"first": "2020-01", "n": 36}),
    ],
)
def test_the_nearer_of_two_lends(near, far):
    """Measure, then scope, region, source, and the years compared."""
    one, other = of(**near), of(**far)
    for pool in ([one, other], [other, one]):
        assert nearest(pool, WANTED, [2022, 2023], 12) is one


@pytest.mark.parametrize(
    "about",
    [
        {"metric": "killed"},
        {"first": "2010-01", "n": 24},
        {"first": "2023-08", "n": 8},
        {"mean": 0.0},
    ],
)
def test_what_cannot_lend_is_refused(about):
    """Another kind of count, years long ago, too few months, and a year of zeros."""
    with pytest.raises(InputError, match="cannot be measured"):
        nearest([of(**about)], WANTED, [2023, 2024], 6)


def test_deaths_borrow_from_deaths_and_not_from_injured_or_attacks():
    pool = [of(), of(metric="injured"), of(metric="killed", scope="other")]
    wanted = of(metric="killed_militants", n=0)
    assert nearest(pool, wanted, [2023], 12) is pool[2]


def test_a_source_with_months_is_measured_on_those_of_the_years_compared():
    own = of(source="W")
    found = measured([own, of()], "W", "attacks", scope="attacks", region="R", years=[2021, 2023])
    pair = own.values["2021"], own.values["2023"]
    assert found.months == months_inflation(*pair)
    assert found.year == year_inflation(*pair, history=own.values[:"2023-12"])
    assert found.months_source == "W, attacks (attacks), R: months of 2021, 2023"


def test_a_source_without_months_borrows_and_says_so():
    found = measured([of()], "W", "attacks", scope="attacks", region="R", years=[2018, 2022])
    assert found.months_source == "A, attacks (attacks), R: months of 2022, 2023; nearest to W, R"


def test_gaps_leave_the_first_inflation_and_move_the_second_elsewhere():
    whole, gappy = of(source="B"), of(source="W")
    gappy = Months("W", "attacks", "R", "attacks", gappy.values.drop(gappy.values.index[4::12]))
    found = measured(
        [whole, gappy], "W", "attacks", scope="attacks", region="R", years=[2023, 2024]
    )
    assert found.months.n == 22 and found.months_source.startswith("W, ")
    assert found.year.n == 24 and found.year_source.startswith("B, ")


def test_deaths_per_attack_and_shares_are_measured_by_what_they_are_divided_by():
    killed, attacks = of(metric="killed", mean=90.0), of(seed=2)
    rate = Months("A", "attacks", "R", "killed", killed.values, attacks.values)
    about = {"scope": "attacks", "region": "R", "years": [2023, 2024]}
    spans, per = ([one.values["2023"], one.values["2024"]] for one in (killed, attacks))
    found = measured([rate], "A", "killed", **about)
    assert found.months == months_inflation(*spans, exposures=per)
    assert found.year == year_inflation(*spans, exposures=per)
    part = of(metric="attacks", mean=15.0, seed=3)
    share = Months(
        "A", "attacks", "R", "attacks", part.values.clip(upper=attacks.values), attacks.values, True
    )
    tables = [
        pd.DataFrame({"part": share.values[year], "whole": attacks.values[year]})
        for year in ("2023", "2024")
    ]
    found = measured([share], "A", "attacks", **about)
    assert found.months == share_inflation(*tables)
    assert found.year == share_inflation(*tables, memory=True)


ROW = {"source": "A", "scope": "s", "series": "x", "flag": "", "value": 6.0}
TABLE = pd.DataFrame(
    [
        ROW
        | {"region": region, "metric": metric, "period_start": pd.Timestamp(f"2024-0{month}-01")}
        for region, metric, months in (
            ("P", "attacks", (1, 2, 3)),
            ("W", "attacks", (3, 2)),
            ("P", "killed", (2, 3, 4)),
        )
        for month in months
    ]
)


def test_printed_months_are_series_and_leave_flagged_figures_out():
    flagged = TABLE.assign(flag=np.where(TABLE["metric"] == "killed", "doubtful", ""))
    assert [(one.region, one.metric, len(one.values)) for one in printed(flagged)] == [
        ("P", "attacks", 3),
        ("W", "attacks", 2),
    ]
    (rate,) = printed(TABLE, per="attacks")
    assert (rate.region, rate.metric) == ("P", "killed")
    assert (
        list(rate.values.index.astype(str))
        == ["2024-02", "2024-03"]
        == list(rate.per.index.astype(str))
    )


def test_regions_are_a_part_in_the_months_that_all_of_them_have():
    pool = printed(TABLE)
    found = part_of(pool, "A", "attacks", scope="s", parts=["P"], whole=["W", "P"], region="north")
    assert found.values.tolist() == [6, 6] and found.per.tolist() == [12, 12] and found.share
    assert found.region == "north" and found.values.index.is_monotonic_increasing
    with pytest.raises(InputError, match="in no month alike"):
        part_of(pool, "A", "attacks", scope="s", parts=["P"], whole=["Q"], region="south")


def test_what_is_recorded_of_a_ratio_is_the_ratio_with_each_inflation_and_both_of_them():
    found = measured([of()], "A", "attacks", scope="attacks", region="R", years=[2023, 2024])
    entries = found.results(partial(rate_ratio, 900, 700), unit="ratio", source="A, attacks")
    assert entries[""]["value"] == rate_ratio(900, 700, inflation=found.months)
    assert entries[".with_memory"]["value"] == rate_ratio(900, 700, inflation=found.year)
    assert entries[".inflation_months"]["value"] is found.months
    assert entries[".inflation_year"]["source"] == found.year_source


def test_an_inflation_of_the_spans_compared_is_that_of_their_own_months():
    killed, attacks = of(metric="killed", mean=90.0).values, of(seed=2).values
    spans, per = ([one["2020"], one["2024-01":"2024-05"]] for one in (killed, attacks))
    sums, rates = of_sums(spans, "A"), of_rates(spans, per, "A")
    assert sums.months == months_inflation(*spans) and sums.year == year_inflation(*spans)
    assert rates.months == months_inflation(*spans, exposures=per)
    assert rates.year == year_inflation(*spans, exposures=per)
    tables = [pd.DataFrame({"part": part.clip(upper=40), "whole": part + 9}) for part in spans]
    shares = of_shares(tables, "A")
    assert shares.months == share_inflation(*tables)
    assert shares.year == share_inflation(*tables, memory=True)
    assert {one.months_source for one in (sums, rates, shares)} == {"A, months"}
