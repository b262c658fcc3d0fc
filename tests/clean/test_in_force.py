"""The rule that picks a value in force, and what stated totals fill."""

import pandas as pd
import pytest
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.clean import corrections, in_force
from helpers.clean.totals import Total, fill
from helpers.raw import contract
from helpers.raw.periods import span


def figures(*rows: tuple) -> pd.DataFrame:
    """Figures of one made-up series: (period, value, vintage[, precision, url])."""
    frame = pd.DataFrame(
        [
            (*row, *("exact", f"https://example.org/{number}")[len(row) - 3 :])
            for number, row in enumerate(rows)
        ],
        columns=["period", "value", "vintage", "precision", "url"],
    )
    return frame.assign(
        source="A",
        scope="militant_attacks",
        series="attacks",
        region="X",
        metric="attacks",
        value=frame["value"].astype(float),
    )


def value(frame: pd.DataFrame) -> float:
    """The one value in force."""
    kept = in_force.select(frame)
    assert len(kept) == 1
    return kept["value"].item()


def months(*values: float | None, year: int = 2023) -> list[tuple]:
    """Rows of the months of a year, each printed in the month after; None is a missing month."""
    after = [f"{year}-{month + 1:02}" if month < 12 else f"{year + 1}-01" for month in range(1, 13)]
    return [
        (f"{year}-{month:02}", v, after[month - 1])
        for month, v in enumerate(values, 1)
        if v is not None
    ]


def by_start(frame: pd.DataFrame) -> dict[str, float]:
    return dict(zip(frame["period_start"].dt.strftime("%Y-%m"), frame["value"]))


def test_the_latest_vintage_wins_whatever_the_order_of_rows():
    rows = figures(
        ("2024", 905, "2025-01-01"), ("2024", 908, "2025-12-29"), ("2024", 900, "undated")
    )
    assert value(rows) == value(rows.iloc[::-1]) == 908
    assert in_force.select(rows)["n_values"].item() == 3


def test_an_exact_figure_beats_a_later_hedged_one():
    assert value(figures(("2023", 479, "2024-01"), ("2023", 600, "2025-01", "about"))) == 479


def test_texts_of_one_month_are_one_vintage_and_the_majority_wins():
    assert (
        value(
            figures(
                ("2023-02", 59, "2023-03-01"),
                ("2023-02", 59, "2023-03-02"),
                ("2023-02", 62, "2023-03-03"),
            )
        )
        == 59
    )


def test_one_text_twice_is_no_majority():
    same = figures(
        ("2023-02", 59, "2023-03", "exact", "https://example.org/a"),
        ("2023-02", 59, "2023-03", "exact", "https://example.org/a"),
        ("2023-02", 62, "2023-03-20", "exact", "https://example.org/b"),
    )
    assert value(same) == 62


def test_a_tie_goes_to_the_later_day_then_to_the_smaller_value():
    assert value(figures(("2019-09", 15, "2019-10-01"), ("2019-09", 16, "2019-10-02"))) == 16
    assert value(figures(("2022", 512, "2023-01"), ("2022", 506, "2023-01-02"))) == 512
    assert value(figures(("2022", 512, "2023-01"), ("2022", 506, "2023-01"))) == 506


def test_a_flagged_figure_yields_but_stays_where_it_is_alone():
    two = figures(("2013", 5379, "2014-01"), ("2013", 5279, "2014-02")).assign(
        flag=["", "misprint"]
    )
    assert value(two) == 5379
    alone = in_force.select(two[two["flag"] != ""])
    assert (alone["value"].item(), alone["flag"].item()) == (5279, "misprint")


def test_scopes_are_never_mixed():
    both = pd.concat(
        [
            figures(("2024", 908, "2025-12")),
            figures(("2024", 1950, "2025-12")).assign(scope="combined", metric="killed"),
        ]
    )
    assert len(in_force.select(both)) == len(in_force.yearly(both)) == 2


def test_one_missing_month_is_the_total_less_the_others():
    rows = figures(
        *months(44, 58, 39, 48, 40, None, 54, 99, 65, 47, 63, None),
        ("2023-H1", 271, "2023-07-03"),
        ("2023", 645, "2024-01-01"),
    )
    got = in_force.monthly(rows).set_index("period_start")
    assert got.loc["2023-06-01", ["value", "derived", "n_values"]].tolist() == [42, True, 0]
    assert got.loc["2023-12-01", ["value", "derived"]].tolist() == [46, True]
    assert got["derived"].sum() == 2 and got.loc["2023-12-01", "vintage"] == "2024-01-01"


def test_the_total_is_the_first_after_the_period_not_a_later_revision_or_an_early_count():
    values = [93, 97, 56, 77, 86, 69, 79, 83, 77, 68, 71, None]
    rows = figures(
        *months(*values, year=2024),
        ("2024", 905, "2025-01-01"),
        ("2024", 908, "2025-12-29"),
        ("2024", 880, "2024-12-20"),
    )
    assert by_start(in_force.monthly(rows))["2024-12"] == 49
    assert in_force.yearly(rows)["value"].item() == 908


@pytest.mark.parametrize(
    ("gaps", "total", "why"),
    [
        ([5, 6], 300, "two are missing"),
        ([5], 10, "the rest is negative"),
        ([], 300, "none is missing"),
    ],
)
def test_a_month_is_not_filled_when(gaps, total, why):
    values = [None if number in gaps else 20 for number in range(12)]
    assert not in_force.monthly(figures(*months(*values), ("2023", total, "2024-01")))[
        "derived"
    ].any(), why


def test_a_month_is_not_filled_from_totals_that_disagree_or_from_hedged_figures():
    values = [20, 20, None]
    both = [("2023-Q1", 66, "2023-04"), ("2023-01/2023-03", 70, "2023-04")]
    # one span printed as two periods: their rests are 26 and 30
    assert not in_force.monthly(figures(*months(*values), *both))["derived"].any()
    hedged = figures(*months(*values), ("2023-Q1", 66, "2023-04", "about"))
    assert not in_force.monthly(hedged)["derived"].any()
    part = figures(
        ("2023-01", 20, "2023-02", "at least"),
        ("2023-02", 20, "2023-03"),
        ("2023-Q1", 66, "2023-04"),
    )
    assert not in_force.monthly(part)["derived"].any()


def test_a_total_printed_before_its_period_ended_gives_nothing():
    values = [*[20] * 11, None]
    assert not in_force.monthly(figures(*months(*values), ("2023", 240, "2023-10")))[
        "derived"
    ].any()
    assert (
        in_force.monthly(figures(*months(*values), ("2023", 240, "2023-12-31")))["derived"].sum()
        == 1
    )


def test_the_narrowest_total_goes_first_and_feeds_the_next():
    known = {unit: 10 for unit in range(12) if unit not in (5, 11)}
    found = fill(known, [Total(0, 12, 130, "", ""), Total(0, 6, 57, "", "")])
    assert [(unit, rest) for unit, rest, _ in found] == [(5, 7), (11, 23)]
    both = {unit: 10 for unit in range(12) if unit != 5}
    assert [
        rest for _, rest, _ in fill(both, [Total(0, 12, 130, "", ""), Total(0, 6, 57, "", "")])
    ] == [7]


def test_quarters_and_years_are_stated_summed_or_filled():
    rows = figures(
        ("2024-01", 10, "2024-02"),
        ("2024-02", 11, "2024-03"),
        ("2024-03", 12, "2024-04"),
        ("2024-Q2", 40, "2024-07"),
        ("2024-Q3", 50, "2024-10"),
        ("2024", 200, "2025-01"),
    )
    quarters = in_force.quarterly(rows).set_index("period_start")
    assert quarters["value"].tolist() == [33, 40, 50, 77]
    assert quarters["derived"].tolist() == [True, False, False, True]
    summed = in_force.yearly(figures(*months(*range(1, 13))))
    assert (summed["value"].item(), summed["derived"].item()) == (78, True)


def test_shares_and_changes_enter_no_series():
    assert in_force.yearly(figures(("2024", 39, "2025-01")).assign(scope="change")).empty


def test_periods():
    assert span("2024-Q2") == span("2024-04/2024-06") == (2024 * 12 + 3, 3)
    assert span("2024-H2").length == 6 and span("2005/2015").length == 132
    assert span("2024-01-01/2024-12-09") is None and span("../2013") is None
    for wrong in ("2024-13", "2024-H3", "2024-05/2024-01", "late 2024"):
        with pytest.raises(InputError, match="is not one of"):
            span(wrong)


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="lack the column 'vintage'"):
        in_force.monthly(figures(("2024", 1, "2025")).drop(columns="vintage"))


def test_each_run_of_months_has_the_figure_in_force_and_the_first_after_its_end():
    found = in_force.periods(
        figures(
            ("2024", 905, "2025-01"),
            ("2024", 908, "2025-12"),
            ("2024", 880, "2024-12-20"),
            ("2024", 890, "2024-11"),
            ("2024-01/2024-10", 785, "2024-11"),
            ("2024-H1", 450, "2024-05"),
            ("2024-01-01/2024-12-09", 870, "2024-12"),
        )
    )
    assert found["period"].tolist() == ["2024-H1", "2024-01/2024-10", "2024"]
    assert found["n_months"].tolist() == [6, 10, 12]
    assert found["value"].tolist() == [450.0, 785.0, 908.0]
    assert found["value_then"].tolist()[1:] == [785.0, 905.0]
    assert found["vintage_then"].isna().tolist() == [True, False, False]


def test_a_hedged_or_flagged_figure_is_no_total_of_its_time():
    hedged = figures(("2024", 900, "2025-01", "about"), ("2024", 905, "2025-06"))
    assert in_force.periods(hedged)["value_then"].tolist() == [905.0]
    flagged = figures(("2024", 890, "2025-01"), ("2024", 905, "2025-06")).assign(flag=["x", ""])
    assert in_force.periods(flagged)["value_then"].tolist() == [905.0]


# The tables that the project carries.


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    frame = contract.load(paths.RAW / "published_figures.csv")
    ledger = yaml.safe_load((paths.RAW / "corrections.yml").read_text())
    return corrections.apply(frame, "published_figures", ledger)[0]


def national(frame: pd.DataFrame, source: str, scope: str, metric: str) -> dict[str, float]:
    kept = frame[
        (frame["source"] == source)
        & (frame["scope"] == scope)
        & (frame["metric"] == metric)
        & (frame["region"] == "Pakistan")
        & (frame["series"] != "incidents of killing")
    ]
    return by_start(kept)


def test_picss_attacks_are_whole_from_2022_to_2025(table):
    got = in_force.monthly(table)
    series = national(got, "PICSS", "militant_attacks", "attacks")
    assert {f"{year}-{month:02}" for year in range(2022, 2026) for month in range(1, 13)} <= set(
        series
    )
    assert [series[month] for month in ("2023-06", "2023-12", "2024-12")] == [42, 46, 49]
    sums = [
        sum(series[f"{year}-{month:02}"] for month in range(1, 13)) for year in range(2022, 2026)
    ]
    assert sums == [381, 645, 905, 1050]


@pytest.mark.parametrize(
    ("source", "scope", "metric", "before", "after"),
    [
        ("PICSS", "militant_attacks", "attacks", 645, 908),
        ("PICSS", "combined", "killed", 1529, 1950),
        ("CRSS", "combined", "killed", 1533, 2555),
        ("CRSS", "combined", "incidents", 784, 1166),
        ("PIPS", "militant_attacks", "attacks", 306, 521),
        ("PIPS", "militant_attacks", "killed", 693, 852),
        ("GTI", "militant_attacks", "attacks", 517, 1099),
        ("GTI", "militant_attacks", "killed", 748, 1081),
    ],
)
def test_2023_to_2024_in_every_source(table, source, scope, metric, before, after):
    series = national(in_force.yearly(table), source, scope, metric)
    assert (series["2023-01"], series["2024-01"]) == (before, after)


def test_the_article_and_a_later_vintage_of_satp_stand_side_by_side(table):
    years = in_force.yearly(table)
    satp = years[
        (years["source"] == "SATP")
        & (years["region"] == "Pakistan")
        & (years["scope"] == "combined")
        & years["period_start"].dt.year.isin([2023, 2024])
    ]
    quoted = satp[satp["series"].str.contains("as the article quotes")]
    assert sorted(quoted["value"]) == [921, 1261, 1513, 2113]
    later = satp[(satp["series"] == "all violent incidents") & (satp["metric"] == "killed")]
    assert later["value"].tolist() == [2236]


def test_known_misprints_are_not_in_force(table):
    years = in_force.yearly(table)

    def at(year: int, **key: str) -> float:
        rows = years[years["period_start"].dt.year == year]
        for name, wanted in key.items():
            rows = rows[rows[name] == wanted]
        return rows["value"].item()

    assert at(2013, source="SATP", region="Pakistan", metric="killed") == 5379
    assert at(2024, source="GTI", series="attacks by TTP", metric="killed") == 558
    assert at(2023, source="PICSS", scope="state_operations", metric="killed_militants") == 479


def test_crss_with_crime_and_without_are_two_series(table):
    years = in_force.yearly(table)
    crss = years[
        (years["source"] == "CRSS")
        & (years["region"] == "Pakistan")
        & (years["metric"] == "killed")
    ]
    first = crss[crss["scope"] == "crime_included"]["period_start"].dt.year
    second = crss[crss["scope"] == "combined"]["period_start"].dt.year
    assert first.max() == 2017 and second.min() == 2018
