"""Input that no share can be told of: one sentence each, never a silent number."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.shares.concentration import gini, herfindahl, location_quotients, shares, theil
from helpers.stats.shares.decomposition import decompose
from helpers.stats.shares.proportion import proportion
from helpers.stats.shares.shift import shift

TABLE = pd.DataFrame({"n": [1] * 12, "s": [3] * 12})
TWICE = pd.concat([TABLE, TABLE], axis=1)
PEOPLE, GROUPS = pd.Series({"n": 5e6, "s": 5e6}), {"n": "x", "s": "y"}


def seed():
    return np.random.default_rng(1)


ASK = {
    "shares": lambda table, **options: shares(table, seed(), **options),
    "quotients": lambda table, **options: location_quotients(table, PEOPLE, seed(), **options),
    "gini": lambda table, **options: gini(table, seed(), **options),
    "herfindahl": lambda table, **options: herfindahl(table, seed(), **options),
    "theil": lambda table, **options: theil(table, GROUPS, seed(), **options),
    "shift": lambda table, **options: shift(table, table, seed(), **options),
}


@pytest.mark.parametrize("name", ASK)
@pytest.mark.parametrize(
    ("table", "options"),
    [
        (TABLE.to_numpy(), {}),
        (TABLE["n"], {}),
        ([[1, 2], [3, 4], [5, 6]], {}),
        (None, {}),
        (TWICE, {}),
        (TABLE.assign(n=pd.Timestamp("2020")), {}),
        (TABLE.assign(n="a"), {}),
        (TABLE * np.inf, {}),
        (-TABLE, {}),
        (TABLE * 0, {}),
        (TABLE[:2], {}),
        (TABLE, {"level": 95}),
        (TABLE, {"level": float("nan")}),
        (TABLE, {"level": "0.9"}),
        (TABLE, {"draws": 10}),
        (TABLE, {"draws": 99.5}),
        (TABLE, {"draws": "a"}),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_sentence(name, table, options):
    with pytest.raises(InputError) as told:
        ASK[name](table, **options)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: location_quotients(TABLE, {"n": 1, "s": 2}, seed()), "no pandas.Series"),
        (
            lambda: location_quotients(TABLE, pd.Series([1, 2, 3], ["n", "n", "s"]), seed()),
            "no pandas.Series with one value",
        ),
        (
            lambda: location_quotients(TABLE, pd.Series({"n": "a", "s": 2}), seed()),
            "not a number",
        ),
        (lambda: theil(TABLE, {"n": np.nan, "s": "y"}, seed()), "'n' has no group"),
        (lambda: theil(TABLE, {"s": "y"}, seed()), "'n' has no group"),
        (lambda: shift(TABLE, TABLE, seed(), draws=99).of(["n"]), "no unit"),
        (lambda: proportion(3, 10, level=95), "level is 95"),
        (lambda: proportion(0, 0), "whole above 0"),
        (lambda: decompose(1, 2, 3, 4, level=95), "level is 95"),
    ],
)
def test_wrong_references_groups_and_names_are_refused(ask, said):
    with pytest.raises(InputError, match=said):
        ask()


def test_clusters_that_hold_nothing_do_not_count_as_many():
    table = pd.DataFrame({"a": [0] * 28 + [5, 9], "b": [0] * 28 + [1, 4]})
    assert "2 clusters" in gini(table, seed()).warnings[0]
    assert gini(TABLE, seed()).warnings == ()


def test_rows_are_months_of_any_zone():
    zoned = TABLE.set_axis(pd.date_range("2020", periods=12, freq="MS", tz="Asia/Karachi"))
    assert shares(zoned, seed())["share"].tolist() == [0.25, 0.75]
