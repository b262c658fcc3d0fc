"""Any country gets a series of months, and provinces where the table has them."""

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.clean import one_country
from helpers.clean.ucdp import months


def everywhere():
    """Two versions of one country: three final months, a provisional one without estimates."""
    final = pd.DataFrame({"month": pd.date_range("2025-10-01", periods=3, freq="MS")})
    final = final.assign(country="A", version="26.1", events=2, deaths=5, deaths_low=4)
    fresh = pd.DataFrame({"month": [pd.Timestamp("2026-01-01")], "country": "A"})
    fresh = fresh.assign(version="candidate", events=1, deaths=3, deaths_low=None)
    counts = dict.fromkeys(["events", "deaths", "deaths_low"], "Int64")
    return pd.concat([final.astype(counts), fresh.astype(counts)], ignore_index=True)


def test_a_country_without_a_row_had_nothing_in_each_month_of_each_version():
    found = months(one_country.with_zeros(everywhere(), "B"), "B", "2025-10", "2026-01")
    assert found["deaths"].tolist() == [0, 0, 0, 0]
    assert found["version"].tolist() == ["26.1"] * 3 + ["candidate"]
    # What a version does not state of anybody is not stated of this country either.
    assert found["deaths_low"].isna().tolist() == [False, False, False, True]
    assert str(found["deaths"].dtype) == "Int64"


def test_a_country_with_rows_stays_as_it_is():
    table = everywhere()
    pd.testing.assert_frame_equal(one_country.with_zeros(table, "A"), table)


def test_a_country_that_one_version_lacks_gets_zeros_in_that_one():
    table = everywhere()
    table.loc[table["version"] == "candidate", "country"] = "B"
    found = one_country.with_zeros(table, "A")
    ours = found[found["country"] == "A"]
    assert ours["deaths"].tolist() == [5, 5, 5, 0]


def by_province(**columns):
    rows = {"country": "A", "province": ["P", "Q", None], "year": 2023, "month": [1, 3, 3]}
    rows |= {"version": "25.1", "events": [1, 2, 3], "deaths_best": [4, 5, 6]} | columns
    return pd.DataFrame(rows).astype({"events": "Int64", "deaths_best": "Int64"})


def test_provinces_have_each_month_of_their_release():
    found = one_country.provinces(by_province(), "A", "26.1", "2023-02", "2023-03")
    assert list(found) == one_country.PROVINCE
    sums = found.groupby("province")["deaths"].sum().to_dict()
    assert sums == {"P": 0, "Q": 5, one_country.UNNAMED: 6}
    assert found["month"].dt.strftime("%Y-%m").unique().tolist() == ["2023-02", "2023-03"]
    assert found["version"].unique().tolist() == ["25.1"]


def test_a_country_without_provinces_gets_an_empty_table_of_the_same_columns():
    some = one_country.provinces(by_province(), "A", "26.1", "2023-01", "2023-03")
    none = one_country.provinces(by_province(), "B", "26.1", "2023-01", "2023-03")
    assert none.empty and list(none) == list(some)
    assert none.dtypes[["month", "events", "deaths"]].equals(
        some.dtypes[["month", "events", "deaths"]]
    )
    assert none.groupby("month")["deaths"].sum().empty


def test_a_province_that_has_a_month_twice_is_refused():
    with pytest.raises(InputError, match="P has 2023-01 twice in version 25.1"):
        one_country.provinces(
            by_province(province="P", month=[1, 1, 2]), "A", "25.1", "2023-01", "2023-03"
        )
