"""Series from small made tables: what counts, whose harm it is, gaps, and what is refused."""

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.coverage import gaps, longest_run, reach
from helpers.measures.series import Counted, from_events, from_months, from_published, together

HOME = "Government of Here"
COLUMNS = [
    "type_of_violence",
    "side_a",
    "side_b",
    "province",
    "month_start",
    "events",
    "deaths_best",
    "deaths_a",
    "deaths_b",
    "civilians",
]
EVENTS = pd.DataFrame(
    [
        (
            "state-based",
            HOME,
            "Red",
            "North",
            "2020-02-01",
            2,
            10,
            3,
            5,
            2,
        ),  # government against a group
        ("state-based", HOME, "Blue", "South", "2020-02-01", 1, 4, 1, 3, 0),
        (
            "state-based",
            HOME,
            "Government of There",
            "North",
            "2020-02-01",
            1,
            50,
            20,
            30,
            0,
        ),  # between states: never
        (
            "state-based",
            "Government of There",
            "Blue",
            "North",
            "2020-03-01",
            1,
            7,
            0,
            7,
            0,
        ),  # another government: never
        ("one-sided", "Red", "Civilians", "North", "2020-03-01", 3, 9, 0, 0, 9),
        (
            "one-sided",
            HOME,
            "Civilians",
            "North",
            "2020-03-01",
            1,
            5,
            0,
            0,
            5,
        ),  # by the state: not harm by militants
        ("non-state", "Red", "Blue", "South", "2020-03-01", 1, 6, 3, 3, 0),  # among groups: never
        ("one-sided", "Blue", "Civilians", "South", None, 1, 8, 0, 0, 8),
    ],
    columns=COLUMNS,
)  # month unknown
EVENTS = EVENTS.assign(year=2020, month_start=pd.to_datetime(EVENTS["month_start"]))


def figures(*rows: tuple) -> pd.DataFrame:
    """Figures of one source: scope, series, region, metric, month, value, derived, flag."""
    columns = ["scope", "series", "region", "metric", "period_start", "value", "derived", "flag"]
    frame = pd.DataFrame(rows, columns=columns).assign(source="Press")
    return frame.assign(period_start=pd.to_datetime(frame["period_start"]))


def attacks(
    region: str = "Here", metric: str = "attacks", scope: str = "militant_attacks"
) -> pd.DataFrame:
    rows = [
        (
            scope,
            "attacks by militants",
            region,
            metric,
            f"2020-{month:02d}-01",
            month,
            month == 5,
            "",
        )
        for month in (5, 1, 2, 4, 7, 8, 9)
    ]
    return figures(*rows)


def nonzero(series: Counted) -> dict[str, float]:
    return {str(month): value for month, value in series.values.items() if value}


@pytest.mark.parametrize(
    ("measure", "by", "expected"),
    [
        ("one_sided_events", "militants", {"2020-03": 3}),
        ("one_sided_civilians", "militants", {"2020-03": 9}),
        ("security_forces", "militants", {"2020-02": 4}),
        ("militants", "the state", {"2020-02": 8}),
        ("civilians_in_fighting", "either side", {"2020-02": 2}),
        ("fighting_events", "either side", {"2020-02": 3}),
        ("events", "either side", {"2020-02": 3, "2020-03": 3}),
        ("deaths", "either side", {"2020-02": 14, "2020-03": 9}),
    ],
)
def test_each_measure_of_events_counts_its_own_harm(measure, by, expected):
    got = from_events(EVENTS, "Here", measure)
    assert nonzero(got) == expected and got.by == by
    assert len(got.values) == 12 and str(got.values.index[0]) == "2020-01"


def test_events_by_place_and_group_say_so():
    got = from_events(EVENTS, "Here", "security_forces", where={"province": ["North"]})
    assert nonzero(got) == {"2020-02": 3} and got.counts.endswith("armed groups, North")
    assert nonzero(from_events(EVENTS, "Here", "events", groups=["Blue"])) == {"2020-02": 1}
    assert from_events(EVENTS, "Here", "events").left_out == 1
    assert from_events(EVENTS, "Here", "events", where={"province": "North"}).left_out == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"measure": "securityforces"},
            r"no measure 'securityforces' of events; did you mean 'security_forces'\?",
        ),
        ({"where": {"provinse": "North"}}, r"no column 'provinse'; did you mean 'province'\?"),
        (
            {"where": {"province": "Nort"}},
            r"no row has the province 'Nort'; did you mean 'North'\?",
        ),
        ({"groups": ["Redd"]}, r"no row has the group 'Redd'; did you mean 'Red'\?"),
    ],
)
def test_unknown_names_of_events_are_refused(options, said):
    with pytest.raises(InputError, match=said):
        from_events(EVENTS, "Here", **({"measure": "events"} | options))


def test_no_events_no_series():
    with pytest.raises(InputError, match="the event table is empty"):
        from_events(EVENTS[:0], "Here", "events")


def test_months_are_totals_of_either_side():
    dates = pd.to_datetime(["2020-02-01", "2020-01-01", "2020-04-01"])
    table = pd.DataFrame({"month": dates, "deaths": [5, 3, 8], "version": "v"})
    got = from_months(table, "v")
    assert got.values.tolist() == [3, 5, 0, 8] and got.by == "either side"
    assert got.values.index.freqstr == "M"
    with pytest.raises(InputError, match="2020-01 stands twice"):
        from_months(pd.concat([table, table[1:2]]), "v")


def test_a_series_of_months_is_of_one_release():
    table = pd.DataFrame({"month": pd.to_datetime(["2020-01-01"] * 2), "deaths": [5, 9]})
    table = table.assign(version=["26.1", "candidate"], deaths_low=[1, None])
    assert from_months(table, "26.1").values.tolist() == [5]
    with pytest.raises(InputError, match=r"no month of version '26\.2'; did you mean '26\.1'"):
        from_months(table, "26.2")
    with pytest.raises(InputError, match="candidate of UCDP does not state 'deaths_low'"):
        from_months(table, "candidate", "deaths_low")
    with pytest.raises(InputError, match="no column 'deths'; did you mean 'deaths'"):
        from_months(table, "26.1", "deths")


def test_units_of_months_are_chosen_and_added_over_the_span_of_the_release():
    dates = pd.to_datetime(["2020-01-01", "2020-01-01", "2020-03-01"])
    table = pd.DataFrame({"month": dates, "group": ["A", "B", "C"], "events": [1, 2, 4]})
    table = table.assign(version="v")
    got = from_months(table, "v", "events", where={"group": ["A", "B"]})
    assert got.values.tolist() == [3, 0, 0] and got.counts.endswith(", A + B")
    with pytest.raises(InputError, match="no row has the group 'D'"):
        from_months(table, "v", "events", where={"group": "D"})


def test_published_figures_keep_their_gaps_and_derived_months():
    got = from_published(attacks(), "Press", "attacks", region="Here")
    assert got.values.index.astype(str).tolist() == [
        f"2020-{month:02d}" for month in (1, 2, 4, 5, 7, 8, 9)
    ]
    assert got.values["2020-05"] == 5 and [str(month) for month in got.derived] == ["2020-05"]
    assert got.by == "militants" and got.counts == "attacks (attacks by militants), Here"


@pytest.mark.parametrize(
    ("scope", "metric", "by"),
    [
        ("militant_attacks", "killed_security_forces", "militants"),
        ("militant_attacks", "killed_militants", "either side"),
        ("state_operations", "killed_militants", "the state"),
        ("state_operations", "killed_security_forces", "either side"),
        ("combined", "killed", "either side"),
        ("official", "killed", "either side"),
    ],
)
def test_whose_harm_a_published_figure_is(scope, metric, by):
    got = from_published(
        attacks(metric=metric, scope=scope), "Press", metric, region="Here", scope=scope
    )
    assert got.by == by


def test_years_and_quarters_have_their_own_step():
    table = figures(
        ("militant_attacks", "attacks", "Here", "killed", "2019-01-01", 7, False, ""),
        ("militant_attacks", "attacks", "Here", "killed", "2021-01-01", 9, False, ""),
    )
    got = from_published(table, "Press", "killed", region="Here", every="Y")
    assert got.values.index.freqstr.startswith("Y") and gaps(got.values) == ["2020"]


def test_flagged_figures_are_left_out_unless_asked_for():
    table = attacks()
    table.loc[table["value"] == 1, "flag"] = "misprint"
    assert len(from_published(table, "Press", "attacks", region="Here").values) == 6
    assert len(from_published(table, "Press", "attacks", region="Here", flagged=True).values) == 7
    with pytest.raises(InputError, match="every figure of Press for 'attacks' in Here is flagged"):
        from_published(table.assign(flag="x"), "Press", "attacks", region="Here")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"source": "Pres"}, r"has the source 'Pres'; did you mean 'Press'\?"),
        (
            {"metric": "atacks"},
            r"no figure of Press has the metric 'atacks'; did you mean 'attacks'\?",
        ),
        ({"region": "There"}, "no figure of Press has the region 'There'"),
    ],
)
def test_unknown_names_of_figures_are_refused(options, said):
    with pytest.raises(InputError, match=said):
        from_published(
            attacks(), **({"source": "Press", "metric": "attacks", "region": "Here"} | options)
        )


def test_two_series_of_one_scope_are_told_apart():
    table = pd.concat([attacks(), attacks().assign(series="attacks, later count")])
    with pytest.raises(
        InputError, match=r"Press prints 2 series of 'attacks' for Here .* choose one"
    ):
        from_published(table, "Press", "attacks", region="Here")
    assert (
        len(
            from_published(
                table, "Press", "attacks", region="Here", series="attacks, later count"
            ).values
        )
        == 7
    )


def test_a_sum_stands_where_all_parts_stand():
    table = pd.concat([attacks("East"), attacks("West").iloc[1:4]])
    east, west = (
        from_published(table, "Press", "attacks", region=region) for region in ("East", "West")
    )
    both = together(east, west)
    assert both.values.tolist() == [2, 4, 8] and both.by == "militants" and both.derived == ()
    assert together(east, from_events(EVENTS, "Here", "militants")).by == "either side"
    with pytest.raises(InputError, match="share no period"):
        together(east, Counted(east.values.shift(20, freq="M"), "Press", "later", "militants"))
    with pytest.raises(InputError, match="different steps"):
        together(
            east,
            Counted(
                east.values.groupby(east.values.index.asfreq("Y")).sum(),
                "Press",
                "years",
                "militants",
            ),
        )


def test_coverage_names_gaps_and_the_longest_run():
    got = reach({"attacks": from_published(attacks(), "Press", "attacks", region="Here")}).iloc[0]
    assert got[["first", "last", "n", "derived"]].tolist() == ["2020-01", "2020-09", 7, 1]
    assert got["gaps"] == "2020-03, 2020-06"
    assert (got["run_first"], got["run_last"], got["run_n"]) == ("2020-07", "2020-09", 3)
    with pytest.raises(InputError, match="the series 'none' is empty"):
        reach({"none": Counted(pd.Series(dtype="float64"), "", "", "")})


def test_of_equally_long_runs_the_latest_and_of_wide_gaps_both_ends():
    index = pd.PeriodIndex(["2020-01", "2020-02", "2020-06", "2020-07"], freq="M")
    values = pd.Series(1.0, index=index)
    assert longest_run(values).index.astype(str).tolist() == ["2020-06", "2020-07"]
    assert gaps(values) == ["2020-03 to 2020-05"] and gaps(values[:2]) == []
