"""Concentration: known values and identities, intervals that cover under clustering, shifts that
are there and not.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import multinomial_proportions_confint

from helpers.base.errors import InputError
from helpers.stats.shares.concentration import gini, herfindahl, location_quotients, shares, theil
from helpers.stats.shares.shift import shift

UNITS = list("abcd")


def months(generator, weights, count=24, size=30):
    """Months whose events come in bursts in one unit or another: clustered, with known shares."""
    places = generator.choice(len(weights), p=weights, size=(count, 6))
    sizes = generator.negative_binomial(1, 1 / (1 + size / 6), size=(count, 6))
    rows = np.array(
        [
            np.bincount(place, weights=number, minlength=len(weights))
            for place, number in zip(places, sizes)
        ]
    )
    return pd.DataFrame(rows, columns=UNITS[: len(weights)])


def table(*rows):
    return pd.DataFrame(rows, columns=UNITS[: len(rows[0])])


def test_known_values():
    g = np.random.default_rng(0)
    equal, one = (
        table([1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]),
        table([5, 0, 0, 0], [1, 0, 0, 0], [4, 0, 0, 0]),
    )
    assert gini(equal, g).value == pytest.approx(0) and gini(one, g).value == pytest.approx(3 / 4)
    assert herfindahl(equal, g).value == pytest.approx(1 / 4) and herfindahl(one, g).value == 1
    groups = {"a": "x", "b": "x", "c": "y", "d": "y"}
    assert theil(equal, groups, g)["total"].value == pytest.approx(0)
    assert theil(one, groups, g)["total"].value == pytest.approx(np.log(4))
    assert theil(one, groups, g)["between"].value == pytest.approx(np.log(2))
    # Deaths of 1, 2, 3 and 4: mean absolute difference over twice the mean is 1/4, squared shares
    # add up to 0.3.
    mixed = table([1, 1, 1, 2], [0, 1, 1, 1], [0, 0, 1, 1])
    assert gini(mixed, g).value == pytest.approx(0.25) and herfindahl(
        mixed, g
    ).value == pytest.approx(0.30)
    assert len(gini(mixed, g).warnings) == 1


def test_theil_between_and_within_add_up():
    found = theil(
        months(np.random.default_rng(1), [0.4, 0.3, 0.2, 0.1]),
        {"a": "x", "b": "x", "c": "y", "d": "z"},
        np.random.default_rng(2),
    )
    assert found["between"].value + found["within"].value == pytest.approx(found["total"].value)
    assert 0 <= found["between"].low <= found["between"].value <= found["total"].high


def test_quotients_are_shares_over_reference_shares():
    data = months(np.random.default_rng(3), [0.4, 0.3, 0.2, 0.1])
    found = location_quotients(
        data, pd.Series({"a": 1, "b": 1, "c": 1, "d": 5}), np.random.default_rng(4)
    )
    share = shares(data, np.random.default_rng(4))
    assert share["share"].sum() == pytest.approx(1)
    assert (found["quotient"] / share["share"]).tolist() == pytest.approx([8, 8, 8, 1.6])
    assert (found["low"] <= found["quotient"]).all() and (found["quotient"] <= found["high"]).all()


def test_cluster_intervals_cover_where_multinomial_ones_do_not():
    generator, clustered, naive = np.random.default_rng(5), [], []
    for _ in range(150):
        data = months(generator, [0.4, 0.3, 0.2, 0.1], count=36)
        found = shares(data, generator, draws=299).iloc[0]
        clustered.append(found["low"] <= 0.4 <= found["high"])
        low, high = multinomial_proportions_confint(data.sum(), 0.05, method="goodman")[0]
        naive.append(low <= 0.4 <= high)
    assert np.mean(clustered) >= 0.88 and np.mean(naive) < 0.75


def test_a_shift_that_is_not_there_is_found_once_in_twenty_and_one_that_is_often():
    generator, null, real = np.random.default_rng(6), [], []
    for _ in range(200):
        before, after = (months(generator, [0.4, 0.3, 0.2, 0.1]) for _ in range(2))
        found = shift(before, after, generator, draws=199)
        null.append((found.whole.p <= 0.05, found.of("a").p <= 0.05))
        moved = shift(before, months(generator, [0.1, 0.3, 0.2, 0.4]), generator, draws=199)
        real.append(moved.whole.p <= 0.05)
    assert (np.mean(null, axis=0) <= 0.09).all() and (np.mean(null, axis=0) >= 0.01).all()
    assert np.mean(real) > 0.8
    assert moved.of("d").value > 1 > moved.of("a").value


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda d, g: gini(d * 0, g), "only zeros"),
        (lambda d, g: gini(d[["a"]], g), "one unit"),
        (lambda d, g: gini(d[:2], g), "at least 3 clusters"),
        (lambda d, g: shares(d.assign(a=d["a"].where(d.index != 3)), g), "cluster 3, unit a"),
        (lambda d, g: shares(-d, g), "is not a number of at least 0"),
        (lambda d, g: shares(d, g, draws=10), "at least 99"),
        (lambda d, g: shares(d, 5), "expected numpy.random.default_rng"),
        (lambda d, g: location_quotients(d, pd.Series({"a": 1}), g), "no value for 'b'"),
        (
            lambda d, g: location_quotients(d, pd.Series({"a": 1, "b": 0, "c": 1, "d": 1}), g),
            "is not above 0",
        ),
        (lambda d, g: theil(d, {"a": "x"}, g), "has no group"),
        (lambda d, g: shift(d, d[["a", "b"]], g), "different units"),
        (lambda d, g: shift(d, d, g, draws=199).of("z"), "no unit 'z'"),
    ],
)
def test_what_has_no_answer_is_refused(call, words):
    data = months(np.random.default_rng(7), [0.4, 0.3, 0.2, 0.1])
    with pytest.raises(InputError, match=words):
        call(data, np.random.default_rng(8))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 10**9), min_size=3, max_size=3), min_size=1, max_size=8))
def test_any_counts_give_finite_measures_or_a_sentence(rows):
    data = pd.DataFrame(rows, columns=UNITS[:3])
    for call in (
        lambda: [gini(data, np.random.default_rng(0), draws=99)],
        lambda: [herfindahl(data, np.random.default_rng(0), draws=99)],
        lambda: list(
            theil(data, dict(zip("abc", "xxy")), np.random.default_rng(0), draws=99).values()
        ),
        lambda: [shift(data, data[::-1], np.random.default_rng(0), draws=99).of("a")],
    ):
        try:
            found = call()
        except InputError as error:
            assert str(error)
            continue
        assert all(np.isfinite([one.value, one.low, one.high]).all() for one in found)


def test_theil_against_a_reference_is_zero_where_all_have_their_part():
    groups = {"a": "x", "b": "x", "c": "y"}
    people = pd.Series({"a": 1.0, "b": 3.0, "c": 6.0})
    fair = pd.DataFrame([[10, 30, 60]] * 4, columns=list("abc"))
    found = theil(fair, groups, np.random.default_rng(1), reference=people)
    assert [round(part.value, 12) for part in found.values()] == [0, 0, 0]
    uneven = pd.DataFrame([[20, 20, 60]] * 4, columns=list("abc"))
    found = theil(uneven, groups, np.random.default_rng(1), reference=people)
    by_hand = 0.2 * np.log(0.2 / 0.1) + 0.2 * np.log(0.2 / 0.3)  # c has its part
    assert found["total"].value == pytest.approx(by_hand)
    assert found["between"].value == pytest.approx(0)  # x has 0.4 of both


def test_theil_over_like_units_is_that_without_a_reference():
    table = pd.DataFrame(np.random.default_rng(3).poisson(4, (12, 3)), columns=list("abc"))
    groups = {"a": "x", "b": "x", "c": "y"}
    alike = pd.Series(7.0, index=list("abc"))
    one = theil(table, groups, np.random.default_rng(1))
    other = theil(table, groups, np.random.default_rng(1), reference=alike)
    assert all(one[name].value == pytest.approx(other[name].value) for name in one)
    with pytest.raises(InputError, match="the reference of 'b' is not above 0"):
        theil(table, groups, np.random.default_rng(1), reference=alike.where(alike.index != "b", 0))
