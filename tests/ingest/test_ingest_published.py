"""From the collections of published figures, and of mergers, to tables in our own vocabulary."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.ingest import mergers, published
from helpers.ingest.facts import facts_path, read_facts
from helpers.ingest.mergers_facts import MergersFacts
from helpers.ingest.published_dates import period, vintage_in_text
from helpers.ingest.published_facts import PublishedFacts
from helpers.ingest.published_scopes import subject
from helpers.ingest.published_words import measure, precision, region
from helpers.raw import contract

SHARED = paths.ROOT.parent / "shared" / "data"
COLLECTIONS = [
    SHARED / name
    for name in ("published_figures.csv", "published_series_more.csv", "picss_months.csv")
]
MERGERS = [SHARED / name for name in ("mergers_more.csv", "militant_mergers_and_splits.csv")]
FACTS = read_facts(facts_path("published"), PublishedFacts)
HEADER = [
    "source",
    "series",
    "region",
    "year",
    "month",
    "metric",
    "value",
    "vintage",
    "url",
    "quote",
]
ROW = [
    "PICSS",
    "militant attacks",
    "Pakistan",
    "2024",
    "03",
    "attacks",
    "56",
    "2024-04-01",
    "https://example.org/a",
    "words that are not ours",
]

need_shared = pytest.mark.skipif(
    not all(path.exists() for path in COLLECTIONS + MERGERS),
    reason="the collections are not beside the project (../shared/data)",
)


def collection(path: Path, *rows: list[str], header: list[str] = HEADER) -> Path:
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([header, *rows])
    return path


def changed(**cells: str) -> list[str]:
    return [cells.get(name, old) for name, old in zip(HEADER, ROW)]


def build(folder: Path, *rows: list[str]) -> pd.DataFrame:
    """Build from a tiny collection and two empty ones."""
    full = collection(folder / "full.csv", *rows)
    empty = collection(folder / "empty.csv")
    [table] = published.build([full, empty, empty], folder / "out", facts_path("published"))
    return contract.load(table)


def test_a_figure_is_tabulated_without_its_words(tmp_path):
    got = build(tmp_path, ROW)
    figure = got[got["source"] == "PICSS"].iloc[0]
    assert figure[
        ["scope", "region", "period", "metric", "value", "precision", "vintage"]
    ].tolist() == ["militant_attacks", "Pakistan", "2024-03", "attacks", 56, "exact", "2024-04-01"]
    assert (
        "quote" not in got
        and "words that are not ours" not in (tmp_path / "out/published_figures.csv").read_text()
    )


def test_the_articles_four_figures_of_satp_are_in_every_build(tmp_path):
    quoted = build(tmp_path, ROW).query("via == 'the article'")
    assert quoted["source"].unique().tolist() == ["SATP"] and sorted(quoted["value"]) == [
        921,
        1261,
        1513,
        2113,
    ]


def test_alike_rows_are_one_but_vintages_and_texts_are_not(tmp_path):
    rows = [ROW, ROW, changed(vintage="2024-05-01"), changed(url="https://example.org/b")]
    assert (build(tmp_path, *rows)["source"] == "PICSS").sum() == 3


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"series": "rumours"}, "full.csv, figure 56 .*the series 'rumours' of PICSS has no scope"),
        ({"month": "13"}, "full.csv, figure 56 .*the period '2024-13'"),
        ({"metric": "explosions"}, "the metric 'explosions' is not known"),
        ({"value": "5o"}, "full.csv, line 2, column 'value': found '5o', expected a number"),
    ],
)
def test_what_is_not_understood_is_an_error(tmp_path, cells, said):
    with pytest.raises(InputError, match=said):
        build(tmp_path, changed(**cells))


def test_a_file_that_is_no_collection_is_named(tmp_path):
    path = collection(tmp_path / "other.csv", ["1"], header=["year"])
    with pytest.raises(InputError, match=r"other\.csv, line 1: column 'source' is missing"):
        published.read(path)
    with pytest.raises(InputError, match="needs 3 files, got 1"):
        published.build([path], tmp_path, facts_path("published"))


@pytest.mark.parametrize(
    ("year", "month", "words", "want"),
    [
        ("2024", "", "", "2024"),
        ("2024", "H1", "", "2024-H1"),
        ("2022", "01-11", "", "2022-01/2022-11"),
        ("2018", "to 04-15", "", "2018-01-01/2018-04-15"),
        ("2005-2015", "", "", "2005/2015"),
        ("to 2013", "", "", "../2013"),
        ("2025", "01", "year to 1 Feb", "2025-01-01/2025-02-01"),
        ("2025", "03", "10-16 March only", "2025-03-10/2025-03-16"),
        ("2007-2013", "to 11", "", "2007-01/2013-11"),
        ("2025", "", "year-to-date to mid-Dec 2025", "2025-01-01/2025-12-15"),
    ],
)
def test_periods_in_one_grammar(year, month, words, want):
    assert period(year, month, words, FACTS.periods) == want


@pytest.mark.parametrize(
    ("source", "series", "metric", "year", "scope", "name"),
    [
        (
            "PICSS",
            "monthly all incidents (militant attacks + security-force actions)",
            "killed",
            "2024",
            "combined",
            "all violent incidents",
        ),
        (
            "PICSS",
            "security-force actions",
            "incidents",
            "2024",
            "state_operations",
            "operations by security forces",
        ),
        (
            "CRSS",
            "annual violence-linked fatalities",
            "killed",
            "2017",
            "crime_included",
            "all violence, crime included",
        ),
        (
            "CRSS",
            "annual violence-linked fatalities",
            "killed",
            "2018",
            "combined",
            "all violent incidents",
        ),
        (
            "CRSS",
            "annual violence-linked fatalities",
            "killed_civilians_plus_sf",
            "2024",
            "civilians_and_security_forces",
            "civilians and security forces only",
        ),
        ("PIPS", "terrorist attacks by TTP (about)", "killed", "2024", "group", "attacks by TTP"),
        (
            "PIPS",
            "terrorist attacks by TTP, change 2021 on 2020",
            "share_pct",
            "2021",
            "change",
            "terrorist attacks by TTP, change 2021 on 2020",
        ),
        (
            "NACTA",
            "share of incidents in KP",
            "share_pct",
            "2022",
            "share",
            "share of incidents in KP",
        ),
    ],
)
def test_each_series_gets_its_scope(source, series, metric, year, scope, name):
    assert subject(source, series, metric, year, FACTS) == (scope, name)


def test_metrics_hedges_and_regions():
    assert measure("fatalities_total_to_9dec", "combined", FACTS) == "killed"
    assert measure("attacks_ttp_more_than", "group", FACTS) == "attacks"
    assert precision(" attacks_ttp_more_than", FACTS) == "at least"
    assert precision("militant attacks (over) killed", FACTS) == "at least"
    assert measure("share_pct", "change", FACTS) == "change_pct"
    assert measure("incidents", "state_operations", FACTS) == "operations"
    assert region("Khyber Pakhtunkhwa", "SATP", "2013", FACTS) == "Khyber Pakhtunkhwa (mainland)"
    assert region("Khyber Pakhtunkhwa", "PICSS", "2022", FACTS) == "Khyber Pakhtunkhwa (mainland)"
    assert region("Khyber Pakhtunkhwa", "SATP", "2022", FACTS) == "Khyber Pakhtunkhwa"
    assert region("FATA", "NACTA", "2015", FACTS) == "FATA (merged districts)"


@pytest.mark.parametrize(
    ("vintage", "series", "url", "want"),
    [
        ("2024-05 (date not shown)", "", "", "2024-05"),
        ("", "annual (vintage Jan 2014)", "", "2014-01"),
        ("", "annual (preliminary, 2 Jan 2023)", "", "2023-01-02"),
        ("", "", "https://e.org/known", "2020-10"),
        ("", "", "https://e.org/02-Jul-2024/a", "2024-07-02"),
        ("", "", "https://e.org/2025/Feb/08/a", "2025-02-08"),
        ("", "", "https://e.org/18042023-a", "2023-04-18"),
        ("", "", "https://e.org/news/1882160/a", "undated"),
    ],
)
def test_vintages(vintage, series, url, want):
    text = {"vintage": vintage, "series": series, "url": url}
    assert vintage_in_text(text, {"https://e.org/known": "2020-10"}) == want


def test_rows_of_mergers_collapse_and_an_unknown_event_is_an_error():
    columns = ["date", "event", "groups", "cumulative_since_2020_07", "url", "place"]
    rows = pd.DataFrame(
        [
            (
                "2022-12",
                "joined TTP",
                "Mazar Baloch faction",
                "",
                "https://example.org/a",
                "m.csv, line 2",
            ),
            (
                "2022-12-23",
                "joined TTP",
                "Mazar Baloch group",
                "22",
                "https://example.org/b",
                "m.csv, line 3",
            ),
            (
                "2024",
                "merger talks inconclusive",
                "TTP",
                "",
                "https://example.org/c",
                "m.csv, line 4",
            ),
        ],
        columns=columns,
    )
    facts = read_facts(facts_path("mergers"), MergersFacts)
    got = mergers.collapse(rows, facts)
    assert got[["date", "cumulative_since_2020_07", "n_sources"]].values.tolist() == [
        ["2022-12-23", 22, 2]
    ]
    rows.loc[2, "event"] = "something new"
    with pytest.raises(
        InputError, match=r"m\.csv, line 4: 'something new' of 2024 belongs to no known event"
    ):
        mergers.collapse(rows, facts)


@need_shared
def test_a_rebuild_gives_the_same_bytes(tmp_path):
    published.build(COLLECTIONS, tmp_path, facts_path("published"))
    mergers.build(MERGERS, tmp_path, facts_path("mergers"))
    for name in ("published_figures", "mergers"):
        for ending in (".csv", ".source.yml"):
            assert (tmp_path / (name + ending)).read_bytes() == (
                paths.RAW / (name + ending)
            ).read_bytes()


@need_shared
def test_no_sentence_of_a_text_is_carried():
    ours = (paths.RAW / "published_figures.csv").read_text() + (
        paths.RAW / "mergers.csv"
    ).read_text()
    for path in COLLECTIONS + MERGERS:
        quotes = pd.read_csv(path, dtype=str, keep_default_na=False)["quote"]
        long = quotes[quotes.str.split().str.len() >= 6]
        assert not [quote for quote in long if quote in ours]


@need_shared
def test_every_figure_of_the_collections_is_there():
    texts = pd.concat([published.read(path) for path in COLLECTIONS])
    ours = contract.load(paths.RAW / "published_figures.csv")
    told = read_facts(facts_path("published"), PublishedFacts)
    urls = texts["url"].mask(texts["url"].isin(told.unaddressed), "")
    theirs = set(zip(urls, texts["value"].astype(float)))
    quoted = {(one.url, float(figure.value)) for one in told.quoted for figure in one.figures}
    assert theirs | quoted == set(zip(ours["url"].fillna(""), ours["value"]))
    assert len(quoted - theirs) == len(quoted)
