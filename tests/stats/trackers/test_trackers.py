"""The measurement model: it finds what was planted, and refuses what it cannot know."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.trackers.design import design
from helpers.stats.trackers.fit import Convergence, Sampler
from helpers.stats.trackers.model import expected
from helpers.stats.trackers.outliers import ALARM, outliers
from helpers.stats.trackers.pooled import coverage_ratio, ratio, share, totals, year
from helpers.stats.trackers.simulate import counts
from helpers.stats.trackers.variables import Priors, are_steps, named, prior_draw, size, spreads

UNITS = ("north", "south")
MONTHS = pd.period_range("2023-01", "2024-12", freq="M")
RATIO, WIDENED, SOUTH = 1.5, 1.4, 0.7  # planted
PRIORS = Priors()


def truth() -> np.ndarray:
    """Return attacks a month by unit: shape (2, 24), 50 a month in the first year."""
    wave = np.exp(0.15 * np.sin(np.arange(24)))
    for inside in (slice(0, 12), slice(12, 24)):
        wave[inside] /= wave[inside].mean()
    whole = 50 * wave * np.repeat([1.0, RATIO], 12)
    return np.array([(1 - SOUTH) * whole, SOUTH * whole])


def planted(seed: int = 1) -> pd.DataFrame:
    """Return figures of four sources: by month and unit, by month, and two by quarter.

    The net of the second widens by 40 % with the second year.
    """
    rng = np.random.default_rng(seed)
    true = truth()
    whole = true.sum(axis=0)
    widened = np.repeat([1.0, WIDENED], 12)
    rows = []
    for place, month in enumerate(MONTHS):
        rows += [("P", "attacks", u, (month,), true[n, place]) for n, u in enumerate(UNITS)]
        rows.append(("P", "victims", "", (month,), 1.5 * whole[place]))
        rows.append(("Q", "attacks", "", (month,), 0.8 * (whole * widened)[place]))
    for at in range(0, 24, 3):
        run = tuple(MONTHS[at : at + 3])
        rows.append(("R", "attacks", "", run, 1.1 * whole[at : at + 3].sum()))
        rows.append(("R", "victims", "", run, 1.65 * whole[at : at + 3].sum()))
        rows.append(("T", "attacks", "", run, 0.9 * whole[at : at + 3].sum()))
        rows.append(("T", "victims", "", run, 1.35 * whole[at : at + 3].sum()))
    table = pd.DataFrame(rows, columns=["source", "quantity", "unit", "months", "value"])
    noise = 60.0 * table["months"].map(len).to_numpy(float)
    return table.assign(value=counts(table["value"].to_numpy(float), noise, rng))


@pytest.fixture(scope="module")
def sampler():
    return Sampler(design(planted(), "P", UNITS), PRIORS, chains=2, warmup=100, kept=200)


@pytest.fixture(scope="module")
def fit(sampler):
    return sampler.draw(sampler.design.value, 7)


@pytest.mark.parametrize(
    ("planted_ratio", "quantity", "per"),
    [(RATIO, "attacks", ""), (RATIO, "victims", ""), (1.0, "victims", "attacks")],
)
def test_a_planted_ratio_is_recovered(fit, planted_ratio, quantity, per):
    found = ratio(fit, quantity, year(2024), year(2023), per=per)
    assert found.low < planted_ratio < found.high
    assert found.value == pytest.approx(planted_ratio, rel=0.12)
    assert found.high / found.low < 1.8


def test_the_net_that_widened_is_told_from_those_that_did_not(fit):
    by = {name: coverage_ratio(fit, name, "attacks", 2024, 2023) for name in "PQR"}
    assert by["Q"].low < WIDENED < by["Q"].high
    assert by["Q"].value > 1.2 > max(by["P"].value, by["R"].value)


def test_the_units_agree_with_the_whole(fit):
    parts = [totals(fit, "attacks", year(2024), [unit]) for unit in UNITS]
    np.testing.assert_allclose(sum(parts), totals(fit, "attacks", year(2024)))
    found = share(fit, "attacks", "attacks", year(2024), units=["south"])
    assert found.low < SOUTH < found.high and found.high - found.low < 0.15


def test_one_seed_gives_the_same_bytes(sampler, fit):
    again = sampler.draw(sampler.design.value, 7)
    assert set(again.draws) == set(fit.draws)
    assert all(again.draws[name].tobytes() == fit.draws[name].tobytes() for name in fit.draws)


@pytest.mark.parametrize("times", [2, 3, 1 / 3])
def test_what_every_tracker_shows_is_violence_however_large(sampler, fit, times):
    """All figures of the second year move together: no net is told to have widened by it."""
    value = sampler.design.value.copy()
    after = np.array([run[0].year == 2024 for run in planted()["months"]])
    value[after] = np.round(value[after] * times)
    moved = sampler.draw(value, 7)
    for quantity in ("attacks", "victims"):
        found = ratio(moved, quantity, year(2024), year(2023))
        assert found.low < RATIO * times < found.high
        before = ratio(fit, quantity, year(2024), year(2023)).value
        assert found.value / before == pytest.approx(times, rel=0.15)
    assert coverage_ratio(moved, "P", "attacks", 2024, 2023).value == pytest.approx(1, abs=0.2)


def test_figures_cannot_tell_a_common_drift_from_violence():
    """The common error scales all nets of a year alike, by as much as its prior says.

    Violence of that year divided by as much gives the same figures, so that the likelihood does not
    move, and the prior alone holds the two apart.
    """
    arranged = design(planted(), "P", UNITS)
    priors = replace(PRIORS, common=0.5)
    z = prior_draw(arranged, priors, np.random.default_rng(4))
    by_name = named(arranged, z)
    before = expected(arranged, priors, by_name)
    families = np.ones_like(by_name["common"])
    moved = expected(arranged, priors, by_name | {"common": by_name["common"] + families})
    gained = np.exp(moved["coverage"] - before["coverage"])
    np.testing.assert_allclose(gained, np.broadcast_to(gained[:1], gained.shape))
    assert abs(float(np.log(gained[0, 1] / gained[0, 0]))) == pytest.approx(0.5)


def test_a_fit_that_did_not_converge_is_refused(sampler, fit):
    with pytest.raises(InputError, match=r"the pooled series did not converge: .* draw more"):
        fit.convergence.require()  # 400 draws are too few
    for fault in ({"rhat": 1.01}, {"draws": 399.0}, {"divergences": 1}):
        sound = Convergence(1.0, 1000.0, 0, 4, 500)
        sound.require()
        with pytest.raises(InputError, match="did not converge"):
            replace(sound, **fault).require()


@pytest.mark.parametrize("month", [pd.Period("2023-01-01", "D"), pd.Timestamp(2023, 1, 1), "2023"])
def test_what_is_no_month_is_refused(month):
    table = planted().iloc[:3]
    table["months"] = [(MONTHS[0],), (month,), (MONTHS[2],)]
    with pytest.raises(InputError, match=r"figure 2 of the trackers: .* is no month"):
        design(table, "P", UNITS)


def test_an_anchor_without_attacks_is_refused():
    figures = planted()
    with pytest.raises(InputError, match="the anchor 'S' has no figure of attacks"):
        design(figures, "S", UNITS)
    figures.loc[figures["source"] == "R", "quantity"] = "killed"
    with pytest.raises(InputError, match="the anchor 'R' has no figure of attacks"):
        design(figures.drop_duplicates(["source", "quantity", "unit", "months"]), "R", UNITS)


def test_spoilt_figures_are_outliers_and_the_others_are_not(sampler):
    """A digit less, three times as many and a digit more, of one source and by month."""
    value = sampler.design.value.copy()
    at = np.flatnonzero(planted()["source"] == "Q")[[3, 13, 20]]
    value[at] = np.round(value[at] * [0.1, 3.0, 10.0])
    found = outliers(sampler.draw(value, 3), value)
    assert found.loc[at, "suspect"].all() and (found.loc[at, "tail"] < ALARM).all()
    assert found["suspect"].sum() <= len(at) + 1
    assert found.loc[at[1], ["source", "first", "last"]].tolist() == ["Q", "2024-02", "2024-02"]
    # What the others let expect is what this net would have seen.
    seen = 0.8 * truth().sum(axis=0) * np.repeat([1.0, WIDENED], 12)
    np.testing.assert_allclose(found.loc[at, "expected"], seen[[3, 13, 20]], rtol=0.3)


def test_the_tails_of_sound_figures_are_about_uniform(sampler, fit):
    tail = outliers(fit, sampler.design.value)["tail"]
    assert 0.3 < tail.median() < 0.7 and 0.02 < (tail < 0.2).mean() < 0.35


def test_draws_from_the_prior_have_its_scales_and_tails():
    import jax

    arranged = design(planted(), "P", UNITS)
    rng = np.random.default_rng(2)
    draws = np.array([prior_draw(arranged, PRIORS, rng) for _ in range(300)])
    widths = np.asarray(jax.jit(jax.vmap(lambda z: spreads(arranged, PRIORS, z)))(draws))
    unit = np.abs(draws / widths)
    steps = named(arranged, np.arange(draws.shape[1]))["drift_step"].ravel()
    others = np.delete(unit, steps, axis=1)
    # Half of a normal lies within 0.674, half of Student's t with four degrees within 0.741.
    assert np.median(others) == pytest.approx(0.674, abs=0.01)
    assert np.median(unit[:, steps]) == pytest.approx(0.741, abs=0.06)
    assert (others > 4.5).mean() < 1e-4 and (unit[:, steps] > 4.5).mean() > 4e-3


@pytest.mark.parametrize("seed", range(4))
def test_no_heavy_tailed_variable_is_out_of_reach_of_all_figures(seed):
    """Drawn from its tails alone, such a variable keeps chains from meeting."""
    import jax

    rng = np.random.default_rng(seed)
    years = pd.period_range("2018", "2024", freq="Y")
    rows = [
        ("P", "attacks", "", (month,), 40.0)
        for month in pd.period_range("2018-01", "2024-12", freq="M")
    ]
    for name in "QRST":
        for one in rng.choice(years, rng.integers(1, len(years)), replace=False):
            run = tuple(pd.period_range(f"{one.year}-01", periods=12, freq="M"))
            rows.append((name, rng.choice(["attacks", "militants"]), "", run, 400.0))
    table = pd.DataFrame(rows, columns=["source", "quantity", "unit", "months", "value"])
    arranged = design(table, "P")
    z = rng.normal(size=size(arranged))
    mean = jax.jacfwd(lambda one: expected(arranged, PRIORS, named(arranged, one))["mean"])
    turned = jax.jit(mean)(z)
    assert (np.abs(turned).max(axis=0) > 0)[are_steps(arranged)].all()


def test_the_coverage_of_a_year_without_a_figure_is_not_told(fit):
    for years in ((2024, 2022), (2025, 2024)):
        with pytest.raises(InputError, match="it has 2023, 2024"):
            coverage_ratio(fit, "Q", "attacks", *years)
