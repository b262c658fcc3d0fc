"""The figures that enter the measurement model: each once, of one age, and adding to the years."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.base.errors import InputError
from helpers.measures.quantities import QUANTITY_OF
from helpers.measures.trackers import ENTRY, OTHER_SCOPE, OTHER_SERIES, by_year, published
from helpers.stats.trackers.quantities import QUANTITIES as PARTS

SOURCES = ["SATP", "UCDP", "CRSS", "PICSS", "PIPS", "GTI"]
WINDOW = ("2018-01", "2025-12")


def figures(*rows, **change):
    """Figures from (scope, metric, first month, months, value) of one source."""
    names = ["scope", "metric", "start", "n_months", "value"]
    table = pd.DataFrame(rows, columns=names)
    about = {"source": "P", "series": "s", "region": "X", "precision": "exact", "flag": ""}
    about |= {"vintage": "2025-01", "vintage_then": "2025-01", "url": "", "url_then": ""}
    table = table.assign(period=table["start"] + "+" + table["n_months"].astype(str), **about)
    table = table.assign(period_start=pd.to_datetime(table.pop("start")))
    return table.assign(value_then=table["value"].astype(float), **change)


def entered(table):
    return published(table, "X", ["P"], *WINDOW).entered


def values(table):
    rows = entered(table)
    return {(row.quantity, str(row.months[0])): row.value for row in rows.itertuples()}


KEYS = sorted(set(QUANTITY_OF))


@st.composite
def drawn(draw):
    """Any figures of a few spans, each key once."""
    keys = st.tuples(
        st.sampled_from(KEYS), st.sampled_from([1, 3, 4, 7]), st.sampled_from([1, 3, 6])
    )
    chosen = draw(st.lists(keys, min_size=1, max_size=30, unique=True))
    return figures(
        *[
            (*key, f"2024-{month:02d}-01", width, draw(st.integers(0, 200)))
            for key, month, width in chosen
        ]
    ).assign(series="security forces")


@settings(deadline=None, max_examples=40)
@given(drawn())
def test_what_is_printed_enters_once_or_is_told_and_no_count_is_negative(table):
    both = published(table, "X", ["P"], *WINDOW)
    rows = both.entered
    assert list(rows) == ENTRY
    assert (rows["value"] >= 0).all()
    for _, own in rows.groupby(["source", "quantity", "unit"]):
        covered = [month for months in own["months"] for month in months]
        assert len(covered) == len(set(covered))
    # A printed figure enters, is told, or gives its rest.
    kept = (~rows["derived"]).sum() + len(both.left_out)
    assert kept <= len(table) <= kept + rows["derived"].sum()


@settings(deadline=None, max_examples=40)
@given(drawn(), st.data())
def test_a_flagged_figure_changes_nothing(table, data):
    flagged = data.draw(st.lists(st.booleans(), min_size=len(table), max_size=len(table)))
    flags = pd.Series(flagged)
    if flags.all():
        flags.iloc[0] = False
    with_flags = table.assign(flag=flags.map({True: "slip", False: ""}))
    pd.testing.assert_frame_equal(entered(with_flags), entered(table[~flags]))


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(12)), st.lists(st.integers(0, 99), min_size=12, max_size=12))
def test_a_year_and_any_of_its_months_add_to_the_year(order, truth):
    rows = [("militant_attacks", "attacks", f"2024-{m + 1:02d}-01", 1, truth[m]) for m in order]
    year = ("militant_attacks", "attacks", "2024-01-01", 12, sum(truth))
    both = published(figures(*rows[:11], year), "X", ["P"], *WINDOW)
    if both.left_out.empty:
        assert by_year(both.entered)[["months", "total"]].values.tolist() == [[12, sum(truth)]]


def test_parts_enter_and_their_sum_does_not():
    table = figures(
        ("militant_attacks", "killed", "2024-05-01", 1, 90),
        ("militant_attacks", "killed_civilians", "2024-05-01", 1, 48),
        ("militant_attacks", "killed_security_forces", "2024-05-01", 1, 20),
        ("militant_attacks", "killed_militants", "2024-05-01", 1, 22),
    )
    assert {key[0] for key in values(table)} == {"civilians", "security_forces", "attackers"}
    alone = values(table[:2])
    assert alone == {("killed_in_attacks", "2024-05"): 90, ("civilians", "2024-05"): 48}


def test_one_scope_of_a_count_goes_first_and_the_other_fills_spans_apart():
    table = figures(
        ("militant_attacks", "killed_civilians", "2024-01-01", 1, 10),
        ("militant_attacks", "killed_civilians", "2024-02-01", 1, 20),
        ("combined", "killed_civilians", "2024-02-01", 1, 23),
        ("combined", "killed_civilians", "2024-03-01", 1, 33),
    )
    months = {month: value for (_, month), value in values(table).items()}
    assert months == {"2024-01": 10, "2024-02": 20, "2024-03": 33}
    told = published(table, "X", ["P"], *WINDOW).left_out
    assert told[["value", "reason"]].to_numpy().tolist() == [[23.0, OTHER_SCOPE]]


def test_of_two_series_the_one_with_years_side_by_side_enters():
    table = figures(
        ("combined", "killed", "2019-01-01", 12, 365),
        ("combined", "killed", "2024-01-01", 12, 2236),
        ("combined", "killed", "2023-01-01", 12, 1513),
        ("combined", "killed", "2024-01-01", 12, 2113),
    ).assign(series=["all", "all", "quoted", "quoted"])
    assert sorted(values(table).values()) == [1513, 2113]
    told = published(table, "X", ["P"], *WINDOW).left_out
    assert told["reason"].tolist() == [OTHER_SERIES] * 2


def test_a_country_without_figures_is_refused():
    with pytest.raises(InputError, match="no published figure of 'Y'"):
        published(figures(("combined", "killed", "2024-01-01", 1, 1)), "Y", ["P"], *WINDOW)


# The tables that the project carries.


@pytest.fixture(scope="module")
def real(published_periods):
    return published(published_periods, "Pakistan", SOURCES, *WINDOW)


@pytest.mark.parametrize(
    ("source", "quantity", "year", "total"),
    [
        ("PICSS", "attacks", 2023, 645),
        ("PICSS", "attacks", 2024, 905),
        ("PICSS", "security_forces", 2024, 461),
        ("PICSS", "civilians", 2024, 488),
        ("PICSS", "attackers", 2024, 225),
        ("PICSS", "militants_by_state", 2023, 479),
        ("PIPS", "attacks", 2023, 306),
        ("PIPS", "attacks", 2024, 521),
        ("PIPS", "attacks", 2025, 699),
        ("GTI", "attacks", 2023, 517),
        ("GTI", "attacks", 2024, 1099),
        ("CRSS", "attacks", 2023, 586),
        ("CRSS", "attacks", 2024, 909),
        ("CRSS", "attacks_on_forces", 2023, 299),
        ("CRSS", "attacks_on_forces", 2024, 444),
        ("CRSS", "militants", 2025, 2060),
        ("SATP", "incidents", 2023, 921),
        ("SATP", "incidents", 2024, 1261),
        ("SATP", "killed", 2023, 1513),
        ("SATP", "killed", 2024, 2113),
    ],
)
def test_the_figures_of_a_year_add_to_the_year_as_printed(real, source, quantity, year, total):
    rows = by_year(real.entered).set_index(["source", "quantity", "year"])
    assert rows.loc[(source, quantity, year), ["months", "total"]].tolist() == [12, total]


def test_what_the_project_enters_is_sound(real, published_periods):
    rows = real.entered
    assert set(rows["quantity"]) <= set(PARTS)
    assert set(rows["source"]) <= set(SOURCES)
    for _, own in rows.groupby(["source", "quantity"]):
        covered = [month for months in own["months"] for month in months]
        assert len(covered) == len(set(covered))
        assert min(covered) >= pd.Period(WINDOW[0], "M")
        assert max(covered) <= pd.Period(WINDOW[1], "M")
    sound = published_periods.query("region == 'Pakistan' and flag == '' and precision == 'exact'")
    whole = rows[~rows["derived"]]
    assert set(zip(whole["source"], whole["value"], whole["vintage"])) <= set(
        zip(sound["source"], sound["value"], sound["vintage"])
    )


def test_months_that_follow_from_totals_are_those_of_the_monthly_table(real, corrected):
    from helpers.clean import in_force

    monthly = in_force.monthly(corrected("published_figures"))
    own = monthly[monthly["derived"] & (monthly["region"] == "Pakistan")]
    own = own.query("metric == 'attacks' and scope == 'militant_attacks' and source == 'PICSS'")
    own = own[own["period_start"].between("2018-01-01", "2025-12-01")]
    ours = real.entered.query("source == 'PICSS' and quantity == 'attacks' and derived")
    single = {months[0]: value for months, value in zip(ours["months"], ours["value"])}
    assert len(own) >= 3
    for row in own.itertuples():
        assert single[pd.Period(row.period_start, "M")] == row.value
