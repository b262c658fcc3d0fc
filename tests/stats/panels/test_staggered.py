"""Group-time effects: means of changes by hand, planted effects found where regression fails."""

import numpy as np
import pandas as pd
import pyfixest
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.stats.panels.staggered import group_time_effects


def world(generator, units=60, effect=1.0, growth=0.0):
    """Eight years; a third of the units treated from 2013, a third from 2016, a third never."""
    years = pd.period_range("2010", periods=8, freq="Y")
    dates = {f"u{unit}": ("2013", "2016")[unit % 3] for unit in range(units) if unit % 3 < 2}
    values = generator.normal(size=units) + generator.normal(size=(8, units)).cumsum(axis=0) / 2
    panel = pd.DataFrame(values + np.arange(8)[:, None] / 2, years, [f"u{n}" for n in range(units)])
    for name, date in dates.items():
        since = np.arange(8) - (int(date) - 2010)
        panel[name] += np.where(since >= 0, effect + growth * since, 0)
    return panel, dates


def change(panel, names, period, base):
    return panel.loc[period, names] - panel.loc[base, names]


@pytest.mark.parametrize("control", ["never", "not_yet"])
def test_effects_are_differences_of_mean_changes(control):
    panel, dates = world(np.random.default_rng(1))
    found = group_time_effects(panel, dates, control=control)
    cells = found.cells.set_index(["group", "period"])
    early = [name for name, date in dates.items() if date == "2013"]
    late = [name for name, date in dates.items() if date == "2016"]
    never = [name for name in panel if name not in dates]
    for group, members, period, base in (
        ("2013", early, "2014", "2012"),
        ("2013", early, "2017", "2012"),
        ("2016", late, "2016", "2015"),
        ("2013", early, "2012", "2011"),
    ):
        waiting = never + (late if control == "not_yet" and group == "2013" else [])
        waiting = [name for name in waiting if dates.get(name, "9999") > period]
        ours, theirs = (change(panel, names, period, base) for names in (members, waiting))
        one = cells.loc[(pd.Period(group, "Y"), pd.Period(period, "Y"))]
        assert one["effect"] == pytest.approx(ours.mean() - theirs.mean())
        error = np.sqrt(ours.var(ddof=0) / len(ours) + theirs.var(ddof=0) / len(theirs))
        assert one["error"] == pytest.approx(error, rel=0.03)
        assert one["high"] - one["effect"] == pytest.approx(1.959964 * one["error"])


def test_averages_weigh_cells_as_they_say():
    panel, dates = world(np.random.default_rng(2), growth=0.5)
    found = group_time_effects(panel, dates)
    cells = found.cells.assign(
        since=lambda rows: [
            period.year - group.year for group, period in zip(rows["group"], rows["period"])
        ]
    )
    treated = cells[cells["since"] >= 0]
    # Both groups have as many units.
    assert found.simple.value == pytest.approx(treated["effect"].mean())
    means = treated.groupby("since")["effect"].mean()
    assert found.by_event.loc[0:, "effect"].to_numpy() == pytest.approx(means.to_numpy())
    assert found.dynamic.value == pytest.approx(means.mean())
    assert found.by_group["effect"].tolist() == pytest.approx(
        treated.groupby("group")["effect"].mean().tolist()
    )
    assert found.by_event["error"].to_numpy() == pytest.approx(
        np.sqrt(np.diag(found.covariance.loc[found.by_event.index, found.by_event.index]))
    )


def test_the_level_sets_the_width_of_every_interval():
    panel, dates = world(np.random.default_rng(8), units=30)
    usual, narrow = (group_time_effects(panel, dates, level=level) for level in (0.95, 0.8))
    for name in ("simple", "dynamic"):
        one, other = getattr(usual, name), getattr(narrow, name)
        assert (one.value, one.p) == (other.value, other.p)
        assert (one.high - one.low) / (other.high - other.low) == pytest.approx(1.959964 / 1.281552)
    for name in ("cells", "by_event", "by_group"):
        one, other = (getattr(found, name).dropna() for found in (usual, narrow))
        width = (one["high"] - one["low"]) / (other["high"] - other["low"])
        assert width.to_numpy() == pytest.approx(1.959964 / 1.281552, rel=1e-5)


def test_a_growing_effect_is_found_where_two_way_effects_miss_it():
    generator, held, ours, theirs = np.random.default_rng(3), 0, [], []
    for _ in range(25):
        panel, dates = world(generator, effect=1.0, growth=1.0)
        found = group_time_effects(panel, dates)
        truth = np.mean([1 + since for since in (*range(5), *range(2))])
        held += found.simple.low < truth < found.simple.high
        ours.append(found.simple.value - truth)
        period, unit = np.indices(panel.shape)
        first = np.array([int(dates.get(name, 9999)) - 2010 for name in panel])
        long = pd.DataFrame(
            {
                "y": panel.to_numpy().ravel(),
                "on": (period >= first).ravel().astype(float),
                "unit": unit.ravel(),
                "period": period.ravel(),
            }
        )
        theirs.append(pyfixest.feols("y ~ on | unit + period", long).coef()["on"] - truth)
    assert held >= 20 and abs(np.mean(ours)) < 0.15 and np.mean(theirs) < -0.4


def test_without_an_effect_it_rejects_about_as_often_as_it_says():
    generator, rejected = np.random.default_rng(4), 0
    for _ in range(60):
        found = group_time_effects(*world(generator, effect=0.0))
        rejected += found.simple.p < 0.05
    assert 1 <= rejected <= 8


def test_trends_that_follow_a_trait_are_taken_out():
    generator = np.random.default_rng(5)
    panel, dates = world(generator, units=90)
    trait = pd.Series(
        generator.normal(size=90) + 2 * np.array([n in dates for n in panel]), panel.columns
    )
    panel = panel + np.outer(np.arange(8), trait)
    plain, taken = (
        group_time_effects(panel, dates, covariates=given).simple
        for given in (None, trait.to_frame("trait"))
    )
    assert plain.value > 3 and taken.low < 1 < taken.high


def test_few_units_are_said_and_those_always_treated_left_out():
    panel, dates = world(np.random.default_rng(6), units=15)
    found = group_time_effects(panel, dates | {"u2": "2010"}).simple
    assert "1 units treated from the first" in found.warnings[0]
    assert "10 units are treated" in found.warnings[1] and "4 units are never" in found.warnings[2]
    assert group_time_effects(*world(np.random.default_rng(6))).simple.warnings == ()


def test_a_universal_base_measures_all_from_the_last_period_before():
    panel, dates = world(np.random.default_rng(7))
    found = group_time_effects(panel, dates, universal=True)
    assert found.by_event.loc[-1, "effect"] == 0 and -1 not in found.covariance.index
    early = [name for name, date in dates.items() if date == "2013"]
    never = [name for name in panel if name not in dates]
    ours, theirs = (change(panel, names, "2010", "2012") for names in (early, never))
    cells = found.cells.set_index(["group", "period"])["effect"]
    assert cells.loc[(pd.Period("2013", "Y"), pd.Period("2010", "Y"))] == pytest.approx(
        ours.mean() - theirs.mean()
    )


@pytest.mark.parametrize(
    "spoil, options, words",
    [
        (lambda p, d: (p, d | {"u99": "2013"}), {}, "no unit 'u99'"),
        (lambda p, d: (p, d | {"u0": "soon"}), {}, "is not a date"),
        (lambda p, d: (p, {}), {}, "never treated"),
        (lambda p, d: (p, dict.fromkeys(p, "2013")), {}, "never treated"),
        (lambda p, d: (p.assign(u1=np.nan), d), {}, "unit u1, observation 1"),
        (lambda p, d: (p.drop(p.index[3]), d), {}, "no observation follows"),
        (lambda p, d: (p["u0"], d), {}, "not a table"),
        (lambda p, d: (p, d), {"control": "later"}, "never or not_yet"),
        (lambda p, d: (p, d), {"level": 95}, "share between 0 and 1"),
        (lambda p, d: (p, d), {"covariates": pd.DataFrame({"x": [1.0]}, ["u0"])}, "covariate x"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(spoil, options, words):
    with pytest.raises(InputError, match=words):
        group_time_effects(*spoil(*world(np.random.default_rng(8), units=12)), **options)


@pytest.fixture(scope="module")
def employment():
    """Teen employment of 500 counties by first year of a minimum wage (0 for never), 2003 to 2007:
    R's ``did::mpdta``, whose ``lemp`` is the logarithm.
    """
    table = pd.read_csv(paths.ROOT / "tests" / "data" / "mpdta.csv", index_col="county")
    panel = np.log(table.drop(columns="first")).T
    panel = panel.set_axis(pd.PeriodIndex(panel.index.astype(str), freq="Y")).add_prefix("c")
    first = table["first"].add_prefix("c")
    return panel, first[first > 0].astype(str).to_dict()


def test_minimum_wages_give_the_effects_that_did_prints(employment):
    """Callaway and Sant'Anna's example without covariates: the readme of csdid 0.4.3, the Python
    version of their package ``did``, prints these; errors are bootstrapped there.
    """
    found = group_time_effects(*employment)
    effects = found.cells["effect"].to_numpy().reshape(3, 4)
    assert effects == pytest.approx(
        np.array(
            [
                [-0.0105, -0.0704, -0.1373, -0.1008],
                [0.0065, -0.0028, -0.0046, -0.0412],
                [0.0305, -0.0027, -0.0311, -0.0261],
            ]
        ),
        abs=5.1e-5,
    )
    assert found.dynamic.value == pytest.approx(-0.0772, abs=5.1e-5)
    assert found.dynamic.high - found.dynamic.value == pytest.approx(1.96 * 0.0207, rel=0.06)
    assert found.by_event["effect"].to_numpy() == pytest.approx(
        np.array([0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008]), abs=5.1e-5
    )
    assert found.by_event["error"].to_numpy() == pytest.approx(
        np.array([0.0146, 0.0129, 0.0141, 0.0117, 0.0154, 0.0366, 0.0337]), rel=0.1
    )
    assert found.by_group["effect"].to_numpy() == pytest.approx(
        np.array([-0.0797, -0.0229, -0.0261]), abs=5.1e-5
    )
    # The mean over treated counties and years: 20 from 2004 on, 40 from 2006, 131 from 2007.
    printed = 20 * (-0.0105 - 0.0704 - 0.1373 - 0.1008) + 40 * (-0.0046 - 0.0412) - 131 * 0.0261
    assert found.simple.value == pytest.approx(printed / (80 + 80 + 131), abs=1e-4)
