"""Figures of areas and road deaths: nothing lost, nothing merged, odd files refused."""

import pandas as pd
import pytest
from conftest import SHARED

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli.ingest import main
from helpers.ingest.area_figures import NEEDED, Amendment, AreaFacts, Teller, tidy, whole_days
from helpers.ingest.facts import facts_path, read_facts
from helpers.ingest.road_deaths import financial_year
from helpers.ingest.road_deaths import tidy as roads
from helpers.raw.contract import load
from helpers.raw.sidecar import read_cells

FIGURES = SHARED / "claims_and_kp_police_facts.csv"
ROADS = SHARED / "pbs_road_accidents_province_year_2008_2019.csv"
needs_files = pytest.mark.skipif(
    not SHARED.exists(), reason="the publishers' files are not beside the project"
)


@pytest.fixture(scope="module")
def police():
    return load(paths.RAW / "police_figures.csv")


def test_texts_that_contradict_each_other_are_rows_of_their_own(police):
    of_2023 = police.query("level == 'province' and metric == 'incidents'")
    of_2023 = of_2023[of_2023["period_start"] == "2023-01-01"]
    assert dict(zip(of_2023["value"], of_2023["period_end"])) == {
        563: "2023-11-30",
        572: "2023-12-21",
        631: "2023-12-31",
        651: "2023-12-31",
    }


def test_districts_never_exceed_the_province_in_the_same_period(police):
    counted = police[police["metric"] == "incidents"]
    period = ["period_start", "period_end"]
    province = counted[counted["level"] == "province"].groupby(period)["value"].max()
    districts = counted[counted["level"] != "province"].groupby(period)["value"].sum()
    assert set(districts.index) <= set(province.index)
    assert (districts <= province.reindex(districts.index)).all()


def test_the_four_southern_districts_stand_together_in_one_period(police):
    named = police.groupby(["period_start", "period_end"])["area"].agg(set)
    south = {"Bannu", "Dera Ismail Khan", "Lakki Marwat", "Tank"}
    assert [start for start, areas in named.items() if south <= areas] == [
        ("2022-06-18", "2023-06-18")
    ]


def test_claims_are_in_no_count_of_the_police(police):
    claims = load(paths.RAW / "group_claims.csv")
    assert set(claims["metric"]) == {"claimed_attacks", "claimed_killed"}
    assert not set(claims["metric"]) & set(police["metric"])
    assert not set(claims["source"]) & set(police["source"])
    whole = claims.query("area == 'Pakistan' and metric == 'claimed_attacks'")
    months = whole[whole["source"].str.startswith("TTP") & whole["via"].eq("ISWNews")]
    year = months["period_end"].eq("2022-12-31") & months["period_start"].eq("2022-01-01")
    assert months[~year]["value"].sum() == months[year]["value"].item() == 367


@needs_files
@pytest.mark.parametrize("command", ["police-figures", "group-claims"])
def test_the_tables_are_what_the_file_gives(command, tmp_path):
    assert main([command, str(FIGURES), "--out", str(tmp_path)]) == 0
    [made] = tmp_path.glob("*.csv")
    assert made.read_bytes() == (paths.RAW / made.name).read_bytes()


@needs_files
def test_no_figure_of_the_collection_is_lost(police):
    taken = pd.concat([police, load(paths.RAW / "group_claims.csv")])
    header, rows = read_cells(FIGURES)
    collected = pd.DataFrame(rows, columns=header)
    assert len(collected) == 138
    want = set(zip(collected["url"], collected["metric"], collected["value"].astype(float)))
    assert want <= set(zip(taken["url"], taken["metric"], taken["value"].astype(float)))


FACTS = AreaFacts.model_construct(
    country="Chad",
    sources={"Police (daily)": Teller(source="Police")},
    levels={},
    units={"incidents": "incidents"},
    amended=[],
    quoted=[],
)
ROW = dict.fromkeys(NEEDED, "") | {
    "source": "Police (daily)",
    "district": "Lac",
    "period_start": "2024-01",
    "period_end": "2024-01",
    "metric": "incidents",
    "value": "7",
    "url": "https://a.org",
    "retrieved": "2026-01-31",
}
NAMES = {("district", "Lac"): "Lac"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"district": "Lak"}, "the district 'Lak' is neither.*did you mean 'Lac'"),
        ({"metric": "incident"}, "the metric 'incident' is not in the facts; did you mean"),
        ({"source": "Police"}, "no row of 'Police \\(daily\\)'"),
        ({"period_end": "2023-12"}, "ends before it starts"),
        ({"period_start": "2024"}, "expected YYYY-MM"),
    ],
)
def test_a_row_that_is_not_understood_is_refused(change, words):
    with pytest.raises(InputError, match=words):
        tidy(pd.DataFrame([ROW | change]), NAMES, FACTS)


def test_a_correction_is_noted_and_one_without_a_row_is_refused():
    one = Amendment(where={"area": "Lac"}, set={"precision": "about"}, why="over 7")
    found = tidy(pd.DataFrame([ROW]), NAMES, FACTS.model_copy(update={"amended": [one]}))
    assert found[["precision", "note"]].values.tolist() == [["about", "over 7"]]
    lost = one.model_copy(update={"where": {"area": "Mao"}})
    with pytest.raises(InputError, match="as a correction of the facts expects"):
        tidy(pd.DataFrame([ROW]), NAMES, FACTS.model_copy(update={"amended": [lost]}))


def test_months_become_whole_days():
    assert whole_days("2023-02", "2023-02") == ("2023-02-01", "2023-02-28")
    assert whole_days("2022-06-18", "2023-06-18") == ("2022-06-18", "2023-06-18")


@pytest.fixture(scope="module")
def accidents():
    return load(paths.RAW / "road_deaths.csv")


def test_the_provinces_sum_to_the_country_where_all_are_listed(accidents):
    counts = ["accidents", "fatal_accidents", "killed", "injured"]
    whole = accidents["region"] == "Pakistan"
    country = accidents[whole].set_index("period_start")[counts]
    sums = accidents[~whole].groupby("period_start")[counts].sum()
    pd.testing.assert_frame_equal(sums, country, check_dtype=False)


@needs_files
def test_road_deaths_are_what_the_file_gives(tmp_path):
    assert main(["road-deaths", str(ROADS), "--out", str(tmp_path)]) == 0
    made = tmp_path / "road_deaths.csv"
    assert made.read_bytes() == (paths.RAW / made.name).read_bytes()


def test_accidents_that_do_not_add_up_are_refused():
    row = {"region": "Chad", "year": "2008-09", "accidents": 9, "fatal_accidents": 4}
    row |= {"non_fatal_accidents": 5, "killed": 6, "injured": 20}
    with pytest.raises(InputError, match="a.csv, line 2: fatal and other accidents"):
        roads(pd.DataFrame([row | {"accidents": 8}]), "Chad", "a.csv")
    with pytest.raises(InputError, match="the regions of 2008-09 hold more than Chad"):
        roads(pd.DataFrame([row, row | {"region": "Lac", "killed": 7}]), "Chad", "a.csv")
    with pytest.raises(InputError, match="expected a form like 2008-09"):
        financial_year("2008-10")


ACCIDENTS = {"region": "Pakistan", "year": "2008-09", "accidents": 9, "fatal_accidents": 4}
ACCIDENTS |= {"non_fatal_accidents": 5, "killed": 6, "injured": 20}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{}, {}], "row 3: the region stands twice in its year"),
        ([{}, {"region": "Sind h"}], "row 3, column 'region': found 'Sind h', expected one of Pak"),
        ([{}, {"region": "Sindh", "year": "2009-10"}], "2009-10 has no row of Pakistan"),
        ([{}, {"region": "Sindh", "year": "2009/10"}], "row 3, column 'year': the financial year"),
        ([{}, {"region": "Sindh", "killed": 7}], "the regions of 2008-09 hold more than Pakistan"),
    ],
)
def test_a_row_of_road_deaths_that_does_not_fit_is_told(tmp_path, capsys, rows, said):
    path = tmp_path / "roads.csv"
    pd.DataFrame([ACCIDENTS | one for one in rows]).to_csv(path, index=False)
    assert main(["road-deaths", str(path), "--out", str(tmp_path / "out")]) == 2
    assert f"roads.csv, {said}" in capsys.readouterr().err.replace("csv: ", "csv, ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": "1,204"}, "column 'value': found '1,204', expected a number of at least 0"),
        ({"value": ""}, "column 'value': found nothing"),
        ({"retrieved": ""}, "column 'retrieved': found nothing"),
        ({"period_start": "2024-02-30"}, "the period starts in '2024-02-30'"),
        ({"metric": "x"}, "the metric 'x' is not in the facts"),
        ({"region": "Ruritania"}, "the province 'Ruritania' is neither"),
    ],
)
def test_a_figure_that_cannot_be_used_is_told_with_its_row(tmp_path, capsys, change, said):
    teller = next(iter(read_facts(facts_path("police-figures"), AreaFacts).sources))
    row = dict.fromkeys(NEEDED, "x") | {"source": teller, "region": "Pakistan", "district": ""}
    row |= {"period_start": "2024-01", "period_end": "2024-03", "metric": "incidents", "value": "7"}
    row |= {"url": "https://a.org/b", "retrieved": "2026-01-31"}
    path = tmp_path / "figures.csv"
    pd.DataFrame([row, row | change]).to_csv(path, index=False)
    assert main(["police-figures", str(path), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "figures.csv, row 3" in told and said in told and told.count("\n") == 1
