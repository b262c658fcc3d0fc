"""Dated events, mergers and governments: each row leads to pages, no event is unverified."""

import re
from urllib.parse import urlsplit

import pandas as pd
import pytest
from hypothesis import given, strategies

from helpers.base import paths
from helpers.raw.contract import load

TABLES = ["chronology.csv", "mergers.csv", "provincial_governments.csv"]
HOST = re.compile(r"([\w-]+\.)+[a-z]{2,}(:\d+)?", re.IGNORECASE)
GOVERNMENTS = {"2025-05": 422, "2025-10": 12291}  # dyads of UCDP: India, Afghanistan with Pakistan
COUNTED = re.compile(r"(\d+) events and (\d+) deaths")


def opens(address: str) -> bool:
    """Return whether a browser could follow an address: scheme, host, nothing to split it."""
    parts = urlsplit(address)
    return (
        parts.scheme in {"http", "https"}
        and HOST.fullmatch(parts.netloc) is not None
        and not re.search(r"[\s|]", address)
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "owiki.org/wiki/Operation_Zarb_e_Azb",
        "brecorder 40333465",
        "https://dawn.com/news/1 https://dawn.com/news/2",
        "https://dawn.com/news/1|https://dawn.com/news/2",
        "https:///news/1",
        "https://dawn/news/1",
        "ftp://dawn.com/news/1",
    ],
)
def test_what_cannot_be_followed_is_no_address(address):
    assert not opens(address)


@given(
    strategies.from_regex(r"https?://([a-z]{2,9}\.){1,3}(com|pk)/[a-z0-9/-]{0,20}", fullmatch=True)
)
def test_an_address_loses_its_meaning_with_its_scheme(address):
    assert opens(address)
    assert not opens(address.split("://")[1])


@pytest.mark.parametrize("name", TABLES)
def test_every_row_leads_to_pages(name):
    table = load(paths.RAW / name)
    each = table["url"].str.split(" | ", regex=False).explode()
    assert each.notna().all()
    assert [address for address in each if not opens(address)] == []


def test_no_dated_event_is_unverified():
    chronology = load(paths.RAW / "chronology.csv")
    assert set(chronology["status"]) <= {"verified", "partly"}
    assert chronology["date"].is_monotonic_increasing


def truces() -> pd.DataFrame:
    """Return the rows that are truces, their days as timestamps."""
    table = load(paths.RAW / "chronology.csv")
    table = table[(table["kind"] == "ceasefire") & table["end_date"].notna()]
    return table.assign(first=pd.to_datetime(table["date"]), last=pd.to_datetime(table["end_date"]))


def test_truces_are_periods_apart_from_each_other():
    table = truces()
    assert (table["first"] <= table["last"]).all()
    assert (table["first"].iloc[1:].to_numpy() > table["last"].iloc[:-1].to_numpy()).all()


@pytest.mark.parametrize(
    ("day", "held"),
    [
        ("2021-12-01", True),
        ("2022-04-10", False),  # the vote comes before the truces, not after their end
        ("2022-05-03", True),
        ("2022-08-15", True),
        ("2022-11-29", False),
        ("2024-06-18", True),
        ("2024-06-22", False),
    ],
)
def test_truces_hold_on_the_days_that_the_chapters_rest_on(day, held):
    table, day = truces(), pd.Timestamp(day)
    assert ((table["first"] <= day) & (day <= table["last"])).any() == held


def test_months_of_governments_at_war_are_those_of_the_table_by_group():
    groups = load(paths.RAW / "group_month.csv")
    chronology = load(paths.RAW / "chronology.csv").set_index("date")["event"]
    for month, dyad in GOVERNMENTS.items():
        year, number = map(int, month.split("-"))
        rows = groups[
            (groups["dyad_id"] == dyad)
            & (groups["year"] == year)
            & (groups["month"] == number)
            & (groups["version"] == "26.1")
        ]
        told = tuple(map(int, COUNTED.search(chronology[month]).groups()))
        assert told == (rows["events"].sum(), rows["deaths_best"].sum())
