"""Which party governed a province when: terms that follow each other, as dated events have them."""

import pandas as pd
import pytest

from helpers.base import paths
from helpers.raw.contract import load

TERMS = load(paths.RAW / "provincial_governments.csv")


@pytest.mark.parametrize("province", sorted(set(TERMS["province"])))
def test_a_province_has_one_government_at_a_time(province):
    terms = TERMS.query("province == @province").sort_values("first")
    first, last = (pd.to_datetime(terms[name]) for name in ("first", "last"))
    assert last[:-1].notna().all(), "a term without an end is followed by another"
    assert ((first <= last) | last.isna()).all()
    assert (first[1:].to_numpy() > last[:-1].to_numpy()).all()


def test_terms_begin_and_end_on_the_days_of_the_chronology():
    dated = load(paths.RAW / "chronology.csv").query("kind == 'politics'").set_index("date")
    for column, word in {"last": "dissolved", "first": "chief minister of Khyber"}.items():
        events = dated[dated["event"].str.contains(word)]
        assert len(events)
        place = TERMS[TERMS["province"] == "Khyber Pakhtunkhwa"]
        assert set(events.index) <= set(place[column].dropna())


def test_provinces_bear_the_names_of_the_gazetteer():
    places = load(paths.RAW / "places.csv")
    names = set(places.astype("object").to_numpy().ravel())
    assert set(TERMS["province"]) <= names
