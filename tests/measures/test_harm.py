"""Harm by class, source and year: parts and totals agree, and what is missing stays missing."""

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.clean import corrections, in_force
from helpers.measures import harm
from helpers.raw.contract import load

DEAD = {
    "killed": "all the dead",
    "killed_civilians": "civilians",
    "killed_security_forces": "security forces",
    "killed_militants": "militants",
}


def printed(rows, **change):
    """Yearly figures from (source, scope, metric, year, value) of one region."""
    table = pd.DataFrame(rows, columns=["source", "scope", "metric", "year", "value"])
    usual = {"region": "X", "series": "s", "derived": False, "precision": "exact", "flag": ""}
    start = pd.to_datetime(table["year"].astype(str))
    return table.assign(**{**usual, "vintage": "2026-01", "period_start": start, **change})


def drawn(seed):
    """Sources that print some of four figures in some years, at times in two series."""
    rng = np.random.default_rng(seed)
    rows = []
    for source in "PQR":
        for year in range(2012, 2026):
            parts = rng.integers(0, 500, 3)
            values = dict(zip(DEAD, [parts.sum() + rng.integers(0, 9), *parts]))
            kept = [name for name in DEAD if rng.random() < 0.6]
            rows += [(source, "combined", name, year, float(values[name])) for name in kept]
            if kept and rng.random() < 0.2:
                rows.append((source, "combined", kept[0], year, values[kept[0]] + 20.0))
    return printed(rows).sample(frac=1, random_state=seed, ignore_index=True)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_not_printed_and_does_not_follow_is_missing_and_never_zero(seed):
    figures = drawn(seed)
    table = harm.by_year(harm.readings(figures, "X"), range(2012, 2027))
    least = figures.groupby(["source", "year", "metric"])["value"].min()
    for row in table.itertuples():
        have = {name: least.get((row.source, row.year, name)) for name in DEAD}
        two = have["killed_civilians"], have["killed_security_forces"]
        rest = have["killed"], have["killed_militants"]
        if row.harm == "victims":
            sums = [sum(two)] if None not in two else []
            sums += [rest[0] - rest[1]] if None not in rest else []
            wanted = sums[0] if sums else None
        else:
            wanted = have[{words: name for name, words in DEAD.items()}[row.harm]]
        assert (row.status == harm.MISSING) == pd.isna(row.value) == (wanted is None)
        assert wanted is None or row.value == wanted


@pytest.mark.parametrize("seed", range(5))
def test_every_pair_of_class_and_source_has_each_year_once(seed):
    table = harm.by_year(harm.readings(drawn(seed), "X"), range(2010, 2027))
    assert not table.duplicated(["harm", "source", "year"]).any()
    assert (table.groupby(["harm", "source"])["year"].nunique() == 17).all()
    assert table["status"].isin([harm.PRINTED, harm.DERIVED, harm.MISSING]).all()
    kept = table[table["harm"] == "victims"]
    assert not (kept["status"] == harm.PRINTED).any()  # nobody prints them: they follow from parts


def test_a_printed_figure_goes_before_a_derived_one_and_a_sum_before_a_rest():
    rows = [
        ("P", "combined", "killed", 2024, 100),
        ("P", "combined", "killed_militants", 2024, 40),
        ("P", "combined", "killed_civilians", 2024, 30),
        ("P", "combined", "killed_security_forces", 2024, 29),
    ]
    stated = ("P", "civilians_and_security_forces", "killed", 2024, 61)
    for figures, value, how in (
        ([*rows, stated], 61, "printed"),
        (rows, 59, "sum of parts"),
        (rows[:2], 60, "total less a part"),
    ):
        table = harm.by_year(harm.readings(printed(figures), "X"), [2024])
        found = table[table["harm"] == "victims"].iloc[0]
        assert (found["value"], found["how"]) == (value, how)


def test_a_change_is_read_in_one_way_in_both_years():
    rows = [
        ("P", "civilians_and_security_forces", "killed", 2024, 1612),
        *[("P", "combined", "killed", year, value) for year, value in ((2024, 2555), (2025, 3417))],
        ("P", "combined", "killed_militants", 2024, 934),
        ("P", "combined", "killed_militants", 2025, 2060),
    ]
    found = harm.changes(harm.readings(printed(rows), "X"), 2024, 2025).set_index("harm")
    victims = found.loc["victims"]
    assert (victims["before"], victims["after"]) == (1621, 1357)
    assert victims["change_pct"] == pytest.approx(-16.29, abs=0.01)
    assert victims["how"] == "total less a part"


def test_a_change_from_nothing_has_no_percentage():
    found = harm.counted(pd.DataFrame({"militants": [0, 9]}, index=[2023, 2024]), "U", "all", "x")
    assert harm.changes(found, 2023, 2024)["change_pct"].isna().all()


def test_a_part_of_a_year_is_provisional_and_no_year_to_compare_with():
    sums = pd.DataFrame({"militants": [10, 9, 3]}, index=[2024, 2025, 2026])
    found = harm.counted(sums, "U", "all", "x", part_years=[2026])
    assert found["status"].tolist() == ["counted", "counted", "provisional"]
    with pytest.raises(InputError, match="no source has a reading of 2025 and of 2026"):
        harm.changes(found, 2025, 2026)


def test_hedged_parts_and_sums_of_months_are_marked():
    rows = [
        ("P", "combined", "killed", 2023, 10),
        ("P", "combined", "killed_militants", 2023, 4),
        ("P", "militant_attacks", "attacks", 2023, 7),
    ]
    figures = printed(rows, precision=["about", "exact", "exact"], derived=[False, False, True])
    found = harm.readings(figures, "X").set_index("harm")
    assert found.loc["victims", "precision"] == "about"
    assert found.loc["militants", "precision"] == "exact"
    attacks = found.loc["attacks by militants"]
    assert attacks["status"] == harm.DERIVED and attacks["how"] == "months"


@pytest.mark.parametrize("hedge", ["about", "at least", "at most"])
def test_one_hedged_figure_keeps_its_hedge(hedge):
    rows = [("P", "combined", "killed_militants", 2023, 1400)]
    found = harm.readings(printed(rows, precision=hedge), "X")
    assert found["precision"].tolist() == [hedge]
    assert harm.written(harm.by_year(found, [2023]))["2023"].tolist() == [f"{hedge} 1,400"]


def test_sums_with_gaps_give_no_reading_for_the_gap():
    sums = pd.DataFrame(
        {"civilians": [1.0, np.nan], "security forces": [2.0, 4.0]}, index=[2020, 2021]
    )
    found = harm.counted(sums, "U", "all", "x")
    assert found.groupby("harm")["year"].apply(list).to_dict() == {
        "civilians": [2020],
        "security forces": [2020, 2021],
        "victims": [2020],
    }


def test_parts_of_two_vintages_name_both():
    rows = [("P", "combined", "killed", 2024, 10), ("P", "combined", "killed_militants", 2024, 4)]
    figures = printed(rows, vintage=["2026-01-01", "2024-12-30"])
    found = harm.readings(figures, "X").set_index("harm")
    assert found.loc["victims", "vintages"] == "2024-12-30, 2026-01-01"


def test_a_total_below_its_part_and_a_flagged_figure_give_nothing():
    rows = [
        ("P", "combined", "killed", 2024, 30),
        ("P", "combined", "killed_militants", 2024, 40),
        ("P", "combined", "killed", 2025, 50),
        ("P", "combined", "killed_militants", 2025, 20),
    ]
    found = harm.readings(printed(rows, flag=["", "", "", "misprint"]), "X")
    assert "victims" not in set(found["harm"])
    assert found[found["harm"] == "militants"]["year"].tolist() == [2024]


def test_totals_that_exceed_their_parts_are_listed_and_no_others():
    rows = [
        ("P", "combined", name, year, value)
        for year, values in ((2024, (10, 2, 3, 4)), (2025, (9, 2, 3, 4)))
        for name, value in zip(DEAD, values)
    ]
    listed = harm.unaccounted(harm.readings(printed(rows), "X"))
    assert listed[["source", "year", "rest"]].values.tolist() == [["P", 2024, 1]]
    assert harm.unaccounted(harm.readings(printed(rows[:1]), "X")).empty


def test_degenerate_input_is_refused_in_one_sentence():
    figures = printed([("P", "combined", "killed", 2024, 1)])
    found = harm.readings(figures, "X")
    for refused, words in (
        (lambda: harm.readings(figures, "Y"), "no figure of 'Y'"),
        (lambda: harm.readings(figures.assign(scope="claims"), "X"), "no class of harm"),
        (lambda: harm.by_year(found, [2019]), "no reading is of the years"),
        (lambda: harm.by_year(found, []), "no reading is of the years"),
        (lambda: harm.changes(found, 2024, 2024), "both are 2024"),
        (lambda: harm.changes(found, 2023, 2024), "of 2023 and of 2024 in one way"),
    ):
        with pytest.raises(InputError, match=words):
            refused()


@pytest.fixture(scope="module")
def table():
    figures = load(paths.RAW / "published_figures.csv")
    ledger = yaml.safe_load((paths.RAW / "corrections.yml").read_text(encoding="utf-8"))
    figures, _ = corrections.apply(figures, "published_figures", ledger)
    return harm.readings(in_force.yearly(figures), "Pakistan")


@pytest.mark.parametrize(
    ("source", "years", "counts", "change"),
    [
        ("CRSS", (2024, 2025), (1621, 1357), -16.3),
        ("PICSS", (2024, 2025), (996, 1247), 25.2),
        ("CRSS", (2023, 2024), (1000, 1612), 61.2),
    ],
)
def test_the_sources_disagree_on_the_victims_of_2025(table, source, years, counts, change):
    found = harm.changes(table, *years).set_index(["harm", "source"]).loc[("victims", source)]
    assert (found["before"], found["after"]) == counts
    assert found["change_pct"] == pytest.approx(change, abs=0.05)


def test_published_totals_exceed_their_parts_only_where_listed(table):
    listed = harm.unaccounted(table).set_index(["source", "year"])["rest"]
    assert listed.to_dict() == {("PICSS", 2015): 22, ("PICSS", 2024): 3, ("PICSS", 2025): 51}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_what_the_table_holds_and_a_dash_is_no_zero(seed):
    whole = harm.by_year(harm.readings(drawn(seed), "X"), range(2012, 2027))
    words = harm.written(whole).melt(["harm", "source"], var_name="year")
    cells = whole.astype({"year": str}).merge(words, on=["harm", "source", "year"])
    assert len(cells) == len(whole)
    for cell in cells.itertuples():
        assert (cell.value_y == "–") == (cell.status == harm.MISSING)
        assert cell.value_y.endswith("*") == (cell.status == harm.DERIVED)
        if cell.status != harm.MISSING:
            assert float(cell.value_y.strip("*").replace(",", "")) == cell.value_x
    order = words[["harm", "source"]].drop_duplicates().to_numpy().tolist()
    assert order == whole[["harm", "source"]].drop_duplicates().to_numpy().tolist()


def test_rounded_and_unfinished_numbers_are_written_as_such():
    rows = [("P", "civilians_and_security_forces", "killed", 2025, 1000)]
    hedged = harm.readings(printed(rows, precision="about"), "X")
    begun = harm.counted(pd.DataFrame({"victims": [7]}, index=[2026]), "U", "all", "c", [2026])
    wide = harm.written(harm.by_year(pd.concat([hedged, begun]), [2025, 2026]))
    assert wide.to_numpy().tolist() == [
        ["victims", "P", "about 1,000", "–"],
        ["victims", "U", "–", "7 (part)"],
    ]
